#include "schema/explain.h"

#include "base/result.h"
#include "base/slice.h"
#include "base/struct.h"
#include "base/report.h"
#include "schema/judgement.h"

/* ---- sources --------------------------------------------------------------------------- */

/* There is one of every kind of the release. */
static const gwapi__builtin_text *find_text(const gwapi__builtin_text *texts, gwapi_str name)
{
    while (!gwapi__str_eq(texts->name, name))
        texts++;
    return texts;
}

/* The definitions of shared.yaml, behind those of a kind's own file. */
static gwapi_result define(void *ctx, gwapi_str name, const gwapi__node **out)
{
    gwapi__explainer *x = ctx;

    if (x->shared == NULL) {
        const gwapi__builtin_text *text =
            find_text(x->documents->files, GWAPI__STR("shared"));
        const gwapi__node *file;
        GWAPI__TRY(gwapi__builtin_read(&file, text, x->arena));
        x->shared = gwapi__node_get(file, GWAPI__STR("definitions"));
    }
    *out = gwapi__node_get(x->shared, name);
    return GWAPI_OK;
}

static gwapi_result api_version(gwapi_str *out, gwapi__explainer *x, gwapi_str group,
                                gwapi_str version)
{
    gwapi__text_add(&x->text, group);
    gwapi__text_char(&x->text, '/');
    gwapi__text_add(&x->text, version);
    *out = gwapi__explainer_take(x);
    return out->data != NULL ? GWAPI_OK : GWAPI_ENOMEM;
}

static const gwapi__builtin_version *storage_version(const gwapi__builtin_kind *kind)
{
    const gwapi__builtin_version *v = kind->versions;

    while (!v->storage)
        v++;
    return v;
}

static gwapi_result builtin_source(gwapi__source *out, gwapi__explainer *x,
                                   const gwapi__builtin_kind *kind)
{
    const gwapi__builtin_version *version = storage_version(kind);
    const gwapi__builtin_text *text =
        find_text(x->documents->files, kind->kind);
    const gwapi__node *file;

    GWAPI__TRY(gwapi__builtin_read(&file, text, x->arena));
    *out = (gwapi__source){
        .kind = kind->kind,
        .plural = kind->plural,
        .root = gwapi__builtin_schema(file, version),
        .channel = kind->experimental ? GWAPI_CHANNEL_EXPERIMENTAL : GWAPI_CHANNEL_STANDARD,
        .input = {.definitions = gwapi__node_get(file, GWAPI__STR("definitions")),
                  .define = define,
                  .ctx = x,
                  .scratch = x->arena}};
    return api_version(&out->api_version, x, kind->group, version->name);
}

static gwapi_result crd_source(gwapi__source *out, gwapi__explainer *x, const gwapi__entry *entry)
{
    *out = (gwapi__source){.kind = entry->kind_name,
                           .plural = entry->plural,
                           .root = entry->source,
                           .channel = GWAPI_CHANNEL_STANDARD,
                           .input = {.scratch = x->arena}};
    return api_version(&out->api_version, x, entry->group, entry->version);
}

static const gwapi__builtin_release *release_of(const gwapi_schema *schema)
{
    for (size_t i = 0; i < gwapi__builtin_release_count; i++)
        if (gwapi__str_eq(gwapi__builtin_releases[i].name, schema->release))
            return &gwapi__builtin_releases[i];
    return &gwapi__builtin_releases[gwapi__builtin_release_count - 1];
}

gwapi_result gwapi__source_at(gwapi__source *out, gwapi__explainer *x, size_t i, bool *more)
{
    const gwapi__builtin_release *release = release_of(x->schema);

    *more = true;
    for (size_t k = 0; k < x->schema->entries.count; k++) {
        const gwapi__entry *entry = GWAPI__AT(&x->schema->entries, gwapi__entry, k);
        if (entry->source != NULL && entry->storage && i-- == 0)
            return crd_source(out, x, entry);
    }
    if (i < release->kind_count)
        return builtin_source(out, x, &release->kinds[i]);
    *more = false;
    return GWAPI_OK;
}

/* ---- spots ----------------------------------------------------------------------------- */

