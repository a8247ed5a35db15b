#include <stdlib.h>
#include "schema/type.h"
#include "support.h"

/* Texts that the server takes for the format, and some that it does not. */
typedef struct format_row {
    const char *format;
    const char *right[24];
    const char *wrong[32];
} format_row;

static const format_row rows[] = {
    {"bsonobjectid",
     {"507f1f77bcf86cd799439011", "507F1F77BCF86CD799439011"},
     {"507f1f77bcf86cd79943901", "507f1f77bcf86cd79943901g", ""}},
    {"uri",
     {"http://a", "/a", "//a", "*", "http://a/b c", "http://a:80", "http://[::1]",
      "http://[::1]:80", "http://u:p@h/", "http://u@p@h/", "http:/a", "http:a", "mailto:x",
      "http://a/%20", "http://a?x=%", "HTTP://A", "/?", "http://", "http://?", "a:b", "/a:b",
      "a.b:c", "http://ex\303\244mple/"},
     {"a", "", "http://a b", "http://a:x", "http://[::1", "http://%41", "http://%zz",
      "1http://a", "a/b", "http://a/%", "http://a/%2", "http://a#b", "http://a\001", "?a",
      "ht tp://a", "http://a\\b", "+a:b", "://a", ":", "http://a|b", "http://a^",
      "http://[fe80::1%en0]/", "http://a{", "http://a`b", "/%zz", "http://[]", "http://[a]b",
      "http://[a", "http://u%4@h", "http://u[@h", "http://u ser@h"}},
    {"email",
     {"a@b", "a@b.c", "\"a b\"@c", "A <a@b>", "A B <a@b>", "\"A, B\" <a@b>", "<a@b>",
      "a@[1.2.3.4]", " a@b ", "\303\244@b", "a@\303\244", "a+b@c", "\"a\"@b", "A. B <a@b>",
      "a@-b", "a@b_c", "=?utf-8?q?a?= <a@b>", "A<a@b>", "A  <a@b>"},
     {"a", "a@", "@b", "a b@c", "A <a@b", "a@b>", "a..b@c", ".a@b", "a.@b", "a@b..c", "a@b.",
      "a@b, c@d", "a@b c", "a@[x]", "\"a@b", "\\\"@b", "@a:b@c", "<>", "x <>"}},
    {"hostname",
     {"a", "a.bc", "a.b.cd", "a-", "1", "1.com", "\303\244", "\303\244.de", "\342\202\254",
      "\342\230\203.com", "a-b.c-d.com", "xn--a.com"},
     {"a.b", "-a", "a_b", "1.2", "a..b", "a.", ".a", "", "a b", "a.c0m", "a--b"}},
    {"ipv4",
     {"1.2.3.4", "01.2.3.4", "::ffff:1.2.3.4", "001.002.003.004", "::1.2.3.4",
      "1:2:3:4:5:6:1.2.3.4", "00000000001.2.3.4"},
     {"256.1.1.1", "1.2.3", "1.2.3.4.5", "1.2.3.4 ", "::1", "a", "", "1..2.3", "1.2.3.",
      "0x1.2.3.4", "1.2.3.1234", "1:2:3:4:5:6:7:1.2.3.4", ".1.2.3", "1.2.3.4:5"}},
    {"ipv6",
     {"::1", "::", "1::", "1:2:3:4:5:6:7:8", "::ffff:1.2.3.4", "::1:2:3:4:5:6:7",
      "1:2:3:4:5:6:7::", "1:2:3:4:5:6:1.2.3.4", "FE80::A", "1::1.2.3.4", "1:2:3:4:5::1.2.3.4",
      "::ffff:10.20.30.40"},
     {"1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "::ffff:01.2.3.4", "fe80::1%en0", "1.2.3.4", ":",
      "1::2::3", "12345::", "00001::", "g::", "::1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:1.2.3.4",
      ":::", ":1", "1:", "::1:", "a", "", "1:2:3:4::5:6:7:8", "::1.2.3", "::1.2.3.4.5",
      "::256.1.1.1", "1:2:3:4:5:6::1.2.3.4"}},
    {"cidr",
     {"1.2.3.4/8", "::/0", "::/128", "01.2.3.4/8", "1.2.3.4/08", "00001::/8",
      "::ffff:1.2.3.4/100", "1.2.3.4/00000000000000000008"},
     {"1.2.3.4/33", "1.2.3.4", "::/129", "1.2.3.4/", "1.2.3.4/-1", "a/8", "1.2.3.4/8/8",
      "1.2.3.4/8 ", "1.2.3.4/16777215"}},
    {"mac",
     {"01:23:45:67:89:ab", "01-23-45-67-89-ab", "0123.4567.89ab", "01:23:45:67:89:ab:cd:ef",
      "0123.4567.89ab.cdef", "00:00:00:00:fe:80:00:00:00:00:00:00:02:00:5e:10:00:00:00:01",
      "0000.0000.fe80.0000.0000.0000.0200.5e10.0000.0001", "0123456789ab", "01:23:45:67:89:AB"},
     {"01:23:45:67:89", "01:23:45:67:89:ag", "01:23-45:67:89:ab", "1:2:3:4:5:6", "",
      "01:23:45:67:89:ab:cd"}},
    {"uuid",
     {"a8098c1a-f86e-11da-bd1a-00112444be1e", "a8098c1af86e11dabd1a00112444be1e",
      "A8098C1A-F86E-11DA-BD1A-00112444BE1E"},
     {"a8098c1a", "{a8098c1a-f86e-11da-bd1a-00112444be1e}",
      "a8098c1a-f86e-11da-bd1a-00112444be1g"}},
    {"uuid3",
     {"6fa459ea-ee8a-3ca4-894e-db77e160355e"},
     {"6fa459ea-ee8a-4ca4-894e-db77e160355e"}},
    {"uuid4",
     {"6fa459ea-ee8a-4ca4-894e-db77e160355e"},
     {"6fa459ea-ee8a-4ca4-794e-db77e160355e"}},
    {"uuid5",
     {"886313e1-3b8a-5372-9b90-0c9aee199e5d"},
     {"886313e1-3b8a-5372-7b90-0c9aee199e5d"}},
    {"isbn",
     {"0321751043", "978-0321751041", "0-321-75104-3", " 0321751043", "155404295X",
      "1-55404-295-X", "0 3-2\t1\n7\f5\r1043"},
     {"0321751043\v", "0321751043\b", "0321751043\016", "123", "0321751044", "155404295x"}},
    {"creditcard",
     {"4111-1111-1111-1111", "5555555555554444", "378282246310005", "6011111111111117",
      "30569309025904", "3530111333300000", "4222222222222", "6500000000000002",
      "213100000000001", "180000000000002", "38520000023237"},
     {"4111111111111112", "abc", "", "4111 1111 1111 1111 1", "6541111111111112"}},
    {"ssn",
     {"111-11-1111", "111 11 1111", "111-11 1111"},
     {"111111111", "111-11-111", "111-111111", "a11-11-1111"}},
    {"hexcolor",
     {"#FFF", "#FFFFFF", "FFF"},
     {"#FFFF", "ggg", "#12345g", ""}},
    {"rgbcolor",
     {"rgb(0,0,0)", "rgb(255,255,255)", "rgb( 1 , 2 , 3 )", "rgb(199,99,9)"},
     {"rgb(256,0,0)", "rgb(1,2)", "RGB(1,2,3)", "rgb(01,2,3)", "rgb(1,2,3) "}},
    {"byte",
     {"YQ==", "YWI=", "YWJj", "YWJjZA=="},
     {"", "YQ=", "Y", "YQ==\n", "YQ-_", " YQ=="}},
    {"password",
     {"x", ""},
     {NULL}},
    {"date",
     {"2025-01-31", "2024-02-29", "0000-01-01", "2000-02-29"},
     {"2025-02-29", "2025-1-31", "2025-13-01", "25-01-01", "2025-01-31T", "", "1900-02-29",
      "2025-01-00", "2025-00-01", "+025-01-01"}},
    {"duration",
     {"1s", "0", "1.5h", "1 s", "1sec", "1 week", "1h30m", "-1s", "+1s", "1 days", ".5s",
      "1.s", "1\302\265s", "1\316\274s", "1 micro", "1hr", "1hours", "3 minutes", "1mins",
      "1 m", "1M", "1S", "1 H"},
     {"1", "1x", "s", "1..s", "99999999999999999999s", "1hrs", "", "1se", "0.0"}},
    {"date-time",
     {"2025-03-04T05:06:07Z", "2025-03-04t05:06:07z", "2025-03-04T05:06:07.1Z",
      "2025-03-04T05:06:07+02:00", "2025-03-04T05:06:07+99:99", "2025-03-04T05:06:07x1Z",
      "2025-03-04T05:06:07x1+01:00", "2025-03-04T05:06:07ZTfoo",
      "2025-03-04T05:06:07\303\2441Z", "2025-03-04T05:06:07,5Z", "2025-03-04T05:06:07+1Z",
      "2025-03-04T05:06:0712Z"},
     {"2025-03-04 05:06:07Z", "2025-03-04T05:06:07", "2025-03-04T05:06:07.Z",
      "2025-03-04T05:06:07+0200", "2025-03-04T24:00:00Z", "2025-03-04T23:59:60Z",
      "2025-02-29T00:00:00Z", "2025-03-04T05:06Z", "2025-03-04", "", "20250304T050607Z",
      "2025-03-04T5:06:07Z", "2025-03-04T05:06:07-01:0", "2025-03-04T05:06:7Z",
      "2025-03-04T05:06:07ZZ", "x2025-03-04T05:06:07Z", "2025-03-04T", "T05:06:07Z",
      "2025-03-04T05:06:07\n1Z", "2025-03-04T99:99:99Z"}},
};

