/* The report from the inside: what rooms add. */
#ifndef GWAPI_BASE_REPORT_H
#define GWAPI_BASE_REPORT_H

#include "base/arena.h"
#include "base/vector.h"

#define GWAPI__NO_DOCUMENT UINT32_MAX

struct gwapi_report {
    gwapi_allocator allocator;
    gwapi__arena arena;       /* every text */
    gwapi__vector documents;  /* of gwapi_document */
    gwapi__vector diagnostics; /* of gwapi_diagnostic */
    size_t severities[4];     /* by gwapi_severity, dropped ones too */
    size_t dropped;
    uint32_t limit; /* of each document, and of what belongs to none */
    uint32_t loose; /* diagnostics that belong to no document */
};

/* Opens a document: further diagnostics may name its index, which *index receives. The verdict
 * is SKIPPED until gwapi__report_close sets it. NULL report: nothing, index GWAPI__NO_DOCUMENT. */
gwapi_result gwapi__report_open(gwapi_report *report, const gwapi_document *document,
                                uint32_t *index);
/* The identity once it is known; absent slices keep what stands there. */
gwapi_result gwapi__report_identify(gwapi_report *report, uint32_t index, gwapi_str api_version,
                                    gwapi_str kind, gwapi_str namespace_, gwapi_str name);
/* Rules of the document that were not evaluated; the texts are copied. */
gwapi_result gwapi__report_not_reached(gwapi_report *report, uint32_t index,
                                       const gwapi_str *rules, size_t count);
void gwapi__report_close(gwapi_report *report, uint32_t index, gwapi_verdict verdict);

/* Are as many diagnostics of the document kept as may be? Further ones are only counted. */
bool gwapi__report_full(const gwapi_report *report, uint32_t document);
/* Counts a diagnostic beyond the limit, for which no text was made. */
void gwapi__report_drop(gwapi_report *report, gwapi_severity severity, uint32_t document);

/* Adds a copy of the diagnostic (struct_size is set here). Beyond the limit it is only counted.
 * NULL report: nothing. Fails only for memory. */
gwapi_result gwapi__report_add(gwapi_report *report, const gwapi_diagnostic *diagnostic);

#endif
