/*
 * An allocator that counts and fails, and the loop that fails every allocation of a call in turn:
 * the first, then the second, … until the call succeeds. After each failure nothing may leak.
 */
#ifndef GWAPI_TESTS_OOM_H
#define GWAPI_TESTS_OOM_H

#include <stdbool.h>
#include <stdlib.h>
#include <gatewayapi/base.h>

typedef struct test_memory {
    size_t live_bytes;  /* allocated and not freed, by the sizes the library told */
    size_t live_blocks;
    size_t calls;       /* allocations and growths so far */
    size_t fail_at;     /* the call that fails, counted from 1; 0: none */
    size_t failed;
} test_memory;

static inline void *test_memory_resize(void *ctx, void *ptr, size_t old_size, size_t new_size)
{
    test_memory *m = ctx;

    if (new_size == 0) {
        m->live_bytes -= old_size;
        m->live_blocks -= ptr != NULL;
        free(ptr);
        return NULL;
    }
    if (new_size > SIZE_MAX / 4) /* no such memory, and the sanitizers stop a program that asks */
        return NULL;
    if (++m->calls == m->fail_at) {
        m->failed++;
        return NULL;
    }
    void *block = realloc(ptr, new_size);
    if (block != NULL) {
        m->live_bytes += new_size - (ptr != NULL ? old_size : 0);
        m->live_blocks += ptr == NULL;
    }
    return block;
}

static inline gwapi_allocator test_memory_allocator(test_memory *m)
{
    return (gwapi_allocator){sizeof(gwapi_allocator), m, test_memory_resize};
}

typedef gwapi_result test_call(const gwapi_allocator *allocator, void *arg);

/*
 * Runs `call`, which releases what it made, with its n-th allocation failing, n = 1, 2, … until
 * one run has no failure. Returns that last result; *runs counts the failed ones. A failing run
 * must return GWAPI_ENOMEM and leave no memory, else `bad` is told n and the loop ends.
 */
static inline gwapi_result test_fail_every_allocation(test_call *call, void *arg, size_t *runs,
                                                      size_t *bad)
{
    for (size_t n = 1;; n++) {
        test_memory m = {.fail_at = n};
        gwapi_allocator a = test_memory_allocator(&m);
        gwapi_result r = call(&a, arg);
        *runs = n - 1;
        *bad = m.live_blocks != 0 || m.live_bytes != 0 || (m.failed != 0 && r != GWAPI_ENOMEM) ? n : 0;
        if (*bad != 0 || m.failed == 0)
            return r;
    }
}

#endif
