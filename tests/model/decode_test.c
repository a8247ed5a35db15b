#include "model/support.h"
#include "support/oom.h"

#define META "apiVersion: v\nkind: k\nmetadata: {name: it, namespace: ns}\n"

Test(model_decode, metadata_and_identity)
{
    gwapi__resource *r =
        test_decode("apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\n"
                    "metadata:\n  name: shop\n  namespace: front\n  uid: u-1\n  generation: 7\n"
                    "  creationTimestamp: 2025-11-23T10:20:30Z\n  labels: {a: b, c: d}\n",
                    GWAPI__KIND_HTTP_ROUTE, NULL);

    cr_assert_eq(r->kind, GWAPI__KIND_HTTP_ROUTE);
    ASSERT_STR(r->group, "gateway.networking.k8s.io");
    ASSERT_STR(r->kind_name, "HTTPRoute");
    ASSERT_STR(r->version, "v1");
    ASSERT_STR(r->meta.name, "shop");
    ASSERT_STR(r->meta.namespace_, "front");
    ASSERT_STR(r->meta.uid, "u-1");
    ASSERT_STR(r->file, "test.yaml");
    cr_assert_eq(r->line, 1);
    cr_assert_eq(r->meta.generation, 7);
    cr_assert_eq(r->meta.created, 1763893230);
    cr_assert_eq(r->meta.labels.count, 2);
    ASSERT_STR(r->meta.labels.items[1].key, "c");
    ASSERT_STR(r->meta.labels.items[1].value, "d");
    cr_assert_null(r->source);
    gwapi__resource_release(r);
}

Test(model_decode, what_metadata_lacks_has_a_fallback)
{
    gwapi__resource *r = test_decode("metadata: {name: it, creationTimestamp: null}\n",
                                     GWAPI__KIND_NAMESPACE, NULL);

    ASSERT_STR(r->meta.namespace_, "");
    ASSERT_ABSENT(r->meta.uid);
    cr_assert_eq(r->meta.generation, 1);
    cr_assert_eq(r->meta.created, GWAPI__CREATED_UNKNOWN);
    gwapi__resource_release(r);
}

Test(model_decode, an_object_without_a_name_is_none)
{
    static const char *const texts[] = {"spec: {}\n",
                                        "metadata: {}\n",
                                        "metadata: null\n",
                                        "metadata: {name: ''}\n",
                                        "metadata: {name: 3}\n",
                                        "metadata: []\n"};

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        gwapi__resource *r;
        cr_expect_eq(
            test_decode_with(NULL, texts[i], GWAPI__STR("g"), GWAPI__STR("K"), false, NULL, &r),
            GWAPI_EINVALID, "%s", texts[i]);
        cr_expect_null(r);
    }
    gwapi__resource *r = NULL;
    cr_assert_eq(test_decode_with(NULL, "metadata: {generateName: a-}\n", GWAPI__STR("g"),
                                  GWAPI__STR("K"), true, NULL, &r),
                 GWAPI_OK);
    ASSERT_STR(r->meta.name, "");
    cr_assert_not_null(r->source);
    gwapi__resource_release(r);
}

/* ---- Gateway ------------------------------------------------------------------------- */

