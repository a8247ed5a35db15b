/* gatewayapi validate: is every object what an API server would take? */
#include "load.h"
#include "report.h"

int cli_validate(const cli_options *options)
{
    cli_load load;
    int status = cli_load_open(&load, options, 0);

    if (status == CLI_FINE) {
        cli_load_read(&load, GWAPI_READ_DRY, NULL, NULL);
        status = cli_load_status(&load);
        status = cli_worse(status, cli_write_report(&load, "judged"));
    }
    cli_load_close(&load);
    return status;
}
