/*
 * CustomResourceDefinitions at run time: each is judged as the API server would judge it, then
 * compiled by the loader that reads the built-in schemas.
 */
#include "base/report.h"
#include "base/result.h"
#include "schema/crd_judge.h"
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

/* The kind of definitions themselves. */
static const gwapi__kind definition_kind = {
    .info = {.group = {"apiextensions.k8s.io", 20},
             .version = {"v1", 2},
             .kind = {"CustomResourceDefinition", 24},
             .plural = {"customresourcedefinitions", 25}}};

/* ---- compiling ------------------------------------------------------------------------- */

/* What the loader refuses although the server would take it: its limits. */
static void report_problems(gwapi__judgement *j, const gwapi__frame *at,
                            const gwapi__load_problem *problems)
{
    for (const gwapi__load_problem *p = problems; p != NULL; p = p->next) {
        const gwapi__node here = {.place = p->place};
        gwapi__frame frame = gwapi__crd_renamed(j, at, at, p->path.data);
        gwapi__crd_fault(j, &frame, &here, GWAPI_ERROR_INVALID, "crd/schema", "%v", p->message);
    }
}

/* GWAPI_EINVALID with what was reported. */
static gwapi_result load_kind(gwapi__kind **out, addition *a, gwapi__judgement *j,
                              const gwapi__kind_info *info, const gwapi__frame *at,
                              const gwapi__node *schema)
{
    const gwapi__load_problem *problems;
    gwapi__kind *kind = gwapi__kind_new(a->schema, info);
    gwapi__load_input in = {
        .schema = schema, .minor = a->schema->minor, .scratch = a->arena};

    *out = NULL;
    if (kind == NULL)
        return GWAPI_ENOMEM;
    gwapi_result r = gwapi__load(kind, &in, &problems);
    if (r == GWAPI_OK) {
        *out = kind;
        return r;
    }
    gwapi__kind_free(&a->schema->allocator, kind);
    if (r == GWAPI_EINVALID)
        report_problems(j, at, problems);
    return r;
}

