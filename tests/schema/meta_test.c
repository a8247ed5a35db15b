#include "support.h"
#include "base/time.h"
#include "schema/names.h"
#include "schema/path.h"

typedef struct meta_row {
    const char *label;
    const char *metadata;
    const char *found;
    const char *after; /* the metadata as judged, or NULL */
} meta_row;

/* Within a GatewayClass, which has no namespace, or a ReferenceGrant. */
static void check(const meta_row *rows, size_t count, const char *kind, uint32_t flags)
{
    char text[4096];

    for (size_t i = 0; i < count; i++) {
        judging g;
        judging_init(&g, GWAPI_CHANNEL_STANDARD);
        snprintf(text, sizeof text,
                 "apiVersion: gateway.networking.k8s.io/v1beta1\nkind: %s\nmetadata: %s\n"
                 "spec: {%s}\n",
                 kind, rows[i].metadata,
                 strcmp(kind, "GatewayClass") == 0
                     ? "controllerName: a/b"
                     : "from: [{group: '', kind: A, namespace: m}], to: [{group: '', kind: B}]");
        judging_run(&g, text, NULL, flags);
        cr_expect_str_eq(g.shown.data, rows[i].found, "%s: found %s", rows[i].label,
                         g.shown.data);
        if (rows[i].after != NULL)
            cr_expect(strstr(g.object.data, rows[i].after) != NULL, "%s: now %s", rows[i].label,
                      g.object.data);
        judging_free(&g);
    }
}
#define CHECK(rows, kind, flags) check(rows, sizeof(rows) / sizeof *(rows), kind, flags)

Test(schema_meta, names_are_dns_subdomains)
{
    static const meta_row rows[] = {
        {"a name", "{name: a.b-c}", "", NULL},
        {"upper case", "{name: A}", "Invalid metadata.name", NULL},
        {"none", "{}", "Required metadata.name", NULL},
        {"an empty one", "{name: ''}", "Required metadata.name", NULL},
        {"null", "{name: null}", "Required metadata.name", NULL},
        {"no metadata at all", "null", "Required metadata.name", NULL},
        {"to be generated", "{generateName: a-}", "", NULL},
        {"to be generated, badly", "{generateName: -}",
         "Invalid metadata.generateName; Invalid metadata.name", NULL},
        {"a name beside it", "{name: a, generateName: A}", "Invalid metadata.generateName", NULL},
        {"what the server cuts of it is looked at last", "{name: a, generateName: b%-}",
         "Invalid metadata.generateName", NULL},
        {"a namespace is dropped", "{name: a, namespace: B}", "",
         "\"metadata\":{\"name\":\"a\"}"},
    };
    CHECK(rows, "GatewayClass", 0);
}

Test(schema_meta, namespaces_are_dns_labels)
{
    static const meta_row rows[] = {
        {"given", "{name: a, namespace: b}", "", "\"namespace\":\"b\""},
        {"filled in", "{name: a}", "", "\"metadata\":{\"name\":\"a\",\"namespace\":\"default\"}"},
        {"an empty one is filled in", "{name: a, namespace: ''}", "",
         "\"namespace\":\"default\""},
        {"dots", "{name: a, namespace: b.c}", "Invalid metadata.namespace", NULL},
        {"too long",
         "{name: a, namespace: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx}",
         "Invalid metadata.namespace", NULL},
    };
    CHECK(rows, "ReferenceGrant", 0);
}

