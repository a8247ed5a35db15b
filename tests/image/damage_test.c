/*
 * Damaged and hostile images. The checksum is made right again after each change, so that only
 * the verifier stands between the bytes and the reader; what it lets through is listed wholly.
 */
#include <criterion/criterion.h>
#include "image/checksum.h"
#include "image/reader.h"
#include "support/sample_image.h"

static unsigned char *bytes;
static size_t size;

static void set_up(void)
{
    gwapi_allocator a;

    cr_assert_eq(gwapi__allocator_init(&a, NULL), GWAPI_OK);
    cr_assert_eq(sample_image(&a, "label", &bytes, &size), GWAPI_OK);
}

static void tear_down(void)
{
    free(bytes);
}

TestSuite(image_damage, .init = set_up, .fini = tear_down);

static void mend_checksum(unsigned char *image, size_t len)
{
    uint32_t words[2];

    gwapi__block_u64(words, gwapi__image_checksum(image, len));
    if (GWAPI__BIG_ENDIAN)
        gwapi__image_swap(words, sizeof words);
    memcpy(image + offsetof(gwapi__image_header, checksum), words, sizeof words);
}

static unsigned touched; /* so that the reads are not left out */

static void touch(gwapi_str text)
{
    for (size_t i = 0; i < text.len; i++)
        touched += (unsigned char)text.data[i];
}

/* Reads every entry of every list. */
static void list_all(const gwapi_snapshot *s)
{
    gwapi_listener_info listener = {.struct_size = sizeof listener};
    gwapi_backend_info backend = {.struct_size = sizeof backend};
    gwapi_rule_info rule = {.struct_size = sizeof rule};
    gwapi_certificate_info certificate = {.struct_size = sizeof certificate};
    gwapi_str text;

    for (size_t i = 0; i < gwapi_snapshot_listener_count(s); i++) {
        cr_assert_eq(gwapi_snapshot_listener_at(s, i, &listener), GWAPI_OK);
        touch(listener.hostname);
        touch(listener.gateway_name);
    }
    for (size_t i = 0; i < gwapi_snapshot_backend_count(s); i++) {
        gwapi_snapshot_backend_at(s, i, &backend);
        touch(backend.name);
    }
    for (size_t i = 0; i < gwapi_snapshot_rule_count(s); i++) {
        gwapi_snapshot_rule_at(s, i, &rule);
        touch(rule.name);
    }
    for (size_t i = 0; i < gwapi_snapshot_certificate_count(s); i++) {
        gwapi_snapshot_certificate_at(s, i, &certificate);
        touch(certificate.certificate);
    }
    for (size_t i = 0; i < gwapi_snapshot_header_count(s); i++) {
        gwapi_snapshot_header_at(s, i, &text);
        touch(text);
    }
}

/* Opens a changed image in memory of exactly its length; true if it was accepted. */
static bool try_image(const unsigned char *changed, size_t len)
{
    unsigned char *exact = malloc(len == 0 ? 1 : len);
    gwapi_snapshot *s;
    gwapi_open_options options = GWAPI_OPEN_OPTIONS_INIT;

    memcpy(exact, changed, len);
    options.flags = GWAPI_OPEN_NO_JIT;
    gwapi_result r = gwapi_snapshot_open(&s, exact, len, &options, NULL);
    if (r == GWAPI_OK)
        list_all(s);
    else
        cr_assert(s == NULL);
    gwapi_snapshot_release(s);
    free(exact);
    return r == GWAPI_OK;
}

Test(image_damage, every_truncation_is_refused)
{
    for (size_t len = 0; len < size; len++)
        cr_assert(!try_image(bytes, len), "%zu of %zu bytes", len, size);
}

