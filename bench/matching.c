#include "matching.h"
#include "linear.h"
#include "measure.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TOLD_AT_MOST = 5 };

static void accept_one(const bench_matching *m, size_t i, gwapi_connection *connection)
{
    *connection = (gwapi_connection)GWAPI_CONNECTION_INIT;
    bench_expect(
        gwapi_accept(m->snapshot, m->scratch, &m->data->requests[i].arrival, connection),
        "gwapi_accept");
}

static void match_one(const bench_matching *m, size_t i, gwapi_decision *decision)
{
    *decision = (gwapi_decision)GWAPI_DECISION_INIT;
    bench_expect(gwapi_match(m->snapshot, m->scratch, &m->connections[i],
                             &m->data->requests[i].request, decision),
                 "gwapi_match");
}

void bench_matching_init(bench_matching *matching, const bench_data *data,
                         const gwapi_snapshot *snapshot, const gwapi_allocator *allocator)
{
    *matching = (bench_matching){.data = data, .snapshot = snapshot};
    matching->walked = data->request_count;
    matching->connections = bench_alloc(data->request_count, sizeof *matching->connections);
    matching->memory = pcre2_match_data_create(1, NULL);
    if (matching->memory == NULL)
        bench_die("pcre2_match_data_create", "out of memory");
    bench_expect(gwapi_scratch_new(&matching->scratch, snapshot, allocator),
                 "gwapi_scratch_new");
    for (size_t i = 0; i < data->request_count; i++)
        accept_one(matching, i, &matching->connections[i]);
}

void bench_matching_free(bench_matching *matching)
{
    gwapi_scratch_free(matching->scratch);
    pcre2_match_data_free(matching->memory);
    free(matching->connections);
}

void bench_accept_run(void *ctx)
{
    const bench_matching *m = ctx;
    gwapi_connection connection;
    uint64_t sum = 0;

    for (size_t i = 0; i < m->data->request_count; i++) {
        accept_one(m, i, &connection);
        sum += connection.port;
    }
    bench_sink += sum;
}

void bench_match_run(void *ctx)
{
    const bench_matching *m = ctx;
    gwapi_decision decision;
    uint64_t sum = 0;

    for (size_t i = 0; i < m->data->request_count; i++) {
        match_one(m, i, &decision);
        sum += decision.rule;
    }
    bench_sink += sum;
}

void bench_forward_run(void *ctx)
{
    const bench_matching *m = ctx;
    gwapi_backend_info backend = {.struct_size = sizeof backend};
    gwapi_decision decision;
    uint32_t chosen;
    uint64_t sum = 0;

    for (size_t i = 0; i < m->data->request_count; i++) {
        const bench_request *q = &m->data->requests[i];
        match_one(m, i, &decision);
        bench_expect(gwapi_decision_pick_backend(&decision, &q->request, q->random, &chosen),
                     "gwapi_decision_pick_backend");
        if (chosen == GWAPI_NONE)
            continue;
        bench_expect(gwapi_decision_backend_at(&decision, chosen, &backend),
                     "gwapi_decision_backend_at");
        sum += backend.port;
    }
    bench_sink += sum;
}

void bench_walk_run(void *ctx)
{
    const bench_matching *m = ctx;
    uint64_t sum = 0;

    for (size_t i = 0; i < m->walked; i++) {
        const bench_row *row = bench_linear(m->data, m->memory, &m->data->requests[i]);
        sum += row != NULL ? row->rule : 0;
    }
    bench_sink += sum;
}

/* ---- the same answers? --------------------------------------------------------------- */

static bool is_joined(gwapi_str joined, gwapi_str a, gwapi_str b)
{
    return joined.len == a.len + 1 + b.len && joined.data[a.len] == '/' &&
           memcmp(joined.data, a.data, a.len) == 0 &&
           memcmp(joined.data + a.len + 1, b.data, b.len) == 0;
}

/* What took a request. */
typedef struct taker {
    gwapi_route_info route;
    gwapi_rule_info rule;
} taker;

static void find_taker(taker *t, const bench_matching *m, const gwapi_decision *d)
{
    t->route = (gwapi_route_info){.struct_size = sizeof t->route};
    t->rule = (gwapi_rule_info){.struct_size = sizeof t->rule};
    bench_expect(gwapi_snapshot_route_at(m->snapshot, d->route, &t->route),
                 "gwapi_snapshot_route_at");
    bench_expect(gwapi_snapshot_rule_at(m->snapshot, d->rule, &t->rule),
                 "gwapi_snapshot_rule_at");
}

static bool same(const bench_matching *m, const gwapi_decision *d, const bench_row *row)
{
    taker t;

    if (row == NULL || d->route == GWAPI_NONE)
        return row == NULL && d->route == GWAPI_NONE && d->outcome == GWAPI_OUTCOME_NONE;
    find_taker(&t, m, d);
    return t.route.kind == (row->grpc ? GWAPI_ROUTE_GRPC : GWAPI_ROUTE_HTTP) &&
           is_joined(row->route, t.route.namespace_, t.route.name) &&
           t.rule.index == row->rule && d->match == row->match;
}

static void tell(const bench_matching *m, size_t i, const gwapi_decision *d,
                 const bench_row *row)
{
    taker t;

    fprintf(stderr, "request %zu, the library: ", i);
    if (d->route == GWAPI_NONE) {
        fprintf(stderr, "%s", gwapi_outcome_text(d->outcome));
    } else {
        find_taker(&t, m, d);
        fprintf(stderr, "%.*s/%.*s rule %u match %u", (int)t.route.namespace_.len,
                t.route.namespace_.data, (int)t.route.name.len, t.route.name.data, t.rule.index,
                d->match);
    }
    if (row == NULL)
        fprintf(stderr, "; the walk: none\n");
    else
        fprintf(stderr, "; the walk: %.*s rule %u match %u\n", (int)row->route.len,
                row->route.data, row->rule, row->match);
}

size_t bench_matching_compare(bench_matching *matching, size_t *taken)
{
    gwapi_decision decision;
    size_t different = 0;

    *taken = 0;
    for (size_t i = 0; i < matching->data->request_count; i++) {
        const bench_row *row =
            bench_linear(matching->data, matching->memory, &matching->data->requests[i]);
        match_one(matching, i, &decision);
        *taken += row != NULL;
        if (!same(matching, &decision, row) && ++different <= TOLD_AT_MOST)
            tell(matching, i, &decision, row);
    }
    return different;
}
