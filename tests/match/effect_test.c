/* What rules do with requests where it is easy to get wrong: joined paths, origins' ports. */
#include "match/table.h"

static void put_rewriting(table *t, const char *prefix, const char *type, const char *field,
                          const char *to)
{
    put(t,
        "  - matches: [{path: {value: \"%s\"}}]\n"
        "    filters: [{type: URLRewrite, urlRewrite: {path: {type: %s, %s: \"%s\"}}}]\n"
        "    backendRefs: [{name: s, port: 80}]\n",
        prefix, type, field, to);
}

/* matching.md §15: what replaces a path is a path, even where its '/' was left out; a path
 * policy looks at what comes out. */
Test(match_effect, a_replacement_is_checked_as_the_path_it_becomes)
{
    static const struct {
        const char *type, *field, *to, *path;
        const char *raw, *normal; /* "": REJECT refuses, too */
        bool refused;
    } rows[] = {
        {"ReplaceFullPath", "replaceFullPath", "../up", "/p/x", "/../up", "/up", true},
        {"ReplaceFullPath", "replaceFullPath", "a//b", "/p/x", "/a//b", "/a/b", true},
        {"ReplaceFullPath", "replaceFullPath", "%6e", "/p/x", "/%6e", "/n", true},
        {"ReplaceFullPath", "replaceFullPath", "new", "/p/x", "/new", "/new", false},
        {"ReplaceFullPath", "replaceFullPath", "", "/p/x", "/", "/", false},
        {"ReplacePrefixMatch", "replacePrefixMatch", "a/../b", "/p/x", "/a/../b/x", "/b/x",
         true},
        {"ReplacePrefixMatch", "replacePrefixMatch", "..", "/p", "/..", "/", true},
        {"ReplacePrefixMatch", "replacePrefixMatch", "..", "/p/x", "/../x", "/x", true},
        {"ReplacePrefixMatch", "replacePrefixMatch", "/n/./", "/p", "/n/.", "/n/", true},
        {"ReplacePrefixMatch", "replacePrefixMatch", "/n/./", "/p/x", "/n/./x", "/n/x", true},
        {"ReplacePrefixMatch", "replacePrefixMatch", "new/", "/p/", "/new/", "/new/", false},
        {"ReplacePrefixMatch", "replacePrefixMatch", "", "/p/x", "/x", "/x", false},
        {"ReplacePrefixMatch", "replacePrefixMatch", "/", "/p", "/", "/", false},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[64];
        size_t n = 0;
        table t;
        table_begin(&t);
        put_route(&t, "ns", "r", "x.test");
        put_rewriting(&t, "/p", rows[i].type, rows[i].field, rows[i].to);
        table_end(&t);
        gwapi_request request = get("x.test", rows[i].path);
        for (gwapi_path_policy p = GWAPI_PATH_RAW; p <= GWAPI_PATH_NORMALIZE; p++) {
            const char *expected = p == GWAPI_PATH_NORMALIZE ? rows[i].normal : rows[i].raw;
            request.path_policy = p;
            gwapi_decision d = ask_at(&t, 80, "", &request);
            bool refused = p == GWAPI_PATH_REJECT && rows[i].refused;
            cr_expect_eq(d.status, refused ? 400 : 0, "row %zu, policy %u", i, (unsigned)p);
            gwapi_result result =
                gwapi_decision_path(&d, &request, GWAPI_NONE, text, sizeof text, &n);
            cr_expect_eq(result, refused ? GWAPI_EINVALID : GWAPI_OK, "row %zu, policy %u", i,
                         (unsigned)p);
            if (result == GWAPI_OK)
                cr_expect(gwapi__str_eq(gwapi__str(text, n), gwapi__str_of(expected)),
                          "row %zu, policy %u: %.*s", i, (unsigned)p, (int)n, text);
        }
        table_free(&t);
    }
}

