/*
 * Random routes and requests, answered twice: by an image, and by a plain reading of the rules,
 * which tries every match of every route and compares those that hold, criterion by criterion.
 */
#include "match/served.h"

#include "base/hash.h"

#define ROUTES  10
#define RULES   3
#define MATCHES 2
#define HOSTS   2

/* ---- what is drawn ----------------------------------------------------------------------- */

enum { PREFIX = 1, REGEX = 2, EXACT = 3 }; /* better ones are greater */

typedef struct match {
    int type;
    char path[32]; /* of an expression: what stands before ".*" */
    const char *method;
    bool header[2]; /* x-0: 1, x-1: 1 */
    bool query[2];  /* q0=1, q1=1 */
} match;

typedef struct rule {
    match matches[MATCHES];
    uint32_t count; /* 0: none is written */
} rule;

typedef struct route {
    const char *namespace_;
    char name[8];
    const char *created; /* "": not written */
    const char *section; /* "": every listener */
    const char *hosts[HOSTS];
    uint32_t host_count;
    rule rules[RULES];
    uint32_t rule_count;
} route;

typedef struct asked {
    char path[32];
    const char *host, *method;
    bool header[2];
    bool query[2];
} asked;

typedef struct found {
    const route *route;
    uint32_t rule, match;
    size_t rank[7]; /* greater is better, the first difference decides */
} found;

static const char *const listeners[][2] = {
    {"any", ""}, {"wild", "*.a.test"}, {"deep", "*.b.a.test"}, {"one", "x.a.test"}};
static const char *const hosts[] = {"a.test",   "x.a.test",   "y.a.test", "z.b.a.test",
                                    "*.a.test", "*.b.a.test", "*.test",   "other.org"};
static const char *const created[] = {"", "2024-01-01T00:00:00Z", "2024-01-02T00:00:00Z"};
static const char *const methods[] = {"GET", "PUT"};

static uint64_t state;

static uint32_t below(uint32_t bound)
{
    return (uint32_t)(gwapi__mix64(state++) % bound);
}

static void draw_path(char *out, uint32_t most)
{
    static const char *const segments[] = {"/a", "/b", "/ab", "/A"};
    uint32_t count = below(most + 1);

    out[0] = '\0';
    for (uint32_t i = 0; i < count; i++)
        strcat(out, segments[below(4)]);
    if (count == 0 || below(4) == 0)
        strcat(out, "/");
}

static match draw_match(void)
{
    match m = {.type = 1 + (int)below(3)};

    draw_path(m.path, 3);
    m.method = below(3) == 0 ? methods[below(2)] : NULL;
    for (int i = 0; i < 2; i++) {
        m.header[i] = below(4) == 0;
        m.query[i] = below(4) == 0;
    }
    return m;
}

static route draw_route(uint32_t i)
{
    route r = {.namespace_ = i % 2 == 0 ? "ns" : "ns-b", .created = created[below(3)]};

    snprintf(r.name, sizeof r.name, "r%u", (unsigned)(ROUTES - i / 2) % 10);
    r.section = below(3) == 0 ? listeners[below(4)][0] : "";
    r.host_count = below(HOSTS + 1);
    for (uint32_t k = 0; k < r.host_count; k++)
        r.hosts[k] = hosts[(below(4) + 4 * k) % 8]; /* never the same twice */
    r.rule_count = 1 + below(RULES);
    for (uint32_t k = 0; k < r.rule_count; k++) {
        r.rules[k].count = below(MATCHES + 1);
        for (uint32_t m = 0; m < r.rules[k].count; m++)
            r.rules[k].matches[m] = draw_match();
    }
    return r;
}

static asked draw_request(void)
{
    static const char *const asked_hosts[] = {"a.test",     "x.a.test", "y.a.test",
                                              "z.b.a.test", "b.a.test", "c.b.a.test",
                                              "other.org",  "n.test"};
    asked a = {.host = asked_hosts[below(8)], .method = methods[below(2)]};

    draw_path(a.path, 4);
    for (int i = 0; i < 2; i++) {
        a.header[i] = below(2) == 0;
        a.query[i] = below(2) == 0;
    }
    return a;
}

/* ---- as manifests ------------------------------------------------------------------------ */

