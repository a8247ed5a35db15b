/* What is wrong with a peer, for people. */
#ifndef GWAPI_OPENSSL_WORDS_H
#define GWAPI_OPENSSL_WORDS_H

#include "openssl/material.h"

/* Why a chain is not believed; always terminated, cut where it does not fit. */
void gwapi__say_failure(char *out, size_t size, X509_STORE_CTX *ctx, const gwapi__terms *terms);

#endif
