/* CustomResourceDefinitions at run time, by the loader that reads the built-in schemas. */
#include "base/report.h"
#include "base/result.h"
#include "base/slice.h"
#include "base/text.h"
#include "schema/kind.h"

/* What one call adds, until all of it is known to be right. */
typedef struct addition {
    gwapi_schema *schema;
    gwapi_report *report;
    gwapi_str file;
    gwapi__stream *stream;
    gwapi__arena *arena; /* of the document */
    gwapi__vector entries;
    bool refused;
} addition;

static gwapi_result add(addition *a, gwapi_diagnostic *d)
{
    const gwapi__place place = {d->line, d->column};

    a->refused = true;
    d->severity = GWAPI_SEVERITY_ERROR;
    d->file = a->file;
    d->document = GWAPI__NO_DOCUMENT;
    if (place.line != 0 && d->excerpt.data == NULL)
        d->excerpt = gwapi__stream_excerpt(a->stream, place, &d->excerpt_column);
    return gwapi__report_add(a->report, d);
}

static gwapi_result refuse(addition *a, gwapi_error_type type, const char *rule, gwapi_str path,
                           gwapi__place place, gwapi_str message)
{
    gwapi_diagnostic d = {.type = type,
                          .rule = gwapi__str_of(rule),
                          .path = path,
                          .message = message,
                          .line = place.line,
                          .column = place.column};

    return add(a, &d);
}

static gwapi_result refuse_member(addition *a, const gwapi__node *near, const char *path,
                                  const char *message)
{
    return refuse(a, GWAPI_ERROR_INVALID, "crd/definition", gwapi__str_of(path), near->place,
                  gwapi__str_of(message));
}

/* ---- a version ------------------------------------------------------------------------- */

static gwapi_result report_problems(addition *a, uint32_t version,
                                    const gwapi__load_problem *problems)
{
    gwapi__text path;
    gwapi_result r = GWAPI_OK;

    gwapi__text_init(&path, &a->arena->allocator);
    for (const gwapi__load_problem *p = problems; r == GWAPI_OK && p != NULL; p = p->next) {
        gwapi__text_cut(&path, 0);
        gwapi__text_addz(&path, "spec.versions[");
        gwapi__text_u64(&path, version);
        gwapi__text_addz(&path, "].schema.openAPIV3Schema");
        if (p->path.len != 0)
            gwapi__text_char(&path, '.');
        gwapi__text_add(&path, p->path);
        gwapi_diagnostic d = {.type = GWAPI_ERROR_INVALID,
                              .rule = GWAPI__STR("crd/schema"),
                              .path = gwapi__text_str(&path),
                              .message = p->message,
                              .line = p->place.line,
                              .column = p->place.column,
                              .excerpt = p->excerpt,
                              .excerpt_column = p->excerpt_column};
        r = path.failed ? GWAPI_ENOMEM : add(a, &d);
    }
    gwapi__text_free(&path);
    return r;
}

static bool flag(const gwapi__node *map, const char *name)
{
    const gwapi__node *value = gwapi__node_get(map, gwapi__str_of(name));

    return value != NULL && value->type == GWAPI__NODE_BOOL && value->as.boolean;
}

static gwapi_result push_entry(addition *a, gwapi__kind *kind, bool storage,
                               const gwapi__node *source)
{
    const gwapi__node *kept = NULL;

    if (a->schema->keep_text &&
        (kept = gwapi__node_copy(&kind->arena, source, true)) == NULL)
        return GWAPI_ENOMEM;
    gwapi__entry *e = gwapi__vector_push(&a->entries);
    if (e == NULL)
        return GWAPI_ENOMEM;
    *e = (gwapi__entry){.group = kind->info.group,
                        .version = kind->info.version,
                        .kind_name = kind->info.kind,
                        .plural = kind->info.plural,
                        .namespaced = kind->info.namespaced,
                        .deprecated = kind->info.deprecated,
                        .storage = storage,
                        .source = kept};
    atomic_init(&e->kind, kind);
    return GWAPI_OK;
}

static gwapi_result add_version(addition *a, const gwapi__kind_info *common,
                                const gwapi__node *version, uint32_t index)
{
    const gwapi__node *schema = gwapi__node_get(
        gwapi__node_get(version, GWAPI__STR("schema")), GWAPI__STR("openAPIV3Schema"));
    const gwapi__node *subresources = gwapi__node_get(version, GWAPI__STR("subresources"));
    const gwapi__load_problem *problems;
    gwapi__kind_info info = *common;

    info.version = gwapi__node_get_str(version, GWAPI__STR("name"));
    info.deprecated = flag(version, "deprecated");
    info.status_subresource = gwapi__node_get(subresources, GWAPI__STR("status")) != NULL;
    if (info.version.len == 0)
        return refuse_member(a, version, "spec.versions", "a version needs a name");
    if (schema == NULL)
        return refuse_member(a, version, "spec.versions",
                             "a version needs schema.openAPIV3Schema");
    if (!flag(version, "served"))
        return GWAPI_OK;
    gwapi__kind *kind = gwapi__kind_new(a->schema, &info);
    if (kind == NULL)
        return GWAPI_ENOMEM;
    gwapi__load_input in = {
        .schema = schema, .minor = a->schema->minor, .scratch = a->arena};
    gwapi_result r = gwapi__load(kind, &in, &problems);
    if (r == GWAPI_OK && (r = push_entry(a, kind, flag(version, "storage"), schema)) == GWAPI_OK)
        return GWAPI_OK;
    gwapi__kind_free(&a->schema->allocator, kind);
    return r == GWAPI_EINVALID ? report_problems(a, index, problems) : r;
}

