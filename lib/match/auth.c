/* ExternalAuth: the pure steps before and after the host's own call (matching.md §19). */
#include "base/result.h"
#include "base/struct.h"
#include "match/request.h"
#include "match/rule.h"

static const gwapi__image_auth *auth_of(const gwapi_decision *decision, uint32_t backend)
{
    if (!gwapi__decision_usable(decision))
        return NULL;
    const gwapi__image_filter *filter =
        gwapi__filters_last(decision, backend, GWAPI__IMAGE_FILTER_AUTH);
    return filter != NULL ? gwapi__image_AUTH(decision->snapshot, filter->item) : NULL;
}

static bool listed(const gwapi_snapshot *s, gwapi__image_range names, gwapi_str name)
{
    for (uint32_t i = 0; i < names.count; i++)
        if (gwapi__str_eq_nocase(gwapi__image_string_at(s, names.first + i), name))
            return true;
    return false;
}

gwapi_result gwapi_auth_request(const gwapi_decision *decision, const gwapi_request *request,
                                uint32_t backend, gwapi_auth_call *out)
{
    gwapi_auth_call call = {.struct_size = sizeof call, .backend = GWAPI_NONE};
    gwapi_request r;

    if (!gwapi__decision_usable(decision))
        return GWAPI_EARGUMENT;
    GWAPI__TRY(gwapi__request_in(&r, request));
    const gwapi__image_auth *auth = auth_of(decision, backend);
    if (auth != NULL) {
        call.protocol = auth->protocol;
        call.backend = auth->backend;
        if (auth->has_forward_body != 0)
            call.body_bytes = gwapi__image_u64(auth->max_size);
        if (auth->protocol == GWAPI_AUTH_HTTP)
            call.path_prefix = gwapi__image_str(decision->snapshot, auth->path);
    }
    return gwapi__struct_out(out, &call, sizeof call, sizeof call);
}

/* HTTP: what every auth backend gets besides the listed names. The host writes the others. */
static bool written_by_host(gwapi_str name)
{
    static const char *const names[] = {"host", ":authority", ":method", ":path",
                                        "content-length"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (gwapi__str_eq_nocase(name, gwapi__str_of(names[i])))
            return true;
    return false;
}

uint32_t gwapi_auth_sends_header(const gwapi_decision *decision, uint32_t backend, gwapi_str name)
{
    const gwapi__image_auth *auth = auth_of(decision, backend);

    if (auth == NULL || written_by_host(name))
        return 0;
    if (auth->protocol == GWAPI_AUTH_GRPC && auth->headers.count == 0)
        return 1;
    if (auth->protocol == GWAPI_AUTH_HTTP && gwapi__str_eq_nocase(name, GWAPI__STR("authorization")))
        return 1;
    return listed(decision->snapshot, auth->headers, name);
}

gwapi_result gwapi_auth_result(const gwapi_decision *decision, uint32_t backend, uint32_t status,
                               gwapi_auth_answer *out)
{
    gwapi_auth_answer answer = {.struct_size = sizeof answer};

    if (!gwapi__decision_usable(decision))
        return GWAPI_EARGUMENT;
    if (auth_of(decision, backend) == NULL)
        return GWAPI_ESTATE;
    answer.allowed = status == 200;
    if (answer.allowed == 0)
        answer.status = status >= 100 && status <= 599 ? status : 403; /* fail closed */
    return gwapi__struct_out(out, &answer, sizeof answer, sizeof answer);
}

uint32_t gwapi_auth_takes_header(const gwapi_decision *decision, uint32_t backend, gwapi_str name)
{
    const gwapi__image_auth *auth = auth_of(decision, backend);

    if (auth == NULL)
        return 0;
    if (auth->protocol == GWAPI_AUTH_HTTP && auth->response_headers.count != 0)
        return listed(decision->snapshot, auth->response_headers, name);
    return !gwapi__str_eq_nocase(name, GWAPI__STR("host")) &&
           !gwapi__str_eq_nocase(name, GWAPI__STR(":authority"));
}
