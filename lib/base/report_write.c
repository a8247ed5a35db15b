#include "base/report.h"
#include "base/result.h"
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

/* The diagnostics of each document, in the order they were found: found once, so that many
 * documents with many diagnostics stay linear. Places are indices + 1; 0 ends a chain. */
typedef struct chains {
    uint32_t *first; /* by document; the last one is of those that belong to none */
    uint32_t *next;  /* by diagnostic */
    size_t documents;
    size_t diagnostics;
} chains;

static void chains_free(chains *c, const gwapi_allocator *a)
{
    gwapi__free(a, c->first, (c->documents + 1) * sizeof *c->first);
    gwapi__free(a, c->next, c->diagnostics * sizeof *c->next);
}

static bool chains_build(chains *c, const gwapi_report *r)
{
    c->documents = r->documents.count;
    c->diagnostics = r->diagnostics.count;
    c->first = gwapi__alloc_array(&r->allocator, c->documents + 1, sizeof *c->first);
    c->next = gwapi__alloc_array(&r->allocator, c->diagnostics, sizeof *c->next);
    if (c->first == NULL || c->next == NULL) {
        chains_free(c, &r->allocator);
        return false;
    }
    for (size_t i = c->diagnostics; i > 0; i--) {
        uint32_t document = GWAPI__AT(&r->diagnostics, gwapi_diagnostic, i - 1)->document;
        uint32_t *head = &c->first[document < c->documents ? document : c->documents];
        c->next[i - 1] = *head;
        *head = (uint32_t)i;
    }
    return true;
}

/* A chain as a member `diagnostics`; nothing when it is empty. */
static void write_diagnostics(gwapi__text *t, bool *first, const gwapi_report *r, const chains *c,
                              size_t document)
{
    bool none = true;

    if (c->first[document] == 0)
        return;
    gwapi__json_key(t, first, "diagnostics");
    gwapi__text_char(t, '[');
    for (uint32_t i = c->first[document]; i != 0; i = c->next[i - 1]) {
        gwapi__json_comma(t, &none);
        write_diagnostic(t, GWAPI__AT(&r->diagnostics, gwapi_diagnostic, i - 1));
    }
    gwapi__text_char(t, ']');
}

static void write_not_reached(gwapi__text *t, bool *first, const gwapi_document *d)
{
    bool none = true;

    if (d->not_reached_count == 0)
        return;
    gwapi__json_key(t, first, "notReached");
    gwapi__text_char(t, '[');
    for (size_t i = 0; i < d->not_reached_count; i++) {
        gwapi__json_comma(t, &none);
        gwapi__text_json(t, d->not_reached[i]);
    }
    gwapi__text_char(t, ']');
}

static void write_document(gwapi__text *t, const gwapi_report *r, const chains *c, size_t index)
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
    write_diagnostics(t, &first, r, c, index);
    write_not_reached(t, &first, d);
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

/* Documents go out one by one, so that the text of a large report is never whole in memory. */
static gwapi_result write_report(gwapi__text *t, const gwapi_report *r, const chains *c,
                                 const gwapi_sink *sink)
{
    bool first = true;

    gwapi__text_addz(t, "{\"documents\":[");
    for (size_t i = 0; i < r->documents.count; i++) {
        gwapi__json_comma(t, &first);
        write_document(t, r, c, i);
        GWAPI__TRY(gwapi__text_flush(t, sink));
    }
    first = false;
    gwapi__text_char(t, ']');
    write_diagnostics(t, &first, r, c, c->documents);
    write_summary(t, &first, r);
    return gwapi__text_flush(t, sink);
}

gwapi_result gwapi_report_write(const gwapi_report *report, const gwapi_sink *sink)
{
    gwapi__text t;
    chains c;

    if (report == NULL || sink == NULL || sink->write == NULL)
        return GWAPI_EARGUMENT;
    if (!chains_build(&c, report))
        return GWAPI_ENOMEM;
    gwapi__text_init(&t, &report->allocator);
    gwapi_result result = write_report(&t, report, &c, sink);
    gwapi__text_free(&t);
    chains_free(&c, &report->allocator);
    return result;
}
