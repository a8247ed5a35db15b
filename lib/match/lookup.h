/* One request on its way through the candidates of a host. */
#ifndef GWAPI_MATCH_LOOKUP_H
#define GWAPI_MATCH_LOOKUP_H

#include "image/segments.h"
#include "match/request.h"
#include "match/scratch.h"

/* Memory that is going to be read, if the machine can be told. No function: compilers leave out
 * calls that only ask. */
#if defined(__GNUC__)
#define GWAPI__ASK_FOR(p) __builtin_prefetch(p)
#else
#define GWAPI__ASK_FOR(p) ((void)(p))
#endif

typedef struct gwapi__lookup {
    const gwapi_snapshot *snapshot;
    const gwapi_request *request;
    gwapi__regex_scratch *regex;
    char *text; /* the scratch's, as far as the path has not taken it */
    size_t text_size;
    gwapi_str method;
    gwapi_str path; /* as the path policy has it, without the query; not empty */
    gwapi_str query;
    bool grpc; /* a POST of "/service/method" */
    gwapi_str service; /* of such a one */
    gwapi_str grpc_method;
    uint32_t budget; /* regex work that is left */
    gwapi__segments segments; /* of the path */
} gwapi__lookup;

/* Of the request but its path. */
static inline void gwapi__lookup_init(gwapi__lookup *lookup, const gwapi_snapshot *s,
                                      const gwapi_request *request, const gwapi_scratch *scratch)
{
    lookup->snapshot = s;
    lookup->request = request;
    lookup->regex = scratch->regex;
    lookup->text = scratch->text;
    lookup->text_size = scratch->text_size;
    lookup->method = gwapi__request_method(request);
    lookup->query = (gwapi_str){NULL, 0};
    lookup->grpc = false;
    lookup->budget = s->limits.match_steps;
}

/* From the target to be compared: path, its index, query (unless there is none) and, for a POST,
 * service and method. */
void gwapi__lookup_set_path(gwapi__lookup *lookup, gwapi_str target);

/* Does a whole text match a pattern of REGEX? Takes its work from the budget. */
gwapi__regex_answer gwapi__lookup_regex(gwapi__lookup *lookup, uint32_t regex, gwapi_str text);

/* predicate.c: all of a match but what its place in the table has decided already: its method,
 * headers and query. SPENT: the budget or the scratch's text ended; the request is refused. */
gwapi__regex_answer gwapi__predicates_hold(gwapi__lookup *lookup,
                                           const gwapi__image_match *match);

/* predicate.c: one of its conditions on headers and the query. */
gwapi__regex_answer gwapi__condition_holds(gwapi__lookup *lookup,
                                           const gwapi__image_condition *condition);

/* candidate.c: the best match of a host's candidates by precedence; *match is its index in
 * MATCH when the answer is MATCH. */
gwapi__regex_answer gwapi__candidate_find(gwapi__lookup *lookup, const gwapi__image_host *host,
                                          uint32_t *match);

#endif
