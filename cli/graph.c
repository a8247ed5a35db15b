/* gatewayapi graph: the topology as a picture. */
#include <stdlib.h>

#include "graph/graph.h"
#include "io.h"
#include "render_human.h"
#include "resolve.h"

static int write_one(const graph *g, const cli_destination *to)
{
    cli_output out;

    if (!cli_output_open(&out, to->file, false))
        return CLI_USAGE;
    if (to->form == CLI_FORM_SVG)
        graph_write_svg(out.file, g);
    else if (to->form == CLI_FORM_DOT)
        graph_write_dot(out.file, g);
    else
        graph_write_mermaid(out.file, g);
    return cli_output_close(&out, true) ? CLI_FINE : CLI_USAGE;
}

static int draw(const cli_load *load, const gwapi_topology *topology,
                const gwapi_snapshot *snapshot)
{
    const cli_options *options = load->options;
    graph picture;
    int status;

    graph_init(&picture);
    status = graph_read(&picture, load, topology, snapshot);
    if (status == CLI_FINE)
        graph_layout(&picture);
    for (size_t i = 0; status < CLI_USAGE && i < options->destination_count; i++)
        status = cli_worse(status, write_one(&picture, &options->destinations[i]));
    graph_free(&picture);
    return status;
}

int cli_graph(const cli_options *options)
{
    gwapi_topology *topology = NULL;
    gwapi_snapshot *snapshot = NULL;
    cli_load load;
    int status = cli_load_open(&load, options, GWAPI_RESOURCES_KEEP_SOURCE);

    if (status == CLI_FINE) {
        status = cli_read_and_resolve(&topology, &load);
        if (topology != NULL)
            status = cli_failed("graph",
                                gwapi_snapshot_compile(&snapshot, topology, NULL, load.report));
        cli_show_diagnostics(load.report, options);
        status = cli_worse(status, cli_load_status(&load));
        if (snapshot != NULL)
            status = cli_worse(status, draw(&load, topology, snapshot));
    }
    gwapi_snapshot_release(snapshot);
    gwapi_topology_release(topology);
    cli_load_close(&load);
    return status;
}
