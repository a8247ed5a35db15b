/*
 * Quantities of resources (k8s.io/apimachinery pkg/api/resource): 1500m, 2Gi, 3e6. A quantity
 * keeps the form that the server gives it, an int64 or a longer decimal, since functions tell
 * the forms apart: 5 is an integer, 5000m is none.
 */
#ifndef GWAPI_CEL_QUANTITY_H
#define GWAPI_CEL_QUANTITY_H

#include "cel/natural.h"

/* The value is `value` or, in the long form, ±magnitude; times 10^exponent. */
typedef struct gwapi__quantity {
    bool long_form;
    bool negative; /* long form */
    int32_t exponent;
    int64_t value;            /* short form */
    gwapi__natural magnitude; /* long form */
} gwapi__quantity;

typedef enum gwapi__quantity_fault {
    GWAPI__QUANTITY_OK = 0,
    GWAPI__QUANTITY_MALFORMED,
    GWAPI__QUANTITY_NUMBER,
    GWAPI__QUANTITY_SUFFIX,
    GWAPI__QUANTITY_TOO_LARGE /* a quantity, but of more digits than we keep */
} gwapi__quantity_fault;

gwapi__quantity_fault gwapi__quantity_parse(gwapi__quantity *out, gwapi_str text);
void gwapi__quantity_of_int(gwapi__quantity *out, int64_t value);

/* Sum or difference. False: more digits than we keep. */
bool gwapi__quantity_add(gwapi__quantity *out, const gwapi__quantity *a,
                         const gwapi__quantity *b);
bool gwapi__quantity_subtract(gwapi__quantity *out, const gwapi__quantity *a,
                              const gwapi__quantity *b);
/* -1, 0 or 1. */
int gwapi__quantity_compare(const gwapi__quantity *a, const gwapi__quantity *b);
int gwapi__quantity_sign(const gwapi__quantity *q);
/* False: a fraction by its form, too large, or in the long form. */
bool gwapi__quantity_int(const gwapi__quantity *q, int64_t *out);
/* Significand and power of ten as doubles, multiplied: not always the nearest double. */
double gwapi__quantity_double(const gwapi__quantity *q);

#endif
