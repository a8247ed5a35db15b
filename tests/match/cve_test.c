/*
 * What vulnerabilities of other routers teach: each class that concerns matching has a test
 * that carries its name. Reports differ in detail; what is tested is the mistake behind them.
 */
#include "match/table.h"

/* ---- precedence -------------------------------------------------------------------------- */

/* CVE-2024-42487 (Cilium): headers were compared before the method. */
Test(match_cve, cve_2024_42487_the_method_counts_before_headers)
{
    static const gwapi_header headers[] = {{GWAPI_STR_INIT("a"), GWAPI_STR_INIT("1")},
                                           {GWAPI_STR_INIT("b"), GWAPI_STR_INIT("1")}};
    gwapi_request request = get("x.test", "/");
    table t;

    table_begin(&t);
    put_route(&t, "ns", "r", "x.test");
    put(&t, "  - name: headers\n    matches: [{headers: [{name: a, value: \"1\"}, {name: b, "
            "value: \"1\"}], queryParams: [{name: q, value: \"1\"}]}]\n");
    put(&t, "  - name: method\n    matches: [{method: GET}]\n");
    table_end(&t);
    request.headers = headers;
    request.header_count = 2;
    request.path = GWAPI__STR("/?q=1");
    request.method = GWAPI__STR("GET");
    expect(&t, &request, "method");
    request.method = GWAPI__STR("PUT");
    expect(&t, &request, "headers");
    table_free(&t);
}

/* ---- fast path and slow path ------------------------------------------------------------- */

/* CVE-2026-27588 (Caddy): hosts became case-sensitive beyond a hundred of them. */
Test(match_cve, cve_2026_27588_case_of_hosts_does_not_depend_on_their_number)
{
    static const uint32_t counts[] = {1, 8, 99, 100, 101, 1000};
    char host[64], rule[16];

    for (size_t k = 0; k < sizeof counts / sizeof *counts; k++) {
        table t;
        table_begin(&t);
        for (uint32_t i = 0; i < counts[k]; i++) {
            snprintf(host, sizeof host, "%u.name-%u.test", (unsigned)i, (unsigned)i);
            snprintf(rule, sizeof rule, "n%u", (unsigned)i);
            put_route(&t, "ns", rule, host);
            put(&t, "  - name: %s\n", rule);
        }
        table_end(&t);
        for (uint32_t i = 0; i < counts[k]; i++) {
            snprintf(host, sizeof host, "%u.NAME-%u.Test", (unsigned)i, (unsigned)i);
            snprintf(rule, sizeof rule, "n%u", (unsigned)i);
            gwapi_request request = get(host, "/");
            expect(&t, &request, rule);
        }
        table_free(&t);
    }
}

static void expect_paths(const table *t, const char *const cases[][2], size_t count)
{
    for (size_t i = 0; i < count; i++) {
        gwapi_request request = get("x.test", cases[i][0]);
        expect(t, &request, cases[i][1]);
    }
}
#define EXPECT_PATHS(t, cases) expect_paths(t, cases, sizeof(cases) / sizeof *(cases))

/* CVE-2026-27587 (Caddy): a path with "%xx" took a branch that compared in another way. */
Test(match_cve, cve_2026_27587_paths_with_escapes_are_compared_as_all_others)
{
    static const char *const cases[][2] = {{"/Admin", "adm"},
                                           {"/admin", "404NoRoute"},
                                           {"/Admin/%41", "adm"},
                                           {"/admin/%41", "404NoRoute"},
                                           {"/%41dmin", "404NoRoute"}};
    table t;

    table_begin(&t);
    put_route(&t, "ns", "r", "x.test");
    put(&t, "  - name: adm\n    matches: [{path: {value: /Admin}}]\n");
    table_end(&t);
    EXPECT_PATHS(&t, cases);
    table_free(&t);
}

/* ---- keys -------------------------------------------------------------------------------- */

/* GHSA of Traefik's Gateway provider, 2026: names joined with "-" let one tenant take another's
 * traffic. "a-b"/"c" and "a"/"b-c" are two routes, with two sets of backends. */
