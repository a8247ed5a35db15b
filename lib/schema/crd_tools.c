/* What the steps of judging a definition share: findings, frames, members, equality. */
#include "schema/crd_judge.h"

void gwapi__crd_fault(gwapi__judgement *j, const gwapi__frame *at, const gwapi__node *value,
                      gwapi_error_type type, const char *rule, const char *format, ...)
{
    gwapi__finding f = {.type = type, .rule = rule, .at = at, .brackets = true};
    va_list args;

    if (!gwapi__judge_error(j, type))
        return;
    if (value != NULL)
        f.place = value->place;
    va_start(args, format);
    const char *hint = gwapi__say_line(&j->message, format, &args);
    if (hint != NULL)
        gwapi__say_line(&j->hint, hint, &args);
    va_end(args);
    gwapi__judge_report(j, &f);
}

void gwapi__crd_must(gwapi__judgement *j, const gwapi__frame *at, const gwapi__node *value,
                     const char *rule, const char *complaint)
{
    if (complaint != NULL)
        gwapi__crd_fault(j, at, value, GWAPI_ERROR_INVALID, rule, "%q must %s",
                         value->as.string, complaint);
}

gwapi__frame gwapi__crd_at(const gwapi__frame *at, const gwapi__node *map, const char *name)
{
    const gwapi__field *field = gwapi__node_field(map, gwapi__str_of(name));

    return field != NULL ? gwapi__frame_field(at, field)
                         : gwapi__frame_missing(at, gwapi__str_of(name));
}

gwapi__frame gwapi__crd_renamed(gwapi__judgement *j, const gwapi__frame *real,
                                const gwapi__frame *at, const char *name)
{
    const gwapi__frame named = gwapi__frame_missing(at, gwapi__str_of(name));
    gwapi__text path;
    gwapi_str copy = {"", 0};

    gwapi__text_init(&path, &j->allocator);
    gwapi__path_write(&path, &named, true);
    if (path.failed || !gwapi__arena_copy(j->input->arena, gwapi__text_str(&path), &copy))
        gwapi__judge_fail(j, GWAPI_ENOMEM);
    gwapi__text_free(&path);
    return gwapi__frame_alias(real, copy);
}

bool gwapi__crd_flag(const gwapi__node *map, const char *name)
{
    const gwapi__node *value = gwapi__node_get(map, gwapi__str_of(name));

    return value != NULL && value->as.boolean; /* decoded, so it is one */
}

uint32_t gwapi__crd_count(const gwapi__node *list)
{
    return list != NULL && list->type == GWAPI__NODE_LIST ? list->as.list.count : 0;
}

bool gwapi__crd_is_empty(const gwapi__node *node)
{
    return (node->type == GWAPI__NODE_LIST && node->as.list.count == 0) ||
           (node->type == GWAPI__NODE_MAP && node->as.map.count == 0);
}

/* ---- repetition and equality ----------------------------------------------------------- */

typedef struct ranked {
    gwapi_str text;
    uint32_t index;
} ranked;

static int by_text(const void *a, const void *b, void *ctx)
{
    (void)ctx;
    return gwapi__str_cmp(((const ranked *)a)->text, ((const ranked *)b)->text);
}

const bool *gwapi__crd_repeats(gwapi__judgement *j, const gwapi_str *texts, uint32_t count)
{
    ranked *sorted;
    bool *repeats;

    if (texts == NULL)
        return NULL;
    sorted = gwapi__arena_array(j->input->arena, count, sizeof *sorted);
    repeats = gwapi__arena_array(j->input->arena, count, sizeof *repeats);
    if (sorted == NULL || repeats == NULL) {
        gwapi__judge_fail(j, GWAPI_ENOMEM);
        return NULL;
    }
    for (uint32_t i = 0; i < count; i++)
        sorted[i] = (ranked){texts[i], i};
    /* Stable: of equal texts the first stays the first. */
    if (!gwapi__sort(&j->allocator, sorted, count, sizeof *sorted, by_text, NULL))
        gwapi__judge_fail(j, GWAPI_ENOMEM);
    for (uint32_t i = 1; i < count; i++)
        repeats[sorted[i].index] = gwapi__str_eq(sorted[i].text, sorted[i - 1].text);
    return repeats;
}