static const char gateway_text[] = META
    "spec:\n"
    "  gatewayClassName: c\n"
    "  defaultScope: All\n"
    "  addresses:\n"
    "  - {value: 10.0.0.1}\n"
    "  - {type: Hostname, value: a.example}\n"
    "  - {type: IPAddress}\n"
    "  infrastructure:\n"
    "    labels: {l: '1'}\n"
    "    annotations: {x/y: z}\n"
    "    parametersRef: {group: '', kind: ConfigMap, name: p}\n"
    "  allowedListeners: {namespaces: {from: Selector, selector: {}}}\n"
    "  tls:\n"
    "    backend: {clientCertificateRef: {name: client}}\n"
    "    frontend:\n"
    "      default: {validation: {caCertificateRefs: [{group: '', kind: ConfigMap, name: "
    "ca}]}}\n"
    "      perPort:\n"
    "      - {port: 8443, tls: {validation: {mode: AllowInsecureFallback, caCertificateRefs: "
    "[]}}}\n"
    "      - {port: 9443, tls: {}}\n"
    "  listeners:\n"
    "  - {name: http, port: 80, protocol: HTTP}\n"
    "  - name: https\n"
    "    hostname: '*.example.com'\n"
    "    port: 443\n"
    "    protocol: HTTPS\n"
    "    tls:\n"
    "      options: {o: v}\n"
    "      certificateRefs: [{name: cert}, {group: g, kind: K, namespace: other, name: c2}]\n"
    "    allowedRoutes:\n"
    "      kinds: [{kind: HTTPRoute}, {group: g, kind: TCPRoute}]\n"
    "      namespaces:\n"
    "        from: Selector\n"
    "        selector:\n"
    "          matchLabels: {env: prod}\n"
    "          matchExpressions:\n"
    "          - {key: team, operator: NotIn, values: [a, b]}\n"
    "          - {key: x, operator: Exists}\n"
    "          - {key: z, operator: Around}\n"
    "  - {name: tls, port: 8443, protocol: TLS, tls: {mode: Passthrough}}\n"
    "  - {name: odd, port: 1, protocol: example.com/odd, tls: {mode: New},"
    " allowedRoutes: {namespaces: {from: None}}}\n";

Test(model_decode, a_gateway_with_everything)
{
    gwapi__resource *r = test_decode(gateway_text, GWAPI__KIND_GATEWAY, NULL);
    const gwapi__gateway *g = r->as.gateway;

    ASSERT_STR(g->class_name, "c");
    cr_assert(g->default_scope_all);
    cr_assert_eq(g->address_count, 3);
    ASSERT_STR(g->addresses[0].type, "IPAddress");
    ASSERT_STR(g->addresses[1].value, "a.example");
    ASSERT_ABSENT(g->addresses[2].value);
    cr_assert(g->has_parameters);
    cr_assert_eq(g->parameters.known, GWAPI__KIND_CONFIG_MAP);
    ASSERT_STR(g->infrastructure_labels.items[0].value, "1");
    ASSERT_STR(g->infrastructure_annotations.items[0].key, "x/y");
    cr_assert(g->has_allowed_listeners);
    cr_assert_eq(g->allowed_listeners.from, GWAPI__FROM_SELECTOR);
    cr_assert(g->allowed_listeners.selector.present);
    cr_assert_eq(g->allowed_listeners.selector.count, 0);
    cr_assert(g->has_client_certificate);
    cr_assert_eq(g->client_certificate.known, GWAPI__KIND_SECRET);
    cr_assert_eq(g->frontend_count, 3);
    cr_assert_eq(g->frontend[0].port, 0);
    cr_assert(g->frontend[0].has_validation);
    cr_assert_eq(g->frontend[0].mode, GWAPI__VALIDATION_ALLOW_VALID_ONLY);
    ASSERT_STR(g->frontend[0].ca_certificates.items[0].name, "ca");
    cr_assert_eq(g->frontend[1].port, 8443);
    cr_assert_eq(g->frontend[1].mode, GWAPI__VALIDATION_ALLOW_INSECURE_FALLBACK);
    cr_assert_not(g->frontend[2].has_validation);
    cr_assert_not(r->undecodable);
    gwapi__resource_release(r);
}

