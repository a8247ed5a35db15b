/*
 * Good images, changed (mutation.h) with length and checksum made right again, opened, and
 * where opening accepts them asked: requests of the good image's own, requests made from the
 * changed one, explanations, TLS look-ups, all lists. Whatever is in an image, it is refused or
 * can be used; sanitizers see what "can" means. The good ones are the cases of tests/data/match
 * and tables of drawn.h, some compiled from the snapshot before.
 *
 *     mutate [--seed N] [--first N] [--images N] [--requests N] [--tell 1]
 *
 * --first begins with that image; --tell 1 says of each image what it is before it is opened.
 * The environment's GWAPI_MUTATE_IMAGES stands for --images. The exit status is 1 if not even a
 * tenth was accepted.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/request.h"
#include "match/drawn.h"
#include "match/mutation.h"
#include "support/use_image.h"

#define MOST_GOOD      128
#define MOST_CASES     64
#define DRAWN_REQUESTS 64
#define CASE_REQUESTS  128
#define EVERY_THING    0x3fu /* GWAPI_ASSUME_... */
#define LARGE          5000  /* bytes; such an image's turn comes rarely */
#define LARGE_ONE_IN   16
/* Requests of which more than the outcome is asked, and those whose lines are written, too. */
#define DECIDED_ONE_IN 3
#define WRITTEN_ONE_IN 10

typedef struct settings {
    uint64_t seed, first, images, requests;
    bool tell;
} settings;

typedef struct asked {
    gwapi_arrival arrival;
    gwapi_request request;
} asked;

/* A good image and what is asked of it. */
typedef struct good {
    char name[160];
    unsigned char *bytes, *copy;
    size_t size;
    gwapi_snapshot *snapshot;
    gwapi_scratch *scratch;
    mutation mutation;
    asked *asked;
    size_t asked_count;
    cli_request *lines; /* of a case: what owns the texts of `asked` */
    drawn_request *drawn;
} good;

typedef struct tally {
    uint64_t images, accepted, requests, answered, taken;
    uint64_t made[MUTATION_KINDS], passed[MUTATION_KINDS];
} tally;

static good goods[MOST_GOOD];
static size_t good_count;
static size_t ordinary[MOST_GOOD], large[MOST_GOOD], ordinary_count, large_count;

static void need(gwapi_result result, const char *what)
{
    if (result == GWAPI_OK)
        return;
    fprintf(stderr, "mutate: %s: %s\n", what, gwapi_result_name(result));
    exit(2);
}

static void *need_memory(void *block)
{
    need(block != NULL ? GWAPI_OK : GWAPI_ENOMEM, "memory");
    return block;
}

/* ---- good images ------------------------------------------------------------------------- */

static gwapi_result resolve(gwapi_topology **out, const gwapi_schema *schema, gwapi_str yaml,
                            uint32_t assume)
{
    gwapi_resources_options set_options = GWAPI_RESOURCES_OPTIONS_INIT;
    gwapi_resolve_options options = GWAPI_RESOLVE_OPTIONS_INIT;
    gwapi_source source = GWAPI_SOURCE_INIT;
    gwapi_resources *set;

    need(gwapi_resources_new(&set, schema, &set_options), "set");
    source.bytes = yaml.data;
    source.len = yaml.len;
    options.assume = assume;
    gwapi_result result = gwapi_resources_read(set, &source, NULL);
    if (result == GWAPI_OK)
        result = gwapi_topology_resolve(out, set, &options, NULL);
    gwapi_resources_free(set);
    return result;
}

