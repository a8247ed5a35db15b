/* PCRE2 behind the allocator, with bounded work: what it cannot answer in time it does not answer. */
#ifndef GWAPI_REGEX_ENGINE_H
#define GWAPI_REGEX_ENGINE_H

#include "regex/tree.h"

/* What PCRE2 allocates with, at a place that does not move. */
typedef struct gwapi__engine_memory {
    gwapi_allocator allocator;
    bool failed; /* an allocation did */
} gwapi__engine_memory;

typedef struct gwapi__engine {
    gwapi__engine_memory memory;
    void *search; /* pcre2_code; NULL: the simulation answers */
    void *full;   /* the same as `search` if both ask the same */
    bool jit;
    uint32_t states; /* of the program */
} gwapi__engine;

typedef struct gwapi__engine_options {
    bool search, full;       /* what is to be asked */
    bool begins, ends;       /* every match begins with the text, ends with it */
    bool jit;
} gwapi__engine_options;

/* A pattern that PCRE2 has no room for leaves search and full NULL. GWAPI_ENOMEM. */
gwapi_result gwapi__engine_init(gwapi__engine *engine, const gwapi_allocator *allocator,
                                const gwapi__regex_node *root,
                                const gwapi__engine_options *options);
void gwapi__engine_free(gwapi__engine *engine);

/* Bytes of working memory, aligned for every type. */
size_t gwapi__engine_size(const gwapi__engine *engine);

typedef enum gwapi__engine_answer {
    GWAPI__ENGINE_MISS = 0,
    GWAPI__ENGINE_MATCH = 1,
    GWAPI__ENGINE_GAVE_UP = 2 /* a limit, or no room */
} gwapi__engine_answer;

/* Runs `code` over valid UTF-8. Allocates in `memory` only. */
gwapi__engine_answer gwapi__engine_run(const gwapi__engine *engine, const void *code, void *memory,
                                       size_t size, gwapi_str text);

#endif
