/*
 * Accepting, matching, drawing and every helper allocate nothing, the first request included:
 * seen by the snapshot's allocator and by malloc itself, over all cases of tests/data/match.
 */
#include "match/served.h"

#include "support/oom.h"

/* ---- malloc, watched --------------------------------------------------------------------- */

/* volatile: compilers take it that malloc changes nothing of ours. */
static volatile bool watching;
static volatile size_t calls;

#if defined __has_feature
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif
#if defined __GLIBC__ && !defined __SANITIZE_ADDRESS__ && !defined SANITIZED
#define INTERPOSED 1

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *ptr, size_t size);
void __libc_free(void *ptr);

void *malloc(size_t size)
{
    calls += watching;
    return __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    calls += watching;
    return __libc_calloc(count, size);
}

void *realloc(void *ptr, size_t size)
{
    calls += watching;
    return __libc_realloc(ptr, size);
}

void free(void *ptr)
{
    calls += watching;
    __libc_free(ptr);
}
#else
#define INTERPOSED 0 /* a sanitizer's malloc has to stay */
#endif

/* Valgrind puts its own in place of ours. */
static bool sees_malloc(void)
{
    const char *preloaded = getenv("LD_PRELOAD");

    return INTERPOSED && (preloaded == NULL || strstr(preloaded, "vgpreload") == NULL);
}

Test(match_alloc, the_watch_sees_an_allocation)
{
    if (!sees_malloc())
        cr_skip_test("malloc is not ours here");
    watching = true;
    void *volatile block = malloc(10);
    watching = false;
    free(block);
    cr_expect_eq(calls, 1);
}

/* ---- the helpers ------------------------------------------------------------------------- */

#define MOST_OPS 128

static void list_parts(const gwapi_decision *d)
{
    gwapi_mirror_info mirror = {.struct_size = sizeof mirror};
    gwapi_extension_info extension = {.struct_size = sizeof extension};
    gwapi_backend_info backend = {.struct_size = sizeof backend};
    gwapi_traffic_info traffic = {.struct_size = sizeof traffic};
    gwapi_session_info session = {.struct_size = sizeof session};

    for (size_t i = 0; i < gwapi_decision_backend_count(d); i++) {
        cr_expect_eq(gwapi_decision_backend_at(d, i, &backend), GWAPI_OK);
        gwapi_decision_backend_index(d, i);
        gwapi_decision_traffic(d, i, &traffic);
        gwapi_decision_traffic_session(d, i, &session);
    }
    for (size_t i = 0; i < gwapi_decision_mirror_count(d); i++)
        cr_expect_eq(gwapi_decision_mirror_at(d, i, &mirror), GWAPI_OK);
    for (size_t i = 0; i < gwapi_decision_extension_count(d); i++)
        cr_expect_eq(gwapi_decision_extension_at(d, i, &extension), GWAPI_OK);
}

static void tell_rule(const gwapi_decision *d)
{
    gwapi_retry_info retry = {.struct_size = sizeof retry};
    gwapi_session_info session = {.struct_size = sizeof session};
    gwapi_mesh_info mesh = {.struct_size = sizeof mesh};
    char text[512];
    size_t length;

    gwapi_decision_retry(d, &retry);
    gwapi_decision_retry_code_at(d, 0);
    gwapi_decision_session(d, &session);
    gwapi_decision_cookie_path(d, text, sizeof text, &length);
    gwapi_mesh_destination(d, &mesh);
}

static void apply(const gwapi_decision *d, const gwapi_request *request, uint32_t backend)
{
    gwapi_header_op ops[MOST_OPS];
    gwapi_cors_answer cors = {.struct_size = sizeof cors};
    char text[512];
    size_t length, count;
    gwapi_str host;

    gwapi_decision_redirect(d, request, backend, text, sizeof text, &length, NULL);
    gwapi_decision_path(d, request, backend, text, sizeof text, &length);
    gwapi_decision_host(d, request, backend, &host);
    gwapi_decision_header_ops(d, request, backend, GWAPI_HEADERS_REQUEST, ops, MOST_OPS, &count);
    gwapi_decision_header_ops(d, request, backend, GWAPI_HEADERS_RESPONSE, ops, MOST_OPS, &count);
    gwapi_decision_cors(d, request, backend, &cors);
}

static void authorize(const gwapi_decision *d, const gwapi_request *request, uint32_t backend)
{
    gwapi_auth_call call = {.struct_size = sizeof call};
    gwapi_auth_answer answer = {.struct_size = sizeof answer};

    gwapi_auth_request(d, request, backend, &call);
    gwapi_auth_sends_header(d, backend, GWAPI__STR("x-user"));
    gwapi_auth_result(d, backend, 200, &answer);
    gwapi_auth_takes_header(d, backend, GWAPI__STR("x-user"));
}

static void use(const gwapi_connection *connection, gwapi_decision *d,
                const gwapi_request *request)
{
    gwapi_decision whole = GWAPI_DECISION_INIT;
    size_t backends = gwapi_decision_backend_count(d);
    uint32_t chosen;

    gwapi_connection_decide(connection, &whole);
    for (size_t i = 0; i <= backends; i++) {
        uint32_t backend = i < backends ? (uint32_t)i : GWAPI_NONE;
        apply(d, request, backend);
        authorize(d, request, backend);
    }
    list_parts(d);
    tell_rule(d);
    gwapi_decision_pick_backend(d, request, 1234567890123, &chosen);
    list_parts(d);
    apply(d, request, d->chosen);
}

static void check_request(const served *s, const test_memory *memory, const char *name,
                          gwapi_str line)
{
    gwapi_connection connection;
    gwapi_decision decision;
    cli_request r;
    size_t before = memory->calls;

    cli_request_read(&r, line, s->settings.path_policy);
    calls = 0;
    watching = true;
    gwapi_result result = ask(s, &r, &connection, &decision);
    if (result == GWAPI_OK)
        use(&connection, &decision, &r.request);
    watching = false;
    cr_expect_eq(result, GWAPI_OK);
    cr_expect_eq(calls, 0, "%s: malloc is called for %.*s", name, GWAPI__FMT(line));
    cr_expect_eq(memory->calls, before, "%s: the allocator is called for %.*s", name,
                 GWAPI__FMT(line));
    cli_request_free(&r);
}

static void check_case(const char *name, uint32_t flags)
{
    gwapi_open_options options = GWAPI_OPEN_OPTIONS_INIT;
    test_memory memory = {0};
    gwapi_allocator allocator = test_memory_allocator(&memory);
    lines requests;
    gwapi_str line;
    served s;

    served_init(&s, name);
    options.flags = flags;
    options.allocator = &allocator;
    cr_assert_eq(gwapi_snapshot_open(&s.snapshot, s.image, s.image_size, &options, NULL),
                 GWAPI_OK);
    cr_assert_eq(gwapi_scratch_new(&s.scratch, s.snapshot, &allocator), GWAPI_OK);
    lines_open(&requests, name, "requests.jsonl");
    while (lines_next(&requests, &line))
        check_request(&s, &memory, name, line);
    free(requests.text);
    served_free(&s);
    cr_expect_eq(memory.live_blocks, 0, "%s", name);
}

static void check_all(uint32_t flags)
{
    static char names[512][128];
    size_t count = list_cases(names, 512);

    cr_assert_gt(count, 0);
    for (size_t i = 0; i < count; i++)
        check_case(names[i], flags);
}

Test(match_alloc, nothing_is_allocated_for_a_request)
{
    check_all(0);
}

Test(match_alloc, nothing_is_allocated_without_executable_memory)
{
    check_all(GWAPI_OPEN_NO_JIT);
}
