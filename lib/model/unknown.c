/* Kinds that nobody knows, and versions that will not be known for long. */
#include "base/slice.h"
#include "base/text.h"
#include "model/reading.h"

static bool is_gateway_group(gwapi_str group)
{
    return gwapi__str_eq(group, GWAPI__STR(GWAPI__GROUP_GATEWAY)) ||
           gwapi__str_eq(group, GWAPI__STR(GWAPI__GROUP_EXPERIMENTAL));
}

/* Why a kind is not known, as far as can be told. */
typedef struct ignorance {
    gwapi__text message;
    gwapi_str hint;
    gwapi_str meant; /* the kind that was meant */
    bool version;    /* it is known in other versions */
    bool channel;    /* it is known in the other channel */
} ignorance;

/* "HttpRoute" and "HTTPRoutes" for HTTPRoute. */
static bool is_nearly(gwapi_str written, gwapi_str kind)
{
    gwapi_str shorter = gwapi__str_sub(written, 0, written.len != 0 ? written.len - 1 : 0);

    return gwapi__str_eq_nocase(written, kind) ||
           (gwapi__str_ends(written, GWAPI__STR("s")) && gwapi__str_eq_nocase(shorter, kind));
}

static void look_around(const gwapi_schema *schema, const gwapi__kind_info *info,
                        ignorance *why)
{
    gwapi_kind_info k = {.struct_size = sizeof k};

    for (size_t i = 0; gwapi_schema_kind_at(schema, i, &k) == GWAPI_OK; i++) {
        if (!gwapi__str_eq(k.group, info->group))
            continue;
        if (gwapi__str_eq(k.kind, info->kind)) {
            gwapi__text_addz(&why->message, why->version ? ", " : "; it is known as ");
            gwapi__text_add(&why->message, k.version);
            why->version = true;
        } else if (is_nearly(info->kind, k.kind)) {
            why->meant = k.kind;
        }
    }
}

static void explain(const gwapi_schema *schema, const gwapi__document *d, ignorance *why)
{
    const gwapi__kind_info *info = &d->info;

    gwapi__text_addz(&why->message, "the kind ");
    gwapi__text_add(&why->message, info->kind);
    gwapi__text_addz(&why->message, " of ");
    gwapi__text_add(&why->message, d->api_version);
    gwapi__text_addz(&why->message, " is not known");
    look_around(schema, info, why);
    if (why->version || why->meant.data != NULL)
        return;
    why->channel = gwapi_schema_channel(schema) == GWAPI_CHANNEL_STANDARD &&
                   is_gateway_group(info->group) &&
                   gwapi__resource_kind_of(info->group, info->kind) != GWAPI__KIND_OTHER;
    if (why->channel) {
        gwapi__text_addz(&why->message, " in the standard channel");
        why->hint = GWAPI__STR("it is part of the experimental channel");
    }
}

gwapi_result gwapi__document_tell_unknown(gwapi__reading *r, gwapi__document *d)
{
    const gwapi_resources *resources = r->resources;
    const gwapi__node *at = gwapi__node_get(d->doc.root, GWAPI__STR("kind"));
    bool error = (resources->flags & GWAPI_RESOURCES_UNKNOWN_KINDS_ERROR) != 0;
    bool ours = is_gateway_group(d->info.group);
    ignorance why = {.version = false};

    /* A kind of ours in a form that nobody has judged must not pass for the kind itself. */
    if (ours || gwapi__resource_kind_of(d->info.group, d->info.kind) != GWAPI__KIND_OTHER)
        d->class = GWAPI__CLASS_SKIPPED;
    d->errors += error;
    if (!error && !ours)
        return GWAPI_OK;
    gwapi__text_init(&why.message, &resources->allocator);
    explain(resources->schema, d, &why);
    gwapi_str path = why.version ? GWAPI__STR("apiVersion") : GWAPI__STR("kind");
    if (why.version)
        at = gwapi__node_get(d->doc.root, path);
    gwapi_result result =
        why.message.failed
            ? GWAPI_ENOMEM
            : gwapi__reading_tell(
                  r, d,
                  &(gwapi_diagnostic){.severity = error         ? GWAPI_SEVERITY_ERROR
                                                  : why.channel ? GWAPI_SEVERITY_NOTE
                                                                : GWAPI_SEVERITY_WARNING,
                                      .type = GWAPI_ERROR_NOT_FOUND,
                                      .rule = GWAPI__STR("object/unknown-kind"),
                                      .path = path,
                                      .pointer = why.version ? GWAPI__STR("/apiVersion")
                                                             : GWAPI__STR("/kind"),
                                      .message = gwapi__text_str(&why.message),
                                      .hint = why.hint,
                                      .hint_value = why.meant,
                                      .fix = why.meant.data != NULL,
                                      .line = at->place.line,
                                      .column = at->place.column});
    gwapi__text_free(&why.message);
    return result;
}

/* ---- versions on their way out -------------------------------------------------------- */

/* The version that the server stores, absent when that is the same. */
static gwapi_str stored_version(const gwapi_schema *schema, const gwapi__kind_info *info)
{
    gwapi_kind_info k = {.struct_size = sizeof k};

    for (size_t i = 0; gwapi_schema_kind_at(schema, i, &k) == GWAPI_OK; i++)
        if (gwapi__str_eq(k.group, info->group) && gwapi__str_eq(k.kind, info->kind) &&
            k.storage != 0 && !gwapi__str_eq(k.version, info->version))
            return k.version;
    return (gwapi_str){NULL, 0};
}

gwapi_result gwapi__document_tell_deprecated(gwapi__reading *r, gwapi__document *d)
{
    const gwapi__node *at = gwapi__node_get(d->doc.root, GWAPI__STR("apiVersion"));
    gwapi__text message, hint;

    if (!d->info.deprecated || r->stored || r->report == NULL)
        return GWAPI_OK;
    gwapi_str version = stored_version(r->resources->schema, &d->info);
    gwapi__text_init(&message, &r->resources->allocator);
    gwapi__text_init(&hint, &r->resources->allocator);
    gwapi__text_add(&message, d->api_version);
    gwapi__text_addz(&message, " is a deprecated version of ");
    gwapi__text_add(&message, d->info.kind);
    gwapi__text_add(&hint, version.len != 0 ? GWAPI__STR("use ") : version);
    gwapi__text_add(&hint, version);
    gwapi_result result =
        message.failed || hint.failed
            ? GWAPI_ENOMEM
            : gwapi__reading_tell(r, d,
                                  &(gwapi_diagnostic){.severity = GWAPI_SEVERITY_WARNING,
                                                      .rule = GWAPI__STR("object/deprecated"),
                                                      .path = GWAPI__STR("apiVersion"),
                                                      .pointer = GWAPI__STR("/apiVersion"),
                                                      .message = gwapi__text_str(&message),
                                                      .hint = gwapi__text_str(&hint),
                                                      .line = at->place.line,
                                                      .column = at->place.column});
    gwapi__text_free(&message);
    gwapi__text_free(&hint);
    return result;
}
