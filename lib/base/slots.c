#include "base/slots.h"

void gwapi__slots_init(gwapi__slots *t, const gwapi_allocator *allocator)
{
    *t = (gwapi__slots){.allocator = *allocator};
}

void gwapi__slots_free(gwapi__slots *t)
{
    gwapi__free(&t->allocator, t->slots, t->slot_count * sizeof *t->slots);
    t->slots = NULL;
    t->slot_count = t->count = 0;
}

static void put(uint64_t *slots, size_t mask, uint64_t slot)
{
    size_t at = slot >> 32 & mask;

    while (slots[at] != 0)
        at = (at + 1) & mask;
    slots[at] = slot;
}

static bool resize(gwapi__slots *t, size_t slot_count)
{
    uint64_t *slots = gwapi__alloc_array(&t->allocator, slot_count, sizeof *slots);

    if (slots == NULL)
        return false;
    for (size_t i = 0; i < t->slot_count; i++)
        if (t->slots[i] != 0)
            put(slots, slot_count - 1, t->slots[i]);
    gwapi__free(&t->allocator, t->slots, t->slot_count * sizeof *t->slots);
    t->slots = slots;
    t->slot_count = slot_count;
    return true;
}

/* At most three quarters of the slots are taken. */
bool gwapi__slots_reserve(gwapi__slots *t, size_t count)
{
    size_t slot_count = t->slot_count != 0 ? t->slot_count : 16;

    if (count > SIZE_MAX / 4)
        return false;
    while (slot_count * 3 < count * 4)
        slot_count *= 2;
    return slot_count == t->slot_count || resize(t, slot_count);
}

bool gwapi__slots_add(gwapi__slots *t, uint32_t hash, uint32_t number)
{
    if (!gwapi__slots_reserve(t, t->count + 1))
        return false;
    put(t->slots, t->slot_count - 1, (uint64_t)hash << 32 | (number + 1));
    t->count++;
    return true;
}
