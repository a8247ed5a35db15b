/*
 * Why a request was answered as it was: every match of the hosts that were looked at, each of
 * its conditions, and the criterion by which those that hold lost. What is decided is
 * gwapi_match's; this is the slow way to tell it, and tests compare the two.
 */
#include "base/result.h"
#include "base/utf8.h"
#include "match/decision.h"
#include "match/host.h"
#include "match/lookup.h"
#include "match/rule.h"

const char *gwapi_why_text(gwapi_why why)
{
#define TEXT_CASE(name, value, text)                                                           \
    case value:                                                                                \
        return text;
    switch (why) {
        GWAPI_WHY_TABLE(TEXT_CASE)
    default:
        return "";
    }
#undef TEXT_CASE
}

typedef struct explainer {
    gwapi__lookup lookup;
    gwapi_decision decision;
    uint32_t step;
    uint32_t taken_step;
    gwapi_candidate *out; /* the best, in order */
    size_t capacity, count;
    gwapi_candidate nearest;
} explainer;

/* ---- conditions -------------------------------------------------------------------------- */

static void note(gwapi_candidate *c, gwapi__regex_answer answer, gwapi_why why, gwapi_str name,
                 gwapi_str expected, bool pattern)
{
    if (answer == GWAPI__REGEX_MATCH) {
        c->held++;
        return;
    }
    if (c->failed++ != 0)
        return;
    c->why = answer == GWAPI__REGEX_SPENT ? (gwapi_why)GWAPI_WHY_LIMIT : why;
    c->name = name;
    c->expected = expected;
    c->pattern = pattern;
}

static gwapi__regex_answer answer_of(bool holds)
{
    return holds ? GWAPI__REGEX_MATCH : GWAPI__REGEX_MISS;
}

static const gwapi_str nothing = {NULL, 0};

static void check_path(explainer *e, gwapi_candidate *c, const gwapi__image_match *match)
{
    const gwapi_snapshot *s = e->lookup.snapshot;
    uint32_t type = match->flags_index & GWAPI__MATCH_TYPE;
    gwapi_str path = e->lookup.path;

    if (type == GWAPI__IMAGE_MATCH_REGEX) {
        note(c, gwapi__lookup_regex(&e->lookup, match->path, path), GWAPI_WHY_PATH, nothing,
             gwapi__image_str(s, gwapi__image_REGEX(s, match->path)->text), true);
        return;
    }
    gwapi_str expected = gwapi__image_str(s, (gwapi__image_text){match->path}), bare = expected;
    if (type == GWAPI__IMAGE_MATCH_EXACT) {
        note(c, answer_of(gwapi__str_eq(expected, path)), GWAPI_WHY_PATH, nothing, expected,
             false);
        return;
    }
    if (gwapi__str_ends(bare, GWAPI__STR("/")))
        bare.len--;
    bool holds = bare.len == 0 || (gwapi__str_starts(path, bare) &&
                                   (path.len == bare.len || path.data[bare.len] == '/'));
    note(c, answer_of(holds), GWAPI_WHY_PATH, nothing, expected, false);
}

static void check_grpc_part(explainer *e, gwapi_candidate *c, gwapi_why why,
                            gwapi__image_text text, uint32_t regex, gwapi_str given)
{
    gwapi_str expected = gwapi__image_str(e->lookup.snapshot, text);

    if (expected.data == NULL)
        return;
    note(c,
         regex != GWAPI__IMAGE_NONE ? gwapi__lookup_regex(&e->lookup, regex, given)
                                    : answer_of(gwapi__str_eq(expected, given)),
         why, nothing, expected, regex != GWAPI__IMAGE_NONE);
}

static void check_grpc(explainer *e, gwapi_candidate *c, const gwapi__image_match *match)
{
    const gwapi__image_grpc_method *grpc =
        gwapi__image_GRPC_METHOD(e->lookup.snapshot, match->path);

    note(c, answer_of(e->lookup.grpc), GWAPI_WHY_NOT_GRPC, nothing, nothing, false);
    if (!e->lookup.grpc)
        return;
    check_grpc_part(e, c, GWAPI_WHY_GRPC_SERVICE, grpc->service, grpc->service_regex,
                    e->lookup.service);
    check_grpc_part(e, c, GWAPI_WHY_GRPC_METHOD, grpc->method, grpc->method_regex,
                    e->lookup.grpc_method);
}

