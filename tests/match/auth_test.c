/*
 * External authorization: what is sent, byte for byte against messages that protoc made
 * (tests/data/auth), and what answers mean, hostile ones included.
 */
#include "match/auth.h"
#include "match/table.h"

#define CHANGES 300

/* ---- a table ----------------------------------------------------------------------------- */

#define AUTH "    - {type: ExternalAuth, externalAuth: {backendRef: {name: auth, port: 9000}, "

static void put_rule(table *t, const char *path, const char *filters)
{
    put(t,
        "  - matches: [{path: {value: \"%s\"}}]\n    filters:\n%s"
        "    backendRefs: [{name: a, port: 80}]\n",
        path, filters);
}

static void auth_table(table *t)
{
    table_begin(t);
    put_route(t, "ns", "r", "");
    put_rule(t, "/http", AUTH "protocol: HTTP, http: {path: \"/ask/\"}}}\n");
    put_rule(t, "/listed",
             AUTH "protocol: HTTP, http: {path: check//a/../b, allowedHeaders: [X-User, cookie,"
                  " x-user, Authorization], allowedResponseHeaders: [X-Role, host]}}}\n");
    put_rule(t, "/grpc", AUTH "protocol: GRPC, grpc: {}, forwardBody: {maxSize: 11}}}\n");
    put_rule(t, "/few", AUTH "protocol: GRPC, grpc: {allowedHeaders: [x-user, X-Set]}}}\n");
    put_rule(t, "/modified",
             "    - {type: RequestHeaderModifier, requestHeaderModifier: {set: [{name: X-User,"
             " value: set}], add: [{name: X-Set, value: added}], remove: [cookie]}}\n" AUTH
             "protocol: GRPC, grpc: {}}}\n"
             "    - {type: ResponseHeaderModifier, responseHeaderModifier: {"
             "set: [{name: x-auth, value: behind}]}}\n");
    put(t, "  - matches: [{path: {value: /redirect}}]\n    filters:\n"
           "    - {type: RequestRedirect, requestRedirect: {port: 1}}\n" AUTH
           "protocol: HTTP, http: {}}}\n");
    put(t, "  - matches: [{path: {value: /own}}]\n    filters:\n"
           "    - {type: RequestHeaderModifier, requestHeaderModifier: {set: [{name: X-User,"
           " value: set}]}}\n"
           "    backendRefs:\n    - name: a\n      port: 80\n      filters:\n"
           "      - {type: RequestHeaderModifier, requestHeaderModifier: {set: [{name: X-Set,"
           " value: own}]}}\n  " AUTH "protocol: GRPC, grpc: {}}}\n");
    put(t, "  - matches: [{path: {value: /preflight}}]\n    filters:\n"
           "    - {type: CORS, cors: {allowOrigins: [\"*\"]}}\n" AUTH
           "protocol: HTTP, http: {}}}\n"
           "    backendRefs:\n    - name: a\n      port: 80\n      filters:\n  " AUTH
           "protocol: GRPC, grpc: {}}}\n");
    table_end(t);
}

typedef struct asked {
    table table;
    gwapi_request request;
    gwapi_decision decision;
} asked;

static void ask_with(asked *a, const char *path, const gwapi_header *headers, size_t count,
                     uint32_t port)
{
    auth_table(&a->table);
    a->request = get("Shop.Example:8443", path);
    a->request.headers = headers;
    a->request.header_count = count;
    a->decision = ask_at(&a->table, port, "shop.example", &a->request);
}

static void ask_for(asked *a, const char *path)
{
    ask_with(a, path, NULL, 0, 80);
}

static void asked_free(asked *a)
{
    table_free(&a->table);
}

#define LINE(name, value)                                                                      \
    {                                                                                          \
        GWAPI_STR_INIT(name), GWAPI_STR_INIT(value)                                            \
    }

/* ---- what is asked ----------------------------------------------------------------------- */

Test(match_auth, the_call_says_whom_to_ask_and_how)
{
    static const struct {
        const char *path;
        gwapi_auth_protocol protocol;
        uint64_t body;
        const char *method, *host;
    } rows[] = {
        {"/http", GWAPI_AUTH_HTTP, 0, "GET", "Shop.Example:8443"},
        {"/grpc", GWAPI_AUTH_GRPC, 11, "POST", ""},
        {"/redirect", GWAPI_AUTH_NONE, 0, "", ""},
        {"/own", GWAPI_AUTH_NONE, 0, "", ""},
        {"/nothing", GWAPI_AUTH_NONE, 0, "", ""},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        gwapi_auth_call call = {.struct_size = sizeof call};
        asked a;
        ask_for(&a, rows[i].path);
        cr_assert_eq(gwapi_auth_request(&a.decision, &a.request, GWAPI_NONE, &call), GWAPI_OK);
        cr_expect_eq(call.protocol, rows[i].protocol, "%s", rows[i].path);
        cr_expect_eq(call.body_bytes, rows[i].body, "%s", rows[i].path);
        cr_expect(gwapi__str_eq(call.method, gwapi__str_of(rows[i].method)), "%s",
                  rows[i].path);
        cr_expect(gwapi__str_eq(call.host, gwapi__str_of(rows[i].host)), "%s", rows[i].path);
        cr_expect_eq(call.backend == GWAPI_NONE, call.protocol == GWAPI_AUTH_NONE);
        if (call.backend != GWAPI_NONE) {
            gwapi_backend_info info = {.struct_size = sizeof info};
            gwapi_snapshot_backend_at(a.table.snapshot, call.backend, &info);
            cr_expect(gwapi__str_eq(info.name, GWAPI__STR("auth")));
        }
        asked_free(&a);
    }
}

Test(match_auth, a_rule_and_a_backendref_are_asked_one_after_the_other)
{
    gwapi_auth_call call = {.struct_size = sizeof call};
    asked a;

    ask_for(&a, "/preflight");
    cr_assert_eq(gwapi_auth_request(&a.decision, &a.request, GWAPI_NONE, &call), GWAPI_OK);
    cr_expect_eq(call.protocol, GWAPI_AUTH_HTTP);
    cr_assert_eq(gwapi_auth_request(&a.decision, &a.request, 0, &call), GWAPI_OK);
    cr_expect_eq(call.protocol, GWAPI_AUTH_GRPC);
    cr_assert_eq(gwapi_auth_request(&a.decision, &a.request, 1, &call), GWAPI_OK);
    cr_expect_eq(call.protocol, GWAPI_AUTH_NONE, "there is no second backendRef");
    asked_free(&a);
}

