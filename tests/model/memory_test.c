/* Every allocation of reading and writing fails in turn: GWAPI_ENOMEM, and the set stays as it
 * was. Each allocation from an arena is one of them: this program has exact_blocks.c. */
#include "model/read_support.h"
#include "model/store.h"
#include "support/oom.h"

#define API       "apiVersion: gateway.networking.k8s.io/v1\n"
#define ALPHA     "apiVersion: gateway.networking.k8s.io/v1alpha2\n"
#define BETA      "apiVersion: gateway.networking.k8s.io/v1beta1\n"
#define X         "apiVersion: gateway.networking.x-k8s.io/v1alpha1\n"
#define META      "metadata: {name: a, namespace: b, uid: u, generation: 2, labels: {c: d}}\n"
#define CONDITION "{type: T, status: 'True', reason: R, message: m, observedGeneration: 1}"
#define BACKEND   "{name: web, port: 80}"

/* One object of each kind, with all that it can have, and with what cannot be decoded. */
static const char *const objects[] = {
    API "kind: GatewayClass\n" META
        "spec: {controllerName: a.b/c, parametersRef: {group: g, kind: K, name: n}}\n"
        "status: {conditions: [" CONDITION "], supportedFeatures: [{name: Gateway}]}\n",
    API "kind: Gateway\n" META
        "spec:\n  gatewayClassName: c\n  defaultScope: All\n"
        "  addresses: [{type: Hostname, value: h}]\n"
        "  infrastructure: {labels: {a: b}, annotations: {c: d},\n"
        "    parametersRef: {group: '', kind: ConfigMap, name: n}}\n"
        "  allowedListeners: {namespaces: {from: Selector, selector: {matchLabels: {a: b},\n"
        "    matchExpressions: [{key: k, operator: In, values: [v]}]}}}\n"
        "  tls: {backend: {clientCertificateRef: {name: c}},\n"
        "    frontend: {default: {}, perPort: [{port: 1, tls: {validation: {\n"
        "      mode: AllowInsecureFallback,\n"
        "      caCertificateRefs: [{group: '', kind: ConfigMap, name: n}]}}}]}}\n"
        "  listeners:\n  - name: l\n    hostname: h\n    port: 443\n    protocol: HTTPS\n"
        "    tls: {certificateRefs: [{name: c}], options: {x.y/z: v}}\n"
        "    allowedRoutes: {kinds: [{kind: HTTPRoute}], namespaces: {from: Same}}\n"
        "status: {addresses: [{value: 1.2.3.4}], listeners: [{name: l, attachedRoutes: 1,\n"
        "  supportedKinds: [{kind: HTTPRoute}], conditions: [" CONDITION "]}]}\n",
    API "kind: HTTPRoute\n" META
        "spec:\n  parentRefs: [{name: g, sectionName: s, port: 80}]\n  hostnames: [h]\n"
        "  rules:\n  - name: r\n    timeouts: {request: 1s, backendRequest: 500ms}\n"
        "    retry: {codes: [500, 503], attempts: 1, backoff: 1s}\n"
        "    sessionPersistence: {sessionName: s, absoluteTimeout: 1h, idleTimeout: 1m,\n"
        "      cookieConfig: {lifetimeType: Permanent}}\n"
        "    matches: [{path: {type: Exact, value: /a}, method: GET,\n"
        "      headers: [{name: n, value: v}], queryParams: [{name: n, value: v}]}]\n"
        "    backendRefs: [{name: web, port: 80, weight: 2, filters: [\n"
        "      {type: RequestMirror, requestMirror: {backendRef: " BACKEND ", percent: 4}}]}]\n"
        "    filters:\n"
        "    - {type: RequestHeaderModifier, requestHeaderModifier: {remove: [a],\n"
        "        set: [{name: b, value: c}], add: [{name: d, value: e}]}}\n"
        "    - {type: RequestMirror, requestMirror: {backendRef: " BACKEND ",\n"
        "        fraction: {numerator: 1}}}\n"
        "    - {type: URLRewrite, urlRewrite: {hostname: h,\n"
        "        path: {type: ReplaceFullPath, replaceFullPath: /b}}}\n"
        "    - {type: CORS, cors: {allowOrigins: ['*'], allowMethods: [GET], maxAge: 7,\n"
        "        allowHeaders: [a], exposeHeaders: [b], allowCredentials: true}}\n"
        "    - {type: ExternalAuth, externalAuth: {protocol: HTTP, backendRef: " BACKEND ",\n"
        "        http: {path: /p, allowedHeaders: [a], allowedResponseHeaders: [b]},\n"
        "        forwardBody: {maxSize: 5}}}\n"
        "    - {type: ExtensionRef, extensionRef: {group: g, kind: K, name: n}}\n"
        "  - filters: [{type: RequestRedirect, requestRedirect: {scheme: https, port: 8443,\n"
        "      path: {type: ReplacePrefixMatch, replacePrefixMatch: /c}}}]\n"
        "status: {parents: [{controllerName: a.b/c, parentRef: {name: g},\n"
        "  conditions: [" CONDITION "]}]}\n",
    API "kind: GRPCRoute\n" META
        "spec:\n  parentRefs: [{name: g}]\n  rules:\n"
        "  - matches: [{method: {service: s, method: m}, headers: [{name: n, value: v}]}]\n"
        "    backendRefs: [" BACKEND "]\n"
        "    filters: [{type: ResponseHeaderModifier, responseHeaderModifier: {remove: [a]}}]\n",
    ALPHA "kind: TLSRoute\n" META "spec: {hostnames: [h], rules: [{backendRefs: [" BACKEND "]}]}\n",
    BETA "kind: ReferenceGrant\n" META
         "spec: {from: [{group: g, kind: K, namespace: n}], to: [{group: g, kind: K}]}\n",
    API "kind: BackendTLSPolicy\n" META
        "spec:\n  targetRefs: [{group: '', kind: Service, name: s, sectionName: p}]\n"
        "  options: {a.b/c: d}\n  validation: {hostname: h,\n"
        "    caCertificateRefs: [{group: '', kind: ConfigMap, name: n}],\n"
        "    subjectAltNames: [{type: URI, uri: u}, {type: Hostname, hostname: h}]}\n"
        "status: {ancestors: [{controllerName: a.b/c, ancestorRef: {name: g},\n"
        "  conditions: [" CONDITION "]}]}\n",
    X "kind: XBackendTrafficPolicy\n" META
      "spec:\n  targetRefs: [{group: '', kind: Service, name: s}]\n"
      "  sessionPersistence: {sessionName: s}\n"
      "  retryConstraint: {budget: {percent: 3, interval: 1s}, minRetryRate: {count: 1}}\n",
    X "kind: XListenerSet\n" META
      "spec: {parentRef: {name: g}, listeners: [{name: l, port: 80, protocol: HTTP}]}\n",
    "apiVersion: v1\nkind: Service\n" META
    "spec: {clusterIP: 10.0.0.1, ports: [{name: p, port: 80, appProtocol: kubernetes.io/ws}]}\n",
    "apiVersion: v1\nkind: Secret\n" META
    "type: t\ndata: {a: YQ==, b: YQ==}\nstringData: {a: b, c: null}\n",
    "apiVersion: v1\nkind: ConfigMap\n" META "data: {a: b}\nbinaryData: {c: YQ==}\n",
    "apiVersion: x.io/v1\nkind: Other\nmetadata: {name: o}\n",
    /* what cannot be decoded */
    API "kind: Gateway\n" META "spec: {listeners: [{name: l, port: x}, {name: m}], addresses: 3}\n",
    API "kind: HTTPRoute\n" META
        "spec: {hostnames: [3], rules: [{timeouts: {request: 3}, filters: [{type: CORS}]}]}\n",
    X "kind: XListenerSet\n" META "spec: {parentRef: 3, listeners: [{name: l}]}\n",
    API "kind: HTTPRoute\nmetadata: {name: a, namespace: b, creationTimestamp: soon}\n",
};

