/* Messages of conditions and notes, built without the locale. */
#ifndef GWAPI_RESOLVE_MESSAGE_H
#define GWAPI_RESOLVE_MESSAGE_H

#include "base/arena.h"
#include "base/text.h"

/* Adds text in which %s stands for a gwapi_str and %d for an int64_t argument (cast it).
 * Nothing else is special. */
void gwapi__message_add(gwapi__text *t, const char *format, ...);
/* The same as one message in the arena. GWAPI_ENOMEM. */
gwapi_result gwapi__message(gwapi_str *out, gwapi__arena *arena, const char *format, ...);
/* Copies what was built into the arena and releases the builder. GWAPI_ENOMEM. */
gwapi_result gwapi__message_take(gwapi_str *out, gwapi__arena *arena, gwapi__text *t);

#endif
