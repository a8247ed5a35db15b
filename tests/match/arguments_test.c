/* Functions of the matcher, called wrongly: each refuses what it cannot use and says which. */
#include <gatewayapi/auth.h>
#include "match/sampled.h"

static sampled s;

static void set_up(void)
{
    sampled_open(&s);
}

static void tear_down(void)
{
    sampled_close(&s);
}

TestSuite(match_arguments, .init = set_up, .fini = tear_down);

/* ---- functions that ask a decision ---------------------------------------------------------- */

/* What a function is given; `room` is the struct_size of its out-struct, 0: the right one. */
typedef struct given {
    gwapi_decision *decision;
    const gwapi_request *request;
    size_t room;
    bool no_out;
} given;

/* Larger than any out-struct of ours, as a newer caller's may be. */
#define NEWER 1024

#define INFO(name, type, call)                                                                \
    static gwapi_result name(const given *g)                                                  \
    {                                                                                         \
        union {                                                                               \
            type out;                                                                         \
            unsigned char bytes[NEWER];                                                       \
        } u;                                                                                  \
        type *out = g->no_out ? NULL : &u.out;                                                \
        memset(&u, 0xff, sizeof u);                                                           \
        u.out.struct_size = g->room != 0 ? g->room : sizeof u.out;                            \
        gwapi_result result = call;                                                           \
        for (size_t i = sizeof u.out; i < sizeof u; i++)                                      \
            cr_assert_eq(u.bytes[i], result == GWAPI_OK && i < g->room ? 0 : 0xff,            \
                         #name ": byte %zu", i);                                              \
        return result;                                                                        \
    }

static const gwapi_auth_response granted = {.struct_size = sizeof granted, .status = 200};

INFO(backend_at, gwapi_backend_info, gwapi_decision_backend_at(g->decision, 0, out))
INFO(mirror_at, gwapi_mirror_info, gwapi_decision_mirror_at(g->decision, 0, out))
INFO(extension_at, gwapi_extension_info, gwapi_decision_extension_at(g->decision, 0, out))
INFO(retry, gwapi_retry_info, gwapi_decision_retry(g->decision, out))
INFO(session, gwapi_session_info, gwapi_decision_session(g->decision, out))
INFO(traffic, gwapi_traffic_info, gwapi_decision_traffic(g->decision, 0, out))
INFO(traffic_session, gwapi_session_info, gwapi_decision_traffic_session(g->decision, 0, out))
INFO(cors, gwapi_cors_answer,
     gwapi_decision_cors(g->decision, g->request, GWAPI_NONE, out))
INFO(auth_request, gwapi_auth_call,
     gwapi_auth_request(g->decision, g->request, GWAPI_NONE, out))
INFO(auth_result, gwapi_auth_answer,
     gwapi_auth_result(g->decision, GWAPI_NONE, &granted, out))

static gwapi_result pick_backend(const given *g)
{
    return gwapi_decision_pick_backend(g->decision, g->request, 0, NULL);
}

static gwapi_result host(const given *g)
{
    gwapi_str out;

    return gwapi_decision_host(g->decision, g->request, GWAPI_NONE, g->no_out ? NULL : &out);
}

static gwapi_result header_ops(const given *g)
{
    gwapi_header_op ops[8];
    size_t count;

    return gwapi_decision_header_ops(g->decision, g->request, GWAPI_NONE, GWAPI_HEADERS_REQUEST,
                                     ops, 8, g->no_out ? NULL : &count);
}

static gwapi_result cookie_path(const given *g)
{
    char text[64];
    size_t length;

    return gwapi_decision_cookie_path(g->decision, text, sizeof text,
                                      g->no_out ? NULL : &length);
}

static gwapi_result path(const given *g)
{
    char text[64];
    size_t length;

    return gwapi_decision_path(g->decision, g->request, GWAPI_NONE, text, sizeof text,
                               g->no_out ? NULL : &length);
}

static gwapi_result redirect(const given *g)
{
    char text[64];
    size_t length;
    uint32_t status;

    return gwapi_decision_redirect(g->decision, g->request, GWAPI_NONE, text, sizeof text,
                                   g->no_out ? NULL : &length, &status);
}

static gwapi_result auth_path(const given *g)
{
    char text[64];
    size_t length;

    return gwapi_auth_path(g->decision, g->request, GWAPI_NONE, text, sizeof text,
                           g->no_out ? NULL : &length);
}

static gwapi_result auth_headers(const given *g)
{
    gwapi_header headers[8];
    size_t count;

    return gwapi_auth_headers(g->decision, g->request, GWAPI_NONE, headers, 8,
                              g->no_out ? NULL : &count);
}

static gwapi_result auth_changes(const given *g)
{
    gwapi_header_op ops[8];
    size_t count;

    return gwapi_auth_changes(g->decision, GWAPI_NONE, &granted, GWAPI_AUTH_REQUEST_HEADERS, ops,
                              8, g->no_out ? NULL : &count);
}

static gwapi_result auth_header_ops(const given *g)
{
    gwapi_header_op ops[8];
    size_t count;

    return gwapi_auth_header_ops(g->decision, g->request, GWAPI_NONE, GWAPI_HEADERS_REQUEST,
                                 &granted, NULL, ops, 8, g->no_out ? NULL : &count);
}

static gwapi_result write(const given *g)
{
    const gwapi_sink sink = {sizeof sink, NULL, use_sink};

    return gwapi_decision_write(g->decision, g->request, (gwapi_str){NULL, 0},
                                g->no_out ? NULL : &sink);
}

static gwapi_result write_buffer(const given *g)
{
    char text[4096];
    size_t length;

    return gwapi_decision_write_buffer(g->decision, g->request, (gwapi_str){NULL, 0}, text,
                                       sizeof text, g->no_out ? NULL : &length);
}

enum { TAKES_REQUEST = 1, HAS_OUT = 2, HAS_STRUCT = 4 };

static const struct {
    const char *name;
    gwapi_result (*call)(const given *g);
    const char *path; /* of a request whose decision can be asked so */
    unsigned what;
} functions[] = {
    {"backend_at", backend_at, "/exact", HAS_OUT | HAS_STRUCT},
    {"mirror_at", mirror_at, "/exact", HAS_OUT | HAS_STRUCT},
    {"extension_at", extension_at, "/exact", HAS_OUT | HAS_STRUCT},
    {"retry", retry, "/exact", HAS_OUT | HAS_STRUCT},
    {"session", session, "/exact", HAS_OUT | HAS_STRUCT},
    {"traffic", traffic, "/exact", HAS_OUT | HAS_STRUCT},
    {"traffic_session", traffic_session, "/exact", HAS_OUT | HAS_STRUCT},
    {"cors", cors, "/exact", TAKES_REQUEST | HAS_OUT | HAS_STRUCT},
    {"auth_request", auth_request, "/exact", TAKES_REQUEST | HAS_OUT | HAS_STRUCT},
    {"auth_result", auth_result, "/exact", HAS_OUT | HAS_STRUCT},
    {"auth_path", auth_path, "/exact", TAKES_REQUEST | HAS_OUT},
    {"auth_headers", auth_headers, "/exact", TAKES_REQUEST | HAS_OUT},
    {"auth_changes", auth_changes, "/exact", HAS_OUT},
    {"auth_header_ops", auth_header_ops, "/exact", TAKES_REQUEST | HAS_OUT},
    {"pick_backend", pick_backend, "/exact", TAKES_REQUEST},
    {"host", host, "/exact", TAKES_REQUEST | HAS_OUT},
    {"header_ops", header_ops, "/exact", TAKES_REQUEST | HAS_OUT},
    {"cookie_path", cookie_path, "/exact", HAS_OUT},
    {"path", path, "/exact", TAKES_REQUEST | HAS_OUT},
    {"redirect", redirect, "/r1", TAKES_REQUEST | HAS_OUT},
    {"write", write, "/exact", TAKES_REQUEST | HAS_OUT},
    {"write_buffer", write_buffer, "/exact", TAKES_REQUEST | HAS_OUT},
};
#define FUNCTIONS (sizeof functions / sizeof *functions)

/* Calls the i-th function with what `g` says; where that is silent, rightly. */
static gwapi_result call(size_t i, given g)
{
    gwapi_request request = sampled_get(functions[i].path);
    gwapi_decision decision = sampled_ask(&s, &request);

    g.decision = g.decision != NULL ? g.decision : &decision;
    g.request = g.request != NULL ? g.request : &request;
    return functions[i].call(&g);
}

Test(match_arguments, what_is_right_is_answered)
{
    for (size_t i = 0; i < FUNCTIONS; i++) {
        gwapi_result result = call(i, (given){.decision = NULL});
        cr_expect_eq(result, GWAPI_OK, "%s: %s", functions[i].name, gwapi_result_name(result));
    }
}

Test(match_arguments, a_decision_that_is_none_is_refused)
{
    gwapi_request request = sampled_get("/exact");
    gwapi_decision shorter = sampled_ask(&s, &request), empty = GWAPI_DECISION_INIT;

    shorter.struct_size--;
    for (size_t i = 0; i < FUNCTIONS; i++) {
        const given without = {.request = &request};
        cr_expect_eq(functions[i].call(&without), GWAPI_EARGUMENT, "%s: NULL", functions[i].name);
        cr_expect_eq(call(i, (given){.decision = &shorter}), GWAPI_EARGUMENT, "%s: too short",
                     functions[i].name);
        cr_expect_eq(call(i, (given){.decision = &empty}), GWAPI_EARGUMENT, "%s: no snapshot",
                     functions[i].name);
    }
}

Test(match_arguments, a_request_of_another_size_is_refused)
{
    gwapi_request shorter = sampled_get("/exact");
    struct {
        gwapi_request known;
        uint64_t unknown;
    } newer = {sampled_get("/exact"), 1};

    shorter.struct_size = 8;
    newer.known.struct_size = sizeof newer;
    for (size_t i = 0; i < FUNCTIONS; i++) {
        if ((functions[i].what & TAKES_REQUEST) == 0)
            continue;
        cr_expect_eq(call(i, (given){.request = &shorter}), GWAPI_ESTRUCTSIZE, "%s",
                     functions[i].name);
        cr_expect_eq(call(i, (given){.request = &newer.known}), GWAPI_ESTRUCTSIZE,
                     "%s: something that is not known is asked for", functions[i].name);
    }
}

Test(match_arguments, an_answer_needs_a_place)
{
    for (size_t i = 0; i < FUNCTIONS; i++)
        if ((functions[i].what & HAS_OUT) != 0)
            cr_expect_eq(call(i, (given){.no_out = true}), GWAPI_EARGUMENT, "%s",
                         functions[i].name);
}

Test(match_arguments, an_answer_is_as_long_as_its_struct)
{
    for (size_t i = 0; i < FUNCTIONS; i++) {
        if ((functions[i].what & HAS_STRUCT) == 0)
            continue;
        cr_expect_eq(call(i, (given){.room = sizeof(size_t)}), GWAPI_ESTRUCTSIZE, "%s",
                     functions[i].name);
        cr_expect_eq(call(i, (given){.room = NEWER}), GWAPI_OK, "%s", functions[i].name);
    }
}

Test(match_arguments, nothing_stands_beyond_the_end_of_a_list)
{
    gwapi_request request = sampled_get("/exact");
    gwapi_decision d = sampled_ask(&s, &request);
    gwapi_backend_info backend = {.struct_size = sizeof backend};
    gwapi_mirror_info mirror = {.struct_size = sizeof mirror};
    gwapi_extension_info extension = {.struct_size = sizeof extension};
    gwapi_traffic_info traffic_policy = {.struct_size = sizeof traffic_policy};

    cr_expect_eq(gwapi_decision_backend_count(&d), 2);
    cr_expect_eq(gwapi_decision_backend_at(&d, 2, &backend), GWAPI_EARGUMENT);
    cr_expect_eq(gwapi_decision_backend_index(&d, 1), 1);
    cr_expect_eq(gwapi_decision_backend_index(&d, 2), GWAPI_NONE);
    cr_expect_eq(gwapi_decision_mirror_count(&d), 1);
    cr_expect_eq(gwapi_decision_mirror_at(&d, 1, &mirror), GWAPI_EARGUMENT);
    cr_expect_eq(gwapi_decision_extension_count(&d), 1);
    cr_expect_eq(gwapi_decision_extension_at(&d, 1, &extension), GWAPI_EARGUMENT);
    cr_expect_eq(gwapi_decision_retry_code_at(&d, 0), 503);
    cr_expect_eq(gwapi_decision_retry_code_at(&d, 1), 0);
    cr_expect_eq(gwapi_decision_traffic(&d, 2, &traffic_policy), GWAPI_OK);
    cr_expect_eq(traffic_policy.present, 0);
}

Test(match_arguments, what_cannot_be_asked_has_no_parts)
{
    gwapi_decision empty = GWAPI_DECISION_INIT;

    cr_expect_eq(gwapi_decision_backend_count(NULL), 0);
    cr_expect_eq(gwapi_decision_backend_count(&empty), 0);
    cr_expect_eq(gwapi_decision_backend_index(NULL, 0), GWAPI_NONE);
    cr_expect_eq(gwapi_decision_mirror_count(NULL), 0);
    cr_expect_eq(gwapi_decision_extension_count(NULL), 0);
    cr_expect_eq(gwapi_decision_retry_code_at(NULL, 0), 0);
    cr_expect_eq(gwapi_auth_sends_header(NULL, GWAPI_NONE, GWAPI__STR("x")), 0);
    cr_expect_eq(gwapi_auth_takes_header(&empty, GWAPI_NONE, GWAPI__STR("x")), 0);
}

Test(match_arguments, a_decision_without_a_rule_has_nothing_to_tell)
{
    gwapi_connection c = sampled_accept(&s, 8080, NULL);
    gwapi_request request = sampled_get("/exact");
    gwapi_decision d = sampled_match(&s, &c, &request);
    gwapi_session_info info = {.struct_size = sizeof info};
    gwapi_retry_info retries = {.struct_size = sizeof retries};
    gwapi_mesh_info mesh = {.struct_size = sizeof mesh};
    gwapi_auth_answer answer = {.struct_size = sizeof answer};
    char text[64];
    size_t length;

    cr_assert_eq(d.outcome, GWAPI_OUTCOME_NONE);
    cr_expect_eq(gwapi_decision_backend_count(&d), 0);
    cr_expect_eq(gwapi_decision_mirror_count(&d), 0);
    cr_expect_eq(gwapi_decision_extension_count(&d), 0);
    cr_expect_eq(gwapi_decision_session(&d, &info), GWAPI_OK);
    cr_expect_eq(info.type, GWAPI_SESSION_NONE);
    cr_expect_eq(gwapi_decision_retry(&d, &retries), GWAPI_OK);
    cr_expect_eq(retries.present, 0);
    cr_expect_eq(gwapi_decision_cookie_path(&d, text, sizeof text, &length), GWAPI_ESTATE);
    cr_expect_eq(gwapi_decision_redirect(&d, &request, GWAPI_NONE, text, sizeof text, &length,
                                         NULL),
                 GWAPI_ESTATE);
    cr_expect_eq(gwapi_mesh_destination(&d, &mesh), GWAPI_ESTATE);
    cr_expect_eq(gwapi_auth_result(&d, GWAPI_NONE, &granted, &answer), GWAPI_ESTATE);
}

Test(match_arguments, the_mesh_is_asked_with_a_decision_of_its_own)
{
    gwapi_connection c = sampled_mesh(&s, "other", 80, GWAPI_TRANSPORT_AUTO);
    gwapi_request request = sampled_get("/exact");
    gwapi_decision d = sampled_match(&s, &c, &request);
    gwapi_mesh_info mesh = {.struct_size = sizeof mesh};

    cr_expect_eq(gwapi_mesh_destination(&d, &mesh), GWAPI_OK);
    cr_expect_eq(mesh.role, GWAPI_MESH_PRODUCER);
    cr_expect_eq(gwapi_mesh_destination(NULL, &mesh), GWAPI_EARGUMENT);
    cr_expect_eq(gwapi_mesh_destination(&d, NULL), GWAPI_EARGUMENT);
    mesh.struct_size = 8;
    cr_expect_eq(gwapi_mesh_destination(&d, &mesh), GWAPI_ESTRUCTSIZE);
    d.service_port = 99;
    cr_expect_eq(gwapi_mesh_destination(&d, &mesh), GWAPI_ESTATE);
}

/* ---- texts into buffers --------------------------------------------------------------------- */

typedef gwapi_result text_call(const gwapi_decision *d, const gwapi_request *r, char *buffer,
                               size_t capacity, size_t *length);

static gwapi_result text_redirect(const gwapi_decision *d, const gwapi_request *r, char *buffer,
                                  size_t capacity, size_t *length)
{
    return gwapi_decision_redirect(d, r, GWAPI_NONE, buffer, capacity, length, NULL);
}

static gwapi_result text_path(const gwapi_decision *d, const gwapi_request *r, char *buffer,
                              size_t capacity, size_t *length)
{
    return gwapi_decision_path(d, r, GWAPI_NONE, buffer, capacity, length);
}

static gwapi_result text_cookie(const gwapi_decision *d, const gwapi_request *r, char *buffer,
                                size_t capacity, size_t *length)
{
    (void)r;
    return gwapi_decision_cookie_path(d, buffer, capacity, length);
}

static gwapi_result text_auth(const gwapi_decision *d, const gwapi_request *r, char *buffer,
                              size_t capacity, size_t *length)
{
    return gwapi_auth_path(d, r, GWAPI_NONE, buffer, capacity, length);
}

static gwapi_result text_line(const gwapi_decision *d, const gwapi_request *r, char *buffer,
                              size_t capacity, size_t *length)
{
    return gwapi_decision_write_buffer(d, r, GWAPI__STR("\"id\""), buffer, capacity, length);
}

static gwapi_result text_policy(const gwapi_decision *d, const gwapi_request *r, char *buffer,
                                size_t capacity, size_t *length)
{
    (void)d;
    return gwapi_path_check(GWAPI_PATH_NORMALIZE, r->path, buffer, capacity, length, NULL);
}

static const struct {
    const char *name;
    text_call *call;
    const char *path, *expected;
} texts[] = {
    {"redirect", text_redirect, "/r1?q", "https://a.example/r1?q"},
    {"path", text_path, "/exact?q", "/exact?q"},
    {"cookie path", text_cookie, "/exact", "/exact"},
    {"auth path", text_auth, "/exact?q", "/auth/exact?q"},
    {"decision line", text_line, "/none",
     "{\"id\":\"id\",\"outcome\":\"none\",\"status\":404,\"reason\":\"NoRoute\",\"listener\":{"
     "\"gateway\":\"infra/edge\",\"name\":\"HTTP\",\"port\":80,\"protocol\":\"HTTP\"}}"},
    {"path policy", text_policy, "/a//b/../c?q", "/a/c?q"},
};

Test(match_arguments, a_text_is_written_into_a_buffer_that_holds_it)
{
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        gwapi_request request = sampled_get(texts[i].path);
        gwapi_decision d = sampled_ask(&s, &request);
        size_t whole = strlen(texts[i].expected), length = 0;
        cr_expect_eq(texts[i].call(&d, &request, NULL, 0, &length), GWAPI_EBUFFER, "%s",
                     texts[i].name);
        cr_assert_eq(length, whole, "%s: %zu, not %zu", texts[i].name, length, whole);
        cr_expect_eq(texts[i].call(&d, &request, NULL, whole, &length), GWAPI_EARGUMENT,
                     "%s: no buffer is that large", texts[i].name);
        for (size_t room = 0; room <= whole + 1; room++) {
            char *buffer = malloc(room + 1);
            memset(buffer, '~', room + 1);
            gwapi_result result = texts[i].call(&d, &request, buffer, room, &length);
            cr_expect_eq(result, room < whole ? GWAPI_EBUFFER : GWAPI_OK, "%s: %zu of %zu",
                         texts[i].name, room, whole);
            cr_expect_eq(length, whole, "%s", texts[i].name);
            cr_expect_eq(buffer[room], '~', "%s goes beyond %zu", texts[i].name, room);
            if (result == GWAPI_OK)
                cr_expect(memcmp(buffer, texts[i].expected, whole) == 0, "%s: %.*s",
                          texts[i].name, (int)whole, buffer);
            free(buffer);
        }
    }
}

