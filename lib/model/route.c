#include "model/route.h"

#include "base/result.h"
#include "model/filter.h"

/* ---- durations, session persistence -------------------------------------------------- */

gwapi_result gwapi__decode_duration(gwapi__decoder *d, const gwapi__row *row,
                                    const gwapi__node *value, void *object)
{
    gwapi__duration *out = (gwapi__duration *)(void *)((char *)object + row->at);
    gwapi_str text = row->text;

    if (value != NULL && value->type != GWAPI__NODE_STRING)
        return gwapi__decode_fail_type(d, value, (gwapi_str){NULL, 0}, "a duration");
    if (value != NULL)
        text = value->as.string;
    if (!gwapi__str_present(text))
        return GWAPI_OK;
    out->present = gwapi__duration_parse(text, &out->milliseconds);
    if (!out->present)
        return gwapi__decode_fail(d, value, (gwapi_str){NULL, 0},
                                  GWAPI__STR("it is no duration such as 1h30m, 10s or 500ms"));
    return GWAPI_OK;
}

static const gwapi__enum_name session_names[] = {
    {GWAPI_STR_INIT("Cookie"), GWAPI__SESSION_COOKIE},
    {GWAPI_STR_INIT("Header"), GWAPI__SESSION_HEADER},
};
static const gwapi__enum_names session_types =
    GWAPI__ENUM_NAMES(session_names, GWAPI__SESSION_COOKIE, GWAPI__SESSION_UNKNOWN);
static const gwapi__enum_name lifetime_names[] = {
    {GWAPI_STR_INIT("Session"), GWAPI__LIFETIME_SESSION},
    {GWAPI_STR_INIT("Permanent"), GWAPI__LIFETIME_PERMANENT},
};
static const gwapi__enum_names lifetimes =
    GWAPI__ENUM_NAMES(lifetime_names, GWAPI__LIFETIME_SESSION, GWAPI__LIFETIME_UNKNOWN);
static const gwapi__row cookie_rows[] = {
    GWAPI__ENUM("lifetimeType", gwapi__session_persistence, lifetime, lifetimes),
};
static const gwapi__shape cookie = GWAPI__SHAPE(cookie_rows, gwapi__session_persistence);
static const gwapi__row session_rows[] = {
    GWAPI__TEXT("sessionName", gwapi__session_persistence, name, GWAPI__ABSENT),
    GWAPI__DURATION("absoluteTimeout", gwapi__session_persistence, absolute_timeout,
                    GWAPI__ABSENT),
    GWAPI__DURATION("idleTimeout", gwapi__session_persistence, idle_timeout, GWAPI__ABSENT),
    GWAPI__ENUM("type", gwapi__session_persistence, type, session_types),
    GWAPI__WITHIN("cookieConfig", cookie),
};
const gwapi__shape gwapi__shape_session_persistence =
    GWAPI__SHAPE(session_rows, gwapi__session_persistence);

/* ---- matches ------------------------------------------------------------------------- */

#define EXACT                                                                                  \
    {                                                                                          \
        GWAPI_STR_INIT("Exact"), GWAPI__MATCH_EXACT                                            \
    }
#define PREFIX                                                                                 \
    {                                                                                          \
        GWAPI_STR_INIT("PathPrefix"), GWAPI__MATCH_PREFIX                                      \
    }
#define REGEX                                                                                  \
    {                                                                                          \
        GWAPI_STR_INIT("RegularExpression"), GWAPI__MATCH_REGEX                                \
    }

static const gwapi__enum_name value_names[] = {EXACT, REGEX};
static const gwapi__enum_name path_names[] = {EXACT, PREFIX, REGEX};
static const gwapi__enum_names value_types =
    GWAPI__ENUM_NAMES(value_names, GWAPI__MATCH_EXACT, GWAPI__MATCH_UNKNOWN);
static const gwapi__enum_names path_types =
    GWAPI__ENUM_NAMES(path_names, GWAPI__MATCH_PREFIX, GWAPI__MATCH_UNKNOWN);

static const gwapi__row value_match_rows[] = {
    GWAPI__ENUM("type", gwapi__value_match, type, value_types),
    GWAPI__TEXT("name", gwapi__value_match, name, GWAPI_STR_INIT("")),
    GWAPI__TEXT("value", gwapi__value_match, value, GWAPI_STR_INIT("")),
};
static const gwapi__shape value_match = GWAPI__SHAPE(value_match_rows, gwapi__value_match);

static const gwapi__row path_rows[] = {
    GWAPI__ENUM("type", gwapi__route_match, path_type, path_types),
    GWAPI__TEXT("value", gwapi__route_match, path, GWAPI_STR_INIT("/")),
};
static const gwapi__shape path = GWAPI__SHAPE(path_rows, gwapi__route_match);