static void write_match(gwapi__text *t, const match *m)
{
    static const char *const types[] = {"", "PathPrefix", "RegularExpression", "Exact"};

    gwapi__text_addz(t, "    - path: {type: ");
    gwapi__text_addz(t, types[m->type]);
    gwapi__text_addz(t, ", value: \"");
    gwapi__text_addz(t, m->path);
    gwapi__text_addz(t, m->type == REGEX ? ".*\"}\n" : "\"}\n");
    if (m->method != NULL) {
        gwapi__text_addz(t, "      method: ");
        gwapi__text_addz(t, m->method);
        gwapi__text_addz(t, "\n");
    }
    gwapi__text_addz(t, "      headers: [");
    gwapi__text_addz(t, m->header[0] ? "{name: x-0, value: \"1\"}, " : "");
    gwapi__text_addz(t, m->header[1] ? "{name: X-1, type: RegularExpression, value: \"1|2\"}"
                                     : "");
    gwapi__text_addz(t, "]\n      queryParams: [");
    gwapi__text_addz(t, m->query[0] ? "{name: q0, value: \"1\"}, " : "");
    gwapi__text_addz(t, m->query[1] ? "{name: q1, value: \"1\"}" : "");
    gwapi__text_addz(t, "]\n");
}

static void write_route(gwapi__text *t, const route *r)
{
    char head[512];

    snprintf(head, sizeof head,
             "---\napiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\n"
             "metadata: {name: %s, namespace: %s%s%s%s}\nspec:\n"
             "  parentRefs: [{name: edge, namespace: infra%s%s}]\n",
             r->name, r->namespace_, r->created[0] != '\0' ? ", creationTimestamp: \"" : "",
             r->created, r->created[0] != '\0' ? "\"" : "",
             r->section[0] != '\0' ? ", sectionName: " : "", r->section);
    gwapi__text_addz(t, head);
    for (uint32_t i = 0; i < r->host_count; i++) {
        gwapi__text_addz(t, i == 0 ? "  hostnames:\n  - \"" : "  - \"");
        gwapi__text_addz(t, r->hosts[i]);
        gwapi__text_addz(t, "\"\n");
    }
    gwapi__text_addz(t, "  rules:\n");
    for (uint32_t i = 0; i < r->rule_count; i++) {
        gwapi__text_addz(t, "  - backendRefs: [{name: s, port: 80}]\n");
        gwapi__text_addz(t, r->rules[i].count != 0 ? "    matches:\n" : "");
        for (uint32_t k = 0; k < r->rules[i].count; k++)
            write_match(t, &r->rules[i].matches[k]);
    }
}

static void write_gateway(gwapi__text *t)
{
    gwapi__text_addz(t, "apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\n"
                        "metadata: {name: edge, namespace: infra}\nspec:\n"
                        "  gatewayClassName: example\n  listeners:\n");
    for (size_t i = 0; i < sizeof listeners / sizeof *listeners; i++) {
        char line[256];
        bool named = listeners[i][1][0] != '\0';
        snprintf(line, sizeof line,
                 "  - {name: %s, port: 80, protocol: HTTP, %s%s%sallowedRoutes: "
                 "{namespaces: {from: All}}}\n",
                 listeners[i][0], named ? "hostname: \"" : "", listeners[i][1],
                 named ? "\", " : "");
        gwapi__text_addz(t, line);
    }
}

/* ---- the plain reading ------------------------------------------------------------------- */

/* A wildcard covers one or more labels; "" covers all. */
static bool covers(const char *name, const char *host)
{
    size_t n = strlen(name), h = strlen(host);

    if (name[0] != '*')
        return n == 0 || strcmp(name, host) == 0;
    return h > n - 1 && strcmp(host + h - (n - 1), name + 1) == 0;
}

static const char *choose_listener(const char *host)
{
    size_t best = SIZE_MAX;

    for (size_t i = 0; i < sizeof listeners / sizeof *listeners; i++) {
        const char *name = listeners[i][1];
        bool exact = name[0] != '*' && name[0] != '\0';
        if (covers(name, host) &&
            (best == SIZE_MAX || exact || strlen(name) > strlen(listeners[best][1])))
            best = i;
        if (exact && covers(name, host))
            break;
    }
    return best != SIZE_MAX ? listeners[best][0] : NULL;
}

