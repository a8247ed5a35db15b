/* One call of gwapi__judge from the inside: what its steps share, and how they report. */
#ifndef GWAPI_SCHEMA_JUDGEMENT_H
#define GWAPI_SCHEMA_JUDGEMENT_H

#include <stdarg.h>
#include "base/suggest.h"
#include "schema/path.h"
#include "schema/type.h"

/* A pattern and the text of the object that it matched last: references repeat themselves. */
typedef struct gwapi__matched {
    const gwapi__pattern *pattern;
    gwapi_str text;
} gwapi__matched;

#define GWAPI__MATCHED 16 /* a power of two */

typedef struct gwapi__judgement {
    const gwapi__kind *kind;
    const gwapi__judge_input *input;
    gwapi_allocator allocator;
    gwapi_result failed; /* the first failure of the library itself, for memory or a limit */
    bool quiet;          /* findings are counted, not reported: alternatives are being tried */
    bool undecodable;    /* nothing after decoding can be judged */
    bool nulls;          /* there may be some where the schema has a say */
    bool blocked;        /* an error the server takes as a reason not to evaluate rules */
    size_t errors;
    gwapi__text message, hint, path, pointer;
    gwapi__matched matched[GWAPI__MATCHED];
    void *scratch; /* for regexes */
    size_t scratch_size;
} gwapi__judgement;

/* A finding but for its texts, which stand in the judgement's `message` and `hint`. */
typedef struct gwapi__finding {
    gwapi_error_type type;
    const char *rule;
    const gwapi__frame *at;
    gwapi__place place;     /* line 0: the frame's */
    gwapi_str hint_value;
    gwapi_str excerpt; /* of an expression; absent: the line at the place */
    uint32_t excerpt_column;
    bool fix;
    bool warning;
    bool no_path;  /* the server names only the whole that is judged */
    bool brackets; /* see gwapi__path_write */
} gwapi__finding;

/* Counts an error; true if it is to be worded and reported, the message is then empty. */
bool gwapi__judge_error(gwapi__judgement *j, gwapi_error_type type);
/* The same for a warning. */
bool gwapi__judge_warning(gwapi__judgement *j);
/* Reports what was counted, with the texts built since. */
void gwapi__judge_report(gwapi__judgement *j, const gwapi__finding *finding);
/* Remembers a failure; the walk goes on without effect or ends early. */
void gwapi__judge_fail(gwapi__judgement *j, gwapi_result result);

/*
 * Adds text to a builder by a format of our own:
 *   %s  const char *        %v  gwapi_str             %q  gwapi_str, quoted, long ones cut
 *   %u  uint64_t            %i  int64_t               %d  double
 *   %n  const gwapi__node *, as short JSON            %t  const gwapi__node *, its type
 */
void gwapi__say(gwapi__text *t, const char *format, ...);
/* The same up to a line end in the format, behind which it gives the rest; else NULL. */
const char *gwapi__say_line(gwapi__text *t, const char *format, va_list *args);

/* ---- the steps, in the server's order ------------------------------------------------- */

/* Reads metadata as the server decodes ObjectMeta: reports fields it does not know and values
 * of the wrong type, and leaves what the server would keep. `object` is what holds it. */
void gwapi__meta_decode(gwapi__judgement *j, const gwapi__frame *at, gwapi__node *object);
/* Sets what a create request sets: the namespace; with GWAPI__JUDGE_CREATE also drops what
 * only the server writes. */
void gwapi__meta_complete(gwapi__judgement *j, gwapi__node *root);
/* Reports a field that is not known, as the flags want it. */
void gwapi__judge_unknown(gwapi__judgement *j, const gwapi__frame *at,
                          const gwapi__field *field, const gwapi__names *known);
/* Drops undeclared fields and reports them. */
void gwapi__prune(gwapi__judgement *j, const gwapi__frame *at, gwapi__node *node,
                  const gwapi__schema_node *schema);
/* Drops nulls that are not allowed and have no default. */
void gwapi__prune_nulls(gwapi__node *node, const gwapi__schema_node *schema);
/* Decodes the metadata of objects embedded in the object. */
void gwapi__decode_embedded(gwapi__judgement *j, const gwapi__frame *at, gwapi__node *node,
                            const gwapi__schema_node *schema);
/* Fills defaults in; false: no memory. */
bool gwapi__defaults_fill(gwapi__arena *arena, gwapi__node *node,
                          const gwapi__schema_node *schema);

/* The rules for metadata of a new object, and of one that replaces `old`. */
void gwapi__meta_check(gwapi__judgement *j, const gwapi__frame *at, const gwapi__node *root);
void gwapi__meta_check_last(gwapi__judgement *j, const gwapi__frame *at,
                            const gwapi__node *root);
void gwapi__meta_check_update(gwapi__judgement *j, const gwapi__frame *at,
                              const gwapi__node *root, const gwapi__node *old_root);
/* Those of metadata anywhere below. */
void gwapi__embedded_check(gwapi__judgement *j, const gwapi__frame *at, const gwapi__node *node,
                           const gwapi__schema_node *schema);

/* Types, limits, formats, enums, unions. Errors in what equals its counterpart in `old` are
 * forgiven (ratcheting); old NULL: nothing is. */
void gwapi__validate(gwapi__judgement *j, const gwapi__frame *at, const gwapi__node *node,
                     const gwapi__node *old, const gwapi__schema_node *schema);
/* Duplicates in sets and maps. */
void gwapi__check_lists(gwapi__judgement *j, const gwapi__frame *at, const gwapi__node *node,
                        const gwapi__schema_node *schema);

/* The counterpart of the i-th item of `list` in `old`, by keys; NULL if it cannot be told. */
const gwapi__node *gwapi__old_item(const gwapi__schema_node *schema, const gwapi__node *list,
                                   uint32_t i, const gwapi__node *old);
/* Did nothing change, as far as the server's ratcheting can tell? */
bool gwapi__unchanged(const gwapi__schema_node *schema, const gwapi__node *node,
                      const gwapi__node *old);

#endif