/* Some formats have a pattern beside their check: through a schema, all is in force. */
static void check_text(judging *g, const char *format, const char *text, bool right)
{
    gwapi__text doc;

    gwapi__text_init(&doc, &g->allocator);
    gwapi__text_addz(&doc, "{\"apiVersion\":\"t.example/v1\",\"kind\":\"Thing\","
                           "\"metadata\":{\"name\":\"t\"},\"spec\":");
    gwapi__text_json(&doc, gwapi__str_of(text));
    gwapi__text_addz(&doc, "}");
    gwapi__text_char(&doc, '\0');
    judging_run(g, doc.data, NULL, 0);
    cr_expect_str_eq(g->shown.data, right ? "" : "TypeInvalid spec", "%s: %s gives '%s'", format,
                     text, g->shown.data);
    gwapi__text_free(&doc);
}

Test(schema_formats, texts_are_judged_as_by_the_server)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char schema[64];
        judging g;
        judging_init(&g, 0);
        snprintf(schema, sizeof schema, "{type: string, format: %s}", rows[i].format);
        cr_assert_eq(judging_define(&g, schema), GWAPI_OK, "%s", rows[i].format);
        for (size_t k = 0; k < 24 && rows[i].right[k] != NULL; k++)
            check_text(&g, rows[i].format, rows[i].right[k], true);
        for (size_t k = 0; k < 32 && rows[i].wrong[k] != NULL; k++)
            check_text(&g, rows[i].format, rows[i].wrong[k], false);
        judging_free(&g);
    }
}

