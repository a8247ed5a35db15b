#include "match/mutation.h"

#include <stdbool.h>
#include <string.h>
#include "image/checksum.h"
#include "image/fields.h"

#define WORD sizeof(uint32_t)

/* ---- chance ------------------------------------------------------------------------------ */

static uint64_t state;

static uint64_t next(void)
{
    uint64_t z = state += UINT64_C(0x9e3779b97f4a7c15);

    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

static uint32_t below(uint64_t bound)
{
    return (uint32_t)((next() >> 32) * bound >> 32);
}

/* Near the ends of what a word holds, near what it was, or anything. */
static uint32_t any_number(uint32_t old)
{
    switch (below(10)) {
    case 0:
        return 0;
    case 1:
        return GWAPI__IMAGE_NONE;
    case 2:
        return UINT32_C(0x80000000) - below(2);
    case 3:
        return old + 1;
    case 4:
        return old - 1;
    case 5:
    case 6:
        return old ^ UINT32_C(1) << below(32);
    case 7:
        return (uint32_t)next() >> below(32);
    default:
        return below(16);
    }
}

/* ---- words ------------------------------------------------------------------------------- */

static uint32_t word_at(const mutation *m, size_t at)
{
    uint32_t word;

    memcpy(&word, m->bytes + at, WORD);
    if (GWAPI__BIG_ENDIAN)
        gwapi__image_swap(&word, WORD);
    return word;
}

static void put(mutation *m, size_t at, const void *bytes, size_t size)
{
    memmove(m->bytes + at, bytes, size);
    m->spans[m->span_count].at = at;
    m->spans[m->span_count++].size = size;
}

static void put_word(mutation *m, size_t at, uint32_t word)
{
    if (GWAPI__BIG_ENDIAN)
        gwapi__image_swap(&word, WORD);
    put(m, at, &word, WORD);
}

static const gwapi__image_section *some_section(const mutation *m)
{
    return &m->sections[m->filled[below(m->filled_count)]];
}

static size_t some_record(const gwapi__image_section *s)
{
    return s->offset + (size_t)below(s->count) * s->record;
}

/* Where a word of some record is. */
static size_t some_word(const gwapi__image_section *s)
{
    return some_record(s) + below(s->record / WORD) * WORD;
}

/* ---- references -------------------------------------------------------------------------- */

/* The offset of a text that some record names. */
static uint32_t some_text(const mutation *m, uint32_t otherwise)
{
    for (int tries = 0; tries < 16; tries++) {
        const gwapi__image_field *f = &gwapi__image_fields[m->fields[below(m->field_count)]];
        if (f->kind == GWAPI__FIELD_TEXT || f->kind == GWAPI__FIELD_OPTIONAL_TEXT)
            return word_at(m, some_record(&m->sections[f->section]) + f->word * WORD);
    }
    return otherwise;
}

static void change_range(mutation *m, size_t at, uint32_t limit)
{
    uint32_t first = below((uint64_t)limit + 1), left = limit - first;

    put_word(m, at, first);
    put_word(m, at + WORD, below((uint64_t)(left < 8 || below(4) == 0 ? left : 8) + 1));
}

static void change_reference(mutation *m)
{
    const gwapi__image_field *f = &gwapi__image_fields[m->fields[below(m->field_count)]];
    size_t at = some_record(&m->sections[f->section]) + f->word * WORD;
    uint32_t old = word_at(m, at), limit = f->target;

    switch ((gwapi__image_field_kind)f->kind) {
    case GWAPI__FIELD_OPTIONAL_TEXT:
    case GWAPI__FIELD_TEXT:
        put_word(m, at,
                 below(8) == 0 && f->kind == GWAPI__FIELD_OPTIONAL_TEXT ? GWAPI__IMAGE_NONE
                                                                        : some_text(m, old));
        break;
    case GWAPI__FIELD_OPTIONAL_INDEX:
    case GWAPI__FIELD_INDEX:
        limit = m->sections[f->target].count;
        put_word(m, at,
                 f->kind == GWAPI__FIELD_OPTIONAL_INDEX && (limit == 0 || below(4) == 0)
                     ? GWAPI__IMAGE_NONE
                     : below(limit));
        break;
    case GWAPI__FIELD_RANGE:
        change_range(m, at, m->sections[f->target].count);
        break;
    case GWAPI__FIELD_BELOW:
        put_word(m, at, below(limit));
        break;
    case GWAPI__FIELD_PATH:
        put_word(m, at, below(4) != 0 ? some_text(m, old) : below(8));
        break;
    }
}

/* ---- the others -------------------------------------------------------------------------- */

static void change_word(mutation *m)
{
    const gwapi__image_section *s = some_section(m);
    size_t word = below(s->record / WORD) * WORD;

    put_word(m, some_record(s) + word, word_at(m, some_record(s) + word));
}

static void change_record(mutation *m)
{
    const gwapi__image_section *s = some_section(m);

    put(m, some_record(s), m->bytes + some_record(s), s->record);
}

static bool refers(uint32_t section, size_t word)
{
    for (size_t i = 0; i < gwapi__image_field_count; i++) {
        const gwapi__image_field *f = &gwapi__image_fields[i];
        if (f->section == section &&
            (f->word == word || (f->kind == GWAPI__FIELD_RANGE && f->word + 1u == word)))
            return true;
    }
    return false;
}

static void change_number(mutation *m)
{
    for (int tries = 0; tries < 16; tries++) {
        const gwapi__image_section *s = some_section(m);
        size_t word = below(s->record / WORD);
        size_t at = some_record(s) + word * WORD;
        if (refers(s->id, word))
            continue;
        put_word(m, at, any_number(word_at(m, at)));
        return;
    }
}

static void change_byte_of(mutation *m, size_t first, size_t size)
{
    static const unsigned char telling[] = {'/', '*', '.', '?', ':', ',', '(',  '[',  '\\',
                                            0,   ' ', '%', '=', '&', '"', 0x7f, 0x80, 0xff};
    size_t at = first + below(size);
    unsigned char byte = m->bytes[at];

    switch (below(4)) {
    case 0:
        byte ^= (unsigned char)(1u << below(8));
        break;
    case 1:
        byte = telling[below(sizeof telling)];
        break;
    case 2:
        byte = m->bytes[first + below(size)];
        break;
    default:
        byte = (unsigned char)below(256);
    }
    put(m, at, &byte, 1);
}

static void change_text(mutation *m)
{
    const gwapi__image_section *texts = &m->sections[GWAPI__SECTION_TEXT];

    if (texts->count != 0)
        change_byte_of(m, texts->offset, texts->count);
}

static void change_extreme(mutation *m)
{
    size_t at = some_word(some_section(m));

    put_word(m, at, any_number(word_at(m, at)));
}

static void change_byte(mutation *m)
{
    change_byte_of(m, 0, m->size);
}

static void change_block(mutation *m)
{
    size_t words = m->size / WORD, count = 1 + below(8);
    size_t to = below(words - count) * WORD, from = below(words - count) * WORD;

    put(m, to, m->bytes + from, count * WORD);
}

static void change_table(mutation *m)
{
    size_t header = sizeof(gwapi__image_header);
    size_t sections = word_at(m, offsetof(gwapi__image_header, section_count));
    size_t bytes = header + sections * sizeof(gwapi__image_section);
    size_t at = sizeof((gwapi__image_header *)0)->magic;

    if (bytes > m->size)
        bytes = m->size;
    at += below((bytes - at) / WORD) * WORD;
    put_word(m, at, any_number(word_at(m, at)));
}

static void change_length(mutation *m)
{
    m->length = below(4) == 0 ? below(m->size) : m->size - below(64);
}

static const struct {
    const char *name;
    uint32_t weight;
    void (*change)(mutation *m);
} kinds[MUTATION_KINDS] = {
    {"reference", 22, change_reference}, {"word", 9, change_word},
    {"record", 6, change_record},        {"number", 12, change_number},
    {"text", 14, change_text},           {"extreme", 16, change_extreme},
    {"byte", 11, change_byte},           {"block", 5, change_block},
    {"table", 2, change_table},          {"cut", 3, change_length},
};

const char *mutation_kind_text(mutation_kind kind)
{
    return kinds[kind].name;
}

/* ---- the interface ----------------------------------------------------------------------- */

void mutation_init(mutation *m, const unsigned char *good, unsigned char *bytes, size_t size)
{
    gwapi__image_section entry;
    size_t at = sizeof(gwapi__image_header);

    *m = (mutation){.good = good, .bytes = bytes, .size = size, .length = size};
    memcpy(bytes, good, size);
    uint32_t count = word_at(m, offsetof(gwapi__image_header, section_count));
    for (uint32_t i = 0; i < count; i++, at += sizeof entry) {
        memcpy(&entry, good + at, sizeof entry);
        if (GWAPI__BIG_ENDIAN)
            gwapi__image_swap(&entry, sizeof entry);
        if (entry.id >= GWAPI__SECTION_END)
            continue;
        m->sections[entry.id] = entry;
        if (entry.count != 0 && entry.record % WORD == 0)
            m->filled[m->filled_count++] = entry.id;
    }
    for (size_t i = 0; i < gwapi__image_field_count && i < MUTATION_MOST_FIELDS; i++)
        if (m->sections[gwapi__image_fields[i].section].count != 0)
            m->fields[m->field_count++] = (uint16_t)i;
}

static void mend(mutation *m)
{
    const size_t size_at = offsetof(gwapi__image_header, size);
    const size_t checksum_at = offsetof(gwapi__image_header, checksum);

    if (m->length < sizeof(gwapi__image_header))
        return;
    if (m->length != m->size)
        put_word(m, size_at, (uint32_t)m->length);
    uint64_t sum = gwapi__image_checksum(m->bytes, m->length);
    put_word(m, checksum_at, (uint32_t)sum);
    put_word(m, checksum_at + WORD, (uint32_t)(sum >> 32));
}

void mutation_make(mutation *m, uint64_t seed)
{
    uint32_t all = 0, changes, drawn;

    for (size_t i = 0; i < MUTATION_KINDS; i++)
        all += kinds[i].weight;
    state = seed;
    changes = 1 + (below(6) == 0 ? 0 : below(20));
    m->kinds = 0;
    for (uint32_t i = 0; i < changes; i++) {
        size_t kind = 0;
        for (drawn = below(all); drawn >= kinds[kind].weight; kind++)
            drawn -= kinds[kind].weight;
        kinds[kind].change(m);
        m->kinds |= UINT32_C(1) << kind;
    }
    mend(m);
}

void mutation_undo(mutation *m)
{
    for (; m->span_count != 0; m->span_count--) {
        size_t at = m->spans[m->span_count - 1].at;
        memcpy(m->bytes + at, m->good + at, m->spans[m->span_count - 1].size);
    }
    m->length = m->size;
}
