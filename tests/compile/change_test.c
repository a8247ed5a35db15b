/*
 * What may change between two images, one thing at a time: the image made from the one before
 * has the bytes of one made anew, whether what changed can be spliced or not. (Random changes
 * are in tests/match/splice_test.c.)
 */
#include "compile/manifests.h"

typedef struct change {
    const char *what;
    bool small; /* nothing but what routes say */
    const char *says;
} change;

#define ROUTE(number, rules)                                                                   \
    "---\n" GATEWAY_API "kind: HTTPRoute\nmetadata: {name: r" number                           \
    ", namespace: a}\nspec: {parentRefs: [{name: g}], hostnames: [x.example, z.example], "     \
    "rules: [" rules "]}\n"
#define HOSTS(number, hosts)                                                                   \
    "---\n" GATEWAY_API "kind: HTTPRoute\nmetadata: {name: r" number                           \
    ", namespace: a}\nspec: {parentRefs: [{name: g}], hostnames: [" hosts                      \
    "], rules: [{matches: [{path: {value: /a}}]}]}\n"
#define CALLS(number, rules)                                                                   \
    "---\n" GATEWAY_API "kind: GRPCRoute\nmetadata: {name: c" number                           \
    ", namespace: a}\nspec: {parentRefs: [{name: g}], hostnames: [c" number                    \
    ".example], rules: [" rules "]}\n"
#define TO(path) "{matches: [{path: {value: " path "}}], backendRefs: [{name: s0, port: 80}]}"

static const char routes[] =
    ROUTE("00", TO("/a")) ROUTE("01", TO("/b")) HOSTS("02", "x.example") HOSTS("03", "'*.own'")
        ROUTE("04",
              "{matches: [{path: {type: RegularExpression, value: '/only/[a-z]+'}, headers: "
              "[{name: x-only, value: a}]}]}") CALLS("05", "{matches: [{method: {method: M}}]}")
            CALLS("06", "");

static const change changes[] = {
    {"nothing", true, ""},
    {"a path", true, ROUTE("00", TO("/c"))},
    {"two routes", true, ROUTE("00", TO("/c")) ROUTE("01", TO("/d"))},
    {"rules, more of them", true, ROUTE("00", TO("/c") ", " TO("/d") ", " TO("/e"))},
    {"what a backend is, new to the image", true,
     ROUTE("00", "{matches: [{path: {value: /a}}], backendRefs: [{name: s9, port: 7}]}")},
    {"a text that is nowhere else", true, ROUTE("00", TO("/nowhere-else"))},
    {"a filter", true,
     ROUTE("00", "{matches: [{path: {value: /a}}], filters: [{type: RequestRedirect, "
                 "requestRedirect: {hostname: new.example}}]}")},
    {"the name of a header that nobody asked for", true,
     ROUTE("00", "{matches: [{headers: [{name: x-new, value: a}]}]}")},
    {"the name of a header that nobody asks for any more", true, ROUTE("04", TO("/a"))},
    {"a pattern that is new", true,
     ROUTE("00", "{matches: [{path: {type: RegularExpression, value: '/new/.*'}}]}")},
    {"a backend with policies", true,
     ROUTE("00", "{matches: [{path: {value: /a}}], backendRefs: [{name: safe, port: 443}]}")},
    {"a mirror with policies", true,
     ROUTE("00", "{matches: [{path: {value: /a}}], filters: [{type: RequestMirror, "
                 "requestMirror: {backendRef: {name: safe, port: 443}}}]}")},
    {"a backend's mirror with policies", true,
     ROUTE("00", "{matches: [{path: {value: /a}}], backendRefs: [{name: s0, port: 80, filters: "
                 "[{type: RequestMirror, requestMirror: {backendRef: {name: safe, port: "
                 "443}}}]}]}")},
    {"rules that are dropped, and others", true,
     ROUTE("00", "{matches: [{path: {type: Later, value: /a}}]}, " TO("/b"))},
    {"a rule that says nothing, which matches all", true, ROUTE("00", "{matches: []}")},
    {"no rules, where there were some", true, CALLS("05", "")},
    {"rules, where there were none", true, CALLS("06", "{matches: [{method: {method: M}}]}")},
    {"nothing but rules that are dropped", false,
     ROUTE("00", "{matches: [{path: {type: Later, value: /a}}]}")},
    {"one hostname for another", false, HOSTS("02", "w.example")},
    {"hostnames, more of them", false, HOSTS("02", "x.example, w.example")},
    {"a route of another Gateway too", false,
     "---\n" GATEWAY_API "kind: HTTPRoute\nmetadata: {name: r00, namespace: a}\nspec: "
     "{parentRefs: [{name: g}, {name: h}], hostnames: [x.example, z.example], rules: "
     "[" TO("/a") "]}\n"},
    {"a route of nothing", false,
     "---\n" GATEWAY_API "kind: HTTPRoute\nmetadata: {name: r00, namespace: a}\nspec: "
     "{parentRefs: [{name: nowhere}], hostnames: [x.example, z.example], rules: "
     "[" TO("/a") "]}\n"},
    {"a route more", false, ROUTE("99", TO("/a"))},
    {"a TLSRoute", false,
     "---\napiVersion: gateway.networking.k8s.io/v1alpha2\nkind: TLSRoute\n"
     "metadata: {name: passed, namespace: a}\nspec: "
     "{parentRefs: [{name: g, sectionName: tls}], hostnames: [t.example, '*.t'], rules: "
     "[{backendRefs: [{name: s1, port: 80}]}]}\n"},
    {"a Gateway", false,
     "---\n" GATEWAY_API "kind: Gateway\nmetadata: {name: h, namespace: a}\nspec: "
     "{gatewayClassName: ours, listeners: [{name: l, port: 82, protocol: HTTP}]}\n"},
};