Test(model_decode, listeners)
{
    gwapi__resource *r = test_decode(gateway_text, GWAPI__KIND_GATEWAY, NULL);
    const gwapi__listener *l = r->as.gateway->listeners;

    cr_assert_eq(r->as.gateway->listener_count, 4);
    cr_assert_eq(l[0].protocol, GWAPI__PROTOCOL_HTTP);
    ASSERT_ABSENT(l[0].hostname);
    cr_assert_not(l[0].has_tls);
    cr_assert_eq(l[0].namespaces.from, GWAPI__FROM_SAME);
    cr_assert_eq(l[0].kind_count, 0);
    ASSERT_STR(l[1].hostname, "*.example.com");
    cr_assert_eq(l[1].port, 443);
    cr_assert(l[1].has_tls);
    cr_assert_eq(l[1].tls_mode, GWAPI__TLS_TERMINATE);
    cr_assert_eq(l[1].certificates.count, 2);
    cr_assert_eq(l[1].certificates.items[0].known, GWAPI__KIND_SECRET);
    ASSERT_ABSENT(l[1].certificates.items[0].namespace_);
    ASSERT_STR(l[1].certificates.items[1].namespace_, "other");
    cr_assert_eq(l[1].certificates.items[1].known, GWAPI__KIND_OTHER);
    ASSERT_STR(l[1].tls_options.items[0].value, "v");
    cr_assert_eq(l[1].kinds[0].known, GWAPI__KIND_HTTP_ROUTE);
    cr_assert_eq(l[1].kinds[1].known, GWAPI__KIND_OTHER);
    const gwapi__selector *s = &l[1].namespaces.selector;
    cr_assert(s->present);
    cr_assert_eq(s->count, 4);
    cr_assert_eq(s->terms[0].operator_, GWAPI__SELECTOR_IN);
    ASSERT_STR(s->terms[0].key, "env");
    ASSERT_STR(s->terms[0].values.items[0], "prod");
    cr_assert_eq(s->terms[1].operator_, GWAPI__SELECTOR_NOT_IN);
    cr_assert_eq(s->terms[1].values.count, 2);
    cr_assert_eq(s->terms[2].operator_, GWAPI__SELECTOR_EXISTS);
    cr_assert_eq(s->terms[3].operator_, GWAPI__SELECTOR_UNKNOWN);
    cr_assert_eq(l[2].tls_mode, GWAPI__TLS_PASSTHROUGH);
    cr_assert_eq(l[3].protocol, GWAPI__PROTOCOL_OTHER);
    ASSERT_STR(l[3].protocol_text, "example.com/odd");
    cr_assert_eq(l[3].tls_mode, GWAPI__TLS_UNKNOWN);
    cr_assert_eq(l[3].namespaces.from, GWAPI__FROM_UNKNOWN);
    gwapi__resource_release(r);
}

Test(model_decode, an_undecodable_part_spoils_its_listener_or_all_of_them)
{
    static const struct {
        const char *spec;
        bool gateway, first, second;
    } rows[] = {
        {"{listeners: [{name: a, hostname: 5}, {name: b}]}", false, true, false},
        {"{listeners: [{name: a}, {name: b, allowedRoutes: {namespaces: {selector: []}}}]}",
         false, false, true},
        {"{tls: {frontend: 5}, listeners: [{name: a}, {name: b}]}", true, true, true},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[256];
        snprintf(text, sizeof text, META "spec: %s\n", rows[i].spec);
        gwapi__resource *r = test_decode(text, GWAPI__KIND_GATEWAY, NULL);
        cr_assert_eq(r->as.gateway->listener_count, 2);
        cr_expect_eq(r->undecodable, rows[i].gateway, "row %zu", i);
        cr_expect_eq(r->as.gateway->listeners[0].undecodable, rows[i].first, "row %zu", i);
        cr_expect_eq(r->as.gateway->listeners[1].undecodable, rows[i].second, "row %zu", i);
        gwapi__resource_release(r);
    }
}

