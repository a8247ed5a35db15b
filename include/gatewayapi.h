/*
 * libgatewayapi: Kubernetes Gateway API for data planes.
 *
 *     bytes -> gwapi_resources -> gwapi_topology -> gwapi_snapshot -> gwapi_decision
 *
 * Read manifests into a set of resources (resources.h), work out what attaches to what
 * (topology.h), compile that into one immutable block (snapshot.h) and answer connections and
 * requests from it (match.h). Each header opens with what it is for, who owns what and which
 * thread may call it.
 */
#ifndef GATEWAYAPI_H
#define GATEWAYAPI_H

#include <gatewayapi/version.h>
#include <gatewayapi/base.h>
#include <gatewayapi/schema.h>
#include <gatewayapi/explain.h>
#include <gatewayapi/resources.h>
#include <gatewayapi/topology.h>
#include <gatewayapi/attachment.h>
#include <gatewayapi/lint.h>
#include <gatewayapi/snapshot.h>
#include <gatewayapi/match.h>
#include <gatewayapi/auth.h>
#include <gatewayapi/tls.h>

#endif
