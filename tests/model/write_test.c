#include "model/read_support.h"
#include "base/text.h"

static int append(void *ctx, const char *data, size_t len)
{
    gwapi__text_add(ctx, gwapi__str(data, len));
    return 0;
}

static int refuse(void *ctx, const char *data, size_t len)
{
    (void)ctx, (void)data, (void)len;
    return 1;
}

static const char input[] =
    "apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: {name: a}\n"
    "spec: {parentRefs: [{name: gw}], rules: [{backendRefs: [{name: b, port: 80, weight: 1},"
    " {name: c, port: 80, weight: 2}]}]}\n"
    "---\napiVersion: v1\nkind: Service\nmetadata: {name: b}\nspec: {ports: [{port: 80}]}\n"
    "---\napiVersion: x.io/v1\nkind: Other\nmetadata: {name: o}\n";

static void expect(gwapi_resources *r, gwapi_format format, uint32_t minimal,
                   const char *expected)
{
    gwapi_allocator a;
    gwapi__text text;

    cr_assert_eq(gwapi__allocator_init(&a, NULL), GWAPI_OK);
    gwapi__text_init(&text, &a);
    const gwapi_sink sink = {sizeof sink, &text, append};
    cr_assert_eq(gwapi_resources_write(r, format, minimal, &sink), GWAPI_OK);
    gwapi_str got = gwapi__text_str(&text);
    cr_expect(gwapi__str_eq(got, gwapi__str_of(expected)), "%.*s", GWAPI__FMT(got));
    gwapi__text_free(&text);
}

Test(model_write, objects_are_written_as_a_cluster_stores_them)
{
    gwapi_schema *schema = test_schema(GWAPI_CHANNEL_STANDARD);
    gwapi_resources *r = test_resources(schema, GWAPI_RESOURCES_KEEP_SOURCE);

    cr_assert_eq(test_read(r, input, GWAPI_READ_JUDGE, 0, NULL), GWAPI_OK);
    expect(
        r, GWAPI_FORMAT_JSON, 0,
        "{\"apiVersion\":\"gateway.networking.k8s.io/v1\",\"kind\":\"HTTPRoute\",\"metadata\":"
        "{\"name\":\"a\",\"namespace\":\"default\"},\"spec\":{\"parentRefs\":[{\"name\":\"gw\","
        "\"group\":\"gateway.networking.k8s.io\",\"kind\":\"Gateway\"}],\"rules\":[{"
        "\"backendRefs\":[{\"name\":\"b\",\"port\":80,\"weight\":1,\"group\":\"\",\"kind\":"
        "\"Service\"},{\"name\":\"c\",\"port\":80,\"weight\":2,\"group\":\"\",\"kind\":"
        "\"Service\"}],\"matches\":[{\"path\":{\"type\":\"PathPrefix\",\"value\":\"/\"}}]}]}}\n"
        "{\"apiVersion\":\"v1\",\"kind\":\"Service\",\"metadata\":{\"name\":\"b\","
        "\"namespace\":\"default\"},\"spec\":{\"ports\":[{\"port\":80}]}}\n"
        "{\"apiVersion\":\"x.io/v1\",\"kind\":\"Other\",\"metadata\":{\"name\":\"o\"}}\n");
    gwapi_resources_free(r);
    gwapi_schema_free(schema);
}

Test(model_write, minimal_is_without_what_equals_a_default)
{
    gwapi_schema *schema = test_schema(GWAPI_CHANNEL_STANDARD);
    gwapi_resources *r = test_resources(schema, GWAPI_RESOURCES_KEEP_SOURCE);

    cr_assert_eq(test_read(r, input, GWAPI_READ_JUDGE, 0, NULL), GWAPI_OK);
    expect(r, GWAPI_FORMAT_YAML, 1,
           "apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata:\n  name: a\n"
           "  namespace: default\nspec:\n  parentRefs:\n  - name: gw\n  rules:\n"
           "  - backendRefs:\n    - name: b\n      port: 80\n    - name: c\n      port: 80\n"
           "      weight: 2\n"
           "---\napiVersion: v1\nkind: Service\nmetadata:\n  name: b\n  namespace: default\n"
           "spec:\n  ports:\n  - port: 80\n"
           "---\napiVersion: x.io/v1\nkind: Other\nmetadata:\n  name: o\n");
    gwapi_resources_free(r);
    gwapi_schema_free(schema);
}