/* A copy of the compiled image is opened, so that nothing is left of what it was made from. */
static good *add_good(const char *name, const gwapi_topology *topology,
                      const gwapi_snapshot *previous)
{
    gwapi_compile_options compile = GWAPI_COMPILE_OPTIONS_INIT;
    gwapi_open_options open = GWAPI_OPEN_OPTIONS_INIT;
    good *g = &goods[good_count];
    gwapi_snapshot *compiled;

    need(good_count < MOST_GOOD ? GWAPI_OK : GWAPI_ELIMIT, "so many images");
    snprintf(g->name, sizeof g->name, "%s", name);
    compile.previous = previous;
    compile.flags = good_count % 2 != 0 ? GWAPI_COMPILE_WITH_KEYS : 0;
    compile.label = good_count % 2 != 0 ? GWAPI__STR("changed") : (gwapi_str){NULL, 0};
    need(gwapi_snapshot_compile(&compiled, topology, &compile, NULL), name);
    const void *bytes = gwapi_snapshot_bytes(compiled, &g->size);
    g->bytes = need_memory(malloc(g->size));
    g->copy = need_memory(malloc(g->size));
    memcpy(g->bytes, bytes, g->size);
    gwapi_snapshot_release(compiled);
    open.flags = GWAPI_OPEN_NO_JIT;
    need(gwapi_snapshot_open(&g->snapshot, g->bytes, g->size, &open, NULL), name);
    need(gwapi_scratch_new(&g->scratch, g->snapshot, NULL), name);
    mutation_init(&g->mutation, g->bytes, g->copy, g->size);
    if (g->size >= LARGE)
        large[large_count++] = good_count;
    else
        ordinary[ordinary_count++] = good_count;
    good_count++;
    return g;
}

static void add_asked(good *g, const gwapi_arrival *arrival, const gwapi_request *request)
{
    g->asked[g->asked_count].arrival = *arrival;
    g->asked[g->asked_count++].request = *request;
}

static void free_good(good *g)
{
    for (size_t i = 0; g->lines != NULL && i < g->asked_count; i++)
        cli_request_free(&g->lines[i]);
    free(g->lines);
    free(g->drawn);
    free(g->asked);
    gwapi_scratch_free(g->scratch);
    gwapi_snapshot_release(g->snapshot);
    free(g->bytes);
    free(g->copy);
}

/* ---- from cases -------------------------------------------------------------------------- */

static char *slurp(const char *name, const char *file, size_t *len)
{
    const char *top = getenv("top_srcdir");
    const size_t most = 1 << 20;
    char path[1024];

    snprintf(path, sizeof path, "%.400s/tests/data/match/%.200s/%s", top != NULL ? top : ".",
             name, file);
    FILE *f = fopen(path, "rb");
    need(f != NULL ? GWAPI_OK : GWAPI_ENOTFOUND, path);
    char *data = need_memory(malloc(most));
    *len = fread(data, 1, most, f);
    fclose(f);
    return data;
}

static void ask_lines(good *g, gwapi_str text)
{
    gwapi_str line;

    g->lines = need_memory(calloc(CASE_REQUESTS, sizeof *g->lines));
    g->asked = need_memory(calloc(CASE_REQUESTS, sizeof *g->asked));
    while (g->asked_count < CASE_REQUESTS && gwapi__str_cut(text, '\n', &line, &text)) {
        cli_request *r = &g->lines[g->asked_count];
        cli_request_read(r, line, (gwapi_path_policy)(g->asked_count % 3));
        need(r->error == NULL ? GWAPI_OK : GWAPI_EINVALID, g->name);
        add_asked(g, &r->arrival, &r->request);
    }
}

/* As it is, and with all that is not there taken for there. */
static void add_case(const gwapi_schema *schema, const char *name)
{
    static const uint32_t assumptions[] = {0, EVERY_THING};
    size_t len, lines_len;
    char *yaml = slurp(name, "manifests.yaml", &len);
    char *lines = slurp(name, "requests.jsonl", &lines_len);

    for (size_t i = 0; i < sizeof assumptions / sizeof *assumptions; i++) {
        gwapi_topology *topology;
        need(resolve(&topology, schema, gwapi__str(yaml, len), assumptions[i]), name);
        good *g = add_good(name, topology, NULL);
        ask_lines(g, gwapi__str(lines, lines_len));
        gwapi_topology_release(topology);
    }
    free(yaml);
    free(lines);
}

static int by_bytes(const void *a, const void *b)
{
    return strcmp(a, b);
}

