/* The explanation of a field: what its schema says, in sentences. */
#include "base/result.h"
#include "base/slice.h"
#include "doc/write.h"
#include "schema/explain.h"
#include "schema/judgement.h"

/* ---- types ----------------------------------------------------------------------------- */

static bool is_true(const gwapi__node *schema, const char *key)
{
    const gwapi__node *value = gwapi__node_get(schema, gwapi__str_of(key));

    return value != NULL && value->as.boolean;
}

static gwapi_result write_type(gwapi__explainer *x, const gwapi__source *source,
                               const gwapi__spot *spot)
{
    gwapi_str type = gwapi__node_get_str(spot->schema, GWAPI__STR("type"));
    const gwapi__node *inner = gwapi__node_get(spot->schema, GWAPI__STR("items"));
    const char *container = "list of ";
    gwapi__spot inside;

    if (inner == NULL) {
        inner = gwapi__node_get(spot->schema, GWAPI__STR("additionalProperties"));
        container = "map of ";
    }
    if (is_true(spot->schema, "x-kubernetes-int-or-string"))
        gwapi__text_addz(&x->text, "integer or string");
    else if (inner != NULL && inner->type == GWAPI__NODE_MAP) {
        GWAPI__TRY(gwapi__spot_at(&inside, x, source, inner, spot));
        gwapi__text_addz(&x->text, container);
        return write_type(x, source, &inside);
    } else {
        gwapi__text_add(&x->text, type.data != NULL ? type : GWAPI__STR("any"));
    }
    return GWAPI_OK;
}

/* ---- limits ---------------------------------------------------------------------------- */

static gwapi_result add_limit(gwapi__explainer *x)
{
    gwapi_str *limit = gwapi__vector_push(&x->explanation->limits);

    if (limit == NULL)
        return GWAPI_ENOMEM;
    *limit = gwapi__explainer_take(x);
    return limit->data != NULL ? GWAPI_OK : GWAPI_ENOMEM;
}

/* "1 to 16 items", "at least 1 item", "at most 16 items". */
static gwapi_result add_range(gwapi__explainer *x, const gwapi__node *schema, const char *least,
                              const char *most, const char *unit)
{
    const gwapi__node *min = gwapi__node_get(schema, gwapi__str_of(least));
    const gwapi__node *max = gwapi__node_get(schema, gwapi__str_of(most));

    if (min == NULL && max == NULL)
        return GWAPI_OK;
    if (min != NULL && max != NULL && gwapi__node_equal(min, max))
        gwapi__say(&x->text, "exactly %n%s", min, unit);
    else if (min != NULL && max != NULL)
        gwapi__say(&x->text, "%n to %n%s", min, max, unit);
    else
        gwapi__say(&x->text, min != NULL ? "at least %n%s" : "at most %n%s",
                   min != NULL ? min : max, unit);
    return add_limit(x);
}

static void write_values(gwapi__explainer *x, const gwapi__node *values)
{
    for (uint32_t i = 0; i < values->as.list.count; i++)
        gwapi__say(&x->text, i == 0 ? "%n" : ", %n", values->as.list.items[i]);
}

static gwapi_result add_values(gwapi__explainer *x, const gwapi__node *schema)
{
    const gwapi__node *values = gwapi__node_get(schema, GWAPI__STR("enum"));
    const gwapi__node *more = gwapi__node_get(schema, GWAPI__STR("x-enum-experimental"));

    if (values == NULL)
        return GWAPI_OK;
    gwapi__text_addz(&x->text, values->as.list.count == 1 ? "" : "one of ");
    write_values(x, values);
    if (more != NULL) {
        gwapi__text_addz(&x->text, "; in the experimental channel also ");
        write_values(x, more);
    }
    return add_limit(x);
}

static gwapi_result add_list_type(gwapi__explainer *x, const gwapi__node *schema)
{
    gwapi_str type = gwapi__node_get_str(schema, GWAPI__STR("x-kubernetes-list-type"));
    const gwapi__node *keys = gwapi__node_get(schema, GWAPI__STR("x-kubernetes-list-map-keys"));

    if (gwapi__str_eq(type, GWAPI__STR("set"))) {
        gwapi__text_addz(&x->text, "no item twice");
        return add_limit(x);
    }
    if (!gwapi__str_eq(type, GWAPI__STR("map")))
        return GWAPI_OK;
    gwapi__text_addz(&x->text, "no two items with the same ");
    for (uint32_t i = 0; i < keys->as.list.count; i++) {
        gwapi__text_addz(&x->text, i == 0 ? "" : i + 1 == keys->as.list.count ? " and " : ", ");
        gwapi__say(&x->text, "%v", keys->as.list.items[i]->as.string);
    }
    return add_limit(x);
}

static gwapi_result add_text(gwapi__explainer *x, const gwapi__node *schema, const char *key,
                             const char *sentence)
{
    gwapi_str value = gwapi__node_get_str(schema, gwapi__str_of(key));

    if (value.data == NULL)
        return GWAPI_OK;
    gwapi__say(&x->text, sentence, value);
    return add_limit(x);
}

