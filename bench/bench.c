/*
 * bench DIR: measures the library on the table in DIR (see data.h), step by step from bytes to
 * decisions, beside floors measured in the same rounds.
 *
 *   --once          one round, to see that everything runs
 *   --seconds S     how long each entry is measured (default 1)
 *
 * Exits with 1 when the library answers a request otherwise than the plain walk, or allocates
 * while it answers.
 */
#include "complete.h"
#include "exact.h"
#include "floors.h"
#include "linear.h"
#include "matching.h"
#include "measure.h"
#include "phases.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

typedef struct bench {
    bench_data data;
    double seconds;
    gwapi_schema *schema;
    /* What later steps start from, made once. */
    bench_phase read;
    bench_phase resolve;
    bench_phase compile;
} bench;

/* ---- printing ------------------------------------------------------------------------ */

static double per(double value, size_t count)
{
    return count != 0 ? value / (double)count : 0;
}

static void print_head(const bench *b)
{
    printf(
        "%zu rules, %zu matches in rows, %zu objects, %zu requests, YAML %zu bytes, JSON %zu "
        "bytes\n",
        b->data.rule_count, b->data.row_count, b->data.object_count, b->data.request_count,
        b->data.yaml.len, b->data.json.len);
}

/* A step: milliseconds, and how often its floor. */
static void print_step(const bench *b, const bench_entry *e, const bench_entry *floor_,
                       const bench_counter *memory)
{
    printf("%-24s min %10.3f  median %10.3f ms  %9.1f ns/rule", e->name, bench_minimum(e) / 1e6,
           bench_median(e) / 1e6, per(bench_minimum(e), b->data.rule_count));
    if (floor_ != NULL)
        printf("  %6.2f x %s", bench_minimum(e) / bench_minimum(floor_), floor_->name);
    if (memory != NULL)
        printf("  %zu allocations, peak %zu bytes (%.0f a rule), kept %zu", memory->allocations,
               memory->peak, per((double)memory->peak, b->data.rule_count), memory->live);
    printf("\n");
}

/* An answer: nanoseconds for a request, and how often the floor. */
static void print_answer(const bench_entry *e, const bench_entry *floor_, double bytes)
{
    printf("%-24s min %10.1f  median %10.1f ns/request", e->name, bench_minimum(e),
           bench_median(e));
    if (bytes > 0)
        printf("  %7.1f B/match", bytes);
    printf("  %6.2f x %s\n", bench_minimum(e) / bench_minimum(floor_), floor_->name);
    fflush(stdout);
}

/* ---- steps --------------------------------------------------------------------------- */

/* What a step takes through the allocator, told by one run that is not timed. */
static bench_counter count_memory(const bench_entry *e)
{
    bench_counter counter = {0, 0, 0};
    gwapi_allocator counting = bench_counting(&counter);
    bench_phase phase = *(const bench_phase *)e->ctx;

    phase.allocator = &counting;
    e->run(&phase);
    bench_counter taken = counter;
    e->clean(&phase);
    if (counter.live != 0)
        bench_die(e->name, "memory was not given back");
    return taken;
}

static bench_entry step(const char *name, bench_phase *phase, void (*run)(void *),
                        void (*clean)(void *))
{
    return (bench_entry){
        .name = name, .ctx = phase, .run = run, .clean = clean, .operations = 1};
}

static bench_phase reading(bench *b, gwapi_format format, gwapi_read_mode mode)
{
    return (bench_phase){.data = &b->data, .schema = b->schema, .format = format, .mode = mode};
}

