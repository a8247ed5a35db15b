/* gatewayapi status: the statuses that a controller would write. */
#include "io.h"
#include "load.h"
#include "render_human.h"
#include "render_status.h"
#include "resolve.h"

static int write_one(const cli_load *load, const gwapi_topology *topology,
                     const cli_destination *to)
{
    cli_output out;
    cli_terminal terminal;
    gwapi_result result = GWAPI_OK;
    int status = CLI_FINE;

    if (!cli_output_open(&out, to->file, false))
        return CLI_USAGE;
    if (to->form == CLI_FORM_HUMAN) {
        cli_terminal_init(&terminal, out.file, (cli_colour)load->options->colour);
        status = cli_render_status(&terminal, topology, load->options->quiet);
    } else {
        gwapi_sink sink = cli_output_sink(&out);
        result = gwapi_topology_write(
            topology, to->form == CLI_FORM_JSON ? GWAPI_FORMAT_JSON : GWAPI_FORMAT_YAML, &sink);
    }
    status =
        cli_worse(status, result == GWAPI_ECALLBACK ? CLI_USAGE : cli_failed("output", result));
    return cli_output_close(&out, status == CLI_FINE) ? status : cli_worse(status, CLI_USAGE);
}

int cli_status(const cli_options *options)
{
    gwapi_topology *topology = NULL;
    cli_load load;
    int status = cli_load_open(&load, options, GWAPI_RESOURCES_KEEP_SOURCE);

    if (status == CLI_FINE) {
        cli_load_read(&load, GWAPI_READ_WARN_REPLACED, NULL, NULL);
        /* Without a file that others may depend on every status could be wrong. */
        if (load.status == CLI_FINE)
            status = cli_resolve(&topology, &load);
        cli_show_diagnostics(load.report, options);
        status = cli_worse(status, cli_load_status(&load));
        for (size_t i = 0; topology != NULL && i < options->destination_count; i++)
            status = cli_worse(status, write_one(&load, topology, &options->destinations[i]));
    }
    gwapi_topology_release(topology);
    cli_load_close(&load);
    return status;
}
