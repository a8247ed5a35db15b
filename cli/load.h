/* From the command line to objects: the schema, the files, the set of resources, the report. */
#ifndef CLI_LOAD_H
#define CLI_LOAD_H

#include <gatewayapi/resources.h>
#include <gatewayapi/schema.h>
#include "options.h"

typedef struct cli_load {
    const cli_options *options;
    gwapi_schema *schema;
    gwapi_resources *resources;
    gwapi_resources *old;
    gwapi_report *report;
    uint32_t flags;
    size_t files; /* that were read */
    size_t excluded;
    int status; /* the worst of what went wrong while reading; not of findings */
} cli_load;

/* Called after each file is read, before the next. Returns an exit status. */
typedef int (*cli_each)(cli_load *load, void *ctx);

/* Makes the schema and an empty set. `flags` are GWAPI_RESOURCES_... CLI_FINE, or the exit
 * status after messages; to be closed in any case. */
int cli_load_open(cli_load *load, const cli_options *options, uint32_t flags);
void cli_load_close(cli_load *load);

/* A new set in place of the one there is, with the same options. */
int cli_load_renew(cli_load *load);

/* Reads the options' paths with GWAPI_READ_... flags; `each` may be NULL. What went wrong is in
 * load->status. */
void cli_load_read(cli_load *load, uint32_t flags, cli_each each, void *ctx);

/* The exit status: the worst of load->status and of what is in the report. */
int cli_load_status(const cli_load *load);

/* The exit status of an unexpected result, after a message that starts with `what`; 0 for OK.
 */
int cli_failed(const char *what, gwapi_result result);

#endif
