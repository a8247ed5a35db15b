#include "regex/simulate.h"

#define NO_RUNE UINT32_MAX /* before the begin, behind the end */

/* A list holds the states that wait for a rune, the preferred ones first. */
typedef struct list {
    uint32_t *states;
    size_t *starts; /* where the match of each began */
    uint32_t count;
} list;

typedef struct machine {
    const gwapi__regex_insn *code;
    gwapi_str text;
    size_t *marks; /* place + 1 where the state was last reached */
    uint32_t *stack;
    size_t at;
    uint32_t before, rune; /* around the place */
    size_t step;           /* length of `rune` */
    bool full;
} machine;

size_t gwapi__simulate_size(uint32_t count)
{
    return count * (3 * sizeof(size_t) + 3 * sizeof(uint32_t));
}

static void setup(machine *m, list lists[2], const gwapi__regex_program *program, void *memory,
                  gwapi_str text)
{
    size_t n = program->count;
    size_t *places = memory;
    uint32_t *states = (uint32_t *)(void *)(places + 3 * n);

    memset(places, 0, n * sizeof *places);
    *m = (machine){.code = program->code, .text = text, .marks = places, .stack = states,
                   .before = NO_RUNE};
    lists[0] = (list){states + n, places + n, 0};
    lists[1] = (list){states + 2 * n, places + 2 * n, 0};
}

/* Reads the rune at the place. */
static void look(machine *m)
{
    m->rune = NO_RUNE;
    m->step = 0;
    if (m->at == m->text.len)
        return;
    unsigned char byte = (unsigned char)m->text.data[m->at];
    m->rune = byte;
    m->step = 1;
    if (byte >= 0x80)
        gwapi__utf8_step(gwapi__str(m->text.data + m->at, m->text.len - m->at), &m->rune,
                         &m->step);
}

static bool is_word(uint32_t rune)
{
    return rune < 0x80 && (gwapi__is_alpha((char)rune) || gwapi__is_digit((char)rune) ||
                           rune == '_');
}

static bool holds(const machine *m, uint32_t op)
{
    switch (op) {
    case GWAPI__OP_BEGIN_TEXT:
        return m->before == NO_RUNE;
    case GWAPI__OP_END_TEXT:
        return m->rune == NO_RUNE;
    case GWAPI__OP_BEGIN_LINE:
        return m->before == NO_RUNE || m->before == '\n';
    case GWAPI__OP_END_LINE:
        return m->rune == NO_RUNE || m->rune == '\n';
    case GWAPI__OP_WORD:
        return is_word(m->before) != is_word(m->rune);
    default:
        return is_word(m->before) == is_word(m->rune);
    }
}

static bool takes(const gwapi__regex_insn *insn, uint32_t rune)
{
    switch (insn->op) {
    case GWAPI__OP_RUNE:
        return rune == insn->u.rune;
    case GWAPI__OP_SET:
        return gwapi__runes_has(insn->u.set, rune);
    case GWAPI__OP_ANY:
        return true;
    case GWAPI__OP_ANY_IN_LINE:
        return rune != '\n';
    default:
        return false;
    }
}

/* Lists every waiting state that `state` leads to without taking a rune, in order of preference;
 * those reached before are left out. True if MATCH was among them. */
static bool reach(machine *m, list *l, uint32_t state, size_t start)
{
    size_t depth = 0;
    bool match = false;

    m->stack[depth++] = state;
    while (depth != 0) {
        state = m->stack[--depth];
        // Follows the preferred way at once; what is put off lies on the stack.
        while (m->marks[state] != m->at + 1) {
            const gwapi__regex_insn *insn = &m->code[state];
            m->marks[state] = m->at + 1;
            if (insn->op == GWAPI__OP_SPLIT) {
                m->stack[depth++] = insn->u.y;
            } else if (insn->op < GWAPI__OP_BEGIN_TEXT) {
                match = match || insn->op == GWAPI__OP_MATCH;
                l->starts[l->count] = start;
                l->states[l->count++] = state;
                break;
            } else if (!holds(m, insn->op)) {
                break;
            }
            state = insn->x;
        }
    }
    return match;
}

bool gwapi__simulate(const gwapi__regex_program *program, void *memory, gwapi_str text, bool full)
{
    machine m;
    list lists[2];

    setup(&m, lists, program, memory, text);
    look(&m);
    bool match = reach(&m, &lists[0], 0, 0);
    for (int now = 0;; now = !now) {
        list *l = &lists[now], *following = &lists[!now];
        if (match && (!full || m.at == text.len))
            return true;
        if (m.at == text.len || (l->count == 0 && (full || program->anchored)))
            return false;
        uint32_t rune = m.rune;
        m.before = rune;
        m.at += m.step;
        look(&m);
        match = false;
        following->count = 0;
        for (uint32_t i = 0; i < l->count; i++)
            if (takes(&m.code[l->states[i]], rune))
                match = reach(&m, following, m.code[l->states[i]].x, 0) || match;
        if (!full && !program->anchored)
            match = reach(&m, following, 0, 0) || match;
    }
}

/* The rune that ends at `at`, which is not 0. */
static uint32_t rune_before(gwapi_str text, size_t at)
{
    uint32_t rune;
    size_t step;

    // A rune has at most four bytes; whichever valid one ends here is it.
    for (size_t back = at < 4 ? at : 4; back > 1; back--)
        if (gwapi__utf8_step(gwapi__str(text.data + (at - back), back), &rune, &step) &&
            step == back)
            return rune;
    unsigned char byte = (unsigned char)text.data[at - 1];
    return byte < 0x80 ? byte : GWAPI__RUNE_ERROR;
}

/* Takes the rune along the list, from its most preferred state. At a match what is less preferred
 * is dropped: *span and *found tell. */
static void advance(machine *m, list *following, const list *l, uint32_t rune, size_t at,
                    gwapi__regex_span *span, bool *found)
{
    following->count = 0;
    for (uint32_t i = 0; i < l->count; i++) {
        const gwapi__regex_insn *insn = &m->code[l->states[i]];
        if (insn->op == GWAPI__OP_MATCH) {
            *span = (gwapi__regex_span){l->starts[i], at};
            *found = true;
            return;
        }
        if (rune != NO_RUNE && takes(insn, rune))
            reach(m, following, insn->x, l->starts[i]);
    }
}

bool gwapi__simulate_find(gwapi__regex_span *span, const gwapi__regex_program *program,
                          void *memory, gwapi_str text, size_t from)
{
    machine m;
    list lists[2];
    bool found = false;

    setup(&m, lists, program, memory, text);
    m.at = from;
    if (from != 0)
        m.before = rune_before(text, from);
    look(&m);
    for (int now = 0;; now = !now) {
        list *l = &lists[now];
        if (!found)
            reach(&m, l, 0, m.at);
        uint32_t rune = m.rune;
        size_t at = m.at;
        bool end = at == text.len;
        if (l->count == 0 && (found || end))
            return found;
        m.before = rune;
        m.at += m.step;
        look(&m);
        advance(&m, &lists[!now], l, rune, at, span, &found);
        if (end)
            return found;
    }
}
