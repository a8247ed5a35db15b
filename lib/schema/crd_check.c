/* What a definition says besides schemas: its name, group, names, scope and versions. */
#include "cel/uri.h"
#include "schema/crd_judge.h"
#include "schema/names.h"

#define LONGEST_WARNING 256 /* bytes */

/* ---- names ----------------------------------------------------------------------------- */

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
        gwapi__crd_must(j, &frame, value, "crd/names", n->form(value->as.string));
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
        gwapi__crd_must(j, &item_at, item, "crd/names",
                        gwapi__name_dns_1035_label(item->as.string));
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
        gwapi__crd_must(j, &singular, kind, "crd/names", any_case_label(kind->as.string));
    gwapi__frame list_at = gwapi__crd_at(&frame, names, "listKind");
    if (kind != NULL && list == NULL)
        gwapi__crd_must(j, &list_at, kind, "crd/names", list_label(kind->as.string));
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
    gwapi__crd_must(j, &frame, group, "crd/group", complaint);
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
           (gwapi__uri_parse_request(&url, text, &ignored) && url.scheme.len != 0 &&
            url.host.len != 0);
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
        gwapi__crd_must(j, &frame, name, "crd/version",
                        gwapi__name_dns_1035_label(name->as.string));
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

/* The status of a new definition names the first storage version, and must name every one:
 * once, so that a second version of that name is not in it. */
static void check_stored(gwapi__judgement *j, const gwapi__frame *at,
                         const gwapi__frame *spec_at, const gwapi__node *versions)
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
    const bool *repeats = gwapi__crd_repeats(j, texts, gwapi__crd_count(versions));
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
        gwapi__crd_must(j, &frame, name, "crd/version",
                        gwapi__name_dns_1035_label(name->as.string));
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
    gwapi__crd_check_conversion(j, &spec_at, spec);
    if (gwapi__crd_flag(spec, "preserveUnknownFields"))
        gwapi__crd_fault(
            j, &preserve, GWAPI__GET(spec, "preserveUnknownFields"), GWAPI_ERROR_INVALID,
            "crd/preserve-unknown-fields",
            "must not be true\n"
            "set x-kubernetes-preserve-unknown-fields: true where a schema needs it");
}
