/* A JSON value into a tree: the scanner's records and jansson's values, side by side. */
#ifndef GWAPI_DOC_JSON_H
#define GWAPI_DOC_JSON_H

#include "doc/scan.h"

/* Reads the next value of the scanner. GWAPI_OK and the tree; GWAPI_EUNREADABLE after a problem
 * was added; GWAPI_ENOMEM. */
gwapi_result gwapi__json_read(gwapi__node **root, gwapi__arena *arena, gwapi__scan *scan,
                              const gwapi_limits *limits, gwapi__problems *problems);

#endif
