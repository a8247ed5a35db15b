#include "cel/message.h"

#include "cel/text.h"

void gwapi__cel_message(gwapi__text *text, const char *format, va_list args)
{
    for (const char *p = format; *p != '\0'; p++) {
        if (*p != '%') {
            gwapi__text_char(text, *p);
            continue;
        }
        switch (*++p) {
        case 'v': gwapi__text_add(text, va_arg(args, gwapi_str)); break;
        case 'q': gwapi__cel_text_quoted(text, va_arg(args, gwapi_str)); break;
        case 's': gwapi__text_addz(text, va_arg(args, const char *)); break;
        case 'i': gwapi__text_i64(text, va_arg(args, int64_t)); break;
        case 'u': gwapi__text_u64(text, va_arg(args, uint64_t)); break;
        default: gwapi__cel_text_double(text, va_arg(args, double)); break;
        }
    }
}
