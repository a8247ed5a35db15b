/* gatewayapi status: the statuses that a controller would write, or where the input's differ.
 */
#include <stdlib.h>

#include "compare.h"
#include "io.h"
#include "load.h"
#include "render_human.h"
#include "render_status.h"
#include "resolve.h"

/* ---- --compare ------------------------------------------------------------------------- */

typedef gwapi_result (*status_writer)(const gwapi_topology *topology, size_t i,
                                      const gwapi_sink *sink);

/* A status as JSON; NULL after a message. */
static json_t *read_status(const gwapi_topology *topology, size_t i, status_writer writer)
{
    cli_bytes bytes = {NULL, 0};
    gwapi_sink sink = cli_bytes_sink(&bytes);
    gwapi_result result = writer(topology, i, &sink);
    json_t *status =
        result == GWAPI_OK ? json_loadb(bytes.data, bytes.len, JSON_ALLOW_NUL, NULL) : NULL;

    free(bytes.data);
    if (status == NULL)
        cli_failed("status", result != GWAPI_OK ? result : GWAPI_ESTATE);
    return status;
}

static json_t *describe(const gwapi_object_ref *ref, json_t *differences)
{
    char *parts[] = {cli_clean(ref->group), cli_clean(ref->kind), cli_clean(ref->namespace_),
                     cli_clean(ref->name)};
    json_t *object = json_pack("{ssssssss}", "group", parts[0], "kind", parts[1], "namespace",
                               parts[2], "name", parts[3]);

    if (*parts[2] == '\0')
        json_object_del(object, "namespace");
    json_object_set(object, "differences", differences);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        free(parts[i]);
    return object;
}

/* {"objects":[{…,"differences":[…]}],"summary":{"compared":…,"differing":…}}; NULL after a
 * message. */
static json_t *compare_all(const gwapi_topology *topology)
{
    size_t count = gwapi_topology_status_count(topology);
    json_t *objects = json_array();

    for (size_t i = 0; i < count; i++) {
        gwapi_object_ref ref = GWAPI_OBJECT_REF_INIT;
        json_t *input = read_status(topology, i, gwapi_topology_stored_status_write);
        json_t *computed = read_status(topology, i, gwapi_topology_status_write);
        gwapi_topology_status_at(topology, i, &ref);
        if (input == NULL || computed == NULL) {
            json_decref(input);
            json_decref(computed);
            json_decref(objects);
            return NULL;
        }
        char *namespace_ = cli_clean(ref.namespace_);
        json_t *differences = cli_compare_statuses(input, computed, namespace_);
        if (json_array_size(differences) != 0)
            json_array_append_new(objects, describe(&ref, differences));
        free(namespace_);
        json_decref(differences);
        json_decref(input);
        json_decref(computed);
    }
    return json_pack("{sos{sIsI}}", "objects", objects, "summary", "compared",
                     (json_int_t)count, "differing", (json_int_t)json_array_size(objects));
}

static void print_comparison(cli_terminal *t, const json_t *comparison, bool quiet)
{
    const json_t *object, *list = json_object_get(comparison, "objects");
    const json_t *summary = json_object_get(comparison, "summary");
    json_int_t compared = json_integer_value(json_object_get(summary, "compared"));
    size_t i;

    json_array_foreach(list, i, object)
    {
        const char *namespace_ = json_string_value(json_object_get(object, "namespace"));
        cli_print(t, CLI_ACCENT, "%s", json_string_value(json_object_get(object, "kind")));
        cli_print(t, CLI_BOLD, " %s%s%s\n", namespace_ != NULL ? namespace_ : "",
                  namespace_ != NULL ? "/" : "",
                  json_string_value(json_object_get(object, "name")));
        cli_print_differences(t, json_object_get(object, "differences"));
        fputc('\n', t->file);
    }
    if (quiet)
        return;
    char *objects = cli_count((size_t)compared, "object", "objects");
    cli_print(t, CLI_BOLD, "%s compared", objects);
    if (json_array_size(list) != 0)
        cli_print(t, CLI_BAD, "; %zu with another status than computed (- input, + computed)\n",
                  json_array_size(list));
    else
        cli_print(t, CLI_GOOD, "; the input has the statuses that are computed\n");
    free(objects);
}

static int write_comparison(const cli_load *load, const json_t *comparison,
                            const cli_destination *to)
{
    cli_output out;
    cli_terminal terminal;

    if (!cli_output_open(&out, to->file, false))
        return CLI_USAGE;
    if (to->form == CLI_FORM_HUMAN) {
        cli_terminal_init(&terminal, out.file, (cli_colour)load->options->colour);
        print_comparison(&terminal, comparison, load->options->quiet);
    } else {
        json_dumpf(comparison, out.file, JSON_COMPACT);
        fputc('\n', out.file);
    }
    return cli_output_close(&out, true) ? CLI_FINE : CLI_USAGE;
}

static int compare(const cli_load *load, const gwapi_topology *topology)
{
    const cli_options *options = load->options;
    json_t *comparison = compare_all(topology);
    int status = CLI_FINE;

    if (comparison == NULL)
        return CLI_INTERNAL;
    if (json_array_size(json_object_get(comparison, "objects")) != 0 && !options->exit_zero)
        status = CLI_FINDINGS;
    for (size_t i = 0; i < options->destination_count; i++)
        status =
            cli_worse(status, write_comparison(load, comparison, &options->destinations[i]));
    json_decref(comparison);
    return status;
}

/* ---- statuses -------------------------------------------------------------------------- */

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
        status = cli_read_and_resolve(&topology, &load);
        cli_show_diagnostics(load.report, options);
        status = cli_worse(status, cli_load_status(&load));
        if (topology != NULL && options->compare)
            status = cli_worse(status, compare(&load, topology));
        for (size_t i = 0;
             topology != NULL && !options->compare && i < options->destination_count; i++)
            status = cli_worse(status, write_one(&load, topology, &options->destinations[i]));
    }
    gwapi_topology_release(topology);
    cli_load_close(&load);
    return status;
}
