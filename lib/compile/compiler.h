/*
 * The state of one compilation: topology in, builder out, and the tables in between. The steps
 * run in the order of the declarations below; each needs what the earlier ones filled in.
 */
#ifndef GWAPI_COMPILE_COMPILER_H
#define GWAPI_COMPILE_COMPILER_H

#include <gatewayapi/auth.h>
#include "base/map.h"
#include "base/result.h"
#include "base/slice.h"
#include "compile/kept.h"
#include "compile/targets.h"
#include "image/builder.h"
#include "resolve/topology.h"

/* The rules of a route as a Gateway or as the mesh executes them. */
typedef struct gwapi__variant {
    bool used;
    uint32_t first_rule; /* in RULE; its rules stand together */
    uint32_t rule_count;
    uint32_t first_match; /* in compiler.variant_matches */
    uint32_t match_count;
} gwapi__variant;

/* What leads requests to a match of their host. */
typedef enum gwapi__found_by {
    GWAPI__FOUND_BY_TEXT = 0, /* a path, a prefix or a gRPC method that stands in the table */
    GWAPI__FOUND_BY_PATTERN,  /* what the pattern may begin with, or the list of patterns */
    GWAPI__FOUND_BY_DEPTH,    /* the list of prefixes of more segments than are counted */
    GWAPI__FOUND_BY_GRPC      /* the list of gRPC methods */
} gwapi__found_by;

/* The first of a match's key: Exact, patterns, prefixes; gRPC after all HTTP matches. */
enum {
    GWAPI__PRECEDENCE_EXACT,
    GWAPI__PRECEDENCE_PATTERN,
    GWAPI__PRECEDENCE_PREFIX,
    GWAPI__PRECEDENCE_GRPC
};

/* A match before it is written; 64 bytes, since all are read many times. */
typedef struct gwapi__compile_match {
    const gwapi__route_match *spec; /* NULL: of a GRPCRoute's rule without matches */
    uint32_t variant;
    uint32_t rule;          /* in RULE */
    uint32_t index;         /* in the rule */
    bool known;             /* of an image made from an earlier one: those that are looked at */
    uint8_t found_by;       /* gwapi__found_by; if it is a text: */
    uint8_t type;           /* GWAPI__IMAGE_MATCH_... */
    bool any_method;        /* of a gRPC service */
    uint64_t hash;          /* of the text, */
    gwapi__image_text text; /* as the builder numbers it, */
    uint32_t depths;        /* and its bit of the host's masks */
    uint32_t key[5]; /* precedence: the smaller is the better, from the first on; then the older
                      * route's, the earlier rule's, the earlier in it */
} gwapi__compile_match;

/* Objects that the image holds once, sorted by namespace and name. */
typedef struct gwapi__object_set {
    gwapi__resource **items;
    size_t count;
} gwapi__object_set;

/* A listener with its routes. */
typedef struct gwapi__compile_listener {
    uint32_t gateway;
    const gwapi__resolved_listener *judged;
    const gwapi__attached *routes;
} gwapi__compile_listener;

/* The topology by number: its parts know none. */
typedef struct gwapi__numbered {
    const gwapi__judged_gateway **gateways;
    uint32_t *first_listener; /* of each Gateway */
    size_t gateway_count;
    gwapi__compile_listener *listeners;
    size_t listener_count;
    const gwapi__resolved_route **routes; /* those with parents of ours */
    size_t route_count;
    const gwapi__judged_policy **tls_policies;
    size_t tls_policy_count;
    const gwapi__judged_policy **traffic_policies;
    size_t traffic_policy_count;
    uint32_t *route_slots; /* route number + 1 by address, 0: empty; a power of two of them */
    size_t route_slot_count;
} gwapi__numbered;

typedef struct gwapi__compiler {
    const gwapi_topology *topology;
    gwapi__numbered t;
    gwapi_allocator allocator;
    gwapi__arena arena; /* whatever does not outlive the compilation */
    gwapi__block builder;
    bool with_keys;
    gwapi__kept *kept; /* what is left for the next compilation; NULL: nothing */

    bool *gateway_kept;      /* by topology index */
    bool *listener_kept;     /* by topology index */
    uint32_t *gateway_index; /* topology index to GATEWAY */
    uint32_t *gateway_rank;  /* by age, then namespace/name */
    uint32_t *route_rank;    /* by age, then namespace/name, then kind */
    uint32_t *route_order;   /* topology indices by kind, namespace, name */
    uint32_t *listener_order; /* kept ones as in LISTENER: by Gateway, then as in the topology */
    size_t listener_count;
    gwapi__variant *variants; /* 2 * route + mesh */

    bool *tls_policy_used;         /* by topology index */
    uint32_t *tls_policy_index;    /* to TLS_POLICY */
    bool *traffic_policy_used;
    uint32_t *traffic_policy_index;
    gwapi__object_set certificates;
    gwapi__object_set bundles;
    gwapi__map header_names; /* lower case; the value is the index in HEADER_NAME */
    gwapi__map regexes;      /* the value is the index in REGEX */
    gwapi__map *listener_hosts; /* by place in LISTENER: name to HOST */
    gwapi__targets targets;
    gwapi__map door_tables;  /* listeners as bytes; the value is a DOOR with their names */
    gwapi__map host_tables;  /* variants as bytes; the value is a HOST with their tables */
    struct gwapi__candidates *candidates; /* of the host that is made; NULL: none was yet */

    gwapi__vector listed;          /* of gwapi__compile_match, as the routes were made */
    gwapi__compile_match *matches; /* as in MATCH once they are sorted */
    size_t match_count;
    uint32_t *variant_matches; /* indices in MATCH, ascending for each variant */
} gwapi__compiler;

