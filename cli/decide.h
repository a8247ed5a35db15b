/* What becomes of a request, and if asked for why. */
#ifndef CLI_DECIDE_H
#define CLI_DECIDE_H

#include <gatewayapi/match.h>

#include "io.h"
#include "request.h"

#define CLI_MOST_CANDIDATES 256 /* that an explanation tells */

typedef struct cli_decider {
    const gwapi_snapshot *snapshot;
    gwapi_scratch *scratch;
    bool explain;
    /* Of the last request that was explained. */
    gwapi_candidate candidates[CLI_MOST_CANDIDATES], nearest;
    size_t candidate_count; /* there may be more than are told */
} cli_decider;

/* Decides on a request without an error, and draws a backend if it says a random number. */
gwapi_result cli_decide(cli_decider *decider, const cli_request *request,
                        gwapi_decision *decision);
/* The decision line, `id` its JSON or absent, with the member "explanation" if one is asked for.
 * The bytes are the caller's to free. */
gwapi_result cli_decide_write(const cli_decider *decider, const cli_request *request,
                              gwapi_str id, const gwapi_decision *decision, cli_bytes *bytes);

#endif