static gwapi_result push_entry(addition *a, gwapi__kind *kind, bool storage,
                               const gwapi__node *source)
{
    const gwapi__node *kept = NULL;

    if (a->schema->keep_text && (kept = gwapi__node_copy(&kind->arena, source, true)) == NULL)
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

static gwapi__kind_info info_of(const gwapi__node *spec, const gwapi__node *version)
{
    const gwapi__node *names = GWAPI__GET(spec, "names");

    return (gwapi__kind_info){
        .group = gwapi__node_get_str(spec, GWAPI__STR("group")),
        .version = gwapi__node_get_str(version, GWAPI__STR("name")),
        .kind = gwapi__node_get_str(names, GWAPI__STR("kind")),
        .plural = gwapi__node_get_str(names, GWAPI__STR("plural")),
        .namespaced = gwapi__str_eq(gwapi__node_get_str(spec, GWAPI__STR("scope")),
                                    GWAPI__STR("Namespaced")),
        .status_subresource =
            GWAPI__GET(GWAPI__GET(version, "subresources"), "status") != NULL,
        .deprecated = gwapi__crd_flag(version, "deprecated")};
}

/* ---- schemas --------------------------------------------------------------------------- */

/* With a status subresource, the root may only say what does not concern status. */
static void check_root(gwapi__judgement *j, const gwapi__frame *at, const gwapi__node *schema,
                       bool status)
{
    static const char *const allowed[] = {
        "description", "type", "format", "title", "maximum", "exclusiveMaximum", "minimum",
        "exclusiveMinimum", "maxLength", "minLength", "pattern", "maxItems", "minItems",
        "uniqueItems", "multipleOf", "required", "items", "properties", "externalDocs", "example",
        "x-kubernetes-preserve-unknown-fields", "x-kubernetes-validations"};
    const gwapi__node *type = GWAPI__GET(schema, "type");
    gwapi__frame type_at = gwapi__crd_at(at, schema, "type");
    gwapi__frame nullable_at = gwapi__crd_at(at, schema, "nullable");

    if (gwapi__crd_flag(schema, "nullable"))
        gwapi__crd_fault(j, &nullable_at, NULL, GWAPI_ERROR_FORBIDDEN, "crd/schema",
                         "the root must not be nullable");
    if (status && type != NULL && !gwapi__str_eq(type->as.string, GWAPI__STR("object"))) {
        gwapi__crd_fault(j, &type_at, type, GWAPI_ERROR_INVALID, "crd/schema",
                         "must be object where status is a subresource");
        return;
    }
    for (uint32_t i = 0; status && i < schema->as.map.count; i++) {
        const gwapi__field *field = &schema->as.map.fields[i];
        bool known = false;
        for (size_t k = 0; k < sizeof allowed / sizeof *allowed; k++)
            known = known || gwapi__str_eq(field->name, gwapi__str_of(allowed[k]));
        if (known)
            continue;
        const gwapi__node here = {.place = field->place};
        gwapi__crd_fault(j, at, &here, GWAPI_ERROR_INVALID, "crd/schema",
                         "%v must not stand at the root where status is a subresource",
                         field->name);
        return;
    }
}

/* The structure, the defaults if that is right, the rest, and the rules if all of it is. */
static gwapi_result check_schema(addition *a, gwapi__judgement *j, const gwapi__frame *at,
                                 const gwapi__node *schema, const gwapi__kind_info *info)
{
    bool convertible = gwapi__crd_is_convertible(schema);
    gwapi__kind *kind = NULL;
    size_t first = j->errors;

    check_root(j, at, schema, info->status_subresource);
    size_t before = j->errors;
    if (convertible)
        gwapi__crd_check_structural(j, at, schema);
    if (convertible && j->errors == before && j->failed == GWAPI_OK) {
        gwapi_result r = load_kind(&kind, a, j, info, at, schema);
        if (r != GWAPI_OK)
            return r == GWAPI_EINVALID ? j->failed : r;
        j->kind = kind; /* whose patterns the defaults are judged by */
        gwapi__crd_check_defaults(j, at, schema, kind->root);
        j->kind = &definition_kind;
    }
    bool sound = kind != NULL && j->errors == before;
    gwapi__crd_check_schema(j, at, schema, sound ? kind : NULL);
    gwapi__kind_free(&a->schema->allocator, kind);
    if (!convertible && j->errors == first)
        gwapi__crd_fault(j, at, NULL, GWAPI_ERROR_INVALID, "crd/schema",
                         "the schema has a keyword that is not supported: $schema");
    return j->failed;
}

static bool any_status(const gwapi__node *versions)
{
    for (uint32_t i = 0; i < gwapi__crd_count(versions); i++)
        if (GWAPI__GET(GWAPI__GET(versions->as.list.items[i], "subresources"), "status") != NULL)
            return true;
    return false;
}

/* The server looks subresources up by the name of the version. */
static bool has_status(const gwapi__node *versions, uint32_t i)
{
    const gwapi_str key = GWAPI__STR("name");
    gwapi_str name = gwapi__node_get_str(versions->as.list.items[i], key);
    uint32_t k = 0;

    while (!gwapi__str_eq(gwapi__node_get_str(versions->as.list.items[k], key), name))
        k++;
    return GWAPI__GET(GWAPI__GET(versions->as.list.items[k], "subresources"), "status") != NULL;
}

/* The schema of a version, or the one that all versions have. */
static gwapi_result check_version_schema(addition *a, gwapi__judgement *j,
                                         const gwapi__frame *spec_at, const gwapi__node *spec,
                                         uint32_t i, bool common)
{
    const gwapi__node *versions = GWAPI__GET(spec, "versions");
    const gwapi__node *version = versions->as.list.items[i];
    const gwapi__node *holder = GWAPI__GET(version, "schema");
    const gwapi__node *schema = GWAPI__GET(holder, "openAPIV3Schema");
    gwapi__frame list_at = gwapi__crd_at(spec_at, spec, "versions");
    gwapi__frame version_at = gwapi__frame_item(&list_at, versions, i);
    gwapi__frame real = gwapi__crd_at(&version_at, version, "schema");
    gwapi__frame holder_at =
        common ? gwapi__crd_renamed(j, &real, spec_at, "validation") : real;
    gwapi__frame at = gwapi__crd_at(&holder_at, holder, "openAPIV3Schema");
    gwapi__kind_info info = info_of(spec, version);

    if (schema == NULL)
        return j->failed;
    info.status_subresource = common ? any_status(versions) : has_status(versions, i);
    return check_schema(a, j, &at, schema, &info);
}

static void require_schemas(gwapi__judgement *j, const gwapi__frame *spec_at,
                            const gwapi__node *spec)
{
    const gwapi__node *versions = GWAPI__GET(spec, "versions");
    gwapi__frame list_at = gwapi__crd_at(spec_at, spec, "versions");

    for (uint32_t i = 0; i < gwapi__crd_count(versions); i++) {
        const gwapi__node *version = versions->as.list.items[i];
        const gwapi__node *holder = GWAPI__GET(version, "schema");
        gwapi__frame version_at = gwapi__frame_item(&list_at, versions, i);
        gwapi__frame holder_at = gwapi__crd_at(&version_at, version, "schema");
        gwapi__frame at = gwapi__crd_at(&holder_at, holder, "openAPIV3Schema");
        if (GWAPI__GET(holder, "openAPIV3Schema") == NULL)
            gwapi__crd_fault(j, &at, NULL, GWAPI_ERROR_REQUIRED, "crd/schema",
                             "a version needs a schema");
    }
}

/* ---- a definition ---------------------------------------------------------------------- */

static gwapi_result check_definition(addition *a, gwapi__judgement *j, gwapi__frame *at,
                                     gwapi__node *root)
{
    gwapi__crd_decode(j, at, root);
    if (j->undecodable || j->failed != GWAPI_OK)
        return j->failed;
    gwapi__meta_complete(j, root);
    const gwapi__node *spec = GWAPI__GET(root, "spec");
    const gwapi__node *versions = GWAPI__GET(spec, "versions");
    gwapi__frame spec_at = gwapi__crd_at(at, root, "spec");
    bool common = gwapi__crd_common(j, versions, "schema");
    uint32_t count = gwapi__crd_count(versions);
    gwapi__crd_check(j, at, root);
    require_schemas(j, &spec_at, spec);
    gwapi__crd_check_versions(j, &spec_at, spec, common);
    for (uint32_t i = 0; i < (common && count != 0 ? 1 : count); i++)
        GWAPI__TRY(check_version_schema(a, j, &spec_at, spec, i, common));
    return j->failed;
}

/* All that are served of a definition without errors. */
static gwapi_result add_versions(addition *a, gwapi__judgement *j, const gwapi__frame *at,
                                 const gwapi__node *spec)
{
    const gwapi__node *versions = GWAPI__GET(spec, "versions");

    for (uint32_t i = 0; i < gwapi__crd_count(versions); i++) {
        const gwapi__node *version = versions->as.list.items[i];
        const gwapi__node *schema =
            GWAPI__GET(GWAPI__GET(version, "schema"), "openAPIV3Schema");
        gwapi__kind_info info = info_of(spec, version);
        gwapi__kind *kind;
        if (!gwapi__crd_flag(version, "served"))
            continue;
        GWAPI__TRY(load_kind(&kind, a, j, &info, at, schema));
        if (push_entry(a, kind, gwapi__crd_flag(version, "storage"), schema) != GWAPI_OK) {
            gwapi__kind_free(&a->schema->allocator, kind);
            return GWAPI_ENOMEM;
        }
    }
    return GWAPI_OK;
}

static gwapi_result add_definition(addition *a, gwapi__judgement *j, gwapi__node *root)
{
    gwapi__frame at = gwapi__frame_root(root);

    GWAPI__TRY(check_definition(a, j, &at, root));
    if (j->errors == 0)
        GWAPI__TRY(add_versions(a, j, &at, GWAPI__GET(root, "spec")));
    a->refused = a->refused || j->errors != 0;
    return GWAPI_OK;
}

static gwapi_result judge_definition(addition *a, gwapi__node *root)
{
    gwapi__judge_input input = {.root = root,
                                .arena = a->arena,
                                .flags = GWAPI__JUDGE_UNKNOWN_WARN | GWAPI__JUDGE_CREATE,
                                .report = a->report,
                                .document = GWAPI__NO_DOCUMENT,
                                .file = a->file,
                                .stream = a->stream};
    gwapi__judgement j = {
        .kind = &definition_kind, .input = &input, .allocator = a->schema->allocator};

    gwapi__text_init(&j.message, &j.allocator);
    gwapi__text_init(&j.hint, &j.allocator);
    gwapi__text_init(&j.path, &j.allocator);
    gwapi__text_init(&j.pointer, &j.allocator);
    gwapi_result r = add_definition(a, &j, root);
    gwapi__text_free(&j.message);
    gwapi__text_free(&j.hint);
    gwapi__text_free(&j.path);
    gwapi__text_free(&j.pointer);
    gwapi__free(&j.allocator, j.scratch, j.scratch_size);
    return r;
}

/* ---- documents ------------------------------------------------------------------------- */

static bool is_definition(const gwapi__node *root)
{
    return gwapi__str_eq(gwapi__node_get_str(root, GWAPI__STR("kind")),
                         definition_kind.info.kind) &&
           gwapi__str_eq(gwapi__node_get_str(root, GWAPI__STR("apiVersion")),
                         GWAPI__STR("apiextensions.k8s.io/v1"));
}

static gwapi_result refuse_unreadable(addition *a, const gwapi__doc_problem *p)
{
    gwapi_diagnostic d = {.severity = GWAPI_SEVERITY_ERROR,
                          .type = p->type,
                          .rule = GWAPI__STR("crd/unreadable"),
                          .path = p->path,
                          .pointer = p->pointer,
                          .message = p->message,
                          .hint = p->hint,
                          .file = a->file,
                          .line = p->place.line,
                          .column = p->place.column,
                          .document = GWAPI__NO_DOCUMENT};

    a->refused = true;
    d.excerpt = gwapi__stream_excerpt(a->stream, p->place, &d.excerpt_column);
    return gwapi__report_add(a->report, &d);
}

static gwapi_result add_document(addition *a, const gwapi__doc *doc)
{
    if (doc->root != NULL)
        return is_definition(doc->root) ? judge_definition(a, doc->root) : GWAPI_OK;
    for (size_t i = 0; i < doc->problem_count; i++)
        GWAPI__TRY(refuse_unreadable(a, &doc->problems[i]));
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
