/*
 * Rules for metadata: k8s.io/apimachinery pkg/api/validation (objectmeta.go) and
 * pkg/apis/meta/v1/validation, in a create or update request.
 */
#include "base/slice.h"
#include "base/utf8.h"
#include "schema/judgement.h"
#include "schema/names.h"

#define ANNOTATION_BYTES ((size_t)256 * 1024)
#define MANAGER_BYTES 128
#define SUBRESOURCE_BYTES 256
#define GENERATED_BASE 58 /* bytes of generateName that a generated name keeps */

/* The metadata under examination. */
typedef struct subject {
    gwapi__judgement *j;
    const gwapi__frame *at;  /* of metadata */
    const gwapi__node *meta; /* a decoded map; NULL: none was written */
} subject;

static gwapi_str text_of(const subject *s, const char *name)
{
    return gwapi__node_get_str(s->meta, gwapi__str_of(name));
}

static gwapi__frame frame_of(const gwapi__frame *at, const gwapi__node *map, const char *name)
{
    const gwapi__field *field = gwapi__node_field(map, gwapi__str_of(name));

    return field != NULL ? gwapi__frame_field(at, field)
                         : gwapi__frame_missing(at, gwapi__str_of(name));
}

/* Reports at a frame; `place` line 0: the frame's. */
static void report(gwapi__judgement *j, const gwapi__frame *at, gwapi__place place,
                   gwapi_error_type type, const char *rule)
{
    gwapi__judge_report(
        j, &(gwapi__finding){
               .type = type, .rule = rule, .at = at, .place = place, .brackets = true});
}

static gwapi__place place_of(const gwapi__node *node)
{
    return node != NULL ? node->place : (gwapi__place){0, 0};
}

/* "X must …" at a member of metadata, if there is something it must. */
static void check_name(const subject *s, const char *member, gwapi_str value,
                       const char *complaint, const char *rule)
{
    if (complaint == NULL || !gwapi__judge_error(s->j, GWAPI_ERROR_INVALID))
        return;
    gwapi__frame at = frame_of(s->at, s->meta, member);
    gwapi__say(&s->j->message, "%q must %s", value, complaint);
    report(s->j, &at, place_of(gwapi__node_get(s->meta, gwapi__str_of(member))),
           GWAPI_ERROR_INVALID, rule);
}

/* ---- names ----------------------------------------------------------------------------- */

typedef const char *(*name_form)(gwapi_str name, bool prefix);

/* As a prefix, a last '-' and the character before it count as a letter: the server cuts both. */
static const char *dns_subdomain(gwapi_str name, bool prefix)
{
    char masked[256];

    if (!prefix || name.len < 2 || name.data[name.len - 1] != '-' || name.len > 255)
        return gwapi__name_dns_subdomain(name);
    memcpy(masked, name.data, name.len - 2);
    masked[name.len - 2] = 'a';
    return gwapi__name_dns_subdomain(gwapi__str(masked, name.len - 1));
}

static void check_generated(const subject *s, gwapi_str base, name_form form)
{
    char name[GENERATED_BASE + 5];
    size_t kept = base.len < GENERATED_BASE ? base.len : GENERATED_BASE;

    memcpy(name, base.data, kept);
    memcpy(name + kept, "xxxxx", 5);
    const char *complaint = form(gwapi__str(name, kept + 5), false);
    if (complaint == NULL || !gwapi__judge_error(s->j, GWAPI_ERROR_INVALID))
        return;
    gwapi__frame at = frame_of(s->at, s->meta, "name");
    gwapi__say(&s->j->message, "the name made from generateName must %s", complaint);
    report(s->j, &at, place_of(gwapi__node_get(s->meta, GWAPI__STR("generateName"))),
           GWAPI_ERROR_INVALID, "meta/generate-name");
}

static void require(const subject *s, const char *member, const char *rule, const char *text)
{
    if (!gwapi__judge_error(s->j, GWAPI_ERROR_REQUIRED))
        return;
    gwapi__frame at = frame_of(s->at, s->meta, member);
    gwapi__say(&s->j->message, "%s", text);
    report(s->j, &at, (gwapi__place){0, 0}, GWAPI_ERROR_REQUIRED, rule);
}

