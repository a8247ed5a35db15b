#include "openssl/certificate.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/x509v3.h>

gwapi_result gwapi__certificate_read(X509 **out, const gwapi_openssl *o,
                                     const gwapi__pem_block *block)
{
    gwapi__secret der;
    gwapi_result result = gwapi__pem_decode(&der, &o->allocator, block);

    *out = NULL;
    if (result != GWAPI_OK)
        return result;
    const unsigned char *at = der.data;
    X509 *x = X509_new_ex(o->library, o->properties);
    if (x == NULL)
        result = GWAPI_ENOMEM;
    else if (der.len > LONG_MAX || d2i_X509(&x, &at, (long)der.len) == NULL ||
             at != der.data + der.len)
        result = GWAPI_EINVALID;
    gwapi__secret_free(&der);
    if (result == GWAPI_OK)
        *out = x;
    else
        X509_free(x);
    return result;
}

/* ---- dates --------------------------------------------------------------------------- */

/* Seconds since 1970; false for what is no date. */
static bool seconds_of(const ASN1_TIME *time, int64_t *out)
{
    ASN1_TIME *epoch = ASN1_TIME_set(NULL, 0);
    int days = 0, seconds = 0;
    bool good = epoch != NULL && ASN1_TIME_diff(&days, &seconds, epoch, time) == 1;

    ASN1_TIME_free(epoch);
    *out = (int64_t)days * 86400 + seconds;
    return good;
}

/* ---- names --------------------------------------------------------------------------- */

/* RFC 2253, in UTF-8. The text is the BIO's. */
static BIO *written(const X509_NAME *name, gwapi_str *out)
{
    BIO *bio = BIO_new(BIO_s_mem());
    char *data = NULL;

    if (bio == NULL ||
        X509_NAME_print_ex(bio, name, 0, XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB) < 0) {
        BIO_free(bio);
        return NULL;
    }
    long len = BIO_get_mem_data(bio, &data);
    *out = (gwapi_str){len > 0 ? data : "", len > 0 ? (size_t)len : 0};
    return bio;
}

static gwapi_str text_of(const ASN1_STRING *s)
{
    int len = ASN1_STRING_length(s);

    return (gwapi_str){(const char *)ASN1_STRING_get0_data(s), len > 0 ? (size_t)len : 0};
}

/* The most specific one, in UTF-8, to be released by OPENSSL_free. */
static unsigned char *common_name(const X509_NAME *subject, gwapi_str *out)
{
    unsigned char *utf8 = NULL;
    int at = -1, last = -1;

    while ((at = X509_NAME_get_index_by_NID(subject, NID_commonName, at)) >= 0)
        last = at;
    *out = (gwapi_str){NULL, 0};
    if (last < 0)
        return NULL;
    int len = ASN1_STRING_to_UTF8(&utf8,
                                  X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, last)));
    if (len >= 0 && utf8 != NULL)
        *out = (gwapi_str){(const char *)utf8, (size_t)len};
    return utf8;
}

#define LONGEST_ADDRESS 40

/* The three lists, in one block: slices, then the text of addresses. */
typedef struct names {
    size_t count; /* of subjectAltName, an upper bound of each list */
    size_t size;
    gwapi_str *slices;
    char *texts;
} names;

static gwapi_result names_init(names *n, const gwapi_allocator *a, int count)
{
    n->count = count > 0 ? (size_t)count : 0;
    n->size = n->count * (3 * sizeof(gwapi_str) + LONGEST_ADDRESS) + 1;
    n->slices = gwapi__openssl_alloc(a, n->size);
    if (n->slices == NULL)
        return GWAPI_ENOMEM;
    n->texts = (char *)(n->slices + 3 * n->count);
    return GWAPI_OK;
}

/* As people write it; the absent slice for what is neither IPv4 nor IPv6. */
static gwapi_str address_of(char text[LONGEST_ADDRESS], const ASN1_OCTET_STRING *address)
{
    const unsigned char *b = ASN1_STRING_get0_data(address);
    int len = ASN1_STRING_length(address), written_len = 0;

    if (len == 4)
        written_len = snprintf(text, LONGEST_ADDRESS, "%d.%d.%d.%d", b[0], b[1], b[2], b[3]);
    for (int i = 0; len == 16 && i < 16; i += 2)
        written_len += snprintf(text + written_len, (size_t)(LONGEST_ADDRESS - written_len),
                                "%s%x", i != 0 ? ":" : "", b[i] << 8 | b[i + 1]);
    return (gwapi_str){written_len != 0 ? text : NULL, (size_t)written_len};
}

