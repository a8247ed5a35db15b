#include "cel/parser.h"

/* ---- tokens and errors ------------------------------------------------------------------ */

gwapi__cel_token gwapi__parse_take(gwapi__cel_parser *p)
{
    gwapi__cel_token taken = p->token;

    p->token = gwapi__cel_scan(&p->scanner);
    return taken;
}

bool gwapi__parse_pass(gwapi__cel_parser *p, gwapi__cel_token_kind kind)
{
    if (!gwapi__parse_at(p, kind))
        return false;
    gwapi__parse_take(p);
    return true;
}

bool gwapi__parse_at_negative(const gwapi__cel_parser *p)
{
    gwapi__cel_scanner ahead = p->scanner;

    if (!gwapi__parse_at(p, GWAPI__CEL_MINUS))
        return false;
    gwapi__cel_token_kind next = gwapi__cel_scan(&ahead).kind;
    return next == GWAPI__CEL_INT_TEXT || next == GWAPI__CEL_DOUBLE_TEXT;
}

gwapi__cel_term gwapi__parse_over(void)
{
    return (gwapi__cel_term){NULL, 0};
}

gwapi__cel_term gwapi__parse_stop(gwapi__cel_parser *p, gwapi__cel_place place,
                                  const char *message)
{
    if (gwapi__cel_build_issue(&p->b, place, message))
        p->b.failed = GWAPI_EINVALID;
    return gwapi__parse_over();
}

/* Long tokens are told by how they begin: whole characters, if they are UTF-8. */
static gwapi_str beginning(gwapi_str token)
{
    enum { MOST = 40 };
    size_t len = token.len;

    if (len > MOST)
        for (len = MOST; len > MOST - 4 && ((unsigned char)token.data[len] & 0xc0) == 0x80; len--)
            ;
    return gwapi__str(token.data, len);
}

gwapi__cel_term gwapi__parse_unexpected(gwapi__cel_parser *p, const char *expected)
{
    gwapi__cel_token found = p->token;
    gwapi_str token = gwapi__parse_text(p, found), text = beginning(token);
    bool end = found.kind == GWAPI__CEL_END, added;

    if (found.kind == GWAPI__CEL_INVALID)
        return gwapi__parse_stop(p, gwapi__parse_place(found), found.reason);
    p->b.refused = true;
    if (end)
        added = gwapi__cel_issue_add(p->b.arena, p->b.issues, found.offset, 0,
                                     "expected %s, found the end", expected);
    else
        added = gwapi__cel_issue_add(p->b.arena, p->b.issues, found.offset, found.length,
                                     "expected %s, found '%v%s'", expected, text,
                                     text.len < token.len ? "…" : "");
    p->b.failed = added ? GWAPI_EINVALID : GWAPI_ENOMEM;
    return gwapi__parse_over();
}

bool gwapi__parse_expect(gwapi__cel_parser *p, gwapi__cel_token_kind kind, const char *expected)
{
    if (gwapi__parse_pass(p, kind))
        return true;
    gwapi__parse_unexpected(p, expected);
    return false;
}

gwapi__cel_term gwapi__parse_bad(gwapi__cel_parser *p, gwapi__cel_place place,
                                 const char *message)
{
    if (!gwapi__cel_build_issue(&p->b, place, message))
        return gwapi__parse_over();
    return (gwapi__cel_term){gwapi__cel_build(&p->b, GWAPI__CEL_BAD, place), 0};
}

/* ---- limits ----------------------------------------------------------------------------- */

static bool too_deep(gwapi__cel_parser *p, gwapi__cel_place place)
{
    gwapi__parse_stop(p, place, "the expression is nested deeper than 250 levels");
    return false;
}

bool gwapi__parse_enter(gwapi__cel_parser *p, uint32_t *depth)
{
    if (*depth == GWAPI__CEL_MAX_DEPTH)
        return too_deep(p, gwapi__parse_place(p->token));
    ++*depth;
    return true;
}

gwapi__cel_term gwapi__parse_above(gwapi__cel_parser *p, gwapi__cel_expr *expr, uint32_t height)
{
    if (expr != NULL && height >= GWAPI__CEL_MAX_DEPTH)
        too_deep(p, (gwapi__cel_place){expr->offset, expr->length});
    return p->b.failed == GWAPI_OK ? (gwapi__cel_term){expr, height + 1} : gwapi__parse_over();
}

/* ---- what is being read ----------------------------------------------------------------- */

bool gwapi__parse_push(gwapi__cel_parser *p, gwapi__cel_pair pair)
{
    gwapi__cel_pair *slot = gwapi__vector_push(&p->unfinished);

    if (slot == NULL)
        return gwapi__cel_build_no_memory(&p->b) != NULL;
    *slot = pair;
    return true;
}

gwapi__cel_pair *gwapi__parse_unfinished(const gwapi__cel_parser *p, size_t start)
{
    return p->unfinished.count > start ? GWAPI__AT(&p->unfinished, gwapi__cel_pair, start)
                                       : NULL;
}

gwapi__cel_expr **gwapi__parse_finish(gwapi__cel_parser *p, size_t start, uint32_t *count)
{
    const gwapi__cel_pair *pairs = gwapi__parse_unfinished(p, start);

    *count = (uint32_t)(p->unfinished.count - start);
    gwapi__cel_expr **values =
        gwapi__arena_array(p->b.arena, *count, sizeof(gwapi__cel_expr *));
    if (values == NULL)
        gwapi__cel_build_no_memory(&p->b);
    for (uint32_t i = 0; values != NULL && i < *count; i++)
        values[i] = pairs[i].value;
    p->unfinished.count = start;
    return values;
}
