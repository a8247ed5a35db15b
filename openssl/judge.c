/* The callbacks: a pair, a bundle. */
#include "openssl/certificate.h"
#include "openssl/key.h"

typedef struct judging {
    const gwapi_openssl *o;
    const gwapi_certificate_findings *findings;
    X509 *first;
} judging;

static gwapi_result judge_certificate(void *ctx, X509 *x, uint32_t line)
{
    judging *j = ctx;
    const char *what = NULL;
    gwapi_result result = gwapi__certificate_tell(j->o, x, line, j->findings, &what);

    if (what != NULL)
        gwapi__refuse(j->findings, "the %s of the certificate in line %u cannot be read", what,
                      line);
    if (result == GWAPI_OK && j->first == NULL)
        j->first = x;
    else
        X509_free(x);
    return result;
}

/* Every certificate of the text; *first, to be released also after a failure, may be NULL. */
static gwapi_result judge_certificates(const gwapi_openssl *o, gwapi_str text,
                                       const gwapi_certificate_findings *findings, X509 **first)
{
    judging j = {.o = o, .findings = findings};
    gwapi_result result = gwapi__certificates_each(o, text, findings, judge_certificate, &j);

    *first = j.first;
    return result;
}

static gwapi_result check_pair(const gwapi_openssl *o, gwapi_str certificate, gwapi_str key,
                               const gwapi_certificate_findings *findings)
{
    const char *why = NULL;
    EVP_PKEY *pkey = NULL;
    X509 *served;
    gwapi_result result = judge_certificates(o, certificate, findings, &served);

    if (result == GWAPI_OK)
        result = gwapi__key_find(&pkey, o, key, findings);
    if (result == GWAPI_OK)
        result = gwapi__key_fits(o, pkey, X509_get0_pubkey(served), &why);
    if (why != NULL)
        gwapi__refuse(findings, "%s", why);
    EVP_PKEY_free(pkey);
    X509_free(served);
    return result;
}

gwapi_result gwapi__check_pair(void *handle, gwapi_str certificate, gwapi_str key,
                               const gwapi_certificate_findings *findings)
{
    gwapi__errors errors;

    gwapi__errors_open(&errors);
    return gwapi__errors_end(&errors, check_pair(handle, certificate, key, findings));
}

gwapi_result gwapi__check_bundle(void *handle, gwapi_str bundle,
                                 const gwapi_certificate_findings *findings)
{
    gwapi__errors errors;
    X509 *first;

    gwapi__errors_open(&errors);
    gwapi_result result = judge_certificates(handle, bundle, findings, &first);
    X509_free(first);
    return gwapi__errors_end(&errors, result);
}
