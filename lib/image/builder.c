#include "image/builder.h"

#include <string.h>
#include "base/hash.h"
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
    for (uint32_t id = FIRST_SECTION; id < GWAPI__SECTION_END; id++)
        gwapi__vector_init(&b->sections[id], allocator, SECTIONS[id].record);
    gwapi__texts_init(&b->texts, allocator);
}

void gwapi__block_free(gwapi__block *b)
{
    for (uint32_t id = FIRST_SECTION; id < GWAPI__SECTION_END; id++)
        gwapi__vector_free(&b->sections[id]);
    gwapi__texts_free(&b->texts);
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

gwapi__image_text gwapi__block_text(gwapi__block *b, gwapi_str text)
{
    gwapi__image_text stored = {GWAPI__IMAGE_NONE};

    if (text.data == NULL || b->failure != GWAPI_OK)
        return stored;
    gwapi_result result = gwapi__texts_add(&b->texts, text, &stored.offset);
    if (result != GWAPI_OK)
        fail(b, result);
    return stored;
}

gwapi_str gwapi__block_text_at(const gwapi__block *b, gwapi__image_text text)
{
    return gwapi__texts_at(&b->texts, text.offset);
}

void gwapi__block_take_texts(gwapi__block *b, const unsigned char *bytes, uint32_t size)
{
    gwapi_result result = gwapi__texts_take(&b->texts, bytes, size);

    if (result != GWAPI_OK)
        fail(b, result);
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

static void place_text(const gwapi__block *b, text_order *t, uint32_t *word)
{
    uint32_t number = *word;

    if (number == GWAPI__IMAGE_NONE)
        return;
    if (t->offsets[number] == GWAPI__IMAGE_NONE) {
        t->offsets[number] = (uint32_t)t->size;
        t->numbers[t->count++] = number;
        t->size += gwapi__texts_size(&b->texts, number);
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
    t->capacity = gwapi__texts_count(&b->texts);
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

static void copy_texts(const gwapi__block *b, const text_order *t, unsigned char *out)
{
    for (uint32_t i = 0; i < t->count;)
        i += gwapi__texts_write(&b->texts, &t->numbers[i], t->count - i,
                                out + t->offsets[t->numbers[i]]);
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
