#include "model/support.h"

#define META "apiVersion: v\nkind: k\nmetadata: {name: it, namespace: ns}\n"

static gwapi__resource *http(const char *text)
{
    return test_decode(text, GWAPI__KIND_HTTP_ROUTE, NULL);
}

Test(model_route, parents_and_hostnames)
{
    gwapi__resource *r =
        http(META "spec:\n  useDefaultGateways: All\n  hostnames: [a.b, '*.c']\n"
                  "  parentRefs: [{name: gw}, {group: '', kind: Service, name: s, port: 80},"
                  " {namespace: x, name: w, sectionName: z}, {name: [1]}]\n");
    const gwapi__route *route = r->as.route;

    cr_assert(route->use_default_gateways);
    cr_assert_eq(route->hostnames.count, 2);
    ASSERT_STR(route->hostnames.items[1], "*.c");
    cr_assert_eq(route->parent_count, 3);
    cr_assert_eq(route->parents[0].ref.known, GWAPI__KIND_GATEWAY);
    ASSERT_ABSENT(route->parents[0].ref.namespace_);
    cr_assert_eq(route->parents[1].ref.known, GWAPI__KIND_SERVICE);
    cr_assert_eq(route->parents[1].port, 80);
    ASSERT_STR(route->parents[2].section_name, "z");
    gwapi__resource_release(r);
}

Test(model_route, rules_and_matches_that_are_not_written)
{
    static const struct {
        const char *spec;
        size_t rules, matches;
    } rows[] = {
        {"{}", 1, 1},
        {"{rules: null}", 1, 1},
        {"{rules: []}", 0, 0},
        {"{rules: [{}]}", 1, 1},
        {"{rules: [{matches: []}]}", 1, 1},
        {"{rules: [{matches: [{}, {method: GET}]}]}", 1, 2},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[256];
        snprintf(text, sizeof text, META "spec: %s\n", rows[i].spec);
        gwapi__resource *r = http(text);
        cr_assert_eq(r->as.route->rule_count, rows[i].rules, "row %zu", i);
        if (rows[i].rules != 0) {
            const gwapi__rule *rule = r->as.route->rules;
            cr_expect_eq(rule->match_count, rows[i].matches, "row %zu", i);
            cr_expect_eq(rule->matches[0].path_type, GWAPI__MATCH_PREFIX, "row %zu", i);
            ASSERT_STR(rule->matches[0].path, "/");
        }
        gwapi__resource_release(r);
    }
}

Test(model_route, http_matches)
{
    gwapi__resource *r = http(
        META
        "spec:\n  rules:\n  - name: r\n    matches:\n"
        "    - path: {type: Exact, value: /a}\n      method: PATCH\n"
        "      headers: [{name: H, value: v}, {type: RegularExpression, name: I, value: .*},"
        " {type: Glob, name: J, value: j}]\n"
        "      queryParams: [{name: q, value: ''}]\n"
        "    - {path: {value: /b}}\n"
        "    - {path: {type: RegularExpression, value: '/x.*'}, method: BREW}\n"
        "    - {path: {type: Suffix, value: /s}}\n");
    const gwapi__rule *rule = r->as.route->rules;
    const gwapi__route_match *m = rule->matches;

    ASSERT_STR(rule->name, "r");
    cr_assert_eq(rule->match_count, 4);
    cr_assert_eq(m[0].path_type, GWAPI__MATCH_EXACT);
    ASSERT_STR(m[0].path, "/a");
    ASSERT_STR(m[0].method, "PATCH");
    cr_assert(m[0].method_known);
    cr_assert_eq(m[0].header_count, 3);
    cr_assert_eq(m[0].headers[0].type, GWAPI__MATCH_EXACT);
    cr_assert_eq(m[0].headers[1].type, GWAPI__MATCH_REGEX);
    cr_assert_eq(m[0].headers[2].type, GWAPI__MATCH_UNKNOWN);
    cr_assert_eq(m[0].query_count, 1);
    ASSERT_STR(m[0].query[0].value, "");
    cr_assert_eq(m[1].path_type, GWAPI__MATCH_PREFIX);
    ASSERT_ABSENT(m[1].method);
    cr_assert_eq(m[2].path_type, GWAPI__MATCH_REGEX);
    ASSERT_STR(m[2].method, "BREW");
    cr_assert_not(m[2].method_known);
    cr_assert_eq(m[3].path_type, GWAPI__MATCH_UNKNOWN);
    cr_assert_null(m[3].grpc);
    cr_assert_not(rule->undecodable, "an unknown value is the resolver's to answer");
    gwapi__resource_release(r);
}

