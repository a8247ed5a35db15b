#include "image/snapshot.h"

#include <string.h>
#include "base/limits.h"
#include "base/report.h"
#include "base/result.h"
#include "base/slice.h"
#include "base/struct.h"
#include "base/text.h"
#include "image/checksum.h"
#include "image/pattern.h"
#include "image/verify.h"

#define ALIGNMENT 8

/* ---- telling why ----------------------------------------------------------------------- */

static gwapi_result tell(gwapi_report *report, const gwapi_allocator *allocator,
                         gwapi_result why, const char *rule, const char *what,
                         const char *section, uint32_t record, gwapi_str about)
{
    gwapi__text text;

    gwapi__text_init(&text, allocator);
    gwapi__text_addz(&text, what);
    if (section[0] != '\0') {
        gwapi__text_addz(&text, " (section ");
        gwapi__text_addz(&text, section);
        gwapi__text_addz(&text, ", record ");
        gwapi__text_u64(&text, record);
        gwapi__text_char(&text, ')');
    }
    if (about.len != 0) {
        gwapi__text_addz(&text, ": ");
        gwapi__text_add(&text, about);
    }
    gwapi_diagnostic diagnostic = {
        .severity = GWAPI_SEVERITY_ERROR,
        .type = why == GWAPI_ELIMIT ? GWAPI_ERROR_LIMIT : GWAPI_ERROR_INVALID,
        .rule = gwapi__str_of(rule),
        .message = gwapi__text_str(&text),
        .document = GWAPI__NO_DOCUMENT,
    };
    gwapi_result r = text.failed ? GWAPI_ENOMEM : gwapi__report_add(report, &diagnostic);
    gwapi__text_free(&text);
    return r != GWAPI_OK ? r : why;
}

static gwapi_result tell_fault(gwapi_report *report, const gwapi_allocator *allocator,
                               gwapi_result why, const gwapi__image_fault *fault)
{
    return tell(report, allocator, why, "image/damaged", fault->message,
                gwapi__image_section_name(fault->section), fault->record, (gwapi_str){NULL, 0});
}

/* ---- the handle ------------------------------------------------------------------------ */

/* Nothing of an image that holds keys stays behind in memory of ours. */
static bool has_keys(const gwapi_snapshot *s)
{
    return gwapi__image_count(s, GWAPI__SECTION_INFO) != 0 &&
           gwapi__image_INFO(s, 0)->with_keys != 0;
}

static void free_handle(gwapi_snapshot *s)
{
    gwapi_allocator allocator = s->allocator;

    if (has_keys(s))
        gwapi__wipe(s->converted, s->converted != NULL ? s->size : 0);
    if (s->kept != NULL)
        s->free_kept(s->kept);
    gwapi__patterns_free(s);
    gwapi__free(&allocator, s->converted, s->size);
    gwapi__free(&allocator, s, sizeof *s);
}

/* Where the records are to be read: the bytes, or on a big-endian host a copy of its own. */
static gwapi_result verify(gwapi_snapshot *s, gwapi__image_fault *fault)
{
    const unsigned char *bytes = s->bytes;

    if (GWAPI__BIG_ENDIAN) {
        s->converted = gwapi__alloc(&s->allocator, s->size);
        if (s->converted == NULL)
            return GWAPI_ENOMEM;
        memcpy(s->converted, s->bytes, s->size);
        GWAPI__TRY(gwapi__image_to_host(s->converted, s->size, fault));
        bytes = s->converted;
    }
    return gwapi__image_verify(&s->image, bytes, s->size, fault);
}

static gwapi_result compile_patterns(gwapi_snapshot *s, const gwapi__handle_options *options,
                                     gwapi_report *report)
{
    gwapi__regex_error error = {.message = "it was refused"};
    uint32_t failed = 0;
    gwapi_result r = gwapi__patterns_compile(s, options, &failed, &error);

    if (r == GWAPI_EREGEX)
        return tell(report, options->allocator, r, "image/regex", error.message, "REGEX", failed,
                    gwapi__image_str(s, gwapi__image_REGEX(s, failed)->text));
    if (r == GWAPI_ELIMIT)
        return tell(report, options->allocator, r, "image/regex",
                    "a regular expression has more states than regex_states allows", "REGEX",
                    failed, gwapi__image_str(s, gwapi__image_REGEX(s, failed)->text));
    return r;
}

/* Over bytes of the measured size and aligned. They stay the caller's when it fails. */
static gwapi_result make_handle(gwapi_snapshot **out, const unsigned char *bytes, size_t size,
                                const gwapi__handle_options *options, gwapi_report *report)
{
    gwapi__image_fault fault;
    gwapi_snapshot *s = gwapi__alloc_array(options->allocator, 1, sizeof *s);

    if (s == NULL)
        return GWAPI_ENOMEM;
    atomic_init(&s->references, 1);
    s->allocator = *options->allocator;
    s->limits = *options->limits;
    s->bytes = bytes;
    s->size = size;
    gwapi_result r = verify(s, &fault);
    if (r != GWAPI_OK) {
        memset(&s->image, 0, sizeof s->image);
        r = r == GWAPI_ENOMEM ? r : tell_fault(report, options->allocator, r, &fault);
    } else {
        r = compile_patterns(s, options, report);
    }
    if (r != GWAPI_OK) {
        free_handle(s);
        return r;
    }
    *out = s;
    return GWAPI_OK;
}

