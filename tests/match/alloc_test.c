/*
 * Accepting, matching, drawing and every helper allocate nothing, the first request included:
 * seen by the snapshot's allocator and by malloc itself, over all cases of tests/data/match.
 */
#include "match/served.h"

#include "support/oom.h"
#include "support/use_decision.h"

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
        use_decision(&connection, &decision, &r.request);
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
