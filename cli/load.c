#include "load.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "io.h"
#include "paths.h"
#include "render_human.h"

int cli_failed(const char *what, gwapi_result result)
{
    if (result == GWAPI_OK)
        return CLI_FINE;
    cli_complain("%s: %s", what, gwapi_result_text(result));
    return result == GWAPI_EARGUMENT || result == GWAPI_ENOTFOUND ? CLI_USAGE : CLI_INTERNAL;
}

/* ---- schema ---- */

/* A mistake in a --crd file is a mistake in the command line: nothing is judged with half of
 * the schemas. */
static int add_crd_file(cli_load *load, const char *path)
{
    cli_bytes bytes;
    gwapi_result result;

    if (!cli_read(path, &bytes)) {
        cli_complain("--crd %s: %s", path, strerror(errno));
        return CLI_USAGE;
    }
    result = gwapi_schema_add_crd(load->schema, cli_str(path),
                                  (gwapi_str){bytes.data != NULL ? bytes.data : "", bytes.len},
                                  load->report);
    free(bytes.data);
    if (result == GWAPI_OK)
        return CLI_FINE;
    cli_complain("--crd %s: %s", path, gwapi_result_text(result));
    return result == GWAPI_EINVALID || result == GWAPI_EUNREADABLE ? CLI_USAGE : CLI_INTERNAL;
}

static int add_crds(cli_load *load)
{
    static const cli_list none = {0};
    cli_files files;
    int status = cli_files_find(&files, &load->options->crds, &none);

    for (size_t i = 0; i < files.names.count; i++)
        status = cli_worse(status, add_crd_file(load, files.names.items[i]));
    cli_files_free(&files);
    if (status != CLI_FINE)
        cli_show_diagnostics(load->report, load->options);
    gwapi_report_clear(load->report);
    return status;
}

static int make_schema(cli_load *load)
{
    const cli_options *options = load->options;
    gwapi_schema_options how = GWAPI_SCHEMA_OPTIONS_INIT;
    gwapi_result result;
    int status;

    how.kubernetes_version = cli_str(options->kubernetes_version);
    how.flags = options->command->bit == CLI_EXPLAIN ? GWAPI_SCHEMA_KEEP_TEXT : 0;
    result = gwapi_schema_new(&load->schema, &how);
    if (result == GWAPI_EARGUMENT && options->kubernetes_version != NULL) {
        cli_complain("--kubernetes-version takes a version such as 1.34, not '%s'",
                     options->kubernetes_version);
        return CLI_USAGE;
    }
    if (result == GWAPI_OK)
        result = gwapi_schema_add_builtin(load->schema, (gwapi_str){NULL, 0}, options->channel);
    status = cli_failed("schemas", result);
    if (status == CLI_FINE)
        status = add_crds(load);
    if (status == CLI_FINE)
        status = cli_failed("schemas", gwapi_schema_seal(load->schema, NULL, 0));
    return status;
}

/* ---- resources ---- */

static int make_resources(const cli_load *load, uint32_t flags, gwapi_resources **out)
{
    const cli_options *options = load->options;
    gwapi_resources_options how = GWAPI_RESOURCES_OPTIONS_INIT;
    gwapi_str *skip = cli_alloc(options->skip.count, sizeof *skip);
    gwapi_result result;

    for (size_t i = 0; i < options->skip.count; i++)
        skip[i] = cli_str(options->skip.items[i]);
    how.default_namespace = cli_str(options->namespace_);
    how.unknown_fields = options->unknown_fields;
    how.flags = flags | (options->unknown_kinds ? GWAPI_RESOURCES_UNKNOWN_KINDS_ERROR : 0);
    how.skip = skip;
    how.skip_count = options->skip.count;
    result = gwapi_resources_new(out, load->schema, &how);
    free(skip);
    return cli_failed("resources", result);
}

int cli_load_renew(cli_load *load)
{
    gwapi_resources_free(load->resources);
    load->resources = NULL;
    return make_resources(load, load->flags, &load->resources);
}

/* Results that say nothing but what is in the report. */
static bool is_finding(gwapi_result result)
{
    return result == GWAPI_OK || result == GWAPI_EINVALID || result == GWAPI_EUNREADABLE;
}

static int read_file(cli_load *load, gwapi_resources *into, const char *path, uint32_t flags,
                     gwapi_report *report)
{
    gwapi_source source = GWAPI_SOURCE_INIT;
    const char *name = strcmp(path, "-") == 0 ? "<stdin>" : path;
    cli_bytes bytes;
    gwapi_result result;

    if (!cli_read(path, &bytes)) {
        cli_complain("%s: %s", name, strerror(errno));
        return CLI_USAGE;
    }
    source.name = cli_str(name);
    source.bytes = bytes.data != NULL ? bytes.data : "";
    source.len = bytes.len;
    source.mode =
        load->options->stored || into == load->old ? GWAPI_READ_STORED : GWAPI_READ_JUDGE;
    source.flags = flags;
    source.old = into == load->old ? NULL : load->old;
    result = gwapi_resources_read(into, &source, report);
    free(bytes.data);
    return is_finding(result) ? CLI_FINE : cli_failed(name, result);
}