static const gwapi_str methods[] = {
    GWAPI_STR_INIT("GET"),     GWAPI_STR_INIT("HEAD"),   GWAPI_STR_INIT("POST"),
    GWAPI_STR_INIT("PUT"),     GWAPI_STR_INIT("DELETE"), GWAPI_STR_INIT("CONNECT"),
    GWAPI_STR_INIT("OPTIONS"), GWAPI_STR_INIT("TRACE"),  GWAPI_STR_INIT("PATCH"),
};

static gwapi_result decode_method(gwapi__decoder *d, const gwapi__row *row,
                                  const gwapi__node *value, void *object)
{
    gwapi__route_match *match = object;

    GWAPI__TRY(gwapi__decode_text(d, row, value, object));
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
        if (gwapi__str_eq(methods[i], match->method))
            match->method_known = true;
    return GWAPI_OK;
}

static const gwapi__row http_match_rows[] = {
    GWAPI__WITHIN("path", path),
    GWAPI__LIST("headers", gwapi__route_match, headers, header_count, value_match),
    GWAPI__LIST("queryParams", gwapi__route_match, query, query_count, value_match),
    GWAPI__ROW("method", decode_method, gwapi__route_match, method, .text = GWAPI__ABSENT),
};
static const gwapi__shape http_match = GWAPI__SHAPE(http_match_rows, gwapi__route_match);

static const gwapi__row grpc_method_rows[] = {
    GWAPI__ENUM("type", gwapi__grpc_method, type, value_types),
    GWAPI__TEXT("service", gwapi__grpc_method, service, GWAPI__ABSENT),
    GWAPI__TEXT("method", gwapi__grpc_method, method, GWAPI__ABSENT),
};
static const gwapi__shape grpc_method = GWAPI__SHAPE(grpc_method_rows, gwapi__grpc_method);
static const gwapi__row grpc_match_rows[] = {
    GWAPI__OWN("method", gwapi__route_match, grpc, grpc_method),
    GWAPI__LIST("headers", gwapi__route_match, headers, header_count, value_match),
};
static const gwapi__shape grpc_match = GWAPI__SHAPE(grpc_match_rows, gwapi__route_match);

/* What an HTTPRoute's rule without matches and an HTTPRoute without rules mean. */
static const gwapi__route_match every_path = {.path_type = GWAPI__MATCH_PREFIX,
                                              .path = GWAPI_STR_INIT("/")};
static const gwapi__rule default_rule = {.matches = &every_path, .match_count = 1};

static gwapi_result fill_matches(gwapi__decoder *d, const gwapi__row *row,
                                 const gwapi__node *value, void *object)
{
    gwapi__rule *rule = object;

    (void)d, (void)row, (void)value;
    if (rule->match_count == 0) {
        rule->matches = &every_path;
        rule->match_count = 1;
    }
    return GWAPI_OK;
}

/* ---- backends ------------------------------------------------------------------------ */

#define BACKEND                                                                                \
    GWAPI__INLINE(gwapi__backend_ref, backend, gwapi__shape_backend_object),                   \
        GWAPI__INT32("weight", gwapi__backend_ref, weight, 1)
#define BACKEND_FILTERS(shape)                                                                 \
    GWAPI__LIST("filters", gwapi__backend_ref, filters, filter_count, shape)

static const gwapi__row backend_rows[] = {BACKEND};
static const gwapi__row http_backend_rows[] = {BACKEND,
                                               BACKEND_FILTERS(gwapi__shape_http_filter)};
static const gwapi__row grpc_backend_rows[] = {BACKEND,
                                               BACKEND_FILTERS(gwapi__shape_grpc_filter)};
static const gwapi__shape backend = GWAPI__SHAPE(backend_rows, gwapi__backend_ref);
static const gwapi__shape http_backend = GWAPI__SHAPE(http_backend_rows, gwapi__backend_ref);
static const gwapi__shape grpc_backend = GWAPI__SHAPE(grpc_backend_rows, gwapi__backend_ref);

/* ---- rules --------------------------------------------------------------------------- */

static const gwapi__row timeout_rows[] = {
    GWAPI__DURATION("request", gwapi__timeouts, request, GWAPI__ABSENT),
    GWAPI__DURATION("backendRequest", gwapi__timeouts, backend, GWAPI__ABSENT),
};
static const gwapi__shape timeouts = GWAPI__SHAPE(timeout_rows, gwapi__timeouts);

static gwapi_result decode_codes(gwapi__decoder *d, const gwapi__row *row,
                                 const gwapi__node *value, void *object)
{
    static const gwapi__row item = {.decode = gwapi__decode_int32};
    gwapi__retry *retry = object;

    (void)row;
    if (value == NULL)
        return GWAPI_OK;
    if (value->type != GWAPI__NODE_LIST)
        return gwapi__decode_fail_type(d, value, (gwapi_str){NULL, 0}, "a list");
    int32_t *codes = gwapi__arena_array(d->arena, value->as.list.count, sizeof *codes);
    if (codes == NULL)
        return GWAPI_ENOMEM;
    for (size_t i = 0; i < value->as.list.count; i++)
        GWAPI__TRY(gwapi__decode_int32(d, &item, value->as.list.items[i], &codes[i]));
    retry->codes = codes;
    retry->code_count = value->as.list.count;
    return GWAPI_OK;
}

