/* What the builder refuses, and what it does without memory. */
#include <criterion/criterion.h>
#include "image/checksum.h"
#include "image/index.h"
#include "image/verify.h"
#include "support/oom.h"
#include "support/sample_image.h"

static gwapi__block block;

static void set_up(void)
{
    gwapi_allocator a;

    cr_assert_eq(gwapi__allocator_init(&a, NULL), GWAPI_OK);
    gwapi__block_init(&block, &a);
}

static void tear_down(void)
{
    gwapi__block_free(&block);
}

TestSuite(image_builder, .init = set_up, .fini = tear_down);

/* ---- limits ------------------------------------------------------------------------------ */

Test(image_builder, a_section_takes_no_more_records_than_an_index_can_name)
{
    uint32_t index = 7;

    block.sections[GWAPI__SECTION_NUMBER].count = GWAPI__IMAGE_NONE;
    cr_expect_null(gwapi__block_add(&block, GWAPI__SECTION_NUMBER, &index));
    cr_expect_eq(index, 0);
    cr_expect_eq(block.failure, GWAPI_ELIMIT);
    block.failure = GWAPI_OK;
    cr_expect_null(gwapi__block_add_many(&block, GWAPI__SECTION_NUMBER, 1));
    cr_expect_eq(block.failure, GWAPI_ELIMIT);
    block.sections[GWAPI__SECTION_NUMBER].count = 0;
}

Test(image_builder, many_records_at_once_stand_one_behind_the_other)
{
    gwapi__block_word(&block, GWAPI__SECTION_NUMBER, 1);
    cr_expect_null(gwapi__block_add_many(&block, GWAPI__SECTION_NUMBER, 0));
    uint32_t *words = gwapi__block_add_many(&block, GWAPI__SECTION_NUMBER, 3);
    cr_assert_not_null(words);
    words[0] = 2;
    cr_expect_eq(gwapi__block_at(&block, GWAPI__SECTION_NUMBER, 1), words);
    cr_expect_eq(gwapi__block_count(&block, GWAPI__SECTION_NUMBER), 4);
}

Test(image_builder, a_text_of_4_GiB_is_too_long)
{
    if (SIZE_MAX == UINT32_MAX)
        cr_skip_test("no such text here");
    gwapi_str text = gwapi__str("not read", (size_t)UINT32_MAX + 1);
    cr_expect_eq(gwapi__block_text(&block, text).offset, GWAPI__IMAGE_NONE);
    cr_expect_eq(block.failure, GWAPI_ELIMIT);
}

Test(image_builder, an_image_of_4_GiB_is_refused_before_memory_is_asked_for)
{
    unsigned char *bytes = (unsigned char *)1;
    size_t size = 1;

    gwapi_str label = gwapi__str("not read", UINT32_MAX - 8);
    cr_expect_eq(gwapi__block_finish(&block, label, &bytes, &size), GWAPI_ELIMIT);
    cr_expect_null(bytes);
    cr_expect_eq(size, 0);
}

Test(image_builder, the_first_failure_is_the_one_that_is_told)
{
    unsigned char *bytes;
    size_t size;

    block.failure = GWAPI_ELIMIT;
    cr_expect_null(gwapi__block_add(&block, GWAPI__SECTION_NUMBER, NULL));
    cr_expect_null(gwapi__block_add_many(&block, GWAPI__SECTION_NUMBER, 1));
    gwapi__block_word(&block, GWAPI__SECTION_NUMBER, 1);
    gwapi__block_string(&block, GWAPI__SECTION_STRING, GWAPI__STR("x"));
    cr_expect_eq(gwapi__block_count(&block, GWAPI__SECTION_NUMBER), 0);
    cr_expect_eq(gwapi__block_finish(&block, (gwapi_str){NULL, 0}, &bytes, &size),
                 GWAPI_ELIMIT);
}

/* ---- texts of an earlier image ----------------------------------------------------------- */

static const unsigned char earlier[] = "\3one\3two\0\5three";

