/* What drawn rules do with requests, and drawn policies with backends. */
#include "match/drawn_parts.h"

static void put_modifier(drawn_table *t, const char *indent, const char *type,
                         const char *field)
{
    static const char *const names[] = {"x-a", "X-B", "x-c", "x-d"};
    uint32_t first = below(COUNT(names)), what = below(3);

    put(t, "%s- type: %s\n%s  %s:\n", indent, type, indent, field);
    if (what != 0)
        put(t, "%s    set: [{name: %s, value: \"s%u\"}]\n", indent, names[first],
            (unsigned)below(2));
    if (what != 1)
        put(t, "%s    add: [{name: %s, value: \"a%u\"}]\n", indent, names[(first + 1) % 4],
            (unsigned)below(2));
    if (rarely(2))
        put(t, "%s    remove: [%s]\n", indent, names[(first + 2) % 4]);
}

void drawn_modifiers(drawn_table *t, const char *indent, bool *any, uint32_t many)
{
    if (rarely(many)) {
        put(t, "%s%s", *any ? "" : indent, *any ? "" : "filters:\n");
        *any = true;
        put_modifier(t, indent, "RequestHeaderModifier", "requestHeaderModifier");
    }
    if (rarely(many)) {
        put(t, "%s%s", *any ? "" : indent, *any ? "" : "filters:\n");
        *any = true;
        put_modifier(t, indent, "ResponseHeaderModifier", "responseHeaderModifier");
    }
}

static void put_mirror(drawn_table *t, const char *indent)
{
    put(t, "%s- type: RequestMirror\n%s  requestMirror: {backendRef: {name: %s, port: 80}%s}\n",
        indent, indent, ONE_OF(((const char *[]){"t", "missing"})),
        ONE_OF(((const char *[]){"", ", percent: 50", ", percent: 0",
                                 ", fraction: {numerator: 1, denominator: 3}"})));
}

static void put_path_modifier(drawn_table *t, bool prefix)
{
    static const char *const to[] = {"/",    "/new",  "/new/", "",        "/n/w",
                                     "bare", "/n//w", "../up", "/%6e/./", "/a/.."};

    if (prefix && rarely(2))
        put(t, ", path: {type: ReplacePrefixMatch, replacePrefixMatch: \"%s\"}", ONE_OF(to));
    else if (rarely(2))
        put(t, ", path: {type: ReplaceFullPath, replaceFullPath: \"%s\"}", ONE_OF(to));
}

static void put_redirect(drawn_table *t, bool prefix)
{
    put(t, "    - type: RequestRedirect\n      requestRedirect: {statusCode: %s%s%s%s",
        rarely(2) ? "301" : "302",
        ONE_OF(((const char *[]){"", "", ", scheme: https", ", scheme: http"})),
        rarely(2) ? ", hostname: to.test" : "",
        ONE_OF(((const char *[]){"", "", ", port: 80", ", port: 443", ", port: 8080"})));
    put_path_modifier(t, prefix);
    put(t, "}\n");
}

static void put_rewrite(drawn_table *t, bool prefix)
{
    put(t, "    - type: URLRewrite\n      urlRewrite: {hostname: re.test");
    put_path_modifier(t, prefix);
    put(t, "}\n");
}

/* ---- CORS and external authorization ----------------------------------------------------- */

/* A member "name: [a, b]" of an object, or nothing for "". */
static void put_list(drawn_table *t, const char **comma, const char *name, const char *items)
{
    if (items[0] == '\0')
        return;
    put(t, "%s%s: [%s]", *comma, name, items);
    *comma = ", ";
}

