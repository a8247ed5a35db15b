#include <criterion/criterion.h>

#include "base/slice.h"
#include "resolve/certificate.h"

#define CERTIFICATE "-----BEGIN CERTIFICATE-----\nQUJD\n-----END CERTIFICATE-----\n"
#define KEY         "-----BEGIN RSA PRIVATE KEY-----\nQUI=\n-----END RSA PRIVATE KEY-----\n"

static const struct {
    const char *label, *text;
    bool certificate, key;
} rows[] = {
    {"empty", "", false, false},
    {"no PEM", "Hello world\n", false, false},
    {"certificate", CERTIFICATE, true, false},
    {"key", KEY, false, true},
    {"both", CERTIFICATE KEY, true, true},
    {"plain key", "-----BEGIN PRIVATE KEY-----\nQUJD\n-----END PRIVATE KEY-----", false, true},
    {"text around", "subject=x\n" CERTIFICATE "tail\n", true, false},
    {"CRLF", "-----BEGIN CERTIFICATE-----\r\nQUJD\r\n-----END CERTIFICATE-----\r\n", true,
     false},
    {"no end", "-----BEGIN CERTIFICATE-----\nQUJD\n", false, false},
    {"empty body", "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n", false, false},
    {"not base64", "-----BEGIN CERTIFICATE-----\nQU*D\n-----END CERTIFICATE-----\n", false,
     false},
    {"cut short", "-----BEGIN CERTIFICATE-----\nQUJ\n-----END CERTIFICATE-----\n", false,
     false},
    {"padding inside", "-----BEGIN CERTIFICATE-----\nQQ==\nQUJD\n-----END CERTIFICATE-----\n",
     false, false},
    {"three paddings", "-----BEGIN CERTIFICATE-----\nQ===\n-----END CERTIFICATE-----\n", false,
     false},
    {"other end", "-----BEGIN CERTIFICATE-----\nQUJD\n-----END PRIVATE KEY-----\n", false,
     false},
    {"one broken of two", CERTIFICATE "-----BEGIN CERTIFICATE-----\nQ\n", false, false},
    {"parameters before the key",
     "-----BEGIN EC PARAMETERS-----\nQUJD\n-----END EC PARAMETERS-----\n" KEY, false, true},
    {"encrypted key",
     "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES,00\n\nQUJD\n"
     "-----END RSA PRIVATE KEY-----\n",
     false, true},
    {"request",
     "-----BEGIN CERTIFICATE REQUEST-----\nQUJD\n-----END CERTIFICATE REQUEST-----\n", false,
     false},
};

Test(resolve_certificate, pem_is_judged_by_its_framing)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        gwapi_str text = gwapi__str_of(rows[i].text);
        cr_expect_eq(gwapi__pem_has_certificate(text), rows[i].certificate, "%s: certificate",
                     rows[i].label);
        cr_expect_eq(gwapi__pem_has_key(text), rows[i].key, "%s: key", rows[i].label);
    }
}

typedef struct asked {
    size_t pairs, bundles;
} asked;

static size_t refuse_pair(void *ctx, gwapi_str certificate, gwapi_str key, char *reason,
                          size_t cap)
{
    ((asked *)ctx)->pairs++;
    cr_expect(gwapi__str_eq(certificate, gwapi__str_of(CERTIFICATE)));
    cr_expect(gwapi__str_eq(key, gwapi__str_of(KEY)));
    cr_assert_geq(cap, 8);
    memcpy(reason, "mismatch", 8);
    return 8;
}

static size_t take_bundle(void *ctx, gwapi_str bundle, char *reason, size_t cap)
{
    (void)bundle;
    (void)reason;
    (void)cap;
    ((asked *)ctx)->bundles++;
    return 0;
}

Test(resolve_certificate, callbacks_judge_each_object_once)
{
    const gwapi__pair pair[] = {{GWAPI__STR("tls.crt"), gwapi__str_of(CERTIFICATE)},
                                {GWAPI__STR("tls.key"), gwapi__str_of(KEY)}};
    const gwapi__pair bundle[] = {{GWAPI__STR("ca.crt"), gwapi__str_of(CERTIFICATE)}};
    const gwapi__data secret_data = {.data = {pair, 2}}, map_data = {.data = {bundle, 1}};
    gwapi__resource secret = {.kind_name = GWAPI__STR("Secret"), .as.data = &secret_data};
    gwapi__resource map = {.kind_name = GWAPI__STR("ConfigMap"), .as.data = &map_data};
    asked count = {0, 0};
    gwapi_certificate_callbacks callbacks = {sizeof callbacks, &count, refuse_pair,
                                             take_bundle};
    gwapi__certificates c;
    gwapi_allocator allocator;
    gwapi__arena arena;
    gwapi_str reason;

    cr_assert_eq(gwapi__allocator_init(&allocator, NULL), GWAPI_OK);
    gwapi__arena_init(&arena, &allocator);
    cr_assert_eq(gwapi__certificates_init(&c, &arena, &callbacks), GWAPI_OK);
    for (int i = 0; i < 3; i++) {
        cr_expect_eq(gwapi__certificates_pair(&c, &secret, &reason), GWAPI_OK);
        cr_expect(gwapi__str_eq(reason, GWAPI__STR("mismatch")));
        cr_expect_eq(gwapi__certificates_bundle(&c, &map, &reason), GWAPI_OK);
        cr_expect_null(reason.data);
    }
    cr_expect_eq(count.pairs, 1);
    cr_expect_eq(count.bundles, 1);
    gwapi__certificates_free(&c);
    callbacks.check_bundle = NULL;
    cr_expect_eq(gwapi__certificates_init(&c, &arena, &callbacks), GWAPI_EARGUMENT);
    callbacks.struct_size = 1;
    cr_expect_eq(gwapi__certificates_init(&c, &arena, &callbacks), GWAPI_ESTRUCTSIZE);
    gwapi__arena_free(&arena);
}
