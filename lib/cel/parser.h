/* What the parser's files share: its state, tokens, refusals, limits. */
#ifndef GWAPI_CEL_PARSER_H
#define GWAPI_CEL_PARSER_H

#include "base/vector.h"
#include "cel/expr.h"
#include "cel/scan.h"

/* An expression and how many operators, selections and indices it has above each other. */
typedef struct gwapi__cel_term {
    gwapi__cel_expr *expr; /* NULL: the parsing is over */
    uint32_t height;
} gwapi__cel_term;

typedef struct gwapi__cel_parser {
    gwapi__cel_builder b;
    gwapi__cel_scanner scanner;
    gwapi__cel_token token;   /* the next one */
    gwapi__vector unfinished; /* gwapi__cel_pair: of calls, lists, maps, && and || being read */
    uint32_t exprs, relations, calcs; /* how deep inside such rules we are */
} gwapi__cel_parser;

static inline gwapi__cel_place gwapi__parse_place(gwapi__cel_token token)
{
    return (gwapi__cel_place){token.offset, token.length};
}

static inline gwapi_str gwapi__parse_text(const gwapi__cel_parser *p, gwapi__cel_token token)
{
    return gwapi__str_sub(p->scanner.text, token.offset, token.length);
}

/* Is the next token of the kind? */
static inline bool gwapi__parse_at(const gwapi__cel_parser *p, gwapi__cel_token_kind kind)
{
    return p->token.kind == kind;
}

/* Passes the next token, whatever it is. */
gwapi__cel_token gwapi__parse_take(gwapi__cel_parser *p);
/* … if it is of the kind. */
bool gwapi__parse_pass(gwapi__cel_parser *p, gwapi__cel_token_kind kind);
/* … and must be, else the parsing is over; `expected` says so to people. */
bool gwapi__parse_expect(gwapi__cel_parser *p, gwapi__cel_token_kind kind,
                         const char *expected);
/* Does a '-' that is the next token belong to a number behind it? */
bool gwapi__parse_at_negative(const gwapi__cel_parser *p);

/* Errors of form end the parsing; those of meaning (a literal out of range, a reserved name, a
 * macro's argument) leave a BAD node and it goes on. */
gwapi__cel_term gwapi__parse_over(void);
gwapi__cel_term gwapi__parse_stop(gwapi__cel_parser *p, gwapi__cel_place place,
                                  const char *message);
/* The next token is none of those expected. */
gwapi__cel_term gwapi__parse_unexpected(gwapi__cel_parser *p, const char *expected);
gwapi__cel_term gwapi__parse_bad(gwapi__cel_parser *p, gwapi__cel_place place,
                                 const char *message);

/* Goes one deeper into a rule. False: that is too deep, the parsing is over. */
bool gwapi__parse_enter(gwapi__cel_parser *p, uint32_t *depth);
/* The term of an operator, selection or index above others, the highest of which is given. */
gwapi__cel_term gwapi__parse_above(gwapi__cel_parser *p, gwapi__cel_expr *expr,
                                   uint32_t height);

static inline uint32_t gwapi__parse_higher(uint32_t a, uint32_t b)
{
    return a > b ? a : b;
}

/* A stack of what is being read. False: no memory. */
bool gwapi__parse_push(gwapi__cel_parser *p, gwapi__cel_pair pair);
/* What was pushed from `start` on; NULL: nothing. */
gwapi__cel_pair *gwapi__parse_unfinished(const gwapi__cel_parser *p, size_t start);
/* Takes the values from `start` on off the stack, as an array; *count of them. NULL: no memory.
 */
gwapi__cel_expr **gwapi__parse_finish(gwapi__cel_parser *p, size_t start, uint32_t *count);

gwapi__cel_term gwapi__parse_expr(gwapi__cel_parser *p);
/* An operand with its selections, indices and calls. */
gwapi__cel_term gwapi__parse_member(gwapi__cel_parser *p);

#endif
