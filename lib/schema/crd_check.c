/* What a definition says besides schemas: its name, group, names, scope, versions, conversion. */
#include "cel/uri.h"
#include "schema/crd_judge.h"
#include "schema/names.h"

#define LONGEST_WARNING 256 /* bytes */

/* ---- the common tools ------------------------------------------------------------------ */

void gwapi__crd_fault(gwapi__judgement *j, const gwapi__frame *at, const gwapi__node *value,
                      gwapi_error_type type, const char *rule, const char *format, ...)
{
    gwapi__finding f = {.type = type, .rule = rule, .at = at, .brackets = true};
    va_list args;

    if (!gwapi__judge_error(j, type))
        return;
    if (value != NULL)
        f.place = value->place;
    va_start(args, format);
    const char *hint = gwapi__say_line(&j->message, format, &args);
    if (hint != NULL)
        gwapi__say_line(&j->hint, hint, &args);
    va_end(args);
    gwapi__judge_report(j, &f);
}

gwapi__frame gwapi__crd_at(const gwapi__frame *at, const gwapi__node *map, const char *name)
{
    const gwapi__field *field = gwapi__node_field(map, gwapi__str_of(name));

    return field != NULL ? gwapi__frame_field(at, field)
                         : gwapi__frame_missing(at, gwapi__str_of(name));
}

gwapi__frame gwapi__crd_renamed(gwapi__judgement *j, const gwapi__frame *real,
                                const gwapi__frame *at, const char *name)
{
    const gwapi__frame named = gwapi__frame_missing(at, gwapi__str_of(name));
    gwapi__text path;
    gwapi_str copy = {"", 0};

    gwapi__text_init(&path, &j->allocator);
    gwapi__path_write(&path, &named, true);
    if (path.failed || !gwapi__arena_copy(j->input->arena, gwapi__text_str(&path), &copy))
        gwapi__judge_fail(j, GWAPI_ENOMEM);
    gwapi__text_free(&path);
    return gwapi__frame_alias(real, copy);
}

bool gwapi__crd_flag(const gwapi__node *map, const char *name)
{
    const gwapi__node *value = gwapi__node_get(map, gwapi__str_of(name));

    return value != NULL && value->type == GWAPI__NODE_BOOL && value->as.boolean;
}

uint32_t gwapi__crd_count(const gwapi__node *list)
{
    return list != NULL && list->type == GWAPI__NODE_LIST ? list->as.list.count : 0;
}

bool gwapi__crd_is_empty(const gwapi__node *node)
{
    return (node->type == GWAPI__NODE_LIST && node->as.list.count == 0) ||
           (node->type == GWAPI__NODE_MAP && node->as.map.count == 0);
}

/* ---- repetition and equality ----------------------------------------------------------- */

typedef struct ranked {
    gwapi_str text;
    uint32_t index;
} ranked;

static int by_text(const void *a, const void *b, void *ctx)
{
    const ranked *x = a, *y = b;
    int c = gwapi__str_cmp(x->text, y->text);

    (void)ctx;
    return c != 0 ? c : x->index < y->index ? -1 : 1;
}

const bool *gwapi__crd_repeats(gwapi__judgement *j, const gwapi_str *texts, uint32_t count)
{
    ranked *sorted = gwapi__arena_array(j->input->arena, count, sizeof *sorted);
    bool *repeats = gwapi__arena_array(j->input->arena, count, sizeof *repeats);

    if (sorted == NULL || repeats == NULL) {
        gwapi__judge_fail(j, GWAPI_ENOMEM);
        return NULL;
    }
    for (uint32_t i = 0; i < count; i++)
        sorted[i] = (ranked){texts[i], i};
    if (!gwapi__sort(&j->allocator, sorted, count, sizeof *sorted, by_text, NULL))
        gwapi__judge_fail(j, GWAPI_ENOMEM);
    for (uint32_t i = 1; i < count; i++)
        repeats[sorted[i].index] = gwapi__str_eq(sorted[i].text, sorted[i - 1].text);
    return repeats;
}

