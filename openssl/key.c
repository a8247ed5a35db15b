#include "openssl/key.h"

#include <openssl/decoder.h>

/* OpenSSL would ask at the terminal. */
static int no_passphrase(char *buffer, int size, int rwflag, void *ctx)
{
    (void)buffer;
    (void)size;
    (void)rwflag;
    (void)ctx;
    return -1;
}

static EVP_PKEY *decode(const gwapi_openssl *o, const gwapi__secret *der)
{
    EVP_PKEY *key = NULL;
    const unsigned char *at = der->data;
    size_t left = der->len;
    /* Labels lie: keys in PKCS #8 behind RSA PRIVATE KEY exist, and are in use. */
    OSSL_DECODER_CTX *ctx = OSSL_DECODER_CTX_new_for_pkey(
        &key, "DER", NULL, NULL, EVP_PKEY_KEYPAIR, o->library, o->properties);

    if (ctx == NULL)
        return NULL;
    if (OSSL_DECODER_CTX_set_pem_password_cb(ctx, no_passphrase, NULL) != 1 ||
        OSSL_DECODER_from_data(ctx, &at, &left) != 1 || left != 0) {
        EVP_PKEY_free(key);
        key = NULL;
    }
    OSSL_DECODER_CTX_free(ctx);
    return key;
}

gwapi_result gwapi__key_read(EVP_PKEY **out, const gwapi_openssl *o,
                             const gwapi__pem_block *block)
{
    gwapi__secret der;

    *out = NULL;
    if (block->size > GWAPI__MOST_KEY_BYTES)
        return GWAPI_EINVALID;
    gwapi_result result = gwapi__pem_decode(&der, &o->allocator, block);
    if (result != GWAPI_OK)
        return result;
    *out = decode(o, &der);
    gwapi__secret_free(&der);
    return *out != NULL ? GWAPI_OK : GWAPI_EINVALID;
}

/* ---- finding it ---------------------------------------------------------------------- */

static gwapi_result read_block(EVP_PKEY **out, const gwapi_openssl *o,
                               const gwapi__pem_block *block,
                               const gwapi_certificate_findings *findings)
{
    if (gwapi__pem_is_encrypted(block))
        return gwapi__refuse(findings, "the private key in line %u is encrypted", block->line);
    gwapi_result result = gwapi__key_read(out, o, block);
    return result != GWAPI_EINVALID
               ? result
               : gwapi__refuse(findings,
                               "the private key in line %u is damaged, or of a kind "
                               "that OpenSSL does not know",
                               block->line);
}

gwapi_result gwapi__key_find(EVP_PKEY **out, const gwapi_openssl *o, gwapi_str text,
                             const gwapi_certificate_findings *findings)
{
    gwapi_result result = GWAPI_OK;
    gwapi__pem_block block;
    gwapi__pem pem;

    *out = NULL;
    gwapi__pem_init(&pem, text);
    while (result == GWAPI_OK && gwapi__pem_next(&pem, &block)) {
        if (block.damage != 0)
            result = gwapi__refuse(findings,
                                   "the PEM block of line %u of the key is damaged in line %u",
                                   block.line, block.damage);
        else if (*out == NULL && gwapi__pem_is_key(&block))
            result = read_block(out, o, &block, findings);
    }
    if (result == GWAPI_OK && *out == NULL)
        result = gwapi__refuse(findings, "there is no private key in PEM");
    return result;
}

/* ---- does it fit --------------------------------------------------------------------- */

static const unsigned char message[] = "Does this key belong to that certificate?";

static bool sign(EVP_MD_CTX *ctx, const gwapi_openssl *o, EVP_PKEY *key, gwapi__secret *out)
{
    out->len = out->capacity;
    return EVP_DigestSignInit_ex(ctx, NULL, NULL, o->library, o->properties, key, NULL) == 1 &&
           EVP_DigestSign(ctx, out->data, &out->len, message, sizeof message) == 1;
}

static bool verify(EVP_MD_CTX *ctx, const gwapi_openssl *o, EVP_PKEY *key,
                   const gwapi__secret *signature)
{
    return EVP_MD_CTX_reset(ctx) == 1 &&
           EVP_DigestVerifyInit_ex(ctx, NULL, NULL, o->library, o->properties, key, NULL) ==
               1 &&
           EVP_DigestVerify(ctx, signature->data, signature->len, message, sizeof message) == 1;
}

/* Equal public halves say little: a file may hold the public half beside another private one.
 */
static gwapi_result prove(const gwapi_openssl *o, EVP_PKEY *key, EVP_PKEY *certified,
                          const char **why)
{
    gwapi__secret signature;
    int size = EVP_PKEY_get_size(key);
    gwapi_result result =
        gwapi__secret_init(&signature, &o->allocator, size > 0 ? (size_t)size : 0);

    if (result != GWAPI_OK)
        return result;
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    if (ctx == NULL)
        result = GWAPI_ENOMEM;
    else if (!sign(ctx, o, key, &signature))
        *why = "the private key cannot sign";
    else if (!verify(ctx, o, certified, &signature))
        *why = "the private key is damaged: what it signs the certificate does not verify";
    EVP_MD_CTX_free(ctx);
    gwapi__secret_free(&signature);
    return *why != NULL ? GWAPI_EINVALID : result;
}

gwapi_result gwapi__key_fits(const gwapi_openssl *o, EVP_PKEY *key, EVP_PKEY *certified,
                             const char **why)
{
    *why = NULL;
    if (EVP_PKEY_eq(certified, key) != 1)
        *why = "the private key belongs to another certificate";
    else if (EVP_PKEY_get_bits(key) > GWAPI__MOST_KEY_BITS)
        *why = "the key has more than 16384 bits";
    return *why != NULL ? GWAPI_EINVALID : prove(o, key, certified, why);
}