static void measure_reading(bench *b)
{
    bench_phase yaml_stored = reading(b, GWAPI_FORMAT_YAML, GWAPI_READ_STORED);
    bench_phase yaml_judge = reading(b, GWAPI_FORMAT_YAML, GWAPI_READ_JUDGE);
    bench_phase json_stored = reading(b, GWAPI_FORMAT_JSON, GWAPI_READ_STORED);
    bench_phase json_judge = reading(b, GWAPI_FORMAT_JSON, GWAPI_READ_JUDGE);
    bench_entry e[] = {
        step("libyaml events", NULL, bench_libyaml_events, NULL),
        step("jansson tree", NULL, bench_jansson_tree, NULL),
        step("parse YAML (STORED)", &yaml_stored, bench_read_run, bench_read_clean),
        step("validate YAML (JUDGE)", &yaml_judge, bench_read_run, bench_read_clean),
        step("parse JSON (STORED)", &json_stored, bench_read_run, bench_read_clean),
        step("validate JSON (JUDGE)", &json_judge, bench_read_run, bench_read_clean),
    };
    enum { FLOORS = 2 };

    e[0].ctx = e[1].ctx = &b->data;
    bench_measure(e, COUNT(e), b->seconds);
    for (size_t i = 0; i < COUNT(e); i++) {
        if (i < FLOORS) {
            print_step(b, &e[i], NULL, NULL);
            continue;
        }
        bench_counter memory = count_memory(&e[i]);
        print_step(b, &e[i], &e[i < 4 ? 0 : 1], &memory);
    }
    fflush(stdout);
}

static void measure_building(bench *b)
{
    bench_exact index = {.data = &b->data};
    bench_phase open = {.image = b->compile.made_snapshot};
    bench_phase resolve = b->resolve;
    bench_phase compile = b->compile;
    bench_entry e[] = {
        {.name = "build of exact (b)",
         .ctx = &index,
         .run = bench_exact_build,
         .clean = bench_exact_free,
         .operations = 1},
        step("resolve", &resolve, bench_resolve_run, bench_resolve_clean),
        step("compile", &compile, bench_compile_run, bench_snapshot_clean),
        step("open", &open, bench_open_run, bench_snapshot_clean),
    };

    bench_measure(e, COUNT(e), b->seconds);
    print_step(b, &e[0], NULL, NULL);
    for (size_t i = 1; i < COUNT(e); i++) {
        bench_counter memory = count_memory(&e[i]);
        print_step(b, &e[i], &e[0], &memory);
    }
    fflush(stdout);
}

/* Reads, resolves and compiles once, for what follows. */
static void prepare(bench *b)
{
    b->read = reading(b, GWAPI_FORMAT_YAML, GWAPI_READ_STORED);
    bench_read_run(&b->read);
    b->resolve = (bench_phase){.resources = b->read.made_resources};
    bench_resolve_run(&b->resolve);
    b->compile = (bench_phase){.topology = b->resolve.made_topology};
    bench_compile_run(&b->compile);
}

static void let_go(bench *b)
{
    bench_snapshot_clean(&b->compile);
    bench_resolve_clean(&b->resolve);
    bench_read_clean(&b->read);
}

/* ---- answers ------------------------------------------------------------------------- */

static size_t print_image(const bench *b)
{
    gwapi_snapshot_information info = {.struct_size = sizeof info};

    bench_expect(gwapi_snapshot_info(b->compile.made_snapshot, &info), "gwapi_snapshot_info");
    printf("image: %llu bytes, %.1f B/rule, %u rules, %u matches, %u backends, %u regexes\n",
           (unsigned long long)info.bytes, per((double)info.bytes, b->data.rule_count),
           info.rules, info.matches, info.backends, info.regexes);
    return info.bytes;
}

/* A floor that answers otherwise is none. */
static void check_floor(const bench_complete *complete, pcre2_match_data *memory)
{
    const bench_data *data = complete->data;

    for (size_t i = 0; i < data->request_count; i++)
        if (bench_complete_answer(complete, &data->requests[i]) !=
            bench_linear(data, memory, &data->requests[i])) {
            fprintf(stderr, "request %zu\n", i);
            bench_die("complete (d)", "not the answer of the plain walk");
        }
}

