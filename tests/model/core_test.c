#include "model/support.h"

#define META "apiVersion: v1\nkind: k\nmetadata: {name: it, namespace: ns}\n"

Test(model_core, services)
{
    static const struct {
        const char *spec;
        gwapi__service_type type;
        const char *ips; /* joined by blanks */
    } rows[] = {
        {"{}", GWAPI__SERVICE_CLUSTER_IP, ""},
        {"{clusterIP: 10.0.0.1}", GWAPI__SERVICE_CLUSTER_IP, "10.0.0.1"},
        {"{type: LoadBalancer, clusterIP: 10.0.0.1, clusterIPs: [10.0.0.1, 'fd::1']}",
         GWAPI__SERVICE_CLUSTER_IP, "10.0.0.1 fd::1"},
        {"{clusterIP: None}", GWAPI__SERVICE_HEADLESS, ""},
        {"{clusterIP: None, clusterIPs: [None]}", GWAPI__SERVICE_HEADLESS, ""},
        {"{clusterIPs: [None]}", GWAPI__SERVICE_HEADLESS, ""},
        {"{clusterIP: ''}", GWAPI__SERVICE_CLUSTER_IP, ""},
        {"{type: ExternalName, externalName: x}", GWAPI__SERVICE_EXTERNAL_NAME, ""},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[256], ips[128] = "";
        snprintf(text, sizeof text, META "spec: %s\n", rows[i].spec);
        gwapi__resource *r = test_decode(text, GWAPI__KIND_SERVICE, NULL);
        const gwapi__service *s = r->as.service;
        cr_expect_eq(s->type, rows[i].type, "row %zu", i);
        for (size_t k = 0; k < s->cluster_ips.count; k++) {
            if (k != 0)
                strcat(ips, " ");
            strncat(ips, s->cluster_ips.items[k].data, s->cluster_ips.items[k].len);
        }
        cr_expect_str_eq(ips, rows[i].ips, "row %zu", i);
        gwapi__resource_release(r);
    }
}

Test(model_core, service_ports)
{
    gwapi__resource *r = test_decode(
        META "spec:\n  ports:\n  - {port: 80, targetPort: web}\n"
             "  - {name: dns, port: 53, protocol: UDP, appProtocol: kubernetes.io/h2c}\n"
             "  - {name: s, port: 54, protocol: SCTP}\n",
        GWAPI__KIND_SERVICE, NULL);
    const gwapi__service *s = r->as.service;

    cr_assert_eq(s->port_count, 3);
    ASSERT_STR(s->ports[0].name, "");
    cr_assert_eq(s->ports[0].port, 80);
    cr_assert_eq(s->ports[0].transport, GWAPI__TRANSPORT_TCP);
    ASSERT_ABSENT(s->ports[0].app_protocol);
    cr_assert_eq(s->ports[1].transport, GWAPI__TRANSPORT_UDP);
    ASSERT_STR(s->ports[1].app_protocol, "kubernetes.io/h2c");
    cr_assert_eq(s->ports[2].transport, GWAPI__TRANSPORT_OTHER);
    gwapi__resource_release(r);
}

Test(model_core, secrets_hold_bytes_and_string_data_wins)
{
    gwapi__resource *r = test_decode(
        META
        "type: kubernetes.io/tls\ndata: {a: YWJj, b: eA==, c: '', d0: null, w: \"YW\\nJj\"}\n"
        "stringData: {b: over, d: new}\n",
        GWAPI__KIND_SECRET, NULL);
    static const char *const expected[][2] = {{"a", "abc"}, {"b", "over"}, {"c", ""},
                                              {"d0", ""},   {"w", "abc"},  {"d", "new"}};
    const gwapi__data *d = r->as.data;

    ASSERT_STR(d->type, "kubernetes.io/tls");
    cr_assert_eq(d->data.count, 6);
    for (size_t i = 0; i < 6; i++) {
        ASSERT_STR(d->data.items[i].key, expected[i][0]);
        ASSERT_STR(d->data.items[i].value, expected[i][1]);
    }
    gwapi__resource_release(r);
}

Test(model_core, config_maps_hold_texts_and_bytes)
{
    gwapi__resource *r = test_decode(META "data: {ca.crt: pem}\nbinaryData: {bin: AAE=}\n",
                                     GWAPI__KIND_CONFIG_MAP, NULL);
    const gwapi__data *d = r->as.data;

    cr_assert_eq(d->data.count, 2);
    ASSERT_STR(d->data.items[0].value, "pem");
    cr_assert_eq(d->data.items[1].value.len, 2);
    cr_assert_eq(d->data.items[1].value.data[1], 1);
    gwapi__resource_release(r);
}

Test(model_core, what_cannot_be_decoded_is_told_with_its_path)
{
    static const struct {
        gwapi__resource_kind kind;
        const char *body, *problem;
    } rows[] = {
        {GWAPI__KIND_SECRET, "data: {a: '%%%'}",
         "data.a: cannot be decoded: it must be base64"},
        {GWAPI__KIND_SECRET, "data: {a: YQ}", "data.a: cannot be decoded: it must be base64"},
        {GWAPI__KIND_SECRET, "data: {a: 5}",
         "data.a: cannot be decoded: it must be a string, not of type integer"},
        {GWAPI__KIND_SECRET, "data: [a]",
         "data: cannot be decoded: it must be an object, not of type array"},
        {GWAPI__KIND_SECRET, "type: 3",
         "type: cannot be decoded: it must be a string, not of type integer"},
        {GWAPI__KIND_CONFIG_MAP, "data: {a: true}",
         "data.a: cannot be decoded: it must be a string, not of type boolean"},
        {GWAPI__KIND_SERVICE, "spec: {ports: [{name: a}]}",
         "spec.ports[0].port: cannot be decoded: it must be a number from 1 to 65535"},
        {GWAPI__KIND_SERVICE, "spec: {ports: [{port: 70000}]}",
         "spec.ports[0].port: cannot be decoded: it must be a number from 1 to 65535"},
        {GWAPI__KIND_SERVICE, "spec: {clusterIP: 1}",
         "spec.clusterIP: cannot be decoded: it must be a string, not of type integer"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[256], problem[256];
        test_problems p;
        test_problems_init(&p);
        snprintf(text, sizeof text, META "%s\n", rows[i].body);
        snprintf(problem, sizeof problem, "%s\n", rows[i].problem);
        gwapi__resource *r = test_decode(text, rows[i].kind, &p);
        cr_expect(r->undecodable, "row %zu", i);
        ASSERT_STR(gwapi__text_str(&p.text), problem);
        gwapi__text_free(&p.text);
        gwapi__resource_release(r);
    }
}
