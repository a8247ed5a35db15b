/*
 * Answers of auth backends. An input that begins with 'H' is one over HTTP: a line with the
 * status, then "Name: value" lines; any other is a CheckResponse behind its first byte.
 * Whatever it is, it allows or denies, changes nothing when it is refused, and asks for nothing
 * that could not stand in a header. The same bytes as a request give a Check message that can
 * be read.
 */
#include "table.h"

#include "base/utf8.h"
#include "match/auth.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MOST_CHANGES = 2 * GWAPI_AUTH_CHANGES_MAX };

static bool holds_control(gwapi_str text)
{
    for (size_t i = 0; i < text.len; i++)
        if (((unsigned char)text.data[i] < 0x20 && text.data[i] != '\t') ||
            text.data[i] == 0x7f)
            return true;
    return false;
}

static void check_change(const gwapi_header_op *op, gwapi_auth_side side)
{
    require(op->action >= GWAPI_HEADER_SET && op->action <= GWAPI_HEADER_SET_IF_PRESENT,
            "an action");
    require(op->name.len != 0 && op->name.data[0] != ':', "a name");
    require(!holds_control(op->name) && !holds_control(op->value), "no control characters");
    if (side == GWAPI_AUTH_REQUEST_QUERY)
        return;
    require(gwapi__str_find_char(op->name, ' ') == SIZE_MAX, "no blanks in a name");
    require(!gwapi__str_eq_nocase(op->name, GWAPI__STR("content-length")) &&
                !gwapi__str_eq_nocase(op->name, GWAPI__STR("transfer-encoding")),
            "nothing that frames a message");
}

/* How many there are. */
static size_t check_changes(const gwapi_decision *d, uint32_t backend,
                            const gwapi_auth_response *response, gwapi_auth_side side)
{
    gwapi_header_op ops[MOST_CHANGES];
    size_t count, needed;

    require(gwapi_auth_changes(d, backend, response, side, ops, MOST_CHANGES, &count) ==
                GWAPI_OK,
            "changes have a limit");
    gwapi_result result = gwapi_auth_changes(d, backend, response, side, NULL, 0, &needed);
    require(needed == count && result == (count != 0 ? GWAPI_EBUFFER : GWAPI_OK),
            "they are counted");
    for (size_t i = 0; i < count; i++)
        check_change(&ops[i], side);
    return count;
}

static void check_answer(const gwapi_decision *d, const gwapi_request *request,
                         uint32_t backend, const gwapi_auth_response *response)
{
    gwapi_auth_response fine = GWAPI_AUTH_RESPONSE_INIT;
    gwapi_auth_answer answer = {.struct_size = sizeof answer};
    gwapi_header_op ops[4 * MOST_CHANGES];
    size_t counts[3], count;

    require(gwapi_auth_result(d, backend, response, &answer) == GWAPI_OK, "an answer");
    for (gwapi_auth_side side = 0; side < 3; side++)
        counts[side] = check_changes(d, backend, response, side);
    require(answer.allowed <= 1 && answer.refused <= 1, "yes or no");
    require((answer.allowed != 0) == (answer.status == 0), "allowed or answered");
    require(answer.allowed != 0 || (answer.status >= 200 && answer.status <= 599), "a status");
    require(answer.allowed == 0 || answer.body.len == 0, "only a denial has a body");
    require(answer.allowed != 0 || (counts[0] == 0 && counts[2] == 0),
            "a denied request is not changed");
    require(answer.refused == 0 ||
                (answer.status == 403 && answer.body.len == 0 && counts[1] == 0),
            "of a refused answer nothing is left");
    fine.status = 200;
    bool own = backend != GWAPI_NONE;
    gwapi_result result =
        gwapi_auth_header_ops(d, request, 0, GWAPI_HEADERS_REQUEST, own ? &fine : response,
                              own ? response : &fine, ops, 4 * MOST_CHANGES, &count);
    require(result == (answer.allowed != 0 ? GWAPI_OK : GWAPI_ESTATE),
            "only what is allowed goes on");
}

/* ---- the Check message ------------------------------------------------------------------- */

