#include "model/meta.h"

#include "base/result.h"
#include "base/time.h"
#include "model/route.h"
#include "model/shapes.h"

/* ---- kinds --------------------------------------------------------------------------- */

static const struct {
    gwapi_str group, kind;
} kinds[] = {
#define KIND(name, group, kind) {GWAPI_STR_INIT(group), GWAPI_STR_INIT(kind)},
    GWAPI__RESOURCE_KIND_TABLE(KIND)
#undef KIND
};

gwapi__resource_kind gwapi__resource_kind_of(gwapi_str group, gwapi_str kind)
{
    for (int i = GWAPI__KIND_OTHER + 1; i < GWAPI__KIND_COUNT; i++)
        if (gwapi__str_eq(kinds[i].kind, kind) && gwapi__str_eq(kinds[i].group, group))
            return (gwapi__resource_kind)i;
    return GWAPI__KIND_OTHER;
}

gwapi_str gwapi__resource_kind_group(gwapi__resource_kind kind)
{
    return kinds[kind].group;
}

gwapi_str gwapi__resource_kind_name(gwapi__resource_kind kind)
{
    return kinds[kind].kind;
}

/* ---- references ---------------------------------------------------------------------- */

static gwapi_result know(gwapi__decoder *d, const gwapi__row *row, const gwapi__node *value,
                         void *object)
{
    gwapi__reference *ref = object;

    (void)d, (void)row, (void)value;
    ref->known = gwapi__resource_kind_of(ref->group, ref->kind);
    return GWAPI_OK;
}

#define GROUP(fallback) GWAPI__TEXT("group", gwapi__reference, group, fallback)
#define KIND(fallback)  GWAPI__TEXT("kind", gwapi__reference, kind, fallback)
#define NAMESPACE       GWAPI__TEXT("namespace", gwapi__reference, namespace_, GWAPI__ABSENT)
#define NAME            GWAPI__TEXT("name", gwapi__reference, name, GWAPI__ABSENT)
#define KNOWN           GWAPI__BY(know)
#define CORE            GWAPI_STR_INIT("")
#define GATEWAY_GROUP   GWAPI_STR_INIT(GWAPI__GROUP_GATEWAY)

static const gwapi__row reference_rows[] = {GROUP(CORE), KIND(GWAPI__ABSENT), NAMESPACE, NAME,
                                            KNOWN};
static const gwapi__row local_reference_rows[] = {GROUP(CORE), KIND(GWAPI__ABSENT), NAME,
                                                  KNOWN};
static const gwapi__row secret_rows[] = {GROUP(CORE), KIND(GWAPI_STR_INIT("Secret")), NAMESPACE,
                                         NAME, KNOWN};
static const gwapi__row service_rows[] = {GROUP(CORE), KIND(GWAPI_STR_INIT("Service")),
                                          NAMESPACE, NAME, KNOWN};
static const gwapi__row gateway_rows[] = {GROUP(GATEWAY_GROUP), KIND(GWAPI_STR_INIT("Gateway")),
                                          NAMESPACE, NAME, KNOWN};
static const gwapi__row route_kind_rows[] = {GROUP(GATEWAY_GROUP), KIND(GWAPI__ABSENT), KNOWN};
static const gwapi__row grant_from_rows[] = {GROUP(CORE), KIND(GWAPI__ABSENT), NAMESPACE,
                                             KNOWN};

const gwapi__shape gwapi__shape_reference = GWAPI__SHAPE(reference_rows, gwapi__reference);
const gwapi__shape gwapi__shape_local_reference =
    GWAPI__SHAPE(local_reference_rows, gwapi__reference);
const gwapi__shape gwapi__shape_secret_ref = GWAPI__SHAPE(secret_rows, gwapi__reference);
const gwapi__shape gwapi__shape_gateway_ref = GWAPI__SHAPE(gateway_rows, gwapi__reference);
const gwapi__shape gwapi__shape_route_kind = GWAPI__SHAPE(route_kind_rows, gwapi__reference);
/* An entry that cannot be read grants nothing. */
const gwapi__shape gwapi__shape_grant_from =
    GWAPI__SHAPE_DROPPING(grant_from_rows, gwapi__reference);
const gwapi__shape gwapi__shape_grant_to =
    GWAPI__SHAPE_DROPPING(local_reference_rows, gwapi__reference);

static const gwapi__row parent_ref_rows[] = {
    GWAPI__INLINE(gwapi__parent_ref, ref, gwapi__shape_gateway_ref),
    GWAPI__TEXT("sectionName", gwapi__parent_ref, section_name, GWAPI__ABSENT),
    GWAPI__INT32("port", gwapi__parent_ref, port, 0),
};
/* A route does not attach where it cannot say to. */
const gwapi__shape gwapi__shape_parent_ref =
    GWAPI__SHAPE_DROPPING(parent_ref_rows, gwapi__parent_ref);

