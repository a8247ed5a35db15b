#include "schema/registry.h"

#include "base/limits.h"
#include "base/result.h"
#include "base/slice.h"
#include "base/struct.h"
#include "schema/kind.h"

#define NEWEST_MINOR 34 /* of Kubernetes, whose formats and CEL libraries we know */
#define OLDEST_MINOR 25

/* ---- making ---------------------------------------------------------------------------- */

/* "1.34", "v1.34", "1.34.2". */
static gwapi_result parse_version(gwapi_str text, uint32_t *minor)
{
    gwapi_str major, rest, number, patch;
    uint64_t value;

    *minor = NEWEST_MINOR;
    if (text.data == NULL)
        return GWAPI_OK;
    if (gwapi__str_starts(text, GWAPI__STR("v")))
        text = gwapi__str_sub(text, 1, text.len);
    if (!gwapi__str_cut(text, '.', &major, &rest) || !gwapi__str_eq(major, GWAPI__STR("1")))
        return GWAPI_EARGUMENT;
    if (gwapi__str_cut(rest, '.', &number, &patch) && !gwapi__str_to_u64(patch, &value))
        return GWAPI_EARGUMENT;
    if (!gwapi__str_to_u64(number, &value) || value < OLDEST_MINOR || value > 1000)
        return GWAPI_EARGUMENT;
    *minor = (uint32_t)value;
    return GWAPI_OK;
}

gwapi_result gwapi_schema_new(gwapi_schema **out, const gwapi_schema_options *options)
{
    gwapi_schema_options o;
    gwapi_allocator allocator;
    gwapi_limits limits;
    uint32_t minor;

    if (out == NULL)
        return GWAPI_EARGUMENT;
    *out = NULL;
    GWAPI__TRY(gwapi__struct_in(&o, sizeof o, options, offsetof(gwapi_schema_options, flags)));
    if ((o.flags & ~(uint32_t)GWAPI_SCHEMA_KEEP_TEXT) != 0)
        return GWAPI_EARGUMENT;
    GWAPI__TRY(gwapi__allocator_init(&allocator, o.allocator));
    GWAPI__TRY(gwapi__limits_init(&limits, o.limits));
    GWAPI__TRY(parse_version(o.kubernetes_version, &minor));
    gwapi_schema *schema = gwapi__alloc_array(&allocator, 1, sizeof *schema);
    if (schema == NULL)
        return GWAPI_ENOMEM;
    schema->allocator = allocator;
    schema->limits = limits;
    schema->minor = minor;
    schema->keep_text = o.flags & GWAPI_SCHEMA_KEEP_TEXT;
    gwapi__vector_init(&schema->entries, &allocator, sizeof(gwapi__entry));
    *out = schema;
    return GWAPI_OK;
}

void gwapi_schema_free(gwapi_schema *schema)
{
    if (schema == NULL)
        return;
    gwapi_allocator allocator = schema->allocator;
    for (size_t i = 0; i < schema->entries.count; i++) {
        gwapi__entry *e = GWAPI__AT(&schema->entries, gwapi__entry, i);
        gwapi__kind_free(&allocator,
                         atomic_load_explicit(&e->kind, memory_order_relaxed));
    }
    gwapi__vector_free(&schema->entries);
    gwapi__free(&allocator, schema, sizeof *schema);
}

/* ---- adding ---------------------------------------------------------------------------- */

static void drop_entry(gwapi_schema *schema, size_t i)
{
    gwapi__entry *e = GWAPI__AT(&schema->entries, gwapi__entry, i);

    gwapi__kind_free(&schema->allocator, atomic_load_explicit(&e->kind, memory_order_relaxed));
    memmove(e, e + 1, (schema->entries.count - i - 1) * sizeof *e);
    schema->entries.count--;
}

void gwapi__schema_forget(gwapi_schema *schema, gwapi_str group, gwapi_str kind)
{
    for (size_t i = schema->entries.count; i-- > 0;) {
        const gwapi__entry *e = GWAPI__AT(&schema->entries, gwapi__entry, i);
        if (gwapi__str_eq(e->group, group) && gwapi__str_eq(e->kind_name, kind))
            drop_entry(schema, i);
    }
}

static const gwapi__builtin_release *find_release(gwapi_str name)
{
    size_t i = gwapi__builtin_release_count;

    if (name.data == NULL)
        return &gwapi__builtin_releases[i - 1];
    while (i-- > 0)
        if (gwapi__str_eq(gwapi__builtin_releases[i].name, name))
            return &gwapi__builtin_releases[i];
    return NULL;
}

static void add_kind(gwapi_schema *schema, const gwapi__builtin_release *release,
                     const gwapi__builtin_kind *kind, gwapi_channel channel)
{
    for (size_t i = 0; i < kind->version_count; i++) {
        const gwapi__builtin_version *v = &kind->versions[i];
        if (!v->served || (v->experimental && channel != GWAPI_CHANNEL_EXPERIMENTAL))
            continue;
        gwapi__entry *e = gwapi__vector_push(&schema->entries); /* reserved */
        *e = (gwapi__entry){.group = kind->group,
                            .version = v->name,
                            .kind_name = kind->kind,
                            .plural = kind->plural,
                            .namespaced = kind->namespaced,
                            .storage = v->storage,
                            .deprecated = v->deprecated,
                            .release = release,
                            .builtin = kind,
                            .builtin_version = v,
                            .channel = channel};
        atomic_init(&e->kind, NULL);
    }
}