/* The best of a route's names that cover the host; false without one. */
static bool rank_host(const route *r, const char *host, size_t *exact, size_t *length)
{
    bool any = r->host_count == 0;

    *exact = *length = 0;
    for (uint32_t i = 0; i < r->host_count; i++) {
        const char *name = r->hosts[i];
        size_t n = strlen(name), e = name[0] == '*' ? 0 : n;
        if (!covers(name, host))
            continue;
        any = true;
        if (e > *exact || (e == *exact && n > *length)) {
            *exact = e;
            *length = n;
        }
    }
    return any;
}

static bool path_holds(const match *m, const char *path)
{
    size_t n = strlen(m->path);

    if (m->type == EXACT)
        return strcmp(m->path, path) == 0;
    if (m->type == REGEX)
        return strncmp(path, m->path, n) == 0;
    n -= m->path[n - 1] == '/';
    return strncmp(path, m->path, n) == 0 && (path[n] == '\0' || path[n] == '/');
}

static bool holds(const match *m, const asked *a)
{
    for (int i = 0; i < 2; i++)
        if ((m->header[i] && !a->header[i]) || (m->query[i] && !a->query[i]))
            return false;
    return path_holds(m, a->path) && (m->method == NULL || strcmp(m->method, a->method) == 0);
}

static void rank_match(found *f, const match *m)
{
    f->rank[2] = (size_t)m->type;
    f->rank[3] = m->type == EXACT ? 0 : strlen(m->path);
    f->rank[4] = m->method != NULL;
    f->rank[5] = (size_t)m->header[0] + m->header[1];
    f->rank[6] = (size_t)m->query[0] + m->query[1];
}

/* Is the later one, in the order they were written, nonetheless better? */
static bool is_better(const found *a, const found *b)
{
    char x[32], y[32];

    for (int i = 0; i < 7; i++)
        if (a->rank[i] != b->rank[i])
            return a->rank[i] > b->rank[i];
    if (a->route == b->route)
        return false;
    const char *ours = a->route->created[0] != '\0' ? a->route->created : "9";
    const char *theirs = b->route->created[0] != '\0' ? b->route->created : "9";
    if (strcmp(ours, theirs) != 0)
        return strcmp(ours, theirs) < 0;
    snprintf(x, sizeof x, "%s/%s", a->route->namespace_, a->route->name);
    snprintf(y, sizeof y, "%s/%s", b->route->namespace_, b->route->name);
    return strcmp(x, y) < 0;
}

static void consider(found *best, const route *r, const asked *a)
{
    static const match every = {.type = PREFIX, .path = "/"};
    found f = {.route = r};

    if (!rank_host(r, a->host, &f.rank[0], &f.rank[1]))
        return;
    for (f.rule = 0; f.rule < r->rule_count; f.rule++) {
        const rule *given = &r->rules[f.rule];
        for (f.match = 0; f.match == 0 || f.match < given->count; f.match++) {
            const match *m = given->count != 0 ? &given->matches[f.match] : &every;
            rank_match(&f, m);
            if (holds(m, a) && (best->route == NULL || is_better(&f, best)))
                *best = f;
        }
    }
}

static found decide(const route *routes, const asked *a)
{
    const char *listener = choose_listener(a->host);
    found best = {0};

    for (uint32_t i = 0; i < ROUTES; i++)
        if (routes[i].section[0] == '\0' || strcmp(routes[i].section, listener) == 0)
            consider(&best, &routes[i], a);
    return best;
}

/* ---- both -------------------------------------------------------------------------------- */

