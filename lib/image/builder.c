#include "image/builder.h"

#include <string.h>
#include "base/hash.h"
#include "base/slice.h"
#include "image/checksum.h"
#include "image/fields.h"

typedef struct section_spec {
    uint32_t flags;
    uint32_t record; /* bytes */
} section_spec;

static const section_spec SECTIONS[GWAPI__SECTION_END] = {
#define SECTION_SPEC(name, id, flags, record) [id] = {flags, sizeof(gwapi__image_##record)},
    GWAPI__IMAGE_SECTION_TABLE(SECTION_SPEC)
#undef SECTION_SPEC
};

enum { FIRST_SECTION = GWAPI__SECTION_INFO };

void gwapi__block_init(gwapi__block *b, const gwapi_allocator *allocator)
{
    memset(b, 0, sizeof *b);
    b->allocator = *allocator;
    gwapi__arena_init(&b->arena, allocator);
    for (uint32_t id = FIRST_SECTION; id < GWAPI__SECTION_END; id++)
        gwapi__vector_init(&b->sections[id], allocator, SECTIONS[id].record);
    gwapi__map_init(&b->texts, allocator, 0);
}

void gwapi__block_free(gwapi__block *b)
{
    gwapi__block_base *base = &b->base;

    if (base->starts != NULL)
        gwapi__free(&b->allocator, base->starts,
                    ((size_t)base->count + 1) * sizeof *base->starts);
    gwapi__free(&b->allocator, base->begins, base->word_count * sizeof *base->begins);
    gwapi__free(&b->allocator, base->slots, base->slot_count * sizeof *base->slots);
    gwapi__free(&b->allocator, base->ranks, base->word_count * sizeof *base->ranks);
    gwapi__map_free(&b->texts);
    for (uint32_t id = FIRST_SECTION; id < GWAPI__SECTION_END; id++)
        gwapi__vector_free(&b->sections[id]);
    gwapi__arena_free(&b->arena);
}

static void fail(gwapi__block *b, gwapi_result why)
{
    if (b->failure == GWAPI_OK)
        b->failure = why;
}

void *gwapi__block_add(gwapi__block *b, uint32_t section, uint32_t *index)
{
    gwapi__vector *v = &b->sections[section];
    void *record = NULL;

    if (index != NULL)
        *index = 0;
    if (v->count >= GWAPI__IMAGE_NONE)
        fail(b, GWAPI_ELIMIT);
    if (b->failure == GWAPI_OK) {
        record = gwapi__vector_push(v);
        if (record == NULL)
            fail(b, GWAPI_ENOMEM);
        else if (index != NULL)
            *index = (uint32_t)(v->count - 1);
    }
    return record;
}

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

static gwapi_str taken_text(const gwapi__block *b, uint32_t number)
{
    uint32_t from, end = end_of_text(b->base.bytes, b->base.starts[number], &from);

    return gwapi__str((const char *)b->base.bytes + from, end - from);
}

/* The slot of the text, or the empty one where it would be. */
static uint32_t *taken_slot(const gwapi__block *b, gwapi_str text)
{
    const gwapi__block_base *base = &b->base;
    size_t i = gwapi__siphash((uintptr_t)base, 0, text) & (base->slot_count - 1);

    while (base->slots[i] != 0 && !gwapi__str_eq(taken_text(b, base->slots[i] - 1), text))
        i = (i + 1) & (base->slot_count - 1);
    return &base->slots[i];
}

static bool index_taken(gwapi__block *b)
{
    gwapi__block_base *base = &b->base;
    size_t count = 2;

    while (count < 2 * (size_t)base->count)
        count *= 2;
    base->slots = gwapi__alloc_array(&b->allocator, count, sizeof *base->slots);
    if (base->slots == NULL)
        return false;
    base->slot_count = count;
    for (uint32_t i = 0; i < base->count; i++)
        *taken_slot(b, taken_text(b, i)) = i + 1;
    return true;
}

/* Its number among those of an earlier image; NONE. */
static uint32_t find_taken(gwapi__block *b, gwapi_str text)
{
    if (b->base.count == 0)
        return GWAPI__IMAGE_NONE;
    if (b->base.slot_count == 0 && !index_taken(b)) {
        fail(b, GWAPI_ENOMEM);
        return GWAPI__IMAGE_NONE;
    }
    return *taken_slot(b, text) - 1; /* 0 becomes NONE */
}

