/*
 * A set of Kubernetes objects: read manifests into it, apply and delete objects, list them.
 *
 * The set is mutable and used by one thread at a time. The objects in it are immutable and
 * counted: a topology keeps those it uses, so deleting from the set never harms a topology.
 * The schema must outlive the set.
 *
 * Reading has two modes. JUDGE refuses what an API server with the official CRDs would refuse.
 * STORED takes objects that an API server already holds, perhaps accepted under other CRDs:
 * they are decoded and defaulted, no rule is evaluated, unknown fields are ignored, unknown
 * enum values are kept for the resolver to answer (UnsupportedValue).
 */
#ifndef GATEWAYAPI_RESOURCES_H
#define GATEWAYAPI_RESOURCES_H

#include <gatewayapi/base.h>
#include <gatewayapi/schema.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct gwapi_resources gwapi_resources;

typedef uint32_t gwapi_read_mode;
enum { GWAPI_READ_JUDGE = 0, GWAPI_READ_STORED = 1 };

typedef uint32_t gwapi_unknown;
enum { GWAPI_UNKNOWN_ERROR = 0, GWAPI_UNKNOWN_WARN = 1, GWAPI_UNKNOWN_IGNORE = 2 };

enum {
    /* Keep each object's judged tree: needed by gwapi_resources_write and
     * gwapi_topology_write_status. */
    GWAPI_RESOURCES_KEEP_SOURCE = 1u,
    /* An unknown kind is an error; without it such a document is SKIPPED. */
    GWAPI_RESOURCES_UNKNOWN_KINDS_ERROR = 2u
};

typedef struct gwapi_resources_options {
    size_t struct_size;
    const gwapi_allocator *allocator;
    const gwapi_limits *limits;
    gwapi_str default_namespace; /* for objects without one; absent: "default" */
    gwapi_unknown unknown_fields;
    uint32_t flags;          /* GWAPI_RESOURCES_... */
    const gwapi_str *skip;   /* kinds to pass over: "Kind" or "Kind.group"; copied */
    size_t skip_count;
} gwapi_resources_options;
#define GWAPI_RESOURCES_OPTIONS_INIT                                                          \
    {sizeof(gwapi_resources_options), NULL, NULL, {NULL, 0}, 0, 0, NULL, 0}

/* `options` may be NULL. `schema` must be sealed (GWAPI_ESTATE). GWAPI_ENOMEM. */
GWAPI_API gwapi_result gwapi_resources_new(gwapi_resources **out, const gwapi_schema *schema,
                                           const gwapi_resources_options *options);
GWAPI_API void gwapi_resources_free(gwapi_resources *resources);

enum {
    /* One refused or unreadable document refuses the whole call: the set stays as it was. */
    GWAPI_READ_ATOMIC = 1u,
    /* Judge only: nothing is added to the set. */
    GWAPI_READ_DRY = 2u,
    /* Warn of an object that replaces one of an earlier call too, for sets read from several
     * files. */
    GWAPI_READ_WARN_REPLACED = 4u,
    /* Take each object for a create request: metadata that only the server writes (uid,
     * creationTimestamp, deletionTimestamp, selfLink) is dropped, as the server would. */
    GWAPI_READ_CREATE = 8u,
    /* When `old` holds one object and the source one document of the same kind, the one is the
     * other's earlier form even under another name, which the server refuses as it does any
     * change of a name. Without this such an object is a new one. */
    GWAPI_READ_PAIR = 16u
};

/* Bytes to read: one or many documents, YAML or JSON. */
typedef struct gwapi_source {
    size_t struct_size;
    gwapi_str name; /* shown as the file of diagnostics */
    const void *bytes; /* borrowed for the call */
    size_t len;
    gwapi_format format; /* AUTO: told from the bytes */
    gwapi_read_mode mode;
    uint32_t flags; /* GWAPI_READ_... */
    /* The earlier objects of an update: an object with the same group, kind, namespace and name
     * in this set (made with KEEP_SOURCE, else GWAPI_ESTATE) is what update rules compare with.
     * May be the set that is read into, and NULL. */
    const gwapi_resources *old;
} gwapi_source;
#define GWAPI_SOURCE_INIT {sizeof(gwapi_source), {NULL, 0}, NULL, 0, 0, 0, 0, NULL}

/*
 * Reads every document of the source and adds or replaces its objects (the later of two with the
 * same group, kind, namespace and name wins; within one call that is a warning). Each document
 * gets a gwapi_document with its verdict in the report, which may be NULL.
 * GWAPI_EINVALID when a document was refused, GWAPI_EUNREADABLE when one could not be read (and
 * none was merely refused); without ATOMIC the others were added all the same. GWAPI_ENOMEM and
 * GWAPI_ELIMIT leave the set as it was.
 */
GWAPI_API gwapi_result gwapi_resources_read(gwapi_resources *resources,
                                            const gwapi_source *source, gwapi_report *report);

/* Names one object. An empty group is core. */
typedef struct gwapi_object_ref {
    size_t struct_size;
    gwapi_str group;
    gwapi_str kind;
    gwapi_str namespace_; /* "" for cluster-scoped kinds */
    gwapi_str name;
} gwapi_object_ref;
#define GWAPI_OBJECT_REF_INIT                                                                 \
    {sizeof(gwapi_object_ref), {NULL, 0}, {NULL, 0}, {NULL, 0}, {NULL, 0}}

/* GWAPI_ENOTFOUND when the set has none. GWAPI_ENOMEM (a topology shares what has to change)
 * leaves the set as it was. O(1). */
GWAPI_API gwapi_result gwapi_resources_delete(gwapi_resources *resources,
                                              const gwapi_object_ref *ref);

/* Listing, in order of first insertion. Out-structs; texts live until the object is replaced or
 * deleted. */
typedef struct gwapi_object_info {
    size_t struct_size;
    gwapi_object_ref ref; /* its struct_size is set */
    gwapi_str version;
    int64_t generation; /* 1 where none was written */
    gwapi_str file;     /* where it was read */
    uint32_t line;
} gwapi_object_info;

GWAPI_API size_t gwapi_resources_count(const gwapi_resources *resources);
GWAPI_API gwapi_result gwapi_resources_at(const gwapi_resources *resources, size_t i,
                                          gwapi_object_info *out);
GWAPI_API gwapi_result gwapi_resources_find(const gwapi_resources *resources,
                                            const gwapi_object_ref *ref, gwapi_object_info *out);

/* Writes all objects as a cluster would store them: pruned, defaulted, namespace filled in;
 * objects of kinds that no schema knows as they were read. JSON: one object a line, in input
 * order; YAML (also for AUTO): documents with `---` between. `minimal` is not 0: without what
 * equals a default. GWAPI_ESTATE without KEEP_SOURCE, GWAPI_ECALLBACK, GWAPI_ENOMEM. O(bytes). */
GWAPI_API gwapi_result gwapi_resources_write(const gwapi_resources *resources,
                                             gwapi_format format, uint32_t minimal,
                                             const gwapi_sink *sink);

#ifdef __cplusplus
}
#endif
#endif
