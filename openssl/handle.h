/* The handle from the inside, and how a check ends. */
#ifndef GWAPI_OPENSSL_HANDLE_H
#define GWAPI_OPENSSL_HANDLE_H

#include <gatewayapi/openssl.h>
#include "openssl/memory.h"

struct gwapi_openssl {
    gwapi_allocator allocator;
    OSSL_LIB_CTX *library;
    char *properties; /* NULL: none */
    size_t properties_size;
    int index; /* of our data in an SSL */
};

/*
 * OpenSSL tells errors in a queue of the thread, which is left as it was found: what stood
 * there stays, what a call of ours adds goes.
 */
typedef struct gwapi__errors {
    bool marked; /* there were errors before */
} gwapi__errors;

void gwapi__errors_open(gwapi__errors *errors);
/* Did OpenSSL run out of memory since? To be asked once, before the end. */
bool gwapi__errors_memory(const gwapi__errors *errors);
void gwapi__errors_close(const gwapi__errors *errors);
/* Closes; what was refused because there was no memory to tell becomes GWAPI_ENOMEM. */
gwapi_result gwapi__errors_end(const gwapi__errors *errors, gwapi_result result);

/* Refuses with a text in which %s stands for a terminated text and %u for a line or a number.
 * Returns GWAPI_EINVALID. */
gwapi_result gwapi__refuse(const gwapi_certificate_findings *findings, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* certificate callbacks, with the handle as context */
gwapi_result gwapi__check_pair(void *handle, gwapi_str certificate, gwapi_str key,
                               const gwapi_certificate_findings *findings);
gwapi_result gwapi__check_bundle(void *handle, gwapi_str bundle,
                                 const gwapi_certificate_findings *findings);

#endif