Test(match_auth, a_preflight_is_answered_before_it_is_asked_about)
{
    static const gwapi_header headers[] = {LINE("Origin", "https://a.test"),
                                           LINE("Access-Control-Request-Method", "PUT")};
    gwapi_auth_call call = {.struct_size = sizeof call};
    asked a;

    auth_table(&a.table);
    a.request = get("a.test", "/preflight");
    a.request.method = GWAPI__STR("OPTIONS");
    a.request.headers = headers;
    a.request.header_count = 2;
    a.decision = ask_at(&a.table, 80, "", &a.request);
    cr_assert_eq(a.decision.reason, GWAPI_REASON_PREFLIGHT);
    for (uint32_t backend = 0; backend < 2; backend++) {
        gwapi_auth_request(&a.decision, &a.request, backend == 0 ? GWAPI_NONE : 0, &call);
        cr_expect_eq(call.protocol, GWAPI_AUTH_NONE, "%u", (unsigned)backend);
    }
    asked_free(&a);
}

Test(match_auth, the_path_is_the_prefix_and_what_the_client_asked_for)
{
    static const struct {
        const char *path, *asked;
    } rows[] = {
        {"/http/a?b=c", "/ask/http/a?b=c"},
        {"/http", "/ask/http"},
        {"/listed//x", "/check/b/listed//x"},
        {"/grpc/x", "/envoy.service.auth.v3.Authorization/Check"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[128];
        size_t length = 0;
        asked a;
        ask_for(&a, rows[i].path);
        cr_assert_eq(gwapi_auth_path(&a.decision, &a.request, GWAPI_NONE, NULL, 0, &length),
                     GWAPI_EBUFFER);
        cr_expect_eq(length, strlen(rows[i].asked));
        cr_assert_eq(
            gwapi_auth_path(&a.decision, &a.request, GWAPI_NONE, text, sizeof text, &length),
            GWAPI_OK);
        cr_expect(gwapi__str_eq(gwapi__str(text, length), gwapi__str_of(rows[i].asked)),
                  "%s: %.*s", rows[i].path, (int)length, text);
        asked_free(&a);
    }
}

/* OPTIONS * has no path that a prefix could be put before. */
Test(match_auth, the_asterisk_follows_the_prefix_as_a_segment)
{
    char text[64];
    size_t length = 0;
    asked a;

    ask_for(&a, "/http/a");
    a.request.path = GWAPI__STR("*");
    cr_assert_eq(
        gwapi_auth_path(&a.decision, &a.request, GWAPI_NONE, text, sizeof text, &length),
        GWAPI_OK);
    cr_expect(gwapi__str_eq(gwapi__str(text, length), GWAPI__STR("/ask/*")), "%.*s",
              (int)length, text);
    asked_free(&a);
}

Test(match_auth, a_normalized_path_is_asked_about_as_it_is_forwarded)
{
    char text[128];
    size_t length;
    asked a;

    auth_table(&a.table);
    a.request = get("a.test", "/x/../http/%61//b?q=%61");
    a.request.path_policy = GWAPI_PATH_NORMALIZE;
    a.decision = ask_at(&a.table, 80, "", &a.request);
    cr_assert_eq(
        gwapi_auth_path(&a.decision, &a.request, GWAPI_NONE, text, sizeof text, &length),
        GWAPI_OK);
    cr_expect(gwapi__str_eq(gwapi__str(text, length), GWAPI__STR("/ask/http/a/b?q=%61")),
              "%.*s", (int)length, text);
    asked_free(&a);
}

/* ---- headers ----------------------------------------------------------------------------- */

static const gwapi_header received[] = {
    LINE("Host", "shop.example"), LINE("authorization", "Bearer t"),
    LINE("X-USER", "ann"),        LINE("Cookie", "a=1"),
    LINE("Content-Length", "3"),  LINE("x-user", "bob"),
    LINE("x-other", "1"),         LINE(":path", "/x"),
};
#define RECEIVED (sizeof received / sizeof *received)

static const struct {
    const char *path;
    uint32_t backend;
    const char *headers; /* name=value, joined */
} sent_rows[] = {
    {"/http", GWAPI_NONE, "authorization=Bearer t;"},
    {"/listed", GWAPI_NONE, "authorization=Bearer t;X-USER=ann;Cookie=a=1;x-user=bob;"},
    {"/few", GWAPI_NONE, "X-USER=ann;x-user=bob;"},
    {"/grpc", GWAPI_NONE,
     "Host=shop.example;authorization=Bearer t;X-USER=ann;Cookie=a=1;Content-Length=3;"
     "x-user=bob;x-other=1;"},
    {"/modified", GWAPI_NONE,
     "Host=shop.example;authorization=Bearer t;Content-Length=3;x-other=1;X-User=set;"
     "X-Set=added;"},
    {"/own", 0,
     "Host=shop.example;authorization=Bearer t;Cookie=a=1;Content-Length=3;x-other=1;"
     "X-User=set;X-Set=own;"},
};

static const char *joined(const gwapi_header *headers, size_t count)
{
    static char out[1024];
    size_t n = 0;

    out[0] = '\0';
    for (size_t i = 0; i < count; i++)
        n += (size_t)snprintf(out + n, sizeof out - n, "%.*s=%.*s;",
                              GWAPI__FMT(headers[i].name), GWAPI__FMT(headers[i].value));
    return out;
}

Test(match_auth, headers_are_sent_as_listed_and_as_modified_before)
{
    for (size_t i = 0; i < sizeof sent_rows / sizeof *sent_rows; i++) {
        gwapi_header headers[16];
        size_t count, needed;
        asked a;
        ask_with(&a, sent_rows[i].path, received, RECEIVED, 80);
        cr_assert_eq(gwapi_auth_headers(&a.decision, &a.request, sent_rows[i].backend, headers,
                                        16, &count),
                     GWAPI_OK);
        cr_expect_str_eq(joined(headers, count), sent_rows[i].headers, "%s: %s",
                         sent_rows[i].path, joined(headers, count));
        cr_expect_eq(
            gwapi_auth_headers(&a.decision, &a.request, sent_rows[i].backend, NULL, 0, &needed),
            count != 0 ? GWAPI_EBUFFER : GWAPI_OK);
        cr_expect_eq(needed, count);
        asked_free(&a);
    }
}

/* A host that keeps its headers itself. */
static uint32_t get_header(void *ctx, uint32_t name_index, gwapi_str name, uint32_t nth,
                           gwapi_str *value)
{
    (void)ctx;
    (void)name_index;
    for (size_t i = 0; i < RECEIVED; i++)
        if (gwapi__str_eq_nocase(received[i].name, name) && nth-- == 0) {
            *value = received[i].value;
            return 1;
        }
    return 0;
}

Test(match_auth, a_getter_is_asked_for_the_headers_that_are_sent)
{
    static const struct {
        const char *path, *headers;
    } rows[] = {
        {"/http", "authorization=Bearer t;"},
        {"/listed", "authorization=Bearer t;x-user=ann;x-user=bob;cookie=a=1;"},
        {"/few", "x-user=ann;x-user=bob;"},
        {"/grpc", NULL}, /* all, and nobody can tell which */
    };
    const gwapi_header_getter getter = {sizeof getter, NULL, get_header};

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        gwapi_header headers[16];
        size_t count = 0;
        asked a;
        ask_for(&a, rows[i].path);
        a.request.getter = &getter;
        gwapi_result result =
            gwapi_auth_headers(&a.decision, &a.request, GWAPI_NONE, headers, 16, &count);
        cr_expect_eq(result, rows[i].headers != NULL ? GWAPI_OK : GWAPI_ESTATE, "%s",
                     rows[i].path);
        if (result == GWAPI_OK)
            cr_expect_str_eq(joined(headers, count), rows[i].headers, "%s", rows[i].path);
        asked_free(&a);
    }
}