Test(schema_meta, labels_annotations_and_finalizers_have_qualified_names)
{
    static const meta_row rows[] = {
        {"labels", "{name: a, labels: {a.b/c: D_e, f: ''}}", "", NULL},
        {"a bad key", "{name: a, labels: {-a: b}}", "Invalid metadata.labels", NULL},
        {"a bad value", "{name: a, labels: {a: -b}}", "Invalid metadata.labels", NULL},
        {"an empty key", "{name: a, labels: {'': b}}", "Invalid metadata.labels", NULL},
        {"an upper-case prefix", "{name: a, labels: {A/b: c}}", "Invalid metadata.labels", NULL},
        {"annotations take it", "{name: a, annotations: {A/b: any thing}}", "", NULL},
        {"a bad annotation", "{name: a, annotations: {a b: c}}", "Invalid metadata.annotations",
         NULL},
        {"two slashes", "{name: a, annotations: {a/b/c: d}}", "Invalid metadata.annotations",
         NULL},
        {"the Kelvin sign is a k", "{name: a, annotations: {\xe2\x84\xaa: c}}", "", NULL},
        {"finalizers", "{name: a, finalizers: [a.b/c, orphan]}", "", NULL},
        {"a bad finalizer", "{name: a, finalizers: [a b]}", "Invalid metadata.finalizers", NULL},
        {"two that exclude each other", "{name: a, finalizers: [orphan, foregroundDeletion]}",
         "Invalid metadata.finalizers", NULL},
        {"null values are empty", "{name: a, labels: {b: null}}", "", "\"labels\":{\"b\":\"\"}"},
        {"empty maps vanish", "{name: a, labels: {}, annotations: null}", "",
         "\"metadata\":{\"name\":\"a\"}"},
    };
    CHECK(rows, "GatewayClass", 0);
}

Test(schema_meta, annotations_have_256_KiB_together)
{
    static const size_t sizes[] = {262143, 262144};
    gwapi__text text;
    judging g;

    for (size_t i = 0; i < 2; i++) {
        judging_init(&g, GWAPI_CHANNEL_STANDARD);
        gwapi__text_init(&text, &g.allocator);
        gwapi__text_addz(&text, "apiVersion: gateway.networking.k8s.io/v1\nkind: GatewayClass\n"
                                "spec: {controllerName: a/b}\nmetadata:\n  name: a\n"
                                "  annotations:\n    k: ");
        gwapi__text_fill(&text, 'v', sizes[i]);
        gwapi__text_addz(&text, "\n");
        gwapi__text_char(&text, '\0');
        judging_run(&g, text.data, NULL, 0);
        cr_expect_str_eq(g.shown.data, i == 0 ? "" : "TooLong metadata.annotations", "%zu", i);
        gwapi__text_free(&text);
        judging_free(&g);
    }
}

Test(schema_meta, owners_and_managed_fields_are_complete)
{
    static const meta_row rows[] = {
        {"an owner", "{name: a, ownerReferences: [{apiVersion: v1, kind: Pod, name: p, uid: u}]}",
         "", NULL},
        {"an empty owner", "{name: a, ownerReferences: [{}]}",
         "Invalid metadata.ownerReferences.apiVersion; Invalid metadata.ownerReferences.kind; "
         "Invalid metadata.ownerReferences.name; Invalid metadata.ownerReferences.uid",
         "[{\"apiVersion\":\"\",\"kind\":\"\",\"name\":\"\",\"uid\":\"\"}]"},
        {"a group without version",
         "{name: a, ownerReferences: [{apiVersion: g/, kind: Pod, name: p, uid: u}]}",
         "Invalid metadata.ownerReferences.apiVersion", NULL},
        {"an event", "{name: a, ownerReferences: [{apiVersion: v1, kind: Event, name: p, uid: u}]}",
         "Invalid metadata.ownerReferences", NULL},
        {"two controllers",
         "{name: a, ownerReferences: [{apiVersion: v1, kind: A, name: p, uid: u, controller: "
         "true}, {apiVersion: v1, kind: A, name: q, uid: v, controller: true}]}",
         "Invalid metadata.ownerReferences", NULL},
        {"managed fields",
         "{name: a, managedFields: [{manager: m, operation: Apply, fieldsType: FieldsV1, "
         "fieldsV1: {f:x: {}}, time: '2025-01-01T01:00:00+01:00'}]}",
         "", "\"time\":\"2025-01-01T00:00:00Z\""},
        {"a bad operation", "{name: a, managedFields: [{operation: Delete}]}",
         "Invalid metadata.managedFields[0].operation", NULL},
        {"a bad type", "{name: a, managedFields: [{operation: Apply, fieldsType: X}]}",
         "Invalid metadata.managedFields[0].fieldsType", NULL},
        {"a manager that cannot be printed",
         "{name: a, managedFields: [{operation: Apply, manager: \"a\\u200b\"}]}",
         "Invalid metadata.managedFields[0].manager", NULL},
    };
    CHECK(rows, "GatewayClass", 0);
}

