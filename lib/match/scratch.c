#include "match/scratch.h"

#include <stdalign.h>
#include "base/result.h"
#include "image/reader.h"

#define ALIGNMENT alignof(max_align_t)

static size_t round_up(size_t size)
{
    return (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
}

/* The parts in order: the struct, the engine's memory, the text. */
static size_t parts_size(const gwapi_snapshot *s)
{
    return round_up(sizeof(gwapi_scratch)) + round_up(s->regex_scratch) + s->limits.scratch_text;
}

size_t gwapi_scratch_size(const gwapi_snapshot *snapshot)
{
    return ALIGNMENT - 1 + parts_size(snapshot);
}

gwapi_result gwapi_scratch_init(gwapi_scratch **out, void *memory, size_t size,
                                const gwapi_snapshot *snapshot)
{
    if (out == NULL)
        return GWAPI_EARGUMENT;
    *out = NULL;
    if (memory == NULL || snapshot == NULL)
        return GWAPI_EARGUMENT;
    size_t skip = (ALIGNMENT - (uintptr_t)memory % ALIGNMENT) % ALIGNMENT;
    if (size < skip || size - skip < parts_size(snapshot))
        return GWAPI_EBUFFER;
    char *at = (char *)memory + skip;
    gwapi_scratch *scratch = (void *)at;
    *scratch = (gwapi_scratch){.regex_size = snapshot->regex_scratch,
                               .text_size = snapshot->limits.scratch_text};
    at += round_up(sizeof *scratch);
    /* What a pattern asks for is enough for it. */
    if (scratch->regex_size != 0)
        scratch->regex = gwapi__regex_scratch_init(at, scratch->regex_size);
    scratch->text = at + round_up(scratch->regex_size);
    *out = scratch;
    return GWAPI_OK;
}

gwapi_result gwapi_scratch_new(gwapi_scratch **out, const gwapi_snapshot *snapshot,
                               const gwapi_allocator *allocator)
{
    gwapi_allocator a;

    if (out == NULL)
        return GWAPI_EARGUMENT;
    *out = NULL;
    if (snapshot == NULL)
        return GWAPI_EARGUMENT;
    GWAPI__TRY(gwapi__allocator_init(&a, allocator));
    size_t size = gwapi_scratch_size(snapshot);
    void *block = gwapi__alloc(&a, size);
    if (block == NULL)
        return GWAPI_ENOMEM;
    /* Cannot fail: the arguments are there, the size is the one asked for. */
    (void)gwapi_scratch_init(out, block, size, snapshot);
    (*out)->allocator = a;
    (*out)->block = block;
    (*out)->block_size = size;
    return GWAPI_OK;
}

void gwapi_scratch_free(gwapi_scratch *scratch)
{
    if (scratch == NULL || scratch->block == NULL)
        return;
    gwapi_allocator allocator = scratch->allocator;
    gwapi__free(&allocator, scratch->block, scratch->block_size);
}

uint32_t gwapi_scratch_fits(const gwapi_scratch *scratch, const gwapi_snapshot *snapshot)
{
    return gwapi__scratch_fits(scratch, snapshot);
}
