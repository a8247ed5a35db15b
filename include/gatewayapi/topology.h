#ifndef GATEWAYAPI_TOPOLOGY_H
#define GATEWAYAPI_TOPOLOGY_H
#include <gatewayapi/base.h>
#endif