gwapi__image_text gwapi__block_text(gwapi__block *b, gwapi_str text)
{
    const gwapi__image_text absent = {GWAPI__IMAGE_NONE};
    size_t next = gwapi__map_count(&b->texts);
    gwapi_str copy;

    if (text.data == NULL || b->failure != GWAPI_OK)
        return absent;
    if (text.len > UINT32_MAX || next >= GWAPI__IMAGE_NONE - b->base.count) {
        fail(b, GWAPI_ELIMIT);
        return absent;
    }
    uint32_t taken = find_taken(b, text);
    if (taken != GWAPI__IMAGE_NONE || b->failure != GWAPI_OK)
        return (gwapi__image_text){taken};
    gwapi__map_entry *entry = gwapi__map_add(&b->texts, text);
    bool is_new = gwapi__map_count(&b->texts) != next;
    if (entry == NULL || (is_new && !gwapi__arena_copy(&b->arena, text, &copy))) {
        fail(b, GWAPI_ENOMEM);
        return absent;
    }
    if (is_new) {
        entry->key = copy; /* the same text, where it stays */
        entry->value = (void *)(uintptr_t)(b->base.count + next);
    }
    return (gwapi__image_text){(uint32_t)(uintptr_t)entry->value};
}

static gwapi_str added_text(const gwapi__block *b, uint32_t number)
{
    return gwapi__map_at(&b->texts, number - b->base.count)->key;
}

gwapi_str gwapi__block_text_at(const gwapi__block *b, gwapi__image_text text)
{
    return text.offset < b->base.count ? taken_text(b, text.offset) : added_text(b, text.offset);
}

/* ---- the texts of an earlier image ------------------------------------------------------- */

