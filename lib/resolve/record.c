#include "resolve/record.h"

#include "base/slice.h"

void gwapi__recorder_init(gwapi__recorder *recorder, const gwapi_allocator *allocator,
                          const gwapi__identity *subject)
{
    *recorder = (gwapi__recorder){.subject = subject};
    gwapi__vector_init(&recorder->parents, allocator, sizeof(gwapi__parent_event));
    gwapi__vector_init(&recorder->places, allocator, sizeof(gwapi__place_event));
    gwapi__vector_init(&recorder->references, allocator, sizeof(gwapi__reference_event));
    gwapi__vector_init(&recorder->targets, allocator, sizeof(gwapi__target_event));
    gwapi__vector_init(&recorder->backends, allocator, sizeof(gwapi__backend_event));
}

void gwapi__recorder_free(gwapi__recorder *recorder)
{
    gwapi__vector_free(&recorder->parents);
    gwapi__vector_free(&recorder->places);
    gwapi__vector_free(&recorder->references);
    gwapi__vector_free(&recorder->targets);
    gwapi__vector_free(&recorder->backends);
}

const char *gwapi__step_text(gwapi__step step)
{
    static const char *const texts[] = {
#define STEP_TEXT(name, text) text,
        GWAPI__STEP_TABLE(STEP_TEXT)
#undef STEP_TEXT
    };

    return texts[step];
}

static bool is_subject(const gwapi__recorder *recorder, const gwapi__identity *identity)
{
    return recorder->subject == NULL || gwapi__identity_eq(recorder->subject, identity);
}

static bool wants(const gwapi__recorder *recorder, const gwapi__resource *resource)
{
    gwapi__identity identity = {resource->group, resource->kind_name, resource->meta.namespace_,
                                resource->meta.name};

    return is_subject(recorder, &identity);
}

static void add(gwapi__recorder *recorder, gwapi__vector *events, const void *event)
{
    void *added = gwapi__vector_push(events);

    if (added != NULL)
        memcpy(added, event, events->size);
    else
        recorder->failed = true;
}

void gwapi__record_parent(gwapi__recorder *recorder, const gwapi__resource *route,
                          const gwapi__parent_ref *ref, uint32_t index, bool found)
{
    if (recorder != NULL && wants(recorder, route))
        add(recorder, &recorder->parents, &(gwapi__parent_event){route, *ref, index, found});
}

void gwapi__record_place(gwapi__recorder *recorder, const gwapi__place_event *event)
{
    if (recorder != NULL && recorder->subject != NULL && wants(recorder, event->route))
        add(recorder, &recorder->places, event);
}

void gwapi__record_conflict(gwapi__recorder *recorder, const gwapi__resource *route,
                            const gwapi__listener *listener, const gwapi__service_port *port,
                            const gwapi__resource *winner)
{
    if (recorder == NULL || !wants(recorder, route))
        return;
    for (size_t i = 0; i < recorder->places.count; i++) {
        gwapi__place_event *e = GWAPI__AT(&recorder->places, gwapi__place_event, i);
        if (e->route == route && e->listener == listener && e->port == port &&
            e->step == GWAPI__STEP_NONE) {
            e->step = GWAPI__STEP_CONFLICT;
            e->winner = winner;
        }
    }
}

void gwapi__record_reference(gwapi__recorder *recorder, const gwapi__identity *from,
                             const gwapi__identity *to, bool permitted)
{
    if (recorder != NULL && is_subject(recorder, from))
        add(recorder, &recorder->references, &(gwapi__reference_event){*from, *to, permitted});
}

void gwapi__record_backend(gwapi__recorder *recorder, const gwapi__backend_event *event)
{
    if (recorder != NULL && wants(recorder, event->route))
        add(recorder, &recorder->backends, event);
}

void gwapi__record_target(gwapi__recorder *recorder, const gwapi__target_event *event)
{
    if (recorder != NULL && wants(recorder, event->policy))
        add(recorder, &recorder->targets, event);
}
