/* A handshake with a live server, as a Gateway would make it. */
#ifndef CLI_TLS_CONNECT_H
#define CLI_TLS_CONNECT_H

#include <gatewayapi/snapshot.h>
#include <jansson.h>
#include "options.h"

/*
 * Connects to options->connect as `gateway` (an index of the snapshot) speaks to its backend
 * `backend`; *out is what came of it: {"address", "done", "version", "cipher", "chain", "failure"}.
 * CLI_FINE, CLI_FINDINGS when the server is not believed, or the exit status after a message.
 */
int cli_tls_connect(json_t **out, const cli_options *options, const gwapi_snapshot *snapshot,
                    uint32_t gateway, uint32_t backend);

#endif