Test(match_arguments, a_path_policy_that_is_none_is_refused)
{
    char text[8];
    size_t length;

    cr_expect_eq(gwapi_path_check(3, GWAPI__STR("/"), text, sizeof text, &length, NULL),
                 GWAPI_EARGUMENT);
    cr_expect_eq(gwapi_path_check(GWAPI_PATH_RAW, GWAPI__STR("/"), text, sizeof text, NULL, NULL),
                 GWAPI_EARGUMENT);
}

Test(match_arguments, operations_on_headers_are_given_as_far_as_there_is_room)
{
    gwapi_request request = sampled_get("/exact");
    gwapi_decision d = sampled_ask(&s, &request);
    gwapi_header_op ops[4];
    size_t count = 0;

    cr_expect_eq(gwapi_decision_header_ops(&d, &request, GWAPI_NONE, 2, ops, 4, &count),
                 GWAPI_EARGUMENT, "there are two sides");
    cr_expect_eq(gwapi_decision_header_ops(&d, &request, GWAPI_NONE, GWAPI_HEADERS_REQUEST, NULL,
                                           1, &count),
                 GWAPI_EARGUMENT);
    for (size_t room = 0; room < 2; room++) {
        ops[room].action = 99;
        cr_expect_eq(gwapi_decision_header_ops(&d, &request, GWAPI_NONE, GWAPI_HEADERS_REQUEST,
                                               room != 0 ? ops : NULL, room, &count),
                     GWAPI_EBUFFER);
        cr_expect_eq(count, 2);
        cr_expect_eq(ops[room].action, 99);
    }
    cr_expect_eq(ops[0].action, GWAPI_HEADER_SET);
}

