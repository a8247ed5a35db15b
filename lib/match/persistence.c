/* Retries, session persistence and traffic policies of a decision, as numbers. */
#include "base/result.h"
#include "base/slice.h"
#include "base/struct.h"
#include "match/rule.h"

static const gwapi__image_retry *retry_of(const gwapi_decision *decision)
{
    const gwapi__image_rule *rule =
        gwapi__decision_usable(decision) ? gwapi__decision_rule(decision) : NULL;

    const gwapi__image_rule_options *options =
        rule != NULL ? gwapi__rule_options(decision->snapshot, rule) : NULL;

    if (options == NULL || options->retry == GWAPI__IMAGE_NONE)
        return NULL;
    return gwapi__image_RETRY(decision->snapshot, options->retry);
}

gwapi_result gwapi_decision_retry(const gwapi_decision *decision, gwapi_retry_info *out)
{
    gwapi_retry_info info = {.struct_size = sizeof info};

    if (!gwapi__decision_usable(decision))
        return GWAPI_EARGUMENT;
    const gwapi__image_retry *retry = retry_of(decision);
    if (retry != NULL) {
        info.present = 1;
        info.code_count = retry->codes.count;
        info.has_attempts = (retry->flags & GWAPI__RETRY_ATTEMPTS) != 0;
        info.has_backoff = (retry->flags & GWAPI__RETRY_BACKOFF) != 0;
        info.attempts = (int64_t)gwapi__image_u64(retry->attempts);
        info.backoff = gwapi__image_u64(retry->backoff);
    }
    return gwapi__struct_out(out, &info, sizeof info, sizeof info);
}

uint32_t gwapi_decision_retry_code_at(const gwapi_decision *decision, size_t j)
{
    const gwapi__image_retry *retry = retry_of(decision);

    if (retry == NULL || j >= retry->codes.count)
        return 0;
    return *gwapi__image_NUMBER(decision->snapshot, retry->codes.first + (uint32_t)j);
}

static void session_info(const gwapi_snapshot *s, uint32_t index, gwapi_session_info *out)
{
    *out = (gwapi_session_info){.struct_size = sizeof *out};
    if (index == GWAPI__IMAGE_NONE)
        return;
    const gwapi__image_session *session = gwapi__image_SESSION(s, index);
    out->type = session->type;
    out->permanent = (session->flags & GWAPI__SESSION_PERMANENT) != 0;
    out->has_absolute_timeout = (session->flags & GWAPI__SESSION_ABSOLUTE_TIMEOUT) != 0;
    out->has_idle_timeout = (session->flags & GWAPI__SESSION_IDLE_TIMEOUT) != 0;
    out->absolute_timeout = gwapi__image_u64(session->absolute_timeout);
    out->idle_timeout = gwapi__image_u64(session->idle_timeout);
    out->name = gwapi__image_str(s, session->name);
}

gwapi_result gwapi_decision_session(const gwapi_decision *decision, gwapi_session_info *out)
{
    gwapi_session_info info;

    if (!gwapi__decision_usable(decision))
        return GWAPI_EARGUMENT;
    const gwapi__image_rule *rule = gwapi__decision_rule(decision);
    const gwapi__image_rule_options *options =
        rule != NULL ? gwapi__rule_options(decision->snapshot, rule) : NULL;
    session_info(decision->snapshot, options != NULL ? options->session : GWAPI__IMAGE_NONE, &info);
    return gwapi__struct_out(out, &info, sizeof info, sizeof info);
}

/* A pattern covers every path. */
static void add_grpc_path(gwapi__buffer *out, const gwapi_snapshot *s,
                          const gwapi__image_grpc_method *grpc)
{
    gwapi_str service = gwapi__image_str(s, grpc->service);
    gwapi_str method = gwapi__image_str(s, grpc->method);

    gwapi__buffer_add(out, GWAPI__STR("/"));
    if (service.len == 0 || grpc->service_regex != GWAPI__IMAGE_NONE ||
        grpc->method_regex != GWAPI__IMAGE_NONE)
        return; /* any service, so any path */
    gwapi__buffer_add(out, service);
    if (method.len != 0) {
        gwapi__buffer_add(out, GWAPI__STR("/"));
        gwapi__buffer_add(out, method);
    }
}

