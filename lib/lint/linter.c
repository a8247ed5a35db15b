/* The order of a lint, and from a finding to a diagnostic with its place. */
#include "lint/linter.h"

#include "base/report.h"
#include "base/struct.h"
#include "model/store.h"

/* ---- paths --------------------------------------------------------------------------- */

gwapi__lint_path gwapi__lint_root(const char *name)
{
    return gwapi__lint_member((gwapi__lint_path){.count = 0}, name);
}

gwapi__lint_path gwapi__lint_member(gwapi__lint_path path, const char *name)
{
    path.steps[path.count].index = 0;
    path.steps[path.count++].name = name;
    return path;
}

gwapi__lint_path gwapi__lint_item(gwapi__lint_path path, const char *list, size_t index)
{
    path = gwapi__lint_member(path, list);
    path.steps[path.count].name = NULL;
    path.steps[path.count++].index = index;
    return path;
}

/* As the API server writes it, or with `pointer` as a JSON Pointer. */
static gwapi_result path_text(gwapi__linter *l, const gwapi__lint_path *path, bool pointer,
                              gwapi_str *out)
{
    gwapi__text t;

    gwapi__text_init(&t, &l->arena.allocator);
    for (size_t i = 0; i < path->count; i++) {
        bool item = path->steps[i].name == NULL;
        gwapi__text_addz(&t, pointer ? "/" : item ? "[" : i != 0 ? "." : "");
        if (item)
            gwapi__text_u64(&t, path->steps[i].index);
        else
            gwapi__text_addz(&t, path->steps[i].name);
        gwapi__text_addz(&t, item && !pointer ? "]" : "");
    }
    return gwapi__message_take(out, &l->arena, &t);
}

/* The deepest value on the way that stands in the text: what was filled in has no place. */
static gwapi__place place_of(const gwapi__resource *resource, const gwapi__lint_path *path)
{
    gwapi__place place = {resource->line, resource->source != NULL ? 1 : 0};
    const gwapi__node *node = resource->source;

    for (size_t i = 0; node != NULL && i < path->count; i++) {
        const char *name = path->steps[i].name;
        size_t index = path->steps[i].index;
        if (name != NULL)
            node = gwapi__node_get(node, gwapi__str_of(name));
        else
            node = node->type == GWAPI__NODE_LIST && index < node->as.list.count
                       ? node->as.list.items[index]
                       : NULL;
        if (node != NULL && node->place.line != 0)
            place = node->place;
    }
    return place;
}

/* ---- findings ------------------------------------------------------------------------ */

gwapi__identity gwapi__lint_identity(const gwapi__resource *resource)
{
    return (gwapi__identity){resource->group, resource->kind_name, resource->meta.namespace_,
                             resource->meta.name};
}

const gwapi__resource *gwapi__lint_find(const gwapi__linter *l, const gwapi__identity *key)
{
    return gwapi__resources_lookup(l->set, key->group, key->kind, key->namespace_, key->name);
}

gwapi_result gwapi__lint_add(gwapi__linter *l, const gwapi__resource *resource,
                             const gwapi__lint_rule *rule, const gwapi__lint_path *path,
                             gwapi_str message)
{
    gwapi__identity key = gwapi__lint_identity(resource);
    gwapi__place place = place_of(resource, path);
    gwapi__lint_finding *f = gwapi__vector_push(&l->findings);

    if (f == NULL)
        return GWAPI_ENOMEM;
    f->object = gwapi__index_get(&l->order, &key);
    f->diagnostic = (gwapi_diagnostic){
        .struct_size = sizeof f->diagnostic,
        .severity = rule->severity,
        .type = GWAPI_ERROR_REFERENCE,
        .rule = gwapi__str_of(rule->id),
        .message = message,
        .file = resource->file,
        .line = place.line,
        .column = place.column,
        .document = gwapi__index_get(&l->documents, &key),
    };
    if (rule->hint != NULL)
        f->diagnostic.hint = gwapi__str_of(rule->hint);
    GWAPI__TRY(path_text(l, path, false, &f->diagnostic.path));
    return path_text(l, path, true, &f->diagnostic.pointer);
}

