/* Definitions and what they judge. The input is a CustomResourceDefinition and objects, each
 * behind a line "%%%" and read one after the other as updates of the one before. Whatever they
 * are, a definition is taken as a whole or not at all; what is valid stays so, and as it is,
 * when it is judged again and when it replaces itself. */
#include <stdio.h>
#include <stdlib.h>
#include "base/slice.h"
#include "schema/judge.h"
#include "schema/rules.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds, const char *what)
{
    if (!holds) {
        fprintf(stderr, "does not hold: %s\n", what);
        abort();
    }
}

/* The text up to the next separator. */
static gwapi_str next_part(gwapi_str *rest)
{
    const gwapi_str separator = GWAPI__STR("\n%%%\n");
    size_t at = gwapi__str_find(*rest, separator);
    gwapi_str part = gwapi__str_sub(*rest, 0, at);

    *rest = at == SIZE_MAX ? (gwapi_str){NULL, 0}
                           : gwapi__str_sub(*rest, at + separator.len, rest->len);
    return part;
}

static void define(gwapi_schema *schema, gwapi_str text, gwapi_report *report)
{
    size_t before = gwapi_schema_kind_count(schema);
    gwapi_result r = gwapi_schema_add_crd(schema, GWAPI__STR("crd"), text, report);
    size_t errors = gwapi_report_count_severity(report, GWAPI_SEVERITY_ERROR);

    require(r == GWAPI_OK || r == GWAPI_EINVALID, "a definition is taken or refused");
    require((r == GWAPI_OK) == (errors == 0), "a refusal has an error, a success has none");
    require(r == GWAPI_OK || gwapi_schema_kind_count(schema) == before, "all or nothing");
}

static size_t judge(const gwapi__kind *kind, gwapi__arena *arena, gwapi__node *root,
                    const gwapi__node *old, gwapi_report *report)
{
    gwapi__judge_input in = {.root = root,
                             .old_root = old,
                             .arena = arena,
                             .default_namespace = GWAPI__STR("default"),
                             .flags = GWAPI__JUDGE_UNKNOWN_WARN,
                             .report = report,
                             .document = UINT32_MAX};
    size_t errors;

    gwapi_report_clear(report);
    require(gwapi__judge(kind, &in, &errors) == GWAPI_OK, "an object can be judged");
    require(errors == gwapi_report_count_severity(report, GWAPI_SEVERITY_ERROR),
            "every error is reported");
    return errors;
}

static gwapi__node *copied(gwapi__arena *arena, const gwapi__node *root)
{
    gwapi__node *copy = gwapi__node_copy(arena, root, true);

    require(copy != NULL, "a tree can be copied");
    return copy;
}

/* May a rule refuse what is as it was? Those that look at the earlier value may. */
static bool has_transition_rules(const gwapi__kind *kind)
{
    for (gwapi__rule_set *set = kind->rule_sets; set != NULL; set = set->next) {
        const gwapi__rule_programs *programs;
        require(gwapi__rule_set_compile(&programs, kind, set, NULL) == GWAPI_OK,
                "rules are compiled");
        if (programs->uses_old)
            return true;
    }
    return false;
}

static void judge_again(const gwapi__kind *kind, gwapi__arena *arena, const gwapi__node *root,
                        gwapi_report *report)
{
    gwapi__node *again = copied(arena, root);
    const gwapi__node *meta = gwapi__node_get(root, GWAPI__STR("metadata"));

    require(judge(kind, arena, again, NULL, report) == 0, "what was valid is valid");
    require(gwapi__node_equal(root, again), "and stays as it is");
    if (gwapi__node_get_str(meta, GWAPI__STR("name")).len == 0)
        return; /* to be generated, which only a new object's is */
    require(judge(kind, arena, again, root, report) == 0 || has_transition_rules(kind),
            "it may replace itself");
    require(gwapi__node_equal(root, again), "unchanged");
}

/* The object, judged; NULL if there is none of a known kind. */
static const gwapi__node *judge_text(const gwapi_schema *schema, gwapi__arena *arena,
                                     gwapi_str text, const gwapi__node *old,
                                     gwapi_report *report)
{
    gwapi__stream *stream;
    gwapi__doc doc = {0};
    const gwapi__kind *kind = NULL;
    bool more;

    require(gwapi__stream_open(&stream, &arena->allocator, text, GWAPI_FORMAT_AUTO, NULL) ==
                GWAPI_OK,
            "a stream opens");
    require(gwapi__stream_next(stream, arena, &doc, &more) == GWAPI_OK, "a document is read");
    gwapi__stream_close(stream);
    require(gwapi__schema_find(schema, gwapi__node_get_str(doc.root, GWAPI__STR("apiVersion")),
                               gwapi__node_get_str(doc.root, GWAPI__STR("kind")),
                               &kind) == GWAPI_OK,
            "a kind is known or not");
    if (kind == NULL)
        return NULL;
    if (old != NULL)
        judge(kind, arena, copied(arena, doc.root), old, report);
    if (judge(kind, arena, doc.root, NULL, report) == 0)
        judge_again(kind, arena, doc.root, report);
    return doc.root;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    gwapi_str rest = {size != 0 ? (const char *)data : "", size};
    const gwapi__node *old = NULL;
    gwapi_allocator allocator;
    gwapi_schema *schema;
    gwapi_report *report;
    gwapi__arena arena;

    require(gwapi__allocator_init(&allocator, NULL) == GWAPI_OK, "there is memory");
    require(gwapi_schema_new(&schema, NULL) == GWAPI_OK, "make a schema");
    require(gwapi_report_new(&report, NULL, NULL) == GWAPI_OK, "make a report");
    gwapi__arena_init(&arena, &allocator);
    define(schema, next_part(&rest), report);
    while (rest.data != NULL)
        old = judge_text(schema, &arena, next_part(&rest), old, report);
    gwapi__arena_free(&arena);
    gwapi_report_free(report);
    gwapi_schema_free(schema);
    return 0;
}