typedef struct reading {
    const gwapi_schema *schema;
    const char *text;
    gwapi_read_mode mode;
    uint32_t flags;
} reading;

static int swallow(void *ctx, const char *data, size_t len)
{
    (void)ctx, (void)data, (void)len;
    return 0;
}

static gwapi_result write_all(const gwapi_resources *r)
{
    const gwapi_sink sink = {sizeof sink, NULL, swallow};
    gwapi_result result = GWAPI_OK;

    for (uint32_t minimal = 0; minimal < 2 && result == GWAPI_OK; minimal++)
        result = gwapi_resources_write(r, GWAPI_FORMAT_YAML, minimal, &sink);
    return result;
}

static gwapi_result read_one(const gwapi_allocator *a, void *arg)
{
    static const gwapi_str skip[] = {GWAPI_STR_INIT("Nothing")};
    const reading *in = arg;
    gwapi_resources_options o = GWAPI_RESOURCES_OPTIONS_INIT;
    gwapi_resources *r;
    gwapi_report *report = NULL;

    o.allocator = a;
    o.flags = in->flags;
    o.unknown_fields = GWAPI_UNKNOWN_WARN;
    o.skip = skip;
    o.skip_count = 1;
    gwapi_result result = gwapi_resources_new(&r, in->schema, &o);
    if (result == GWAPI_OK)
        result = gwapi_report_new(&report, a, NULL);
    if (result == GWAPI_OK)
        result = test_read(r, in->text, in->mode, 0, report);
    if (result == GWAPI_ENOMEM && report != NULL)
        cr_expect_eq(gwapi_resources_count(r), 0, "the set has changed");
    if (result == GWAPI_EINVALID)
        result = GWAPI_OK;
    if (result == GWAPI_OK && (in->flags & GWAPI_RESOURCES_KEEP_SOURCE) != 0)
        result = write_all(r);
    gwapi_report_free(report);
    gwapi_resources_free(r);
    return result;
}

