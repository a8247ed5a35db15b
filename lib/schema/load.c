#include "schema/load.h"

#include "base/result.h"
#include "base/slice.h"
#include "schema/celtype.h"
#include "schema/judgement.h"
#include "schema/load_rules.h"
#include "schema/resolve_ref.h"

#define DEEPEST 200 /* levels of a schema */

/* From the tree of a schema to its node: equal parts are compiled once. */
typedef struct memo {
    const gwapi__node *source;
    gwapi__schema_node *node;
} memo;

typedef struct load {
    gwapi__kind *kind;
    const gwapi__load_input *in;
    gwapi__arena *arena;
    memo *memos; /* a hash table, in the scratch */
    size_t memo_count, memo_slots;
    const gwapi__load_problem **problems; /* where the next one goes */
    gwapi_result failed;
    unsigned depth;
} load;

static gwapi__schema_node *compile(load *l, const gwapi__frame *at, const gwapi__node *source);

/* ---- problems -------------------------------------------------------------------------- */

static void no_memory(load *l)
{
    l->failed = GWAPI_ENOMEM;
}

static void add_problem(void *ctx, const gwapi__frame *at, const gwapi__load_problem *given)
{
    load *l = ctx;
    gwapi__text path;
    gwapi__load_problem *p = GWAPI__ARENA_NEW(l->in->scratch, gwapi__load_problem);

    gwapi__text_init(&path, &l->in->scratch->allocator);
    gwapi__path_write(&path, at, false);
    if (p == NULL || path.failed ||
        !gwapi__arena_copy(l->in->scratch, gwapi__text_str(&path), &p->path)) {
        no_memory(l);
    } else {
        p->message = given->message;
        p->place = given->place;
        *l->problems = p;
        l->problems = &p->next;
        if (l->failed == GWAPI_OK)
            l->failed = GWAPI_EINVALID;
    }
    gwapi__text_free(&path);
}

static void problem(load *l, const gwapi__frame *at, gwapi__place place, const char *text)
{
    add_problem(l, at, &(gwapi__load_problem){.message = gwapi__str_of(text), .place = place});
}

/* ---- memo ------------------------------------------------------------------------------ */

static memo *memo_slot(load *l, const gwapi__node *source)
{
    size_t i = (size_t)((uintptr_t)source / sizeof(void *) * 0x9e3779b1u);

    while (l->memos[i & (l->memo_slots - 1)].source != NULL &&
           l->memos[i & (l->memo_slots - 1)].source != source)
        i++;
    return &l->memos[i & (l->memo_slots - 1)];
}

static bool memo_grow(load *l)
{
    const memo *old = l->memos;
    size_t count = l->memo_slots, more = count != 0 ? count * 2 : 256;
    memo *memos = gwapi__arena_array(l->in->scratch, more, sizeof *memos);

    if (memos == NULL)
        return false;
    l->memos = memos;
    l->memo_slots = more;
    for (size_t i = 0; i < count; i++)
        if (old[i].source != NULL)
            *memo_slot(l, old[i].source) = old[i];
    return true;
}

static void memo_add(load *l, const gwapi__node *source, gwapi__schema_node *node)
{
    if ((l->memo_count + 1) * 2 > l->memo_slots && !memo_grow(l)) {
        no_memory(l);
        return;
    }
    *memo_slot(l, source) = (memo){source, node};
    l->memo_count++;
}

/* ---- keywords -------------------------------------------------------------------------- */

typedef struct keyword_use {
    const gwapi__frame *at;      /* of the keyword */
    const gwapi__node *schema;   /* the whole */
    const gwapi__node *value;
    gwapi__schema_node *node;
} keyword_use;

static bool wants(load *l, const keyword_use *u, gwapi__node_type type, const char *text)
{
    if (u->value->type == type)
        return true;
    problem(l, u->at, u->value->place, text);
    return false;
}

static gwapi_str copied(load *l, gwapi_str text)
{
    gwapi_str copy = {NULL, 0};

    if (!gwapi__arena_copy(l->arena, text, &copy))
        no_memory(l);
    return copy;
}