static const gwapi__shape service_ref = GWAPI__SHAPE(service_rows, gwapi__reference);
static const gwapi__row backend_object_rows[] = {
    GWAPI__INLINE(gwapi__backend_object, ref, service_ref),
    GWAPI__INT32("port", gwapi__backend_object, port, 0),
};
const gwapi__shape gwapi__shape_backend_object =
    GWAPI__SHAPE(backend_object_rows, gwapi__backend_object);

/* ---- label selectors ----------------------------------------------------------------- */

static const gwapi__enum_name operator_names[] = {
    {GWAPI_STR_INIT("In"), GWAPI__SELECTOR_IN},
    {GWAPI_STR_INIT("NotIn"), GWAPI__SELECTOR_NOT_IN},
    {GWAPI_STR_INIT("Exists"), GWAPI__SELECTOR_EXISTS},
    {GWAPI_STR_INIT("DoesNotExist"), GWAPI__SELECTOR_DOES_NOT_EXIST},
};
static const gwapi__enum_names operators =
    GWAPI__ENUM_NAMES(operator_names, GWAPI__SELECTOR_UNKNOWN, GWAPI__SELECTOR_UNKNOWN);
static const gwapi__row term_rows[] = {
    GWAPI__TEXT("key", gwapi__selector_term, key, GWAPI__ABSENT),
    GWAPI__ENUM("operator", gwapi__selector_term, operator_, operators),
    GWAPI__TEXTS("values", gwapi__selector_term, values),
};
static const gwapi__shape term_shape = GWAPI__SHAPE(term_rows, gwapi__selector_term);

typedef struct selector_parts {
    gwapi__pairs labels;
    const gwapi__selector_term *expressions;
    size_t count;
} selector_parts;

static const gwapi__row selector_rows[] = {
    GWAPI__PAIRS("matchLabels", selector_parts, labels),
    GWAPI__LIST("matchExpressions", selector_parts, expressions, count, term_shape),
};
static const gwapi__shape selector_shape = GWAPI__SHAPE(selector_rows, selector_parts);

gwapi_result gwapi__decode_selector(gwapi__decoder *d, const gwapi__row *row,
                                    const gwapi__node *value, void *object)
{
    gwapi__selector *out = (gwapi__selector *)(void *)((char *)object + row->at);
    selector_parts parts = {{NULL, 0}, NULL, 0};

    if (value == NULL)
        return GWAPI_OK;
    GWAPI__TRY(gwapi__decode_shape(d, &selector_shape, value, &parts));
    size_t count = parts.labels.count + parts.count;
    gwapi__selector_term *terms = gwapi__arena_array(d->arena, count, sizeof *terms);
    if (terms == NULL)
        return GWAPI_ENOMEM;
    for (size_t i = 0; i < parts.labels.count; i++) {
        const gwapi__pair *label = &parts.labels.items[i];
        terms[i] = (gwapi__selector_term){label->key, GWAPI__SELECTOR_IN, {&label->value, 1}};
    }
    for (size_t i = 0; i < parts.count; i++)
        terms[parts.labels.count + i] = parts.expressions[i];
    *out = (gwapi__selector){true, terms, count};
    return GWAPI_OK;
}

/* ---- metadata ------------------------------------------------------------------------ */

static gwapi_result decode_created(gwapi__decoder *d, const gwapi__row *row,
                                   const gwapi__node *value, void *object)
{
    int64_t *out = (int64_t *)(void *)((char *)object + row->at);

    *out = GWAPI__CREATED_UNKNOWN;
    if (value == NULL)
        return GWAPI_OK;
    if (value->type != GWAPI__NODE_STRING)
        return gwapi__decode_fail_type(d, value, (gwapi_str){NULL, 0}, "a time");
    if (!gwapi__rfc3339_parse(value->as.string, out))
        return gwapi__decode_fail(d, value, (gwapi_str){NULL, 0},
                                  GWAPI__STR("it is no time as RFC 3339 writes it"));
    return GWAPI_OK;
}

static const gwapi__row meta_rows[] = {
    GWAPI__TEXT("namespace", gwapi__meta, namespace_, GWAPI_STR_INIT("")),
    GWAPI__TEXT("name", gwapi__meta, name, GWAPI_STR_INIT("")),
    GWAPI__TEXT("uid", gwapi__meta, uid, GWAPI__ABSENT),
    GWAPI__INT64("generation", gwapi__meta, generation, 1),
    GWAPI__ROW("creationTimestamp", decode_created, gwapi__meta, created, .number = 0),
    GWAPI__PAIRS("labels", gwapi__meta, labels),
};
const gwapi__shape gwapi__shape_meta = GWAPI__SHAPE(meta_rows, gwapi__meta);

/* ---- status -------------------------------------------------------------------------- */

static const gwapi__enum_name status_names[] = {
    {GWAPI_STR_INIT("True"), GWAPI__STATUS_TRUE},
    {GWAPI_STR_INIT("False"), GWAPI__STATUS_FALSE},
};
static const gwapi__enum_names statuses =
    GWAPI__ENUM_NAMES(status_names, GWAPI__STATUS_UNKNOWN, GWAPI__STATUS_UNKNOWN);
