#include "match/decision.h"

#include "base/result.h"
#include "base/struct.h"
#include "match/cors.h"
#include "match/redirect.h"
#include "match/rule.h"

/* ---- texts ---- */

#define TEXT_CASE(name, value, text)                                                          \
    case value:                                                                               \
        return text;

const char *gwapi_outcome_text(gwapi_outcome outcome)
{
    switch (outcome) {
        GWAPI_OUTCOME_TABLE(TEXT_CASE)
    default:
        return "";
    }
}

const char *gwapi_reason_text(gwapi_reason reason)
{
    switch (reason) {
        GWAPI_REASON_TABLE(TEXT_CASE)
    default:
        return "";
    }
}

/* ---- what a chosen rule means ---- */

void gwapi__decision_respond(gwapi_decision *decision, gwapi_outcome outcome,
                             gwapi_reason reason, uint32_t status)
{
    decision->outcome = outcome;
    decision->reason = reason;
    decision->status = status;
    decision->flags |= GWAPI_DECISION_STATUS;
    if ((decision->flags & GWAPI_DECISION_GRPC) == 0 || (status != 404 && status != 500))
        return;
    decision->flags |= GWAPI_DECISION_GRPC_STATUS;
    decision->grpc_status = status == 404 ? 12 : 14; /* UNIMPLEMENTED, UNAVAILABLE */
}

static bool stream(const gwapi_decision *decision)
{
    const gwapi__image_rule *rule = gwapi__decision_rule(decision);

    return rule != NULL &&
           gwapi__image_ROUTE(decision->snapshot, rule->route)->kind >= GWAPI_ROUTE_TLS;
}

/* No backend to go to: TLS, TCP and UDP have no status to tell it with. */
static void no_backend(gwapi_decision *decision, gwapi_reason reason)
{
    if (stream(decision)) {
        decision->outcome = GWAPI_OUTCOME_REJECT;
        decision->reason = GWAPI_REASON_NONE;
        return;
    }
    gwapi__decision_respond(decision, GWAPI_OUTCOME_RESPOND, reason, 500);
}

/* 400 when the path policy refuses what the modifier makes of the path. */
static bool refuse_path(gwapi_decision *decision, uint32_t path_type, gwapi__image_text path)
{
    if (!gwapi__path_refused(decision->path_policy, path_type,
                             gwapi__image_str(decision->snapshot, path)))
        return false;
    gwapi__decision_respond(decision, GWAPI_OUTCOME_RESPOND, GWAPI_REASON_PATH_REFUSED, 400);
    return true;
}

static void redirect_to(gwapi_decision *decision, const gwapi__image_redirect *redirect,
                        const gwapi_request *request)
{
    const gwapi_snapshot *s = decision->snapshot;

    if (refuse_path(decision, redirect->path_type, redirect->path))
        return;
    if (gwapi__image_str(s, redirect->hostname).len == 0 &&
        gwapi__host_without_port(gwapi__request_host(s, request)).len == 0) {
        gwapi__decision_respond(decision, GWAPI_OUTCOME_RESPOND, GWAPI_REASON_NO_HOST, 400);
        return;
    }
    gwapi__decision_respond(decision, GWAPI_OUTCOME_REDIRECT, GWAPI_REASON_NONE,
                            redirect->status);
}

/* The filters of one list in order, until one of them is the answer. */
static bool settle_filters(gwapi_decision *decision, const gwapi_request *request,
                           gwapi__image_range filters)
{
    const gwapi_snapshot *s = decision->snapshot;

    for (uint32_t i = 0; i < filters.count; i++) {
        const gwapi__image_filter *f = gwapi__image_FILTER(s, filters.first + i);
        if (f->invalid != 0) {
            gwapi__decision_respond(decision, GWAPI_OUTCOME_RESPOND,
                                    GWAPI_REASON_INVALID_FILTER, 500);
            return true;
        }
        if (f->type == GWAPI__IMAGE_FILTER_REDIRECT) {
            redirect_to(decision, gwapi__image_REDIRECT(s, f->item), request);
            return true;
        }
        if (f->type == GWAPI__IMAGE_FILTER_REWRITE) {
            const gwapi__image_rewrite *rewrite = gwapi__image_REWRITE(s, f->item);
            if (refuse_path(decision, rewrite->path_type, rewrite->path))
                return true;
        }
        if (f->type == GWAPI__IMAGE_FILTER_CORS) {
            gwapi__cors cors;
            gwapi__cors_evaluate(&cors, s, gwapi__image_CORS(s, f->item), request);
            if (cors.preflight) {
                gwapi__decision_respond(decision, GWAPI_OUTCOME_RESPOND,
                                        GWAPI_REASON_PREFLIGHT, 204);
                return true;
            }
        }
    }
    return false;
}

