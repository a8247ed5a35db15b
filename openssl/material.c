#include "openssl/material.h"

#include <stdint.h>
#include <string.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <gatewayapi/tls.h>
#include "openssl/certificate.h"
#include "openssl/handshake.h"
#include "openssl/key.h"

/* ---- memory -------------------------------------------------------------------------- */

static size_t bytes_of(size_t count, size_t size)
{
    return count != 0 ? count * size : size;
}

static void *array(const gwapi_openssl *o, size_t count, size_t size)
{
    void *made = gwapi__openssl_alloc(&o->allocator, bytes_of(count, size));

    if (made != NULL)
        memset(made, 0, bytes_of(count, size));
    return made;
}

static void terms_free(gwapi__terms *terms, size_t count)
{
    for (size_t i = 0; terms != NULL && i < count; i++) {
        X509_STORE_free(terms[i].store);
        sk_X509_NAME_pop_free(terms[i].authorities, X509_NAME_free);
    }
}

static void material_free(gwapi_openssl_material *m)
{
    gwapi_allocator a = m->openssl->allocator;

    for (size_t i = 0; m->bundles != NULL && i < m->bundle_count; i++) {
        sk_X509_pop_free(m->bundles[i].certificates, X509_free);
        X509_STORE_free(m->bundles[i].store);
    }
    for (size_t i = 0; m->pairs != NULL && i < m->pair_count; i++) {
        sk_X509_pop_free(m->pairs[i].chain, X509_free);
        GENERAL_NAMES_free(m->pairs[i].names);
        EVP_PKEY_free(m->pairs[i].key);
    }
    terms_free(m->policies, m->policy_count);
    terms_free(m->listeners, m->listener_count);
    X509_STORE_free(m->system);
    gwapi__openssl_free(&a, m->bundles, bytes_of(m->bundle_count, sizeof *m->bundles));
    gwapi__openssl_free(&a, m->pairs, bytes_of(m->pair_count, sizeof *m->pairs));
    gwapi__openssl_free(&a, m->policies, bytes_of(m->policy_count, sizeof *m->policies));
    gwapi__openssl_free(&a, m->listeners, bytes_of(m->listener_count, sizeof *m->listeners));
    gwapi__openssl_free(&a, m->names, bytes_of(m->name_count, sizeof *m->names));
    gwapi_snapshot_release(m->snapshot);
    gwapi__openssl_free(&a, m, sizeof *m);
}

gwapi_openssl_material *gwapi_openssl_material_retain(const gwapi_openssl_material *material)
{
    gwapi_openssl_material *m = (gwapi_openssl_material *)(uintptr_t)material;

    atomic_fetch_add_explicit(&m->references, 1, memory_order_relaxed);
    return m;
}

void gwapi_openssl_material_release(const gwapi_openssl_material *material)
{
    gwapi_openssl_material *m = (gwapi_openssl_material *)(uintptr_t)material;

    if (m != NULL && atomic_fetch_sub_explicit(&m->references, 1, memory_order_acq_rel) == 1)
        material_free(m);
}

/* ---- reading PEM --------------------------------------------------------------------- */

static void keep_reason(void *ctx, gwapi_str reason)
{
    char *out = ctx;
    size_t len = reason.len < GWAPI__REASON ? reason.len : GWAPI__REASON - 1;

    memcpy(out, reason.data, len);
    out[len] = '\0';
}

/* Reading asks for reasons only: facts were told while the set was resolved. */
static gwapi_certificate_findings findings_to(char reason[GWAPI__REASON])
{
    return (gwapi_certificate_findings){sizeof(gwapi_certificate_findings), reason, NULL,
                                        keep_reason};
}

static gwapi_result add_certificate(void *list, X509 *x, uint32_t line)
{
    (void)line;
    if (sk_X509_push((STACK_OF(X509) *)list, x) != 0)
        return GWAPI_OK;
    X509_free(x);
    return GWAPI_ENOMEM;
}

