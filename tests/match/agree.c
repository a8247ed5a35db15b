/*
 * Asks an image and a plain reading of the rules (plain.h) the same of random tables (drawn.h)
 * and stops at the first difference, telling seed, table, manifests, request and both answers.
 *
 *     agree [--seed N] [--table N] [--tables N] [--requests N] [--changes N] [--routes N]
 *           [--spread N]
 *
 * --table N asks that table alone. In one table of four some routes then change, one at a time.
 * The environment's GWAPI_AGREE_TABLES stands for --tables. The exit status is 1 after a
 * difference.
 */
#include "match/agree.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/slice.h"

typedef struct settings {
    uint64_t seed;
    uint64_t first, tables, requests, changes;
    uint32_t routes, spread; /* routes 0: a few, differing */
} settings;

typedef struct tally {
    uint64_t comparisons, hits, tables, rules, refused, getters, changes;
    uint64_t outcomes[8], grpc, mesh, streams, misdirected, mirrored, chosen;
    uint64_t cors, preflights, auth, sessions;
    uint32_t fewest, most; /* rules of a table */
} tally;

/* What is asked: a table, resolved and compiled. */
typedef struct subject {
    gwapi_resources *set;
    gwapi_topology *topology;
    gwapi_snapshot *snapshot;
    gwapi_scratch *scratch;
    plain *plain;
    drawn_table table;
} subject;

void agree_need(gwapi_result result, const char *what)
{
    if (result == GWAPI_OK)
        return;
    fprintf(stderr, "agree: %s: %s\n", what, gwapi_result_name(result));
    exit(2);
}
#define need agree_need

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

static void read_yaml(gwapi_resources *set, gwapi_str yaml)
{
    gwapi_source source = GWAPI_SOURCE_INIT;
    gwapi_report *report;

    need(gwapi_report_new(&report, NULL, NULL), "report");
    source.bytes = yaml.data;
    source.len = yaml.len;
    gwapi_result result = gwapi_resources_read(set, &source, report);
    if (result != GWAPI_OK)
        tell_report(report);
    need(result, "reading");
    gwapi_report_free(report);
}

static gwapi_snapshot *compile(const gwapi_topology *topology, const gwapi_snapshot *previous)
{
    gwapi_compile_options options = GWAPI_COMPILE_OPTIONS_INIT;
    gwapi_snapshot *made;

    options.previous = previous;
    options.flags = GWAPI_COMPILE_KEEP;
    need(gwapi_snapshot_compile(&made, topology, &options, NULL), "compiling");
    return made;
}

/* Resolves and compiles what the set holds by now, from what there is. */
static void subject_renew(subject *s)
{
    gwapi_resolve_options options = GWAPI_RESOLVE_OPTIONS_INIT;
    gwapi_topology *topology;

    options.assume = GWAPI_ASSUME_SECRET;
    options.previous = s->topology;
    need(gwapi_topology_resolve(&topology, s->set, &options, NULL), "resolving");
    gwapi_snapshot *snapshot = compile(topology, s->snapshot);
    if (s->plain != NULL)
        plain_free(s->plain);
    gwapi_scratch_free(s->scratch);
    gwapi_snapshot_release(s->snapshot);
    gwapi_topology_release(s->topology);
    s->topology = topology;
    s->snapshot = snapshot;
    need(gwapi_scratch_new(&s->scratch, s->snapshot, NULL), "scratch");
    s->plain = plain_new(s->topology);
}

static void subject_make(subject *s, const gwapi_schema *schema, gwapi_str yaml)
{
    gwapi_resources_options options = GWAPI_RESOURCES_OPTIONS_INIT;

    need(gwapi_resources_new(&s->set, schema, &options), "set");
    read_yaml(s->set, yaml);
    subject_renew(s);
}

static void subject_free(subject *s)
{
    plain_free(s->plain);
    gwapi_scratch_free(s->scratch);
    gwapi_snapshot_release(s->snapshot);
    gwapi_topology_release(s->topology);
    gwapi_resources_free(s->set);
    drawn_table_free(&s->table);
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
                                const gwapi_request *request, gwapi_connection *connection)
{
    gwapi_decision decision = GWAPI_DECISION_INIT;

    need(gwapi_accept(s->snapshot, s->scratch, &r->arrival, connection), "accept");
    need(gwapi_match(s->snapshot, s->scratch, connection, request, &decision), "match");
    if (r->random != PLAIN_NO_RANDOM)
        need(gwapi_decision_pick_backend(&decision, request, r->random, NULL), "backend");
    return decision;
}

