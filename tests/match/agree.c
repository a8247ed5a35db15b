/*
 * Asks an image and a plain reading of the rules (plain.h) the same of random tables (drawn.h)
 * and stops at the first difference, telling seed, table, manifests, request and both answers.
 *
 *     agree [--seed N] [--table N] [--tables N] [--requests N] [--routes N] [--spread N]
 *
 * --table N asks that table alone. The environment's GWAPI_AGREE_TABLES stands for --tables.
 * The exit status is 1 after a difference.
 */
#include "match/drawn.h"
#include "match/plain_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/slice.h"

typedef struct settings {
    uint64_t seed;
    uint64_t first, tables, requests;
    uint32_t routes, spread; /* routes 0: a few, differing */
} settings;

typedef struct tally {
    uint64_t comparisons, hits, tables, rules, refused;
    uint64_t outcomes[8], grpc, mesh, streams, misdirected, mirrored, chosen;
    uint32_t fewest, most; /* rules of a table */
} tally;

typedef struct subject {
    gwapi_topology *topology;
    gwapi_snapshot *snapshot;
    gwapi_scratch *scratch;
    plain *plain;
    drawn_table table;
} subject;

static void need(gwapi_result result, const char *what)
{
    if (result == GWAPI_OK)
        return;
    fprintf(stderr, "agree: %s: %s\n", what, gwapi_result_name(result));
    exit(2);
}

/* ---- a table ----------------------------------------------------------------------------- */

static void tell_report(const gwapi_report *report)
{
    for (size_t i = 0; i < gwapi_report_count(report) && i < 8; i++) {
        gwapi_diagnostic d = {.struct_size = sizeof d};
        gwapi_report_at(report, i, &d);
        fprintf(stderr, "%u: %.*s: %.*s\n", (unsigned)d.line, GWAPI__FMT(d.path),
                GWAPI__FMT(d.message));
    }
}

static void subject_make(subject *s, const gwapi_schema *schema, gwapi_str yaml)
{
    gwapi_resources_options set_options = GWAPI_RESOURCES_OPTIONS_INIT;
    gwapi_resolve_options options = GWAPI_RESOLVE_OPTIONS_INIT;
    gwapi_source source = GWAPI_SOURCE_INIT;
    gwapi_resources *set;
    gwapi_report *report;

    need(gwapi_report_new(&report, NULL, NULL), "report");
    need(gwapi_resources_new(&set, schema, &set_options), "set");
    source.bytes = yaml.data;
    source.len = yaml.len;
    gwapi_result result = gwapi_resources_read(set, &source, report);
    if (result != GWAPI_OK)
        tell_report(report);
    need(result, "reading");
    options.assume = GWAPI_ASSUME_SECRET;
    need(gwapi_topology_resolve(&s->topology, set, &options, report), "resolving");
    need(gwapi_snapshot_compile(&s->snapshot, s->topology, NULL, report), "compiling");
    need(gwapi_scratch_new(&s->scratch, s->snapshot, NULL), "scratch");
    s->plain = plain_new(s->topology);
    gwapi_resources_free(set);
    gwapi_report_free(report);
}

static void subject_free(subject *s)
{
    plain_free(s->plain);
    gwapi_scratch_free(s->scratch);
    gwapi_snapshot_release(s->snapshot);
    gwapi_topology_release(s->topology);
    drawn_table_free(&s->table);
}

/* ---- an answer, and another -------------------------------------------------------------- */

/* What differs; NULL: nothing. */
static const char *compare_rule(const gwapi_decision *d, const plain_answer *a)
{
    gwapi_route_info route = {.struct_size = sizeof route};
    gwapi_rule_info rule = {.struct_size = sizeof rule};

    if ((d->route == GWAPI_NONE) != (a->route == NULL))
        return "whether there is a route";
    if (a->route == NULL)
        return NULL;
    need(gwapi_snapshot_route_at(d->snapshot, d->route, &route), "route");
    need(gwapi_snapshot_rule_at(d->snapshot, d->rule, &rule), "rule");
    if (!gwapi__str_eq(route.namespace_, a->route->meta.namespace_) ||
        !gwapi__str_eq(route.name, a->route->meta.name))
        return "the route";
    if (rule.route != d->route || rule.index != a->rule)
        return "the rule";
    if (d->match != a->match)
        return "the match";
    const gwapi__rule *spec = a->resolved->spec;
    if (rule.has_request_timeout != (uint32_t)spec->request_timeout.present ||
        rule.has_backend_timeout != (uint32_t)spec->backend_timeout.present ||
        rule.request_timeout != spec->request_timeout.milliseconds ||
        rule.backend_timeout != spec->backend_timeout.milliseconds)
        return "a timeout";
    return NULL;
}