const gwapi_str *gwapi__crd_texts(gwapi__judgement *j, const gwapi__node *list,
                                  const char *member)
{
    uint32_t count = gwapi__crd_count(list);
    gwapi_str *texts = gwapi__arena_array(j->input->arena, count, sizeof *texts);

    if (texts == NULL)
        gwapi__judge_fail(j, GWAPI_ENOMEM);
    for (uint32_t i = 0; texts != NULL && i < count; i++)
        texts[i] = member != NULL
                       ? gwapi__node_get_str(list->as.list.items[i], gwapi__str_of(member))
                       : list->as.list.items[i]->as.string;
    return texts;
}

static int by_name(const void *a, const void *b, void *ctx)
{
    (void)ctx;
    return gwapi__str_cmp(((const gwapi__field *)a)->name, ((const gwapi__field *)b)->name);
}

/* Lists and maps of which an empty one is as good as none. */
static bool is_idle(const gwapi__field *field)
{
    static const char *const names[] = {"properties",
                                        "required",
                                        "enum",
                                        "allOf",
                                        "anyOf",
                                        "oneOf",
                                        "patternProperties",
                                        "definitions",
                                        "dependencies",
                                        "x-kubernetes-list-map-keys",
                                        "x-kubernetes-validations"};

    for (size_t i = 0; gwapi__crd_is_empty(field->value) && i < sizeof names / sizeof *names; i++)
        if (gwapi__str_eq(field->name, gwapi__str_of(names[i])))
            return true;
    return false;
}

/* The fields that count; NULL: no memory. */
static const gwapi__field *sorted_fields(gwapi__judgement *j, const gwapi__node *map,
                                         uint32_t *count)
{
    gwapi__field *fields =
        gwapi__arena_array(j->input->arena, map->as.map.count, sizeof *fields);

    *count = 0;
    for (uint32_t i = 0; fields != NULL && i < map->as.map.count; i++)
        if (!is_idle(&map->as.map.fields[i]))
            fields[(*count)++] = map->as.map.fields[i];
    if (fields == NULL ||
        !gwapi__sort(&j->allocator, fields, *count, sizeof *fields, by_name, NULL)) {
        gwapi__judge_fail(j, GWAPI_ENOMEM);
        return NULL;
    }
    return fields;
}

/* Like gwapi__node_equal, in time that large maps do not square. */
static bool equal(gwapi__judgement *j, const gwapi__node *a, const gwapi__node *b)
{
    uint32_t count, other;
    bool same;

    if (a->type == GWAPI__NODE_LIST && b->type == GWAPI__NODE_LIST) {
        same = a->as.list.count == b->as.list.count;
        for (uint32_t i = 0; same && i < a->as.list.count; i++)
            same = equal(j, a->as.list.items[i], b->as.list.items[i]);
        return same;
    }
    if (a->type != GWAPI__NODE_MAP || b->type != GWAPI__NODE_MAP)
        return gwapi__node_equal(a, b);
    const gwapi__field *x = sorted_fields(j, a, &count), *y = sorted_fields(j, b, &other);
    same = x != NULL && y != NULL && count == other;
    for (uint32_t i = 0; same && i < count; i++)
        same = gwapi__str_eq(x[i].name, y[i].name) && equal(j, x[i].value, y[i].value);
    return same;
}

/* Empty lists are as good as none. */
static const gwapi__node *part_of(const gwapi__node *versions, uint32_t i, const char *member)
{
    const gwapi__node *part =
        gwapi__node_get(versions->as.list.items[i], gwapi__str_of(member));

    return part != NULL && part->type == GWAPI__NODE_LIST && gwapi__crd_is_empty(part) ? NULL
                                                                                      : part;
}

bool gwapi__crd_common(gwapi__judgement *j, const gwapi__node *versions, const char *member)
{
    for (uint32_t i = 1; i < gwapi__crd_count(versions); i++) {
        const gwapi__node *first = part_of(versions, 0, member);
        const gwapi__node *other = part_of(versions, i, member);
        if ((first == NULL) != (other == NULL) || (first != NULL && !equal(j, first, other)))
            return false;
    }
    return true;
}

/* ---- names ----------------------------------------------------------------------------- */

