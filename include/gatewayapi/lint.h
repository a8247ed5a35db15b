/*
 * What a cluster accepts but a user should know: references that lead nowhere, grants that are
 * missing or that nobody uses, listeners in conflict, rules that can never match.
 *
 * The facts are those that make the statuses (topology.h), told as findings with the place of
 * the reference at fault. Each has a stable rule id, "lint/…", which explain.h explains.
 */
#ifndef GATEWAYAPI_LINT_H
#define GATEWAYAPI_LINT_H

#include <gatewayapi/topology.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Resolves the set (`options->previous` is not used) and adds findings to `report`, in the
 * order of the objects and of the places in them. What certainly does not work is an error; what
 * may be in a part of the cluster that was not given, or has no effect, a warning.
 * `options->assume` quiets those about missing objects.
 *
 * A finding belongs to the document of `report` that its object was read from, if the set was
 * read into the same report. Lines and columns are those of the reference when the set keeps
 * its sources (GWAPI_RESOURCES_KEEP_SOURCE), else of the object; excerpts are absent.
 *
 * GWAPI_OK also with findings; GWAPI_ENOMEM, GWAPI_ELIMIT, GWAPI_EARGUMENT as
 * gwapi_topology_resolve. The work is that of resolving the set, and of comparing the matches of
 * each route with one another.
 */
GWAPI_API gwapi_result gwapi_lint(const gwapi_resources *resources,
                                  const gwapi_resolve_options *options, gwapi_report *report);

#ifdef __cplusplus
}
#endif
#endif