Test(match_arguments, a_random_number_has_53_bits)
{
    gwapi_request request = sampled_get("/exact");
    gwapi_decision d = sampled_ask(&s, &request);
    uint32_t index = 99;

    cr_expect_eq(gwapi_decision_pick_backend(&d, &request, UINT64_C(1) << 53, &index),
                 GWAPI_EARGUMENT);
    cr_expect_eq(index, 99);
    cr_expect_eq(gwapi_decision_pick_backend(&d, &request, (UINT64_C(1) << 53) - 1, &index),
                 GWAPI_OK);
    cr_expect_eq(index, 1);
}

/* ---- connections and requests --------------------------------------------------------------- */

/* Working memory for a snapshot that needs less than the sample's. */
static gwapi_scratch *small_scratch(gwapi_snapshot **smaller)
{
    gwapi_limits limits = {.struct_size = sizeof limits, .scratch_text = 16};
    gwapi_open_options options = GWAPI_OPEN_OPTIONS_INIT;
    gwapi_scratch *scratch;

    options.limits = &limits;
    cr_assert_eq(gwapi_snapshot_open(smaller, s.bytes, s.size, &options, NULL), GWAPI_OK);
    cr_assert_eq(gwapi_scratch_new(&scratch, *smaller, NULL), GWAPI_OK);
    return scratch;
}

