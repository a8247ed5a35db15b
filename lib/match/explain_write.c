/* An explanation as JSON. */
#include "base/result.h"
#include "match/write.h"

static void write_candidate(gwapi__text *t, const gwapi_snapshot *s, const gwapi_candidate *c)
{
    gwapi_route_info route = {.struct_size = sizeof route};
    gwapi_rule_info rule = {.struct_size = sizeof rule};
    bool first = true;

    if (gwapi_snapshot_route_at(s, c->route, &route) != GWAPI_OK ||
        gwapi_snapshot_rule_at(s, c->rule, &rule) != GWAPI_OK)
        return;
    gwapi__json_key(t, &first, "route");
    bool inner = true;
    gwapi__text_char(t, '{');
    gwapi__json_str(t, &inner, "kind", gwapi__str_of(gwapi_route_kind_text(route.kind)));
    gwapi__json_str(t, &inner, "namespace", route.namespace_);
    gwapi__json_str(t, &inner, "name", route.name);
    gwapi__json_u64(t, &inner, "rule", rule.index);
    gwapi__json_str_opt(t, &inner, "ruleName", rule.name);
    gwapi__json_u64(t, &inner, "match", c->match);
    gwapi__text_char(t, '}');
    gwapi__json_str(t, &first, "verdict",
                    c->why == GWAPI_WHY_TAKEN ? GWAPI__STR("taken")
                    : c->failed != 0          ? GWAPI__STR("failed")
                                              : GWAPI__STR("outranked"));
    if (c->why != GWAPI_WHY_TAKEN)
        gwapi__json_str(t, &first, c->failed != 0 ? "condition" : "by",
                        gwapi__str_of(gwapi_why_text(c->why)));
    gwapi__json_str_opt(t, &first, "name", c->name);
    gwapi__json_str_opt(t, &first, "expected", c->expected);
    if (c->pattern != 0)
        gwapi__json_bool(t, &first, "regularExpression", true);
    gwapi__json_u64(t, &first, "held", c->held);
    gwapi__json_u64(t, &first, "failed", c->failed);
}

gwapi_result gwapi_candidates_write(const gwapi_snapshot *snapshot,
                                    const gwapi_candidate *candidates, size_t told,
                                    size_t count, const gwapi_candidate *nearest,
                                    const gwapi_sink *sink)
{
    bool first = true, none = true;
    gwapi__text t;

    if (snapshot == NULL || sink == NULL || sink->write == NULL ||
        (candidates == NULL && told != 0))
        return GWAPI_EARGUMENT;
    gwapi__text_init(&t, &snapshot->allocator);
    gwapi__text_char(&t, '{');
    for (size_t i = 0; i < told; i++) {
        gwapi__json_item(&t, &first, &none, "candidates");
        gwapi__text_char(&t, '{');
        write_candidate(&t, snapshot, &candidates[i]);
        gwapi__text_char(&t, '}');
    }
    gwapi__json_end(&t, none);
    if (count > told)
        gwapi__json_u64(&t, &first, "more", count - told);
    if (nearest != NULL && nearest->route != GWAPI_NONE) {
        gwapi__json_key(&t, &first, "nearest");
        gwapi__text_char(&t, '{');
        write_candidate(&t, snapshot, nearest);
        gwapi__text_char(&t, '}');
    }
    gwapi__text_char(&t, '}');
    gwapi_result result = t.failed ? GWAPI_ENOMEM : gwapi__text_flush(&t, sink);
    gwapi__text_free(&t);
    return result;
}