/* ---- a definition ---------------------------------------------------------------------- */

static gwapi_result add_definition(addition *a, const gwapi__node *root)
{
    const gwapi__node *spec = gwapi__node_get(root, GWAPI__STR("spec"));
    const gwapi__node *names = gwapi__node_get(spec, GWAPI__STR("names"));
    const gwapi__node *versions = gwapi__node_get(spec, GWAPI__STR("versions"));
    gwapi_str scope = gwapi__node_get_str(spec, GWAPI__STR("scope"));
    gwapi__kind_info info = {.group = gwapi__node_get_str(spec, GWAPI__STR("group")),
                             .kind = gwapi__node_get_str(names, GWAPI__STR("kind")),
                             .plural = gwapi__node_get_str(names, GWAPI__STR("plural")),
                             .namespaced = gwapi__str_eq(scope, GWAPI__STR("Namespaced"))};

    if (info.group.len == 0)
        return refuse_member(a, root, "spec.group", "a definition needs a group");
    if (info.kind.len == 0)
        return refuse_member(a, root, "spec.names.kind", "a definition needs a kind");
    if (info.plural.len == 0)
        return refuse_member(a, root, "spec.names.plural", "a definition needs a plural name");
    if (!info.namespaced && !gwapi__str_eq(scope, GWAPI__STR("Cluster")))
        return refuse_member(a, root, "spec.scope", "must be Namespaced or Cluster");
    if (versions == NULL || versions->type != GWAPI__NODE_LIST || versions->as.list.count == 0)
        return refuse_member(a, root, "spec.versions", "a definition needs versions");
    for (uint32_t i = 0; i < versions->as.list.count; i++)
        GWAPI__TRY(add_version(a, &info, versions->as.list.items[i], i));
    return GWAPI_OK;
}

static bool is_definition(const gwapi__node *root)
{
    return gwapi__str_eq(gwapi__node_get_str(root, GWAPI__STR("kind")),
                         GWAPI__STR("CustomResourceDefinition")) &&
           gwapi__str_eq(gwapi__node_get_str(root, GWAPI__STR("apiVersion")),
                         GWAPI__STR("apiextensions.k8s.io/v1"));
}

static gwapi_result add_document(addition *a, const gwapi__doc *doc)
{
    if (doc->root != NULL)
        return is_definition(doc->root) ? add_definition(a, doc->root) : GWAPI_OK;
    for (size_t i = 0; i < doc->problem_count; i++) {
        const gwapi__doc_problem *p = &doc->problems[i];
        GWAPI__TRY(refuse(a, p->type, "crd/unreadable", p->path, p->place, p->message));
    }
    return GWAPI_OK;
}

/* ---- the call -------------------------------------------------------------------------- */

static gwapi_result add_documents(addition *a, gwapi__stream *stream)
{
    gwapi__doc doc;
    bool more = true;

    for (;;) {
        GWAPI__TRY(gwapi__stream_next(stream, a->arena, &doc, &more));
        if (!more)
            return GWAPI_OK;
        GWAPI__TRY(add_document(a, &doc));
        gwapi__arena_reset(a->arena);
    }
}

/* Everything or nothing. */
static gwapi_result commit(addition *a)
{
    if (a->refused)
        return GWAPI_EINVALID;
    if (!gwapi__vector_reserve(&a->schema->entries, a->entries.count))
        return GWAPI_ENOMEM;
    for (size_t i = 0; i < a->entries.count; i++) {
        const gwapi__entry *e = GWAPI__AT(&a->entries, gwapi__entry, i);
        gwapi__schema_forget(a->schema, e->group, e->kind_name);
    }
    for (size_t i = 0; i < a->entries.count; i++)
        memcpy(gwapi__vector_push(&a->schema->entries), gwapi__vector_at(&a->entries, i),
               sizeof(gwapi__entry));
    a->entries.count = 0;
    return GWAPI_OK;
}

gwapi_result gwapi_schema_add_crd(gwapi_schema *schema, gwapi_str file, gwapi_str bytes,
                                  gwapi_report *report)
{
    gwapi__stream *stream;
    gwapi__arena arena;

    if (schema == NULL || (bytes.data == NULL && bytes.len != 0))
        return GWAPI_EARGUMENT;
    if (schema->sealed)
        return GWAPI_ESTATE;
    GWAPI__TRY(gwapi__stream_open(&stream, &schema->allocator, bytes, GWAPI_FORMAT_AUTO,
                                  &schema->limits));
    addition a = {
        .schema = schema, .report = report, .file = file, .stream = stream, .arena = &arena};
    gwapi__arena_init(&arena, &schema->allocator);
    gwapi__vector_init(&a.entries, &schema->allocator, sizeof(gwapi__entry));
    gwapi_result r = add_documents(&a, stream);
    if (r == GWAPI_OK)
        r = commit(&a);
    for (size_t i = 0; i < a.entries.count; i++)
        gwapi__kind_free(&schema->allocator,
                         atomic_load_explicit(&GWAPI__AT(&a.entries, gwapi__entry, i)->kind,
                                              memory_order_relaxed));
    gwapi__vector_free(&a.entries);
    gwapi__arena_free(&arena);
    gwapi__stream_close(stream);
    return r;
}
