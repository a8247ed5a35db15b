#include "schema/kind.h"

#include "base/result.h"
#include "base/slice.h"

gwapi__kind *gwapi__kind_new(const gwapi_schema *schema, const gwapi__kind_info *info)
{
    gwapi__kind *kind = gwapi__alloc_array(&schema->allocator, 1, sizeof *kind);

    if (kind == NULL)
        return NULL;
    gwapi__arena_init(&kind->arena, &schema->allocator);
    kind->limits = schema->limits;
    kind->info = *info;
    if (gwapi__arena_copy(&kind->arena, info->group, &kind->info.group) &&
        gwapi__arena_copy(&kind->arena, info->version, &kind->info.version) &&
        gwapi__arena_copy(&kind->arena, info->kind, &kind->info.kind) &&
        gwapi__arena_copy(&kind->arena, info->plural, &kind->info.plural))
        return kind;
    gwapi__kind_free(&schema->allocator, kind);
    return NULL;
}

/* ---- reading the built-in texts -------------------------------------------------------- */

gwapi_result gwapi__builtin_read(const gwapi__node **out, const gwapi__builtin_text *text,
                                 gwapi__arena *arena)
{
    gwapi_str bytes = gwapi__str((const char *)text->bytes, text->size);
    gwapi__stream *stream;
    gwapi__doc doc = {0};
    bool more = false;

    *out = NULL;
    GWAPI__TRY(gwapi__stream_open(&stream, &arena->allocator, bytes, GWAPI_FORMAT_YAML, NULL));
    gwapi_result r = gwapi__stream_next(stream, arena, &doc, &more);
    gwapi__stream_close(stream);
    *out = doc.root;
    return r;
}

gwapi__node *gwapi__builtin_schema(const gwapi__node *file,
                                   const gwapi__builtin_version *version)
{
    return version->schema.data != NULL
               ? gwapi__node_get(gwapi__node_get(file, GWAPI__STR("schemas")), version->schema)
               : gwapi__node_get(file, GWAPI__STR("schema"));
}

typedef struct definer {
    const gwapi__builtin_release *release;
    gwapi__arena *arena;
    const gwapi__node **read; /* by index of the definition; NULL: not read yet */
} definer;

/* Definitions are read when the first schema refers to them. */
static gwapi_result define(void *ctx, gwapi_str name, const gwapi__node **out)
{
    definer *d = ctx;

    *out = NULL;
    for (size_t i = 0; i < d->release->definition_count; i++) {
        if (!gwapi__str_eq(d->release->definitions[i].name, name))
            continue;
        if (d->read[i] == NULL) {
            const gwapi__node *map;
            GWAPI__TRY(gwapi__builtin_read(&map, &d->release->definitions[i], d->arena));
            d->read[i] = gwapi__node_get(map, name);
        }
        *out = d->read[i];
        return GWAPI_OK;
    }
    return GWAPI_OK;
}

/* ---- the object around spec and status ------------------------------------------------- */

static gwapi__node *typed(gwapi__arena *arena, gwapi_str type)
{
    const gwapi__place nowhere = {0, 0};
    gwapi__node *schema = gwapi__node_new(arena, GWAPI__NODE_MAP, nowhere);
    gwapi__node *text = gwapi__node_string(arena, type, nowhere);

    if (schema == NULL || text == NULL ||
        !gwapi__node_set(arena, schema, GWAPI__STR("type"), nowhere, text))
        return NULL;
    return schema;
}

/* apiVersion, kind and metadata, which the files leave out. */
static gwapi_result add_implied(gwapi__node *schema, gwapi__arena *arena)
{
    static const struct {
        gwapi_str name, type;
    } implied[] = {{GWAPI_STR_INIT("apiVersion"), GWAPI_STR_INIT("string")},
                   {GWAPI_STR_INIT("kind"), GWAPI_STR_INIT("string")},
                   {GWAPI_STR_INIT("metadata"), GWAPI_STR_INIT("object")}};
    gwapi__node *properties = gwapi__node_get(schema, GWAPI__STR("properties"));

    for (size_t i = 0; properties != NULL && i < 3; i++) {
        gwapi__node *member = typed(arena, implied[i].type);
        if (member == NULL || !gwapi__node_set(arena, properties, implied[i].name,
                                               (gwapi__place){0, 0}, member))
            return GWAPI_ENOMEM;
    }
    return GWAPI_OK;
}

static gwapi_result compile(gwapi__kind *kind, const gwapi_schema *schema,
                            const gwapi__entry *entry, gwapi__arena *scratch)
{
    definer d = {entry->release, scratch, NULL};
    const gwapi__load_problem *problems;
    const gwapi__node *file;

    d.read = gwapi__arena_array(scratch, entry->release->definition_count, sizeof *d.read);
    if (d.read == NULL)
        return GWAPI_ENOMEM;
    GWAPI__TRY(gwapi__builtin_read(&file, &entry->builtin->text, scratch));
    gwapi__node *root = gwapi__builtin_schema(file, entry->builtin_version);
    if (root == NULL)
        return GWAPI_EINVALID;
    GWAPI__TRY(add_implied(root, scratch));
    gwapi__load_input in = {.schema = root,
                            .definitions = gwapi__node_get(file, GWAPI__STR("definitions")),
                            .define = define,
                            .ctx = &d,
                            .channel = entry->channel,
                            .minor = schema->minor,
                            .scratch = scratch};
    GWAPI__TRY(gwapi__load(kind, &in, &problems));
    kind->info.status_subresource =
        gwapi__schema_property(kind->root, GWAPI__STR("status")) != NULL;
    return GWAPI_OK;
}

gwapi_result gwapi__kind_compile_builtin(gwapi__kind **out, const gwapi_schema *schema,
                                         const gwapi__entry *entry)
{
    gwapi__kind_info info = {.group = entry->group,
                             .version = entry->version,
                             .kind = entry->kind_name,
                             .plural = entry->plural,
                             .namespaced = entry->namespaced,
                             .deprecated = entry->deprecated,
                             .builtin = true};
    gwapi__kind *kind = gwapi__kind_new(schema, &info);
    gwapi__arena scratch;

    *out = NULL;
    if (kind == NULL)
        return GWAPI_ENOMEM;
    gwapi__arena_init(&scratch, &schema->allocator);
    gwapi_result r = compile(kind, schema, entry, &scratch);
    gwapi__arena_free(&scratch);
    if (r == GWAPI_OK)
        *out = kind;
    else
        gwapi__kind_free(&schema->allocator, kind);
    return r;
}
