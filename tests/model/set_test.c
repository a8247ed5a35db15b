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

Test(model_set, more_than_can_be_told_apart_is_refused)
{
    gwapi_allocator a = plain();
    gwapi__set set;

    gwapi__set_init(&set, &a);
    put(&set, make(&a, "", "K", "n", "1"));
    cr_expect_not(gwapi__set_reserve(&set, SIZE_MAX));
    cr_expect_not(gwapi__set_reserve(&set, UINT32_MAX));
    cr_expect(gwapi__set_reserve(&set, 0));
    cr_expect_eq(gwapi__set_count(&set), 1);
    gwapi__set_free(&set);
}

Test(model_set, listing_goes_on_backward_and_from_the_start)
{
    static const char *const names[] = {"0", "1", "2", "3", "4"};
    static const size_t asked[] = {2, 3, 1, 0, 3, 3};
    gwapi_allocator a = plain();
    gwapi__key second = key("", "K", "n", "1");
    gwapi__set set;

    gwapi__set_init(&set, &a);
    for (size_t i = 0; i < 5; i++)
        put(&set, make(&a, "", "K", "n", names[i]));
    gwapi__resource_release(gwapi__set_take(&set, &second));
    for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
        const char *expected = names[asked[i] == 0 ? 0 : asked[i] + 1];
        cr_expect(gwapi__str_eq(gwapi__set_at(&set, asked[i])->meta.name,
                                gwapi__str_of(expected)),
                  "row %zu", i);
    }
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
    cr_assert_leq(set.chunks.count, 1, "%zu", set.chunks.count);
    gwapi__set_free(&set);
}

/* ---- views --------------------------------------------------------------------------- */

/* More names than one chunk has places. */
#define VIEWED 1000
#define VIEWS  8

typedef struct seen_view {
    gwapi__set_view view;
    gwapi__resource *list[VIEWED]; /* in order, as they stood */
    size_t count;
} seen_view;

static void take_view(seen_view *v, gwapi__set *set, const gwapi_allocator *a)
{
    v->count = gwapi__set_count(set);
    for (size_t i = 0; i < v->count; i++)
        v->list[i] = gwapi__set_at(set, i);
    cr_assert(gwapi__set_view_take(&v->view, set, a));
    cr_assert_eq(v->view.count, v->count);
}

static void check_view(const seen_view *v, int step)
{
    size_t next = 0;

    for (size_t i = 0; i < v->view.end; i++) {
        gwapi__resource *r = gwapi__set_view_at(&v->view, i);
        if (r == NULL)
            continue;
        cr_assert_lt(next, v->count, "step %d", step);
        cr_assert_eq(r, v->list[next], "step %d, object %zu", step, next);
        cr_assert_eq(r->meta.namespace_.len, 2, "step %d: object %zu is gone", step, next);
        next++;
    }
    cr_assert_eq(next, v->count, "step %d", step);
}

Test(model_set, a_view_stays_what_it_was_whatever_the_set_becomes)
{
    static seen_view views[VIEWS];
    test_memory memory = {0};
    gwapi_allocator a = test_memory_allocator(&memory);
    gwapi__set set;
    uint64_t random = 7;

    gwapi__set_init(&set, &a);
    for (int i = 0; i < VIEWS; i++)
        take_view(&views[i], &set, &a);
    for (int step = 0; step < 40000; step++) {
        char name[8];
        random = gwapi__mix64(random + UINT64_C(0x9e3779b97f4a7c15));
        snprintf(name, sizeof name, "n%u", (unsigned)(random % VIEWED));
        gwapi__key k = key("g", "K", "ns", name);
        cr_assert(gwapi__set_own(&set, &k));
        if (random >> 32 & 1)
            put(&set, make(&a, "g", "K", "ns", name));
        else
            gwapi__resource_release(gwapi__set_take(&set, &k));
        if (step % 50 != 0)
            continue;
        seen_view *v = &views[step / 50 % VIEWS];
        check_view(v, step);
        gwapi__set_view_free(&v->view);
        take_view(v, &set, &a);
    }
    gwapi__set_free(&set);
    for (int i = 0; i < VIEWS; i++) { /* which outlive it */
        check_view(&views[i], -1);
        gwapi__set_view_free(&views[i].view);
    }
    cr_assert_eq(memory.live_blocks, 0);
}