static void add_cases(const gwapi_schema *schema)
{
    static char names[MOST_CASES][128];
    const char *top = getenv("top_srcdir");
    char path[512];
    size_t count = 0;
    struct dirent *entry;

    snprintf(path, sizeof path, "%.400s/tests/data/match", top != NULL ? top : ".");
    DIR *dir = opendir(path);
    need(dir != NULL ? GWAPI_OK : GWAPI_ENOTFOUND, path);
    while ((entry = readdir(dir)) != NULL && count < MOST_CASES)
        if (entry->d_name[0] != '.')
            snprintf(names[count++], sizeof names[0], "%.127s", entry->d_name);
    closedir(dir);
    qsort(names, count, sizeof names[0], by_bytes);
    for (size_t i = 0; i < count; i++)
        add_case(schema, names[i]);
}

/* ---- drawn ------------------------------------------------------------------------------- */

static void ask_drawn(good *g, const drawn_table *table, uint64_t seed)
{
    g->drawn = need_memory(calloc(DRAWN_REQUESTS, sizeof *g->drawn));
    g->asked = need_memory(calloc(DRAWN_REQUESTS, sizeof *g->asked));
    drawn_seed(seed);
    for (size_t i = 0; i < DRAWN_REQUESTS; i++) {
        drawn_request_make(&g->drawn[i], table);
        add_asked(g, &g->drawn[i].arrival, &g->drawn[i].request);
    }
}

/* One route of the text says something else. */
static bool change_weight(gwapi_str yaml, const char *from, const char *to)
{
    size_t at = gwapi__str_find(yaml, gwapi__str_of(from));

    if (at == SIZE_MAX)
        return false;
    memcpy((char *)(uintptr_t)yaml.data + at, to, strlen(to));
    return true;
}

static void add_table(const gwapi_schema *schema, uint64_t seed, uint32_t routes)
{
    gwapi_compile_options keep = GWAPI_COMPILE_OPTIONS_INIT;
    gwapi_allocator allocator;
    gwapi_topology *before, *after;
    gwapi_snapshot *previous;
    drawn_table table;
    char name[64];

    snprintf(name, sizeof name, "%u drawn routes", (unsigned)routes);
    need(gwapi__allocator_init(&allocator, NULL), "allocator");
    drawn_table_make(&table, seed, routes, 0, &allocator);
    gwapi_str yaml = gwapi__text_str(&table.yaml);
    need(resolve(&before, schema, yaml, GWAPI_ASSUME_SECRET), name);
    keep.flags = GWAPI_COMPILE_KEEP;
    need(gwapi_snapshot_compile(&previous, before, &keep, NULL), name);
    if (change_weight(yaml, "weight: 1", "weight: 7") &&
        resolve(&after, schema, yaml, GWAPI_ASSUME_SECRET) == GWAPI_OK) {
        ask_drawn(add_good("drawn, from the one before", after, previous), &table, seed);
        gwapi_topology_release(after);
    }
    ask_drawn(add_good(name, before, NULL), &table, seed + 1);
    gwapi_snapshot_release(previous);
    gwapi_topology_release(before);
    drawn_table_free(&table);
}

static void add_tables(const gwapi_schema *schema)
{
    static const uint32_t routes[] = {1, 2, 3, 4, 5, 6, 8, 12, 40, 100};

    for (size_t i = 0; i < sizeof routes / sizeof *routes; i++)
        add_table(schema, 17 * (i + 1), routes[i]);
}

/* ---- one image --------------------------------------------------------------------------- */

