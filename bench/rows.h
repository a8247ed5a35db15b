/* From manifests.json to rows: gateways, listeners and every match, in order of precedence. */
#ifndef BENCH_ROWS_H
#define BENCH_ROWS_H

#include "data.h"

/* Fills everything of *data that comes from data->document. */
void bench_rows_load(bench_data *data);
void bench_rows_free(bench_data *data);

/* The text of a member; "" when it is absent. */
gwapi_str bench_member(const json_t *object, const char *name);
/* Index of a gateway by "namespace/name"; ends the program when there is none. */
uint32_t bench_gateway(const bench_data *data, gwapi_str key);

#endif
