/*
 * Reading PEM (RFC 7468 with the laxness of what is in use): text around blocks is passed over,
 * lines have any length, ends and blanks around them do not matter. What libgatewayapi takes
 * for well framed is read here, and nothing else. (No file here may be called as one of
 * OpenSSL's.)
 */
#ifndef GWAPI_OPENSSL_PEMTEXT_H
#define GWAPI_OPENSSL_PEMTEXT_H

#include "openssl/memory.h"

/* A block. */
typedef struct gwapi__pem_block {
    gwapi_str label; /* "CERTIFICATE" */
    gwapi_str body;  /* its lines, headers included, without the boundaries */
    uint32_t line;   /* of its first boundary, from 1 */
    uint32_t damage; /* the line in which it breaks off or is no base64; 0: none */
    bool encrypted;  /* the headers of an encrypted key (RFC 1421) */
    size_t size;     /* decoded */
} gwapi__pem_block;

typedef struct gwapi__pem {
    gwapi_str rest;
    uint32_t line; /* of the line that was read last */
} gwapi__pem;

void gwapi__pem_init(gwapi__pem *pem, gwapi_str text);
/* The next block; false at the end. Behind a damaged block nothing is read. */
bool gwapi__pem_next(gwapi__pem *pem, gwapi__pem_block *block);
/* The bytes of a block without damage. GWAPI_ENOMEM. */
gwapi_result gwapi__pem_decode(gwapi__secret *out, const gwapi_allocator *allocator,
                               const gwapi__pem_block *block);

bool gwapi__pem_is_certificate(const gwapi__pem_block *block);
bool gwapi__pem_is_key(const gwapi__pem_block *block);
/* Of a key: PKCS #8 or the older headers say that it is encrypted. */
bool gwapi__pem_is_encrypted(const gwapi__pem_block *block);

#endif
