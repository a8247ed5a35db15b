#include "text.h"
#include "measure.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum { MOST = 1024 };

void bench_say(bench_text *t, const char *format, ...)
{
    va_list arguments;

    if (t->capacity - t->len < MOST) {
        t->capacity = 2 * t->capacity + 4 * MOST;
        t->data = realloc(t->data, t->capacity);
        if (t->data == NULL)
            bench_die("manifests", "no memory");
    }
    va_start(arguments, format);
    t->len += (size_t)vsnprintf(t->data + t->len, t->capacity - t->len, format, arguments);
    va_end(arguments);
}
