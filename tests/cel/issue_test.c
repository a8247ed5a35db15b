#include "base/utf8.h"
#include "cel/parse.h"

static void parse_issues(gwapi__text *out, gwapi__arena *arena, gwapi_str text,
                         gwapi__cel_issues *issues)
{
    gwapi__cel_environment environment = {.minor = 34};
    gwapi__cel_ast ast;

    *issues = (gwapi__cel_issues){NULL, NULL, 0};
    cr_expect_eq(gwapi__cel_parse(&ast, arena, &environment, text, issues), GWAPI_EINVALID);
    gwapi__text_init(out, &arena->allocator);
}

/* A text, and the bytes of it that its first issue names. */
Test(cel_issue, has_its_place)
{
    static const struct {
        const char *text, *named;
    } cases[] = {
        {"a + if", "if"},
        {"a + .if", ".if"},
        {"'\\u00e9\\q'", "\\q"},
        {"b'\\u00e9'", "\\u"},
        {"'''\\x4g'''", "\\x4g"},
        {"'a\\08'", "\\08"},
        {"'\\ud800'", "\\ud800"},
        {"f(1, -1e999)", "-1e999"},
        {"a.b.`c`", "`c`"},
        {"has(a[0])", "[0]"},
        {"[1].all(x.y, true)", "y"},
        {"[1].all(x, x, true)", "x"},
        {"a == 'b", "'b"},
        {"a +", ""},
        {"a $ b", "$"},
        {"a é b", "é"},
        {"a b", "b"},
    };
    gwapi_allocator a = test_heap();

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        gwapi__arena arena;
        gwapi__cel_issues issues;
        gwapi__text out;
        gwapi_str text = gwapi__str_of(cases[i].text);
        gwapi__arena_init(&arena, &a);
        parse_issues(&out, &arena, text, &issues);
        gwapi_str named = gwapi__str_sub(text, issues.first->offset, issues.first->length);
        cr_expect(gwapi__str_eq(named, gwapi__str_of(cases[i].named)), "%s: %.*s",
                  cases[i].text, GWAPI__FMT(named));
        gwapi__arena_free(&arena);
    }
}

/* What a node of the tree names. */
Test(cel_issue, nodes_have_their_place)
{
    static const struct {
        const char *text, *named;
    } cases[] = {
        {"ab", "ab"},         {".ab", ".ab"},       {"a.bc", "bc"},
        {"a + b", "+"},       {"a  &&  b", "&&"},   {"a ? b : c", "?"},
        {"!a", "!"},          {"f(a, b)", "f"},     {"a.f(b)", "f"},
        {"a[ 1 ]", "[ 1 ]"},  {"a.?b", "b"},        {"[1, 2]", "[1, 2]"},
        {"{1: 2}", "{1: 2}"}, {"A{b: c}", "{b: c}"}, {"- 1", "- 1"},
        {"'x'", "'x'"},       {"a.all(x, y)", "all"}, {"has(a.bc)", "bc"},
        {"(a)", "a"},         {"a in b", "in"},
    };
    gwapi_allocator a = test_heap();
    gwapi__cel_environment environment = {.minor = 34};

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        gwapi__arena arena;
        gwapi__cel_issues issues = {NULL, NULL, 0};
        gwapi__cel_ast ast;
        gwapi__arena_init(&arena, &a);
        cr_expect_eq(gwapi__cel_parse(&ast, &arena, &environment, gwapi__str_of(cases[i].text),
                                      &issues),
                     GWAPI_OK);
        gwapi_str named = gwapi__str_sub(ast.text, ast.root->offset, ast.root->length);
        cr_expect(gwapi__str_eq(named, gwapi__str_of(cases[i].named)), "%s: %.*s",
                  cases[i].text, GWAPI__FMT(named));
        gwapi__arena_free(&arena);
    }
}

#define TEN "0123456789"

