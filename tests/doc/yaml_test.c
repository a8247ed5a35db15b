#include "support.h"

#include <string.h>

#include "base/utf8.h"

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

Test(doc_yaml, structure_is_read)
{
    static const row rows[] = {
        {"a map", "a: 1\nb: {c: d}\n", "{\"a\":1,\"b\":{\"c\":\"d\"}}\n"},
        {"a list", "- a\n- [b, c, ]\n", "[\"a\",[\"b\",\"c\"]]\n"},
        {"a list at the key's column", "a:\n- b\n", "{\"a\":[\"b\"]}\n"},
        {"lists in lists", "- - a\n  - b\n-\n  - c", "[[\"a\",\"b\"],[\"c\"]]\n"},
        {"empty values", "a:\nb: \"\"\nc: []\nd: {}",
         "{\"a\":null,\"b\":\"\",\"c\":[],\"d\":{}}\n"},
        {"a key alone", "{a, b: }", "{\"a\":null,\"b\":null}\n"},
        {"a pair in a list", "[a: 1]", "[{\"a\":1}]\n"},
        {"an explicit key", "? a\n: b\n? c\n", "{\"a\":\"b\",\"c\":null}\n"},
        {"a scalar alone", "hello", "\"hello\"\n"},
        {"a literal block", "a: |\n  x\n   y\n\n", "{\"a\":\"x\\n y\\n\"}\n"},
        {"a stripped one", "a: |-\n  x\n\n", "{\"a\":\"x\"}\n"},
        {"a kept one", "a: |+\n  x\n\n", "{\"a\":\"x\\n\\n\"}\n"},
        {"a folded one", "a: >\n  x\n  y\n\n  z\n", "{\"a\":\"x y\\nz\\n\"}\n"},
        {"lines of plain text", "a: x\n  y\n\n  z", "{\"a\":\"x y\\nz\"}\n"},
        {"lines of quoted text", "a: \"x\n  y\\\n  z\"", "{\"a\":\"x yz\"}\n"},
        {"comments", "a: b # c\n# d\nc: e#f", "{\"a\":\"b\",\"c\":\"e#f\"}\n"},
        {"escapes", "\"\\x41\\u00e9\\U0001F600\\0\\a\\e\\_\"",
         "\"A\xc3\xa9\xf0\x9f\x98\x80\\u0000\\u0007\\u001b\xc2\xa0\"\n"},
        {"quotes in quotes", "'it''s'", "\"it's\"\n"},
        {"a colon before a comma belongs to the text", "{a:, b: c:}",
         "{\"a:\":null,\"b\":\"c:\"}\n"},
        {"U+FEFF at the start of a later line",
         "a: 1\n\xef\xbb\xbf"
         "b: 2",
         "{\"a\":1,\"\xef\xbb\xbf"
         "b\":2}\n"},
        {"a stand-in's own character", "[\xf4\x8f\xbf\xbf, \xf4\x8f\xbf\xbe]",
         "[\"\xf4\x8f\xbf\xbf\",\"\xf4\x8f\xbf\xbe\"]\n"},
    };
    CHECK(rows);
}

Test(doc_yaml, anchors_aliases_and_merges_are_read)
{
    static const row rows[] = {
        {"a scalar", "a: &x 1\nb: *x", "{\"a\":1,\"b\":1}\n"},
        {"a map", "a: &x {b: [c]}\nd: *x", "{\"a\":{\"b\":[\"c\"]},\"d\":{\"b\":[\"c\"]}}\n"},
        {"a key", "&x a: *x", "{\"a\":\"a\"}\n"},
        {"an alias as key", "a: &x b\n*x : c", "{\"a\":\"b\",\"b\":\"c\"}\n"},
        {"an anchor given again", "[&x 1, *x, &x 2, *x]", "[1,1,2,2]\n"},
        {"an anchor of nothing", "a: &x\nb: *x", "{\"a\":null,\"b\":null}\n"},
        {"merge", "a: &x {b: 1, c: 2}\nd:\n  <<: *x\n  e: 3",
         "{\"a\":{\"b\":1,\"c\":2},\"d\":{\"b\":1,\"c\":2,\"e\":3}}\n"},
        {"a key after wins", "a: {<<: {b: 1}, b: 2}", "{\"a\":{\"b\":2}}\n"},
        {"a merge after wins", "a: {b: 2, <<: {b: 1}}", "{\"a\":{\"b\":1}}\n"},
        {"of several the first wins", "a: {<<: [{b: 1}, {b: 2, c: 3}]}",
         "{\"a\":{\"b\":1,\"c\":3}}\n"},
        {"a merge in a merge", "a: {<<: {<<: {b: 1}, c: 2}}", "{\"a\":{\"c\":2,\"b\":1}}\n"},
        {"quoted it is a key", "a: {\"<<\": {b: 1}}", "{\"a\":{\"<<\":{\"b\":1}}}\n"},
        {"as a value it is text", "a: <<", "{\"a\":\"<<\"}\n"},
    };
    reading r;

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        read_text(&r, rows[i].text);
        /* the order of merged keys is not part of the meaning */
        reading expected;
        read_text(&expected, rows[i].shown);
        cr_expect(r.doc.root != NULL && gwapi__node_equal(r.doc.root, expected.doc.root),
                  "%s: got %s", rows[i].label, r.shown.data);
        read_done(&expected);
        read_done(&r);
    }
}

