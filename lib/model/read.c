/*
 * Bytes to objects in the set: each document is judged, decoded and put into a batch; the batch
 * goes into the set at the end, where nothing can fail any more.
 */
#include "base/result.h"
#include "base/slice.h"
#include "base/struct.h"
#include "model/reading.h"

/* ---- one document -------------------------------------------------------------------- */

static gwapi_result tell_problem(gwapi__reading *r, gwapi__document *d,
                                 const gwapi__doc_problem *p, gwapi_severity severity)
{
    return gwapi__reading_tell(r, d,
                               &(gwapi_diagnostic){.severity = severity,
                                                   .type = p->type,
                                                   .rule = p->rule,
                                                   .path = p->path,
                                                   .pointer = p->pointer,
                                                   .message = p->message,
                                                   .hint = p->hint,
                                                   .line = p->place.line,
                                                   .column = p->place.column});
}

/* Why it is unreadable; in one that can be read, what the server passes over in silence. */
static gwapi_result tell_problems(gwapi__reading *r, gwapi__document *d)
{
    bool readable = d->doc.root != NULL;

    for (size_t i = 0; i < d->doc.problem_count; i++) {
        const gwapi__doc_problem *p = &d->doc.problems[i];
        if (p->type == GWAPI_ERROR_DUPLICATE)
            continue;
        r->limited |= !readable && p->type == GWAPI_ERROR_LIMIT;
        GWAPI__TRY(
            tell_problem(r, d, p, readable ? GWAPI_SEVERITY_WARNING : GWAPI_SEVERITY_ERROR));
    }
    return GWAPI_OK;
}

/* Repeated keys, which the caller's policy for unknown fields covers. */
static gwapi_result tell_duplicates(gwapi__reading *r, gwapi__document *d)
{
    gwapi_unknown policy = r->resources->unknown_fields;
    bool error = policy == GWAPI_UNKNOWN_ERROR;

    if (policy == GWAPI_UNKNOWN_IGNORE || r->stored)
        return GWAPI_OK;
    for (size_t i = 0; i < d->doc.problem_count; i++) {
        const gwapi__doc_problem *p = &d->doc.problems[i];
        if (p->type != GWAPI_ERROR_DUPLICATE)
            continue;
        d->errors += error;
        GWAPI__TRY(
            tell_problem(r, d, p, error ? GWAPI_SEVERITY_ERROR : GWAPI_SEVERITY_WARNING));
    }
    return GWAPI_OK;
}

static uint32_t judge_flags(const gwapi__reading *r)
{
    static const uint32_t unknown[] = {
        [GWAPI_UNKNOWN_ERROR] = GWAPI__JUDGE_UNKNOWN_ERROR,
        [GWAPI_UNKNOWN_WARN] = GWAPI__JUDGE_UNKNOWN_WARN,
        [GWAPI_UNKNOWN_IGNORE] = 0,
    };
    uint32_t create = (r->source.flags & GWAPI_READ_CREATE) != 0 ? GWAPI__JUDGE_CREATE : 0;

    return create | (r->stored ? GWAPI__JUDGE_STORED : unknown[r->resources->unknown_fields]);
}

static gwapi_result judge(gwapi__reading *r, gwapi__document *d)
{
    size_t errors = 0;
    const gwapi__judge_input input = {
        .root = d->doc.root,
        .old_root = gwapi__document_old(r, d),
        .arena = &r->arena,
        .default_namespace = r->resources->default_namespace,
        .flags = judge_flags(r),
        .report = r->report,
        .document = d->index,
        .file = r->source.name,
        .stream = r->stream,
    };

    GWAPI__TRY(gwapi__judge(d->known, &input, &errors));
    d->errors += errors;
    return GWAPI_OK;
}

/* What decoding finds: errors only in what no schema has judged. */
static gwapi_result hear_problem(void *ctx, const gwapi__decode_problem *problem)
{
    gwapi__document *d = ctx;
    bool error = d->known == NULL && !d->reading->stored;

    d->errors += error;
    return gwapi__reading_tell(
        d->reading, d,
        &(gwapi_diagnostic){.severity = error ? GWAPI_SEVERITY_ERROR : GWAPI_SEVERITY_WARNING,
                            .type = GWAPI_ERROR_TYPE_INVALID,
                            .rule = GWAPI__STR("model/undecodable"),
                            .path = problem->path,
                            .pointer = problem->pointer,
                            .message = problem->message,
                            .line = problem->place.line,
                            .column = problem->place.column});
}

