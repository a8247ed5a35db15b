/* From the set of objects to the topology, as the command line asks for it. */
#ifndef CLI_RESOLVE_H
#define CLI_RESOLVE_H

#include <gatewayapi/topology.h>
#include "certificates.h"
#include "load.h"

/* How to resolve, as the command line asks for it; good while the command's options are. */
typedef struct cli_resolving {
    gwapi_resolve_options options;
    gwapi_str *features;
    gwapi_str *addresses;
    cli_certificates certificates;
} cli_resolving;

/* CLI_FINE, or the exit status after a message; to be freed in any case. */
int cli_resolving_init(cli_resolving *resolving, const cli_options *options);
void cli_resolving_free(cli_resolving *resolving);

/* Reads all that the command line names and resolves it; notes go to load->report. CLI_FINE, or
 * the exit status after a message, with *out NULL: without a file that others may depend on
 * everything could be wrong. */
int cli_read_and_resolve(gwapi_topology **out, cli_load *load);

#endif
