/* As a client: to a backend, under its BackendTLSPolicy. */
#include <string.h>
#include <gatewayapi/tls.h>
#include "openssl/handshake.h"

enum { LONGEST_NAME = 253 };

static bool send_name(SSL *ssl, gwapi_str sni)
{
    char name[LONGEST_NAME + 1];

    if (sni.len != 0 && sni.data[sni.len - 1] == '.')
        sni.len--;
    if (sni.len == 0 || sni.len > LONGEST_NAME || memchr(sni.data, '\0', sni.len) != NULL)
        return false;
    memcpy(name, sni.data, sni.len);
    name[sni.len] = '\0';
    return SSL_set_tlsext_host_name(ssl, name) == 1;
}

static gwapi_result present(SSL *ssl, const gwapi_openssl_material *m, uint32_t certificate)
{
    /* Whatever the SSL_CTX presents is not the Gateway's. */
    SSL_certs_clear(ssl);
    if (certificate == GWAPI_NONE)
        return GWAPI_OK;
    if (certificate >= m->pair_count || m->pairs[certificate].key == NULL)
        return GWAPI_EINVALID;
    return gwapi__handshake_present(ssl, &m->pairs[certificate]);
}

static gwapi_result set_up(SSL *ssl, const gwapi_openssl_material *m,
                           const gwapi_tls_policy *policy)
{
    const gwapi__terms *terms = &m->policies[policy->policy];

    /* First of all, so that whatever fails nobody is believed. */
    SSL_set_verify(ssl, SSL_VERIFY_PEER, gwapi__handshake_refuse);
    if (policy->fault != GWAPI_BACKEND_FAULT_NONE || terms->store == NULL ||
        !gwapi__handshake_versions(ssl))
        return GWAPI_EINVALID;
    gwapi_result result = gwapi__handshake_begin(ssl, m, terms, false);
    if (result == GWAPI_OK)
        result = present(ssl, m, policy->client_certificate);
    if (result != GWAPI_OK)
        return result;
    if (!send_name(ssl, policy->sni))
        return GWAPI_EINVALID;
    bool good = SSL_set1_verify_cert_store(ssl, terms->store) == 1;
    SSL_set_verify(ssl, SSL_VERIFY_PEER,
                   good ? gwapi__handshake_verify : gwapi__handshake_refuse);
    return gwapi__openssl_done(good);
}

static gwapi_result end(SSL *ssl, const gwapi_openssl_material *m, gwapi_result result,
                        const gwapi_tls_policy *policy)
{
    gwapi__errors errors;

    if (result != GWAPI_OK)
        return result;
    if (policy->policy == GWAPI_NONE)
        return GWAPI_ENOTFOUND;
    gwapi__errors_open(&errors);
    result = set_up(ssl, m, policy);
    gwapi__errors_close(&errors);
    return result;
}

gwapi_result gwapi_openssl_connect(const gwapi_openssl_material *material,
                                   const gwapi_decision *decision, size_t i, SSL *ssl)
{
    gwapi_tls_policy policy = {.struct_size = sizeof policy};

    if (material == NULL || decision == NULL || ssl == NULL)
        return GWAPI_EARGUMENT;
    if (decision->snapshot != material->snapshot)
        return GWAPI_ESTATE;
    return end(ssl, material, gwapi_tls_backend(decision, i, &policy), &policy);
}

gwapi_result gwapi_openssl_connect_target(const gwapi_openssl_material *material,
                                          uint32_t gateway, uint32_t backend, SSL *ssl)
{
    gwapi_tls_policy policy = {.struct_size = sizeof policy};

    if (material == NULL || ssl == NULL)
        return GWAPI_EARGUMENT;
    return end(ssl, material, gwapi_tls_between(material->snapshot, gateway, backend, &policy),
               &policy);
}
