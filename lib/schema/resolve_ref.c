#include "schema/resolve_ref.h"

#include "base/result.h"
#include "base/slice.h"

#define LONGEST_CHAIN 32

/* Keys that say nothing about values. */
static bool is_documentation(gwapi_str key)
{
    static const char *const keys[] = {"$ref", "description", "x-channel", "x-feature", "x-gep"};

    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (gwapi__str_eq(key, gwapi__str_of(keys[i])))
            return true;
    return false;
}

static gwapi_result find(const gwapi__node **out, gwapi_str name, const gwapi__load_input *in)
{
    *out = gwapi__node_get(in->definitions, name);
    return *out == NULL && in->define != NULL ? in->define(in->ctx, name, out) : GWAPI_OK;
}

static bool contains(const gwapi__node *list, const gwapi__node *item)
{
    for (uint32_t i = 0; i < list->as.list.count; i++)
        if (gwapi__node_equal(list->as.list.items[i], item))
            return true;
    return false;
}

/* A map or list with the members of both; of equal members those of `over` stay. */
static gwapi__node *joined(gwapi__arena *arena, const gwapi__node *base, const gwapi__node *over)
{
    gwapi__node *out = gwapi__node_new(arena, over->type, over->place);
    const gwapi__node *const parts[] = {base, over};

    for (size_t p = 0; out != NULL && p < 2; p++) {
        if (over->type == GWAPI__NODE_LIST)
            for (uint32_t i = 0; i < parts[p]->as.list.count; i++)
                if (!contains(out, parts[p]->as.list.items[i]) &&
                    !gwapi__node_push(arena, out, parts[p]->as.list.items[i]))
                    return NULL;
        if (over->type == GWAPI__NODE_MAP)
            for (uint32_t i = 0; i < parts[p]->as.map.count; i++) {
                const gwapi__field *f = &parts[p]->as.map.fields[i];
                if (!gwapi__node_set(arena, out, f->name, f->place, f->value))
                    return NULL;
            }
    }
    return out;
}

/* Keys whose values are added to the definition's; those of any other key replace it. */
static bool adds(const gwapi__field *over, const gwapi__node *base)
{
    static const char *const keys[] = {"properties", "required", "x-kubernetes-validations"};

    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (gwapi__str_eq(over->name, gwapi__str_of(keys[i])))
            return base != NULL && base->type == over->value->type;
    return false;
}

static gwapi_result lay_over(const gwapi__node **out, const gwapi__node *base,
                             const gwapi__node *over, gwapi__arena *arena)
{
    gwapi__node *merged = gwapi__node_new(arena, GWAPI__NODE_MAP, over->place);

    if (merged != NULL)
        merged = joined(arena, base, merged);
    for (uint32_t i = 0; merged != NULL && i < over->as.map.count; i++) {
        const gwapi__field *f = &over->as.map.fields[i];
        const gwapi__node *present = gwapi__node_get(base, f->name);
        gwapi__node *value = f->value;
        if (is_documentation(f->name))
            continue;
        if (adds(f, present) && (value = joined(arena, present, f->value)) == NULL)
            return GWAPI_ENOMEM;
        if (!gwapi__node_set(arena, merged, f->name, f->place, value))
            return GWAPI_ENOMEM;
    }
    *out = merged;
    return merged != NULL ? GWAPI_OK : GWAPI_ENOMEM;
}

static gwapi_result resolve(const gwapi__node **out, const gwapi__node *source,
                            const gwapi__load_input *in, const char **refusal, unsigned links)
{
    gwapi_str name = gwapi__node_get_str(source, GWAPI__STR("$ref"));
    const gwapi__node *base = NULL;
    bool plain = true;

    *out = source;
    if (name.data == NULL)
        return GWAPI_OK;
    GWAPI__TRY(find(&base, name, in));
    if (base == NULL || base->type != GWAPI__NODE_MAP || links == LONGEST_CHAIN) {
        *refusal = base == NULL ? "refers to a definition that does not exist"
                                : "refers to a definition that comes back to itself";
        return GWAPI_OK;
    }
    GWAPI__TRY(resolve(&base, base, in, refusal, links + 1));
    for (uint32_t i = 0; i < source->as.map.count; i++)
        plain = plain && is_documentation(source->as.map.fields[i].name);
    if (plain || *refusal != NULL) {
        *out = base;
        return GWAPI_OK;
    }
    return lay_over(out, base, source, in->scratch);
}

gwapi_result gwapi__resolve_ref(const gwapi__node **out, const gwapi__node *source,
                                const gwapi__load_input *input, const char **refusal)
{
    return resolve(out, source, input, refusal, 0);
}