Test(model_decode, classes_listener_sets_and_meshes)
{
    gwapi__resource *r = test_decode(
        META "spec: {controllerName: a/b, parametersRef: {group: g, kind: K, name: p,"
             " namespace: x}}\n",
        GWAPI__KIND_GATEWAY_CLASS, NULL);
    ASSERT_STR(r->as.gateway_class->controller_name, "a/b");
    cr_assert(r->as.gateway_class->has_parameters);
    ASSERT_STR(r->as.gateway_class->parameters.namespace_, "x");
    gwapi__resource_release(r);

    r = test_decode(META "spec: {controllerName: a/b}\n", GWAPI__KIND_MESH, NULL);
    ASSERT_STR(r->as.gateway_class->controller_name, "a/b");
    cr_assert_not(r->as.gateway_class->has_parameters);
    gwapi__resource_release(r);

    r = test_decode(META
                    "spec: {parentRef: {name: gw}, listeners: [{name: l, protocol: HTTP}]}\n",
                    GWAPI__KIND_LISTENER_SET, NULL);
    ASSERT_STR(r->as.listener_set->parent.kind, "Gateway");
    cr_assert_eq(r->as.listener_set->parent.known, GWAPI__KIND_GATEWAY);
    cr_assert_eq(r->as.listener_set->listeners[0].port, 0);
    cr_assert_eq(r->as.listener_set->listeners[0].namespaces.from, GWAPI__FROM_SAME);
    gwapi__resource_release(r);
}

/* ---- policies ------------------------------------------------------------------------ */

Test(model_decode, grants_leave_out_what_cannot_be_read)
{
    test_problems p;
    test_problems_init(&p);
    gwapi__resource *r = test_decode(
        META "spec:\n  from:\n  - {group: gateway.networking.k8s.io, kind: HTTPRoute, "
             "namespace: a}\n"
             "  - {group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: [b]}\n"
             "  - null\n"
             "  to: [{group: '', kind: Service}, {group: '', kind: Secret, name: s}]\n",
        GWAPI__KIND_REFERENCE_GRANT, &p);
    const gwapi__grant *g = r->as.grant;

    cr_assert_eq(g->from_count, 1);
    cr_assert_eq(g->from[0].known, GWAPI__KIND_HTTP_ROUTE);
    ASSERT_STR(g->from[0].namespace_, "a");
    cr_assert_eq(g->to_count, 2);
    ASSERT_ABSENT(g->to[0].name);
    ASSERT_STR(g->to[1].name, "s");
    cr_assert_not(r->undecodable);
    ASSERT_STR(gwapi__text_str(&p.text),
               "spec.from[1].namespace: cannot be decoded: it must be a string, not of type "
               "array\n"
               "spec.from[2]: cannot be decoded: it must be an object, not of type null\n");
    gwapi__text_free(&p.text);
    gwapi__resource_release(r);
}

Test(model_decode, backend_tls_policies)
{
    gwapi__resource *r = test_decode(
        META
        "spec:\n  targetRefs: [{group: '', kind: Service, name: s, sectionName: https},"
        " {group: '', kind: Service, name: t}]\n"
        "  options: {o: v}\n"
        "  validation:\n    hostname: h.example\n    wellKnownCACertificates: System\n"
        "    caCertificateRefs: [{group: '', kind: ConfigMap, name: ca, namespace: no}]\n"
        "    subjectAltNames: [{type: Hostname, hostname: a.b}, {type: URI, uri: 's://x'}]\n",
        GWAPI__KIND_BACKEND_TLS_POLICY, NULL);
    const gwapi__backend_tls_policy *p = r->as.tls_policy;

    cr_assert_eq(p->target_count, 2);
    cr_assert_eq(p->targets[0].ref.known, GWAPI__KIND_SERVICE);
    ASSERT_STR(p->targets[0].section_name, "https");
    ASSERT_ABSENT(p->targets[1].section_name);
    ASSERT_STR(p->hostname, "h.example");
    ASSERT_STR(p->well_known, "System");
    ASSERT_STR(p->ca_certificates.items[0].name, "ca");
    ASSERT_ABSENT(p->ca_certificates.items[0].namespace_);
    cr_assert_not(p->names[0].uri);
    ASSERT_STR(p->names[0].value, "a.b");
    cr_assert(p->names[1].uri);
    ASSERT_STR(p->names[1].value, "s://x");
    ASSERT_STR(p->options.items[0].value, "v");
    gwapi__resource_release(r);
}

