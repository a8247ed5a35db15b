/* ReferenceGrants: who makes use of them, and are they wider than that? */
#include "lint/linter.h"

static const gwapi__lint_rule unused = {
    "lint/grant-unused", GWAPI_SEVERITY_WARNING,
    "remove it, or correct group, kind, namespace and name"};
static const gwapi__lint_rule wide = {"lint/grant-wide", GWAPI_SEVERITY_NOTE,
                                      "name the object in `to`"};

/* References by who refers to which namespace: chains through `next`, first by `first`. */
typedef struct usage {
    gwapi__index first; /* (group, kind, namespace, namespace referred to) → event */
    uint32_t *next;     /* by event; GWAPI_NONE: the last */
} usage;

static const gwapi__reference_event *event_at(const gwapi__linter *l, uint32_t i)
{
    return GWAPI__AT(&l->recorder.references, gwapi__reference_event, i);
}

static gwapi_result collect(gwapi__linter *l, usage *u)
{
    size_t count = l->recorder.references.count;

    u->next = gwapi__arena_array(&l->arena, count, sizeof *u->next);
    if (u->next == NULL)
        return GWAPI_ENOMEM;
    for (uint32_t i = 0; i < count; i++) {
        const gwapi__reference_event *e = event_at(l, i);
        gwapi__identity key = {e->from.group, e->from.kind, e->from.namespace_,
                               e->to.namespace_};
        uint32_t *at = gwapi__index_at(&u->first, &key);
        if (at == NULL)
            return GWAPI_ENOMEM;
        u->next[i] = *at;
        *at = i;
    }
    return GWAPI_OK;
}

/* What is made use of of one grant. */
typedef struct tally {
    bool *from, *to;
    gwapi_str *names; /* by `to`: the one object that is referred to */
    bool *several;    /* … there are more */
    bool any;
} tally;

static void count_use(tally *t, size_t from, size_t to, gwapi_str name)
{
    t->any = t->from[from] = true;
    t->several[to] = t->several[to] || (t->to[to] && !gwapi__str_eq(t->names[to], name));
    t->to[to] = true;
    t->names[to] = name;
}

static void tally_up(const gwapi__linter *l, const usage *u, const gwapi__resource *resource,
                     tally *t)
{
    const gwapi__grant *grant = resource->as.grant;

    for (size_t i = 0; i < grant->from_count; i++) {
        gwapi__identity key = {grant->from[i].group, grant->from[i].kind,
                               grant->from[i].namespace_, resource->meta.namespace_};
        for (uint32_t e = gwapi__index_get(&u->first, &key); e != GWAPI_NONE; e = u->next[e])
            for (size_t k = 0; k < grant->to_count; k++) {
                const gwapi__reference *to = &grant->to[k];
                const gwapi__identity *target = &event_at(l, e)->to;
                if (gwapi__str_eq(to->group, target->group) &&
                    gwapi__str_eq(to->kind, target->kind) &&
                    (to->name.len == 0 || gwapi__str_eq(to->name, target->name)))
                    count_use(t, i, k, target->name);
            }
    }
}

static gwapi_result tell(gwapi__linter *l, const gwapi__resource *resource, const tally *t)
{
    const gwapi__grant *grant = resource->as.grant;
    gwapi__lint_path spec = gwapi__lint_root("spec");

    if (!t->any) {
        GWAPI__LINT(l, resource, &unused, spec, "no reference in the input needs this grant");
        return GWAPI_OK;
    }
    for (size_t i = 0; i < grant->from_count; i++)
        if (!t->from[i])
            GWAPI__LINT(l, resource, &unused, gwapi__lint_item(spec, "from", i),
                        "no %s of namespace %s refers to what is granted", grant->from[i].kind,
                        grant->from[i].namespace_);
    for (size_t k = 0; k < grant->to_count; k++) {
        const gwapi__reference *to = &grant->to[k];
        if (!t->to[k])
            GWAPI__LINT(l, resource, &unused, gwapi__lint_item(spec, "to", k),
                        "nobody refers to %s%s%s here", to->kind,
                        to->name.len != 0 ? GWAPI__STR(" ") : GWAPI__STR(""),
                        to->name.len != 0 ? to->name : GWAPI__STR(""));
        else if (to->name.len == 0 && !t->several[k])
            GWAPI__LINT(l, resource, &wide, gwapi__lint_item(spec, "to", k),
                        "every %s of the namespace is granted; only %s is referred to",
                        to->kind, t->names[k]);
    }
    return GWAPI_OK;
}

static gwapi_result check_grant(gwapi__linter *l, const usage *u,
                                const gwapi__resource *resource)
{
    const gwapi__grant *grant = resource->as.grant;
    tally t = {.from = gwapi__arena_array(&l->arena, grant->from_count, sizeof *t.from),
               .to = gwapi__arena_array(&l->arena, grant->to_count, sizeof *t.to),
               .names = gwapi__arena_array(&l->arena, grant->to_count, sizeof *t.names),
               .several = gwapi__arena_array(&l->arena, grant->to_count, sizeof *t.several)};

    if (t.from == NULL || t.to == NULL || t.names == NULL || t.several == NULL)
        return GWAPI_ENOMEM;
    tally_up(l, u, resource, &t);
    return tell(l, resource, &t);
}

gwapi_result gwapi__lint_grants(gwapi__linter *l)
{
    usage u = {.next = NULL};

    gwapi__index_init(&u.first, &l->arena.allocator);
    gwapi_result result = collect(l, &u);
    for (size_t i = 0; i < gwapi__resources_count(l->set) && result == GWAPI_OK; i++) {
        const gwapi__resource *r = gwapi__resources_get(l->set, i);
        if (r->kind == GWAPI__KIND_REFERENCE_GRANT)
            result = check_grant(l, &u, r);
    }
    gwapi__index_free(&u.first);
    return result;
}
