/* Filters: a FILTER record each, and what it refers to. */
#include "base/text.h"
#include "compile/compiler.h"

gwapi__image_range gwapi__compile_strings(gwapi__compiler *c, gwapi__strs strings)
{
    gwapi__image_range range = {gwapi__block_count(&c->builder, GWAPI__SECTION_STRING), 0};

    for (size_t i = 0; i < strings.count; i++)
        gwapi__block_string(&c->builder, GWAPI__SECTION_STRING, strings.items[i]);
    range.count = gwapi__block_count(&c->builder, GWAPI__SECTION_STRING) - range.first;
    return range;
}

/* ---- header modifiers --------------------------------------------------------------------- */

static void emit_op(gwapi__compiler *c, uint32_t action, gwapi_str name, gwapi_str value)
{
    gwapi__block *b = &c->builder;
    gwapi__image_header_op *record = gwapi__block_add(b, GWAPI__SECTION_HEADER_OP, NULL);

    if (record != NULL)
        *record = (gwapi__image_header_op){
            .action = action,
            .name = gwapi__block_text(b, name),
            .value = gwapi__block_text(b, value),
        };
}

static uint32_t emit_modifier(gwapi__compiler *c, const gwapi__filter *filter)
{
    const gwapi__header_modifier *m = &filter->as.headers;
    gwapi__block *b = &c->builder;
    uint32_t index, first = gwapi__block_count(b, GWAPI__SECTION_HEADER_OP);

    for (size_t i = 0; i < m->set.count; i++)
        emit_op(c, GWAPI_HEADER_SET, m->set.items[i].key, m->set.items[i].value);
    for (size_t i = 0; i < m->add.count; i++)
        emit_op(c, GWAPI_HEADER_ADD, m->add.items[i].key, m->add.items[i].value);
    for (size_t i = 0; i < m->remove.count; i++)
        emit_op(c, GWAPI_HEADER_REMOVE, m->remove.items[i], (gwapi_str){NULL, 0});
    gwapi__image_modifier *record = gwapi__block_add(b, GWAPI__SECTION_MODIFIER, &index);
    if (record != NULL)
        record->ops = (gwapi__image_range){
            first, gwapi__block_count(b, GWAPI__SECTION_HEADER_OP) - first};
    return index;
}

/* ---- redirects and rewrites --------------------------------------------------------------- */

static uint32_t path_type_of(gwapi__path_modifier_type type)
{
    switch (type) {
    case GWAPI__PATH_REPLACE_FULL:
        return GWAPI__IMAGE_PATH_REPLACE_FULL;
    case GWAPI__PATH_REPLACE_PREFIX:
        return GWAPI__IMAGE_PATH_REPLACE_PREFIX;
    default:
        return GWAPI__IMAGE_PATH_KEEP;
    }
}

static uint32_t scheme_of(gwapi_str scheme)
{
    if (gwapi__str_eq(scheme, GWAPI__STR("http")))
        return GWAPI__SCHEME_HTTP;
    return gwapi__str_eq(scheme, GWAPI__STR("https")) ? GWAPI__SCHEME_HTTPS
                                                      : GWAPI__SCHEME_REQUEST;
}

/* What replaces a path or a prefix is a path, even where its '/' was left out (matching.md §15);
 * that of a prefix may be nothing. */
static gwapi__image_text emit_path(gwapi__compiler *c, const gwapi__path_modifier *modifier)
{
    gwapi__image_text result = {GWAPI__IMAGE_NONE};
    gwapi_str value = modifier->value;
    gwapi__text path;

    if (modifier->type == GWAPI__PATH_REPLACE_FULL ? gwapi__str_starts(value, GWAPI__STR("/"))
                                                   : value.len == 0 || value.data[0] == '/')
        return gwapi__block_text(&c->builder, value);
    gwapi__text_init(&path, &c->allocator);
    gwapi__text_char(&path, '/');
    gwapi__text_add(&path, value);
    if (path.failed)
        c->builder.failure = GWAPI_ENOMEM;
    else
        result = gwapi__block_text(&c->builder, gwapi__text_str(&path));
    gwapi__text_free(&path);
    return result;
}

static uint32_t emit_redirect(gwapi__compiler *c, const gwapi__filter *filter)
{
    const gwapi__redirect *spec = &filter->as.redirect;
    gwapi__block *b = &c->builder;
    uint32_t index;
    gwapi__image_redirect *record = gwapi__block_add(b, GWAPI__SECTION_REDIRECT, &index);

    if (record != NULL)
        *record = (gwapi__image_redirect){
            .scheme = scheme_of(spec->scheme),
            .port = (uint32_t)spec->port,
            .status = spec->status != 0 ? (uint32_t)spec->status : 302,
            .hostname = gwapi__block_text(b, spec->hostname),
            .path_type = path_type_of(spec->path.type),
            .path = emit_path(c, &spec->path),
        };
    return index;
}

