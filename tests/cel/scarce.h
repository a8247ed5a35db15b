/*
 * An arena that ends where the test says: so each allocation in it can be the first that finds
 * no room, however few they are, which failing the calls of an allocator, block by block, cannot.
 */
#ifndef GWAPI_TESTS_CEL_SCARCE_H
#define GWAPI_TESTS_CEL_SCARCE_H

#include <criterion/criterion.h>
#include <stdlib.h>

#include "cel/cel.h"

enum {
    SCARCE_BLOCK = 1 << 17,         /* more than nearly all expressions of the tests need */
    SCARCE_LATER = SCARCE_BLOCK / 4 /* no block behind it is smaller */
};

/* The first block of the arena is given, and what is smaller than any later one. */
static inline void *scarce_resize(void *ctx, void *ptr, size_t old_size, size_t new_size)
{
    (void)ctx;
    (void)old_size;
    if (new_size >= SCARCE_LATER &&
        (new_size < SCARCE_BLOCK || new_size > SCARCE_BLOCK + SCARCE_BLOCK / 4))
        return NULL;
    if (new_size != 0)
        return realloc(ptr, new_size);
    free(ptr);
    return NULL;
}

static inline gwapi_allocator scarce_allocator(void)
{
    return (gwapi_allocator){sizeof(gwapi_allocator), NULL, scarce_resize};
}

/* Makes an arena that has so many bytes left. */
static inline void scarce_leave(gwapi__arena *arena, size_t room)
{
    gwapi_allocator allocator = scarce_allocator();

    gwapi__arena_init(arena, &allocator);
    cr_assert_not_null(gwapi__arena_alloc(arena, SCARCE_BLOCK));
    cr_assert_geq(gwapi__arena_block_size(arena, 0), SCARCE_LATER, "or nothing is ever scarce");
    gwapi__arena_reset(arena);
    cr_assert_not_null(gwapi__arena_alloc(arena, SCARCE_BLOCK - room));
}

/* Evaluates with more and more room until it is enough, or beyond a block. False: something else
 * than want of memory was told. */
static inline bool scarce_evaluate(const gwapi__cel_program *program,
                                   const gwapi__cel_value *variables)
{
    gwapi_allocator allocator = scarce_allocator();
    gwapi_result r = GWAPI_ENOMEM;

    for (size_t room = 0; r == GWAPI_ENOMEM && room < SCARCE_BLOCK; room += 16) {
        gwapi__cel_context context;
        gwapi__cel_value value;
        gwapi__arena arena;
        scarce_leave(&arena, room);
        gwapi__cel_context_init(&context, &arena, &allocator);
        r = gwapi__cel_eval(&value, program, variables, &context);
        gwapi__cel_context_free(&context);
        gwapi__arena_free(&arena);
    }
    return r == GWAPI_OK || r == GWAPI_ENOMEM;
}

#endif
