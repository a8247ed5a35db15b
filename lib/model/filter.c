/* The filters of a rule or a backend: a type, and the member that the type names. */
#include "base/result.h"
#include "model/filter.h"

/* ---- header modifiers ---------------------------------------------------------------- */

static const gwapi__row header_rows[] = {
    GWAPI__TEXT("name", gwapi__pair, key, GWAPI_STR_INIT("")),
    GWAPI__TEXT("value", gwapi__pair, value, GWAPI_STR_INIT("")),
};
static const gwapi__shape header = GWAPI__SHAPE(header_rows, gwapi__pair);
static const gwapi__row modifier_rows[] = {
    GWAPI__LIST("set", gwapi__header_modifier, set.items, set.count, header),
    GWAPI__LIST("add", gwapi__header_modifier, add.items, add.count, header),
    GWAPI__TEXTS("remove", gwapi__header_modifier, remove),
};
static const gwapi__shape modifier = GWAPI__SHAPE(modifier_rows, gwapi__header_modifier);

/* ---- mirrors ------------------------------------------------------------------------- */

typedef struct fraction {
    bool present;
    int32_t numerator, denominator;
} fraction;

static const gwapi__row fraction_rows[] = {
    GWAPI__INT32("numerator", fraction, numerator, 0),
    GWAPI__INT32("denominator", fraction, denominator, 100),
};
static const gwapi__shape fraction_shape = GWAPI__SHAPE(fraction_rows, fraction);

static const gwapi__row fraction_row = {.name = GWAPI_STR_INIT("fraction"),
                                        .decode = gwapi__decode_part,
                                        .detail = &fraction_shape};
static const gwapi__row percent_row = {.name = GWAPI_STR_INIT("percent"),
                                       .decode = gwapi__decode_int32,
                                       .at = offsetof(fraction, numerator)};

/* What is mirrored: a fraction, a percentage, or all. */
static gwapi_result decode_share(gwapi__decoder *d, const gwapi__row *row,
                                 const gwapi__node *value, void *object)
{
    gwapi__mirror *mirror = object;
    fraction share = {false, 1, 1};

    (void)row;
    if (gwapi__decode_member(value, fraction_row.name) != NULL) {
        GWAPI__TRY(gwapi__decode_row(d, &fraction_row, value, &share));
    } else if (gwapi__decode_member(value, percent_row.name) != NULL) {
        share.denominator = 100;
        GWAPI__TRY(gwapi__decode_row(d, &percent_row, value, &share));
    }
    if (share.denominator < 1 || share.numerator < 0)
        return gwapi__decode_fail(d, value, fraction_row.name, GWAPI__STR("it is no fraction"));
    mirror->numerator = share.numerator;
    mirror->denominator = share.denominator;
    return GWAPI_OK;
}

static const gwapi__row mirror_rows[] = {
    GWAPI__PART("backendRef", gwapi__mirror, backend, gwapi__shape_backend_object),
    GWAPI__BY(decode_share),
};
static const gwapi__shape mirror = GWAPI__SHAPE(mirror_rows, gwapi__mirror);

/* ---- redirects and rewrites ---------------------------------------------------------- */

static const gwapi__enum_name path_names[] = {
    {GWAPI_STR_INIT("ReplaceFullPath"), GWAPI__PATH_REPLACE_FULL},
    {GWAPI_STR_INIT("ReplacePrefixMatch"), GWAPI__PATH_REPLACE_PREFIX},
};
static const gwapi__enum_names path_types =
    GWAPI__ENUM_NAMES(path_names, GWAPI__PATH_MODIFIER_UNKNOWN, GWAPI__PATH_MODIFIER_UNKNOWN);
static const gwapi__row full_path =
    GWAPI__TEXT("replaceFullPath", gwapi__path_modifier, value, GWAPI__ABSENT);
static const gwapi__row prefix =
    GWAPI__TEXT("replacePrefixMatch", gwapi__path_modifier, value, GWAPI__ABSENT);

/* The member that the type names; it must be there. */
static gwapi_result decode_path_value(gwapi__decoder *d, const gwapi__row *row,
                                      const gwapi__node *value, void *object)
{
    gwapi__path_modifier *path = object;

    (void)row;
    if (path->type != GWAPI__PATH_REPLACE_FULL && path->type != GWAPI__PATH_REPLACE_PREFIX)
        return GWAPI_OK;
    const gwapi__row *member = path->type == GWAPI__PATH_REPLACE_FULL ? &full_path : &prefix;
    if (gwapi__decode_member(value, member->name) == NULL)
        return gwapi__decode_fail(d, value, member->name, GWAPI__STR("the type asks for it"));
    return gwapi__decode_row(d, member, value, path);
}