static void check_condition(explainer *e, gwapi_candidate *c, uint32_t index)
{
    const gwapi_snapshot *s = e->lookup.snapshot;
    const gwapi__image_condition *condition = gwapi__image_CONDITION(s, index);
    bool header = condition->header != GWAPI__IMAGE_NONE;
    gwapi_str name = gwapi__image_str(
        s, header ? gwapi__image_HEADER_NAME(s, condition->header)->text : condition->name);

    note(c, gwapi__condition_holds(&e->lookup, condition),
         header ? GWAPI_WHY_HEADER : GWAPI_WHY_QUERY, name,
         gwapi__image_str(s, condition->value), condition->regex != GWAPI__IMAGE_NONE);
}

/* All of them, each with the whole budget. */
static void check(explainer *e, gwapi_candidate *c, const gwapi__image_match *match)
{
    const gwapi_snapshot *s = e->lookup.snapshot;

    e->lookup.budget = s->limits.match_steps;
    if ((match->flags_index & GWAPI__MATCH_TYPE) == GWAPI__IMAGE_MATCH_GRPC)
        check_grpc(e, c, match);
    else
        check_path(e, c, match);
    gwapi_str method = gwapi__image_str(s, match->method);
    if (method.data != NULL)
        note(c, answer_of(gwapi__str_eq(method, e->lookup.method)), GWAPI_WHY_METHOD, nothing,
             method, false);
    for (uint32_t i = 0; i < match->conditions.count; i++)
        check_condition(e, c, match->conditions.first + i);
}

/* ---- precedence -------------------------------------------------------------------------- */

static size_t count_conditions(const gwapi_snapshot *s, const gwapi__image_match *match,
                               bool headers)
{
    size_t n = 0;

    for (uint32_t i = 0; i < match->conditions.count; i++) {
        uint32_t header = gwapi__image_CONDITION(s, match->conditions.first + i)->header;
        n += (header != GWAPI__IMAGE_NONE) == headers;
    }
    return n;
}

static size_t path_length(const gwapi_snapshot *s, const gwapi__image_match *match)
{
    if ((match->flags_index & GWAPI__MATCH_TYPE) == GWAPI__IMAGE_MATCH_REGEX)
        return gwapi__utf8_count(gwapi__image_str(s, gwapi__image_REGEX(s, match->path)->text));
    return gwapi__utf8_count(gwapi__image_str(s, (gwapi__image_text){match->path}));
}

/* By what of their own is one better than the other? Which is known. */
static gwapi_why criterion(const gwapi_snapshot *s, const gwapi__image_match *a,
                           const gwapi__image_match *b)
{
    uint32_t type = a->flags_index & GWAPI__MATCH_TYPE;

    if (type != (b->flags_index & GWAPI__MATCH_TYPE))
        return GWAPI_WHY_PATH_TYPE;
    if (type == GWAPI__IMAGE_MATCH_GRPC) {
        const gwapi__image_grpc_method *x = gwapi__image_GRPC_METHOD(s, a->path);
        const gwapi__image_grpc_method *y = gwapi__image_GRPC_METHOD(s, b->path);
        if (gwapi__utf8_count(gwapi__image_str(s, x->service)) !=
            gwapi__utf8_count(gwapi__image_str(s, y->service)))
            return GWAPI_WHY_SERVICE_LENGTH;
        if (gwapi__utf8_count(gwapi__image_str(s, x->method)) !=
            gwapi__utf8_count(gwapi__image_str(s, y->method)))
            return GWAPI_WHY_METHOD_LENGTH;
    } else if (type != GWAPI__IMAGE_MATCH_EXACT && path_length(s, a) != path_length(s, b)) {
        return GWAPI_WHY_PATH_LENGTH;
    }
    if ((a->method.offset == GWAPI__IMAGE_NONE) != (b->method.offset == GWAPI__IMAGE_NONE))
        return GWAPI_WHY_HAS_METHOD;
    if (count_conditions(s, a, true) != count_conditions(s, b, true))
        return GWAPI_WHY_HEADER_COUNT;
    if (count_conditions(s, a, false) != count_conditions(s, b, false))
        return GWAPI_WHY_QUERY_COUNT;
    return a->route != b->route ? GWAPI_WHY_ROUTE : GWAPI_WHY_ORDER;
}

static gwapi_why rank(const explainer *e, uint32_t entry)
{
    const gwapi_snapshot *s = e->lookup.snapshot;

    if (e->decision.match_entry == GWAPI_NONE)
        return GWAPI_WHY_LIMIT; /* a spent budget took the request */
    if (e->step == e->taken_step && entry == e->decision.match_entry)
        return GWAPI_WHY_TAKEN;
    if (e->step > e->taken_step)
        return GWAPI_WHY_HOSTNAME;
    return criterion(s, gwapi__image_MATCH(s, e->decision.match_entry),
                     gwapi__image_MATCH(s, entry));
}

