/* What a snapshot's certificates, bundles, policies and listeners are to OpenSSL. */
#ifndef GWAPI_OPENSSL_MATERIAL_H
#define GWAPI_OPENSSL_MATERIAL_H

#include <stdatomic.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include "openssl/handle.h"
#include "openssl/name.h"

enum { GWAPI__REASON = 192, GWAPI__SESSION_CONTEXT = 32 };

/* A CA bundle. `store` NULL: it cannot be used, and `reason` says why. */
typedef struct gwapi__trusted {
    STACK_OF(X509) * certificates;
    X509_STORE *store;
    char reason[GWAPI__REASON];
} gwapi__trusted;

/* A certificate with its key. `key` NULL: it cannot be used, and `reason` says why. */
typedef struct gwapi__pair {
    STACK_OF(X509) * chain; /* the first one is served */
    GENERAL_NAMES *names;   /* of the first one; NULL: none */
    EVP_PKEY *key;
    char reason[GWAPI__REASON];
} gwapi__pair;

/* Whom a policy or a listener trusts. `store` NULL: nobody, connections fail. */
typedef struct gwapi__terms {
    X509_STORE *store;
    const gwapi__accepted *names; /* of a policy: never none */
    size_t name_count;
    STACK_OF(X509_NAME) * authorities;             /* of a listener: what clients are told */
    unsigned char session[GWAPI__SESSION_CONTEXT]; /* of a listener */
} gwapi__terms;

struct gwapi_openssl_material {
    atomic_size_t references;
    const gwapi_openssl *openssl;
    const gwapi_snapshot *snapshot;
    X509_STORE *system; /* NULL: nobody asks for it */
    gwapi__trusted *bundles;
    gwapi__pair *pairs;
    gwapi__terms *policies;
    gwapi__terms *listeners;
    gwapi__accepted *names; /* of all policies */
    size_t bundle_count, pair_count, policy_count, listener_count, name_count;
};

#endif
