/* gatewayapi explain KIND/NAMESPACE/NAME: why is an object attached, or not? */
#ifndef CLI_EXPLAIN_OBJECT_H
#define CLI_EXPLAIN_OBJECT_H

#include "options.h"

/* Is it "KIND/NAMESPACE/NAME", or "KIND/NAME" of a cluster-scoped kind? Rule ids, which have a
 * slash too, begin with a small letter. */
bool cli_is_object(const char *topic);

/* Explains options->object with the manifests of the paths. An exit status. */
int cli_explain_object(const cli_options *options);

#endif
