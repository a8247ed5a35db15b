#include "base/report.h"

#include "base/limits.h"
#include "base/result.h"
#include "base/slice.h"
#include "base/struct.h"

gwapi_result gwapi_report_new(gwapi_report **out, const gwapi_allocator *allocator,
                              const gwapi_limits *limits)
{
    gwapi_allocator a;
    gwapi_limits l;

    if (out == NULL)
        return GWAPI_EARGUMENT;
    *out = NULL;
    GWAPI__TRY(gwapi__allocator_init(&a, allocator));
    GWAPI__TRY(gwapi__limits_init(&l, limits));
    gwapi_report *report = gwapi__alloc_array(&a, 1, sizeof *report);
    if (report == NULL)
        return GWAPI_ENOMEM;
    report->allocator = a;
    report->limit = l.diagnostics;
    gwapi__arena_init(&report->arena, &a);
    gwapi__vector_init(&report->documents, &a, sizeof(gwapi_document));
    gwapi__vector_init(&report->diagnostics, &a, sizeof(gwapi_diagnostic));
    *out = report;
    return GWAPI_OK;
}

void gwapi_report_free(gwapi_report *report)
{
    if (report == NULL)
        return;
    gwapi_allocator a = report->allocator;
    gwapi__vector_free(&report->documents);
    gwapi__vector_free(&report->diagnostics);
    gwapi__arena_free(&report->arena);
    gwapi__free(&a, report, sizeof *report);
}

void gwapi_report_clear(gwapi_report *report)
{
    if (report == NULL)
        return;
    gwapi__arena_reset(&report->arena);
    report->documents.count = report->diagnostics.count = 0;
    memset(report->severities, 0, sizeof report->severities);
    report->dropped = 0;
    report->loose = 0;
}

size_t gwapi_report_count(const gwapi_report *report)
{
    return report != NULL ? report->diagnostics.count : 0;
}

size_t gwapi_report_count_severity(const gwapi_report *report, gwapi_severity severity)
{
    return report != NULL && severity < 4 ? report->severities[severity] : 0;
}

size_t gwapi_report_dropped(const gwapi_report *report)
{
    return report != NULL ? report->dropped : 0;
}

size_t gwapi_report_document_count(const gwapi_report *report)
{
    return report != NULL ? report->documents.count : 0;
}

gwapi_result gwapi_report_at(const gwapi_report *report, size_t i, gwapi_diagnostic *out)
{
    if (report == NULL || i >= report->diagnostics.count)
        return GWAPI_EARGUMENT;
    return gwapi__struct_out(out, gwapi__vector_at(&report->diagnostics, i),
                             sizeof(gwapi_diagnostic), sizeof(gwapi_diagnostic));
}

gwapi_result gwapi_report_document_at(const gwapi_report *report, size_t i, gwapi_document *out)
{
    if (report == NULL || i >= report->documents.count)
        return GWAPI_EARGUMENT;
    return gwapi__struct_out(out, gwapi__vector_at(&report->documents, i),
                             sizeof(gwapi_document), sizeof(gwapi_document));
}

/* Copies the texts that are present into the report; false: no memory. */
static bool keep(gwapi_report *report, gwapi_str *const *texts, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (texts[i]->data != NULL && !gwapi__arena_copy(&report->arena, *texts[i], texts[i]))
            return false;
    return true;
}

/* Keeps a text that may be told already, of this document or, as documents of a stream are much
 * alike, of the one before. Absent: what is told stays. False: no memory. */
static bool keep_again(gwapi_report *report, gwapi_str *told, gwapi_str text, gwapi_str before)
{
    if (text.data == NULL || (told->data != NULL && gwapi__str_eq(text, *told)))
        return true;
    if (before.data != NULL && gwapi__str_eq(text, before)) {
        *told = before;
        return true;
    }
    return gwapi__arena_copy(&report->arena, text, told);
}

/* What is told of the document before; of none when there is none. */
static gwapi_document before(const gwapi_report *report, size_t index)
{
    return index != 0 ? *GWAPI__AT(&report->documents, gwapi_document, index - 1)
                      : (gwapi_document){.struct_size = sizeof(gwapi_document)};
}