/* number.c */
gwapi_result gwapi__compile_number(gwapi__compiler *c);
uint32_t gwapi__route_number(const gwapi__compiler *c, const gwapi__resolved_route *route);
/* Of a policy that a backend names. */
uint32_t gwapi__policy_number(const gwapi__judged_policy *const *policies, size_t count,
                              const gwapi__resource *policy);
/* select.c: which Gateways, listeners and rules the image needs. */
gwapi_result gwapi__compile_select(gwapi__compiler *c, const gwapi_object_ref *gateways,
                                   size_t gateway_count);
/* order.c: gateway_rank, route_rank, route_order. */
gwapi_result gwapi__compile_order(gwapi__compiler *c);
/* collect.c: the policies, certificates, bundles, header names and patterns in use. */
gwapi_result gwapi__compile_collect(gwapi__compiler *c);
/* The header names and patterns of a route as Gateways execute it; policies: some backend has
 * one. */
gwapi_result gwapi__compile_needs(gwapi__compiler *c, const gwapi__resolved_route *route,
                                  bool *policies);
/* tlsmap.c: CERTIFICATE, BUNDLE, TLS_POLICY; policy.c: TRAFFIC_POLICY. */
gwapi_result gwapi__compile_tls(gwapi__compiler *c);
gwapi_result gwapi__compile_traffic(gwapi__compiler *c);
/* rules.c: ROUTE, RULE, BACKEND and with filters.c what they refer to. */
gwapi_result gwapi__compile_rules(gwapi__compiler *c);
/* … of one route. */
void gwapi__compile_route(gwapi__compiler *c, uint32_t route);
/* targets.c: that of a backend; then TARGET in the order in which BACKEND names them. */
uint32_t gwapi__compile_target(gwapi__compiler *c, const gwapi__resolved_backend *backend);
gwapi_result gwapi__compile_order_targets(gwapi__compiler *c);
/* Is to be found by its record from now on; false without memory. */
bool gwapi__compile_know_target(gwapi__compiler *c, uint32_t target);
/* matches.c: MATCH, CONDITION and GRPC_METHOD of a route, once its rules are made; then all of
 * them in order. */
gwapi_result gwapi__compile_route_matches(gwapi__compiler *c, uint32_t route);
gwapi_result gwapi__compile_matches(gwapi__compiler *c);
/* The matches of one variant, of gwapi__compile_match, rule by rule; false without memory. */
bool gwapi__compile_list_matches(gwapi__compiler *c, gwapi__vector *v, uint32_t variant);
/* predicates.c: its key; its records at the end of their sections. */
void gwapi__compile_match_key(gwapi__compile_match *m, gwapi__resource_kind kind);
void gwapi__compile_match_record(gwapi__compiler *c, const gwapi__compile_match *m);
/* The matches that are known, ascending for each variant; GWAPI_ENOMEM. */
gwapi_result gwapi__compile_index_matches(gwapi__compiler *c);
/* found.c: what leads to it, once its record is written. */
void gwapi__compile_found_by(gwapi__compiler *c, gwapi__compile_match *m,
                             const gwapi__image_match *record);
/* listeners.c: GATEWAY, LISTENER, STREAM; doors.c: SCOPE, DOOR, LISTENER_INDEX; names.c: NAME; with
 * hosts.c HOST, HOST_LISTS, SLOT, MATCH_INDEX. */
gwapi_result gwapi__compile_listeners(gwapi__compiler *c);
gwapi_result gwapi__compile_listener_hosts(gwapi__compiler *c);
gwapi_result gwapi__compile_doors(gwapi__compiler *c);
/* mesh.c: SERVICE, SERVICE_ADDRESS, SERVICE_PORT, MESH_TABLE. */
gwapi_result gwapi__compile_mesh(gwapi__compiler *c);