static void *array(load *l, size_t count, size_t size)
{
    void *memory = gwapi__arena_array(l->arena, count, size);

    if (memory == NULL)
        no_memory(l);
    return memory;
}

static bool is_true(load *l, const keyword_use *u)
{
    return wants(l, u, GWAPI__NODE_BOOL, "must be true or false") && u->value->as.boolean;
}

static void set_type(load *l, const keyword_use *u)
{
    static const struct {
        const char *name;
        uint32_t type;
    } names[] = {{"object", GWAPI__TYPE_OBJECT},   {"array", GWAPI__TYPE_ARRAY},
                 {"string", GWAPI__TYPE_STRING},   {"integer", GWAPI__TYPE_INTEGER},
                 {"number", GWAPI__TYPE_NUMBER},   {"boolean", GWAPI__TYPE_BOOLEAN}};

    if (u->value->type == GWAPI__NODE_STRING)
        for (size_t i = 0; i < sizeof names / sizeof *names; i++)
            if (gwapi__str_eq(u->value->as.string, gwapi__str_of(names[i].name))) {
                u->node->types |= names[i].type;
                return;
            }
    if (l->in->channel == 0)
        return; /* judged before */
    problem(l, u->at, u->value->place,
            "must be object, array, string, integer, number or boolean");
}

static int64_t count_of(load *l, const keyword_use *u)
{
    /* The server takes negative ones in a definition: nothing, or anything, satisfies them. */
    if (u->value->type == GWAPI__NODE_INT &&
        (u->value->as.integer >= 0 || l->in->channel == 0))
        return u->value->as.integer;
    problem(l, u->at, u->value->place, "must be an integer that is not negative");
    return 0;
}

static bool number_of(load *l, const keyword_use *u, double *out)
{
    if (u->value->type == GWAPI__NODE_INT)
        *out = (double)u->value->as.integer;
    else if (u->value->type == GWAPI__NODE_FLOAT)
        *out = u->value->as.number;
    else
        problem(l, u->at, u->value->place, "must be a number");
    return u->value->type == GWAPI__NODE_INT || u->value->type == GWAPI__NODE_FLOAT;
}

static const gwapi_str *strings_of(load *l, const keyword_use *u, uint32_t *count)
{
    gwapi_str *out = NULL;

    *count = 0;
    if (!wants(l, u, GWAPI__NODE_LIST, "must be a list of strings"))
        return NULL;
    uint32_t n = u->value->as.list.count;
    if ((out = array(l, n, sizeof *out)) == NULL)
        return NULL;
    for (uint32_t i = 0; i < n; i++) {
        const gwapi__node *item = u->value->as.list.items[i];
        if (item->type != GWAPI__NODE_STRING) {
            problem(l, u->at, item->place, "must be a list of strings");
            return NULL;
        }
        out[i] = copied(l, item->as.string);
    }
    *count = n;
    return out;
}

#define SETTER(name, statement)                                                               \
    static void name(load *l, const keyword_use *u)                                           \
    {                                                                                         \
        statement;                                                                            \
    }
SETTER(set_min_length, u->node->min_length = count_of(l, u))
SETTER(set_max_length, u->node->max_length = count_of(l, u))
SETTER(set_min_items, u->node->min_items = count_of(l, u))
SETTER(set_max_items, u->node->max_items = count_of(l, u))
SETTER(set_min_properties, u->node->min_properties = count_of(l, u))
SETTER(set_max_properties, u->node->max_properties = count_of(l, u))
SETTER(set_minimum, u->node->has_minimum = number_of(l, u, &u->node->minimum))
SETTER(set_maximum, u->node->has_maximum = number_of(l, u, &u->node->maximum))
SETTER(set_multiple_of, u->node->has_multiple_of = number_of(l, u, &u->node->multiple_of))
SETTER(set_exclusive_minimum, u->node->exclusive_minimum = is_true(l, u))
SETTER(set_exclusive_maximum, u->node->exclusive_maximum = is_true(l, u))
SETTER(set_nullable, u->node->nullable = is_true(l, u))
SETTER(set_unique_items, u->node->unique_items = is_true(l, u))
SETTER(set_preserve_unknown, u->node->preserve_unknown = is_true(l, u))
SETTER(set_embedded, u->node->embedded = u->node->has_embedded = is_true(l, u))
SETTER(set_required, u->node->required = strings_of(l, u, &u->node->required_count))
SETTER(set_keys, u->node->keys = strings_of(l, u, &u->node->key_count))
#undef SETTER