/* A pattern covers what it must begin with; that has to be a path. */
static void add_pattern_prefix(gwapi__buffer *out, const gwapi_snapshot *s, uint32_t regex)
{
    bool whole;
    gwapi_str prefix = gwapi__regex_prefix(gwapi__image_regex(s, regex), &whole);

    gwapi__buffer_add(out, gwapi__str_starts(prefix, GWAPI__STR("/")) ? prefix : GWAPI__STR("/"));
}

gwapi_result gwapi_decision_cookie_path(const gwapi_decision *decision, char *buffer,
                                        size_t capacity, size_t *length)
{
    gwapi__buffer out = {buffer, capacity, 0};

    if (!gwapi__decision_usable(decision) || !gwapi__buffer_usable(buffer, capacity, length))
        return GWAPI_EARGUMENT;
    const gwapi_snapshot *s = decision->snapshot;
    if (decision->match_entry >= gwapi__image_count(s, GWAPI__SECTION_MATCH))
        return GWAPI_ESTATE;
    const gwapi__image_match *match = gwapi__image_MATCH(s, decision->match_entry);
    switch (match->flags_index & GWAPI__MATCH_TYPE) {
    case GWAPI__IMAGE_MATCH_GRPC:
        add_grpc_path(&out, s, gwapi__image_GRPC_METHOD(s, match->path));
        break;
    case GWAPI__IMAGE_MATCH_REGEX:
        add_pattern_prefix(&out, s, match->path);
        break;
    default:
        gwapi__buffer_add(&out, gwapi__image_str(s, (gwapi__image_text){match->path}));
    }
    return gwapi__buffer_end(&out, length);
}

static const gwapi__image_traffic_policy *traffic_of(const gwapi_decision *decision, size_t place)
{
    const gwapi__image_backend *b = gwapi__decision_backend(decision, place);

    uint32_t policy = b != NULL ? gwapi__backend_target(decision->snapshot, b)->traffic_policy
                                : GWAPI__IMAGE_NONE;

    return policy != GWAPI__IMAGE_NONE ? gwapi__image_TRAFFIC_POLICY(decision->snapshot, policy)
                                       : NULL;
}

gwapi_result gwapi_decision_traffic(const gwapi_decision *decision, size_t backend,
                                    gwapi_traffic_info *out)
{
    gwapi_traffic_info info = {.struct_size = sizeof info};

    if (!gwapi__decision_usable(decision))
        return GWAPI_EARGUMENT;
    const gwapi__image_traffic_policy *policy = traffic_of(decision, backend);
    if (policy != NULL) {
        info.present = 1;
        info.has_retry_constraint = policy->has_retry_constraint;
        info.budget_percent = (int64_t)gwapi__image_u64(policy->budget_percent);
        info.budget_interval = gwapi__image_u64(policy->budget_interval);
        info.min_retry_count = (int64_t)gwapi__image_u64(policy->min_retry_count);
        info.min_retry_interval = gwapi__image_u64(policy->min_retry_interval);
        info.namespace_ = gwapi__image_str(decision->snapshot, policy->namespace_);
        info.name = gwapi__image_str(decision->snapshot, policy->name);
    }
    return gwapi__struct_out(out, &info, sizeof info, sizeof info);
}

gwapi_result gwapi_decision_traffic_session(const gwapi_decision *decision, size_t backend,
                                            gwapi_session_info *out)
{
    gwapi_session_info info;

    if (!gwapi__decision_usable(decision))
        return GWAPI_EARGUMENT;
    const gwapi__image_traffic_policy *policy = traffic_of(decision, backend);
    session_info(decision->snapshot, policy != NULL ? policy->session : GWAPI__IMAGE_NONE, &info);
    return gwapi__struct_out(out, &info, sizeof info, sizeof info);
}