gwapi_result gwapi__snapshot_adopt(gwapi_snapshot **out, unsigned char *bytes, size_t size,
                                   const gwapi__handle_options *options, gwapi_report *report)
{
    GWAPI__TRY(make_handle(out, bytes, size, options, report));
    (*out)->owned = true;
    return GWAPI_OK;
}

static gwapi_result open_copy(gwapi_snapshot **out, const void *bytes, size_t size,
                              const gwapi__handle_options *options, gwapi_report *report)
{
    unsigned char *copy = gwapi__alloc(options->allocator, size);

    if (copy == NULL)
        return GWAPI_ENOMEM;
    memcpy(copy, bytes, size);
    gwapi_result r = gwapi__snapshot_adopt(out, copy, size, options, report);
    if (r != GWAPI_OK)
        gwapi__free(options->allocator, copy, size);
    return r;
}

static gwapi_result open_options(gwapi_open_options *out, const gwapi_open_options *given,
                                 gwapi_allocator *allocator, gwapi_limits *limits)
{
    GWAPI__TRY(gwapi__struct_in(out, sizeof *out, given, sizeof *out));
    GWAPI__TRY(gwapi__allocator_init(allocator, out->allocator));
    GWAPI__TRY(gwapi__limits_init(limits, out->limits));
    return (out->flags & ~(uint32_t)(GWAPI_OPEN_COPY | GWAPI_OPEN_NO_JIT)) != 0 ||
                   out->reserved != 0
               ? GWAPI_EARGUMENT
               : GWAPI_OK;
}

gwapi_result gwapi_snapshot_open(gwapi_snapshot **out, const void *bytes, size_t len,
                                 const gwapi_open_options *options, gwapi_report *report)
{
    gwapi_open_options o;
    gwapi_allocator allocator;
    gwapi_limits limits;
    gwapi__image_fault fault;
    size_t size = 0;

    if (out == NULL)
        return GWAPI_EARGUMENT;
    *out = NULL;
    if (bytes == NULL)
        return GWAPI_EARGUMENT;
    GWAPI__TRY(open_options(&o, options, &allocator, &limits));
    gwapi__handle_options handle = {
        .allocator = &allocator,
        .limits = &limits,
        .previous = o.previous,
        .regex_flags = (o.flags & GWAPI_OPEN_NO_JIT) != 0 ? GWAPI__REGEX_NO_JIT : 0,
    };
    gwapi_result r = gwapi__image_measure(bytes, len, &size, &fault);
    if (r != GWAPI_OK)
        return tell_fault(report, &allocator, r, &fault);
    if ((o.flags & GWAPI_OPEN_COPY) != 0 || (uintptr_t)bytes % ALIGNMENT != 0) {
        GWAPI__TRY(open_copy(out, bytes, size, &handle, report));
        if (o.release != NULL)
            o.release(o.release_ctx, bytes, len);
        return GWAPI_OK;
    }
    GWAPI__TRY(make_handle(out, bytes, size, &handle, report));
    (*out)->release = o.release;
    (*out)->release_ctx = o.release_ctx;
    (*out)->released_size = len;
    return GWAPI_OK;
}

/* ---- references ------------------------------------------------------------------------ */

/* The count is the handle's only mutable part; callers hold the snapshot as const. */
static gwapi_snapshot *mutable_handle(const gwapi_snapshot *snapshot)
{
    return (gwapi_snapshot *)(uintptr_t)snapshot;
}

gwapi_snapshot *gwapi_snapshot_retain(const gwapi_snapshot *snapshot)
{
    gwapi_snapshot *s = mutable_handle(snapshot);

    if (s != NULL)
        atomic_fetch_add_explicit(&s->references, 1, memory_order_relaxed);
    return s;
}

void gwapi_snapshot_release(const gwapi_snapshot *snapshot)
{
    gwapi_snapshot *s = mutable_handle(snapshot);

    if (s == NULL || atomic_fetch_sub_explicit(&s->references, 1, memory_order_acq_rel) != 1)
        return;
    gwapi_allocator allocator = s->allocator;
    unsigned char *owned = s->owned ? (unsigned char *)(uintptr_t)s->bytes : NULL;
    const void *bytes = s->bytes;
    size_t size = s->size, released_size = s->released_size;
    void (*release)(void *, const void *, size_t) = s->release;
    void *ctx = s->release_ctx;
    if (owned != NULL && has_keys(s))
        gwapi__wipe(owned, size);
    free_handle(s);
    if (owned != NULL)
        gwapi__free(&allocator, owned, size);
    if (release != NULL)
        release(ctx, bytes, released_size);
}

const void *gwapi_snapshot_bytes(const gwapi_snapshot *snapshot, size_t *len)
{
    *len = snapshot->size;
    return snapshot->bytes;
}
