/* What a document is: kind and version, and whether anybody knows it. */
#include "base/result.h"
#include "base/slice.h"
#include "base/text.h"
#include "model/reading.h"

static const gwapi__kind_info core_kinds[] = {
    {GWAPI_STR_INIT(""), GWAPI_STR_INIT("v1"), GWAPI_STR_INIT("Namespace"),
     GWAPI_STR_INIT("namespaces"), false, true, false, false},
    {GWAPI_STR_INIT(""), GWAPI_STR_INIT("v1"), GWAPI_STR_INIT("Service"),
     GWAPI_STR_INIT("services"), true, true, false, false},
    {GWAPI_STR_INIT(""), GWAPI_STR_INIT("v1"), GWAPI_STR_INIT("Secret"),
     GWAPI_STR_INIT("secrets"), true, false, false, false},
    {GWAPI_STR_INIT(""), GWAPI_STR_INIT("v1"), GWAPI_STR_INIT("ConfigMap"),
     GWAPI_STR_INIT("configmaps"), true, false, false, false},
};

gwapi_result gwapi__reading_tell(gwapi__reading *r, const gwapi__document *d,
                                 const gwapi_diagnostic *diagnostic)
{
    gwapi_diagnostic full = *diagnostic;

    if (r->report == NULL)
        return GWAPI_OK;
    full.file = r->source.name;
    full.document = d->index;
    if (full.line != 0)
        full.excerpt = gwapi__stream_excerpt(r->stream, (gwapi__place){full.line, full.column},
                                             &full.excerpt_column);
    return gwapi__report_add(r->report, &full);
}

/* ---- kind and version ---------------------------------------------------------------- */

/* A diagnostic about one of the two members that say what the object is. */
static gwapi_result tell_type(gwapi__reading *r, gwapi__document *d, gwapi_error_type type,
                              gwapi_str name, const gwapi__node *at, gwapi_str message)
{
    gwapi_str pointer = name.data[0] == 'k' ? GWAPI__STR("/kind") : GWAPI__STR("/apiVersion");

    d->errors++;
    return gwapi__reading_tell(r, d,
                               &(gwapi_diagnostic){.severity = GWAPI_SEVERITY_ERROR,
                                                   .type = type,
                                                   .rule = GWAPI__STR("object/type"),
                                                   .path = name,
                                                   .pointer = pointer,
                                                   .message = message,
                                                   .line = at->place.line,
                                                   .column = at->place.column});
}

static gwapi_result read_type(gwapi__reading *r, gwapi__document *d, gwapi_str name,
                              gwapi_str *out)
{
    const gwapi__node *root = d->doc.root, *value = gwapi__node_get(root, name);
    bool kind = name.data[0] == 'k';

    if (value != NULL && value->type == GWAPI__NODE_STRING && value->as.string.len != 0) {
        *out = value->as.string;
        return GWAPI_OK;
    }
    if (value == NULL || value->type == GWAPI__NODE_NULL || value->type == GWAPI__NODE_STRING)
        return tell_type(r, d, GWAPI_ERROR_REQUIRED, name, root,
                         kind ? GWAPI__STR("an object needs a kind")
                              : GWAPI__STR("an object needs an apiVersion"));
    return tell_type(r, d, GWAPI_ERROR_TYPE_INVALID, name, value,
                     kind ? GWAPI__STR("kind must be a string")
                          : GWAPI__STR("apiVersion must be a string"));
}

/* "v1" or "group/version". */
static gwapi_result split_version(gwapi__reading *r, gwapi__document *d)
{
    gwapi_str head, tail, version = {NULL, 0};

    if (!gwapi__str_cut(d->api_version, '/', &head, &tail)) {
        d->info.group = GWAPI__STR("");
        d->info.version = head;
        return GWAPI_OK;
    }
    if (gwapi__str_find_char(tail, '/') != SIZE_MAX)
        return tell_type(r, d, GWAPI_ERROR_INVALID, GWAPI__STR("apiVersion"),
                         gwapi__node_get(d->doc.root, GWAPI__STR("apiVersion")),
                         GWAPI__STR("apiVersion must have the form group/version or version"));
    version = tail;
    d->info.group = head;
    d->info.version = version;
    return GWAPI_OK;
}

/* Is it named "Kind" or "Kind.group" among those to pass over? */
static bool to_skip(const gwapi_resources *resources, const gwapi__kind_info *info)
{
    for (size_t i = 0; i < resources->skip_count; i++) {
        gwapi_str kind, group;
        bool has_group = gwapi__str_cut(resources->skip[i], '.', &kind, &group);
        if (gwapi__str_eq(kind, info->kind) &&
            (!has_group || gwapi__str_eq(group, info->group)))
            return true;
    }
    return false;
}

