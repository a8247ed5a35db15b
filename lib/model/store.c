#include "model/store.h"

#include "base/limits.h"
#include "base/result.h"
#include "base/slice.h"
#include "base/struct.h"
#include "model/set.h"

/* ---- making -------------------------------------------------------------------------- */

static bool copy_texts(gwapi_resources *r, const gwapi_resources_options *o)
{
    gwapi_str ns = o->default_namespace.len != 0 ? o->default_namespace : GWAPI__STR("default");
    gwapi_str *skip = gwapi__arena_array(&r->texts, o->skip_count, sizeof *skip);

    if (skip == NULL || !gwapi__arena_copy(&r->texts, ns, &r->default_namespace))
        return false;
    for (size_t i = 0; i < o->skip_count; i++)
        if (!gwapi__arena_copy(&r->texts, o->skip[i], &skip[i]))
            return false;
    r->skip = skip;
    r->skip_count = o->skip_count;
    return true;
}

static gwapi_result make(gwapi_resources **out, const gwapi_schema *schema,
                         const gwapi_allocator *a, const gwapi_limits *limits,
                         const gwapi_resources_options *o)
{
    gwapi_resources *r = gwapi__alloc_array(a, 1, sizeof *r);

    if (r == NULL)
        return GWAPI_ENOMEM;
    r->allocator = *a;
    r->limits = *limits;
    r->schema = schema;
    r->unknown_fields = o->unknown_fields;
    r->flags = o->flags;
    gwapi__arena_init(&r->texts, a);
    r->set = gwapi__alloc(a, sizeof *r->set);
    if (r->set != NULL)
        gwapi__set_init(r->set, a);
    if (r->set == NULL || !copy_texts(r, o)) {
        gwapi_resources_free(r);
        return GWAPI_ENOMEM;
    }
    *out = r;
    return GWAPI_OK;
}

gwapi_result gwapi_resources_new(gwapi_resources **out, const gwapi_schema *schema,
                                 const gwapi_resources_options *options)
{
    const uint32_t flags = GWAPI_RESOURCES_KEEP_SOURCE | GWAPI_RESOURCES_UNKNOWN_KINDS_ERROR;
    gwapi_resources_options o;
    gwapi_allocator a;
    gwapi_limits limits;

    if (out == NULL)
        return GWAPI_EARGUMENT;
    *out = NULL;
    GWAPI__TRY(gwapi__struct_in(&o, sizeof o, options, sizeof o));
    if (schema == NULL || o.unknown_fields > GWAPI_UNKNOWN_IGNORE || (o.flags & ~flags) != 0 ||
        (o.skip == NULL && o.skip_count != 0))
        return GWAPI_EARGUMENT;
    if (!gwapi__schema_sealed(schema))
        return GWAPI_ESTATE;
    GWAPI__TRY(gwapi__allocator_init(&a, o.allocator));
    GWAPI__TRY(gwapi__limits_init(&limits, o.limits));
    return make(out, schema, &a, &limits, &o);
}

void gwapi_resources_free(gwapi_resources *resources)
{
    if (resources == NULL)
        return;
    gwapi_allocator a = resources->allocator;
    if (resources->set != NULL)
        gwapi__set_free(resources->set);
    gwapi__free(&a, resources->set, sizeof *resources->set);
    gwapi__arena_free(&resources->texts);
    gwapi__free(&a, resources, sizeof *resources);
}

/* ---- listing ------------------------------------------------------------------------- */

size_t gwapi__resources_count(const gwapi_resources *resources)
{
    return gwapi__set_count(resources->set);
}

gwapi__resource *gwapi__resources_get(const gwapi_resources *resources, size_t i)
{
    return gwapi__set_at(resources->set, i);
}

