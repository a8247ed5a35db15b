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

Test(image_damage, sections_do_not_overlap)
{
    section(GWAPI__SECTION_DOOR)->offset = section(GWAPI__SECTION_SCOPE)->offset;
    cr_assert_eq(open_mended(), GWAPI_EIMAGE);
}

Test(image_damage, conditions_are_one_matchs_own_and_of_their_kind)
{
    gwapi__image_match *match = (void *)(bytes + section(GWAPI__SECTION_MATCH)->offset);
    gwapi__image_range headers = match[2].headers, query = match[3].query;

    match[2].headers = query; /* a parameter in place of a header */
    match[3].query = (gwapi__image_range){0, 0};
    cr_expect_eq(open_mended(), GWAPI_EIMAGE);
    match[2].headers = (gwapi__image_range){0, 0};
    match[2].query = headers; /* a header in place of a parameter */
    cr_expect_eq(open_mended(), GWAPI_EIMAGE);
    match[2].query = match[3].query = query; /* two matches share one */
    cr_expect_eq(open_mended(), GWAPI_EIMAGE);
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