Test(match_auth, each_header_is_told_to_go_or_stay)
{
    static const struct {
        const char *path, *name;
        uint32_t goes;
    } rows[] = {
        {"/http", "AUTHORIZATION", 1},
        {"/http", "host", 0},
        {"/http", "x-user", 0},
        {"/listed", "x-uSER", 1},
        {"/listed", "", 0},
        {"/few", "authorization", 0},
        {"/grpc", "anything", 1},
        {"/grpc", ":method", 0},
        {"/grpc", "content-length", 1},
        {"/redirect", "x-user", 0},
        {"/http", "content-length", 0},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        asked a;
        ask_for(&a, rows[i].path);
        cr_expect_eq(
            gwapi_auth_sends_header(&a.decision, GWAPI_NONE, gwapi__str_of(rows[i].name)),
            rows[i].goes, "%s %s", rows[i].path, rows[i].name);
        asked_free(&a);
    }
}

/* ---- the Check message ------------------------------------------------------------------- */

static gwapi_str message(const char *name, char *out, size_t size)
{
    const char *top = getenv("top_srcdir");
    char path[512];

    snprintf(path, sizeof path, "%s/tests/data/auth/%s.bin", top != NULL ? top : ".", name);
    FILE *file = fopen(path, "rb");
    cr_assert_not_null(file, "%s", path);
    size_t n = fread(out, 1, size, file);
    fclose(file);
    return gwapi__str(out, n);
}

static void expect_check(const asked *a, const gwapi_auth_facts *facts, const char *name)
{
    char golden[1024], text[1024];
    size_t length, needed;
    gwapi_str expected = message(name, golden, sizeof golden);

    cr_assert_eq(
        gwapi_auth_check(&a->decision, &a->request, GWAPI_NONE, facts, NULL, 0, &needed),
        GWAPI_EBUFFER);
    cr_expect_eq(needed, expected.len, "%s: %zu, not %zu", name, needed, expected.len);
    for (size_t room = 0; room < needed; room++) {
        char *exactly = malloc(room + 1);
        cr_expect_eq(gwapi_auth_check(&a->decision, &a->request, GWAPI_NONE, facts, exactly,
                                      room, &length),
                     GWAPI_EBUFFER);
        free(exactly);
    }
    cr_assert_eq(gwapi_auth_check(&a->decision, &a->request, GWAPI_NONE, facts, text,
                                  sizeof text, &length),
                 GWAPI_OK);
    cr_expect(gwapi__str_eq(gwapi__str(text, length), expected), "%s differs", name);
}

Test(match_auth, the_check_message_has_the_bytes_of_another_encoder)
{
    static const gwapi_header headers[] = {
        LINE("Authorization", "Bearer t"),
        LINE("Cookie", "a=1"),
        LINE("X-Empty", ""),
        LINE("x-many", "1"),
        LINE("X-Many", " 2\t"),
        LINE("cookie", "b=2"),
        LINE("X-MANY", "3"),
    };
    gwapi_auth_facts facts = GWAPI_AUTH_FACTS_INIT;
    asked a;

    ask_with(&a, "/grpc", NULL, 0, 443);
    a.request.method = GWAPI__STR("POST");
    a.request.path = GWAPI__STR("/shop/cart?item=7&item=8");
    facts.headers = headers;
    facts.header_count = sizeof headers / sizeof *headers;
    facts.body = GWAPI__STR("hello world");
    facts.size = 11;
    facts.protocol = GWAPI__STR("HTTP/2");
    facts.id = GWAPI__STR("4c5a1f");
    facts.seconds = 1764126000;
    facts.nanoseconds = 250000000;
    facts.source_address = GWAPI__STR("192.0.2.7");
    facts.source_port = 51324;
    facts.source_principal = GWAPI__STR("spiffe://a.test/client");
    facts.destination_address = GWAPI__STR("192.0.2.1");
    facts.destination_port = 443;
    facts.sni = GWAPI__STR("shop.example");
    expect_check(&a, &facts, "check");
    asked_free(&a);
}

