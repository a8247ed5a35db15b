/* What a match asks of requests: its place in precedence (matching.md §7, §8) and its records. */
#include "base/utf8.h"
#include "compile/compiler.h"

/* ---- precedence ------------------------------------------------------------------------------ */

/* Equivalent names in one match: the first counts (matching.md §6). Header names are equal
 * without regard to case, query names as they are. */
static bool counts(const gwapi__value_match *list, size_t i, bool headers)
{
    for (size_t k = 0; k < i; k++)
        if (headers ? gwapi__str_eq_nocase(list[k].name, list[i].name)
                    : gwapi__str_eq(list[k].name, list[i].name))
            return false;
    return true;
}

static uint32_t count_of(const gwapi__value_match *list, size_t count, bool headers)
{
    uint32_t result = 0;

    for (size_t i = 0; i < count; i++)
        result += counts(list, i, headers);
    return result;
}

static uint32_t characters(gwapi_str text)
{
    return (uint32_t)gwapi__utf8_count(text);
}

static uint32_t path_rank(gwapi__match_type type)
{
    switch (type) {
    case GWAPI__MATCH_EXACT:
        return GWAPI__PRECEDENCE_EXACT;
    case GWAPI__MATCH_REGEX:
        return GWAPI__PRECEDENCE_PATTERN;
    default:
        return GWAPI__PRECEDENCE_PREFIX;
    }
}

static void http_key(gwapi__compile_match *m)
{
    const gwapi__route_match *spec = m->spec;

    m->key[0] = path_rank(spec->path_type);
    m->key[1] = spec->path_type == GWAPI__MATCH_EXACT ? 0 : ~characters(spec->path);
    m->key[2] = spec->method.len == 0;
    m->key[3] = ~count_of(spec->headers, spec->header_count, true);
    m->key[4] = ~count_of(spec->query, spec->query_count, false);
}

static void grpc_key(gwapi__compile_match *m)
{
    const gwapi__route_match *spec = m->spec;

    if (spec != NULL && spec->grpc != NULL) {
        m->key[1] = characters(spec->grpc->service);
        m->key[2] = characters(spec->grpc->method);
    }
    if (spec != NULL)
        m->key[3] = count_of(spec->headers, spec->header_count, true);
    m->key[0] = GWAPI__PRECEDENCE_GRPC;
    m->key[1] = ~m->key[1];
    m->key[2] = ~m->key[2];
    m->key[3] = ~m->key[3];
}

void gwapi__compile_match_key(gwapi__compile_match *m, gwapi__resource_kind kind)
{
    if (kind == GWAPI__KIND_GRPC_ROUTE)
        grpc_key(m);
    else
        http_key(m);
}

/* ---- writing --------------------------------------------------------------------------------- */

static uint32_t place_of(const gwapi__map *map, gwapi_str text)
{
    return (uint32_t)(uintptr_t)gwapi__map_get(map, text);
}

static uint32_t regex_of(gwapi__compiler *c, gwapi__match_type type, gwapi_str pattern)
{
    return type == GWAPI__MATCH_REGEX ? place_of(&c->regexes, pattern) : GWAPI__IMAGE_NONE;
}

static uint32_t header_of(gwapi__compiler *c, gwapi_str name)
{
    gwapi_str lower;

    if (!gwapi__arena_copy(&c->arena, name, &lower)) {
        c->builder.failure = GWAPI_ENOMEM;
        return 0;
    }
    char *bytes = (char *)(uintptr_t)lower.data;
    for (size_t i = 0; i < lower.len; i++)
        bytes[i] = gwapi__lower(bytes[i]);
    return place_of(&c->header_names, lower);
}

static void emit_conditions(gwapi__compiler *c, const gwapi__value_match *list, size_t count,
                            bool headers)
{
    gwapi__block *b = &c->builder;

    for (size_t i = 0; i < count; i++) {
        if (!counts(list, i, headers))
            continue;
        gwapi__image_condition *record = gwapi__block_add(b, GWAPI__SECTION_CONDITION, NULL);
        if (record != NULL)
            *record = (gwapi__image_condition){
                .header = headers ? header_of(c, list[i].name) : GWAPI__IMAGE_NONE,
                .name = gwapi__block_text(b, headers ? (gwapi_str){NULL, 0} : list[i].name),
                .value = gwapi__block_text(b, list[i].value),
                .regex = regex_of(c, list[i].type, list[i].value),
            };
    }
}