static void set_int_or_string(load *l, const keyword_use *u)
{
    if (is_true(l, u))
        u->node->types = GWAPI__TYPE_INTEGER | GWAPI__TYPE_STRING;
}

static void set_list_type(load *l, const keyword_use *u)
{
    gwapi_str text = u->value->type == GWAPI__NODE_STRING ? u->value->as.string
                                                          : (gwapi_str){"", 0};

    if (gwapi__str_eq(text, GWAPI__STR("map")))
        u->node->list_type = GWAPI__LIST_MAP;
    else if (gwapi__str_eq(text, GWAPI__STR("set")))
        u->node->list_type = GWAPI__LIST_SET;
    else if (!gwapi__str_eq(text, GWAPI__STR("atomic")) && l->in->channel != 0)
        problem(l, u->at, u->value->place, "must be atomic, set or map");
    u->node->has_lists |= u->node->list_type != GWAPI__LIST_ATOMIC;
}

static gwapi__pattern *pattern_of(load *l, gwapi_str text)
{
    for (gwapi__pattern *p = l->kind->patterns; p != NULL; p = p->next)
        if (gwapi__str_eq(p->text, text))
            return p;
    gwapi__pattern *p = array(l, 1, sizeof *p);
    if (p == NULL)
        return NULL;
    p->text = copied(l, text);
    atomic_init(&p->regex, NULL);
    p->number = l->kind->patterns != NULL ? l->kind->patterns->number + 1 : 0;
    p->next = l->kind->patterns;
    return l->kind->patterns = p;
}

/* The patterns of the built-in schemas are tested once and for all. */
static void check_pattern(load *l, const keyword_use *u)
{
    gwapi__regex_error error = {.message = NULL};
    gwapi__regex *none = NULL;
    gwapi_result r =
        gwapi__regex_compile(&none, &l->arena->allocator, u->value->as.string,
                             GWAPI__REGEX_SYNTAX_ONLY, l->kind->limits.regex_states, &error);

    if (r == GWAPI_ENOMEM)
        no_memory(l);
    else if (r != GWAPI_OK)
        problem(l, u->at, u->value->place,
                error.message != NULL ? error.message : "the pattern is too large");
}

static void set_pattern(load *l, const keyword_use *u)
{
    if (!wants(l, u, GWAPI__NODE_STRING, "must be a string"))
        return;
    if (l->in->channel == 0)
        check_pattern(l, u);
    if (u->value->as.string.len != 0)
        u->node->pattern = pattern_of(l, u->value->as.string);
}

static void set_format(load *l, const keyword_use *u)
{
    if (!wants(l, u, GWAPI__NODE_STRING, "must be a string"))
        return;
    u->node->format = gwapi__format_of(u->value->as.string, l->in->minor);
    const char *pattern = gwapi__format_pattern(u->node->format);
    if (pattern != NULL)
        u->node->format_pattern = pattern_of(l, gwapi__str_of(pattern));
}

static void forget_places(gwapi__node *node)
{
    node->place = (gwapi__place){0, 0};
    if (node->type == GWAPI__NODE_LIST)
        for (uint32_t i = 0; i < node->as.list.count; i++)
            forget_places(node->as.list.items[i]);
    if (node->type == GWAPI__NODE_MAP)
        for (uint32_t i = 0; i < node->as.map.count; i++) {
            node->as.map.fields[i].place = (gwapi__place){0, 0};
            forget_places(node->as.map.fields[i].value);
        }
}

/* A copy in the arena that says it was not in any text. */
static gwapi__node *value_copy(load *l, const gwapi__node *value)
{
    gwapi__node *copy = gwapi__node_copy(l->arena, value, true);

    if (copy == NULL || l->failed == GWAPI_ENOMEM)
        no_memory(l);
    else
        forget_places(copy);
    return copy;
}

