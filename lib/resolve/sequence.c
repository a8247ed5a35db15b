#include "resolve/sequence.h"

#include "base/slice.h"

/* Two bits for each hash: with five look-ups a part one chunk in twenty is searched in vain. */
#define FILTER_WORDS 64
#define FILTER_BITS  (FILTER_WORDS * 64)

struct gwapi__chunk {
    atomic_size_t references;
    gwapi_allocator allocator;
    uint32_t count;
    uint64_t filter[FILTER_WORDS];                /* of what the parts looked up */
    uint32_t upto[GWAPI__CHUNK][GWAPI__MEASURES]; /* sums with this part */
    gwapi__part *items[GWAPI__CHUNK];
};

int gwapi__resource_cmp(const gwapi__resource *a, const gwapi__resource *b)
{
    int order = gwapi__str_cmp(a->meta.namespace_, b->meta.namespace_);

    return order != 0 ? order : gwapi__str_cmp(a->meta.name, b->meta.name);
}

int gwapi__order_resources(const void *a, const void *b, void *ctx)
{
    (void)ctx;
    return gwapi__resource_cmp(*(gwapi__resource *const *)a, *(gwapi__resource *const *)b);
}

/* ---- chunks -------------------------------------------------------------------------- */

static uint64_t bit_of(uint64_t hash)
{
    return UINT64_C(1) << (hash & 63);
}

static size_t word_of(uint64_t hash)
{
    return (size_t)(hash >> 6) % FILTER_WORDS;
}

static void filter_add(uint64_t *filter, uint64_t hash)
{
    filter[word_of(hash)] |= bit_of(hash);
    hash >>= 32;
    filter[word_of(hash)] |= bit_of(hash);
}

static bool filter_has(const uint64_t *filter, uint64_t hash)
{
    uint64_t other = hash >> 32;

    return (filter[word_of(hash)] & bit_of(hash)) != 0 &&
           (filter[word_of(other)] & bit_of(other)) != 0;
}

/* Takes over the references of `items`. NULL: no memory, and they are still the caller's. */
static gwapi__chunk *chunk_new(const gwapi_allocator *allocator, gwapi__part *const *items,
                               size_t count)
{
    gwapi__chunk *c = gwapi__alloc(allocator, sizeof *c);
    uint32_t sums[GWAPI__MEASURES] = {0};

    if (c == NULL)
        return NULL;
    atomic_init(&c->references, 1);
    c->allocator = *allocator;
    c->count = (uint32_t)count;
    memset(c->filter, 0, sizeof c->filter);
    for (size_t i = 0; i < count; i++) {
        c->items[i] = items[i];
        for (int m = 0; m < GWAPI__MEASURES; m++)
            c->upto[i][m] = sums[m] += items[i]->measures[m];
        for (size_t k = 0; k < items[i]->seen_count; k++)
            filter_add(c->filter, items[i]->seen[k]);
    }
    return c;
}

static gwapi__chunk *chunk_retain(gwapi__chunk *c)
{
    atomic_fetch_add_explicit(&c->references, 1, memory_order_relaxed);
    return c;
}

static void chunk_release(gwapi__chunk *c)
{
    if (atomic_fetch_sub_explicit(&c->references, 1, memory_order_acq_rel) != 1)
        return;
    for (uint32_t i = 0; i < c->count; i++)
        gwapi__part_release(c->items[i]);
    const gwapi_allocator allocator = c->allocator;
    gwapi__free(&allocator, c, sizeof *c);
}

/* ---- changing ------------------------------------------------------------------------ */

void gwapi__sequence_init(gwapi__sequence *s, const gwapi_allocator *allocator)
{
    *s = (gwapi__sequence){.allocator = *allocator};
}

