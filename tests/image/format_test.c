#include <criterion/criterion.h>
#include "image/snapshot.h"
#include "support/oom.h"
#include "support/sample_image.h"

static gwapi_snapshot *opened(const void *bytes, size_t size, const gwapi_open_options *options)
{
    gwapi_snapshot *s;

    cr_assert_eq(gwapi_snapshot_open(&s, bytes, size, options, NULL), GWAPI_OK);
    return s;
}

static void make(unsigned char **bytes, size_t *size, const char *label)
{
    gwapi_allocator a;

    cr_assert_eq(gwapi__allocator_init(&a, NULL), GWAPI_OK);
    cr_assert_eq(sample_image(&a, label, bytes, size), GWAPI_OK);
}

Test(image_format, what_was_written_is_read)
{
    unsigned char *bytes;
    size_t size, len;
    gwapi_snapshot_information info = {.struct_size = sizeof info};

    make(&bytes, &size, "mine");
    gwapi_snapshot *s = opened(bytes, size, NULL);
    cr_assert_eq(gwapi_snapshot_info(s, &info), GWAPI_OK);
    cr_assert_eq(info.format, GWAPI__IMAGE_FORMAT);
    cr_assert_eq(info.bytes, size);
    cr_assert(gwapi__str_eq(info.label, GWAPI__STR("mine")));
    cr_assert(gwapi__str_eq(info.release, GWAPI__STR("v1.4")));
    cr_assert(info.gateways == 1 && info.listeners == 4 && info.routes == 4 && info.rules == 5);
    cr_assert(info.matches == 5 && info.backends == 7 && info.headers == 2 && info.regexes == 2);
    cr_assert_eq(gwapi_snapshot_bytes(s, &len), bytes);
    cr_assert_eq(len, size);
    gwapi_snapshot_release(s);
    free(bytes);
}

Test(image_format, the_label_changes_no_content_hash)
{
    unsigned char *a, *b;
    size_t a_size, b_size;
    gwapi_snapshot_information x = {.struct_size = sizeof x}, y = x;

    make(&a, &a_size, "a");
    make(&b, &b_size, NULL);
    gwapi_snapshot *s = opened(a, a_size, NULL), *t = opened(b, b_size, NULL);
    gwapi_snapshot_info(s, &x);
    gwapi_snapshot_info(t, &y);
    cr_assert_eq(x.content_hash, y.content_hash);
    cr_assert_neq(x.content_hash, 0);
    cr_assert(y.label.data == NULL);
    gwapi_snapshot_release(s);
    gwapi_snapshot_release(t);
    free(a);
    free(b);
}

Test(image_format, equal_records_give_equal_bytes)
{
    unsigned char *a, *b;
    size_t a_size, b_size;

    make(&a, &a_size, "l");
    make(&b, &b_size, "l");
    cr_assert_eq(a_size, b_size);
    cr_assert_eq(memcmp(a, b, a_size), 0);
    free(a);
    free(b);
}

static void count_release(void *ctx, const void *bytes, size_t len)
{
    (void)bytes;
    *(size_t *)ctx += len;
}

Test(image_format, bytes_are_released_once_with_the_last_reference)
{
    unsigned char *bytes;
    size_t size, released = 0;

    make(&bytes, &size, NULL);
    gwapi_open_options options = GWAPI_OPEN_OPTIONS_INIT;
    options.release = count_release;
    options.release_ctx = &released;
    gwapi_snapshot *s = opened(bytes, size, &options);
    cr_assert_eq(gwapi_snapshot_retain(s), s);
    gwapi_snapshot_release(s);
    cr_assert_eq(released, 0);
    gwapi_snapshot_release(s);
    cr_assert_eq(released, size);
    free(bytes);
}

Test(image_format, copied_bytes_are_released_at_once_and_no_longer_read)
{
    unsigned char *bytes;
    size_t size, released = 0;
    gwapi_str name;

    make(&bytes, &size, NULL);
    gwapi_open_options options = GWAPI_OPEN_OPTIONS_INIT;
    options.flags = GWAPI_OPEN_COPY;
    options.release = count_release;
    options.release_ctx = &released;
    gwapi_snapshot *s = opened(bytes, size, &options);
    cr_assert_eq(released, size);
    memset(bytes, 0xff, size);
    cr_assert_eq(gwapi_snapshot_header_at(s, 1, &name), GWAPI_OK);
    cr_assert(gwapi__str_eq(name, GWAPI__STR("x-a")));
    gwapi_snapshot_release(s);
    free(bytes);
}