/* ---- candidates -------------------------------------------------------------------------- */

static bool comes_first(const gwapi_candidate *a, const gwapi_candidate *b)
{
    return a->step != b->step ? a->step < b->step : a->entry < b->entry;
}

static void tell(explainer *e, const gwapi_candidate *c)
{
    size_t at = e->count < e->capacity ? e->count : e->capacity;

    e->count++;
    while (at > 0 && comes_first(c, &e->out[at - 1])) {
        if (at < e->capacity)
            e->out[at] = e->out[at - 1];
        at--;
    }
    if (at < e->capacity)
        e->out[at] = *c;
}

/* Paths and gRPC methods are compared before all else. */
static bool misses_path(const gwapi_candidate *c)
{
    return c->why == GWAPI_WHY_PATH || c->why == GWAPI_WHY_NOT_GRPC ||
           c->why == GWAPI_WHY_GRPC_SERVICE || c->why == GWAPI_WHY_GRPC_METHOD;
}

/* How far the path goes the way it should. */
static size_t shared(const explainer *e, const gwapi_candidate *c)
{
    gwapi_str path = e->lookup.path;
    size_t n = 0;

    if (c->why != GWAPI_WHY_PATH)
        return 0;
    while (n < path.len && n < c->expected.len && path.data[n] == c->expected.data[n])
        n++;
    return n;
}

static bool is_nearer(const explainer *e, const gwapi_candidate *a, const gwapi_candidate *b)
{
    size_t x = shared(e, a), y = shared(e, b);

    if (misses_path(a) != misses_path(b))
        return misses_path(b);
    if (x != y)
        return x > y;
    if (a->failed != b->failed)
        return a->failed < b->failed;
    return a->held != b->held ? a->held > b->held : comes_first(a, b);
}

static void consider(explainer *e, uint32_t entry)
{
    const gwapi__image_match *match = gwapi__image_MATCH(e->lookup.snapshot, entry);
    gwapi_candidate c = {.route = match->route,
                         .rule = match->rule,
                         .match = match->flags_index >> GWAPI__MATCH_INDEX_SHIFT,
                         .step = e->step,
                         .entry = entry};

    check(e, &c, match);
    if (c.failed == 0)
        c.why = rank(e, entry);
    else if (e->nearest.route == GWAPI_NONE || is_nearer(e, &c, &e->nearest))
        e->nearest = c;
    tell(e, &c);
}

typedef void (*visit_fn)(explainer *e, uint32_t entry);

static void visit_list(explainer *e, const uint32_t *list, uint32_t count, visit_fn visit)
{
    for (uint32_t i = 0; i < count; i++)
        visit(e, list[i]);
}

static const uint32_t *slot_list(const gwapi_snapshot *s, const gwapi__image_slot *slot,
                                 uint32_t *count)
{
    *count = slot->matches != GWAPI__SLOT_FREE;
    if (*count == 0 || (slot->matches & GWAPI__SLOT_LIST) == 0)
        return &slot->matches;
    const uint32_t *list = gwapi__image_MATCH_INDEX(s, slot->matches & ~GWAPI__SLOT_LIST);
    *count = *list + 1;
    return list + 1;
}

/* A pattern stands under each way it may begin: in an earlier slot too? */
static bool stands_before(const gwapi_snapshot *s, const gwapi__image_host *host, uint32_t slot,
                          uint32_t entry)
{
    for (uint32_t i = 0; i < slot; i++) {
        const gwapi__image_slot *earlier = gwapi__image_SLOT(s, host->slots.first + i);
        uint32_t count;
        const uint32_t *list = slot_list(s, earlier, &count);
        if ((earlier->tag & GWAPI__SLOT_TYPE) != GWAPI__IMAGE_MATCH_REGEX)
            continue;
        for (uint32_t k = 0; k < count; k++)
            if (list[k] == entry)
                return true;
    }
    return false;
}

static void visit_slot(explainer *e, const gwapi__image_host *host, uint32_t slot,
                       visit_fn visit)
{
    const gwapi_snapshot *s = e->lookup.snapshot;
    const gwapi__image_slot *record = gwapi__image_SLOT(s, host->slots.first + slot);
    bool pattern = (record->tag & GWAPI__SLOT_TYPE) == GWAPI__IMAGE_MATCH_REGEX;
    uint32_t count;
    const uint32_t *list = slot_list(s, record, &count);

    for (uint32_t i = 0; i < count; i++)
        if (!pattern || !stands_before(s, host, slot, list[i]))
            visit(e, list[i]);
}

