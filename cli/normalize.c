/* gatewayapi normalize: the objects as a cluster would store them. */
#include "io.h"
#include "load.h"
#include "render_human.h"

/* One output for each --output; YAML documents of different files need a mark between. */
typedef struct normalizing {
    cli_output outs[CLI_DESTINATIONS];
    bool started;
} normalizing;

static int write_one(const cli_load *load, normalizing *n, size_t i)
{
    cli_form form = load->options->destinations[i].form;
    gwapi_sink sink = cli_output_sink(&n->outs[i]);
    gwapi_result result;

    if (form == CLI_FORM_YAML && n->started)
        fputs("---\n", n->outs[i].file);
    result = gwapi_resources_write(
        load->resources, form == CLI_FORM_YAML ? GWAPI_FORMAT_YAML : GWAPI_FORMAT_JSON,
        load->options->minimal, &sink);
    return result == GWAPI_ECALLBACK ? CLI_USAGE : cli_failed("output", result);
}

/* Each file has a set of its own: two files may hold the same object, and both are shown. */
static int write_file(cli_load *load, void *ctx)
{
    normalizing *n = ctx;
    int status = CLI_FINE;

    if (gwapi_resources_count(load->resources) == 0)
        return status;
    for (size_t i = 0; i < load->options->destination_count; i++)
        status = cli_worse(status, write_one(load, n, i));
    n->started = true;
    return cli_worse(status, cli_load_renew(load));
}

static int open_outputs(normalizing *n, const cli_options *options)
{
    for (size_t i = 0; i < options->destination_count; i++)
        if (!cli_output_open(&n->outs[i], options->destinations[i].file, false)) {
            while (i-- > 0)
                cli_output_close(&n->outs[i], false);
            return CLI_USAGE;
        }
    return CLI_FINE;
}

int cli_normalize(const cli_options *options)
{
    normalizing n = {0};
    cli_load load;
    int status = cli_load_open(&load, options, GWAPI_RESOURCES_KEEP_SOURCE);

    if (status == CLI_FINE)
        status = open_outputs(&n, options);
    if (status == CLI_FINE) {
        cli_load_read(&load, options->stored ? 0 : GWAPI_READ_CREATE, write_file, &n);
        status = cli_load_status(&load);
        cli_show_diagnostics(load.report, options);
        for (size_t i = 0; i < options->destination_count; i++)
            if (!cli_output_close(&n.outs[i], load.status < CLI_USAGE))
                status = cli_worse(status, CLI_USAGE);
    }
    cli_load_close(&load);
    return status;
}