Test(model_decode, a_name_of_an_unknown_type_spoils_the_policy)
{
    gwapi__resource *r = test_decode(
        META
        "spec: {targetRefs: [], validation: {hostname: h, subjectAltNames: [{type: IP}]}}\n",
        GWAPI__KIND_BACKEND_TLS_POLICY, NULL);

    cr_assert(r->undecodable);
    gwapi__resource_release(r);
}

Test(model_decode, backend_traffic_policies)
{
    static const struct {
        const char *constraint;
        bool has;
        int64_t percent, interval, count, rate; /* times in ms, -1: absent */
    } rows[] = {
        {"{}", true, 20, 10000, 10, 1000},
        {"{budget: {percent: 5}}", true, 5, 10000, 10, 1000},
        {"{budget: {interval: 1m}, minRetryRate: {count: 3}}", true, 20, 60000, 3, 1000},
        {"{minRetryRate: {interval: 3s}}", true, 20, 10000, 10, 3000},
        {"{minRetryRate: {}}", true, 20, 10000, 10, 1000},
        {"{minRetryRate: {count: 3, interval: 2s}}", true, 20, 10000, 3, 2000},
        {"null", false, 0, -1, 0, -1},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[512];
        snprintf(text, sizeof text,
                 META "spec: {sessionPersistence: {}, retryConstraint: %s}\n",
                 rows[i].constraint);
        gwapi__resource *r = test_decode(text, GWAPI__KIND_BACKEND_TRAFFIC_POLICY, NULL);
        const gwapi__backend_traffic_policy *p = r->as.traffic_policy;
        cr_expect_eq(p->has_retry_constraint, rows[i].has, "row %zu", i);
        cr_expect_eq(p->budget_percent, rows[i].percent, "row %zu", i);
        cr_expect_eq(p->budget_interval.present ? (int64_t)p->budget_interval.milliseconds : -1,
                     rows[i].interval, "row %zu", i);
        cr_expect_eq(p->min_retry_count, rows[i].count, "row %zu", i);
        cr_expect_eq(p->min_retry_interval.present ? (int64_t)p->min_retry_interval.milliseconds
                                                   : -1,
                     rows[i].rate, "row %zu", i);
        cr_assert_not_null(p->session);
        cr_expect_eq(p->session->type, GWAPI__SESSION_COOKIE);
        gwapi__resource_release(r);
    }
}

/* ---- status -------------------------------------------------------------------------- */

