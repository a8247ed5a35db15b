#include "compile/targets.h"

#include <assert.h>
#include <string.h>
#include "base/hash.h"
#include "compile/compiler.h"

/* The resolver and the image tell faults and protocols by the same numbers. */
#define SAME_FAULT(name, value, text)                                                         \
    static_assert((int)GWAPI__FAULT_##name == (int)GWAPI_BACKEND_FAULT_##name, text);
GWAPI__BACKEND_FAULT_TABLE(SAME_FAULT)
#define SAME_PROTOCOL(name, value, text)                                                      \
    static_assert((int)GWAPI__BACKEND_##name == (int)GWAPI_BACKEND_PROTOCOL_##name, text);
GWAPI__BACKEND_PROTOCOL_TABLE(SAME_PROTOCOL)

void gwapi__targets_init(gwapi__targets *targets, const gwapi_allocator *allocator)
{
    memset(targets, 0, sizeof *targets);
    gwapi__slots_init(&targets->by_record, allocator);
    gwapi__slots_init(&targets->by_object, allocator);
    gwapi__vector_init(&targets->objects, allocator, sizeof(gwapi__object_target));
}

void gwapi__targets_free(gwapi__targets *targets)
{
    gwapi__slots_free(&targets->by_record);
    gwapi__slots_free(&targets->by_object);
    gwapi__vector_free(&targets->objects);
}

static const gwapi__image_target *target_at(const gwapi__compiler *c, uint32_t index)
{
    return gwapi__block_at(&c->builder, GWAPI__SECTION_TARGET, index);
}

/* ---- by record ------------------------------------------------------------------------------- */

static uint32_t record_hash(const gwapi__image_target *record)
{
    return (uint32_t)gwapi__hash(0, gwapi__str((const char *)record, sizeof *record));
}

bool gwapi__compile_know_target(gwapi__compiler *c, uint32_t target)
{
    return gwapi__slots_add(&c->targets.by_record, record_hash(target_at(c, target)), target);
}

/* The TARGET that equals the record: one that is there, or a new one. */
static uint32_t place_target(gwapi__compiler *c, const gwapi__image_target *record)
{
    uint32_t hash = record_hash(record), index;

    for (size_t at = hash;
         (index = gwapi__slots_next(&c->targets.by_record, hash, &at)) != GWAPI__SLOTS_NONE;)
        if (memcmp(target_at(c, index), record, sizeof *record) == 0)
            return index;
    gwapi__image_target *out = gwapi__block_add(&c->builder, GWAPI__SECTION_TARGET, &index);
    if (out == NULL)
        return 0;
    *out = *record;
    if (!gwapi__slots_add(&c->targets.by_record, hash, index))
        c->builder.failure = GWAPI_ENOMEM;
    return index;
}

static gwapi_str present(gwapi_str text)
{
    return text.data != NULL ? text : GWAPI__STR("");
}

/* The text, which often is the one that was asked for before. */
static gwapi__image_text again(gwapi__compiler *c, gwapi__known_text *last, gwapi_str text)
{
    if (last->text.data == NULL || !gwapi__str_eq(last->text, text))
        *last = (gwapi__known_text){text, gwapi__block_text(&c->builder, text)};
    return last->stored;
}

static void add_texts(gwapi__compiler *c, const gwapi__resolved_backend *backend,
                      gwapi__image_target *record)
{
    const gwapi__reference *ref = &backend->spec->ref;
    gwapi__targets *known = &c->targets;

    record->group = again(c, &known->group, present(ref->group));
    record->kind = again(c, &known->kind, present(ref->kind));
    record->namespace_ = again(c, &known->namespace_, present(backend->namespace_));
    record->name = gwapi__block_text(&c->builder, present(ref->name));
}

/* ---- by object ------------------------------------------------------------------------------- */

static uint32_t object_hash(const gwapi__resource *object, uint32_t port)
{
    return (uint32_t)gwapi__mix64((uint64_t)(uintptr_t)object + ((uint64_t)port << 48));
}

/* In all but the texts, which say which object it is. */
static bool same_treatment(const gwapi__image_target *a, const gwapi__image_target *b)
{
    return a->port == b->port && a->fault == b->fault && a->protocol == b->protocol &&
           a->tls_policy == b->tls_policy && a->traffic_policy == b->traffic_policy;
}

static uint32_t find_object(const gwapi__compiler *c, const gwapi__resource *object,
                            const gwapi__image_target *record, uint32_t hash)
{
    const gwapi__targets *known = &c->targets;
    uint32_t i;

    for (size_t at = hash;
         (i = gwapi__slots_next(&known->by_object, hash, &at)) != GWAPI__SLOTS_NONE;) {
        const gwapi__object_target *entry = GWAPI__AT(&known->objects, gwapi__object_target, i);
        if (entry->object == object && same_treatment(target_at(c, entry->target), record))
            return entry->target;
    }
    return GWAPI__IMAGE_NONE;
}

static bool know_object(gwapi__targets *known, const gwapi__resource *object, uint32_t target,
                        uint32_t hash)
{
    uint32_t number = (uint32_t)known->objects.count;
    gwapi__object_target *entry = gwapi__vector_add(&known->objects);

    if (entry == NULL)
        return false;
    *entry = (gwapi__object_target){object, target};
    return gwapi__slots_add(&known->by_object, hash, number);
}

/* ---- both ------------------------------------------------------------------------------------ */

/* Its index in the image; NONE without one. */
static uint32_t policy_index(const uint32_t *indices, const gwapi__judged_policy *const *policies,
                             size_t count, const gwapi__resource *policy)
{
    return policy != NULL ? indices[gwapi__policy_number(policies, count, policy)]
                          : GWAPI__IMAGE_NONE;
}

/* A target of the same object is found without looking at texts: most backends name one that
 * another has named. */
uint32_t gwapi__compile_target(gwapi__compiler *c, const gwapi__resolved_backend *backend)
{
    const gwapi__resource *object = backend->object;
    gwapi__image_target record = {
        .port = (uint32_t)backend->spec->port,
        .fault = backend->fault,
        .protocol = backend->protocol,
        .tls_policy = policy_index(c->tls_policy_index, c->t.tls_policies,
                                   c->t.tls_policy_count, backend->tls_policy),
        .traffic_policy = policy_index(c->traffic_policy_index, c->t.traffic_policies,
                                       c->t.traffic_policy_count, backend->traffic_policy),
    };
    uint32_t hash = object_hash(object, record.port);
    uint32_t target = object != NULL ? find_object(c, object, &record, hash) : GWAPI__IMAGE_NONE;

    if (target != GWAPI__IMAGE_NONE)
        return target;
    add_texts(c, backend, &record);
    if (c->builder.failure != GWAPI_OK)
        return 0;
    target = place_target(c, &record);
    if (object != NULL && c->builder.failure == GWAPI_OK &&
        !know_object(&c->targets, object, target, hash))
        c->builder.failure = GWAPI_ENOMEM;
    return target;
}

/* TARGET in the order in which BACKEND names them, without those that nobody names: what the image
 * says must not depend on how it came about. */
gwapi_result gwapi__compile_order_targets(gwapi__compiler *c)
{
    gwapi__vector *targets = &c->builder.sections[GWAPI__SECTION_TARGET];
    gwapi__vector *backends = &c->builder.sections[GWAPI__SECTION_BACKEND];
    gwapi__image_target *ordered = gwapi__compile_array(c, targets->count, sizeof *ordered);
    uint32_t *places = gwapi__compile_array(c, targets->count, sizeof *places); /* + 1; 0: none */
    uint32_t count = 0;

    GWAPI__TRY(c->builder.failure);
    for (size_t i = 0; i < backends->count; i++) {
        uint32_t *target = &GWAPI__AT(backends, gwapi__image_backend, i)->target;
        if (places[*target] == 0) {
            ordered[count] = *GWAPI__AT(targets, gwapi__image_target, *target);
            places[*target] = ++count;
        }
        *target = places[*target] - 1;
    }
    if (count != 0)
        memcpy(targets->data, ordered, count * sizeof *ordered);
    targets->count = count;
    return GWAPI_OK;
}