Test(schema_meta, wrong_types_cannot_be_decoded)
{
    static const meta_row rows[] = {
        {"a list", "[]", "TypeInvalid metadata", NULL},
        {"a number for a name", "{name: 1}", "TypeInvalid metadata.name", NULL},
        {"a list for labels", "{name: a, labels: []}", "TypeInvalid metadata.labels", NULL},
        {"a number for a label", "{name: a, labels: {b: 1}}", "TypeInvalid metadata.labels[b]",
         NULL},
        {"a fraction", "{name: a, generation: 1.5}", "TypeInvalid metadata.generation", NULL},
        {"a number too large", "{name: a, generation: 9223372036854775808}",
         "TypeInvalid metadata.generation", NULL},
        {"text", "{name: a, generation: x}", "TypeInvalid metadata.generation", NULL},
        {"no time", "{name: a, creationTimestamp: now}", "Invalid metadata.creationTimestamp",
         NULL},
        {"an owner that is text", "{name: a, ownerReferences: [x]}",
         "TypeInvalid metadata.ownerReferences[0]", NULL},
        {"nothing else is judged then", "{name: A, generation: x}",
         "TypeInvalid metadata.generation", NULL},
        {"unknown fields", "{name: a, foo: 1, ownerReferences: [{x: y, apiVersion: v1, kind: A, "
                           "name: o, uid: u}]}",
         "Unknown metadata.foo; Unknown metadata.ownerReferences[0].x", NULL},
    };
    CHECK(rows, "GatewayClass", GWAPI__JUDGE_UNKNOWN_WARN);
}

/* A text of `count` letters between what stands around it in a row's metadata. */
static void check_long(const char *label, const char *before, size_t count, const char *after,
                       const char *found)
{
    char text[512], metadata[1024];

    memset(text, 'a', count);
    text[count] = '\0';
    snprintf(metadata, sizeof metadata, "%s%s%s", before, text, after);
    const meta_row row = {label, metadata, found, NULL};
    check(&row, 1, "GatewayClass", 0);
}

Test(schema_meta, long_texts_are_refused)
{
    check_long("a prefix", "{generateName: ", 300, "}", "Invalid metadata.generateName");
    check_long("a prefix with its dash", "{generateName: ", 254, "-}",
               "Invalid metadata.generateName");
    check_long("a label's key", "{name: a, labels: {", 64, ": b}}", "Invalid metadata.labels");
    check_long("a label's value", "{name: a, labels: {b: ", 64, "}}", "Invalid metadata.labels");
    check_long("the prefix of a key", "{name: a, labels: {", 254, "/c: d}}",
               "Invalid metadata.labels");
    check_long("a prefix that fits with its dash", "{generateName: ", 252, "-}", "");
    check_long("a prefix beyond any name", "{generateName: ", 255, "-}",
               "Invalid metadata.generateName");
    check_long("a manager", "{name: a, managedFields: [{operation: Apply, manager: ", 128, "}]}",
               "");
    check_long("a longer one", "{name: a, managedFields: [{operation: Apply, manager: ", 129,
               "}]}", "TooLong metadata.managedFields[0].manager");
    check_long("a subresource", "{name: a, managedFields: [{operation: Apply, subresource: ", 256,
               "}]}", "");
    check_long("a longer one", "{name: a, managedFields: [{operation: Apply, subresource: ", 257,
               "}]}", "TooLong metadata.managedFields[0].subresource");
}

