#include "match/drawn_parts.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- numbers ----------------------------------------------------------------------------- */

static uint64_t state;

void drawn_seed(uint64_t seed)
{
    state = seed;
}

uint64_t drawn_next(void)
{
    uint64_t z = state += UINT64_C(0x9e3779b97f4a7c15);

    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

/* ---- alphabets --------------------------------------------------------------------------- */

static const char *const namespaces[] = {"ns", "ns-b"};
static const char *const created[] = {"", "2024-01-01T00:00:00Z", "2024-01-02T00:00:00Z",
                                      "2024-01-02T00:00:01Z"};
static const char *const listener_hosts[] = {"",       "*.a.test", "*.b.a.test", "x.a.test",
                                             "a.test", "*.test",   "x.b.a.test"};
static const char *const route_hosts[] = {"a.test",     "x.a.test", "y.a.test",   "z.b.a.test",
                                          "x.b.a.test", "*.a.test", "*.b.a.test", "*.test"};
static const char *const methods[] = {"GET", "PUT", "POST", "OPTIONS"};
static const char *const segments[] = {"/a", "/b", "/ab", "/A"};
static const char *const lengths[] = {"/a/a/a/a/a", "/ab/A", "/aaaaaaa", "/aaaaaaaaaaaaaab",
                                      "/aaaaaaaaaaaaaaaaaaaaaaaaaaaa/aaaaaaaaaaaaaaaaaaaaaaaaaaa"};
static const char *const services[] = {"p", "p.S", "p.s", "q.S"};
static const char *const grpc_methods[] = {"M", "m", "Mm"};

/* A pattern and a text that it matches. */
static const char *const patterns[][2] = {
    {"/a", "/a"},     {"/[ab]+", "/ab"},         {"/(a|ab)", "/ab"}, {"/a?b", "/b"},
    {"/.*", "/b/a"},  {"(/a)+", "/a/a"},         {"/a*", "/"},       {"/b(/.*)?", "/b/A"},
    {"/a/b", "/a/b"}, {"(/a|/b)/[a-z]", "/b/a"}, {"/A/.+", "/A/b"},  {".*", "/ab"}};
static const char *const value_patterns[][2] = {
    {"1|2", "2"}, {"[0-9]+", "12"}, {"1,.*", "1,2"}, {"v(1|2)?", "v1"}, {".*", "z"}};
static const char *const values[] = {"1", "2", "1,2", "v"};
static const char *const header_names[] = {"x-a", "X-b",          "x-c",         "Cookie",
                                            "X-A", "x-a-and-more", "x-b-and-more"};
static const char *const query_names[] = {"q", "Q", "r"};

void drawn_put(drawn_table *t, const char *format, ...)
{
    char text[512];
    va_list args;

    va_start(args, format);
    int n = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    gwapi__text_add(&t->yaml, (gwapi_str){text, (size_t)n});
}

/* ---- Gateways ---------------------------------------------------------------------------- */

static void put_listener(drawn_table *t, char letter, size_t host, const char *protocol,
                         uint32_t port, const char *more)
{
    put(t, "  - {name: %c%u, port: %u, protocol: %s, ", letter, (unsigned)host, (unsigned)port,
        protocol);
    if (listener_hosts[host][0] != '\0')
        put(t, "hostname: \"%s\", ", listener_hosts[host]);
    put(t, "%s}\n", more);
}

#define ALL       "allowedRoutes: {namespaces: {from: All}}"
#define GRPC      "allowedRoutes: {namespaces: {from: All}, kinds: [{kind: GRPCRoute}]}"
#define TERMINATE "tls: {certificateRefs: [{name: c}]}, "

static void put_gateway(drawn_table *t, const char *name, const char *address)
{
    const char *since = ONE_OF(created);
    uint32_t sparse = 1 + below(4); /* the more, the fewer listeners */

    put(t, "---\napiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\n");
    put(t, "metadata: {name: %s, namespace: infra%s%s%s}\nspec:\n", name,
        since[0] != '\0' ? ", creationTimestamp: \"" : "", since, since[0] != '\0' ? "\"" : "");
    put(t, "  gatewayClassName: example\n  addresses: [{value: %s}]\n  listeners:\n", address);
    put_listener(t, 'c', 0, "TCP", 9000, ALL);
    put_listener(t, 'u', 0, "UDP", 9001, ALL);
    for (size_t i = 0; i < COUNT(listener_hosts); i++) {
        bool any = i == 0 && !rarely(16);
        if (any || rarely(sparse))
            put_listener(t, 'h', i, "HTTP", 80, ALL);
        if (any || rarely(2 * sparse))
            put_listener(t, 'g', i, "HTTP", 81, GRPC);
        if (any || rarely(2 * sparse))
            put_listener(t, 's', i, "HTTPS", 443, TERMINATE ALL);
        else if (rarely(sparse))
            put_listener(t, 't', i, "TLS", 443, "tls: {mode: Passthrough}, " ALL);
        if (rarely(3))
            put_listener(t, 'w', i, "TLS", 9443, TERMINATE ALL);
    }
}

static void put_services(drawn_table *t)
{
    static const char *const each[][3] = {{"s", "ns", "10.1.0.1"},
                                          {"s", "ns-b", "10.1.0.2"},
                                          {"t", "ns", "10.1.0.3"},
                                          {"t", "ns-b", "10.1.0.4"},
                                          {"h", "ns", "None"}};

    for (size_t i = 0; i < COUNT(each); i++) {
        put(t, "---\napiVersion: v1\nkind: Service\nmetadata: {name: %s, namespace: %s}\n",
            each[i][0], each[i][1]);
        put(t, "spec:\n  clusterIP: %s\n  ports:\n", each[i][2]);
        put(t, "  - {name: http, port: 80}\n  - {name: grpc, port: 81}\n"
               "  - {name: tcp, port: 9000}\n  - {name: tls, port: 443}\n"
               "  - {name: dns, port: 53, protocol: UDP}\n"
               "  - {name: udp, port: 80, protocol: UDP}\n");
    }
}

/* ---- routes ------------------------------------------------------------------------------ */

typedef struct route {
    const char *namespace_;
    const char *host;    /* a request's that it takes */
    const char *service; /* namespace of the Service it has as parent, or NULL */
    const char *gateway;
    uint32_t port;
} route;

static void put_head(drawn_table *t, const char *version, const char *kind, const char *ns,
                     uint32_t number)
{
    const char *since = ONE_OF(created);

    put(t, "---\napiVersion: gateway.networking.k8s.io/%s\nkind: %s\n", version, kind);
    put(t, "metadata: {name: r%u, namespace: %s%s%s%s}\nspec:\n", (unsigned)number, ns,
        since[0] != '\0' ? ", creationTimestamp: \"" : "", since, since[0] != '\0' ? "\"" : "");
}

static const char *put_service_parent(drawn_table *t, uint32_t port)
{
    const char *service = ONE_OF(namespaces);

    put(t, "  parentRefs: [{kind: Service, group: \"\", name: s, namespace: %s, port: %u}]\n",
        service, (unsigned)port);
    return service;
}

/* `letter`: of a listener's name; of one listener, of its port, or of all. */
static const char *put_parent(drawn_table *t, char letter, uint32_t port, bool any)
{
    const char *gateway = rarely(3) ? "late" : "edge";

    put(t, "  parentRefs: [{name: %s, namespace: infra", gateway);
    if (rarely(6))
        put(t, ", sectionName: %c%u", letter, (unsigned)below(COUNT(listener_hosts)));
    else if (!any || rarely(2))
        put(t, ", port: %u", (unsigned)port);
    put(t, "}]\n");
    return gateway;
}

/* A host that the name covers. */
static void instance(char *out, size_t size, const char *name)
{
    snprintf(out, size, "%s%s",
             name[0] == '*' ? ONE_OF(((const char *[]){"w", "x", "v.u"})) : "",
             name + (name[0] == '*'));
}

static void put_hosts(drawn_table *t, char *host, size_t size, bool needed)
{
    uint32_t count = below(3), first = below(COUNT(route_hosts));

    host[0] = '\0';
    if (count == 0 && needed)
        count = 1;
    for (uint32_t i = 0; i < count; i++) {
        const char *name = route_hosts[(first + 3 * i) % COUNT(route_hosts)];
        char own[64];
        if (t->spread != 0 && i == 0 && !rarely(4)) {
            snprintf(own, sizeof own, "h%u.a.test", (unsigned)below(t->spread));
            name = own;
        }
        put(t, i == 0 ? "  hostnames: [\"%s\"" : ", \"%s\"", name);
        instance(host, size, name);
    }
    if (count != 0)
        put(t, "]\n");
    else
        snprintf(host, size, "%s",
                 ONE_OF(((const char *[]){"x.a.test", "other.org", "a.test"})));
}

static void draw_path(const drawn_table *t, char *out, size_t size, uint32_t most)
{
    uint32_t count = t->narrow ? below(2) : below(most + 1);
    size_t n = 0;

    out[0] = '\0';
    for (uint32_t i = 0; i < count; i++) {
        if (t->spread != 0 && !rarely(4))
            n += (size_t)snprintf(out + n, size - n, "/s%u", (unsigned)below(t->spread));
        else
            n += (size_t)snprintf(out + n, size - n, "%s", t->narrow ? "/a" : ONE_OF(segments));
    }
    /* longer than the steps paths are looked at in */
    if (rarely(16))
        n += (size_t)snprintf(out + n, size - n, "%s%s", ONE_OF(lengths), ONE_OF(segments));
    /* deeper than tables of paths go */
    if (rarely(40)) {
        for (uint32_t i = 30 + below(4); i != 0 && n + 4 < size; i--)
            n += (size_t)snprintf(out + n, size - n, "/a");
        if (rarely(2))
            n += (size_t)snprintf(out + n, size - n, "b");
    }
    if (n == 0 || rarely(4))
        snprintf(out + n, size - n, "/");
}

static drawn_hint *add_hint(drawn_table *t, const route *r)
{
    t->hints = realloc(t->hints, (t->hint_count + 1) * sizeof *t->hints);
    if (t->hints == NULL)
        abort();
    drawn_hint *hint = &t->hints[t->hint_count++];
    *hint = (drawn_hint){.port = r->port,
                         .service = r->service,
                         .client = r->namespace_,
                         .gateway = r->gateway,
                         .method = "GET"};
    snprintf(hint->host, sizeof hint->host, "%s", r->host);
    return hint;
}

static void put_headers(drawn_table *t, drawn_hint *hint)
{
    uint32_t count = rarely(t->narrow ? 2 : 3) ? 1 + below(2) : 0;
    uint32_t first = below(COUNT(header_names));

    put(t, count != 0 ? "      headers:\n" : "");
    for (uint32_t i = 0; i < count; i++) {
        const char *name = header_names[(first + 4 * i) % COUNT(header_names)];
        const char *value = ONE_OF(values);
        if (strcmp(name, "Cookie") == 0 && rarely(2))
            value = "1; 2";
        hint->headers[i][0] = name;
        if (rarely(3)) {
            const char *const *pair = ONE_OF(value_patterns);
            put(t, "      - {name: %s, type: RegularExpression, value: \"%s\"}\n", name,
                pair[0]);
            value = pair[1];
        } else {
            put(t, "      - {name: %s, value: \"%s\"}\n", name, value);
        }
        hint->headers[i][1] = value;
    }
}

static void put_query(drawn_table *t, drawn_hint *hint)
{
    uint32_t count = rarely(t->narrow ? 2 : 3) ? 1 + below(2) : 0;
    uint32_t first = below(COUNT(query_names));
    size_t n = 0;

    put(t, count != 0 ? "      queryParams:\n" : "");
    for (uint32_t i = 0; i < count; i++) {
        const char *name = query_names[(first + i) % COUNT(query_names)];
        const char *value = ONE_OF(values);
        if (rarely(3)) {
            const char *const *pair = ONE_OF(value_patterns);
            put(t, "      - {name: %s, type: RegularExpression, value: \"%s\"}\n", name,
                pair[0]);
            value = pair[1];
        } else {
            put(t, "      - {name: %s, value: \"%s\"}\n", name, value);
        }
        n += (size_t)snprintf(hint->query + n, sizeof hint->query - n, "%s%s=%s",
                              i != 0 ? "&" : "?", name, value);
    }
}

static void put_http_match(drawn_table *t, const route *r, bool prefix)
{
    drawn_hint *hint = add_hint(t, r);
    char pattern[96];
    size_t n = 0, m = 0;

    draw_path(t, hint->path, sizeof hint->path, t->spread != 0 ? 4 : 3);
    switch (prefix ? 0 : below(4)) {
    case 1:
        put(t, "    - path: {type: Exact, value: \"%s\"}\n", hint->path);
        break;
    case 2:
        for (uint32_t i = 1 + below(2); i != 0; i--) {
            const char *const *pair = ONE_OF(patterns);
            m += (size_t)snprintf(pattern + m, sizeof pattern - m, "%s", pair[0]);
            n += (size_t)snprintf(hint->path + n, sizeof hint->path - n, "%s", pair[1]);
        }
        if (rarely(4))
            snprintf(pattern + m, sizeof pattern - m, "|/b");
        put(t, "    - path: {type: RegularExpression, value: \"%s\"}\n", pattern);
        break;
    default:
        put(t, "    - path: {type: PathPrefix, value: \"%s\"}\n", hint->path);
        break;
    }
    if (rarely(3)) {
        hint->method = ONE_OF(methods);
        put(t, "      method: %s\n", hint->method);
    }
    put_headers(t, hint);
    put_query(t, hint);
}

static void put_http_rules(drawn_table *t, const route *r)
{
    put(t, "  rules:\n");
    for (uint32_t rules = 1 + below(3); rules != 0; rules--) {
        bool prefix = rarely(4);
        uint32_t matches = prefix ? 1 : below(4);
        t->rules++;
        put(t, "  - name: n%u\n%s", (unsigned)rules, matches != 0 ? "    matches:\n" : "");
        if (matches == 0)
            snprintf(add_hint(t, r)->path, 2, "/");
        for (uint32_t i = 0; i < matches; i++)
            put_http_match(t, r, prefix);
        drawn_effects(t, prefix || matches == 0);
    }
}

static void put_http_route(drawn_table *t, uint32_t number)
{
    char host[64];
    route r = {.namespace_ = ONE_OF(namespaces), .host = host, .port = rarely(4) ? 443 : 80};

    put_head(t, "v1", "HTTPRoute", r.namespace_, number);
    if (rarely(5)) {
        r.port = 80;
        r.service = put_service_parent(t, r.port);
    } else {
        r.gateway = put_parent(t, r.port == 80 ? 'h' : 's', r.port, true);
    }
    put_hosts(t, host, sizeof host, false);
    put_http_rules(t, &r);
}

static void put_grpc_match(drawn_table *t, const route *r)
{
    drawn_hint *hint = add_hint(t, r);
    const char *service = ONE_OF(services), *method = ONE_OF(grpc_methods);
    bool pattern = rarely(4);
    uint32_t parts = below(3);

    hint->method = "POST";
    snprintf(hint->path, sizeof hint->path, "/%s/%s", service, method);
    put(t, "    - method: {");
    if (parts != 1)
        put(t, "service: \"%s\", ", pattern ? "p(.S|.s)?" : service);
    if (parts != 0)
        put(t, "method: \"%s\", ", pattern ? "[Mm]+" : method);
    put(t, "type: %s}\n", pattern ? "RegularExpression" : "Exact");
    put_headers(t, hint);
}

static void put_grpc_route(drawn_table *t, uint32_t number)
{
    char host[64];
    route r = {.namespace_ = ONE_OF(namespaces), .host = host, .port = 81};

    put_head(t, "v1", "GRPCRoute", r.namespace_, number);
    if (rarely(4))
        r.service = put_service_parent(t, r.port);
    else
        r.gateway = put_parent(t, 'g', r.port, false);
    put_hosts(t, host, sizeof host, false);
    put(t, "  rules:\n");
    for (uint32_t rules = 1 + below(3); rules != 0; rules--) {
        uint32_t matches = below(4);
        bool any = false;
        t->rules++;
        put(t, "  - name: n%u\n%s", (unsigned)rules, matches != 0 ? "    matches:\n" : "");
        for (uint32_t i = 0; i < matches; i++)
            put_grpc_match(t, &r);
        drawn_modifiers(t, "    ", &any, 5);
        drawn_backends(t, true);
    }
}

static void put_stream_route(drawn_table *t, const char *kind, uint32_t number, char letter,
                             uint32_t port, uint32_t service_port)
{
    const char *ns = ONE_OF(namespaces);
    char host[64];

    put_head(t, "v1alpha2", kind, ns, number);
    if (service_port != 0 && rarely(2))
        (void)put_service_parent(t, service_port);
    else
        (void)put_parent(t, letter, port, false);
    if (strcmp(kind, "TLSRoute") == 0)
        put_hosts(t, host, sizeof host, true);
    put(t, "  rules:\n  - name: only\n");
    put(t, "    backendRefs:\n    - {name: %s, port: 9000}\n    - {name: t, port: 9000}\n",
        ONE_OF(((const char *[]){"s", "missing", "t"})));
    t->rules++;
}

void drawn_table_make(drawn_table *t, uint64_t seed, uint32_t routes, uint32_t spread,
                      const gwapi_allocator *allocator)
{
    *t = (drawn_table){.spread = spread};
    gwapi__text_init(&t->yaml, allocator);
    drawn_seed(seed);
    t->narrow = rarely(3);
    put_gateway(t, "edge", "10.0.0.1");
    put_gateway(t, "late", rarely(2) ? "10.0.0.1" : "10.0.0.2");
    put_services(t);
    drawn_policies(t);
    for (uint32_t i = 0; i < routes; i++)
        put_http_route(t, (i * 7 + 3) % routes);
    for (uint32_t i = below(6); i != 0; i--)
        put_grpc_route(t, 6 - i);
    for (uint32_t i = below(5); i != 0; i--)
        put_stream_route(t, "TLSRoute", 6 - i, 't', 443, 443);
    for (uint32_t i = below(4); i != 0; i--)
        put_stream_route(t, "TCPRoute", 6 - i, rarely(2) ? 'c' : 'w', rarely(2) ? 9000 : 9443,
                         9000);
    for (uint32_t i = below(3); i != 0; i--)
        put_stream_route(t, "UDPRoute", 6 - i, 'u', 9001, 53);
    if (t->yaml.failed)
        abort();
}

void drawn_table_free(drawn_table *t)
{
    gwapi__text_free(&t->yaml);
    free(t->hints);
}

/* ---- requests ---------------------------------------------------------------------------- */

static gwapi_str str(const char *text)
{
    return (gwapi_str){text, strlen(text)};
}

/* The same name, as clients may write it. */
static void dress_host(char *out, size_t size, const char *host, bool port)
{
    size_t n = (size_t)snprintf(out, size, "%s", host);

    if (rarely(6))
        for (size_t i = 0; i < n; i++)
            if (out[i] >= 'a' && out[i] <= 'z' && rarely(2))
                out[i] = (char)(out[i] - 32);
    if (rarely(16))
        n += (size_t)snprintf(out + n, size - n, ".");
    if (port && rarely(8))
        snprintf(out + n, size - n, ":%u", (unsigned)(rarely(2) ? 80 : 8080));
}

static void draw_host(char *out, size_t size, const char *hint, bool port)
{
    static const char *const others[] = {
        "a.test",     "x.a.test", "y.a.test",  "b.a.test",    "c.b.a.test", "z.b.a.test",
        "x.b.a.test", "n.test",   "other.org", "test",        ".a.test",    "",
        "[::1]",      "1.2.3.4",  "w.a.test",  "v.u.b.a.test"};

    dress_host(out, size, hint != NULL ? hint : ONE_OF(others), port);
}

static void draw_arrival(drawn_request *r, const drawn_hint *hint)
{
    static const uint32_t ports[] = {80, 80, 81, 443, 443, 9000, 9001, 9443, 53, 7};
    gwapi_arrival *a = &r->arrival;

    *a = (gwapi_arrival)GWAPI_ARRIVAL_INIT;
    a->port = hint != NULL ? hint->port : ONE_OF(ports);
    if (hint != NULL ? hint->service != NULL : rarely(5)) {
        bool known = hint != NULL && !rarely(8);
        a->client_namespace =
            str(known ? hint->client : ONE_OF(((const char *[]){"ns", "ns-b", "else"})));
        if (rarely(8)) {
            a->address = str(ONE_OF(((const char *[]){"10.1.0.1", "10.1.0.2", "10.9.9.9"})));
        } else {
            a->service_namespace = str(known ? hint->service : ONE_OF(namespaces));
            a->service_name = str(rarely(20) ? "h" : "s");
        }
        if (rarely(8))
            a->transport = 1 + below(5);
        return;
    }
    switch (below(8)) {
    case 0:
    case 1:
    case 2:
    case 3:
        a->gateway_namespace = str("infra");
        if (hint != NULL) {
            a->gateway_name = str(hint->gateway);
            break;
        }
        a->gateway_name = str(ONE_OF(((const char *[]){"edge", "edge", "late", "none"})));
        break;
    case 4:
        a->address = str(ONE_OF(((const char *[]){"10.0.0.1", "10.0.0.1", "10.0.0.2"})));
        break;
    default:
        break;
    }
    if (rarely(16))
        a->transport = below(6);
}

static void draw_query(drawn_request *r, const drawn_hint *hint)
{
    static const char *const parts[] = {"q=1", "q=2",   "Q=1",     "r=1", "r=v",      "q=%31",
                                        "q",   "%71=1", "r=1%2C2", "z=1", "r=+&q=12", "Q=v2"};
    size_t n = strlen(r->path);
    const char *mark = "?";

    if (hint != NULL && hint->query[0] != '\0' && !rarely(12)) {
        n += (size_t)snprintf(r->path + n, sizeof r->path - n, "%s", hint->query);
        mark = "&";
    }
    for (uint32_t i = rarely(2) ? below(3) : 0; i != 0; i--, mark = "&")
        n += (size_t)snprintf(r->path + n, sizeof r->path - n, "%s%s", mark, ONE_OF(parts));
}

static void draw_path_of(drawn_request *r, const drawn_table *t, const drawn_hint *hint)
{
    if (hint != NULL) {
        snprintf(r->path, sizeof r->path, "%s", hint->path);
        if (rarely(6))
            strcat(r->path, ONE_OF(segments));
        else if (rarely(12))
            strcat(r->path, rarely(2) ? "/" : "b");
    } else if (rarely(40)) {
        snprintf(r->path, sizeof r->path, "%s",
                 ONE_OF(((const char *[]){"*", "", "a/b", "//a", "/a//b", "/.."})));
    } else if (rarely(4)) {
        snprintf(r->path, sizeof r->path, "/%s/%s%s", ONE_OF(services), ONE_OF(grpc_methods),
                 rarely(8) ? "/x" : "");
    } else {
        draw_path(t, r->path, 96, 4);
    }
}

static void add_header(drawn_request *r, const char *name, const char *value)
{
    r->headers[r->request.header_count++] = (gwapi_header){str(name), str(value)};
}

/* As a page's script sends them, a preflight now and then. */
static void draw_origin(drawn_request *r)
{
    static const char *const origins[] = {"https://a.test",
                                          "https://x.a.test",
                                          "http://x.y.a.test:8443",
                                          "HTTP://B.test",
                                          "https://A.TEST:443",
                                          "https://a.test:8443",
                                          "http://b.test:80",
                                          "null",
                                          "https://.a.test",
                                          "x-y://a",
                                          "https://b.b.c.test",
                                          "https://other.org",
                                          "https://[::1]:8443",
                                          "https://x.a.test:0443",
                                          "https://a.test:",
                                          "https://a.test:4x",
                                          ""};

    if (!rarely(3))
        return;
    add_header(r, rarely(2) ? "Origin" : "origin", ONE_OF(origins));
    if (!rarely(2))
        return;
    if (!rarely(4))
        r->request.method = str("OPTIONS");
    if (!rarely(6))
        add_header(r, "Access-Control-Request-Method", ONE_OF(methods));
    if (rarely(2))
        add_header(r, "access-control-request-headers", "x-q, X-r");
}

static void draw_headers(drawn_request *r, const drawn_hint *hint)
{
    static const char *const names[] = {"x-a",    "X-A", "x-b",          "X-C",         "cookie",
                                        "Cookie", "x_a", "X-B-And-More", "x-a-and-more"};
    static const char *const given[] = {"1", "2", " 1\t", "1,2", "v", "", "V"};

    r->request.headers = r->headers;
    for (int i = 0; hint != NULL && i < 2; i++) {
        const char *name = hint->headers[i][0], *value = hint->headers[i][1];
        if (name == NULL || rarely(16))
            continue;
        if (value[0] == '1' && value[1] != '\0' && rarely(2)) { /* in two lines */
            add_header(r, name, "1");
            add_header(r, name, "2");
        } else {
            add_header(r, name, value);
        }
    }
    for (uint32_t i = rarely(3) ? 1 + below(3) : 0; i != 0; i--)
        add_header(r, ONE_OF(names), ONE_OF(given));
    if (rarely(4))
        add_header(r, "Authorization", "Bearer t");
    draw_origin(r);
}

/* Another way to write the path, or a path that is refused. */
static void dress_path(drawn_request *r)
{
    static const char *const parts[] = {"/./",  "//",    "/x/../", "/%2e/",       "/a/%2E%2e/",
                                        "/%2f", "/%61",  "/..",    "/.",          "/%zz",
                                        "/#",   "/\x7f", "/ ",     "/%2%65%2%65", "/%%32"};
    char path[sizeof r->path];
    size_t at = below(strlen(r->path) + 1);

    while (at != 0 && r->path[at] != '/')
        at--;
    snprintf(path, sizeof path, "%.*s%s%s", (int)at, r->path, ONE_OF(parts),
             r->path + at + (r->path[at] == '/' && rarely(2)));
    memcpy(r->path, path, sizeof path);
}

void drawn_request_make(drawn_request *r, const drawn_table *t)
{
    const drawn_hint *hint =
        t->hint_count != 0 && !rarely(16) ? &t->hints[below(t->hint_count)] : NULL;
    const char *name = hint != NULL && !rarely(12) ? hint->host : NULL;

    r->request = (gwapi_request)GWAPI_REQUEST_INIT;
    draw_arrival(r, hint);
    draw_host(r->host, sizeof r->host, name, true);
    if (!rarely(30))
        r->request.host = str(r->host);
    if (rarely(8))
        draw_host(r->sni, sizeof r->sni, name, false);
    else
        snprintf(r->sni, sizeof r->sni, "%.*s", (int)strcspn(r->host, ":"), r->host);
    r->arrival.sni = str(r->sni);
    if (hint != NULL && !rarely(8))
        r->request.method = str(hint->method);
    else if (!rarely(10))
        r->request.method = str(rarely(3) ? "POST" : ONE_OF(methods));
    r->request.path_policy = rarely(2) ? GWAPI_PATH_RAW : 1 + below(2);
    draw_path_of(r, t, hint);
    if (rarely(r->request.path_policy == GWAPI_PATH_RAW ? 40 : 8))
        dress_path(r);
    draw_query(r, hint);
    r->request.path = str(r->path);
    draw_headers(r, hint);
    if (r->request.host.data == NULL && rarely(2))
        add_header(r, "Host", r->host);
    if (rarely(4))
        r->request.flags = GWAPI_REQUEST_GRPC;
    r->random = rarely(3) ? UINT64_MAX : drawn_next() >> 11;
}