/* One object of a viewed set replaced, one deleted, one added. */
static gwapi_result change_viewed(const gwapi_allocator *a, void *arg)
{
    static const char *const names[] = {"1", "2", "3"};
    gwapi__key first = key("", "K", "n", "1"), second = key("", "K", "n", "2");
    gwapi__set_view view = {.chunks = NULL};
    gwapi__set set;

    (void)arg;
    gwapi__set_init(&set, a);
    gwapi__resource *r[3] = {NULL};
    bool good = true;
    for (size_t i = 0; i < 3; i++)
        good = (r[i] = make(a, "", "K", "n", names[i])) != NULL && good;
    gwapi__resource *again = make(a, "", "K", "n", "1");
    good = good && again != NULL && gwapi__set_reserve(&set, 2);
    for (size_t i = 0; i < 2 && good; i++) {
        gwapi__set_put(&set, r[i]);
        r[i] = NULL;
    }
    bool viewed = good && gwapi__set_view_take(&view, &set, a);
    good = viewed && gwapi__set_own(&set, &first) && gwapi__set_own(&set, &second) &&
           gwapi__set_reserve(&set, 1);
    if (good) {
        gwapi__resource_release(gwapi__set_put(&set, again));
        gwapi__resource_release(gwapi__set_take(&set, &second));
        gwapi__set_put(&set, r[2]);
        again = r[2] = NULL;
    }
    if (viewed) {
        cr_assert(gwapi__str_eq(gwapi__set_view_at(&view, 1)->meta.name, GWAPI__STR("2")));
        cr_assert_eq(gwapi__set_count(&set), 2);
        gwapi__set_view_free(&view);
    }
    for (size_t i = 0; i < 3; i++)
        gwapi__resource_release(r[i]);
    gwapi__resource_release(again);
    gwapi__set_free(&set);
    return good ? GWAPI_OK : GWAPI_ENOMEM;
}

Test(model_set, changing_a_viewed_set_without_memory_leaves_both_as_they_were)
{
    size_t runs, bad;

    gwapi_result result = test_fail_every_allocation(change_viewed, NULL, &runs, &bad);
    cr_assert_eq(bad, 0, "allocation %zu", bad);
    cr_assert_eq(result, GWAPI_OK);
    cr_assert_gt(runs, 8);
}

static bool add(gwapi__set *set, const gwapi_allocator *a, int number)
{
    char name[16];

    snprintf(name, sizeof name, "n%d", number);
    gwapi__resource *r = gwapi__set_reserve(set, 1) ? make(a, "g", "K", "ns", name) : NULL;
    if (r != NULL)
        gwapi__resource_release(gwapi__set_put(set, r));
    return r != NULL;
}

/* Twenty objects, of which all but one go; then one more, which takes the place of a hole. */
static gwapi_result go_and_come(const gwapi_allocator *a, void *arg)
{
    gwapi__set_view view = {.chunks = NULL};
    gwapi__set set;
    bool good = true;

    (void)arg;
    gwapi__set_init(&set, a);
    for (int i = 0; i < 20 && good; i++)
        good = add(&set, a, i);
    for (int i = 1; i < 20 && good; i++) {
        char name[8];
        snprintf(name, sizeof name, "n%d", i);
        gwapi__key k = key("g", "K", "ns", name);
        gwapi__resource_release(gwapi__set_take(&set, &k));
    }
    bool viewed = good && gwapi__set_view_take(&view, &set, a);
    size_t before = gwapi__set_count(&set);
    good = viewed && add(&set, a, 20);
    cr_assert_eq(gwapi__set_count(&set), before + good);
    if (viewed)
        gwapi__set_view_free(&view);
    viewed = good && gwapi__set_view_take(&view, &set, a);
    good = viewed && add(&set, a, 21); /* into a chunk that the view holds too */
    if (viewed)
        gwapi__set_view_free(&view);
    gwapi__set_free(&set);
    return good ? GWAPI_OK : GWAPI_ENOMEM;
}

Test(model_set, closing_holes_without_memory_changes_nothing)
{
    size_t runs, bad;

    cr_assert_eq(test_fail_every_allocation(go_and_come, NULL, &runs, &bad), GWAPI_OK, "%zu",
                 bad);
    cr_assert_eq(bad, 0, "allocation %zu", bad);
    cr_assert_gt(runs, 20);
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
