#include <time.h>
#include "model/read_support.h"
#include "base/hash.h"
#include "base/text.h"
#include "model/store.h"

static gwapi_object_ref service(const char *name)
{
    gwapi_object_ref ref = GWAPI_OBJECT_REF_INIT;

    ref.kind = GWAPI__STR("Service");
    ref.namespace_ = GWAPI__STR("default");
    ref.name = gwapi__str_of(name);
    return ref;
}

Test(model_store, objects_are_listed_found_and_deleted)
{
    gwapi_schema *schema = test_schema(GWAPI_CHANNEL_STANDARD);
    gwapi_resources *r = test_resources(schema, 0);
    gwapi_object_info info = {.struct_size = sizeof info};
    gwapi_object_ref a = service("a"), b = service("b"), none = service("none");

    cr_assert_eq(
        test_read(r,
                  "apiVersion: v1\nkind: Service\nmetadata: {name: a, generation: 4}\n---\n"
                  "apiVersion: v1\nkind: Service\nmetadata: {name: b}\n",
                  GWAPI_READ_JUDGE, 0, NULL),
        GWAPI_OK);
    cr_assert_eq(gwapi_resources_count(r), 2);
    cr_assert_eq(gwapi_resources_find(r, &a, &info), GWAPI_OK);
    cr_expect_eq(info.generation, 4);
    cr_expect_eq(info.line, 1);
    cr_expect(gwapi__str_eq(info.version, GWAPI__STR("v1")));
    cr_expect(gwapi__str_eq(info.file, GWAPI__STR("in.yaml")));
    cr_expect(gwapi__str_eq(info.ref.name, GWAPI__STR("a")));
    cr_assert_eq(gwapi_resources_at(r, 1, &info), GWAPI_OK);
    cr_expect_eq(info.generation, 1);
    cr_expect_eq(info.line, 5);
    cr_expect_eq(gwapi_resources_at(r, 2, &info), GWAPI_EARGUMENT);
    cr_expect_eq(gwapi_resources_find(r, &none, &info), GWAPI_ENOTFOUND);
    cr_expect_eq(gwapi_resources_delete(r, &none), GWAPI_ENOTFOUND);
    cr_expect_eq(gwapi_resources_delete(r, NULL), GWAPI_EARGUMENT);
    cr_expect_eq(gwapi_resources_delete(NULL, &a), GWAPI_EARGUMENT);
    cr_expect_eq(gwapi_resources_find(NULL, &a, &info), GWAPI_EARGUMENT);
    cr_expect_eq(gwapi_resources_count(NULL), 0);
    gwapi_resources_free(NULL);
    uint64_t revision = gwapi__resources_revision(r);
    cr_assert_eq(gwapi_resources_delete(r, &a), GWAPI_OK);
    cr_expect_gt(gwapi__resources_revision(r), revision);
    cr_expect_eq(gwapi_resources_find(r, &a, &info), GWAPI_ENOTFOUND);
    cr_assert_eq(gwapi_resources_at(r, 0, &info), GWAPI_OK);
    cr_expect(gwapi__str_eq(info.ref.name, GWAPI__STR("b")));
    cr_expect_eq(gwapi_resources_find(r, &b, &info), GWAPI_OK);
    info.struct_size = 4;
    cr_expect_eq(gwapi_resources_at(r, 0, &info), GWAPI_ESTRUCTSIZE);
    gwapi_resources_free(r);
    gwapi_schema_free(schema);
}

Test(model_store, a_deleted_object_lives_while_someone_holds_it)
{
    gwapi_schema *schema = test_schema(GWAPI_CHANNEL_STANDARD);
    gwapi_resources *r = test_resources(schema, GWAPI_RESOURCES_KEEP_SOURCE);
    gwapi_object_ref a = service("a");

    cr_assert_eq(test_read(r,
                           "apiVersion: v1\nkind: Service\nmetadata: {name: a}\n"
                           "spec: {ports: [{port: 8080}]}\n",
                           GWAPI_READ_JUDGE, 0, NULL),
                 GWAPI_OK);
    gwapi__resource *held = gwapi__resource_retain(gwapi__resources_get(r, 0));
    cr_assert_eq(gwapi_resources_delete(r, &a), GWAPI_OK);
    gwapi_resources_free(r);
    gwapi_schema_free(schema);
    cr_expect_eq(held->as.service->ports[0].port, 8080);
    cr_expect_not_null(held->source);
    gwapi__resource_release(held);
}

Test(model_store, defaults_live_as_long_as_the_object)
{
    gwapi_schema *schema = test_schema(GWAPI_CHANNEL_STANDARD);
    gwapi_resources *r = test_resources(schema, GWAPI_RESOURCES_KEEP_SOURCE);

    cr_assert_eq(test_read(r,
                           "apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\n"
                           "metadata: {name: a}\nspec: {parentRefs: [{name: g}]}\n",
                           GWAPI_READ_JUDGE, 0, NULL),
                 GWAPI_OK);
    gwapi__resource *held = gwapi__resource_retain(gwapi__resources_get(r, 0));
    gwapi_resources_free(r);
    gwapi_schema_free(schema);
    const gwapi__route *route = held->as.route;
    cr_expect(gwapi__str_eq(route->parents[0].ref.kind, GWAPI__STR("Gateway")));
    cr_expect(gwapi__str_eq(route->rules[0].matches[0].path, GWAPI__STR("/")));
    cr_expect(gwapi__str_eq(
        gwapi__node_get_str(gwapi__node_get(gwapi__node_get(held->source, GWAPI__STR("spec")),
                                            GWAPI__STR("parentRefs"))
                                ->as.list.items[0],
                            GWAPI__STR("kind")),
        GWAPI__STR("Gateway")));
    gwapi__resource_release(held);
}

/* Twice the objects take about twice the time; the factor is wide for a busy machine. */
static double seconds_for(const gwapi_schema *schema, size_t count)
{
    gwapi_allocator a;
    gwapi__text text;
    gwapi_resources *r = test_resources(schema, 0);

    cr_assert_eq(gwapi__allocator_init(&a, NULL), GWAPI_OK);
    gwapi__text_init(&text, &a);
    for (size_t i = 0; i < count; i++) {
        gwapi__text_addz(&text, "{\"apiVersion\":\"v1\",\"kind\":\"Service\",\"metadata\":{"
                                "\"name\":\"s");
        gwapi__text_u64(&text, i);
        gwapi__text_addz(&text, "\"},\"spec\":{\"ports\":[{\"port\":80}]}}\n");
    }
    gwapi_source s = GWAPI_SOURCE_INIT;
    s.bytes = text.data;
    s.len = text.len;
    s.format = GWAPI_FORMAT_JSON;
    clock_t from = clock();
    cr_assert_eq(gwapi_resources_read(r, &s, NULL), GWAPI_OK);
    clock_t to = clock();
    cr_assert_eq(gwapi_resources_count(r), count);
    gwapi__text_free(&text);
    gwapi_resources_free(r);
    return (double)(to - from) / CLOCKS_PER_SEC;
}

Test(model_store, reading_takes_time_in_proportion_to_the_objects)
{
    gwapi_schema *schema = test_schema(GWAPI_CHANNEL_STANDARD);
    double small = seconds_for(schema, 5000), large = seconds_for(schema, 50000);

    cr_expect_lt(large, small * 40 + 0.5, "5,000: %.3f s, 50,000: %.3f s", small, large);
    gwapi_schema_free(schema);
}