Test(cel_issue, is_written_with_its_line_and_a_caret)
{
    static const struct {
        const char *text, *written;
    } cases[] = {
        {"a + if + b", "the name is a reserved word\n"
                       "  a + if + b\n"
                       "      ^~\n"},
        {"a +", "expected an operand, found the end\n"
                "  a +\n"
                "     ^\n"},
        {"", "the expression is empty\n  \n  ^\n"},
        {"a &&\n\tif ||\nc", "the name is a reserved word\n"
                             "   if ||\n"
                             "   ^~\n"},
        {"'日本' + if", "the name is a reserved word\n"
                        "  '日本' + if\n"
                        "           ^~\n"},
        {"a == '''b\nc", "the closing three quotes are missing\n"
                         "  a == '''b\n"
                         "       ^~~~\n"},
        {"'" TEN TEN TEN TEN TEN TEN TEN "' + if + '" TEN TEN TEN TEN TEN TEN TEN "'",
         "the name is a reserved word\n"
         "  …89" TEN TEN TEN TEN TEN "' + if + '" TEN TEN TEN TEN TEN TEN "012345…\n"
         "                                                           ^~\n"},
    };
    gwapi_allocator a = test_heap();

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        gwapi__arena arena;
        gwapi__cel_issues issues;
        gwapi__text out;
        gwapi__arena_init(&arena, &a);
        parse_issues(&out, &arena, gwapi__str_of(cases[i].text), &issues);
        gwapi__cel_issue_write(&out, gwapi__str_of(cases[i].text), issues.first);
        cr_expect(gwapi__str_eq(gwapi__text_str(&out), gwapi__str_of(cases[i].written)),
                  "%s\n%.*s", cases[i].text, GWAPI__FMT(gwapi__text_str(&out)));
        gwapi__text_free(&out);
        gwapi__arena_free(&arena);
    }
}

/* Lines are cut between characters, wherever the caret is. */
Test(cel_issue, a_long_line_is_cut_between_characters)
{
    gwapi_allocator a = test_heap();
    gwapi__text text, out;

    gwapi__text_init(&text, &a);
    for (int i = 0; i < 200; i++)
        gwapi__text_addz(&text, i % 3 == 0 ? "a" : "é");
    for (uint32_t at = 0; at <= text.len + 1; at++) {
        gwapi__cel_issue issue = {.message = GWAPI__STR("x"), .offset = at, .length = 3};
        if (at < text.len && ((unsigned char)text.data[at] & 0xc0) == 0x80)
            continue;
        gwapi__text_init(&out, &a);
        gwapi__cel_issue_write(&out, gwapi__text_str(&text), &issue);
        cr_expect(gwapi__utf8_valid(gwapi__text_str(&out)), "%u", at);
        gwapi__text_free(&out);
    }
    gwapi__text_free(&text);
}

static gwapi_result add_one(const gwapi_allocator *a, void *arg)
{
    gwapi__cel_issues issues = {NULL, NULL, 0};
    gwapi__arena arena;

    gwapi__arena_init(&arena, a);
    bool added = gwapi__cel_issue_add(&arena, &issues, 1, 2, "%s %v %q %i %u %d", "a",
                                      GWAPI__STR("b"), GWAPI__STR("c\n"), (int64_t)-1,
                                      (uint64_t)2, 1.5);
    if (added)
        cr_expect(gwapi__str_eq(issues.first->message, GWAPI__STR("a b \"c\\n\" -1 2 1.5")));
    else
        cr_expect_null(issues.first);
    gwapi__arena_free(&arena);
    (void)arg;
    return added ? GWAPI_OK : GWAPI_ENOMEM;
}

Test(cel_issue, is_made_of_a_format)
{
    size_t runs, bad;

    cr_expect_eq(test_fail_every_allocation(add_one, NULL, &runs, &bad), GWAPI_OK);
    cr_expect_eq(bad, 0);
    cr_expect_gt(runs, 0);
}
