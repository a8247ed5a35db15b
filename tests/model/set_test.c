#include <criterion/criterion.h>
#include <stdio.h>
#include "base/hash.h"
#include "base/slice.h"
#include "model/set.h"
#include "support/oom.h"

static gwapi__resource *make(const gwapi_allocator *a, const char *group, const char *kind,
                             const char *ns, const char *name)
{
    gwapi__arena arena;
    gwapi__arena_init(&arena, a);
    gwapi__resource *r = GWAPI__ARENA_NEW(&arena, gwapi__resource);

    if (r == NULL)
        return NULL;
    gwapi_str *const to[] = {&r->group, &r->kind_name, &r->meta.namespace_, &r->meta.name};
    const char *const from[] = {group, kind, ns, name};
    for (size_t i = 0; i < 4; i++)
        if (!gwapi__arena_copy(&arena, gwapi__str_of(from[i]), to[i])) {
            gwapi__arena_free(&arena);
            return NULL;
        }
    atomic_init(&r->references, 1);
    r->arena = arena;
    return r;
}

static gwapi__key key(const char *group, const char *kind, const char *ns, const char *name)
{
    return (gwapi__key){gwapi__str_of(group), gwapi__str_of(kind), gwapi__str_of(ns),
                        gwapi__str_of(name)};
}

static void put(gwapi__set *set, gwapi__resource *r)
{
    cr_assert(gwapi__set_reserve(set, 1));
    gwapi__resource_release(gwapi__set_put(set, r));
}

static gwapi_allocator plain(void)
{
    gwapi_allocator a;
    cr_assert_eq(gwapi__allocator_init(&a, NULL), GWAPI_OK);
    return a;
}

Test(model_set, identity_is_never_joined_text)
{
    static const char *const keys[][4] = {
        {"", "A", "b", "c"},   {"", "A", "", "b"},     {"", "Ab", "", "c"},
        {"", "A", "b/c", "d"}, {"", "A", "b", "c/d"},  {"A", "", "b", "c"},
        {"", "A", "c", "b"},   {"a.b", "C", "d", "e"}, {"a", "b.C", "d", "e"},
    };
    gwapi_allocator a = plain();
    gwapi__set set;

    gwapi__set_init(&set, &a);
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        put(&set, make(&a, keys[i][0], keys[i][1], keys[i][2], keys[i][3]));
    cr_assert_eq(gwapi__set_count(&set), sizeof keys / sizeof *keys);
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        gwapi__key k = key(keys[i][0], keys[i][1], keys[i][2], keys[i][3]);
        cr_expect_eq(gwapi__set_find(&set, &k), gwapi__set_at(&set, i), "row %zu", i);
    }
    gwapi__set_free(&set);
}

Test(model_set, objects_without_a_name_are_all_kept)
{
    gwapi_allocator a = plain();
    gwapi__set set;

    gwapi__set_init(&set, &a);
    put(&set, make(&a, "g", "K", "n", ""));
    put(&set, make(&a, "g", "K", "n", ""));
    cr_assert_eq(gwapi__set_count(&set), 2);
    gwapi__key k = key("g", "K", "n", "");
    cr_assert_null(gwapi__set_find(&set, &k));
    cr_assert_null(gwapi__set_take(&set, &k));
    gwapi__set_free(&set);
}

Test(model_set, a_replaced_object_keeps_its_place_and_a_deleted_one_loses_it)
{
    gwapi_allocator a = plain();
    gwapi__set set;
    gwapi__key first = key("", "K", "n", "1");

    gwapi__set_init(&set, &a);
    put(&set, make(&a, "", "K", "n", "1"));
    put(&set, make(&a, "", "K", "n", "2"));
    gwapi__resource *again = make(&a, "", "K", "n", "1");
    put(&set, again);
    cr_assert_eq(gwapi__set_count(&set), 2);
    cr_assert_eq(gwapi__set_at(&set, 0), again);
    gwapi__resource_release(gwapi__set_take(&set, &first));
    put(&set, make(&a, "", "K", "n", "1"));
    cr_assert_eq(gwapi__set_count(&set), 2);
    cr_assert(gwapi__str_eq(gwapi__set_at(&set, 0)->meta.name, GWAPI__STR("2")));
    cr_assert(gwapi__str_eq(gwapi__set_at(&set, 1)->meta.name, GWAPI__STR("1")));
    gwapi__set_free(&set);
}

/* Random puts, takes and listings beside the plainest thing that could do the same. */
#define NAMES 64

Test(model_set, random_changes_give_what_a_plain_list_gives)
{
    gwapi_allocator a = plain();
    gwapi__set set;
    gwapi__resource *list[NAMES]; /* in order */
    size_t count = 0;
    uint64_t random = 1;

    gwapi__set_init(&set, &a);
    for (int step = 0; step < 200000; step++) {
        char name[8];
        random = gwapi__mix64(random + UINT64_C(0x9e3779b97f4a7c15));
        snprintf(name, sizeof name, "n%u", (unsigned)(random % NAMES));
        gwapi__key k = key("g", "K", "ns", name);
        size_t at = 0;
        while (at < count && !gwapi__str_eq(list[at]->meta.name, k.name))
            at++;
        cr_assert_eq(gwapi__set_find(&set, &k), at < count ? list[at] : NULL, "step %d", step);
        if (random >> 32 & 1) {
            gwapi__resource *r = make(&a, "g", "K", "ns", name);
            put(&set, r);
            list[at] = r;
            count += at == count;
        } else {
            gwapi__resource *taken = gwapi__set_take(&set, &k);
            cr_assert_eq(taken, at < count ? list[at] : NULL, "step %d", step);
            gwapi__resource_release(taken);
            if (at < count)
                memmove(&list[at], &list[at + 1], (--count - at) * sizeof *list);
        }
        cr_assert_eq(gwapi__set_count(&set), count, "step %d", step);
        if (step % 97 == 0)
            for (size_t i = 0; i < count; i++)
                cr_assert_eq(gwapi__set_at(&set, i), list[i], "step %d, object %zu", step, i);
    }
    cr_assert_lt(set.entries.capacity, 4 * NAMES, "%zu", set.entries.capacity);
    gwapi__set_free(&set);
}

static gwapi_result fill(const gwapi_allocator *a, void *arg)
{
    gwapi__set set;
    gwapi_result result = GWAPI_OK;

    (void)arg;
    gwapi__set_init(&set, a);
    for (int i = 0; i < 40 && result == GWAPI_OK; i++) {
        char name[8];
        snprintf(name, sizeof name, "n%d", i);
        size_t before = gwapi__set_count(&set);
        gwapi__resource *r = make(a, "g", "K", "ns", name);
        if (r == NULL || !gwapi__set_reserve(&set, 1)) {
            cr_assert_eq(gwapi__set_count(&set), before);
            gwapi__resource_release(r);
            result = GWAPI_ENOMEM;
        } else {
            gwapi__resource_release(gwapi__set_put(&set, r));
        }
    }
    gwapi__set_free(&set);
    return result;
}

Test(model_set, no_memory_changes_nothing)
{
    size_t runs, bad;

    cr_assert_eq(test_fail_every_allocation(fill, NULL, &runs, &bad), GWAPI_OK, "%zu", bad);
    cr_assert_gt(runs, 40);
}
