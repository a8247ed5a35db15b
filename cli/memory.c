#include "memory.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"

static void *kept(void *ptr)
{
    if (ptr == NULL) {
        fputs("gatewayapi: out of memory\n", stderr);
        exit(CLI_INTERNAL);
    }
    return ptr;
}

void *cli_alloc(size_t count, size_t size)
{
    return kept(calloc(count != 0 ? count : 1, size));
}

void *cli_grow(void *ptr, size_t count, size_t size)
{
    return kept(count > SIZE_MAX / size ? NULL : realloc(ptr, count * size));
}

char *cli_copy(gwapi_str s)
{
    char *copy = cli_alloc(s.len + 1, 1);

    if (s.len != 0)
        memcpy(copy, s.data, s.len);
    return copy;
}

char *cli_format(const char *format, ...)
{
    va_list args, again;
    char *text;
    int len;

    va_start(args, format);
    va_copy(again, args);
    len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    text = cli_alloc(len > 0 ? (size_t)len + 1 : 1, 1);
    if (len > 0)
        vsnprintf(text, (size_t)len + 1, format, again);
    va_end(again);
    return text;
}

gwapi_str cli_str(const char *terminated)
{
    return (gwapi_str){terminated, terminated != NULL ? strlen(terminated) : 0};
}

bool cli_is(gwapi_str s, const char *terminated)
{
    size_t len = strlen(terminated);

    return s.len == len && (len == 0 || memcmp(s.data, terminated, len) == 0);
}

void cli_list_add(cli_list *list, char *item)
{
    if (list->count == list->capacity) {
        list->capacity = list->capacity != 0 ? list->capacity * 2 : 8;
        list->items = cli_grow(list->items, list->capacity, sizeof *list->items);
    }
    list->items[list->count++] = item;
}

void cli_list_free(cli_list *list, bool items)
{
    for (size_t i = 0; items && i < list->count; i++)
        free(list->items[i]);
    free(list->items);
    *list = (cli_list){0};
}
