/* What operators stand between: literals, names, calls, lists, maps, structs, selections. */
#include "cel/literal.h"
#include "cel/macro.h"
#include "cel/parser.h"

typedef gwapi__cel_parser parser;
typedef gwapi__cel_term term;

/* ---- lists of expressions --------------------------------------------------------------- */

/* The '?' before an item, key, field or index. False: no memory. */
static bool parse_optional(parser *p, bool *optional)
{
    gwapi__cel_place place = gwapi__parse_place(p->token);

    *optional = gwapi__parse_pass(p, GWAPI__CEL_QUESTION);
    return !*optional || p->b.minor >= 28 ||
           gwapi__cel_build_issue(&p->b, place,
                                  "optional syntax needs Kubernetes 1.28 or later");
}

static term add(parser *p, gwapi__cel_pair pair, uint32_t key_height)
{
    term value = gwapi__parse_expr(p);

    pair.value = value.expr;
    if (value.expr == NULL || !gwapi__parse_push(p, pair))
        return gwapi__parse_over();
    value.height = gwapi__parse_higher(value.height, key_height);
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
    if (!gwapi__parse_at(p, GWAPI__CEL_RPAREN)) {
        do {
            term t = argument(p);
            if (t.expr == NULL)
                return NULL;
            *height = gwapi__parse_higher(*height, t.height);
        } while (gwapi__parse_pass(p, GWAPI__CEL_COMMA));
    }
    if (!gwapi__parse_expect(p, GWAPI__CEL_RPAREN, "',' or ')' of a call"))
        return NULL;
    return gwapi__parse_finish(p, start, count);
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
    gwapi__cel_token open = gwapi__parse_take(p);
    bool comma = gwapi__parse_pass(p, GWAPI__CEL_COMMA);

    *height = 0;
    while (!comma && !gwapi__parse_at(p, close)) {
        term t = item(p);
        if (t.expr == NULL)
            return false;
        *height = gwapi__parse_higher(*height, t.height);
        if (!gwapi__parse_pass(p, GWAPI__CEL_COMMA))
            break;
    }
    *place = place_to(open, p->token);
    return gwapi__parse_expect(p, close, expected);
}

static term list_item(parser *p)
{
    gwapi__cel_pair pair = {.value = NULL};

    return parse_optional(p, &pair.optional) ? add(p, pair, 0) : gwapi__parse_over();
}

/* Which of the items are optional; NULL: none is. */
static const bool *optional_items(parser *p, size_t start)
{
    size_t count = p->unfinished.count - start;
    const gwapi__cel_pair *pairs = gwapi__parse_unfinished(p, start);
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

    if (!parse_items(p, GWAPI__CEL_RBRACKET, "',' or ']' of a list", list_item, &place,
                     &height))
        return gwapi__parse_over();
    gwapi__cel_expr *e = gwapi__cel_build(&p->b, GWAPI__CEL_LIST_EXPR, place);
    if (e == NULL)
        return gwapi__parse_over();
    e->as.list.optional = optional_items(p, start);
    e->as.list.items = gwapi__parse_finish(p, start, &e->as.list.count);
    return p->b.failed == GWAPI_OK ? (term){e, height} : gwapi__parse_over();
}

/* ---- maps and structs ------------------------------------------------------------------- */

static term map_entry(parser *p)
{
    gwapi__cel_pair pair = {.offset = p->token.offset};

    if (!parse_optional(p, &pair.optional))
        return gwapi__parse_over();
    term key = gwapi__parse_expr(p);
    if (key.expr == NULL || !gwapi__parse_expect(p, GWAPI__CEL_COLON, "':' of a map's entry"))
        return gwapi__parse_over();
    pair.key = key.expr;
    return add(p, pair, key.height);
}

/* The name of a field. Kubernetes does not enable names in backticks. */
static bool parse_field_name(parser *p, gwapi__cel_token *name)
{
    *name = p->token;
    if (gwapi__parse_pass(p, GWAPI__CEL_NAME))
        return true;
    if (gwapi__parse_pass(p, GWAPI__CEL_QUOTED_NAME))
        return gwapi__cel_build_issue(&p->b, gwapi__parse_place(*name),
                                      "names in backticks are not supported");
    gwapi__parse_unexpected(p, "the name of a field");
    return false;
}

static term struct_field(parser *p)
{
    gwapi__cel_pair pair = {.offset = p->token.offset};
    gwapi__cel_token name;

    if (!parse_optional(p, &pair.optional) || !parse_field_name(p, &name) ||
        !gwapi__parse_expect(p, GWAPI__CEL_COLON, "':' of a field"))
        return gwapi__parse_over();
    pair.field = gwapi__parse_text(p, name);
    return add(p, pair, 0);
}