static uint32_t type_of(gwapi__match_type type)
{
    switch (type) {
    case GWAPI__MATCH_EXACT:
        return GWAPI__IMAGE_MATCH_EXACT;
    case GWAPI__MATCH_REGEX:
        return GWAPI__IMAGE_MATCH_REGEX;
    default:
        return GWAPI__IMAGE_MATCH_PREFIX;
    }
}

/* An absent or empty part of a gRPC method is any. */
static gwapi_str part(gwapi_str text)
{
    return text.len != 0 ? text : (gwapi_str){NULL, 0};
}

static uint32_t emit_grpc_method(gwapi__compiler *c, const gwapi__route_match *match)
{
    static const gwapi__grpc_method any = {.type = GWAPI__MATCH_EXACT};
    const gwapi__grpc_method *spec = match != NULL && match->grpc != NULL ? match->grpc : &any;
    gwapi_str service = part(spec->service), method = part(spec->method);
    gwapi__image_grpc_method record = {
        .service = gwapi__block_text(&c->builder, service),
        .method = gwapi__block_text(&c->builder, method),
        .service_regex =
            service.data != NULL ? regex_of(c, spec->type, service) : GWAPI__IMAGE_NONE,
        .method_regex = method.data != NULL ? regex_of(c, spec->type, method) : GWAPI__IMAGE_NONE,
    };
    uint32_t index;
    gwapi__image_grpc_method *out =
        gwapi__block_add(&c->builder, GWAPI__SECTION_GRPC_METHOD, &index);

    if (out != NULL)
        *out = record;
    return index;
}

static void set_http_parts(gwapi__compiler *c, gwapi__image_match *record,
                           const gwapi__route_match *spec)
{
    record->flags_index |= type_of(spec->path_type);
    record->path = spec->path_type == GWAPI__MATCH_REGEX
                       ? place_of(&c->regexes, spec->path)
                       : gwapi__block_text(&c->builder, gwapi__match_path(spec)).offset;
    record->method = gwapi__block_text(&c->builder, part(spec->method));
}

/* MATCH_FORWARDS: nothing about the request or its listener changes what the rule does. */
static bool forwards(const gwapi__block *b, const gwapi__image_rule *rule)
{
    for (uint32_t i = 0; i < rule->filters.count; i++) {
        const gwapi__image_filter *f =
            gwapi__block_at(b, GWAPI__SECTION_FILTER, rule->filters.first + i);
        if (f->invalid != 0 || f->type == GWAPI__IMAGE_FILTER_REDIRECT ||
            f->type == GWAPI__IMAGE_FILTER_REWRITE || f->type == GWAPI__IMAGE_FILTER_CORS)
            return false;
    }
    for (uint32_t i = 0; i < rule->backends.count; i++) {
        const gwapi__image_backend *backend =
            gwapi__block_at(b, GWAPI__SECTION_BACKEND, rule->backends.first + i);
        const gwapi__image_target *target =
            gwapi__block_at(b, GWAPI__SECTION_TARGET, backend->target);
        if (backend->weight != 0 && target->fault == GWAPI_BACKEND_FAULT_NONE &&
            target->tls_policy == GWAPI__IMAGE_NONE)
            return true;
    }
    return false;
}

void gwapi__compile_match_record(gwapi__compiler *c, const gwapi__compile_match *m)
{
    gwapi__block *b = &c->builder;

    if (b->failure != GWAPI_OK)
        return;
    const gwapi__image_rule *rule = gwapi__block_at(b, GWAPI__SECTION_RULE, m->rule);
    gwapi__image_match record = {
        .rule = m->rule,
        .route = rule->route,
        .flags_index = m->index << GWAPI__MATCH_INDEX_SHIFT,
        .conditions = {gwapi__block_count(b, GWAPI__SECTION_CONDITION), 0},
        .method = {GWAPI__IMAGE_NONE},
    };

    if (m->key[0] == GWAPI__PRECEDENCE_GRPC) {
        record.flags_index |= GWAPI__IMAGE_MATCH_GRPC | GWAPI__MATCH_OF_GRPC;
        record.path = emit_grpc_method(c, m->spec);
    } else {
        set_http_parts(c, &record, m->spec);
    }
    if (forwards(b, rule))
        record.flags_index |= GWAPI__MATCH_FORWARDS;
    if (m->spec != NULL) {
        emit_conditions(c, m->spec->headers, m->spec->header_count, true);
        emit_conditions(c, m->spec->query, m->spec->query_count, false);
    }
    record.conditions.count =
        gwapi__block_count(b, GWAPI__SECTION_CONDITION) - record.conditions.first;
    gwapi__image_match *out = gwapi__block_add(b, GWAPI__SECTION_MATCH, NULL);
    if (out != NULL)
        *out = record;
}