Test(match_cve, traefik_2026_names_that_hold_the_separator_are_told_apart)
{
    static const char *const owners[][3] = {
        {"a-b", "c", "1.test"}, {"a", "b-c", "2.test"}, {"a-b-c", "d", "3.test"}};
    table t;

    table_begin(&t);
    for (size_t i = 0; i < 3; i++) {
        put_route(&t, owners[i][0], owners[i][1], owners[i][2]);
        put(&t, "  - name: one\n    backendRefs: [{name: s-%s, port: 80}]\n", owners[i][1]);
    }
    table_end(&t);
    for (size_t i = 0; i < 3; i++) {
        gwapi_request request = get(owners[i][2], "/");
        gwapi_decision d = ask_at(&t, 80, "", &request);
        gwapi_route_info route = {.struct_size = sizeof route};
        gwapi_backend_info backend = {.struct_size = sizeof backend};
        char name[16];
        snprintf(name, sizeof name, "s-%s", owners[i][1]);
        cr_assert_eq(gwapi_snapshot_route_at(t.snapshot, d.route, &route), GWAPI_OK);
        cr_assert_eq(gwapi_decision_backend_at(&d, 0, &backend), GWAPI_OK);
        cr_expect(gwapi__str_eq(route.namespace_, gwapi__str_of(owners[i][0])));
        cr_expect(gwapi__str_eq(route.name, gwapi__str_of(owners[i][1])));
        cr_expect(gwapi__str_eq(backend.namespace_, gwapi__str_of(owners[i][0])));
        cr_expect(gwapi__str_eq(backend.name, gwapi__str_of(name)));
    }
    table_free(&t);
}

/* CVE-2026-54765 (Traefik): two routes to one backend shared its filters. */
Test(match_cve, cve_2026_54765_filters_of_a_backend_are_those_of_its_own_backendref)
{
    static const char *const hosts[] = {"1.test", "2.test", "3.test"};
    table t;

    table_begin(&t);
    for (int i = 0; i < 3; i++) {
        put_route(&t, "ns", hosts[i], hosts[i]);
        put(&t, "  - name: one\n    backendRefs: [{name: s, port: 80");
        if (i != 2)
            put(&t,
                ", filters: [{type: RequestHeaderModifier, requestHeaderModifier: "
                "{set: [{name: tenant, value: \"%d\"}]}}]",
                i);
        put(&t, "}]\n");
    }
    table_end(&t);
    for (int i = 0; i < 3; i++) {
        gwapi_request request = get(hosts[i], "/");
        gwapi_decision d = ask_at(&t, 80, "", &request);
        gwapi_header_op ops[2];
        size_t count = 0;
        cr_assert_eq(
            gwapi_decision_header_ops(&d, &request, 0, GWAPI_HEADERS_REQUEST, ops, 2, &count),
            GWAPI_OK);
        cr_assert_eq(count, i != 2, "%s", hosts[i]);
        if (i != 2)
            cr_expect_eq(ops[0].value.data[0], '0' + i, "%s", hosts[i]);
    }
    table_free(&t);
}

/* ---- paths ------------------------------------------------------------------------------- */

static void make_admin(table *t)
{
    table_begin(t);
    put_route(t, "ns", "r", "x.test");
    put(t, "  - name: admin\n    matches: [{path: {value: /admin}}]\n");
    put(t, "  - name: all\n");
    table_end(t);
}

typedef struct way {
    const char *path, *raw, *reject, *normalize;
} way;

/* What takes a path under each policy. */
static void check_ways(const table *t, const way *ways, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        gwapi_request request = get("x.test", ways[i].path);
        expect(t, &request, ways[i].raw);
        request.path_policy = GWAPI_PATH_REJECT;
        expect(t, &request, ways[i].reject);
        request.path_policy = GWAPI_PATH_NORMALIZE;
        expect(t, &request, ways[i].normalize);
    }
}