void gwapi__sequence_free(gwapi__sequence *s)
{
    for (size_t i = 0; i < s->chunk_count; i++)
        chunk_release(s->chunks[i]);
    gwapi__free(&s->allocator, s->chunks, s->chunk_count * sizeof *s->chunks);
    gwapi__free(&s->allocator, s->start, s->chunk_count * sizeof *s->start);
    gwapi__sequence_init(
        s, &(gwapi_allocator){s->allocator.struct_size, s->allocator.ctx, s->allocator.resize});
}

typedef struct editing {
    gwapi__vector chunks;  /* of gwapi__chunk *, each a reference */
    gwapi__vector pending; /* of gwapi__part *, each a reference: not in a chunk yet */
} editing;

static bool push_chunk(editing *e, gwapi__chunk *chunk)
{
    gwapi__chunk **slot = chunk != NULL ? gwapi__vector_push(&e->chunks) : NULL;

    if (slot != NULL)
        *slot = chunk;
    return slot != NULL;
}

static bool push_part(editing *e, gwapi__part *part)
{
    gwapi__part **slot = gwapi__vector_push(&e->pending);

    if (slot != NULL)
        *slot = gwapi__part_retain(part);
    return slot != NULL;
}

/* Pending parts into chunks of about the same size. */
static bool flush(editing *e)
{
    gwapi__part **items = e->pending.data;
    size_t count = e->pending.count, done = 0;
    size_t chunks = (count + GWAPI__CHUNK - 1) / GWAPI__CHUNK;

    for (size_t i = 0; i < chunks; i++) {
        size_t more = (count - done) / (chunks - i);
        gwapi__chunk *chunk = gwapi__vector_reserve(&e->chunks, 1)
                                  ? chunk_new(&e->chunks.allocator, items + done, more)
                                  : NULL;
        if (chunk == NULL)
            break;
        push_chunk(e, chunk);
        done += more;
    }
    if (done != count)
        memmove(items, items + done, (count - done) * sizeof *items);
    e->pending.count = count - done;
    return done == count;
}

/* The changes before `end` (NULL: all), merged with the items of a chunk (may be NULL). */
static bool merge(editing *e, const gwapi__chunk *chunk, const gwapi__edit **edits,
                  const gwapi__edit *last, const gwapi__resource *end)
{
    uint32_t i = 0, count = chunk != NULL ? chunk->count : 0;

    for (;;) {
        const gwapi__edit *edit =
            *edits < last && (end == NULL || gwapi__resource_cmp((*edits)->key, end) < 0)
                ? *edits
                : NULL;
        int order = edit == NULL ? -1
                    : i < count  ? gwapi__resource_cmp(chunk->items[i]->resource, edit->key)
                                 : 1;
        if (i == count && edit == NULL)
            return true;
        if (order < 0 && !push_part(e, chunk->items[i]))
            return false;
        if (order >= 0) {
            ++*edits;
            if (edit->part != NULL && !push_part(e, edit->part))
                return false;
        }
        i += order <= 0;
    }
}

static const gwapi__resource *first_of(const gwapi__sequence *s, size_t chunk)
{
    return chunk < s->chunk_count ? s->chunks[chunk]->items[0]->resource : NULL;
}

/* Small chunks are joined with what follows them. */
static bool take_chunk(editing *e, const gwapi__sequence *old, size_t i,
                       const gwapi__edit **edits, const gwapi__edit *last)
{
    const gwapi__resource *end = first_of(old, i + 1);
    bool touched =
        *edits < last && (end == NULL || gwapi__resource_cmp((*edits)->key, end) < 0);

    if (!touched && e->pending.count >= GWAPI__CHUNK / 2 && !flush(e))
        return false;
    if (touched || e->pending.count != 0)
        return merge(e, old->chunks[i], edits, last, end);
    return gwapi__vector_reserve(&e->chunks, 1) && push_chunk(e, chunk_retain(old->chunks[i]));
}

