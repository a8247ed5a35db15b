/* What a version has beside its schema: subresources, columns, selectable fields. */
#include "schema/crd_judge.h"

#define MOST_SELECTABLE 8

/* ---- simple paths ---------------------------------------------------------------------- */

/* A path begins with a dot; that is all the server asks of a column's. */
static bool check_path(gwapi__judgement *j, const gwapi__frame *at, const gwapi__node *path,
                       const char *rule)
{
    if (gwapi__str_starts(path->as.string, GWAPI__STR(".")))
        return true;
    gwapi__crd_fault(j, at, path, GWAPI_ERROR_INVALID, rule,
                     "must begin with a dot, as .spec.replicas does");
    return false;
}

/* ---- subresources ---------------------------------------------------------------------- */

typedef struct scale_path {
    const char *member;
    bool required, spec, status; /* where it may lead */
} scale_path;

static void check_scale_path(gwapi__judgement *j, const gwapi__frame *at,
                             const gwapi__node *scale, const scale_path *p)
{
    const gwapi__node *path = gwapi__node_get(scale, gwapi__str_of(p->member));
    gwapi__frame frame = gwapi__crd_at(at, scale, p->member);

    if (path == NULL || path->as.string.len == 0) {
        if (p->required)
            gwapi__crd_fault(j, &frame, NULL, GWAPI_ERROR_REQUIRED, "crd/scale",
                             "%s is required", p->member);
        return;
    }
    if (!check_path(j, &frame, path, "crd/scale"))
        return;
    if ((p->spec && gwapi__str_starts(path->as.string, GWAPI__STR(".spec."))) ||
        (p->status && gwapi__str_starts(path->as.string, GWAPI__STR(".status."))))
        return;
    gwapi__crd_fault(j, &frame, path, GWAPI_ERROR_INVALID, "crd/scale",
                     "must lead to a field below %s", !p->status ? ".spec"
                                                      : !p->spec ? ".status"
                                                                 : ".spec or .status");
}

static void check_subresources(gwapi__judgement *j, const gwapi__frame *at,
                               const gwapi__node *subresources)
{
    static const scale_path paths[] = {{"specReplicasPath", true, true, false},
                                       {"statusReplicasPath", true, false, true},
                                       {"labelSelectorPath", false, true, true}};
    const gwapi__node *scale = GWAPI__GET(subresources, "scale");
    gwapi__frame frame = gwapi__crd_at(at, subresources, "scale");

    for (size_t i = 0; scale != NULL && i < sizeof paths / sizeof *paths; i++)
        check_scale_path(j, &frame, scale, &paths[i]);
}

/* ---- columns --------------------------------------------------------------------------- */

static bool is_one_of(gwapi_str text, const char *const *names)
{
    for (; *names != NULL; names++)
        if (gwapi__str_eq(text, gwapi__str_of(*names)))
            return true;
    return false;
}

static void require(gwapi__judgement *j, const gwapi__frame *at, const char *what)
{
    gwapi__crd_fault(j, at, NULL, GWAPI_ERROR_REQUIRED, "crd/column", "a column needs %s", what);
}

static void check_column(gwapi__judgement *j, const gwapi__frame *at, const gwapi__node *column)
{
    static const char *const types[] = {"integer", "number", "string", "boolean", "date", NULL};
    static const char *const formats[] = {"int32", "int64", "float",     "double",  "byte",
                                          "date",  "date-time", "password", NULL};
    const gwapi__node *type = GWAPI__GET(column, "type"), *format = GWAPI__GET(column, "format");
    const gwapi__node *path = GWAPI__GET(column, "jsonPath");
    gwapi__frame name_at = gwapi__crd_at(at, column, "name");
    gwapi__frame type_at = gwapi__crd_at(at, column, "type");
    gwapi__frame format_at = gwapi__crd_at(at, column, "format");
    gwapi__frame real = gwapi__crd_at(at, column, "jsonPath");
    gwapi__frame path_at = gwapi__crd_renamed(j, &real, at, "JSONPath");

    if (GWAPI__GET(column, "name") == NULL)
        require(j, &name_at, "a name");
    if (type == NULL)
        require(j, &type_at, "a type: integer, number, string, boolean or date");
    else if (!is_one_of(type->as.string, types))
        gwapi__crd_fault(j, &type_at, type, GWAPI_ERROR_INVALID, "crd/column",
                         "must be integer, number, string, boolean or date, not %n", type);
    if (format != NULL && !is_one_of(format->as.string, formats))
        gwapi__crd_fault(j, &format_at, format, GWAPI_ERROR_INVALID, "crd/column",
                         "must be int32, int64, float, double, byte, date, date-time or "
                         "password, not %n",
                         format);
    if (path == NULL)
        require(j, &path_at, "a jsonPath");
    else
        check_path(j, &path_at, path, "crd/column");
}

