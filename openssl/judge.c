/* The callbacks: a pair, a bundle. */
#include "openssl/certificate.h"
#include "openssl/key.h"

static gwapi_result judge_certificate(const gwapi_openssl *o, const gwapi__pem_block *block,
                                      const gwapi_certificate_findings *findings, X509 **out)
{
    const char *what = NULL;
    X509 *x;
    gwapi_result result = gwapi__certificate_read(&x, o, block);

    if (result == GWAPI_EINVALID)
        return gwapi__refuse(findings, "the certificate in line %u is damaged", block->line);
    if (result != GWAPI_OK)
        return result;
    result = gwapi__certificate_tell(o, x, block->line, findings, &what);
    if (what != NULL)
        gwapi__refuse(findings, "the %s of the certificate in line %u cannot be read", what,
                      block->line);
    if (result == GWAPI_OK && *out == NULL)
        *out = x;
    else
        X509_free(x);
    return result;
}

/* Every certificate of the text; *first, to be released also after a failure, may be NULL. */
static gwapi_result judge_certificates(const gwapi_openssl *o, gwapi_str text,
                                       const gwapi_certificate_findings *findings, X509 **first)
{
    gwapi_result result = GWAPI_OK;
    gwapi__pem_block block;
    gwapi__pem pem;

    *first = NULL;
    gwapi__pem_init(&pem, text);
    while (result == GWAPI_OK && gwapi__pem_next(&pem, &block)) {
        if (block.damage != 0)
            result = gwapi__refuse(findings, "the PEM block of line %u is damaged in line %u",
                                   block.line, block.damage);
        else if (gwapi__pem_is_certificate(&block))
            result = judge_certificate(o, &block, findings, first);
    }
    if (result == GWAPI_OK && *first == NULL)
        result = gwapi__refuse(findings, text.len == 0 ? "it is empty"
                                                       : "there is no certificate in PEM");
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