Test(match_auth, bytes_that_are_no_utf_8_are_told_as_such)
{
    static const gwapi_header headers[] = {LINE("X-Latin", "caf\xe9")};
    gwapi_auth_facts facts = GWAPI_AUTH_FACTS_INIT;
    asked a;

    ask_for(&a, "/grpc");
    a.request.host = a.request.path = (gwapi_str){NULL, 0};
    facts.headers = headers;
    facts.header_count = 1;
    facts.body = GWAPI__STR("\xff\x00\x01");
    expect_check(&a, &facts, "check-bytes");
    asked_free(&a);
}

Test(match_auth, a_body_that_is_too_long_is_not_forwarded)
{
    gwapi_auth_facts facts = GWAPI_AUTH_FACTS_INIT;
    char text[256];
    size_t length;
    asked a;

    ask_for(&a, "/grpc");
    facts.body = GWAPI__STR("hello world!");
    cr_expect_eq(gwapi_auth_check(&a.decision, &a.request, GWAPI_NONE, &facts, text,
                                  sizeof text, &length),
                 GWAPI_EINVALID);
    asked_free(&a);
    ask_for(&a, "/few");
    facts.body = GWAPI__STR("h");
    cr_expect_eq(gwapi_auth_check(&a.decision, &a.request, GWAPI_NONE, &facts, text,
                                  sizeof text, &length),
                 GWAPI_EINVALID, "without forwardBody there is none");
    asked_free(&a);
}

/* ---- answers over gRPC ------------------------------------------------------------------- */

static const char *action_text(gwapi_header_action action)
{
    static const char *const texts[] = {"?", "set", "add", "remove", "absent", "present"};

    return texts[action < 6 ? action : 0];
}

/* "set name=value;" of each change. */
static const char *changes_of(const gwapi_decision *d, uint32_t backend,
                              const gwapi_auth_response *response, gwapi_auth_side side)
{
    gwapi_header_op ops[CHANGES];
    static char out[4096];
    size_t count, n = 0;

    cr_assert_eq(gwapi_auth_changes(d, backend, response, side, ops, CHANGES, &count),
                 GWAPI_OK);
    out[0] = '\0';
    for (size_t i = 0; i < count && n < sizeof out; i++)
        n += (size_t)snprintf(out + n, sizeof out - n, "%s %.*s=%.*s;",
                              action_text(ops[i].action), GWAPI__FMT(ops[i].name),
                              GWAPI__FMT(ops[i].value));
    return out;
}

static gwapi_auth_answer answer_of(const asked *a, uint32_t backend,
                                   const gwapi_auth_response *response)
{
    gwapi_auth_answer answer = {.struct_size = sizeof answer};

    cr_assert_eq(gwapi_auth_result(&a->decision, backend, response, &answer), GWAPI_OK);
    cr_expect_eq(answer.allowed == 0, answer.status != 0);
    return answer;
}

static gwapi_auth_response of_grpc(gwapi_str body)
{
    gwapi_auth_response response = GWAPI_AUTH_RESPONSE_INIT;

    response.status = 200;
    response.body = body;
    return response;
}

Test(match_auth, messages_of_another_encoder_are_understood)
{
    static const struct {
        const char *name;
        uint32_t status; /* 0: allowed */
        const char *body, *request, *response, *query;
    } rows[] = {
        {"ok-bare", 0, "", "", "", ""},
        {"ok-headers", 0, "",
         "set x-user=ann;add x-group=a;set x-set=1;absent x-absent=1;set x-over=1;"
         "present x-if=raw;remove authorization=;",
         "add set-cookie=s=1;set x-auth=done;", "set user=ann;remove token=;"},
        {"denied", 401, "log in first\n", "",
         "set www-authenticate=Basic realm=\"a\";set set-cookie=a=1;add set-cookie=b=2;", ""},
        {"denied-bare", 403, "", "", "", ""},
        {"denied-default", 403, "no", "", "", ""},
        {"denied-redirect", 302, "", "", "set location=https://login.example/?from=a;", ""},
        {"error-response", 503, "later", "", "", ""},
        {"ok-with-denial", 429, "", "", "", ""},
        {"denied-with-ok", 403, "", "", "", ""},
    };
    char bytes[1024];
    asked a;

    ask_for(&a, "/grpc");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        gwapi_auth_response response = of_grpc(message(rows[i].name, bytes, sizeof bytes));
        gwapi_auth_answer answer = answer_of(&a, GWAPI_NONE, &response);
        const char *expected[] = {rows[i].request, rows[i].response, rows[i].query};
        cr_expect_eq(answer.status, rows[i].status, "%s: %u", rows[i].name,
                     (unsigned)answer.status);
        cr_expect_eq(answer.refused, 0, "%s", rows[i].name);
        cr_expect(gwapi__str_eq(answer.body, gwapi__str_of(rows[i].body)), "%s: %.*s",
                  rows[i].name, GWAPI__FMT(answer.body));
        for (gwapi_auth_side side = 0; side < 3; side++)
            cr_expect_str_eq(changes_of(&a.decision, GWAPI_NONE, &response, side),
                             expected[side], "%s, %u: %s", rows[i].name, (unsigned)side,
                             changes_of(&a.decision, GWAPI_NONE, &response, side));
    }
    asked_free(&a);
}

static void expect_refused(const asked *a, const gwapi_auth_response *response,
                           const char *what)
{
    gwapi_auth_answer answer = answer_of(a, GWAPI_NONE, response);

    cr_expect_eq(answer.status, 403, "%s: %u", what, (unsigned)answer.status);
    cr_expect_eq(answer.refused, 1, "%s", what);
    cr_expect_eq(answer.body.len, 0, "%s", what);
    for (gwapi_auth_side side = 0; side < 3; side++)
        cr_expect_str_eq(changes_of(&a->decision, GWAPI_NONE, response, side), "", "%s", what);
}

/* Cut off where a field ends, a message is another one: the gRPC host knows its length. What is
 * left must then still be no more than what was there. */
Test(match_auth, messages_cut_off_within_a_field_are_refused)
{
    static const char *const names[] = {"ok-headers", "denied", "error-response"};
    char bytes[1024];
    asked a;

    ask_for(&a, "/grpc");
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        gwapi_str whole = message(names[i], bytes, sizeof bytes);
        size_t refused = 0;
        for (size_t n = 0; n < whole.len; n++) {
            gwapi_auth_response response = of_grpc(gwapi__str_sub(whole, 0, n));
            refused += answer_of(&a, GWAPI_NONE, &response).refused;
        }
        cr_expect_geq(refused, whole.len - 3, "%s: %zu of %zu", names[i], refused, whole.len);
    }
    asked_free(&a);
}

