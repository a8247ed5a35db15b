#include "resolve/causes.h"

#include "base/slice.h"

/* Causes that are told; more are counted. Keeps messages far below the schema's 32,768. */
#define MOST_TOLD 8

void gwapi__causes_init(gwapi__causes *p, const gwapi_allocator *allocator)
{
    *p = (gwapi__causes){0};
    gwapi__text_init(&p->text, allocator);
}

void gwapi__causes_free(gwapi__causes *p)
{
    gwapi__text_free(&p->text);
}

gwapi__text *gwapi__causes_add(gwapi__causes *p, gwapi__condition_id id)
{
    if (p->count++ == 0)
        p->first = p->lowest = id;
    if (id < p->lowest)
        p->lowest = id;
    if (p->count > MOST_TOLD)
        return NULL;
    if (p->count > 1)
        gwapi__text_addz(&p->text, "; ");
    return &p->text;
}

gwapi_result gwapi__causes_take(gwapi__finding *out, gwapi__arena *arena, gwapi__causes *p,
                                gwapi__condition_id id, gwapi__condition_id none)
{
    *out = gwapi__found(p->count != 0 ? id : none);
    if (p->count == 0)
        return GWAPI_OK;
    if (p->count > MOST_TOLD)
        gwapi__message_add(&p->text, "; and %d more", (int64_t)(p->count - MOST_TOLD));
    return gwapi__message_take(&out->message, arena, &p->text);
}
