/* The set as text: what a cluster would store, object by object. */
#include "base/result.h"
#include "base/slice.h"
#include "base/text.h"
#include "doc/write.h"
#include "model/set.h"

typedef struct writing {
    const gwapi_resources *resources;
    const gwapi_sink *sink;
    gwapi_format format;
    bool minimal;
    gwapi__text text;
    gwapi__arena arena; /* of trees without defaults */
} writing;

/* The object's tree, or a copy without what defaulting would give it back. */
static gwapi_result tree_of(writing *w, const gwapi__resource *resource,
                            const gwapi__node **out)
{
    const gwapi__kind *kind;
    gwapi__text api_version;

    *out = resource->source;
    if (!w->minimal)
        return GWAPI_OK;
    gwapi__text_init(&api_version, &w->resources->allocator);
    if (resource->group.len != 0) {
        gwapi__text_add(&api_version, resource->group);
        gwapi__text_char(&api_version, '/');
    }
    gwapi__text_add(&api_version, resource->version);
    gwapi_result r = api_version.failed ? GWAPI_ENOMEM
                                        : gwapi__schema_find(w->resources->schema,
                                                             gwapi__text_str(&api_version),
                                                             resource->kind_name, &kind);
    gwapi__text_free(&api_version);
    if (r != GWAPI_OK || kind == NULL)
        return r;
    gwapi__arena_reset(&w->arena);
    gwapi__node *copy = gwapi__node_copy(&w->arena, resource->source, false);
    if (copy == NULL)
        return GWAPI_ENOMEM;
    gwapi__minimize(kind, copy);
    *out = copy;
    return GWAPI_OK;
}

static gwapi_result write_object(writing *w, size_t i)
{
    const gwapi__resource *resource = gwapi__set_at(w->resources->set, i);
    const gwapi__node *tree;

    GWAPI__TRY(tree_of(w, resource, &tree));
    if (w->format == GWAPI_FORMAT_JSON) {
        gwapi__node_write_json(&w->text, tree);
        gwapi__text_char(&w->text, '\n');
    } else {
        if (i != 0)
            gwapi__text_addz(&w->text, "---\n");
        gwapi__node_write_yaml(&w->text, tree);
    }
    return gwapi__text_flush(&w->text, w->sink);
}

gwapi_result gwapi_resources_write(const gwapi_resources *resources, gwapi_format format,
                                   uint32_t minimal, const gwapi_sink *sink)
{
    gwapi_result r = GWAPI_OK;

    if (resources == NULL || sink == NULL || sink->write == NULL || format > GWAPI_FORMAT_JSON)
        return GWAPI_EARGUMENT;
    if (sink->struct_size < sizeof *sink)
        return GWAPI_ESTRUCTSIZE;
    if ((resources->flags & GWAPI_RESOURCES_KEEP_SOURCE) == 0)
        return GWAPI_ESTATE;
    writing w = {
        .resources = resources, .sink = sink, .format = format, .minimal = minimal != 0};
    gwapi__text_init(&w.text, &resources->allocator);
    gwapi__arena_init(&w.arena, &resources->allocator);
    for (size_t i = 0; i < gwapi_resources_count(resources) && r == GWAPI_OK; i++)
        r = write_object(&w, i);
    gwapi__arena_free(&w.arena);
    gwapi__text_free(&w.text);
    return r;
}