Test(schema_meta, odd_values_are_taken_as_the_server_takes_them)
{
    static const meta_row rows[] = {
        {"nulls for everything",
         "{name: a, labels: null, annotations: null, finalizers: null, ownerReferences: null, "
         "managedFields: null, generation: null, creationTimestamp: null, "
         "deletionGracePeriodSeconds: null, resourceVersion: null}",
         "", "\"metadata\":{\"name\":\"a\""},
        {"a whole number written as a fraction", "{name: a, generation: 1e3}", "",
         "\"generation\":1000"},
        {"a number too small", "{name: a, generation: -1e30}", "TypeInvalid metadata.generation",
         NULL},
        {"finalizers that are text", "{name: a, finalizers: x}",
         "TypeInvalid metadata.finalizers", NULL},
        {"a finalizer that is a number", "{name: a, finalizers: [1]}",
         "TypeInvalid metadata.finalizers[0]", NULL},
        {"a finalizer that is null", "{name: a, finalizers: [null]}",
         "Invalid metadata.finalizers", NULL},
        {"a plain finalizer", "{name: a, finalizers: [plain]}", "", NULL},
        {"both finalizers of the garbage collector",
         "{name: a, finalizers: [orphan, foregroundDeletion]}", "Invalid metadata.finalizers",
         NULL},
        {"one of them", "{name: a, finalizers: [foregroundDeletion]}", "", NULL},
        {"owners that are a map", "{name: a, ownerReferences: {}}",
         "TypeInvalid metadata.ownerReferences", NULL},
        {"a controller that is text",
         "{name: a, ownerReferences: [{apiVersion: v1, kind: A, name: p, uid: u, controller: x}]}",
         "TypeInvalid metadata.ownerReferences[0].controller", NULL},
        {"a controller that is null",
         "{name: a, ownerReferences: [{apiVersion: v1, kind: A, name: p, uid: u, controller: "
         "null}]}",
         "", NULL},
        {"an owner that does not control",
         "{name: a, ownerReferences: [{apiVersion: v1, kind: A, name: p, uid: u, controller: "
         "false}]}",
         "", NULL},
        {"an owner without a version",
         "{name: a, ownerReferences: [{apiVersion: /, kind: A, name: p, uid: u}]}",
         "Invalid metadata.ownerReferences.apiVersion", NULL},
        {"an owner of two groups",
         "{name: a, ownerReferences: [{apiVersion: a/b/c, kind: A, name: p, uid: u}]}",
         "Invalid metadata.ownerReferences.apiVersion", NULL},
        {"a time that is a number", "{name: a, creationTimestamp: 5}",
         "TypeInvalid metadata.creationTimestamp", NULL},
        {"a label that is null", "{name: a, labels: {b: null}}", "", NULL},
        {"a grace period of none", "{name: a, deletionGracePeriodSeconds: 0}", "", NULL},
        {"an update's fields",
         "{name: a, managedFields: [{operation: Update, manager: m, fieldsType: FieldsV1, "
         "fieldsV1: {}}]}",
         "", NULL},
        {"an owner that is blocked by a flag of text",
         "{name: a, ownerReferences: [{apiVersion: v1, kind: A, name: p, uid: u, "
         "blockOwnerDeletion: 'true'}]}",
         "TypeInvalid metadata.ownerReferences[0].blockOwnerDeletion", NULL},
        {"an owner that is null", "{name: a, ownerReferences: [null]}",
         "Invalid metadata.ownerReferences.apiVersion; Invalid metadata.ownerReferences.kind; "
         "Invalid metadata.ownerReferences.name; Invalid metadata.ownerReferences.uid",
         NULL},
        {"letters that no key has", "{name: a, annotations: {\"\\u00e9\": c}}",
         "Invalid metadata.annotations", NULL},
        {"the Kelvin sign is no letter of a label's key", "{name: a, labels: {\"\\u212a\": b}}",
         "Invalid metadata.labels", NULL},
        {"but lower-case of an annotation's, as Go has it",
         "{name: a, annotations: {\"A.B/c\": b, \"\\u0130/c\": d, \"\\u212a/c\": d}}", "", NULL},
    };
    CHECK(rows, "GatewayClass", 0);
}

Test(schema_meta, a_create_request_forgets_what_the_server_writes)
{
    static const meta_row kept[] = {{"kept", "{name: a, uid: u, generation: 3}", "",
                                     "\"uid\":\"u\""}};
    static const meta_row wiped[] = {
        {"wiped",
         "{name: a, uid: u, generation: 3, creationTimestamp: '2025-01-01T00:00:00Z', "
         "deletionTimestamp: '2025-01-01T00:00:00Z', deletionGracePeriodSeconds: 0, selfLink: x, "
         "resourceVersion: '1'}",
         "", "\"metadata\":{\"name\":\"a\",\"generation\":3,\"resourceVersion\":\"1\"}"}};

    CHECK(kept, "GatewayClass", 0);
    CHECK(wiped, "GatewayClass", GWAPI__JUDGE_CREATE);
}