/* A host that keeps its headers itself; the index of a name is the snapshot's own. */
typedef struct keeper {
    const gwapi_snapshot *snapshot;
    const gwapi_request *request;
} keeper;

static uint32_t get_header(void *ctx, uint32_t name_index, gwapi_str name, uint32_t nth,
                           gwapi_str *value)
{
    const keeper *k = ctx;
    gwapi_str indexed = name;

    if (name_index != GWAPI_NONE)
        need(gwapi_snapshot_header_at(k->snapshot, name_index, &indexed), "header name");
    if (!plain_same_name(indexed, name))
        return 0;
    for (size_t i = 0; i < k->request->header_count; i++)
        if (plain_same_name(k->request->headers[i].name, name) && nth-- == 0) {
            *value = k->request->headers[i].value;
            return 1;
        }
    return 0;
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

static void count(tally *t, const gwapi_decision *d, const plain_answer *a,
                  const gwapi_request *request)
{
    bool settled = a->resolved != NULL && a->match != GWAPI_NONE;

    t->comparisons++;
    t->hits += a->route != NULL;
    t->outcomes[a->outcome & 7]++;
    t->mesh += d->mesh;
    t->grpc += a->route != NULL && a->route->kind == GWAPI__KIND_GRPC_ROUTE;
    t->streams += a->route != NULL && a->match == GWAPI_NONE;
    t->misdirected += a->reason == GWAPI_REASON_MISDIRECTED;
    t->refused += a->reason == GWAPI_REASON_PATH_REFUSED;
    t->preflights += a->reason == GWAPI_REASON_PREFLIGHT;
    t->mirrored += a->mirrors != 0;
    t->chosen += a->chosen != GWAPI_NONE;
    t->cors += settled && plain_cors_of(a, request).present;
    t->auth += settled && plain_auth(a, GWAPI_NONE, request) != NULL;
    t->sessions += settled && a->resolved->spec->session != NULL;
}

static void tell_difference(const subject *s, const drawn_request *r, const gwapi_decision *d,
                            const plain_answer *a, const char *difference)
{
    static char line[65536];
    size_t length = 0;

    printf("%.*s\n", GWAPI__FMT(gwapi__text_str(&s->table.yaml)));
    printf("---- %s differs ----\n", difference);
    tell_request(r);
    tell_plain(a);
    if (gwapi_decision_write_buffer(d, &r->request, (gwapi_str){NULL, 0}, line, sizeof line,
                                    &length) == GWAPI_OK)
        printf("image: %.*s\n", (int)length, line);
}

/* One in four with its headers behind a getter. */
static bool check_request(const subject *s, tally *t)
{
    gwapi_connection connection = GWAPI_CONNECTION_INIT;
    drawn_request r;

    drawn_request_make(&r, &s->table);
    gwapi_request given = r.request;
    keeper k = {s->snapshot, &r.request};
    gwapi_header_getter getter = {sizeof getter, &k, get_header};
    if (t->comparisons % 4 == 3) {
        given.getter = &getter;
        given.headers = NULL;
        given.header_count = 0;
        t->getters++;
    }
    gwapi_decision d = ask_image(s, &r, &given, &connection);
    plain_answer a = plain_ask(s->plain, &r.arrival, &r.request, r.random);
    const char *difference = agree_compare(&d, &a, &given, &r.request);
    if (difference == NULL && t->comparisons % 8 == 0)
        difference = compare_explained(s, &r, &connection, &a);
    count(t, &d, &a, &r.request);
    if (difference == NULL)
        return true;
    tell_difference(s, &r, &d, &a, difference);
    return false;
}

/* ---- one route after the other ----------------------------------------------------------- */

/* The next route of a table's text. */
static gwapi_str next_route(gwapi_str *rest)
{
    gwapi_str document;

    do {
        size_t end = gwapi__str_find(gwapi__str_sub(*rest, 1, rest->len), GWAPI__STR("---\n"));
        document = gwapi__str_sub(*rest, 0, end == SIZE_MAX ? rest->len : end + 1);
        *rest = gwapi__str_sub(*rest, document.len, rest->len);
    } while (rest->len != 0 && gwapi__str_find(document, GWAPI__STR("Route\n")) == SIZE_MAX);
    return gwapi__str_find(document, GWAPI__STR("Route\n")) != SIZE_MAX
               ? document
               : gwapi__str(document.data, 0);
}

/* What stands behind the words, up to one of `ends`. */
static gwapi_str behind(gwapi_str text, const char *words, const char *ends)
{
    size_t at = gwapi__str_find(text, gwapi__str_of(words)) + strlen(words), n = 0;

    while (at + n < text.len && strchr(ends, text.data[at + n]) == NULL)
        n++;
    return gwapi__str_sub(text, at, n);
}

static void delete_route(gwapi_resources *set, gwapi_str document)
{
    gwapi_object_ref ref = GWAPI_OBJECT_REF_INIT;

    ref.group = GWAPI__STR("gateway.networking.k8s.io");
    ref.kind = behind(document, "kind: ", "\n");
    ref.name = behind(document, "metadata: {name: ", ",");
    ref.namespace_ = behind(document, "namespace: ", ",}");
    gwapi_result result = gwapi_resources_delete(set, &ref);
    if (result != GWAPI_ENOTFOUND)
        need(result, "deleting");
}

static bool same_bytes(const gwapi_snapshot *x, const gwapi_snapshot *y)
{
    size_t n, m;
    const void *a = gwapi_snapshot_bytes(x, &n), *b = gwapi_snapshot_bytes(y, &m);

    return n == m && memcmp(a, b, n) == 0;
}

/* Routes of another table come into this one, or their namesakes go; after each change the
 * image made from the one before has the bytes of one made anew, and answers as it should. */
static bool check_changes(subject *s, const settings *limits, uint64_t seed, tally *t)
{
    gwapi_allocator allocator = {0};
    drawn_table other;
    bool same = true;

    need(gwapi__allocator_init(&allocator, NULL), "allocator");
    drawn_table_make(&other, seed, limits->routes != 0 ? limits->routes : 8, limits->spread,
                     &allocator);
    gwapi_str rest = gwapi__text_str(&other.yaml);
    for (uint64_t i = 0; same && i < limits->changes && rest.len != 0; i++) {
        gwapi_str document = next_route(&rest);
        if (document.len == 0)
            break;
        if (i % 3 == 2)
            delete_route(s->set, document);
        else
            read_yaml(s->set, document);
        gwapi__text_addz(&s->table.yaml, i % 3 == 2 ? "# goes:\n" : "# comes:\n");
        gwapi__text_add(&s->table.yaml, document);
        subject_renew(s);
        t->changes++;
        gwapi_snapshot *anew = compile(s->topology, NULL);
        same = same_bytes(s->snapshot, anew);
        if (!same)
            printf("%.*s\n---- the image made from the one before has other bytes ----\n",
                   GWAPI__FMT(gwapi__text_str(&s->table.yaml)));
        gwapi_snapshot_release(anew);
        for (uint64_t k = 0; same && k < limits->requests / 8; k++)
            same = check_request(s, t);
    }
    drawn_table_free(&other);
    return same;
}

/* ---- all of it --------------------------------------------------------------------------- */

static bool check_table(const gwapi_schema *schema, const settings *s, uint64_t number,
                        tally *t)
{
    uint64_t seed =
        s->seed * UINT64_C(0x2545f4914f6cdd1d) + number * UINT64_C(0x9e3779b97f4a7c15);
    uint32_t routes = s->routes != 0 ? s->routes : 2 + (uint32_t)(number * 7 % 14);
    gwapi_allocator allocator = {0};
    subject asked = {0};
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
    if (same && number % 4 == 0)
        same = check_changes(&asked, s, seed ^ UINT64_C(0x2127599bf4325c37), t);
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
    printf("cors %llu, preflights %llu, auth %llu, sessions %llu, paths refused %llu, getters "
           "%llu, changes %llu\n",
           (unsigned long long)t->cors, (unsigned long long)t->preflights,
           (unsigned long long)t->auth, (unsigned long long)t->sessions,
           (unsigned long long)t->refused, (unsigned long long)t->getters,
           (unsigned long long)t->changes);
}

static bool read_settings(settings *s, int argc, char **argv)
{
    const char *tables = getenv("GWAPI_AGREE_TABLES");

    *s = (settings){.seed = 1, .tables = 100, .requests = 1000, .changes = 3};
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
        else if (strcmp(argv[i], "--changes") == 0)
            s->changes = value;
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
                        "[--changes N] [--routes N] [--spread N]\n");
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
