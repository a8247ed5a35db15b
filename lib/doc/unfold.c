#include "doc/unfold.h"

#include "base/result.h"
#include "base/slice.h"

typedef struct item {
    const gwapi__node *node;
    const struct list *list;
    uint32_t index;
} item;

/* A list within a list knows where it stood. */
typedef struct list {
    gwapi_str path; /* ends in "items" */
} list;

void gwapi__unfold_init(gwapi__unfold *unfold, const gwapi_allocator *allocator)
{
    *unfold = (gwapi__unfold){.first = false};
    gwapi__arena_init(&unfold->arena, allocator);
    gwapi__vector_init(&unfold->pending, allocator, sizeof(item));
}

void gwapi__unfold_free(gwapi__unfold *unfold)
{
    gwapi__vector_free(&unfold->pending);
    gwapi__arena_free(&unfold->arena);
}

bool gwapi__unfold_is_list(const gwapi__node *root)
{
    const gwapi__node *items = gwapi__node_get(root, GWAPI__STR("items"));

    return gwapi__str_ends(gwapi__node_get_str(root, GWAPI__STR("kind")), GWAPI__STR("List")) &&
           items != NULL &&
           (items->type == GWAPI__NODE_LIST || items->type == GWAPI__NODE_NULL);
}

static bool is_kind(const gwapi__node *root, gwapi_str kind)
{
    return gwapi__str_eq(gwapi__node_get_str(root, GWAPI__STR("kind")), kind);
}

bool gwapi__unfold_is_secret(const gwapi__node *root)
{
    const gwapi__node *items = gwapi__node_get(root, GWAPI__STR("items"));
    bool found = is_kind(root, GWAPI__STR("Secret")) || is_kind(root, GWAPI__STR("SecretList"));

    if (items == NULL || items->type != GWAPI__NODE_LIST)
        return found;
    for (uint32_t i = 0; i < items->as.list.count && !found; i++)
        found = is_kind(items->as.list.items[i], GWAPI__STR("Secret")) ||
                gwapi__unfold_is_list(items->as.list.items[i]);
    return found;
}

static gwapi_result push_items(gwapi__unfold *u, const gwapi__node *root, gwapi_str prefix)
{
    const gwapi__node *items = gwapi__node_get(root, GWAPI__STR("items"));
    gwapi__text path;

    if (items->type == GWAPI__NODE_NULL)
        return GWAPI_OK;
    list *l = GWAPI__ARENA_NEW(&u->arena, list);
    gwapi__text_init(&path, &u->arena.allocator);
    gwapi__text_add(&path, prefix);
    gwapi__text_addz(&path, "items");
    bool ok = l != NULL && !path.failed &&
              gwapi__arena_copy(&u->arena, gwapi__text_str(&path), &l->path) &&
              gwapi__vector_reserve(&u->pending, items->as.list.count);
    gwapi__text_free(&path);
    if (!ok)
        return GWAPI_ENOMEM;
    for (uint32_t i = items->as.list.count; i-- > 0;) {
        item *pushed = gwapi__vector_push(&u->pending);
        *pushed = (item){items->as.list.items[i], l, i};
    }
    return GWAPI_OK;
}

gwapi_result gwapi__unfold_begin(gwapi__unfold *unfold, const gwapi__node *root,
                                 gwapi__problems *problems)
{
    gwapi__doc doc;

    gwapi__arena_reset(&unfold->arena);
    unfold->arena.secret = gwapi__unfold_is_secret(root);
    const gwapi__node *copy = gwapi__node_copy(&unfold->arena, root, true);
    if (copy == NULL)
        return GWAPI_ENOMEM;
    GWAPI__TRY(gwapi__problems_take(problems, &unfold->arena, &doc));
    unfold->problems = doc.problems;
    unfold->problem_count = doc.problem_count;
    unfold->first = true;
    return push_items(unfold, copy, GWAPI__STR(""));
}

/* "items[3]." */
static void write_prefix(gwapi__text *t, const item *i)
{
    gwapi__text_add(t, i->list->path);
    gwapi__text_char(t, '[');
    gwapi__text_u64(t, i->index);
    gwapi__text_addz(t, "].");
}

/* The part of the pointer behind that of the item: as many segments as the prefix has parts. */
static gwapi_str cut_pointer(gwapi_str pointer, gwapi_str prefix)
{
    for (size_t i = 0; i < prefix.len; i++) {
        if (prefix.data[i] != '[' && prefix.data[i] != '.')
            continue;
        size_t slash = gwapi__str_find_char(gwapi__str_sub(pointer, 1, pointer.len), '/');
        pointer = gwapi__str_sub(pointer, slash + 1, pointer.len);
    }
    return pointer;
}

/* Whether the problem belongs to the item, as one of its own or as one of the list, which the
 * first item reports. */
static bool is_of(const gwapi__unfold *u, const gwapi__doc_problem *problem, gwapi_str prefix)
{
    return gwapi__str_starts(problem->path, prefix) ||
           (u->first && !gwapi__str_starts(problem->path, GWAPI__STR("items[")));
}

static gwapi_result give_problems(gwapi__unfold *u, gwapi_str prefix, gwapi__arena *arena,
                                  gwapi__doc *doc)
{
    gwapi__problems own;
    gwapi_result r = GWAPI_OK;

    gwapi__problems_init(&own, &arena->allocator);
    for (size_t i = 0; i < u->problem_count && r == GWAPI_OK; i++) {
        gwapi__doc_problem problem = u->problems[i];
        if (!is_of(u, &problem, prefix))
            continue;
        if (gwapi__str_starts(problem.path, prefix)) {
            problem.path = gwapi__str_sub(problem.path, prefix.len, problem.path.len);
            problem.pointer = cut_pointer(problem.pointer, prefix);
        }
        r = gwapi__problems_add(&own, &problem);
    }
    if (r == GWAPI_OK)
        r = gwapi__problems_take(&own, arena, doc);
    gwapi__problems_free(&own);
    return r;
}

static gwapi_result give(gwapi__unfold *u, const item *i, gwapi__arena *arena, gwapi__doc *doc)
{
    gwapi__text prefix;
    gwapi_result r = GWAPI_OK;

    *doc = (gwapi__doc){.root = gwapi__node_copy(arena, i->node, true),
                        .line = i->node->place.line};
    if (doc->root == NULL)
        return GWAPI_ENOMEM;
    if (u->problem_count != 0) {
        gwapi__text_init(&prefix, &arena->allocator);
        write_prefix(&prefix, i);
        r = prefix.failed ? GWAPI_ENOMEM
                          : give_problems(u, gwapi__text_str(&prefix), arena, doc);
        gwapi__text_free(&prefix);
    }
    u->first = false;
    return r;
}

static gwapi_result nest(gwapi__unfold *u, const item *i)
{
    gwapi__text prefix;

    gwapi__text_init(&prefix, &u->arena.allocator);
    write_prefix(&prefix, i);
    gwapi_result r =
        prefix.failed ? GWAPI_ENOMEM : push_items(u, i->node, gwapi__text_str(&prefix));
    gwapi__text_free(&prefix);
    return r;
}

gwapi_result gwapi__unfold_next(gwapi__unfold *unfold, gwapi__arena *arena, gwapi__doc *doc,
                                bool *more)
{
    while (unfold->pending.count != 0) {
        item i = *GWAPI__AT(&unfold->pending, item, --unfold->pending.count);
        if (!gwapi__unfold_is_list(i.node)) {
            *more = true;
            return give(unfold, &i, arena, doc);
        }
        GWAPI__TRY(nest(unfold, &i));
    }
    *more = false;
    return GWAPI_OK;
}
