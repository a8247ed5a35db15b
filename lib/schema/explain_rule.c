/* The explanation of a rule: what rules.yaml says of it, and where schemas have it. */
#include "base/result.h"
#include "base/slice.h"
#include "schema/explain.h"

/* Walks a kind's schema for the places of one rule. */
typedef struct finder {
    gwapi__explainer *x;
    const gwapi__source *source;
    gwapi_str id;
    gwapi__text path;
} finder;

static gwapi_channel channel_of_rule(const gwapi__node *rule)
{
    gwapi_str channel = gwapi__node_get_str(rule, GWAPI__STR("channel"));

    if (channel.data == NULL)
        return 0;
    return gwapi__str_eq(channel, GWAPI__STR("experimental")) ? GWAPI_CHANNEL_EXPERIMENTAL
                                                              : GWAPI_CHANNEL_STANDARD;
}

static bool add_place(finder *f)
{
    gwapi_str *place = gwapi__vector_push(&f->x->explanation->places);

    return place != NULL && gwapi__arena_copy(f->x->arena, gwapi__text_str(&f->path), place);
}

/* Takes the words of the rule, the first time it is met, and its place. */
static gwapi_result look_at(finder *f, const gwapi__spot *spot)
{
    const gwapi__node *rules =
        gwapi__node_get(spot->schema, GWAPI__STR("x-kubernetes-validations"));
    gwapi_schema_rule_info *info = &f->x->explanation->rule;

    if (rules == NULL)
        return GWAPI_OK;
    for (uint32_t i = 0; i < rules->as.list.count; i++) {
        const gwapi__node *rule = rules->as.list.items[i];
        if (!gwapi__str_eq(gwapi__node_get_str(rule, GWAPI__STR("id")), f->id) ||
            (spot->channel == GWAPI_CHANNEL_EXPERIMENTAL &&
             channel_of_rule(rule) == GWAPI_CHANNEL_STANDARD))
            continue;
        if (info->expression.data == NULL) {
            info->expression = gwapi__node_get_str(rule, GWAPI__STR("rule"));
            info->message = gwapi__node_get_str(rule, GWAPI__STR("message"));
            info->hint = gwapi__node_get_str(rule, GWAPI__STR("hint"));
            info->channel = spot->channel == GWAPI_CHANNEL_EXPERIMENTAL
                                ? spot->channel
                                : channel_of_rule(rule);
        }
        if (spot->channel == GWAPI_CHANNEL_STANDARD && channel_of_rule(rule) == 0)
            info->channel = 0;
        if (!add_place(f))
            return GWAPI_ENOMEM;
    }
    return GWAPI_OK;
}

static gwapi_result walk(finder *f, const gwapi__node *raw, const gwapi__spot *above);

static gwapi_result walk_member(finder *f, const gwapi__node *raw, const gwapi__spot *above,
                                const char *separator, gwapi_str name)
{
    size_t len = f->path.len;

    gwapi__text_addz(&f->path, separator);
    gwapi__text_add(&f->path, name);
    GWAPI__TRY(walk(f, raw, above));
    gwapi__text_cut(&f->path, len);
    return GWAPI_OK;
}

static gwapi_result walk(finder *f, const gwapi__node *raw, const gwapi__spot *above)
{
    gwapi__spot spot;

    if (raw == NULL || raw->type != GWAPI__NODE_MAP)
        return GWAPI_OK;
    GWAPI__TRY(gwapi__spot_at(&spot, f->x, f->source, raw, above));
    GWAPI__TRY(look_at(f, &spot));
    const gwapi__node *properties = gwapi__node_get(spot.schema, GWAPI__STR("properties"));
    for (uint32_t i = 0; properties != NULL && i < properties->as.map.count; i++) {
        const gwapi__field *field = &properties->as.map.fields[i];
        GWAPI__TRY(walk_member(f, field->value, &spot, ".", field->name));
    }
    GWAPI__TRY(walk_member(f, gwapi__node_get(spot.schema, GWAPI__STR("items")), &spot, "[]",
                           gwapi__str("", 0)));
    return walk_member(f, gwapi__node_get(spot.schema, GWAPI__STR("additionalProperties")), &spot,
                       ".*", gwapi__str("", 0));
}

static gwapi_result find_places(gwapi__explainer *x, gwapi_str id)
{
    gwapi__source source;
    bool more;

    for (size_t i = 0;; i++) {
        GWAPI__TRY(gwapi__source_at(&source, x, i, &more));
        if (!more)
            return GWAPI_OK;
        finder f = {.x = x, .source = &source, .id = id};
        gwapi__text_init(&f.path, &x->explanation->allocator);
        gwapi__text_add(&f.path, source.kind);
        gwapi_result r = walk(&f, source.root, NULL);
        if (f.path.failed)
            r = GWAPI_ENOMEM;
        gwapi__text_free(&f.path);
        if (r != GWAPI_OK)
            return r;
    }
}

gwapi_result gwapi__explain_rule(gwapi__explainer *x, gwapi_str id)
{
    const gwapi__builtin_text *text = NULL;
    gwapi_schema_rule_info *info = &x->explanation->rule;
    const gwapi__node *words;

    for (size_t i = 0; i < x->documents->rule_count && text == NULL; i++)
        if (gwapi__str_eq(x->documents->rules[i].name, id))
            text = &x->documents->rules[i];
    if (text == NULL)
        return GWAPI_ENOTFOUND;
    GWAPI__TRY(gwapi__builtin_read(&words, text, x->arena));
    const gwapi__node *update = gwapi__node_get(words, GWAPI__STR("update"));
    *info = (gwapi_schema_rule_info){.struct_size = sizeof *info,
                              .id = text->name,
                              .why = gwapi__node_get_str(words, GWAPI__STR("why")),
                              .message = gwapi__node_get_str(words, GWAPI__STR("message")),
                              .hint = gwapi__node_get_str(words, GWAPI__STR("hint")),
                              .wrong = gwapi__node_get_str(words, GWAPI__STR("wrong")),
                              .right = gwapi__node_get_str(words, GWAPI__STR("right")),
                              .update = update != NULL && update->as.boolean};
    x->explanation->topic = GWAPI_TOPIC_RULE;
    return find_places(x, id);
}
