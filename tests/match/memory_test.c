/*
 * Compiling, opening, and writing decisions, over the cases of tests/data/match: no memory
 * leaves nothing behind, and nothing but the resources decides about the bytes of an image.
 */
#include "match/served.h"

#include "support/oom.h"

static void resolved(world *w, const settings *s, gwapi_str yaml)
{
    world_init(w, s->channel);
    w->options = s->options;
    w->mode = s->mode;
    read_documents(w, yaml, false);
    world_resolve(w);
}

static void for_each_case(void (*check)(const char *name, const settings *s, gwapi_str yaml))
{
    static char names[512][128];
    size_t count = list_cases(names, 512);

    cr_assert_gt(count, 0);
    for (size_t i = 0; i < count; i++) {
        settings s;
        size_t len = 0;
        char *yaml = slurp(root(), names[i], "manifests.yaml", &len);
        take_options(&s, gwapi__str(yaml, len));
        check(names[i], &s, gwapi__str(yaml, len));
        free(yaml);
    }
}

/* ---- every allocation fails -------------------------------------------------------------- */

static gwapi_result compile(const gwapi_allocator *allocator, void *arg)
{
    gwapi_compile_options options = GWAPI_COMPILE_OPTIONS_INIT;
    const world *w = arg;
    gwapi_snapshot *s;

    options.allocator = allocator;
    options.flags = GWAPI_COMPILE_WITH_KEYS;
    options.label = GWAPI__STR("label");
    gwapi_result result = gwapi_snapshot_compile(&s, w->topology, &options, NULL);
    cr_assert_eq(result == GWAPI_OK, s != NULL);
    gwapi_snapshot_release(s);
    return result;
}

typedef struct image {
    const void *bytes;
    size_t size;
} image;

static gwapi_result open_copy(const gwapi_allocator *allocator, void *arg)
{
    gwapi_open_options options = GWAPI_OPEN_OPTIONS_INIT;
    const image *i = arg;
    gwapi_scratch *scratch = NULL;
    gwapi_snapshot *s;

    options.allocator = allocator;
    options.flags = GWAPI_OPEN_COPY;
    gwapi_result result = gwapi_snapshot_open(&s, i->bytes, i->size, &options, NULL);
    cr_assert_eq(result == GWAPI_OK, s != NULL);
    if (result == GWAPI_OK)
        result = gwapi_scratch_new(&scratch, s, allocator);
    gwapi_scratch_free(scratch);
    gwapi_snapshot_release(s);
    return result;
}

static void fail_everything(const char *name, const settings *s, gwapi_str yaml)
{
    size_t runs = 0, bad = 0;
    image i;
    world w;

    resolved(&w, s, yaml);
    cr_expect_eq(test_fail_every_allocation(compile, &w, &runs, &bad), GWAPI_OK, "%s", name);
    cr_expect_eq(bad, 0, "%s: compiling, allocation %zu", name, bad);
    cr_expect_gt(runs, 0);
    i.bytes = compile_case(s, yaml, false, name, &i.size);
    cr_expect_eq(test_fail_every_allocation(open_copy, &i, &runs, &bad), GWAPI_OK, "%s", name);
    cr_expect_eq(bad, 0, "%s: opening, allocation %zu", name, bad);
    free((void *)(uintptr_t)i.bytes);
    world_free(&w);
}

Test(match_memory, compiling_and_opening_without_memory_leave_nothing_behind)
{
    for_each_case(fail_everything);
}

static int null_sink(void *ctx, const char *data, size_t len)
{
    (void)ctx;
    (void)data;
    (void)len;
    return 0;
}