static void measure_matching(bench *b, bench_matching *matching, size_t image_bytes)
{
    size_t requests = b->data.request_count;
    size_t rows = b->data.row_count;
    bench_touch touch;
    bench_exact index = {.data = &b->data};
    bench_complete complete = {.data = &b->data};

    bench_touch_build(&touch, &b->data);
    bench_exact_build(&index);
    bench_complete_build(&complete);
    check_floor(&complete, matching->memory);
    matching->walked =
        requests * 1000 / (rows + 1000) + 1; /* a walk takes as long as the table */
    if (matching->walked > requests)
        matching->walked = requests;
    bench_entry e[] = {
        {.name = "touch (a)", .ctx = &touch, .run = bench_touch_run, .operations = requests},
        {.name = "exact (b)", .ctx = &index, .run = bench_exact_run, .operations = requests},
        {.name = "complete (d)",
         .ctx = &complete,
         .run = bench_complete_run,
         .operations = requests},
        {.name = "plain walk",
         .ctx = matching,
         .run = bench_walk_run,
         .operations = matching->walked},
        {.name = "accept", .ctx = matching, .run = bench_accept_run, .operations = requests},
        {.name = "match", .ctx = matching, .run = bench_match_run, .operations = requests},
        {.name = "match and backend",
         .ctx = matching,
         .run = bench_forward_run,
         .operations = requests},
    };
    double bytes[COUNT(e)] = {8.0 * sizeof(uint64_t),
                              per((double)bench_exact_bytes(&index), rows),
                              per((double)bench_complete_bytes(&complete), rows),
                              0,
                              0,
                              per((double)image_bytes, rows),
                              0};

    bench_measure(e, COUNT(e), b->seconds);
    for (size_t i = 0; i < COUNT(e); i++)
        print_answer(&e[i], &e[1], bytes[i]);
    bench_complete_free(&complete);
    bench_exact_free(&index);
    bench_touch_free(&touch);
}

/* Opens the image with memory that is counted, compares all answers, measures. */
static int match(bench *b)
{
    bench_counter counter = {0, 0, 0};
    gwapi_allocator counting = bench_counting(&counter);
    bench_phase open = {.image = b->compile.made_snapshot, .allocator = &counting};
    bench_matching matching;
    size_t taken;

    size_t image_bytes = print_image(b);
    bench_open_run(&open);
    bench_matching_init(&matching, &b->data, open.made_snapshot, &counting);
    size_t before = counter.allocations;
    size_t different = bench_matching_compare(&matching, &taken);
    measure_matching(b, &matching, image_bytes);
    size_t allocations = counter.allocations - before;
    printf("answers: %zu requests, %.1f %% taken by a rule, %zu other than the plain walk's; "
           "%zu allocations; scratch %zu bytes\n",
           b->data.request_count, 100 * per((double)taken, b->data.request_count), different,
           allocations, gwapi_scratch_size(open.made_snapshot));
    bench_matching_free(&matching);
    bench_snapshot_clean(&open);
    return different != 0 || allocations != 0;
}

int main(int argc, char **argv)
{
    bench b = {.seconds = 1};
    int at = 1;

    for (; at < argc && argv[at][0] == '-'; at++) {
        if (strcmp(argv[at], "--once") == 0)
            b.seconds = 0;
        else if (strcmp(argv[at], "--seconds") == 0 && at + 1 < argc)
            b.seconds = strtod(argv[++at], NULL);
        else
            break;
    }
    if (at + 1 != argc || argv[at][0] == '-') {
        fprintf(stderr, "usage: bench [--once | --seconds S] DIR\n");
        return 2;
    }
    bench_data_load(&b.data, argv[at]);
    b.schema = bench_schema();
    print_head(&b);
    measure_reading(&b);
    prepare(&b);
    measure_building(&b);
    int status = match(&b);
    let_go(&b);
    gwapi_schema_free(b.schema);
    bench_data_free(&b.data);
    return status;
}
