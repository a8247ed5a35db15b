#include <criterion/criterion.h>

#include "resolve/hostname.h"

/* attachment.md §4, both ways round. */
static const struct {
    const char *listener, *route, *effective; /* NULL: they do not meet */
} pairs[] = {
    {"", "", ""},
    {"", "a.x", "a.x"},
    {"", "*.x", "*.x"},
    {"a.x", "", "a.x"},
    {"*.x", "", "*.x"},
    {"a.x", "a.x", "a.x"},
    {"a.x", "b.x", NULL},
    {"a.x", "*.x", "a.x"},
    {"*.x", "a.x", "a.x"},
    {"*.x", "b.a.x", "b.a.x"},
    {"*.x", "x", NULL},
    {"*.x", "ax", NULL},
    {"*.x", "*.x", "*.x"},
    {"*.x", "*.a.x", "*.a.x"},
    {"*.a.x", "*.x", "*.a.x"},
    {"*.a.x", "a.x", NULL},
    {"*.a.x", "b.x", NULL},
    {"*.x", "*.y", NULL},
    {"*.x", "*.ax", NULL},
    {"*.example.com", "very.specific.example.com", "very.specific.example.com"},
    {"very.specific.com", "*.specific.com", "very.specific.com"},
    {"*.com", "example", NULL},
    {"*x", "ax", NULL},
    {"*.", "a.", NULL},
    {"a.x.y", "*xx", NULL},
};

Test(resolve_hostname, the_intersection_is_the_narrower_name)
{
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        gwapi_str l = gwapi__str_of(pairs[i].listener), r = gwapi__str_of(pairs[i].route);
        bool meets = pairs[i].effective != NULL;
        cr_expect_eq(gwapi__hostname_intersects(l, r), meets, "\"%s\" and \"%s\"",
                     pairs[i].listener, pairs[i].route);
        cr_expect_eq(gwapi__hostname_intersects(r, l), meets, "\"%s\" and \"%s\"",
                     pairs[i].route, pairs[i].listener);
        if (!meets)
            continue;
        gwapi_str want = gwapi__str_of(pairs[i].effective);
        cr_expect(gwapi__str_eq(gwapi__hostname_narrower(l, r), want), "\"%s\" and \"%s\"",
                  pairs[i].listener, pairs[i].route);
        cr_expect(gwapi__str_eq(gwapi__hostname_narrower(r, l), want), "\"%s\" and \"%s\"",
                  pairs[i].route, pairs[i].listener);
    }
}

Test(resolve_hostname, an_absent_hostname_is_any_name)
{
    cr_expect(gwapi__hostname_intersects((gwapi_str){NULL, 0}, GWAPI__STR("a.x")));
    cr_expect(gwapi__hostname_intersects(GWAPI__STR("*.x"), (gwapi_str){NULL, 0}));
}

/* The set answers as comparing with each member does. */
Test(resolve_hostname, the_set_answers_as_its_members_do)
{
    static const char *const names[] = {"",  "x",   "a.x", "b.a.x",   "*.x", "*.a.x", "*.b.a.x",
                                        "y", "a.y", "*.y", "c.b.a.x", "ax",  "*.ax",  "b.ax"};
    const size_t count = sizeof names / sizeof *names;
    gwapi_allocator a;

    cr_assert_eq(gwapi__allocator_init(&a, NULL), GWAPI_OK);
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < count; j++) {
            gwapi__hostname_set set;
            gwapi__hostname_set_init(&set, &a);
            cr_assert(gwapi__hostname_set_add(&set, gwapi__str_of(names[i])));
            cr_assert(gwapi__hostname_set_add(&set, gwapi__str_of(names[j])));
            for (size_t k = 0; k < count; k++) {
                gwapi_str name = gwapi__str_of(names[k]);
                bool want = gwapi__hostname_intersects(name, gwapi__str_of(names[i])) ||
                            gwapi__hostname_intersects(name, gwapi__str_of(names[j]));
                cr_expect_eq(gwapi__hostname_set_intersects(&set, name), want,
                             "\"%s\" in {\"%s\", \"%s\"}", names[k], names[i], names[j]);
            }
            gwapi__hostname_set_free(&set);
        }
    }
}

Test(resolve_hostname, an_empty_set_meets_nothing)
{
    gwapi__hostname_set set;
    gwapi_allocator a;

    cr_assert_eq(gwapi__allocator_init(&a, NULL), GWAPI_OK);
    gwapi__hostname_set_init(&set, &a);
    cr_expect_not(gwapi__hostname_set_intersects(&set, GWAPI__STR("")));
    cr_expect_not(gwapi__hostname_set_intersects(&set, GWAPI__STR("*.x")));
    cr_expect_not(gwapi__hostname_set_intersects(&set, GWAPI__STR("a.x")));
    gwapi__hostname_set_free(&set);
}
