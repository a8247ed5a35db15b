#include "support.h"

typedef struct row {
    const char *label;
    const char *text;
    const char *shown;
} row;

static void check(const row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        reading r;
        read_text(&r, rows[i].text);
        cr_expect_str_eq(r.shown.data, rows[i].shown, "%s: got %s", rows[i].label,
                         r.shown.data);
        read_done(&r);
    }
}
#define CHECK(rows) check(rows, sizeof rows / sizeof *rows)

Test(doc_stream, documents_are_split_where_the_server_splits_them)
{
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

Test(doc_stream, lists_are_unfolded)
{
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

Test(doc_stream, repeated_keys_keep_the_last_value_and_are_told)
{
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

static void check_bytes(const char *label, gwapi_str bytes, const char *shown)
{
    reading r;

    read_str(&r, bytes, GWAPI_FORMAT_AUTO, NULL);
    cr_expect_str_eq(r.shown.data, shown, "%s: got %s", label, r.shown.data);
    read_done(&r);
}

Test(doc_stream, utf_16_is_read_when_it_is_marked)
{
    static const char little[] = "\xff\xfe"
                                 "a\0:\0 \0\x3d\xd8\x00\xde\n\0-\0-\0-\0\n\0b\0:\0";
    static const char big[] = "\xfe\xff"
                              "\0a\0:\0 \xd8\x3d\xde\x00";

    check_bytes("little endian", gwapi__str(little, sizeof little - 1),
                "{\"a\":\"\xf0\x9f\x98\x80\"}\n{\"b\":null}\n");
    check_bytes("big endian", gwapi__str(big, sizeof big - 1),
                "{\"a\":\"\xf0\x9f\x98\x80\"}\n");
    check_bytes("an odd byte", gwapi__str(little, sizeof little - 2), "unreadable\n");
    check_bytes("half a pair", GWAPI__STR("\xff\xfe\x3d\xd8"), "unreadable\n");
    check_bytes("the wrong half", GWAPI__STR("\xff\xfe\x00\xde"), "unreadable\n");
    check_bytes("a mark alone", GWAPI__STR("\xff\xfe"), "");
}

Test(doc_stream, zero_bytes_are_refused_and_end_nothing)
{
    check_bytes("in YAML", GWAPI__STR("a: \0b\n---\nc: 1\n"), "unreadable\n{\"c\":1}\n");
    check_bytes("in JSON", GWAPI__STR("{\"a\":\"\0\"}"), "unreadable\n");
    check_bytes("alone", GWAPI__STR("\0"), "unreadable\n");
}

Test(doc_stream, problems_of_a_list_go_to_its_items)
{
    gwapi__stream *stream;
    gwapi__arena arena;
    gwapi_allocator allocator;
    gwapi__doc doc;
    bool more;
    static const char *const paths[][2] = {
        {"metadata.a", "/metadata/a"}, {"s.x", "/s/x"}, {"z", "/z"}};

    gwapi__allocator_init(&allocator, NULL);
    gwapi__arena_init(&arena, &allocator);
    cr_assert_eq(gwapi__stream_open(&stream, &allocator,
                                    GWAPI__STR("kind: List\nmetadata: {a: 1, a: 2}\nitems:\n"
                                               "- {n: 0}\n- {s: {x: 1, x: 2}}\n"
                                               "- {kind: List, items: [{z: 1, z: 2}]}\n"),
                                    0, NULL),
                 GWAPI_OK);
    for (size_t i = 0; i < 3; i++) {
        cr_assert_eq(gwapi__stream_next(stream, &arena, &doc, &more), GWAPI_OK);
        cr_assert(more);
        cr_expect_eq(doc.index, i);
        cr_expect_eq(doc.line, 4 + i);
        cr_assert_eq(doc.problem_count, 1);
        cr_expect(gwapi__str_eq(doc.problems[0].path, gwapi__str_of(paths[i][0])), "%.*s",
                  GWAPI__FMT(doc.problems[0].path));
        cr_expect(gwapi__str_eq(doc.problems[0].pointer, gwapi__str_of(paths[i][1])), "%.*s",
                  GWAPI__FMT(doc.problems[0].pointer));
    }
    cr_assert_eq(gwapi__stream_next(stream, &arena, &doc, &more), GWAPI_OK);
    cr_expect_not(more);
    cr_assert_eq(gwapi__stream_next(stream, &arena, &doc, &more), GWAPI_OK);
    cr_expect_not(more);
    gwapi__stream_close(stream);
    gwapi__arena_free(&arena);
}