/* Without what comes before and behind it in a list of filters. */
static void put_cors(drawn_table *t)
{
    static const char *const origins[] = {"'*'",
                                          "'https://a.test'",
                                          "'https://*.a.test', 'http://b.test:80'",
                                          "'http://*.a.test:8443', 'https://*.b.*.test'",
                                          "'HTTPS://A.test:443', 'x-y://a'",
                                          ""};
    static const char *const names[] = {"", "'*'", "X-A", "x-a, X-B", "'*', x-a"};
    const char *comma = ", ";

    put(t, "{type: CORS, cors: {allowCredentials: %s", rarely(2) ? "true" : "false");
    put_list(t, &comma, "allowOrigins", ONE_OF(origins));
    put_list(t, &comma, "allowMethods",
             ONE_OF(((const char *[]){"", "'*'", "GET", "PUT, GET", "OPTIONS"})));
    put_list(t, &comma, "allowHeaders", ONE_OF(names));
    put_list(t, &comma, "exposeHeaders", ONE_OF(names));
    put(t, "%s}}", rarely(2) ? ", maxAge: 70" : "");
}

static void put_auth(drawn_table *t)
{
    static const char *const names[] = {"", "X-A", "x-b, Authorization", "x-d, cookie, X-a"};
    static const char *const paths[] = {"", "/ask", "/ask/", "ask", "/a//b/../c", "/"};
    const char *path = ONE_OF(paths), *comma = "";
    bool http = rarely(2);

    put(t, "{type: ExternalAuth, externalAuth: {backendRef: {name: %s, port: %u}, ",
        rarely(8) ? "missing" : ONE_OF(((const char *[]){"s", "t"})), rarely(2) ? 80u : 81u);
    put(t, http ? "protocol: HTTP, http: {" : "protocol: GRPC, grpc: {");
    put_list(t, &comma, "allowedHeaders", ONE_OF(names));
    if (http)
        put_list(t, &comma, "allowedResponseHeaders", ONE_OF(names));
    if (http && path[0] != '\0')
        put(t, "%spath: '%s'", comma, path);
    put(t, "}%s}}",
        ONE_OF(((const char *[]){"", "", ", forwardBody: {}", ", forwardBody: {maxSize: 9}"})));
}

/* ---- backends ---------------------------------------------------------------------------- */

/* Each filter once, in any order. */
static void put_own_filters(drawn_table *t, bool grpc)
{
    uint32_t which = 1 + below(grpc ? 7 : 31), first = below(5);
    const char *comma = "";

    put(t, ", filters: [");
    for (uint32_t i = 0; i < 5; i++) {
        uint32_t bit = (first + i) % 5;
        if ((which >> bit & 1) == 0 || (bit > 2 && rarely(2)))
            continue;
        put(t, "%s", comma);
        comma = ", ";
        if (bit == 0)
            put(t, "{type: RequestHeaderModifier, requestHeaderModifier: {%s}}",
                ONE_OF(((const char *[]){"set: [{name: x-a, value: b}]",
                                         "add: [{name: X-A, value: b}]",
                                         "remove: [x-c], add: [{name: x-b, value: b}]"})));
        else if (bit == 1)
            put(t, "{type: ResponseHeaderModifier, responseHeaderModifier: {%s}}",
                ONE_OF(((const char *[]){"set: [{name: X-C, value: b}]", "remove: [x-a]",
                                         "add: [{name: vary, value: b}]"})));
        else if (bit == 2)
            put(t, "{type: RequestMirror, requestMirror: {backendRef: {name: t, port: 80}, "
                   "percent: 30}}");
        else if (bit == 3)
            put_cors(t);
        else
            put_auth(t);
    }
    put(t, "]");
}

void drawn_backends(drawn_table *t, bool grpc)
{
    static const char *const names[] = {"s", "t", "s", "t", "missing"};
    static const char *const weights[] = {"", "", ", weight: 0", ", weight: 3",
                                          ", weight: 1000000"};
    uint32_t count = rarely(8) ? 0 : 1 + below(3);

    if (count != 0)
        put(t, "    backendRefs:\n");
    for (uint32_t i = 0; i < count; i++) {
        put(t, "    - {name: %s, port: 80%s", ONE_OF(names), ONE_OF(weights));
        if (rarely(2))
            put_own_filters(t, grpc);
        put(t, "}\n");
    }
}

