#include "support.h"

#include <openssl/err.h>

#define MOST_PARTS 4
#define BEGIN "-----BEGIN CERTIFICATE-----\n"
#define END "-----END CERTIFICATE-----\n"

typedef struct row {
    const char *label;
    const char *certificate[MOST_PARTS], *key[MOST_PARTS];
    const char *reason; /* NULL: it is good */
} row;

static const char strange[] = "the private key belongs to another certificate";
static const char no_certificate[] = "there is no certificate in PEM";
static const char no_key[] = "there is no private key in PEM";
static const char bad_key[] =
    "the private key in line 1 is damaged, or of a kind that OpenSSL does not know";

static const row pairs[] = {
    {"RSA", {"@rsa.crt"}, {"@rsa.key"}, NULL},
    {"RSA, PKCS #1", {"@rsa.crt"}, {"@rsa-pkcs1.key"}, NULL},
    {"RSA-PSS", {"@rsa-pss.crt"}, {"@rsa-pss.key"}, NULL},
    {"EC P-256", {"@ec.crt"}, {"@ec.key"}, NULL},
    {"EC with parameters before it", {"@ec.crt"}, {"@ec-sec1.key"}, NULL},
    {"EC P-384", {"@ec-p384.crt"}, {"@ec-p384.key"}, NULL},
    {"Ed25519", {"@ed25519.crt"}, {"@ed25519.key"}, NULL},
    {"Ed448", {"@ed448.crt"}, {"@ed448.key"}, NULL},
    {"a chain", {"@ec.crt", "@ca.crt"}, {"@ec.key"}, NULL},
    {"text around", {"subject=x\n", "@ec.crt", "\ntail"}, {"# key\n", "@ec.key", "tail"}, NULL},
    {"expired", {"@expired.crt"}, {"@ec.key"}, NULL},
    {"both in both", {"@ec.key", "@ec.crt"}, {"@ec.crt", "@ec.key"}, NULL},
    {"the first key counts", {"@ec.crt"}, {"@ec.key", "@rsa.key"}, NULL},
    {"the first key is another's", {"@ec.crt"}, {"@rsa.key", "@ec.key"}, strange},
    {"key of another certificate", {"@ec.crt"}, {"@stranger.key"}, strange},
    {"key of another kind", {"@ec.crt"}, {"@rsa.key"}, strange},
    {"key on another curve", {"@ec.crt"}, {"@ec-p384.key"}, strange},
    {"chain in the wrong order", {"@ca.crt", "@ec.crt"}, {"@ec.key"}, strange},
    {"halves of two keys",
     {"@ec.crt"},
     {"@half.key"},
     "the private key is damaged: what it signs the certificate does not verify"},
    {"a key that cannot sign", {"@x25519.crt"}, {"@x25519.key"}, "the private key cannot sign"},
    {"encrypted, PKCS #8",
     {"@ec.crt"},
     {"@encrypted-pkcs8.key"},
     "the private key in line 1 is encrypted"},
    {"encrypted, older form",
     {"@ec.crt"},
     {"@encrypted-sec1.key"},
     "the private key in line 1 is encrypted"},
    {"nothing", {""}, {"@ec.key"}, "it is empty"},
    {"no key", {"@ec.crt"}, {""}, no_key},
    {"two certificates", {"@ec.crt"}, {"@ec.crt"}, no_key},
    {"two keys", {"@ec.key"}, {"@ec.key"}, no_certificate},
    {"Hello world", {"Hello world\n"}, {"@ec.key"}, no_certificate},
    {"cut off",
     {BEGIN "QUJD\n"},
     {"@ec.key"},
     "the PEM block of line 1 is damaged in line 2"},
    {"chain with a broken frame",
     {"@ec.crt", BEGIN "QU*D\n" END},
     {"@ec.key"},
     "the PEM block of line 13 is damaged in line 14"},
    {"chain with broken contents",
     {"@ec.crt", BEGIN "QUJD\n" END},
     {"@ec.key"},
     "the certificate in line 13 is damaged"},
    {"key with a broken frame",
     {"@ec.crt"},
     {"-----BEGIN PRIVATE KEY-----\nQUJD\n-----END RSA PRIVATE KEY-----\n"},
     "the PEM block of line 1 of the key is damaged in line 3"},
    {"broken behind the key",
     {"@ec.crt"},
     {"@ec.key", "-----BEGIN X-----\n"},
     "the PEM block of line 6 of the key is damaged in line 6"},
    {"key with broken contents",
     {"@ec.crt"},
     {"-----BEGIN PRIVATE KEY-----\nQUJD\n-----END PRIVATE KEY-----\n"},
     bad_key},
    {"public key behind the label",
     {"@ec.crt"},
     {"-----BEGIN PRIVATE KEY-----\n"
      "MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n"
      "-----END PRIVATE KEY-----\n"},
     bad_key},
    {"key with a tail in its block",
     {"@ed25519.crt"},
     {"-----BEGIN PRIVATE KEY-----\n"
      "MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9gQUJD\n"
      "-----END PRIVATE KEY-----\n"},
     bad_key},
    {"no names in subjectAltName",
     {"@bad-san.crt"},
     {"@ec.key"},
     "the subjectAltName of the certificate in line 1 cannot be read"},
    {"no basicConstraints",
     {"@bad-constraints.crt"},
     {"@ec.key"},
     "the extensions of the certificate in line 1 cannot be read"},
};

