/* Certificates, CA bundles, and the policies for TLS to backends. */
#include "compile/compiler.h"

static gwapi_str datum(const gwapi__resource *object, const char *key)
{
    const gwapi__pairs pairs = object->as.data->data;

    for (size_t i = 0; i < pairs.count; i++)
        if (gwapi__str_eq(pairs.items[i].key, gwapi__str_of(key)))
            return pairs.items[i].value;
    return (gwapi_str){NULL, 0};
}

static void emit_certificate(gwapi__compiler *c, const gwapi__resource *secret)
{
    gwapi__block *b = &c->builder;
    gwapi__image_certificate *record = gwapi__block_add(b, GWAPI__SECTION_CERTIFICATE, NULL);
    gwapi_str key = c->with_keys ? datum(secret, "tls.key") : (gwapi_str){NULL, 0};

    if (record != NULL)
        *record = (gwapi__image_certificate){
            .namespace_ = gwapi__block_text(b, secret->meta.namespace_),
            .name = gwapi__block_text(b, secret->meta.name),
            .certificate = gwapi__block_text(b, datum(secret, "tls.crt")),
            .key = gwapi__block_text(b, key),
        };
}

static void emit_bundle(gwapi__compiler *c, const gwapi__resource *object)
{
    gwapi__block *b = &c->builder;
    gwapi__image_bundle *record = gwapi__block_add(b, GWAPI__SECTION_BUNDLE, NULL);

    if (record != NULL)
        *record = (gwapi__image_bundle){
            .kind = gwapi__block_text(b, object->kind_name),
            .namespace_ = gwapi__block_text(b, object->meta.namespace_),
            .name = gwapi__block_text(b, object->meta.name),
            .certificates = gwapi__block_text(b, datum(object, "ca.crt")),
        };
}

gwapi__image_range gwapi__compile_bundle_list(gwapi__compiler *c,
                                              gwapi__resource *const *objects, size_t count)
{
    gwapi__block *b = &c->builder;
    gwapi__image_range range = {gwapi__block_count(b, GWAPI__SECTION_BUNDLE_INDEX), 0};

    for (size_t i = 0; i < count; i++)
        if (objects[i] != NULL)
            gwapi__block_word(b, GWAPI__SECTION_BUNDLE_INDEX,
                                gwapi__object_set_find(&c->bundles, objects[i]));
    range.count = gwapi__block_count(b, GWAPI__SECTION_BUNDLE_INDEX) - range.first;
    return range;
}

gwapi__image_range gwapi__compile_options(gwapi__compiler *c, gwapi__pairs options)
{
    gwapi__block *b = &c->builder;
    gwapi__image_range range = {gwapi__block_count(b, GWAPI__SECTION_OPTION), 0};

    for (size_t i = 0; i < options.count; i++) {
        gwapi__image_option *record = gwapi__block_add(b, GWAPI__SECTION_OPTION, NULL);
        if (record != NULL)
            *record = (gwapi__image_option){
                .name = gwapi__block_text(b, options.items[i].key),
                .value = gwapi__block_text(b, options.items[i].value),
            };
    }
    range.count = gwapi__block_count(b, GWAPI__SECTION_OPTION) - range.first;
    return range;
}

static gwapi__image_range emit_names(gwapi__compiler *c, const gwapi__backend_tls_policy *spec)
{
    gwapi__block *b = &c->builder;
    gwapi__image_range range = {gwapi__block_count(b, GWAPI__SECTION_SUBJECT_NAME), 0};

    for (size_t i = 0; i < spec->name_count; i++) {
        gwapi__image_subject_name *record =
            gwapi__block_add(b, GWAPI__SECTION_SUBJECT_NAME, NULL);
        if (record != NULL)
            *record = (gwapi__image_subject_name){
                .uri = spec->names[i].uri,
                .value = gwapi__block_text(b, spec->names[i].value),
            };
    }
    range.count = gwapi__block_count(b, GWAPI__SECTION_SUBJECT_NAME) - range.first;
    return range;
}

static void emit_tls_policy(gwapi__compiler *c, const gwapi__resolved_tls_policy *policy,
                            uint32_t *index)
{
    gwapi__block *b = &c->builder;
    const gwapi__backend_tls_policy *spec = policy->resource->as.tls_policy;
    gwapi_str hostname = spec->hostname.data != NULL ? spec->hostname : GWAPI__STR("");
    gwapi__image_tls_policy record = {
        .namespace_ = gwapi__block_text(b, policy->resource->meta.namespace_),
        .name = gwapi__block_text(b, policy->resource->meta.name),
        .hostname = gwapi__block_text(b, hostname),
        .names = emit_names(c, spec),
        .bundles = gwapi__compile_bundle_list(c, policy->ca_certificates, policy->ca_count),
        .well_known = gwapi__block_text(b, spec->well_known),
        .options = gwapi__compile_options(c, spec->options),
    };
    gwapi__image_tls_policy *out = gwapi__block_add(b, GWAPI__SECTION_TLS_POLICY, index);

    if (out != NULL)
        *out = record;
}

gwapi_result gwapi__compile_tls(gwapi__compiler *c)
{
    const gwapi__numbered *t = &c->t;

    c->tls_policy_index = gwapi__compile_array(c, t->tls_policy_count, sizeof(uint32_t));
    GWAPI__TRY(c->builder.failure);
    for (size_t i = 0; i < c->certificates.count; i++)
        emit_certificate(c, c->certificates.items[i]);
    for (size_t i = 0; i < c->bundles.count; i++)
        emit_bundle(c, c->bundles.items[i]);
    for (size_t i = 0; i < t->tls_policy_count; i++)
        if (c->tls_policy_used[i])
            emit_tls_policy(c, &t->tls_policies[i]->tls, &c->tls_policy_index[i]);
    return c->builder.failure;
}
