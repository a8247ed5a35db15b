#include "image/verify.h"

#include <string.h>
#include <gatewayapi/match.h>
#include "image/checksum.h"
#include "image/fields.h"

typedef struct section_spec {
    const char *name;
    uint32_t flags;
    uint32_t record;
} section_spec;

static const section_spec SECTIONS[GWAPI__SECTION_END] = {
#define SECTION_SPEC(name, id, flags, record) [id] = {#name, flags, sizeof(gwapi__image_##record)},
    GWAPI__IMAGE_SECTION_TABLE(SECTION_SPEC)
#undef SECTION_SPEC
};

const char *gwapi__image_section_name(uint32_t id)
{
    return id < GWAPI__SECTION_END && SECTIONS[id].name != NULL ? SECTIONS[id].name : "";
}

/* ---- header and table ------------------------------------------------------------------ */

static gwapi_result refuse(gwapi__image_fault *fault, gwapi_result why, const char *message,
                           uint32_t section, uint32_t record)
{
    *fault = (gwapi__image_fault){message, section, record};
    return why;
}

static uint32_t in_host_order(uint32_t word)
{
    if (GWAPI__BIG_ENDIAN)
        gwapi__image_swap(&word, sizeof word);
    return word;
}

gwapi_result gwapi__image_measure(const void *bytes, size_t len, size_t *size,
                                  gwapi__image_fault *fault)
{
    static const char magic[8] = GWAPI__IMAGE_MAGIC_BYTES;
    gwapi__image_header header;

    if (len < sizeof header)
        return refuse(fault, GWAPI_EIMAGE, "it is shorter than an image's header", 0, 0);
    memcpy(&header, bytes, sizeof header);
    if (memcmp(header.magic, magic, sizeof magic) != 0)
        return refuse(fault, GWAPI_EIMAGE, "it does not begin as an image does", 0, 0);
    if (in_host_order(header.format) != GWAPI__IMAGE_FORMAT)
        return refuse(fault, GWAPI_EIMAGEVERSION, "its format is not known", 0, 0);
    *size = in_host_order(header.size);
    if (*size < sizeof header || *size > len)
        return refuse(fault, GWAPI_EIMAGE, "it is cut short", 0, 0);
    if (GWAPI__BIG_ENDIAN)
        gwapi__image_swap(header.checksum, sizeof header.checksum);
    if (gwapi__image_u64(header.checksum) != gwapi__image_checksum(bytes, *size))
        return refuse(fault, GWAPI_EIMAGE, "its checksum is wrong", 0, 0);
    return GWAPI_OK;
}

static bool table_fits(uint32_t sections, size_t size)
{
    return sections <= (size - sizeof(gwapi__image_header)) / sizeof(gwapi__image_section);
}

gwapi_result gwapi__image_to_host(unsigned char *bytes, size_t size, gwapi__image_fault *fault)
{
    gwapi__image_header header;
    gwapi__image_section entry;

    if (!GWAPI__BIG_ENDIAN)
        return GWAPI_OK;
    gwapi__image_swap(bytes + sizeof header.magic, sizeof header - sizeof header.magic);
    memcpy(&header, bytes, sizeof header);
    if (!table_fits(header.section_count, size))
        return refuse(fault, GWAPI_EIMAGE, "its table of sections is cut short", 0, 0);
    gwapi__image_swap(bytes + sizeof header, header.section_count * sizeof entry);
    for (uint32_t i = 0; i < header.section_count; i++) {
        memcpy(&entry, bytes + sizeof header + i * sizeof entry, sizeof entry);
        uint64_t length = (uint64_t)entry.count * entry.record;
        if (entry.offset <= size && length <= size - entry.offset &&
            entry.record % sizeof(uint32_t) == 0)
            gwapi__image_swap(bytes + entry.offset, (size_t)length);
    }
    return GWAPI_OK;
}

/* Where the section before ended: sections follow each other. */
static gwapi_result check_entry(const gwapi__image_section *entry, size_t size, uint64_t *end,
                                uint32_t *last, gwapi__image_fault *fault)
{
    uint64_t length = (uint64_t)entry->count * entry->record;

    if (entry->id <= *last)
        return refuse(fault, GWAPI_EIMAGE, "the sections are not in order", entry->id, 0);
    *last = entry->id;
    if (entry->offset % 8 != 0 || entry->offset < *end || entry->offset > size ||
        length > size - entry->offset)
        return refuse(fault, GWAPI_EIMAGE, "the section lies outside the image", entry->id, 0);
    *end = entry->offset + length;
    if (entry->id >= GWAPI__SECTION_END || SECTIONS[entry->id].name == NULL) {
        if ((entry->flags & GWAPI__SECTION_REQUIRED) != 0)
            return refuse(fault, GWAPI_EIMAGEVERSION, "a required section is not known",
                          entry->id, 0);
        return GWAPI_OK;
    }
    if (entry->record != SECTIONS[entry->id].record)
        return refuse(fault, GWAPI_EIMAGEVERSION, "the section's records are of another size",
                      entry->id, 0);
    return GWAPI_OK;
}