/* A map or, with a name, a struct. */
static term parse_pairs(parser *p, gwapi__cel_form form, gwapi_str name)
{
    size_t start = p->unfinished.count;
    bool map = form == GWAPI__CEL_MAP_EXPR;
    gwapi__cel_place place;
    uint32_t height;

    if (!parse_items(p, GWAPI__CEL_RBRACE,
                     map ? "',' or '}' of a map" : "',' or '}' of an object",
                     map ? map_entry : struct_field, &place, &height))
        return gwapi__parse_over();
    gwapi__cel_expr *e = gwapi__cel_build(&p->b, form, place);
    if (e == NULL)
        return gwapi__parse_over();
    e->as.map.name = name;
    e->as.map.count = (uint32_t)(p->unfinished.count - start);
    e->as.map.pairs = gwapi__arena_array(p->b.arena, e->as.map.count, sizeof *e->as.map.pairs);
    if (e->as.map.pairs == NULL) {
        gwapi__cel_build_no_memory(&p->b);
        return gwapi__parse_over();
    }
    if (e->as.map.count > 0)
        memcpy(e->as.map.pairs, gwapi__parse_unfinished(p, start),
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
    gwapi__cel_token number = gwapi__parse_take(p);
    gwapi_str text = gwapi__parse_text(p, number);
    gwapi__cel_place place = place_to(sign, number);
    bool negative = sign.kind == GWAPI__CEL_MINUS;
    int64_t i;
    uint64_t u;
    double d;

    switch (number.kind) {
    case GWAPI__CEL_INT_TEXT:
        if (!gwapi__cel_read_int(&i, text, negative))
            return gwapi__parse_bad(p, place, "the number does not fit into an int");
        return constant(p, place, gwapi__cel_of_int(i));
    case GWAPI__CEL_UINT_TEXT:
        if (!gwapi__cel_read_uint(&u, gwapi__str_sub(text, 0, text.len - 1)))
            return gwapi__parse_bad(p, place, "the number does not fit into a uint");
        return constant(p, place, gwapi__cel_of_uint(u));
    default:
        if (!gwapi__cel_read_double(&d, text, negative))
            return gwapi__parse_bad(p, place, "the number does not fit into a double");
        return constant(p, place, gwapi__cel_of_double(d));
    }
}

static term parse_string(parser *p)
{
    gwapi__cel_token token = gwapi__parse_take(p);
    gwapi__cel_bad_escape escape = {NULL, 0, 0};
    gwapi_str value;
    gwapi_result result =
        gwapi__cel_read_string(&value, p->b.arena, gwapi__parse_text(p, token), &escape);

    if (result == GWAPI_ENOMEM) {
        gwapi__cel_build_no_memory(&p->b);
        return gwapi__parse_over();
    }
    if (result != GWAPI_OK)
        return gwapi__parse_bad(
            p,
            (gwapi__cel_place){token.offset + (uint32_t)escape.offset, (uint32_t)escape.length},
            escape.reason);
    return constant(p, gwapi__parse_place(token),
                    token.kind == GWAPI__CEL_BYTES_TEXT ? gwapi__cel_of_bytes(value)
                                                        : gwapi__cel_of_string(value));
}

/* ---- names ------------------------------------------------------------------------------ */

static bool is_reserved(gwapi_str name)
{
    static const gwapi_str words[] = {
        {"as", 2},   {"break", 5},    {"const", 5},     {"continue", 8}, {"else", 4},
        {"for", 3},  {"function", 8}, {"if", 2},        {"import", 6},   {"let", 3},
        {"loop", 4}, {"package", 7},  {"namespace", 9}, {"return", 6},   {"var", 3},
        {"void", 4}, {"while", 5},
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

    *out = gwapi__parse_text(p, last);
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
    gwapi__cel_token last = gwapi__parse_take(p);
    gwapi_str name;

    while (gwapi__parse_pass(p, GWAPI__CEL_DOT))
        last = gwapi__parse_take(p);
    return joined(p, first, last, &name) ? parse_pairs(p, GWAPI__CEL_STRUCT_EXPR, name)
                                         : gwapi__parse_over();
}

/* A variable, a call of a global function or macro, a struct. A leading dot was taken as
 * `first`; else that is the name itself. */
static term parse_name(parser *p, gwapi__cel_token first)
{
    if (!gwapi__parse_at(p, GWAPI__CEL_NAME))
        return gwapi__parse_unexpected(p, "a name");
    if (begins_struct(p))
        return parse_struct(p, first);
    gwapi__cel_token last = gwapi__parse_take(p);
    gwapi__cel_written call = {.place = place_to(first, last)};
    bool reserved = is_reserved(gwapi__parse_text(p, last));
    uint32_t height = 0;

    if (!joined(p, first, last, &call.name))
        return gwapi__parse_over();
    if (gwapi__parse_pass(p, GWAPI__CEL_LPAREN)) {
        call.args = parse_arguments(p, &call.count, &height);
        if (call.args == NULL)
            return gwapi__parse_over();
        if (!reserved)
            return (term){gwapi__cel_expand(&p->b, &call), height};
    }
    if (reserved)
        return gwapi__parse_bad(p, call.place, "the name is a reserved word");
    return (term){gwapi__cel_build_ident(&p->b, call.place, call.name), 0};
}

/* ---- primaries, selections and signs ---------------------------------------------------- */

static term parse_nested(parser *p)
{
    gwapi__parse_take(p);
    term t = gwapi__parse_expr(p);
    return t.expr != NULL && gwapi__parse_expect(p, GWAPI__CEL_RPAREN, "')'")
               ? t
               : gwapi__parse_over();
}

static term parse_minus(parser *p)
{
    if (!gwapi__parse_at_negative(p))
        return gwapi__parse_unexpected(p, "an operand");
    gwapi__cel_token sign = gwapi__parse_take(p);
    return parse_number(p, sign);
}

static term parse_primary(parser *p)
{
    gwapi__cel_token token = p->token;

    switch (token.kind) {
    case GWAPI__CEL_NAME:
        return parse_name(p, token);
    case GWAPI__CEL_DOT:
        gwapi__parse_take(p);
        return parse_name(p, token);
    case GWAPI__CEL_LPAREN:
        return parse_nested(p);
    case GWAPI__CEL_LBRACKET:
        return parse_list(p);
    case GWAPI__CEL_LBRACE:
        return parse_pairs(p, GWAPI__CEL_MAP_EXPR, (gwapi_str){NULL, 0});
    case GWAPI__CEL_STRING_TEXT:
    case GWAPI__CEL_BYTES_TEXT:
        return parse_string(p);
    case GWAPI__CEL_INT_TEXT:
    case GWAPI__CEL_UINT_TEXT:
    case GWAPI__CEL_DOUBLE_TEXT:
        return parse_number(p, token);
    case GWAPI__CEL_MINUS:
        return parse_minus(p);
    case GWAPI__CEL_TRUE:
    case GWAPI__CEL_FALSE:
        gwapi__parse_take(p);
        return constant(p, gwapi__parse_place(token),
                        gwapi__cel_of_bool(token.kind == GWAPI__CEL_TRUE));
    case GWAPI__CEL_NIL:
        gwapi__parse_take(p);
        return constant(p, gwapi__parse_place(token), gwapi__cel_of_null());
    default:
        return gwapi__parse_unexpected(p, "an operand");
    }
}

static term parse_call(parser *p, term target, gwapi__cel_token name)
{
    gwapi__cel_written call = {.name = gwapi__parse_text(p, name),
                               .place = gwapi__parse_place(name),
                               .target = target.expr};
    uint32_t height;

    gwapi__parse_take(p);
    call.args = parse_arguments(p, &call.count, &height);
    if (call.args == NULL)
        return gwapi__parse_over();
    return gwapi__parse_above(p, gwapi__cel_expand(&p->b, &call),
                              gwapi__parse_higher(target.height, height));
}

static term parse_selection(parser *p, term target)
{
    gwapi__cel_token name;
    gwapi__cel_expr *e;
    bool optional;

    gwapi__parse_take(p);
    if (!parse_optional(p, &optional) || !parse_field_name(p, &name))
        return gwapi__parse_over();
    if (!optional && name.kind == GWAPI__CEL_NAME && gwapi__parse_at(p, GWAPI__CEL_LPAREN))
        return parse_call(p, target, name);
    gwapi_str field = gwapi__parse_text(p, name);
    if (optional) {
        gwapi__cel_expr *key = gwapi__cel_build_const(&p->b, gwapi__parse_place(name),
                                                      gwapi__cel_of_string(field));
        e = gwapi__cel_build_call2(&p->b, gwapi__parse_place(name), GWAPI__STR("_?._"),
                                   target.expr, key);
    } else if ((e = gwapi__cel_build(&p->b, GWAPI__CEL_SELECT, gwapi__parse_place(name))) !=
               NULL) {
        e->as.select.operand = target.expr;
        e->as.select.field = field;
    }
    return gwapi__parse_above(p, e, target.height);
}

static term parse_index(parser *p, term target)
{
    gwapi__cel_token open = gwapi__parse_take(p);
    bool optional;

    if (!parse_optional(p, &optional))
        return gwapi__parse_over();
    term index = gwapi__parse_expr(p);
    gwapi__cel_place place = place_to(open, p->token);
    if (index.expr == NULL || !gwapi__parse_expect(p, GWAPI__CEL_RBRACKET, "']' of an index"))
        return gwapi__parse_over();
    gwapi__cel_expr *e = gwapi__cel_build_call2(
        &p->b, place, optional ? GWAPI__STR("_[?_]") : GWAPI__STR("_[_]"), target.expr,
        index.expr);
    return gwapi__parse_above(p, e, gwapi__parse_higher(target.height, index.height));
}

term gwapi__parse_member(parser *p)
{
    term t = parse_primary(p);

    while (t.expr != NULL) {
        if (gwapi__parse_at(p, GWAPI__CEL_DOT))
            t = parse_selection(p, t);
        else if (gwapi__parse_at(p, GWAPI__CEL_LBRACKET))
            t = parse_index(p, t);
        else
            break;
    }
    return t;
}