static void check_names(const subject *s, name_form form, bool generate)
{
    gwapi_str name = text_of(s, "name"), base = text_of(s, "generateName");

    if (base.len != 0)
        check_name(s, "generateName", base, form(base, true), "meta/generate-name");
    if (name.len != 0)
        check_name(s, "name", name, form(name, false), "meta/name");
    else if (base.len != 0 && generate)
        check_generated(s, base, form);
    else
        require(s, "name", "meta/name", "a name is required, or generateName");
}

static void check_namespace(const subject *s, bool required)
{
    gwapi_str name = text_of(s, "namespace");

    if (name.len != 0)
        check_name(s, "namespace", name, gwapi__name_dns_label(name), "meta/namespace");
    else if (required)
        require(s, "namespace", "meta/namespace", "a namespace is required");
}

/* ---- labels and annotations ------------------------------------------------------------ */

/* A complaint about a key or value, at the map: the server names no key. */
static void entry_error(const subject *s, const char *member, const gwapi__field *entry,
                        bool value, const char *complaint)
{
    if (complaint == NULL || !gwapi__judge_error(s->j, GWAPI_ERROR_INVALID))
        return;
    gwapi__frame at = frame_of(s->at, s->meta, member);
    gwapi_str text = value ? entry->value->as.string : entry->name;
    gwapi__say(&s->j->message, "the %s %q must %s", value ? "value" : "key", text, complaint);
    report(s->j, &at, value ? entry->value->place : entry->place, GWAPI_ERROR_INVALID,
           value ? "meta/label-value" : "meta/key");
}

static void check_labels(const subject *s)
{
    const gwapi__node *labels = gwapi__node_get(s->meta, GWAPI__STR("labels"));

    for (uint32_t i = 0; labels != NULL && i < labels->as.map.count; i++) {
        const gwapi__field *entry = &labels->as.map.fields[i];
        entry_error(s, "labels", entry, false, gwapi__name_qualified(entry->name));
        entry_error(s, "labels", entry, true, gwapi__name_label_value(entry->value->as.string));
    }
}

/* Keys of annotations are judged in lower case, as Go makes it: two letters beyond ASCII have a
 * lower case within. */
static const char *annotation_key(gwapi__judgement *j, gwapi_str key)
{
    uint32_t rune;
    size_t step;

    gwapi__text_cut(&j->path, 0);
    for (size_t i = 0; i < key.len; i += step) {
        gwapi__utf8_step(gwapi__str_sub(key, i, key.len), &rune, &step);
        if (rune < 0x80)
            gwapi__text_char(&j->path, gwapi__lower(key.data[i]));
        else
            gwapi__text_rune(&j->path, rune == 0x212a ? 'k' : rune == 0x130 ? 'i' : rune);
    }
    if (j->path.failed)
        gwapi__judge_fail(j, GWAPI_ENOMEM);
    return gwapi__name_qualified(gwapi__text_str(&j->path));
}

static void check_annotations(const subject *s)
{
    const gwapi__node *annotations = gwapi__node_get(s->meta, GWAPI__STR("annotations"));
    size_t size = 0;

    for (uint32_t i = 0; annotations != NULL && i < annotations->as.map.count; i++) {
        const gwapi__field *entry = &annotations->as.map.fields[i];
        entry_error(s, "annotations", entry, false, annotation_key(s->j, entry->name));
        size += entry->name.len + entry->value->as.string.len;
    }
    if (size <= ANNOTATION_BYTES || !gwapi__judge_error(s->j, GWAPI_ERROR_TOO_LONG))
        return;
    gwapi__frame at = frame_of(s->at, s->meta, "annotations");
    gwapi__say(&s->j->message, "keys and values have %u bytes together, at most %u are allowed",
               (uint64_t)size, (uint64_t)ANNOTATION_BYTES);
    report(s->j, &at, (gwapi__place){0, 0}, GWAPI_ERROR_TOO_LONG, "meta/annotations-size");
}

/* ---- owners ---------------------------------------------------------------------------- */