void gwapi__decision_settle(gwapi_decision *decision, const gwapi_request *request)
{
    const gwapi__image_rule *rule = gwapi__decision_rule(decision);
    gwapi_request nothing;
    bool weighted = false;

    if (request == NULL) {
        (void)gwapi__request_in(&nothing, NULL);
        request = &nothing;
    }
    if (settle_filters(decision, request, rule->filters))
        return;
    for (uint32_t i = 0; i < rule->backends.count; i++) {
        const gwapi__image_backend *b = gwapi__decision_backend(decision, i);
        if (b->weight == 0)
            continue;
        weighted = true;
        if (gwapi__backend_fault_here(decision, b) == GWAPI_BACKEND_FAULT_NONE) {
            decision->outcome = GWAPI_OUTCOME_FORWARD;
            decision->reason = GWAPI_REASON_NONE;
            return;
        }
    }
    no_backend(decision, weighted ? GWAPI_REASON_INVALID_BACKEND : GWAPI_REASON_NO_BACKEND);
}

void gwapi__decision_settle_backend(gwapi_decision *decision, const gwapi_request *request)
{
    const gwapi__image_backend *b = gwapi__decision_backend(decision, decision->chosen);

    if (gwapi__backend_fault_here(decision, b) != GWAPI_BACKEND_FAULT_NONE) {
        no_backend(decision, GWAPI_REASON_INVALID_BACKEND);
        return;
    }
    decision->outcome = GWAPI_OUTCOME_FORWARD;
    decision->reason = GWAPI_REASON_NONE;
    decision->flags &= ~(uint32_t)(GWAPI_DECISION_STATUS | GWAPI_DECISION_GRPC_STATUS);
    (void)settle_filters(decision, request, gwapi__backend_filters(decision->snapshot, b));
}

/* ---- accessors ---- */

size_t gwapi_decision_backend_count(const gwapi_decision *decision)
{
    if (!gwapi__decision_usable(decision))
        return 0;
    const gwapi__image_rule *rule = gwapi__decision_rule(decision);
    return rule != NULL ? rule->backends.count : gwapi__decision_unrouted(decision);
}

uint32_t gwapi_decision_backend_index(const gwapi_decision *decision, size_t i)
{
    if (!gwapi__decision_usable(decision) || gwapi__decision_backend(decision, i) == NULL)
        return GWAPI_NONE;
    return gwapi__decision_rule(decision)->backends.first + (uint32_t)i;
}

/* Mesh traffic without a route goes to the Service port as it is. */
static gwapi_result service_backend(const gwapi_decision *decision, gwapi_backend_info *info)
{
    gwapi_mesh_info mesh = {.struct_size = sizeof mesh};

    GWAPI__TRY(gwapi_mesh_destination(decision, &mesh));
    *info = (gwapi_backend_info){.struct_size = sizeof *info,
                                 .rule = GWAPI_NONE,
                                 .port = mesh.port,
                                 .weight = 1,
                                 .group = GWAPI__STR(""),
                                 .kind = GWAPI__STR("Service"),
                                 .namespace_ = mesh.namespace_,
                                 .name = mesh.service};
    return GWAPI_OK;
}

gwapi_result gwapi_decision_backend_at(const gwapi_decision *decision, size_t i,
                                       gwapi_backend_info *out)
{
    gwapi_backend_info info = {.struct_size = sizeof info};

    if (i >= gwapi_decision_backend_count(decision))
        return GWAPI_EARGUMENT;
    const gwapi__image_backend *b = gwapi__decision_backend(decision, i);
    if (b == NULL) {
        GWAPI__TRY(service_backend(decision, &info));
    } else {
        gwapi__image_backend_info(decision->snapshot, gwapi_decision_backend_index(decision, i),
                                  &info);
        info.fault = gwapi__backend_fault_here(decision, b);
        info.protocol = gwapi__backend_protocol_here(decision, b);
        info.tls = gwapi__backend_policy(decision, b) != NULL;
    }
    return gwapi__struct_out(out, &info, sizeof info, sizeof info);
}

/* The i-th filter of a type over the rule's list and those of every backendRef, as mirrors are
 * counted; *of_backend tells whose it is. */
static const gwapi__image_filter *nth_of_type(const gwapi_decision *decision, uint32_t type,
                                              size_t i, uint32_t *of_backend)
{
    const gwapi_snapshot *s = decision->snapshot;
    const gwapi__image_rule *rule = gwapi__decision_rule(decision);

    for (uint32_t list = 0; rule != NULL && list <= rule->backends.count; list++) {
        gwapi__image_range filters =
            list == 0 ? rule->filters
                      : gwapi__backend_filters(s, gwapi__decision_backend(decision, list - 1));
        *of_backend = list == 0 ? GWAPI_NONE : list - 1;
        for (uint32_t k = 0; k < filters.count; k++) {
            const gwapi__image_filter *f = gwapi__image_FILTER(s, filters.first + k);
            if (f->type == type && i-- == 0)
                return f;
        }
    }
    return NULL;
}