const gwapi_str *gwapi__crd_texts(gwapi__judgement *j, const gwapi__node *list,
                                  const char *member)
{
    uint32_t count = gwapi__crd_count(list);
    gwapi_str *texts = gwapi__arena_array(j->input->arena, count, sizeof *texts);

    if (texts == NULL)
        gwapi__judge_fail(j, GWAPI_ENOMEM);
    for (uint32_t i = 0; texts != NULL && i < count; i++)
        texts[i] = member != NULL
                       ? gwapi__node_get_str(list->as.list.items[i], gwapi__str_of(member))
                       : list->as.list.items[i]->as.string;
    return texts;
}

static int by_name(const void *a, const void *b, void *ctx)
{
    (void)ctx;
    return gwapi__str_cmp(((const gwapi__field *)a)->name, ((const gwapi__field *)b)->name);
}

/* Lists and maps of which an empty one is as good as none. */
static bool is_idle(const gwapi__field *field)
{
    static const char *const names[] = {"properties",
                                        "required",
                                        "enum",
                                        "allOf",
                                        "anyOf",
                                        "oneOf",
                                        "patternProperties",
                                        "definitions",
                                        "dependencies",
                                        "x-kubernetes-list-map-keys",
                                        "x-kubernetes-validations"};

    for (size_t i = 0; gwapi__crd_is_empty(field->value) && i < sizeof names / sizeof *names;
         i++)
        if (gwapi__str_eq(field->name, gwapi__str_of(names[i])))
            return true;
    return false;
}

/* The fields that count; NULL: no memory. */
static const gwapi__field *sorted_fields(gwapi__judgement *j, const gwapi__node *map,
                                         uint32_t *count)
{
    gwapi__field *fields =
        gwapi__arena_array(j->input->arena, map->as.map.count, sizeof *fields);

    *count = 0;
    for (uint32_t i = 0; fields != NULL && i < map->as.map.count; i++)
        if (!is_idle(&map->as.map.fields[i]))
            fields[(*count)++] = map->as.map.fields[i];
    if (fields == NULL ||
        !gwapi__sort(&j->allocator, fields, *count, sizeof *fields, by_name, NULL)) {
        gwapi__judge_fail(j, GWAPI_ENOMEM);
        return NULL;
    }
    return fields;
}

/* Like gwapi__node_equal, in time that large maps do not square. */
static bool equal(gwapi__judgement *j, const gwapi__node *a, const gwapi__node *b)
{
    uint32_t count, other;
    bool same;

    if (a->type == GWAPI__NODE_LIST && b->type == GWAPI__NODE_LIST) {
        same = a->as.list.count == b->as.list.count;
        for (uint32_t i = 0; same && i < a->as.list.count; i++)
            same = equal(j, a->as.list.items[i], b->as.list.items[i]);
        return same;
    }
    if (a->type != GWAPI__NODE_MAP || b->type != GWAPI__NODE_MAP)
        return gwapi__node_equal(a, b);
    const gwapi__field *x = sorted_fields(j, a, &count), *y = sorted_fields(j, b, &other);
    same = x != NULL && y != NULL && count == other;
    for (uint32_t i = 0; same && i < count; i++)
        same = gwapi__str_eq(x[i].name, y[i].name) && equal(j, x[i].value, y[i].value);
    return same;
}

/* Empty lists are as good as none. */
static const gwapi__node *part_of(const gwapi__node *versions, uint32_t i, const char *member)
{
    const gwapi__node *part =
        gwapi__node_get(versions->as.list.items[i], gwapi__str_of(member));

    return part != NULL && part->type == GWAPI__NODE_LIST && gwapi__crd_is_empty(part) ? NULL
                                                                                       : part;
}

bool gwapi__crd_common(gwapi__judgement *j, const gwapi__node *versions, const char *member)
{
    for (uint32_t i = 1; i < gwapi__crd_count(versions); i++) {
        const gwapi__node *first = part_of(versions, 0, member);
        const gwapi__node *other = part_of(versions, i, member);
        if ((first == NULL) != (other == NULL) || (first != NULL && !equal(j, first, other)))
            return false;
    }
    return true;
}
