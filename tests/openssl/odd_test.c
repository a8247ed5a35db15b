/* Certificates and keys as nobody should make them: what is told of them, and how they are
 * refused. Signatures are not looked at, so that bytes may be changed behind one. */
#include "openssl/world.h"
#include <openssl/core_names.h>
#include <openssl/param_build.h>
#include "openssl/handshake.h"
#include "openssl/words.h"

/* ---- judging ------------------------------------------------------------------------- */

typedef struct heard {
    char reason[600], common_name[100], subject[200];
    size_t certificates, addresses, dns_names;
    bool common;
} heard;

static void copy(char *out, size_t size, gwapi_str s)
{
    snprintf(out, size, "%.*s", (int)s.len, s.data != NULL ? s.data : "");
}

static gwapi_result hear_certificate(void *ctx, const gwapi_certificate_facts *facts)
{
    heard *h = ctx;

    h->certificates++;
    h->addresses = facts->address_count;
    h->dns_names = facts->dns_name_count;
    h->common = facts->common_name.data != NULL;
    copy(h->common_name, sizeof h->common_name, facts->common_name);
    copy(h->subject, sizeof h->subject, facts->subject);
    return GWAPI_OK;
}

static void hear_reason(void *ctx, gwapi_str reason)
{
    copy(((heard *)ctx)->reason, sizeof(((heard *)ctx)->reason), reason);
}

/* `key` absent: a bundle. */
static gwapi_result judge(gwapi_str certificate, gwapi_str key, heard *h)
{
    gwapi_certificate_callbacks c = {.struct_size = sizeof c};
    gwapi_certificate_findings findings = {sizeof findings, h, hear_certificate, hear_reason};
    gwapi_openssl *o;

    *h = (heard){.reason = ""};
    cr_assert_eq(gwapi_openssl_new(&o, NULL), GWAPI_OK);
    cr_assert_eq(gwapi_openssl_certificates(o, &c), GWAPI_OK);
    gwapi_result result = key.data != NULL
                              ? c.check_pair(c.ctx, certificate, key, &findings)
                              : c.check_bundle(c.ctx, certificate, &findings);
    gwapi_openssl_free(o);
    return result;
}

/* ---- bytes --------------------------------------------------------------------------- */

static void add_framed(gwapi__text *t, const char *label, const unsigned char *der, size_t len)
{
    gwapi__text_addz(t, "-----BEGIN ");
    gwapi__text_addz(t, label);
    gwapi__text_addz(t, "-----\n");
    add_base64(t, gwapi__str((const char *)der, len));
    gwapi__text_addz(t, "\n-----END ");
    gwapi__text_addz(t, label);
    gwapi__text_addz(t, "-----\n");
}

static unsigned char *der_of(const issued *i, size_t *len)
{
    unsigned char *der = NULL;
    int size = i2d_X509(i->cert, &der);

    cr_assert_gt(size, 0);
    *len = (size_t)size;
    return der;
}

/* The n-th UTCTime. */
static unsigned char *time_in(unsigned char *der, size_t len, size_t n)
{
    for (size_t i = 0; i + 15 < len; i++)
        if (der[i] == 0x17 && der[i + 1] == 13 && der[i + 14] == 'Z' && n-- == 0)
            return der + i + 2;
    cr_assert_fail("no time");
    return NULL;
}

static gwapi_result judge_der(const unsigned char *der, size_t len, heard *h)
{
    gwapi__text t;

    text_init(&t);
    add_framed(&t, "CERTIFICATE", der, len);
    gwapi_result result = judge(gwapi__text_str(&t), gwapi__str(NULL, 0), h);
    gwapi__text_free(&t);
    return result;
}

static gwapi_result judge_issued(const issued *i, heard *h)
{
    size_t len;
    unsigned char *der = der_of(i, &len);
    gwapi_result result = judge_der(der, len, h);

    OPENSSL_free(der);
    return result;
}

/* ---- certificates -------------------------------------------------------------------- */

Test(openssl_odd, bytes_behind_a_certificate_are_damage)
{
    issued leaf = issue("leaf", "DNS:a.example.com", NULL, 0);
    unsigned char longer[4096];
    size_t len;
    heard h;

    unsigned char *der = der_of(&leaf, &len);
    memcpy(longer, der, len);
    longer[len] = 0;
    cr_expect_eq(judge_der(longer, len, &h), GWAPI_OK);
    cr_expect_eq(judge_der(longer, len + 1, &h), GWAPI_EINVALID);
    cr_expect_str_eq(h.reason, "the certificate in line 1 is damaged");
    OPENSSL_free(der);
    drop(&leaf);
}