Test(image_damage, a_truncation_with_its_size_made_right_is_refused_or_safe)
{
    for (size_t len = sizeof(gwapi__image_header); len < size; len++) {
        unsigned char *cut = malloc(len);
        uint32_t told = (uint32_t)len;
        memcpy(cut, bytes, len);
        memcpy(cut + offsetof(gwapi__image_header, size), &told, sizeof told);
        mend_checksum(cut, len);
        try_image(cut, len);
        free(cut);
    }
}

Test(image_damage, every_flipped_bit_is_noticed_by_the_checksum)
{
    for (size_t i = 0; i < size; i++) {
        bytes[i] ^= 1;
        cr_assert(!try_image(bytes, size), "byte %zu", i);
        bytes[i] ^= 1;
    }
}

Test(image_damage, every_changed_byte_is_refused_or_safe_without_the_checksum)
{
    static const unsigned char changes[] = {0x01, 0x80, 0xff};
    size_t accepted = 0;

    for (size_t i = 0; i < size; i++)
        for (size_t k = 0; k < sizeof changes; k++) {
            bytes[i] ^= changes[k];
            mend_checksum(bytes, size);
            accepted += try_image(bytes, size);
            bytes[i] ^= changes[k];
        }
    cr_assert_gt(accepted, 0);
}

Test(image_damage, every_word_set_to_an_extreme_is_refused_or_safe)
{
    static const uint32_t extremes[] = {0, 1, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff};

    for (size_t i = 8; i + 4 <= size; i += 4)
        for (size_t k = 0; k < sizeof extremes / sizeof *extremes; k++) {
            unsigned char kept[4];
            memcpy(kept, bytes + i, 4);
            memcpy(bytes + i, &extremes[k], 4);
            mend_checksum(bytes, size);
            try_image(bytes, size);
            memcpy(bytes + i, kept, 4);
        }
}

/* ---- single rules of the format -------------------------------------------------------------- */

static gwapi__image_section *section(uint32_t id)
{
    gwapi__image_section *table = (void *)(bytes + sizeof(gwapi__image_header));

    for (uint32_t i = 0; i < ((gwapi__image_header *)(void *)bytes)->section_count; i++)
        if (table[i].id == id)
            return &table[i];
    return NULL;
}

static gwapi_result open_mended(void)
{
    gwapi_snapshot *s;

    mend_checksum(bytes, size);
    gwapi_result r = gwapi_snapshot_open(&s, bytes, size, NULL, NULL);
    gwapi_snapshot_release(s);
    return r;
}

Test(image_damage, an_unknown_required_section_refuses_the_image)
{
    section(GWAPI__SECTION_LABEL)->id = 1000;
    cr_assert_eq(open_mended(), GWAPI_OK, "an optional one is passed over");
    section(1000)->flags = GWAPI__SECTION_REQUIRED;
    cr_assert_eq(open_mended(), GWAPI_EIMAGEVERSION);
}

Test(image_damage, a_missing_section_refuses_the_image)
{
    section(GWAPI__SECTION_TEXT)->id = GWAPI__SECTION_LABEL;
    section(GWAPI__SECTION_LABEL)[1].id = 1000;
    cr_assert_eq(open_mended(), GWAPI_EIMAGE);
}

Test(image_damage, records_of_another_size_are_another_format)
{
    section(GWAPI__SECTION_RULE)->record += 4;
    section(GWAPI__SECTION_RULE)->count = 1;
    cr_assert_eq(open_mended(), GWAPI_EIMAGEVERSION);
}

Test(image_damage, a_section_begins_within_the_image_and_aligned)
{
    gwapi__image_section *label = section(GWAPI__SECTION_LABEL);
    const uint32_t wrong[] = {(uint32_t)size + 8, label->offset + 4, 0xfffffff8};

    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        uint32_t old = label->offset;
        label->offset = wrong[i];
        cr_expect_eq(open_mended(), GWAPI_EIMAGE, "%#x", wrong[i]);
        label->offset = old;
    }
    label->offset = (uint32_t)size;
    label->count = 0;
    cr_expect_eq(open_mended(), GWAPI_OK, "where nothing is left, nothing can be");
}