#define REFUSED "400PathRefused"

/* CVE-2019-9901 (Envoy), CVE-2021-31920 (Istio), CVE-2025-32431 (Traefik), CVE-2026-42274
 * (heimdall): dot segments led past a rule for a path. */
Test(match_cve, cve_2019_9901_cve_2021_31920_cve_2025_32431_cve_2026_42274_dot_segments)
{
    static const way ways[] = {{"/x/../admin", "all", REFUSED, "admin"},
                               {"/./admin", "all", REFUSED, "admin"},
                               {"/x/%2e%2e/admin", "all", REFUSED, "admin"},
                               {"/x/.%2E/admin", "all", REFUSED, "admin"},
                               {"/%61dmin", "all", REFUSED, "admin"},
                               {"/admin/../x", "admin", REFUSED, "all"},
                               {"/admin/..", "admin", REFUSED, "all"},
                               {"/admin", "admin", "admin", "admin"}};
    table t;

    make_admin(&t);
    check_ways(&t, ways, sizeof ways / sizeof *ways);
    table_free(&t);
}

/* CVE-2021-29492 (Envoy): "%2F" is no separator; merged slashes. */
Test(match_cve, cve_2021_29492_escaped_slashes_stay_and_slashes_merge)
{
    static const way ways[] = {{"/admin%2Fx", "all", "all", "all"},
                               {"/x%2F..%2Fadmin", "all", "all", "all"},
                               {"/admin%2fx", "all", REFUSED, "all"},
                               {"//admin", "all", REFUSED, "admin"},
                               {"/admin//x", "admin", REFUSED, "admin"}};
    table t;

    make_admin(&t);
    check_ways(&t, ways, sizeof ways / sizeof *ways);
    table_free(&t);
}

/* gravitee 19166: parameters of segments are part of them. */
Test(match_cve, gravitee_19166_dots_with_parameters_are_no_dot_segments)
{
    static const way ways[] = {{"/x/..;x=1/admin", "all", "all", "all"},
                               {"/admin;x=1", "all", "all", "all"}};
    table t;

    make_admin(&t);
    check_ways(&t, ways, sizeof ways / sizeof *ways);
    table_free(&t);
}

/* The other side: names with "%2F" in them reach the backend as they are (RabbitMQ's queues).
 */
Test(match_cve, rabbitmq_escaped_slashes_are_forwarded_as_received)
{
    static const gwapi_path_policy policies[] = {GWAPI_PATH_RAW, GWAPI_PATH_REJECT,
                                                 GWAPI_PATH_NORMALIZE};
    table t;

    make_admin(&t);
    for (size_t i = 0; i < 3; i++) {
        gwapi_request request = get("x.test", "/api/queues/%2F/q?x=%2f");
        char path[64];
        size_t n = 0;
        request.path_policy = policies[i];
        gwapi_decision d = ask_at(&t, 80, "", &request);
        cr_assert_eq(gwapi_decision_path(&d, &request, GWAPI_NONE, path, sizeof path, &n),
                     GWAPI_OK);
        cr_expect(gwapi__str_eq(gwapi__str(path, n), request.path), "%.*s", (int)n, path);
    }
    table_free(&t);
}

/* CVE-2026-67309, GHSA-xf64-8mw2-4gr2 (Traefik's StripPrefix): a rewrite made a path that a
 * policy would have refused. */