Test(match_auth, damaged_and_contradictory_messages_are_refused)
{
    static const struct {
        const char *what;
        gwapi_str bytes;
    } rows[] = {
        {"field number 0", GWAPI_STR_INIT("\x02\x00")},
        {"a group", GWAPI_STR_INIT("\x0b\x0c")},
        {"an unknown wire type", GWAPI_STR_INIT("\x0e\x00")},
        {"a varint without an end",
         GWAPI_STR_INIT("\x30\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01")},
        {"a varint beyond 64 bits",
         GWAPI_STR_INIT("\x30\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02")},
        {"a tag beyond 32 bits", GWAPI_STR_INIT("\x80\x80\x80\x80\x10\x00")},
        {"a length beyond the end", GWAPI_STR_INIT("\x0a\x7f")},
        {"a length beyond memory",
         GWAPI_STR_INIT("\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01")},
        {"a fixed32 cut off", GWAPI_STR_INIT("\x35\x00\x00")},
        {"a fixed64 cut off", GWAPI_STR_INIT("\x31\x00\x00\x00\x00")},
        {"the status twice", GWAPI_STR_INIT("\x0a\x02\x08\x07\x0a\x00")},
        {"the code twice", GWAPI_STR_INIT("\x0a\x04\x08\x07\x08\x00")},
        {"the status as a number", GWAPI_STR_INIT("\x08\x00")},
        {"the code as bytes", GWAPI_STR_INIT("\x0a\x02\x0a\x00")},
        {"a denial and an OK", GWAPI_STR_INIT("\x12\x00\x1a\x00")},
        {"an OK twice", GWAPI_STR_INIT("\x1a\x00\x1a\x00")},
        {"an OK as a number", GWAPI_STR_INIT("\x18\x01")},
        {"a header without a header", GWAPI_STR_INIT("\x1a\x02\x12\x00")},
        {"a header as a number", GWAPI_STR_INIT("\x1a\x02\x10\x00")},
        {"a name that is empty", GWAPI_STR_INIT("\x1a\x04\x12\x02\x0a\x00")},
        {"a name twice", GWAPI_STR_INIT("\x1a\x0a\x12\x08\x0a\x06\x0a\x01x\x0a\x01y")},
        {"an action nobody knows", GWAPI_STR_INIT("\x1a\x09\x12\x07\x0a\x03\x0a\x01x\x18\x04")},
        {"an action as bytes", GWAPI_STR_INIT("\x1a\x09\x12\x07\x0a\x03\x0a\x01x\x1a\x00")},
        {"an action as a fixed32",
         GWAPI_STR_INIT("\x1a\x0c\x12\x0a\x0a\x03\x0a\x01x\x1d\x00\x00\x00\x00")},
        {"append beside an action",
         GWAPI_STR_INIT("\x1a\x0b\x12\x09\x0a\x03\x0a\x01x\x12\x00\x18\x01")},
        {"append as a number", GWAPI_STR_INIT("\x1a\x09\x12\x07\x0a\x03\x0a\x01x\x10\x01")},
        {"append cut off", GWAPI_STR_INIT("\x1a\x0a\x12\x08\x0a\x03\x0a\x01x\x12\x01\x08")},
        {"an OK cut off", GWAPI_STR_INIT("\x1a\x01\x12")},
        {"an option cut off", GWAPI_STR_INIT("\x1a\x08\x12\x06\x0a\x03\x0a\x01x\x2a")},
        {"a header cut off", GWAPI_STR_INIT("\x1a\x08\x12\x06\x0a\x04\x0a\x01x\x22")},
        {"a pseudo-header", GWAPI_STR_INIT("\x1a\x0b\x12\x09\x0a\x07\x0a\x05:path")},
        {"a name with a colon", GWAPI_STR_INIT("\x1a\x09\x12\x07\x0a\x05\x0a\x03x:y")},
        {"a name with a NUL", GWAPI_STR_INIT("\x1a\x09\x12\x07\x0a\x05\x0a\x03x\0y")},
        {"a name with a line end", GWAPI_STR_INIT("\x1a\x09\x12\x07\x0a\x05\x0a\x03x\r\n")},
        {"a value with CR and LF", GWAPI_STR_INIT("\x1a\x0d\x12\x0b\x0a\x09\x0a\x01x\x12\x04"
                                                  "a\r\nb")},
        {"a raw value with LF", GWAPI_STR_INIT("\x1a\x0b\x12\x09\x0a\x07\x0a\x01x\x1a\x02\n1")},
        {"a value with a NUL", GWAPI_STR_INIT("\x1a\x0b\x12\x09\x0a\x07\x0a\x01x\x12\x02\0a")},
        {"a value with DEL", GWAPI_STR_INIT("\x1a\x0a\x12\x08\x0a\x06\x0a\x01x\x12\x01\x7f")},
        {"a removal of what is no name", GWAPI_STR_INIT("\x1a\x05\x2a\x03 \r\n")},
        {"a removal of nothing", GWAPI_STR_INIT("\x1a\x02\x2a\x00")},
        {"a response header with LF",
         GWAPI_STR_INIT("\x1a\x0a\x32\x08\x0a\x06\x0a\x01x\x12\x01\n")},
        {"a parameter without a name", GWAPI_STR_INIT("\x1a\x02\x3a\x00")},
        {"a parameter with LF", GWAPI_STR_INIT("\x1a\x08\x3a\x06\x0a\x01x\x12\x01\n")},
        {"a removal of no parameter", GWAPI_STR_INIT("\x1a\x02\x42\x00")},
        {"a denial with status 99", GWAPI_STR_INIT("\x12\x04\x0a\x02\x08\x63")},
        {"a denial with status 101", GWAPI_STR_INIT("\x12\x04\x0a\x02\x08\x65")},
        {"a denial with status 600", GWAPI_STR_INIT("\x12\x05\x0a\x03\x08\xd8\x04")},
        {"a denial with status -1",
         GWAPI_STR_INIT("\x12\x0d\x0a\x0b\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01")},
        {"a denial with a damaged status", GWAPI_STR_INIT("\x12\x03\x0a\x01\x08")},
        {"a denial with its body twice", GWAPI_STR_INIT("\x12\x04\x1a\x00\x1a\x00")},
        {"a denial with a body of a number", GWAPI_STR_INIT("\x12\x02\x18\x00")},
        {"a denial whose header has a line end",
         GWAPI_STR_INIT("\x12\x0a\x12\x08\x0a\x06\x0a\x01x\x12\x01\r")},
    };
    asked a;

    ask_for(&a, "/grpc");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        gwapi_auth_response response = of_grpc(rows[i].bytes);
        expect_refused(&a, &response, rows[i].what);
    }
    asked_free(&a);
}

