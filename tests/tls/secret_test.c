/* No memory that is given back holds a private key. (What libyaml and jansson keep on their way
 * is theirs, and comes from malloc.) */
#include <criterion/criterion.h>

#include <stdlib.h>
#include <string.h>
#include <gatewayapi.h>

#include "base/slice.h"

/* A key as it stands in a manifest, and decoded. Neither is one. */
#define DECODED                                                                                \
    "-----BEGIN PRIVATE KEY-----\nU2VjcmV0U2VjcmV0U2VjcmV0U2VjcmV0\n-----END PRIVATE "         \
    "KEY-----\n"
#define ENCODED                                                                                \
    "LS0tLS1CRUdJTiBQUklWQVRFIEtFWS0tLS0tClUyVmpjbVYwVTJWamNtVjBVMlZqY21WMFUyVmpjbVYwCi0tLS0t" \
    "RU5EIFBSSVZBVEUgS0VZLS0tLS0K"
#define CERTIFICATE                                                                            \
    "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCk1BPT0KLS0tLS1FTkQgQ0VSVElGSUNBVEUtLS0tLQo="
static const char *const needles[] = {"U2VjcmV0U2VjcmV0", "VmpjbVYwVTJWamNtVjBV"};

typedef struct watch {
    size_t left; /* blocks that were given back with a key in them */
    size_t blocks;
} watch;

static bool holds_key(const char *bytes, size_t size)
{
    for (size_t k = 0; k < sizeof needles / sizeof *needles; k++)
        if (gwapi__str_find(gwapi__str(bytes, size), gwapi__str_of(needles[k])) != SIZE_MAX)
            return true;
    return false;
}

static void *watched_resize(void *ctx, void *ptr, size_t old_size, size_t new_size)
{
    watch *w = ctx;
    void *block = NULL;

    if (new_size != 0 && (block = calloc(1, new_size)) == NULL)
        return NULL;
    if (block != NULL && ptr != NULL)
        memcpy(block, ptr, old_size < new_size ? old_size : new_size);
    if (ptr != NULL)
        w->left += holds_key(ptr, old_size);
    w->blocks += ptr == NULL;
    free(ptr);
    return block;
}

#define GATEWAY                                                                                \
    "{apiVersion: gateway.networking.k8s.io/v1, kind: Gateway, metadata: {name: g, "           \
    "namespace: ns}, "                                                                         \
    "spec: {gatewayClassName: c, listeners: [{name: h, port: 443, protocol: HTTPS, tls: "      \
    "{certificateRefs: [{name: s}]}}]}}\n---\n"
#define SECRET(data)                                                                           \
    "{\"apiVersion\": \"v1\", \"kind\": \"Secret\", \"type\": \"kubernetes.io/tls\", "         \
    "\"metadata\": "                                                                           \
    "{\"name\": \"s\", \"namespace\": \"ns\"}, " data "}"
#define DATA "\"data\": {\"tls.crt\": \"" CERTIFICATE "\", \"tls.key\": \"" ENCODED "\"}"
#define BLOCK                                                                                  \
    "apiVersion: v1\nkind: Secret\ntype: kubernetes.io/tls\nmetadata: {name: s, namespace: "   \
    "ns}\n"
#define LIST(item) "{\"apiVersion\": \"v1\", \"kind\": \"List\", \"items\": [" item "]}"

static const struct {
    const char *label;
    const char *text;
    bool served; /* the image has it */
} cases[] = {
    {"YAML", GATEWAY BLOCK "data:\n  tls.crt: " CERTIFICATE "\n  tls.key: " ENCODED "\n", true},
    {"flow style", GATEWAY SECRET(DATA), true},
    {"an anchor",
     GATEWAY BLOCK "data:\n  tls.crt: " CERTIFICATE "\n  other: &k " ENCODED
                   "\n  tls.key: *k\n",
     true},
    {"stringData",
     BLOCK "stringData:\n  tls.key: |\n    -----BEGIN PRIVATE KEY-----\n    "
           "U2VjcmV0U2VjcmV0U2VjcmV0U2VjcmV0\n    -----END PRIVATE KEY-----\n",
     false},
    {"JSON", SECRET(DATA), false},
    {"a List", LIST(SECRET(DATA)), false},
    {"a List in a List", LIST(LIST(SECRET(DATA))), false},
    {"broken", SECRET(DATA) "\n---\n{kind: Secret, data: {tls.key: " ENCODED ", [", false},
    {"without a name", "{kind: Secret, apiVersion: v1, data: {tls.key: " ENCODED "}}", false},
    {"no base64",
     "{kind: Secret, apiVersion: v1, metadata: {name: x}, data: {tls.key: '" ENCODED "!'}}",
     false},
};

