/*
 * The grammar of cel-spec by recursive descent, macros expanded on the way. It takes and refuses
 * what cel-go v0.26 does (parser/gen/CEL.g4, parser/parser.go), the limits of nesting included:
 * cel-go counts how often a rule of its grammar is inside itself, and then how many operators,
 * selections and indices stand above each other.
 *
 * Errors of form end the parsing; those of meaning (a literal out of range, a reserved name, a
 * macro's argument) leave a BAD node and it goes on.
 */
#include "base/utf8.h"
#include "base/vector.h"
#include "cel/literal.h"
#include "cel/macro.h"
#include "cel/scan.h"

/* An expression and how many operators, selections and indices it has above each other. */
typedef struct term {
    gwapi__cel_expr *expr; /* NULL: the parsing is over */
    uint32_t height;
} term;

typedef struct parser {
    gwapi__cel_builder b;
    gwapi__cel_scanner scanner;
    gwapi__cel_token token;  /* the next one */
    gwapi__vector unfinished; /* gwapi__cel_pair: of calls, lists, maps, && and || being read */
    uint32_t exprs, relations, calcs; /* how deep inside such rules we are */
} parser;

static const term over = {NULL, 0};

static term parse_expr(parser *p);

/* ---- tokens and errors ------------------------------------------------------------------ */

static gwapi__cel_place place_of(gwapi__cel_token token)
{
    return (gwapi__cel_place){token.offset, token.length};
}

static gwapi_str text_of(const parser *p, gwapi__cel_token token)
{
    return gwapi__str_sub(p->scanner.text, token.offset, token.length);
}

static bool at(const parser *p, gwapi__cel_token_kind kind)
{
    return p->token.kind == kind;
}

static gwapi__cel_token take(parser *p)
{
    gwapi__cel_token taken = p->token;

    p->token = gwapi__cel_scan(&p->scanner);
    return taken;
}

/* Passes a token of the kind if it is the next one. */
static bool pass(parser *p, gwapi__cel_token_kind kind)
{
    if (!at(p, kind))
        return false;
    take(p);
    return true;
}

static gwapi__cel_token_kind kind_behind(const parser *p)
{
    gwapi__cel_scanner ahead = p->scanner;

    return gwapi__cel_scan(&ahead).kind;
}

/* Ends the parsing. */
static term stop(parser *p, gwapi__cel_place place, const char *message)
{
    if (gwapi__cel_build_issue(&p->b, place, message))
        p->b.failed = GWAPI_EINVALID;
    return over;
}

/* … because the next token is none of those expected. */
static term unexpected(parser *p, const char *expected)
{
    gwapi__cel_token found = p->token;

    if (found.kind == GWAPI__CEL_INVALID)
        return stop(p, place_of(found), found.reason);
    const gwapi_str what =
        found.kind == GWAPI__CEL_END ? GWAPI__STR("the end") : text_of(p, found);
    const char *quote = found.kind == GWAPI__CEL_END ? "" : "'";
    p->b.refused = true;
    if (!gwapi__cel_issue_add(p->b.arena, p->b.issues, found.offset, found.length,
                              "expected %s, found %s%v%s", expected, quote, what, quote))
        gwapi__cel_build_no_memory(&p->b);
    else
        p->b.failed = GWAPI_EINVALID;
    return over;
}

static bool expect(parser *p, gwapi__cel_token_kind kind, const char *expected)
{
    if (pass(p, kind))
        return true;
    unexpected(p, expected);
    return false;
}

/* A node in the place of what means nothing; the issue is told. */
static term bad(parser *p, gwapi__cel_place place, const char *message)
{
    if (!gwapi__cel_build_issue(&p->b, place, message))
        return over;
    return (term){gwapi__cel_build(&p->b, GWAPI__CEL_BAD, place), 0};
}

/* ---- limits ----------------------------------------------------------------------------- */

static bool too_deep(parser *p, gwapi__cel_place place)
{
    stop(p, place, "the expression is nested deeper than 250 levels");
    return false;
}