Test(match_arguments, accepting_refuses_what_it_cannot_use)
{
    gwapi_arrival arrival = GWAPI_ARRIVAL_INIT, older = arrival, unknown = arrival;
    gwapi_connection c = GWAPI_CONNECTION_INIT, tiny = c;
    gwapi_snapshot *smaller;
    gwapi_scratch *scratch = small_scratch(&smaller);

    older.struct_size = 8;
    unknown.transport = GWAPI_TRANSPORT_STREAM + 1;
    tiny.struct_size = 8;
    cr_expect_eq(gwapi_accept(NULL, s.scratch, &arrival, &c), GWAPI_EARGUMENT);
    cr_expect_eq(gwapi_accept(s.snapshot, NULL, &arrival, &c), GWAPI_EARGUMENT);
    cr_expect_eq(gwapi_accept(s.snapshot, s.scratch, NULL, &c), GWAPI_EARGUMENT);
    cr_expect_eq(gwapi_accept(s.snapshot, s.scratch, &arrival, NULL), GWAPI_EARGUMENT);
    cr_expect_eq(gwapi_accept(s.snapshot, s.scratch, &unknown, &c), GWAPI_EARGUMENT);
    cr_expect_eq(gwapi_accept(s.snapshot, s.scratch, &older, &c), GWAPI_ESTRUCTSIZE);
    cr_expect_eq(gwapi_accept(s.snapshot, s.scratch, &arrival, &tiny), GWAPI_ESTRUCTSIZE);
    cr_expect_eq(gwapi_accept(s.snapshot, scratch, &arrival, &c), GWAPI_EBUFFER);
    cr_expect_eq(gwapi_accept(smaller, s.scratch, &arrival, &c), GWAPI_OK);
    gwapi_scratch_free(scratch);
    gwapi_snapshot_release(smaller);
}