Test(model_route, http_timeouts_retry_and_sessions)
{
    gwapi__resource *r = http(
        META "spec:\n  rules:\n  - timeouts: {request: 10s, backendRequest: 0s}\n"
             "    retry: {codes: [500, 503], attempts: 3, backoff: 100ms}\n"
             "    sessionPersistence: {sessionName: s, absoluteTimeout: 1h, idleTimeout: 1m,"
             " type: Header, cookieConfig: {lifetimeType: Permanent}}\n"
             "  - retry: {attempts: 1e30}\n");
    const gwapi__rule *rule = r->as.route->rules;

    cr_assert(rule->timeouts->request.present);
    cr_assert_eq(rule->timeouts->request.milliseconds, 10000);
    cr_assert(rule->timeouts->backend.present);
    cr_assert_eq(rule->timeouts->backend.milliseconds, 0);
    cr_assert_not_null(rule->retry);
    cr_assert_eq(rule->retry->code_count, 2);
    cr_assert_eq(rule->retry->codes[1], 503);
    cr_assert(rule->retry->has_attempts);
    cr_assert_eq(rule->retry->attempts, 3);
    cr_assert_eq(rule->retry->backoff.milliseconds, 100);
    cr_assert_not_null(rule->session);
    ASSERT_STR(rule->session->name, "s");
    cr_assert_eq(rule->session->type, GWAPI__SESSION_HEADER);
    cr_assert_eq(rule->session->lifetime, GWAPI__LIFETIME_PERMANENT);
    cr_assert_eq(rule->session->absolute_timeout.milliseconds, 3600000);
    cr_assert_eq(rule->session->idle_timeout.milliseconds, 60000);
    cr_assert_null(rule[1].timeouts);
    cr_assert_eq(rule[1].retry->attempts, INT64_MAX,
                 "without a bound, what does not fit is cut");
    cr_assert_null(rule[1].session);
    gwapi__resource_release(r);
}

Test(model_route, backends)
{
    gwapi__resource *r =
        http(META "spec:\n  rules:\n  - backendRefs:\n    - {name: a, port: 80}\n"
                  "    - {group: g, kind: K, namespace: x, name: b, weight: 0, filters:"
                  " [{type: RequestHeaderModifier, requestHeaderModifier: {remove: [h]}}]}\n");
    const gwapi__backend_ref *b = r->as.route->rules->backends;

    cr_assert_eq(r->as.route->rules->backend_count, 2);
    cr_assert_eq(b[0].backend.ref.known, GWAPI__KIND_SERVICE);
    cr_assert_eq(b[0].backend.port, 80);
    cr_assert_eq(b[0].weight, 1);
    ASSERT_STR(b[1].backend.ref.namespace_, "x");
    cr_assert_eq(b[1].backend.port, 0);
    cr_assert_eq(b[1].weight, 0);
    cr_assert_eq(b[1].filter_count, 1);
    ASSERT_STR(b[1].filters[0].as.headers.remove.items[0], "h");
    gwapi__resource_release(r);
}