static const char *compare_listener(const gwapi_decision *d, const plain_answer *a)
{
    gwapi_listener_info listener = {.struct_size = sizeof listener};

    if ((d->listener == GWAPI_NONE) != (a->gateway == NULL))
        return "whether there is a listener";
    if (a->gateway == NULL)
        return NULL;
    need(gwapi_snapshot_listener_at(d->snapshot, d->listener, &listener), "listener");
    return gwapi__str_eq(listener.gateway_namespace, a->gateway->meta.namespace_) &&
                   gwapi__str_eq(listener.gateway_name, a->gateway->meta.name) &&
                   gwapi__str_eq(listener.name, a->listener)
               ? NULL
               : "the listener";
}

static const char *compare_mirrors(const gwapi_decision *d, const plain_answer *a)
{
    uint64_t drawn = 0;

    for (size_t i = 0; i < gwapi_decision_mirror_count(d); i++) {
        gwapi_mirror_info mirror = {.struct_size = sizeof mirror};
        need(gwapi_decision_mirror_at(d, i, &mirror), "mirror");
        drawn |= (uint64_t)(mirror.drawn != 0) << i;
    }
    return drawn == a->mirrors ? NULL : "which mirrors are drawn";
}

/* The values of each name in their order; how lines of different names stand does not count. */
static bool same_lines(const plain_headers *x, const plain_headers *y)
{
    if (x->count != y->count)
        return false;
    for (size_t i = 0; i < x->count; i++) {
        size_t nth = 0, k = 0;
        for (size_t j = 0; j < i; j++)
            nth += plain_same_name(x->lines[j].name, x->lines[i].name);
        while (k < y->count &&
               (!plain_same_name(y->lines[k].name, x->lines[i].name) || nth-- != 0))
            k++;
        if (k == y->count || !gwapi__str_eq(y->lines[k].value, x->lines[i].value))
            return false;
    }
    return true;
}

static bool headers_agree(const gwapi_decision *d, const plain_answer *a,
                          const gwapi_request *request, bool response)
{
    static const gwapi_header answered[] = {{GWAPI_STR_INIT("X-A"), GWAPI_STR_INIT("0")},
                                            {GWAPI_STR_INIT("x-b"), GWAPI_STR_INIT("0")}};
    const gwapi_header *lines = response ? answered : request->headers;
    plain_headers image = {.count = response ? 2 : request->header_count}, own;
    gwapi_header_op ops[64];
    size_t count;

    for (size_t i = 0; i < image.count; i++)
        image.lines[i] = lines[i];
    own = image;
    need(gwapi_decision_header_ops(d, request, d->chosen,
                                   response ? GWAPI_HEADERS_RESPONSE : GWAPI_HEADERS_REQUEST,
                                   ops, 64, &count),
         "header operations");
    for (size_t i = 0; i < count; i++) {
        if (ops[i].action == GWAPI_HEADER_SET)
            plain_header_set(&image, ops[i].name, ops[i].value);
        else if (ops[i].action == GWAPI_HEADER_ADD)
            plain_header_add(&image, ops[i].name, ops[i].value);
        else
            plain_header_remove(&image, ops[i].name);
    }
    plain_modify(&own, a, response);
    return same_lines(&image, &own);
}

