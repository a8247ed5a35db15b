/* gatewayapi lint: what a cluster accepts, but its user should know. */
#include <gatewayapi/lint.h>

#include "load.h"
#include "report.h"
#include "resolve.h"

static int lint(cli_load *load)
{
    cli_resolving how;
    int status = cli_resolving_init(&how, load->options);

    if (status == CLI_FINE)
        status = cli_failed("lint", gwapi_lint(load->resources, &how.options, load->report));
    cli_resolving_free(&how);
    return status;
}

int cli_lint(const cli_options *options)
{
    cli_load load;
    int status = cli_load_open(&load, options, GWAPI_RESOURCES_KEEP_SOURCE);

    if (status == CLI_FINE) {
        cli_load_read(&load, GWAPI_READ_WARN_REPLACED, NULL, NULL);
        /* Without a file that others refer to everything could look as if it dangled. */
        if (load.status == CLI_FINE)
            status = lint(&load);
        status = cli_worse(status, cli_load_status(&load));
        status = cli_worse(status, cli_write_report(&load, "linted"));
    }
    cli_load_close(&load);
    return status;
}
