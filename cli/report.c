#include "report.h"

#include <stdlib.h>
#include <string.h>

#include "io.h"
#include "render_human.h"

/* ---- by document ----------------------------------------------------------------------- */

static size_t document_of(const cli_findings *f, size_t i)
{
    gwapi_diagnostic d = {.struct_size = sizeof d};

    if (gwapi_report_at(f->report, i, &d) != GWAPI_OK || d.document >= f->documents)
        return f->documents;
    return d.document;
}

void cli_findings_init(cli_findings *f, const cli_load *load)
{
    size_t count = gwapi_report_count(load->report);
    size_t documents = gwapi_report_document_count(load->report);

    *f = (cli_findings){.report = load->report,
                        .schema = load->schema,
                        .fail_on = load->options->fail_on,
                        .documents = documents,
                        .start = cli_alloc(documents + 3, sizeof *f->start),
                        .items = cli_alloc(count, sizeof *f->items)};
    for (size_t i = 0; i < count; i++)
        f->start[document_of(f, i) + 2]++;
    for (size_t d = 2; d < documents + 3; d++)
        f->start[d] += f->start[d - 1];
    for (size_t i = 0; i < count; i++)
        f->items[f->start[document_of(f, i) + 1]++] = i;
}

void cli_findings_free(cli_findings *f)
{
    free(f->start);
    free(f->items);
}

/* ---- texts ----------------------------------------------------------------------------- */

bool cli_is_finding(const cli_findings *f, const gwapi_diagnostic *d)
{
    return d->severity != 0 && d->severity <= f->fail_on;
}

char *cli_finding_text(const gwapi_diagnostic *d)
{
    char *path = cli_clean(d->path), *message = cli_clean(d->message);
    char *text = cli_format("%s%s%s", path, *path != '\0' ? ": " : "", message);

    free(path);
    free(message);
    return text;
}

char *cli_dropped_text(const gwapi_report *report)
{
    size_t dropped = gwapi_report_dropped(report);

    if (dropped == 0)
        return NULL;
    char *count = cli_count(dropped, "finding", "findings");
    char *text = cli_format("%s more than are kept are not shown", count);
    free(count);
    return text;
}

const char *cli_severity_name(gwapi_severity severity)
{
    return severity == GWAPI_SEVERITY_ERROR     ? "error"
           : severity == GWAPI_SEVERITY_WARNING ? "warning"
                                                : "note";
}

/* ---- writing --------------------------------------------------------------------------- */

static void write_human(const cli_load *load, const char *verb, cli_output *out)
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
    cli_print(&terminal, CLI_DIM, "%s as Gateway API %.*s, %s channel%s\n", verb,
              (int)release.len, release.data,
              options->channel == GWAPI_CHANNEL_STANDARD ? "standard" : "experimental",
              options->stored ? ", as stored objects: no rule was evaluated" : "");
}

static void write_form(const cli_load *load, cli_form form, FILE *out)
{
    static const struct {
        cli_form form;
        void (*render)(FILE *out, const cli_findings *findings);
    } forms[] = {{CLI_FORM_SARIF, cli_render_sarif},
                 {CLI_FORM_JUNIT, cli_render_junit},
                 {CLI_FORM_TAP, cli_render_tap},
                 {CLI_FORM_GITHUB, cli_render_github}};
    cli_findings findings;

    cli_findings_init(&findings, load);
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        if (forms[i].form == form)
            forms[i].render(out, &findings);
    cli_findings_free(&findings);
}

static int write_one(const cli_load *load, const char *verb, const cli_destination *to)
{
    cli_output out;
    gwapi_result result = GWAPI_OK;
    int status;

    if (!cli_output_open(&out, to->file, false))
        return CLI_USAGE;
    if (to->form == CLI_FORM_JSON) {
        gwapi_sink sink = cli_output_sink(&out);
        result = gwapi_report_write(load->report, &sink);
    } else if (to->form == CLI_FORM_HUMAN) {
        write_human(load, verb, &out);
    } else {
        write_form(load, to->form, out.file);
    }
    status = result == GWAPI_ECALLBACK ? CLI_USAGE : cli_failed("output", result);
    return cli_output_close(&out, status == CLI_FINE) ? status : cli_worse(status, CLI_USAGE);
}

int cli_write_report(const cli_load *load, const char *verb)
{
    int status = CLI_FINE;

    for (size_t i = 0; i < load->options->destination_count; i++)
        status = cli_worse(status, write_one(load, verb, &load->options->destinations[i]));
    return status;
}
