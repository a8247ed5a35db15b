/* The schema files, as the build puts them into the library (builtin.c, made by embed.awk). */
#ifndef GWAPI_SCHEMA_BUILTIN_H
#define GWAPI_SCHEMA_BUILTIN_H

#include <stdbool.h>
#include <gatewayapi/base.h>

typedef struct gwapi__builtin_text {
    gwapi_str name;
    const unsigned char *bytes;
    size_t size;
} gwapi__builtin_text;

typedef struct gwapi__builtin_version {
    gwapi_str name;
    gwapi_str schema; /* a key of the file's `schemas`; absent: its `schema` */
    bool served, storage, deprecated, experimental;
} gwapi__builtin_version;

typedef struct gwapi__builtin_kind {
    gwapi_str group, kind, plural;
    bool namespaced, experimental;
    const gwapi__builtin_version *versions;
    size_t version_count;
    gwapi__builtin_text text; /* without the head, comments and descriptions */
} gwapi__builtin_kind;

typedef struct gwapi__builtin_release {
    gwapi_str name;
    const gwapi__builtin_kind *kinds;
    size_t kind_count;
    const gwapi__builtin_text *definitions; /* each alone: a map with its name as only key */
    size_t definition_count;
} gwapi__builtin_release;

extern const gwapi__builtin_release gwapi__builtin_releases[];
extern const size_t gwapi__builtin_release_count;

#endif