static size_t count_char(gwapi_str s, char c)
{
    size_t n = 0;

    for (size_t i = 0; i < s.len; i++)
        n += s.data[i] == c;
    return n;
}

/* The version of an apiVersion, "" if it has none or is none. */
static gwapi_str version_of(gwapi_str api_version)
{
    gwapi_str group, version;

    if (gwapi__str_eq(api_version, GWAPI__STR("/")) || count_char(api_version, '/') > 1)
        return gwapi__str("", 0);
    return gwapi__str_cut(api_version, '/', &group, &version) ? version : api_version;
}

/* The server leaves the index out of these paths. */
static void owner_error(const subject *s, const gwapi__node *owner, const char *member,
                        const char *text)
{
    gwapi__frame owners = frame_of(s->at, s->meta, "ownerReferences");
    gwapi__frame field = gwapi__frame_missing(&owners, gwapi__str_of(member));

    if (!gwapi__judge_error(s->j, GWAPI_ERROR_INVALID))
        return;
    gwapi__say(&s->j->message, "%s", text);
    report(s->j, member[0] != '\0' ? &field : &owners, place_of(owner), GWAPI_ERROR_INVALID,
           "meta/owner");
}

static void check_owner(const subject *s, const gwapi__node *owner)
{
    gwapi_str api_version = gwapi__node_get_str(owner, GWAPI__STR("apiVersion"));
    gwapi_str kind = gwapi__node_get_str(owner, GWAPI__STR("kind"));

    if (version_of(api_version).len == 0)
        owner_error(s, owner, "apiVersion", "an owner's apiVersion must have a version");
    if (kind.len == 0)
        owner_error(s, owner, "kind", "an owner's kind must not be empty");
    if (gwapi__node_get_str(owner, GWAPI__STR("name")).len == 0)
        owner_error(s, owner, "name", "an owner's name must not be empty");
    if (gwapi__node_get_str(owner, GWAPI__STR("uid")).len == 0)
        owner_error(s, owner, "uid", "an owner's uid must not be empty");
    if (gwapi__str_eq(api_version, GWAPI__STR("v1")) && gwapi__str_eq(kind, GWAPI__STR("Event")))
        owner_error(s, owner, "", "an Event cannot own an object");
}

static void check_owners(const subject *s)
{
    const gwapi__node *owners = gwapi__node_get(s->meta, GWAPI__STR("ownerReferences"));
    bool controlled = false;

    for (uint32_t i = 0; owners != NULL && i < owners->as.list.count; i++) {
        const gwapi__node *owner = owners->as.list.items[i];
        const gwapi__node *controller = gwapi__node_get(owner, GWAPI__STR("controller"));
        check_owner(s, owner);
        if (controller == NULL || !controller->as.boolean)
            continue;
        if (controlled)
            owner_error(s, owner, "", "only one owner can be the controller");
        controlled = true;
    }
}

/* ---- finalizers and managed fields ----------------------------------------------------- */

static void finalizer_error(const subject *s, gwapi__place place, gwapi_error_type type,
                            const char *text, gwapi_str name)
{
    gwapi__frame at = frame_of(s->at, s->meta, "finalizers");

    if (!gwapi__judge_error(s->j, type))
        return;
    if (name.data != NULL)
        gwapi__say(&s->j->message, "the finalizer %q must %s", name, text);
    else
        gwapi__say(&s->j->message, "%s", text);
    report(s->j, &at, place, type, "meta/finalizer");
}

static void check_finalizers(const subject *s)
{
    const gwapi__node *list = gwapi__node_get(s->meta, GWAPI__STR("finalizers"));
    bool orphan = false, foreground = false;

    for (uint32_t i = 0; list != NULL && i < list->as.list.count; i++) {
        const gwapi__node *item = list->as.list.items[i];
        const char *complaint = gwapi__name_qualified(item->as.string);
        if (complaint != NULL)
            finalizer_error(s, item->place, GWAPI_ERROR_INVALID, complaint, item->as.string);
        orphan = orphan || gwapi__str_eq(item->as.string, GWAPI__STR("orphan"));
        foreground =
            foreground || gwapi__str_eq(item->as.string, GWAPI__STR("foregroundDeletion"));
    }
    if (orphan && foreground)
        finalizer_error(s, list->place, GWAPI_ERROR_INVALID,
                        "orphan and foregroundDeletion exclude each other",
                        (gwapi_str){NULL, 0});
}