static gwapi_result read_table(gwapi__image *image, const unsigned char *bytes, size_t size,
                               gwapi__image_fault *fault)
{
    const gwapi__image_header *header = (const void *)bytes;
    const gwapi__image_section *table = (const void *)(bytes + sizeof *header);
    uint64_t end = 0;
    uint32_t last = 0;

    memset(image, 0, sizeof *image);
    if (!table_fits(header->section_count, size))
        return refuse(fault, GWAPI_EIMAGE, "its table of sections is cut short", 0, 0);
    end = sizeof *header + (uint64_t)header->section_count * sizeof *table;
    for (uint32_t i = 0; i < header->section_count; i++) {
        gwapi_result r = check_entry(&table[i], size, &end, &last, fault);
        if (r != GWAPI_OK)
            return r;
        if (table[i].id < GWAPI__SECTION_END && SECTIONS[table[i].id].name != NULL) {
            image->records[table[i].id] = bytes + table[i].offset;
            image->counts[table[i].id] = table[i].count;
        }
    }
    for (uint32_t id = 0; id < GWAPI__SECTION_END; id++)
        if ((SECTIONS[id].flags & GWAPI__SECTION_REQUIRED) != 0 && image->records[id] == NULL)
            return refuse(fault, GWAPI_EIMAGE, "a section is missing", id, 0);
    if (image->counts[GWAPI__SECTION_INFO] != 1)
        return refuse(fault, GWAPI_EIMAGE, "it has not one INFO", GWAPI__SECTION_INFO, 0);
    return GWAPI_OK;
}

/* ---- references ------------------------------------------------------------------------ */

/* Does a text end within the section whose length begins there and takes up to five bytes? */
static bool long_text_good(const unsigned char *bytes, uint64_t size, uint64_t at)
{
    uint64_t len = 0;

    for (unsigned shift = 0; shift < 35 && at < size; shift += 7) {
        unsigned char byte = bytes[at++];
        len |= (uint64_t)(byte & 0x7fu) << shift;
        if (byte < 0x80)
            return len <= size - at;
    }
    return false;
}

/* Does a text begin there and end within the section? Most have a length of one byte. */
static inline bool text_good(const gwapi__image *image, uint32_t offset)
{
    const unsigned char *bytes = image->records[GWAPI__SECTION_TEXT];
    uint32_t size = image->counts[GWAPI__SECTION_TEXT];

    if (offset < size && bytes[offset] < 0x80)
        return bytes[offset] < size - offset;
    return long_text_good(bytes, size, offset);
}

/* A field of all records of its section. Whatever the kind is, a loop looks at nothing else: there
 * are millions of fields. */
typedef struct column {
    const uint32_t *word; /* of the first record */
    size_t step;          /* words to the next one */
    uint32_t count;
} column;

/* The next ones give the first record that is no good, or the count. */

static uint32_t first_not_below(column c, uint32_t limit)
{
    for (uint32_t i = 0; i < c.count; i++, c.word += c.step)
        if (c.word[0] >= limit)
            return i;
    return c.count;
}

static uint32_t first_neither_none_nor_below(column c, uint32_t limit)
{
    for (uint32_t i = 0; i < c.count; i++, c.word += c.step)
        if (c.word[0] >= limit && c.word[0] != GWAPI__IMAGE_NONE)
            return i;
    return c.count;
}

static uint32_t first_range_not_within(column c, uint32_t limit)
{
    for (uint32_t i = 0; i < c.count; i++, c.word += c.step)
        if (c.word[0] > limit || c.word[1] > limit - c.word[0])
            return i;
    return c.count;
}

static uint32_t first_without_text(column c, const gwapi__image *image, bool optional)
{
    for (uint32_t i = 0; i < c.count; i++, c.word += c.step)
        if (!(optional && c.word[0] == GWAPI__IMAGE_NONE) && !text_good(image, c.word[0]))
            return i;
    return c.count;
}

static uint32_t first_bad(const gwapi__image *image, const gwapi__image_field *f)
{
    column c = {
        .word = (const uint32_t *)image->records[f->section] + f->word,
        .step = SECTIONS[f->section].record / sizeof(uint32_t),
        .count = image->counts[f->section],
    };

    switch ((gwapi__image_field_kind)f->kind) {
    case GWAPI__FIELD_OPTIONAL_TEXT:
        return first_without_text(c, image, true);
    case GWAPI__FIELD_TEXT:
        return first_without_text(c, image, false);
    case GWAPI__FIELD_OPTIONAL_INDEX:
        return first_neither_none_nor_below(c, image->counts[f->target]);
    case GWAPI__FIELD_INDEX:
        return first_not_below(c, image->counts[f->target]);
    case GWAPI__FIELD_RANGE:
        return first_range_not_within(c, image->counts[f->target]);
    case GWAPI__FIELD_BELOW:
        return first_not_below(c, f->target);
    case GWAPI__FIELD_PATH:
        break;
    }
    return c.count; /* match_good looks at a path */
}