/* The writer takes memory of the snapshot's allocator. */
static void fail_writing(test_memory *memory, const gwapi_decision *d, const gwapi_request *r)
{
    const gwapi_sink sink = {sizeof sink, NULL, null_sink};
    size_t blocks = memory->live_blocks, bytes = memory->live_bytes, failed = memory->failed;

    for (size_t n = 1;; n++) {
        memory->fail_at = memory->calls + n;
        gwapi_result result = gwapi_decision_write(d, r, GWAPI__STR("1"), &sink);
        cr_assert_eq(memory->live_blocks, blocks);
        cr_assert_eq(memory->live_bytes, bytes);
        if (memory->failed == failed) {
            cr_expect_eq(result, GWAPI_OK);
            memory->fail_at = 0;
            return;
        }
        cr_assert_eq(result, GWAPI_ENOMEM, "allocation %zu", n);
        failed = memory->failed;
    }
}

static void write_without_memory(const char *name, const settings *s, gwapi_str yaml)
{
    gwapi_open_options options = GWAPI_OPEN_OPTIONS_INIT;
    test_memory memory = {0};
    gwapi_allocator allocator = test_memory_allocator(&memory);
    served a = {.settings = *s};
    gwapi_str line;
    lines requests;

    options.allocator = &allocator;
    a.image = compile_case(s, yaml, false, name, &a.image_size);
    cr_assert_eq(gwapi_snapshot_open(&a.snapshot, a.image, a.image_size, &options, NULL),
                 GWAPI_OK);
    cr_assert_eq(gwapi_scratch_new(&a.scratch, a.snapshot, &allocator), GWAPI_OK);
    lines_open(&requests, name, "requests.jsonl");
    while (lines_next(&requests, &line)) {
        gwapi_connection connection;
        gwapi_decision decision;
        cli_request r;
        cli_request_read(&r, line, s->path_policy);
        cr_assert_eq(ask(&a, &r, &connection, &decision), GWAPI_OK);
        fail_writing(&memory, &decision, &r.request);
        cli_request_free(&r);
    }
    free(requests.text);
    served_free(&a);
}

Test(match_memory, writing_a_decision_without_memory_leaves_nothing_behind)
{
    for_each_case(write_without_memory);
}

/* ---- the same bytes ---------------------------------------------------------------------- */

/* The documents in an order drawn from `seed`. */
static void read_shuffled(world *w, gwapi_str yaml, unsigned seed)
{
    const gwapi_str mark = GWAPI__STR("\n---\n");
    gwapi_str documents[256];
    size_t count = 0;

    for (size_t at; (at = gwapi__str_find(yaml, mark)) != SIZE_MAX;) {
        documents[count++] = gwapi__str_sub(yaml, 0, at + 1);
        yaml = gwapi__str_sub(yaml, at + mark.len, yaml.len);
    }
    documents[count++] = yaml;
    for (size_t i = count; i > 0; i--) {
        seed = seed * 1103515245 + 12345;
        size_t k = (seed >> 16) % i;
        world_read(w, documents[k]);
        documents[k] = documents[i - 1];
    }
}

static void compile_shuffled(const char *name, const settings *s, gwapi_str yaml)
{
    gwapi_compile_options options = GWAPI_COMPILE_OPTIONS_INIT;
    gwapi_snapshot *first = NULL;
    size_t size = 0;

    for (unsigned seed = 0; seed < 8; seed++) {
        gwapi_snapshot *made;
        size_t other = 0;
        world w;
        world_init(&w, s->channel);
        w.options = s->options;
        w.mode = s->mode;
        read_shuffled(&w, yaml, seed);
        world_resolve(&w);
        options.previous = first; /* the snapshot before changes nothing either */
        cr_assert_eq(gwapi_snapshot_compile(&made, w.topology, &options, NULL), GWAPI_OK);
        world_free(&w);
        if (first == NULL) {
            first = made;
            continue;
        }
        const void *a = gwapi_snapshot_bytes(first, &size),
                   *b = gwapi_snapshot_bytes(made, &other);
        cr_expect(size == other && memcmp(a, b, size) == 0, "%s: order %u", name, seed);
        gwapi_snapshot_release(made);
    }
    gwapi_snapshot_release(first);
}

Test(match_memory, any_order_of_objects_gives_the_same_bytes)
{
    for_each_case(compile_shuffled);
}
