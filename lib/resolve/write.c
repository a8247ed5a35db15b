/* Writing statuses, and the objects of the set with the statuses in them. */
#include "resolve/status.h"

#include "base/result.h"
#include "base/slice.h"
#include "doc/write.h"
#include "resolve/index.h"

static const gwapi__place nowhere = {0, 0};

static gwapi_result finish(gwapi__text *t, const gwapi_sink *sink)
{
    gwapi_result result = gwapi__text_flush(t, sink);

    gwapi__text_free(t);
    return result;
}

static gwapi_str now_of(const gwapi_topology *topology)
{
    return gwapi__str(topology->now, sizeof topology->now);
}

gwapi_result gwapi_topology_status_write(const gwapi_topology *topology, size_t i,
                                         const gwapi_sink *sink)
{
    gwapi__arena arena;
    gwapi__text t;

    if (i >= gwapi_topology_status_count(topology) || sink == NULL)
        return GWAPI_EARGUMENT;
    gwapi__arena_init(&arena, &topology->allocator);
    gwapi__text_init(&t, &topology->allocator);
    const gwapi__node *tree = gwapi__status_tree(&arena, gwapi__status_at(topology, i), now_of(topology));
    if (tree != NULL)
        gwapi__node_write_json(&t, tree);
    gwapi__arena_free(&arena);
    if (tree == NULL) {
        gwapi__text_free(&t);
        return GWAPI_ENOMEM;
    }
    return finish(&t, sink);
}

/* ---- whole objects ------------------------------------------------------------------- */

static bool is_gateway_api(gwapi_str group)
{
    return gwapi__str_eq(group, GWAPI__STR(GWAPI__GROUP_GATEWAY)) ||
           gwapi__str_eq(group, GWAPI__STR(GWAPI__GROUP_EXPERIMENTAL));
}

/* The tree without what was filled in: a default has no place in the text. Texts and single
 * values are shared. NULL: no memory. */
static gwapi__node *as_written(gwapi__arena *arena, gwapi__node *source)
{
    if (source->type != GWAPI__NODE_MAP && source->type != GWAPI__NODE_LIST)
        return source;
    gwapi__node *copy = gwapi__node_new(arena, source->type, source->place);
    if (copy == NULL)
        return NULL;
    if (source->type == GWAPI__NODE_LIST) {
        for (uint32_t i = 0; i < source->as.list.count; i++) {
            gwapi__node *item = as_written(arena, source->as.list.items[i]);
            if (item == NULL || !gwapi__node_push(arena, copy, item))
                return NULL;
        }
        return copy;
    }
    for (uint32_t i = 0; i < source->as.map.count; i++) {
        const gwapi__field *f = &source->as.map.fields[i];
        if (f->value->place.line == 0)
            continue;
        gwapi__node *value = as_written(arena, f->value);
        if (value == NULL || !gwapi__node_set(arena, copy, f->name, f->place, value))
            return NULL;
    }
    return copy;
}

/* The object as it was written, its namespace filled in, with a `status` of ours (NULL: its
 * own). NULL: no memory. */
static gwapi__node *output_tree(gwapi__arena *arena, gwapi__node *source, gwapi__node *status)
{
    gwapi__node *copy = as_written(arena, source);
    gwapi__field *namespace_ = gwapi__node_field(
        gwapi__node_get(source, GWAPI__STR("metadata")), GWAPI__STR("namespace"));
    gwapi__node *metadata = gwapi__node_get(copy, GWAPI__STR("metadata"));

    if (copy == NULL || (namespace_ != NULL && metadata != NULL &&
                         !gwapi__node_set(arena, metadata, namespace_->name, nowhere,
                                          namespace_->value)))
        return NULL;
    if (status != NULL &&
        !gwapi__node_set(arena, copy, GWAPI__STR("status"), nowhere, status))
        return NULL;
    return copy;
}

static bool set_str(gwapi__arena *arena, gwapi__node *map, const char *name, gwapi_str value)
{
    gwapi__node *n = gwapi__node_string(arena, value, nowhere);

    return n != NULL && gwapi__node_set(arena, map, gwapi__str_of(name), nowhere, n);
}

static gwapi__node *set_map(gwapi__arena *arena, gwapi__node *map, const char *name)
{
    gwapi__node *n = gwapi__node_new(arena, GWAPI__NODE_MAP, nowhere);

    return n != NULL && gwapi__node_set(arena, map, gwapi__str_of(name), nowhere, n) ? n : NULL;
}

