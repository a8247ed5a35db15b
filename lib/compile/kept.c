#include "compile/kept.h"

const uint32_t gwapi__marked_sections[GWAPI__MARKS] = {
    GWAPI__SECTION_RULE,        GWAPI__SECTION_RULE_OPTIONS, GWAPI__SECTION_BACKEND,
    GWAPI__SECTION_OWN_FILTERS, GWAPI__SECTION_FILTER,       GWAPI__SECTION_MODIFIER,
    GWAPI__SECTION_HEADER_OP,   GWAPI__SECTION_REDIRECT,     GWAPI__SECTION_REWRITE,
    GWAPI__SECTION_MIRROR,      GWAPI__SECTION_CORS,         GWAPI__SECTION_AUTH,
    GWAPI__SECTION_EXTENSION,   GWAPI__SECTION_RETRY,        GWAPI__SECTION_SESSION,
    GWAPI__SECTION_STRING,      GWAPI__SECTION_NUMBER,
};

gwapi__kept *gwapi__kept_new(const gwapi_allocator *allocator, const gwapi_topology *topology,
                             bool with_keys)
{
    gwapi__kept *kept = gwapi__alloc_array(allocator, 1, sizeof *kept);

    if (kept == NULL)
        return NULL;
    kept->allocator = *allocator;
    kept->topology = gwapi_topology_retain((gwapi_topology *)(uintptr_t)topology);
    kept->with_keys = with_keys;
    gwapi__vector_init(&kept->routes, allocator, sizeof(gwapi__kept_route));
    gwapi__vector_init(&kept->hosts, allocator, sizeof(gwapi__kept_host));
    gwapi__vector_init(&kept->variants, allocator, sizeof(uint32_t));
    return kept;
}

void gwapi__kept_free(void *kept)
{
    gwapi__kept *k = kept;

    if (k == NULL)
        return;
    gwapi_topology_release(k->topology);
    gwapi__vector_free(&k->routes);
    gwapi__vector_free(&k->hosts);
    gwapi__vector_free(&k->variants);
    gwapi_allocator allocator = k->allocator;
    gwapi__free(&allocator, k, sizeof *k);
}
