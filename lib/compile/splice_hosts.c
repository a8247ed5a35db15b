/* The tables of hosts: those that changed routes are on are made anew, others copied. */
#include "compile/splicing.h"

static const uint32_t *variants_of(const gwapi__splicing *s, const gwapi__kept_host *host)
{
    return host->count != 0 ? GWAPI__AT(&s->kept->variants, uint32_t, host->first) : NULL;
}

static bool is_changed(const gwapi__splicing *s, uint32_t variant)
{
    for (uint32_t i = 0; i < s->change_count; i++)
        if (variant == 2 * s->changes[i].number)
            return true;
    return false;
}

static bool has_changed(const gwapi__splicing *s, const gwapi__kept_host *host)
{
    const uint32_t *variants = variants_of(s, host);

    for (uint32_t i = 0; i < host->count; i++)
        if (is_changed(s, variants[i]))
            return true;
    return false;
}

/* The variants of hosts whose tables are made anew are `used`: their matches are needed. */
static void choose_variants(const gwapi__splicing *s, bool *anew)
{
    for (uint32_t i = 0; i < s->kept->hosts.count; i++) {
        const gwapi__kept_host *host = GWAPI__AT(&s->kept->hosts, gwapi__kept_host, i);
        anew[i] = has_changed(s, host);
        for (uint32_t k = 0; anew[i] && k < host->count; k++)
            s->c->variants[variants_of(s, host)[k]].used = true;
    }
}

/* A match that stays. */
static void know_match(const gwapi__splicing *s, uint32_t i)
{
    gwapi__compile_match match;

    gwapi__splice_read_match(s, i, &match);
    gwapi__splice_know_match(s, s->matches[i], &match);
}

/* The compiler's own view of those matches, as far as they did not change. */
static void read_matches(const gwapi__splicing *s)
{
    for (uint32_t i = 0; i < gwapi__records_before(s, GWAPI__SECTION_MATCH); i++) {
        const gwapi__image_match *m = gwapi__record_before(s, GWAPI__SECTION_MATCH, i);
        uint32_t variant = 2 * gwapi__kept_route_at(s, m->route)->number;
        if (s->matches[i] != GWAPI__IMAGE_NONE &&
            (s->c->variants[variant].used || s->c->variants[variant + 1].used))
            know_match(s, i);
    }
}

/* A list of places in MATCH. */
static uint32_t copy_numbers(const gwapi__splicing *s, uint32_t first, uint32_t count)
{
    gwapi__block *b = &s->c->builder;
    uint32_t at = gwapi__block_count(b, GWAPI__SECTION_MATCH_INDEX);
    const uint32_t *from = gwapi__record_before(s, GWAPI__SECTION_MATCH_INDEX, first);
    uint32_t *to = gwapi__block_add_many(b, GWAPI__SECTION_MATCH_INDEX, count);

    for (uint32_t i = 0; to != NULL && i < count; i++)
        to[i] = s->matches[from[i]];
    return at;
}

static void copy_slots(const gwapi__splicing *s, gwapi__image_range *slots)
{
    gwapi__block *b = &s->c->builder;
    uint32_t at = gwapi__block_count(b, GWAPI__SECTION_SLOT);
    gwapi__image_slot *slot = gwapi__splice_copy(s, GWAPI__SECTION_SLOT, slots->first,
                                                 slots->count, GWAPI__ANY_SEGMENT);

    slots->first = at;
    for (uint32_t i = 0; slot != NULL && i < slots->count; i++, slot++) {
        if (slot->matches == GWAPI__SLOT_FREE)
            continue;
        if ((slot->matches & GWAPI__SLOT_LIST) == 0) {
            slot->matches = s->matches[slot->matches];
            continue;
        }
        uint32_t list = slot->matches & ~GWAPI__SLOT_LIST;
        uint32_t more =
            *(const uint32_t *)gwapi__record_before(s, GWAPI__SECTION_MATCH_INDEX, list);
        uint32_t to = gwapi__block_count(b, GWAPI__SECTION_MATCH_INDEX);
        gwapi__block_word(b, GWAPI__SECTION_MATCH_INDEX, more);
        copy_numbers(s, list + 1, more + 1);
        slot->matches = to | GWAPI__SLOT_LIST;
    }
}

static void copy_lists(const gwapi__splicing *s, uint32_t *lists)
{
    if (*lists == GWAPI__IMAGE_NONE)
        return;
    gwapi__image_host_lists record = *(const gwapi__image_host_lists *)gwapi__record_before(
        s, GWAPI__SECTION_HOST_LISTS, *lists);
    gwapi__image_range *const ranges[] = {&record.patterns, &record.deep, &record.grpc};

    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++)
        ranges[i]->first = copy_numbers(s, ranges[i]->first, ranges[i]->count);
    gwapi__image_host_lists *out =
        gwapi__block_add(&s->c->builder, GWAPI__SECTION_HOST_LISTS, lists);
    if (out != NULL)
        *out = record;
}

static void copy_host(const gwapi__splicing *s, const gwapi__kept_host *kept, uint32_t i)
{
    gwapi__block *b = &s->c->builder;
    gwapi__image_host record =
        *(const gwapi__image_host *)gwapi__record_before(s, GWAPI__SECTION_HOST, i);
    uint32_t next = record.next;

    if (kept->own != i) {
        record = *(const gwapi__image_host *)gwapi__block_at(b, GWAPI__SECTION_HOST, kept->own);
        record.next = next;
    } else {
        if (record.slots.count != 0)
            copy_slots(s, &record.slots);
        copy_lists(s, &record.lists);
    }
    gwapi__image_host *out = gwapi__block_add(b, GWAPI__SECTION_HOST, NULL);
    if (out != NULL)
        *out = record;
}

gwapi_result gwapi__splice_hosts(const gwapi__splicing *s)
{
    bool *anew = gwapi__compile_array(s->c, s->kept->hosts.count, sizeof *anew);
    uint32_t host;

    GWAPI__TRY(s->c->builder.failure);
    choose_variants(s, anew);
    read_matches(s);
    GWAPI__TRY(gwapi__compile_index_matches(s->c));
    for (uint32_t i = 0; i < s->kept->hosts.count && s->c->builder.failure == GWAPI_OK; i++) {
        const gwapi__kept_host *kept = GWAPI__AT(&s->kept->hosts, gwapi__kept_host, i);
        const gwapi__image_host *record = gwapi__record_before(s, GWAPI__SECTION_HOST, i);
        if (anew[i])
            GWAPI__TRY(gwapi__compile_host_tables(s->c, variants_of(s, kept), kept->count,
                                                  record->next, &host));
        else
            copy_host(s, kept, i);
    }
    return s->c->builder.failure;
}
