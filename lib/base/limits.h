/* Defaults and checks of every bound. */
#ifndef GWAPI_BASE_LIMITS_H
#define GWAPI_BASE_LIMITS_H

#include <gatewayapi/base.h>

/* The caller's limits (NULL: none given) with every zero replaced by its default. */
gwapi_result gwapi__limits_init(gwapi_limits *out, const gwapi_limits *given);

#endif
