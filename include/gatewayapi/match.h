#ifndef GATEWAYAPI_MATCH_H
#define GATEWAYAPI_MATCH_H
#include <gatewayapi/base.h>
#endif