Test(model_route, filters)
{
    gwapi__resource *r = http(
        META
        "spec:\n  rules:\n  - filters:\n"
        "    - {type: RequestHeaderModifier, requestHeaderModifier: {set: [{name: a,"
        " value: b}], add: [{name: c, value: d}], remove: [e, f]}}\n"
        "    - {type: ResponseHeaderModifier, responseHeaderModifier: {}}\n"
        "    - {type: RequestMirror, requestMirror: {backendRef: {name: m, port: 1}}}\n"
        "    - {type: RequestMirror, requestMirror: {backendRef: {name: m}, percent: 42}}\n"
        "    - {type: RequestMirror, requestMirror: {backendRef: {name: m},"
        " fraction: {numerator: 1, denominator: 10}}}\n"
        "    - {type: RequestMirror, requestMirror: {backendRef: {name: m},"
        " fraction: {numerator: 3}}}\n"
        "    - {type: RequestRedirect, requestRedirect: {scheme: https, hostname: h, port: "
        "8443,"
        " statusCode: 301, path: {type: ReplaceFullPath, replaceFullPath: /x}}}\n"
        "    - {type: RequestRedirect, requestRedirect: {}}\n"
        "    - {type: URLRewrite, urlRewrite: {hostname: w, path: {type: ReplacePrefixMatch,"
        " replacePrefixMatch: ''}}}\n"
        "    - {type: ExtensionRef, extensionRef: {group: g, kind: K, name: e}}\n");
    const gwapi__rule *rule = r->as.route->rules;
    const gwapi__filter *f = rule->filters;

    cr_assert_eq(rule->filter_count, 10);
    cr_assert_not(rule->undecodable);
    cr_assert_eq(f[0].type, GWAPI__FILTER_REQUEST_HEADERS);
    ASSERT_STR(f[0].type_text, "RequestHeaderModifier");
    ASSERT_STR(f[0].as.headers.set.items[0].key, "a");
    ASSERT_STR(f[0].as.headers.add.items[0].value, "d");
    cr_assert_eq(f[0].as.headers.remove.count, 2);
    cr_assert_eq(f[1].type, GWAPI__FILTER_RESPONSE_HEADERS);
    cr_assert_eq(f[2].as.mirror.backend.port, 1);
    cr_assert_eq(f[2].as.mirror.numerator, 1);
    cr_assert_eq(f[2].as.mirror.denominator, 1);
    cr_assert_eq(f[3].as.mirror.numerator, 42);
    cr_assert_eq(f[3].as.mirror.denominator, 100);
    cr_assert_eq(f[4].as.mirror.numerator, 1);
    cr_assert_eq(f[4].as.mirror.denominator, 10);
    cr_assert_eq(f[5].as.mirror.numerator, 3);
    cr_assert_eq(f[5].as.mirror.denominator, 100);
    ASSERT_STR(f[6].as.redirect.scheme, "https");
    ASSERT_STR(f[6].as.redirect.hostname, "h");
    cr_assert_eq(f[6].as.redirect.port, 8443);
    cr_assert_eq(f[6].as.redirect.status, 301);
    cr_assert_eq(f[6].as.redirect.path.type, GWAPI__PATH_REPLACE_FULL);
    ASSERT_STR(f[6].as.redirect.path.value, "/x");
    ASSERT_ABSENT(f[7].as.redirect.scheme);
    cr_assert_eq(f[7].as.redirect.status, 302);
    cr_assert_eq(f[7].as.redirect.path.type, GWAPI__PATH_KEEP);
    ASSERT_STR(f[8].as.rewrite.hostname, "w");
    cr_assert_eq(f[8].as.rewrite.path.type, GWAPI__PATH_REPLACE_PREFIX);
    ASSERT_STR(f[8].as.rewrite.path.value, "");
    ASSERT_STR(f[9].as.extension.kind, "K");
    gwapi__resource_release(r);
}