Test(match_arguments, matching_refuses_what_it_cannot_use)
{
    gwapi_connection c = sampled_accept(&s, 80, NULL), empty = GWAPI_CONNECTION_INIT, older = c;
    gwapi_request request = sampled_get("/exact"), tiny = request, policy = request;
    gwapi_decision d = GWAPI_DECISION_INIT, small = d;
    gwapi_snapshot *smaller;
    gwapi_scratch *scratch = small_scratch(&smaller);

    older.struct_size = 8;
    tiny.struct_size = 8;
    small.struct_size = 8;
    policy.path_policy = 3;
    cr_expect_eq(gwapi_match(NULL, s.scratch, &c, &request, &d), GWAPI_EARGUMENT);
    cr_expect_eq(gwapi_match(s.snapshot, NULL, &c, &request, &d), GWAPI_EARGUMENT);
    cr_expect_eq(gwapi_match(s.snapshot, s.scratch, NULL, &request, &d), GWAPI_EARGUMENT);
    cr_expect_eq(gwapi_match(s.snapshot, s.scratch, &c, &request, NULL), GWAPI_EARGUMENT);
    cr_expect_eq(gwapi_match(s.snapshot, s.scratch, &empty, &request, &d), GWAPI_EARGUMENT);
    cr_expect_eq(gwapi_match(s.snapshot, s.scratch, &older, &request, &d), GWAPI_EARGUMENT);
    cr_expect_eq(gwapi_match(s.snapshot, s.scratch, &c, &policy, &d), GWAPI_EARGUMENT);
    cr_expect_eq(gwapi_match(s.snapshot, s.scratch, &c, &tiny, &d), GWAPI_ESTRUCTSIZE);
    cr_expect_eq(gwapi_match(s.snapshot, s.scratch, &c, &request, &small), GWAPI_ESTRUCTSIZE);
    cr_expect_eq(gwapi_match(smaller, s.scratch, &c, &request, &d), GWAPI_ESTATE,
                 "another snapshot than the connection's");
    cr_expect_eq(gwapi_match(s.snapshot, scratch, &c, &request, &d), GWAPI_EBUFFER);
    cr_expect_eq(gwapi_match(s.snapshot, s.scratch, &c, NULL, &d), GWAPI_OK,
                 "NULL is a request without anything");
    gwapi_scratch_free(scratch);
    gwapi_snapshot_release(smaller);
}

