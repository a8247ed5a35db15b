/* Records of the image before, with what they refer to at its new place. */
#include "compile/splicing.h"

void gwapi__splice_find_fields(gwapi__splicing *s)
{
    for (size_t i = 0; i < gwapi__image_field_count; i++) {
        uint32_t section = gwapi__image_fields[i].section;
        if (s->fields[section].end == 0)
            s->fields[section].first = i;
        s->fields[section].end = i + 1;
    }
}

/* The segment in which a record of a marked section lay. */
static uint32_t segment_of(const gwapi__splicing *s, uint32_t mark, uint32_t i)
{
    uint32_t segment = s->change_count;

    while (segment > 0 &&
           i < gwapi__kept_route_at(s, s->changes[segment - 1].place + 1)->first[mark])
        segment--;
    return segment;
}

void gwapi__splice_move_index(const gwapi__splicing *s, uint32_t mark, uint32_t segment,
                              uint32_t *word)
{
    *word +=
        s->moves[segment != GWAPI__ANY_SEGMENT ? segment : segment_of(s, mark, *word)][mark];
}

/* Ranges that do not lie in a segment begin behind all routes' records. */
static void move_range(const gwapi__splicing *s, uint32_t mark, uint32_t segment,
                       uint32_t *word)
{
    *word += s->moves[segment != GWAPI__ANY_SEGMENT ? segment : s->change_count][mark];
}

static void take_text(const gwapi__splicing *s, uint32_t *word)
{
    if (*word != GWAPI__IMAGE_NONE)
        *word = gwapi__texts_taken(&s->c->builder.texts, *word);
}

/* Of a field that moves. */
static void move_field(const gwapi__splicing *s, const gwapi__image_field *f, uint32_t segment,
                       uint32_t *record)
{
    uint32_t *word = record + f->word;

    switch ((gwapi__image_field_kind)f->kind) {
    case GWAPI__FIELD_TEXT:
    case GWAPI__FIELD_OPTIONAL_TEXT:
        take_text(s, word);
        break;
    case GWAPI__FIELD_PATH:
        if (gwapi__match_path_is_text((const void *)record))
            take_text(s, word);
        break;
    case GWAPI__FIELD_INDEX:
    case GWAPI__FIELD_OPTIONAL_INDEX:
        if (*word != GWAPI__IMAGE_NONE)
            gwapi__splice_move_index(s, s->marks[f->target] - 1, segment, word);
        break;
    default:
        move_range(s, s->marks[f->target] - 1, segment, word);
    }
}

/* Does the field have to be looked at at all? */
static bool moves(const gwapi__splicing *s, const gwapi__image_field *f, uint32_t segment)
{
    bool refers = f->kind == GWAPI__FIELD_INDEX || f->kind == GWAPI__FIELD_OPTIONAL_INDEX ||
                  f->kind == GWAPI__FIELD_RANGE;

    if (f->kind == GWAPI__FIELD_BELOW || (refers && s->marks[f->target] == 0))
        return false;
    return !refers || segment == GWAPI__ANY_SEGMENT ||
           s->moves[segment][s->marks[f->target] - 1] != 0;
}

static void move_filters(const gwapi__splicing *s, uint32_t segment,
                         gwapi__image_filter *filters, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        gwapi__splice_move_index(s, s->marks[gwapi__filter_items[filters[i].type]] - 1, segment,
                                 &filters[i].item);
}

static void move_records(const gwapi__splicing *s, uint32_t section, uint32_t segment,
                         void *records, uint32_t count)
{
    size_t words = s->c->builder.sections[section].size / sizeof(uint32_t);

    for (size_t i = s->fields[section].first; i < s->fields[section].end; i++) {
        const gwapi__image_field *f = &gwapi__image_fields[i];
        uint32_t *record = records;
        if (!moves(s, f, segment))
            continue;
        for (uint32_t k = 0; k < count; k++, record += words)
            move_field(s, f, segment, record);
    }
    if (section == GWAPI__SECTION_FILTER)
        move_filters(s, segment, records, count);
}

/* Appends records as they were, with their references moved. Gives the first; NULL: there is
 * none, or the builder failed. */
void *gwapi__splice_copy(const gwapi__splicing *s, uint32_t section, uint32_t first,
                         uint32_t count, uint32_t segment)
{
    void *records = gwapi__block_add_many(&s->c->builder, section, count);

    if (records == NULL)
        return NULL;
    memcpy(records, gwapi__record_before(s, section, first),
           (size_t)count * s->c->builder.sections[section].size);
    move_records(s, section, segment, records, count);
    return records;
}