Test(doc_yaml, an_alias_is_a_copy)
{
    reading r;

    read_text(&r, "a: &x {b: 1}\nc: *x");
    gwapi__node *a = gwapi__node_get(r.doc.root, GWAPI__STR("a"));
    gwapi__node *c = gwapi__node_get(r.doc.root, GWAPI__STR("c"));
    gwapi__node_remove(a, 0);
    cr_assert_not_null(gwapi__node_get(c, GWAPI__STR("b")));
    read_done(&r);
}

Test(doc_yaml, text_after_the_document_is_told)
{
    reading r;

    read_text(&r, "a: 1\n...\nb: 2\n");
    cr_assert_eq(r.doc.problem_count, 1);
    cr_expect_eq(r.doc.problems[0].type, GWAPI_ERROR_NONE);
    read_done(&r);
    read_text(&r, "a: 1\n...\n# c\n");
    cr_expect_eq(r.doc.problem_count, 0);
    read_done(&r);
}

Test(doc_yaml, what_is_wrong_is_said_with_its_place)
{
    static const struct {
        const char *text;
        uint32_t line, column;
        const char *message; /* a part of it */
    } bad[] = {
        {"a: [1, 2\n", 2, 1, "the list begins at line 1"},
        {"a:\n  {b: 1\nc: d", 3, 2, "the map begins at line 2"},
        {"a: \"x\nb: 1", 1, 4, "closing quote"},
        {"a: 'x\nb: 1", 1, 4, "closing quote"},
        {"a: 1\n b: 2", 2, 3, "`:` where no key"},
        {"- a\nb: 1", 2, 1, "`-`, or the end"},
        {"a: 1\n- b", 2, 1, "a key, or the end of the map"},
        {"a: b: c", 1, 5, "`:` where no key"},
        {"a: @x", 1, 4, "begin with this character"},
        {"a:\n\t- b", 2, 1, "begin with this character"},
        {"a: `x`", 1, 4, "begin with this character"},
        {"a: *x", 1, 4, "no anchor (&) named \"x\""},
        {"a: &x [*x]", 1, 8, "contains itself"},
        {"a: &x {b: {c: *x}}", 1, 15, "contains itself"},
        {"a: {<<: *x}", 1, 9, "no anchor"},
        {"a: &x {<<: *x}", 1, 12, "contains itself"},
        {"a: {<<: 1}", 1, 9, "merge key"},
        {"a: {<<: [1]}", 1, 9, "merge key"},
        {"b: &x [{c: 1}]\na: {<<: *x}", 2, 9, "merge key"},
        {"a: {<<: }", 1, 9, "merge key"},
        {"a: \"\\q\"", 1, 5, "unknown escape"},
        {"a: \"\\/\"", 1, 4, "escape \\/"},
        {"a: \"\\ud83d\\ude00\"", 1, 7, "no character"},
        {"a: \"\\x4\"", 1, 7, "hexadecimal"},
        {"a: .inf", 1, 4, "\".inf\" is a number that JSON does not have"},
        {"a: [.nan]", 1, 5, "does not have"},
        {"a: !!int x", 1, 4, "\"x\" is no !!int"},
        {"a: !!binary \"?\"", 1, 4, "not base64"},
        {"~: 1", 1, 1, "can't be a key"},
        {"[a]: 1", 1, 1, "can't be a key"},
        {"{a: 1}: 1", 1, 1, "can't be a key"},
        {"{[a, a]: 1}", 1, 2, "can't be a key"},
        {"{{a: 1, a: 2}: 1}", 1, 2, "can't be a key"},
        {"a: {b?: c}", 1, 5, "`?` in text"},
        {"{a: !!str, b: c}", 1, 5, "blank is missing after the tag"},
        {"%YAML 1.1\n---\n", 2, 1, "belongs to no document"},
        {"a: |x\n  b", 1, 5, "block scalar"},
        {"a: \x01", 1, 4, "control character"},
        {"a: \x7f", 1, 4, "control character"},
        {"\xc3\xa9: \xff", 1, 4, "not UTF-8"},
        {"a: b\nc: \xc3", 2, 4, "UTF-8"},
        {"a: \xed\xa0\x80", 1, 4, "Unicode does not have"},
        {"a: 1\n--- b", 2, 1, "begins with `---`"},
        {"a\nb: 1", 2, 2, "`:` where no key"},
        {"a: !x!y z", 1, 4, "not defined"},
        {"\xe2\x82\xac: [\xe2\x82\xac, }", 1, 8, "value was expected"},
        {"{\"a\": 1 \"b\": 2}", 1, 9, "a `,` or `}` was expected"},
    };

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        reading r;
        read_text(&r, bad[i].text);
        cr_assert_null(r.doc.root, "%s: got %s", bad[i].text, r.shown.data);
        const gwapi__doc_problem *p = &r.doc.problems[r.doc.problem_count - 1];
        cr_expect_eq(p->type, GWAPI_ERROR_SYNTAX);
        cr_expect(p->place.line == bad[i].line && p->place.column == bad[i].column,
                  "%s: at %u:%u", bad[i].text, p->place.line, p->place.column);
        cr_expect_neq(gwapi__str_find(p->message, gwapi__str_of(bad[i].message)), SIZE_MAX,
                      "%s: got %.*s", bad[i].text, GWAPI__FMT(p->message));
        read_done(&r);
    }
}