static gwapi_result tell_no_name(gwapi__reading *r, gwapi__document *d)
{
    d->errors++;
    return gwapi__reading_tell(
        r, d,
        &(gwapi_diagnostic){.severity = GWAPI_SEVERITY_ERROR,
                            .type = GWAPI_ERROR_REQUIRED,
                            .rule = GWAPI__STR("metadata/name"),
                            .path = GWAPI__STR("metadata.name"),
                            .pointer = GWAPI__STR("/metadata/name"),
                            .message = GWAPI__STR("an object needs a name"),
                            .line = d->doc.root->place.line,
                            .column = d->doc.root->place.column});
}

/* Beyond 32 bits, as a few fields of the server are that no schema limits. None of them takes
 * a fraction, and what fits 64 bits is no float. */
static bool has_wide_number(const gwapi__node *node)
{
    if (node->type == GWAPI__NODE_INT)
        return node->as.integer < INT32_MIN || node->as.integer > INT32_MAX;
    if (node->type == GWAPI__NODE_LIST)
        for (uint32_t i = 0; i < node->as.list.count; i++)
            if (has_wide_number(node->as.list.items[i]))
                return true;
    if (node->type == GWAPI__NODE_MAP)
        for (uint32_t i = 0; i < node->as.map.count; i++)
            if (has_wide_number(node->as.map.fields[i].value))
                return true;
    return false;
}

/* A dry run decodes in order to hear of what cannot be. What a schema and rules of ours find
 * valid can be, but for wide numbers and for what an update may keep. */
static bool is_decodable(const gwapi__reading *r, const gwapi__document *d)
{
    return r->dry && !r->stored && d->known != NULL && d->info.builtin &&
           r->source.old == NULL && !has_wide_number(d->doc.root);
}

/* Decodes into the batch. */
static gwapi_result collect(gwapi__reading *r, gwapi__document *d)
{
    const gwapi__decode_listener listener = {d, hear_problem};
    const gwapi__decode_input input = {
        .root = d->doc.root,
        .info = &d->info,
        .arena = &r->arena,
        .identities = is_decodable(r, d) ? &r->identities : NULL,
        .keep_source = (r->resources->flags & GWAPI_RESOURCES_KEEP_SOURCE) != 0 && !r->dry,
        .file = r->source.name,
        .line = d->doc.line,
        /* What nobody knows nobody judges. */
        .listener = d->class != GWAPI__CLASS_OTHER ? &listener : NULL,
    };
    gwapi__resource *resource;

    if (!gwapi__set_reserve(&r->batch, 1))
        return GWAPI_ENOMEM;
    gwapi_result result = gwapi__resource_decode(&resource, &input);
    if (result == GWAPI_EINVALID)
        return d->class == GWAPI__CLASS_OTHER ? GWAPI_OK : tell_no_name(r, d);
    if (result != GWAPI_OK)
        return result;
    return gwapi__reading_add(r, d, resource);
}

static gwapi_result take(gwapi__reading *r, gwapi__document *d)
{
    switch (d->class) {
    case GWAPI__CLASS_KNOWN:
        d->verdict = GWAPI_VERDICT_VALID;
        GWAPI__TRY(tell_duplicates(r, d));
        GWAPI__TRY(gwapi__document_tell_deprecated(r, d));
        GWAPI__TRY(judge(r, d));
        break;
    case GWAPI__CLASS_CORE:
        GWAPI__TRY(tell_duplicates(r, d));
        break;
    case GWAPI__CLASS_OTHER:
        GWAPI__TRY(gwapi__document_tell_unknown(r, d));
        break;
    case GWAPI__CLASS_SKIPPED:
        return GWAPI_OK;
    }
    if (d->known != NULL)
        GWAPI__TRY(gwapi__document_identify(r, d)); /* with the namespace filled in */
    if (d->errors == 0 && d->class != GWAPI__CLASS_SKIPPED)
        GWAPI__TRY(collect(r, d));
    return GWAPI_OK;
}

static gwapi_result read_document(gwapi__reading *r, gwapi__document *d)
{
    const gwapi_document entry = {.struct_size = sizeof entry,
                                  .file = r->source.name,
                                  .index = d->doc.index,
                                  .line = d->doc.line};

    d->reading = r;
    d->verdict = GWAPI_VERDICT_SKIPPED;
    GWAPI__TRY(gwapi__report_open(r->report, &entry, &d->index));
    GWAPI__TRY(tell_problems(r, d));
    GWAPI__TRY(gwapi__document_classify(r, d));
    if (d->errors == 0 && d->verdict != GWAPI_VERDICT_UNREADABLE)
        GWAPI__TRY(take(r, d));
    if (d->errors != 0)
        d->verdict = GWAPI_VERDICT_INVALID;
    r->refused |= d->verdict == GWAPI_VERDICT_INVALID;
    r->unreadable |= d->verdict == GWAPI_VERDICT_UNREADABLE;
    gwapi__report_close(r->report, d->index, d->verdict);
    return GWAPI_OK;
}

