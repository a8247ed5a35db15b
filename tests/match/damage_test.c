/*
 * A compiled image with any of its bytes changed, or cut anywhere, its length and checksum made
 * right: it is refused, or everything in it can be asked for. (Sanitizers see what "can" means;
 * the copy is exactly as long as the image.)
 */
#include "match/served.h"

#include "support/use_image.h"

#define SMALL_CASE "everything"
#define REQUESTS   6 /* for each accepted image */

static served small;

static void set_up(void)
{
    served_init(&small, SMALL_CASE);
}

static void tear_down(void)
{
    served_free(&small);
}

TestSuite(match_damage, .init = set_up, .fini = tear_down, .timeout = 120);

/* True if it was accepted. */
static bool try_image(const unsigned char *bytes, size_t len)
{
    gwapi_open_options options = GWAPI_OPEN_OPTIONS_INIT;
    unsigned char *exact = malloc(len != 0 ? len : 1);
    gwapi_snapshot *s;

    memcpy(exact, bytes, len);
    use_mend(exact, len);
    options.flags = GWAPI_OPEN_NO_JIT;
    gwapi_result result = gwapi_snapshot_open(&s, exact, len, &options, NULL);
    cr_assert_eq(result == GWAPI_OK, s != NULL);
    if (s != NULL)
        use_image(s, REQUESTS);
    gwapi_snapshot_release(s);
    free(exact);
    return result == GWAPI_OK;
}

Test(match_damage, the_image_itself_is_accepted)
{
    cr_assert(try_image(small.image, small.image_size));
}

Test(match_damage, an_image_with_any_byte_changed_is_refused_or_safe)
{
    static const unsigned char changes[] = {0x01, 0x80, 0xff};
    size_t accepted = 0;

    for (size_t i = 0; i < small.image_size; i++) {
        unsigned char change = changes[i % sizeof changes];
        small.image[i] ^= change;
        accepted += try_image(small.image, small.image_size);
        small.image[i] ^= change;
    }
    cr_expect_gt(accepted, 0);
    cr_expect_lt(accepted, small.image_size);
}

Test(match_damage, an_image_cut_anywhere_is_refused_or_safe)
{
    for (size_t len = 0; len < small.image_size; len++)
        try_image(small.image, len);
}
