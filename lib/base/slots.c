#include "base/slots.h"

void gwapi__slots_init(gwapi__slots *s, const gwapi_allocator *allocator)
{
    *s = (gwapi__slots){.allocator = *allocator};
}

void gwapi__slots_free(gwapi__slots *s)
{
    gwapi__free(&s->allocator, s->slots, s->slot_count * sizeof *s->slots);
    s->slots = NULL;
    s->slot_count = s->count = 0;
}

static void put(uint64_t *slots, size_t mask, uint64_t slot)
{
    size_t at = slot >> 32 & mask;

    while (slots[at] != 0)
        at = (at + 1) & mask;
    slots[at] = slot;
}

static bool resize(gwapi__slots *s, size_t slot_count)
{
    uint64_t *slots = gwapi__alloc_array(&s->allocator, slot_count, sizeof *slots);

    if (slots == NULL)
        return false;
    for (size_t i = 0; i < s->slot_count; i++)
        if (s->slots[i] != 0)
            put(slots, slot_count - 1, s->slots[i]);
    gwapi__free(&s->allocator, s->slots, s->slot_count * sizeof *s->slots);
    s->slots = slots;
    s->slot_count = slot_count;
    return true;
}

/* At most three quarters of the slots are taken. */
bool gwapi__slots_reserve(gwapi__slots *s, size_t count)
{
    size_t slot_count = s->slot_count != 0 ? s->slot_count : 16;

    if (count > SIZE_MAX / 4)
        return false;
    while (slot_count * 3 < count * 4)
        slot_count *= 2;
    return slot_count == s->slot_count || resize(s, slot_count);
}

bool gwapi__slots_add(gwapi__slots *s, uint32_t hash, uint32_t number)
{
    if (!gwapi__slots_reserve(s, s->count + 1))
        return false;
    put(s->slots, s->slot_count - 1, (uint64_t)hash << 32 | (number + 1));
    s->count++;
    return true;
}
