#include <criterion/criterion.h>

#include <stdio.h>

#include "base/slice.h"
#include "resolve/certificate.h"
#include "support/oom.h"

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
    {"every digit",
     "-----BEGIN CERTIFICATE-----\nAz09+/az\n-----END CERTIFICATE-----\n", true, false},
    {"beginning too short", "-----BEGIN ----\nQUJD\n-----END -----\n", false, false},
    {"beginning without end", "-----BEGIN CERTIFICATE\nQUJD\n-----END CERTIFICATE-----\n",
     false, false},
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
    gwapi_result answer;
    gwapi_certificate_facts facts; /* struct_size 0: none are told */
    const char *reason;
} asked;

static gwapi_result answer(const asked *a, const gwapi_certificate_findings *findings)
{
    cr_assert_eq(findings->struct_size, sizeof *findings);
    if (a->facts.struct_size != 0) {
        gwapi_result result = findings->certificate(findings->ctx, &a->facts);
        if (result != GWAPI_OK)
            return result;
    }
    if (a->reason != NULL)
        findings->refuse(findings->ctx, gwapi__str_of(a->reason));
    return a->answer;
}

static gwapi_result check_pair(void *ctx, gwapi_str certificate, gwapi_str key,
                               const gwapi_certificate_findings *findings)
{
    ((asked *)ctx)->pairs++;
    cr_expect(gwapi__str_eq(certificate, gwapi__str_of(CERTIFICATE)));
    cr_expect(gwapi__str_eq(key, gwapi__str_of(KEY)));
    return answer(ctx, findings);
}

static gwapi_result check_bundle(void *ctx, gwapi_str bundle,
                                 const gwapi_certificate_findings *findings)
{
    ((asked *)ctx)->bundles++;
    cr_expect(gwapi__str_eq(bundle, gwapi__str_of(CERTIFICATE)));
    return answer(ctx, findings);
}

static const gwapi__pair pair_data[] = {{GWAPI_STR_INIT("tls.crt"), GWAPI_STR_INIT(CERTIFICATE)},
                                        {GWAPI_STR_INIT("tls.key"), GWAPI_STR_INIT(KEY)}};
static const gwapi__pair bundle_data[] = {
    {GWAPI_STR_INIT("ca.crt"), GWAPI_STR_INIT(CERTIFICATE)}};

typedef struct bench {
    asked asked;
    gwapi_certificate_callbacks callbacks;
    gwapi_resolve_options options;
    gwapi_allocator allocator;
    gwapi__arena arena;
    gwapi_report *report;
    gwapi__certificates certificates;
    gwapi__data secret_data, map_data;
    gwapi__resource secret, map;
} bench;

static void bench_init(bench *b, const gwapi_allocator *allocator)
{
    *b = (bench){.options = GWAPI_RESOLVE_OPTIONS_INIT};
    b->callbacks = (gwapi_certificate_callbacks){sizeof b->callbacks, &b->asked, check_pair,
                                                 check_bundle};
    b->options.certificates = &b->callbacks;
    b->secret_data.data = (gwapi__pairs){pair_data, 2};
    b->map_data.data = (gwapi__pairs){bundle_data, 1};
    b->secret.kind_name = GWAPI__STR("Secret");
    b->secret.meta.namespace_ = GWAPI__STR("infra");
    b->secret.meta.name = GWAPI__STR("pair");
    b->secret.as.data = &b->secret_data;
    b->map.kind_name = GWAPI__STR("ConfigMap");
    b->map.meta.namespace_ = GWAPI__STR("infra");
    b->map.meta.name = GWAPI__STR("cas");
    b->map.as.data = &b->map_data;
    cr_assert_eq(gwapi__allocator_init(&b->allocator, allocator), GWAPI_OK);
    gwapi__arena_init(&b->arena, &b->allocator);
}

static gwapi_result bench_start(bench *b)
{
    gwapi_result result = gwapi_report_new(&b->report, &b->allocator, NULL);

    return result != GWAPI_OK ? result
                              : gwapi__certificates_init(&b->certificates, &b->arena,
                                                         &b->options, b->report);
}

static void bench_free(bench *b)
{
    gwapi__certificates_free(&b->certificates);
    gwapi_report_free(b->report);
    gwapi__arena_free(&b->arena);
}

