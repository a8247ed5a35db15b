/* Where the status of an object in the input differs from the computed one. */
#ifndef CLI_COMPARE_H
#define CLI_COMPARE_H

#include <jansson.h>
#include "terminal.h"

/*
 * The differences between two statuses, as a list of
 *   {"scope":"parents[Gateway infra/public]","type":"Accepted","input":{…},"computed":{…}}
 *   {"scope":"listeners[http]","field":"attachedRoutes","input":1,"computed":2}
 *   {"scope":"parents[Gateway infra/public]","input":{…}}       an entry on one side only
 * Messages and transition times are not compared: they are no part of the interface.
 */
json_t *cli_compare_statuses(const json_t *input, const json_t *computed,
                             const char *namespace_);

/* Prints such a list for people. */
void cli_print_differences(cli_terminal *terminal, const json_t *differences);

#endif