Test(match_auth, what_is_not_known_is_passed_over)
{
    static const gwapi_str rows[] = {
        GWAPI_STR_INIT("\x0a\x00\xa2\x06\x03"
                       "abc"),              /* field 100 */
        GWAPI_STR_INIT("\x0a\x02\x1a\x00"), /* details of the status */
        GWAPI_STR_INIT("\x35\x01\x02\x03\x04\x31\x01\x02\x03\x04\x05\x06\x07\x08"),
        GWAPI_STR_INIT("\x1a\x09\x12\x07\x0a\x03\x0a\x01x\x20\x01"), /* keep_empty_value */
        GWAPI_STR_INIT("\x1a\x0b\x12\x09\x0a\x07\x0a\x01x\x22\x02zz"),
        GWAPI_STR_INIT(""), /* all is as it is without being said: OK */
    };
    asked a;

    ask_for(&a, "/grpc");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        gwapi_auth_response response = of_grpc(rows[i]);
        cr_expect_eq(answer_of(&a, GWAPI_NONE, &response).allowed, 1, "row %zu", i);
    }
    asked_free(&a);
}

Test(match_auth, a_call_that_failed_denies)
{
    gwapi_auth_response response = of_grpc(GWAPI__STR("\x0a\x00"));
    asked a;

    ask_for(&a, "/grpc");
    cr_expect_eq(answer_of(&a, GWAPI_NONE, &response).allowed, 1);
    response.grpc_status = 14;
    expect_refused(&a, &response, "UNAVAILABLE");
    response.grpc_status = 0;
    response.status = 503;
    expect_refused(&a, &response, "503");
    response.status = 0;
    expect_refused(&a, &response, "no answer");
    asked_free(&a);
    ask_for(&a, "/http");
    expect_refused(&a, &response, "no answer over HTTP");
    asked_free(&a);
}

/* ---- limits ------------------------------------------------------------------------------ */

/* `count` headers "x" with a value of `size` bytes, in an OkHttpResponse. */
static gwapi_str many_headers(gwapi__buffer *out, size_t count, size_t size)
{
    size_t value = 1 + (size >= 128 ? size >= 16384 ? 3 : 2 : 1) + size;
    static char zeros[20000];

    memset(zeros, 'v', sizeof zeros);
    for (int pass = 0; pass < 2; pass++) {
        gwapi__buffer inner = {out->data + 16, out->capacity - 16, 0};
        for (size_t i = 0; i < count; i++) {
            gwapi__buffer header = {NULL, 0, 0};
            gwapi__wire_length(&header, 1, 3 + value);
            gwapi__wire_length(&inner, 2, header.length + 3 + value);
            gwapi__wire_length(&inner, 1, 3 + value);
            gwapi__wire_bytes(&inner, 1, GWAPI__STR("x"));
            gwapi__wire_bytes(&inner, 2, gwapi__str(zeros, size));
        }
        cr_assert_leq(inner.length, inner.capacity);
        out->length = 0;
        gwapi__wire_length(out, 3, inner.length);
        memmove(out->data + out->length, inner.data, inner.length);
        out->length += inner.length;
        if (pass == 0)
            out->length = 0;
    }
    return gwapi__str(out->data, out->length);
}

Test(match_auth, limits_are_reached_and_not_passed)
{
    static const struct {
        size_t count, size;
        uint32_t refused;
    } rows[] = {{128, 1, 0}, {129, 1, 1}, {1, 16384, 0}, {1, 16385, 1}};
    size_t room = GWAPI_AUTH_MESSAGE_MAX + 64;
    char *memory = calloc(1, room);
    asked a;

    ask_for(&a, "/grpc");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        gwapi__buffer out = {memory, room, 0};
        gwapi_auth_response response = of_grpc(many_headers(&out, rows[i].count, rows[i].size));
        cr_expect_eq(answer_of(&a, GWAPI_NONE, &response).refused, rows[i].refused,
                     "%zu headers of %zu bytes", rows[i].count, rows[i].size);
    }
    for (size_t more = 0; more < 2; more++) {
        gwapi__buffer out = {memory, room, 0};
        gwapi__wire_length(&out, 4, GWAPI_AUTH_MESSAGE_MAX - 5 + more);
        gwapi_auth_response response =
            of_grpc(gwapi__str(memory, GWAPI_AUTH_MESSAGE_MAX + more));
        cr_expect_eq(answer_of(&a, GWAPI_NONE, &response).refused, more);
    }
    free(memory);
    asked_free(&a);
}

/* ---- answers over HTTP ------------------------------------------------------------------- */

Test(match_auth, over_http_200_alone_allows)
{
    static const struct {
        uint32_t status, expected, refused;
    } rows[] = {{200, 0, 0},   {201, 201, 0}, {204, 204, 0}, {302, 302, 0},       {401, 401, 0},
                {403, 403, 0}, {500, 500, 0}, {599, 599, 0}, {0, 403, 1},         {100, 403, 1},
                {101, 403, 1}, {199, 403, 1}, {600, 403, 1}, {UINT32_MAX, 403, 1}};
    asked a;

    ask_for(&a, "/http");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        gwapi_auth_response response = GWAPI_AUTH_RESPONSE_INIT;
        response.status = rows[i].status;
        response.body = GWAPI__STR("why");
        gwapi_auth_answer answer = answer_of(&a, GWAPI_NONE, &response);
        cr_expect_eq(answer.status, rows[i].expected, "%u: %u", (unsigned)rows[i].status,
                     (unsigned)answer.status);
        cr_expect_eq(answer.refused, rows[i].refused, "%u", (unsigned)rows[i].status);
        cr_expect_eq(answer.body.len, answer.allowed != 0 || answer.refused != 0 ? 0 : 3);
    }
    asked_free(&a);
}

