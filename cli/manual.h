/* gatewayapi-rules(7): every rule of a schema as a manual page (mdoc). */
#ifndef CLI_MANUAL_H
#define CLI_MANUAL_H

#include <stdio.h>
#include <gatewayapi/explain.h>

/* An exit status; the page is not whole unless it is CLI_FINE. */
int cli_manual_write(const gwapi_schema *schema, FILE *out);

#endif
