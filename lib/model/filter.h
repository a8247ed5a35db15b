/* Filters of HTTPRoutes and of GRPCRoutes, which have fewer. */
#ifndef GWAPI_MODEL_FILTER_H
#define GWAPI_MODEL_FILTER_H

#include "model/route.h"
#include "model/shapes.h"

extern const gwapi__shape gwapi__shape_http_filter;
extern const gwapi__shape gwapi__shape_grpc_filter;

#endif
