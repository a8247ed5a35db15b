#ifndef GATEWAYAPI_SNAPSHOT_H
#define GATEWAYAPI_SNAPSHOT_H
#include <gatewayapi/base.h>
#endif
