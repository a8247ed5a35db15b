/*
 * The grammar of cel-spec by recursive descent, macros expanded on the way. It takes and
 * refuses what cel-go v0.26 does (parser/gen/CEL.g4, parser/parser.go), the limits of nesting
 * included: cel-go counts how often a rule of its grammar is inside itself, and then how many
 * operators, selections and indices stand above each other.
 *
 * Here: operators, and the whole. Operands are in parse_operand.c.
 */
#include "base/utf8.h"
#include "cel/parser.h"

typedef gwapi__cel_parser parser;
typedef gwapi__cel_term term;

/* ---- && and || -------------------------------------------------------------------------- */

/* A chain as a tree of least height, as cel-go builds it: operator i is between the terms i and
 * i + 1; this is of the operators lo to hi. */
static gwapi__cel_expr *balance(parser *p, const gwapi__cel_pair *terms, gwapi_str function,
                                size_t lo, size_t hi)
{
    size_t mid = (lo + hi + 1) / 2;
    gwapi__cel_expr *left =
        mid == lo ? terms[mid].value : balance(p, terms, function, lo, mid - 1);
    gwapi__cel_expr *right =
        mid == hi ? terms[mid + 1].value : balance(p, terms, function, mid + 1, hi);

    return gwapi__cel_build_call2(&p->b, (gwapi__cel_place){terms[mid + 1].offset, 2}, function,
                                  left, right);
}

/* Operands, each read by `operand`, with operators of the kind between them. */
static term parse_chain(parser *p, gwapi__cel_token_kind kind, gwapi_str function,
                        term (*operand)(parser *))
{
    term first = operand(p);
    size_t start = p->unfinished.count;
    uint32_t height = first.height;

    if (first.expr == NULL || !gwapi__parse_at(p, kind))
        return first;
    if (!gwapi__parse_push(p, (gwapi__cel_pair){.value = first.expr}))
        return gwapi__parse_over();
    while (gwapi__parse_at(p, kind)) {
        gwapi__cel_token sign = gwapi__parse_take(p);
        term next = operand(p);
        if (next.expr == NULL ||
            !gwapi__parse_push(p, (gwapi__cel_pair){.value = next.expr, .offset = sign.offset}))
            return gwapi__parse_over();
        height = gwapi__parse_higher(height, next.height);
    }
    gwapi__cel_expr *e = balance(p, gwapi__parse_unfinished(p, start), function, 0,
                                 p->unfinished.count - start - 2);
    p->unfinished.count = start;
    return (term){e, height};
}

/* ---- binary operators ------------------------------------------------------------------- */

static const struct {
    gwapi__cel_token_kind kind;
    uint8_t level; /* 0: a relation, which binds least; the higher the tighter */
    gwapi_str function;
} operators[] = {
    {GWAPI__CEL_EQ, 0, {"_==_", 4}},   {GWAPI__CEL_NE, 0, {"_!=_", 4}},
    {GWAPI__CEL_LT, 0, {"_<_", 3}},    {GWAPI__CEL_LE, 0, {"_<=_", 4}},
    {GWAPI__CEL_GT, 0, {"_>_", 3}},    {GWAPI__CEL_GE, 0, {"_>=_", 4}},
    {GWAPI__CEL_IN, 0, {"@in", 3}},    {GWAPI__CEL_PLUS, 1, {"_+_", 3}},
    {GWAPI__CEL_MINUS, 1, {"_-_", 3}}, {GWAPI__CEL_STAR, 2, {"_*_", 3}},
    {GWAPI__CEL_SLASH, 2, {"_/_", 3}}, {GWAPI__CEL_PERCENT, 2, {"_%_", 3}},
};

enum { OPERATORS = sizeof operators / sizeof *operators };

/* The operator that is the next token, if its level is one of these; OPERATORS: none. */
static size_t next_operator(const parser *p, uint8_t lowest, uint8_t highest)
{
    for (size_t i = 0; i < OPERATORS; i++)
        if (gwapi__parse_at(p, operators[i].kind) && operators[i].level >= lowest &&
            operators[i].level <= highest)
            return i;
    return OPERATORS;
}

static term binary(parser *p, size_t operator_, gwapi__cel_token sign, term left, term right)
{
    gwapi__cel_expr *e = gwapi__cel_build_call2(
        &p->b, gwapi__parse_place(sign), operators[operator_].function, left.expr, right.expr);

    return gwapi__parse_above(p, e, gwapi__parse_higher(left.height, right.height));
}

static term parse_unary(parser *p);

/* Sums and products; operators of the level `lowest` and above. */
static term parse_calc(parser *p, uint8_t lowest)
{
    if (!gwapi__parse_enter(p, &p->calcs))
        return gwapi__parse_over();
    term left = parse_unary(p);
    size_t i;

    while (left.expr != NULL && (i = next_operator(p, lowest, 2)) != OPERATORS) {
        gwapi__cel_token sign = gwapi__parse_take(p);
        left = binary(p, i, sign, left, parse_calc(p, (uint8_t)(operators[i].level + 1)));
    }
    p->calcs--;
    return left;
}