Test(image_damage, sections_do_not_overlap)
{
    section(GWAPI__SECTION_DOOR)->offset = section(GWAPI__SECTION_SCOPE)->offset;
    cr_assert_eq(open_mended(), GWAPI_EIMAGE);
}

#define WORD_OF(record, member) (offsetof(gwapi__image_##record, member) / sizeof(uint32_t))

/* Sets a word of a record and gives what it was. */
static uint32_t set_word(uint32_t id, uint32_t record, size_t word, uint32_t value)
{
    const gwapi__image_section *s = section(id);
    uint32_t *at = (void *)(bytes + s->offset + (size_t)record * s->record);
    uint32_t old = at[word];

    at[word] = value;
    return old;
}

Test(image_damage, a_record_that_contradicts_itself_refuses_the_image)
{
    static const struct {
        const char *what;
        uint32_t section, record;
        size_t word;
        uint32_t value;
    } cases[] = {
        {"a condition on nothing", GWAPI__SECTION_CONDITION, 0, WORD_OF(condition, header),
         GWAPI__IMAGE_NONE},
        {"a host behind itself", GWAPI__SECTION_HOST, 1, WORD_OF(host, next), 1},
        {"hosts in a circle", GWAPI__SECTION_HOST, 0, WORD_OF(host, next), 1},
        {"a pattern that is not there", GWAPI__SECTION_MATCH, 1, WORD_OF(match, path), 2},
        {"a gRPC method that is not there", GWAPI__SECTION_MATCH, 4, WORD_OF(match, path), 1},
        {"a prefix beyond the texts", GWAPI__SECTION_MATCH, 2, WORD_OF(match, path), 1 << 20},
        {"a prefix that is absent", GWAPI__SECTION_MATCH, 2, WORD_OF(match, path),
         GWAPI__IMAGE_NONE},
        {"conditions beyond their end", GWAPI__SECTION_MATCH, 3, WORD_OF(match, conditions) + 1, 2},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint32_t old = set_word(cases[i].section, cases[i].record, cases[i].word, cases[i].value);
        cr_expect_eq(open_mended(), GWAPI_EIMAGE, "%s", cases[i].what);
        set_word(cases[i].section, cases[i].record, cases[i].word, old);
        cr_assert_eq(open_mended(), GWAPI_OK);
    }
}

Test(image_damage, a_slot_leads_to_a_match_or_to_a_whole_list)
{
    const gwapi__image_section *slots = section(GWAPI__SECTION_SLOT);
    uint32_t words = section(GWAPI__SECTION_MATCH_INDEX)->count;
    const uint32_t wrong[] = {section(GWAPI__SECTION_MATCH)->count, GWAPI__SLOT_LIST | words,
                              GWAPI__SLOT_LIST | (words - 1), GWAPI__SLOT_LIST | (words - 2)};

    for (uint32_t i = 0; i < slots->count; i++)
        for (size_t k = 0; k < sizeof wrong / sizeof *wrong; k++) {
            uint32_t old = set_word(GWAPI__SECTION_SLOT, i, WORD_OF(slot, matches), wrong[k]);
            cr_expect_eq(open_mended(), GWAPI_EIMAGE, "slot %u, %#x", i, wrong[k]);
            set_word(GWAPI__SECTION_SLOT, i, WORD_OF(slot, matches), old);
        }
}

