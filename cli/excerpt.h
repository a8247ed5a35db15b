/* The source lines of findings that come without one: those of `lint`, whose files were let go. */
#ifndef CLI_EXCERPT_H
#define CLI_EXCERPT_H

#include "io.h"

/* The file that was read last. */
typedef struct cli_excerpts {
    char *name;
    cli_bytes bytes;
} cli_excerpts;

/* Fills in the excerpt if there is none and the file can be read again. It lives until the next
 * call. */
void cli_excerpt(cli_excerpts *excerpts, gwapi_diagnostic *d);
void cli_excerpts_free(cli_excerpts *excerpts);

#endif
