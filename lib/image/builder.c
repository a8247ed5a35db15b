#include "image/builder.h"

#include <string.h>
#include "image/checksum.h"

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

gwapi__image_text gwapi__block_text(gwapi__block *b, gwapi_str text)
{
    const gwapi__image_text absent = {GWAPI__IMAGE_NONE};
    unsigned char length[5];
    size_t before = gwapi__map_count(&b->texts);
    gwapi_str copy;

    if (text.data == NULL || b->failure != GWAPI_OK)
        return absent;
    if (text.len > UINT32_MAX) {
        fail(b, GWAPI_ELIMIT);
        return absent;
    }
    gwapi__map_entry *entry = gwapi__map_find(&b->texts, text);
    if (entry == NULL) {
        if (!gwapi__arena_copy(&b->arena, text, &copy) ||
            (entry = gwapi__map_add(&b->texts, copy)) == NULL) {
            fail(b, GWAPI_ENOMEM);
            return absent;
        }
        if (gwapi__map_count(&b->texts) != before) {
            entry->value = (void *)(uintptr_t)b->text_size;
            b->text_size += write_length(text.len, length) + text.len;
        }
        if (b->text_size >= GWAPI__IMAGE_NONE) {
            fail(b, GWAPI_ELIMIT);
            return absent;
        }
    }
    return (gwapi__image_text){(uint32_t)(uintptr_t)entry->value};
}

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

/* ---- layout --------------------------------------------------------------------------- */

static uint64_t aligned(uint64_t offset)
{
    return (offset + 7) & ~(uint64_t)7;
}

static uint64_t section_bytes(const gwapi__block *b, uint32_t id, gwapi_str label)
{
    if (id == GWAPI__SECTION_TEXT)
        return b->text_size;
    if (id == GWAPI__SECTION_LABEL)
        return label.len;
    return (uint64_t)b->sections[id].count * SECTIONS[id].record;
}

static uint32_t used_sections(gwapi_str label)
{
    return GWAPI__SECTION_END - FIRST_SECTION - (label.data == NULL);
}

static void copy_section(const gwapi__block *b, uint32_t id, gwapi_str label,
                         unsigned char *out, size_t size)
{
    if (id == GWAPI__SECTION_TEXT) {
        for (size_t i = 0; i < gwapi__map_count(&b->texts); i++) {
            const gwapi__map_entry *entry = gwapi__map_at(&b->texts, i);
            unsigned char *at = out + (uintptr_t)entry->value, length[5];
            size_t n = write_length(entry->key.len, length);
            memcpy(at, length, n);
            if (entry->key.len != 0)
                memcpy(at + n, entry->key.data, entry->key.len);
        }
    } else if (id == GWAPI__SECTION_LABEL) {
        memcpy(out, label.data, size);
    } else {
        memcpy(out, b->sections[id].data, size);
        if (GWAPI__BIG_ENDIAN)
            gwapi__image_swap(out, size);
    }
}

/* Fills the table and the sections behind it; gives the content hash. */
static uint64_t write_sections(const gwapi__block *b, gwapi_str label, unsigned char *bytes)
{
    uint32_t count = used_sections(label);
    uint64_t offset = aligned(sizeof(gwapi__image_header) + count * sizeof(gwapi__image_section));
    uint64_t hash = 0;

    for (uint32_t i = 0; i < count; i++) {
        uint32_t id = FIRST_SECTION + i;
        uint64_t size = section_bytes(b, id, label);
        gwapi__image_section entry = {
            .id = id,
            .flags = SECTIONS[id].flags,
            .offset = (uint32_t)offset,
            .count = (uint32_t)(size / SECTIONS[id].record),
            .record = SECTIONS[id].record,
        };
        if (size != 0)
            copy_section(b, id, label, bytes + offset, (size_t)size);
        if (id != GWAPI__SECTION_LABEL)
            hash = gwapi__image_content_hash(hash, id, bytes + offset, (size_t)size);
        if (GWAPI__BIG_ENDIAN)
            gwapi__image_swap(&entry, sizeof entry);
        memcpy(bytes + sizeof(gwapi__image_header) + i * sizeof entry, &entry, sizeof entry);
        offset = aligned(offset + size);
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

gwapi_result gwapi__block_finish(gwapi__block *b, gwapi_str label, unsigned char **bytes,
                                   size_t *size)
{
    uint32_t count = used_sections(label);
    uint64_t total = aligned(sizeof(gwapi__image_header) + count * sizeof(gwapi__image_section));

    *bytes = NULL;
    *size = 0;
    if (b->failure != GWAPI_OK)
        return b->failure;
    for (uint32_t i = 0; i < count; i++)
        total = aligned(total + section_bytes(b, FIRST_SECTION + i, label));
    if (total > UINT32_MAX)
        return GWAPI_ELIMIT;
    *bytes = gwapi__alloc(&b->allocator, (size_t)total);
    if (*bytes == NULL)
        return GWAPI_ENOMEM;
    memset(*bytes, 0, (size_t)total);
    write_header(label, write_sections(b, label, *bytes), *bytes, total);
    *size = (size_t)total;
    return GWAPI_OK;
}
