/* The report as people read it: each finding with its line, a caret under its column, and what
 * to do; then a summary. */
#ifndef CLI_RENDER_HUMAN_H
#define CLI_RENDER_HUMAN_H

#include <gatewayapi/base.h>
#include "options.h"
#include "terminal.h"

/* Every diagnostic from the `first` on that is at least as severe as `least`. */
void cli_render_diagnostics(cli_terminal *terminal, const gwapi_report *report, size_t first,
                            gwapi_severity least);
/* How many documents in how many files, and what became of them. */
void cli_render_summary(cli_terminal *terminal, const gwapi_report *report, size_t files,
                        size_t excluded);

/* The diagnostics on standard error, for commands whose document is something else. */
void cli_show_diagnostics(const gwapi_report *report, const cli_options *options);

/* "HTTPRoute shop/cart", whatever of it is known, cleaned. To be freed. */
char *cli_identity(const gwapi_document *document);

#endif
