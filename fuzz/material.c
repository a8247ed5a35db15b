/*
 * From manifests to handshakes. The input is the text of certificates and, behind a line "%%", of
 * a key, as a ConfigMap and a Secret hold them; an input that begins like DER is put in a frame
 * first. Whatever it is: what was judged good while resolving can be used by a material, one that
 * shares another's reads the same out of it, and what cannot be used fails closed.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <gatewayapi.h>
#include <gatewayapi/openssl.h>

#include "base/slice.h"
#include "base/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char manifests[] =
    "{apiVersion: gateway.networking.k8s.io/v1, kind: Gateway, metadata: {name: g, namespace: "
    "ns}, spec: {gatewayClassName: c, listeners: [{name: http, port: 80, protocol: HTTP}, "
    "{name: https, port: 443, protocol: HTTPS, tls: {certificateRefs: [{name: s}]}}], tls: "
    "{backend: {clientCertificateRef: {name: s}}, frontend: {default: {validation: "
    "{caCertificateRefs: [{group: '', kind: ConfigMap, name: ca}]}}}}}}\n---\n"
    "{apiVersion: v1, kind: Service, metadata: {name: up, namespace: ns}, spec: {ports: [{name: "
    "a, port: 1}]}}\n---\n"
    "{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: r, namespace: "
    "ns}, spec: {parentRefs: [{name: g}], rules: [{backendRefs: [{name: up, port: 1}]}]}}\n"
    "---\n"
    "{apiVersion: gateway.networking.k8s.io/v1, kind: BackendTLSPolicy, metadata: {name: p, "
    "namespace: ns}, spec: {targetRefs: [{group: '', kind: Service, name: up}], validation: "
    "{hostname: up.example.com, caCertificateRefs: [{group: '', kind: ConfigMap, name: ca}]}}}\n"
    "---\n";

static void require(bool holds, const char *what)
{
    if (holds)
        return;
    fprintf(stderr, "not so: %s\n", what);
    abort();
}

static void need(gwapi_result result, const char *what)
{
    if (result != GWAPI_OK)
        fprintf(stderr, "%s\n", gwapi_result_name(result));
    require(result == GWAPI_OK, what);
}

/* ---- manifests ----------------------------------------------------------------------- */

static void add_base64(gwapi__text *t, gwapi_str bytes)
{
    unsigned char out[5];

    for (size_t i = 0; i < bytes.len; i += 3) {
        size_t len = bytes.len - i < 3 ? bytes.len - i : 3;
        EVP_EncodeBlock(out, (const unsigned char *)bytes.data + i, (int)len);
        gwapi__text_add(t, gwapi__str((const char *)out, 4));
    }
}

static void add_framed(gwapi__text *t, gwapi_str der)
{
    gwapi__text_addz(t, "-----BEGIN CERTIFICATE-----\n");
    add_base64(t, der);
    gwapi__text_addz(t, "\n-----END CERTIFICATE-----\n");
}

static void add_manifests(gwapi__text *t, gwapi_str certificates, gwapi_str key)
{
    gwapi__text_addz(t, manifests);
    gwapi__text_addz(t, "{apiVersion: v1, kind: ConfigMap, metadata: {namespace: ns, name: ca}, "
                        "data: {ca.crt: ");
    gwapi__text_json(t, certificates);
    gwapi__text_addz(t, "}}\n---\n{apiVersion: v1, kind: Secret, type: kubernetes.io/tls, "
                        "metadata: {namespace: ns, name: s}, data: {tls.crt: '");
    add_base64(t, certificates);
    gwapi__text_addz(t, "', tls.key: '");
    add_base64(t, key);
    gwapi__text_addz(t, "'}}\n");
}

static void add_input(gwapi__text *t, gwapi_str input)
{
    size_t cut = gwapi__str_find(input, GWAPI__STR("%%\n"));
    gwapi_str key = gwapi__str(input.data, 0);
    gwapi_allocator a;
    gwapi__text framed;

    need(gwapi__allocator_init(&a, NULL), "there is an allocator");
    gwapi__text_init(&framed, &a);
    if (input.len != 0 && input.data[0] == 0x30) {
        add_framed(&framed, input);
        input = gwapi__text_str(&framed);
    } else if (cut != SIZE_MAX) {
        key = gwapi__str_sub(input, cut + 3, input.len);
        input.len = cut;
    }
    add_manifests(t, input, key);
    gwapi__text_free(&framed);
}

static gwapi_schema *schema(void)
{
    static gwapi_schema *made;
    gwapi_str newest = {NULL, 0};

    if (made == NULL) {
        need(gwapi_schema_new(&made, NULL), "there is memory");
        need(gwapi_schema_add_builtin(made, newest, GWAPI_CHANNEL_EXPERIMENTAL), "a schema");
        need(gwapi_schema_seal(made, NULL, 0), "that is sealed");
    }
    return made;
}

/* NULL: what is in the input cannot stand in a manifest. */
static gwapi_resources *read_manifests(gwapi_str input)
{
    gwapi_source source = GWAPI_SOURCE_INIT;
    gwapi_resources *resources;
    gwapi_allocator a;
    gwapi__text t;

    need(gwapi__allocator_init(&a, NULL), "there is an allocator");
    gwapi__text_init(&t, &a);
    add_input(&t, input);
    source.bytes = gwapi__text_str(&t).data;
    source.len = gwapi__text_str(&t).len;
    need(gwapi_resources_new(&resources, schema(), NULL), "there is memory");
    gwapi_result result = gwapi_resources_read(resources, &source, NULL);
    gwapi__text_free(&t);
    if (result == GWAPI_OK)
        return resources;
    require(result == GWAPI_EUNREADABLE || result == GWAPI_EINVALID, "it is refused in words");
    gwapi_resources_free(resources);
    return NULL;
}