Test(resolve_certificate, callbacks_judge_each_object_once)
{
    gwapi_str reason;
    bench b;

    bench_init(&b, NULL);
    b.asked.answer = GWAPI_EINVALID;
    b.asked.reason = "mismatch";
    cr_assert_eq(bench_start(&b), GWAPI_OK);
    for (int i = 0; i < 3; i++) {
        cr_expect_eq(gwapi__certificates_pair(&b.certificates, &b.secret, &reason), GWAPI_OK);
        cr_expect(gwapi__str_eq(reason, GWAPI__STR("mismatch")));
    }
    b.asked.answer = GWAPI_OK;
    for (int i = 0; i < 3; i++) {
        cr_expect_eq(gwapi__certificates_bundle(&b.certificates, &b.map, &reason), GWAPI_OK);
        cr_expect_null(reason.data);
    }
    cr_expect_eq(b.asked.pairs, 1);
    cr_expect_eq(b.asked.bundles, 1);
    gwapi__certificates_free(&b.certificates);
    b.callbacks.check_pair = NULL;
    cr_expect_eq(gwapi__certificates_init(&b.certificates, &b.arena, &b.options, NULL),
                 GWAPI_EARGUMENT);
    b.callbacks.check_pair = check_pair;
    b.callbacks.check_bundle = NULL;
    cr_expect_eq(gwapi__certificates_init(&b.certificates, &b.arena, &b.options, NULL),
                 GWAPI_EARGUMENT);
    b.callbacks.struct_size = 1;
    cr_expect_eq(gwapi__certificates_init(&b.certificates, &b.arena, &b.options, NULL),
                 GWAPI_ESTRUCTSIZE);
    bench_free(&b);
}

Test(resolve_certificate, what_is_neither_good_nor_bad_ends_the_call)
{
    static const struct {
        gwapi_result answer, result;
    } cases[] = {{GWAPI_ENOMEM, GWAPI_ENOMEM},
                 {GWAPI_ESTATE, GWAPI_ECALLBACK},
                 {1, GWAPI_ECALLBACK}};
    gwapi_str reason;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        bench b;
        bench_init(&b, NULL);
        b.asked.answer = cases[i].answer;
        cr_assert_eq(bench_start(&b), GWAPI_OK);
        cr_expect_eq(gwapi__certificates_pair(&b.certificates, &b.secret, &reason),
                     cases[i].result);
        cr_expect_eq(gwapi__certificates_bundle(&b.certificates, &b.map, &reason),
                     cases[i].result);
        bench_free(&b);
    }
}

Test(resolve_certificate, reasons_are_bounded_and_never_missing)
{
    char endless[2000];
    gwapi_str reason;
    bench b;

    memset(endless, 'x', sizeof endless - 1);
    endless[sizeof endless - 1] = '\0';
    bench_init(&b, NULL);
    b.asked.answer = GWAPI_EINVALID;
    cr_assert_eq(bench_start(&b), GWAPI_OK);
    cr_expect_eq(gwapi__certificates_pair(&b.certificates, &b.secret, &reason), GWAPI_OK);
    cr_expect(gwapi__str_eq(reason, GWAPI__STR("it was refused")));
    b.asked.reason = endless;
    cr_expect_eq(gwapi__certificates_bundle(&b.certificates, &b.map, &reason), GWAPI_OK);
    cr_expect_eq(reason.len, 512);
    bench_free(&b);
}

static const struct {
    const char *label;
    int64_t now;
    const char *secret, *map;
} dates[] = {
    {"no time is given", 0, NULL, NULL},
    {"first second", 1000, NULL, NULL},
    {"last second", 2000, NULL, NULL},
    {"before",
     999,
     "Secret infra/pair: certificate CN=a in line 7 of tls.crt is not valid yet: it will be from "
     "1970-01-01T00:16:40Z",
     "ConfigMap infra/cas: certificate CN=a in line 7 of ca.crt is not valid yet: it will be "
     "from 1970-01-01T00:16:40Z"},
    {"after",
     2001,
     "Secret infra/pair: certificate CN=a in line 7 of tls.crt has expired: it was valid until "
     "1970-01-01T00:33:20Z",
     "ConfigMap infra/cas: certificate CN=a in line 7 of ca.crt has expired: it was valid until "
     "1970-01-01T00:33:20Z"},
};

static gwapi_result judge_both(bench *b)
{
    gwapi_str reason = {"", 0};
    gwapi_result result = bench_start(b);

    for (int i = 0; i < 2 && result == GWAPI_OK; i++)
        result = gwapi__certificates_pair(&b->certificates, &b->secret, &reason);
    for (int i = 0; i < 2 && result == GWAPI_OK; i++)
        result = gwapi__certificates_bundle(&b->certificates, &b->map, &reason);
    cr_expect(result != GWAPI_OK || reason.data == NULL);
    return result;
}

static void expect_warning(const bench *b, size_t i, const char *label, const char *message)
{
    gwapi_diagnostic d = {.struct_size = sizeof d};

    if (message == NULL)
        return;
    cr_assert_eq(gwapi_report_at(b->report, i, &d), GWAPI_OK, "%s", label);
    cr_expect(gwapi__str_eq(d.message, gwapi__str_of(message)), "%s: %.*s", label,
              GWAPI__FMT(d.message));
    cr_expect_eq(d.severity, GWAPI_SEVERITY_WARNING);
}

