/* Session persistence, retries and XBackendTrafficPolicy. */
#include "compile/compiler.h"

uint32_t gwapi__compile_session(gwapi__compiler *c, const gwapi__session_persistence *session,
                                gwapi_str name)
{
    gwapi__block *b = &c->builder;
    uint32_t index = 0;

    if (session == NULL)
        return GWAPI__IMAGE_NONE;
    gwapi__image_session record = {
        .type = session->type == GWAPI__SESSION_HEADER ? GWAPI_SESSION_HEADER
                                                       : GWAPI_SESSION_COOKIE,
        .flags = (session->lifetime == GWAPI__LIFETIME_PERMANENT ? GWAPI__SESSION_PERMANENT
                                                                 : 0u) |
                 (session->absolute_timeout.present ? GWAPI__SESSION_ABSOLUTE_TIMEOUT : 0u) |
                 (session->idle_timeout.present ? GWAPI__SESSION_IDLE_TIMEOUT : 0u),
        .name = gwapi__block_text(b, session->name.len != 0 ? session->name : name),
    };
    gwapi__block_u64(record.absolute_timeout, session->absolute_timeout.milliseconds);
    gwapi__block_u64(record.idle_timeout, session->idle_timeout.milliseconds);
    gwapi__image_session *out = gwapi__block_add(b, GWAPI__SECTION_SESSION, &index);
    if (out != NULL)
        *out = record;
    return index;
}

static void emit_traffic_policy(gwapi__compiler *c, const gwapi__resource *policy,
                                uint32_t *index)
{
    gwapi__block *b = &c->builder;
    const gwapi__backend_traffic_policy *spec = policy->as.traffic_policy;
    gwapi__image_traffic_policy record = {
        .namespace_ = gwapi__block_text(b, policy->meta.namespace_),
        .name = gwapi__block_text(b, policy->meta.name),
        .has_retry_constraint = spec->has_retry_constraint,
        .session = gwapi__compile_session(c, spec->session, policy->meta.name),
    };
    gwapi__block_u64(record.budget_percent, (uint64_t)spec->budget_percent);
    gwapi__block_u64(record.budget_interval, spec->budget_interval.milliseconds);
    gwapi__block_u64(record.min_retry_count, (uint64_t)spec->min_retry_count);
    gwapi__block_u64(record.min_retry_interval, spec->min_retry_interval.milliseconds);
    gwapi__image_traffic_policy *out =
        gwapi__block_add(b, GWAPI__SECTION_TRAFFIC_POLICY, index);
    if (out != NULL)
        *out = record;
}

gwapi_result gwapi__compile_traffic(gwapi__compiler *c)
{
    const gwapi__numbered *t = &c->t;

    c->traffic_policy_index = gwapi__compile_array(c, t->traffic_policy_count, sizeof(uint32_t));
    GWAPI__TRY(c->builder.failure);
    for (size_t i = 0; i < t->traffic_policy_count; i++)
        if (c->traffic_policy_used[i])
            emit_traffic_policy(c, t->traffic_policies[i]->part.resource,
                                &c->traffic_policy_index[i]);
    return c->builder.failure;
}