static void set_enum(load *l, const keyword_use *u)
{
    const gwapi__node *more = NULL;

    if (!wants(l, u, GWAPI__NODE_LIST, "must be a list"))
        return;
    if (l->in->channel == GWAPI_CHANNEL_EXPERIMENTAL)
        more = gwapi__node_get(u->schema, GWAPI__STR("x-enum-experimental"));
    if (more != NULL && more->type != GWAPI__NODE_LIST)
        more = NULL;
    uint32_t first = u->value->as.list.count;
    uint32_t count = first + (more != NULL ? more->as.list.count : 0);
    const gwapi__node **values = array(l, count, sizeof *values);
    if (values == NULL)
        return;
    for (uint32_t i = 0; i < count; i++)
        values[i] = value_copy(
            l, i < first ? u->value->as.list.items[i] : more->as.list.items[i - first]);
    u->node->values = (const gwapi__node *const *)values;
    u->node->value_count = count;
}

static const gwapi__schema_node *sub_schema(load *l, const keyword_use *u)
{
    gwapi__schema_node *child = compile(l, u->at, u->value);

    if (child == NULL)
        return NULL;
    u->node->has_lists |= child->has_lists;
    u->node->has_embedded |= child->has_embedded;
    u->node->has_rules |= child->has_rules;
    return child;
}

static void set_items(load *l, const keyword_use *u)
{
    if (l->in->channel == 0 && u->value->type != GWAPI__NODE_MAP)
        return; /* to the server, anything else is no schema but no mistake either */
    u->node->items = sub_schema(l, u);
}

static void set_additional(load *l, const keyword_use *u)
{
    if (u->value->type != GWAPI__NODE_BOOL)
        u->node->additional = sub_schema(l, u);
    else if (u->value->as.boolean)
        u->node->additional_any = true;
    else
        u->node->forbids_additional = true;
}

/* The branches of a union only judge values; lists, rules and metadata inside are not theirs. */
static void set_branches(load *l, const keyword_use *u, gwapi__node_list *out)
{
    if (!wants(l, u, GWAPI__NODE_LIST, "must be a list of schemas"))
        return;
    out->at = array(l, u->value->as.list.count, sizeof *out->at);
    if (out->at == NULL)
        return;
    for (uint32_t i = 0; i < u->value->as.list.count; i++) {
        gwapi__frame at = gwapi__frame_item(u->at, u->value, i);
        if ((out->at[out->count] = compile(l, &at, u->value->as.list.items[i])) != NULL)
            out->count++;
    }
}

static void set_all_of(load *l, const keyword_use *u)
{
    set_branches(l, u, &u->node->all_of);
}

static void set_any_of(load *l, const keyword_use *u)
{
    set_branches(l, u, &u->node->any_of);
}

static void set_one_of(load *l, const keyword_use *u)
{
    set_branches(l, u, &u->node->one_of);
}

static void set_not(load *l, const keyword_use *u)
{
    u->node->not_schema = compile(l, u->at, u->value);
}

/* ---- properties ------------------------------------------------------------------------ */

static int by_name(const void *a, const void *b, void *ctx)
{
    (void)ctx;
    return gwapi__str_cmp(((const gwapi__property *)a)->name,
                          ((const gwapi__property *)b)->name);
}

static void index_properties(load *l, gwapi__schema_node *node)
{
    uint32_t slots = 4;

    while (slots < node->property_count * 2)
        slots *= 2;
    uint16_t *table = array(l, slots, sizeof *table);
    if (table == NULL)
        return;
    for (uint32_t i = 0; i < node->property_count; i++) {
        uint32_t h = gwapi__name_hash(node->properties[i].name);
        while (table[h & (slots - 1)] != 0)
            h++;
        table[h & (slots - 1)] = (uint16_t)(i + 1);
    }
    node->slots = table;
    node->slot_mask = slots - 1;
}

static void index_defaults(load *l, gwapi__schema_node *node)
{
    uint16_t *indexes = array(l, node->property_count, sizeof *indexes);

    if (indexes == NULL)
        return;
    for (uint32_t i = 0; i < node->property_count; i++)
        if (node->properties[i].node->default_value != NULL)
            indexes[node->defaulted_count++] = (uint16_t)i;
    node->defaulted = indexes;
}

