/* Schema text as a tree to the compiled form: resolves references, keeps one channel. */
#ifndef GWAPI_SCHEMA_LOAD_H
#define GWAPI_SCHEMA_LOAD_H

#include "schema/type.h"

/* What is wrong with a schema, and where. A new member of a chain in the loader's scratch. */
typedef struct gwapi__load_problem {
    gwapi_str path; /* within the schema: spec.properties.hosts */
    gwapi_str message;
    gwapi__place place;
    const struct gwapi__load_problem *next;
} gwapi__load_problem;

typedef struct gwapi__load_input {
    const gwapi__node *schema;      /* of the whole object */
    const gwapi__node *definitions; /* a map, or NULL */
    /* Finds what `definitions` does not have; NULL or *out NULL: nothing more. */
    gwapi_result (*define)(void *ctx, gwapi_str name, const gwapi__node **out);
    void *ctx;
    gwapi_channel channel; /* 0: a CRD, our own keywords mean nothing */
    uint32_t minor;        /* of the Kubernetes version */
    gwapi__arena *scratch; /* for merged schemas and problems */
} gwapi__load_input;

/*
 * Fills kind->root, ->minor, ->patterns, ->rule_sets, and info.status_subresource is left alone; everything is copied
 * into the kind's arena. GWAPI_EINVALID with *problems, GWAPI_ENOMEM.
 */
gwapi_result gwapi__load(gwapi__kind *kind, const gwapi__load_input *input,
                         const gwapi__load_problem **problems);

#endif