/* The vector's chunks become the sequence's. */
static bool finish(gwapi__sequence *out, gwapi__vector *chunks)
{
    size_t count = chunks->count;

    out->chunks = gwapi__alloc_array(&out->allocator, count, sizeof *out->chunks);
    out->start = gwapi__alloc_array(&out->allocator, count, sizeof *out->start);
    if (out->chunks == NULL || out->start == NULL) {
        gwapi__free(&out->allocator, out->chunks, count * sizeof *out->chunks);
        gwapi__free(&out->allocator, out->start, count * sizeof *out->start);
        out->chunks = NULL;
        out->start = NULL;
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        gwapi__chunk *c = *GWAPI__AT(chunks, gwapi__chunk *, i);
        out->chunks[i] = c;
        memcpy(out->start[i], out->total, sizeof out->total);
        for (int m = 0; m < GWAPI__MEASURES; m++)
            out->total[m] += c->upto[c->count - 1][m];
        out->count += c->count;
    }
    out->chunk_count = count;
    chunks->count = 0;
    return true;
}

bool gwapi__sequence_edit(gwapi__sequence *out, const gwapi__sequence *old,
                          const gwapi__edit *edits, size_t count)
{
    const gwapi__edit *last = count != 0 ? edits + count : edits;
    bool good = true;
    editing e;

    gwapi__vector_init(&e.chunks, &out->allocator, sizeof(gwapi__chunk *));
    gwapi__vector_init(&e.pending, &out->allocator, sizeof(gwapi__part *));
    for (size_t i = 0; i < old->chunk_count && good; i++)
        good = take_chunk(&e, old, i, &edits, last);
    good = good && merge(&e, NULL, &edits, last, NULL) && flush(&e) && finish(out, &e.chunks);
    for (size_t i = 0; i < e.chunks.count; i++)
        chunk_release(*GWAPI__AT(&e.chunks, gwapi__chunk *, i));
    for (size_t i = 0; i < e.pending.count; i++)
        gwapi__part_release(*GWAPI__AT(&e.pending, gwapi__part *, i));
    gwapi__vector_free(&e.chunks);
    gwapi__vector_free(&e.pending);
    return good;
}

/* ---- finding ------------------------------------------------------------------------- */

static int order_of(const gwapi__part *part, gwapi_str namespace_, gwapi_str name)
{
    int order = gwapi__str_cmp(part->resource->meta.namespace_, namespace_);

    return order != 0 ? order : gwapi__str_cmp(part->resource->meta.name, name);
}

/* The last chunk that begins at or before the key. */
static size_t chunk_of(const gwapi__sequence *s, gwapi_str namespace_, gwapi_str name)
{
    size_t low = 0, high = s->chunk_count;

    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (order_of(s->chunks[middle]->items[0], namespace_, name) <= 0)
            low = middle;
        else
            high = middle;
    }
    return low;
}

static void sums_before(const gwapi__sequence *s, size_t chunk, size_t item,
                        uint32_t before[GWAPI__MEASURES])
{
    const gwapi__chunk *c = s->chunks[chunk];

    for (int m = 0; m < GWAPI__MEASURES; m++)
        before[m] = s->start[chunk][m] + c->upto[item][m] - c->items[item]->measures[m];
}

void *gwapi__sequence_named(const gwapi__sequence *s, gwapi_str namespace_, gwapi_str name,
                            uint32_t before[GWAPI__MEASURES])
{
    if (s->chunk_count == 0)
        return NULL;
    size_t at = chunk_of(s, namespace_, name);
    const gwapi__chunk *c = s->chunks[at];
    size_t low = 0, high = c->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = order_of(c->items[middle], namespace_, name);
        if (order == 0) {
            if (before != NULL)
                sums_before(s, at, middle, before);
            return c->items[middle];
        }
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

void *gwapi__sequence_find(const gwapi__sequence *s, const gwapi__resource *key,
                           uint32_t before[GWAPI__MEASURES])
{
    return gwapi__sequence_named(s, key->meta.namespace_, key->meta.name, before);
}

void *gwapi__sequence_at(const gwapi__sequence *s, gwapi__measure m, uint32_t i,
                         uint32_t before[GWAPI__MEASURES])
{
    size_t at, low = 0, high = s->chunk_count;

    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (s->start[middle][m] <= i)
            low = middle;
        else
            high = middle;
    }
    const gwapi__chunk *c = s->chunks[at = low];
    i -= s->start[at][m];
    low = 0;
    high = c->count - 1;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (c->upto[middle][m] <= i)
            low = middle + 1;
        else
            high = middle;
    }
    sums_before(s, at, low, before);
    return c->items[low];
}

