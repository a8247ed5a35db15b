/* Policies: targets that are missing, that cannot have them, or that another policy has. */
#include "lint/linter.h"

static const gwapi__lint_rule missing = {
    "lint/target-missing", GWAPI_SEVERITY_WARNING,
    "give the target too, correct kind and name, or say --assume Service"};
static const gwapi__lint_rule unfit = {"lint/target-unfit", GWAPI_SEVERITY_ERROR,
                                       "name a TCP port in sectionName"};
static const gwapi__lint_rule lost = {"lint/target-lost", GWAPI_SEVERITY_WARNING,
                                      "the oldest policy has the target; merge the two"};
static const gwapi__lint_rule invalid = {"lint/policy-invalid", GWAPI_SEVERITY_ERROR, NULL};

static gwapi__lint_path path_of(const gwapi__target_event *e)
{
    bool tls = e->policy->kind == GWAPI__KIND_BACKEND_TLS_POLICY;
    const gwapi__policy_target *targets =
        tls ? e->policy->as.tls_policy->targets : e->policy->as.traffic_policy->targets;
    size_t count = tls ? e->policy->as.tls_policy->target_count
                       : e->policy->as.traffic_policy->target_count;
    size_t i = 0;

    while (i + 1 < count && !(gwapi__str_eq(targets[i].ref.name, e->target.name) &&
                              gwapi__str_eq(targets[i].ref.kind, e->target.kind) &&
                              gwapi__str_eq(targets[i].section_name, e->section_name)))
        i++;
    return gwapi__lint_item(gwapi__lint_root("spec"), "targetRefs", i);
}

static gwapi_result tell_target(gwapi__linter *l, const gwapi__target_event *e)
{
    const gwapi__identity *t = &e->target;
    bool section = e->section_name.len != 0;

    switch (e->fate) {
    case GWAPI__FATE_MISSING:
        if (section && gwapi__lint_find(l, t) != NULL)
            GWAPI__LINT(l, e->policy, &missing, gwapi__lint_member(path_of(e), "sectionName"),
                        "%s %s/%s has no section %s", t->kind, t->namespace_, t->name,
                        e->section_name);
        else
            GWAPI__LINT(l, e->policy, &missing, gwapi__lint_member(path_of(e), "name"),
                        "%s %s/%s is not in the input", t->kind, t->namespace_, t->name);
        return GWAPI_OK;
    case GWAPI__FATE_UNFIT:
        GWAPI__LINT(l, e->policy, &unfit, path_of(e),
                    "TLS cannot be used on a UDP port of %s %s", t->kind, t->name);
        return GWAPI_OK;
    case GWAPI__FATE_LOST:
        GWAPI__LINT(l, e->policy, &lost, path_of(e), "%s %s/%s is older and has the target",
                    e->winner->kind_name, e->winner->meta.namespace_, e->winner->meta.name);
        return GWAPI_OK;
    default:
        return GWAPI_OK;
    }
}

/* What its ancestors would be told of the policy is the same for each. */
static gwapi_result check_status(gwapi__linter *l, const gwapi__object_status *s)
{
    const gwapi__conditions *conditions = &s->parents[s->parent_count - 1].conditions;
    gwapi__lint_path path = gwapi__lint_member(gwapi__lint_root("spec"), "validation");

    for (size_t i = 0; i < conditions->count; i++) {
        const gwapi__condition *c = &conditions->items[i];
        bool told = gwapi__str_eq(c->reason, GWAPI__STR("TargetNotFound")) ||
                    gwapi__str_eq(c->reason, GWAPI__STR("Conflicted"));
        if (c->status == GWAPI__STATUS_FALSE && !told)
            GWAPI__LINT(l, s->resource, &invalid, path, "%s: %s", c->reason, c->message);
    }
    return GWAPI_OK;
}

gwapi_result gwapi__lint_targets(gwapi__linter *l)
{
    for (size_t i = 0; i < l->recorder.targets.count; i++)
        GWAPI__TRY(tell_target(l, GWAPI__AT(&l->recorder.targets, gwapi__target_event, i)));
    for (size_t i = 0; i < gwapi_topology_status_count(l->topology); i++) {
        const gwapi__object_status *s = gwapi__status_at(l->topology, i);
        if (s->resource != NULL && s->parent_count != 0 &&
            s->resource->kind == GWAPI__KIND_BACKEND_TLS_POLICY)
            GWAPI__TRY(check_status(l, s));
    }
    return GWAPI_OK;
}
