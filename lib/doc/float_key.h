/* Floats as keys of maps: the one place where the reader writes a number as text. */
#ifndef GWAPI_DOC_FLOAT_KEY_H
#define GWAPI_DOC_FLOAT_KEY_H

#include "base/text.h"

/* As Go writes the nearest float32 in its shortest general form: 1.5, 100000, 1e+06, .inf. */
void gwapi__float_key(gwapi__text *t, double number);

#endif