gwapi_result gwapi__report_open(gwapi_report *report, const gwapi_document *document,
                                uint32_t *index)
{
    *index = GWAPI__NO_DOCUMENT;
    if (report == NULL)
        return GWAPI_OK;
    gwapi_document d = *document;
    gwapi_str *const texts[] = {&d.api_version, &d.kind, &d.namespace_, &d.name};
    d.file = (gwapi_str){NULL, 0};
    if (!keep(report, texts, sizeof texts / sizeof *texts) ||
        !keep_again(report, &d.file, document->file,
                    before(report, report->documents.count).file))
        return GWAPI_ENOMEM;
    gwapi_document *slot = gwapi__vector_push(&report->documents);
    if (slot == NULL)
        return GWAPI_ENOMEM;
    *slot = d;
    slot->struct_size = sizeof d;
    slot->verdict = GWAPI_VERDICT_SKIPPED;
    slot->diagnostics = 0;
    *index = (uint32_t)(report->documents.count - 1);
    return GWAPI_OK;
}

gwapi_result gwapi__report_identify(gwapi_report *report, uint32_t index, gwapi_str api_version,
                                    gwapi_str kind, gwapi_str namespace_, gwapi_str name)
{
    if (report == NULL || index == GWAPI__NO_DOCUMENT)
        return GWAPI_OK;
    gwapi_document *d = GWAPI__AT(&report->documents, gwapi_document, index);
    const gwapi_document last = before(report, index);
    return keep_again(report, &d->api_version, api_version, last.api_version) &&
                   keep_again(report, &d->kind, kind, last.kind) &&
                   keep_again(report, &d->namespace_, namespace_, last.namespace_) &&
                   keep_again(report, &d->name, name, last.name)
               ? GWAPI_OK
               : GWAPI_ENOMEM;
}

gwapi_result gwapi__report_not_reached(gwapi_report *report, uint32_t index,
                                       const gwapi_str *rules, size_t count)
{
    if (report == NULL || index == GWAPI__NO_DOCUMENT || count == 0)
        return GWAPI_OK;
    gwapi_str *copies = gwapi__arena_array(&report->arena, count, sizeof *copies);
    for (size_t i = 0; i < count; i++)
        if (copies == NULL || !gwapi__arena_copy(&report->arena, rules[i], &copies[i]))
            return GWAPI_ENOMEM;
    gwapi_document *d = GWAPI__AT(&report->documents, gwapi_document, index);
    d->not_reached = copies;
    d->not_reached_count = count;
    return GWAPI_OK;
}

void gwapi__report_close(gwapi_report *report, uint32_t index, gwapi_verdict verdict)
{
    if (report != NULL && index != GWAPI__NO_DOCUMENT)
        GWAPI__AT(&report->documents, gwapi_document, index)->verdict = verdict;
}

static uint32_t *count_of(gwapi_report *report, uint32_t document)
{
    return document < report->documents.count
               ? &GWAPI__AT(&report->documents, gwapi_document, document)->diagnostics
               : &report->loose;
}

bool gwapi__report_full(const gwapi_report *report, uint32_t document)
{
    uint32_t count = document < report->documents.count
                         ? GWAPI__AT(&report->documents, gwapi_document, document)->diagnostics
                         : report->loose;
    return count >= report->limit;
}

static void count_one(gwapi_report *report, gwapi_severity severity, uint32_t document)
{
    if (severity < 4)
        report->severities[severity]++;
    ++*count_of(report, document);
}

void gwapi__report_drop(gwapi_report *report, gwapi_severity severity, uint32_t document)
{
    report->dropped++;
    count_one(report, severity, document);
}

gwapi_result gwapi__report_add(gwapi_report *report, const gwapi_diagnostic *diagnostic)
{
    if (report == NULL)
        return GWAPI_OK;
    if (!gwapi__report_full(report, diagnostic->document)) {
        gwapi_diagnostic d = *diagnostic;
        gwapi_str *const texts[] = {&d.rule, &d.path, &d.pointer,    &d.message,
                                    &d.hint, &d.file, &d.hint_value, &d.excerpt};
        if (!keep(report, texts, sizeof texts / sizeof *texts))
            return GWAPI_ENOMEM;
        gwapi_diagnostic *slot = gwapi__vector_push(&report->diagnostics);
        if (slot == NULL)
            return GWAPI_ENOMEM;
        *slot = d;
        slot->struct_size = sizeof d;
        count_one(report, diagnostic->severity, diagnostic->document);
    } else {
        gwapi__report_drop(report, diagnostic->severity, diagnostic->document);
    }
    return GWAPI_OK;
}