static const char *compare_effects(const gwapi_decision *d, const plain_answer *a,
                                   const gwapi_request *request)
{
    char x[512], y[512];
    size_t n = 0;
    gwapi_str host;

    if (a->resolved == NULL || a->match == GWAPI_NONE)
        return NULL;
    const char *difference = compare_mirrors(d, a);
    if (difference != NULL)
        return difference;
    if (d->outcome == GWAPI_OUTCOME_REDIRECT) {
        uint32_t status;
        need(gwapi_decision_redirect(d, request, d->chosen, x, sizeof x, &n, &status),
             "redirect");
        if (n != plain_location(a, request, y, sizeof y) || memcmp(x, y, n) != 0 ||
            status != a->status)
            return "the redirect";
    }
    if (d->outcome == GWAPI_OUTCOME_FORWARD) {
        need(gwapi_decision_path(d, request, d->chosen, x, sizeof x, &n), "path");
        if (n != plain_path(a, request, y, sizeof y) || memcmp(x, y, n) != 0)
            return "the path";
        need(gwapi_decision_host(d, request, d->chosen, &host), "host");
        n = plain_host(a, request, y, sizeof y);
        if (!gwapi__str_eq(host, gwapi__str(y, n)))
            return "the host";
        if (!headers_agree(d, a, request, false))
            return "the request's headers";
    }
    return headers_agree(d, a, request, true) ? NULL : "the response's headers";
}

static const char *compare(const gwapi_decision *d, const plain_answer *a,
                           const gwapi_request *request)
{
    uint32_t status = (d->flags & GWAPI_DECISION_STATUS) != 0 ? d->status : 0;
    uint32_t grpc = (d->flags & GWAPI_DECISION_GRPC_STATUS) != 0 ? d->grpc_status : 0;
    const char *difference = compare_listener(d, a);

    if (difference == NULL)
        difference = compare_rule(d, a);
    if (difference != NULL)
        return difference;
    if (d->outcome != a->outcome || d->reason != a->reason)
        return "the outcome";
    if (status != a->status)
        return "the status";
    if (grpc != a->grpc_status)
        return "the gRPC status";
    if (d->chosen != a->chosen)
        return "the backend";
    if (d->mesh_role != a->role)
        return "the role in the mesh";
    return compare_effects(d, a, request);
}

/* ---- explanations ------------------------------------------------------------------------ */

/* Does the plain reading say of the candidate's conditions what the explanation says? */
static const char *compare_candidate(const subject *s, const gwapi_candidate *c,
                                     const gwapi_decision *d, const gwapi_request *request)
{
    gwapi_route_info route = {.struct_size = sizeof route};
    gwapi_rule_info rule = {.struct_size = sizeof rule};
    bool holds;

    need(gwapi_snapshot_route_at(s->snapshot, c->route, &route), "route");
    need(gwapi_snapshot_rule_at(s->snapshot, c->rule, &rule), "rule");
    if (!plain_match_holds(s->plain, &route, rule.index, c->match, request, &holds))
        return "explained: what is explained";
    if (holds != (c->failed == 0))
        return "explained: whether all conditions hold";
    bool taken = c->rule == d->rule && c->match == d->match;
    if (c->why == GWAPI_WHY_TAKEN && !taken)
        return "explained: what took the request";
    if (holds && d->rule == GWAPI_NONE)
        return "explained: that nothing took the request";
    return NULL;
}

static const char *compare_explained(const subject *s, const drawn_request *r,
                                     const gwapi_connection *connection, const plain_answer *a)
{
    gwapi_decision d = GWAPI_DECISION_INIT;
    gwapi_candidate list[16], nearest;
    const char *difference = NULL;
    size_t count, taken = 0;

    need(gwapi_match_explain(s->snapshot, s->scratch, connection, &r->request, &d, list, 16,
                             &count, &nearest),
         "explain");
    if (count != a->candidates)
        return "explained: how many candidates there are";
    for (size_t i = 0; difference == NULL && i < count && i < 16; i++) {
        taken += list[i].why == GWAPI_WHY_TAKEN;
        difference = compare_candidate(s, &list[i], &d, &r->request);
        if (list[i].failed != 0 && d.outcome == GWAPI_OUTCOME_NONE &&
            (nearest.route == GWAPI_NONE ||
             (nearest.why != GWAPI_WHY_PATH && nearest.why == list[i].why &&
              nearest.failed > list[i].failed)))
            return "explained: the nearest miss";
        if (list[i].failed == 0 && taken == 0)
            return "explained: the order of candidates";
    }
    if (difference == NULL && count <= 16 && count != 0 && taken != (a->match != GWAPI_NONE))
        return "explained: whether something took the request";
    return difference;
}

/* ---- a request --------------------------------------------------------------------------- */

