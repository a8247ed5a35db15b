#include "regex/program.h"

typedef struct emitter {
    gwapi__regex_program *program;
    gwapi__arena *arena;
} emitter;

/* How many instructions a node takes is known, so the places are too: it starts where it is put,
 * its parts follow each other, and no jump is ever needed. A node without instructions is passed
 * over to `next`. */
static bool emit(emitter *e, const gwapi__regex_node *node, uint32_t at, uint32_t next);

static void put(emitter *e, uint32_t at, gwapi__regex_op op, uint32_t x)
{
    e->program->code[at] = (gwapi__regex_insn){.op = op, .x = x};
}

static void put_split(emitter *e, uint32_t at, uint32_t preferred, uint32_t other, bool swap)
{
    put(e, at, GWAPI__OP_SPLIT, swap ? other : preferred);
    e->program->code[at].u.y = swap ? preferred : other;
}

static bool emit_leaf(emitter *e, const gwapi__regex_node *node, uint32_t at, uint32_t next)
{
    static const uint8_t ops[] = {
        [GWAPI__REGEX_RUNE] = GWAPI__OP_RUNE,
        [GWAPI__REGEX_SET] = GWAPI__OP_SET,
        [GWAPI__REGEX_ANY] = GWAPI__OP_ANY,
        [GWAPI__REGEX_ANY_IN_LINE] = GWAPI__OP_ANY_IN_LINE,
        [GWAPI__REGEX_BEGIN_TEXT] = GWAPI__OP_BEGIN_TEXT,
        [GWAPI__REGEX_END_TEXT] = GWAPI__OP_END_TEXT,
        [GWAPI__REGEX_BEGIN_LINE] = GWAPI__OP_BEGIN_LINE,
        [GWAPI__REGEX_END_LINE] = GWAPI__OP_END_LINE,
        [GWAPI__REGEX_WORD] = GWAPI__OP_WORD,
        [GWAPI__REGEX_NO_WORD] = GWAPI__OP_NO_WORD,
    };
    gwapi__regex_insn *insn = &e->program->code[at];

    put(e, at, ops[node->kind], next);
    if (node->kind == GWAPI__REGEX_RUNE)
        insn->u.rune = node->rune;
    if (node->kind != GWAPI__REGEX_SET)
        return true;
    insn->u.set = gwapi__runes_copy(node->set, e->arena);
    return insn->u.set != NULL;
}

static bool emit_concat(emitter *e, const gwapi__regex_node *node, uint32_t at, uint32_t next)
{
    uint32_t end = at + (uint32_t)node->states;

    for (const gwapi__regex_node *item = node->first; item != NULL; item = item->next) {
        uint32_t following = at + (uint32_t)item->states;
        if (!emit(e, item, at, following == end ? next : following))
            return false;
        at = following;
    }
    return true;
}

static bool emit_alternate(emitter *e, const gwapi__regex_node *node, uint32_t at, uint32_t next)
{
    for (const gwapi__regex_node *item = node->first; item != NULL; item = item->next) {
        uint32_t states = (uint32_t)item->states;
        if (item->next != NULL) {
            const gwapi__regex_node *other = item->next;
            uint32_t behind = at + 1 + states;
            bool passes = other->next == NULL && other->states == 0;
            put_split(e, at, states != 0 ? at + 1 : next, passes ? next : behind, false);
            at++;
        }
        if (!emit(e, item, at, next))
            return false;
        at += states;
    }
    return true;
}

/* `count` of the node one after the other, the last one going on to `next`. */
static bool emit_copies(emitter *e, const gwapi__regex_node *node, uint32_t count, uint32_t at,
                        uint32_t next)
{
    for (; count != 0; count--, at += (uint32_t)node->states)
        if (!emit(e, node, at, count == 1 ? next : at + (uint32_t)node->states))
            return false;
    return true;
}

/* x* is a choice that x returns to; with an x that may be empty it is (x+)?, so that an empty
 * turn does not go before a turn that takes something. */
static bool emit_star(emitter *e, const gwapi__regex_node *node, uint32_t at, uint32_t next)
{
    const gwapi__regex_node *item = node->first;
    uint32_t again = at;

    put_split(e, at, at + 1, next, node->lazy);
    if (item->nullable) {
        again = at + 1 + (uint32_t)item->states;
        put_split(e, again, at + 1, next, node->lazy);
    }
    return emit(e, item, at + 1, again);
}

/* x{2,} is xx+, x{2,4} is xx(x(x)?)?. */
static bool emit_repeat(emitter *e, const gwapi__regex_node *node, uint32_t at, uint32_t next)
{
    const gwapi__regex_node *item = node->first;
    uint32_t states = (uint32_t)item->states, end = at + (uint32_t)node->states;

    if (node->max == GWAPI__REGEX_UNBOUNDED && node->min == 0)
        return emit_star(e, node, at, next);
    if (node->max == GWAPI__REGEX_UNBOUNDED) {
        put_split(e, end - 1, end - 1 - states, next, node->lazy);
        return emit_copies(e, item, node->min, at, end - 1);
    }
    uint32_t optional = at + node->min * states;
    if (!emit_copies(e, item, node->min, at, optional == end ? next : optional))
        return false;
    for (at = optional; at != end; at += 1 + states) {
        put_split(e, at, at + 1, next, node->lazy);
        if (!emit(e, item, at + 1, at + 1 + states == end ? next : at + 1 + states))
            return false;
    }
    return true;
}

static bool emit(emitter *e, const gwapi__regex_node *node, uint32_t at, uint32_t next)
{
    if (node->states == 0)
        return true; // whoever comes here is led to `next`
    switch (node->kind) {
    case GWAPI__REGEX_CAPTURE:
        return emit(e, node->first, at, next);
    case GWAPI__REGEX_CONCAT:
        return emit_concat(e, node, at, next);
    case GWAPI__REGEX_ALTERNATE:
        return emit_alternate(e, node, at, next);
    case GWAPI__REGEX_REPEAT:
        return emit_repeat(e, node, at, next);
    default:
        return emit_leaf(e, node, at, next);
    }
}

gwapi_result gwapi__program_build(gwapi__regex_program *program, gwapi__arena *arena,
                                  const gwapi__regex_node *root)
{
    emitter e = {program, arena};
    uint32_t states = (uint32_t)root->states;

    *program = (gwapi__regex_program){.count = states + 1};
    program->code = gwapi__arena_array(arena, program->count, sizeof *program->code);
    if (program->code == NULL)
        return GWAPI_ENOMEM;
    put(&e, states, GWAPI__OP_MATCH, 0);
    return emit(&e, root, 0, states) ? GWAPI_OK : GWAPI_ENOMEM;
}