Test(model_route, filters_of_the_experimental_channel)
{
    gwapi__resource *r = http(
        META
        "spec:\n  rules:\n  - filters:\n"
        "    - {type: CORS, cors: {allowOrigins: ['https://a'], allowMethods: [GET, '*'],"
        " allowHeaders: [x], exposeHeaders: [v, z], allowCredentials: true}}\n"
        "    - {type: CORS, cors: {maxAge: 9}}\n"
        "    - {type: ExternalAuth, externalAuth: {protocol: HTTP, backendRef: {name: a},"
        " http: {path: /p, allowedHeaders: [h], allowedResponseHeaders: [r]},"
        " grpc: {allowedHeaders: [no]}, forwardBody: {maxSize: 10}}}\n"
        "    - {type: ExternalAuth, externalAuth: {protocol: GRPC, backendRef: {name: a},"
        " http: {path: /p}, grpc: {allowedHeaders: [g]}, forwardBody: {}}}\n"
        "    - {type: ExternalAuth, externalAuth: {protocol: SOAP, backendRef: {name: a}}}\n");
    const gwapi__filter *f = r->as.route->rules->filters;

    cr_assert_eq(f[0].type, GWAPI__FILTER_CORS);
    ASSERT_STR(f[0].as.cors.allow_origins.items[0], "https://a");
    cr_assert_eq(f[0].as.cors.allow_methods.count, 2);
    cr_assert_eq(f[0].as.cors.allow_headers.count, 1);
    cr_assert_eq(f[0].as.cors.expose_headers.count, 2);
    cr_assert(f[0].as.cors.allow_credentials);
    cr_assert_eq(f[0].as.cors.max_age, 5);
    cr_assert_eq(f[1].as.cors.max_age, 9);
    cr_assert_eq(f[2].as.auth.protocol, GWAPI__AUTH_HTTP);
    ASSERT_STR(f[2].as.auth.path, "/p");
    ASSERT_STR(f[2].as.auth.allowed_headers.items[0], "h");
    cr_assert_eq(f[2].as.auth.allowed_response_headers.count, 1);
    cr_assert(f[2].as.auth.has_forward_body);
    cr_assert_eq(f[2].as.auth.max_size, 10);
    cr_assert_eq(f[2].as.auth.backend.ref.known, GWAPI__KIND_SERVICE);
    cr_assert_eq(f[3].as.auth.protocol, GWAPI__AUTH_GRPC);
    ASSERT_ABSENT(f[3].as.auth.path);
    ASSERT_STR(f[3].as.auth.allowed_headers.items[0], "g");
    cr_assert_eq(f[3].as.auth.max_size, 0);
    cr_assert_eq(f[4].as.auth.protocol, GWAPI__AUTH_UNKNOWN);
    gwapi__resource_release(r);
}