/* A complaint about a member's text. */
static void must(gwapi__judgement *j, const gwapi__frame *at, const gwapi__node *value,
                 const char *rule, const char *complaint)
{
    if (complaint != NULL)
        gwapi__crd_fault(j, at, value, GWAPI_ERROR_INVALID, rule, "%q must %s",
                         value->as.string, complaint);
}

/* The form of a label, whatever the case of its letters. */
static const char *any_case_label(gwapi_str name)
{
    char lower[64];
    size_t n = name.len < sizeof lower ? name.len : sizeof lower;

    for (size_t i = 0; i < n; i++)
        lower[i] = gwapi__lower(name.data[i]);
    return gwapi__name_dns_1035_label(gwapi__str(lower, n));
}

/* … with "List" behind. */
static const char *list_label(gwapi_str kind)
{
    char name[64];

    if (kind.len > 63 - 4)
        return "leave room for \"List\" within 63 characters";
    memcpy(name, kind.data, kind.len);
    memcpy(name + kind.len, "List", 4);
    return any_case_label(gwapi__str(name, kind.len + 4));
}

typedef struct naming {
    const char *name;
    const char *(*form)(gwapi_str);
    bool required;
} naming;

static void check_naming(gwapi__judgement *j, const gwapi__frame *at, const gwapi__node *names,
                         const naming *n)
{
    const gwapi__node *value = gwapi__node_get(names, gwapi__str_of(n->name));
    gwapi__frame frame = gwapi__crd_at(at, names, n->name);

    if (value != NULL)
        must(j, &frame, value, "crd/names", n->form(value->as.string));
    else if (n->required)
        gwapi__crd_fault(j, &frame, NULL, GWAPI_ERROR_REQUIRED, "crd/names", "%s is required",
                         n->name);
}

static void check_labels(gwapi__judgement *j, const gwapi__frame *at, const gwapi__node *names,
                         const char *member)
{
    const gwapi__node *list = gwapi__node_get(names, gwapi__str_of(member));
    gwapi__frame frame = gwapi__crd_at(at, names, member);

    for (uint32_t i = 0; i < gwapi__crd_count(list); i++) {
        const gwapi__node *item = list->as.list.items[i];
        gwapi__frame item_at = gwapi__frame_item(&frame, list, i);
        must(j, &item_at, item, "crd/names", gwapi__name_dns_1035_label(item->as.string));
    }
}

/* singular and listKind are made from kind if missing. */
static void check_names(gwapi__judgement *j, const gwapi__frame *at, const gwapi__node *spec)
{
    static const naming given[] = {{"plural", gwapi__name_dns_1035_label, true},
                                   {"singular", gwapi__name_dns_1035_label, false},
                                   {"kind", any_case_label, true},
                                   {"listKind", any_case_label, false}};
    static const naming made[] = {{"singular", NULL, true}, {"listKind", NULL, true}};
    const gwapi__node *names = GWAPI__GET(spec, "names");
    const gwapi__node *kind = GWAPI__GET(names, "kind"), *list = GWAPI__GET(names, "listKind");
    gwapi__frame frame = gwapi__crd_at(at, spec, "names");

    for (size_t i = 0; i < sizeof given / sizeof *given; i++)
        check_naming(j, &frame, names, &given[i]);
    for (size_t i = 0; kind == NULL && i < sizeof made / sizeof *made; i++)
        if (gwapi__node_get(names, gwapi__str_of(made[i].name)) == NULL)
            check_naming(j, &frame, names, &made[i]);
    check_labels(j, &frame, names, "shortNames");
    check_labels(j, &frame, names, "categories");
    gwapi__frame singular = gwapi__crd_at(&frame, names, "singular");
    if (kind != NULL && GWAPI__GET(names, "singular") == NULL)
        must(j, &singular, kind, "crd/names", any_case_label(kind->as.string));
    gwapi__frame list_at = gwapi__crd_at(&frame, names, "listKind");
    if (kind != NULL && list == NULL)
        must(j, &list_at, kind, "crd/names", list_label(kind->as.string));
    if (kind != NULL && list != NULL && gwapi__str_eq(kind->as.string, list->as.string))
        gwapi__crd_fault(j, &list_at, list, GWAPI_ERROR_INVALID, "crd/names",
                         "must differ from kind\nthe usual name is %vList", kind->as.string);
}

