// 'text'.format([…]) with both as literals: is there an argument for every clause, and can the
// clause show it?
#include "base/slice.h"
#include "cel/check.h"
#include "cel/format.h"

// Kinds as bits.
#define BIT(kind) (1u << (kind))

static uint32_t shown_by(char clause)
{
    const uint32_t whole = BIT(GWAPI__CEL_INT) | BIT(GWAPI__CEL_UINT);

    switch (clause) {
    case 's':
        return whole | BIT(GWAPI__CEL_NULL) | BIT(GWAPI__CEL_BOOL) | BIT(GWAPI__CEL_DOUBLE) |
               BIT(GWAPI__CEL_STRING) | BIT(GWAPI__CEL_BYTES) | BIT(GWAPI__CEL_DURATION) |
               BIT(GWAPI__CEL_TIMESTAMP) | BIT(GWAPI__CEL_LIST) | BIT(GWAPI__CEL_MAP) |
               BIT(GWAPI__CEL_TYPE);
    case 'f':
    case 'e': // a text may be "NaN" or "Infinity"
        return BIT(GWAPI__CEL_DOUBLE) | BIT(GWAPI__CEL_STRING);
    case 'b':
        return whole | BIT(GWAPI__CEL_BOOL);
    case 'x':
    case 'X':
        return whole | BIT(GWAPI__CEL_STRING) | BIT(GWAPI__CEL_BYTES);
    default:
        return whole;
    }
}

// The first expression of a literal that the clause cannot show; NULL: it can show all.
static const gwapi__cel_expr *not_shown(const gwapi__cel_expr *e, char clause)
{
    const gwapi__cel_expr *inner = NULL;

    if (((BIT(e->type->kind) & shown_by(clause)) | (e->type->kind == GWAPI__CEL_DYN)) == 0)
        return e;
    if (clause != 's')
        return NULL;
    if (e->form == GWAPI__CEL_LIST_EXPR)
        for (uint32_t i = 0; i < e->as.list.count && inner == NULL; i++)
            inner = not_shown(e->as.list.items[i], clause);
    if (e->form == GWAPI__CEL_MAP_EXPR)
        for (uint32_t i = 0; i < e->as.map.count && inner == NULL; i++) {
            inner = not_shown(e->as.map.pairs[i].key, clause);
            if (inner == NULL)
                inner = not_shown(e->as.map.pairs[i].value, clause);
        }
    return inner;
}

static bool is_literal(const gwapi__cel_expr *e)
{
    const gwapi__cel_expr *target = e->as.call.target;

    return target != NULL && target->form == GWAPI__CEL_CONST &&
           target->as.constant.kind == GWAPI__CEL_STRING &&
           e->as.call.args[0]->form == GWAPI__CEL_LIST_EXPR;
}

static bool complain_of(gwapi__arena *arena, gwapi__cel_issues *issues,
                        const gwapi__cel_expr *e, char clause)
{
    const char written[2] = {'%', clause};

    return gwapi__cel_issue_add(arena, issues, e->offset, e->length,
                                "%v shows only %s, this is %v", gwapi__str(written, 2),
                                gwapi__cel_clause_shows(clause), gwapi__cel_type_name(e->type));
}

bool gwapi__cel_check_format(gwapi__arena *arena, gwapi__cel_issues *issues,
                             const gwapi__cel_expr *e)
{
    if (!is_literal(e))
        return true;
    const gwapi__cel_expr *list = e->as.call.args[0];
    gwapi_str rest = e->as.call.target->as.constant.as.text;
    uint32_t used = 0;

    for (;;) {
        gwapi__cel_piece piece = gwapi__cel_format_next(&rest);
        if (piece.kind == GWAPI__CEL_PIECE_TEXT)
            continue;
        if (piece.kind == GWAPI__CEL_PIECE_BAD)
            return gwapi__cel_issue_add(arena, issues, e->as.call.target->offset,
                                        e->as.call.target->length, "no valid format: %s",
                                        piece.reason);
        if (piece.kind == GWAPI__CEL_PIECE_END)
            break;
        if (used == list->as.list.count)
            return gwapi__cel_issue_add(arena, issues, list->offset, list->length,
                                        "there are more clauses in the format than arguments");
        const gwapi__cel_expr *bad = not_shown(list->as.list.items[used++], piece.clause);
        if (bad != NULL)
            return complain_of(arena, issues, bad, piece.clause);
    }
    if (used == list->as.list.count)
        return true;
    return gwapi__cel_issue_add(arena, issues, list->offset, list->length,
                                "the format has %u clauses, there are %u arguments",
                                (uint64_t)used, (uint64_t)list->as.list.count);
}
