#include "resolve/message.h"

#include <stdarg.h>

#include "base/slice.h"

static void say(gwapi__text *t, const char *format, va_list *args)
{
    const char *literal = format;

    for (; *format != '\0'; format++) {
        if (format[0] != '%')
            continue;
        gwapi__text_add(t, gwapi__str(literal, (size_t)(format - literal)));
        if (format[1] == 's')
            gwapi__text_add(t, va_arg(*args, gwapi_str));
        else
            gwapi__text_i64(t, va_arg(*args, int64_t));
        literal = ++format + 1;
    }
    gwapi__text_addz(t, literal);
}

void gwapi__message_add(gwapi__text *t, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    say(t, format, &args);
    va_end(args);
}

gwapi_result gwapi__message(gwapi_str *out, gwapi__arena *arena, const char *format, ...)
{
    gwapi__text t;
    va_list args;

    gwapi__text_init(&t, &arena->allocator);
    va_start(args, format);
    say(&t, format, &args);
    va_end(args);
    return gwapi__message_take(out, arena, &t);
}

gwapi_result gwapi__message_take(gwapi_str *out, gwapi__arena *arena, gwapi__text *t)
{
    bool good = !t->failed && gwapi__arena_copy(arena, gwapi__text_str(t), out);

    gwapi__text_free(t);
    return good ? GWAPI_OK : GWAPI_ENOMEM;
}
