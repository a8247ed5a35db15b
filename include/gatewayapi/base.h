/*
 * What every other header needs: text slices, result codes, the allocator, output sinks,
 * limits, and the report that explains to a person what a result code cannot.
 *
 * Conventions that hold for the whole interface:
 *  - Structs that a caller fills, or that the library fills for a caller, start with
 *    `struct_size`: set it to sizeof, by the ..._INIT macro or by hand, and zero the rest. A
 *    longer struct of a newer header is accepted if what this library does not know is zero.
 *  - Constructors write through their first parameter and set it to NULL on failure.
 *    ..._free accepts NULL.
 *  - Text is a gwapi_str: bytes and a length, not terminated, UTF-8 where it is text at all.
 *    {NULL, 0} is absent; {"", 0} is empty.
 *  - What a getter returns lives as long as the object it came from, unless it says otherwise.
 *  - No function keeps state outside the objects it is given; unless a header says more,
 *    different objects may be used from different threads and one object from one at a time.
 */
#ifndef GATEWAYAPI_BASE_H
#define GATEWAYAPI_BASE_H

#include <stddef.h>
#include <stdint.h>
#include <gatewayapi/version.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(GWAPI_BUILDING) && defined(__GNUC__)
#define GWAPI_API __attribute__((visibility("default")))
#else
#define GWAPI_API
#endif

/* ---- text ---------------------------------------------------------------------------- */

/* A slice of bytes. Not terminated. */
typedef struct gwapi_str {
    const char *data;
    size_t len;
} gwapi_str;

/* A slice of a string literal, in an initializer or an expression of C and of C++. */
#define GWAPI_STR_INIT(literal)                                                               \
    {                                                                                         \
        (literal), sizeof(literal) - 1                                                        \
    }

/* ---- result codes -------------------------------------------------------------------- */

/* Code, name and sentence stand in one table. Values are fixed for good, with gaps between
 * the groups: the caller's mistakes, resources, input, images, the environment. */
#define GWAPI_RESULT_TABLE(X)                                                                 \
    X(GWAPI_OK, 0, "success")                                                                 \
    X(GWAPI_EARGUMENT, -10, "an argument is not valid")                                       \
    X(GWAPI_ESTRUCTSIZE, -11, "a struct_size is unknown, or its unknown tail is not zero")    \
    X(GWAPI_ESTATE, -12, "the object is not in the state this call needs")                    \
    X(GWAPI_ENOTFOUND, -13, "no such object")                                                 \
    X(GWAPI_ENOMEM, -30, "the allocator returned no memory")                                  \
    X(GWAPI_ELIMIT, -31, "a limit was reached")                                               \
    X(GWAPI_EBUFFER, -32, "the buffer is too small")                                          \
    X(GWAPI_EUNREADABLE, -50, "the input cannot be read as YAML or JSON")                     \
    X(GWAPI_EINVALID, -51, "the input is not valid")                                          \
    X(GWAPI_EIMAGE, -70, "the image is damaged")                                              \
    X(GWAPI_EIMAGEVERSION, -71, "the image has a format this library does not know")          \
    X(GWAPI_EREGEX, -90, "the regular expression is not valid")                               \
    X(GWAPI_ECALLBACK, -91, "a callback of the caller failed")

typedef int32_t gwapi_result;
#define GWAPI_RESULT_CONSTANT(name, value, text) name = value,
enum { GWAPI_RESULT_TABLE(GWAPI_RESULT_CONSTANT) GWAPI_RESULT_RESERVED = -32768 };
#undef GWAPI_RESULT_CONSTANT

/* The name of a code ("GWAPI_ENOMEM") and its sentence. Never NULL; static storage. */
GWAPI_API const char *gwapi_result_name(gwapi_result result);
GWAPI_API const char *gwapi_result_text(gwapi_result result);

/* ---- version ------------------------------------------------------------------------- */

/* The version of the library in use, as GWAPI_VERSION_NUMBER and GWAPI_VERSION_STRING. */
GWAPI_API uint32_t gwapi_version_number(void);
GWAPI_API const char *gwapi_version_string(void);

/* ---- memory -------------------------------------------------------------------------- */