static uint64_t mixed(uint64_t a, uint64_t b)
{
    uint64_t z = a * UINT64_C(0x9e3779b97f4a7c15) + (b + 1) * UINT64_C(0xd1342543de82ef95);

    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

/* A request made from a match and a door of the changed image. */
static asked made_of(use *u, uint64_t chance)
{
    const gwapi_snapshot *s = u->snapshot;
    uint32_t matches = gwapi__image_count(s, GWAPI__SECTION_MATCH);
    uint32_t doors = gwapi__image_count(s, GWAPI__SECTION_DOOR);
    uint32_t ports = gwapi__image_count(s, GWAPI__SECTION_SERVICE_PORT);
    uint32_t where = (uint32_t)(chance >> 40);
    asked a = {GWAPI_ARRIVAL_INIT, GWAPI_REQUEST_INIT};

    if (matches != 0)
        a.request = use_request(u, gwapi__image_MATCH(s, (uint32_t)(chance >> 8) % matches));
    a.request.host = use_host(u, (uint32_t)(chance >> 24));
    a.arrival.sni = a.request.host;
    if (doors != 0 && (ports == 0 || where % 2 == 0)) {
        const gwapi__image_door *door = gwapi__image_DOOR(s, where / 2 % doors);
        a.arrival.port = door->port;
        a.arrival.transport = door->transport;
    } else if (ports != 0) {
        const gwapi__image_service_port *port = gwapi__image_SERVICE_PORT(s, where / 2 % ports);
        const gwapi__image_service *service = gwapi__image_SERVICE(s, port->service);
        a.arrival.client_namespace = GWAPI__STR("ns");
        a.arrival.service_namespace = gwapi__image_str(s, service->namespace_);
        a.arrival.service_name = gwapi__image_str(s, service->name);
        a.arrival.port = port->port;
    }
    return a;
}

static use_depth depth_of(uint64_t i)
{
    if (i % WRITTEN_ONE_IN == 0)
        return USE_LINES;
    return i % DECIDED_ONE_IN == 0 ? USE_DECISION : USE_OUTCOME;
}

/* Of three requests two are the good image's. */
static void ask(const good *g, const gwapi_snapshot *s, const settings *set, uint64_t number,
                tally *t)
{
    gwapi_scratch *own = NULL;
    use u = {.snapshot = s, .scratch = g->scratch};

    if (gwapi_scratch_fits(g->scratch, s) == 0) {
        need(gwapi_scratch_new(&own, s, NULL), "scratch");
        u.scratch = own;
    }
    use_lists(s);
    for (uint64_t i = 0; i < set->requests; i++) {
        uint64_t chance = mixed(number * 64 + i, set->seed);
        u.asked = (size_t)chance;
        asked a =
            chance % 3 != 2 ? g->asked[(chance >> 32) % g->asked_count] : made_of(&u, chance);
        use_result result = use_answer(s, u.scratch, &a.arrival, &a.request, depth_of(i));
        t->requests++;
        t->answered += result != USE_REFUSED;
        t->taken += result == USE_TAKEN;
    }
    gwapi_scratch_free(own);
}

/* In memory of exactly the length that counts. */
static bool try_image(good *g, const settings *set, uint64_t number, tally *t)
{
    gwapi_open_options options = GWAPI_OPEN_OPTIONS_INIT;
    mutation *m = &g->mutation;
    unsigned char *cut = NULL;
    gwapi_snapshot *s;

    if (m->length != m->size) {
        cut = need_memory(malloc(m->length != 0 ? m->length : 1));
        memcpy(cut, m->bytes, m->length);
    }
    options.flags = number % 256 != 0 ? GWAPI_OPEN_NO_JIT : 0;
    options.previous = number % 8 != 0 ? g->snapshot : NULL;
    gwapi_result result =
        gwapi_snapshot_open(&s, cut != NULL ? cut : m->bytes, m->length, &options, NULL);
    if ((result == GWAPI_OK) != (s != NULL)) {
        fprintf(stderr, "mutate: image %llu: a snapshot with GWAPI_OK, and only then\n",
                (unsigned long long)number);
        exit(2);
    }
    if (s != NULL)
        ask(g, s, set, number, t);
    gwapi_snapshot_release(s);
    free(cut);
    return s != NULL;
}

static void count(tally *t, uint32_t kinds, bool accepted)
{
    t->images++;
    t->accepted += accepted;
    for (size_t i = 0; i < MUTATION_KINDS; i++)
        if (kinds == UINT32_C(1) << i) {
            t->made[i]++;
            t->passed[i] += accepted;
        }
}

static void mutate(const settings *set, uint64_t number, tally *t)
{
    uint64_t chance = mixed(number, set->seed);
    bool rare = large_count != 0 && chance % LARGE_ONE_IN == 0;
    good *g = &goods[rare ? large[chance / LARGE_ONE_IN % large_count]
                          : ordinary[chance / LARGE_ONE_IN % ordinary_count]];

    mutation_make(&g->mutation, mixed(chance, set->seed));
    if (set->tell) {
        printf("%llu: %s, changes %#x\n", (unsigned long long)number, g->name,
               (unsigned)g->mutation.kinds);
        fflush(stdout);
    }
    count(t, g->mutation.kinds, try_image(g, set, number, t));
    mutation_undo(&g->mutation);
}

/* ---- all of it --------------------------------------------------------------------------- */

static void tell(const settings *s, const tally *t)
{
    printf("seed %llu, images %llu to %llu: %llu changed, %llu accepted, %llu refused; "
           "%llu requests, %llu answered, %llu taken by a rule\n",
           (unsigned long long)s->seed, (unsigned long long)s->first,
           (unsigned long long)(s->first + t->images), (unsigned long long)t->images,
           (unsigned long long)t->accepted, (unsigned long long)(t->images - t->accepted),
           (unsigned long long)t->requests, (unsigned long long)t->answered,
           (unsigned long long)t->taken);
    fflush(stdout);
}

static void tell_kinds(const tally *t)
{
    printf("%zu good images; accepted of those with changes of one kind:", good_count);
    for (size_t i = 0; i < MUTATION_KINDS; i++)
        printf(" %s %llu/%llu", mutation_kind_text((mutation_kind)i),
               (unsigned long long)t->passed[i], (unsigned long long)t->made[i]);
    printf("\n");
}

static bool read_settings(settings *s, int argc, char **argv)
{
    const char *images = getenv("GWAPI_MUTATE_IMAGES");

    *s = (settings){.seed = 1, .images = 20000, .requests = 20};
    if (getenv("GWAPI_TEST_SMALL") != NULL)
        s->images = 1000;
    if (images != NULL)
        s->images = strtoull(images, NULL, 10);
    for (int i = 1; i + 1 < argc; i += 2) {
        uint64_t value = strtoull(argv[i + 1], NULL, 10);
        if (strcmp(argv[i], "--seed") == 0)
            s->seed = value;
        else if (strcmp(argv[i], "--first") == 0)
            s->first = value;
        else if (strcmp(argv[i], "--images") == 0)
            s->images = value;
        else if (strcmp(argv[i], "--requests") == 0)
            s->requests = value;
        else if (strcmp(argv[i], "--tell") == 0)
            s->tell = value != 0;
        else
            return false;
    }
    return argc % 2 == 1;
}

int main(int argc, char **argv)
{
    const uint64_t often = UINT64_C(1) << 16;
    gwapi_schema *schema;
    settings s;
    tally t = {0};

    if (!read_settings(&s, argc, argv)) {
        fprintf(stderr, "usage: mutate [--seed N] [--first N] [--images N] [--requests N] "
                        "[--tell 1]\n");
        return 2;
    }
    need(gwapi_schema_new(&schema, NULL), "schema");
    need(gwapi_schema_add_builtin(schema, (gwapi_str){NULL, 0}, GWAPI_CHANNEL_EXPERIMENTAL),
         "schema");
    need(gwapi_schema_seal(schema, NULL, 0), "schema");
    add_cases(schema);
    add_tables(schema);
    for (uint64_t i = 0; i < s.images; i++) {
        mutate(&s, s.first + i, &t);
        if (t.images % often == 0)
            tell(&s, &t);
    }
    tell(&s, &t);
    tell_kinds(&t);
    for (size_t i = 0; i < good_count; i++)
        free_good(&goods[i]);
    gwapi_schema_free(schema);
    return t.images >= 1000 && t.accepted < t.images / 10 ? 1 : 0;
}