Test(openssl_odd, a_date_that_is_none_is_named)
{
    issued leaf = issue("leaf", "DNS:a.example.com", NULL, 0);
    heard h;

    for (size_t n = 0; n < 2; n++) {
        size_t len;
        unsigned char *der = der_of(&leaf, &len);
        *time_in(der, len, n) = 'x';
        cr_expect_eq(judge_der(der, len, &h), GWAPI_EINVALID);
        cr_expect_str_eq(h.reason, "the validity of the certificate in line 1 cannot be read");
        OPENSSL_free(der);
    }
    drop(&leaf);
}

Test(openssl_odd, a_subject_without_a_common_name_has_none)
{
    issued leaf = issue("leaf", "DNS:a.example.com", NULL, 0);
    X509_NAME *empty = X509_NAME_new();
    heard h;

    X509_set_subject_name(leaf.cert, empty);
    X509_sign(leaf.cert, leaf.key, EVP_sha256());
    cr_expect_eq(judge_issued(&leaf, &h), GWAPI_OK, "%s", h.reason);
    cr_expect_not(h.common);
    cr_expect_str_empty(h.subject);
    X509_NAME_free(empty);
    drop(&leaf);
}

Test(openssl_odd, a_common_name_that_is_no_text_is_none)
{
    issued leaf = issue("leaf", "DNS:a.example.com", NULL, 0);
    X509_NAME *name = X509_NAME_new();
    heard h;

    X509_NAME_add_entry_by_NID(name, NID_commonName, V_ASN1_BIT_STRING,
                               (const unsigned char *)"\x01\x02", 2, -1, 0);
    X509_set_subject_name(leaf.cert, name);
    X509_sign(leaf.cert, leaf.key, EVP_sha256());
    cr_expect_eq(judge_issued(&leaf, &h), GWAPI_OK, "%s", h.reason);
    cr_expect_not(h.common, "%s", h.common_name);
    X509_NAME_free(name);
    drop(&leaf);
}

static void add_address(GENERAL_NAMES *names, const char *bytes, int len)
{
    GENERAL_NAME *name = GENERAL_NAME_new();
    ASN1_OCTET_STRING *address = ASN1_OCTET_STRING_new();

    ASN1_OCTET_STRING_set(address, (const unsigned char *)bytes, len);
    GENERAL_NAME_set0_value(name, GEN_IPADD, address);
    sk_GENERAL_NAME_push(names, name);
}

Test(openssl_odd, an_address_of_another_size_is_left_out)
{
    issued leaf = issue("leaf", NULL, NULL, 0);
    GENERAL_NAMES *names = GENERAL_NAMES_new();
    heard h;

    add_address(names, "\x0a\x00\x00", 3);
    add_address(names, "\x0a\x00\x00\x01", 4);
    add_address(names, "", 0);
    X509_add1_ext_i2d(leaf.cert, NID_subject_alt_name, names, 0, 0);
    X509_sign(leaf.cert, leaf.key, EVP_sha256());
    cr_expect_eq(judge_issued(&leaf, &h), GWAPI_OK, "%s", h.reason);
    cr_expect_eq(h.addresses, 1);
    GENERAL_NAMES_free(names);
    drop(&leaf);
}

/* ---- keys ---------------------------------------------------------------------------- */

/* An RSA key of so many bits, whose numbers have no meaning. */
static EVP_PKEY *huge_key(int bits)
{
    static const char *const parts[] = {"n", "d", "rsa-factor1", "rsa-factor2",
                                        "rsa-exponent1", "rsa-exponent2", "rsa-coefficient1"};
    enum { PARTS = sizeof parts / sizeof *parts };
    OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
    BIGNUM *numbers[PARTS], *e = BN_new();
    EVP_PKEY *key = NULL;

    BN_set_word(e, 65537);
    OSSL_PARAM_BLD_push_BN(builder, "e", e);
    for (size_t i = 0; i < PARTS; i++) {
        numbers[i] = BN_new();
        BN_set_bit(numbers[i], (i < 2 ? bits : bits / 2) - 1);
        BN_set_bit(numbers[i], 0);
        OSSL_PARAM_BLD_push_BN(builder, parts[i], numbers[i]);
    }
    OSSL_PARAM *params = OSSL_PARAM_BLD_to_param(builder);
    cr_assert_eq(EVP_PKEY_fromdata_init(ctx), 1);
    cr_assert_eq(EVP_PKEY_fromdata(ctx, &key, EVP_PKEY_KEYPAIR, params), 1);
    for (size_t i = 0; i < PARTS; i++)
        BN_free(numbers[i]);
    BN_free(e);
    OSSL_PARAM_free(params);
    OSSL_PARAM_BLD_free(builder);
    EVP_PKEY_CTX_free(ctx);
    return key;
}

