/* Bounds: of patterns, of work, and that reaching one never changes an answer. */
#include "base/text.h"
#include "regex/engine.h"
#include "regex/support.h"

static gwapi_allocator allocator_of_test(void)
{
    gwapi_allocator allocator;

    cr_assert_eq(gwapi__allocator_init(&allocator, NULL), GWAPI_OK);
    return allocator;
}

static gwapi_str repeat(gwapi__text *out, const char *before, const char *unit, size_t count,
                        const char *behind)
{
    gwapi_allocator allocator = allocator_of_test();

    gwapi__text_init(out, &allocator);
    gwapi__text_addz(out, before);
    for (size_t i = 0; i < count; i++)
        gwapi__text_addz(out, unit);
    gwapi__text_addz(out, behind);
    cr_assert_not(out->failed);
    return gwapi__text_str(out);
}

static gwapi_result compile_limited(gwapi_str pattern, uint32_t flags, uint32_t states)
{
    gwapi__regex *regex;
    gwapi_result result = gwapi__regex_compile(&regex, NULL, pattern, flags, states, NULL);

    gwapi__regex_free(regex);
    return result;
}

/* Patterns that make a backtracking engine try for ages, or fill its stack. */
Test(regex_limits, known_traps_are_answered_alike_by_every_engine)
{
    static const struct {
        const char *pattern, *unit;
        size_t count;
        const char *behind;
        bool search, full;
    } rows[] = {
        {"^[!-~]+([\t ]?[!-~]+)*$", "a", 4000, "\x01", false, false},
        {"^[!-~]+([\t ]?[!-~]+)*$", "a b", 2000, "", true, true},
        {"^[!-~]+([\t ]?[!-~]+)*$", "a b", 2000, " ", false, false},
        {"(a|aa)+", "a", 5000, "b", true, false},
        {"^(a|aa)+$", "a", 5000, "b", false, false},
        {"^(a|aa)+$", "a", 5000, "", true, true},
        {"(.*a){4}", "a", 3, "", false, false},
        {"(.*a){4}", "ab", 4000, "", true, false},
        {"^(.*a){4}b$", "a", 4000, "c", false, false},
        {"(x+x+)+y", "x", 5000, "", false, false},
        {"^(a*)*$", "a", 5000, "b", false, false},
        {"^(?:a|b|ab)*c$", "ab", 5000, "d", false, false},
        {"^(a|b)*$", "ab", 100000, "", true, true},
        {"^(?:(?:a?){10}){10}a{100}$", "a", 100, "", true, true},
        {"[a-z]{1000}", "a", 999, "A", false, false},
        {"[a-z]{1000}", "a", 1000, "A", true, false},
        {"^(?:ab|cd){600}$", "ab", 600, "", true, true},
        {"^(?:ab|cd){600}$", "ab", 599, "", false, false},
        {"^.{0,1000}$", "\xc3\xa9", 1000, "", true, true},
        {"^.{0,1000}$", "\xc3\xa9", 1001, "", false, false},
        {"(?:\\pL\\pN?){20}$", "a1", 30, "", true, false},
        {"^(?:.*,){11}P", "1,2,3,4,5,6,7,8,9,10,11,12,13", 200, "", false, false},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        gwapi__text text;
        gwapi_str s = repeat(&text, "", rows[i].unit, rows[i].count, rows[i].behind);
        for (size_t e = 0; e < TEST_ENGINES; e++) {
            test_pattern p;
            cr_assert_eq(test_compile(&p, gwapi__str_of(rows[i].pattern), test_engines[e].flags), 0,
                         "%s", rows[i].pattern);
            cr_expect_eq(test_search(&p, s), rows[i].search, "%s, %zu, %s: search",
                         rows[i].pattern, rows[i].count, test_engines[e].name);
            cr_expect_eq(test_full(&p, s), rows[i].full, "%s, %zu, %s: full", rows[i].pattern,
                         rows[i].count, test_engines[e].name);
            test_release(&p);
        }
        gwapi__text_free(&text);
    }
}

Test(regex_limits, the_number_of_states_is_bounded)
{
    static const struct {
        const char *pattern;
        uint32_t states; /* the fewest that will do */
    } rows[] = {
        {"", 1},         {"a", 2},          {"abc", 4},        {"a*", 3},       {"(a*)*", 5},
        {"a+", 3},       {"a?", 3},         {"a{3}", 4},       {"a{3,}", 5},    {"a{3,5}", 8},
        {"a{0}", 1},     {"a|b", 2},        {"ab|cd", 6},      {"ab|c|d|e", 5}, {"[a-z]", 2},
        {"(a)", 2},      {"^a$", 4},        {"(|a)+", 4},      {"()*", 1},      {"a{0,1000}", 2001},
        {"(?:){1000}", 1}, {"a|b|cd|e|[f]", 7},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        gwapi_str pattern = gwapi__str_of(rows[i].pattern);
        cr_expect_eq(compile_limited(pattern, 0, rows[i].states), GWAPI_OK, "%s", rows[i].pattern);
        if (rows[i].states > 1)
            cr_expect_eq(compile_limited(pattern, 0, rows[i].states - 1), GWAPI_ELIMIT, "%s",
                         rows[i].pattern);
        cr_expect_eq(compile_limited(pattern, GWAPI__REGEX_SYNTAX_ONLY, 1), GWAPI_OK);
    }
    cr_expect_eq(compile_limited(GWAPI__STR("(ab|cd){819}"), 0, 0), GWAPI_OK);
    cr_expect_eq(compile_limited(GWAPI__STR("(ab|cd){820}"), 0, 0), GWAPI_ELIMIT);
}

