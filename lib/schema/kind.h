/* From an entry of the registry to a compiled kind. */
#ifndef GWAPI_SCHEMA_KIND_H
#define GWAPI_SCHEMA_KIND_H

#include "schema/load.h"
#include "schema/registry.h"

/* A kind without a schema yet. Texts of `info` are copied. NULL: no memory. */
gwapi__kind *gwapi__kind_new(const gwapi_schema *schema, const gwapi__kind_info *info);

/* Reads one of the texts that the build put in, into the arena. GWAPI_ENOMEM. */
gwapi_result gwapi__builtin_read(const gwapi__node **out, const gwapi__builtin_text *text,
                                 gwapi__arena *arena);

/* The schema of a version in the file of its kind, NULL if it has none. */
gwapi__node *gwapi__builtin_schema(const gwapi__node *file,
                                   const gwapi__builtin_version *version);

/* Reads and compiles what a built-in entry needs. GWAPI_ENOMEM. */
gwapi_result gwapi__kind_compile_builtin(gwapi__kind **out, const gwapi_schema *schema,
                                         const gwapi__entry *entry);

#endif