static void begin(made *m, bool mesh)
{
    made_init(m, mesh);
    gwapi__text_addz(&m->text, infrastructure);
    gwapi__text_addz(&m->text, certificates);
    gwapi__text_addz(&m->text, everything);
    gwapi__text_addz(&m->text, routes);
    say_more(m, tls_policy, "n.example");
    say_more(m, traffic_policy, "20");
    if (mesh) {
        say_more(m, mesh_route, "a", "/m");
        say_more(m, mesh_route, "b", "/n");
    }
    made_read(m);
}

/* Another image after what was said; it is as one made anew. */
static void expect_the_same(made *m, const char *what, bool small)
{
    gwapi__text is, should;
    gwapi_snapshot *before, *after, *kept;
    gwapi__vector found;
    bool told;

    gwapi__text_init(&is, &m->world.allocator);
    gwapi__text_init(&should, &m->world.allocator);
    gwapi_topology *first = made_resolve(m, NULL);
    tell_image(&is, first, NULL, &before);
    made_read(m);
    gwapi_topology *second = made_resolve(m, first);
    gwapi__vector_init(&found, &m->world.allocator, sizeof(gwapi__route_change));
    cr_assert_eq(gwapi__compare_topologies(before->kept, second, &found, &told), GWAPI_OK);
    cr_expect_eq(told, small, "%s", what);
    is.len = 0;
    tell_image(&is, second, before, &after);
    tell_image(&should, second, NULL, NULL);
    cr_expect(gwapi__str_eq(gwapi__text_str(&is), gwapi__text_str(&should)), "%s", what);
    is.len = 0;
    tell_image(&is, second, after, &kept); /* what it left is as good */
    cr_expect(gwapi__str_eq(gwapi__text_str(&is), gwapi__text_str(&should)), "%s, again", what);
    is.len = 0;
    tell_image(&is, second, before, NULL); /* and one that leaves nothing */
    cr_expect(gwapi__str_eq(gwapi__text_str(&is), gwapi__text_str(&should)), "%s, last", what);
    gwapi__vector_free(&found);
    gwapi_snapshot_release(before);
    gwapi_snapshot_release(after);
    gwapi_snapshot_release(kept);
    gwapi_topology_release(first);
    gwapi_topology_release(second);
    gwapi__text_free(&is);
    gwapi__text_free(&should);
}

Test(compile_change, whatever_changes_the_image_is_as_one_made_anew)
{
    for (size_t i = 0; i < 2 * sizeof changes / sizeof *changes; i++) {
        const change *c = &changes[i / 2];
        made m;
        begin(&m, i % 2 != 0);
        gwapi__text_addz(&m.text, c->says);
        expect_the_same(&m, c->what, c->small);
        made_free(&m);
    }
}

Test(compile_change, a_policy_that_changes_takes_a_new_image)
{
    made m;

    begin(&m, false);
    say_more(&m, tls_policy, "other.example");
    expect_the_same(&m, "a BackendTLSPolicy", false);
    say_more(&m, traffic_policy, "30");
    expect_the_same(&m, "an XBackendTrafficPolicy", false);
    made_free(&m);
}