gwapi_result gwapi_schema_add_builtin(gwapi_schema *schema, gwapi_str release,
                                      gwapi_channel channel)
{
    if (schema == NULL ||
        (channel != GWAPI_CHANNEL_STANDARD && channel != GWAPI_CHANNEL_EXPERIMENTAL))
        return GWAPI_EARGUMENT;
    if (schema->sealed)
        return GWAPI_ESTATE;
    const gwapi__builtin_release *r = find_release(release);
    if (r == NULL)
        return GWAPI_ENOTFOUND;
    size_t versions = 0;
    for (size_t i = 0; i < r->kind_count; i++)
        versions += r->kinds[i].version_count;
    if (!gwapi__vector_reserve(&schema->entries, versions))
        return GWAPI_ENOMEM;
    for (size_t i = 0; i < r->kind_count; i++) {
        gwapi__schema_forget(schema, r->kinds[i].group, r->kinds[i].kind);
        if (!r->kinds[i].experimental || channel == GWAPI_CHANNEL_EXPERIMENTAL)
            add_kind(schema, r, &r->kinds[i], channel);
    }
    schema->channel = channel;
    schema->release = r->name;
    return GWAPI_OK;
}

/* ---- sealing and finding --------------------------------------------------------------- */

/* The kind, compiled now if nobody did; of two threads that compile it one wins. */
static gwapi_result entry_kind(const gwapi_schema *schema, gwapi__entry *e,
                               const gwapi__kind **out)
{
    gwapi__kind *kind = atomic_load_explicit(&e->kind, memory_order_acquire);
    gwapi__kind *expected = NULL;

    if (kind == NULL) {
        GWAPI__TRY(gwapi__kind_compile_builtin(&kind, schema, e));
        if (!atomic_compare_exchange_strong_explicit(&e->kind, &expected, kind,
                                                     memory_order_acq_rel,
                                                     memory_order_acquire)) {
            gwapi__kind_free(&schema->allocator, kind);
            kind = expected;
        }
    }
    *out = kind;
    return GWAPI_OK;
}

gwapi_result gwapi__schema_find(const gwapi_schema *schema, gwapi_str api_version, gwapi_str kind,
                                const gwapi__kind **out)
{
    gwapi_str group, version;

    *out = NULL;
    if (!gwapi__str_cut(api_version, '/', &group, &version)) {
        version = api_version;
        group = gwapi__str("", 0);
    }
    for (size_t i = 0; i < schema->entries.count; i++) {
        gwapi__entry *e = GWAPI__AT(&schema->entries, gwapi__entry, i);
        if (gwapi__str_eq(e->kind_name, kind) && gwapi__str_eq(e->version, version) &&
            gwapi__str_eq(e->group, group))
            return entry_kind(schema, e, out);
    }
    return GWAPI_OK;
}

/* "HTTPRoute" or "HTTPRoute.gateway.networking.k8s.io". */
static bool is_named(const gwapi__entry *e, gwapi_str name)
{
    gwapi_str kind, group;
    bool qualified = gwapi__str_cut(name, '.', &kind, &group);

    return gwapi__str_eq(e->kind_name, kind) && (!qualified || gwapi__str_eq(e->group, group));
}

static gwapi_result compile_named(gwapi_schema *schema, gwapi_str name)
{
    const gwapi__kind *kind;
    bool known = false;

    for (size_t i = 0; i < schema->entries.count; i++) {
        gwapi__entry *e = GWAPI__AT(&schema->entries, gwapi__entry, i);
        if (!is_named(e, name))
            continue;
        known = true;
        GWAPI__TRY(entry_kind(schema, e, &kind));
    }
    return known ? GWAPI_OK : GWAPI_ENOTFOUND;
}

bool gwapi__schema_sealed(const gwapi_schema *schema)
{
    return schema->sealed;
}

gwapi_result gwapi_schema_seal(gwapi_schema *schema, const gwapi_str *kinds, size_t count)
{
    if (schema == NULL || (kinds == NULL && count != 0))
        return GWAPI_EARGUMENT;
    if (schema->sealed)
        return GWAPI_ESTATE;
    for (size_t i = 0; i < count; i++)
        GWAPI__TRY(compile_named(schema, kinds[i]));
    schema->sealed = true;
    return GWAPI_OK;
}

/* ---- asking ---------------------------------------------------------------------------- */

size_t gwapi_schema_kind_count(const gwapi_schema *schema)
{
    return schema != NULL ? schema->entries.count : 0;
}

gwapi_result gwapi_schema_kind_at(const gwapi_schema *schema, size_t i, gwapi_kind_info *out)
{
    if (schema == NULL || i >= schema->entries.count)
        return GWAPI_EARGUMENT;
    const gwapi__entry *e = GWAPI__AT(&schema->entries, gwapi__entry, i);
    gwapi_kind_info info = {.struct_size = sizeof info,
                            .group = e->group,
                            .version = e->version,
                            .kind = e->kind_name,
                            .plural = e->plural,
                            .namespaced = e->namespaced,
                            .storage = e->storage,
                            .deprecated = e->deprecated,
                            .builtin = e->builtin != NULL};
    return gwapi__struct_out(out, &info, sizeof info, sizeof info);
}

gwapi_channel gwapi_schema_channel(const gwapi_schema *schema)
{
    return schema != NULL ? schema->channel : 0;
}

gwapi_str gwapi_schema_release(const gwapi_schema *schema)
{
    return schema != NULL ? schema->release : (gwapi_str){NULL, 0};
}