static gwapi_decision ask_image(const subject *s, const drawn_request *r,
                                gwapi_connection *connection)
{
    gwapi_decision decision = GWAPI_DECISION_INIT;

    need(gwapi_accept(s->snapshot, s->scratch, &r->arrival, connection), "accept");
    need(gwapi_match(s->snapshot, s->scratch, connection, &r->request, &decision), "match");
    if (r->random != PLAIN_NO_RANDOM)
        need(gwapi_decision_pick_backend(&decision, &r->request, r->random, NULL), "backend");
    return decision;
}

static void tell_request(const drawn_request *r)
{
    const gwapi_arrival *a = &r->arrival;

    printf("port %u transport %u sni '%.*s' gateway '%.*s' address '%.*s'", (unsigned)a->port,
           (unsigned)a->transport, GWAPI__FMT(a->sni), GWAPI__FMT(a->gateway_name),
           GWAPI__FMT(a->address));
    if (a->client_namespace.data != NULL)
        printf(" client '%.*s' service '%.*s/%.*s'", GWAPI__FMT(a->client_namespace),
               GWAPI__FMT(a->service_namespace), GWAPI__FMT(a->service_name));
    printf("\n%.*s '%.*s' host '%.*s'%s flags %u random %llu\n", GWAPI__FMT(r->request.method),
           GWAPI__FMT(r->request.path), GWAPI__FMT(r->request.host),
           r->request.host.data == NULL ? " (absent)" : "", (unsigned)r->request.flags,
           (unsigned long long)r->random);
    for (size_t i = 0; i < r->request.header_count; i++)
        printf("%.*s: %.*s\n", GWAPI__FMT(r->request.headers[i].name),
               GWAPI__FMT(r->request.headers[i].value));
}

static void tell_plain(const plain_answer *a)
{
    printf("plainly: %s %s status %u grpc %u", gwapi_outcome_text(a->outcome),
           gwapi_reason_text(a->reason), (unsigned)a->status, (unsigned)a->grpc_status);
    if (a->gateway != NULL)
        printf(" listener %.*s/%.*s", GWAPI__FMT(a->gateway->meta.name),
               GWAPI__FMT(a->listener));
    if (a->route != NULL)
        printf(" route %.*s %.*s/%.*s rule %u match %u", GWAPI__FMT(a->route->kind_name),
               GWAPI__FMT(a->route->meta.namespace_), GWAPI__FMT(a->route->meta.name),
               (unsigned)a->rule, (unsigned)a->match);
    printf(" chosen %d role %u\n", (int)a->chosen, (unsigned)a->role);
}

static void count(tally *t, const gwapi_decision *d, const plain_answer *a)
{
    t->comparisons++;
    t->hits += a->route != NULL;
    t->outcomes[a->outcome & 7]++;
    t->mesh += d->mesh;
    t->grpc += a->route != NULL && a->route->kind == GWAPI__KIND_GRPC_ROUTE;
    t->streams += a->route != NULL && a->match == GWAPI_NONE;
    t->misdirected += a->reason == GWAPI_REASON_MISDIRECTED;
    t->mirrored += a->mirrors != 0;
    t->chosen += a->chosen != GWAPI_NONE;
}

static bool check_request(const subject *s, tally *t)
{
    gwapi_connection connection = GWAPI_CONNECTION_INIT;
    drawn_request r;
    static char line[65536];
    size_t length = 0;

    drawn_request_make(&r, &s->table);
    gwapi_decision d = ask_image(s, &r, &connection);
    plain_answer a = plain_ask(s->plain, &r.arrival, &r.request, r.random);
    const char *difference = compare(&d, &a, &r.request);
    if (difference == NULL && t->comparisons % 8 == 0)
        difference = compare_explained(s, &r, &connection, &a);
    count(t, &d, &a);
    if (difference == NULL)
        return true;
    printf("%.*s\n", GWAPI__FMT(gwapi__text_str(&s->table.yaml)));
    printf("---- %s differs ----\n", difference);
    tell_request(&r);
    tell_plain(&a);
    if (gwapi_decision_write_buffer(&d, &r.request, (gwapi_str){NULL, 0}, line, sizeof line,
                                    &length) == GWAPI_OK)
        printf("image: %.*s\n", (int)length, line);
    return false;
}

/* ---- all of it --------------------------------------------------------------------------- */