/* The earlier objects are held by the server already: they are not judged again. */
static int read_old(cli_load *load)
{
    static const cli_list none = {0};
    cli_files files;
    int status = make_resources(load, GWAPI_RESOURCES_KEEP_SOURCE, &load->old);

    if (status != CLI_FINE)
        return status;
    status = cli_files_find(&files, &load->options->old, &none);
    for (size_t i = 0; i < files.names.count; i++)
        status = cli_worse(status,
                           read_file(load, load->old, files.names.items[i], 0, load->report));
    cli_files_free(&files);
    if (gwapi_report_count_severity(load->report, GWAPI_SEVERITY_ERROR) != 0) {
        cli_show_diagnostics(load->report, load->options);
        cli_complain("--old: the earlier objects cannot be read");
        status = cli_worse(status, CLI_USAGE);
    }
    gwapi_report_clear(load->report);
    return status;
}

int cli_load_open(cli_load *load, const cli_options *options, uint32_t flags)
{
    int status;

    *load = (cli_load){.options = options, .flags = flags};
    status = cli_failed("report", gwapi_report_new(&load->report, NULL, NULL));
    if (status == CLI_FINE)
        status = make_schema(load);
    if (status == CLI_FINE)
        status = make_resources(load, flags, &load->resources);
    if (status == CLI_FINE && options->old.count != 0)
        status = read_old(load);
    return status;
}

void cli_load_close(cli_load *load)
{
    gwapi_resources_free(load->resources);
    gwapi_resources_free(load->old);
    gwapi_schema_free(load->schema);
    gwapi_report_free(load->report);
}

/* ---- reading ---- */

/* Tells on a terminal how far long work has come, a few times a second. */
typedef struct progress {
    bool shown;
    bool wanted;
    struct timespec last;
} progress;

static void progress_start(progress *p, const cli_options *options)
{
    *p = (progress){.wanted = !options->quiet && isatty(STDERR_FILENO) == 1};
    clock_gettime(CLOCK_MONOTONIC, &p->last);
}

static void progress_step(progress *p, size_t done, size_t all)
{
    struct timespec now;
    long passed;

    if (!p->wanted)
        return;
    clock_gettime(CLOCK_MONOTONIC, &now);
    passed = (now.tv_sec - p->last.tv_sec) * 1000 + (now.tv_nsec - p->last.tv_nsec) / 1000000;
    if (passed < (p->shown ? 100 : 1000))
        return;
    fprintf(stderr, "\r%zu of %zu files", done, all);
    p->shown = true;
    p->last = now;
}

static void progress_end(const progress *p)
{
    if (p->shown)
        fputs("\r\033[K", stderr);
}

static bool is_empty(const cli_load *load)
{
    return gwapi_report_document_count(load->report) == 0;
}

static void complain_empty(cli_load *load, const cli_files *files)
{
    if (load->status != CLI_FINE || load->options->allow_empty || !is_empty(load))
        return;
    cli_complain(files->names.count == 0 ? "no *.yaml, *.yml or *.json file found"
                                         : "no document found");
    load->status = CLI_USAGE;
}

void cli_load_read(cli_load *load, uint32_t flags, cli_each each, void *ctx)
{
    cli_files files;
    progress shown;

    load->status = cli_files_find(&files, &load->options->paths, &load->options->exclude);
    load->excluded = files.excluded;
    if (files.names.count == 1)
        flags |= GWAPI_READ_PAIR; /* a file and its earlier form */
    progress_start(&shown, load->options);
    for (size_t i = 0; i < files.names.count; i++) {
        int status =
            read_file(load, load->resources, files.names.items[i], flags, load->report);
        load->files += status != CLI_USAGE;
        if (each != NULL)
            status = cli_worse(status, each(load, ctx));
        load->status = cli_worse(load->status, status);
        progress_step(&shown, i + 1, files.names.count);
    }
    progress_end(&shown);
    complain_empty(load, &files);
    cli_files_free(&files);
}

int cli_load_status(const cli_load *load)
{
    const cli_options *options = load->options;
    size_t errors = gwapi_report_count_severity(load->report, GWAPI_SEVERITY_ERROR);
    size_t warnings = gwapi_report_count_severity(load->report, GWAPI_SEVERITY_WARNING);
    bool found = errors != 0 || (options->fail_on == GWAPI_SEVERITY_WARNING && warnings != 0);

    return cli_worse(load->status, found && !options->exit_zero ? CLI_FINDINGS : CLI_FINE);
}
