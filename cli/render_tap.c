/* The Test Anything Protocol, version 13: a test per document, its findings as YAML below. */
#include <stdlib.h>
#include <string.h>

#include "render_human.h"
#include "report.h"

/* In a description, '#' would begin a directive. */
static void put_description(FILE *out, const char *text)
{
    for (; *text != '\0'; text++) {
        if (*text == '#' || *text == '\\')
            fputc('\\', out);
        fputc(*text, out);
    }
}

/* A scalar that is the same in YAML and JSON; `text` is clean. */
static void put_member(FILE *out, const char *lead, const char *name, const char *text)
{
    if (*text == '\0')
        return;
    fprintf(out, "%s%s: \"", lead, name);
    for (; *text != '\0'; text++) {
        if (*text == '"' || *text == '\\')
            fputc('\\', out);
        fputc(*text, out);
    }
    fputs("\"\n", out);
}

static void put_clean(FILE *out, const char *lead, const char *name, gwapi_str s)
{
    char *text = cli_clean(s);

    put_member(out, lead, name, text);
    free(text);
}

static void put_finding(FILE *out, const gwapi_diagnostic *d)
{
    fprintf(out, "    - severity: %s\n", cli_severity_name(d->severity));
    put_clean(out, "      ", "rule", d->rule);
    put_clean(out, "      ", "path", d->path);
    put_clean(out, "      ", "message", d->message);
    put_clean(out, "      ", "hint", d->hint);
    put_clean(out, "      ", "file", d->file);
    if (d->line != 0)
        fprintf(out, "      line: %u\n      column: %u\n", (unsigned)d->line,
                (unsigned)d->column);
}

static bool fails(const cli_findings *f, size_t document)
{
    gwapi_diagnostic d = {.struct_size = sizeof d};

    for (size_t i = f->start[document]; i < f->start[document + 1]; i++)
        if (gwapi_report_at(f->report, f->items[i], &d) == GWAPI_OK && cli_is_finding(f, &d))
            return true;
    return false;
}

static void put_test(FILE *out, const cli_findings *f, size_t document)
{
    gwapi_document about = {.struct_size = sizeof about};
    gwapi_diagnostic d = {.struct_size = sizeof d};
    bool failing = fails(f, document);

    if (document == f->documents ||
        gwapi_report_document_at(f->report, document, &about) != GWAPI_OK)
        about = (gwapi_document){.struct_size = sizeof about};
    char *who = cli_identity(&about), *file = cli_clean(about.file);
    fprintf(out, "%sok %zu - ", failing ? "not " : "", document + 1);
    put_description(out, *file != '\0' ? file : "input");
    if (about.line != 0)
        fprintf(out, ":%u", (unsigned)about.line);
    fputs(*who != '\0' ? " " : "", out);
    put_description(out, who);
    if (about.verdict == GWAPI_VERDICT_SKIPPED && !failing)
        fputs(" # SKIP kind not known or left out", out);
    fputc('\n', out);
    if (f->start[document] != f->start[document + 1])
        fputs("  ---\n  findings:\n", out);
    for (size_t i = f->start[document]; i < f->start[document + 1]; i++)
        if (gwapi_report_at(f->report, f->items[i], &d) == GWAPI_OK)
            put_finding(out, &d);
    if (f->start[document] != f->start[document + 1])
        fputs("  ...\n", out);
    free(who);
    free(file);
}

void cli_render_tap(FILE *out, const cli_findings *f)
{
    size_t count = f->documents + (f->start[f->documents] != f->start[f->documents + 1]);
    char *dropped = cli_dropped_text(f->report);

    fprintf(out, "TAP version 13\n1..%zu%s\n", count, count == 0 ? " # SKIP no document" : "");
    for (size_t d = 0; d < count; d++)
        put_test(out, f, d);
    if (dropped != NULL)
        fprintf(out, "# %s\n", dropped);
    free(dropped);
}