Test(image_format, unaligned_bytes_are_copied)
{
    unsigned char *bytes;
    size_t size, len;

    make(&bytes, &size, NULL);
    for (size_t shift = 1; shift < 8; shift++) {
        unsigned char *moved = malloc(size + 8);
        memcpy(moved + shift, bytes, size);
        gwapi_snapshot *s = opened(moved + shift, size, NULL);
        cr_assert_neq(gwapi_snapshot_bytes(s, &len), moved + shift);
        cr_assert_eq(memcmp(gwapi_snapshot_bytes(s, &len), bytes, size), 0);
        gwapi_snapshot_release(s);
        free(moved);
    }
    free(bytes);
}

Test(image_format, a_longer_mapping_is_read_up_to_the_image)
{
    unsigned char *bytes;
    size_t size;

    make(&bytes, &size, NULL);
    unsigned char *page = calloc(1, size + 4096);
    memcpy(page, bytes, size);
    gwapi_snapshot_release(opened(page, size + 4096, NULL));
    free(page);
    free(bytes);
}

Test(image_format, patterns_are_taken_over_from_the_snapshot_before)
{
    unsigned char *bytes;
    size_t size;

    make(&bytes, &size, NULL);
    gwapi_snapshot *first = opened(bytes, size, NULL);
    gwapi_open_options options = GWAPI_OPEN_OPTIONS_INIT;
    options.previous = first;
    gwapi_snapshot *second = opened(bytes, size, &options);
    cr_assert_eq(first->patterns[0], second->patterns[0]);
    cr_assert_eq(first->patterns[1], second->patterns[1]);
    options.flags = GWAPI_OPEN_NO_JIT;
    gwapi_snapshot *third = opened(bytes, size, &options);
    cr_assert_neq(first->patterns[0], third->patterns[0]);
    gwapi_snapshot_release(first);
    gwapi_snapshot_release(second);
    gwapi_snapshot_release(third);
    free(bytes);
}

static gwapi_result build_and_open(const gwapi_allocator *allocator, void *arg)
{
    unsigned char *bytes;
    size_t size;
    gwapi_snapshot *s;
    gwapi_open_options options = GWAPI_OPEN_OPTIONS_INIT;

    (void)arg;
    gwapi_result r = sample_image(allocator, "label", &bytes, &size);
    if (r != GWAPI_OK)
        return r;
    options.allocator = allocator;
    options.flags = GWAPI_OPEN_COPY;
    r = gwapi_snapshot_open(&s, bytes, size, &options, NULL);
    gwapi_snapshot_release(s);
    gwapi__free(allocator, bytes, size);
    return r;
}

Test(image_format, patterns_under_another_limit_are_compiled_anew)
{
    gwapi_open_options options = GWAPI_OPEN_OPTIONS_INIT;
    gwapi_limits limits = {.struct_size = sizeof limits};
    unsigned char *bytes;
    size_t size;

    make(&bytes, &size, NULL);
    options.previous = opened(bytes, size, NULL);
    limits.regex_states = options.previous->limits.regex_states - 1;
    options.limits = &limits;
    gwapi_snapshot *other = opened(bytes, size, &options);
    cr_expect_neq(options.previous->patterns[0], other->patterns[0]);
    gwapi_snapshot_release(options.previous);
    gwapi_snapshot_release(other);
    free(bytes);
}

Test(image_format, a_pattern_with_too_many_states_is_a_limit)
{
    gwapi_open_options options = GWAPI_OPEN_OPTIONS_INIT;
    gwapi_limits limits = {.struct_size = sizeof limits, .regex_states = 1};
    gwapi_diagnostic d = {.struct_size = sizeof d};
    gwapi_snapshot *s;
    gwapi_report *report;
    unsigned char *bytes;
    size_t size;

    make(&bytes, &size, NULL);
    options.limits = &limits;
    cr_assert_eq(gwapi_report_new(&report, NULL, NULL), GWAPI_OK);
    cr_assert_eq(gwapi_snapshot_open(&s, bytes, size, &options, report), GWAPI_ELIMIT);
    cr_expect_null(s);
    cr_assert_eq(gwapi_report_at(report, 0, &d), GWAPI_OK);
    cr_expect_eq(d.type, GWAPI_ERROR_LIMIT);
    cr_expect(gwapi__str_eq(d.rule, GWAPI__STR("image/regex")));
    cr_expect_neq(gwapi__str_find(d.message, GWAPI__STR("regex_states")), SIZE_MAX);
    gwapi_report_free(report);
    free(bytes);
}