gwapi__resource *gwapi__resources_lookup(const gwapi_resources *resources, gwapi_str group,
                                         gwapi_str kind, gwapi_str namespace_, gwapi_str name)
{
    gwapi__key key = {group, kind, namespace_, name};
    gwapi__resource *found = gwapi__set_find(resources->set, &key);

    if (found != NULL || namespace_.len != 0)
        return found;
    key.namespace_ = resources->default_namespace;
    found = gwapi__set_find(resources->set, &key);
    return found != NULL && found->scope_unknown ? found : NULL;
}

uint64_t gwapi__resources_hash(const gwapi_resources *resources, gwapi_str group,
                               gwapi_str kind, gwapi_str namespace_, gwapi_str name)
{
    const gwapi__key key = {group, kind, namespace_, name};

    return gwapi__set_hash(resources->set, &key);
}

gwapi__resource *gwapi__resources_lookup_hashed(const gwapi_resources *resources, uint64_t hash,
                                                gwapi_str group, gwapi_str kind,
                                                gwapi_str namespace_, gwapi_str name)
{
    const gwapi__key key = {group, kind, namespace_, name};

    return gwapi__set_find_hashed(resources->set, &key, hash);
}

gwapi_str gwapi__resources_default_namespace(const gwapi_resources *resources)
{
    return resources->default_namespace;
}

bool gwapi__resources_view(const gwapi_resources *resources, gwapi__set_view *view,
                           const gwapi_allocator *allocator)
{
    return gwapi__set_view_take(view, resources->set, allocator);
}

const gwapi_schema *gwapi__resources_schema(const gwapi_resources *resources)
{
    return resources->schema;
}

uint64_t gwapi__resources_revision(const gwapi_resources *resources)
{
    return resources->revision;
}

size_t gwapi_resources_count(const gwapi_resources *resources)
{
    return resources != NULL ? gwapi__resources_count(resources) : 0;
}

static gwapi_result tell(const gwapi__resource *r, gwapi_object_info *out)
{
    const gwapi_object_info info = {
        .struct_size = sizeof info,
        .ref = {sizeof info.ref, r->group, r->kind_name, r->meta.namespace_, r->meta.name},
        .version = r->version,
        .generation = r->meta.generation,
        .file = r->file,
        .line = r->line,
    };
    return gwapi__struct_out(out, &info, sizeof info, sizeof info);
}

gwapi_result gwapi_resources_at(const gwapi_resources *resources, size_t i,
                                gwapi_object_info *out)
{
    if (i >= gwapi_resources_count(resources))
        return GWAPI_EARGUMENT;
    return tell(gwapi__resources_get(resources, i), out);
}

/* The caller's name of an object as one of ours. */
static gwapi_result key_of(const gwapi_object_ref *ref, gwapi__key *key)
{
    gwapi_object_ref r;

    if (ref == NULL)
        return GWAPI_EARGUMENT;
    GWAPI__TRY(gwapi__struct_in(&r, sizeof r, ref, sizeof r));
    *key = (gwapi__key){r.group, r.kind, r.namespace_, r.name};
    return GWAPI_OK;
}

gwapi_result gwapi_resources_find(const gwapi_resources *resources, const gwapi_object_ref *ref,
                                  gwapi_object_info *out)
{
    gwapi__key key;

    if (resources == NULL)
        return GWAPI_EARGUMENT;
    GWAPI__TRY(key_of(ref, &key));
    const gwapi__resource *found = gwapi__set_find(resources->set, &key);
    return found != NULL ? tell(found, out) : GWAPI_ENOTFOUND;
}

gwapi_result gwapi_resources_delete(gwapi_resources *resources, const gwapi_object_ref *ref)
{
    gwapi__key key;

    if (resources == NULL)
        return GWAPI_EARGUMENT;
    GWAPI__TRY(key_of(ref, &key));
    if (!gwapi__set_own(resources->set, &key))
        return GWAPI_ENOMEM;
    gwapi__resource *taken = gwapi__set_take(resources->set, &key);
    if (taken == NULL)
        return GWAPI_ENOTFOUND;
    gwapi__resource_release(taken);
    resources->revision++;
    return GWAPI_OK;
}
