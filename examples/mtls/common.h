/* What client and server have in common: manifests become a snapshot and its material. */
#ifndef MTLS_COMMON_H
#define MTLS_COMMON_H

#include <gatewayapi.h>
#include <gatewayapi/openssl.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct host {
    gwapi_openssl *openssl;
    gwapi_snapshot *snapshot;
    gwapi_scratch *scratch;
    gwapi_openssl_material *material;
} host;

static inline void need(gwapi_result result, const char *what)
{
    if (result == GWAPI_OK)
        return;
    fprintf(stderr, "%s: %s\n", what, gwapi_result_text(result));
    exit(2);
}

/* Certificates are judged while resolving; keys go into the snapshot, which stays in memory. */
static inline void host_open(host *h, const char *path)
{
    static char manifests[1 << 20];
    gwapi_certificate_callbacks judge = {sizeof judge, NULL, NULL, NULL};
    gwapi_resolve_options resolve = GWAPI_RESOLVE_OPTIONS_INIT;
    gwapi_compile_options compile = GWAPI_COMPILE_OPTIONS_INIT;
    gwapi_source source = GWAPI_SOURCE_INIT;
    gwapi_str newest = {NULL, 0};
    gwapi_schema *schema;
    gwapi_resources *resources;
    gwapi_topology *topology;
    FILE *file = fopen(path, "rb");

    if (file == NULL) {
        perror(path);
        exit(2);
    }
    source.bytes = manifests;
    source.len = fread(manifests, 1, sizeof manifests, file);
    fclose(file);
    need(gwapi_openssl_new(&h->openssl, NULL), "openssl");
    need(gwapi_openssl_certificates(h->openssl, &judge), "certificates");
    need(gwapi_schema_new(&schema, NULL), "schema");
    need(gwapi_schema_add_builtin(schema, newest, GWAPI_CHANNEL_EXPERIMENTAL), "schema");
    need(gwapi_schema_seal(schema, NULL, 0), "schema");
    need(gwapi_resources_new(&resources, schema, NULL), "resources");
    need(gwapi_resources_read(resources, &source, NULL), path);
    resolve.certificates = &judge;
    need(gwapi_topology_resolve(&topology, resources, &resolve, NULL), "resolve");
    compile.flags = GWAPI_COMPILE_WITH_KEYS;
    need(gwapi_snapshot_compile(&h->snapshot, topology, &compile, NULL), "compile");
    need(gwapi_scratch_new(&h->scratch, h->snapshot, NULL), "scratch");
    need(gwapi_openssl_material_new(&h->material, h->openssl, h->snapshot, NULL), "material");
    gwapi_topology_release(topology);
    gwapi_resources_free(resources);
    gwapi_schema_free(schema);
}

static inline void host_close(host *h)
{
    gwapi_openssl_material_release(h->material);
    gwapi_scratch_free(h->scratch);
    gwapi_snapshot_release(h->snapshot);
    gwapi_openssl_free(h->openssl);
}

/* Why there was no handshake: what the library says of the peer, else what OpenSSL says. */
static inline void print_failure(const host *h, const SSL *ssl)
{
    char text[512];
    size_t len = 0;
    const char *reason = ERR_reason_error_string(ERR_peek_last_error());

    if (gwapi_openssl_failure(h->openssl, ssl, text, sizeof text, &len) == GWAPI_OK && len != 0)
        printf("refused: %.*s\n", (int)len, text);
    else
        printf("failed: %s\n", reason != NULL ? reason : "the connection was closed");
    ERR_clear_error();
}

#endif