/* Goes one deeper into a rule, unless that is too deep. */
static bool enter(parser *p, uint32_t *depth)
{
    if (*depth == GWAPI__CEL_MAX_DEPTH)
        return too_deep(p, place_of(p->token));
    ++*depth;
    return true;
}

static uint32_t higher(uint32_t a, uint32_t b)
{
    return a > b ? a : b;
}

/* The term of an operator, selection or index above others, the highest of which is given. */
static term above(parser *p, gwapi__cel_expr *expr, uint32_t height)
{
    if (expr != NULL && height >= GWAPI__CEL_MAX_DEPTH)
        too_deep(p, (gwapi__cel_place){expr->offset, expr->length});
    return p->b.failed == GWAPI_OK ? (term){expr, height + 1} : over;
}

/* ---- what is being read ----------------------------------------------------------------- */

static bool push(parser *p, gwapi__cel_pair pair)
{
    gwapi__cel_pair *slot = gwapi__vector_push(&p->unfinished);

    if (slot == NULL)
        return gwapi__cel_build_no_memory(&p->b) != NULL;
    *slot = pair;
    return true;
}

static gwapi__cel_pair *unfinished_from(const parser *p, size_t start)
{
    return p->unfinished.count > start ? GWAPI__AT(&p->unfinished, gwapi__cel_pair, start) : NULL;
}

/* The values from `start` on, as an array; *count of them. */
static gwapi__cel_expr **finish_values(parser *p, size_t start, uint32_t *count)
{
    const gwapi__cel_pair *pairs = unfinished_from(p, start);

    *count = (uint32_t)(p->unfinished.count - start);
    gwapi__cel_expr **values = gwapi__arena_array(p->b.arena, *count, sizeof(gwapi__cel_expr *));
    if (values == NULL)
        gwapi__cel_build_no_memory(&p->b);
    for (uint32_t i = 0; values != NULL && i < *count; i++)
        values[i] = pairs[i].value;
    p->unfinished.count = start;
    return values;
}

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

    if (first.expr == NULL || !at(p, kind))
        return first;
    if (!push(p, (gwapi__cel_pair){.value = first.expr}))
        return over;
    while (at(p, kind)) {
        gwapi__cel_token sign = take(p);
        term next = operand(p);
        if (next.expr == NULL ||
            !push(p, (gwapi__cel_pair){.value = next.expr, .offset = sign.offset}))
            return over;
        height = higher(height, next.height);
    }
    gwapi__cel_expr *e = balance(p, unfinished_from(p, start), function, 0,
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
    {GWAPI__CEL_EQ, 0, {"_==_", 4}},     {GWAPI__CEL_NE, 0, {"_!=_", 4}},
    {GWAPI__CEL_LT, 0, {"_<_", 3}},      {GWAPI__CEL_LE, 0, {"_<=_", 4}},
    {GWAPI__CEL_GT, 0, {"_>_", 3}},      {GWAPI__CEL_GE, 0, {"_>=_", 4}},
    {GWAPI__CEL_IN, 0, {"@in", 3}},      {GWAPI__CEL_PLUS, 1, {"_+_", 3}},
    {GWAPI__CEL_MINUS, 1, {"_-_", 3}},   {GWAPI__CEL_STAR, 2, {"_*_", 3}},
    {GWAPI__CEL_SLASH, 2, {"_/_", 3}},   {GWAPI__CEL_PERCENT, 2, {"_%_", 3}},
};

enum { OPERATORS = sizeof operators / sizeof *operators };

/* The operator that is the next token, if its level is one of these; OPERATORS: none. */
static size_t next_operator(const parser *p, uint8_t lowest, uint8_t highest)
{
    for (size_t i = 0; i < OPERATORS; i++)
        if (at(p, operators[i].kind) && operators[i].level >= lowest &&
            operators[i].level <= highest)
            return i;
    return OPERATORS;
}

