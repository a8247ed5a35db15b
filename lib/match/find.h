/* Binary searches over the sorted sections that arrivals are looked up in. */
#ifndef GWAPI_MATCH_FIND_H
#define GWAPI_MATCH_FIND_H

#include "match/request.h"

/* The scope that an arrival at a Gateway names; GWAPI_NONE. */
uint32_t gwapi__scope_find(const gwapi_snapshot *s, const gwapi_arrival *arrival);
/* The door of a scope for port and transport; GWAPI_NONE. */
uint32_t gwapi__door_find(const gwapi_snapshot *s, uint32_t scope, uint32_t port,
                          gwapi_transport transport);
/* The Service that a mesh arrival names or whose cluster IP it goes to; GWAPI_NONE. */
uint32_t gwapi__service_find(const gwapi_snapshot *s, const gwapi_arrival *arrival);
/* The mesh table of a Service port for clients of a namespace, the producer's for all that have
 * none of their own; GWAPI_NONE without routes. */
uint32_t gwapi__mesh_table_find(const gwapi_snapshot *s, uint32_t service_port, gwapi_str client,
                                gwapi_mesh_role *role);

#endif