/* ---- what the steps share ----------------------------------------------------------------- */

static inline gwapi__variant *gwapi__variant_of(gwapi__compiler *c, uint32_t route, bool mesh)
{
    return &c->variants[2 * (size_t)route + mesh];
}

/* The path that a match of an HTTPRoute asks for. */
static inline gwapi_str gwapi__match_path(const gwapi__route_match *spec)
{
    return spec->path.data != NULL ? spec->path : GWAPI__STR("/");
}

/* The rules of a variant in the topology. */
static inline const gwapi__resolved_rule *gwapi__variant_rules(const gwapi__compiler *c,
                                                               uint32_t route, bool mesh)
{
    const gwapi__resolved_route *r = c->t.routes[route];
    return mesh ? r->mesh_rules : r->rules;
}

/* Orders "namespace/name" as the joined text, which is not the order of the parts: a-b/x comes
 * before a/x (matching.md §7). */
int gwapi__order_joined(const gwapi__meta *a, const gwapi__meta *b);
/* By namespace, then name: the order of the image's lists. */
int gwapi__order_parts(const gwapi__meta *a, const gwapi__meta *b);

/* Older first; "namespace/name"; the kind, for routes that share both. */
int gwapi__order_age(const gwapi__resource *a, const gwapi__resource *b);

/* The place of an object in a set; GWAPI__IMAGE_NONE. */
uint32_t gwapi__object_set_find(const gwapi__object_set *set, const gwapi__resource *object);

/* An array of the arena's for the steps; NULL fails the builder. */
void *gwapi__compile_array(gwapi__compiler *c, size_t count, size_t size);

/* filters.c: FILTER records for a list, GWAPI__IMAGE range. `next` tells where the rule's next
 * mirror and auth backends go. */
typedef struct gwapi__extra_backends {
    uint32_t rule;
    uint32_t mirror; /* in BACKEND, of the next mirror; places count from 0 */
    uint32_t auth;
    uint32_t mirror_place;
    uint32_t auth_place;
} gwapi__extra_backends;
gwapi__image_range gwapi__compile_filters(gwapi__compiler *c,
                                          const gwapi__resolved_filter *filters, size_t count,
                                          gwapi__extra_backends *next);
/* rules.c: fills a BACKEND record. */
void gwapi__compile_backend(gwapi__compiler *c, uint32_t at,
                            const gwapi__resolved_backend *backend);
/* policy.c: a SESSION record; `name` where the spec has none. NONE when not present. */
uint32_t gwapi__compile_session(gwapi__compiler *c, const gwapi__session_persistence *session,
                                gwapi_str name);

/* hosts.c: a hostname ("" for none) under which a variant's rules are found. */
typedef struct gwapi__host_entry {
    gwapi_str hostname;
    uint32_t route;
    bool mesh;
} gwapi__host_entry;
/* A listener's: a route's rules stand under each of its hostnames, or under "" without any. NULL
 * fails the builder. */
gwapi__host_entry *gwapi__compile_host_entries(gwapi__compiler *c,
                                               const gwapi__attached *l, size_t *count);
/* Absent: any. Names play no part for TCP and UDP. */
gwapi_str gwapi__compile_listener_hostname(const gwapi__listener *spec);
/* names.c: what requests look up at a door, which will be that one in DOOR. */
void gwapi__compile_door_names(gwapi__compiler *c, uint32_t index, gwapi__image_door *door);
/* The HOST of one hostname's entries, behind which `next` is looked at (GWAPI__IMAGE_NONE); NONE
 * when none of them takes requests. Equal entries share tables. */
uint32_t gwapi__compile_host(gwapi__compiler *c, const gwapi__host_entry *entries, size_t count,
                             uint32_t next);
/* HOST, HOST_LISTS, SLOT and MATCH_INDEX of a host with tables of its own, for variants that
 * ascend; GWAPI_ENOMEM. */
gwapi_result gwapi__compile_host_tables(gwapi__compiler *c, const uint32_t *variants,
                                        size_t count, uint32_t next, uint32_t *host);
/* Of RULE: what takes TLS, TCP or UDP; NONE. */
uint32_t gwapi__compile_stream_rule(const gwapi__compiler *c, const gwapi__host_entry *entries,
                                    size_t count);
/* STRING records of a list. */
gwapi__image_range gwapi__compile_strings(gwapi__compiler *c, gwapi__strs strings);
/* OPTION records of a list. */
gwapi__image_range gwapi__compile_options(gwapi__compiler *c, gwapi__pairs options);
/* BUNDLE_INDEX records of a list of ConfigMaps. */
gwapi__image_range gwapi__compile_bundle_list(gwapi__compiler *c,
                                              gwapi__resource *const *objects, size_t count);

#endif
