/* From the set of objects to the topology, as the command line asks for it. */
#ifndef CLI_RESOLVE_H
#define CLI_RESOLVE_H

#include <gatewayapi/topology.h>
#include "load.h"

/* Resolves load->resources; notes go to load->report. CLI_FINE, or the exit status after a
 * message, with *out NULL. */
int cli_resolve(gwapi_topology **out, cli_load *load);

#endif
