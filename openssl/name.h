/* The names that a certificate has, and those that are accepted (RFC 9525). */
#ifndef GWAPI_OPENSSL_NAME_H
#define GWAPI_OPENSSL_NAME_H

#include <stdbool.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <gatewayapi/base.h>

/* One that is accepted. Texts are the snapshot's. */
typedef struct gwapi__accepted {
    bool uri;
    gwapi_str value;
} gwapi__accepted;

/*
 * Does a dNSName of a certificate stand for the accepted one? ASCII case and one final dot do
 * not matter. "*" counts only as the whole first label of a dNSName with two labels or more
 * behind it, for exactly one label, and never for an IPv4 address; an accepted "*.x" is that
 * very text.
 */
bool gwapi__dns_matches(gwapi_str accepted, gwapi_str presented);

/* Has the certificate one of the names? The subject is never looked at. */
bool gwapi__names_match(const gwapi__accepted *names, size_t count, const GENERAL_NAMES *all);

/* How well a dNSName fits a server name: 0 not at all, the greater the better, an exact one
 * best.
 */
size_t gwapi__dns_rank(gwapi_str presented, gwapi_str sni);

/* The bytes of a string. */
gwapi_str gwapi__asn1_text(const ASN1_STRING *s);

#endif
