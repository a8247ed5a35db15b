#include "support.h"

typedef struct row {
    const char *label;
    const char *text;
    const char *shown;
} row;

static void check(const row *rows, size_t count) {
    for (size_t i = 0; i < count; i++) {
        reading r;
        read_text(&r, rows[i].text);
        cr_expect_str_eq(r.shown.data, rows[i].shown, "%s: got %s", rows[i].label,
                         r.shown.data);
        read_done(&r);
    }
}
#define CHECK(rows) check(rows, sizeof rows / sizeof *rows)

Test(doc_stream, documents_are_split_where_the_server_splits_them) {
    static const row rows[] = {
        {"two", "a: 1\n---\nb: 2\n", "{\"a\":1}\n{\"b\":2}\n"},
        {"a first separator", "---\na: 1\n", "{\"a\":1}\n"},
        {"separators alone", "---\n---\n--- # c\n---\n", ""},
        {"nothing", "", ""},
        {"comments and blank lines", "# a\n\n  # b\n", ""},
        {"a comment between", "a: 1\n---\n# b\n---\nc: 3", "{\"a\":1}\n{\"c\":3}\n"},
        {"a comment on the separator", "a: 1\n--- # x\nb: 2", "{\"a\":1}\n{\"b\":2}\n"},
        {"blanks behind it", "a: 1\n---  \t\nb: 2", "{\"a\":1}\n{\"b\":2}\n"},
        {"CR LF", "a: 1\r\n---\r\nb: 2\r\n", "{\"a\":1}\n{\"b\":2}\n"},
        {"a value on the separator", "a: 1\n--- b\nc: 2\n---\nd: 4", "unreadable\n{\"d\":4}\n"},
        {"longer lines of dashes", "a: 1\n----\nb: 2", "unreadable\n"},
        {"a bad one between good ones", "a: 1\n---\nb: [\n---\nc: 3",
         "{\"a\":1}\nunreadable\n{\"c\":3}\n"},
        {"an end of document", "a: 1\n...\nb: 2\n", "{\"a\":1}\n"},
        {"no line end at the end", "a: |\n  text", "{\"a\":\"text\\n\"}\n"},
        {"JSON values", "{\"a\":1}{\"b\":2}\n [3]", "{\"a\":1}\n{\"b\":2}\n[3]\n"},
        {"JSON with a comma too many is YAML", "{\"a\":1,}", "{\"a\":1}\n"},
        {"a byte order mark",
         "\xef\xbb\xbf"
         "a: 1\n",
         "{\"a\":1}\n"},
    };
    CHECK(rows);
}

Test(doc_stream, lists_are_unfolded) {
    static const row rows[] = {
        {"items", "kind: List\nitems: [{a: 1}, {b: 2}]", "{\"a\":1}\n{\"b\":2}\n"},
        {"no items", "kind: List\nitems: []\n---\na: 1", "{\"a\":1}\n"},
        {"null items", "kind: List\nitems:\n", ""},
        {"a list of a kind", "kind: FooList\nitems: [{a: 1}]", "{\"a\":1}\n"},
        {"lists in lists",
         "kind: List\nitems: [{kind: AList, items: [{a: 1}, {b: 2}]}, {c: 3}]",
         "{\"a\":1}\n{\"b\":2}\n{\"c\":3}\n"},
        {"a kind of that name without items", "kind: MyList\nspec: 1",
         "{\"kind\":\"MyList\",\"spec\":1}\n"},
        {"JSON", "{\"kind\":\"List\",\"items\":[{\"a\":1}]}{\"b\":2}",
         "{\"a\":1}\n{\"b\":2}\n"},
    };
    CHECK(rows);
}

Test(doc_stream, repeated_keys_keep_the_last_value_and_are_told) {
    reading r;

    read_text(&r, "spec:\n  rules:\n  - name: a\n    b: 1\n    name: c\n");
    cr_assert_str_eq(r.shown.data, "{\"spec\":{\"rules\":[{\"name\":\"c\",\"b\":1}]}}\n");
    cr_assert_eq(r.doc.problem_count, 1);
    const gwapi__doc_problem *p = &r.doc.problems[0];
    cr_expect_eq(p->type, GWAPI_ERROR_DUPLICATE);
    cr_expect(gwapi__str_eq(p->path, GWAPI__STR("spec.rules[0].name")));
    cr_expect(gwapi__str_eq(p->pointer, GWAPI__STR("/spec/rules/0/name")));
    cr_expect_eq(p->place.line, 5);
    cr_expect_eq(p->place.column, 5);
    read_done(&r);
}