/* ---- all of them --------------------------------------------------------------------- */

static gwapi_result open_stream(const gwapi__reading *r, gwapi__stream **out)
{
    gwapi_str bytes = {r->source.bytes, r->source.len};

    return gwapi__stream_open(out, &r->resources->allocator, bytes, r->source.format,
                              &r->resources->limits);
}

/* Has the source one document? Reads two at most. */
static gwapi_result find_paired(gwapi__reading *r)
{
    gwapi__stream *stream = NULL;
    gwapi__doc doc;
    bool more = true;
    size_t count = 0;

    if ((r->source.flags & GWAPI_READ_PAIR) == 0 || r->source.old == NULL ||
        gwapi_resources_count(r->source.old) != 1)
        return GWAPI_OK;
    gwapi_result result = open_stream(r, &stream);
    while (result == GWAPI_OK && more && count < 2) {
        result = gwapi__stream_next(stream, &r->arena, &doc, &more);
        count += more;
    }
    gwapi__stream_close(stream);
    r->paired = count == 1;
    return result;
}

static gwapi_result read_all(gwapi__reading *r)
{
    GWAPI__TRY(find_paired(r));
    GWAPI__TRY(open_stream(r, &r->stream));
    for (;;) {
        gwapi__document d = {.known = NULL};
        bool more = false;
        gwapi__arena_reset(&r->arena);
        GWAPI__TRY(gwapi__stream_next(r->stream, &r->arena, &d.doc, &more));
        if (!more)
            return GWAPI_OK;
        GWAPI__TRY(read_document(r, &d));
    }
}

static gwapi_result commit(gwapi__reading *r)
{
    gwapi__set *set = r->resources->set;
    size_t count = gwapi__set_count(&r->batch);

    if (r->dry || ((r->source.flags & GWAPI_READ_ATOMIC) != 0 && (r->refused || r->unreadable)))
        return GWAPI_OK;
    if (!gwapi__set_reserve(set, count))
        return GWAPI_ENOMEM;
    for (size_t i = 0; i < count; i++) {
        const gwapi__key key = gwapi__key_of(gwapi__set_at(&r->batch, i));
        if (!gwapi__set_own(set, &key))
            return GWAPI_ENOMEM;
    }
    for (size_t i = 0; i < count; i++)
        gwapi__resource_release(
            gwapi__set_put(set, gwapi__resource_retain(gwapi__set_at(&r->batch, i))));
    r->resources->revision += count != 0;
    return GWAPI_OK;
}

static gwapi_result check(const gwapi_source *source)
{
    const uint32_t flags = GWAPI_READ_ATOMIC | GWAPI_READ_DRY | GWAPI_READ_WARN_REPLACED |
                           GWAPI_READ_CREATE | GWAPI_READ_PAIR;

    if (source->mode > GWAPI_READ_STORED || source->format > GWAPI_FORMAT_JSON ||
        (source->flags & ~flags) != 0 || (source->bytes == NULL && source->len != 0))
        return GWAPI_EARGUMENT;
    if (source->old != NULL && (source->old->flags & GWAPI_RESOURCES_KEEP_SOURCE) == 0)
        return GWAPI_ESTATE;
    return GWAPI_OK;
}

gwapi_result gwapi_resources_read(gwapi_resources *resources, const gwapi_source *source,
                                  gwapi_report *report)
{
    gwapi__reading r = {.resources = resources, .report = report};

    if (resources == NULL || source == NULL)
        return GWAPI_EARGUMENT;
    GWAPI__TRY(gwapi__struct_in(&r.source, sizeof r.source, source, sizeof r.source));
    GWAPI__TRY(check(&r.source));
    r.stored = r.source.mode == GWAPI_READ_STORED;
    r.dry = (r.source.flags & GWAPI_READ_DRY) != 0;
    gwapi__arena_init(&r.arena, &resources->allocator);
    gwapi__arena_init(&r.identities, &resources->allocator);
    gwapi__set_init(&r.batch, &resources->allocator);
    gwapi_result result = read_all(&r);
    if (result == GWAPI_OK && r.limited)
        result = GWAPI_ELIMIT;
    if (result == GWAPI_OK)
        result = commit(&r);
    gwapi__set_free(&r.batch);
    gwapi__arena_free(&r.identities);
    gwapi__arena_free(&r.arena);
    gwapi__stream_close(r.stream);
    if (result != GWAPI_OK)
        return result;
    return r.refused ? GWAPI_EINVALID : r.unreadable ? GWAPI_EUNREADABLE : GWAPI_OK;
}
