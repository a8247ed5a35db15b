#include "openssl/words.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <openssl/bio.h>

typedef struct words {
    char *out;
    size_t len, size;
} words;

static void say(words *w, gwapi_str text)
{
    size_t room = w->size - 1 - w->len, len = text.len < room ? text.len : room;

    if (len != 0)
        memcpy(w->out + w->len, text.data, len);
    w->len += len;
    w->out[w->len] = '\0';
}

static void sayz(words *w, const char *text)
{
    say(w, (gwapi_str){text, strlen(text)});
}

/* RFC 2253, which escapes control characters. */
static void say_subject(words *w, const X509_NAME *name)
{
    BIO *bio = BIO_new(BIO_s_mem());
    char *data = NULL;

    if (bio != NULL && X509_NAME_print_ex(bio, name, 0, XN_FLAG_RFC2253) >= 0) {
        long len = BIO_get_mem_data(bio, &data);
        say(w, (gwapi_str){data, len > 0 ? (size_t)len : 0});
    }
    BIO_free(bio);
}

static void say_date(words *w, const ASN1_TIME *time)
{
    struct tm tm;
    char text[32];

    if (ASN1_TIME_to_tm(time, &tm) != 1)
        return;
    snprintf(text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%02dZ", (tm.tm_year + 1900) % 10000,
             tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec);
    sayz(w, text);
}

/* What others wrote: nothing that a terminal would obey. */
static void say_printable(words *w, gwapi_str text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.data[i];
        say(w, c > ' ' && c < 0x7f ? (gwapi_str){&c, 1} : (gwapi_str){"?", 1});
    }
}

static void say_presented(words *w, X509 *leaf)
{
    GENERAL_NAMES *all = X509_get_ext_d2i(leaf, NID_subject_alt_name, NULL, NULL);
    bool any = false;

    for (int i = 0; all != NULL && i < sk_GENERAL_NAME_num(all); i++) {
        const GENERAL_NAME *name = sk_GENERAL_NAME_value(all, i);
        if (name->type != GEN_DNS && name->type != GEN_URI)
            continue;
        sayz(w, any ? ", " : "has ");
        sayz(w, name->type == GEN_DNS ? "DNS " : "URI ");
        say_printable(w, gwapi__asn1_text(name->type == GEN_DNS
                                              ? name->d.dNSName
                                              : name->d.uniformResourceIdentifier));
        any = true;
    }
    if (!any)
        sayz(w, "has no DNS name and no URI in subjectAltName");
    GENERAL_NAMES_free(all);
}

static void say_accepted(words *w, const gwapi__terms *terms)
{
    sayz(w, "; accepted: ");
    for (size_t i = 0; i < terms->name_count; i++) {
        if (i != 0)
            sayz(w, ", ");
        sayz(w, terms->names[i].uri ? "URI " : "DNS ");
        say_printable(w, terms->names[i].value);
    }
}

static void say_issuer(words *w, X509 *at)
{
    sayz(w, "the issuer of ");
    say_subject(w, X509_get_subject_name(at));
    sayz(w, ", which is ");
    say_subject(w, X509_get_issuer_name(at));
    sayz(w, ", was not sent and is not trusted");
}

static void say_certificate(words *w, X509 *at, const char *what, const ASN1_TIME *date)
{
    sayz(w, "the certificate ");
    say_subject(w, X509_get_subject_name(at));
    sayz(w, what);
    if (date != NULL)
        say_date(w, date);
}

void gwapi__say_failure(char *out, size_t size, X509_STORE_CTX *ctx, const gwapi__terms *terms)
{
    int error = X509_STORE_CTX_get_error(ctx);
    X509 *at = X509_STORE_CTX_get_current_cert(ctx);
    words w = {out, 0, size};

    out[0] = '\0';
    if (at == NULL)
        at = X509_STORE_CTX_get0_cert(ctx);
    switch (error) {
    case X509_V_ERR_HOSTNAME_MISMATCH:
        say_certificate(&w, at, " ", NULL);
        say_presented(&w, at);
        say_accepted(&w, terms);
        break;
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
        say_issuer(&w, at);
        break;
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
        say_certificate(&w, at, " is signed by itself and not trusted", NULL);
        break;
    case X509_V_ERR_CERT_HAS_EXPIRED:
        say_certificate(&w, at, " has expired: it was valid until ", X509_get0_notAfter(at));
        break;
    case X509_V_ERR_CERT_NOT_YET_VALID:
        say_certificate(&w, at, " is not valid yet: it will be from ", X509_get0_notBefore(at));
        break;
    default:
        say_certificate(&w, at, ": ", NULL);
        sayz(&w, X509_verify_cert_error_string(error));
    }
}
