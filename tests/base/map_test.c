#include <criterion/criterion.h>

#include <stdio.h>

#include "base/map.h"
#include "base/slice.h"
#include "../support/oom.h"

Test(base_map, keys_are_found_and_keep_the_order_of_insertion)
{
    gwapi_allocator a;
    gwapi__map map;
    static char names[1000][8];

    gwapi__allocator_init(&a, NULL);
    gwapi__map_init(&map, &a);
    cr_assert_null(gwapi__map_find(&map, GWAPI__STR("none")));
    for (int i = 0; i < 1000; i++) {
        snprintf(names[i], sizeof names[i], "k%d", i);
        gwapi__map_entry *e = gwapi__map_add(&map, gwapi__str_of(names[i]));
        cr_assert_not_null(e);
        cr_assert_null(e->value);
        e->value = names[i];
    }
    cr_assert_eq(gwapi__map_count(&map), 1000);
    for (int i = 0; i < 1000; i++) {
        cr_assert_eq(gwapi__map_get(&map, gwapi__str_of(names[i])), (void *)names[i]);
        cr_assert(gwapi__str_eq(gwapi__map_at(&map, (size_t)i)->key, gwapi__str_of(names[i])));
    }
    cr_assert_null(gwapi__map_get(&map, GWAPI__STR("k1000")));
    gwapi__map_free(&map);
}

Test(base_map, adding_a_known_key_finds_it)
{
    gwapi_allocator a;
    gwapi__map map;
    int value;

    gwapi__allocator_init(&a, NULL);
    gwapi__map_init(&map, &a);
    gwapi__map_add(&map, GWAPI__STR("x"))->value = &value;
    cr_assert_eq(gwapi__map_add(&map, GWAPI__STR("x"))->value, (void *)&value);
    cr_assert_eq(gwapi__map_count(&map), 1);
    gwapi__map_free(&map);
}

static gwapi_result add_many(const gwapi_allocator *a, void *arg)
{
    static char names[64][8];
    gwapi__map map;
    gwapi_result result = GWAPI_OK;

    (void)arg;
    gwapi__map_init(&map, a);
    for (int i = 0; i < 64 && result == GWAPI_OK; i++) {
        snprintf(names[i], sizeof names[i], "k%d", i);
        size_t before = gwapi__map_count(&map);
        if (gwapi__map_add(&map, gwapi__str_of(names[i])) == NULL) {
            cr_assert_eq(gwapi__map_count(&map), before, "a failed add changes nothing");
            result = GWAPI_ENOMEM;
        }
    }
    gwapi__map_free(&map);
    return result;
}

Test(base_map, every_failing_allocation_leaves_the_map_as_it_was)
{
    size_t runs, bad;

    cr_assert_eq(test_fail_every_allocation(add_many, NULL, &runs, &bad), GWAPI_OK);
    cr_assert_eq(bad, 0);
    cr_assert_gt(runs, 5);
}