static term binary(parser *p, size_t operator_, gwapi__cel_token sign, term left, term right)
{
    gwapi__cel_expr *e = gwapi__cel_build_call2(
        &p->b, place_of(sign), operators[operator_].function, left.expr, right.expr);

    return above(p, e, higher(left.height, right.height));
}

static term parse_unary(parser *p);

/* Sums and products; operators of the level `lowest` and above. */
static term parse_calc(parser *p, uint8_t lowest)
{
    if (!enter(p, &p->calcs))
        return over;
    term left = parse_unary(p);
    size_t i;

    while (left.expr != NULL && (i = next_operator(p, lowest, 2)) != OPERATORS) {
        gwapi__cel_token sign = take(p);
        left = binary(p, i, sign, left, parse_calc(p, (uint8_t)(operators[i].level + 1)));
    }
    p->calcs--;
    return left;
}

/* a < b < c is (a < b) < c. To cel-go the right side is a relation, too. */
static term parse_relation(parser *p)
{
    if (!enter(p, &p->relations))
        return over;
    term left = parse_calc(p, 1);
    size_t i;

    while (left.expr != NULL && (i = next_operator(p, 0, 0)) != OPERATORS) {
        gwapi__cel_token sign = take(p);
        if (!enter(p, &p->relations))
            return over;
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
    gwapi__cel_token sign = take(p);
    term yes = parse_or(p);

    if (yes.expr == NULL || !expect(p, GWAPI__CEL_COLON, "':' of a condition"))
        return over;
    term no = parse_expr(p);
    gwapi__cel_expr *e = gwapi__cel_build_call3(&p->b, place_of(sign), GWAPI__STR("_?_:_"),
                                                condition.expr, yes.expr, no.expr);
    return above(p, e, higher(condition.height, higher(yes.height, no.height)));
}

static term parse_expr(parser *p)
{
    if (!enter(p, &p->exprs))
        return over;
    term t = parse_or(p);
    if (t.expr != NULL && at(p, GWAPI__CEL_QUESTION))
        t = parse_ternary(p, t);
    p->exprs--;
    return t;
}

/* ---- lists of expressions --------------------------------------------------------------- */

/* The '?' before an item, key, field or index. False: no memory. */
static bool parse_optional(parser *p, bool *optional)
{
    gwapi__cel_place place = place_of(p->token);

    *optional = pass(p, GWAPI__CEL_QUESTION);
    return !*optional || p->b.minor >= 28 ||
           gwapi__cel_build_issue(&p->b, place,
                                  "optional syntax needs Kubernetes 1.28 or later");
}

static term add(parser *p, gwapi__cel_pair pair, uint32_t key_height)
{
    term value = parse_expr(p);

    pair.value = value.expr;
    if (value.expr == NULL || !push(p, pair))
        return over;
    value.height = higher(value.height, key_height);
    return value;
}

static term argument(parser *p)
{
    return add(p, (gwapi__cel_pair){.value = NULL}, 0);
}

/* Arguments and the ')'; the '(' was taken. */
static gwapi__cel_expr **parse_arguments(parser *p, uint32_t *count, uint32_t *height)
{
    size_t start = p->unfinished.count;

    *height = 0;
    if (!at(p, GWAPI__CEL_RPAREN)) {
        do {
            term t = argument(p);
            if (t.expr == NULL)
                return NULL;
            *height = higher(*height, t.height);
        } while (pass(p, GWAPI__CEL_COMMA));
    }
    if (!expect(p, GWAPI__CEL_RPAREN, "',' or ')' of a call"))
        return NULL;
    return finish_values(p, start, count);
}

static gwapi__cel_place place_to(gwapi__cel_token first, gwapi__cel_token last)
{
    return (gwapi__cel_place){first.offset, last.offset + last.length - first.offset};
}

/* Items between `open`, which is the next token, and `close`; there may be a comma behind them,
 * or alone. Pushes them; *place: of all. */
static bool parse_items(parser *p, gwapi__cel_token_kind close, const char *expected,
                        term (*item)(parser *), gwapi__cel_place *place, uint32_t *height)
{
    gwapi__cel_token open = take(p);
    bool comma = pass(p, GWAPI__CEL_COMMA);

    *height = 0;
    while (!comma && !at(p, close)) {
        term t = item(p);
        if (t.expr == NULL)
            return false;
        *height = higher(*height, t.height);
        if (!pass(p, GWAPI__CEL_COMMA))
            break;
    }
    *place = place_to(open, p->token);
    return expect(p, close, expected);
}

static term list_item(parser *p)
{
    gwapi__cel_pair pair = {.value = NULL};

    return parse_optional(p, &pair.optional) ? add(p, pair, 0) : over;
}

/* Which of the items are optional; NULL: none is. */
static const bool *optional_items(parser *p, size_t start)
{
    size_t count = p->unfinished.count - start;
    const gwapi__cel_pair *pairs = unfinished_from(p, start);
    bool any = false;

    for (size_t i = 0; i < count; i++)
        any = any || pairs[i].optional;
    bool *flags = any ? gwapi__arena_array(p->b.arena, count, sizeof *flags) : NULL;
    if (any && flags == NULL)
        gwapi__cel_build_no_memory(&p->b);
    for (size_t i = 0; flags != NULL && i < count; i++)
        flags[i] = pairs[i].optional;
    return flags;
}

static term parse_list(parser *p)
{
    size_t start = p->unfinished.count;
    gwapi__cel_place place;
    uint32_t height;

    if (!parse_items(p, GWAPI__CEL_RBRACKET, "',' or ']' of a list", list_item, &place, &height))
        return over;
    gwapi__cel_expr *e = gwapi__cel_build(&p->b, GWAPI__CEL_LIST_EXPR, place);
    if (e == NULL)
        return over;
    e->as.list.optional = optional_items(p, start);
    e->as.list.items = finish_values(p, start, &e->as.list.count);
    return p->b.failed == GWAPI_OK ? (term){e, height} : over;
}

/* ---- maps and structs ------------------------------------------------------------------- */

static term map_entry(parser *p)
{
    gwapi__cel_pair pair = {.offset = p->token.offset};

    if (!parse_optional(p, &pair.optional))
        return over;
    term key = parse_expr(p);
    if (key.expr == NULL || !expect(p, GWAPI__CEL_COLON, "':' of a map's entry"))
        return over;
    pair.key = key.expr;
    return add(p, pair, key.height);
}

/* The name of a field. Kubernetes does not enable names in backticks. */
static bool parse_field_name(parser *p, gwapi__cel_token *name)
{
    *name = p->token;
    if (pass(p, GWAPI__CEL_NAME))
        return true;
    if (pass(p, GWAPI__CEL_QUOTED_NAME))
        return gwapi__cel_build_issue(&p->b, place_of(*name),
                                      "names in backticks are not supported");
    unexpected(p, "the name of a field");
    return false;
}

static term struct_field(parser *p)
{
    gwapi__cel_pair pair = {.offset = p->token.offset};
    gwapi__cel_token name;

    if (!parse_optional(p, &pair.optional) || !parse_field_name(p, &name) ||
        !expect(p, GWAPI__CEL_COLON, "':' of a field"))
        return over;
    pair.field = text_of(p, name);
    return add(p, pair, 0);
}

/* A map or, with a name, a struct. */
static term parse_pairs(parser *p, gwapi__cel_form form, gwapi_str name)
{
    size_t start = p->unfinished.count;
    bool map = form == GWAPI__CEL_MAP_EXPR;
    gwapi__cel_place place;
    uint32_t height;

    if (!parse_items(p, GWAPI__CEL_RBRACE, map ? "',' or '}' of a map" : "',' or '}' of an object",
                     map ? map_entry : struct_field, &place, &height))
        return over;
    gwapi__cel_expr *e = gwapi__cel_build(&p->b, form, place);
    if (e == NULL)
        return over;
    e->as.map.name = name;
    e->as.map.count = (uint32_t)(p->unfinished.count - start);
    e->as.map.pairs = gwapi__arena_array(p->b.arena, e->as.map.count, sizeof *e->as.map.pairs);
    if (e->as.map.pairs == NULL) {
        gwapi__cel_build_no_memory(&p->b);
        return over;
    }
    if (e->as.map.count > 0)
        memcpy(e->as.map.pairs, unfinished_from(p, start),
               e->as.map.count * sizeof *e->as.map.pairs);
    p->unfinished.count = start;
    return (term){e, height};
}

/* ---- literals --------------------------------------------------------------------------- */

static term constant(parser *p, gwapi__cel_place place, gwapi__cel_value value)
{
    return (term){gwapi__cel_build_const(&p->b, place, value), 0};
}

/* `sign`: the '-' before it, or the same token. */
static term parse_number(parser *p, gwapi__cel_token sign)
{
    gwapi__cel_token number = take(p);
    gwapi_str text = text_of(p, number);
    gwapi__cel_place place = place_to(sign, number);
    bool negative = sign.kind == GWAPI__CEL_MINUS;
    int64_t i;
    uint64_t u;
    double d;

    switch (number.kind) {
    case GWAPI__CEL_INT_TEXT:
        if (!gwapi__cel_read_int(&i, text, negative))
            return bad(p, place, "the number does not fit into an int");
        return constant(p, place, gwapi__cel_of_int(i));
    case GWAPI__CEL_UINT_TEXT:
        if (!gwapi__cel_read_uint(&u, gwapi__str_sub(text, 0, text.len - 1)))
            return bad(p, place, "the number does not fit into a uint");
        return constant(p, place, gwapi__cel_of_uint(u));
    default:
        if (!gwapi__cel_read_double(&d, text, negative))
            return bad(p, place, "the number does not fit into a double");
        return constant(p, place, gwapi__cel_of_double(d));
    }
}

static term parse_string(parser *p)
{
    gwapi__cel_token token = take(p);
    gwapi__cel_bad_escape escape = {NULL, 0, 0};
    gwapi_str value;
    gwapi_result result =
        gwapi__cel_read_string(&value, p->b.arena, text_of(p, token), &escape);

    if (result == GWAPI_ENOMEM) {
        gwapi__cel_build_no_memory(&p->b);
        return over;
    }
    if (result != GWAPI_OK)
        return bad(p,
                   (gwapi__cel_place){token.offset + (uint32_t)escape.offset,
                                      (uint32_t)escape.length},
                   escape.reason);
    return constant(p, place_of(token),
                    token.kind == GWAPI__CEL_BYTES_TEXT ? gwapi__cel_of_bytes(value)
                                                        : gwapi__cel_of_string(value));
}

/* ---- names ------------------------------------------------------------------------------ */

static bool is_reserved(gwapi_str name)
{
    static const gwapi_str words[] = {
        {"as", 2},     {"break", 5},  {"const", 5}, {"continue", 8}, {"else", 4},
        {"for", 3},    {"function", 8}, {"if", 2},  {"import", 6},   {"let", 3},
        {"loop", 4},   {"package", 7}, {"namespace", 9}, {"return", 6}, {"var", 3},
        {"void", 4},   {"while", 5},
    };

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (gwapi__str_eq(name, words[i]))
            return true;
    return false;
}

/* Is the name that is the next token the first of a struct's: a.b.C{? */
static bool begins_struct(const parser *p)
{
    gwapi__cel_scanner ahead = p->scanner;
    gwapi__cel_token_kind kind = gwapi__cel_scan(&ahead).kind;

    while (kind == GWAPI__CEL_DOT && gwapi__cel_scan(&ahead).kind == GWAPI__CEL_NAME)
        kind = gwapi__cel_scan(&ahead).kind;
    return kind == GWAPI__CEL_LBRACE;
}

/* The text from the first to the last token without blanks and comments between them. */
static bool joined(parser *p, gwapi__cel_token first, gwapi__cel_token last, gwapi_str *out)
{
    gwapi_str text = gwapi__str_sub(p->scanner.text, 0, last.offset + last.length);

    *out = text_of(p, last);
    if (first.offset == last.offset)
        return true;
    gwapi__cel_scanner again = {text, first.offset};
    char *to = gwapi__arena_alloc(p->b.arena, text.len - first.offset);

    if (to == NULL)
        return gwapi__cel_build_no_memory(&p->b) != NULL;
    *out = gwapi__str(to, 0);
    for (;;) {
        gwapi__cel_token part = gwapi__cel_scan(&again);
        if (part.kind == GWAPI__CEL_END)
            return true;
        memcpy(to + out->len, text.data + part.offset, part.length);
        out->len += part.length;
    }
}

static term parse_struct(parser *p, gwapi__cel_token first)
{
    gwapi__cel_token last = take(p);
    gwapi_str name;

    while (pass(p, GWAPI__CEL_DOT))
        last = take(p);
    return joined(p, first, last, &name) ? parse_pairs(p, GWAPI__CEL_STRUCT_EXPR, name) : over;
}

/* A variable, a call of a global function or macro, a struct. A leading dot was taken as
 * `first`; else that is the name itself. */
static term parse_name(parser *p, gwapi__cel_token first)
{
    if (!at(p, GWAPI__CEL_NAME))
        return unexpected(p, "a name");
    if (begins_struct(p))
        return parse_struct(p, first);
    gwapi__cel_token last = take(p);
    gwapi__cel_written call = {.place = place_to(first, last)};
    bool reserved = is_reserved(text_of(p, last));
    uint32_t height = 0;

    if (!joined(p, first, last, &call.name))
        return over;
    if (pass(p, GWAPI__CEL_LPAREN)) {
        call.args = parse_arguments(p, &call.count, &height);
        if (call.args == NULL)
            return over;
        if (!reserved)
            return (term){gwapi__cel_expand(&p->b, &call), height};
    }
    if (reserved)
        return bad(p, call.place, "the name is a reserved word");
    return (term){gwapi__cel_build_ident(&p->b, call.place, call.name), 0};
}

/* ---- primaries, selections and signs ---------------------------------------------------- */

static term parse_nested(parser *p)
{
    take(p);
    term t = parse_expr(p);
    return t.expr != NULL && expect(p, GWAPI__CEL_RPAREN, "')'") ? t : over;
}

static term parse_minus(parser *p)
{
    gwapi__cel_token_kind next = kind_behind(p);

    if (next != GWAPI__CEL_INT_TEXT && next != GWAPI__CEL_DOUBLE_TEXT)
        return unexpected(p, "an operand");
    gwapi__cel_token sign = take(p);
    return parse_number(p, sign);
}

static term parse_primary(parser *p)
{
    gwapi__cel_token token = p->token;

    switch (token.kind) {
    case GWAPI__CEL_NAME: return parse_name(p, token);
    case GWAPI__CEL_DOT: take(p); return parse_name(p, token);
    case GWAPI__CEL_LPAREN: return parse_nested(p);
    case GWAPI__CEL_LBRACKET: return parse_list(p);
    case GWAPI__CEL_LBRACE: return parse_pairs(p, GWAPI__CEL_MAP_EXPR, (gwapi_str){NULL, 0});
    case GWAPI__CEL_STRING_TEXT:
    case GWAPI__CEL_BYTES_TEXT: return parse_string(p);
    case GWAPI__CEL_INT_TEXT:
    case GWAPI__CEL_UINT_TEXT:
    case GWAPI__CEL_DOUBLE_TEXT: return parse_number(p, token);
    case GWAPI__CEL_MINUS: return parse_minus(p);
    case GWAPI__CEL_TRUE:
    case GWAPI__CEL_FALSE:
        take(p);
        return constant(p, place_of(token), gwapi__cel_of_bool(token.kind == GWAPI__CEL_TRUE));
    case GWAPI__CEL_NIL: take(p); return constant(p, place_of(token), gwapi__cel_of_null());
    default: return unexpected(p, "an operand");
    }
}

static term parse_call(parser *p, term target, gwapi__cel_token name)
{
    gwapi__cel_written call = {
        .name = text_of(p, name), .place = place_of(name), .target = target.expr};
    uint32_t height;

    take(p);
    call.args = parse_arguments(p, &call.count, &height);
    if (call.args == NULL)
        return over;
    return above(p, gwapi__cel_expand(&p->b, &call), higher(target.height, height));
}

static term parse_selection(parser *p, term target)
{
    gwapi__cel_token name;
    gwapi__cel_expr *e;
    bool optional;

    take(p);
    if (!parse_optional(p, &optional) || !parse_field_name(p, &name))
        return over;
    if (!optional && name.kind == GWAPI__CEL_NAME && at(p, GWAPI__CEL_LPAREN))
        return parse_call(p, target, name);
    gwapi_str field = text_of(p, name);
    if (optional) {
        gwapi__cel_expr *key =
            gwapi__cel_build_const(&p->b, place_of(name), gwapi__cel_of_string(field));
        e = gwapi__cel_build_call2(&p->b, place_of(name), GWAPI__STR("_?._"), target.expr, key);
    } else if ((e = gwapi__cel_build(&p->b, GWAPI__CEL_SELECT, place_of(name))) != NULL) {
        e->as.select.operand = target.expr;
        e->as.select.field = field;
    }
    return above(p, e, target.height);
}

static term parse_index(parser *p, term target)
{
    gwapi__cel_token open = take(p);
    bool optional;

    if (!parse_optional(p, &optional))
        return over;
    term index = parse_expr(p);
    gwapi__cel_place place = place_to(open, p->token);
    if (index.expr == NULL || !expect(p, GWAPI__CEL_RBRACKET, "']' of an index"))
        return over;
    gwapi__cel_expr *e = gwapi__cel_build_call2(
        &p->b, place, optional ? GWAPI__STR("_[?_]") : GWAPI__STR("_[_]"), target.expr,
        index.expr);
    return above(p, e, higher(target.height, index.height));
}

static term parse_member(parser *p)
{
    term t = parse_primary(p);

    while (t.expr != NULL) {
        if (at(p, GWAPI__CEL_DOT))
            t = parse_selection(p, t);
        else if (at(p, GWAPI__CEL_LBRACKET))
            t = parse_index(p, t);
        else
            break;
    }
    return t;
}

/* Signs before a member. Two of them cancel out; one '-' before a number belongs to it. */
static term parse_unary(parser *p)
{
    gwapi__cel_token sign = p->token;
    bool odd = false;

    if (sign.kind != GWAPI__CEL_BANG && sign.kind != GWAPI__CEL_MINUS)
        return parse_member(p);
    if (sign.kind == GWAPI__CEL_MINUS) {
        gwapi__cel_token_kind next = kind_behind(p);
        if (next == GWAPI__CEL_INT_TEXT || next == GWAPI__CEL_DOUBLE_TEXT)
            return parse_member(p);
    }
    while (pass(p, sign.kind))
        odd = !odd;
    term t = parse_member(p);
    if (odd && t.expr != NULL)
        t.expr = gwapi__cel_build_call1(
            &p->b, place_of(sign),
            sign.kind == GWAPI__CEL_BANG ? GWAPI__STR("!_") : GWAPI__STR("-_"), t.expr);
    return t;
}

/* ---- the whole -------------------------------------------------------------------------- */

static term parse_whole(parser *p)
{
    take(p); /* makes the first token the next one */
    if (at(p, GWAPI__CEL_END))
        return stop(p, place_of(p->token), "the expression is empty");
    term t = parse_expr(p);
    return t.expr == NULL || at(p, GWAPI__CEL_END) ? t
                                                   : unexpected(p, "an operator or the end");
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
        stop(&p, (gwapi__cel_place){0, 0}, "the expression is longer than 100,000 characters");
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