/* ---- the object's own name ------------------------------------------------------------- */

static bool is_full_name(gwapi_str name, gwapi_str plural, gwapi_str group)
{
    return name.len == plural.len + 1 + group.len && gwapi__str_starts(name, plural) &&
           name.data[plural.len] == '.' && gwapi__str_ends(name, group);
}

static void check_full_name(gwapi__judgement *j, const gwapi__frame *at,
                            const gwapi__node *root, const char *member)
{
    const gwapi__node *spec = GWAPI__GET(root, "spec"), *meta = GWAPI__GET(root, "metadata");
    const gwapi__node *value = gwapi__node_get(meta, gwapi__str_of(member));
    gwapi_str plural = gwapi__node_get_str(GWAPI__GET(spec, "names"), GWAPI__STR("plural"));
    gwapi_str group = gwapi__node_get_str(spec, GWAPI__STR("group"));
    gwapi__frame meta_at = gwapi__crd_at(at, root, "metadata");
    gwapi__frame frame = gwapi__crd_at(&meta_at, meta, member);

    if (value == NULL || !is_full_name(value->as.string, plural, group))
        gwapi__crd_fault(j, &frame, value, GWAPI_ERROR_INVALID, "crd/name",
                         "must be the plural name, a dot and the group: %v.%v\n"
                         "name it %v.%v",
                         plural, group, plural, group);
}

static void check_name(gwapi__judgement *j, const gwapi__frame *at, const gwapi__node *root)
{
    const gwapi__node *meta = GWAPI__GET(root, "metadata");
    bool generated = GWAPI__GET(meta, "generateName") != NULL;

    gwapi__meta_check(j, at, root);
    if (generated)
        check_full_name(j, at, root, "generateName");
    if (generated || GWAPI__GET(meta, "name") != NULL)
        check_full_name(j, at, root, "name");
}

/* ---- group and scope ------------------------------------------------------------------- */

static void check_group(gwapi__judgement *j, const gwapi__frame *at, const gwapi__node *spec)
{
    const gwapi__node *group = GWAPI__GET(spec, "group");
    gwapi__frame frame = gwapi__crd_at(at, spec, "group");

    if (group == NULL) {
        gwapi__crd_fault(j, &frame, NULL, GWAPI_ERROR_REQUIRED, "crd/group",
                         "a definition needs a group");
        return;
    }
    const char *complaint = gwapi__name_dns_subdomain(group->as.string);
    if (complaint == NULL && gwapi__str_find_char(group->as.string, '.') == SIZE_MAX)
        complaint = "be a domain name with a dot in it";
    must(j, &frame, group, "crd/group", complaint);
}

static bool is_protected(gwapi_str group)
{
    return gwapi__str_eq(group, GWAPI__STR("k8s.io")) ||
           gwapi__str_ends(group, GWAPI__STR(".k8s.io")) ||
           gwapi__str_eq(group, GWAPI__STR("kubernetes.io")) ||
           gwapi__str_ends(group, GWAPI__STR(".kubernetes.io"));
}

static bool is_approval(gwapi_str text)
{
    gwapi__uri_fault ignored;
    gwapi__uri url;

    return gwapi__str_starts(text, GWAPI__STR("unapproved")) ||
           (gwapi__uri_parse_request(&url, text, &ignored) &&
            gwapi__uri_parse(&url, text, &ignored) && url.scheme.len != 0 && url.host.len != 0);
}