/* An image that is damaged, and one with a pattern that is none. */
static gwapi_result open_and_tell(const gwapi_allocator *allocator, void *arg)
{
    const gwapi_str *image = arg;
    gwapi_open_options options = GWAPI_OPEN_OPTIONS_INIT;
    gwapi_report *report;
    gwapi_snapshot *s;

    gwapi_result r = gwapi_report_new(&report, allocator, NULL);
    if (r != GWAPI_OK)
        return r;
    options.allocator = allocator;
    r = gwapi_snapshot_open(&s, image->data, image->len, &options, report);
    cr_assert_null(s);
    gwapi_report_free(report);
    return r;
}

Test(image_format, what_is_wrong_is_told_or_there_is_no_memory)
{
    unsigned char *bytes, *none;
    size_t size, none_size, runs, bad;
    gwapi_allocator a;
    gwapi__block b;

    make(&bytes, &size, NULL);
    bytes[size - 1] ^= 1;
    gwapi_str image = gwapi__str((const char *)bytes, size);
    cr_expect_eq(test_fail_every_allocation(open_and_tell, &image, &runs, &bad), GWAPI_EIMAGE);
    cr_expect_eq(bad, 0, "allocation %zu", bad);
    cr_expect_gt(runs, 2);

    cr_assert_eq(gwapi__allocator_init(&a, NULL), GWAPI_OK);
    gwapi__block_init(&b, &a);
    SAMPLE_ADD(&b, INFO, info, {.release = sample_text(&b, "v1.4")});
    gwapi__block_string(&b, GWAPI__SECTION_REGEX, GWAPI__STR("a"));
    gwapi__block_string(&b, GWAPI__SECTION_REGEX, GWAPI__STR("(?=a)"));
    cr_assert_eq(gwapi__block_finish(&b, (gwapi_str){NULL, 0}, &none, &none_size), GWAPI_OK);
    gwapi__block_free(&b);
    image = gwapi__str((const char *)none, none_size);
    cr_expect_eq(test_fail_every_allocation(open_and_tell, &image, &runs, &bad), GWAPI_EREGEX);
    cr_expect_eq(bad, 0, "allocation %zu", bad);
    free(none);
    free(bytes);
}

Test(image_format, every_failed_allocation_is_reported_and_leaks_nothing)
{
    size_t runs, bad;

    cr_assert_eq(test_fail_every_allocation(build_and_open, NULL, &runs, &bad), GWAPI_OK);
    cr_assert_eq(bad, 0, "allocation %zu", bad);
    cr_assert_gt(runs, 20);
}

Test(image_format, arguments_are_checked)
{
    gwapi_snapshot *s = (gwapi_snapshot *)1;
    gwapi_open_options options = GWAPI_OPEN_OPTIONS_INIT;

    cr_assert_eq(gwapi_snapshot_open(NULL, "x", 1, NULL, NULL), GWAPI_EARGUMENT);
    cr_assert_eq(gwapi_snapshot_open(&s, NULL, 1, NULL, NULL), GWAPI_EARGUMENT);
    cr_assert(s == NULL);
    options.flags = 64;
    cr_assert_eq(gwapi_snapshot_open(&s, "x", 1, &options, NULL), GWAPI_EARGUMENT);
    options = (gwapi_open_options)GWAPI_OPEN_OPTIONS_INIT;
    options.reserved = 1;
    cr_assert_eq(gwapi_snapshot_open(&s, "x", 1, &options, NULL), GWAPI_EARGUMENT);
    options = (gwapi_open_options)GWAPI_OPEN_OPTIONS_INIT;
    options.allocator = &(gwapi_allocator){.struct_size = 1};
    cr_assert_eq(gwapi_snapshot_open(&s, "x", 1, &options, NULL), GWAPI_ESTRUCTSIZE);
    options.allocator = NULL;
    options.limits = &(gwapi_limits){.struct_size = 1};
    cr_assert_eq(gwapi_snapshot_open(&s, "x", 1, &options, NULL), GWAPI_ESTRUCTSIZE);
    options.limits = NULL;
    options.struct_size = 1;
    cr_assert_eq(gwapi_snapshot_open(&s, "x", 1, &options, NULL), GWAPI_ESTRUCTSIZE);
    gwapi_snapshot_release(NULL);
    cr_assert(gwapi_snapshot_retain(NULL) == NULL);
}