Test(model_decode, a_stored_status)
{
    test_problems p;
    test_problems_init(&p);
    gwapi__resource *r = test_decode(
        META
        "spec: {}\nstatus:\n"
        "  addresses: [{value: 1.2.3.4}, {type: Hostname, value: h}]\n"
        "  conditions:\n"
        "  - {type: Accepted, status: 'True', reason: R, message: M, observedGeneration: 3,"
        " lastTransitionTime: '2025-01-01T00:00:00Z'}\n"
        "  - {type: 5, status: 'True'}\n"
        "  - {type: Programmed, status: Unknown}\n"
        "  listeners:\n"
        "  - {name: l, attachedRoutes: 4, supportedKinds: [{kind: HTTPRoute},"
        " {group: g, kind: K}], conditions: [{type: T, status: 'False'}]}\n"
        "  parents:\n"
        "  - {parentRef: {name: gw, sectionName: s, port: 80}, controllerName: c/d,"
        " conditions: []}\n"
        "  supportedFeatures: [{name: A}, {name: B}]\n",
        GWAPI__KIND_GATEWAY, &p);
    const gwapi__stored_status *s = &r->status;

    cr_assert_eq(s->address_count, 2);
    ASSERT_STR(s->addresses[0].type, "IPAddress");
    cr_assert_eq(s->conditions.count, 2);
    cr_assert_eq(s->conditions.items[0].status, GWAPI__STATUS_TRUE);
    cr_assert(s->conditions.items[0].has_observed_generation);
    cr_assert_eq(s->conditions.items[0].observed_generation, 3);
    ASSERT_STR(s->conditions.items[0].last_transition, "2025-01-01T00:00:00Z");
    cr_assert_eq(s->conditions.items[1].status, GWAPI__STATUS_UNKNOWN);
    cr_assert_not(s->conditions.items[1].has_observed_generation);
    cr_assert_eq(s->listener_count, 1);
    cr_assert_eq(s->listeners[0].attached_routes, 4);
    cr_assert_eq(s->listeners[0].kinds, 1u << GWAPI__KIND_HTTP_ROUTE | 1u << GWAPI__KIND_OTHER);
    cr_assert_eq(s->listeners[0].conditions.items[0].status, GWAPI__STATUS_FALSE);
    cr_assert_eq(s->parent_count, 1);
    ASSERT_STR(s->parents[0].controller, "c/d");
    ASSERT_STR(s->parents[0].parent.ref.kind, "Gateway");
    ASSERT_STR(s->parents[0].parent.section_name, "s");
    cr_assert_eq(s->parents[0].parent.port, 80);
    cr_assert_eq(s->features.count, 2);
    ASSERT_STR(s->features.items[1], "B");
    cr_assert_eq(p.count, 0, "a status is not worth a problem");
    cr_assert_not(r->undecodable);
    gwapi__text_free(&p.text);
    gwapi__resource_release(r);
}

Test(model_decode, ancestors_are_parents_of_a_policy)
{
    gwapi__resource *r = test_decode(
        META
        "spec: {}\nstatus: {ancestors: [{ancestorRef: {name: gw}, controllerName: c/d}]}\n",
        GWAPI__KIND_BACKEND_TLS_POLICY, NULL);

    cr_assert_eq(r->status.parent_count, 1);
    ASSERT_STR(r->status.parents[0].parent.ref.name, "gw");
    gwapi__resource_release(r);
}

Test(model_decode, a_value_of_the_wrong_form_is_told_with_its_path)
{
    static const struct {
        gwapi__resource_kind kind;
        const char *text, *problem;
    } rows[] = {
        {GWAPI__KIND_GATEWAY, "metadata: {name: it, labels: 3}",
         "metadata.labels: cannot be decoded: it must be an object, not of type integer"},
        {GWAPI__KIND_GATEWAY, "metadata: {name: it, creationTimestamp: 3}",
         "metadata.creationTimestamp: cannot be decoded: it must be a time, not of type "
         "integer"},
        {GWAPI__KIND_GATEWAY, "metadata: {name: it, creationTimestamp: today}",
         "metadata.creationTimestamp: cannot be decoded: it is no time as RFC 3339 writes it"},
        {GWAPI__KIND_GATEWAY, "metadata: {name: it, generation: many}",
         "metadata.generation: cannot be decoded: it must be an integer, not of type string"},
        {GWAPI__KIND_GATEWAY, META "spec: {defaultScope: 1}",
         "spec.defaultScope: cannot be decoded: it must be a string, not of type integer"},
        {GWAPI__KIND_HTTP_ROUTE,
         META "spec: {rules: [{filters: [{type: CORS, cors: {allowCredentials: 1}}]}]}",
         "spec.rules[0].filters[0].cors.allowCredentials: cannot be decoded: it must be true "
         "or "
         "false, not of type integer"},
        {GWAPI__KIND_HTTP_ROUTE, META "spec: {rules: [{filters: [{type: 3}]}]}",
         "spec.rules[0].filters[0].type: cannot be decoded: it must be a string, not of type "
         "integer"},
        {GWAPI__KIND_HTTP_ROUTE, META "spec: {rules: [{timeouts: {request: 3}}]}",
         "spec.rules[0].timeouts.request: cannot be decoded: it must be a duration, not of "
         "type "
         "integer"},
        {GWAPI__KIND_HTTP_ROUTE, META "spec: {rules: [{retry: {codes: 3}}]}",
         "spec.rules[0].retry.codes: cannot be decoded: it must be a list, not of type "
         "integer"},
        {GWAPI__KIND_BACKEND_TLS_POLICY,
         META "spec: {validation: {subjectAltNames: [{type: URI}]}}",
         "spec.validation.subjectAltNames[0].uri: cannot be decoded: the type asks for it"},
        {GWAPI__KIND_LISTENER_SET, META "spec: {parentRef: [], listeners: [{name: a}]}",
         "spec.parentRef: cannot be decoded: it must be an object, not of type array"},
        {GWAPI__KIND_MESH, META "spec: {}\nstatus: {listeners: [{supportedKinds: 3}]}", ""},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        test_problems p;
        test_problems_init(&p);
        gwapi__resource *r = test_decode(rows[i].text, rows[i].kind, &p);
        if (p.text.len != 0)
            gwapi__text_cut(&p.text, p.text.len - 1);
        ASSERT_STR(gwapi__text_str(&p.text), rows[i].problem);
        gwapi__text_free(&p.text);
        gwapi__resource_release(r);
    }
}