static int by_place(const void *a, const void *b, void *ctx)
{
    const gwapi__lint_finding *x = a, *y = b;

    (void)ctx;
    if (x->object != y->object)
        return x->object < y->object ? -1 : 1;
    if (x->diagnostic.line != y->diagnostic.line)
        return x->diagnostic.line < y->diagnostic.line ? -1 : 1;
    return (x->diagnostic.column > y->diagnostic.column) -
           (x->diagnostic.column < y->diagnostic.column);
}

static gwapi_result tell(gwapi__linter *l)
{
    if (!gwapi__vector_sort(&l->findings, by_place, NULL))
        return GWAPI_ENOMEM;
    for (size_t i = 0; i < l->findings.count; i++)
        GWAPI__TRY(gwapi__report_add(
            l->report, &GWAPI__AT(&l->findings, gwapi__lint_finding, i)->diagnostic));
    return GWAPI_OK;
}

/* ---- the whole ----------------------------------------------------------------------- */

static gwapi_result index_objects(gwapi__linter *l)
{
    for (size_t i = 0; i < gwapi__resources_count(l->set); i++) {
        gwapi__identity key = gwapi__lint_identity(gwapi__resources_get(l->set, i));
        uint32_t *at = gwapi__index_at(&l->order, &key);
        if (at == NULL)
            return GWAPI_ENOMEM;
        *at = (uint32_t)i;
    }
    return GWAPI_OK;
}

/* Of several documents of one object the last one is what is in the set. */
static gwapi_result index_documents(gwapi__linter *l)
{
    size_t count = l->report != NULL ? gwapi_report_document_count(l->report) : 0;
    gwapi_document d = {.struct_size = sizeof d};

    for (size_t i = 0; i < count; i++) {
        if (gwapi_report_document_at(l->report, i, &d) != GWAPI_OK ||
            d.verdict != GWAPI_VERDICT_VALID)
            continue;
        size_t slash = gwapi__str_find_char(d.api_version, '/');
        gwapi_str group =
            slash == SIZE_MAX ? GWAPI__STR("") : gwapi__str_sub(d.api_version, 0, slash);
        gwapi__identity key = {group, d.kind, d.namespace_, d.name};
        uint32_t *at = gwapi__index_at(&l->documents, &key);
        if (at == NULL)
            return GWAPI_ENOMEM;
        *at = (uint32_t)i;
    }
    return GWAPI_OK;
}

static gwapi_result lint(gwapi__linter *l)
{
    GWAPI__TRY(index_objects(l));
    GWAPI__TRY(index_documents(l));
    GWAPI__TRY(gwapi__topology_resolve(&l->topology, l->set, l->options, &l->recorder, NULL));
    GWAPI__TRY(gwapi__lint_parents(l));
    GWAPI__TRY(gwapi__lint_backends(l));
    GWAPI__TRY(gwapi__lint_rules(l));
    GWAPI__TRY(gwapi__lint_ties(l));
    GWAPI__TRY(gwapi__lint_gateways(l));
    GWAPI__TRY(gwapi__lint_targets(l));
    GWAPI__TRY(gwapi__lint_grants(l));
    return tell(l);
}

gwapi_result gwapi_lint(const gwapi_resources *resources, const gwapi_resolve_options *options,
                        gwapi_report *report)
{
    gwapi_resolve_options o;
    gwapi_allocator allocator;

    if (resources == NULL)
        return GWAPI_EARGUMENT;
    GWAPI__TRY(gwapi__struct_in(&o, sizeof o, options, sizeof(gwapi_resolve_options)));
    GWAPI__TRY(gwapi__allocator_init(&allocator, o.allocator));
    o.struct_size = sizeof o;
    o.previous = NULL; /* every decision is to be heard */
    gwapi__linter l = {.set = resources, .options = &o, .report = report};
    gwapi__recorder_init(&l.recorder, &allocator, NULL);
    gwapi__arena_init(&l.arena, &allocator);
    gwapi__index_init(&l.order, &allocator);
    gwapi__index_init(&l.documents, &allocator);
    gwapi__vector_init(&l.findings, &allocator, sizeof(gwapi__lint_finding));
    gwapi_result result = lint(&l);
    gwapi__vector_free(&l.findings);
    gwapi__index_free(&l.documents);
    gwapi__index_free(&l.order);
    gwapi__arena_free(&l.arena);
    gwapi__recorder_free(&l.recorder);
    gwapi_topology_release(l.topology);
    return result;
}