static void set_properties(load *l, const keyword_use *u)
{
    if (!wants(l, u, GWAPI__NODE_MAP, "must be a map of schemas"))
        return;
    uint32_t count = u->value->as.map.count, kept = 0;
    if (count > UINT16_MAX / 2) {
        problem(l, u->at, u->value->place, "has too many properties");
        return;
    }
    gwapi__property *properties = array(l, count, sizeof *properties);
    if (properties == NULL)
        return;
    for (uint32_t i = 0; i < count; i++) {
        const gwapi__field *field = &u->value->as.map.fields[i];
        gwapi__frame at = gwapi__frame_field(u->at, field);
        keyword_use use = {&at, u->schema, field->value, u->node};
        if (!gwapi__in_channel(l->in->channel, field->value, "x-channel"))
            continue;
        properties[kept].name = copied(l, field->name);
        if ((properties[kept].node = sub_schema(l, &use)) != NULL)
            kept++;
    }
    if (!gwapi__sort(&l->in->scratch->allocator, properties, kept, sizeof *properties, by_name,
                     NULL))
        no_memory(l);
    u->node->properties = properties;
    u->node->property_count = kept;
    if (l->failed != GWAPI_ENOMEM) {
        index_properties(l, u->node);
        index_defaults(l, u->node);
    }
}

/* ---- rules ----------------------------------------------------------------------------- */

static gwapi__rule_loading rules_of(load *l)
{
    return (gwapi__rule_loading){.kind = l->kind,
                                 .channel = l->in->channel,
                                 .scratch = l->in->scratch,
                                 .ctx = l,
                                 .refuse = add_problem};
}

static void set_rules(load *l, const keyword_use *u)
{
    const gwapi__rule_loading loading = rules_of(l);

    if (gwapi__rules_read(&loading, u->at, u->value, u->node) != GWAPI_OK)
        no_memory(l);
}

/* ---- a schema -------------------------------------------------------------------------- */

static const struct {
    const char *name;
    void (*set)(load *, const keyword_use *);
} keywords[] = {
    {"type", set_type},
    {"properties", set_properties},
    {"items", set_items},
    {"required", set_required},
    {"pattern", set_pattern},
    {"minLength", set_min_length},
    {"maxLength", set_max_length},
    {"minItems", set_min_items},
    {"maxItems", set_max_items},
    {"minimum", set_minimum},
    {"maximum", set_maximum},
    {"enum", set_enum},
    {"format", set_format},
    {"x-kubernetes-validations", set_rules},
    {"x-kubernetes-list-type", set_list_type},
    {"x-kubernetes-list-map-keys", set_keys},
    {"additionalProperties", set_additional},
    {"minProperties", set_min_properties},
    {"maxProperties", set_max_properties},
    {"nullable", set_nullable},
    {"anyOf", set_any_of},
    {"oneOf", set_one_of},
    {"allOf", set_all_of},
    {"not", set_not},
    {"exclusiveMinimum", set_exclusive_minimum},
    {"exclusiveMaximum", set_exclusive_maximum},
    {"multipleOf", set_multiple_of},
    {"uniqueItems", set_unique_items},
    {"x-kubernetes-preserve-unknown-fields", set_preserve_unknown},
    {"x-kubernetes-embedded-resource", set_embedded},
    {"x-kubernetes-int-or-string", set_int_or_string},
};

/* Unknown keywords mean nothing, as at the server. */
static void apply_keyword(load *l, const gwapi__frame *at, const gwapi__node *schema,
                          const gwapi__field *field, gwapi__schema_node *node)
{
    for (size_t i = 0; i < sizeof keywords / sizeof *keywords; i++)
        if (gwapi__str_eq(field->name, gwapi__str_of(keywords[i].name))) {
            gwapi__frame inner = gwapi__frame_field(at, field);
            keyword_use use = {&inner, schema, field->value, node};
            keywords[i].set(l, &use);
            return;
        }
}