Test(compile_change, what_the_mesh_shows_takes_a_new_image)
{
    made m;

    begin(&m, true);
    say_more(&m, mesh_route, "a", "/other");
    expect_the_same(&m, "a route of the mesh", false);
    say_more(&m, "---\napiVersion: v1\nkind: Service\nmetadata: {name: s1, namespace: a}\n"
                 "spec: {clusterIP: 10.1.0.9, ports: [{port: 80}]}\n");
    expect_the_same(&m, "a Service", false);
    say_more(&m, "---\napiVersion: v1\nkind: Service\nmetadata: {name: s7, namespace: a}\n"
                 "spec: {clusterIP: 10.1.0.7, ports: [{port: 80}]}\n");
    expect_the_same(&m, "a Service more", false);
    say_more(&m,
             "---\n" GATEWAY_API "kind: HTTPRoute\nmetadata: {name: r00, namespace: a}\n"
             "spec: {parentRefs: [{name: g}, {name: s0, group: '', kind: Service}], "
             "hostnames: [x.example, z.example], rules: [%s]}\n",
             TO("/a"));
    expect_the_same(&m, "a route that joins the mesh", false);
    say_more(&m, "---\n" GATEWAY_API "kind: Gateway\nmetadata: {name: others, namespace: a}\n"
                 "spec: {gatewayClassName: theirs, listeners: [{name: l, port: 80, protocol: "
                 "HTTP}]}\n");
    expect_the_same(&m, "a Gateway of others that a route of the mesh names", false);
    made_free(&m);
}

/* Of topologies that a set can have none differs in this alone: one is made up of two. */
Test(compile_change, what_is_bound_to_a_Service_takes_a_new_image)
{
    gwapi__vector found;
    gwapi_snapshot *image;
    gwapi__text is;
    bool small;
    made m;

    begin(&m, true);
    gwapi__text_init(&is, &m.world.allocator);
    gwapi__vector_init(&found, &m.world.allocator, sizeof(gwapi__route_change));
    gwapi_topology *before = made_resolve(&m, NULL);
    tell_image(&is, before, NULL, &image);
    say_more(&m, mesh_route, "a", "/other");
    made_read(&m);
    gwapi_topology *after = made_resolve(&m, before), both = *before;
    cr_assert_eq(gwapi__compare_topologies(image->kept, &both, &found, &small), GWAPI_OK);
    cr_expect(small);
    both.sequences[GWAPI__SEQUENCE_SERVICES] = after->sequences[GWAPI__SEQUENCE_SERVICES];
    cr_assert_eq(gwapi__compare_topologies(image->kept, &both, &found, &small), GWAPI_OK);
    cr_expect_not(small);
    gwapi_snapshot_release(image);
    gwapi_topology_release(after);
    gwapi_topology_release(before);
    gwapi__vector_free(&found);
    gwapi__text_free(&is);
    made_free(&m);
}

Test(compile_change, no_more_routes_are_spliced_than_is_worth_it)
{
    made m;

    begin(&m, false);
    for (unsigned k = 0; k < 2; k++) {
        for (unsigned i = 10; i < 10 + GWAPI__MOST_SPLICED + 1; i++)
            say_more(&m, some_route, "HTTPRoute", i, "", "x.example",
                     k == 0 ? TO("/a") : TO("/b"));
        if (k == 0)
            made_read(&m);
    }
    expect_the_same(&m, "one too many", false);
    for (unsigned i = 10; i < 10 + GWAPI__MOST_SPLICED; i++)
        say_more(&m, some_route, "HTTPRoute", i, "", "x.example", TO("/c"));
    expect_the_same(&m, "as many as may", true);
    made_free(&m);
}

Test(compile_change, keys_asked_for_now_take_a_new_image)
{
    gwapi_compile_options options = GWAPI_COMPILE_OPTIONS_INIT;
    gwapi_snapshot *without, *with, *anew;
    size_t len, other;
    made m;

    begin(&m, false);
    gwapi_topology *t = made_resolve(&m, NULL);
    options.flags = GWAPI_COMPILE_KEEP;
    cr_assert_eq(gwapi_snapshot_compile(&without, t, &options, NULL), GWAPI_OK);
    options.flags |= GWAPI_COMPILE_WITH_KEYS;
    cr_assert_eq(gwapi_snapshot_compile(&anew, t, &options, NULL), GWAPI_OK);
    options.previous = without;
    cr_assert_eq(gwapi_snapshot_compile(&with, t, &options, NULL), GWAPI_OK);
    const void *a = gwapi_snapshot_bytes(anew, &len), *b = gwapi_snapshot_bytes(with, &other);
    cr_expect(len == other && memcmp(a, b, len) == 0);
    gwapi_snapshot_release(without);
    gwapi_snapshot_release(with);
    gwapi_snapshot_release(anew);
    gwapi_topology_release(t);
    made_free(&m);
}