Test(openssl_odd, a_key_of_more_bits_than_are_tried_is_refused)
{
    issued ca = issue("Root", NULL, NULL, ISSUE_CA);
    issued leaf = issue("leaf", "DNS:a.example.com", &ca, 0);
    gwapi__text certificate, key;
    heard h;

    EVP_PKEY_free(leaf.key);
    leaf.key = huge_key(16392);
    X509_set_pubkey(leaf.cert, leaf.key);
    X509_sign(leaf.cert, ca.key, EVP_sha256());
    text_init(&certificate);
    text_init(&key);
    add_pem(&certificate, &leaf, false);
    add_pem(&key, &leaf, true);
    cr_expect_eq(judge(gwapi__text_str(&certificate), gwapi__text_str(&key), &h),
                 GWAPI_EINVALID);
    cr_expect_str_eq(h.reason, "the key has more than 16384 bits");
    gwapi__text_free(&certificate);
    gwapi__text_free(&key);
    drop(&leaf);
    drop(&ca);
}

/* Its label says that it is not encrypted; nobody is asked for a passphrase all the same. */
Test(openssl_odd, an_encrypted_key_behind_a_wrong_label_is_damaged)
{
    issued leaf = issue("leaf", "DNS:a.example.com", NULL, 0);
    BIO *bio = BIO_new(BIO_s_mem());
    gwapi__text certificate, key;
    unsigned char *der;
    char pass[] = "pass";
    heard h;

    cr_assert_eq(i2d_PKCS8PrivateKey_bio(bio, leaf.key, EVP_aes_128_cbc(), pass, 4, NULL, NULL),
                 1);
    long len = BIO_get_mem_data(bio, &der);
    text_init(&certificate);
    text_init(&key);
    add_pem(&certificate, &leaf, false);
    add_framed(&key, "PRIVATE KEY", der, (size_t)len);
    cr_expect_eq(judge(gwapi__text_str(&certificate), gwapi__text_str(&key), &h),
                 GWAPI_EINVALID);
    cr_expect_str_eq(h.reason, "the private key in line 1 is damaged, or of a kind that "
                               "OpenSSL does not know");
    gwapi__text_free(&certificate);
    gwapi__text_free(&key);
    BIO_free(bio);
    drop(&leaf);
}

/* ---- words --------------------------------------------------------------------------- */

/* What OpenSSL calls wrong, of a certificate that may be none of those it is at. */
static void say(int error, X509 *leaf, X509 *current, char out[GWAPI__FAILURE])
{
    const gwapi__terms terms = {.name_count = 0};
    X509_STORE *store = X509_STORE_new();
    X509_STORE_CTX *ctx = X509_STORE_CTX_new();

    cr_assert_eq(X509_STORE_CTX_init(ctx, store, leaf, NULL), 1);
    X509_STORE_CTX_set_error(ctx, error);
    X509_STORE_CTX_set_current_cert(ctx, current);
    gwapi__say_failure(out, GWAPI__FAILURE, ctx, &terms);
    X509_STORE_CTX_free(ctx);
    X509_STORE_free(store);
}

Test(openssl_odd, without_a_certificate_in_sight_the_peers_own_is_named)
{
    issued leaf = issue("leaf", NULL, NULL, 0);
    char said[GWAPI__FAILURE];

    say(X509_V_ERR_UNSPECIFIED, leaf.cert, NULL, said);
    cr_expect_str_eq(said, "the certificate CN=leaf: unspecified certificate verification error");
    drop(&leaf);
}

Test(openssl_odd, a_date_that_is_none_is_left_out_of_a_failure)
{
    issued leaf = issue("leaf", NULL, NULL, 0);
    char said[GWAPI__FAILURE];
    size_t len;

    unsigned char *der = der_of(&leaf, &len);
    *time_in(der, len, 1) = 'x';
    const unsigned char *at = der;
    X509 *odd = d2i_X509(NULL, &at, (long)len);
    cr_assert_not_null(odd);
    say(X509_V_ERR_CERT_HAS_EXPIRED, odd, odd, said);
    cr_expect_str_eq(said, "the certificate CN=leaf has expired: it was valid until ");
    X509_free(odd);
    OPENSSL_free(der);
    drop(&leaf);
}

Test(openssl_odd, a_long_reason_is_cut)
{
    gwapi_certificate_findings findings;
    char text[700];
    heard h = {.reason = ""};

    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    findings = (gwapi_certificate_findings){sizeof findings, &h, hear_certificate, hear_reason};
    cr_expect_eq(gwapi__refuse(&findings, "%s", text), GWAPI_EINVALID);
    cr_expect_eq(strlen(h.reason), 511);
    cr_expect_eq(gwapi__refuse(&findings, "%s", ""), GWAPI_EINVALID);
    cr_expect_str_empty(h.reason);
}

Test(openssl_odd, an_empty_secret_can_be_freed)
{
    gwapi_allocator allocator;
    gwapi__secret secret = {.allocator = &allocator};

    cr_assert_eq(gwapi__openssl_allocator(&allocator, NULL), GWAPI_OK);
    gwapi__secret_free(&secret);
    cr_expect_null(secret.allocator);
}