static const gwapi_header answered[] = {
    LINE(":status", "200"),
    LINE("X-Role", "admin"),
    LINE("x-role", "user"),
    LINE("Host", "evil.test"),
    LINE("Set-Cookie", "a"),
    LINE("Content-Length", "0"),
    LINE("connection", "close"),
    LINE("set-cookie", "b"),
    LINE("Transfer-Encoding", "chunked"),
    LINE("TE", "trailers"),
    LINE("Upgrade", "h2c"),
    LINE("Trailer", "x"),
    LINE("Keep-Alive", "1"),
    LINE("Proxy-Connection", "close"),
};

Test(match_auth, headers_of_an_answer_are_copied_but_for_what_frames_a_message)
{
    static const struct {
        const char *path;
        uint32_t status;
        const char *request, *response;
    } rows[] = {
        {"/http", 200, "set X-Role=admin;add x-role=user;set Set-Cookie=a;add set-cookie=b;",
         ""},
        {"/listed", 200, "set X-Role=admin;add x-role=user;set Host=evil.test;", ""},
        {"/listed", 401, "",
         "set X-Role=admin;add x-role=user;set Host=evil.test;set Set-Cookie=a;"
         "add set-cookie=b;"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        gwapi_auth_response response = GWAPI_AUTH_RESPONSE_INIT;
        asked a;
        ask_for(&a, rows[i].path);
        response.status = rows[i].status;
        response.headers = answered;
        response.header_count = sizeof answered / sizeof *answered;
        cr_expect_str_eq(
            changes_of(&a.decision, GWAPI_NONE, &response, GWAPI_AUTH_REQUEST_HEADERS),
            rows[i].request, "row %zu", i);
        cr_expect_str_eq(
            changes_of(&a.decision, GWAPI_NONE, &response, GWAPI_AUTH_RESPONSE_HEADERS),
            rows[i].response, "row %zu", i);
        asked_free(&a);
    }
}

Test(match_auth, each_header_of_an_answer_is_told_to_be_taken_or_not)
{
    static const struct {
        const char *path, *name;
        uint32_t taken;
    } rows[] = {
        {"/http", "x-any", 1},          {"/http", "Host", 0},     {"/http", ":status", 0},
        {"/http", "content-length", 0}, {"/listed", "x-role", 1}, {"/listed", "HOST", 1},
        {"/listed", "x-any", 0},        {"/grpc", "x-any", 0},    {"/redirect", "x-any", 0},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        asked a;
        ask_for(&a, rows[i].path);
        cr_expect_eq(
            gwapi_auth_takes_header(&a.decision, GWAPI_NONE, gwapi__str_of(rows[i].name)),
            rows[i].taken, "%s %s", rows[i].path, rows[i].name);
        asked_free(&a);
    }
}

Test(match_auth, headers_that_no_message_may_have_refuse_the_answer)
{
    static const gwapi_header rows[] = {
        LINE("x", "a\r\nSet-Cookie: b"),
        LINE("x", "a\nb"),
        LINE("x", "a\0b"),
        LINE("", "a"),
        LINE(":", "a"),
        LINE("x y", "a"),
        LINE("x\r", "a"),
        LINE("x:", "a"),
        LINE("x\xe9", "a"),
    };
    static gwapi_header many[GWAPI_AUTH_CHANGES_MAX + 1];
    gwapi_auth_response response = GWAPI_AUTH_RESPONSE_INIT;
    asked a;

    ask_for(&a, "/http");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        response.headers = &rows[i];
        response.header_count = 1;
        response.status = 200;
        expect_refused(&a, &response, "200");
        response.status = 401;
        expect_refused(&a, &response, "401");
    }
    for (size_t i = 0; i <= GWAPI_AUTH_CHANGES_MAX; i++)
        many[i] = (gwapi_header)LINE("x", "\tb\xe9 c");
    response.headers = many;
    response.status = 200;
    response.header_count = GWAPI_AUTH_CHANGES_MAX;
    cr_expect_eq(answer_of(&a, GWAPI_NONE, &response).allowed, 1);
    response.header_count++;
    expect_refused(&a, &response, "too many");
    asked_free(&a);
}

Test(match_auth, a_client_that_speaks_grpc_is_denied_in_its_words)
{
    static const uint32_t rows[][2] = {{400, 13}, {401, 16}, {403, 7},  {404, 12}, {429, 14},
                                       {502, 14}, {503, 14}, {504, 14}, {302, 2},  {500, 2}};
    asked a;

    auth_table(&a.table);
    a.request = get("a.test", "/http");
    for (uint32_t grpc = 0; grpc < 2; grpc++) {
        a.request.flags = grpc != 0 ? GWAPI_REQUEST_GRPC : 0;
        a.decision = ask_at(&a.table, 80, "", &a.request);
        for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
            gwapi_auth_response response = GWAPI_AUTH_RESPONSE_INIT;
            response.status = rows[i][0];
            cr_expect_eq(answer_of(&a, GWAPI_NONE, &response).grpc_status,
                         grpc != 0 ? rows[i][1] : 0, "%u", (unsigned)rows[i][0]);
        }
    }
    asked_free(&a);
}

/* ---- among the modifiers ----------------------------------------------------------------- */

static const char *ops_of(const asked *a, uint32_t backend, gwapi_header_side side,
                          const gwapi_auth_response *rule, const gwapi_auth_response *own)
{
    gwapi_header_op ops[CHANGES];
    static char out[2048];
    size_t count, n = 0;

    gwapi_result result = gwapi_auth_header_ops(&a->decision, &a->request, backend, side, rule,
                                                own, ops, CHANGES, &count);
    if (result != GWAPI_OK)
        return gwapi_result_name(result);
    out[0] = '\0';
    for (size_t i = 0; i < count; i++)
        n += (size_t)snprintf(out + n, sizeof out - n, "%s %.*s=%.*s;",
                              action_text(ops[i].action), GWAPI__FMT(ops[i].name),
                              GWAPI__FMT(ops[i].value));
    return out;
}