/* Groups of the Kubernetes community need a sign that they were agreed on. */
static void check_approval(gwapi__judgement *j, const gwapi__frame *at, const gwapi__node *root)
{
    gwapi_str group = gwapi__node_get_str(GWAPI__GET(root, "spec"), GWAPI__STR("group"));
    const gwapi__node *meta = GWAPI__GET(root, "metadata");
    const gwapi__node *annotations = GWAPI__GET(meta, "annotations");
    const gwapi__node *value = GWAPI__GET(annotations, "api-approved.kubernetes.io");
    gwapi__frame meta_at = gwapi__crd_at(at, root, "metadata");
    gwapi__frame map_at = gwapi__crd_at(&meta_at, meta, "annotations");
    gwapi__frame frame = gwapi__crd_at(&map_at, annotations, "api-approved.kubernetes.io");

    frame.step = GWAPI__STEP_KEY;
    if (!is_protected(group))
        return;
    if (value == NULL || value->as.string.len == 0)
        gwapi__crd_fault(j, &frame, NULL, GWAPI_ERROR_REQUIRED, "crd/api-approved",
                         "the group %v is protected: the annotation is required\n"
                         "give the URL of the approval, or \"unapproved\" and a reason",
                         group);
    else if (!is_approval(value->as.string))
        gwapi__crd_fault(j, &frame, value, GWAPI_ERROR_INVALID, "crd/api-approved",
                         "must be the URL of an approval, or begin with \"unapproved\"");
}

static void check_scope(gwapi__judgement *j, const gwapi__frame *at, const gwapi__node *spec)
{
    const gwapi__node *scope = GWAPI__GET(spec, "scope");
    gwapi__frame frame = gwapi__crd_at(at, spec, "scope");

    if (scope == NULL)
        gwapi__crd_fault(j, &frame, NULL, GWAPI_ERROR_REQUIRED, "crd/scope",
                         "a scope is required: Namespaced or Cluster");
    else if (!gwapi__str_eq(scope->as.string, GWAPI__STR("Cluster")) &&
             !gwapi__str_eq(scope->as.string, GWAPI__STR("Namespaced")))
        gwapi__crd_fault(j, &frame, scope, GWAPI_ERROR_NOT_SUPPORTED, "crd/scope",
                         "must be Namespaced or Cluster, not %n", scope);
}

/* ---- versions -------------------------------------------------------------------------- */

static void check_deprecation(gwapi__judgement *j, const gwapi__frame *at,
                              const gwapi__node *version)
{
    const gwapi__node *warning = GWAPI__GET(version, "deprecationWarning");
    gwapi__frame frame = gwapi__crd_at(at, version, "deprecationWarning");
    const char *complaint = NULL;

    if (warning == NULL)
        return;
    gwapi_str text = warning->as.string;
    if (!gwapi__crd_flag(version, "deprecated"))
        complaint = "only a deprecated version has a warning";
    else if (text.len == 0 || text.len > LONGEST_WARNING)
        complaint = "must have between 1 and 256 bytes";
    else if (!gwapi__all_printable(text))
        complaint = "must have printable characters only";
    if (complaint != NULL)
        gwapi__crd_fault(j, &frame, warning, GWAPI_ERROR_INVALID, "crd/version", "%s",
                         complaint);
}

static void check_version(gwapi__judgement *j, const gwapi__frame *at,
                          const gwapi__node *version)
{
    const gwapi__node *name = GWAPI__GET(version, "name");
    gwapi__frame frame = gwapi__crd_at(at, version, "name");

    if (name != NULL)
        must(j, &frame, name, "crd/version", gwapi__name_dns_1035_label(name->as.string));
    else
        gwapi__crd_fault(j, &frame, NULL, GWAPI_ERROR_INVALID, "crd/version",
                         "a version needs a name");
    check_deprecation(j, at, version);
}

static const gwapi__node *first_stored(const gwapi__node *versions)
{
    for (uint32_t i = 0; i < gwapi__crd_count(versions); i++)
        if (gwapi__crd_flag(versions->as.list.items[i], "storage"))
            return versions->as.list.items[i];
    return NULL;
}

/* The status of a new definition names the first storage version, and must name every one: once,
 * so that a second version of that name is not in it. */