Test(model_decode, numbers_without_a_bound_are_cut_to_what_fits)
{
    static const struct {
        const char *written;
        int64_t read;
    } rows[] = {
        {"7", 7},
        {"7.0", 7},
        {"9223372036854775807", INT64_MAX},
        {"1e30", INT64_MAX},
        {"-1e30", INT64_MIN},
        {"-9223372036854775808", INT64_MIN},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[128];
        snprintf(text, sizeof text, "metadata: {name: it, generation: %s}\n", rows[i].written);
        gwapi__resource *r = test_decode(text, GWAPI__KIND_NAMESPACE, NULL);
        cr_expect_eq(r->meta.generation, rows[i].read, "row %zu", i);
        cr_expect_not(r->undecodable, "row %zu", i);
        gwapi__resource_release(r);
    }
}

/* ---- memory -------------------------------------------------------------------------- */

typedef struct what {
    const char *text;
    gwapi__resource_kind kind;
    bool keep;
} what;

static gwapi_result decode_and_release(const gwapi_allocator *a, void *arg)
{
    const what *w = arg;
    test_problems problems;
    gwapi__resource *r;

    test_problems_init(&problems);
    gwapi_result result =
        test_decode_with(a, w->text, gwapi__resource_kind_group(w->kind),
                         gwapi__resource_kind_name(w->kind), w->keep, &problems, &r);
    gwapi__resource_release(r);
    gwapi__text_free(&problems.text);
    return result;
}

Test(model_decode, no_memory_leaves_nothing_behind)
{
    what rows[] = {
        {gateway_text, GWAPI__KIND_GATEWAY, false},
        {gateway_text, GWAPI__KIND_GATEWAY, true},
        {META "spec: {from: [{kind: [1]}], to: 3}\n", GWAPI__KIND_REFERENCE_GRANT, false},
        {META "data: {a: YQ==}\nstringData: {a: b, c: d}\n", GWAPI__KIND_SECRET, false},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        size_t runs, bad;
        gwapi_result r = test_fail_every_allocation(decode_and_release, &rows[i], &runs, &bad);
        cr_expect_eq(r, GWAPI_OK, "row %zu, allocation %zu: %s", i, bad, gwapi_result_name(r));
        cr_expect_gt(runs, 4);
    }
}

Test(model_decode, a_resource_outlives_the_holder_that_let_go)
{
    gwapi__resource *r = test_decode(gateway_text, GWAPI__KIND_GATEWAY, NULL);
    gwapi__resource *other = gwapi__resource_retain(r);

    gwapi__resource_release(r);
    ASSERT_STR(other->as.gateway->class_name, "c");
    gwapi__resource_release(other);
    gwapi__resource_release(NULL);
}