static void check_columns(gwapi__judgement *j, const gwapi__frame *at, const gwapi__node *list)
{
    for (uint32_t i = 0; i < gwapi__crd_count(list); i++) {
        gwapi__frame frame = gwapi__frame_item(at, list, i);
        check_column(j, &frame, list->as.list.items[i]);
    }
}

/* ---- selectable fields ----------------------------------------------------------------- */

static bool is_selectable(const gwapi__node *schema)
{
    static const char *const types[] = {"string", "boolean", "integer", NULL};

    return is_one_of(gwapi__node_get_str(schema, GWAPI__STR("type")), types);
}

static void selectable_fault(gwapi__judgement *j, const gwapi__frame *at,
                             const gwapi__node *path, const char *text)
{
    gwapi__crd_fault(j, at, path, GWAPI_ERROR_INVALID, "crd/selectable-field", "%s", text);
}

/* Leaves the path in one spelling, "" for one that is wrong. */
static gwapi_str check_selectable(gwapi__judgement *j, const gwapi__frame *at,
                                  const gwapi__node *field, const gwapi__node *schema)
{
    const gwapi__node *path = GWAPI__GET(field, "jsonPath");
    gwapi_str copy = {"", 0};
    const char *complaint;
    gwapi__text canonical;

    if (path == NULL) {
        gwapi__crd_fault(j, at, NULL, GWAPI_ERROR_REQUIRED, "crd/selectable-field",
                         "a selectable field needs a jsonPath");
        return copy;
    }
    gwapi__text_init(&canonical, &j->allocator);
    const gwapi__node *found =
        gwapi__crd_follow(schema, path->as.string, false, &canonical, &complaint);
    gwapi_str spelled = gwapi__text_str(&canonical);
    if (complaint != NULL) {
        gwapi__crd_fault(j, at, path, GWAPI_ERROR_INVALID, "crd/selectable-field",
                         "%q is no path in the schema: %s", path->as.string, complaint);
    } else {
        if (gwapi__str_eq(spelled, GWAPI__STR(".metadata")) ||
            gwapi__str_starts(spelled, GWAPI__STR(".metadata.")) ||
            gwapi__str_starts(spelled, GWAPI__STR(".metadata[")))
            selectable_fault(j, at, path, "must not lead into metadata");
        if (!is_selectable(found))
            selectable_fault(j, at, path, "must lead to a string, a boolean or an integer");
        if (!gwapi__arena_copy(j->input->arena, spelled, &copy))
            gwapi__judge_fail(j, GWAPI_ENOMEM);
    }
    if (canonical.failed)
        gwapi__judge_fail(j, GWAPI_ENOMEM);
    gwapi__text_free(&canonical);
    return copy;
}

static void check_selectables(gwapi__judgement *j, const gwapi__frame *at,
                              const gwapi__node *list, const gwapi__node *schema)
{
    uint32_t count = gwapi__crd_count(list), different = 0;
    gwapi_str *spelled = gwapi__arena_array(j->input->arena, count, sizeof *spelled);

    if (spelled == NULL) {
        gwapi__judge_fail(j, GWAPI_ENOMEM);
        return;
    }
    for (uint32_t i = 0; i < count; i++) {
        const gwapi__node *field = list->as.list.items[i];
        gwapi__frame item = gwapi__frame_item(at, list, i);
        gwapi__frame frame = gwapi__crd_at(&item, field, "jsonPath");
        spelled[i] = check_selectable(j, &frame, field, schema);
    }
    const bool *repeats = gwapi__crd_repeats(j, spelled, count);
    for (uint32_t i = 0; repeats != NULL && i < count; i++) {
        const gwapi__node *field = list->as.list.items[i];
        gwapi__frame item = gwapi__frame_item(at, list, i);
        gwapi__frame frame = gwapi__crd_at(&item, field, "jsonPath");
        different += spelled[i].len != 0 && !repeats[i];
        if (spelled[i].len != 0 && repeats[i])
            gwapi__crd_fault(j, &frame, NULL, GWAPI_ERROR_DUPLICATE, "crd/selectable-field",
                             "%q is selectable already", spelled[i]);
    }
    if (different > MOST_SELECTABLE)
        gwapi__crd_fault(j, at, list, GWAPI_ERROR_TOO_MANY, "crd/selectable-field",
                         "at most 8 fields can be selectable, not %u", (uint64_t)different);
}

