/* The set of resources from the inside: what resolve walks. */
#ifndef GWAPI_MODEL_STORE_H
#define GWAPI_MODEL_STORE_H

#include <gatewayapi/resources.h>
#include "model/set.h"

/* Objects in order of first insertion. The pointers are the set's; retain what is kept. */
size_t gwapi__resources_count(const gwapi_resources *resources);
gwapi__resource *gwapi__resources_get(const gwapi_resources *resources, size_t i);
/* NULL without one. Identity is the structured key, never joined text. An empty namespace (a
 * cluster-scoped kind) also finds an object of a kind nobody knows that was written without
 * namespace. O(1). */
gwapi__resource *gwapi__resources_lookup(const gwapi_resources *resources, gwapi_str group,
                                         gwapi_str kind, gwapi_str namespace_, gwapi_str name);
/* The hash of an identity, as the set finds it by. Never the same in two sets. */
uint64_t gwapi__resources_hash(const gwapi_resources *resources, gwapi_str group,
                               gwapi_str kind, gwapi_str namespace_, gwapi_str name);
/* The object of that very identity, by its gwapi__resources_hash; NULL without one. O(1). */
gwapi__resource *gwapi__resources_lookup_hashed(const gwapi_resources *resources, uint64_t hash,
                                                gwapi_str group, gwapi_str kind,
                                                gwapi_str namespace_, gwapi_str name);
gwapi_str gwapi__resources_default_namespace(const gwapi_resources *resources);
/* The objects as they stand now: O(count / GWAPI__SET_CHUNK). False: no memory. */
bool gwapi__resources_view(const gwapi_resources *resources, gwapi__set_view *view,
                           const gwapi_allocator *allocator);
const gwapi_schema *gwapi__resources_schema(const gwapi_resources *resources);
/* Grows by one with every change of the set. */
uint64_t gwapi__resources_revision(const gwapi_resources *resources);

#endif
