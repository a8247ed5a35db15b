/* The image of support/sample_image.h, served; its records can be changed before it is opened. */
#ifndef GWAPI_TESTS_MATCH_SAMPLED_H
#define GWAPI_TESTS_MATCH_SAMPLED_H

#include <criterion/criterion.h>
#include "support/sample_image.h"
#include "support/use_image.h"

typedef struct sampled {
    unsigned char *bytes;
    size_t size;
    gwapi_snapshot *snapshot;
    gwapi_scratch *scratch;
} sampled;

static inline void sampled_make(sampled *s)
{
    gwapi_allocator a;

    *s = (sampled){NULL, 0, NULL, NULL};
    cr_assert_eq(gwapi__allocator_init(&a, NULL), GWAPI_OK);
    cr_assert_eq(sample_image(&a, NULL, &s->bytes, &s->size), GWAPI_OK);
}

/* A record in the bytes; SAMPLED(s, RULE, rule, 0)->route is a word of it. */
static inline void *sampled_record(const sampled *s, uint32_t id, uint32_t index)
{
    const gwapi__image_header *header = (const void *)s->bytes;
    const gwapi__image_section *table = (const void *)(s->bytes + sizeof *header);

    for (uint32_t i = 0; i < header->section_count; i++)
        if (table[i].id == id) {
            cr_assert_lt(index, table[i].count);
            return s->bytes + table[i].offset + (size_t)index * table[i].record;
        }
    cr_assert_fail("there is no section %u", (unsigned)id);
    return NULL;
}
#define SAMPLED(s, section, record, index)                                                    \
    ((gwapi__image_##record *)sampled_record((s), GWAPI__SECTION_##section, (index)))

/* Opens it as it is now, its checksum made right. */
static inline void sampled_serve(sampled *s, const gwapi_limits *limits)
{
    gwapi_open_options options = GWAPI_OPEN_OPTIONS_INIT;

    use_mend(s->bytes, s->size);
    options.limits = limits;
    cr_assert_eq(gwapi_snapshot_open(&s->snapshot, s->bytes, s->size, &options, NULL), GWAPI_OK);
    cr_assert_eq(gwapi_scratch_new(&s->scratch, s->snapshot, NULL), GWAPI_OK);
}

static inline void sampled_open(sampled *s)
{
    sampled_make(s);
    sampled_serve(s, NULL);
}

static inline void sampled_close(sampled *s)
{
    gwapi_scratch_free(s->scratch);
    gwapi_snapshot_release(s->snapshot);
    free(s->bytes);
}

static inline gwapi_connection sampled_accept(const sampled *s, uint32_t port, const char *sni)
{
    gwapi_arrival arrival = GWAPI_ARRIVAL_INIT;
    gwapi_connection c = GWAPI_CONNECTION_INIT;

    arrival.port = port;
    arrival.sni = gwapi__str_of(sni);
    cr_assert_eq(gwapi_accept(s->snapshot, s->scratch, &arrival, &c), GWAPI_OK);
    return c;
}

/* A client of the mesh on its way to shop/web. */
static inline gwapi_connection sampled_mesh(const sampled *s, const char *client, uint32_t port,
                                            gwapi_transport transport)
{
    gwapi_arrival arrival = GWAPI_ARRIVAL_INIT;
    gwapi_connection c = GWAPI_CONNECTION_INIT;

    arrival.client_namespace = gwapi__str_of(client);
    arrival.service_namespace = GWAPI__STR("shop");
    arrival.service_name = GWAPI__STR("web");
    arrival.port = port;
    arrival.transport = transport;
    cr_assert_eq(gwapi_accept(s->snapshot, s->scratch, &arrival, &c), GWAPI_OK);
    return c;
}

static inline gwapi_decision sampled_match(const sampled *s, const gwapi_connection *c,
                                           const gwapi_request *r)
{
    gwapi_decision d = GWAPI_DECISION_INIT;

    cr_assert_eq(gwapi_match(s->snapshot, s->scratch, c, r, &d), GWAPI_OK);
    return d;
}

/* A GET of http://a.example. */
static inline gwapi_request sampled_get(const char *path)
{
    gwapi_request r = GWAPI_REQUEST_INIT;

    r.host = GWAPI__STR("a.example");
    r.path = gwapi__str_of(path);
    return r;
}

/* What it is answered on port 80. */
static inline gwapi_decision sampled_ask(const sampled *s, const gwapi_request *r)
{
    gwapi_connection c = sampled_accept(s, 80, NULL);

    return sampled_match(s, &c, r);
}

#endif