Test(model_write, what_was_written_reads_back_the_same)
{
    gwapi_schema *schema = test_schema(GWAPI_CHANNEL_STANDARD);
    gwapi_allocator a;

    cr_assert_eq(gwapi__allocator_init(&a, NULL), GWAPI_OK);
    for (uint32_t minimal = 0; minimal < 2; minimal++)
        for (gwapi_format format = GWAPI_FORMAT_YAML; format <= GWAPI_FORMAT_JSON; format++) {
            gwapi_resources *r = test_resources(schema, GWAPI_RESOURCES_KEEP_SOURCE);
            gwapi_resources *again = test_resources(schema, GWAPI_RESOURCES_KEEP_SOURCE);
            gwapi__text text, first, second;
            gwapi__text_init(&text, &a);
            gwapi__text_init(&first, &a);
            gwapi__text_init(&second, &a);
            const gwapi_sink sink = {sizeof sink, &text, append};
            const gwapi_sink to_first = {sizeof sink, &first, append};
            const gwapi_sink to_second = {sizeof sink, &second, append};
            cr_assert_eq(test_read(r, input, GWAPI_READ_JUDGE, 0, NULL), GWAPI_OK);
            cr_assert_eq(gwapi_resources_write(r, format, minimal, &sink), GWAPI_OK);
            gwapi__text_char(&text, '\0');
            cr_assert_eq(test_read(again, text.data, GWAPI_READ_JUDGE, 0, NULL), GWAPI_OK, "%s",
                         text.data);
            cr_assert_eq(gwapi_resources_write(r, GWAPI_FORMAT_JSON, 1, &to_first), GWAPI_OK);
            cr_assert_eq(gwapi_resources_write(again, GWAPI_FORMAT_JSON, 1, &to_second),
                         GWAPI_OK);
            cr_expect(gwapi__str_eq(gwapi__text_str(&first), gwapi__text_str(&second)));
            gwapi__text_free(&text);
            gwapi__text_free(&first);
            gwapi__text_free(&second);
            gwapi_resources_free(again);
            gwapi_resources_free(r);
        }
    gwapi_schema_free(schema);
}

Test(model_write, failures_are_told)
{
    gwapi_schema *schema = test_schema(GWAPI_CHANNEL_STANDARD);
    gwapi_resources *r = test_resources(schema, GWAPI_RESOURCES_KEEP_SOURCE);
    gwapi_resources *bare = test_resources(schema, 0);
    const gwapi_sink sink = {sizeof sink, NULL, refuse}, small = {8, NULL, refuse};

    cr_assert_eq(test_read(r, input, GWAPI_READ_JUDGE, 0, NULL), GWAPI_OK);
    cr_expect_eq(gwapi_resources_write(r, GWAPI_FORMAT_JSON, 0, &sink), GWAPI_ECALLBACK);
    cr_expect_eq(gwapi_resources_write(bare, GWAPI_FORMAT_JSON, 0, &sink), GWAPI_ESTATE);
    cr_expect_eq(gwapi_resources_write(r, GWAPI_FORMAT_JSON, 0, &small), GWAPI_ESTRUCTSIZE);
    cr_expect_eq(gwapi_resources_write(r, GWAPI_FORMAT_JSON, 0, NULL), GWAPI_EARGUMENT);
    cr_expect_eq(gwapi_resources_write(r, 9, 0, &sink), GWAPI_EARGUMENT);
    gwapi_resources_free(bare);
    gwapi_resources_free(r);
    gwapi_schema_free(schema);
}
