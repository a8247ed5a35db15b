/* The schema files and rules.yaml with all that is written for readers, as the build puts them
 * into the library (documents.c, made by documents.awk): what explanations are read from. */
#ifndef GWAPI_SCHEMA_DOCUMENTS_H
#define GWAPI_SCHEMA_DOCUMENTS_H

#include "schema/builtin.h"

/* Of a release, in the order of gwapi__builtin_releases. */
typedef struct gwapi__documents {
    gwapi_str release;
    const gwapi__builtin_text *files; /* by kind; "shared" for the definitions */
    const gwapi__builtin_text *rules; /* by id, each a map of its own */
    size_t rule_count;
} gwapi__documents;

extern const gwapi__documents gwapi__documents_of[];
extern const size_t gwapi__documents_count;

#endif
