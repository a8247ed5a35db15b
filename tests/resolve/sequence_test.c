/* Random edits of a sequence beside the plainest thing that could do the same. */
#include <criterion/criterion.h>
#include <stdio.h>
#include "base/hash.h"
#include "base/slice.h"
#include "resolve/sequence.h"
#include "support/oom.h"

/* More than a few chunks of them. */
#define NAMES 700

typedef struct bed {
    gwapi__resource resources[NAMES]; /* ascending */
    char names[NAMES][8];
    gwapi__part *plain[NAMES]; /* what the sequence has for each; borrowed */
    uint64_t random;
} bed;

static void bed_init(bed *b)
{
    memset(b, 0, sizeof *b);
    for (int i = 0; i < NAMES; i++) {
        snprintf(b->names[i], sizeof b->names[i], "n%03d", i % 350);
        b->resources[i].meta.namespace_ = i < 350 ? GWAPI__STR("a") : GWAPI__STR("b");
        b->resources[i].meta.name = gwapi__str_of(b->names[i]);
    }
}

static uint32_t roll(bed *b, uint32_t sides)
{
    b->random = gwapi__mix64(b->random + UINT64_C(0x9e3779b97f4a7c15));
    return (uint32_t)(b->random >> 20) % sides;
}

static uint64_t hash_of(uint32_t i)
{
    return gwapi__mix64(i + 1);
}

/* Listed or not, with up to two statuses and three listeners, and two look-ups. */
static gwapi__part *part_of(bed *b, uint32_t i, const gwapi_allocator *a)
{
    gwapi__part *part = gwapi__part_new(a, sizeof *part);
    uint64_t *seen = part != NULL ? gwapi__arena_array(&part->arena, 2, sizeof *seen) : NULL;

    if (seen == NULL) {
        gwapi__part_release(part);
        return NULL;
    }
    part->resource = &b->resources[i];
    part->measures[GWAPI__LISTED] = roll(b, 2);
    part->measures[GWAPI__STATUSES] = roll(b, 3);
    part->measures[GWAPI__LISTENERS] = roll(b, 4);
    seen[0] = hash_of(i % 32);
    seen[1] = hash_of(32 + i % 64);
    if (seen[0] > seen[1]) {
        uint64_t first = seen[1];
        seen[1] = seen[0];
        seen[0] = first;
    }
    part->seen = seen;
    part->seen_count = 2;
    return part;
}

/* ---- comparing ----------------------------------------------------------------------- */

static void check_find(const bed *b, const gwapi__sequence *s, int step)
{
    uint32_t sums[GWAPI__MEASURES] = {0}, before[GWAPI__MEASURES];

    for (uint32_t i = 0; i < NAMES; i++) {
        gwapi__part *part = b->plain[i];
        void *found = gwapi__sequence_find(s, &b->resources[i], before);
        cr_assert_eq(found, part, "step %d, name %u", step, i);
        for (int m = 0; m < GWAPI__MEASURES && part != NULL; m++) {
            cr_assert_eq(before[m], sums[m], "step %d, name %u, measure %d", step, i, m);
            for (uint32_t k = 0; k < part->measures[m]; k++) {
                found = gwapi__sequence_at(s, (gwapi__measure)m, sums[m] + k, before);
                cr_assert_eq(found, part, "step %d, name %u, measure %d", step, i, m);
                cr_assert_eq(before[m], sums[m], "step %d, name %u, measure %d", step, i, m);
            }
            sums[m] += part->measures[m];
        }
    }
    for (int m = 0; m < GWAPI__MEASURES; m++)
        cr_assert_eq(s->total[m], sums[m], "step %d, measure %d", step, m);
}

static void check_walk(const bed *b, const gwapi__sequence *s, int step)
{
    gwapi__sequence_walk walk = {s, 0, 0};
    size_t count = 0;

    for (uint32_t i = 0; i < NAMES; i++) {
        if (b->plain[i] == NULL)
            continue;
        cr_assert_eq(gwapi__sequence_next(&walk), b->plain[i], "step %d, name %u", step, i);
        count++;
    }
    cr_assert_null(gwapi__sequence_next(&walk), "step %d", step);
    cr_assert_eq(s->count, count, "step %d", step);
}

static gwapi_result count_part(void *ctx, gwapi__part *part)
{
    size_t *left = ctx;

    cr_assert_neq(part->resource, NULL);
    return (*left)-- == 0 ? GWAPI_ELIMIT : GWAPI_OK;
}

/* `count` hashes, each looked up by some; whoever has one of them is found once. */
static void check_seen(const bed *b, const gwapi__sequence *s, uint32_t count, int step)
{
    uint64_t asked[600];
    size_t expected = 0, left = SIZE_MAX;

    for (uint32_t i = 0; i < count; i++)
        asked[i] = i < 3 ? hash_of(7 * i + (uint32_t)step % 90) : UINT64_MAX - count + i;
    for (uint32_t i = 0; i < count; i++) /* ascending */
        for (uint32_t k = i; k > 0 && asked[k - 1] > asked[k]; k--) {
            uint64_t other = asked[k];
            asked[k] = asked[k - 1];
            asked[k - 1] = other;
        }
    for (uint32_t i = 0; i < NAMES; i++)
        expected += b->plain[i] != NULL && gwapi__part_saw(b->plain[i], asked, count);
    cr_assert_eq(gwapi__sequence_seen(s, asked, count, count_part, &left), GWAPI_OK);
    cr_assert_eq(SIZE_MAX - left, expected, "step %d, %u hashes", step, count);
    left = expected / 2;
    if (expected != 0)
        cr_assert_eq(gwapi__sequence_seen(s, asked, count, count_part, &left), GWAPI_ELIMIT);
}