Test(match_cve, cve_2026_67309_the_path_is_checked_again_after_a_rewrite)
{
    gwapi_request request = get("x.test", "/strip");
    char path[64];
    size_t n = 0;
    table t;

    table_begin(&t);
    put_route(&t, "ns", "r", "x.test");
    put(&t, "  - name: strip\n    matches: [{path: {value: /strip}}]\n"
            "    filters: [{type: URLRewrite, urlRewrite: {path: {type: ReplacePrefixMatch, "
            "replacePrefixMatch: /a/../admin}}}]\n"
            "    backendRefs: [{name: s, port: 80}]\n");
    put(&t, "  - name: plain\n    matches: [{path: {value: /plain}}]\n"
            "    filters: [{type: URLRewrite, urlRewrite: {path: {type: ReplacePrefixMatch, "
            "replacePrefixMatch: /}}}]\n"
            "    backendRefs: [{name: s, port: 80}]\n");
    table_end(&t);
    request.path_policy = GWAPI_PATH_REJECT;
    gwapi_decision d = ask_at(&t, 80, "", &request);
    cr_expect_eq(d.outcome, GWAPI_OUTCOME_RESPOND);
    cr_expect_eq(d.status, 400);
    cr_expect_eq(gwapi_decision_path(&d, &request, GWAPI_NONE, path, sizeof path, &n),
                 GWAPI_EINVALID);
    request.path_policy = GWAPI_PATH_NORMALIZE;
    d = ask_at(&t, 80, "", &request);
    cr_assert_eq(gwapi_decision_path(&d, &request, GWAPI_NONE, path, sizeof path, &n),
                 GWAPI_OK);
    cr_expect(gwapi__str_eq(gwapi__str(path, n), GWAPI__STR("/admin")), "%.*s", (int)n, path);
    request.path = GWAPI__STR("/plain..");
    d = ask_at(&t, 80, "", &request);
    cr_expect_eq(d.status, 404, "a prefix ends with a segment");
    request.path = GWAPI__STR("/plain/..");
    request.path_policy = GWAPI_PATH_REJECT;
    expect(&t, &request, REFUSED);
    table_free(&t);
}

/* The class of CVE-2019-9901 and CVE-2025-32431, decoded one time too often: what comes out of
 * NORMALIZE must not be another path to whom decodes it. */
Test(match_cve, cve_2019_9901_decoding_makes_no_new_escape)
{
    static const char *const rows[][2] = {{"/x/%2%65%2%65/admin", "/x/%2%65%2%65/admin"},
                                          {"/x/%%32e%%32e/admin", "/x/%%32e%%32e/admin"},
                                          {"/x/%%32%65/%2%65", "/x/%%32e/%2%65"}};
    char once[64], twice[64];
    size_t n, m;

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        gwapi_str path = gwapi__str_of(rows[i][0]);
        cr_assert_eq(gwapi_path_check(GWAPI_PATH_NORMALIZE, path, once, sizeof once, &n, NULL),
                     GWAPI_OK);
        cr_expect(gwapi__str_eq(gwapi__str(once, n), gwapi__str_of(rows[i][1])), "%.*s", (int)n,
                  once);
        cr_assert_eq(gwapi_path_check(GWAPI_PATH_NORMALIZE, gwapi__str(once, n), twice,
                                      sizeof twice, &m, NULL),
                     GWAPI_OK);
        cr_expect(n == m && memcmp(once, twice, n) == 0, "%.*s", (int)m, twice);
        cr_expect_eq(gwapi_path_check(GWAPI_PATH_REJECT, path, once, sizeof once, &n, NULL),
                     GWAPI_EINVALID);
    }
}

/* CVE-2021-32779 (Envoy): "#fragment" was taken for a part of the path by some. */
Test(match_cve, cve_2021_32779_fragments_are_refused)
{
    static const way ways[] = {{"/admin#", "all", REFUSED, "all"},
                               {"/x#/../admin", "all", REFUSED, "admin"}};
    table t;

    make_admin(&t);
    check_ways(&t, ways, sizeof ways / sizeof *ways);
    table_free(&t);
}

/* CVE-2019-9900 (Envoy): a NUL ended the value for one of two readers. CVE-2023-27491: bytes
 * that have no place in a request line. */