/* a < b < c is (a < b) < c. To cel-go the right side is a relation, too. */
static term parse_relation(parser *p)
{
    if (!gwapi__parse_enter(p, &p->relations))
        return gwapi__parse_over();
    term left = parse_calc(p, 1);
    size_t i;

    while (left.expr != NULL && (i = next_operator(p, 0, 0)) != OPERATORS) {
        gwapi__cel_token sign = gwapi__parse_take(p);
        if (!gwapi__parse_enter(p, &p->relations))
            return gwapi__parse_over();
        left = binary(p, i, sign, left, parse_calc(p, 1));
        p->relations--;
    }
    p->relations--;
    return left;
}

static term parse_and(parser *p)
{
    return parse_chain(p, GWAPI__CEL_AND, GWAPI__STR("_&&_"), parse_relation);
}

static term parse_or(parser *p)
{
    return parse_chain(p, GWAPI__CEL_OR, GWAPI__STR("_||_"), parse_and);
}

static term parse_ternary(parser *p, term condition)
{
    gwapi__cel_token sign = gwapi__parse_take(p);
    term yes = parse_or(p);

    if (yes.expr == NULL || !gwapi__parse_expect(p, GWAPI__CEL_COLON, "':' of a condition"))
        return gwapi__parse_over();
    term no = gwapi__parse_expr(p);
    gwapi__cel_expr *e =
        gwapi__cel_build_call3(&p->b, gwapi__parse_place(sign), GWAPI__STR("_?_:_"),
                               condition.expr, yes.expr, no.expr);
    return gwapi__parse_above(
        p, e,
        gwapi__parse_higher(condition.height, gwapi__parse_higher(yes.height, no.height)));
}

term gwapi__parse_expr(parser *p)
{
    if (!gwapi__parse_enter(p, &p->exprs))
        return gwapi__parse_over();
    term t = parse_or(p);
    if (t.expr != NULL && gwapi__parse_at(p, GWAPI__CEL_QUESTION))
        t = parse_ternary(p, t);
    p->exprs--;
    return t;
}

/* Signs before a member. Two of them cancel out; one '-' before a number belongs to it. */
static term parse_unary(parser *p)
{
    gwapi__cel_token sign = p->token;
    bool odd = false;

    if ((sign.kind != GWAPI__CEL_BANG && sign.kind != GWAPI__CEL_MINUS) ||
        gwapi__parse_at_negative(p))
        return gwapi__parse_member(p);
    while (gwapi__parse_pass(p, sign.kind))
        odd = !odd;
    term t = gwapi__parse_member(p);
    if (odd && t.expr != NULL)
        t.expr = gwapi__cel_build_call1(
            &p->b, gwapi__parse_place(sign),
            sign.kind == GWAPI__CEL_BANG ? GWAPI__STR("!_") : GWAPI__STR("-_"), t.expr);
    return t;
}

/* ---- the whole -------------------------------------------------------------------------- */

static term parse_whole(parser *p)
{
    gwapi__parse_take(p); /* makes the first token the next one */
    if (gwapi__parse_at(p, GWAPI__CEL_END))
        return gwapi__parse_stop(p, gwapi__parse_place(p->token), "the expression is empty");
    term t = gwapi__parse_expr(p);
    return t.expr == NULL || gwapi__parse_at(p, GWAPI__CEL_END)
               ? t
               : gwapi__parse_unexpected(p, "an operator or the end");
}

static bool is_too_long(gwapi_str text)
{
    const size_t most = GWAPI__CEL_MAX_CODE_POINTS;

    return text.len > most && (text.len > 4 * most || gwapi__utf8_count(text) > most);
}

gwapi_result gwapi__cel_parse(gwapi__cel_ast *out, gwapi__arena *arena,
                              const gwapi__cel_environment *environment, gwapi_str text,
                              gwapi__cel_issues *issues)
{
    parser p = {.b = {.arena = arena, .issues = issues, .minor = environment->minor}};

    *out = (gwapi__cel_ast){.root = NULL};
    if (is_too_long(text)) {
        gwapi__parse_stop(&p, (gwapi__cel_place){0, 0},
                          "the expression is longer than 100,000 characters");
        return p.b.failed;
    }
    if (!gwapi__arena_copy(arena, text, &out->text))
        return GWAPI_ENOMEM;
    p.scanner.text = out->text;
    gwapi__vector_init(&p.unfinished, &arena->allocator, sizeof(gwapi__cel_pair));
    out->root = parse_whole(&p).expr;
    gwapi__vector_free(&p.unfinished);
    out->expr_count = p.b.count;
    return p.b.failed == GWAPI_OK && p.b.refused ? GWAPI_EINVALID : p.b.failed;
}
