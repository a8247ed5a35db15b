/* JUnit's XML: a suite per file, a case per document. */
#include <stdlib.h>
#include <string.h>

#include "render_human.h"
#include "report.h"
#include "xml.h"

typedef struct counts {
    size_t tests, failures, errors, skipped;
} counts;

static void put(FILE *out, const char *text)
{
    cli_xml_put(out, text, strlen(text));
}

static gwapi_document document_at(const cli_findings *f, size_t i)
{
    gwapi_document d = {.struct_size = sizeof d};

    if (gwapi_report_document_at(f->report, i, &d) != GWAPI_OK)
        d = (gwapi_document){.struct_size = sizeof d};
    return d;
}

static size_t count_failing(const cli_findings *f, size_t document)
{
    gwapi_diagnostic d = {.struct_size = sizeof d};
    size_t count = 0;

    for (size_t i = f->start[document]; i < f->start[document + 1]; i++)
        count +=
            gwapi_report_at(f->report, f->items[i], &d) == GWAPI_OK && cli_is_finding(f, &d);
    return count;
}

static void count(const cli_findings *f, size_t document, counts *sum)
{
    gwapi_verdict verdict = document_at(f, document).verdict;
    size_t failing = count_failing(f, document);

    sum->tests++;
    if (verdict == GWAPI_VERDICT_UNREADABLE)
        sum->errors += failing;
    else
        sum->failures += failing;
    sum->skipped += verdict == GWAPI_VERDICT_SKIPPED && failing == 0;
}

static void put_counts(FILE *out, const counts *sum)
{
    fprintf(out, " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" skipped=\"%zu\"", sum->tests,
            sum->failures, sum->errors, sum->skipped);
}

/* "a.yaml:7:5: error: spec.x: message [rule]", and the hint on a line of its own. */
static void put_details(FILE *out, const gwapi_diagnostic *d)
{
    char *file = cli_clean(d->file), *text = cli_finding_text(d), *rule = cli_clean(d->rule);
    char *hint = cli_clean(d->hint);

    put(out, file);
    if (d->line != 0)
        fprintf(out, ":%u:%u", (unsigned)d->line, (unsigned)d->column);
    fprintf(out, "%s%s: ", *file != '\0' ? ": " : "", cli_severity_name(d->severity));
    put(out, text);
    if (*rule != '\0') {
        fputs(" [", out);
        put(out, rule);
        fputc(']', out);
    }
    if (*hint != '\0') {
        fputs("\nhint: ", out);
        put(out, hint);
    }
    free(file);
    free(text);
    free(rule);
    free(hint);
}

static void put_failures(FILE *out, const cli_findings *f, size_t document, const char *element)
{
    gwapi_diagnostic d = {.struct_size = sizeof d};

    for (size_t i = f->start[document]; i < f->start[document + 1]; i++) {
        if (gwapi_report_at(f->report, f->items[i], &d) != GWAPI_OK || !cli_is_finding(f, &d))
            continue;
        char *text = cli_finding_text(&d), *rule = cli_clean(d.rule);
        fprintf(out, "      <%s", element);
        cli_xml_put_attribute(out, "message", text);
        cli_xml_put_attribute(out, "type", *rule != '\0' ? rule : gwapi_error_type_text(d.type));
        fputc('>', out);
        put_details(out, &d);
        fprintf(out, "</%s>\n", element);
        free(text);
        free(rule);
    }
}

/* What is told but does not fail. */
static void put_others(FILE *out, const cli_findings *f, size_t document)
{
    gwapi_diagnostic d = {.struct_size = sizeof d};
    bool open = false;

    for (size_t i = f->start[document]; i < f->start[document + 1]; i++) {
        if (gwapi_report_at(f->report, f->items[i], &d) != GWAPI_OK || cli_is_finding(f, &d))
            continue;
        fputs(open ? "" : "      <system-out>", out);
        open = true;
        put_details(out, &d);
        fputc('\n', out);
    }
    fputs(open ? "</system-out>\n" : "", out);
}

static void put_case(FILE *out, const cli_findings *f, size_t document)
{
    gwapi_document about = document_at(f, document);
    char *who = cli_identity(&about), *file = cli_clean(about.file);
    char *name = *who != '\0' ? cli_format("%s", who)
                 : document < f->documents
                     ? cli_format("document %u", (unsigned)about.index + 1)
                     : cli_format("input");
    bool failing = count_failing(f, document) != 0;

    fputs("    <testcase", out);
    cli_xml_put_attribute(out, "name", name);
    cli_xml_put_attribute(out, "classname", *file != '\0' ? file : "gatewayapi");
    if (about.file.len != 0) {
        cli_xml_put_attribute(out, "file", file);
        fprintf(out, " line=\"%u\"", (unsigned)about.line);
    }
    fputs(" time=\"0\">\n", out);
    put_failures(out, f, document,
                 about.verdict == GWAPI_VERDICT_UNREADABLE ? "error" : "failure");
    if (about.verdict == GWAPI_VERDICT_SKIPPED && !failing)
        fputs(
            "      <skipped message=\"of a kind that is not known or was to be left out\"/>\n",
            out);
    put_others(out, f, document);
    fputs("    </testcase>\n", out);
    free(who);
    free(file);
    free(name);
}

/* Documents of one file stand together; what belongs to no document is a suite of its own. */
static size_t suite_end(const cli_findings *f, size_t first)
{
    gwapi_str file = document_at(f, first).file;
    size_t end = first + 1;

    while (end < f->documents) {
        gwapi_str other = document_at(f, end).file;
        if (other.len != file.len ||
            (file.len != 0 && memcmp(other.data, file.data, file.len) != 0))
            break;
        end++;
    }
    return end;
}

static void put_suite(FILE *out, const cli_findings *f, size_t first, size_t end)
{
    gwapi_document about = document_at(f, first);
    char *file = cli_clean(about.file);
    counts sum = {0};

    for (size_t d = first; d < end; d++)
        count(f, d, &sum);
    fputs("  <testsuite", out);
    cli_xml_put_attribute(out, "name", *file != '\0' ? file : "gatewayapi");
    put_counts(out, &sum);
    fputs(" time=\"0\">\n", out);
    for (size_t d = first; d < end; d++)
        put_case(out, f, d);
    fputs("  </testsuite>\n", out);
    free(file);
}

void cli_render_junit(FILE *out, const cli_findings *f)
{
    bool loose = f->start[f->documents] != f->start[f->documents + 1];
    char *dropped = cli_dropped_text(f->report);
    counts sum = {0};

    for (size_t d = 0; d < f->documents + loose; d++)
        count(f, d, &sum);
    fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"gatewayapi\"", out);
    put_counts(out, &sum);
    fputs(" time=\"0\">\n", out);
    for (size_t first = 0, end; first < f->documents; first = end) {
        end = suite_end(f, first);
        put_suite(out, f, first, end);
    }
    if (loose)
        put_suite(out, f, f->documents, f->documents + 1);
    fputs("</testsuites>\n", out);
    if (dropped != NULL)
        fprintf(out, "<!-- %s -->\n", dropped);
    free(dropped);
}