static const char *terminated(gwapi__arena *arena, gwapi_str text)
{
    gwapi_str copy;

    cr_assert(gwapi__arena_copy(arena, text, &copy));
    return copy.data;
}

/* tests/data/schema/formats.jsonl: format, text, whether Kubernetes takes it. */
Test(schema_formats, odd_texts_are_judged_as_by_the_server)
{
    const char *top = getenv("top_srcdir");
    char path[512], line[1024], schema[64];
    size_t count = 0;

    snprintf(path, sizeof path, "%s/tests/data/schema/formats.jsonl", top != NULL ? top : ".");
    FILE *file = fopen(path, "r");
    cr_assert_not_null(file, "%s", path);
    while (fgets(line, sizeof line, file) != NULL) {
        gwapi__stream *stream;
        judging g;
        judging_init(&g, 0);
        gwapi__node *const *row = judging_read(&g, line, &stream)->as.list.items;
        const char *format = terminated(&g.arena, row[0]->as.string);
        snprintf(schema, sizeof schema, "{type: string, format: %s}", format);
        cr_assert_eq(judging_define(&g, schema), GWAPI_OK, "%s", format);
        check_text(&g, format, terminated(&g.arena, row[1]->as.string), row[2]->as.boolean);
        gwapi__stream_close(stream);
        judging_free(&g);
        count++;
    }
    fclose(file);
    cr_expect_gt(count, 60);
}

Test(schema_formats, names_have_their_lengths)
{
    char text[300];

    memset(text, 'a', sizeof text);
    cr_expect(gwapi__format_matches(GWAPI__FORMAT_SHORT_NAME, gwapi__str(text, 63)));
    cr_expect_not(gwapi__format_matches(GWAPI__FORMAT_SHORT_NAME, gwapi__str(text, 64)));
    cr_expect(gwapi__format_matches(GWAPI__FORMAT_LONG_NAME, gwapi__str(text, 253)));
    cr_expect_not(gwapi__format_matches(GWAPI__FORMAT_LONG_NAME, gwapi__str(text, 254)));
    cr_expect_not(gwapi__format_matches(GWAPI__FORMAT_HOSTNAME, gwapi__str(text, 256)));
}

Test(schema_formats, only_those_of_the_version_count)
{
    static const struct {
        const char *name;
        uint32_t minor;
        bool known;
    } names[] = {
        {"date-time", 25, true}, {"datetime", 25, true},       {"int32", 34, false},
        {"int64", 34, false},    {"k8s-short-name", 34, false}, {"k8s-short-name", 35, true},
        {"nonsense", 35, false}, {"dat", 35, false}, {"dates", 35, false}, {"", 35, false}, {"i-p-v-4", 25, true},
    };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        cr_expect_eq(gwapi__format_of(gwapi__str_of(names[i].name), names[i].minor) !=
                         GWAPI__FORMAT_NONE,
                     names[i].known, "%s in 1.%u", names[i].name, names[i].minor);
}