static uint32_t emit_rewrite(gwapi__compiler *c, const gwapi__filter *filter)
{
    const gwapi__rewrite *spec = &filter->as.rewrite;
    gwapi__block *b = &c->builder;
    uint32_t index;
    gwapi__image_rewrite *record = gwapi__block_add(b, GWAPI__SECTION_REWRITE, &index);

    if (record != NULL)
        *record = (gwapi__image_rewrite){
            .hostname = gwapi__block_text(b, spec->hostname),
            .path_type = path_type_of(spec->path.type),
            .path = emit_path(c, &spec->path),
        };
    return index;
}

/* ---- CORS ----------------------------------------------------------------------------------- */

static bool has_star(gwapi__strs list)
{
    for (size_t i = 0; i < list.count; i++)
        if (gwapi__str_eq(list.items[i], GWAPI__STR("*")))
            return true;
    return false;
}

/* The list as a header value, without "*"; absent when nothing is left. */
static gwapi__image_text emit_joined(gwapi__compiler *c, gwapi__strs list)
{
    gwapi__image_text result = {GWAPI__IMAGE_NONE};
    gwapi__text joined;

    gwapi__text_init(&joined, &c->allocator);
    for (size_t i = 0; i < list.count; i++) {
        if (gwapi__str_eq(list.items[i], GWAPI__STR("*")))
            continue;
        if (joined.len != 0)
            gwapi__text_addz(&joined, ", ");
        gwapi__text_add(&joined, list.items[i]);
    }
    if (joined.failed)
        c->builder.failure = GWAPI_ENOMEM;
    else if (joined.len != 0)
        result = gwapi__block_text(&c->builder, gwapi__text_str(&joined));
    gwapi__text_free(&joined);
    return result;
}

static gwapi__image_text emit_decimal(gwapi__compiler *c, int64_t number)
{
    gwapi__image_text result = {GWAPI__IMAGE_NONE};
    gwapi__text decimal;

    gwapi__text_init(&decimal, &c->allocator);
    gwapi__text_i64(&decimal, number);
    if (decimal.failed)
        c->builder.failure = GWAPI_ENOMEM;
    else
        result = gwapi__block_text(&c->builder, gwapi__text_str(&decimal));
    gwapi__text_free(&decimal);
    return result;
}

static uint32_t emit_cors(gwapi__compiler *c, const gwapi__filter *filter)
{
    const gwapi__cors *spec = &filter->as.cors;
    gwapi__block *b = &c->builder;
    uint32_t index;
    gwapi__image_cors record = {
        .flags = (spec->allow_credentials ? GWAPI__CORS_CREDENTIALS : 0u) |
                 (has_star(spec->allow_origins) ? GWAPI__CORS_ANY_ORIGIN : 0u) |
                 (has_star(spec->allow_methods) ? GWAPI__CORS_ANY_METHOD : 0u) |
                 (has_star(spec->allow_headers) ? GWAPI__CORS_ANY_HEADER : 0u) |
                 (has_star(spec->expose_headers) ? GWAPI__CORS_ANY_EXPOSED : 0u),
        .origins = gwapi__compile_strings(c, spec->allow_origins),
        .methods = emit_joined(c, spec->allow_methods),
        .headers = emit_joined(c, spec->allow_headers),
        .exposed = emit_joined(c, spec->expose_headers),
        .max_age = emit_decimal(c, spec->max_age),
    };
    gwapi__image_cors *out = gwapi__block_add(b, GWAPI__SECTION_CORS, &index);

    if (out != NULL)
        *out = record;
    return index;
}

/* ---- filters with backends, extensions ------------------------------------------------------- */

static uint32_t emit_mirror(gwapi__compiler *c, const gwapi__resolved_filter *filter,
                            gwapi__extra_backends *next)
{
    const gwapi__mirror *spec = &filter->spec->as.mirror;
    gwapi__image_backend *backend;
    uint32_t index, at = next->mirror++;
    gwapi__image_mirror *record =
        gwapi__block_add(&c->builder, GWAPI__SECTION_MIRROR, &index);

    gwapi__compile_backend(c, at, filter->backend);
    if (record == NULL)
        return index;
    backend = gwapi__block_at(&c->builder, GWAPI__SECTION_BACKEND, at);
    backend->rule = next->rule;
    backend->role_place = GWAPI_BACKEND_MIRROR | next->mirror_place++ << GWAPI__BACKEND_PLACE_SHIFT;
    *record = (gwapi__image_mirror){
        .backend = at,
        .numerator = (uint32_t)spec->numerator,
        .denominator = spec->denominator > 0 ? (uint32_t)spec->denominator : 1,
    };
    return index;
}

