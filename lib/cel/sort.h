/*
 * Sorting as Go's sort.Slice sorts (1.19 and later): not stable, so that its choice of pivots
 * shows in the order of equal elements, and in that of elements without an order (nan).
 */
#ifndef GWAPI_CEL_SORT_H
#define GWAPI_CEL_SORT_H

#include <stdbool.h>
#include <stdint.h>

/* Does element a come before element b? */
typedef bool gwapi__cel_less(void *ctx, uint32_t a, uint32_t b);

/* Sorts indices of elements. Time grows with n log n, whatever `less` answers. */
void gwapi__cel_sort(uint32_t *indices, uint32_t count, gwapi__cel_less *less, void *ctx);

#endif