static void check_stored(gwapi__judgement *j, const gwapi__frame *at, const gwapi__frame *spec_at,
                         const gwapi__node *versions)
{
    gwapi__frame status = gwapi__frame_missing(at, GWAPI__STR("status"));
    gwapi__frame versions_at = gwapi__frame_missing(spec_at, GWAPI__STR("versions"));
    gwapi__frame frame = gwapi__crd_renamed(j, &versions_at, &status, "storedVersions");
    const gwapi__node *first = first_stored(versions);
    gwapi_str stored = gwapi__node_get_str(first, GWAPI__STR("name"));
    bool met = false;

    if (first == NULL)
        gwapi__crd_fault(j, &frame, NULL, GWAPI_ERROR_INVALID, "crd/storage",
                         "no version is stored");
    for (uint32_t i = 0; first != NULL && i < gwapi__crd_count(versions); i++) {
        const gwapi__node *version = versions->as.list.items[i];
        gwapi_str name = gwapi__node_get_str(version, GWAPI__STR("name"));
        bool named = !met && gwapi__str_eq(name, stored);
        if (gwapi__crd_flag(version, "storage") && !named)
            gwapi__crd_fault(j, &frame, version, GWAPI_ERROR_INVALID, "crd/storage",
                             "%q cannot be a storage version beside %q", name, stored);
        met = met || named;
    }
}

static void check_version_list(gwapi__judgement *j, const gwapi__frame *at,
                               const gwapi__frame *root_at, const gwapi__node *spec)
{
    const gwapi__node *versions = GWAPI__GET(spec, "versions");
    const gwapi_str *texts = gwapi__crd_texts(j, versions, "name");
    const bool *repeats =
        texts != NULL ? gwapi__crd_repeats(j, texts, gwapi__crd_count(versions)) : NULL;
    gwapi__frame frame = gwapi__crd_at(at, spec, "versions");
    uint32_t storage = 0;

    for (uint32_t i = 0; i < gwapi__crd_count(versions); i++) {
        const gwapi__node *version = versions->as.list.items[i];
        gwapi__frame item = gwapi__frame_item(&frame, versions, i);
        check_version(j, &item, version);
        storage += gwapi__crd_flag(version, "storage");
        if (repeats != NULL && repeats[i])
            gwapi__crd_fault(j, &frame, version, GWAPI_ERROR_INVALID, "crd/version",
                             "two versions have the name %q",
                             gwapi__node_get_str(version, GWAPI__STR("name")));
    }
    if (storage != 1)
        gwapi__crd_fault(j, &frame, versions, GWAPI_ERROR_INVALID, "crd/storage",
                         "exactly one version must have storage: true, not %u",
                         (uint64_t)storage);
    check_stored(j, root_at, at, versions);
}

/* The first version's name is kept a second time. */
static void check_first_version(gwapi__judgement *j, const gwapi__frame *at,
                                const gwapi__node *spec)
{
    const gwapi__node *versions = GWAPI__GET(spec, "versions");
    const gwapi__node *name =
        gwapi__crd_count(versions) != 0 ? GWAPI__GET(versions->as.list.items[0], "name") : NULL;
    gwapi__frame list = gwapi__crd_at(at, spec, "versions");
    gwapi__frame frame = gwapi__crd_renamed(j, &list, at, "version");

    if (name != NULL)
        must(j, &frame, name, "crd/version", gwapi__name_dns_1035_label(name->as.string));
}

/* ---- conversion ------------------------------------------------------------------------ */

static void check_service_path(gwapi__judgement *j, const gwapi__frame *at,
                               const gwapi__node *path)
{
    gwapi_str text = path->as.string, segment, rest;
    const char *complaint = NULL;

    if (text.len == 0 || gwapi__str_eq(text, GWAPI__STR("/")))
        return;
    if (text.data[0] != '/')
        complaint = "begin with '/'";
    rest = gwapi__str_sub(text, 1, text.len);
    if (rest.len > 1 && rest.data[rest.len - 1] == '/')
        rest.len--;
    for (bool more = true; more && complaint == NULL;) {
        more = gwapi__str_cut(rest, '/', &segment, &rest);
        complaint = segment.len == 0 ? "have no empty segment" : gwapi__name_dns_subdomain(segment);
    }
    must(j, at, path, "crd/conversion", complaint);
}