/*
 * One function for everything: `ptr` NULL allocates, `new_size` 0 frees (and returns NULL), else
 * resizes. `old_size` is what was asked for before. Returns NULL when there is no memory; the
 * old block then stays as it was. Blocks are aligned as malloc's.
 * The struct is copied into the object it is given to and inherited by what that makes; NULL in
 * place of an allocator means malloc, realloc and free.
 */
typedef struct gwapi_allocator {
    size_t struct_size;
    void *ctx;
    void *(*resize)(void *ctx, void *ptr, size_t old_size, size_t new_size);
} gwapi_allocator;

/* ---- output -------------------------------------------------------------------------- */

/* Where text goes. `write` returns 0, or anything else to end the call with GWAPI_ECALLBACK. */
typedef struct gwapi_sink {
    size_t struct_size;
    void *ctx;
    int (*write)(void *ctx, const char *data, size_t len);
} gwapi_sink;

/* Formats of the writing functions. */
typedef uint32_t gwapi_format;
enum { GWAPI_FORMAT_AUTO = 0, GWAPI_FORMAT_YAML = 1, GWAPI_FORMAT_JSON = 2 };

/* ---- limits -------------------------------------------------------------------------- */

/* Bounds of what a call may use; zero in a member means its default. Reaching one is
 * GWAPI_ELIMIT and a diagnostic that names it. */
typedef struct gwapi_limits {
    size_t struct_size;
    uint64_t document_bytes;     /* of one source; default 64 MiB */
    uint32_t depth;              /* nesting of maps and lists; default 512 */
    uint32_t nodes;              /* values of one document, aliases expanded; default 4,000,000 */
    uint32_t alias_nodes;        /* values that aliases may add to a document; default 100,000 */
    uint32_t diagnostics;        /* kept of one document; default 10,000 */
    uint32_t objects;            /* in a set of resources; default 10,000,000 */
    uint32_t regex_states;       /* of one pattern; default 4,096 */
    uint32_t regex_steps;        /* of matching one value before it is a spent budget; default 100,000 */
    uint32_t match_steps;        /* of all regular expressions of one request; default 4,000,000 */
    uint32_t scratch_text;       /* bytes of a scratch for joined header values and decoded query
                                    parameters; default 65,536 */
} gwapi_limits;

/* ---- report -------------------------------------------------------------------------- */

typedef uint32_t gwapi_severity;
enum { GWAPI_SEVERITY_ERROR = 1, GWAPI_SEVERITY_WARNING = 2, GWAPI_SEVERITY_NOTE = 3 };

/* The API server's error types (without its prefix FieldValue), and ours beside them. */
#define GWAPI_ERROR_TYPE_TABLE(X)                                                             \
    X(NONE, 0, "")                                                                            \
    X(REQUIRED, 1, "Required")                                                                \
    X(INVALID, 2, "Invalid")                                                                  \
    X(TYPE_INVALID, 3, "TypeInvalid")                                                         \
    X(NOT_SUPPORTED, 4, "NotSupported")                                                       \
    X(DUPLICATE, 5, "Duplicate")                                                              \
    X(TOO_LONG, 6, "TooLong")                                                                 \
    X(TOO_MANY, 7, "TooMany")                                                                 \
    X(FORBIDDEN, 8, "Forbidden")                                                              \
    X(NOT_FOUND, 9, "NotFound")                                                               \
    X(UNKNOWN, 20, "Unknown")                                                                 \
    X(SYNTAX, 21, "Syntax")                                                                   \
    X(LIMIT, 22, "Limit")                                                                     \
    X(REFERENCE, 23, "Reference")

typedef uint32_t gwapi_error_type;
#define GWAPI_ERROR_TYPE_CONSTANT(name, value, text) GWAPI_ERROR_##name = value,
enum { GWAPI_ERROR_TYPE_TABLE(GWAPI_ERROR_TYPE_CONSTANT) GWAPI_ERROR_RESERVED = 0x7fffffff };
#undef GWAPI_ERROR_TYPE_CONSTANT

/* The text of an error type ("Required"), "" for NONE and for unknown values. */
GWAPI_API const char *gwapi_error_type_text(gwapi_error_type type);