Test(schema_meta, times_are_read_as_go_reads_them)
{
    static const struct {
        const char *text;
        bool right;
        const char *written;
    } rows[] = {
        {"2025-03-04T05:06:07Z", true, "2025-03-04T05:06:07Z"},
        {"2025-03-04T5:06:07Z", true, "2025-03-04T05:06:07Z"},
        {"2025-03-04T05:06:07.999Z", true, "2025-03-04T05:06:07Z"},
        {"2025-03-04T05:06:07,9Z", true, "2025-03-04T05:06:07Z"},
        {"2025-03-04T05:06:07+02:30", true, "2025-03-04T02:36:07Z"},
        {"2025-01-01T00:00:00+24:00", true, "2024-12-31T00:00:00Z"},
        {"1969-12-31T23:59:59Z", true, "1969-12-31T23:59:59Z"},
        {"0001-01-01T00:00:00Z", true, "0001-01-01T00:00:00Z"},
        {"2024-02-29T00:00:00Z", true, "2024-02-29T00:00:00Z"},
        {"2025-02-29T00:00:00Z", false, NULL},
        {"2025-03-04T05:06:07", false, NULL},
        {"2025-03-04t05:06:07z", false, NULL},
        {"2025-03-04T24:00:00Z", false, NULL},
        {"2025-03-04T23:59:60Z", false, NULL},
        {"2025-03-04T05:06:07.Z", false, NULL},
        {"2025-03-04T05:06:07+0200", false, NULL},
        {"2025-03-04", false, NULL},
        {"", false, NULL},
    };
    gwapi_allocator a;
    gwapi__text t;

    cr_assert_eq(gwapi__allocator_init(&a, NULL), GWAPI_OK);
    gwapi__text_init(&t, &a);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int64_t seconds;
        bool right = gwapi__rfc3339_parse(gwapi__str_of(rows[i].text), &seconds);
        cr_expect_eq(right, rows[i].right, "%s", rows[i].text);
        if (!right || !rows[i].right)
            continue;
        gwapi__text_cut(&t, 0);
        gwapi__rfc3339_write(&t, seconds);
        cr_expect(gwapi__str_eq(gwapi__text_str(&t), gwapi__str_of(rows[i].written)), "%s: %.*s",
                  rows[i].text, GWAPI__FMT(gwapi__text_str(&t)));
    }
    gwapi__text_free(&t);
}