/* ---- editing ------------------------------------------------------------------------- */

/* Up to `most` edits, ascending, each name once; the references stay ours. */
static size_t make_edits(bed *b, gwapi__edit *edits, uint32_t most, const gwapi_allocator *a)
{
    uint32_t count = 1 + roll(b, most), from = 0;
    size_t made = 0;

    for (uint32_t i = 0; i < count && from < NAMES; i++) {
        uint32_t name = from + roll(b, 2 * (NAMES - from) / count + 1);
        if (name >= NAMES)
            break;
        from = name + 1;
        edits[made] = (gwapi__edit){&b->resources[name], NULL};
        if (roll(b, 3) != 0)
            cr_assert_not_null(edits[made].part = part_of(b, name, a));
        b->plain[name] = edits[made++].part;
    }
    return made;
}

static void edit(bed *b, gwapi__sequence *s, uint32_t most, const gwapi_allocator *a)
{
    gwapi__edit edits[NAMES];
    gwapi__sequence next;
    size_t count = make_edits(b, edits, most, a);

    gwapi__sequence_init(&next, a);
    cr_assert(gwapi__sequence_edit(&next, s, edits, count));
    for (size_t i = 0; i < count; i++)
        gwapi__part_release(edits[i].part);
    gwapi__sequence_free(s);
    *s = next;
}

Test(resolve_sequence, random_edits_give_what_a_plain_list_gives)
{
    test_memory memory = {0};
    gwapi_allocator a = test_memory_allocator(&memory);
    gwapi__sequence s;
    static bed b;

    bed_init(&b);
    b.random = 3;
    gwapi__sequence_init(&s, &a);
    for (int step = 0; step < 3000; step++) {
        edit(&b, &s, step % 100 == 0 ? NAMES : 4, &a);
        check_walk(&b, &s, step);
        if (step % 10 == 0) {
            check_find(&b, &s, step);
            check_seen(&b, &s, 3, step);
            check_seen(&b, &s, 600, step);
        }
    }
    gwapi__sequence_free(&s);
    cr_assert_eq(memory.live_blocks, 0);
}

static bool count_difference(void *ctx, const void *a, const void *b)
{
    size_t *left = ctx;

    cr_assert_neq(a, b);
    return (*left)-- > 1;
}

Test(resolve_sequence, an_edit_shares_the_chunks_it_does_not_touch)
{
    test_memory memory = {0};
    gwapi_allocator a = test_memory_allocator(&memory);
    gwapi__sequence s, next;
    static bed b;

    bed_init(&b);
    gwapi__sequence_init(&s, &a);
    gwapi__sequence_init(&next, &a);
    for (int i = 0; i < 20; i++)
        edit(&b, &s, NAMES, &a);
    cr_assert_gt(s.chunk_count, 2);
    gwapi__part *part = part_of(&b, 0, &a);
    gwapi__edit first = {&b.resources[0], part};
    cr_assert(gwapi__sequence_edit(&next, &s, &first, 1));
    gwapi__part_release(part);
    cr_assert_eq(gwapi__sequence_find(&next, &b.resources[0], NULL), part);
    cr_assert_eq(gwapi__sequence_find(&s, &b.resources[0], NULL), b.plain[0]);
    cr_assert_eq(next.chunks[next.chunk_count - 1], s.chunks[s.chunk_count - 1]);
    size_t left = 10;
    cr_assert(gwapi__sequence_differences(&s, &s, count_difference, &left));
    cr_assert_eq(left, 10);
    if (b.plain[0] != NULL) {
        cr_assert(gwapi__sequence_differences(&s, &next, count_difference, &left));
        cr_assert_eq(left, 9);
        left = 1;
        cr_assert_not(gwapi__sequence_differences(&next, &s, count_difference, &left));
    } else {
        cr_assert_not(gwapi__sequence_differences(&s, &next, count_difference, &left));
        cr_assert_eq(left, 10);
    }
    gwapi__sequence_free(&s);
    gwapi__sequence_free(&next);
    cr_assert_eq(memory.live_blocks, 0);
}

static gwapi_result edit_twice(const gwapi_allocator *a, void *arg)
{
    bed *b = arg;
    gwapi__edit edits[NAMES];
    gwapi__sequence first, second;
    bool good = true;

    gwapi__sequence_init(&first, a);
    gwapi__sequence_init(&second, a);
    for (uint32_t i = 0; i < NAMES; i++) {
        edits[i] = (gwapi__edit){&b->resources[i], part_of(b, i, a)};
        good = good && edits[i].part != NULL;
    }
    good = good && gwapi__sequence_edit(&first, &second, edits, NAMES) &&
           gwapi__sequence_edit(&second, &first, &(gwapi__edit){edits[5].key, NULL}, 1);
    if (first.count != 0) {
        gwapi__sequence_walk walk = {&first, 0, 0};
        for (uint32_t i = 0; i < NAMES; i++)
            cr_assert_eq(gwapi__sequence_next(&walk), edits[i].part);
    }
    for (uint32_t i = 0; i < NAMES; i++)
        gwapi__part_release(edits[i].part);
    gwapi__sequence_free(&first);
    gwapi__sequence_free(&second);
    return good ? GWAPI_OK : GWAPI_ENOMEM;
}

Test(resolve_sequence, an_edit_without_memory_leaves_the_old_sequence_whole)
{
    static bed b;
    size_t runs, bad;

    bed_init(&b);
    gwapi_result result = test_fail_every_allocation(edit_twice, &b, &runs, &bad);
    cr_assert_eq(bad, 0, "allocation %zu", bad);
    cr_assert_eq(result, GWAPI_OK);
    cr_assert_gt(runs, NAMES);
}
