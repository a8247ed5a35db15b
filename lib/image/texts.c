#include "image/texts.h"

#include "base/hash.h"
#include "image/layout.h"

void gwapi__texts_init(gwapi__texts *t, const gwapi_allocator *allocator)
{
    memset(t, 0, sizeof *t);
    gwapi__arena_init(&t->arena, allocator);
    gwapi__vector_init(&t->added, allocator, sizeof(const gwapi__stored_text *));
    gwapi__slots_init(&t->slots, allocator);
    t->seed = gwapi__seed_at(t);
}

void gwapi__texts_free(gwapi__texts *t)
{
    const gwapi_allocator *allocator = &t->arena.allocator;
    gwapi__texts_base *base = &t->base;

    if (base->starts != NULL)
        gwapi__free(allocator, base->starts, ((size_t)base->count + 1) * sizeof *base->starts);
    gwapi__free(allocator, base->begins, base->word_count * sizeof *base->begins);
    gwapi__free(allocator, base->ranks, base->word_count * sizeof *base->ranks);
    gwapi__slots_free(&t->slots);
    gwapi__vector_free(&t->added);
    gwapi__arena_free(&t->arena);
}

/* ---- bytes ------------------------------------------------------------------------------- */

/* How a length is written before its text; gives how many bytes it takes. */
static size_t write_length(size_t len, unsigned char out[5])
{
    size_t n = 0;

    for (; len >= 0x80; len >>= 7)
        out[n++] = (unsigned char)(0x80 | (len & 0x7f));
    out[n++] = (unsigned char)len;
    return n;
}

/* Where the text that begins at `at` ends; *from is behind its length. */
static uint32_t end_of_text(const unsigned char *bytes, uint32_t at, uint32_t *from)
{
    uint32_t len = 0;

    for (unsigned shift = 0;; shift += 7) {
        unsigned char byte = bytes[at++];
        len |= (byte & 0x7fu) << shift;
        if (byte < 0x80)
            break;
    }
    *from = at;
    return at + len;
}

static const gwapi__stored_text *added_text(const gwapi__texts *t, uint32_t number)
{
    return *GWAPI__AT(&t->added, const gwapi__stored_text *, number - t->base.count);
}

gwapi_str gwapi__texts_at(const gwapi__texts *t, uint32_t number)
{
    const gwapi__texts_base *base = &t->base;
    uint32_t from;

    if (number < base->count) {
        uint32_t end = end_of_text(base->bytes, base->starts[number], &from);
        return gwapi__str((const char *)base->bytes + from, end - from);
    }
    const gwapi__stored_text *text = added_text(t, number);
    return gwapi__str(text->bytes, text->len);
}

uint64_t gwapi__texts_size(const gwapi__texts *t, uint32_t number)
{
    unsigned char length[5];

    if (number < t->base.count)
        return t->base.starts[number + 1] - t->base.starts[number];
    size_t len = added_text(t, number)->len;
    return write_length(len, length) + len;
}

uint32_t gwapi__texts_write(const gwapi__texts *t, const uint32_t *numbers, uint32_t count,
                            unsigned char *out)
{
    const gwapi__texts_base *base = &t->base;
    uint32_t first = numbers[0], n = 1;

    if (first >= base->count) {
        const gwapi__stored_text *text = added_text(t, first);
        out += write_length(text->len, out);
        memcpy(out, text->bytes, text->len);
        return 1;
    }
    while (n < count && numbers[n] == first + n && first + n < base->count)
        n++;
    memcpy(out, base->bytes + base->starts[first], base->starts[first + n] - base->starts[first]);
    return n;
}

/* ---- those of an earlier image ----------------------------------------------------------- */

static bool make_ranks(gwapi__texts *t, uint32_t size)
{
    gwapi__texts_base *base = &t->base;
    uint32_t before = 0, from;

    base->word_count = (size_t)size / 64 + 1;
    base->begins = gwapi__alloc_array(&t->arena.allocator, base->word_count, sizeof *base->begins);
    base->ranks = gwapi__alloc_array(&t->arena.allocator, base->word_count, sizeof *base->ranks);
    if (base->begins == NULL || base->ranks == NULL)
        return false;
    for (uint32_t at = 0; at < size; at = end_of_text(base->bytes, at, &from))
        base->begins[at / 64] |= UINT64_C(1) << at % 64;
    for (size_t i = 0; i < base->word_count; i++) {
        base->ranks[i] = before;
        before += gwapi__bit_count(base->begins[i]);
    }
    return true;
}

gwapi_result gwapi__texts_take(gwapi__texts *t, const unsigned char *bytes, uint32_t size)
{
    gwapi__texts_base *base = &t->base;
    uint32_t count = 0, from;

    for (uint32_t at = 0; at < size; at = end_of_text(bytes, at, &from))
        count++;
    base->starts =
        gwapi__alloc_array(&t->arena.allocator, (size_t)count + 1, sizeof *base->starts);
    if (base->starts == NULL)
        return GWAPI_ENOMEM;
    base->bytes = bytes;
    base->count = count;
    if (!make_ranks(t, size))
        return GWAPI_ENOMEM;
    for (uint32_t at = 0, i = 0; i < count; at = end_of_text(bytes, at, &from))
        base->starts[i++] = at;
    base->starts[count] = size;
    return GWAPI_OK;
}

/* ---- by hash ----------------------------------------------------------------------------- */

static uint32_t hash_of(const gwapi__texts *t, gwapi_str text)
{
    return (uint32_t)gwapi__hash(t->seed, text);
}

static bool index_base(gwapi__texts *t)
{
    if (!gwapi__slots_reserve(&t->slots, t->base.count))
        return false;
    for (uint32_t i = 0; i < t->base.count; i++)
        (void)gwapi__slots_add(&t->slots, hash_of(t, gwapi__texts_at(t, i)), i); /* has room */
    return true;
}

static const gwapi__stored_text *store(gwapi__texts *t, gwapi_str text)
{
    gwapi__stored_text *stored = gwapi__arena_alloc(&t->arena, sizeof *stored + text.len);

    if (stored == NULL)
        return NULL;
    stored->len = (uint32_t)text.len;
    if (text.len != 0)
        memcpy(stored->bytes, text.data, text.len);
    return stored;
}

static gwapi_result add_new(gwapi__texts *t, gwapi_str text, uint32_t hash, uint32_t *number)
{
    uint32_t next = gwapi__texts_count(t);
    const gwapi__stored_text *stored = store(t, text);

    if (stored == NULL || !gwapi__vector_reserve(&t->added, 1) ||
        !gwapi__slots_add(&t->slots, hash, next))
        return GWAPI_ENOMEM;
    *(const gwapi__stored_text **)gwapi__vector_add(&t->added) = stored; /* has room */
    *number = next;
    return GWAPI_OK;
}

gwapi_result gwapi__texts_add(gwapi__texts *t, gwapi_str text, uint32_t *number)
{
    uint32_t hash, i;

    if (text.len > UINT32_MAX || t->added.count >= GWAPI__IMAGE_NONE - t->base.count)
        return GWAPI_ELIMIT;
    if (t->slots.count < t->base.count && !index_base(t))
        return GWAPI_ENOMEM;
    hash = hash_of(t, text);
    for (size_t at = hash; (i = gwapi__slots_next(&t->slots, hash, &at)) != GWAPI__SLOTS_NONE;)
        if (gwapi__str_eq(gwapi__texts_at(t, i), text)) {
            *number = i;
            return GWAPI_OK;
        }
    return add_new(t, text, hash, number);
}