Test(model_route, an_undecodable_part_spoils_its_rule_alone)
{
    static const struct {
        const char *rule, *problem;
    } rows[] = {
        {"{name: 3}", "name: cannot be decoded: it must be a string, not of type integer"},
        {"{matches: {}}", "matches: cannot be decoded: it must be a list, not of type object"},
        {"{matches: [{path: [/]}]}",
         "matches[0].path: cannot be decoded: it must be an object, not of type array"},
        {"{matches: [null]}",
         "matches[0]: cannot be decoded: it must be an object, not of type null"},
        {"{backendRefs: [{name: a, port: x}]}",
         "backendRefs[0].port: cannot be decoded: it must be an integer, not of type string"},
        {"{backendRefs: [{name: a, weight: 1.5}]}",
         "backendRefs[0].weight: cannot be decoded: it must be an integer, not of type number"},
        {"{backendRefs: [{name: a, weight: 3000000000}]}",
         "backendRefs[0].weight: cannot be decoded: the number does not fit 32 bits"},
        {"{filters: [{type: URLRewrite}]}",
         "filters[0].urlRewrite: cannot be decoded: the type asks for it"},
        {"{filters: [{type: URLRewrite, urlRewrite: {path: {type: ReplaceFullPath,"
         " replacePrefixMatch: /}}}]}",
         "filters[0].urlRewrite.path.replaceFullPath: cannot be decoded: the type asks for it"},
        {"{filters: [{type: RequestMirror, requestMirror: {backendRef: {name: a},"
         " fraction: {numerator: 1, denominator: 0}}}]}",
         "filters[0].requestMirror.fraction: cannot be decoded: it is no fraction"},
        {"{filters: [{type: CORS, cors: {allowOrigins: [1]}}]}",
         "filters[0].cors.allowOrigins[0]: cannot be decoded: it must be a string, not of type "
         "integer"},
        {"{timeouts: {request: 1d}}",
         "timeouts.request: cannot be decoded: it is no duration such as 1h30m, 10s or 500ms"},
        {"{retry: {codes: [x]}}",
         "retry.codes: cannot be decoded: it must be an integer, not of type string"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[512], problem[512];
        test_problems p;
        test_problems_init(&p);
        snprintf(text, sizeof text, META "spec: {rules: [{name: good}, %s, {name: fine}]}\n",
                 rows[i].rule);
        snprintf(problem, sizeof problem, "spec.rules[1].%s\n", rows[i].problem);
        gwapi__resource *r = test_decode(text, GWAPI__KIND_HTTP_ROUTE, &p);
        const gwapi__route *route = r->as.route;
        cr_expect_eq(route->rule_count, 3, "row %zu", i);
        cr_expect_not(route->rules[0].undecodable, "row %zu", i);
        cr_expect(route->rules[1].undecodable, "row %zu", i);
        cr_expect_not(route->rules[2].undecodable, "row %zu", i);
        cr_expect_not(r->undecodable, "row %zu", i);
        ASSERT_STR(gwapi__text_str(&p.text), problem);
        gwapi__text_free(&p.text);
        gwapi__resource_release(r);
    }
}

Test(model_route, an_undecodable_part_outside_of_rules_spoils_the_route)
{
    static const char *const specs[] = {"{hostnames: 5, rules: [{}]}", "{hostnames: [1]}", "3"};

    for (size_t i = 0; i < sizeof specs / sizeof *specs; i++) {
        char text[256];
        snprintf(text, sizeof text, META "spec: %s\n", specs[i]);
        gwapi__resource *r = http(text);
        cr_expect(r->undecodable, "row %zu", i);
        cr_expect_eq(r->as.route->rule_count, 1, "row %zu", i);
        cr_expect(r->as.route->rules[0].undecodable, "row %zu", i);
        gwapi__resource_release(r);
    }
}

Test(model_route, grpc_matches_and_filters)
{
    gwapi__resource *r = test_decode(
        META "spec:\n  rules:\n  - matches:\n    - {method: {service: s, method: m}}\n"
             "    - {method: {type: RegularExpression, service: 's.*'}, headers: [{name: a,"
             " value: b}]}\n"
             "    - {}\n"
             "    filters: [{type: RequestMirror, requestMirror: {backendRef: {name: a}}},"
             " {type: URLRewrite, urlRewrite: {}}]\n"
             "    backendRefs: [{name: b, port: 1}]\n"
             "  - {}\n",
        GWAPI__KIND_GRPC_ROUTE, NULL);
    const gwapi__rule *rule = r->as.route->rules;
    const gwapi__route_match *m = rule->matches;

    cr_assert_eq(rule->match_count, 3);
    cr_assert_not_null(m[0].grpc);
    cr_assert_eq(m[0].grpc->type, GWAPI__MATCH_EXACT);
    ASSERT_STR(m[0].grpc->service, "s");
    ASSERT_STR(m[0].grpc->method, "m");
    cr_assert_eq(m[1].grpc->type, GWAPI__MATCH_REGEX);
    ASSERT_ABSENT(m[1].grpc->method);
    cr_assert_eq(m[1].header_count, 1);
    cr_assert_null(m[2].grpc);
    cr_assert_eq(rule->filters[0].type, GWAPI__FILTER_MIRROR);
    cr_assert_eq(rule->filters[1].type, GWAPI__FILTER_UNKNOWN);
    ASSERT_STR(rule->filters[1].type_text, "URLRewrite");
    cr_assert_eq(rule[1].match_count, 0, "a GRPCRoute's rule without matches has none");
    gwapi__resource_release(r);
    r = test_decode(META "spec: {}\n", GWAPI__KIND_GRPC_ROUTE, NULL);
    cr_assert_eq(r->as.route->rule_count, 0);
    gwapi__resource_release(r);
}

Test(model_route, routes_below_http)
{
    static const gwapi__resource_kind kinds[] = {GWAPI__KIND_TLS_ROUTE, GWAPI__KIND_TCP_ROUTE,
                                                 GWAPI__KIND_UDP_ROUTE};

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        gwapi__resource *r = test_decode(
            META "spec:\n  hostnames: [h]\n  parentRefs: [{name: g}]\n"
                 "  rules: [{name: r, backendRefs: [{name: a, port: 1, weight: 3}]}]\n",
            kinds[i], NULL);
        cr_assert_eq(r->kind, kinds[i]);
        cr_assert_eq(r->as.route->rules[0].backends[0].weight, 3);
        cr_assert_eq(r->as.route->rules[0].match_count, 0);
        cr_assert_eq(r->as.route->hostnames.count, 1);
        gwapi__resource_release(r);
    }
}
