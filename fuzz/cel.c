/* Expressions: whatever the text is, it is taken or refused with issues that name bytes of it,
 * and a tree is sound: each node has a place and an id of its own, and none is beyond the limits.
 * What is taken has an estimate, and an evaluation within a limit of costs ends, twice the same.
 */
#include <stdio.h>
#include <stdlib.h>
#include "base/slice.h"
#include "cel/ast.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Every nesting of the text may be a few nodes of the tree, and its macros a few more. */
enum { MOST_DEPTH = 20 * GWAPI__CEL_MAX_DEPTH };

/* Enough for a few thousand steps, so that an input takes little time. */
enum { COST_LIMIT = 10000 };

static const uint32_t minors[] = {27, 31, 34};

static void require(bool holds, const char *what)
{
    if (!holds) {
        fprintf(stderr, "does not hold: %s\n", what);
        abort();
    }
}

/* ---- trees ------------------------------------------------------------------------------ */

typedef struct walk {
    const gwapi__cel_ast *ast;
    bool *seen; /* by id */
    uint32_t count;
} walk;

static void check_node(walk *w, const gwapi__cel_expr *e, uint32_t depth);

static void check_nodes(walk *w, gwapi__cel_expr *const *nodes, uint32_t count, uint32_t depth)
{
    for (uint32_t i = 0; i < count; i++)
        check_node(w, nodes[i], depth);
}

static void check_pairs(walk *w, const gwapi__cel_expr *e, uint32_t depth)
{
    for (uint32_t i = 0; i < e->as.map.count; i++) {
        const gwapi__cel_pair *pair = &e->as.map.pairs[i];
        if (e->form == GWAPI__CEL_MAP_EXPR)
            check_node(w, pair->key, depth);
        else
            require(pair->field.len > 0, "a field has a name");
        check_node(w, pair->value, depth);
    }
}

static void check_fold(walk *w, const gwapi__cel_expr *e, uint32_t depth)
{
    require(e->as.fold.variable.len > 0 && e->as.fold.accumulator.len > 0,
            "variables of a comprehension have names");
    check_node(w, e->as.fold.range, depth);
    check_node(w, e->as.fold.init, depth);
    check_node(w, e->as.fold.condition, depth);
    check_node(w, e->as.fold.step, depth);
    check_node(w, e->as.fold.result, depth);
}

static void check_node(walk *w, const gwapi__cel_expr *e, uint32_t depth)
{
    size_t len = w->ast->text.len;

    require(depth < MOST_DEPTH, "a tree is not too deep");
    require(e->offset <= len && e->length <= len - e->offset, "a node names bytes of the text");
    require(e->id >= 1 && e->id <= w->ast->expr_count && !w->seen[e->id - 1],
            "a node has an id of its own");
    w->seen[e->id - 1] = true;
    w->count++;
    switch (e->form) {
    case GWAPI__CEL_CONST:
    case GWAPI__CEL_IDENT: break;
    case GWAPI__CEL_SELECT: check_node(w, e->as.select.operand, depth + 1); break;
    case GWAPI__CEL_CALL:
        if (e->as.call.target != NULL)
            check_node(w, e->as.call.target, depth + 1);
        check_nodes(w, e->as.call.args, e->as.call.count, depth + 1);
        break;
    case GWAPI__CEL_LIST_EXPR:
        check_nodes(w, e->as.list.items, e->as.list.count, depth + 1);
        break;
    case GWAPI__CEL_MAP_EXPR:
    case GWAPI__CEL_STRUCT_EXPR: check_pairs(w, e, depth + 1); break;
    case GWAPI__CEL_COMPREHENSION: check_fold(w, e, depth + 1); break;
    case GWAPI__CEL_BAD: require(false, "a tree that was taken is whole"); break;
    }
}

static void check_tree(const gwapi__cel_ast *ast)
{
    walk w = {.ast = ast, .seen = calloc(ast->expr_count, sizeof *w.seen)};

    require(w.seen != NULL, "there is memory");
    require(ast->expr_count <= GWAPI__CEL_MAX_EXPRS, "a tree is not too large");
    check_node(&w, ast->root, 0);
    free(w.seen);
}

