/* gatewayapi validate: is every object what an API server would take? */
#include "io.h"
#include "load.h"
#include "render_human.h"

static void write_human(const cli_load *load, cli_output *out)
{
    const cli_options *options = load->options;
    gwapi_str release = gwapi_schema_release(load->schema);
    cli_terminal terminal;

    cli_terminal_init(&terminal, out->file, (cli_colour)options->colour);
    cli_render_diagnostics(&terminal, load->report, 0,
                           options->quiet ? GWAPI_SEVERITY_WARNING : GWAPI_SEVERITY_NOTE);
    if (options->quiet || load->files == 0)
        return;
    cli_render_summary(&terminal, load->report, load->files, load->excluded);
    cli_print(&terminal, CLI_DIM, "judged as Gateway API %.*s, %s channel%s\n",
              (int)release.len, release.data,
              options->channel == GWAPI_CHANNEL_STANDARD ? "standard" : "experimental",
              options->stored ? ", as stored objects: no rule was evaluated" : "");
}

static int write_one(const cli_load *load, const cli_destination *to)
{
    cli_output out;
    gwapi_result result = GWAPI_OK;
    int status;

    if (!cli_output_open(&out, to->file, false))
        return CLI_USAGE;
    if (to->form == CLI_FORM_JSON) {
        gwapi_sink sink = cli_output_sink(&out);
        result = gwapi_report_write(load->report, &sink);
    } else {
        write_human(load, &out);
    }
    status = result == GWAPI_ECALLBACK ? CLI_USAGE : cli_failed("output", result);
    return cli_output_close(&out, status == CLI_FINE) ? status : cli_worse(status, CLI_USAGE);
}

int cli_validate(const cli_options *options)
{
    cli_load load;
    int status = cli_load_open(&load, options, 0);

    if (status == CLI_FINE) {
        cli_load_read(&load, GWAPI_READ_DRY, NULL, NULL);
        status = cli_load_status(&load);
        for (size_t i = 0; i < options->destination_count; i++)
            status = cli_worse(status, write_one(&load, &options->destinations[i]));
    }
    cli_load_close(&load);
    return status;
}