static const gwapi__row path_rows[] = {
    GWAPI__ENUM("type", gwapi__path_modifier, type, path_types),
    GWAPI__BY(decode_path_value),
};
static const gwapi__shape path_shape = GWAPI__SHAPE(path_rows, gwapi__path_modifier);

/* Absent: the path is kept. */
static gwapi_result decode_path(gwapi__decoder *d, const gwapi__row *row,
                                const gwapi__node *value, void *object)
{
    if (value == NULL)
        return GWAPI_OK;
    return gwapi__decode_shape(d, &path_shape, value, (char *)object + row->at);
}

static const gwapi__row redirect_rows[] = {
    GWAPI__TEXT("scheme", gwapi__redirect, scheme, GWAPI__ABSENT),
    GWAPI__TEXT("hostname", gwapi__redirect, hostname, GWAPI__ABSENT),
    GWAPI__ROW("path", decode_path, gwapi__redirect, path, .number = 0),
    GWAPI__INT32("port", gwapi__redirect, port, 0),
    GWAPI__INT32("statusCode", gwapi__redirect, status, 302),
};
static const gwapi__shape redirect = GWAPI__SHAPE(redirect_rows, gwapi__redirect);
static const gwapi__row rewrite_rows[] = {
    GWAPI__TEXT("hostname", gwapi__rewrite, hostname, GWAPI__ABSENT),
    GWAPI__ROW("path", decode_path, gwapi__rewrite, path, .number = 0),
};
static const gwapi__shape rewrite = GWAPI__SHAPE(rewrite_rows, gwapi__rewrite);

/* ---- CORS ---------------------------------------------------------------------------- */

static const gwapi__row cors_rows[] = {
    GWAPI__TEXTS("allowOrigins", gwapi__cors, allow_origins),
    GWAPI__TEXTS("allowMethods", gwapi__cors, allow_methods),
    GWAPI__TEXTS("allowHeaders", gwapi__cors, allow_headers),
    GWAPI__TEXTS("exposeHeaders", gwapi__cors, expose_headers),
    GWAPI__BOOL("allowCredentials", gwapi__cors, allow_credentials),
    GWAPI__INT32("maxAge", gwapi__cors, max_age, 5),
};
static const gwapi__shape cors = GWAPI__SHAPE(cors_rows, gwapi__cors);

/* ---- external authorization ---------------------------------------------------------- */

static const gwapi__enum_name auth_names[] = {
    {GWAPI_STR_INIT("HTTP"), GWAPI__AUTH_HTTP},
    {GWAPI_STR_INIT("GRPC"), GWAPI__AUTH_GRPC},
};
static const gwapi__enum_names auth_protocols =
    GWAPI__ENUM_NAMES(auth_names, GWAPI__AUTH_UNKNOWN, GWAPI__AUTH_UNKNOWN);
static const gwapi__row http_auth_rows[] = {
    GWAPI__TEXT("path", gwapi__external_auth, path, GWAPI__ABSENT),
    GWAPI__TEXTS("allowedHeaders", gwapi__external_auth, allowed_headers),
    GWAPI__TEXTS("allowedResponseHeaders", gwapi__external_auth, allowed_response_headers),
};
static const gwapi__shape http_auth = GWAPI__SHAPE(http_auth_rows, gwapi__external_auth);
static const gwapi__row grpc_auth_rows[] = {
    GWAPI__TEXTS("allowedHeaders", gwapi__external_auth, allowed_headers),
};
static const gwapi__shape grpc_auth = GWAPI__SHAPE(grpc_auth_rows, gwapi__external_auth);
static const gwapi__row http_row = GWAPI__WITHIN("http", http_auth);
static const gwapi__row grpc_row = GWAPI__WITHIN("grpc", grpc_auth);

/* Only what belongs to the protocol in force counts. */
static gwapi_result decode_auth_protocol(gwapi__decoder *d, const gwapi__row *row,
                                         const gwapi__node *value, void *object)
{
    const gwapi__external_auth *auth = object;

    (void)row;
    if (auth->protocol == GWAPI__AUTH_UNKNOWN)
        return GWAPI_OK;
    return gwapi__decode_row(d, auth->protocol == GWAPI__AUTH_HTTP ? &http_row : &grpc_row,
                             value, object);
}

