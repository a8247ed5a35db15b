/* A YAML document, by libyaml's events, into a tree. */
#ifndef GWAPI_DOC_YAML_H
#define GWAPI_DOC_YAML_H

#include "doc/problem.h"
#include "doc/source.h"

/* GWAPI_OK and the tree, or NULL if the chunk holds no document at all; GWAPI_EUNREADABLE after
 * a problem was added; GWAPI_ENOMEM. */
gwapi_result gwapi__yaml_read(gwapi__node **root, gwapi__arena *arena,
                              const gwapi_allocator *allocator, const gwapi__chunk *chunk,
                              const gwapi_limits *limits, gwapi__problems *problems);

#endif