static void check_service(gwapi__judgement *j, const gwapi__frame *at,
                          const gwapi__node *service)
{
    static const char *const needed[] = {"name", "namespace"};
    const gwapi__node *port = GWAPI__GET(service, "port"), *path = GWAPI__GET(service, "path");

    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
        if (gwapi__node_get(service, gwapi__str_of(needed[i])) == NULL) {
            gwapi__frame frame = gwapi__crd_at(at, service, needed[i]);
            gwapi__crd_fault(j, &frame, NULL, GWAPI_ERROR_REQUIRED, "crd/conversion",
                             "%s is required", needed[i]);
        }
    gwapi__frame port_at = gwapi__crd_at(at, service, "port");
    if (port != NULL && (port->as.integer < 1 || port->as.integer > 65535))
        gwapi__crd_fault(j, &port_at, port, GWAPI_ERROR_INVALID, "crd/conversion",
                         "must be a port from 1 to 65535, not %n", port);
    gwapi__frame path_at = gwapi__crd_at(at, service, "path");
    if (path != NULL)
        check_service_path(j, &path_at, path);
}

static void check_url(gwapi__judgement *j, const gwapi__frame *at, const gwapi__node *node)
{
    const char *complaint = NULL;
    gwapi__uri_fault ignored;
    gwapi__uri url;

    if (!gwapi__uri_parse(&url, node->as.string, &ignored)) {
        gwapi__crd_fault(j, at, node, GWAPI_ERROR_REQUIRED, "crd/conversion",
                         "must be a URL of the form https://host/path");
        return;
    }
    if (!gwapi__str_eq_nocase(url.scheme, GWAPI__STR("https")))
        complaint = "begin with https://";
    else if (url.host.len == 0)
        complaint = "name a host";
    else if (url.has_user || url.query.len != 0 || url.fragment.len != 0)
        complaint = "have no user, query or fragment";
    must(j, at, node, "crd/conversion", complaint);
}

static void check_client(gwapi__judgement *j, const gwapi__frame *at, const gwapi__node *client)
{
    const gwapi__node *url = GWAPI__GET(client, "url"), *service = GWAPI__GET(client, "service");
    gwapi__frame url_at = gwapi__crd_at(at, client, "url");
    gwapi__frame service_at = gwapi__crd_at(at, client, "service");

    if ((url == NULL) == (service == NULL))
        gwapi__crd_fault(j, at, client, GWAPI_ERROR_REQUIRED, "crd/conversion",
                         "either url or service is required, not %s",
                         url != NULL ? "both" : "neither");
    else if (url != NULL)
        check_url(j, &url_at, url);
    else
        check_service(j, &service_at, service);
}

static void check_review_versions(gwapi__judgement *j, const gwapi__frame *at,
                                  const gwapi__node *list)
{
    const gwapi_str *texts = gwapi__crd_texts(j, list, NULL);
    const bool *repeats =
        texts != NULL ? gwapi__crd_repeats(j, texts, gwapi__crd_count(list)) : NULL;
    bool known = false;

    if (gwapi__crd_count(list) == 0) {
        gwapi__crd_fault(j, at, NULL, GWAPI_ERROR_REQUIRED, "crd/conversion",
                         "conversionReviewVersions is required\nusually [v1]");
        return;
    }
    for (uint32_t i = 0; i < list->as.list.count; i++) {
        const gwapi__node *item = list->as.list.items[i];
        gwapi__frame frame = gwapi__frame_item(at, list, i);
        if (repeats != NULL && repeats[i])
            gwapi__crd_fault(j, &frame, item, GWAPI_ERROR_INVALID, "crd/conversion",
                             "%q is listed twice", item->as.string);
        else
            must(j, &frame, item, "crd/conversion", gwapi__name_dns_1035_label(item->as.string));
        known = known || gwapi__str_eq(item->as.string, GWAPI__STR("v1")) ||
                gwapi__str_eq(item->as.string, GWAPI__STR("v1beta1"));
    }
    if (!known)
        gwapi__crd_fault(j, at, list, GWAPI_ERROR_INVALID, "crd/conversion",
                         "must have v1 or v1beta1 among them");
}