static gwapi_str key_of(const gwapi_snapshot *s)
{
    gwapi_certificate_info info = {.struct_size = sizeof info};

    return gwapi_snapshot_certificate_at(s, 0, &info) == GWAPI_OK ? info.key
                                                                  : (gwapi_str){NULL, 0};
}

static void compile(const gwapi_topology *topology, const gwapi_allocator *allocator,
                    bool served)
{
    gwapi_compile_options how = GWAPI_COMPILE_OPTIONS_INIT;
    gwapi_open_options open = GWAPI_OPEN_OPTIONS_INIT;
    gwapi_snapshot *snapshot, *copy;
    size_t len;

    how.allocator = allocator;
    how.flags = GWAPI_COMPILE_WITH_KEYS;
    cr_assert_eq(gwapi_snapshot_compile(&snapshot, topology, &how, NULL), GWAPI_OK);
    open.allocator = allocator;
    open.flags = GWAPI_OPEN_COPY;
    const void *bytes = gwapi_snapshot_bytes(snapshot, &len);
    cr_assert_eq(gwapi_snapshot_open(&copy, bytes, len, &open, NULL), GWAPI_OK);
    if (served)
        cr_expect(gwapi__str_eq(key_of(copy), GWAPI__STR(DECODED)));
    gwapi_snapshot_release(snapshot);
    gwapi_snapshot_release(copy);
}

static void run(const gwapi_schema *schema, const char *text, const gwapi_allocator *allocator,
                uint32_t how_often, bool served)
{
    gwapi_resources_options how = GWAPI_RESOURCES_OPTIONS_INIT;
    gwapi_resolve_options resolve = GWAPI_RESOLVE_OPTIONS_INIT;
    gwapi_source source = GWAPI_SOURCE_INIT;
    gwapi_resources *resources;
    gwapi_topology *topology;

    how.allocator = allocator;
    how.flags = (how_often & 1) != 0 ? GWAPI_RESOURCES_KEEP_SOURCE : 0;
    cr_assert_eq(gwapi_resources_new(&resources, schema, &how), GWAPI_OK);
    source.bytes = text;
    source.len = strlen(text);
    source.mode = (how_often & 2) != 0 ? GWAPI_READ_STORED : GWAPI_READ_JUDGE;
    gwapi_resources_read(resources, &source, NULL);
    source.flags = GWAPI_READ_DRY;
    gwapi_resources_read(resources, &source, NULL);
    resolve.allocator = allocator;
    cr_assert_eq(gwapi_topology_resolve(&topology, resources, &resolve, NULL), GWAPI_OK);
    compile(topology, allocator, served);
    gwapi_topology_release(topology);
    gwapi_resources_free(resources);
}

Test(tls_secret, no_memory_that_is_given_back_holds_a_key)
{
    gwapi_str newest = {NULL, 0};
    gwapi_schema *schema;

    cr_assert_eq(gwapi_schema_new(&schema, NULL), GWAPI_OK);
    cr_assert_eq(gwapi_schema_add_builtin(schema, newest, GWAPI_CHANNEL_STANDARD), GWAPI_OK);
    cr_assert_eq(gwapi_schema_seal(schema, NULL, 0), GWAPI_OK);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (uint32_t k = 0; k < 4; k++) {
            watch w = {0, 0};
            gwapi_allocator allocator = {sizeof allocator, &w, watched_resize};
            run(schema, cases[i].text, &allocator, k, cases[i].served);
            cr_expect_eq(w.left, 0, "%s, %u: %zu of %zu blocks", cases[i].label, (unsigned)k,
                         w.left, w.blocks);
        }
    gwapi_schema_free(schema);
}