static gwapi_result check_field(const gwapi__image *image, const gwapi__image_field *f,
                                gwapi__image_fault *fault)
{
    uint32_t count = image->counts[f->section], bad = count != 0 ? first_bad(image, f) : 0;

    if (bad != count)
        return refuse(fault, GWAPI_EIMAGE, "a record refers to what is not there", f->section, bad);
    return GWAPI_OK;
}

static bool filter_good(const gwapi__image *image, const void *record)
{
    const gwapi__image_filter *filter = record;
    uint32_t section = gwapi__filter_items[filter->type];

    return section != 0 && filter->item < image->counts[section];
}

/* The next host is an earlier one, so that a chain of them ends. */
static bool host_good(const gwapi__image *image, const void *record)
{
    const gwapi__image_host *host = record, *first = image->records[GWAPI__SECTION_HOST];

    return host->next == GWAPI__IMAGE_NONE || host->next < (size_t)(host - first);
}

/* A place that is taken has a text. A list's words are places in MATCH already, its first one less
 * than how many follow. */
static bool slot_good(const gwapi__image *image, const void *record)
{
    const gwapi__image_slot *slot = record;
    const uint32_t *words = image->records[GWAPI__SECTION_MATCH_INDEX];
    uint32_t count = image->counts[GWAPI__SECTION_MATCH_INDEX];

    if (slot->matches == GWAPI__SLOT_FREE)
        return true;
    if (slot->text.offset == GWAPI__IMAGE_NONE)
        return false;
    if ((slot->matches & GWAPI__SLOT_LIST) == 0)
        return slot->matches < image->counts[GWAPI__SECTION_MATCH];
    uint32_t at = slot->matches & ~GWAPI__SLOT_LIST;
    return at < count && words[at] < count - at - 1;
}

static bool match_good(const gwapi__image *image, const void *record)
{
    const gwapi__image_match *match = record;

    switch (match->flags_index & GWAPI__MATCH_TYPE) {
    case GWAPI__IMAGE_MATCH_REGEX:
        return match->path < image->counts[GWAPI__SECTION_REGEX];
    case GWAPI__IMAGE_MATCH_GRPC:
        return match->path < image->counts[GWAPI__SECTION_GRPC_METHOD];
    default:
        return text_good(image, match->path);
    }
}

/* A header's name, or a query parameter's. */
static bool condition_good(const gwapi__image *image, const void *record)
{
    const gwapi__image_condition *condition = record;

    (void)image;
    return condition->header != GWAPI__IMAGE_NONE || condition->name.offset != GWAPI__IMAGE_NONE;
}

static bool backend_good(const gwapi__image *image, const void *record)
{
    const gwapi__image_backend *backend = record;

    (void)image;
    return gwapi__backend_role(backend) == GWAPI_BACKEND_REF ||
           (gwapi__backend_role(backend) <= GWAPI_BACKEND_AUTH &&
            backend->filters == GWAPI__IMAGE_NONE);
}

/* What a record must fulfil beyond its single fields. */
static const struct {
    uint32_t section;
    bool (*good)(const gwapi__image *image, const void *record);
} WHOLE_RECORDS[] = {
    {GWAPI__SECTION_HOST, host_good},           {GWAPI__SECTION_SLOT, slot_good},
    {GWAPI__SECTION_MATCH, match_good},         {GWAPI__SECTION_CONDITION, condition_good},
    {GWAPI__SECTION_BACKEND, backend_good},     {GWAPI__SECTION_FILTER, filter_good},
};

gwapi_result gwapi__image_verify(gwapi__image *image, const unsigned char *bytes, size_t size,
                                 gwapi__image_fault *fault)
{
    gwapi_result r = read_table(image, bytes, size, fault);

    for (size_t i = 0; r == GWAPI_OK && i < gwapi__image_field_count; i++)
        r = check_field(image, &gwapi__image_fields[i], fault);
    for (size_t i = 0; r == GWAPI_OK && i < sizeof WHOLE_RECORDS / sizeof *WHOLE_RECORDS; i++) {
        uint32_t id = WHOLE_RECORDS[i].section;
        const unsigned char *record = image->records[id];
        for (uint32_t k = 0; r == GWAPI_OK && k < image->counts[id]; k++)
            if (!WHOLE_RECORDS[i].good(image, record + (size_t)k * SECTIONS[id].record))
                r = refuse(fault, GWAPI_EIMAGE, "a record contradicts itself", id, k);
    }
    return r;
}