Test(regex_limits, nesting_is_bounded_where_go_bounds_it)
{
    static const struct {
        const char *before, *open, *close;
        size_t count;
        gwapi_result check, compile;
    } rows[] = {
        {"", "(", ")", 998, GWAPI_OK, GWAPI_OK},
        {"", "(", ")", 1001, GWAPI_EREGEX, GWAPI_EREGEX},
        {"", "(?:", ")", 5000, GWAPI_OK, GWAPI_OK},
        {"", "(?:", ")*", 998, GWAPI_OK, GWAPI_OK},
        {"", "(?:", ")*", 1001, GWAPI_EREGEX, GWAPI_EREGEX},
        {"", "(?:a", ")?", 499, GWAPI_OK, GWAPI_OK},
        {"", "(?:a", ")?", 520, GWAPI_EREGEX, GWAPI_EREGEX},
        {"", "(?:", ")", 100001, GWAPI_ELIMIT, GWAPI_ELIMIT},
        {"", "a", "b", 3000, GWAPI_OK, GWAPI_ELIMIT},
        {"", "a|b|", "", 100000, GWAPI_OK, GWAPI_ELIMIT},
        {"", "a|c|e|", "", 2000, GWAPI_OK, GWAPI_OK},
        {"", "\\pL", "", 2000, GWAPI_OK, GWAPI_ELIMIT},
        {"", "\\pL", "", 30000, GWAPI_EREGEX, GWAPI_ELIMIT},
        {"", "(?:a{1000}){1}", "", 3400, GWAPI_EREGEX, GWAPI_EREGEX},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        gwapi__text head, tail;
        repeat(&head, rows[i].before, rows[i].open, rows[i].count, "a");
        gwapi__text_add(&head, repeat(&tail, "", rows[i].close, rows[i].count, ""));
        gwapi_str pattern = gwapi__text_str(&head);
        cr_expect_eq(compile_limited(pattern, GWAPI__REGEX_SYNTAX_ONLY, 0), rows[i].check,
                     "%s x %zu", rows[i].open, rows[i].count);
        cr_expect_eq(compile_limited(pattern, 0, 0), rows[i].compile, "%s x %zu", rows[i].open,
                     rows[i].count);
        gwapi__text_free(&head);
        gwapi__text_free(&tail);
    }
}

/* PCRE2 has a bound of its own on groups and on code: the simulation takes over. */
Test(regex_limits, what_pcre2_has_no_room_for_is_answered_too)
{
    static const struct {
        const char *open, *close;
        size_t count;
    } rows[] = {{"(?:a", ")?", 400}, {"(?:", "|b)", 400}, {"[^\\pL\\pN]", "", 100}};

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        gwapi__text head, tail;
        repeat(&head, "^", rows[i].open, rows[i].count, "");
        gwapi__text_add(&head, repeat(&tail, "", rows[i].close, rows[i].count, "$"));
        test_pattern p, reference;
        cr_assert_eq(test_compile(&p, gwapi__text_str(&head), 0), GWAPI_OK);
        cr_assert_eq(test_compile(&reference, gwapi__text_str(&head), GWAPI__REGEX_SIMULATE), 0);
        for (size_t n = 0; n < 402; n += 100) {
            gwapi__text text;
            gwapi_str s = repeat(&text, "", i == 0 ? "a" : i == 1 ? "b" : "-", n, "");
            cr_expect_eq(test_search(&p, s), test_search(&reference, s), "%zu %zu", i, n);
            gwapi__text_free(&text);
        }
        test_release(&p);
        test_release(&reference);
        gwapi__text_free(&head);
        gwapi__text_free(&tail);
    }
}

/* Contexts, match data, frames: whichever has no room, it gives up. */
Test(regex_limits, an_engine_without_room_gives_up)
{
    static max_align_t memory[1024];
    const gwapi__engine_options options = {.full = true};
    const gwapi__regex_node *root;
    gwapi__regex_scan scan = {.pattern = GWAPI__STR("(?:a|bc)+d")};
    gwapi_allocator allocator = allocator_of_test();
    gwapi__engine engine;
    gwapi__arena arena;
    size_t gave_up = 0;

    gwapi__arena_init(&arena, &allocator);
    cr_assert_eq(gwapi__regex_parse(&root, &arena, &scan, 100), GWAPI_OK);
    cr_assert_eq(gwapi__engine_init(&engine, &allocator, root, &options), GWAPI_OK);
    cr_assert_not_null(engine.full);
    for (size_t size = 0; size < 1024; size += 8) {
        gwapi__engine_answer answer =
            gwapi__engine_run(&engine, engine.full, memory, size, GWAPI__STR("abcad"));
        cr_expect(answer == GWAPI__ENGINE_GAVE_UP || answer == GWAPI__ENGINE_MATCH);
        gave_up += answer == GWAPI__ENGINE_GAVE_UP;
    }
    cr_expect_gt(gave_up, 10);
    gwapi__engine_free(&engine);
    gwapi__arena_free(&arena);
}