static bool make_ranks(gwapi__block *b, uint32_t size)
{
    gwapi__block_base *base = &b->base;
    uint32_t before = 0, from;

    base->word_count = (size_t)size / 64 + 1;
    base->begins = gwapi__alloc_array(&b->allocator, base->word_count, sizeof *base->begins);
    base->ranks = gwapi__alloc_array(&b->allocator, base->word_count, sizeof *base->ranks);
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

void gwapi__block_take_texts(gwapi__block *b, const unsigned char *bytes, uint32_t size)
{
    gwapi__block_base *base = &b->base;
    uint32_t count = 0, from;

    for (uint32_t at = 0; at < size; at = end_of_text(bytes, at, &from))
        count++;
    base->starts = gwapi__alloc_array(&b->allocator, (size_t)count + 1, sizeof *base->starts);
    if (base->starts == NULL) {
        fail(b, GWAPI_ENOMEM);
        return;
    }
    base->bytes = bytes;
    base->count = count;
    if (!make_ranks(b, size)) {
        fail(b, GWAPI_ENOMEM);
        return;
    }
    for (uint32_t at = 0, i = 0; i < count; at = end_of_text(bytes, at, &from))
        base->starts[i++] = at;
    base->starts[count] = size;
}

void *gwapi__block_add_many(gwapi__block *b, uint32_t section, uint32_t count)
{
    gwapi__vector *v = &b->sections[section];

    if (count >= GWAPI__IMAGE_NONE - v->count)
        fail(b, GWAPI_ELIMIT);
    else if (b->failure == GWAPI_OK && !gwapi__vector_reserve(v, count))
        fail(b, GWAPI_ENOMEM);
    if (b->failure != GWAPI_OK || count == 0)
        return NULL;
    v->count += count;
    return gwapi__vector_at(v, v->count - count);
}

/* ---- records that are one word ----------------------------------------------------------- */

void gwapi__block_word(gwapi__block *b, uint32_t section, uint32_t word)
{
    gwapi__image_word *record = gwapi__block_add(b, section, NULL);

    if (record != NULL)
        *record = word;
}

void gwapi__block_string(gwapi__block *b, uint32_t section, gwapi_str text)
{
    gwapi__image_text stored = gwapi__block_text(b, text);
    gwapi__image_string *record = gwapi__block_add(b, section, NULL);

    if (record != NULL)
        record->text = stored;
}

uint32_t gwapi__block_count(const gwapi__block *b, uint32_t section)
{
    return (uint32_t)b->sections[section].count;
}

void *gwapi__block_at(const gwapi__block *b, uint32_t section, uint32_t i)
{
    return gwapi__vector_at(&b->sections[section], i);
}

/* ---- where texts stand ------------------------------------------------------------------- */

/* The texts in use, in the order in which they stand. */
typedef struct text_order {
    uint32_t *numbers;
    uint32_t *offsets; /* by number; NONE: not in use */
    uint32_t count, capacity;
    uint64_t size;
} text_order;

/* With its length in front. */
static uint64_t bytes_of(const gwapi__block *b, uint32_t number)
{
    unsigned char length[5];

    if (number < b->base.count)
        return b->base.starts[number + 1] - b->base.starts[number];
    size_t len = added_text(b, number).len;
    return write_length(len, length) + len;
}

static void place_text(const gwapi__block *b, text_order *t, uint32_t *word)
{
    uint32_t number = *word;

    if (number == GWAPI__IMAGE_NONE)
        return;
    if (t->offsets[number] == GWAPI__IMAGE_NONE) {
        t->offsets[number] = (uint32_t)t->size;
        t->numbers[t->count++] = number;
        t->size += bytes_of(b, number);
    }
    *word = t->offsets[number];
}

/* Past 4 GiB offsets mean nothing, but nobody reads them then. */
static void place_column(gwapi__block *b, text_order *t, const gwapi__image_field *f)
{
    gwapi__vector *v = &b->sections[f->section];
    size_t words = v->size / sizeof(uint32_t);
    uint32_t *record = v->data;

    for (size_t i = 0; i < v->count; i++, record += words)
        if (f->kind != GWAPI__FIELD_PATH || gwapi__match_path_is_text((const void *)record))
            place_text(b, t, record + f->word);
}

static gwapi_result place_texts(gwapi__block *b, text_order *t)
{
    t->capacity = b->base.count + (uint32_t)gwapi__map_count(&b->texts);
    t->numbers = gwapi__alloc_array(&b->allocator, t->capacity, sizeof *t->numbers);
    t->offsets = gwapi__alloc_array(&b->allocator, t->capacity, sizeof *t->offsets);
    if (t->numbers == NULL || t->offsets == NULL)
        return GWAPI_ENOMEM;
    for (uint32_t i = 0; i < t->capacity; i++)
        t->offsets[i] = GWAPI__IMAGE_NONE;
    for (size_t i = 0; i < gwapi__image_field_count; i++) {
        const gwapi__image_field *f = &gwapi__image_fields[i];
        if (f->kind == GWAPI__FIELD_TEXT || f->kind == GWAPI__FIELD_OPTIONAL_TEXT ||
            f->kind == GWAPI__FIELD_PATH)
            place_column(b, t, f);
    }
    return t->size < GWAPI__IMAGE_NONE ? GWAPI_OK : GWAPI_ELIMIT;
}

static void free_order(const gwapi__block *b, text_order *t)
{
    gwapi__free(&b->allocator, t->numbers, t->capacity * sizeof *t->numbers);
    gwapi__free(&b->allocator, t->offsets, t->capacity * sizeof *t->offsets);
}

/* Texts that followed each other before are copied together. Gives how many. */
static uint32_t copy_taken(const gwapi__block *b, const text_order *t, uint32_t i,
                           unsigned char *out)
{
    uint32_t first = t->numbers[i], n = 1;

    while (i + n < t->count && t->numbers[i + n] == first + n && first + n < b->base.count)
        n++;
    memcpy(out, b->base.bytes + b->base.starts[first],
           b->base.starts[first + n] - b->base.starts[first]);
    return n;
}

static void copy_texts(const gwapi__block *b, const text_order *t, unsigned char *out)
{
    for (uint32_t i = 0; i < t->count;) {
        uint32_t number = t->numbers[i];
        unsigned char *at = out + t->offsets[number];
        if (number < b->base.count) {
            i += copy_taken(b, t, i, at);
            continue;
        }
        gwapi_str text = added_text(b, number);
        at += write_length(text.len, at);
        if (text.len != 0)
            memcpy(at, text.data, text.len);
        i++;
    }
}

/* ---- layout ------------------------------------------------------------------------------ */

typedef struct layout {
    text_order texts;
    gwapi_str label;
} layout;

static uint64_t aligned(uint64_t offset)
{
    return (offset + 7) & ~(uint64_t)7;
}

static uint64_t section_bytes(const gwapi__block *b, uint32_t id, const layout *l)
{
    if (id == GWAPI__SECTION_TEXT)
        return l->texts.size;
    if (id == GWAPI__SECTION_LABEL)
        return l->label.len;
    return (uint64_t)b->sections[id].count * SECTIONS[id].record;
}

static uint32_t used_sections(gwapi_str label)
{
    return GWAPI__SECTION_END - FIRST_SECTION - (label.data == NULL);
}

static void copy_section(const gwapi__block *b, uint32_t id, const layout *l,
                         unsigned char *out, size_t size)
{
    if (id == GWAPI__SECTION_TEXT) {
        copy_texts(b, &l->texts, out);
    } else if (id == GWAPI__SECTION_LABEL) {
        memcpy(out, l->label.data, size);
    } else {
        memcpy(out, b->sections[id].data, size);
        if (GWAPI__BIG_ENDIAN)
            gwapi__image_swap(out, size);
    }
}

/* Fills the table and the sections behind it; gives the content hash. */
static uint64_t write_sections(const gwapi__block *b, const layout *l, unsigned char *bytes)
{
    uint32_t count = used_sections(l->label);
    uint64_t head = sizeof(gwapi__image_header) + count * sizeof(gwapi__image_section);
    uint64_t offset = aligned(head), hash = 0;

    memset(bytes + head, 0, (size_t)(offset - head));
    for (uint32_t i = 0; i < count; i++) {
        uint32_t id = FIRST_SECTION + i;
        uint64_t size = section_bytes(b, id, l);
        gwapi__image_section entry = {
            .id = id,
            .flags = SECTIONS[id].flags,
            .offset = (uint32_t)offset,
            .count = (uint32_t)(size / SECTIONS[id].record),
            .record = SECTIONS[id].record,
        };
        if (size != 0)
            copy_section(b, id, l, bytes + offset, (size_t)size);
        if (id != GWAPI__SECTION_LABEL)
            hash = gwapi__image_content_hash(hash, id, bytes + offset, (size_t)size);
        if (GWAPI__BIG_ENDIAN)
            gwapi__image_swap(&entry, sizeof entry);
        memcpy(bytes + sizeof(gwapi__image_header) + i * sizeof entry, &entry, sizeof entry);
        offset += size;
        memset(bytes + offset, 0, (size_t)(aligned(offset) - offset));
        offset = aligned(offset);
    }
    return hash;
}

static void write_header(gwapi_str label, uint64_t hash, unsigned char *bytes, uint64_t size)
{
    gwapi__image_header header = {
        .magic = GWAPI__IMAGE_MAGIC_BYTES,
        .format = GWAPI__IMAGE_FORMAT,
        .section_count = used_sections(label),
        .size = (uint32_t)size,
    };

    gwapi__block_u64(header.content_hash, hash);
    memcpy(bytes, &header, sizeof header);
    if (GWAPI__BIG_ENDIAN)
        gwapi__image_swap(bytes + sizeof header.magic, sizeof header - sizeof header.magic);
    gwapi__block_u64(header.checksum, gwapi__image_checksum(bytes, (size_t)size));
    if (GWAPI__BIG_ENDIAN)
        gwapi__image_swap(header.checksum, sizeof header.checksum);
    memcpy(bytes + offsetof(gwapi__image_header, checksum), header.checksum,
           sizeof header.checksum);
}

static gwapi_result write_image(gwapi__block *b, const layout *l, unsigned char **bytes,
                                size_t *size)
{
    uint32_t count = used_sections(l->label);
    uint64_t total = aligned(sizeof(gwapi__image_header) + count * sizeof(gwapi__image_section));

    for (uint32_t i = 0; i < count; i++)
        total = aligned(total + section_bytes(b, FIRST_SECTION + i, l));
    if (total > UINT32_MAX)
        return GWAPI_ELIMIT;
    *bytes = gwapi__alloc(&b->allocator, (size_t)total);
    if (*bytes == NULL)
        return GWAPI_ENOMEM;
    write_header(l->label, write_sections(b, l, *bytes), *bytes, total);
    *size = (size_t)total;
    return GWAPI_OK;
}

gwapi_result gwapi__block_finish(gwapi__block *b, gwapi_str label, unsigned char **bytes,
                                   size_t *size)
{
    layout l = {.label = label};

    *bytes = NULL;
    *size = 0;
    if (b->failure != GWAPI_OK)
        return b->failure;
    gwapi_result r = place_texts(b, &l.texts);
    if (r == GWAPI_OK)
        r = write_image(b, &l, bytes, size);
    free_order(b, &l.texts);
    return r;
}