Test(image_damage, a_slot_without_a_text_is_free)
{
    const gwapi__image_section *slots = section(GWAPI__SECTION_SLOT);

    for (uint32_t i = 0; i < slots->count; i++) {
        uint32_t old = set_word(GWAPI__SECTION_SLOT, i, WORD_OF(slot, text), GWAPI__IMAGE_NONE);
        uint32_t matches = set_word(GWAPI__SECTION_SLOT, i, WORD_OF(slot, matches), 0);
        cr_expect_eq(open_mended(), GWAPI_EIMAGE, "slot %u", i);
        set_word(GWAPI__SECTION_SLOT, i, WORD_OF(slot, matches), GWAPI__SLOT_FREE);
        cr_expect_eq(open_mended(), GWAPI_OK, "slot %u", i);
        set_word(GWAPI__SECTION_SLOT, i, WORD_OF(slot, matches), matches);
        set_word(GWAPI__SECTION_SLOT, i, WORD_OF(slot, text), old);
    }
}

Test(image_damage, a_text_ends_within_its_section)
{
    static const unsigned char endless[] = {0x80, 0x80, 0x80, 0x80, 0x80, 0x00};
    const gwapi__image_section *text = section(GWAPI__SECTION_TEXT);
    unsigned char *first = bytes + text->offset; /* the name of the release */
    unsigned char kept[sizeof endless];

    memcpy(kept, first, sizeof kept);
    memcpy(first, endless, sizeof endless);
    cr_expect_eq(open_mended(), GWAPI_EIMAGE, "a length of six bytes");
    memcpy(first, kept, sizeof kept);
    set_word(GWAPI__SECTION_INFO, 0, WORD_OF(info, release), text->count);
    cr_expect_eq(open_mended(), GWAPI_EIMAGE, "behind the last byte");
    set_word(GWAPI__SECTION_INFO, 0, WORD_OF(info, release), text->count - 1);
    bytes[text->offset + text->count - 1] = 1;
    cr_expect_eq(open_mended(), GWAPI_EIMAGE, "a byte that is not there");
    bytes[text->offset + text->count - 1] = 0x80;
    cr_expect_eq(open_mended(), GWAPI_EIMAGE, "a length that goes on");
    bytes[text->offset + text->count - 1] = 0;
    cr_expect_eq(open_mended(), GWAPI_OK, "an empty text");
}

Test(image_damage, another_format_is_told_from_damage)
{
    ((gwapi__image_header *)(void *)bytes)->format++;
    cr_assert_eq(open_mended(), GWAPI_EIMAGEVERSION);
}

Test(image_damage, a_report_says_what_is_wrong_and_where)
{
    gwapi_report *report;
    gwapi_snapshot *s;
    gwapi_diagnostic d = {.struct_size = sizeof d};
    gwapi__image_rule *rule = (void *)(bytes + section(GWAPI__SECTION_RULE)->offset);

    rule[1].route = 4;
    mend_checksum(bytes, size);
    cr_assert_eq(gwapi_report_new(&report, NULL, NULL), GWAPI_OK);
    cr_assert_eq(gwapi_snapshot_open(&s, bytes, size, NULL, report), GWAPI_EIMAGE);
    cr_assert_eq(gwapi_report_at(report, 0, &d), GWAPI_OK);
    cr_assert_neq(gwapi__str_find(d.message, GWAPI__STR("section RULE, record 1")), SIZE_MAX);
    gwapi_report_free(report);
}

Test(image_damage, a_pattern_that_RE2_refuses_refuses_the_image)
{
    gwapi_snapshot *s;
    gwapi_allocator a;
    gwapi__block b;
    unsigned char *image;
    size_t len;

    cr_assert_eq(gwapi__allocator_init(&a, NULL), GWAPI_OK);
    gwapi__block_init(&b, &a);
    SAMPLE_ADD(&b, INFO, info, {.release = sample_text(&b, "v1.4")});
    gwapi__block_string(&b, GWAPI__SECTION_REGEX, GWAPI__STR("(?=a)"));
    cr_assert_eq(gwapi__block_finish(&b, (gwapi_str){NULL, 0}, &image, &len), GWAPI_OK);
    gwapi__block_free(&b);
    cr_assert_eq(gwapi_snapshot_open(&s, image, len, NULL, NULL), GWAPI_EREGEX);
    free(image);
}
