/* Texts of issues and of run-time errors. */
#ifndef GWAPI_CEL_MESSAGE_H
#define GWAPI_CEL_MESSAGE_H

#include <stdarg.h>
#include "base/text.h"

/* Adds the format's text: %v gwapi_str, %s const char *, %i int64_t, %u uint64_t, %q a quoted
 * gwapi_str as Go's %q, %d double. */
void gwapi__cel_message(gwapi__text *text, const char *format, va_list args);

#endif