static void check_node(load *l, const gwapi__frame *at, gwapi__place place,
                       const gwapi__schema_node *node)
{
    if (node->list_type == GWAPI__LIST_MAP && node->key_count == 0)
        problem(l, at, place, "a list of type map needs x-kubernetes-list-map-keys");
    if (node->types == GWAPI__TYPE_ARRAY && node->items == NULL)
        problem(l, at, place, "an array needs items");
    if (node->property_count != 0 && node->additional != NULL)
        problem(l, at, place, "properties and additionalProperties exclude each other");
}

/* As the server does when it takes a definition: a default has no undeclared fields. */
static void prune_default(load *l, gwapi__node *value, const gwapi__schema_node *node)
{
    const gwapi__judge_input input = {.flags = GWAPI__JUDGE_STORED};
    gwapi__judgement silent = {.kind = l->kind, .input = &input, .quiet = true};
    gwapi__frame object = {.step = GWAPI__STEP_ROOT};
    gwapi__frame at = gwapi__frame_missing(&object, GWAPI__STR("default"));

    gwapi__prune(&silent, &at, value, node);
}

static void set_default(load *l, const gwapi__node *source, gwapi__schema_node *node)
{
    const gwapi__node *value = gwapi__node_get(source, GWAPI__STR("default"));

    if (value == NULL || value->type == GWAPI__NODE_NULL)
        return;
    gwapi__node *copy = value_copy(l, value);
    if (copy == NULL || l->failed == GWAPI_ENOMEM) /* what the schema lacks then is no verdict */
        return;
    prune_default(l, copy, node);
    if (!gwapi__defaults_fill(l->arena, copy, node))
        no_memory(l);
    node->default_value = copy;
}

/* Once all else of the node is known. */
static void set_cel(load *l, const gwapi__frame *at, gwapi__schema_node *node)
{
    if (l->failed == GWAPI_OK &&
        !gwapi__celtype_set(l->arena, node, at, at->parent == NULL || node->embedded))
        no_memory(l);
}

static gwapi__schema_node *compile_resolved(load *l, const gwapi__frame *at,
                                            const gwapi__node *source)
{
    gwapi__schema_node *node = array(l, 1, sizeof *node);

    if (node == NULL)
        return NULL;
    node->max_length = node->max_items = node->max_properties = GWAPI__NO_LIMIT;
    for (uint32_t i = 0; i < source->as.map.count && l->failed != GWAPI_ENOMEM; i++)
        apply_keyword(l, at, source, &source->as.map.fields[i], node);
    if (l->in->channel != 0) /* definitions are judged apart */
        check_node(l, at, source->place, node);
    set_default(l, source, node);
    set_cel(l, at, node);
    memo_add(l, source, node);
    return node;
}

static gwapi__schema_node *compile(load *l, const gwapi__frame *at, const gwapi__node *source)
{
    const gwapi__node *resolved = source;
    const char *refusal = NULL;

    if (l->memo_slots != 0 && memo_slot(l, source)->source != NULL)
        return memo_slot(l, source)->node;
    if (source->type != GWAPI__NODE_MAP)
        refusal = "must be a schema";
    else if (l->depth == DEEPEST)
        refusal = "the schema nests too deeply";
    else if (l->in->channel != 0) {
        gwapi_result r = gwapi__resolve_ref(&resolved, source, l->in, &refusal);
        if (r != GWAPI_OK) {
            l->failed = r;
            return NULL;
        }
    }
    if (refusal != NULL) {
        problem(l, at, source->place, refusal);
        return NULL;
    }
    l->depth++;
    gwapi__schema_node *node = l->memo_slots != 0 ? memo_slot(l, resolved)->node : NULL;
    if (node == NULL)
        node = compile_resolved(l, at, resolved);
    l->depth--;
    if (node != NULL && resolved != source)
        memo_add(l, source, node);
    return l->failed != GWAPI_ENOMEM ? node : NULL;
}

gwapi_result gwapi__load(gwapi__kind *kind, const gwapi__load_input *input,
                         const gwapi__load_problem **problems)
{
    load l = {.kind = kind, .in = input, .arena = &kind->arena, .problems = problems};
    gwapi__frame root = gwapi__frame_root(input->schema);

    *problems = NULL;
    kind->minor = input->minor;
    kind->root = compile(&l, &root, input->schema);
    return l.failed;
}