static void check_selection(gwapi__judgement *j, const gwapi__frame *at,
                            const gwapi__frame *holder, const gwapi__node *version,
                            bool has_schema)
{
    const gwapi__node *list = GWAPI__GET(version, "selectableFields");
    const gwapi__node *schema =
        GWAPI__GET(GWAPI__GET(version, "schema"), "openAPIV3Schema");

    if (gwapi__crd_count(list) == 0)
        return;
    if (!has_schema) {
        gwapi__crd_fault(j, at, list, GWAPI_ERROR_INVALID, "crd/selectable-field",
                         "selectable fields need a schema at the same place\n"
                         "give versions whose schemas differ selectable fields that differ too");
        return;
    }
    if (schema != NULL && !gwapi__crd_is_convertible(schema)) {
        gwapi__frame frame = gwapi__crd_renamed(j, at, holder, "schema.openAPIV3Schema");
        gwapi__crd_fault(j, &frame, NULL, GWAPI_ERROR_INVALID, "crd/selectable-field",
                         "selectable fields need a schema that is structural");
        schema = NULL;
    }
    check_selectables(j, at, list, schema);
}

/* ---- versions -------------------------------------------------------------------------- */

typedef struct part {
    const char *member;
    bool common;
} part;

/* The frame of a version's member, under the path of the spec if all versions share it. */
static gwapi__frame part_at(gwapi__judgement *j, const gwapi__frame *at,
                            const gwapi__frame *version_at, const gwapi__node *version,
                            const part *p, gwapi__frame *real)
{
    *real = gwapi__crd_at(version_at, version, p->member);
    return p->common ? gwapi__crd_renamed(j, real, at, p->member) : *real;
}

void gwapi__crd_check_versions(gwapi__judgement *j, const gwapi__frame *at,
                               const gwapi__node *spec, bool common_schema)
{
    const gwapi__node *versions = GWAPI__GET(spec, "versions");
    const part subresources = {"subresources", gwapi__crd_common(j, versions, "subresources")};
    const part columns = {"additionalPrinterColumns",
                          gwapi__crd_common(j, versions, "additionalPrinterColumns")};
    const part selection = {"selectableFields",
                            gwapi__crd_common(j, versions, "selectableFields")};
    gwapi__frame list_at = gwapi__crd_at(at, spec, "versions");

    for (uint32_t i = 0; i < gwapi__crd_count(versions); i++) {
        const gwapi__node *version = versions->as.list.items[i];
        const gwapi__node *schema = GWAPI__GET(version, "schema");
        gwapi__frame version_at = gwapi__frame_item(&list_at, versions, i), real;
        if (!subresources.common || i == 0) {
            gwapi__frame frame = part_at(j, at, &version_at, version, &subresources, &real);
            check_subresources(j, &frame, GWAPI__GET(version, "subresources"));
        }
        if (!columns.common || i == 0) {
            gwapi__frame frame = part_at(j, at, &version_at, version, &columns, &real);
            check_columns(j, &frame, GWAPI__GET(version, "additionalPrinterColumns"));
        }
        if (!selection.common || i == 0) {
            bool has_schema = selection.common
                                  ? common_schema && schema != NULL
                                  : !common_schema && GWAPI__GET(schema, "openAPIV3Schema") != NULL;
            gwapi__frame frame = part_at(j, at, &version_at, version, &selection, &real);
            check_selection(j, &frame, selection.common ? at : &version_at, version, has_schema);
        }
    }
}