static void managed_error(const subject *s, const gwapi__frame *entry, const gwapi__node *node,
                          const char *member, gwapi_error_type type, const char *text)
{
    gwapi__frame at = frame_of(entry, node, member);

    if (!gwapi__judge_error(s->j, type))
        return;
    gwapi__say(&s->j->message, "%s", text);
    report(s->j, &at, place_of(gwapi__node_get(node, gwapi__str_of(member))), type,
           "meta/managed-fields");
}

static void check_managed_entry(const subject *s, const gwapi__frame *at,
                                const gwapi__node *node)
{
    gwapi_str operation = gwapi__node_get_str(node, GWAPI__STR("operation"));
    gwapi_str type = gwapi__node_get_str(node, GWAPI__STR("fieldsType"));
    gwapi_str manager = gwapi__node_get_str(node, GWAPI__STR("manager"));

    if (!gwapi__str_eq(operation, GWAPI__STR("Apply")) &&
        !gwapi__str_eq(operation, GWAPI__STR("Update")))
        managed_error(s, at, node, "operation", GWAPI_ERROR_INVALID, "must be Apply or Update");
    if (type.len != 0 && !gwapi__str_eq(type, GWAPI__STR("FieldsV1")))
        managed_error(s, at, node, "fieldsType", GWAPI_ERROR_INVALID, "must be FieldsV1");
    if (manager.len > MANAGER_BYTES)
        managed_error(s, at, node, "manager", GWAPI_ERROR_TOO_LONG,
                      "must have at most 128 bytes");
    if (!gwapi__all_printable(manager))
        managed_error(s, at, node, "manager", GWAPI_ERROR_INVALID,
                      "must have printable characters only");
    if (gwapi__node_get_str(node, GWAPI__STR("subresource")).len > SUBRESOURCE_BYTES)
        managed_error(s, at, node, "subresource", GWAPI_ERROR_TOO_LONG,
                      "must have at most 256 bytes");
}

static void check_managed(const subject *s)
{
    const gwapi__node *list = gwapi__node_get(s->meta, GWAPI__STR("managedFields"));
    gwapi__frame at = frame_of(s->at, s->meta, "managedFields");

    for (uint32_t i = 0; list != NULL && i < list->as.list.count; i++) {
        gwapi__frame entry = gwapi__frame_item(&at, list, i);
        check_managed_entry(s, &entry, list->as.list.items[i]);
    }
}

static void check_common(const subject *s)
{
    check_labels(s);
    check_annotations(s);
    check_owners(s);
    check_finalizers(s);
    check_managed(s);
}

/* ---- a new object ---------------------------------------------------------------------- */

static gwapi__frame meta_frame(const gwapi__frame *at, const gwapi__node *object)
{
    return frame_of(at, object, "metadata");
}

void gwapi__meta_check(gwapi__judgement *j, const gwapi__frame *at, const gwapi__node *root)
{
    gwapi__frame frame = meta_frame(at, root);
    subject s = {j, &frame, gwapi__node_get(root, GWAPI__STR("metadata"))};

    check_names(&s, dns_subdomain, true);
    check_namespace(&s, j->kind->info.namespaced);
    check_common(&s);
}

/* generateName is looked at once more, but only in an object that is right otherwise. */
void gwapi__meta_check_last(gwapi__judgement *j, const gwapi__frame *at,
                            const gwapi__node *root)
{
    gwapi__frame frame = meta_frame(at, root);
    subject s = {j, &frame, gwapi__node_get(root, GWAPI__STR("metadata"))};
    gwapi_str base = text_of(&s, "generateName");

    check_name(&s, "generateName", base, gwapi__name_path_segment(base, true),
               "meta/generate-name");
}

/* ---- an update ------------------------------------------------------------------------- */