static gwapi_decision ask_image(const gwapi_snapshot *s, gwapi_scratch *scratch, const asked *a)
{
    gwapi_arrival arrival = GWAPI_ARRIVAL_INIT;
    gwapi_connection connection = GWAPI_CONNECTION_INIT;
    gwapi_request request = GWAPI_REQUEST_INIT;
    gwapi_decision decision = GWAPI_DECISION_INIT;
    gwapi_header headers[2];
    char path[64];

    snprintf(path, sizeof path, "%s?z%s%s", a->path, a->query[0] ? "&q0=1" : "&q0=2",
             a->query[1] ? "&q1=%31" : "");
    if (a->header[0])
        headers[request.header_count++] = (gwapi_header){GWAPI__STR("X-0"), GWAPI__STR("1")};
    if (a->header[1])
        headers[request.header_count++] = (gwapi_header){GWAPI__STR("x-1"), GWAPI__STR("2")};
    request.headers = headers;
    request.host = gwapi__str_of(a->host);
    request.method = gwapi__str_of(a->method);
    request.path = gwapi__str_of(path);
    arrival.port = 80;
    cr_assert_eq(gwapi_accept(s, scratch, &arrival, &connection), GWAPI_OK);
    cr_assert_eq(gwapi_match(s, scratch, &connection, &request, &decision), GWAPI_OK);
    return decision;
}

static bool agree(const gwapi_snapshot *s, const gwapi_decision *d, const found *f)
{
    gwapi_route_info info = {.struct_size = sizeof info};
    gwapi_rule_info executed = {.struct_size = sizeof executed};

    if (f->route == NULL || d->outcome != GWAPI_OUTCOME_FORWARD)
        return f->route == NULL && d->outcome == GWAPI_OUTCOME_NONE;
    return gwapi_snapshot_route_at(s, d->route, &info) == GWAPI_OK &&
           gwapi_snapshot_rule_at(s, d->rule, &executed) == GWAPI_OK &&
           gwapi__str_eq(info.namespace_, gwapi__str_of(f->route->namespace_)) &&
           gwapi__str_eq(info.name, gwapi__str_of(f->route->name)) &&
           executed.index == f->rule && d->match == f->match;
}

/* The Service is assumed, so that every rule forwards. */
static gwapi_snapshot *compile_routes(const route *routes, gwapi__text *yaml)
{
    gwapi_snapshot *s;
    world w;

    world_init(&w, GWAPI_CHANNEL_STANDARD);
    w.options.assume = GWAPI_ASSUME_SERVICE;
    gwapi__text_init(yaml, &w.allocator);
    write_gateway(yaml);
    for (uint32_t i = 0; i < ROUTES; i++)
        write_route(yaml, &routes[i]);
    cr_assert(!yaml->failed);
    world_read(&w, gwapi__text_str(yaml));
    world_resolve(&w);
    cr_assert_eq(gwapi_snapshot_compile(&s, w.topology, NULL, NULL), GWAPI_OK);
    world_free(&w);
    return s;
}

static size_t check_round(unsigned round)
{
    route routes[ROUTES];
    gwapi_scratch *scratch;
    gwapi__text yaml;
    size_t taken = 0;

    state = (uint64_t)round << 32;
    for (uint32_t i = 0; i < ROUTES; i++)
        routes[i] = draw_route(i);
    gwapi_snapshot *s = compile_routes(routes, &yaml);
    cr_assert_eq(gwapi_scratch_new(&scratch, s, NULL), GWAPI_OK);
    for (int i = 0; i < 400; i++) {
        asked a = draw_request();
        found f = decide(routes, &a);
        gwapi_decision d = ask_image(s, scratch, &a);
        taken += f.route != NULL;
        cr_assert(agree(s, &d, &f),
                  "round %u: %s %s%s, headers %d %d, query %d %d: %s/%s %u %u\n%.*s", round,
                  a.method, a.host, a.path, a.header[0], a.header[1], a.query[0], a.query[1],
                  f.route != NULL ? f.route->namespace_ : "none",
                  f.route != NULL ? f.route->name : "", f.rule, f.match,
                  GWAPI__FMT(gwapi__text_str(&yaml)));
    }
    gwapi_scratch_free(scratch);
    gwapi_snapshot_release(s);
    gwapi__text_free(&yaml);
    return taken;
}

Test(match_reference, an_image_answers_as_a_plain_reading_of_the_rules, .timeout = 120)
{
    size_t taken = 0;

    for (unsigned round = 0; round < 100; round++)
        taken += check_round(round);
    cr_expect_gt(taken, 10000, "only %zu requests were taken", taken);
    cr_expect_lt(taken, 39000, "%zu requests were taken", taken);
}
