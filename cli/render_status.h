/* Statuses as people read them: each object, its listeners or parents in a table, and what is
 * wrong with a word on why. */
#ifndef CLI_RENDER_STATUS_H
#define CLI_RENDER_STATUS_H

#include <gatewayapi/topology.h>
#include "terminal.h"

/* Returns an exit status. Without a summary when `quiet`. */
int cli_render_status(cli_terminal *terminal, const gwapi_topology *topology, bool quiet);

#endif