static void immutable(const subject *s, const char *member, const char *rule)
{
    gwapi__frame at = frame_of(s->at, s->meta, member);

    if (!gwapi__judge_error(s->j, GWAPI_ERROR_INVALID))
        return;
    gwapi__say(&s->j->message, "%s cannot be changed", member);
    report(s->j, &at, place_of(gwapi__node_get(s->meta, gwapi__str_of(member))),
           GWAPI_ERROR_INVALID, rule);
}

static bool has_finalizer(const gwapi__node *old, gwapi_str name)
{
    const gwapi__node *list = gwapi__node_get(old, GWAPI__STR("finalizers"));

    for (uint32_t i = 0; list != NULL && i < list->as.list.count; i++)
        if (gwapi__str_eq(list->as.list.items[i]->as.string, name))
            return true;
    return false;
}

static void check_no_new_finalizers(const subject *s, const gwapi__node *old)
{
    const gwapi__node *list = gwapi__node_get(s->meta, GWAPI__STR("finalizers"));

    for (uint32_t i = 0; list != NULL && i < list->as.list.count; i++)
        if (!has_finalizer(old, list->as.list.items[i]->as.string)) {
            finalizer_error(s, list->as.list.items[i]->place, GWAPI_ERROR_FORBIDDEN,
                            "an object that is being deleted cannot get new finalizers",
                            (gwapi_str){NULL, 0});
            return;
        }
}

/* What the client left out is taken over from the old object, so only what it wrote counts. */
static void check_immutable(const subject *s, const gwapi__node *old)
{
    const gwapi_str grace = GWAPI__STR("deletionGracePeriodSeconds");
    const gwapi__node *after = gwapi__node_get(s->meta, grace);
    const gwapi__node *before = gwapi__node_get(old, grace);
    gwapi_str uid = text_of(s, "uid");

    if (!gwapi__str_eq(text_of(s, "name"), gwapi__node_get_str(old, GWAPI__STR("name"))))
        immutable(s, "name", "meta/immutable-name");
    if (uid.len != 0 && !gwapi__str_eq(uid, gwapi__node_get_str(old, GWAPI__STR("uid"))))
        immutable(s, "uid", "meta/immutable-uid");
    if (gwapi__node_field(old, GWAPI__STR("deletionTimestamp")) == NULL &&
        gwapi__node_field(s->meta, GWAPI__STR("deletionTimestamp")) != NULL)
        immutable(s, "deletionTimestamp", "meta/immutable-deletion");
    if (after != NULL && (before == NULL || !gwapi__node_equal(after, before)))
        immutable(s, "deletionGracePeriodSeconds", "meta/immutable-deletion");
}

/* An object keeps the generation it had, whatever the new text says. */
static void check_generation(const subject *s, const gwapi__node *old)
{
    const gwapi__node *generation = gwapi__node_get(old, GWAPI__STR("generation"));
    gwapi__frame frame = frame_of(s->at, s->meta, "generation");

    if (generation == NULL || generation->as.integer >= 0 ||
        !gwapi__judge_error(s->j, GWAPI_ERROR_INVALID))
        return;
    gwapi__say(&s->j->message, "the earlier object has the generation %i, which is negative",
               generation->as.integer);
    report(s->j, &frame, (gwapi__place){0, 0}, GWAPI_ERROR_INVALID, "meta/generation");
}

void gwapi__meta_check_update(gwapi__judgement *j, const gwapi__frame *at,
                              const gwapi__node *root, const gwapi__node *old_root)
{
    gwapi__frame frame = meta_frame(at, root);
    subject s = {j, &frame, gwapi__node_get(root, GWAPI__STR("metadata"))};
    const gwapi__node *old = gwapi__node_get(old_root, GWAPI__STR("metadata"));
    bool blocked = j->blocked;

    if (!gwapi__str_eq(text_of(&s, "namespace"),
                       gwapi__node_get_str(old, GWAPI__STR("namespace")))) {
        j->undecodable = true; /* the server refuses it before it looks further */
        immutable(&s, "namespace", "meta/immutable-namespace");
        return;
    }
    check_names(&s, gwapi__name_path_segment, false);
    j->blocked = blocked; /* judged apart from what decides that */
    check_namespace(&s, j->kind->info.namespaced);
    if (gwapi__node_field(old, GWAPI__STR("deletionTimestamp")) != NULL)
        check_no_new_finalizers(&s, old);
    check_immutable(&s, old);
    check_generation(&s, old);
    check_common(&s);
}