/* Takes what `raw` says for readers, and where it is silent what it refers to says. */
static gwapi_result read_words(gwapi__spot *spot, const gwapi__source *source,
                               const gwapi__node *raw)
{
    for (unsigned links = 0; raw != NULL && links < 32; links++) {
        const gwapi__node *gep = gwapi__node_get(raw, GWAPI__STR("x-gep"));
        gwapi_str ref = gwapi__node_get_str(raw, GWAPI__STR("$ref"));

        if (spot->description.data == NULL)
            spot->description = gwapi__node_get_str(raw, GWAPI__STR("description"));
        if (spot->feature.data == NULL)
            spot->feature = gwapi__node_get_str(raw, GWAPI__STR("x-feature"));
        if (spot->gep == 0 && gep != NULL)
            spot->gep = (uint32_t)gep->as.integer;
        raw = NULL;
        if (ref.data == NULL)
            break;
        raw = gwapi__node_get(source->input.definitions, ref);
        if (raw == NULL)
            GWAPI__TRY(source->input.define(source->input.ctx, ref, &raw));
    }
    return GWAPI_OK;
}

gwapi_result gwapi__spot_at(gwapi__spot *out, gwapi__explainer *x, const gwapi__source *source,
                            const gwapi__node *raw, const gwapi__spot *above)
{
    const char *refusal = NULL;
    gwapi_str channel = gwapi__node_get_str(raw, GWAPI__STR("x-channel"));

    (void)x;
    *out = (gwapi__spot){.channel = above != NULL ? above->channel : source->channel};
    GWAPI__TRY(read_words(out, source, raw));
    GWAPI__TRY(gwapi__resolve_ref(&out->schema, raw, &source->input, &refusal));
    if (gwapi__str_eq(channel, GWAPI__STR("experimental")))
        out->channel = GWAPI_CHANNEL_EXPERIMENTAL;
    if (out->gep == 0 && above != NULL)
        out->gep = above->gep;
    return GWAPI_OK;
}

gwapi_str gwapi__explainer_take(gwapi__explainer *x)
{
    gwapi_str out = {NULL, 0};

    if (x->text.failed || !gwapi__arena_copy(x->arena, gwapi__text_str(&x->text), &out))
        return (gwapi_str){NULL, 0};
    gwapi__text_cut(&x->text, 0);
    return out;
}

/* ---- the call -------------------------------------------------------------------------- */

static gwapi_str rule_name(const void *ctx, size_t i)
{
    const gwapi__documents *documents = ctx;

    return documents->rules[i].name;
}

static gwapi_result report_unknown(gwapi_report *report, gwapi__explainer *x, gwapi_str topic,
                                   gwapi_str nearest)
{
    gwapi_diagnostic d = {.severity = GWAPI_SEVERITY_ERROR,
                          .type = GWAPI_ERROR_NOT_FOUND,
                          .rule = GWAPI__STR("explain/topic"),
                          .document = GWAPI__NO_DOCUMENT,
                          .hint_value = nearest};

    if (nearest.data != NULL) {
        gwapi__say(&x->text, "did you mean %q?", nearest);
        d.hint = gwapi__explainer_take(x);
    }
    gwapi__say(&x->text, "%q is neither a rule nor a field that is known", topic);
    d.message = gwapi__explainer_take(x);
    if (d.message.data == NULL || (nearest.data != NULL && d.hint.data == NULL))
        return GWAPI_ENOMEM;
    GWAPI__TRY(gwapi__report_add(report, &d));
    return GWAPI_ENOTFOUND;
}

static gwapi_result explain(gwapi__explainer *x, gwapi_str topic, gwapi_report *report)
{
    const gwapi__names rules = {rule_name, x->documents, x->documents->rule_count};
    gwapi_str nearest = {NULL, 0};

    gwapi_result r = gwapi__explain_rule(x, topic);
    if (r == GWAPI_ENOTFOUND)
        r = gwapi__explain_field(x, topic, &nearest);
    if (r != GWAPI_ENOTFOUND)
        return r;
    if (nearest.data == NULL)
        nearest = gwapi__suggest(topic, &rules);
    return report_unknown(report, x, topic, nearest);
}

static const gwapi__documents *documents_of(const gwapi_schema *schema)
{
    return &gwapi__documents_of[release_of(schema) - gwapi__builtin_releases];
}

