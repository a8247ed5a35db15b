/* Everything a topology tells, as one text, the image too; random steps that change its set. */
#ifndef GWAPI_TESTS_RESOLVE_TELL_H
#define GWAPI_TESTS_RESOLVE_TELL_H

#include "support.h"

#include <stdlib.h>
#include "generate.h"

/* What the environment says, for longer runs and others. */
static inline uint64_t setting(const char *name, uint64_t otherwise)
{
    const char *text = getenv(name);

    return text != NULL ? strtoull(text, NULL, 10) : otherwise;
}

/* ---- what a topology tells ----------------------------------------------------------- */

static inline void tell_number(gwapi__text *t, uint64_t n)
{
    gwapi__text_u64(t, n);
    gwapi__text_char(t, ' ');
}

static inline void tell_attachments(gwapi__text *t, const gwapi_topology *topology,
                                    size_t listener, uint32_t count)
{
    for (uint32_t j = 0; j < count; j++) {
        uint32_t route;
        cr_assert_eq(gwapi_topology_attachment_at(topology, listener, j, &route), GWAPI_OK);
        tell_number(t, route);
    }
    gwapi__text_char(t, '\n');
}

static inline void tell_lists(gwapi__text *t, const gwapi_topology *topology)
{
    for (size_t i = 0; i < gwapi_topology_gateway_count(topology); i++) {
        gwapi_gateway_info g = {.struct_size = sizeof g};
        cr_assert_eq(gwapi_topology_gateway_at(topology, i, &g), GWAPI_OK);
        gwapi__text_add(t, g.namespace_);
        gwapi__text_add(t, g.name);
        tell_number(t, g.accepted);
        tell_number(t, g.programmed);
        tell_number(t, g.default_gateway);
        tell_number(t, g.first_listener);
        tell_number(t, g.listener_count);
    }
    for (size_t i = 0; i < gwapi_topology_listener_count(topology); i++) {
        gwapi_topology_listener_info l = {.struct_size = sizeof l};
        cr_assert_eq(gwapi_topology_listener_at(topology, i, &l), GWAPI_OK);
        tell_number(t, l.gateway);
        gwapi__text_add(t, l.listener_set);
        gwapi__text_add(t, l.name);
        tell_number(t, l.port);
        tell_number(t, l.attached_routes);
        tell_attachments(t, topology, i, l.attachment_count);
    }
    for (size_t i = 0; i < gwapi_topology_route_count(topology); i++) {
        gwapi_topology_route_info r = {.struct_size = sizeof r};
        cr_assert_eq(gwapi_topology_route_at(topology, i, &r), GWAPI_OK);
        gwapi__text_add(t, r.kind);
        gwapi__text_add(t, r.namespace_);
        gwapi__text_add(t, r.name);
        tell_number(t, r.accepted);
        tell_number(t, r.rule_count);
    }
}

/* `previous` may be NULL; *kept gets the snapshot, NULL: it is let go. */
static inline void tell_image(gwapi__text *t, const gwapi_topology *topology,
                              const gwapi_snapshot *previous, gwapi_snapshot **kept)
{
    gwapi_compile_options options = GWAPI_COMPILE_OPTIONS_INIT;
    gwapi_snapshot *snapshot;
    size_t len;

    options.previous = previous;
    options.flags = kept != NULL ? GWAPI_COMPILE_KEEP : 0;
    cr_assert_eq(gwapi_snapshot_compile(&snapshot, topology, &options, NULL), GWAPI_OK);
    const void *bytes = gwapi_snapshot_bytes(snapshot, &len);
    gwapi__text_add(t, gwapi__str(bytes, len));
    if (kept != NULL)
        *kept = snapshot;
    else
        gwapi_snapshot_release(snapshot);
}

static inline void tell_all_by(gwapi__text *t, const gwapi_topology *topology,
                               const gwapi_snapshot *previous, gwapi_snapshot **kept)
{
    t->len = 0;
    write_statuses(t, topology);
    tell_lists(t, topology);
    tell_image(t, topology, previous, kept);
    cr_assert(!t->failed);
}

static inline void tell_all(gwapi__text *t, const gwapi_topology *topology)
{
    tell_all_by(t, topology, NULL, NULL);
}

static inline size_t difference(gwapi_str a, gwapi_str b)
{
    size_t i = 0;

    while (i < a.len && i < b.len && a.data[i] == b.data[i])
        i++;
    while (i > 0 && a.data[i - 1] != '\n')
        i--;
    return i;
}

static inline void expect_same(const gwapi__text *is, const gwapi__text *should,
                               const char *label, uint64_t at, gwapi_str manifest)
{
    gwapi_str a = gwapi__text_str(is), b = gwapi__text_str(should);
    size_t from = difference(a, b);

    cr_assert(gwapi__str_eq(a, b), "%s, step %zu: %.*s\nis     %.900s\nshould %.900s", label,
              (size_t)at, GWAPI__FMT(manifest), a.data + from, b.data + from);
}

/* ---- steps --------------------------------------------------------------------------- */

static inline void apply(world *w, gwapi__text *t)
{
    gwapi_source source = GWAPI_SOURCE_INIT;

    source.bytes = t->data;
    source.len = t->len;
    source.mode = GWAPI_READ_STORED;
    gwapi_result result = gwapi_resources_read(w->set, &source, w->report);
    cr_assert_eq(result, GWAPI_OK, "%s\n%.*s\n%.*s", gwapi_result_name(result),
                 GWAPI__FMT(text_of(w->report)), GWAPI__FMT(gwapi__text_str(t)));
}

static inline void take_away(world *w, const subject *s)
{
    gwapi_object_ref ref = GWAPI_OBJECT_REF_INIT;

    ref.group = gwapi__str_of(s->row->group);
    ref.kind = gwapi__str_of(s->row->kind);
    ref.namespace_ = gwapi__str_of(s->namespace_);
    ref.name = gwapi__str_of(s->name);
    gwapi_resources_delete(w->set, &ref);
}

/* One object comes or changes, or goes. */
static inline void step(world *w, dice *d, gwapi__text *t)
{
    subject s = random_subject(d);

    t->len = 0;
    say_subject(t, d, &s);
    if (roll(d, 4) == 0)
        take_away(w, &s);
    else
        apply(w, t);
}

#endif
