/* A set read from YAML, resolved, with its statuses as lines of JSON. */
#ifndef GWAPI_TESTS_RESOLVE_SUPPORT_H
#define GWAPI_TESTS_RESOLVE_SUPPORT_H

#include <criterion/criterion.h>
#include <stdio.h>
#include <gatewayapi.h>
#include "base/slice.h"
#include "base/text.h"

typedef struct world {
    gwapi_allocator allocator;
    gwapi_schema *schema;
    gwapi_resources *set;
    gwapi_report *report;
    gwapi_topology *topology;
    gwapi_resolve_options options;
    gwapi_read_mode mode;
} world;

static inline gwapi_str text_of(const gwapi_report *report)
{
    static char buffer[2048];
    size_t used = 0;

    buffer[0] = '\0';
    for (size_t i = 0; i < gwapi_report_count(report) && used < sizeof buffer - 300; i++) {
        gwapi_diagnostic d = {.struct_size = sizeof d};
        gwapi_report_at(report, i, &d);
        used += (size_t)snprintf(buffer + used, 256, "%.*s: %.*s\n", GWAPI__FMT(d.path),
                                 GWAPI__FMT(d.message));
    }
    return gwapi__str_of(buffer);
}

static inline void world_init(world *w, gwapi_channel channel)
{
    gwapi_resources_options options = GWAPI_RESOURCES_OPTIONS_INIT;

    *w = (world){.options = GWAPI_RESOLVE_OPTIONS_INIT};
    options.flags = GWAPI_RESOURCES_KEEP_SOURCE;
    cr_assert_eq(gwapi__allocator_init(&w->allocator, NULL), GWAPI_OK);
    cr_assert_eq(gwapi_report_new(&w->report, NULL, NULL), GWAPI_OK);
    cr_assert_eq(gwapi_schema_new(&w->schema, NULL), GWAPI_OK);
    cr_assert_eq(gwapi_schema_add_builtin(w->schema, (gwapi_str){NULL, 0}, channel), GWAPI_OK);
    cr_assert_eq(gwapi_schema_seal(w->schema, NULL, 0), GWAPI_OK);
    cr_assert_eq(gwapi_resources_new(&w->set, w->schema, &options), GWAPI_OK);
}

static inline void world_free(world *w)
{
    gwapi_topology_release(w->topology);
    gwapi_resources_free(w->set);
    gwapi_schema_free(w->schema);
    gwapi_report_free(w->report);
}

static inline void world_read(world *w, gwapi_str yaml)
{
    gwapi_source source = GWAPI_SOURCE_INIT;

    source.name = GWAPI__STR("input.yaml");
    source.bytes = yaml.data;
    source.len = yaml.len;
    source.mode = w->mode;
    gwapi_result result = gwapi_resources_read(w->set, &source, w->report);
    cr_assert_eq(result, GWAPI_OK, "%s\n%.*s", gwapi_result_name(result),
                 GWAPI__FMT(text_of(w->report)));
}

static inline void world_resolve(world *w)
{
    gwapi_topology *made;
    gwapi_result result = gwapi_topology_resolve(&made, w->set, &w->options, w->report);

    cr_assert_eq(result, GWAPI_OK, "%s", gwapi_result_name(result));
    gwapi_topology_release(w->topology);
    w->topology = made;
}

static inline int text_sink(void *ctx, const char *data, size_t len)
{
    gwapi__text *t = ctx;

    gwapi__text_add(t, gwapi__str(data, len));
    return t->failed;
}

/* One line an object: {"kind":…,"namespace":…,"name":…,"status":…}. */
static inline void write_statuses(gwapi__text *t, const gwapi_topology *topology)
{
    gwapi_sink sink = {sizeof sink, t, text_sink};

    for (size_t i = 0; i < gwapi_topology_status_count(topology); i++) {
        gwapi_object_ref ref = GWAPI_OBJECT_REF_INIT;
        bool first = true;
        cr_assert_eq(gwapi_topology_status_at(topology, i, &ref), GWAPI_OK);
        gwapi__text_char(t, '{');
        gwapi__json_str(t, &first, "kind", ref.kind);
        gwapi__json_str_opt(t, &first, "namespace", ref.namespace_);
        gwapi__json_str(t, &first, "name", ref.name);
        gwapi__json_key(t, &first, "status");
        cr_assert_eq(gwapi_topology_status_write(topology, i, &sink), GWAPI_OK);
        gwapi__text_addz(t, "}\n");
    }
    cr_assert(!t->failed);
}

/* The condition of a type in a scope of an object; absent texts without one. */
static inline gwapi_condition condition_of(const gwapi_topology *t, const char *kind,
                                           const char *name, const char *scope,
                                           const char *type)
{
    gwapi_condition c = {.struct_size = sizeof c};

    for (size_t i = 0; i < gwapi_topology_status_count(t); i++) {
        gwapi_object_ref ref = GWAPI_OBJECT_REF_INIT;
        gwapi_topology_status_at(t, i, &ref);
        if (!gwapi__str_eq(ref.kind, gwapi__str_of(kind)) ||
            !gwapi__str_eq(ref.name, gwapi__str_of(name)))
            continue;
        for (size_t j = 0; j < gwapi_topology_condition_count(t, i); j++) {
            cr_assert_eq(gwapi_topology_condition_at(t, i, j, &c), GWAPI_OK);
            if (gwapi__str_eq(c.scope, gwapi__str_of(scope)) &&
                gwapi__str_eq(c.type, gwapi__str_of(type)))
                return c;
        }
    }
    return (gwapi_condition){.struct_size = sizeof c};
}

#endif
