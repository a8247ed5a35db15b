/*
 * A compiled image with any of its bytes changed, or cut anywhere, its length and checksum made
 * right: it is refused, or everything in it can be asked for. (Sanitizers see what "can" means;
 * the copy is exactly as long as the image.)
 */
#include "match/table.h"

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
static bool try_image(const unsigned char *bytes, size_t len, size_t requests)
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
        use_image(s, requests);
    gwapi_snapshot_release(s);
    free(exact);
    return result == GWAPI_OK;
}

Test(match_damage, the_image_itself_is_accepted)
{
    cr_assert(try_image(small.image, small.image_size, REQUESTS));
}

Test(match_damage, an_image_with_any_byte_changed_is_refused_or_safe)
{
    static const unsigned char changes[] = {0x01, 0x80, 0xff};
    size_t accepted = 0;

    for (size_t i = 0; i < small.image_size; i++) {
        unsigned char change = changes[i % sizeof changes];
        small.image[i] ^= change;
        accepted += try_image(small.image, small.image_size, REQUESTS);
        small.image[i] ^= change;
    }
    cr_expect_gt(accepted, 0);
    cr_expect_lt(accepted, small.image_size);
}

Test(match_damage, an_image_cut_anywhere_is_refused_or_safe)
{
    for (size_t len = 0; len < small.image_size; len++)
        try_image(small.image, len, REQUESTS);
}

/* ---- what a run of tests/match/mutate found ---------------------------------------------- */

static gwapi__image_section *section(unsigned char *image, uint32_t id)
{
    gwapi__image_section *entry = (void *)(image + sizeof(gwapi__image_header));

    while (entry->id != id)
        entry++;
    return entry;
}

/* Exact, prefix, pattern and gRPC matches. */
static unsigned char *image_of_all_types(size_t *size)
{
    table t;

    table_begin(&t);
    put_route(&t, "ns", "r", "x.test");
    put(&t, "  - matches: [{path: {type: Exact, value: /s}}, {path: {value: /s/p}},"
            " {path: {type: RegularExpression, value: '.*/q'}}]\n");
    put(&t, "---\napiVersion: gateway.networking.k8s.io/v1\nkind: GRPCRoute\n"
            "metadata: {name: g, namespace: ns}\nspec:\n"
            "  parentRefs: [{name: g, namespace: infra}]\n  hostnames: [y.test]\n"
            "  rules: [{matches: [{method: {method: m}}]}]\n");
    table_end(&t);
    const void *bytes = gwapi_snapshot_bytes(t.snapshot, size);
    unsigned char *image = malloc(*size);
    memcpy(image, bytes, *size);
    table_free(&t);
    return image;
}

Test(match_damage, a_list_passes_over_matches_of_other_types)
{
    size_t size;
    unsigned char *image = image_of_all_types(&size);
    gwapi__image_section *hosts = section(image, GWAPI__SECTION_HOST);
    gwapi__image_section *lists = section(image, GWAPI__SECTION_HOST_LISTS);
    gwapi__image_section *words = section(image, GWAPI__SECTION_MATCH_INDEX);
    gwapi__image_host *host = (void *)(image + hosts->offset);
    gwapi__image_host_lists *list = (void *)(image + lists->offset);
    uint32_t *index = (void *)(image + words->offset);

    cr_assert_neq(lists->count, 0);
    cr_assert_neq(words->count, 0);
    cr_assert_eq(section(image, GWAPI__SECTION_MATCH)->count, 4);
    for (uint32_t match = 0; match < section(image, GWAPI__SECTION_MATCH)->count; match++) {
        for (uint32_t i = 0; i < words->count; i++)
            index[i] = match;
        for (uint32_t i = 0; i < lists->count; i++)
            list[i].patterns = list[i].deep = list[i].grpc =
                (gwapi__image_range){0, words->count};
        for (uint32_t i = 0; i < hosts->count; i++) {
            host[i].lists = 0;
            host[i].exact_depths = host[i].prefix_depths = 0;
        }
        cr_expect(try_image(image, size, 256), "match %u", match);
    }
    free(image);
}

/* Another request than the one that was matched; a changed image finds a match under any text. */
Test(match_damage, of_a_path_shorter_than_the_matched_prefix_nothing_is_kept)
{
    static const gwapi_path_policy policies[] = {GWAPI_PATH_RAW, GWAPI_PATH_REJECT,
                                                 GWAPI_PATH_NORMALIZE};

    for (size_t i = 0; i < sizeof policies / sizeof *policies; i++) {
        gwapi_request matched = get("x.test", "/long/prefix/rest"), other = get("x.test", "/l?q");
        char path[32];
        size_t length;
        table t;

        table_begin(&t);
        put_route(&t, "ns", "r", "x.test");
        put(&t, "  - matches: [{path: {value: /long/prefix}}]\n"
                "    filters: [{type: URLRewrite, urlRewrite: {path: {type: ReplacePrefixMatch, "
                "replacePrefixMatch: /new}}}]\n");
        table_end(&t);
        matched.path_policy = other.path_policy = policies[i];
        gwapi_decision d = ask_at(&t, 80, "", &matched);
        cr_assert_eq(gwapi_decision_path(&d, &matched, GWAPI_NONE, path, sizeof path, &length),
                     GWAPI_OK);
        cr_expect(gwapi__str_eq(gwapi__str(path, length), GWAPI__STR("/new/rest")));
        cr_assert_eq(gwapi_decision_path(&d, &other, GWAPI_NONE, path, sizeof path, &length),
                     GWAPI_OK);
        cr_expect(gwapi__str_eq(gwapi__str(path, length), GWAPI__STR("/new?q")));
        table_free(&t);
    }
}
