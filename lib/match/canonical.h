/*
 * The canonical form of a path: escaped unreserved characters decoded, other escapes in upper
 * case, "." and ".." segments removed, slashes merged; "%2F" is never decoded. It is never longer
 * than the path, and found without memory: segments are read from the last to the first, where a
 * ".." cancels the next one to its left.
 */
#ifndef GWAPI_MATCH_CANONICAL_H
#define GWAPI_MATCH_CANONICAL_H

#include <stdbool.h>
#include <gatewayapi/base.h>

/* Bytes of the canonical form. `path` has no query. */
size_t gwapi__canonical_length(gwapi_str path);
/* Writes the bytes `from` to `to` (<= gwapi__canonical_length(path)) of the canonical form. */
void gwapi__canonical_copy(gwapi_str path, size_t from, size_t to, char *out);
/* Is the path its own canonical form? */
bool gwapi__canonical_is(gwapi_str path);
/* A byte that no path may hold: a NUL, below 0x21, above 0x7e, '#'; or a broken escape. */
bool gwapi__path_has_bad_bytes(gwapi_str path);

#endif