/* ---- handshakes ---------------------------------------------------------------------- */

static gwapi_connection arrive(const gwapi_snapshot *s, gwapi_scratch *scratch, uint16_t port)
{
    gwapi_arrival arrival = GWAPI_ARRIVAL_INIT;
    gwapi_connection connection = GWAPI_CONNECTION_INIT;

    arrival.port = port;
    arrival.transport = port == 443 ? GWAPI_TRANSPORT_TLS : arrival.transport;
    need(gwapi_accept(s, scratch, &arrival, &connection), "a connection is taken");
    return connection;
}

static bool fails_closed(gwapi_result result)
{
    return result == GWAPI_EINVALID || result == GWAPI_ENOTFOUND || result == GWAPI_ESTATE;
}

static void set_up(const gwapi_openssl_material *material, const gwapi_snapshot *s, bool judged)
{
    SSL_CTX *ctx = SSL_CTX_new(TLS_method());
    SSL *client = SSL_new(ctx), *server = SSL_new(ctx);
    gwapi_decision decision = GWAPI_DECISION_INIT;
    gwapi_scratch *scratch;

    need(gwapi_scratch_new(&scratch, s, NULL), "there is memory");
    gwapi_connection plain = arrive(s, scratch, 80), tls = arrive(s, scratch, 443);
    need(gwapi_match(s, scratch, &plain, NULL, &decision), "a request is answered");
    gwapi_result result = gwapi_openssl_connect(material, &decision, 0, client);
    require(result == GWAPI_OK || result == GWAPI_EINVALID, "a policy is met or it is not");
    require((SSL_get_verify_mode(client) & SSL_VERIFY_PEER) != 0, "nobody is believed unseen");
    result = gwapi_openssl_serve(material, &tls, GWAPI__STR("up.example.com"), server);
    require(result == GWAPI_OK || fails_closed(result), "a listener serves or it does not");
    if (judged && tls.tls_mode == GWAPI_TLS_TERMINATE)
        require(result == GWAPI_OK || result == GWAPI_ENOTFOUND, "what was judged can serve");
    gwapi_scratch_free(scratch);
    SSL_free(server);
    SSL_free(client);
    SSL_CTX_free(ctx);
}

static void check_same(gwapi_str a, gwapi_str b, bool judged)
{
    require(gwapi__str_eq(a, b), "sharing changes nothing");
    require(!judged || a.data == NULL, "what was judged good can be used");
}

static void check_material(const gwapi_openssl *openssl, const gwapi_snapshot *s, bool judged)
{
    gwapi_openssl_material_options options = GWAPI_OPENSSL_MATERIAL_OPTIONS_INIT;
    gwapi_openssl_material *first, *second;

    need(gwapi_openssl_material_new(&first, openssl, s, NULL), "a material is made");
    options.previous = first;
    need(gwapi_openssl_material_new(&second, openssl, s, &options), "and one more");
    for (size_t i = 0; i < gwapi_snapshot_bundle_count(s); i++)
        check_same(gwapi_openssl_material_bundle_reason(first, i),
                   gwapi_openssl_material_bundle_reason(second, i), judged);
    for (size_t i = 0; i < gwapi_snapshot_certificate_count(s); i++)
        check_same(gwapi_openssl_material_certificate_reason(first, i),
                   gwapi_openssl_material_certificate_reason(second, i), judged);
    set_up(first, s, judged);
    set_up(second, s, judged);
    gwapi_openssl_material_release(first);
    gwapi_openssl_material_release(second);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    gwapi_certificate_callbacks callbacks = {.struct_size = sizeof callbacks};
    gwapi_compile_options compile = GWAPI_COMPILE_OPTIONS_INIT;
    gwapi_resources *resources =
        read_manifests(gwapi__str(size != 0 ? (const char *)data : "", size));
    gwapi_openssl *openssl;

    if (resources == NULL)
        return 0;
    compile.flags = GWAPI_COMPILE_WITH_KEYS;
    need(gwapi_openssl_new(&openssl, NULL), "there is memory");
    need(gwapi_openssl_certificates(openssl, &callbacks), "it has callbacks");
    for (int judged = 0; judged < 2; judged++) {
        gwapi_resolve_options resolve = GWAPI_RESOLVE_OPTIONS_INIT;
        gwapi_topology *topology;
        gwapi_snapshot *snapshot;
        resolve.certificates = judged != 0 ? &callbacks : NULL;
        need(gwapi_topology_resolve(&topology, resources, &resolve, NULL), "they resolve");
        need(gwapi_snapshot_compile(&snapshot, topology, &compile, NULL), "and compile");
        gwapi_topology_release(topology);
        check_material(openssl, snapshot, judged != 0);
        gwapi_snapshot_release(snapshot);
    }
    require(ERR_peek_error() == 0, "no errors are left behind");
    gwapi_openssl_free(openssl);
    gwapi_resources_free(resources);
    return 0;
}
