// Functions of Kubernetes' libraries called by their overloads: what tables of expressions can
// not say. Those are in tests/data/cel.
#include <criterion/criterion.h>
#include "base/slice.h"
#include "cel/library.h"
#include "support/oom.h"

static const gwapi__cel_library *const libraries[] = {
    &gwapi__cel_urls,       &gwapi__cel_ips,     &gwapi__cel_cidrs,
    &gwapi__cel_quantities, &gwapi__cel_semvers, &gwapi__cel_formats};

static const gwapi__cel_overload *overload(const char *id)
{
    for (size_t l = 0; l < sizeof libraries / sizeof *libraries; l++)
        for (size_t i = 0; i < libraries[l]->count; i++)
            if (strcmp(libraries[l]->overloads[i].id, id) == 0)
                return &libraries[l]->overloads[i];
    cr_assert_fail("no overload %s", id);
    return NULL;
}

// ---- a line of calls ------------------------------------------------------------------------

// Words in reverse Polish order: 'text, #int, overload ids.
static gwapi__cel_value run(gwapi__cel_context *c, const char *words)
{
    gwapi__cel_value stack[8];
    size_t depth = 0;
    gwapi_str word, rest = gwapi__str_of(words);
    char id[64];

    for (bool more = true; more;) {
        more = gwapi__str_cut(rest, ' ', &word, &rest);
        if (word.data[0] == '\'') {
            stack[depth++] = gwapi__cel_of_string(gwapi__str_sub(word, 1, word.len));
        } else if (word.data[0] == '#') {
            int64_t i;
            cr_assert(gwapi__str_to_i64(gwapi__str_sub(word, 1, word.len), &i));
            stack[depth++] = gwapi__cel_of_int(i);
        } else {
            memcpy(id, word.data, word.len);
            id[word.len] = '\0';
            const gwapi__cel_overload *o = overload(id);
            depth -= o->count;
            stack[depth] = o->call(c, stack + depth, o->count);
            if (gwapi__cel_is_error(&stack[depth]))
                return stack[depth];
            depth++;
        }
    }
    cr_assert_eq(depth, 1);
    return stack[0];
}

static const char *const lines[] = {
    "'http://u:p@[::1%25a]:80/%41?a=b%20c&a=+&d#e string_to_url url_get_query",
    "'http://u string_to_url url_get_host",
    "':a string_to_url",
    "'1.2.3.4 string_to_ip ip_to_string",
    "'1.2.3.256 string_to_ip",
    "'01.2.3.4 ip_is_canonical",
    "'1.2.3.4/8 string_to_cidr cidr_masked cidr_to_string",
    "'1.2.3.4/8 string_to_cidr cidr_ip ip_family",
    "'1.2.3.4/8 string_to_cidr '1.2.3 cidr_contains_ip_string",
    "'1.2.3.4/8 string_to_cidr '1.2.3.4 cidr_contains_cidr_string",
    "'1.2.3/8 string_to_cidr",
    "'1.5Gi string_to_quantity '12345678901234567890 string_to_quantity quantity_add #7 "
    "quantity_sub_int quantity_get_float",
    "'1x string_to_quantity",
    "'1.2.3-a.b+c string_to_semver semver_major",
    "'1.2 string_to_semver",
    "'uri format-named",
    "format.uri 'a format-validate",
    "format.uri 'http://[::1x] format-validate",
    "format.dns1123LabelPrefix 'A- format-validate",
};

static gwapi_result run_line(const gwapi_allocator *allocator, void *arg)
{
    gwapi__arena arena;
    gwapi__cel_context c;

    gwapi__arena_init(&arena, allocator);
    gwapi__cel_context_init(&c, &arena, allocator);
    run(&c, arg);
    gwapi__cel_context_free(&c);
    gwapi__arena_free(&arena);
    return c.failed;
}

Test(cel_kubernetes, lack_of_memory_is_remembered_wherever_it_happens)
{
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        size_t runs, bad;
        void *arg = (void *)(uintptr_t)lines[i];
        cr_expect_eq(test_fail_every_allocation(run_line, arg, &runs, &bad), GWAPI_OK, "%s",
                     lines[i]);
        cr_expect_eq(bad, 0, "%s: failing allocation %zu", lines[i], bad);
        cr_expect_gt(runs, 0, "%s", lines[i]);
    }
}
