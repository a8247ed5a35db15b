#include "match/redirect.h"

#include "base/result.h"

const gwapi__image_redirect *gwapi__redirect_of(const gwapi_decision *decision, uint32_t backend)
{
    const gwapi__image_filter *filter =
        gwapi__filters_last(decision, backend, GWAPI__IMAGE_FILTER_REDIRECT);

    return filter != NULL ? gwapi__image_REDIRECT(decision->snapshot, filter->item) : NULL;
}

static void add_port(gwapi__buffer *out, uint32_t port)
{
    char digits[11];
    size_t n = sizeof digits;

    do {
        digits[--n] = (char)('0' + port % 10);
        port /= 10;
    } while (port != 0);
    digits[--n] = ':';
    gwapi__buffer_add(out, gwapi__str(digits + n, sizeof digits - n));
}

gwapi_result gwapi_decision_redirect(const gwapi_decision *decision,
                                     const gwapi_request *request, uint32_t backend,
                                     char *buffer, size_t capacity, size_t *length,
                                     uint32_t *status)
{
    gwapi__buffer out = {buffer, capacity, 0};
    gwapi_request r;

    if (!gwapi__decision_usable(decision) || !gwapi__buffer_usable(buffer, capacity, length))
        return GWAPI_EARGUMENT;
    GWAPI__TRY(gwapi__request_in(&r, request));
    const gwapi_snapshot *s = decision->snapshot;
    const gwapi__image_redirect *redirect = gwapi__redirect_of(decision, backend);
    if (redirect == NULL)
        return GWAPI_ESTATE;
    gwapi_str host = gwapi__image_str(s, redirect->hostname);
    if (host.len == 0)
        host = gwapi__host_without_port(gwapi__request_host(s, &r));
    if (host.len == 0)
        return GWAPI_ESTATE;

    bool https = redirect->scheme == GWAPI__SCHEME_HTTPS ||
                 (redirect->scheme == GWAPI__SCHEME_REQUEST &&
                  decision->transport == GWAPI_TRANSPORT_TLS);
    uint32_t well_known = https ? 443 : 80;
    uint32_t port = redirect->port != 0                           ? redirect->port
                    : redirect->scheme != GWAPI__SCHEME_REQUEST ? well_known
                                                                  : decision->port;
    gwapi__buffer_add(&out, https ? GWAPI__STR("https://") : GWAPI__STR("http://"));
    gwapi__buffer_add(&out, host);
    if (port != well_known)
        add_port(&out, port);
    if (!gwapi__target_write(decision, &r, redirect->path_type,
                             gwapi__image_str(s, redirect->path), true, &out))
        return GWAPI_EINVALID;
    if (status != NULL)
        *status = redirect->status;
    return gwapi__buffer_end(&out, length);
}
