/*
 * A tree as text, for tests: constants as literals; a, (. a b) for a.b, (has a b), (f x y),
 * (x .f y) for x.f(y), [a ?b], {k: v ?k: v}, T{f: v} and
 * (fold x y range accumulator init condition step result), `_` where a variable is missing.
 */
#ifndef GWAPI_TESTS_CEL_DUMP_H
#define GWAPI_TESTS_CEL_DUMP_H

#include "base/slice.h"
#include "cel/ast.h"
#include "cel/text.h"

static inline void test_dump_constant(gwapi__text *t, const gwapi__cel_value *v)
{
    switch (v->kind) {
    case GWAPI__CEL_NULL: gwapi__text_addz(t, "null"); break;
    case GWAPI__CEL_BOOL: gwapi__text_addz(t, v->as.boolean ? "true" : "false"); break;
    case GWAPI__CEL_INT: gwapi__text_i64(t, v->as.integer); break;
    case GWAPI__CEL_UINT:
        gwapi__text_u64(t, v->as.natural);
        gwapi__text_char(t, 'u');
        break;
    case GWAPI__CEL_DOUBLE:
        gwapi__text_char(t, 'd');
        gwapi__text_double(t, v->as.number);
        break;
    case GWAPI__CEL_BYTES: gwapi__text_char(t, 'b'); /* fall through */
    default: gwapi__cel_text_quoted(t, v->as.text); break;
    }
}

static inline void test_dump(gwapi__text *t, const gwapi__cel_expr *e);

static inline void test_dump_next(gwapi__text *t, const gwapi__cel_expr *e)
{
    gwapi__text_char(t, ' ');
    test_dump(t, e);
}

static inline void test_dump_call(gwapi__text *t, const gwapi__cel_expr *e)
{
    gwapi__text_char(t, '(');
    if (e->as.call.target != NULL) {
        test_dump(t, e->as.call.target);
        gwapi__text_addz(t, " .");
    }
    gwapi__text_add(t, e->as.call.function);
    for (uint32_t i = 0; i < e->as.call.count; i++)
        test_dump_next(t, e->as.call.args[i]);
    gwapi__text_char(t, ')');
}

static inline void test_dump_list(gwapi__text *t, const gwapi__cel_expr *e)
{
    gwapi__text_char(t, '[');
    for (uint32_t i = 0; i < e->as.list.count; i++) {
        gwapi__text_addz(t, i > 0 ? " " : "");
        if (e->as.list.optional != NULL && e->as.list.optional[i])
            gwapi__text_char(t, '?');
        test_dump(t, e->as.list.items[i]);
    }
    gwapi__text_char(t, ']');
}

static inline void test_dump_pairs(gwapi__text *t, const gwapi__cel_expr *e)
{
    gwapi__text_add(t, e->as.map.name);
    gwapi__text_char(t, '{');
    for (uint32_t i = 0; i < e->as.map.count; i++) {
        const gwapi__cel_pair *pair = &e->as.map.pairs[i];
        gwapi__text_addz(t, i > 0 ? " " : "");
        gwapi__text_addz(t, pair->optional ? "?" : "");
        if (pair->key != NULL)
            test_dump(t, pair->key);
        else
            gwapi__text_add(t, pair->field);
        gwapi__text_char(t, ':');
        test_dump_next(t, pair->value);
    }
    gwapi__text_char(t, '}');
}

static inline void test_dump_fold(gwapi__text *t, const gwapi__cel_expr *e)
{
    bool two = gwapi__str_present(e->as.fold.variable2);

    gwapi__text_addz(t, "(fold ");
    gwapi__text_add(t, e->as.fold.variable);
    gwapi__text_char(t, ' ');
    gwapi__text_add(t, two ? e->as.fold.variable2 : GWAPI__STR("_"));
    test_dump_next(t, e->as.fold.range);
    gwapi__text_char(t, ' ');
    gwapi__text_add(t, e->as.fold.accumulator);
    test_dump_next(t, e->as.fold.init);
    test_dump_next(t, e->as.fold.condition);
    test_dump_next(t, e->as.fold.step);
    test_dump_next(t, e->as.fold.result);
    gwapi__text_char(t, ')');
}

static inline void test_dump(gwapi__text *t, const gwapi__cel_expr *e)
{
    switch (e->form) {
    case GWAPI__CEL_CONST: test_dump_constant(t, &e->as.constant); break;
    case GWAPI__CEL_IDENT: gwapi__text_add(t, e->as.ident.name); break;
    case GWAPI__CEL_SELECT:
        gwapi__text_addz(t, e->as.select.test_only ? "(has " : "(. ");
        test_dump(t, e->as.select.operand);
        gwapi__text_char(t, ' ');
        gwapi__text_add(t, e->as.select.field);
        gwapi__text_char(t, ')');
        break;
    case GWAPI__CEL_CALL: test_dump_call(t, e); break;
    case GWAPI__CEL_LIST_EXPR: test_dump_list(t, e); break;
    case GWAPI__CEL_MAP_EXPR:
    case GWAPI__CEL_STRUCT_EXPR: test_dump_pairs(t, e); break;
    case GWAPI__CEL_COMPREHENSION: test_dump_fold(t, e); break;
    case GWAPI__CEL_BAD: gwapi__text_addz(t, "<bad>"); break;
    }
}

#endif