Test(match_cve, cve_2019_9900_cve_2023_27491_nul_and_bad_bytes_are_bytes)
{
    static const gwapi_str bad[] = {GWAPI_STR_INIT("/admin\0x"), GWAPI_STR_INIT("/admin x"),
                                    GWAPI_STR_INIT("/admin\r\n"), GWAPI_STR_INIT("/admin\x7f"),
                                    GWAPI_STR_INIT("/admin\xff")};
    static const gwapi_header nul[] = {{GWAPI_STR_INIT("role"), GWAPI_STR_INIT("user\0x")}};
    gwapi_request request = get("x.test", "/");
    table t;

    table_begin(&t);
    put_route(&t, "ns", "r", "x.test");
    put(&t, "  - name: admin\n    matches: [{path: {type: Exact, value: /admin}}]\n");
    put(&t, "  - name: user\n    matches: [{headers: [{name: role, value: user}]}]\n");
    put(&t, "  - name: all\n");
    table_end(&t);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        request.path = bad[i];
        request.path_policy = GWAPI_PATH_RAW;
        expect(&t, &request, "all");
        request.path_policy = GWAPI_PATH_REJECT;
        expect(&t, &request, REFUSED);
    }
    request = get("x.test", "/");
    request.headers = nul;
    request.header_count = 1;
    expect(&t, &request, "all");
    request = get("x.test", "/");
    request.host = GWAPI__STR("x.test\0.evil.test");
    expect(&t, &request, "404NoRoute");
    table_free(&t);
}

/* ---- hosts and server names -------------------------------------------------------------- */

/* CVE-2021-39155 (Istio): upper case in a Host led past a policy. CVE-2026-53622 (Traefik): the
 * same for server names, and for wildcards. */
Test(match_cve, cve_2021_39155_cve_2026_53622_case_of_hosts_and_server_names)
{
    static const char *const names[] = {"x.secure.test", "X.secure.test", "x.SECURE.TEST",
                                        "x.secure.test.", "X.Secure.Test."};
    table t;

    table_begin(&t);
    put(&t, "  - {name: secure, port: 443, protocol: HTTPS, hostname: \"*.secure.test\", tls: "
            "{certificateRefs: [{name: d}]}, allowedRoutes: {namespaces: {from: All}}}\n");
    put_route(&t, "ns", "r", "\"*.secure.test\"");
    put(&t, "  - name: secure\n");
    table_end(&t);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        for (size_t k = 0; k < sizeof names / sizeof *names; k++) {
            gwapi_request request = get(names[k], "/");
            gwapi_listener_info listener = {.struct_size = sizeof listener};
            gwapi_decision d = ask_at(&t, 443, names[i], &request);
            cr_assert_eq(gwapi_snapshot_listener_at(t.snapshot, d.listener, &listener),
                         GWAPI_OK);
            cr_expect(gwapi__str_eq(listener.name, GWAPI__STR("secure")), "%s", names[i]);
            cr_expect_str_eq(rule_of(&d), "secure", "%s %s", names[i], names[k]);
        }
    table_free(&t);
}

static void make_two_names(table *t)
{
    table_begin(t);
    put(t, "  - {name: wild, port: 443, protocol: HTTPS, hostname: \"*.a.test\", tls: "
           "{certificateRefs: [{name: d}]}, allowedRoutes: {namespaces: {from: All}}}\n"
           "  - {name: mtls, port: 443, protocol: HTTPS, hostname: m.a.test, tls: "
           "{certificateRefs: [{name: d}]}, allowedRoutes: {namespaces: {from: All}}}\n"
           "  - {name: only, port: 8443, protocol: HTTPS, hostname: o.a.test, tls: "
           "{certificateRefs: [{name: d}]}, allowedRoutes: {namespaces: {from: All}}}\n");
    put_route(t, "ns", "r", "\"*.a.test\"");
    put(t, "  - name: one\n");
    table_end(t);
}

/* CVE-2026-48491 (Traefik): under a wildcard's TLS policy the Host of another was served.
 * GEP-3567: a reused connection is told so. */