static gwapi_result find_class(gwapi__reading *r, gwapi__document *d)
{
    d->class = GWAPI__CLASS_SKIPPED;
    if (to_skip(r->resources, &d->info))
        return GWAPI_OK;
    GWAPI__TRY(
        gwapi__schema_find(r->resources->schema, d->api_version, d->info.kind, &d->known));
    if (d->known != NULL) {
        d->class = GWAPI__CLASS_KNOWN;
        d->info = *gwapi__kind_info_of(d->known);
        return GWAPI_OK;
    }
    d->class = GWAPI__CLASS_OTHER;
    d->info.namespaced = true;
    for (size_t i = 0; i < sizeof core_kinds / sizeof *core_kinds; i++)
        if (gwapi__str_eq(d->api_version, core_kinds[i].version) &&
            gwapi__str_eq(d->info.kind, core_kinds[i].kind)) {
            d->class = GWAPI__CLASS_CORE;
            d->info = core_kinds[i];
        }
    return GWAPI_OK;
}

static gwapi_result tell_no_object(gwapi__reading *r, gwapi__document *d)
{
    const gwapi__node *root = d->doc.root;
    gwapi__text message;

    d->verdict = GWAPI_VERDICT_UNREADABLE;
    gwapi__text_init(&message, &r->resources->allocator);
    gwapi__text_addz(&message, "a document must be an object, this one is of type ");
    gwapi__text_addz(&message, gwapi__node_type_name(root->type));
    gwapi_result result =
        message.failed
            ? GWAPI_ENOMEM
            : gwapi__reading_tell(r, d,
                                  &(gwapi_diagnostic){.severity = GWAPI_SEVERITY_ERROR,
                                                      .type = GWAPI_ERROR_TYPE_INVALID,
                                                      .rule = GWAPI__STR("object/no-object"),
                                                      .message = gwapi__text_str(&message),
                                                      .line = root->place.line,
                                                      .column = root->place.column});
    gwapi__text_free(&message);
    return result;
}

/* Fills in the namespace of a core kind, as the schema room does of the kinds it knows. */
static gwapi_result fill_namespace(gwapi__reading *r, gwapi__document *d)
{
    gwapi__node *metadata = gwapi__node_get(d->doc.root, GWAPI__STR("metadata"));
    const gwapi__place nowhere = {0, 0};

    if (d->class != GWAPI__CLASS_CORE || !d->info.namespaced || metadata == NULL ||
        metadata->type != GWAPI__NODE_MAP)
        return GWAPI_OK;
    const gwapi__node *ns = gwapi__node_get(metadata, GWAPI__STR("namespace"));
    if (ns != NULL && ns->type != GWAPI__NODE_NULL &&
        !(ns->type == GWAPI__NODE_STRING && ns->as.string.len == 0))
        return GWAPI_OK;
    gwapi_str text;
    if (!gwapi__arena_copy(&r->arena, r->resources->default_namespace, &text))
        return GWAPI_ENOMEM;
    gwapi__node *filled = gwapi__node_string(&r->arena, text, nowhere);
    return filled != NULL && gwapi__node_set(&r->arena, metadata, GWAPI__STR("namespace"),
                                             nowhere, filled)
               ? GWAPI_OK
               : GWAPI_ENOMEM;
}

gwapi_result gwapi__document_classify(gwapi__reading *r, gwapi__document *d)
{
    if (d->doc.root == NULL) {
        d->verdict = GWAPI_VERDICT_UNREADABLE;
        return GWAPI_OK;
    }
    if (d->doc.root->type != GWAPI__NODE_MAP)
        return tell_no_object(r, d);
    GWAPI__TRY(read_type(r, d, GWAPI__STR("apiVersion"), &d->api_version));
    GWAPI__TRY(read_type(r, d, GWAPI__STR("kind"), &d->info.kind));
    if (d->errors == 0)
        GWAPI__TRY(split_version(r, d));
    if (d->errors == 0)
        GWAPI__TRY(find_class(r, d));
    GWAPI__TRY(fill_namespace(r, d));
    return gwapi__document_identify(r, d);
}

/* ---- identity ------------------------------------------------------------------------ */

const gwapi__node *gwapi__document_metadata(const gwapi__document *d)
{
    return gwapi__node_get(d->doc.root, GWAPI__STR("metadata"));
}

gwapi_result gwapi__document_identify(gwapi__reading *r, const gwapi__document *d)
{
    const gwapi__node *metadata = gwapi__document_metadata(d);

    return gwapi__report_identify(r->report, d->index, d->api_version, d->info.kind,
                                  gwapi__node_get_str(metadata, GWAPI__STR("namespace")),
                                  gwapi__node_get_str(metadata, GWAPI__STR("name")));
}

const gwapi__node *gwapi__document_old(const gwapi__reading *r, const gwapi__document *d)
{
    const gwapi_resources *old = r->source.old;
    const gwapi__node *metadata = gwapi__document_metadata(d);
    gwapi_str ns = gwapi__node_get_str(metadata, GWAPI__STR("namespace"));

    if (old == NULL)
        return NULL;
    if (!d->info.namespaced)
        ns = GWAPI__STR("");
    else if (ns.len == 0)
        ns = r->resources->default_namespace;
    const gwapi__key key = {d->info.group, d->info.kind, ns,
                            gwapi__node_get_str(metadata, GWAPI__STR("name"))};
    const gwapi__resource *found = gwapi__set_find(old->set, &key);
    if (found == NULL && r->paired)
        found = gwapi__set_at(old->set, 0);
    return found != NULL && gwapi__str_eq(found->kind_name, d->info.kind) &&
                   gwapi__str_eq(found->group, d->info.group)
               ? found->source
               : NULL;
}
