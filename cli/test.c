/* gatewayapi test: do requests go where they should, and which rules did nobody ask? */
#include <stdlib.h>

#include "decide.h"
#include "io.h"
#include "load.h"
#include "paths.h"
#include "render_human.h"
#include "resolve.h"
#include "test/test.h"

typedef struct testing {
    const cli_options *options;
    test_suite suite;
    cli_files files;
    test_coverage coverage;
    json_t *list; /* of the topology: specs of the routes */
    gwapi_snapshot *snapshot;
    cli_decider decider;
} testing;

/* ---- one test -------------------------------------------------------------------------- */

/* The decision as JSON: a new reference in *out. */
static gwapi_result answer(cli_decider *d, const test_case *c, json_t **out)
{
    gwapi_decision decision = GWAPI_DECISION_INIT;
    cli_bytes bytes = {NULL, 0};
    gwapi_str none = {NULL, 0};
    gwapi_result result = cli_decide(d, &c->asked, &decision);

    if (result == GWAPI_OK)
        result = cli_decide_write(d, &c->asked, none, &decision, &bytes);
    if (result == GWAPI_OK) {
        *out = json_loadb(bytes.data, bytes.len, JSON_ALLOW_NUL, NULL);
        result = *out != NULL ? GWAPI_OK : GWAPI_ESTATE;
    }
    free(bytes.data);
    return result;
}

/* Only for a failure: it takes time for every candidate. */
static gwapi_result explain(cli_decider *d, test_case *c)
{
    json_t *explained = NULL;

    d->explain = true;
    gwapi_result result = answer(d, c, &explained);
    d->explain = false;
    c->explanation = json_incref(json_object_get(explained, "explanation"));
    json_decref(explained);
    return result;
}

/* An exit status. */
static int run_case(testing *t, test_case *c)
{
    const char *url = json_string_value(json_object_get(c->request, "url"));
    json_t *members = json_copy(c->request);
    int status;

    json_object_del(members, "url");
    cli_request_from(&c->asked, members, url, (gwapi_path_policy)t->options->path_policy);
    json_decref(members);
    if (c->asked.error != NULL) {
        cli_complain("%s:%zu: %s", c->file, c->line, c->asked.error);
        return CLI_USAGE;
    }
    status = cli_failed("test", answer(&t->decider, c, &c->decision));
    if (status != CLI_FINE)
        return status;
    c->differences = test_compare(c->expected, c->decision);
    test_coverage_mark(&t->coverage, c->decision);
    if (json_array_size(c->differences) == 0)
        return CLI_FINE;
    status = cli_failed("test", explain(&t->decider, c));
    return cli_worse(status, t->options->exit_zero ? CLI_FINE : CLI_FINDINGS);
}

/* ---- all of them ----------------------------------------------------------------------- */

static int write_one(const testing *t, const cli_destination *to)
{
    cli_terminal terminal;
    cli_output out;

    if (!cli_output_open(&out, to->file, false))
        return CLI_USAGE;
    cli_terminal_init(&terminal, out.file, (cli_colour)t->options->colour);
    if (to->form == CLI_FORM_JSON)
        test_write_json(out.file, &t->suite, &t->coverage);
    else if (to->form == CLI_FORM_JUNIT)
        test_write_junit(out.file, &t->suite);
    else
        test_write_human(&terminal, &t->suite, &t->coverage, t->options->quiet);
    return cli_output_close(&out, true) ? CLI_FINE : CLI_USAGE;
}

static int run(testing *t)
{
    int status =
        cli_failed("test", gwapi_scratch_new(&t->decider.scratch, t->snapshot, NULL));

    t->decider.snapshot = t->snapshot;
    for (size_t i = 0; i < t->suite.count && status < CLI_USAGE; i++)
        status = cli_worse(status, run_case(t, &t->suite.cases[i]));
    for (size_t i = 0; i < t->options->destination_count && status < CLI_USAGE; i++)
        status = cli_worse(status, write_one(t, &t->options->destinations[i]));
    return status;
}

static int read_tests(testing *t)
{
    const cli_options *options = t->options;
    int status = cli_files_find(&t->files, &options->tests, &options->exclude);

    for (size_t i = 0; i < t->files.names.count; i++)
        if (!test_read(&t->suite, t->files.names.items[i]))
            status = cli_worse(status, CLI_USAGE);
    if (status == CLI_FINE && t->suite.count == 0 && !options->allow_empty) {
        cli_complain("test: no test was found; --allow-empty takes that");
        status = CLI_USAGE;
    }
    return status;
}

/* What the manifests are compiled to, and the specs that coverage is told by. */
static int prepare(testing *t, const cli_load *load, const gwapi_topology *topology)
{
    cli_bytes bytes = {NULL, 0};
    gwapi_sink sink = cli_bytes_sink(&bytes);
    gwapi_result result = gwapi_topology_write(topology, GWAPI_FORMAT_JSON, &sink);

    if (result == GWAPI_OK) {
        t->list = json_loadb(bytes.data, bytes.len, JSON_ALLOW_NUL, NULL);
        result = t->list != NULL ? GWAPI_OK : GWAPI_ESTATE;
    }
    free(bytes.data);
    if (result == GWAPI_OK)
        result = gwapi_snapshot_compile(&t->snapshot, topology, NULL, load->report);
    if (result == GWAPI_OK)
        test_coverage_init(&t->coverage, topology, t->list);
    return cli_failed("test", result);
}

static int load_and_run(testing *t)
{
    gwapi_topology *topology = NULL;
    cli_load load;
    int status = cli_load_open(&load, t->options, GWAPI_RESOURCES_KEEP_SOURCE);

    if (status == CLI_FINE) {
        status = cli_read_and_resolve(&topology, &load);
        if (topology != NULL)
            status = cli_worse(status, prepare(t, &load, topology));
        cli_show_diagnostics(load.report, t->options);
        status = cli_worse(status, cli_load_status(&load));
    }
    gwapi_topology_release(topology);
    cli_load_close(&load);
    return t->snapshot != NULL && status < CLI_USAGE ? cli_worse(status, run(t)) : status;
}

int cli_test(const cli_options *options)
{
    testing t = {.options = options};
    int status = read_tests(&t);

    if (status == CLI_FINE)
        status = load_and_run(&t);
    test_coverage_free(&t.coverage);
    test_suite_free(&t.suite);
    cli_files_free(&t.files);
    json_decref(t.list);
    gwapi_scratch_free(t.decider.scratch);
    gwapi_snapshot_release(t.snapshot);
    return status;
}
