#include "resolve/grant.h"

#include "base/slice.h"

void gwapi__grants_init(gwapi__grants *grants, const gwapi_allocator *allocator)
{
    gwapi__index_init(&grants->index, allocator);
    gwapi__vector_init(&grants->froms, allocator, sizeof(gwapi__grant_from));
}

void gwapi__grants_free(gwapi__grants *grants)
{
    gwapi__index_free(&grants->index);
    gwapi__vector_free(&grants->froms);
}

bool gwapi__grants_add(gwapi__grants *grants, const gwapi__resource *resource)
{
    const gwapi__grant *grant = resource->as.grant;

    for (size_t i = 0; i < grant->from_count; i++) {
        const gwapi__reference *from = &grant->from[i];
        gwapi__identity key = {from->group, from->kind, from->namespace_,
                               resource->meta.namespace_};
        uint32_t *first = gwapi__index_at(&grants->index, &key);
        gwapi__grant_from *added = first != NULL ? gwapi__vector_push(&grants->froms) : NULL;
        if (added == NULL)
            return false;
        *added = (gwapi__grant_from){grant, *first};
        *first = (uint32_t)(grants->froms.count - 1);
    }
    return true;
}

static bool names(const gwapi__grant *grant, const gwapi__identity *to)
{
    for (size_t i = 0; i < grant->to_count; i++) {
        const gwapi__reference *allowed = &grant->to[i];
        if (gwapi__str_eq(allowed->group, to->group) &&
            gwapi__str_eq(allowed->kind, to->kind) &&
            (allowed->name.len == 0 || gwapi__str_eq(allowed->name, to->name)))
            return true;
    }
    return false;
}

bool gwapi__grants_permit(const gwapi__grants *grants, const gwapi__identity *from,
                          const gwapi__identity *to)
{
    gwapi__identity key = {from->group, from->kind, from->namespace_, to->namespace_};

    for (uint32_t i = gwapi__index_get(&grants->index, &key); i != GWAPI_NONE;
         i = GWAPI__AT(&grants->froms, gwapi__grant_from, i)->next)
        if (names(GWAPI__AT(&grants->froms, gwapi__grant_from, i)->grant, to))
            return true;
    return false;
}
