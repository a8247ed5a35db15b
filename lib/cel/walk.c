// Every expression of a tree.
#include "cel/ast.h"

static void each_pair(gwapi__cel_expr *e, gwapi__cel_visit *visit, void *ctx)
{
    for (uint32_t i = 0; i < e->as.map.count; i++) {
        if (e->form == GWAPI__CEL_MAP_EXPR)
            gwapi__cel_each(e->as.map.pairs[i].key, visit, ctx);
        gwapi__cel_each(e->as.map.pairs[i].value, visit, ctx);
    }
}

static void each_part(gwapi__cel_expr *e, gwapi__cel_visit *visit, void *ctx)
{
    gwapi__cel_each(e->as.fold.range, visit, ctx);
    gwapi__cel_each(e->as.fold.init, visit, ctx);
    gwapi__cel_each(e->as.fold.condition, visit, ctx);
    gwapi__cel_each(e->as.fold.step, visit, ctx);
    gwapi__cel_each(e->as.fold.result, visit, ctx);
}

void gwapi__cel_each(gwapi__cel_expr *e, gwapi__cel_visit *visit, void *ctx)
{
    switch (e->form) {
    case GWAPI__CEL_SELECT:
        if (e->ref == GWAPI__CEL_REF_NONE)
            gwapi__cel_each(e->as.select.operand, visit, ctx);
        break;
    case GWAPI__CEL_CALL:
        if (e->as.call.target != NULL)
            gwapi__cel_each(e->as.call.target, visit, ctx);
        for (uint32_t i = 0; i < e->as.call.count; i++)
            gwapi__cel_each(e->as.call.args[i], visit, ctx);
        break;
    case GWAPI__CEL_LIST_EXPR:
        for (uint32_t i = 0; i < e->as.list.count; i++)
            gwapi__cel_each(e->as.list.items[i], visit, ctx);
        break;
    case GWAPI__CEL_MAP_EXPR:
    case GWAPI__CEL_STRUCT_EXPR:
        each_pair(e, visit, ctx);
        break;
    case GWAPI__CEL_COMPREHENSION:
        each_part(e, visit, ctx);
        break;
    case GWAPI__CEL_CONST:
    case GWAPI__CEL_IDENT:
    case GWAPI__CEL_BAD:
        break;
    }
    visit(ctx, e);
}
