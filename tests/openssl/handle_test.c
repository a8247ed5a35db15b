#include "support.h"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include "openssl/pemtext.h"
#include "support/oom.h"

Test(openssl_handle, arguments_are_judged)
{
    gwapi_openssl_options options = GWAPI_OPENSSL_OPTIONS_INIT;
    gwapi_allocator allocator = {sizeof allocator, NULL, NULL};
    gwapi_certificate_callbacks callbacks = {.struct_size = sizeof callbacks};
    struct {
        gwapi_openssl_options options;
        uint64_t more;
    } longer = {.options = GWAPI_OPENSSL_OPTIONS_INIT};
    gwapi_openssl *o;

    cr_expect_eq(gwapi_openssl_new(NULL, NULL), GWAPI_EARGUMENT);
    cr_assert_eq(gwapi_openssl_new(&o, NULL), GWAPI_OK);
    cr_expect_eq(gwapi_openssl_certificates(NULL, &callbacks), GWAPI_EARGUMENT);
    cr_expect_eq(gwapi_openssl_certificates(o, NULL), GWAPI_EARGUMENT);
    callbacks.struct_size--;
    cr_expect_eq(gwapi_openssl_certificates(o, &callbacks), GWAPI_ESTRUCTSIZE);
    gwapi_openssl_free(o);
    options.struct_size--;
    cr_expect_eq(gwapi_openssl_new(&o, &options), GWAPI_ESTRUCTSIZE);
    cr_expect_null(o);
    options.struct_size = 5000;
    cr_expect_eq(gwapi_openssl_new(&o, &options), GWAPI_ESTRUCTSIZE);
    options.struct_size = sizeof options;
    options.allocator = &allocator;
    cr_expect_eq(gwapi_openssl_new(&o, &options), GWAPI_EARGUMENT);
    allocator.struct_size = 1;
    cr_expect_eq(gwapi_openssl_new(&o, &options), GWAPI_ESTRUCTSIZE);
    longer.options.struct_size = sizeof longer;
    cr_assert_eq(gwapi_openssl_new(&o, &longer.options), GWAPI_OK);
    gwapi_openssl_free(o);
    longer.more = 1;
    cr_expect_eq(gwapi_openssl_new(&o, &longer.options), GWAPI_ESTRUCTSIZE);
    gwapi_openssl_free(NULL);
}

Test(openssl_handle, the_version_is_that_of_the_library_in_use)
{
    cr_expect_str_eq(gwapi_openssl_version(), OpenSSL_version(OPENSSL_VERSION_STRING));
}

/* The context and the properties reach every algorithm: with properties that nothing has, even a
 * good pair cannot be used. */
Test(openssl_handle, context_and_properties_are_used)
{
    gwapi_openssl_options options = GWAPI_OPENSSL_OPTIONS_INIT;
    gwapi_certificate_callbacks c = {.struct_size = sizeof c};
    OSSL_LIB_CTX *library = OSSL_LIB_CTX_new();
    gwapi_str certificate = data_file("ec.crt"), key = data_file("ec.key");

    options.library_context = library;
    for (int i = 0; i < 2; i++) {
        heard h = {.answer = GWAPI_OK};
        gwapi_certificate_findings findings = findings_into(&h);
        gwapi_openssl *o;
        char properties[] = "provider=nobody";
        options.property_query = i == 0 ? NULL : properties;
        cr_assert_eq(gwapi_openssl_new(&o, &options), GWAPI_OK);
        properties[0] = '?'; /* it was copied */
        cr_assert_eq(gwapi_openssl_certificates(o, &c), GWAPI_OK);
        cr_expect_eq(c.check_pair(c.ctx, certificate, key, &findings),
                     i == 0 ? GWAPI_OK : GWAPI_EINVALID, "%s", h.reason);
        gwapi_openssl_free(o);
    }
    drop(certificate);
    drop(key);
    OSSL_LIB_CTX_free(library);
}

/* ---- memory -------------------------------------------------------------------------- */

typedef struct texts {
    gwapi_str certificate, key;
} texts;