/* A connection is the caller's memory: what is written there is looked at before it is used. */
Test(match_arguments, a_connection_that_was_changed_is_refused_or_harmless)
{
    gwapi_connection http = sampled_accept(&s, 80, NULL),
                     tls = sampled_accept(&s, 443, "secure.example"),
                     mesh = sampled_mesh(&s, "other", 80, GWAPI_TRANSPORT_AUTO);
    gwapi_request request = sampled_get("/exact");
    gwapi_decision d = GWAPI_DECISION_INIT;

    cr_assert(http.outcome == GWAPI_OUTCOME_PENDING && tls.outcome == GWAPI_OUTCOME_PENDING &&
              mesh.outcome == GWAPI_OUTCOME_PENDING);
    http.door = 3;
    cr_expect_eq(gwapi_match(s.snapshot, s.scratch, &http, &request, &d), GWAPI_EARGUMENT);
    tls.listener = 4;
    cr_expect_eq(gwapi_match(s.snapshot, s.scratch, &tls, &request, &d), GWAPI_EARGUMENT);
    mesh.table = 2;
    cr_expect_eq(gwapi_match(s.snapshot, s.scratch, &mesh, &request, &d), GWAPI_EARGUMENT);
}

Test(match_arguments, callers_of_other_versions_are_answered_in_their_structs)
{
    gwapi_connection c = sampled_accept(&s, 80, NULL);
    gwapi_request request = sampled_get("/exact");
    struct {
        gwapi_decision known;
        uint64_t unknown;
    } newer = {GWAPI_DECISION_INIT, 1};

    newer.known.struct_size = sizeof newer;
    cr_expect_eq(gwapi_match(s.snapshot, s.scratch, &c, &request, &newer.known), GWAPI_OK);
    cr_expect_eq(newer.known.struct_size, sizeof newer);
    cr_expect_eq(newer.known.outcome, GWAPI_OUTCOME_FORWARD);
    cr_expect_eq(newer.unknown, 0);
}