static gwapi_result add_limits(gwapi__explainer *x, const gwapi__node *schema)
{
    GWAPI__TRY(add_values(x, schema));
    GWAPI__TRY(add_range(x, schema, "minimum", "maximum", ""));
    GWAPI__TRY(add_range(x, schema, "minLength", "maxLength", " characters"));
    GWAPI__TRY(add_range(x, schema, "minItems", "maxItems", " items"));
    GWAPI__TRY(add_range(x, schema, "minProperties", "maxProperties", " members"));
    GWAPI__TRY(add_list_type(x, schema));
    GWAPI__TRY(add_text(x, schema, "format", "format %v"));
    GWAPI__TRY(add_text(x, schema, "pattern", "matches %v"));
    if (!is_true(schema, "nullable"))
        return GWAPI_OK;
    gwapi__text_addz(&x->text, "may be null");
    return add_limit(x);
}

/* The limits of items and of map values, told by what holds them. */
static gwapi_result add_inner_limits(gwapi__explainer *x, const gwapi__source *source,
                                     const gwapi__spot *spot)
{
    static const char *const inner[][2] = {{"items", "each item: "},
                                           {"additionalProperties", "each value: "}};
    gwapi__spot inside;

    for (size_t i = 0; i < 2; i++) {
        const gwapi__node *raw = gwapi__node_get(spot->schema, gwapi__str_of(inner[i][0]));
        if (raw == NULL || raw->type != GWAPI__NODE_MAP)
            continue;
        GWAPI__TRY(gwapi__spot_at(&inside, x, source, raw, spot));
        size_t first = x->explanation->limits.count;
        GWAPI__TRY(add_limits(x, inside.schema));
        for (size_t k = first; k < x->explanation->limits.count; k++) {
            gwapi_str *limit = GWAPI__AT(&x->explanation->limits, gwapi_str, k);
            gwapi__text_addz(&x->text, inner[i][1]);
            gwapi__text_add(&x->text, *limit);
            *limit = gwapi__explainer_take(x);
            if (limit->data == NULL)
                return GWAPI_ENOMEM;
        }
    }
    return GWAPI_OK;
}

/* ---- filling in ------------------------------------------------------------------------ */

static gwapi_result fill(gwapi_schema_field_info *info, gwapi__explainer *x, const gwapi__source *source,
                         const gwapi__spot *spot, gwapi_str path, bool required)
{
    const gwapi__node *preset = gwapi__node_get(spot->schema, GWAPI__STR("default"));

    *info = (gwapi_schema_field_info){.struct_size = sizeof *info,
                               .api_version = source->api_version,
                               .description = spot->description,
                               .feature = spot->feature,
                               .gep = spot->gep,
                               .required = required,
                               .channel = spot->channel};
    GWAPI__TRY(write_type(x, source, spot));
    info->type = gwapi__explainer_take(x);
    gwapi__text_add(&x->text, path);
    info->path = gwapi__explainer_take(x);
    if (preset != NULL) {
        gwapi__node_write_json(&x->text, preset);
        info->default_value = gwapi__explainer_take(x);
    }
    if (info->type.data == NULL || info->path.data == NULL ||
        (preset != NULL && info->default_value.data == NULL))
        return GWAPI_ENOMEM;
    return GWAPI_OK;
}

static bool is_required(const gwapi__node *schema, gwapi_str name)
{
    const gwapi__node *required = gwapi__node_get(schema, GWAPI__STR("required"));

    for (uint32_t i = 0; required != NULL && i < required->as.list.count; i++)
        if (gwapi__str_eq(required->as.list.items[i]->as.string, name))
            return true;
    return false;
}

static gwapi_result add_rules(gwapi__explainer *x, const gwapi__node *schema)
{
    const gwapi__node *rules = gwapi__node_get(schema, GWAPI__STR("x-kubernetes-validations"));

    for (uint32_t i = 0; rules != NULL && i < rules->as.list.count; i++) {
        gwapi_str *id = gwapi__vector_push(&x->explanation->rules);
        if (id == NULL)
            return GWAPI_ENOMEM;
        *id = gwapi__node_get_str(rules->as.list.items[i], GWAPI__STR("id"));
        if (id->data == NULL) /* a CRD's rule has none: its text stands for it */
            *id = gwapi__node_get_str(rules->as.list.items[i], GWAPI__STR("rule"));
    }
    return GWAPI_OK;
}

static gwapi_result add_members(gwapi__explainer *x, const gwapi__source *source,
                                const gwapi__spot *spot)
{
    const gwapi__node *properties = gwapi__node_get(spot->schema, GWAPI__STR("properties"));
    gwapi__spot inside;

    for (uint32_t i = 0; properties != NULL && i < properties->as.map.count; i++) {
        const gwapi__field *field = &properties->as.map.fields[i];
        gwapi_schema_field_info *member = gwapi__vector_push(&x->explanation->members);
        if (member == NULL)
            return GWAPI_ENOMEM;
        GWAPI__TRY(gwapi__spot_at(&inside, x, source, field->value, spot));
        GWAPI__TRY(fill(member, x, source, &inside, field->name,
                        is_required(spot->schema, field->name)));
    }
    return GWAPI_OK;
}