static void visit_range(explainer *e, gwapi__image_range range, visit_fn visit)
{
    if (range.count != 0)
        visit_list(e, gwapi__image_MATCH_INDEX(e->lookup.snapshot, range.first), range.count,
                   visit);
}

static void visit_host(explainer *e, const gwapi__image_host *host, visit_fn visit)
{
    for (uint32_t i = 0; i < host->slots.count; i++)
        visit_slot(e, host, i, visit);
    if (host->lists == GWAPI__IMAGE_NONE)
        return;
    const gwapi__image_host_lists *lists =
        gwapi__image_HOST_LISTS(e->lookup.snapshot, host->lists);
    visit_range(e, lists->patterns, visit);
    visit_range(e, lists->deep, visit);
    visit_range(e, lists->grpc, visit);
}

static void find_taken(explainer *e, uint32_t entry)
{
    if (entry == e->decision.match_entry && e->taken_step == GWAPI_NONE)
        e->taken_step = e->step;
}

static void visit_hosts(explainer *e, uint32_t first, visit_fn visit)
{
    const gwapi_snapshot *s = e->lookup.snapshot;

    e->step = 0;
    for (uint32_t i = first; i != GWAPI__IMAGE_NONE; i = gwapi__image_HOST(s, i)->next) {
        visit_host(e, gwapi__image_HOST(s, i), visit);
        e->step++;
    }
}

/* ---- the interface ----------------------------------------------------------------------- */

/* The first of the hosts that the request was looked up in; NONE when it was not. */
static uint32_t first_host(const gwapi_connection *c, const gwapi_decision *d,
                           const gwapi_request *request)
{
    uint32_t listener, routes;
    gwapi__host host;

    if (c->outcome != GWAPI_OUTCOME_PENDING || d->reason == GWAPI_REASON_MISDIRECTED ||
        (d->reason == GWAPI_REASON_PATH_REFUSED && d->route == GWAPI_NONE))
        return GWAPI__IMAGE_NONE;
    if (c->mesh != 0)
        return gwapi__image_MESH_TABLE(d->snapshot, c->table)->host;
    gwapi__host_set(&host, gwapi__request_host(d->snapshot, request));
    gwapi__name_choose(d->snapshot, c->door, &host, &listener, &routes);
    return listener != GWAPI_NONE ? routes : GWAPI__IMAGE_NONE;
}

/* The path as it was compared. */
static void set_path(explainer *e, const gwapi_request *request)
{
    gwapi_str target = request->path, path;
    size_t length = 0;

    if (request->path_policy != GWAPI_PATH_RAW) {
        gwapi__request_target(request, &path, &e->lookup.query);
        if (gwapi_path_check(request->path_policy, path, e->lookup.text, e->lookup.text_size,
                             &length, NULL) == GWAPI_OK) {
            target = gwapi__str(e->lookup.text, length);
            e->lookup.text += length;
            e->lookup.text_size -= length;
        }
    }
    gwapi__lookup_set_path(&e->lookup, target);
}

gwapi_result gwapi_match_explain(const gwapi_snapshot *snapshot, gwapi_scratch *scratch,
                                 const gwapi_connection *connection,
                                 const gwapi_request *request, gwapi_decision *decision,
                                 gwapi_candidate *candidates, size_t capacity, size_t *count,
                                 gwapi_candidate *nearest)
{
    explainer e = {.decision = GWAPI_DECISION_INIT,
                   .taken_step = GWAPI_NONE,
                   .out = candidates,
                   .capacity = capacity,
                   .nearest = {.route = GWAPI_NONE}};
    gwapi_request r;

    if (count == NULL || (candidates == NULL && capacity != 0))
        return GWAPI_EARGUMENT;
    GWAPI__TRY(gwapi_match(snapshot, scratch, connection, request, &e.decision));
    GWAPI__TRY(gwapi_match(snapshot, scratch, connection, request, decision));
    GWAPI__TRY(gwapi__request_in(&r, request));
    uint32_t first = first_host(connection, &e.decision, &r);
    if (first != GWAPI__IMAGE_NONE) {
        gwapi__lookup_init(&e.lookup, snapshot, &r, scratch);
        set_path(&e, &r);
        visit_hosts(&e, first, find_taken);
        visit_hosts(&e, first, consider);
    }
    *count = e.count;
    if (nearest != NULL) {
        *nearest = e.nearest;
        if (e.decision.outcome != GWAPI_OUTCOME_NONE)
            *nearest = (gwapi_candidate){.route = GWAPI_NONE};
    }
    return GWAPI_OK;
}