/* Every certificate of a text; *out, to be released also after a failure, may be NULL. */
static gwapi_result read_certificates(STACK_OF(X509) * *out, const gwapi_openssl *o,
                                      gwapi_str text,
                                      const gwapi_certificate_findings *findings)
{
    *out = sk_X509_new_null();
    return *out != NULL ? gwapi__certificates_each(o, text, findings, add_certificate, *out)
                        : GWAPI_ENOMEM;
}

static bool same(gwapi_str a, gwapi_str b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

/* ---- bundles ------------------------------------------------------------------------- */

static X509_STORE *new_store(const gwapi_openssl *o)
{
    X509_STORE *store = X509_STORE_new();

    if (store != NULL && !gwapi__handshake_prepare(store, o)) {
        X509_STORE_free(store);
        store = NULL;
    }
    return store;
}

static bool add_all(X509_STORE *store, const STACK_OF(X509) * certificates)
{
    for (int i = 0; i < sk_X509_num(certificates); i++)
        if (X509_STORE_add_cert(store, sk_X509_value(certificates, i)) != 1)
            return false;
    return true;
}

/* The one that was read before from the same bytes; NULL without. */
static const gwapi__trusted *bundle_before(const gwapi_openssl_material *previous,
                                           const gwapi_bundle_info *info)
{
    gwapi_bundle_info old = {.struct_size = sizeof old};
    uint32_t i;

    if (previous == NULL ||
        gwapi_snapshot_bundle_find(previous->snapshot, info, &i) != GWAPI_OK ||
        gwapi_snapshot_bundle_at(previous->snapshot, i, &old) != GWAPI_OK ||
        !same(old.certificates, info->certificates))
        return NULL;
    return previous->bundles[i].store != NULL ? &previous->bundles[i] : NULL;
}

static gwapi_result share_bundle(gwapi__trusted *t, const gwapi__trusted *before)
{
    t->certificates = X509_chain_up_ref(before->certificates);
    if (t->certificates != NULL && X509_STORE_up_ref(before->store) == 1)
        t->store = before->store;
    return gwapi__openssl_done(t->store != NULL);
}

static gwapi_result read_bundle(gwapi__trusted *t, const gwapi_openssl *o, gwapi_str text)
{
    gwapi_certificate_findings findings = findings_to(t->reason);
    gwapi_result result = read_certificates(&t->certificates, o, text, &findings);

    if (result != GWAPI_OK)
        return result;
    X509_STORE *store = new_store(o);
    if (store == NULL || !add_all(store, t->certificates)) {
        X509_STORE_free(store);
        return GWAPI_ENOMEM;
    }
    t->store = store;
    return GWAPI_OK;
}

static gwapi_result load_bundle(gwapi_openssl_material *m, size_t i,
                                const gwapi_openssl_material *previous)
{
    gwapi_bundle_info info = {.struct_size = sizeof info};
    gwapi_result result = gwapi_snapshot_bundle_at(m->snapshot, i, &info);
    const gwapi__trusted *before = bundle_before(previous, &info);
    gwapi__errors errors;

    gwapi__errors_open(&errors);
    if (result == GWAPI_OK)
        result = before != NULL ? share_bundle(&m->bundles[i], before)
                                : read_bundle(&m->bundles[i], m->openssl, info.certificates);
    result = gwapi__errors_end(&errors, result);
    return result == GWAPI_EINVALID ? GWAPI_OK : result;
}

/* Adds one more bundle to what is trusted. The first one's store is shared as it is. */
static gwapi_result trust(gwapi_openssl_material *m, gwapi__terms *terms, uint32_t bundle,
                          bool *own)
{
    const gwapi__trusted *t = &m->bundles[bundle];

    if (t->store == NULL)
        return GWAPI_OK;
    if (terms->store == NULL) {
        terms->store = t->store;
        return gwapi__openssl_done(X509_STORE_up_ref(t->store) == 1);
    }
    if (!*own) {
        X509_STORE *both = new_store(m->openssl);
        STACK_OF(X509) *first = both != NULL ? X509_STORE_get1_all_certs(terms->store) : NULL;
        bool good = first != NULL && add_all(both, first);
        sk_X509_pop_free(first, X509_free);
        X509_STORE_free(good ? terms->store : both);
        if (!good)
            return GWAPI_ENOMEM;
        terms->store = both;
        *own = true;
    }
    return gwapi__openssl_done(add_all(terms->store, t->certificates));
}

/* ---- policies ------------------------------------------------------------------------ */

/* The usual file and folder of CAs, by what OpenSSL's environment variables and its build say. Not
 * by X509_STORE_set_default_paths_ex, whose third way, the same folder again, frees twice what it
 * has no memory for (OpenSSL 3.0). A file that is not there is no failure: nobody is trusted. */
static bool add_usual_places(X509_STORE *store, const gwapi_openssl *o)
{
    X509_LOOKUP *file = X509_STORE_add_lookup(store, X509_LOOKUP_file());
    X509_LOOKUP *folder =
        file != NULL ? X509_STORE_add_lookup(store, X509_LOOKUP_hash_dir()) : NULL;
    gwapi__errors errors;

    gwapi__errors_open(&errors);
    bool good = folder != NULL && X509_LOOKUP_add_dir(folder, NULL, X509_FILETYPE_DEFAULT) == 1;
    if (good && X509_LOOKUP_load_file_ex(file, NULL, X509_FILETYPE_DEFAULT, o->library,
                                         o->properties) != 1)
        good = !gwapi__errors_memory(&errors);
    gwapi__errors_close(&errors);
    return good;
}

static gwapi_result trust_system(gwapi_openssl_material *m, gwapi__terms *terms)
{
    if (m->system == NULL) {
        m->system = new_store(m->openssl);
        if (m->system == NULL || !add_usual_places(m->system, m->openssl))
            return GWAPI_ENOMEM;
    }
    terms->store = m->system;
    return gwapi__openssl_done(X509_STORE_up_ref(m->system) == 1);
}

/* Counted first, then filled. */
static size_t names_of(const gwapi_openssl_material *m, uint32_t policy,
                       const gwapi_tls_policy *info, gwapi__accepted *out)
{
    if (out != NULL && info->name_count == 0)
        *out = (gwapi__accepted){false, info->sni};
    for (uint32_t j = 0; out != NULL && j < info->name_count; j++) {
        gwapi_tls_name name = {.struct_size = sizeof name};
        gwapi_tls_name_at(m->snapshot, policy, j, &name);
        out[j] = (gwapi__accepted){name.uri != 0, name.value};
    }
    return info->name_count != 0 ? info->name_count : 1;
}

static gwapi_result load_policy(gwapi_openssl_material *m, uint32_t i, size_t *name)
{
    gwapi_tls_policy info = {.struct_size = sizeof info};
    gwapi__terms *terms = &m->policies[i];
    gwapi_result result = gwapi_tls_policy_at(m->snapshot, i, &info);
    bool own = false;

    terms->names = m->names + *name;
    terms->name_count = names_of(m, i, &info, m->names + *name);
    *name += terms->name_count;
    for (uint32_t j = 0; result == GWAPI_OK && j < info.bundle_count; j++) {
        uint32_t bundle;
        result = gwapi_tls_bundle_at(m->snapshot, i, j, &bundle);
        if (result == GWAPI_OK)
            result = trust(m, terms, bundle, &own);
    }
    if (result == GWAPI_OK && info.bundle_count == 0 &&
        same(info.well_known, (gwapi_str){"System", 6}))
        result = trust_system(m, terms);
    return result;
}

static gwapi_result load_policies(gwapi_openssl_material *m)
{
    gwapi_tls_policy info = {.struct_size = sizeof info};
    gwapi_result result = GWAPI_OK;
    size_t name = 0;

    for (uint32_t i = 0; i < m->policy_count; i++)
        if (gwapi_tls_policy_at(m->snapshot, i, &info) == GWAPI_OK)
            m->name_count += names_of(m, i, &info, NULL);
    m->names = array(m->openssl, m->name_count, sizeof *m->names);
    if (m->names == NULL)
        return GWAPI_ENOMEM;
    for (uint32_t i = 0; result == GWAPI_OK && i < m->policy_count; i++)
        result = load_policy(m, i, &name);
    return result;
}

/* ---- listeners ----------------------------------------------------------------------- */

static bool digest_str(EVP_MD_CTX *ctx, gwapi_str s)
{
    uint64_t len = s.len;

    return EVP_DigestUpdate(ctx, &len, sizeof len) == 1 &&
           (s.len == 0 || EVP_DigestUpdate(ctx, s.data, s.len) == 1);
}

static bool digest_bundles(EVP_MD_CTX *ctx, const gwapi_openssl_material *m, size_t i,
                           const gwapi_listener_info *l)
{
    bool good = true;

    for (uint32_t j = 0; good && j < l->bundle_count; j++) {
        gwapi_bundle_info info = {.struct_size = sizeof info};
        uint32_t bundle = 0;
        good = gwapi_snapshot_listener_bundle_at(m->snapshot, i, j, &bundle) == GWAPI_OK &&
               gwapi_snapshot_bundle_at(m->snapshot, bundle, &info) == GWAPI_OK &&
               digest_str(ctx, info.certificates);
    }
    return good;
}

/* A session is resumed only where its client would have been validated the same way: on the
 * same listener, with the same mode and the same bundles. */
static gwapi_result mark_sessions(gwapi_openssl_material *m, size_t i,
                                  const gwapi_listener_info *l)
{
    const gwapi_str texts[] = {l->gateway_namespace, l->gateway_name, l->listener_set_namespace,
                               l->listener_set, l->name};
    EVP_MD *md = EVP_MD_fetch(m->openssl->library, "SHA256", m->openssl->properties);
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    bool good = md != NULL && ctx != NULL && EVP_DigestInit_ex2(ctx, md, NULL) == 1;

    for (size_t k = 0; good && k < sizeof texts / sizeof *texts; k++)
        good = digest_str(ctx, texts[k]);
    good = good && EVP_DigestUpdate(ctx, &l->validation_mode, sizeof l->validation_mode) == 1 &&
           digest_bundles(ctx, m, i, l) &&
           EVP_DigestFinal_ex(ctx, m->listeners[i].session, NULL) == 1;
    EVP_MD_CTX_free(ctx);
    EVP_MD_free(md);
    return gwapi__openssl_done(good);
}

static bool add_authorities(gwapi__terms *terms, const STACK_OF(X509) * certificates)
{
    for (int i = 0; i < sk_X509_num(certificates); i++) {
        X509_NAME *name = X509_NAME_dup(X509_get_subject_name(sk_X509_value(certificates, i)));
        if (name == NULL || sk_X509_NAME_push(terms->authorities, name) == 0) {
            X509_NAME_free(name);
            return false;
        }
    }
    return true;
}

static gwapi_result load_listener(gwapi_openssl_material *m, size_t i)
{
    gwapi_listener_info info = {.struct_size = sizeof info};
    gwapi__terms *terms = &m->listeners[i];
    gwapi_result result = gwapi_snapshot_listener_at(m->snapshot, i, &info);
    bool own = false;

    if (result != GWAPI_OK || info.tls_mode != GWAPI_TLS_TERMINATE)
        return result;
    terms->authorities = sk_X509_NAME_new_null();
    if (terms->authorities == NULL)
        return GWAPI_ENOMEM;
    for (uint32_t j = 0; result == GWAPI_OK && j < info.bundle_count; j++) {
        uint32_t bundle;
        result = gwapi_snapshot_listener_bundle_at(m->snapshot, i, j, &bundle);
        if (result == GWAPI_OK)
            result = trust(m, terms, bundle, &own);
        if (result == GWAPI_OK && m->bundles[bundle].store != NULL &&
            !add_authorities(terms, m->bundles[bundle].certificates))
            result = GWAPI_ENOMEM;
    }
    return result == GWAPI_OK ? mark_sessions(m, i, &info) : result;
}

/* ---- certificates -------------------------------------------------------------------- */

/* The one that was read before from the same bytes; NULL without. */
static const gwapi__pair *pair_before(const gwapi_openssl_material *previous,
                                      const gwapi_certificate_info *info)
{
    gwapi_certificate_info old = {.struct_size = sizeof old};
    uint32_t i;

    if (previous == NULL || info->key.len == 0 ||
        gwapi_snapshot_certificate_find(previous->snapshot, info, &i) != GWAPI_OK ||
        gwapi_snapshot_certificate_at(previous->snapshot, i, &old) != GWAPI_OK ||
        !same(old.certificate, info->certificate) || !same(old.key, info->key))
        return NULL;
    return previous->pairs[i].key != NULL ? &previous->pairs[i] : NULL;
}

/* The host's key, else the image's. */
static gwapi_result load_key(EVP_PKEY **out, const gwapi_openssl *o,
                             const gwapi_openssl_material_options *options,
                             const gwapi_certificate_info *info,
                             const gwapi_certificate_findings *findings)
{
    gwapi_result result = GWAPI_ENOTFOUND;

    *out = NULL;
    if (options->key != NULL)
        result = options->key(options->key_ctx, info, out);
    if (result != GWAPI_ENOTFOUND)
        return result;
    if (info->key.len == 0)
        return gwapi__refuse(findings, "there is no private key: the image holds none");
    return gwapi__key_find(out, o, info->key, findings);
}

static gwapi_result read_names(gwapi__pair *p, const gwapi_certificate_findings *findings)
{
    int critical = 0;

    p->names =
        X509_get_ext_d2i(sk_X509_value(p->chain, 0), NID_subject_alt_name, &critical, NULL);
    return p->names != NULL || critical == -1
               ? GWAPI_OK
               : gwapi__refuse(findings, "the subjectAltName cannot be read");
}

static gwapi_result fill_pair(gwapi__pair *p, const gwapi_openssl *o,
                              const gwapi_openssl_material_options *options,
                              const gwapi_certificate_info *info)
{
    gwapi_certificate_findings findings = findings_to(p->reason);
    EVP_PKEY *key = NULL;
    gwapi_result result = read_certificates(&p->chain, o, info->certificate, &findings);

    if (result == GWAPI_OK)
        result = read_names(p, &findings);
    if (result == GWAPI_OK)
        result = load_key(&key, o, options, info, &findings);
    if (result == GWAPI_OK && X509_check_private_key(sk_X509_value(p->chain, 0), key) != 1)
        result = gwapi__refuse(&findings, "the private key belongs to another certificate");
    if (result == GWAPI_OK)
        p->key = key;
    else
        EVP_PKEY_free(key);
    return result;
}

static gwapi_result share_pair(gwapi__pair *p, const gwapi__pair *before)
{
    gwapi_certificate_findings findings = findings_to(p->reason);

    p->chain = X509_chain_up_ref(before->chain);
    gwapi_result result = p->chain != NULL ? read_names(p, &findings) : GWAPI_ENOMEM;
    if (result == GWAPI_OK && EVP_PKEY_up_ref(before->key) == 1)
        p->key = before->key;
    return result;
}

static gwapi_result load_pair(gwapi_openssl_material *m, size_t i,
                              const gwapi_openssl_material_options *options)
{
    gwapi__pair *p = &m->pairs[i];
    gwapi_certificate_info info = {.struct_size = sizeof info};
    gwapi_result result = gwapi_snapshot_certificate_at(m->snapshot, i, &info);
    const gwapi__pair *before =
        options->key == NULL ? pair_before(options->previous, &info) : NULL;
    gwapi__errors errors;

    gwapi__errors_open(&errors);
    if (result == GWAPI_OK)
        result =
            before != NULL ? share_pair(p, before) : fill_pair(p, m->openssl, options, &info);
    result = gwapi__errors_end(&errors, result);
    return result == GWAPI_EINVALID ? GWAPI_OK : result;
}

/* ---- all of it ----------------------------------------------------------------------- */

static gwapi_result load(gwapi_openssl_material *m,
                         const gwapi_openssl_material_options *options)
{
    gwapi_result result = GWAPI_OK;

    m->bundles = array(m->openssl, m->bundle_count, sizeof *m->bundles);
    m->pairs = array(m->openssl, m->pair_count, sizeof *m->pairs);
    m->policies = array(m->openssl, m->policy_count, sizeof *m->policies);
    m->listeners = array(m->openssl, m->listener_count, sizeof *m->listeners);
    if (m->bundles == NULL || m->pairs == NULL || m->policies == NULL || m->listeners == NULL)
        return GWAPI_ENOMEM;
    for (size_t i = 0; result == GWAPI_OK && i < m->bundle_count; i++)
        result = load_bundle(m, i, options->previous);
    for (size_t i = 0; result == GWAPI_OK && i < m->pair_count; i++)
        result = load_pair(m, i, options);
    if (result == GWAPI_OK)
        result = load_policies(m);
    for (size_t i = 0; result == GWAPI_OK && i < m->listener_count; i++)
        result = load_listener(m, i);
    return result;
}

gwapi_result gwapi_openssl_material_new(gwapi_openssl_material **out,
                                        const gwapi_openssl *openssl,
                                        const gwapi_snapshot *snapshot,
                                        const gwapi_openssl_material_options *options)
{
    gwapi_openssl_material_options given;
    gwapi__errors errors;

    if (out == NULL)
        return GWAPI_EARGUMENT;
    *out = NULL;
    gwapi_result result = gwapi__openssl_struct(&given, sizeof given, options);
    if (result == GWAPI_OK && (openssl == NULL || snapshot == NULL ||
                               (given.previous != NULL && given.previous->openssl != openssl)))
        result = GWAPI_EARGUMENT;
    if (result != GWAPI_OK)
        return result;
    gwapi_openssl_material *m = array(openssl, 1, sizeof *m);
    if (m == NULL)
        return GWAPI_ENOMEM;
    atomic_init(&m->references, 1);
    m->openssl = openssl;
    m->snapshot = gwapi_snapshot_retain(snapshot);
    m->bundle_count = gwapi_snapshot_bundle_count(snapshot);
    m->pair_count = gwapi_snapshot_certificate_count(snapshot);
    m->policy_count = gwapi_tls_policy_count(snapshot);
    m->listener_count = gwapi_snapshot_listener_count(snapshot);
    gwapi__errors_open(&errors);
    result = load(m, &given);
    gwapi__errors_close(&errors);
    if (result == GWAPI_OK)
        *out = m;
    else
        material_free(m);
    return result;
}

/* ---- what is wrong with it ----------------------------------------------------------- */

static gwapi_str reason_of(bool good, const char *reason)
{
    return good ? (gwapi_str){NULL, 0} : (gwapi_str){reason, strlen(reason)};
}

gwapi_str gwapi_openssl_material_bundle_reason(const gwapi_openssl_material *m, size_t i)
{
    if (m == NULL || i >= m->bundle_count)
        return (gwapi_str){NULL, 0};
    return reason_of(m->bundles[i].store != NULL, m->bundles[i].reason);
}

gwapi_str gwapi_openssl_material_certificate_reason(const gwapi_openssl_material *m, size_t i)
{
    if (m == NULL || i >= m->pair_count)
        return (gwapi_str){NULL, 0};
    return reason_of(m->pairs[i].key != NULL, m->pairs[i].reason);
}
