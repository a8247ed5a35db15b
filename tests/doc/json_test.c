#include "support.h"

static void read_json(reading *r, const char *text)
{
    read_str(r, gwapi__str_of(text), GWAPI_FORMAT_JSON, NULL);
}

Test(doc_json, values_are_read_as_the_server_reads_them)
{
    static const struct {
        const char *text;
        const char *shown;
    } rows[] = {
        {"{}", "{}\n"},
        {" [ ] ", "[]\n"},
        {"{\"a\":[1,-2,{\"b\":null}],\"c\":true,\"d\":false}",
         "{\"a\":[1,-2,{\"b\":null}],\"c\":true,\"d\":false}\n"},
        {"[-0,1.50,1e3,1E+3,1e-7,123456789012345678901234567890]",
         "[0,1.5,1000,1000,1e-7,1.2345678901234568e+29]\n"},
        {"[9223372036854775807,9223372036854775808,-9223372036854775808]",
         "[9223372036854775807,9223372036854776000,-9223372036854775808]\n"},
        {"\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041\\u0000\"",
         "\"\\\"\\\\/\\u0008\\u000c\\n\\r\\tA\\u0000\"\n"},
        {"\"\\ud83d\\ude00\"", "\"\xf0\x9f\x98\x80\"\n"},
        {"\"\\ud83d\"", "\"\xef\xbf\xbd\"\n"},
        {"\"\\ude00x\"", "\"\xef\xbf\xbdx\"\n"},
        {"\"\\ud83d\\u0041\"", "\"\xef\xbf\xbd"
                               "A\"\n"},
        {"\"\\ud83d\\ud83d\\ude00\"", "\"\xef\xbf\xbd\xf0\x9f\x98\x80\"\n"},
        {"\"\xff\xc3\"", "\"\xef\xbf\xbd\xef\xbf\xbd\"\n"},
        {"\"\xed\xa0\x80\"", "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"\n"},
        {"{\"a\\u0000b\":1,\"a\":2}", "{\"a\\u0000b\":1,\"a\":2}\n"},
        {"{\"a\":1,\"\\u0061\":2}", "{\"a\":2}\n"},
        {"{\"a\":{\"x\":1},\"b\":3,\"a\":{\"y\":2}}", "{\"a\":{\"y\":2},\"b\":3}\n"},
        {"1 2\n\"x\"", "1\n2\n\"x\"\n"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        reading r;
        read_json(&r, rows[i].text);
        cr_expect_str_eq(r.shown.data, rows[i].shown, "%s: got %s", rows[i].text, r.shown.data);
        read_done(&r);
    }
}

Test(doc_json, what_is_wrong_is_said_with_its_place)
{
    static const struct {
        const char *text;
        uint32_t line, column;
        const char *message;
    } bad[] = {
        {"{", 1, 2, "ends before"},
        {"{\"a\"", 1, 5, "ends before"},
        {"{\"a\":", 1, 6, "ends before"},
        {"{\"a\":1", 1, 7, "ends before"},
        {"[1,", 1, 4, "ends before"},
        {"{\"a\":1,}", 1, 8, "name of a member"},
        {"{a:1}", 1, 2, "name of a member"},
        {"{\"a\" 1}", 1, 6, "`:` was expected"},
        {"{\"a\":1 \"b\":2}", 1, 8, "`,` or `}`"},
        {"[1 2]", 1, 4, "`,` or `]`"},
        {"[1,]", 1, 4, "no JSON value"},
        {"[1}", 1, 3, "`,` or `]`"},
        {"\"a", 1, 3, "closing quote"},
        {"\"a\nb\"", 1, 3, "line end within"},
        {"\"\x01\"", 1, 2, "control character"},
        {"\"\\x\"", 1, 3, "unknown escape"},
        {"\"\\u12g4\"", 1, 4, "four hexadecimal"},
        {"\"\\", 1, 3, "ends before"},
        {"[01]", 1, 2, "a number"},
        {"[1.]", 1, 2, "a number"},
        {"[-]", 1, 2, "a number"},
        {"[1e]", 1, 2, "a number"},
        {"[+1]", 1, 2, "no JSON value"},
        {"[.5]", 1, 2, "no JSON value"},
        {"[NaN]", 1, 2, "no JSON value"},
        {"[\n\xc3\xa9", 2, 1, "no JSON value"},
        {"[\"\xc3\xa9\xff\",x]", 1, 7, "no JSON value"},
        {"[tru]", 1, 2, "no JSON value"},
        {"]", 1, 1, "no JSON value"},
        {"[1e400]", 1, 2, "too large"},
        {"[-1e400]", 1, 2, "too large"},
    };

    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        reading r;
        read_json(&r, bad[i].text);
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

Test(doc_json, a_number_too_large_ends_its_document_only)
{
    reading r;

    read_text(&r, "{\"a\":1e999}\n{\"b\":1}");
    cr_assert_str_eq(r.shown.data, "unreadable\n{\"b\":1}\n");
    read_done(&r);
}

Test(doc_json, repeated_members_are_told_with_the_servers_path)
{
    reading r;

    read_text(&r, "{\"spec\":{\"rules\":[{},{\"name\":\"a\",\"na\\u006de\":\"b\"}]}}");
    cr_assert_eq(r.doc.problem_count, 1);
    cr_expect(gwapi__str_eq(r.doc.problems[0].path, GWAPI__STR("spec.rules[1].name")));
    cr_expect(gwapi__str_eq(r.doc.problems[0].pointer, GWAPI__STR("/spec/rules/1/name")));
    cr_expect_eq(r.doc.problems[0].place.column, 34);
    read_done(&r);
}
