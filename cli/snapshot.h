/* Snapshots for the commands: compiled from the manifests, or an image from a file. */
#ifndef CLI_SNAPSHOT_H
#define CLI_SNAPSHOT_H

#include <gatewayapi/snapshot.h>
#include "load.h"

/* Reads the options' paths, resolves and compiles them. What was found wrong is shown; with
 * files that could not be read there is no snapshot, since others may depend on them. Returns
 * an exit status; *out is NULL or to be released. */
int cli_snapshot_compile(gwapi_snapshot **out, const cli_options *options);

/* Maps an image. Returns an exit status; *out is NULL or to be released. */
int cli_snapshot_open(gwapi_snapshot **out, const cli_options *options);

#endif
