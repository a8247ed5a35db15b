/*
 * RE2 patterns with RE2's meaning and bounded work.
 *
 * A pattern is parsed into a syntax tree, which decides what is accepted: what RE2 (Go's regexp)
 * refuses is refused. From the tree come an equivalent PCRE2 pattern, shapes that need no engine,
 * and the simulation that answers when PCRE2 reports a limit, so that neither the engine nor a
 * limit ever changes an answer. Text is bytes; as in Go an invalid byte of UTF-8 is one U+FFFD.
 */
#ifndef GWAPI_REGEX_REGEX_H
#define GWAPI_REGEX_REGEX_H

#include <stdbool.h>
#include "base/alloc.h"

typedef struct gwapi__regex gwapi__regex;

/* Why a pattern was refused: a sentence (static) and which bytes of it are to blame. */
typedef struct gwapi__regex_error {
    const char *message;
    size_t offset;
    size_t length;
} gwapi__regex_error;

enum {
    GWAPI__REGEX_NO_JIT = 1u,       /* never ask for executable memory */
    GWAPI__REGEX_SIMULATE = 2u,     /* no PCRE2 at all: the simulation answers */
    GWAPI__REGEX_SYNTAX_ONLY = 4u   /* check and forget: *out stays NULL */
};

/* GWAPI_EREGEX with *error filled in (may be NULL), GWAPI_ELIMIT above `states`, GWAPI_ENOMEM. */
gwapi_result gwapi__regex_compile(gwapi__regex **out, const gwapi_allocator *allocator,
                                  gwapi_str pattern, uint32_t flags, uint32_t states,
                                  gwapi__regex_error *error);
void gwapi__regex_free(gwapi__regex *regex);

typedef enum gwapi__regex_answer {
    GWAPI__REGEX_MISS = 0,
    GWAPI__REGEX_MATCH = 1,
    GWAPI__REGEX_SPENT = 2 /* the budget ended first; the caller fails closed */
} gwapi__regex_answer;

/* Bytes of scratch that matching with this regex needs; alignment as for max_align_t. */
size_t gwapi__regex_scratch_size(const gwapi__regex *regex);

/* Working memory of one thread for any regex that needs no more. Allocates only here. */
typedef struct gwapi__regex_scratch gwapi__regex_scratch;
/* Builds the scratch inside `memory` of `size` bytes (alignment: max_align_t); NULL if that is
 * too small. Nothing to release: it owns nothing outside `memory`. */
gwapi__regex_scratch *gwapi__regex_scratch_init(void *memory, size_t size);

/*
 * Does the pattern occur in the text (search), or is it the whole text (full)? Allocates nothing.
 * *budget, if not NULL, is lowered by the work done, about a unit a byte; at 0 the answer is
 * SPENT. Time is bounded by text length x states.
 */
gwapi__regex_answer gwapi__regex_search(const gwapi__regex *regex, gwapi__regex_scratch *scratch,
                                        gwapi_str text, uint32_t *budget);
gwapi__regex_answer gwapi__regex_full(const gwapi__regex *regex, gwapi__regex_scratch *scratch,
                                      gwapi_str text, uint32_t *budget);

/* The literal every matching text begins with ("" without one), for indexes. *whole is true when
 * the pattern is that literal and nothing else (under gwapi__regex_full). */
gwapi_str gwapi__regex_prefix(const gwapi__regex *regex, bool *whole);

#endif