static const row bundles[] = {
    {"one", {"@ca.crt"}, {NULL}, NULL},
    {"two", {"@ca.crt", "@ca2.crt"}, {NULL}, NULL},
    {"text between", {"@ca.crt", "garbage: \x01\xff, -----\n", "@ca2.crt", "#"}, {NULL}, NULL},
    {"other blocks between", {"@ca.crt", "@ec.key", "@ca2.crt"}, {NULL}, NULL},
    {"no CA", {"@ec.crt"}, {NULL}, NULL},
    {"expired", {"@expired.crt"}, {NULL}, NULL},
    {"empty", {""}, {NULL}, "it is empty"},
    {"blank", {"\n \n"}, {NULL}, no_certificate},
    {"a key", {"@ec.key"}, {NULL}, no_certificate},
    {"of another label",
     {"-----BEGIN TRUSTED CERTIFICATE-----\nQUJD\n-----END TRUSTED CERTIFICATE-----\n"},
     {NULL},
     no_certificate},
    {"damaged alone", {BEGIN "QUJD\n" END}, {NULL}, "the certificate in line 1 is damaged"},
    {"damaged last",
     {"@ca.crt", BEGIN "QUJD\n" END},
     {NULL},
     "the certificate in line 12 is damaged"},
    {"damaged first",
     {BEGIN "QUJD\n" END, "@ca.crt"},
     {NULL},
     "the certificate in line 1 is damaged"},
    {"two in one frame",
     {BEGIN "MAAwAA==\n" END},
     {NULL},
     "the certificate in line 1 is damaged"},
    {"cut off between", {"@ca.crt", BEGIN, "@ca2.crt"}, {NULL},
     "the PEM block of line 12 is damaged in line 13"},
};

static void check_row(const gwapi_certificate_callbacks *c, const row *r)
{
    heard h = {.answer = GWAPI_OK};
    gwapi_certificate_findings findings = findings_into(&h);
    gwapi_str certificate = compose(r->certificate, MOST_PARTS);
    gwapi_str key = compose(r->key, MOST_PARTS);
    gwapi_result result = r->key[0] != NULL
                              ? c->check_pair(c->ctx, certificate, key, &findings)
                              : c->check_bundle(c->ctx, certificate, &findings);

    cr_expect_eq(result, r->reason != NULL ? GWAPI_EINVALID : GWAPI_OK, "%s: %s", r->label,
                 gwapi_result_name(result));
    cr_expect_str_eq(h.reason, r->reason != NULL ? r->reason : "", "%s: %s", r->label, h.reason);
    cr_expect_eq(ERR_peek_error(), 0, "%s leaves errors behind", r->label);
    drop(certificate);
    drop(key);
}

