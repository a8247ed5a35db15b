#include "schema/judge.h"

#include "base/result.h"
#include "base/slice.h"
#include "schema/rules.h"

const gwapi__kind_info *gwapi__kind_info_of(const gwapi__kind *kind)
{
    return &kind->info;
}

/* ---- decoding -------------------------------------------------------------------------- */

static void not_an_object(gwapi__judgement *j, const gwapi__frame *at, const gwapi__node *root)
{
    gwapi__finding f = {.type = GWAPI_ERROR_TYPE_INVALID, .rule = "structure/type", .at = at};

    j->undecodable = true;
    if (!gwapi__judge_error(j, f.type))
        return;
    gwapi__say(&j->message, "a document must be an object, not %n", root);
    gwapi__judge_report(j, &f);
}

static void embedded_type(gwapi__judgement *j, const gwapi__frame *at, const gwapi__node *node,
                          const char *member)
{
    const gwapi__field *field = gwapi__node_field(node, gwapi__str_of(member));

    if (field == NULL || field->value->type == GWAPI__NODE_STRING)
        return;
    gwapi__frame frame = gwapi__frame_field(at, field);
    gwapi__finding f = {.type = GWAPI_ERROR_INVALID,
                        .rule = "meta/embedded",
                        .at = &frame,
                        .place = field->value->place,
                        .brackets = true};
    j->undecodable = true;
    if (!gwapi__judge_error(j, f.type))
        return;
    gwapi__say(&j->message, "must be a string");
    gwapi__judge_report(j, &f);
}

void gwapi__decode_embedded(gwapi__judgement *j, const gwapi__frame *at, gwapi__node *node,
                            const gwapi__schema_node *schema)
{
    if (!schema->has_embedded)
        return;
    if (node->type == GWAPI__NODE_LIST && schema->items != NULL)
        for (uint32_t i = 0; i < node->as.list.count; i++) {
            gwapi__frame frame = gwapi__frame_item(at, node, i);
            gwapi__decode_embedded(j, &frame, node->as.list.items[i], schema->items);
        }
    if (node->type != GWAPI__NODE_MAP)
        return;
    if (schema->embedded) {
        embedded_type(j, at, node, "apiVersion");
        embedded_type(j, at, node, "kind");
        gwapi__meta_decode(j, at, node);
    }
    for (uint32_t i = 0; i < node->as.map.count; i++) {
        gwapi__field *field = &node->as.map.fields[i];
        const gwapi__property *p = gwapi__schema_property(schema, field->name);
        const gwapi__schema_node *member = p != NULL ? p->node : schema->additional;
        if (member == NULL)
            continue;
        gwapi__frame frame =
            p != NULL ? gwapi__frame_field(at, field) : gwapi__frame_key(at, field);
        gwapi__decode_embedded(j, &frame, field->value, member);
    }
}

/* What the server does to an object before it validates it. */
static void decode(gwapi__judgement *j, const gwapi__frame *at, gwapi__node *root)
{
    const gwapi__schema_node *schema = j->kind->root;

    gwapi__meta_decode(j, at, root);
    gwapi__prune(j, at, root, schema);
    if (j->nulls)
        gwapi__prune_nulls(root, schema);
    gwapi__decode_embedded(j, at, root, schema);
    if (!gwapi__defaults_fill(j->input->arena, root, schema))
        gwapi__judge_fail(j, GWAPI_ENOMEM);
    gwapi__meta_complete(j, root);
}

/* ---- validating ------------------------------------------------------------------------ */

static void type_meta_error(gwapi__judgement *j, const gwapi__frame *at,
                            const gwapi__node *root, const char *member, const char *rule)
{
    const gwapi__field *field = gwapi__node_field(root, gwapi__str_of(member));
    gwapi__frame frame = field != NULL ? gwapi__frame_field(at, field)
                                       : gwapi__frame_missing(at, gwapi__str_of(member));
    gwapi__finding f = {.type = GWAPI_ERROR_INVALID, .rule = rule, .at = &frame};
    const gwapi__kind_info *info = &j->kind->info;

    if (!gwapi__judge_error(j, f.type))
        return;
    gwapi__say(&j->message, "must be %v/%v, kind %v", info->group, info->version, info->kind);
    gwapi__judge_report(j, &f);
}