/* Every line end that an editor shows, and none else. */
Test(doc_yaml, places_count_lines_and_characters)
{
    static const struct {
        const char *text;
        uint32_t line, column; /* of the value of z */
    } rows[] = {
        {"z: 1", 1, 4},
        {"\n\nz: 1", 3, 4},
        {"a: 1\r\n\r\nz: 1\r\n", 3, 4},
        {"\xc3\xa9\xe2\x82\xac: {\xf0\x9f\x98\x80: 1, z: 1}", 1, 15},
        {"a: x\xe2\x80\xa8\nz: 1", 2, 4},
        {"a: \"\xc2\x85\"\nz: 1", 2, 4},
        {"a: 1\n---\n# b\nz: 1", 4, 4},
        {"\xef\xbb\xbfz: 1", 1, 4},
        {"a: &x 1\nz: *x", 2, 4},
        {"{\"a\":\n {\"\xc3\xa9\": [ 1,\n 2]}, \"z\": 1}", 3, 12},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        reading r;
        read_text(&r, rows[i].text);
        const gwapi__node *z = gwapi__node_get(r.doc.root, GWAPI__STR("z"));
        for (uint32_t k = 0; z == NULL && k < r.doc.root->as.map.count; k++)
            z = gwapi__node_get(r.doc.root->as.map.fields[k].value, GWAPI__STR("z"));
        cr_assert_not_null(z, "%s", rows[i].text);
        cr_expect(z->place.line == rows[i].line && z->place.column == rows[i].column,
                  "%s: at %u:%u", rows[i].text, z->place.line, z->place.column);
        read_done(&r);
    }
}

Test(doc_yaml, excerpts_show_the_line)
{
    char text[2000];
    reading r;
    uint32_t column;

    read_text(&r, "a: 1\r\nb: \xc3\xa9 2\nc: 3");
    gwapi_str line = gwapi__stream_excerpt(r.stream, (gwapi__place){2, 6}, &column);
    cr_expect(gwapi__str_eq(line, GWAPI__STR("b: \xc3\xa9 2")));
    cr_expect_eq(column, 6);
    line = gwapi__stream_excerpt(r.stream, (gwapi__place){1, 1}, &column);
    cr_expect(gwapi__str_eq(line, GWAPI__STR("a: 1")));
    cr_expect_eq(gwapi__stream_excerpt(r.stream, (gwapi__place){9, 1}, &column).len, 0);
    cr_expect_null(gwapi__stream_excerpt(r.stream, (gwapi__place){0, 0}, &column).data);
    read_done(&r);

    memcpy(text, "a: \"", 4);
    for (size_t i = 4; i + 2 <= sizeof text - 2; i += 2)
        memcpy(text + i, "\xc3\xa9", 2);
    text[sizeof text - 2] = '"';
    text[sizeof text - 1] = '\0';
    read_text(&r, text);
    line = gwapi__stream_excerpt(r.stream, (gwapi__place){1, 500}, &column);
    cr_expect_leq(line.len, 400);
    cr_expect(gwapi__utf8_valid(line));
    cr_expect(column > 50 && column < 150, "%u", column);
    read_done(&r);
}
