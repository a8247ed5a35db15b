#include "decide.h"

gwapi_result cli_decide(cli_decider *d, const cli_request *r, gwapi_decision *decision)
{
    gwapi_connection connection = GWAPI_CONNECTION_INIT;
    gwapi_result result = gwapi_accept(d->snapshot, d->scratch, &r->arrival, &connection);

    if (result == GWAPI_OK && d->explain)
        result = gwapi_match_explain(d->snapshot, d->scratch, &connection, &r->request,
                                     decision, d->candidates, CLI_MOST_CANDIDATES,
                                     &d->candidate_count, &d->nearest);
    else if (result == GWAPI_OK)
        result = gwapi_match(d->snapshot, d->scratch, &connection, &r->request, decision);
    if (result == GWAPI_OK && r->random_given)
        result = gwapi_decision_pick_backend(decision, &r->request, r->random, NULL);
    return result;
}

gwapi_result cli_decide_write(const cli_decider *d, const cli_request *r, gwapi_str id,
                              const gwapi_decision *decision, cli_bytes *bytes)
{
    size_t told = d->candidate_count < CLI_MOST_CANDIDATES ? d->candidate_count
                                                           : CLI_MOST_CANDIDATES;
    gwapi_sink sink = cli_bytes_sink(bytes);
    gwapi_result result = gwapi_decision_write(decision, &r->request, id, &sink);

    if (result != GWAPI_OK || !d->explain)
        return result;
    bytes->len--; /* its '}' */
    if (sink.write(sink.ctx, ",\"explanation\":", 15) != 0)
        return GWAPI_ENOMEM;
    result = gwapi_candidates_write(d->snapshot, d->candidates, told, d->candidate_count,
                                    &d->nearest, &sink);
    if (result == GWAPI_OK && sink.write(sink.ctx, "}", 1) != 0)
        result = GWAPI_ENOMEM;
    return result;
}
