/*
 * Request lines: "METHOD TARGET", then "Name: value" lines; the first byte chooses the port.
 * Whatever they hold, a table with every filter answers, under each path policy, and all that
 * is told agrees: headers from a list and from a getter, a normalized path and one that came
 * so, a length that is asked for and what is written then.
 */
#include "table.h"

#include "support/use_decision.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint32_t get_header(void *ctx, uint32_t name_index, gwapi_str name, uint32_t nth,
                           gwapi_str *value)
{
    const gwapi_request *request = ctx;

    (void)name_index;
    for (size_t i = 0; i < request->header_count; i++)
        if (gwapi__str_eq_nocase(request->headers[i].name, name) && nth-- == 0) {
            *value = request->headers[i].value;
            return 1;
        }
    return 0;
}

static void require_same(const gwapi_decision *a, const gwapi_decision *b, const char *what)
{
    require(a->outcome == b->outcome && a->reason == b->reason && a->status == b->status &&
                a->listener == b->listener && a->rule == b->rule && a->match == b->match,
            what);
}

/* ---- texts ------------------------------------------------------------------------------- */

typedef gwapi_result helper(const gwapi_decision *d, const gwapi_request *request,
                            uint32_t backend, char *buffer, size_t capacity, size_t *length);

static gwapi_result location(const gwapi_decision *d, const gwapi_request *request,
                             uint32_t backend, char *buffer, size_t capacity, size_t *length)
{
    uint32_t status;

    return gwapi_decision_redirect(d, request, backend, buffer, capacity, length, &status);
}

/* In a buffer of just the size that was told, and in one that is a byte too small. */
static void check_text(helper *write, const gwapi_decision *d, const gwapi_request *request,
                       uint32_t backend)
{
    size_t needed = 0, length = 0;
    gwapi_result result = write(d, request, backend, NULL, 0, &needed);

    if (result != GWAPI_EBUFFER)
        return;
    char *exactly = malloc(needed);
    require(write(d, request, backend, exactly, needed, &length) == GWAPI_OK, "it fits");
    require(length == needed, "the length is as told");
    free(exactly);
    exactly = malloc(needed - 1 + (needed == 1));
    require(write(d, request, backend, exactly, needed - 1, &length) == GWAPI_EBUFFER,
            "it does not fit");
    require(length == needed, "the length is as told, again");
    free(exactly);
}

static void check_texts(const gwapi_decision *d, const gwapi_request *request)
{
    for (uint32_t backend = 0; backend < 3; backend++) {
        uint32_t place = backend < 2 ? backend : GWAPI_NONE;
        check_text(location, d, request, place);
        check_text(gwapi_decision_path, d, request, place);
        check_text(gwapi_auth_path, d, request, place);
    }
}

/* ---- paths ------------------------------------------------------------------------------- */

/* The canonical path, which is the caller's to free; false when it is refused by REJECT. */
static bool canonical_path(gwapi_str path, char **out, size_t *length)
{
    size_t again = 0, room = path.len + 1;
    uint32_t flags = 0, flags_again = 0;
    gwapi_result result;

    *out = malloc(room);
    result = gwapi_path_check(GWAPI_PATH_NORMALIZE, path, *out, room, length, &flags);
    require(result == GWAPI_OK, "a canonical path is no longer than the path");
    char *twice = malloc(room);
    result = gwapi_path_check(GWAPI_PATH_NORMALIZE, gwapi__str(*out, *length), twice, room,
                              &again, &flags_again);
    require(result == GWAPI_OK && again == *length && memcmp(*out, twice, again) == 0,
            "a canonical path is its own");
    require((flags_again & GWAPI_PATH_CHECK_DIFFERS) == 0, "… and does not differ");
    result = gwapi_path_check(GWAPI_PATH_REJECT, path, twice, room, &again, &flags_again);
    require((result == GWAPI_EINVALID) == ((flags & GWAPI_PATH_CHECK_REFUSED) != 0),
            "what is refused is told");
    free(twice);
    return (flags & GWAPI_PATH_CHECK_REFUSED) == 0;
}

static void check_policies(const fuzz_table *t, uint32_t port, gwapi_request request,
                           const gwapi_decision *raw)
{
    gwapi_connection connection;
    gwapi_request canonical = request;
    size_t length = 0;
    char *path;
    bool passes = canonical_path(request.path, &path, &length);

    canonical.path = gwapi__str(path, length);
    request.path_policy = GWAPI_PATH_REJECT;
    gwapi_decision rejecting = fuzz_ask(t, port, &request, &connection);
    if (passes && raw->reason != GWAPI_REASON_MATCH_LIMIT &&
        rejecting.reason != GWAPI_REASON_PATH_REFUSED)
        require_same(raw, &rejecting, "REJECT decides as RAW on what it lets pass");
    check_texts(&rejecting, &request);
    use_decision(&connection, &rejecting, &request);

    request.path_policy = GWAPI_PATH_NORMALIZE;
    gwapi_decision normal = fuzz_ask(t, port, &request, &connection);
    gwapi_decision came_so = fuzz_ask(t, port, &canonical, &connection);
    if (normal.reason != GWAPI_REASON_MATCH_LIMIT)
        require_same(&came_so, &normal, "NORMALIZE decides as RAW on the canonical path");
    check_texts(&normal, &request);
    use_decision(&connection, &normal, &request);
    free(path);
}

static void check_request(const fuzz_table *t, uint32_t port, const gwapi_request *request)
{
    gwapi_header_getter getter = {sizeof getter, NULL, get_header};
    gwapi_connection connection;
    gwapi_request got = *request;
    gwapi_decision raw = fuzz_ask(t, port, request, &connection);

    getter.ctx = (void *)(uintptr_t)request;
    got.getter = &getter;
    gwapi_decision of_getter = fuzz_ask(t, port, &got, &connection);
    require_same(&raw, &of_getter, "a getter's headers are a list's");
    check_texts(&raw, request);
    check_texts(&of_getter, &got);
    check_policies(t, port, *request, &raw);
    use_decision(&connection, &of_getter, &got);
    use_decision(&connection, &raw, request);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const uint32_t ports[] = {80, 443, 80, 443};
    static fuzz_table table;
    gwapi_request request = GWAPI_REQUEST_INIT;
    gwapi_header headers[FUZZ_HEADERS];

    if (table.snapshot == NULL)
        fuzz_table_make(&table);
    if (size == 0)
        return 0;
    gwapi_str rest = gwapi__str((const char *)data + 1, size - 1);
    gwapi_str line = fuzz_take(&rest, '\n');
    request.method = fuzz_take(&line, ' ');
    request.path = line;
    request.header_count = fuzz_take_headers(&rest, headers);
    request.headers = headers;
    request.flags = (data[0] & 4) != 0 ? GWAPI_REQUEST_GRPC : 0;
    if (request.header_count != 0 && (data[0] & 8) == 0)
        request.host = headers[0].value;
    check_request(&table, ports[data[0] & 3], &request);
    return 0;
}