static bool is_api_version(gwapi_str text, const gwapi__kind_info *info)
{
    gwapi_str group, version;

    return gwapi__str_cut(text, '/', &group, &version) && gwapi__str_eq(group, info->group) &&
           gwapi__str_eq(version, info->version);
}

/* The identity itself, which nothing else can be judged without. */
static bool check_type_meta(gwapi__judgement *j, const gwapi__frame *at, const gwapi__node *root)
{
    bool kind = gwapi__str_eq(gwapi__node_get_str(root, GWAPI__STR("kind")), j->kind->info.kind);
    bool version = is_api_version(gwapi__node_get_str(root, GWAPI__STR("apiVersion")),
                                  &j->kind->info);

    if (!kind)
        type_meta_error(j, at, root, "kind", "meta/kind");
    if (!version)
        type_meta_error(j, at, root, "apiVersion", "meta/api-version");
    return kind && version;
}

/* Did lists of type set and map hold before? Then they must hold now. */
static bool lists_held(gwapi__judgement *j, const gwapi__frame *at, const gwapi__node *old)
{
    gwapi__judgement quiet = {.kind = j->kind,
                              .input = j->input,
                              .allocator = j->allocator,
                              .quiet = true};

    gwapi__check_lists(&quiet, at, old, j->kind->root);
    gwapi__judge_fail(j, quiet.failed);
    return quiet.errors == 0;
}

static void validate(gwapi__judgement *j, const gwapi__frame *at, const gwapi__node *root)
{
    const gwapi__schema_node *schema = j->kind->root;
    const gwapi__node *old = j->input->old_root;

    if (old != NULL)
        gwapi__meta_check_update(j, at, root, old);
    else
        gwapi__meta_check(j, at, root);
    if (j->undecodable)
        return;
    gwapi__validate(j, at, root, old, schema);
    gwapi__embedded_check(j, at, root, schema);
    if (old == NULL || lists_held(j, at, old))
        gwapi__check_lists(j, at, root, schema);
    if (j->blocked)
        gwapi__rules_not_reached(j, root);
    else
        gwapi__rules_check(j, at, root, old);
}

/* ---- the whole ------------------------------------------------------------------------- */

static gwapi_str namespace_for(const gwapi__judge_input *input)
{
    gwapi_str old = gwapi__node_get_str(
        gwapi__node_get(input->old_root, GWAPI__STR("metadata")), GWAPI__STR("namespace"));

    return old.len != 0 ? old : input->default_namespace;
}

static void judge(gwapi__judgement *j, gwapi__node *root)
{
    gwapi__frame at = gwapi__frame_root(root);

    if (root->type != GWAPI__NODE_MAP) {
        not_an_object(j, &at, root);
        return;
    }
    decode(j, &at, root);
    size_t undecided = j->errors; /* unknown fields do not keep the server from judging the rest */
    if (j->undecodable || j->failed != GWAPI_OK ||
        (j->input->flags & GWAPI__JUDGE_STORED) != 0 || !check_type_meta(j, &at, root))
        return;
    validate(j, &at, root);
    if (j->errors == undecided && j->input->old_root == NULL)
        gwapi__meta_check_last(j, &at, root);
}

gwapi_result gwapi__judge(const gwapi__kind *kind, const gwapi__judge_input *input,
                          size_t *errors)
{
    gwapi__judge_input in = *input;
    gwapi__judgement j = {
        .kind = kind, .input = &in, .allocator = input->arena->allocator};

    in.default_namespace = namespace_for(input);
    gwapi__text_init(&j.message, &j.allocator);
    gwapi__text_init(&j.hint, &j.allocator);
    gwapi__text_init(&j.path, &j.allocator);
    gwapi__text_init(&j.pointer, &j.allocator);
    judge(&j, in.root);
    gwapi__text_free(&j.message);
    gwapi__text_free(&j.hint);
    gwapi__text_free(&j.path);
    gwapi__text_free(&j.pointer);
    gwapi__free(&j.allocator, j.scratch, j.scratch_size);
    *errors = j.errors;
    return j.failed;
}
