#include <criterion/criterion.h>
#include "cel/dump.h"
#include "support/oom.h"

/* The tree of a text, or its first issue behind "! ". */
static gwapi_result parse(gwapi__text *out, const gwapi_allocator *a, gwapi_str text,
                          uint32_t minor)
{
    gwapi__cel_environment environment = {.minor = minor};
    gwapi__cel_issues issues = {NULL, NULL, 0};
    gwapi__cel_ast ast;
    gwapi__arena arena;

    gwapi__text_init(out, a);
    gwapi__arena_init(&arena, a);
    gwapi_result result = gwapi__cel_parse(&ast, &arena, &environment, text, &issues);
    if (result == GWAPI_OK) {
        test_dump(out, ast.root);
    } else if (result == GWAPI_EINVALID) {
        gwapi__text_addz(out, "! ");
        gwapi__text_add(out, issues.first->message);
    }
    gwapi__arena_free(&arena);
    return result;
}

typedef struct example {
    const char *text, *tree;
} example;

static void check(const example *examples, size_t count, uint32_t minor)
{
    gwapi_allocator a;
    gwapi__text tree;

    cr_assert_eq(gwapi__allocator_init(&a, NULL), GWAPI_OK);
    for (size_t i = 0; i < count; i++) {
        parse(&tree, &a, gwapi__str_of(examples[i].text), minor);
        cr_expect(gwapi__str_eq(gwapi__text_str(&tree), gwapi__str_of(examples[i].tree)),
                  "%s\n  gives  %.*s\n  and not %s", examples[i].text,
                  GWAPI__FMT(gwapi__text_str(&tree)), examples[i].tree);
        gwapi__text_free(&tree);
    }
}

#define CHECK(examples, minor) check(examples, sizeof(examples) / sizeof *(examples), minor)

Test(cel_parse, operators_bind_by_level_and_to_the_left)
{
    static const example examples[] = {
        {"a + b * c - d", "(_-_ (_+_ a (_*_ b c)) d)"},
        {"a * b / c % d", "(_%_ (_/_ (_*_ a b) c) d)"},
        {"a * (b + c)", "(_*_ a (_+_ b c))"},
        {"a < b == c", "(_==_ (_<_ a b) c)"},
        {"a + 1 <= b", "(_<=_ (_+_ a 1) b)"},
        {"a in b != c", "(_!=_ (@in a b) c)"},
        {"a > b || c >= d && e", "(_||_ (_>_ a b) (_&&_ (_>=_ c d) e))"},
        {"a ? b : c ? d : e", "(_?_:_ a b (_?_:_ c d e))"},
        {"a ? (b ? c : d) : e", "(_?_:_ a (_?_:_ b c d) e)"},
        {"a || b ? c && d : e", "(_?_:_ (_||_ a b) (_&&_ c d) e)"},
        {"a ? b ? c : d : e", "! expected ':' of a condition, found '?'"},
    };

    CHECK(examples, 34);
}

Test(cel_parse, chains_of_and_and_or_become_trees_of_least_height)
{
    static const example examples[] = {
        {"a && b", "(_&&_ a b)"},
        {"a && b && c", "(_&&_ (_&&_ a b) c)"},
        {"a || b || c || d", "(_||_ (_||_ a b) (_||_ c d))"},
        {"a && b && c && d && e", "(_&&_ (_&&_ (_&&_ a b) c) (_&&_ d e))"},
        {"a && (b && c) && d", "(_&&_ (_&&_ a (_&&_ b c)) d)"},
    };

    CHECK(examples, 34);
}