static void starve(reading in, const char *what)
{
    size_t runs, bad;

    /* What the schema compiles at first use is its own. */
    cr_assert_eq(read_one(NULL, &in), GWAPI_OK, "%s", what);
    gwapi_result r = test_fail_every_allocation(read_one, &in, &runs, &bad);
    cr_expect_eq(r, GWAPI_OK, "%s, allocation %zu: %s", what, bad, gwapi_result_name(r));
    cr_expect_eq(bad, 0, "%s: allocation %zu", what, bad);
    cr_expect_gt(runs, 30, "%s", what);
}

Test(model_memory, objects_are_read_whole_or_not_at_all)
{
    gwapi_schema *schema = test_schema(GWAPI_CHANNEL_EXPERIMENTAL);

    for (size_t i = 0; i < sizeof objects / sizeof *objects; i++) {
        starve((reading){schema, objects[i], GWAPI_READ_STORED, 0}, objects[i]);
        starve((reading){schema, objects[i], GWAPI_READ_STORED, GWAPI_RESOURCES_KEEP_SOURCE},
               objects[i]);
    }
    gwapi_schema_free(schema);
}

/* What is told of documents that are no good, or not what they were meant to be. */
Test(model_memory, what_is_told_is_told_whole_or_not_at_all)
{
    static const char *const texts[] = {
        API "kind: HTTPRoute\nmetadata: {name: a}\nspec: {rules: [{name: A_}]}\n",
        API "kind: Gateway\nmetadata: {name: a}\nspec: {gatewayClassName: c, nothing: 1}\n",
        API "kind: HttpRoute\nmetadata: {name: a}\n",
        API "kind: TLSRoute\nmetadata: {name: a}\n",
        ALPHA "kind: TLSRoute\nmetadata: {name: a}\nspec: {}\n",
        "apiVersion: gateway.networking.k8s.io/v7\nkind: Gateway\nmetadata: {name: a}\n",
        "apiVersion: gateway.networking.k8s.io/v1alpha3\nkind: BackendTLSPolicy\n"
        "metadata: {name: a}\nspec: {targetRefs: [{group: '', kind: Service, name: s}],\n"
        "  validation: {hostname: h, wellKnownCACertificates: System}}\n",
        "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\ndata: {a: '%'}\n",
        "apiVersion: v1\nkind: Service\nmetadata: {}\n",
        "apiVersion: v1\nkind: Service\nmetadata: {name: s}\nspec: {ports: [{port: 0}]}\n---\n"
        "apiVersion: v1\nkind: Service\nmetadata: {name: s}\n---\n"
        "apiVersion: v1\nkind: Service\nmetadata: {name: s}\n",
        "apiVersion: a/b/c\nkind: K\n---\napiVersion: 3\nkind: K\n---\nkind: K\n---\n7\n",
        "apiVersion: v1\nkind: Service\nkind: Service\nmetadata: {name: s}\n",
    };
    const gwapi_channel channels[] = {GWAPI_CHANNEL_STANDARD, GWAPI_CHANNEL_EXPERIMENTAL};

    for (size_t c = 0; c < 2; c++) {
        gwapi_schema *schema = test_schema(channels[c]);
        for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
            starve((reading){schema, texts[i], GWAPI_READ_JUDGE, GWAPI_RESOURCES_KEEP_SOURCE},
                   texts[i]);
        gwapi_schema_free(schema);
    }
}

/* Objects of a set that a topology looks at: one replaced, one deleted. */
static gwapi_result change_viewed(const gwapi_allocator *a, void *arg)
{
    static const char first[] = "apiVersion: v1\nkind: Service\nmetadata: {name: a}\n";
    gwapi_object_ref ref = {sizeof ref, {NULL, 0}, GWAPI__STR("Service"),
                            GWAPI__STR("default"), GWAPI__STR("b")};
    gwapi_resources_options o = GWAPI_RESOURCES_OPTIONS_INIT;
    gwapi__set_view view;
    gwapi_resources *r;

    o.allocator = a;
    gwapi_result result = gwapi_resources_new(&r, arg, &o);
    if (result == GWAPI_OK)
        result = test_read(r, first, GWAPI_READ_JUDGE, 0, NULL);
    if (result == GWAPI_OK)
        result = test_read(r, "apiVersion: v1\nkind: Service\nmetadata: {name: b}\n",
                           GWAPI_READ_JUDGE, 0, NULL);
    bool viewed = result == GWAPI_OK && gwapi__set_view_take(&view, r->set, a);
    if (result == GWAPI_OK && !viewed)
        result = GWAPI_ENOMEM;
    if (viewed) {
        result = test_read(r, first, GWAPI_READ_JUDGE, 0, NULL);
        cr_expect_eq(gwapi_resources_count(r), 2);
    }
    if (result == GWAPI_OK) {
        gwapi__set_view_free(&view);
        viewed = gwapi__set_view_take(&view, r->set, a);
        result = viewed ? gwapi_resources_delete(r, &ref) : GWAPI_ENOMEM;
        cr_expect_eq(gwapi_resources_count(r), result == GWAPI_OK ? 1 : 2);
    }
    if (viewed)
        gwapi__set_view_free(&view);
    gwapi_resources_free(r);
    return result;
}