static const gwapi__row body_rows[] = {
    GWAPI__INT64("maxSize", gwapi__external_auth, max_size, 0),
};
static const gwapi__shape body = GWAPI__SHAPE(body_rows, gwapi__external_auth);
static const gwapi__row auth_rows[] = {
    GWAPI__ENUM("protocol", gwapi__external_auth, protocol, auth_protocols),
    GWAPI__PART("backendRef", gwapi__external_auth, backend, gwapi__shape_backend_object),
    GWAPI__BY(decode_auth_protocol),
    GWAPI__WITHIN_IF("forwardBody", gwapi__external_auth, has_forward_body, body),
};
static const gwapi__shape auth = GWAPI__SHAPE(auth_rows, gwapi__external_auth);

/* ---- filters ------------------------------------------------------------------------- */

static const struct {
    gwapi_str name; /* of the member */
    const gwapi__shape *shape;
} members[] = {
    [GWAPI__FILTER_REQUEST_HEADERS] = {GWAPI_STR_INIT("requestHeaderModifier"), &modifier},
    [GWAPI__FILTER_RESPONSE_HEADERS] = {GWAPI_STR_INIT("responseHeaderModifier"), &modifier},
    [GWAPI__FILTER_MIRROR] = {GWAPI_STR_INIT("requestMirror"), &mirror},
    [GWAPI__FILTER_REDIRECT] = {GWAPI_STR_INIT("requestRedirect"), &redirect},
    [GWAPI__FILTER_REWRITE] = {GWAPI_STR_INIT("urlRewrite"), &rewrite},
    [GWAPI__FILTER_CORS] = {GWAPI_STR_INIT("cors"), &cors},
    [GWAPI__FILTER_EXTERNAL_AUTH] = {GWAPI_STR_INIT("externalAuth"), &auth},
    [GWAPI__FILTER_EXTENSION] = {GWAPI_STR_INIT("extensionRef"), &gwapi__shape_local_reference},
};

/* The member that the type names. A filter that cannot be applied must not be passed over, so
 * a missing one spoils the rule. */
static gwapi_result decode_filter(gwapi__decoder *d, const gwapi__row *row,
                                  const gwapi__node *value, void *object)
{
    gwapi__filter *filter = object;

    (void)row;
    if (filter->type == GWAPI__FILTER_UNKNOWN)
        return GWAPI_OK;
    const gwapi__row member = {.name = members[filter->type].name,
                               .decode = gwapi__decode_part,
                               .at = offsetof(gwapi__filter, as),
                               .detail = members[filter->type].shape};
    if (gwapi__decode_member(value, member.name) == NULL)
        return gwapi__decode_fail(d, value, member.name, GWAPI__STR("the type asks for it"));
    return gwapi__decode_row(d, &member, value, filter);
}

#define BOTH                                                                                   \
    {GWAPI_STR_INIT("RequestHeaderModifier"), GWAPI__FILTER_REQUEST_HEADERS},                  \
        {GWAPI_STR_INIT("ResponseHeaderModifier"), GWAPI__FILTER_RESPONSE_HEADERS},            \
        {GWAPI_STR_INIT("RequestMirror"), GWAPI__FILTER_MIRROR},                               \
    {                                                                                          \
        GWAPI_STR_INIT("ExtensionRef"), GWAPI__FILTER_EXTENSION                                \
    }

static const gwapi__enum_name http_names[] = {
    BOTH,
    {GWAPI_STR_INIT("RequestRedirect"), GWAPI__FILTER_REDIRECT},
    {GWAPI_STR_INIT("URLRewrite"), GWAPI__FILTER_REWRITE},
    {GWAPI_STR_INIT("CORS"), GWAPI__FILTER_CORS},
    {GWAPI_STR_INIT("ExternalAuth"), GWAPI__FILTER_EXTERNAL_AUTH},
};
static const gwapi__enum_name grpc_names[] = {BOTH};
static const gwapi__enum_names http_types =
    GWAPI__ENUM_NAMES(http_names, GWAPI__FILTER_UNKNOWN, GWAPI__FILTER_UNKNOWN);
static const gwapi__enum_names grpc_types =
    GWAPI__ENUM_NAMES(grpc_names, GWAPI__FILTER_UNKNOWN, GWAPI__FILTER_UNKNOWN);

#define FILTER(types)                                                                          \
    GWAPI__ENUM_TEXT("type", gwapi__filter, type, type_text, types), GWAPI__BY(decode_filter)

static const gwapi__row http_filter_rows[] = {FILTER(http_types)};
static const gwapi__row grpc_filter_rows[] = {FILTER(grpc_types)};
const gwapi__shape gwapi__shape_http_filter = GWAPI__SHAPE(http_filter_rows, gwapi__filter);
const gwapi__shape gwapi__shape_grpc_filter = GWAPI__SHAPE(grpc_filter_rows, gwapi__filter);