/* Every field of the message can be read, and is as long as it says. */
static size_t read_fields(gwapi_str message, uint32_t wanted, gwapi_str *found)
{
    gwapi__wire_field f;
    size_t count = 0;

    for (; message.len != 0; count++) {
        require(gwapi__wire_next(&message, &f), "a field can be read");
        if (f.number == wanted && found != NULL)
            *found = f.bytes;
    }
    return count;
}

static void read_http(gwapi_str http, const gwapi_auth_facts *facts)
{
    gwapi__wire_field f;
    gwapi_str body = {NULL, 0}, key = {NULL, 0};

    while (http.len != 0) {
        require(gwapi__wire_next(&http, &f), "a field can be read");
        require(f.type != GWAPI__WIRE_BYTES || f.number == 12 || f.number == 3 ||
                    gwapi__utf8_valid(f.bytes),
                "a text is UTF-8");
        if (f.number == 3) {
            require(read_fields(f.bytes, 1, &key) == 2, "a header has a name and a value");
            require(gwapi__utf8_valid(key), "a name is UTF-8");
        }
        if (f.number == 11 || f.number == 12)
            body = f.bytes;
    }
    require(gwapi__str_eq(body, facts->body), "the body is there");
}

static void check_check(const gwapi_decision *d, const gwapi_request *request, gwapi_str body)
{
    gwapi_auth_facts facts = GWAPI_AUTH_FACTS_INIT;
    gwapi_str attributes = {NULL, 0}, part = {NULL, 0}, http = {NULL, 0};
    gwapi_header headers[2 * FUZZ_HEADERS];
    size_t needed, length;

    require(gwapi_auth_headers(d, request, 0, headers, 2 * FUZZ_HEADERS, &facts.header_count) ==
                GWAPI_OK,
            "headers to send");
    facts.headers = headers;
    facts.body = body;
    facts.id = facts.sni = facts.source_address = body;
    facts.size = (int64_t)body.len - 1;
    gwapi_result result = gwapi_auth_check(d, request, 0, &facts, NULL, 0, &needed);
    require(result == (body.len <= 65535 ? GWAPI_EBUFFER : GWAPI_EINVALID), "a length");
    if (result != GWAPI_EBUFFER)
        return;
    char *message = malloc(needed);
    require(gwapi_auth_check(d, request, 0, &facts, message, needed, &length) == GWAPI_OK &&
                length == needed,
            "it fits");
    require(read_fields(gwapi__str(message, length), 1, &attributes) == 1, "attributes");
    read_fields(attributes, 4, &part);
    read_fields(part, 2, &http);
    read_http(http, &facts);
    free(message);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static fuzz_table table;
    gwapi_auth_response response = GWAPI_AUTH_RESPONSE_INIT;
    gwapi_request request = GWAPI_REQUEST_INIT;
    gwapi_header headers[FUZZ_HEADERS];
    gwapi_connection connection;
    uint64_t status = 0;

    if (table.snapshot == NULL)
        fuzz_table_make(&table);
    if (size == 0)
        return 0;
    gwapi_str all = gwapi__str((const char *)data, size), rest = gwapi__str_sub(all, 1, size);
    request.host = GWAPI__STR("n.test");
    request.path = GWAPI__STR("/auth/x?q");
    if (data[0] == 'H') {
        gwapi__str_to_u64(fuzz_take(&rest, '\n'), &status);
        response.status = (uint32_t)status;
        response.header_count = fuzz_take_headers(&rest, headers);
        response.headers = headers;
        request.headers = headers;
        request.header_count = response.header_count;
    }
    gwapi_decision d = fuzz_ask(&table, 80, &request, &connection);
    require(d.outcome == GWAPI_OUTCOME_FORWARD, "the rule takes it");
    if (data[0] == 'H') {
        check_answer(&d, &request, GWAPI_NONE, &response);
        check_check(&d, &request, rest);
        return 0;
    }
    response.status = 200;
    response.body = rest;
    check_answer(&d, &request, 0, &response);
    check_check(&d, &request, all);
    return 0;
}