Test(match_arguments, a_connection_is_decided_if_there_is_one)
{
    gwapi_connection c = sampled_accept(&s, 9000, NULL), older = c;
    gwapi_decision d = GWAPI_DECISION_INIT, small = d;

    older.struct_size = 8;
    small.struct_size = 8;
    cr_expect_eq(gwapi_connection_decide(&c, &d), GWAPI_OK);
    cr_expect_eq(d.outcome, GWAPI_OUTCOME_FORWARD);
    cr_expect_eq(gwapi_connection_decide(NULL, &d), GWAPI_EARGUMENT);
    cr_expect_eq(gwapi_connection_decide(&older, &d), GWAPI_EARGUMENT);
    cr_expect_eq(gwapi_connection_decide(&c, NULL), GWAPI_EARGUMENT);
    cr_expect_eq(gwapi_connection_decide(&c, &small), GWAPI_ESTRUCTSIZE);
}

/* ---- working memory ------------------------------------------------------------------------- */

Test(match_arguments, working_memory_needs_a_snapshot_and_a_place)
{
    gwapi_allocator partial = {8, NULL, NULL};
    gwapi_scratch *scratch = s.scratch;
    char memory[8];

    cr_expect_eq(gwapi_scratch_new(NULL, s.snapshot, NULL), GWAPI_EARGUMENT);
    cr_expect_eq(gwapi_scratch_new(&scratch, NULL, NULL), GWAPI_EARGUMENT);
    cr_expect_null(scratch);
    scratch = s.scratch;
    cr_expect_neq(gwapi_scratch_new(&scratch, s.snapshot, &partial), GWAPI_OK);
    cr_expect_null(scratch);
    cr_expect_eq(gwapi_scratch_init(NULL, memory, sizeof memory, s.snapshot), GWAPI_EARGUMENT);
    scratch = s.scratch;
    cr_expect_eq(gwapi_scratch_init(&scratch, NULL, 0, s.snapshot), GWAPI_EARGUMENT);
    cr_expect_null(scratch);
    cr_expect_eq(gwapi_scratch_init(&scratch, memory, sizeof memory, NULL), GWAPI_EARGUMENT);
    gwapi_scratch_free(NULL);
}