static gwapi_result judge_pair(const gwapi_allocator *allocator, void *arg)
{
    const texts *t = arg;
    gwapi_openssl_options options = GWAPI_OPENSSL_OPTIONS_INIT;
    gwapi_certificate_callbacks c = {.struct_size = sizeof c};
    heard h = {.answer = GWAPI_OK};
    gwapi_certificate_findings findings = findings_into(&h);
    gwapi_openssl *o;

    options.allocator = allocator;
    options.property_query = "?fips=no";
    gwapi_result result = gwapi_openssl_new(&o, &options);
    if (result != GWAPI_OK)
        return result;
    cr_assert_eq(gwapi_openssl_certificates(o, &c), GWAPI_OK);
    result = c.check_pair(c.ctx, t->certificate, t->key, &findings);
    if (result == GWAPI_OK)
        result = c.check_bundle(c.ctx, t->certificate, &findings);
    cr_expect_str_eq(h.reason, "");
    gwapi_openssl_free(o);
    return result;
}

Test(openssl_handle, every_failing_allocation_of_ours_is_told)
{
    texts t = {data_file("names.crt"), data_file("names.key")};
    size_t runs, bad;

    cr_expect_eq(test_fail_every_allocation(judge_pair, &t, &runs, &bad), GWAPI_OK);
    cr_expect_eq(bad, 0, "allocation %zu", bad);
    cr_expect_eq(runs, 8);
    drop(t.certificate);
    drop(t.key);
}

/* ---- wiping -------------------------------------------------------------------------- */

/* Of the private scalar in ec.key, as DER has it. */
static struct {
    unsigned char scalar[32];
    size_t seen, given_back;
} watch;

static bool holds_scalar(const unsigned char *data, size_t len)
{
    for (size_t i = 0; i + sizeof watch.scalar <= len; i++)
        if (memcmp(data + i, watch.scalar, sizeof watch.scalar) == 0)
            return true;
    return false;
}

static void *watching_resize(void *ctx, void *ptr, size_t old_size, size_t new_size)
{
    void *block = NULL;

    (void)ctx;
    if (new_size != 0 && (block = calloc(1, new_size)) == NULL)
        return NULL;
    if (ptr != NULL) {
        if (block != NULL)
            memcpy(block, ptr, old_size < new_size ? old_size : new_size);
        watch.given_back++;
        watch.seen += holds_scalar(ptr, old_size);
        free(ptr);
    }
    return block;
}

Test(openssl_handle, copies_of_private_keys_are_wiped)
{
    gwapi_allocator allocator = {sizeof allocator, NULL, watching_resize};
    texts t = {data_file("ec.crt"), data_file("ec.key")};
    texts strange = {data_file("rsa.crt"), data_file("ec.key")};
    gwapi__pem_block block;
    gwapi__secret der;
    gwapi__pem pem;

    gwapi__pem_init(&pem, t.key);
    cr_assert(gwapi__pem_next(&pem, &block));
    cr_assert_eq(gwapi__pem_decode(&der, &allocator, &block), GWAPI_OK);
    for (size_t i = 0; i + 34 <= der.len; i++)
        if (der.data[i] == 0x04 && der.data[i + 1] == 0x20)
            memcpy(watch.scalar, der.data + i + 2, 32);
    cr_assert(holds_scalar(der.data, der.len));
    gwapi__secret_free(&der);
    cr_expect_eq(judge_pair(&allocator, &t), GWAPI_OK);
    gwapi_certificate_callbacks c;
    gwapi_openssl *o = new_judge(&allocator, &c);
    heard h = {.answer = GWAPI_OK};
    gwapi_certificate_findings findings = findings_into(&h);
    cr_expect_eq(c.check_pair(c.ctx, strange.certificate, strange.key, &findings),
                 GWAPI_EINVALID);
    gwapi_openssl_free(o);
    cr_expect_gt(watch.given_back, 10);
    cr_expect_eq(watch.seen, 0);
    drop(t.certificate);
    drop(t.key);
    drop(strange.certificate);
    drop(strange.key);
}
