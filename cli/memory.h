/* Memory of the command. It never returns NULL: without memory the process says so and ends. */
#ifndef CLI_MEMORY_H
#define CLI_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <gatewayapi/base.h>

void *cli_alloc(size_t count, size_t size);
void *cli_grow(void *ptr, size_t count, size_t size);
char *cli_copy(gwapi_str s);
char *cli_format(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* A slice of a terminated string; absent for NULL. */
gwapi_str cli_str(const char *terminated);
bool cli_is(gwapi_str s, const char *terminated);

/* A growable list of terminated strings, owned or borrowed as its user says. */
typedef struct cli_list {
    char **items;
    size_t count;
    size_t capacity;
} cli_list;

void cli_list_add(cli_list *list, char *item);
/* Frees the array, and with `items` what is in it. */
void cli_list_free(cli_list *list, bool items);

#endif
