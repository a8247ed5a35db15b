#ifndef GATEWAYAPI_RESOURCES_H
#define GATEWAYAPI_RESOURCES_H
#include <gatewayapi/base.h>
#endif