/* To the beginning of the next chunk, from the end of one. */
static void settle(gwapi__sequence_walk *walk)
{
    const gwapi__sequence *s = walk->sequence;

    if (walk->chunk < s->chunk_count && walk->item == s->chunks[walk->chunk]->count) {
        walk->chunk++;
        walk->item = 0;
    }
}

void *gwapi__sequence_next(gwapi__sequence_walk *walk)
{
    const gwapi__sequence *s = walk->sequence;

    settle(walk);
    return walk->chunk < s->chunk_count ? s->chunks[walk->chunk]->items[walk->item++] : NULL;
}

static bool at_same_chunk(const gwapi__sequence_walk *a, const gwapi__sequence_walk *b)
{
    return a->item == 0 && b->item == 0 && a->chunk < a->sequence->chunk_count &&
           b->chunk < b->sequence->chunk_count &&
           a->sequence->chunks[a->chunk] == b->sequence->chunks[b->chunk];
}

bool gwapi__sequence_differences(const gwapi__sequence *a, const gwapi__sequence *b,
                                 bool (*found)(void *ctx, const void *a, const void *b),
                                 void *ctx)
{
    gwapi__sequence_walk x = {a, 0, 0}, y = {b, 0, 0};

    if (a->count != b->count)
        return false;
    for (;;) {
        settle(&x);
        settle(&y);
        while (at_same_chunk(&x, &y)) {
            x.chunk++;
            y.chunk++;
        }
        const void *part = gwapi__sequence_next(&x), *other = gwapi__sequence_next(&y);
        if (part == NULL)
            return true;
        if (part != other && !found(ctx, part, other))
            return false;
    }
}

/* ---- what was looked up -------------------------------------------------------------- */

/* Do two ascending lists meet? The shorter one is looked up in the other. */
static bool meet(const uint64_t *a, size_t a_count, const uint64_t *b, size_t b_count)
{
    for (size_t i = 0; i < a_count; i++) {
        size_t low = 0, high = b_count;
        while (low < high) {
            size_t middle = low + (high - low) / 2;
            if (b[middle] == a[i])
                return true;
            if (b[middle] < a[i])
                low = middle + 1;
            else
                high = middle;
        }
    }
    return false;
}

bool gwapi__part_saw(const gwapi__part *part, const uint64_t *hashes, size_t count)
{
    return part->seen_count < count ? meet(part->seen, part->seen_count, hashes, count)
                                    : meet(hashes, count, part->seen, part->seen_count);
}

/* Of very many each chunk has one. */
static bool may_have(const gwapi__chunk *c, const uint64_t *hashes, size_t count)
{
    if (count > 4 * GWAPI__CHUNK)
        return true;
    for (size_t i = 0; i < count; i++)
        if (filter_has(c->filter, hashes[i]))
            return true;
    return false;
}

gwapi_result gwapi__sequence_seen(const gwapi__sequence *s, const uint64_t *hashes,
                                  size_t count,
                                  gwapi_result (*found)(void *ctx, gwapi__part *part),
                                  void *ctx)
{
    gwapi_result result = GWAPI_OK;

    for (size_t i = 0; i < s->chunk_count && result == GWAPI_OK; i++) {
        const gwapi__chunk *c = s->chunks[i];
        if (!may_have(c, hashes, count))
            continue;
        for (uint32_t k = 0; k < c->count && result == GWAPI_OK; k++)
            if (gwapi__part_saw(c->items[k], hashes, count))
                result = found(ctx, c->items[k]);
    }
    return result;
}