Test(openssl_judge, pairs_and_bundles_are_told_apart)
{
    gwapi_certificate_callbacks c;
    gwapi_openssl *judge = new_judge(NULL, &c);

    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        check_row(&c, &pairs[i]);
    for (size_t i = 0; i < sizeof bundles / sizeof *bundles; i++)
        check_row(&c, &bundles[i]);
    gwapi_openssl_free(judge);
}

Test(openssl_judge, errors_of_others_stay_in_the_queue)
{
    gwapi_certificate_callbacks c;
    gwapi_openssl *judge = new_judge(NULL, &c);

    ERR_raise(ERR_LIB_USER, 7);
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        heard h = {.answer = GWAPI_OK};
        gwapi_certificate_findings findings = findings_into(&h);
        gwapi_str certificate = compose(pairs[i].certificate, MOST_PARTS);
        gwapi_str key = compose(pairs[i].key, MOST_PARTS);
        gwapi_result result = c.check_pair(c.ctx, certificate, key, &findings);
        cr_expect_eq(result, pairs[i].reason != NULL ? GWAPI_EINVALID : GWAPI_OK, "%s",
                     pairs[i].label);
        cr_expect_eq(ERR_GET_REASON(ERR_peek_last_error()), 7, "%s", pairs[i].label);
        drop(certificate);
        drop(key);
    }
    cr_expect_eq(ERR_GET_REASON(ERR_get_error()), 7);
    cr_expect_eq(ERR_get_error(), 0);
    gwapi_openssl_free(judge);
}

/* A terminator behind the text is text around blocks; in the line of a boundary it is damage. */
Test(openssl_judge, a_trailing_zero_byte_is_no_part_of_a_frame)
{
    gwapi_certificate_callbacks c;
    gwapi_openssl *judge = new_judge(NULL, &c);
    gwapi_str file = data_file("ca.crt");
    char *text = malloc(file.len + 1);

    memcpy(text, file.data, file.len);
    text[file.len] = '\0';
    for (size_t cut = 0; cut < 2; cut++) {
        heard h = {.answer = GWAPI_OK};
        gwapi_certificate_findings findings = findings_into(&h);
        text[file.len - cut] = '\0';
        gwapi_result result =
            c.check_bundle(c.ctx, gwapi__str(text, file.len + 1 - cut), &findings);
        cr_expect_eq(result, cut == 0 ? GWAPI_OK : GWAPI_EINVALID);
    }
    free(text);
    drop(file);
    gwapi_openssl_free(judge);
}

/* Every length of the text: nothing is read behind it (the sanitizers look), and a half is no
 * whole. */
Test(openssl_judge, a_certificate_that_is_cut_short_is_damaged)
{
    gwapi_certificate_callbacks c;
    gwapi_openssl *judge = new_judge(NULL, &c);
    gwapi_str file = data_file("ca.crt");
    gwapi_str end = GWAPI__STR("-----END CERTIFICATE-----");

    for (size_t len = 0; len < file.len; len++) {
        heard h = {.answer = GWAPI_OK};
        gwapi_certificate_findings findings = findings_into(&h);
        char *text = malloc(len != 0 ? len : 1);
        memcpy(text, file.data, len);
        gwapi_result result = c.check_bundle(c.ctx, gwapi__str(text, len), &findings);
        cr_expect_eq(result == GWAPI_OK, gwapi__str_ends(gwapi__str(text, len), end), "%zu",
                     len);
        free(text);
    }
    drop(file);
    gwapi_openssl_free(judge);
}