/* The XMesh a mesh makes for itself: no more than its name and controller. */
static gwapi__node *default_mesh(gwapi__arena *arena, const gwapi_topology *t,
                                 gwapi__node *status)
{
    gwapi__node *root = gwapi__node_new(arena, GWAPI__NODE_MAP, nowhere), *meta, *spec;

    if (root == NULL ||
        !set_str(arena, root, "apiVersion",
                 GWAPI__STR(GWAPI__GROUP_EXPERIMENTAL "/v1alpha1")) ||
        !set_str(arena, root, "kind", GWAPI__STR("XMesh")))
        return NULL;
    meta = set_map(arena, root, "metadata");
    if (meta == NULL || !set_str(arena, meta, "name", t->frame->default_mesh))
        return NULL;
    spec = set_map(arena, root, "spec");
    if (spec == NULL || !set_str(arena, spec, "controllerName", t->frame->controller))
        return NULL;
    return gwapi__node_set(arena, root, GWAPI__STR("status"), nowhere, status) ? root : NULL;
}

typedef struct output {
    const gwapi_topology *topology;
    gwapi_format format;
    const gwapi_sink *sink;
    gwapi__text text;
    gwapi__arena arena; /* of one object */
    size_t written;
} output;

static gwapi_result write_tree(output *o, const gwapi__node *tree)
{
    if (tree == NULL)
        return GWAPI_ENOMEM;
    if (o->format == GWAPI_FORMAT_JSON) {
        gwapi__text_addz(&o->text, o->written == 0 ? "" : ",");
        gwapi__node_write_json(&o->text, tree);
    } else {
        gwapi__text_addz(&o->text, o->written == 0 ? "" : "---\n");
        gwapi__node_write_yaml(&o->text, tree);
    }
    o->written++;
    gwapi__arena_reset(&o->arena);
    return gwapi__text_flush(&o->text, o->sink);
}

static gwapi_result write_object(output *o, const gwapi__resource *resource,
                                 const gwapi__object_status *status)
{
    if (!is_gateway_api(resource->group))
        return GWAPI_OK;
    if (resource->source == NULL)
        return GWAPI_ESTATE;
    gwapi__node *tree = NULL;
    if (status != NULL && (tree = gwapi__status_tree(&o->arena, status, now_of(o->topology))) == NULL)
        return GWAPI_ENOMEM;
    return write_tree(o, output_tree(&o->arena, resource->source, tree));
}

/* The status of a resource of the set; NULL without one. */
static const gwapi__object_status *find_status(const gwapi_topology *t,
                                               const gwapi__index *index,
                                               const gwapi__resource *r)
{
    gwapi__identity key = {r->group, r->kind_name, r->meta.namespace_, r->meta.name};
    uint32_t at = gwapi__index_get(index, &key);

    return at != GWAPI_NONE ? gwapi__status_at(t, at) : NULL;
}

static gwapi_result write_all(output *o, const gwapi__index *index)
{
    const gwapi_topology *t = o->topology;

    if (o->format == GWAPI_FORMAT_JSON)
        gwapi__text_addz(&o->text, "{\"apiVersion\":\"v1\",\"kind\":\"List\",\"items\":[");
    for (size_t i = 0; i < t->set.end; i++) {
        const gwapi__resource *resource = gwapi__set_view_at(&t->set, i);
        if (resource != NULL)
            GWAPI__TRY(write_object(o, resource, find_status(t, index, resource)));
    }
    for (size_t i = 0; i < t->frame->mesh_count; i++) {
        if (t->frame->meshes[i].resource != NULL)
            continue;
        gwapi__node *status =
            gwapi__status_tree(&o->arena, &t->frame->meshes[i], now_of(t));
        GWAPI__TRY(write_tree(o, status != NULL ? default_mesh(&o->arena, t, status) : NULL));
    }
    if (o->format == GWAPI_FORMAT_JSON)
        gwapi__text_addz(&o->text, "]}\n");
    return gwapi__text_flush(&o->text, o->sink);
}

/* Whose the statuses are. False: no memory. */
static bool index_statuses(const gwapi_topology *t, gwapi__index *index)
{
    size_t count = gwapi_topology_status_count(t);

    for (size_t i = 0; i < count; i++) {
        gwapi__identity key = gwapi__status_identity(t, gwapi__status_at(t, i));
        uint32_t *at = gwapi__index_at(index, &key);
        if (at == NULL)
            return false;
        *at = (uint32_t)i;
    }
    return true;
}

gwapi_result gwapi_topology_write(const gwapi_topology *topology, gwapi_format format,
                                  const gwapi_sink *sink)
{
    output o = {.topology = topology, .format = format, .sink = sink};
    gwapi_result result = GWAPI_ENOMEM;
    gwapi__index index;

    if ((format != GWAPI_FORMAT_JSON && format != GWAPI_FORMAT_YAML) || sink == NULL)
        return GWAPI_EARGUMENT;
    gwapi__index_init(&index, &topology->allocator);
    gwapi__text_init(&o.text, &topology->allocator);
    gwapi__arena_init(&o.arena, &topology->allocator);
    if (index_statuses(topology, &index))
        result = write_all(&o, &index);
    gwapi__text_free(&o.text);
    gwapi__arena_free(&o.arena);
    gwapi__index_free(&index);
    return result;
}