static const gwapi__row retry_rows[] = {
    GWAPI__ROW("codes", decode_codes, gwapi__retry, codes, .number = 0),
    GWAPI__INT64_IF("attempts", gwapi__retry, attempts, has_attempts),
    GWAPI__DURATION("backoff", gwapi__retry, backoff, GWAPI__ABSENT),
};
static const gwapi__shape retry = GWAPI__SHAPE(retry_rows, gwapi__retry);

#define NAME            GWAPI__TEXT("name", gwapi__rule, name, GWAPI__ABSENT)
#define BACKENDS(shape) GWAPI__LIST("backendRefs", gwapi__rule, backends, backend_count, shape)
#define FILTERS(shape)  GWAPI__LIST("filters", gwapi__rule, filters, filter_count, shape)
#define MATCHES(shape)  GWAPI__LIST("matches", gwapi__rule, matches, match_count, shape)
#define SESSION                                                                                \
    GWAPI__OWN("sessionPersistence", gwapi__rule, session, gwapi__shape_session_persistence)

static const gwapi__row http_rule_rows[] = {
    NAME,
    MATCHES(http_match),
    GWAPI__BY(fill_matches),
    FILTERS(gwapi__shape_http_filter),
    BACKENDS(http_backend),
    GWAPI__OWN("timeouts", gwapi__rule, timeouts, timeouts),
    GWAPI__OWN("retry", gwapi__rule, retry, retry),
    SESSION,
};
static const gwapi__row grpc_rule_rows[] = {
    NAME,    MATCHES(grpc_match), FILTERS(gwapi__shape_grpc_filter), BACKENDS(grpc_backend),
    SESSION,
};
static const gwapi__row l4_rule_rows[] = {NAME, BACKENDS(backend)};
static const gwapi__shape http_rule = GWAPI__SHAPE_MARKING(http_rule_rows, gwapi__rule);
static const gwapi__shape grpc_rule = GWAPI__SHAPE_MARKING(grpc_rule_rows, gwapi__rule);
static const gwapi__shape l4_rule = GWAPI__SHAPE_MARKING(l4_rule_rows, gwapi__rule);

/* ---- routes -------------------------------------------------------------------------- */

/* An absent list is the default rule, an empty one no rule. */
static gwapi_result decode_http_rules(gwapi__decoder *d, const gwapi__row *row,
                                      const gwapi__node *value, void *object)
{
    gwapi__route *route = object;

    if (value != NULL)
        return gwapi__decode_list(d, row, value, object);
    route->rules = &default_rule;
    route->rule_count = 1;
    return GWAPI_OK;
}

#define PARENTS                                                                                \
    GWAPI__LIST("parentRefs", gwapi__route, parents, parent_count, gwapi__shape_parent_ref)
#define USE_DEFAULT  GWAPI__IS("useDefaultGateways", gwapi__route, use_default_gateways, "All")
#define HOSTNAMES    GWAPI__TEXTS("hostnames", gwapi__route, hostnames)
#define RULES(shape) GWAPI__LIST("rules", gwapi__route, rules, rule_count, shape)

static const gwapi__row http_spec_rows[] = {
    PARENTS,
    USE_DEFAULT,
    HOSTNAMES,
    GWAPI__ROW("rules", decode_http_rules, gwapi__route, rules,
               .also = GWAPI__ALSO(gwapi__route, rule_count), .detail = &http_rule),
};
static const gwapi__row grpc_spec_rows[] = {PARENTS, USE_DEFAULT, HOSTNAMES, RULES(grpc_rule)};
static const gwapi__row l4_spec_rows[] = {PARENTS, USE_DEFAULT, HOSTNAMES, RULES(l4_rule)};
static const gwapi__shape http_spec = GWAPI__SHAPE(http_spec_rows, gwapi__route);
static const gwapi__shape grpc_spec = GWAPI__SHAPE(grpc_spec_rows, gwapi__route);
static const gwapi__shape l4_spec = GWAPI__SHAPE(l4_spec_rows, gwapi__route);
static const gwapi__row http_rows[] = {GWAPI__WITHIN("spec", http_spec)};
static const gwapi__row grpc_rows[] = {GWAPI__WITHIN("spec", grpc_spec)};
static const gwapi__row l4_rows[] = {GWAPI__WITHIN("spec", l4_spec)};
const gwapi__shape gwapi__shape_http_route = GWAPI__SHAPE(http_rows, gwapi__route);
const gwapi__shape gwapi__shape_grpc_route = GWAPI__SHAPE(grpc_rows, gwapi__route);
const gwapi__shape gwapi__shape_l4_route = GWAPI__SHAPE(l4_rows, gwapi__route);