Test(match_arguments, working_memory_may_be_the_callers_wherever_it_stands)
{
    size_t size = gwapi_scratch_size(s.snapshot);
    gwapi_request request = sampled_get("/r1");
    gwapi_connection c = sampled_accept(&s, 80, NULL);
    gwapi_decision d = GWAPI_DECISION_INIT;
    gwapi_scratch *scratch;

    for (size_t skip = 0; skip < 16; skip++) {
        char *memory = malloc(skip + size);
        for (size_t room = 0; room < size; room += room < 32 || room + 64 > size ? 1 : 997) {
            gwapi_result result = gwapi_scratch_init(&scratch, memory + skip, room, s.snapshot);
            cr_assert(result == GWAPI_EBUFFER || room + 16 > size, "%zu of %zu", room, size);
            cr_assert_eq(result == GWAPI_OK, scratch != NULL);
        }
        cr_assert_eq(gwapi_scratch_init(&scratch, memory + skip, size, s.snapshot), GWAPI_OK);
        cr_expect_eq(gwapi_scratch_fits(scratch, s.snapshot), 1);
        cr_expect_eq(gwapi_match(s.snapshot, scratch, &c, &request, &d), GWAPI_OK);
        cr_expect_eq(d.outcome, GWAPI_OUTCOME_REDIRECT);
        gwapi_scratch_free(scratch); /* nothing to free */
        free(memory);
    }
}

/* ---- constants ------------------------------------------------------------------------------ */

Test(match_arguments, constants_have_the_texts_of_their_tables)
{
    static const struct {
        const char *(*text)(uint32_t value);
        uint32_t value;
        const char *expected;
    } cases[] = {
#define OUTCOME(name, value, text) {gwapi_outcome_text, value, text},
#define REASON(name, value, text) {gwapi_reason_text, value, text},
#define WHY(name, value, text) {gwapi_why_text, value, text},
        GWAPI_OUTCOME_TABLE(OUTCOME) GWAPI_REASON_TABLE(REASON) GWAPI_WHY_TABLE(WHY)
        {gwapi_outcome_text, 99, ""},
        {gwapi_reason_text, 99, ""},
        {gwapi_why_text, 99, ""},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        cr_expect_str_eq(cases[i].text(cases[i].value), cases[i].expected);
}
