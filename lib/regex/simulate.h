/* Runs a program over a text by sets of states: text length x states, whatever the pattern. */
#ifndef GWAPI_REGEX_SIMULATE_H
#define GWAPI_REGEX_SIMULATE_H

#include "regex/program.h"

/* Bytes of working memory for a program of that many instructions. */
size_t gwapi__simulate_size(uint32_t count);

/* Is there a match in the text, or is the whole text one? `memory` is aligned for size_t. */
bool gwapi__simulate(const gwapi__regex_program *program, void *memory, gwapi_str text,
                     bool full);
/* The leftmost match that starts at `from` or later, of those the one a backtracking engine
 * would find first. */
bool gwapi__simulate_find(gwapi__regex_span *span, const gwapi__regex_program *program,
                          void *memory, gwapi_str text, size_t from);

#endif