/* ---- issues ----------------------------------------------------------------------------- */

static void check_issues(const gwapi__cel_issue *issue, gwapi_str text,
                         const gwapi_allocator *allocator)
{
    require(issue != NULL, "a refusal has a reason");
    for (; issue != NULL; issue = issue->next) {
        gwapi__text out;
        require(issue->message.len > 0, "an issue has a message");
        require(issue->offset <= text.len && issue->length <= text.len - issue->offset,
                "… and a place in the text");
        gwapi__text_init(&out, allocator);
        gwapi__cel_issue_write(&out, text, issue);
        require(!out.failed && out.len < issue->message.len + 1000, "… and is written shortly");
        gwapi__text_free(&out);
    }
}

static void check_parse(gwapi__arena *arena, gwapi_str text, uint32_t minor)
{
    const gwapi__cel_environment environment = {.minor = minor};
    gwapi__cel_issues issues = {NULL, NULL, 0};
    gwapi__cel_ast ast;
    gwapi_result result = gwapi__cel_parse(&ast, arena, &environment, text, &issues);

    require(result == GWAPI_OK || result == GWAPI_EINVALID, "a text is taken or refused");
    if (result == GWAPI_OK) {
        require(issues.count == 0, "what is taken has no issue");
        check_tree(&ast);
    } else {
        check_issues(issues.first, text, &arena->allocator);
    }
}

/* ---- evaluation ------------------------------------------------------------------------- */

static gwapi__cel_value evaluate(gwapi__cel_context *context, const gwapi__cel_program *program)
{
    gwapi__cel_value value;

    gwapi__cel_context_init(context, context->arena, context->allocator);
    context->limit = COST_LIMIT;
    require(gwapi__cel_eval(&value, program, NULL, context) == GWAPI_OK, "there is memory");
    require(context->cost <= context->limit || value.kind == GWAPI__CEL_ERROR,
            "nothing is had beyond the limit");
    return value;
}

static void check_program(const gwapi__cel_program *program, gwapi__arena *arena)
{
    gwapi__cel_context first = {.arena = arena, .allocator = &arena->allocator}, second = first;
    gwapi__cel_range cost;

    require(gwapi__cel_program_type(program) != NULL, "what is checked has a type");
    require(gwapi__cel_estimate_cost(&cost, program, arena) == GWAPI_OK && cost.min <= cost.max,
            "an estimate is a range");
    gwapi__cel_value a = evaluate(&first, program), b = evaluate(&second, program);
    require(a.kind == b.kind && first.cost == second.cost, "an evaluation repeats itself");
    gwapi__cel_context_free(&first);
    gwapi__cel_context_free(&second);
}

static void check_compile(gwapi__arena *arena, gwapi_str text, uint32_t minor)
{
    const gwapi__cel_environment environment = {.minor = minor};
    const gwapi__cel_program *program = NULL;
    const gwapi__cel_issue *issues = NULL;
    gwapi_result result = gwapi__cel_compile(&program, arena, &environment, text, &issues);

    require(result == GWAPI_OK || result == GWAPI_EINVALID, "a text is taken or refused");
    if (result == GWAPI_OK)
        check_program(program, arena);
    else
        check_issues(issues, text, &arena->allocator);
    gwapi__cel_program_release(program);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    gwapi_str text = {size != 0 ? (const char *)data : "", size};
    gwapi_allocator allocator;
    gwapi__arena arena;

    require(gwapi__allocator_init(&allocator, NULL) == GWAPI_OK, "there is an allocator");
    gwapi__arena_init(&arena, &allocator);
    for (size_t i = 0; i < sizeof minors / sizeof *minors; i++) {
        check_parse(&arena, text, minors[i]);
        gwapi__arena_reset(&arena);
        check_compile(&arena, text, minors[i]);
        gwapi__arena_reset(&arena);
    }
    gwapi__arena_free(&arena);
    return 0;
}