Test(openssl_judge, a_key_with_a_flipped_bit_never_counts_as_good)
{
    gwapi_certificate_callbacks c;
    gwapi_openssl *judge = new_judge(NULL, &c);
    gwapi_str certificate = data_file("ed25519.crt"), key = data_file("ed25519.key");
    char *text = (char *)(uintptr_t)key.data;
    size_t start = 28, end = gwapi__str_find(key, GWAPI__STR("\n-----END"));

    for (size_t i = start; i < end - 1; i++) {
        heard h = {.answer = GWAPI_OK};
        gwapi_certificate_findings findings = findings_into(&h);
        char kept = text[i];
        text[i] = kept == 'A' ? 'B' : 'A';
        gwapi_result result = c.check_pair(c.ctx, certificate, key, &findings);
        cr_expect_eq(result, GWAPI_EINVALID, "byte %zu", i);
        text[i] = kept;
    }
    drop(certificate);
    drop(key);
    gwapi_openssl_free(judge);
}

/* ---- size ---------------------------------------------------------------------------- */

Test(openssl_judge, large_bundles_are_read_whole)
{
    gwapi_certificate_callbacks c;
    gwapi_openssl *judge = new_judge(NULL, &c);
    gwapi_str file = data_file("ca.crt");
    size_t count = getenv("GWAPI_TEST_SMALL") != NULL ? 20 : 2000;
    char *text = malloc(count * file.len);
    heard h = {.answer = GWAPI_OK};
    gwapi_certificate_findings findings = findings_into(&h);

    for (size_t i = 0; i < count; i++)
        memcpy(text + i * file.len, file.data, file.len);
    cr_expect_eq(c.check_bundle(c.ctx, gwapi__str(text, count * file.len), &findings), GWAPI_OK);
    cr_expect_eq(h.certificates, count);
    free(text);
    drop(file);
    gwapi_openssl_free(judge);
}

/* A frame around `size` bytes of base64, in one line. */
static gwapi_str framed(const char *label, size_t size)
{
    char *text = malloc(size + 128);
    int head = sprintf(text, "-----BEGIN %s-----\n", label);

    memset(text + head, 'A', size);
    int tail = sprintf(text + head + size, "\n-----END %s-----\n", label);
    return gwapi__str(text, (size_t)head + size + (size_t)tail);
}

Test(openssl_judge, huge_blocks_are_refused_in_time)
{
    gwapi_certificate_callbacks c;
    gwapi_openssl *judge = new_judge(NULL, &c);
    gwapi_str good = data_file("ec.crt");
    gwapi_str certificate = framed("CERTIFICATE", 16 << 20), key = framed("PRIVATE KEY", 16 << 20);
    heard h = {.answer = GWAPI_OK}, k = {.answer = GWAPI_OK};
    gwapi_certificate_findings findings = findings_into(&h), of_key = findings_into(&k);

    cr_expect_eq(c.check_bundle(c.ctx, certificate, &findings), GWAPI_EINVALID);
    cr_expect_str_eq(h.reason, "the certificate in line 1 is damaged");
    cr_expect_eq(c.check_pair(c.ctx, good, key, &of_key), GWAPI_EINVALID);
    cr_expect_str_eq(k.reason, bad_key);
    drop(certificate);
    drop(key);
    drop(good);
    gwapi_openssl_free(judge);
}

/* ---- facts --------------------------------------------------------------------------- */

static void expect_list(const gwapi_str *is, size_t count, const char *const *wanted)
{
    size_t n = 0;

    for (; wanted[n] != NULL; n++)
        if (n < count)
            cr_expect(gwapi__str_eq(is[n], gwapi__str_of(wanted[n])), "%.*s",
                      GWAPI__FMT(is[n]));
    cr_expect_eq(count, n);
}