/* What became of a document. */
typedef uint32_t gwapi_verdict;
enum {
    GWAPI_VERDICT_VALID = 1,
    GWAPI_VERDICT_INVALID = 2,
    GWAPI_VERDICT_SKIPPED = 3,   /* of a kind that is not known or was to be left out */
    GWAPI_VERDICT_UNREADABLE = 4 /* not YAML, not JSON, or no object */
};

/* One finding. Every text may be absent. Lines and columns count from 1, columns in characters;
 * 0 is unknown. Out-struct: set struct_size. Lives as long as the report. */
typedef struct gwapi_diagnostic {
    size_t struct_size;
    gwapi_severity severity;
    gwapi_error_type type;
    gwapi_str rule;    /* stable id, e.g. "structure/required", "filter-cors-nil" */
    gwapi_str path;    /* the API server's field path: spec.rules[0].matches[1] */
    gwapi_str pointer; /* the same as a JSON Pointer (RFC 6901) */
    gwapi_str message;
    gwapi_str hint; /* what to do */
    gwapi_str file;
    uint32_t line;
    uint32_t column;
    gwapi_str excerpt;   /* the source line, without its end; of a long one what is around */
    uint32_t document;   /* index of its document in the report, UINT32_MAX if none */
    uint32_t fix;        /* 1 if `hint_value` in place of the value at `path` mends it */
    gwapi_str hint_value; /* the suggested name or value alone */
    uint32_t excerpt_column; /* the column within the excerpt */
    uint32_t reserved;
} gwapi_diagnostic;

/* One document that was read. Out-struct: set struct_size. Lives as long as the report. */
typedef struct gwapi_document {
    size_t struct_size;
    gwapi_str file;
    uint32_t index; /* of the document in its file, from 0; items of a List count each */
    uint32_t line;  /* where it starts */
    gwapi_str api_version;
    gwapi_str kind;
    gwapi_str namespace_;
    gwapi_str name;
    gwapi_verdict verdict;
    uint32_t diagnostics; /* how many diagnostics it has */
    /* Ids of the rules that were not evaluated because other errors came first; a rule of a
     * CRD, which has no id, stands there by its message or text. Each once. */
    const gwapi_str *not_reached;
    size_t not_reached_count;
} gwapi_document;

/*
 * A report collects what calls find. One may serve many calls. It keeps copies: nothing in it
 * refers to the caller's bytes. One thread at a time.
 */
typedef struct gwapi_report gwapi_report;

/* Makes an empty report. GWAPI_ENOMEM, GWAPI_EARGUMENT. `limits` may be NULL. */
GWAPI_API gwapi_result gwapi_report_new(gwapi_report **out, const gwapi_allocator *allocator,
                                        const gwapi_limits *limits);
GWAPI_API void gwapi_report_free(gwapi_report *report);
/* Forgets all documents and diagnostics, keeps the memory. */
GWAPI_API void gwapi_report_clear(gwapi_report *report);

/* How many diagnostics are kept; of a severity; how many were dropped at the limit. O(1). */
GWAPI_API size_t gwapi_report_count(const gwapi_report *report);
GWAPI_API size_t gwapi_report_count_severity(const gwapi_report *report, gwapi_severity severity);
GWAPI_API size_t gwapi_report_dropped(const gwapi_report *report);
/* Fills *out with the i-th. GWAPI_EARGUMENT beyond the end; GWAPI_ESTRUCTSIZE. O(1). */
GWAPI_API gwapi_result gwapi_report_at(const gwapi_report *report, size_t i,
                                       gwapi_diagnostic *out);

GWAPI_API size_t gwapi_report_document_count(const gwapi_report *report);
GWAPI_API gwapi_result gwapi_report_document_at(const gwapi_report *report, size_t i,
                                                gwapi_document *out);

/* Writes the report as one JSON object with a line end, in the form that `gatewayapi validate
 * --output json` prints (documents with their diagnostics, then a summary). Diagnostics that
 * belong to no document stand in a member `diagnostics`, which is absent without any. */
GWAPI_API gwapi_result gwapi_report_write(const gwapi_report *report, const gwapi_sink *sink);

#ifdef __cplusplus
}
#endif
#endif