/* "*" is under the prefix "/": what takes its place is a path all the same. */
Test(match_effect, a_replaced_prefix_of_the_asterisk_gives_a_path)
{
    static const char *const rows[][3] = {{"/new", "/new/*", "/new/*"},
                                          {"/a/..", "/a/../*", "/*"},
                                          {"/", "/*", "/*"},
                                          {"", "/*", "/*"}};

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[64];
        size_t n = 0;
        table t;
        table_begin(&t);
        put_route(&t, "ns", "r", "x.test");
        put_rewriting(&t, "/", "ReplacePrefixMatch", "replacePrefixMatch", rows[i][0]);
        table_end(&t);
        gwapi_request request = get("x.test", "*");
        request.method = GWAPI__STR("OPTIONS");
        for (int normal = 0; normal < 2; normal++) {
            request.path_policy = normal ? GWAPI_PATH_NORMALIZE : GWAPI_PATH_RAW;
            gwapi_decision d = ask_at(&t, 80, "", &request);
            cr_assert_eq(gwapi_decision_path(&d, &request, GWAPI_NONE, text, sizeof text, &n),
                         GWAPI_OK);
            cr_expect(gwapi__str_eq(gwapi__str(text, n), gwapi__str_of(rows[i][1 + normal])),
                      "row %zu: %.*s", i, (int)n, text);
        }
        table_free(&t);
    }
}

/* The path of a request line need not begin with '/'. Behind a host it must, or it is a part of
 * another one. */
Test(match_effect, a_redirect_leads_to_no_host_but_its_own)
{
    static const char *const rows[][2] = {{".evil.test/", "http://to.test/.evil.test/"},
                                          {"@evil.test/", "http://to.test/@evil.test/"},
                                          {"*", "http://to.test/*"},
                                          {"?q", "http://to.test/?q"},
                                          {"/a", "http://to.test/a"}};
    table t;

    table_begin(&t);
    put_route(&t, "ns", "r", "x.test");
    put(&t, "  - filters: [{type: RequestRedirect, requestRedirect: {hostname: to.test}}]\n");
    table_end(&t);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[64];
        size_t n = 0;
        gwapi_request request = get("x.test", rows[i][0]);
        gwapi_decision d = ask_at(&t, 80, "", &request);
        cr_assert_eq(gwapi_decision_redirect(&d, &request, GWAPI_NONE, text, sizeof text, &n, NULL),
                     GWAPI_OK, "%s", rows[i][0]);
        cr_expect(gwapi__str_eq(gwapi__str(text, n), gwapi__str_of(rows[i][1])), "%s: %.*s",
                  rows[i][0], (int)n, text);
    }
    table_free(&t);
}

Test(match_effect, ports_of_origins_are_numbers)
{
    static const struct {
        const char *allowed, *origin;
        uint32_t expected;
    } rows[] = {
        {"https://a.test", "https://a.test:443", 1},
        {"https://a.test", "https://a.test:0443", 1},
        {"https://a.test:0443", "https://a.test", 1},
        {"http://a.test:80", "http://a.test", 1},
        {"https://a.test", "https://a.test:8443", 0},
        {"https://a.test", "https://a.test:", 0},
        {"https://a.test", "https://a.test:443x", 0},
        {"https://a.test", "https://a.test:18446744073709552059", 0},
        {"app-x://a", "app-x://a", 1},
        {"app-x://a", "app-x://a:443", 0},
        {"https://*.test:8443", "https://a.b.test:08443", 1},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        gwapi_cors_answer answer = {.struct_size = sizeof answer};
        gwapi_header header = {GWAPI_STR_INIT("Origin"), gwapi__str_of(rows[i].origin)};
        table t;
        table_begin(&t);
        put_route(&t, "ns", "r", "x.test");
        put(&t,
            "  - filters: [{type: CORS, cors: {allowOrigins: [\"%s\"]}}]\n"
            "    backendRefs: [{name: s, port: 80}]\n",
            rows[i].allowed);
        table_end(&t);
        gwapi_request request = get("x.test", "/");
        request.headers = &header;
        request.header_count = 1;
        gwapi_decision d = ask_at(&t, 80, "", &request);
        cr_assert_eq(gwapi_decision_cors(&d, &request, GWAPI_NONE, &answer), GWAPI_OK);
        cr_expect_eq(answer.allowed, rows[i].expected, "%s against %s", rows[i].origin,
                     rows[i].allowed);
        table_free(&t);
    }
}