Test(schema_meta, embedded_objects_are_judged_too)
{
    static const judging_row rows[] = {
#define EMBEDDED                                                                              \
    "{type: object, x-kubernetes-embedded-resource: true, "                                   \
    "x-kubernetes-preserve-unknown-fields: true}"
        {"complete", EMBEDDED, "{apiVersion: v1, kind: Pod, metadata: {name: a}, x: 1}", "",
         NULL},
        {"kind and version are needed", EMBEDDED, "{}",
         "Required spec.apiVersion; Required spec.kind", NULL},
        {"a name need not be a DNS name", EMBEDDED,
         "{apiVersion: v1, kind: Pod, metadata: {name: A_b}}", "", NULL},
        {"but fit into a path", EMBEDDED, "{apiVersion: v1, kind: Pod, metadata: {name: a/b}}",
         "Invalid spec.metadata.name", NULL},
        {"labels", EMBEDDED, "{apiVersion: v1, kind: Pod, metadata: {labels: {-: a}}}",
         "Invalid spec.metadata.labels", NULL},
        {"a bad kind", EMBEDDED, "{apiVersion: a/b/c, kind: P_d}",
         "Invalid spec.apiVersion; Invalid spec.kind", NULL},
        {"undecodable", EMBEDDED, "{apiVersion: 1, kind: Pod, metadata: {name: 2}}",
         "Invalid spec.apiVersion; TypeInvalid spec.metadata.name", NULL},
        {"an empty kind", EMBEDDED, "{apiVersion: '', kind: ''}",
         "Invalid spec.apiVersion; Invalid spec.kind", NULL},
        {"in a list", "{type: array, items: " EMBEDDED "}",
         "[{apiVersion: v1, kind: Pod, metadata: {labels: {-: a}}}, {}]",
         "Invalid spec[0].metadata.labels; Required spec[1].apiVersion; Required spec[1].kind",
         NULL},
        {"in a map", "{type: object, additionalProperties: " EMBEDDED "}",
         "{a: {apiVersion: 1, kind: Pod}}", "Invalid spec[a].apiVersion", NULL},
        {"in a map, by its own rules", "{type: object, additionalProperties: " EMBEDDED "}",
         "{a: {apiVersion: v1, kind: Pod, metadata: {name: a%}}}",
         "Invalid spec[a].metadata.name", NULL},
        {"null for what must be text", EMBEDDED, "{apiVersion: null, kind: A}",
         "Invalid spec.apiVersion", NULL},
        {"metadata with a schema of its own",
         "{type: object, x-kubernetes-embedded-resource: true, properties: {metadata: {type: "
         "object, properties: {name: {type: string, maxLength: 2}}}}}",
         "{apiVersion: v1, kind: A, metadata: {name: abc}}", "TooLong spec.metadata.name", NULL},
        {"nulls in it",
         "{type: object, x-kubernetes-embedded-resource: true, properties: {metadata: {type: "
         "object, properties: {name: {type: string, maxLength: 2}}}}}",
         "{apiVersion: v1, kind: A, metadata: {name: null, generateName: a}}", "",
         "{\"apiVersion\":\"v1\",\"kind\":\"A\",\"metadata\":{\"generateName\":\"a\"}}"},
        {"names that are dots",
         "{type: array, items: " EMBEDDED "}",
         "[{apiVersion: v1, kind: A, metadata: {name: .}}, {apiVersion: v1, kind: A, metadata: "
         "{name: ..}}, {apiVersion: v1, kind: A, metadata: {name: ...}}, {apiVersion: v1, kind: "
         "A, metadata: {generateName: .}}]",
         "Invalid spec[0].metadata.name; Invalid spec[1].metadata.name", NULL},
        {"in a list of lists", "{type: array, items: {type: array, items: " EMBEDDED "}}",
         "[[{apiVersion: v1, kind: Pod, metadata: {name: a/b}}]]",
         "Invalid spec[0][0].metadata.name", NULL},
        {"where something else stands", EMBEDDED, "7", "TypeInvalid spec", NULL},
    };
    JUDGING_CHECK(rows, 0);
}

Test(schema_meta, names_tell_what_they_must_be)
{
    static const struct {
        const char *(*check)(gwapi_str);
        const char *name;
        bool right;
    } rows[] = {
        {gwapi__name_dns_label, "a-1", true},       {gwapi__name_dns_label, "a.b", false},
        {gwapi__name_dns_label, "-a", false},       {gwapi__name_dns_label, "", false},
        {gwapi__name_dns_subdomain, "a.b", true},   {gwapi__name_dns_subdomain, "a..b", false},
        {gwapi__name_dns_subdomain, "a.", false},   {gwapi__name_dns_1035_label, "a1", true},
        {gwapi__name_dns_1035_label, "1a", false},  {gwapi__name_qualified, "a/B.c", true},
        {gwapi__name_qualified, "a/", false},       {gwapi__name_qualified, "/a", false},
        {gwapi__name_qualified, "a/b/c", false},    {gwapi__name_qualified, "a_", false},
        {gwapi__name_label_value, "", true},        {gwapi__name_label_value, "A_.b", true},
        {gwapi__name_label_value, "a b", false},
        {gwapi__name_dns_label, "a-", false},       {gwapi__name_dns_label, "a{", false},
        {gwapi__name_dns_1035_label, "a-", false},  {gwapi__name_qualified, "-a", false},
        {gwapi__name_dns_1035_label,
         "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        cr_expect_eq(rows[i].check(gwapi__str_of(rows[i].name)) == NULL, rows[i].right, "%s",
                     rows[i].name);
}

/* JSON may write a whole number with a fraction; YAML's reader has made an integer of it. */
Test(schema_meta, whole_numbers_may_have_a_fraction_of_zero)
{
    static const struct {
        const char *number, *found, *after;
    } rows[] = {
        {"5.0", "", "\"generation\":5"},
        {"5e2", "", "\"generation\":500"},
        {"5.5", "TypeInvalid metadata.generation", NULL},
        {"-9223372036854775808.0", "", "\"generation\":-9223372036854775808"},
        {"1e19", "TypeInvalid metadata.generation", NULL},
        {"0.0", "", "\"metadata\":{\"name\":\"a\"}"},
    };
    char text[512];

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        judging g;
        judging_init(&g, GWAPI_CHANNEL_STANDARD);
        snprintf(text, sizeof text,
                 "{\"apiVersion\": \"gateway.networking.k8s.io/v1\", \"kind\": \"GatewayClass\", "
                 "\"metadata\": {\"name\": \"a\", \"generation\": %s}, \"spec\": "
                 "{\"controllerName\": \"a/b\"}}",
                 rows[i].number);
        judging_run(&g, text, NULL, 0);
        cr_expect_str_eq(g.shown.data, rows[i].found, "%s: found %s", rows[i].number,
                         g.shown.data);
        if (rows[i].after != NULL)
            cr_expect_not_null(strstr(g.object.data, rows[i].after), "%s: now %s",
                               rows[i].number, g.object.data);
        judging_free(&g);
    }
}

