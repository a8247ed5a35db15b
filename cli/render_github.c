/* Workflow commands of GitHub Actions: an annotation per finding. */
#include <stdlib.h>
#include <string.h>

#include "report.h"

/* As the runner reads it: in properties ':' and ',' are escaped too. */
static void put(FILE *out, const char *text, bool property)
{
    for (; *text != '\0'; text++)
        if (*text == '%' || *text == '\r' || *text == '\n' ||
            (property && (*text == ':' || *text == ',')))
            fprintf(out, "%%%02X", (unsigned char)*text);
        else
            fputc(*text, out);
}

static void put_property(FILE *out, bool *first, const char *name, gwapi_str s)
{
    char *text = cli_clean(s);

    if (*text != '\0') {
        fprintf(out, "%s%s=", *first ? " " : ",", name);
        put(out, text, true);
        *first = false;
    }
    free(text);
}

static void put_annotation(FILE *out, const gwapi_diagnostic *d)
{
    bool first = true;
    char *text = cli_finding_text(d), *hint = cli_clean(d->hint);

    fprintf(out, "::%s",
            d->severity == GWAPI_SEVERITY_NOTE ? "notice" : cli_severity_name(d->severity));
    put_property(out, &first, "file", d->file);
    if (d->file.len != 0 && d->line != 0)
        fprintf(out, ",line=%u", (unsigned)d->line);
    if (d->file.len != 0 && d->line != 0 && d->column != 0)
        fprintf(out, ",col=%u", (unsigned)d->column);
    put_property(out, &first, "title", d->rule);
    fputs("::", out);
    put(out, text, false);
    if (*hint != '\0') {
        put(out, "\nhint: ", false);
        put(out, hint, false);
    }
    fputc('\n', out);
    free(text);
    free(hint);
}

void cli_render_github(FILE *out, const cli_findings *f)
{
    gwapi_diagnostic d = {.struct_size = sizeof d};
    char *dropped = cli_dropped_text(f->report);

    for (size_t i = 0; i < f->start[f->documents + 1]; i++)
        if (gwapi_report_at(f->report, f->items[i], &d) == GWAPI_OK)
            put_annotation(out, &d);
    if (dropped != NULL)
        fprintf(out, "::warning::%s\n", dropped);
    free(dropped);
}