static uint32_t emit_auth(gwapi__compiler *c, const gwapi__resolved_filter *filter,
                          gwapi__extra_backends *next)
{
    const gwapi__external_auth *spec = &filter->spec->as.auth;
    gwapi__block *b = &c->builder;
    uint32_t index, at = next->auth++;
    gwapi__image_auth record = {
        .protocol = spec->protocol == GWAPI__AUTH_GRPC ? GWAPI_AUTH_GRPC : GWAPI_AUTH_HTTP,
        .backend = at,
        .path = gwapi__block_text(b, spec->path),
        .headers = gwapi__compile_strings(c, spec->allowed_headers),
        .response_headers = gwapi__compile_strings(c, spec->allowed_response_headers),
        .has_forward_body = spec->has_forward_body,
    };
    gwapi__image_auth *out = gwapi__block_add(b, GWAPI__SECTION_AUTH, &index);

    gwapi__compile_backend(c, at, filter->backend);
    if (out == NULL)
        return index;
    gwapi__block_u64(record.max_size, spec->max_size > 0 ? (uint64_t)spec->max_size : 0);
    *out = record;
    gwapi__image_backend *backend = gwapi__block_at(b, GWAPI__SECTION_BACKEND, at);
    backend->rule = next->rule;
    backend->role_place = GWAPI_BACKEND_AUTH | next->auth_place++ << GWAPI__BACKEND_PLACE_SHIFT;
    return index;
}

static uint32_t emit_extension(gwapi__compiler *c, const gwapi__resolved_filter *filter)
{
    const gwapi__reference *spec = &filter->spec->as.extension;
    const gwapi__resource *object = filter->extension;
    gwapi__block *b = &c->builder;
    uint32_t index;
    gwapi__image_extension *record = gwapi__block_add(b, GWAPI__SECTION_EXTENSION, &index);
    gwapi_str namespace_ = object != NULL ? object->meta.namespace_ : spec->namespace_;

    if (record != NULL)
        *record = (gwapi__image_extension){
            .group = gwapi__block_text(b, spec->group),
            .kind = gwapi__block_text(b, spec->kind),
            .namespace_ = gwapi__block_text(
                b, namespace_.data != NULL ? namespace_ : GWAPI__STR("")),
            .name = gwapi__block_text(b, spec->name),
        };
    return index;
}

/* ---- one filter ------------------------------------------------------------------------------ */

static gwapi__image_filter filter_record(gwapi__compiler *c,
                                         const gwapi__resolved_filter *filter,
                                         gwapi__extra_backends *next)
{
    const gwapi__filter *spec = filter->spec;
    gwapi__image_filter record = {.invalid = filter->invalid};

    switch (spec->type) {
    case GWAPI__FILTER_REQUEST_HEADERS:
        record.type = GWAPI__IMAGE_FILTER_REQUEST_HEADERS;
        record.item = emit_modifier(c, spec);
        break;
    case GWAPI__FILTER_RESPONSE_HEADERS:
        record.type = GWAPI__IMAGE_FILTER_RESPONSE_HEADERS;
        record.item = emit_modifier(c, spec);
        break;
    case GWAPI__FILTER_MIRROR:
        record.type = GWAPI__IMAGE_FILTER_MIRROR;
        record.item = emit_mirror(c, filter, next);
        break;
    case GWAPI__FILTER_REDIRECT:
        record.type = GWAPI__IMAGE_FILTER_REDIRECT;
        record.item = emit_redirect(c, spec);
        break;
    case GWAPI__FILTER_REWRITE:
        record.type = GWAPI__IMAGE_FILTER_REWRITE;
        record.item = emit_rewrite(c, spec);
        break;
    case GWAPI__FILTER_CORS:
        record.type = GWAPI__IMAGE_FILTER_CORS;
        record.item = emit_cors(c, spec);
        break;
    case GWAPI__FILTER_EXTERNAL_AUTH:
        record.type = GWAPI__IMAGE_FILTER_AUTH;
        record.item = emit_auth(c, filter, next);
        break;
    case GWAPI__FILTER_EXTENSION:
    case GWAPI__FILTER_UNKNOWN:
        /* What nobody knows is never skipped: the resolver has marked it invalid. */
        record.type = GWAPI__IMAGE_FILTER_EXTENSION;
        record.item = emit_extension(c, filter);
        break;
    }
    return record;
}

gwapi__image_range gwapi__compile_filters(gwapi__compiler *c,
                                          const gwapi__resolved_filter *filters, size_t count,
                                          gwapi__extra_backends *next)
{
    gwapi__image_range range = {gwapi__block_count(&c->builder, GWAPI__SECTION_FILTER),
                                (uint32_t)count};

    for (size_t i = 0; i < count; i++) {
        gwapi__image_filter record = filter_record(c, &filters[i], next);
        gwapi__image_filter *out =
            gwapi__block_add(&c->builder, GWAPI__SECTION_FILTER, NULL);
        if (out != NULL)
            *out = record;
    }
    return range;
}