static void look_at_names(const gwapi_certificate_facts *f, size_t i)
{
    if (i == 1) {
        cr_expect_eq(f->authority, 1);
        cr_expect_eq(f->line, 17);
        cr_expect(gwapi__str_eq(f->subject, GWAPI__STR("CN=CA,O=libgatewayapi tests")));
        return;
    }
    cr_expect_eq(f->authority, 0);
    cr_expect_eq(f->line, 2);
    cr_expect_eq(f->not_before, INT64_C(1577836800));
    cr_expect_eq(f->not_after, INT64_C(4733510400));
    cr_expect(gwapi__str_eq(f->subject,
                            GWAPI__STR("CN=last.example.com,CN=first.example.com,"
                                       "O=Shop \\\"North\\\"\\, Ltd")),
              "%.*s", GWAPI__FMT(f->subject));
    cr_expect(gwapi__str_eq(f->issuer, GWAPI__STR("CN=CA,O=libgatewayapi tests")), "%.*s",
              GWAPI__FMT(f->issuer));
    cr_expect(gwapi__str_eq(f->common_name, GWAPI__STR("last.example.com")));
    cr_expect(gwapi__str_eq(f->key_type, GWAPI__STR("EC")));
    cr_expect_eq(f->key_bits, 256);
    expect_list(f->dns_names, f->dns_name_count,
                (const char *const[]){"a.example.com", "*.b.example.com", NULL});
    expect_list(f->uris, f->uri_count,
                (const char *const[]){"spiffe://cluster.local/ns/shop", NULL});
    expect_list(f->addresses, f->address_count,
                (const char *const[]){"192.0.2.7", "2001:db8:0:0:0:0:0:7", NULL});
}

static void look_at_none(const gwapi_certificate_facts *f, size_t i)
{
    (void)i;
    cr_expect_eq(f->dns_name_count + f->uri_count + f->address_count, 0);
    cr_expect(gwapi__str_eq(f->common_name, GWAPI__STR("only.example.com")));
}

static void look_at_expired(const gwapi_certificate_facts *f, size_t i)
{
    cr_expect_eq(f->not_before, i == 0 ? INT64_C(1577836800) : INT64_C(4417977600));
    cr_expect_eq(f->not_after, i == 0 ? INT64_C(1609459200) : INT64_C(4733510400));
}

static void look_at_kinds(const gwapi_certificate_facts *f, size_t i)
{
    static const struct {
        const char *type;
        uint32_t bits;
    } kinds[] = {{"RSA", 2048}, {"RSA-PSS", 2048}, {"EC", 384}, {"ED25519", 256}, {"ED448", 456}};

    cr_expect(gwapi__str_eq(f->key_type, gwapi__str_of(kinds[i].type)), "%.*s",
              GWAPI__FMT(f->key_type));
    cr_expect_eq(f->key_bits, kinds[i].bits, "%s: %u", kinds[i].type, f->key_bits);
}

Test(openssl_judge, certificates_are_told_with_what_they_say)
{
    static const struct {
        const char *parts[6];
        void (*look)(const gwapi_certificate_facts *, size_t);
        size_t count;
    } cases[] = {
        {{"first line\n", "@names.crt", "\n", "@ca.crt"}, look_at_names, 2},
        {{"@no-names.crt"}, look_at_none, 1},
        {{"@expired.crt", "@future.crt"}, look_at_expired, 2},
        {{"@rsa.crt", "@rsa-pss.crt", "@ec-p384.crt", "@ed25519.crt", "@ed448.crt"},
         look_at_kinds, 5},
    };
    gwapi_certificate_callbacks c;
    gwapi_openssl *judge = new_judge(NULL, &c);

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        heard h = {.answer = GWAPI_OK, .look = cases[i].look};
        gwapi_certificate_findings findings = findings_into(&h);
        gwapi_str text = compose(cases[i].parts, 6);
        cr_expect_eq(c.check_bundle(c.ctx, text, &findings), GWAPI_OK);
        cr_expect_eq(h.certificates, cases[i].count);
        drop(text);
    }
    gwapi_openssl_free(judge);
}

Test(openssl_judge, what_the_taker_of_facts_says_ends_the_check)
{
    gwapi_certificate_callbacks c;
    gwapi_openssl *judge = new_judge(NULL, &c);
    gwapi_str text = data_file("ca.crt");
    heard h = {.answer = GWAPI_ESTATE};
    gwapi_certificate_findings findings = findings_into(&h);

    cr_expect_eq(c.check_bundle(c.ctx, text, &findings), GWAPI_ESTATE);
    cr_expect_str_eq(h.reason, "");
    drop(text);
    gwapi_openssl_free(judge);
}