size_t gwapi_decision_mirror_count(const gwapi_decision *decision)
{
    uint32_t of_backend;
    size_t n = 0;

    if (!gwapi__decision_usable(decision))
        return 0;
    while (nth_of_type(decision, GWAPI__IMAGE_FILTER_MIRROR, n, &of_backend) != NULL)
        n++;
    return n;
}

gwapi_result gwapi_decision_mirror_at(const gwapi_decision *decision, size_t i,
                                      gwapi_mirror_info *out)
{
    gwapi_mirror_info info = {.struct_size = sizeof info};

    if (!gwapi__decision_usable(decision))
        return GWAPI_EARGUMENT;
    const gwapi__image_filter *f =
        nth_of_type(decision, GWAPI__IMAGE_FILTER_MIRROR, i, &info.of_backend);
    if (f == NULL)
        return GWAPI_EARGUMENT;
    const gwapi__image_mirror *mirror = gwapi__image_MIRROR(decision->snapshot, f->item);
    const gwapi__image_backend *b = gwapi__image_BACKEND(decision->snapshot, mirror->backend);
    info.backend = mirror->backend;
    info.numerator = mirror->numerator;
    info.denominator = mirror->denominator;
    info.drawn = gwapi__backend_fault_here(decision, b) == GWAPI_BACKEND_FAULT_NONE;
    if (info.drawn != 0 && (decision->flags & GWAPI_DECISION_RANDOM) != 0)
        info.drawn = gwapi__mirror_drawn(decision->random, i + 1, mirror->numerator,
                                         mirror->denominator);
    return gwapi__struct_out(out, &info, sizeof info, sizeof info);
}

/* The i-th ExtensionRef of the rule, then of the chosen backend. */
static const gwapi__image_filter *nth_extension(const gwapi_decision *decision, size_t i,
                                                bool *own)
{
    const gwapi__image_filter *f;
    gwapi__filter_walk walk;

    gwapi__filters_begin(&walk, decision, decision->chosen);
    while ((f = gwapi__filters_next(&walk, own)) != NULL)
        if (f->type == GWAPI__IMAGE_FILTER_EXTENSION && i-- == 0)
            return f;
    return NULL;
}

size_t gwapi_decision_extension_count(const gwapi_decision *decision)
{
    size_t n = 0;
    bool own;

    if (!gwapi__decision_usable(decision))
        return 0;
    while (nth_extension(decision, n, &own) != NULL)
        n++;
    return n;
}

gwapi_result gwapi_decision_extension_at(const gwapi_decision *decision, size_t i,
                                         gwapi_extension_info *out)
{
    gwapi_extension_info info = {.struct_size = sizeof info, .of_backend = GWAPI_NONE};
    bool own;

    if (!gwapi__decision_usable(decision))
        return GWAPI_EARGUMENT;
    const gwapi__image_filter *f = nth_extension(decision, i, &own);
    if (f == NULL)
        return GWAPI_EARGUMENT;
    const gwapi_snapshot *s = decision->snapshot;
    const gwapi__image_extension *e = gwapi__image_EXTENSION(s, f->item);
    info.of_backend = own ? decision->chosen : GWAPI_NONE;
    info.index = f->item;
    info.group = gwapi__image_str(s, e->group);
    info.kind = gwapi__image_str(s, e->kind);
    info.namespace_ = gwapi__image_str(s, e->namespace_);
    info.name = gwapi__image_str(s, e->name);
    return gwapi__struct_out(out, &info, sizeof info, sizeof info);
}

gwapi_result gwapi_mesh_destination(const gwapi_decision *decision, gwapi_mesh_info *out)
{
    if (!gwapi__decision_usable(decision))
        return GWAPI_EARGUMENT;
    const gwapi_snapshot *s = decision->snapshot;
    if (decision->mesh == 0 ||
        decision->service_port >= gwapi__image_count(s, GWAPI__SECTION_SERVICE_PORT))
        return GWAPI_ESTATE;
    const gwapi__image_service_port *port = gwapi__image_SERVICE_PORT(s, decision->service_port);
    const gwapi__image_service *service = gwapi__image_SERVICE(s, port->service);
    gwapi_mesh_info info = {.struct_size = sizeof info,
                            .namespace_ = gwapi__image_str(s, service->namespace_),
                            .service = gwapi__image_str(s, service->name),
                            .port_name = gwapi__image_str(s, port->name),
                            .port = port->port,
                            .role = decision->mesh_role};
    return gwapi__struct_out(out, &info, sizeof info, sizeof info);
}