static const gwapi__row condition_rows[] = {
    GWAPI__TEXT("type", gwapi__condition, type, GWAPI__ABSENT),
    GWAPI__ENUM("status", gwapi__condition, status, statuses),
    GWAPI__TEXT("reason", gwapi__condition, reason, GWAPI__ABSENT),
    GWAPI__TEXT("message", gwapi__condition, message, GWAPI__ABSENT),
    GWAPI__TEXT("lastTransitionTime", gwapi__condition, last_transition, GWAPI__ABSENT),
    GWAPI__INT64_IF("observedGeneration", gwapi__condition, observed_generation,
                    has_observed_generation),
};
static const gwapi__shape condition_shape =
    GWAPI__SHAPE_DROPPING(condition_rows, gwapi__condition);

#define CONDITIONS(type, member)                                                               \
    GWAPI__LIST("conditions", type, member.items, member.count, condition_shape)

/* The supported kinds as a set. */
static gwapi_result decode_kinds(gwapi__decoder *d, const gwapi__row *row,
                                 const gwapi__node *value, void *object)
{
    gwapi__listener_status *status = object;

    (void)row;
    if (value == NULL)
        return GWAPI_OK;
    if (value->type != GWAPI__NODE_LIST)
        return gwapi__decode_fail_type(d, value, (gwapi_str){NULL, 0}, "a list");
    for (uint32_t i = 0; i < value->as.list.count; i++) {
        gwapi__reference kind = {.known = GWAPI__KIND_OTHER};
        GWAPI__TRY(
            gwapi__decode_shape(d, &gwapi__shape_route_kind, value->as.list.items[i], &kind));
        status->kinds |= UINT32_C(1) << kind.known;
    }
    return GWAPI_OK;
}

static const gwapi__row listener_status_rows[] = {
    GWAPI__TEXT("name", gwapi__listener_status, name, GWAPI__ABSENT),
    GWAPI__INT32("port", gwapi__listener_status, port, 0),
    GWAPI__ROW("supportedKinds", decode_kinds, gwapi__listener_status, kinds, .number = 0),
    GWAPI__INT64("attachedRoutes", gwapi__listener_status, attached_routes, 0),
    CONDITIONS(gwapi__listener_status, conditions),
};
static const gwapi__shape listener_status_shape =
    GWAPI__SHAPE_DROPPING(listener_status_rows, gwapi__listener_status);

static const gwapi__row address_rows[] = {
    GWAPI__TEXT("type", gwapi__address, type, GWAPI_STR_INIT("IPAddress")),
    GWAPI__TEXT("value", gwapi__address, value, GWAPI__ABSENT),
};
const gwapi__shape gwapi__shape_address = GWAPI__SHAPE_DROPPING(address_rows, gwapi__address);

#define PARENT_STATUS(json)                                                                    \
    GWAPI__PART(json, gwapi__parent_status, parent, gwapi__shape_parent_ref),                  \
        GWAPI__TEXT("controllerName", gwapi__parent_status, controller, GWAPI__ABSENT),        \
        CONDITIONS(gwapi__parent_status, conditions)

static const gwapi__row parent_status_rows[] = {PARENT_STATUS("parentRef")};
static const gwapi__row ancestor_status_rows[] = {PARENT_STATUS("ancestorRef")};
static const gwapi__shape parent_status_shape =
    GWAPI__SHAPE_DROPPING(parent_status_rows, gwapi__parent_status);
static const gwapi__shape ancestor_status_shape =
    GWAPI__SHAPE_DROPPING(ancestor_status_rows, gwapi__parent_status);

static const gwapi__row feature_rows[] = {
    {.name = GWAPI_STR_INIT("name"), .decode = gwapi__decode_text, .text = GWAPI_STR_INIT("")},
};
static const gwapi__shape feature_shape = {feature_rows, 1, sizeof(gwapi_str),
                                           GWAPI__FAULT_DROPS, 0};

/* No kind has both parents and ancestors. */
static const gwapi__row status_rows[] = {
    CONDITIONS(gwapi__stored_status, conditions),
    GWAPI__LIST("listeners", gwapi__stored_status, listeners, listener_count,
                listener_status_shape),
    GWAPI__LIST("addresses", gwapi__stored_status, addresses, address_count,
                gwapi__shape_address),
    GWAPI__LIST("parents", gwapi__stored_status, parents, parent_count, parent_status_shape),
    GWAPI__LIST("ancestors", gwapi__stored_status, parents, parent_count,
                ancestor_status_shape),
    GWAPI__LIST("supportedFeatures", gwapi__stored_status, features.items, features.count,
                feature_shape),
};
const gwapi__shape gwapi__shape_status = GWAPI__SHAPE(status_rows, gwapi__stored_status);