Test(match_auth, changes_stand_where_the_filter_does)
{
    char bytes[1024], no_bytes[64];
    gwapi_auth_response allows = of_grpc(message("ok-headers", bytes, sizeof bytes));
    gwapi_auth_response denies = of_grpc(message("denied-bare", no_bytes, sizeof no_bytes));
    asked a;

    ask_for(&a, "/modified");
    cr_expect_str_eq(
        ops_of(&a, 0, GWAPI_HEADERS_REQUEST, &allows, NULL),
        "set X-User=set;add X-Set=added;remove cookie=;set x-user=ann;"
        "add x-group=a;set x-set=1;absent x-absent=1;set x-over=1;present x-if=raw;"
        "remove authorization=;");
    cr_expect_str_eq(ops_of(&a, 0, GWAPI_HEADERS_RESPONSE, &allows, NULL),
                     "add set-cookie=s=1;set x-auth=done;set x-auth=behind;");
    cr_expect_str_eq(ops_of(&a, 0, GWAPI_HEADERS_REQUEST, &denies, NULL), "GWAPI_ESTATE");
    cr_expect_str_eq(ops_of(&a, 0, GWAPI_HEADERS_REQUEST, NULL, &allows), "GWAPI_ESTATE");
    asked_free(&a);
    ask_for(&a, "/own");
    cr_expect_str_eq(ops_of(&a, GWAPI_NONE, GWAPI_HEADERS_REQUEST, NULL, NULL),
                     "set X-User=set;");
    cr_expect_str_eq(ops_of(&a, 0, GWAPI_HEADERS_REQUEST, NULL, NULL), "GWAPI_ESTATE");
    asked_free(&a);
}

Test(match_auth, cors_stands_among_the_changes)
{
    static const gwapi_header headers[] = {LINE("Origin", "https://a.test")};
    gwapi_auth_response http = GWAPI_AUTH_RESPONSE_INIT, grpc = of_grpc(GWAPI__STR(""));
    asked a;

    ask_with(&a, "/preflight", headers, 1, 80);
    http.status = 200;
    cr_expect_str_eq(ops_of(&a, 0, GWAPI_HEADERS_RESPONSE, &http, &grpc),
                     "set Access-Control-Allow-Origin=*;");
    cr_expect_str_eq(ops_of(&a, 0, GWAPI_HEADERS_RESPONSE, &http, NULL), "GWAPI_ESTATE");
    asked_free(&a);
}

/* ---- callers' mistakes ------------------------------------------------------------------- */

Test(match_auth, wrong_arguments_are_refused)
{
    gwapi_auth_response response = GWAPI_AUTH_RESPONSE_INIT;
    gwapi_auth_answer answer = {.struct_size = sizeof answer};
    gwapi_auth_facts facts = GWAPI_AUTH_FACTS_INIT, foreign = GWAPI_AUTH_FACTS_INIT;
    gwapi_auth_call call = {.struct_size = sizeof call};
    gwapi_decision none = GWAPI_DECISION_INIT;
    size_t n;
    asked a;

    ask_for(&a, "/http");
    const gwapi_decision *d = &a.decision;
    cr_expect_eq(gwapi_auth_request(&none, &a.request, GWAPI_NONE, &call), GWAPI_EARGUMENT);
    cr_expect_eq(gwapi_auth_path(d, &a.request, GWAPI_NONE, NULL, 1, &n), GWAPI_EARGUMENT);
    cr_expect_eq(gwapi_auth_path(d, &a.request, GWAPI_NONE, NULL, 0, NULL), GWAPI_EARGUMENT);
    cr_expect_eq(gwapi_auth_path(d, &a.request, 0, NULL, 0, &n), GWAPI_ESTATE);
    cr_expect_eq(gwapi_auth_headers(d, &a.request, GWAPI_NONE, NULL, 1, &n), GWAPI_EARGUMENT);
    cr_expect_eq(gwapi_auth_headers(d, &a.request, 0, NULL, 0, &n), GWAPI_ESTATE);
    cr_expect_eq(gwapi_auth_check(d, &a.request, GWAPI_NONE, NULL, NULL, 0, &n),
                 GWAPI_EARGUMENT);
    cr_expect_eq(gwapi_auth_check(d, &a.request, GWAPI_NONE, &facts, NULL, 0, &n), GWAPI_ESTATE,
                 "this one is asked over HTTP");
    foreign.struct_size = 1;
    cr_expect_eq(gwapi_auth_check(d, &a.request, GWAPI_NONE, &foreign, NULL, 0, &n),
                 GWAPI_ESTRUCTSIZE);
    cr_expect_eq(gwapi_auth_result(d, GWAPI_NONE, NULL, &answer), GWAPI_EARGUMENT);
    cr_expect_eq(gwapi_auth_result(NULL, GWAPI_NONE, &response, &answer), GWAPI_EARGUMENT);
    cr_expect_eq(gwapi_auth_result(d, 0, &response, &answer), GWAPI_ESTATE);
    cr_expect_eq(gwapi_auth_changes(d, GWAPI_NONE, &response, 3, NULL, 0, &n), GWAPI_EARGUMENT);
    cr_expect_eq(gwapi_auth_changes(d, GWAPI_NONE, NULL, 0, NULL, 0, &n), GWAPI_EARGUMENT);
    cr_expect_eq(gwapi_auth_changes(d, 0, &response, 0, NULL, 0, &n), GWAPI_ESTATE);
    cr_expect_eq(
        gwapi_auth_header_ops(d, &a.request, GWAPI_NONE, 2, &response, NULL, NULL, 0, &n),
        GWAPI_EARGUMENT);
    cr_expect_eq(
        gwapi_auth_header_ops(d, &a.request, GWAPI_NONE, 0, &response, NULL, NULL, 1, &n),
        GWAPI_EARGUMENT);
    cr_expect_eq(gwapi_auth_sends_header(NULL, GWAPI_NONE, GWAPI__STR("x")), 0);
    asked_free(&a);
}