/* Texts taken over, one of them not used, and others; so many that nothing fits into one word.
 */
static gwapi_result build_on(const gwapi_allocator *allocator, void *arg)
{
    const char *const texts[] = {"three", "four", "", "one", "four"};
    gwapi_str *image = arg;
    unsigned char *bytes;
    size_t size;
    gwapi__block b;

    gwapi__block_init(&b, allocator);
    gwapi__block_take_texts(&b, earlier, sizeof earlier - 1);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        gwapi__block_string(&b, GWAPI__SECTION_STRING, gwapi__str_of(texts[i]));
    void *numbers =
        b.failure == GWAPI_OK ? gwapi__block_add_many(&b, GWAPI__SECTION_NUMBER, 100) : NULL;
    if (numbers != NULL)
        memset(numbers, 0, 100 * sizeof(uint32_t));
    if (numbers != NULL)
        SAMPLE_ADD(&b, INFO, info, {.release = sample_text(&b, "two")});
    gwapi_result r = gwapi__block_finish(&b, (gwapi_str){NULL, 0}, &bytes, &size);
    gwapi__block_free(&b);
    if (r == GWAPI_OK && image->data == NULL)
        *image = gwapi__str((char *)bytes, size);
    else
        gwapi__free(allocator, bytes, size);
    return r;
}

Test(image_builder, texts_of_an_earlier_image_are_taken_or_there_is_no_memory)
{
    gwapi_str image = {(const char *)earlier, 0}, made = {NULL, 0};
    size_t runs, bad;
    gwapi_str text;
    gwapi_snapshot *s;
    gwapi_allocator a;

    cr_assert_eq(test_fail_every_allocation(build_on, &image, &runs, &bad), GWAPI_OK);
    cr_expect_eq(bad, 0, "allocation %zu", bad);
    cr_expect_gt(runs, 8);
    cr_assert_eq(gwapi__allocator_init(&a, NULL), GWAPI_OK);
    cr_assert_eq(build_on(&a, &made), GWAPI_OK);
    cr_assert_eq(gwapi_snapshot_open(&s, made.data, made.len, NULL, NULL), GWAPI_OK);
    static const char *const should[] = {"three", "four", "", "one", "four"};
    for (uint32_t i = 0; i < 5; i++) {
        text = gwapi__image_string_at(s, i);
        cr_expect(gwapi__str_eq(text, gwapi__str_of(should[i])), "%u: %.*s", i,
                  GWAPI__FMT(text));
    }
    cr_expect_eq(gwapi__image_STRING(s, 1)->text.offset,
                 gwapi__image_STRING(s, 4)->text.offset);
    gwapi_snapshot_release(s);
    free((void *)(uintptr_t)made.data);
}

/* ---- the order of bytes, and hashing ----------------------------------------------------- */

Test(image_builder, the_bytes_of_each_word_are_turned_around)
{
    unsigned char bytes[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
    static const unsigned char turned[] = {4, 3, 2, 1, 8, 7, 6, 5, 9, 10, 11};

    gwapi__image_swap(bytes, sizeof bytes);
    cr_expect_arr_eq(bytes, turned, sizeof bytes);
}

Test(image_builder, an_image_stays_as_it_is_on_a_host_of_its_order)
{
    unsigned char *bytes, *copy;
    gwapi__image_fault fault;
    gwapi_allocator a;
    size_t size;

    if (GWAPI__BIG_ENDIAN)
        cr_skip_test("a host of another order");
    cr_assert_eq(gwapi__allocator_init(&a, NULL), GWAPI_OK);
    cr_assert_eq(sample_image(&a, NULL, &bytes, &size), GWAPI_OK);
    copy = malloc(size);
    memcpy(copy, bytes, size);
    cr_expect_eq(gwapi__image_to_host(copy, size, &fault), GWAPI_OK);
    cr_expect_arr_eq(copy, bytes, size);
    free(copy);
    free(bytes);
}
