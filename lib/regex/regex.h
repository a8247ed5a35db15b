/*
 * RE2 patterns with RE2's meaning and bounded work.
 *
 * A pattern is parsed into a syntax tree, which decides what is accepted: what RE2 (Go's regexp)
 * refuses is refused. From the tree come an equivalent PCRE2 pattern, shapes that need no engine,
 * and the simulation that answers when PCRE2 reports a limit, so that neither the engine nor a
 * limit ever changes an answer. Text is bytes; as in Go an invalid byte of UTF-8 is one U+FFFD.
 * A surrogate in a pattern matches nothing; so it does in Go, which only in a literal behind a
 * leading ^ may take it for U+FFFD.
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
    GWAPI__REGEX_SIMULATE = 2u,     /* the simulation answers everything: to compare with */
    GWAPI__REGEX_NO_PCRE2 = 32u,    /* shapes, else the simulation: quick to compile */
    GWAPI__REGEX_SYNTAX_ONLY = 4u,  /* check and forget: *out stays NULL, `states` does not count */
    /* What will be asked, to spare the work for the other; without either both are made ready.
     * What was not announced is answered too, by the simulation. */
    GWAPI__REGEX_FOR_SEARCH = 8u,
    GWAPI__REGEX_FOR_FULL = 16u,
    /* Of short patterns make a table that searches in ASCII texts, instead of asking PCRE2 for
     * anything; the simulation answers the rest. */
    GWAPI__REGEX_TABLE = 64u
};

/* GWAPI_EREGEX with *error filled in (may be NULL), GWAPI_ELIMIT above `states` (0: 4096),
 * GWAPI_ENOMEM. Keeps no reference to the pattern. */
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
 * Every function below may be called for one regex from several threads, each with a scratch of
 * its own, which must be large enough for the regex. A scratch keeps nothing between calls.
 *
 * Does the pattern occur in the text (search), or is it the whole text (full)? Allocates nothing.
 * *budget, if not NULL, is lowered by a unit for the call and one for each byte, whatever engine
 * answers: when that is more than is left it becomes 0 and the answer is SPENT, on every machine
 * for the same texts. Time is bounded by text length x states.
 */
gwapi__regex_answer gwapi__regex_search(const gwapi__regex *regex, gwapi__regex_scratch *scratch,
                                        gwapi_str text, uint32_t *budget);
gwapi__regex_answer gwapi__regex_full(const gwapi__regex *regex, gwapi__regex_scratch *scratch,
                                      gwapi_str text, uint32_t *budget);

/* Bytes start to end of a text. */
typedef struct gwapi__regex_span {
    size_t start, end;
} gwapi__regex_span;

/* Finds the match that Go's FindIndex finds in the text from `from` on (<= text.len): the
 * leftmost, and of those the one that greedy and lazy repeats and the order of alternatives
 * prefer. What stands before `from` still counts for ^ and \b. *span is set with MATCH only. */
gwapi__regex_answer gwapi__regex_find(gwapi__regex_span *span, const gwapi__regex *regex,
                                      gwapi__regex_scratch *scratch, gwapi_str text, size_t from,
                                      uint32_t *budget);

/* The literal every matching text begins with ("" without one), for indexes. *whole is true when
 * the pattern is that literal and nothing else (under gwapi__regex_full). */
gwapi_str gwapi__regex_prefix(const gwapi__regex *regex, bool *whole);

#endif