gwapi_result gwapi_schema_explain(gwapi_explanation **out, const gwapi_schema *schema,
                                  gwapi_str topic, gwapi_report *report)
{
    if (out == NULL || schema == NULL || topic.data == NULL)
        return GWAPI_EARGUMENT;
    *out = NULL;
    gwapi_explanation *e = gwapi__alloc_array(&schema->allocator, 1, sizeof *e);
    if (e == NULL)
        return GWAPI_ENOMEM;
    e->allocator = schema->allocator;
    gwapi__arena_init(&e->arena, &e->allocator);
    gwapi__vector_init(&e->places, &e->allocator, sizeof(gwapi_str));
    gwapi__vector_init(&e->limits, &e->allocator, sizeof(gwapi_str));
    gwapi__vector_init(&e->rules, &e->allocator, sizeof(gwapi_str));
    gwapi__vector_init(&e->members, &e->allocator, sizeof(gwapi_schema_field_info));
    gwapi__explainer x = {.schema = schema,
                          .documents = documents_of(schema),
                          .explanation = e,
                          .arena = &e->arena};
    gwapi__text_init(&x.text, &e->allocator);
    gwapi_result r = explain(&x, topic, report);
    gwapi__text_free(&x.text);
    if (r == GWAPI_OK)
        *out = e;
    else
        gwapi_explanation_free(e);
    return r;
}

void gwapi_explanation_free(gwapi_explanation *explanation)
{
    if (explanation == NULL)
        return;
    gwapi_allocator allocator = explanation->allocator;
    gwapi__vector_free(&explanation->places);
    gwapi__vector_free(&explanation->limits);
    gwapi__vector_free(&explanation->rules);
    gwapi__vector_free(&explanation->members);
    gwapi__arena_free(&explanation->arena);
    gwapi__free(&allocator, explanation, sizeof *explanation);
}

/* ---- asking ---------------------------------------------------------------------------- */

size_t gwapi_schema_rule_count(const gwapi_schema *schema)
{
    return schema != NULL ? documents_of(schema)->rule_count : 0;
}

gwapi_str gwapi_schema_rule_at(const gwapi_schema *schema, size_t i)
{
    if (i >= gwapi_schema_rule_count(schema))
        return (gwapi_str){NULL, 0};
    return documents_of(schema)->rules[i].name;
}

gwapi_topic gwapi_explanation_topic(const gwapi_explanation *explanation)
{
    return explanation != NULL ? explanation->topic : 0;
}

gwapi_result gwapi_explanation_rule(const gwapi_explanation *explanation, gwapi_schema_rule_info *out)
{
    if (explanation == NULL)
        return GWAPI_EARGUMENT;
    if (explanation->topic != GWAPI_TOPIC_RULE)
        return GWAPI_ENOTFOUND;
    return gwapi__struct_out(out, &explanation->rule, sizeof explanation->rule,
                             sizeof explanation->rule);
}

gwapi_result gwapi_explanation_field(const gwapi_explanation *explanation, gwapi_schema_field_info *out)
{
    if (explanation == NULL)
        return GWAPI_EARGUMENT;
    if (explanation->topic != GWAPI_TOPIC_FIELD)
        return GWAPI_ENOTFOUND;
    return gwapi__struct_out(out, &explanation->field, sizeof explanation->field,
                             sizeof explanation->field);
}

static gwapi_str text_at(const gwapi__vector *texts, size_t i)
{
    return i < texts->count ? *GWAPI__AT(texts, gwapi_str, i) : (gwapi_str){NULL, 0};
}

size_t gwapi_explanation_place_count(const gwapi_explanation *explanation)
{
    return explanation != NULL ? explanation->places.count : 0;
}

gwapi_str gwapi_explanation_place_at(const gwapi_explanation *explanation, size_t i)
{
    return explanation != NULL ? text_at(&explanation->places, i) : (gwapi_str){NULL, 0};
}

size_t gwapi_explanation_limit_count(const gwapi_explanation *explanation)
{
    return explanation != NULL ? explanation->limits.count : 0;
}

gwapi_str gwapi_explanation_limit_at(const gwapi_explanation *explanation, size_t i)
{
    return explanation != NULL ? text_at(&explanation->limits, i) : (gwapi_str){NULL, 0};
}

size_t gwapi_explanation_rule_count(const gwapi_explanation *explanation)
{
    return explanation != NULL ? explanation->rules.count : 0;
}

gwapi_str gwapi_explanation_rule_at(const gwapi_explanation *explanation, size_t i)
{
    return explanation != NULL ? text_at(&explanation->rules, i) : (gwapi_str){NULL, 0};
}

size_t gwapi_explanation_member_count(const gwapi_explanation *explanation)
{
    return explanation != NULL ? explanation->members.count : 0;
}

gwapi_result gwapi_explanation_member_at(const gwapi_explanation *explanation, size_t i,
                                         gwapi_schema_field_info *out)
{
    if (i >= gwapi_explanation_member_count(explanation))
        return GWAPI_EARGUMENT;
    const gwapi_schema_field_info *member = GWAPI__AT(&explanation->members, gwapi_schema_field_info, i);
    return gwapi__struct_out(out, member, sizeof *member, sizeof *member);
}