Test(match_cve, cve_2026_48491_gep_3567_a_host_of_another_listener_is_misdirected)
{
    static const char *const cases[][3] = {{"x.a.test", "m.a.test", "421Misdirected"},
                                           {"x.a.test", "M.A.test:443", "421Misdirected"},
                                           {"m.a.test", "x.a.test", "421Misdirected"},
                                           {"other.test", "m.a.test", "421Misdirected"},
                                           {"", "m.a.test", "421Misdirected"},
                                           {"x.a.test", "other.test", "421Misdirected"},
                                           {"x.a.test", "y.a.test", "one"},
                                           {"m.a.test", "m.a.test", "one"},
                                           {"other.test", "else.test", "404NoRoute"}};
    table t;

    make_two_names(&t);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        gwapi_request request = get(cases[i][1], "/");
        gwapi_decision d = ask_at(&t, 443, cases[i][0], &request);
        cr_expect_str_eq(rule_of(&d), cases[i][2], "%s asks for %s: %s", cases[i][0],
                         cases[i][1], rule_of(&d));
    }
    table_free(&t);
}

/* CVE-2026-32305 (Traefik): without a server name that could be read, a default policy took the
 * connection. */
Test(match_cve, cve_2026_32305_unknown_or_absent_server_names_get_no_other_policy)
{
    static const char *const unknown[] = {"", "x.a.test", "a.test", "o.a.test.evil",
                                          "o.a.test\n"};
    gwapi_request request = get("o.a.test", "/");
    table t;

    make_two_names(&t);
    for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++) {
        gwapi_decision d = ask_at(&t, 8443, unknown[i], &request);
        cr_expect_eq(d.outcome, GWAPI_OUTCOME_NONE, "%s", unknown[i]);
        cr_expect_eq(d.listener, GWAPI_NONE, "%s", unknown[i]);
    }
    gwapi_decision d = ask_at(&t, 8443, "o.a.test", &request);
    cr_expect_str_eq(rule_of(&d), "one");
    table_free(&t);
}

/* ---- headers ----------------------------------------------------------------------------- */

static void make_roles(table *t)
{
    table_begin(t);
    put_route(t, "ns", "r", "x.test");
    put(t,
        "  - name: both\n    matches: [{headers: [{name: x-role, value: \"user,admin\"}]}]\n");
    put(t, "  - name: user\n    matches: [{headers: [{name: x-role, value: user}]}]\n");
    put(t,
        "  - name: letters\n    matches: [{headers: [{name: x-role, type: RegularExpression, "
        "value: \"[a-z]+\"}]}]\n");
    put(t, "  - name: all\n");
    table_end(t);
}

static void expect_headers(const table *t, const char *const (*given)[2], size_t count,
                           const char *rule)
{
    gwapi_request request = get("x.test", "/");
    gwapi_header headers[4];

    for (size_t i = 0; i < count; i++)
        headers[i] = (gwapi_header){gwapi__str_of(given[i][0]), gwapi__str_of(given[i][1])};
    request.headers = headers;
    request.header_count = count;
    expect(t, &request, rule);
}

/* CVE-2026-31838 and CVE-2026-26308 (Envoy's RBAC, Istio): only the first of repeated values
 * was looked at. All of them are one value. */
Test(match_cve, cve_2026_31838_cve_2026_26308_repeated_headers_are_one_value)
{
    static const char *const one[][2] = {{"X-Role", " user "}};
    static const char *const two[][2] = {{"x-role", "user"}, {"X-ROLE", "admin"}};
    static const char *const turned[][2] = {
        {"x-role", "admin"}, {"y", "1"}, {"x-role", "user"}};
    static const char *const joined[][2] = {{"x-role", "user,admin"}};
    static const char *const empty[][2] = {{"x-role", "user"}, {"x-role", ""}};
    table t;

    make_roles(&t);
    expect_headers(&t, one, 1, "user");
    expect_headers(&t, two, 2, "both");
    expect_headers(&t, turned, 3, "all");
    expect_headers(&t, joined, 1, "both");
    expect_headers(&t, empty, 2, "all");
    table_free(&t);
}

