/* A private key: from the bytes of a PEM block to OpenSSL's object, and whether it fits. */
#ifndef GWAPI_OPENSSL_KEY_H
#define GWAPI_OPENSSL_KEY_H

#include <openssl/evp.h>
#include "openssl/handle.h"
#include "openssl/pemtext.h"

/* What OpenSSL still verifies; beyond it a signature takes too long to be tried. */
#define GWAPI__MOST_KEY_BITS 16384
/* A key of so many bits, with room for more than two primes. */
#define GWAPI__MOST_KEY_BYTES 16384

/* The key of a block without damage, to be released by EVP_PKEY_free. GWAPI_EINVALID: it is
 * none; GWAPI_ENOMEM: of ours. */
gwapi_result gwapi__key_read(EVP_PKEY **out, const gwapi_openssl *o,
                             const gwapi__pem_block *block);

/* The first private key of a text, refused in words; *out, to be released also after a failure,
 * may be NULL. GWAPI_EINVALID, GWAPI_ENOMEM. */
gwapi_result gwapi__key_find(EVP_PKEY **out, const gwapi_openssl *o, gwapi_str text,
                             const gwapi_certificate_findings *findings);

/* Does `certified` verify what `key` signs? GWAPI_EINVALID: *why says what is wrong;
 * GWAPI_ENOMEM. */
gwapi_result gwapi__key_fits(const gwapi_openssl *o, EVP_PKEY *key, EVP_PKEY *certified,
                             const char **why);

#endif