static void sort_name(names *n, const GENERAL_NAME *name, gwapi_certificate_facts *facts)
{
    gwapi_str *dns = n->slices, *uris = dns + n->count, *addresses = uris + n->count;
    size_t i = facts->address_count;

    if (name->type == GEN_DNS)
        dns[facts->dns_name_count++] = text_of(name->d.dNSName);
    else if (name->type == GEN_URI)
        uris[facts->uri_count++] = text_of(name->d.uniformResourceIdentifier);
    else if (name->type == GEN_IPADD) {
        addresses[i] = address_of(n->texts + i * LONGEST_ADDRESS, name->d.iPAddress);
        facts->address_count += addresses[i].data != NULL;
    }
}

static gwapi_result collect_names(names *n, const gwapi_allocator *a, const GENERAL_NAMES *all,
                                  gwapi_certificate_facts *facts)
{
    int count = all != NULL ? sk_GENERAL_NAME_num(all) : 0;
    gwapi_result result = names_init(n, a, count);

    if (result != GWAPI_OK)
        return result;
    facts->dns_names = n->slices;
    facts->uris = n->slices + n->count;
    facts->addresses = n->slices + 2 * n->count;
    for (int i = 0; i < count; i++)
        sort_name(n, sk_GENERAL_NAME_value(all, i), facts);
    return GWAPI_OK;
}

/* ---- all of it ----------------------------------------------------------------------- */

/* Everything but names. The name of what cannot be read, NULL: nothing. */
static const char *take_plain(gwapi_certificate_facts *facts, X509 *x)
{
    EVP_PKEY *key = X509_get0_pubkey(x);

    if (key == NULL)
        return "public key";
    if (!seconds_of(X509_get0_notBefore(x), &facts->not_before) ||
        !seconds_of(X509_get0_notAfter(x), &facts->not_after))
        return "validity";
    if ((X509_get_extension_flags(x) & EXFLAG_INVALID) != 0)
        return "extensions";
    const char *type = EVP_PKEY_get0_type_name(key);
    facts->key_type = (gwapi_str){type, type != NULL ? strlen(type) : 0};
    facts->key_bits = (uint32_t)EVP_PKEY_get_bits(key);
    facts->authority = X509_check_ca(x) == 1;
    return NULL;
}

static gwapi_result tell(const gwapi_openssl *o, X509 *x, const GENERAL_NAMES *all,
                         gwapi_certificate_facts *facts,
                         const gwapi_certificate_findings *findings)
{
    BIO *subject = written(X509_get_subject_name(x), &facts->subject);
    BIO *issuer = written(X509_get_issuer_name(x), &facts->issuer);
    unsigned char *common = common_name(X509_get_subject_name(x), &facts->common_name);
    gwapi_result result = GWAPI_ENOMEM;
    names n = {0};

    if (subject != NULL && issuer != NULL)
        result = collect_names(&n, &o->allocator, all, facts);
    if (result == GWAPI_OK)
        result = findings->certificate(findings->ctx, facts);
    gwapi__openssl_free(&o->allocator, n.slices, n.size);
    OPENSSL_free(common);
    BIO_free(issuer);
    BIO_free(subject);
    return result;
}

gwapi_result gwapi__certificate_tell(const gwapi_openssl *o, X509 *x, uint32_t line,
                                     const gwapi_certificate_findings *findings,
                                     const char **what)
{
    gwapi_certificate_facts facts = {.struct_size = sizeof facts, .line = line};
    int critical = 0;
    GENERAL_NAMES *all = X509_get_ext_d2i(x, NID_subject_alt_name, &critical, NULL);

    *what = all == NULL && critical != -1 ? "subjectAltName" : take_plain(&facts, x);
    gwapi_result result = *what != NULL ? GWAPI_EINVALID : tell(o, x, all, &facts, findings);
    GENERAL_NAMES_free(all);
    return result;
}

static gwapi_result read_one(X509 **out, const gwapi_openssl *o, const gwapi__pem_block *block,
                             const gwapi_certificate_findings *findings)
{
    gwapi_result result = gwapi__certificate_read(out, o, block);

    return result != GWAPI_EINVALID
               ? result
               : gwapi__refuse(findings, "the certificate in line %u is damaged", block->line);
}

gwapi_result gwapi__certificates_each(const gwapi_openssl *o, gwapi_str text,
                                      const gwapi_certificate_findings *findings,
                                      gwapi__certificate_taker take, void *ctx)
{
    gwapi_result result = GWAPI_OK;
    gwapi__pem_block block;
    bool any = false;
    gwapi__pem pem;
    X509 *x;

    gwapi__pem_init(&pem, text);
    while (result == GWAPI_OK && gwapi__pem_next(&pem, &block)) {
        if (block.damage != 0)
            return gwapi__refuse(findings, "the PEM block of line %u is damaged in line %u",
                                 block.line, block.damage);
        if (!gwapi__pem_is_certificate(&block))
            continue;
        any = true;
        result = read_one(&x, o, &block, findings);
        if (result == GWAPI_OK)
            result = take(ctx, x, block.line);
    }
    if (result != GWAPI_OK || any)
        return result;
    return gwapi__refuse(findings,
                         text.len == 0 ? "it is empty" : "there is no certificate in PEM");
}