static void check_webhook(gwapi__judgement *j, const gwapi__frame *at,
                          const gwapi__node *conversion, bool wanted)
{
    const gwapi__node *webhook = GWAPI__GET(conversion, "webhook");
    const gwapi__node *client = GWAPI__GET(webhook, "clientConfig");
    const gwapi__node *reviews = GWAPI__GET(webhook, "conversionReviewVersions");
    gwapi__frame webhook_at = gwapi__crd_at(at, conversion, "webhook");
    gwapi__frame real_client = gwapi__crd_at(&webhook_at, webhook, "clientConfig");
    gwapi__frame client_at = gwapi__crd_renamed(j, &real_client, at, "webhookClientConfig");
    gwapi__frame real_reviews = gwapi__crd_at(&webhook_at, webhook, "conversionReviewVersions");
    gwapi__frame reviews_at =
        gwapi__crd_renamed(j, &real_reviews, at, "conversionReviewVersions");

    if (wanted) {
        if (client == NULL)
            gwapi__crd_fault(j, &client_at, NULL, GWAPI_ERROR_REQUIRED, "crd/conversion",
                             "strategy Webhook needs webhook.clientConfig");
        else
            check_client(j, &client_at, client);
        check_review_versions(j, &reviews_at, reviews);
        return;
    }
    if (client != NULL)
        gwapi__crd_fault(j, &client_at, NULL, GWAPI_ERROR_FORBIDDEN, "crd/conversion",
                         "only strategy Webhook has a webhook");
    if (gwapi__crd_count(reviews) != 0)
        gwapi__crd_fault(j, &reviews_at, NULL, GWAPI_ERROR_FORBIDDEN, "crd/conversion",
                         "only strategy Webhook has conversionReviewVersions");
}

static void check_conversion(gwapi__judgement *j, const gwapi__frame *at,
                             const gwapi__node *spec)
{
    const gwapi__node *conversion = GWAPI__GET(spec, "conversion");
    const gwapi__node *strategy = GWAPI__GET(conversion, "strategy");
    gwapi__frame frame = gwapi__crd_at(at, spec, "conversion");
    gwapi__frame strategy_at = gwapi__crd_at(&frame, conversion, "strategy");
    gwapi_str text = gwapi__node_get_str(conversion, GWAPI__STR("strategy"));
    bool none = gwapi__str_eq(text, GWAPI__STR("None"));
    bool webhook = gwapi__str_eq(text, GWAPI__STR("Webhook"));

    if (conversion == NULL)
        return;
    if (!none && gwapi__crd_flag(spec, "preserveUnknownFields"))
        gwapi__crd_fault(j, &strategy_at, strategy, GWAPI_ERROR_INVALID, "crd/conversion",
                         "must be None where preserveUnknownFields is true");
    if (strategy == NULL)
        gwapi__crd_fault(j, &strategy_at, NULL, GWAPI_ERROR_REQUIRED, "crd/conversion",
                         "strategy is required: None or Webhook");
    else if (!none && !webhook)
        gwapi__crd_fault(j, &strategy_at, strategy, GWAPI_ERROR_NOT_SUPPORTED, "crd/conversion",
                         "must be None or Webhook, not %n", strategy);
    check_webhook(j, &frame, conversion, webhook);
}

/* ---- the whole ------------------------------------------------------------------------- */

void gwapi__crd_check(gwapi__judgement *j, const gwapi__frame *at, const gwapi__node *root)
{
    const gwapi__node *spec = GWAPI__GET(root, "spec");
    gwapi__frame spec_at = gwapi__crd_at(at, root, "spec");
    gwapi__frame preserve = gwapi__crd_at(&spec_at, spec, "preserveUnknownFields");

    check_name(j, at, root);
    check_approval(j, at, root);
    check_group(j, &spec_at, spec);
    check_scope(j, &spec_at, spec);
    check_names(j, &spec_at, spec);
    check_version_list(j, &spec_at, at, spec);
    check_first_version(j, &spec_at, spec);
    check_conversion(j, &spec_at, spec);
    if (gwapi__crd_flag(spec, "preserveUnknownFields"))
        gwapi__crd_fault(j, &preserve, GWAPI__GET(spec, "preserveUnknownFields"),
                         GWAPI_ERROR_INVALID, "crd/preserve-unknown-fields",
                         "must not be true\n"
                         "set x-kubernetes-preserve-unknown-fields: true where a schema needs it");
}