static void bench_dates(bench *b, const gwapi_allocator *allocator, int64_t now)
{
    bench_init(b, allocator);
    b->options.now = now;
    b->asked.facts = (gwapi_certificate_facts){.struct_size = sizeof b->asked.facts,
                                               .not_before = 1000,
                                               .not_after = 2000,
                                               .line = 7,
                                               .subject = GWAPI__STR("CN=a")};
}

Test(resolve_certificate, dates_are_warned_about_and_decide_nothing)
{
    for (size_t i = 0; i < sizeof dates / sizeof *dates; i++) {
        bench b;
        bench_dates(&b, NULL, dates[i].now);
        cr_expect_eq(judge_both(&b), GWAPI_OK);
        cr_expect_eq(gwapi_report_count(b.report), dates[i].secret != NULL ? 2 : 0, "%s",
                     dates[i].label);
        expect_warning(&b, 0, dates[i].label, dates[i].secret);
        expect_warning(&b, 1, dates[i].label, dates[i].map);
        bench_free(&b);
    }
}

static const struct {
    const char *label, *type;
    uint32_t bits;
    const char *rule, *says;
} keys[] = {
    {"none is told", "", 0, NULL, NULL},
    {"RSA", "RSA", 2048, NULL, NULL},
    {"short RSA", "RSA", 2047, "resolve/certificate-weak-key",
     "has an RSA key of 2047 bits: peers may ask for 2048"},
    {"RSA-PSS", "RSA-PSS", 3072, NULL, NULL},
    {"short RSA-PSS", "RSA-PSS", 1024, "resolve/certificate-weak-key",
     "has an RSA-PSS key of 1024 bits: peers may ask for 2048"},
    {"P-256", "EC", 256, NULL, NULL},
    {"P-224", "EC", 224, NULL, NULL},
    {"P-192", "EC", 192, "resolve/certificate-weak-key",
     "has an EC key of 192 bits: peers may ask for 224"},
    {"Ed25519", "ED25519", 253, NULL, NULL},
    {"Ed448", "ED448", 456, NULL, NULL},
    {"X25519", "X25519", 253, "resolve/certificate-key-type",
     "has a key of the type X25519, which does not sign in TLS 1.3"},
    {"DSA", "DSA", 2048, "resolve/certificate-key-type",
     "has a key of the type DSA, which does not sign in TLS 1.3"},
};

Test(resolve_certificate, weak_and_strange_keys_are_warned_about_and_decide_nothing)
{
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        gwapi_diagnostic d = {.struct_size = sizeof d};
        char message[200];
        bench b;
        bench_dates(&b, NULL, 0);
        b.asked.facts.key_type = gwapi__str_of(keys[i].type);
        b.asked.facts.key_bits = keys[i].bits;
        cr_expect_eq(judge_both(&b), GWAPI_OK);
        cr_expect_eq(gwapi_report_count(b.report), keys[i].says != NULL ? 2 : 0, "%s",
                     keys[i].label);
        if (keys[i].says != NULL) {
            snprintf(message, sizeof message,
                     "Secret infra/pair: certificate CN=a in line 7 of tls.crt %s", keys[i].says);
            expect_warning(&b, 0, keys[i].label, message);
            snprintf(message, sizeof message,
                     "ConfigMap infra/cas: certificate CN=a in line 7 of ca.crt %s",
                     keys[i].says);
            expect_warning(&b, 1, keys[i].label, message);
            cr_assert_eq(gwapi_report_at(b.report, 0, &d), GWAPI_OK);
            cr_expect(gwapi__str_eq(d.rule, gwapi__str_of(keys[i].rule)), "%s", keys[i].label);
        }
        bench_free(&b);
    }
}

Test(resolve_certificate, facts_of_a_size_that_is_not_known_are_refused)
{
    gwapi_str reason;
    bench b;

    bench_dates(&b, NULL, 1500);
    b.asked.facts.struct_size = 8;
    cr_assert_eq(bench_start(&b), GWAPI_OK);
    cr_expect_eq(gwapi__certificates_pair(&b.certificates, &b.secret, &reason),
                 GWAPI_ECALLBACK);
    bench_free(&b);
}

static gwapi_result warn_of_both(const gwapi_allocator *allocator, void *arg)
{
    bench b;

    bench_dates(&b, allocator, 5000);
    b.asked.facts.key_type = gwapi__str_of(arg);
    b.asked.facts.key_bits = 1;
    gwapi_result result = judge_both(&b);
    bench_free(&b);
    return result;
}

Test(resolve_certificate, every_failing_allocation_of_a_warning_is_told)
{
    size_t runs, bad;

    static char types[2][4] = {"RSA", "DSA"};
    for (size_t i = 0; i < 2; i++) {
        cr_expect_eq(test_fail_every_allocation(warn_of_both, types[i], &runs, &bad), GWAPI_OK);
        cr_expect_eq(bad, 0, "allocation %zu", bad);
        cr_expect_gt(runs, 8);
    }
}
