#include "support.h"

typedef struct update_row {
    const char *label;
    const char *schema; /* of spec */
    const char *old;    /* metadata and spec, in flow style */
    const char *new;
    const char *found;
} update_row;

static void check(const update_row *rows, size_t count)
{
    char old[2048], new[2048];

    for (size_t i = 0; i < count; i++) {
        judging g;
        judging_init(&g, 0);
        cr_assert_eq(judging_define(&g, rows[i].schema), GWAPI_OK, "%s", rows[i].label);
        snprintf(old, sizeof old, "{apiVersion: t.example/v1, kind: Thing, %s}", rows[i].old);
        snprintf(new, sizeof new, "{apiVersion: t.example/v1, kind: Thing, %s}", rows[i].new);
        judging_run(&g, new, old, 0);
        cr_expect_str_eq(g.shown.data, rows[i].found, "%s: found %s", rows[i].label,
                         g.shown.data);
        judging_free(&g);
    }
}
#define CHECK(rows) check(rows, sizeof rows / sizeof *rows)

Test(schema_update, metadata_keeps_its_identity)
{
#define META(old, new, found) "{type: object}", "metadata: " old, "metadata: " new, found
    static const update_row rows[] = {
        {"nothing changed", META("{name: a}", "{name: a}", "")},
        {"labels may change", META("{name: a}", "{name: a, labels: {b: c}}", "")},
        {"but not to bad ones", META("{name: a}", "{name: a, labels: {-: c}}",
                                     "Invalid metadata.labels")},
        {"the name", META("{name: a}", "{name: b}", "Invalid metadata.name")},
        {"no name", META("{name: a}", "{}", "Required metadata.name; Invalid metadata.name")},
        {"the old name may be no DNS name", META("{name: A_b}", "{name: A_b}", "")},
        {"the namespace", META("{name: a, namespace: b}", "{name: a, namespace: c}",
                               "Invalid metadata.namespace")},
        {"a namespace left out", META("{name: a, namespace: b}", "{name: a}", "")},
        {"the uid", META("{name: a, uid: u}", "{name: a, uid: v}", "Invalid metadata.uid")},
        {"the earlier generation stays, even a wrong one",
         META("{name: a, generation: -1}", "{name: a, generation: 2}",
              "Invalid metadata.generation")},
        {"a new one counts for nothing",
         META("{name: a, generation: 2}", "{name: a, generation: -1}", "")},
        {"a uid left out", META("{name: a, uid: u}", "{name: a}", "")},
        {"deletion", META("{name: a}", "{name: a, deletionTimestamp: '2025-01-01T00:00:00Z'}",
                          "Invalid metadata.deletionTimestamp")},
        {"the grace period", META("{name: a}", "{name: a, deletionGracePeriodSeconds: 3}",
                                  "Invalid metadata.deletionGracePeriodSeconds")},
        {"finalizers while deleted",
         META("{name: a, deletionTimestamp: '2025-01-01T00:00:00Z', finalizers: [a/b]}",
              "{name: a, finalizers: [a/b, a/c]}", "Forbidden metadata.finalizers")},
        {"fewer finalizers while deleted",
         META("{name: a, deletionTimestamp: '2025-01-01T00:00:00Z', finalizers: [a/b, a/c]}",
              "{name: a, finalizers: [a/c]}", "")},
    };
    CHECK(rows);
}

#define SPEC(old, new, found) "metadata: {name: a}, spec: " old, "metadata: {name: a}, spec: " new, found
#define PAIR "{type: object, properties: {x: {type: integer}, z: {type: integer}}}"
#define KEYED                                                                                 \
    "{type: array, x-kubernetes-list-type: map, x-kubernetes-list-map-keys: [k], items: "      \
    "{type: object, properties: {k: {type: string}, v: {type: integer}}}}"

Test(schema_update, what_did_not_change_is_forgiven)
{
    static const update_row rows[] = {
        {"an unchanged member", PAIR, SPEC("{x: a, z: 1}", "{x: a, z: 2}", "")},
        {"a changed one", PAIR,
         SPEC("{x: a, z: 1}", "{x: b, z: 2}", "TypeInvalid spec.x")},
        {"a new one", PAIR, SPEC("{z: 1}", "{x: b, z: 1}", "TypeInvalid spec.x")},
        {"1 and 1.0 are not the same", PAIR,
         SPEC("{x: 1.5, z: 1}", "{x: 1.5, z: 1}", "")},
        {"items by key, moved", KEYED,
         SPEC("[{k: a, v: x}, {k: b}]", "[{k: b, v: 1}, {k: a, v: x}]", "")},
        {"an item that is new", KEYED,
         SPEC("[{k: a, v: x}]", "[{k: b, v: x}]", "TypeInvalid spec[0].v")},
        {"items of other lists are new if the list changed",
         "{type: array, items: {type: integer}}",
         SPEC("[a, 1]", "[a, 2]", "TypeInvalid spec[0]")},
        {"and old if it did not", "{type: array, items: {type: integer}}",
         SPEC("[a, 1]", "[a, 1]", "")},
        {"a limit of the whole",
         "{type: array, maxItems: 1, items: {type: integer}}",
         SPEC("[1, 2]", "[1, 2]", "")},
        {"a missing member of what changed",
         "{type: object, required: [x], properties: {x: {type: integer}, z: {type: integer}}}",
         SPEC("{z: 1}", "{z: 2}", "Required spec.x")},
        {"a list without a schema of items", "{type: array, maxItems: 1}",
         SPEC("[1, 2]", "[1, 2]", "")},
        {"a list without a schema of items, changed", "{type: array, maxItems: 1}",
         SPEC("[1, 2]", "[1, 3]", "TooMany spec")},
        {"keys without a schema of items",
         "{type: array, maxItems: 1, x-kubernetes-list-type: map, x-kubernetes-list-map-keys: [k]}",
         SPEC("[{k: 1}, {k: 2}]", "[{k: 1}, {k: 2}]", "")},
        {"keys without a schema of items, in another order",
         "{type: array, maxItems: 1, x-kubernetes-list-type: map, x-kubernetes-list-map-keys: [k]}",
         SPEC("[1, 2]", "[2, 1]", "TooMany spec")},
        {"duplicates, if there were some",
         "{type: array, x-kubernetes-list-type: set, items: {type: integer}}",
         SPEC("[1, 1]", "[2, 2]", "")},
        {"duplicates, if there were none",
         "{type: array, x-kubernetes-list-type: set, items: {type: integer}}",
         SPEC("[1]", "[2, 2]", "Duplicate spec[1]")},
    };
    CHECK(rows);
}