/* ---- finding --------------------------------------------------------------------------- */

/* A path on its way through a kind. */
typedef struct trail {
    gwapi__explainer *x;
    const gwapi__source *source;
    gwapi__spot spot;
    gwapi__text path;
    bool required;
} trail;

/* Lists and maps of objects are passed through to what they hold. */
static gwapi_result enter(trail *t)
{
    for (;;) {
        const gwapi__node *raw = gwapi__node_get(t->spot.schema, GWAPI__STR("items"));
        gwapi__spot inside;
        if (raw == NULL || raw->type != GWAPI__NODE_MAP)
            return GWAPI_OK;
        GWAPI__TRY(gwapi__spot_at(&inside, t->x, t->source, raw, &t->spot));
        gwapi__text_addz(&t->path, "[]");
        t->spot = inside;
    }
}

static gwapi_str property_name(const void *ctx, size_t i)
{
    const gwapi__node *properties = ctx;

    return properties->as.map.fields[i].name;
}

static gwapi_result propose(gwapi_str *nearest, trail *t, const gwapi__node *properties,
                            gwapi_str name)
{
    const gwapi__names names = {property_name, properties,
                                properties != NULL ? properties->as.map.count : 0};
    gwapi_str near = gwapi__suggest(name, &names);

    if (near.data == NULL)
        return GWAPI_ENOTFOUND;
    gwapi__text_add(&t->x->text, gwapi__text_str(&t->path));
    gwapi__text_char(&t->x->text, '.');
    gwapi__text_add(&t->x->text, near);
    *nearest = gwapi__explainer_take(t->x);
    return nearest->data != NULL && !t->path.failed ? GWAPI_ENOTFOUND : GWAPI_ENOMEM;
}

static gwapi_result step(trail *t, gwapi_str name, gwapi_str *nearest)
{
    GWAPI__TRY(enter(t));
    const gwapi__node *properties = gwapi__node_get(t->spot.schema, GWAPI__STR("properties"));
    const gwapi__node *raw = gwapi__node_get(properties, name);
    gwapi__spot inside;

    if (raw == NULL)
        raw = gwapi__node_get(t->spot.schema, GWAPI__STR("additionalProperties"));
    if (raw == NULL || raw->type != GWAPI__NODE_MAP)
        return propose(nearest, t, properties, name);
    t->required = is_required(t->spot.schema, name);
    GWAPI__TRY(gwapi__spot_at(&inside, t->x, t->source, raw, &t->spot));
    t->spot = inside;
    gwapi__text_char(&t->path, '.');
    gwapi__text_add(&t->path, name);
    return GWAPI_OK;
}

/* "rules[]", "rules[0]" and "rules" are one. */
static gwapi_str without_index(gwapi_str segment)
{
    size_t bracket = gwapi__str_find_char(segment, '[');

    return bracket != SIZE_MAX ? gwapi__str_sub(segment, 0, bracket) : segment;
}

static gwapi_result follow(trail *t, gwapi_str path, gwapi_str *nearest)
{
    gwapi_str segment, rest = path;

    gwapi__text_add(&t->path, t->source->kind);
    GWAPI__TRY(gwapi__spot_at(&t->spot, t->x, t->source, t->source->root, NULL));
    while (rest.data != NULL) {
        if (!gwapi__str_cut(rest, '.', &segment, &rest))
            rest = (gwapi_str){NULL, 0};
        GWAPI__TRY(step(t, without_index(segment), nearest));
    }
    if (t->path.failed)
        return GWAPI_ENOMEM;
    gwapi_explanation *e = t->x->explanation;
    e->topic = GWAPI_TOPIC_FIELD;
    GWAPI__TRY(fill(&e->field, t->x, t->source, &t->spot, gwapi__text_str(&t->path),
                    t->required));
    GWAPI__TRY(add_limits(t->x, t->spot.schema));
    GWAPI__TRY(add_inner_limits(t->x, t->source, &t->spot));
    GWAPI__TRY(add_rules(t->x, t->spot.schema));
    GWAPI__TRY(enter(t)); /* the members of its items */
    return add_members(t->x, t->source, &t->spot);
}

gwapi_result gwapi__explain_field(gwapi__explainer *x, gwapi_str path, gwapi_str *nearest)
{
    gwapi_str kind, rest;
    gwapi__source source;
    bool more;

    if (!gwapi__str_cut(path, '.', &kind, &rest))
        rest = (gwapi_str){NULL, 0};
    for (size_t i = 0;; i++) {
        GWAPI__TRY(gwapi__source_at(&source, x, i, &more));
        if (!more)
            return GWAPI_ENOTFOUND;
        if (!gwapi__str_eq_nocase(source.kind, kind) && !gwapi__str_eq(source.plural, kind))
            continue;
        trail t = {.x = x, .source = &source};
        gwapi__text_init(&t.path, &x->explanation->allocator);
        gwapi_result r = follow(&t, rest, nearest);
        gwapi__text_free(&t.path);
        return r;
    }
}