/* ---- embedded objects ------------------------------------------------------------------ */

static void embedded_error(gwapi__judgement *j, const gwapi__frame *at, const gwapi__node *node,
                           const char *member, gwapi_error_type type, const char *text)
{
    gwapi__frame frame = frame_of(at, node, member);

    if (!gwapi__judge_error(j, type))
        return;
    gwapi__say(&j->message, "%s", text);
    report(j, &frame, place_of(gwapi__node_get(node, gwapi__str_of(member))), type,
           "meta/embedded");
}

static void check_type_meta(gwapi__judgement *j, const gwapi__frame *at,
                            const gwapi__node *node)
{
    gwapi_str api_version = gwapi__node_get_str(node, GWAPI__STR("apiVersion"));
    gwapi_str kind = gwapi__node_get_str(node, GWAPI__STR("kind"));

    if (gwapi__node_field(node, GWAPI__STR("apiVersion")) == NULL)
        embedded_error(j, at, node, "apiVersion", GWAPI_ERROR_REQUIRED, "apiVersion is required");
    else if (api_version.len == 0 || count_char(api_version, '/') > 1)
        embedded_error(j, at, node, "apiVersion", GWAPI_ERROR_INVALID,
                       "must be a version, or a group, '/' and a version");
    if (gwapi__node_field(node, GWAPI__STR("kind")) == NULL)
        embedded_error(j, at, node, "kind", GWAPI_ERROR_REQUIRED, "kind is required");
    else if (kind.len == 0) {
        embedded_error(j, at, node, "kind", GWAPI_ERROR_INVALID, "must not be empty");
    } else {
        char lower[64];
        size_t n = kind.len < sizeof lower ? kind.len : sizeof lower;
        for (size_t i = 0; i < n; i++)
            lower[i] = gwapi__lower(kind.data[i]);
        if (gwapi__name_dns_1035_label(gwapi__str(lower, n)) != NULL)
            embedded_error(j, at, node, "kind", GWAPI_ERROR_INVALID,
                           "must consist of letters, digits and '-', and begin with a letter");
    }
}

static void check_embedded(gwapi__judgement *j, const gwapi__frame *at, const gwapi__node *node)
{
    gwapi__frame frame = meta_frame(at, node);
    subject s = {j, &frame, gwapi__node_get(node, GWAPI__STR("metadata"))};

    check_type_meta(j, at, node);
    if (s.meta == NULL)
        return;
    gwapi_str name = text_of(&s, "name"), base = text_of(&s, "generateName");
    check_name(&s, "name", name, gwapi__name_path_segment(name, false), "meta/name");
    check_name(&s, "generateName", base, gwapi__name_path_segment(base, true),
               "meta/generate-name");
    check_namespace(&s, false);
    check_common(&s);
}

void gwapi__embedded_check(gwapi__judgement *j, const gwapi__frame *at, const gwapi__node *node,
                           const gwapi__schema_node *schema)
{
    if (!schema->has_embedded)
        return;
    if (node->type == GWAPI__NODE_LIST && schema->items != NULL)
        for (uint32_t i = 0; i < node->as.list.count; i++) {
            gwapi__frame frame = gwapi__frame_item(at, node, i);
            gwapi__embedded_check(j, &frame, node->as.list.items[i], schema->items);
        }
    if (node->type != GWAPI__NODE_MAP)
        return;
    if (schema->embedded)
        check_embedded(j, at, node);
    for (uint32_t i = 0; i < node->as.map.count; i++) {
        const gwapi__field *field = &node->as.map.fields[i];
        const gwapi__property *p = gwapi__schema_property(schema, field->name);
        const gwapi__schema_node *member = p != NULL ? p->node : schema->additional;
        if (member == NULL)
            continue;
        gwapi__frame frame =
            p != NULL ? gwapi__frame_field(at, field) : gwapi__frame_key(at, field);
        gwapi__embedded_check(j, &frame, field->value, member);
    }
}