/* "_" taken for "-", empty names: what CGI and others make of names is not done here. */
Test(match_cve, weird_proxies_header_names_are_compared_as_they_are)
{
    static const char *const underscore[][2] = {{"x_role", "user"}};
    static const char *const blank[][2] = {{"x-role ", "user"}};
    static const char *const nameless[][2] = {{"", "user"}, {"x-role", "user"}};
    static const char *const longer[][2] = {{"x-role-", "user"}, {"xx-role", "user"}};
    table t;

    make_roles(&t);
    expect_headers(&t, underscore, 1, "all");
    expect_headers(&t, blank, 1, "all");
    expect_headers(&t, nameless, 2, "user");
    expect_headers(&t, longer, 2, "all");
    table_free(&t);
}

/* ---- regular expressions ----------------------------------------------------------------- */

/* CVE-2026-4923 and CVE-2026-4926 (path-to-regexp), gixy 20, envoy 20147: patterns that cost
 * more than a request may. The limit is an answer, never a weaker rule. */
Test(match_cve, cve_2026_4923_cve_2026_4926_patterns_cannot_be_made_to_hang)
{
    static char path[4096];
    gwapi_request request = get("x.test", path);
    table t;

    table_begin(&t);
    put_route(&t, "ns", "r", "x.test");
    put(&t, "  - name: nested\n    matches: [{path: {type: RegularExpression, value: "
            "\"/(a+)+(a+)+(a|aa)+b\"}}]\n");
    put(&t, "  - name: weak\n");
    table_end(&t);
    memset(path, 'a', sizeof path);
    path[0] = '/';
    request.path = gwapi__str(path, 24);
    expect(&t, &request, "weak");
    request.path = gwapi__str(path, sizeof path);
    gwapi_decision d = ask_at(&t, 80, "", &request);
    cr_expect(strcmp(rule_of(&d), "weak") == 0 || strcmp(rule_of(&d), "500MatchLimit") == 0,
              "%s", rule_of(&d));
    path[sizeof path - 1] = 'b';
    d = ask_at(&t, 80, "", &request);
    cr_expect(strcmp(rule_of(&d), "nested") == 0 || strcmp(rule_of(&d), "500MatchLimit") == 0,
              "%s", rule_of(&d));
    table_free(&t);
}

/* A pattern matches the whole of a path, not a part that an attacker may surround. */
Test(match_cve, gixy_20_patterns_are_anchored)
{
    static const char *const cases[][2] = {{"/v1/x", "api"},
                                           {"/x/v1/x", "404NoRoute"},
                                           {"/v1/x\n", "404NoRoute"},
                                           {"/v1/x/y", "404NoRoute"}};
    table t;

    table_begin(&t);
    put_route(&t, "ns", "r", "x.test");
    put(&t, "  - name: api\n    matches: [{path: {type: RegularExpression, value: "
            "\"/v1/[^/]*x|/v2\"}}]\n");
    table_end(&t);
    EXPECT_PATHS(&t, cases);
    table_free(&t);
}

/* ---- order ------------------------------------------------------------------------------- */

/* cilium 48367: which of two equal routes won was a matter of chance. */
Test(match_cve, cilium_48367_equal_routes_have_an_order_that_no_input_order_changes)
{
    static const char *const names[] = {"c", "a", "b"};
    const void *bytes[2];
    size_t sizes[2];
    table t[2];

    for (int k = 0; k < 2; k++) {
        table_begin(&t[k]);
        for (int i = 0; i < 3; i++) {
            const char *name = names[k == 0 ? i : 2 - i];
            put_route(&t[k], "ns", name, "x.test");
            put(&t[k], "  - name: %s\n", name);
        }
        table_end(&t[k]);
        gwapi_request request = get("x.test", "/");
        expect(&t[k], &request, "a");
        bytes[k] = gwapi_snapshot_bytes(t[k].snapshot, &sizes[k]);
    }
    cr_assert_eq(sizes[0], sizes[1]);
    cr_expect_eq(memcmp(bytes[0], bytes[1], sizes[0]), 0);
    for (int k = 0; k < 2; k++)
        table_free(&t[k]);
}
