#include "base/report.h"
#include "base/slice.h"
#include "base/text.h"

static const char *severity_name(gwapi_severity severity)
{
    return severity == GWAPI_SEVERITY_ERROR     ? "error"
           : severity == GWAPI_SEVERITY_WARNING ? "warning"
                                                : "note";
}

/* The verdicts in the order of the summary. */
static const struct {
    gwapi_verdict verdict;
    const char *name;
} verdicts[] = {{GWAPI_VERDICT_VALID, "valid"},
                {GWAPI_VERDICT_INVALID, "invalid"},
                {GWAPI_VERDICT_SKIPPED, "skipped"},
                {GWAPI_VERDICT_UNREADABLE, "unreadable"}};

static const char *verdict_name(gwapi_verdict verdict)
{
    for (size_t i = 0; i < sizeof verdicts / sizeof *verdicts; i++)
        if (verdicts[i].verdict == verdict)
            return verdicts[i].name;
    return "";
}

static void write_diagnostic(gwapi__text *t, const gwapi_diagnostic *d)
{
    bool first = true;

    gwapi__text_char(t, '{');
    gwapi__json_str(t, &first, "severity", gwapi__str_of(severity_name(d->severity)));
    gwapi__json_str_opt(t, &first, "type", gwapi__str_of(gwapi_error_type_text(d->type)));
    gwapi__json_str_opt(t, &first, "rule", d->rule);
    gwapi__json_str(t, &first, "path", d->path);
    gwapi__json_str(t, &first, "pointer", d->pointer);
    gwapi__json_str(t, &first, "message", d->message);
    if (d->line != 0) {
        gwapi__json_u64(t, &first, "line", d->line);
        gwapi__json_u64(t, &first, "column", d->column);
    }
    if (d->document == GWAPI__NO_DOCUMENT)
        gwapi__json_str_opt(t, &first, "file", d->file);
    gwapi__json_str_opt(t, &first, "hint", d->hint);
    gwapi__json_str_opt(t, &first, "suggestion", d->hint_value);
    if (d->fix != 0)
        gwapi__json_bool(t, &first, "applicable", true);
    gwapi__text_char(t, '}');
}

/* The diagnostics of one document, as a member `diagnostics` when there are any. */
static void write_diagnostics(gwapi__text *t, bool *first, const gwapi_report *r,
                              uint32_t document)
{
    bool none = true;

    for (size_t i = 0; i < r->diagnostics.count; i++) {
        const gwapi_diagnostic *d = GWAPI__AT(&r->diagnostics, gwapi_diagnostic, i);
        if (d->document != document)
            continue;
        if (none) {
            gwapi__json_key(t, first, "diagnostics");
            gwapi__text_char(t, '[');
        }
        gwapi__json_comma(t, &none);
        write_diagnostic(t, d);
    }
    if (!none)
        gwapi__text_char(t, ']');
}

static void write_document(gwapi__text *t, const gwapi_report *r, uint32_t index)
{
    const gwapi_document *d = GWAPI__AT(&r->documents, gwapi_document, index);
    bool first = true;

    gwapi__text_char(t, '{');
    gwapi__json_str(t, &first, "file", d->file);
    gwapi__json_u64(t, &first, "index", d->index);
    gwapi__json_u64(t, &first, "line", d->line);
    gwapi__json_str_opt(t, &first, "apiVersion", d->api_version);
    gwapi__json_str_opt(t, &first, "kind", d->kind);
    gwapi__json_str_opt(t, &first, "namespace", d->namespace_);
    gwapi__json_str_opt(t, &first, "name", d->name);
    gwapi__json_str(t, &first, "verdict", gwapi__str_of(verdict_name(d->verdict)));
    if (d->diagnostics != 0)
        write_diagnostics(t, &first, r, index);
    gwapi__text_char(t, '}');
}

static void write_summary(gwapi__text *t, bool *first, const gwapi_report *r)
{
    bool inner = true;

    gwapi__json_key(t, first, "summary");
    gwapi__text_char(t, '{');
    for (size_t v = 0; v < sizeof verdicts / sizeof *verdicts; v++) {
        size_t count = 0;
        for (size_t i = 0; i < r->documents.count; i++)
            count += GWAPI__AT(&r->documents, gwapi_document, i)->verdict == verdicts[v].verdict;
        gwapi__json_u64(t, &inner, verdicts[v].name, count);
    }
    if (r->dropped != 0)
        gwapi__json_u64(t, &inner, "droppedDiagnostics", r->dropped);
    gwapi__text_addz(t, "}}\n");
}

gwapi_result gwapi_report_write(const gwapi_report *report, const gwapi_sink *sink)
{
    gwapi__text t;
    bool first = true;
    gwapi_result result = GWAPI_OK;

    if (report == NULL || sink == NULL || sink->write == NULL)
        return GWAPI_EARGUMENT;
    gwapi__text_init(&t, &report->allocator);
    gwapi__text_addz(&t, "{\"documents\":[");
    for (size_t i = 0; i < report->documents.count && result == GWAPI_OK; i++) {
        gwapi__json_comma(&t, &first);
        write_document(&t, report, (uint32_t)i);
        result = gwapi__text_flush(&t, sink);
    }
    first = false;
    gwapi__text_char(&t, ']');
    write_diagnostics(&t, &first, report, GWAPI__NO_DOCUMENT);
    write_summary(&t, &first, report);
    if (result == GWAPI_OK)
        result = gwapi__text_flush(&t, sink);
    gwapi__text_free(&t);
    return result;
}