Test(model_memory, a_set_that_is_looked_at_changes_whole_or_not_at_all)
{
    gwapi_schema *schema = test_schema(GWAPI_CHANNEL_STANDARD);
    size_t runs, bad;

    cr_expect_eq(test_fail_every_allocation(change_viewed, schema, &runs, &bad), GWAPI_OK,
                 "allocation %zu", bad);
    cr_expect_eq(bad, 0, "allocation %zu", bad);
    cr_expect_gt(runs, 20);
    gwapi_schema_free(schema);
}

/* One object is replaced; it and the end of the set stand in chunks that a view holds. */
Test(model_memory, a_large_set_that_is_looked_at_changes_whole_or_not_at_all)
{
    static const char text[] = "apiVersion: v1\nkind: Service\nmetadata: {name: n0}\n";
    gwapi_schema *schema = test_schema(GWAPI_CHANNEL_STANDARD);
    gwapi_resources_options o = GWAPI_RESOURCES_OPTIONS_INIT;
    test_memory m = {0};
    gwapi_allocator a = test_memory_allocator(&m);
    const size_t count = GWAPI__SET_CHUNK + 1;
    gwapi__set_view view;
    gwapi_result result;
    gwapi_resources *r;
    size_t runs = 0;

    o.allocator = &a;
    cr_assert_eq(gwapi_resources_new(&r, schema, &o), GWAPI_OK);
    for (size_t i = 0; i < count; i++) {
        char service[80];
        snprintf(service, sizeof service,
                 "apiVersion: v1\nkind: Service\nmetadata: {name: n%zu}\n", i);
        cr_assert_eq(test_read(r, service, GWAPI_READ_JUDGE, 0, NULL), GWAPI_OK);
    }
    cr_assert(gwapi__set_view_take(&view, r->set, &a));
    do {
        m.calls = 0;
        m.fail_at = ++runs;
        result = test_read(r, text, GWAPI_READ_JUDGE, 0, NULL);
        cr_assert(result == GWAPI_OK || result == GWAPI_ENOMEM);
        cr_assert_eq(gwapi_resources_count(r), count);
        cr_assert_eq(gwapi__resources_get(r, 0) == gwapi__set_view_at(&view, 0),
                     result == GWAPI_ENOMEM);
    } while (result != GWAPI_OK);
    m.fail_at = 0;
    gwapi__set_view_free(&view);
    gwapi_resources_free(r);
    cr_expect_eq(m.live_blocks, 0);
    gwapi_schema_free(schema);
}

static gwapi_result read_dry(const gwapi_allocator *a, void *arg)
{
    const reading *in = arg;
    gwapi_resources_options o = GWAPI_RESOURCES_OPTIONS_INIT;
    gwapi_resources *r;

    o.allocator = a;
    gwapi_result result = gwapi_resources_new(&r, in->schema, &o);
    if (result == GWAPI_OK)
        result = test_read(r, in->text, GWAPI_READ_JUDGE, GWAPI_READ_DRY, NULL);
    gwapi_resources_free(r);
    return result;
}

Test(model_memory, a_dry_call_ends_without_memory)
{
    gwapi_schema *schema = test_schema(GWAPI_CHANNEL_STANDARD);
    reading in = {schema,
                  API "kind: Gateway\nmetadata: {name: a}\nspec: {gatewayClassName: c,\n"
                      "  listeners: [{name: l, port: 80, protocol: HTTP}]}\n",
                  GWAPI_READ_JUDGE, 0};
    size_t runs, bad;

    cr_assert_eq(read_dry(NULL, &in), GWAPI_OK);
    cr_expect_eq(test_fail_every_allocation(read_dry, &in, &runs, &bad), GWAPI_OK);
    cr_expect_eq(bad, 0, "allocation %zu", bad);
    cr_expect_gt(runs, 20);
    gwapi_schema_free(schema);
}
