/* What !!timestamp accepts. The value stays a string. */
#ifndef GWAPI_DOC_TIMESTAMP_H
#define GWAPI_DOC_TIMESTAMP_H

#include <stdbool.h>
#include <gatewayapi/base.h>

bool gwapi__timestamp_valid(gwapi_str text);

#endif
