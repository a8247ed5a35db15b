/* References between schemas, `$ref: Name`, which only our own schema files have. */
#ifndef GWAPI_SCHEMA_RESOLVE_REF_H
#define GWAPI_SCHEMA_RESOLVE_REF_H

#include "schema/load.h"

/*
 * The schema that `source` stands for: itself without a reference; the definition, if nothing
 * but documentation stands beside the reference; else the definition with the other keys laid
 * over it (README.md of the schemas), made in input->scratch. *refusal: why there is none.
 * GWAPI_ENOMEM.
 */
gwapi_result gwapi__resolve_ref(const gwapi__node **out, const gwapi__node *source,
                                const gwapi__load_input *input, const char **refusal);

#endif