/* ---- rules ------------------------------------------------------------------------------- */

static void put_in_list(drawn_table *t, bool *any, void (*filter)(drawn_table *t))
{
    put(t, "%s    - ", *any ? "" : "    filters:\n");
    *any = true;
    filter(t);
    put(t, "\n");
}

static void put_session(drawn_table *t)
{
    put(t, "{%s%s}",
        ONE_OF(
            ((const char *[]){"type: Cookie", "type: Header", "sessionName: sid",
                              "sessionName: mid, type: Header",
                              "cookieConfig: {lifetimeType: Permanent}, absoluteTimeout: 9m"})),
        rarely(2) ? ", idleTimeout: 90s" : "");
}

/* Timeouts, retries, session persistence. */
static void put_options(drawn_table *t)
{
    if (rarely(4))
        put(t, "    timeouts: {request: %us, backendRequest: 0s}\n", (unsigned)below(4));
    else if (rarely(8))
        put(t, "    timeouts: {backendRequest: 1h2m3s4ms}\n");
    if (rarely(4))
        put(t, "    retry: {%s}\n",
            ONE_OF(((const char *[]){"", "attempts: 3", "codes: [503, 500], backoff: 250ms",
                                     "attempts: 0, codes: [400, 599]"})));
    if (rarely(4)) {
        put(t, "    sessionPersistence: ");
        put_session(t);
        put(t, "\n");
    }
}

void drawn_effects(drawn_table *t, bool prefix)
{
    bool any = false, cors_first = rarely(2), redirects = rarely(6);

    put_options(t);
    if (cors_first && rarely(4))
        put_in_list(t, &any, put_cors);
    drawn_modifiers(t, "    ", &any, redirects ? 3 : 5);
    if (rarely(5))
        put_in_list(t, &any, put_auth);
    if (!cors_first && rarely(4))
        put_in_list(t, &any, put_cors);
    if (redirects) {
        put(t, any ? "" : "    filters:\n");
        put_redirect(t, prefix);
        return;
    }
    for (uint32_t i = rarely(6) ? 1 + below(2) : 0; i != 0; i--, any = true) {
        put(t, any ? "" : "    filters:\n");
        put_mirror(t, "    ");
    }
    if (rarely(6)) {
        put(t, any ? "" : "    filters:\n");
        put_rewrite(t, prefix);
        any = true;
    }
    if (rarely(20)) { /* nobody knows it: 500 */
        put(t, any ? "" : "    filters:\n");
        put(t, "    - type: ExtensionRef\n"
               "      extensionRef: {group: x.test, kind: Filter, name: f}\n");
    }
    drawn_backends(t, false);
}

/* ---- policies ---------------------------------------------------------------------------- */

void drawn_policies(drawn_table *t)
{
    static const char *const constraints[] = {
        "", "retryConstraint: {}", "retryConstraint: {budget: {percent: 0}}",
        "retryConstraint: {minRetryRate: {count: 5, interval: 2s}}",
        "retryConstraint: {budget: {interval: 1m}, minRetryRate: {count: 7}}"};

    for (uint32_t i = below(3); i != 0; i--) {
        put(t,
            "---\napiVersion: gateway.networking.x-k8s.io/v1alpha1\n"
            "kind: XBackendTrafficPolicy\nmetadata: {name: p%u, namespace: %s}\nspec:\n",
            (unsigned)i, rarely(2) ? "ns" : "ns-b");
        put(t, "  targetRefs: [{group: '', kind: Service, name: %s}]\n", rarely(2) ? "s" : "t");
        const char *constraint = ONE_OF(constraints);
        if (constraint[0] != '\0')
            put(t, "  %s\n", constraint);
        if (rarely(2)) {
            put(t, "  sessionPersistence: ");
            put_session(t);
            put(t, "\n");
        }
    }
}