static bool check_table(const gwapi_schema *schema, const settings *s, uint64_t number,
                        tally *t)
{
    uint64_t seed =
        s->seed * UINT64_C(0x2545f4914f6cdd1d) + number * UINT64_C(0x9e3779b97f4a7c15);
    uint32_t routes = s->routes != 0 ? s->routes : 2 + (uint32_t)(number * 7 % 14);
    gwapi_allocator allocator = {0};
    subject asked;
    bool same = true;

    need(gwapi__allocator_init(&allocator, NULL), "allocator");
    drawn_table_make(&asked.table, seed, routes, s->spread, &allocator);
    subject_make(&asked, schema, gwapi__text_str(&asked.table.yaml));
    t->tables++;
    t->rules += asked.table.rules;
    t->fewest = t->fewest == 0 || asked.table.rules < t->fewest ? asked.table.rules : t->fewest;
    t->most = asked.table.rules > t->most ? asked.table.rules : t->most;
    drawn_seed(seed ^ UINT64_C(0x5bd1e9955bd1e995));
    for (uint64_t i = 0; same && i < s->requests; i++)
        same = check_request(&asked, t);
    if (!same)
        printf("seed %llu, table %llu, routes %u, spread %u\n", (unsigned long long)s->seed,
               (unsigned long long)number, (unsigned)routes, (unsigned)s->spread);
    subject_free(&asked);
    return same;
}

static void tell(const settings *s, const tally *t)
{
    printf("%llu comparisons, %llu hits, %llu tables of %u to %u rules, seed %llu\n",
           (unsigned long long)t->comparisons, (unsigned long long)t->hits,
           (unsigned long long)t->tables, (unsigned)t->fewest, (unsigned)t->most,
           (unsigned long long)s->seed);
    for (uint32_t i = GWAPI_OUTCOME_FORWARD; i <= GWAPI_OUTCOME_PASS; i++)
        printf("%s %llu, ", gwapi_outcome_text(i), (unsigned long long)t->outcomes[i]);
    printf(
        "misdirected %llu, grpc %llu, tls tcp udp %llu, mesh %llu, mirrored %llu, drawn %llu\n",
        (unsigned long long)t->misdirected, (unsigned long long)t->grpc,
        (unsigned long long)t->streams, (unsigned long long)t->mesh,
        (unsigned long long)t->mirrored, (unsigned long long)t->chosen);
}

static bool read_settings(settings *s, int argc, char **argv)
{
    const char *tables = getenv("GWAPI_AGREE_TABLES");

    *s = (settings){.seed = 1, .tables = 100, .requests = 1000};
    if (tables != NULL)
        s->tables = strtoull(tables, NULL, 10);
    for (int i = 1; i + 1 < argc; i += 2) {
        uint64_t value = strtoull(argv[i + 1], NULL, 10);
        if (strcmp(argv[i], "--seed") == 0)
            s->seed = value;
        else if (strcmp(argv[i], "--table") == 0)
            s->first = value, s->tables = 1;
        else if (strcmp(argv[i], "--tables") == 0)
            s->tables = value;
        else if (strcmp(argv[i], "--requests") == 0)
            s->requests = value;
        else if (strcmp(argv[i], "--routes") == 0)
            s->routes = (uint32_t)value;
        else if (strcmp(argv[i], "--spread") == 0)
            s->spread = (uint32_t)value;
        else
            return false;
    }
    return argc % 2 == 1;
}

int main(int argc, char **argv)
{
    gwapi_schema *schema;
    settings s;
    tally t = {0};
    bool same = true;

    if (!read_settings(&s, argc, argv)) {
        fprintf(stderr, "usage: agree [--seed N] [--table N] [--tables N] [--requests N] "
                        "[--routes N] [--spread N]\n");
        return 2;
    }
    need(gwapi_schema_new(&schema, NULL), "schema");
    need(gwapi_schema_add_builtin(schema, (gwapi_str){NULL, 0}, GWAPI_CHANNEL_EXPERIMENTAL),
         "schema");
    need(gwapi_schema_seal(schema, NULL, 0), "schema");
    for (uint64_t i = 0; same && i < s.tables; i++)
        same = check_table(schema, &s, s.first + i, &t);
    tell(&s, &t);
    gwapi_schema_free(schema);
    return same ? 0 : 1;
}