/* ---- updates ---------------------------------------------------------------------------- */

Test(schema_meta, an_update_is_compared_with_what_was_there)
{
    static const struct {
        const char *label, *old, *new, *found;
    } rows[] = {
        {"the same uid", "{name: a, uid: u}", "{name: a, uid: u}", ""},
        {"a uid where none was", "{name: a}", "{name: a, uid: u}", "Invalid metadata.uid"},
        {"the same grace period", "{name: a, deletionGracePeriodSeconds: 3}",
         "{name: a, deletionGracePeriodSeconds: 3}", ""},
        {"another grace period", "{name: a, deletionGracePeriodSeconds: 3}",
         "{name: a, deletionGracePeriodSeconds: 4}", "Invalid metadata.deletionGracePeriodSeconds"},
        {"a generation that was right", "{name: a, generation: 1}", "{name: a}", ""},
        {"a generation that was none", "{name: a, generation: x}", "{name: a}", ""},
        {"deleted, without finalizers", "{name: a, deletionTimestamp: '2025-01-01T00:00:00Z'}",
         "{name: a}", ""},
        {"a finalizer where none was", "{name: a, deletionTimestamp: '2025-01-01T00:00:00Z'}",
         "{name: a, finalizers: [a/b]}", "Forbidden metadata.finalizers"},
        {"a prefix does not make a name", "{name: a}", "{generateName: a-}",
         "Required metadata.name; Invalid metadata.name"},
        {"a prefix that is no path's part", "{name: a}", "{name: a, generateName: a/}",
         "Invalid metadata.generateName"},
        {"metadata that is gone", "{name: a}", "null",
         "Required metadata.name; Invalid metadata.name"},
    };
    char old[512], new[512];

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
#define CLASS                                                                                 \
    "apiVersion: gateway.networking.k8s.io/v1\nkind: GatewayClass\n"                          \
    "spec: {controllerName: a/b}\nmetadata: %s\n"
        judging g;
        judging_init(&g, GWAPI_CHANNEL_STANDARD);
        snprintf(old, sizeof old, CLASS, rows[i].old);
        snprintf(new, sizeof new, CLASS, rows[i].new);
        judging_run(&g, new, old, 0);
        cr_expect_str_eq(g.shown.data, rows[i].found, "%s: found %s", rows[i].label,
                         g.shown.data);
        judging_free(&g);
    }
}

/* ---- places ------------------------------------------------------------------------------ */

/* An object that no text had, as a program may make it. */
Test(schema_meta, what_was_not_read_has_no_place)
{
    const gwapi__node root = {.type = GWAPI__NODE_MAP};
    gwapi__frame at = gwapi__frame_root(&root);
    gwapi__frame name = gwapi__frame_missing(&at, GWAPI__STR("name"));

    cr_expect_eq(gwapi__frame_place(&name).line, 0);
}
