#ifndef GATEWAYAPI_TLS_H
#define GATEWAYAPI_TLS_H
#include <gatewayapi/base.h>
#endif
