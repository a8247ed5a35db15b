/* What an SSL that was set up here carries, and how its peer is verified. */
#ifndef GWAPI_OPENSSL_HANDSHAKE_H
#define GWAPI_OPENSSL_HANDSHAKE_H

#include "openssl/material.h"

enum { GWAPI__FAILURE = 512 };

typedef struct gwapi__handshake {
    gwapi_allocator allocator;
    gwapi_openssl_material *material; /* a reference */
    const gwapi__terms *terms;
    bool lenient;                 /* a peer without a valid certificate is let in */
    char failure[GWAPI__FAILURE]; /* "" or why the peer was not believed */
} gwapi__handshake;

/* The index of our data in an SSL; negative: none is left. Once for each handle. */
int gwapi__handshake_index(void);

/* Hangs a new one on the SSL, in place of an earlier one. GWAPI_ENOMEM. */
gwapi_result gwapi__handshake_begin(SSL *ssl, const gwapi_openssl_material *material,
                                    const gwapi__terms *terms, bool lenient);

/* Makes a store one that gwapi__handshake_verify can be used with. */
bool gwapi__handshake_prepare(X509_STORE *store, const gwapi_openssl *openssl);
/* For SSL_set_verify, with such a store only: the chain, then the names; what is wrong is kept in
 * words. */
int gwapi__handshake_verify(int ok, X509_STORE_CTX *ctx);
/* Until all of it is set up: nobody is believed. */
int gwapi__handshake_refuse(int ok, X509_STORE_CTX *ctx);

/* Loads a certificate with its chain and key into the SSL. GWAPI_EINVALID: OpenSSL refuses it, at
 * the SSL's security level; GWAPI_ENOMEM. */
gwapi_result gwapi__handshake_present(SSL *ssl, const gwapi__pair *pair);

/* At least TLS 1.2; false where the SSL speaks nothing else than what is older, or DTLS. */
bool gwapi__handshake_versions(SSL *ssl);

#endif
