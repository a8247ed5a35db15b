/* An explanation as JSON. */
#include "base/slice.h"
#include "schema/explain.h"

static void write_texts(gwapi__text *t, bool *first, const char *key, const gwapi__vector *texts)
{
    bool inner = true;

    if (texts->count == 0)
        return;
    gwapi__json_key(t, first, key);
    gwapi__text_char(t, '[');
    for (size_t i = 0; i < texts->count; i++) {
        gwapi__json_comma(t, &inner);
        gwapi__text_json(t, *GWAPI__AT(texts, gwapi_str, i));
    }
    gwapi__text_char(t, ']');
}

static gwapi_str channel_name(gwapi_channel channel)
{
    return channel == GWAPI_CHANNEL_EXPERIMENTAL ? GWAPI__STR("experimental")
                                                 : GWAPI__STR("standard");
}

static void write_rule(gwapi__text *t, const gwapi_explanation *e)
{
    const gwapi_schema_rule_info *r = &e->rule;
    bool first = true;

    gwapi__json_str(t, &first, "rule", r->id);
    if (r->channel != 0)
        gwapi__json_str(t, &first, "channel", channel_name(r->channel));
    write_texts(t, &first, "places", &e->places);
    gwapi__json_str_opt(t, &first, "expression", r->expression);
    gwapi__json_str_opt(t, &first, "message", r->message);
    gwapi__json_str_opt(t, &first, "hint", r->hint);
    gwapi__json_str_opt(t, &first, "why", r->why);
    gwapi__json_str_opt(t, &first, "wrong", r->wrong);
    gwapi__json_str_opt(t, &first, "right", r->right);
    if (r->update)
        gwapi__json_bool(t, &first, "update", true);
}

static void write_field(gwapi__text *t, bool *first, const char *key, const gwapi_schema_field_info *f)
{
    gwapi__json_str(t, first, key, f->path);
    gwapi__json_str(t, first, "type", f->type);
    gwapi__json_bool(t, first, "required", f->required != 0);
    gwapi__json_str(t, first, "channel", channel_name(f->channel));
    gwapi__json_str_opt(t, first, "description", f->description);
    if (f->default_value.data != NULL) {
        gwapi__json_key(t, first, "default");
        gwapi__text_add(t, f->default_value);
    }
    gwapi__json_str_opt(t, first, "feature", f->feature);
    if (f->gep != 0)
        gwapi__json_u64(t, first, "gep", f->gep);
}

static void write_field_topic(gwapi__text *t, const gwapi_explanation *e)
{
    bool first = true, first_member = true;

    write_field(t, &first, "field", &e->field);
    gwapi__json_str(t, &first, "apiVersion", e->field.api_version);
    write_texts(t, &first, "limits", &e->limits);
    write_texts(t, &first, "rules", &e->rules);
    if (e->members.count == 0)
        return;
    gwapi__json_key(t, &first, "members");
    gwapi__text_char(t, '[');
    for (size_t i = 0; i < e->members.count; i++) {
        bool inner = true;
        gwapi__json_comma(t, &first_member);
        gwapi__text_char(t, '{');
        write_field(t, &inner, "name", GWAPI__AT(&e->members, gwapi_schema_field_info, i));
        gwapi__text_char(t, '}');
    }
    gwapi__text_char(t, ']');
}

gwapi_result gwapi_explanation_write(const gwapi_explanation *explanation, const gwapi_sink *sink)
{
    gwapi__text t;

    if (explanation == NULL || sink == NULL)
        return GWAPI_EARGUMENT;
    gwapi__text_init(&t, &explanation->allocator);
    gwapi__text_char(&t, '{');
    if (explanation->topic == GWAPI_TOPIC_RULE)
        write_rule(&t, explanation);
    else
        write_field_topic(&t, explanation);
    gwapi__text_addz(&t, "}\n");
    gwapi_result r = gwapi__text_flush(&t, sink);
    gwapi__text_free(&t);
    return r;
}
