/* Host names, most specific first: one order for SNI, Host, listeners and routes. */
#ifndef GWAPI_MATCH_HOST_H
#define GWAPI_MATCH_HOST_H

#include "match/request.h"

/* The names that cover a host: itself, "*.rest" with ever shorter rests, "" (any). */
typedef struct gwapi__host_walk {
    char text[GWAPI__HOST_LONGEST + 1]; /* the host; '*' takes the byte before the rest */
    uint32_t len;
    uint32_t at; /* where the next dot is looked for */
    uint32_t step; /* 0: the host itself, 1: wildcards, 2: any, 3: over */
} gwapi__host_walk;

void gwapi__host_walk_start(gwapi__host_walk *walk, const gwapi__host *host);
/* *name lives until the next call. */
bool gwapi__host_walk_next(gwapi__host_walk *walk, gwapi_str *name);

/* For connections: the most specific listener of the door for the SNI; GWAPI_NONE. */
uint32_t gwapi__listener_choose(const gwapi_snapshot *s, uint32_t door, const gwapi__host *host);
/* Of RULE: what takes the connections of exactly that name ("a.b", "*.b", ""); GWAPI_NONE. */
uint32_t gwapi__stream_find(const gwapi_snapshot *s, gwapi__image_range streams, gwapi_str name);

/* For requests: the listener of the door that covers the host best (GWAPI_NONE: none does) and
 * the HOST of its routes to look at first (GWAPI_NONE). */
void gwapi__name_choose(const gwapi_snapshot *s, uint32_t door, const gwapi__host *host,
                        uint32_t *listener, uint32_t *routes);

#endif
