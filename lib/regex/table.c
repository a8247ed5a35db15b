/*
 * The usual construction: a state of the table is a set of instructions, those that the program
 * has come to before it follows what takes no character. What END_TEXT leads to is followed only
 * to tell what the end of the text would mean.
 */
#include "regex/table.h"

#include <string.h>

#define MOST_CODE    128 /* instructions of a program */
#define MOST_STATES  64
#define MOST_COLUMNS 32
#define ASCII        128

typedef struct bits {
    uint64_t word[2];
} bits; /* of instructions, or of ASCII characters */

typedef struct building {
    const gwapi__regex_insn *code;
    uint32_t code_count;
    bool anchored;
    bits taken[MOST_CODE]; /* by instruction: the characters it takes */
    uint8_t columns[ASCII];
    unsigned char sample[MOST_COLUMNS]; /* a character of each column */
    uint8_t width;
    bits sets[MOST_STATES];
    uint8_t next[MOST_STATES * MOST_COLUMNS];
    uint8_t ends[MOST_STATES];
    size_t count;
} building;

static void add(bits *set, uint32_t i)
{
    set->word[i / 64] |= UINT64_C(1) << i % 64;
}

static bool has(const bits *set, uint32_t i)
{
    return (set->word[i / 64] >> i % 64 & 1) != 0;
}

static bool is_same(const bits *a, const bits *b)
{
    return a->word[0] == b->word[0] && a->word[1] == b->word[1];
}

/* ---- columns ------------------------------------------------------------------------- */

static bits characters_of(const gwapi__regex_insn *insn)
{
    bits taken = {{0, 0}};

    switch (insn->op) {
    case GWAPI__OP_RUNE:
        if (insn->u.rune < ASCII)
            add(&taken, insn->u.rune);
        break;
    case GWAPI__OP_SET:
        memcpy(taken.word, insn->u.set->ascii, sizeof taken.word);
        break;
    case GWAPI__OP_ANY:
    case GWAPI__OP_ANY_IN_LINE:
        taken = (bits){{UINT64_MAX, UINT64_MAX}};
        if (insn->op == GWAPI__OP_ANY_IN_LINE)
            taken.word[0] ^= UINT64_C(1) << '\n';
        break;
    default:
        break;
    }
    return taken;
}

/* Characters that a set tells apart get columns of their own. False: too many. */
static bool divide(building *b, const bits *set)
{
    uint8_t other[MOST_COLUMNS]; /* by column: that of its characters in the set; 0: none yet */
    uint8_t width = b->width;
    bool outside[MOST_COLUMNS] = {false};

    memset(other, 0, sizeof other);
    for (uint32_t c = 0; c < ASCII; c++)
        outside[b->columns[c]] |= !has(set, c);
    for (uint32_t c = 0; c < ASCII; c++) {
        uint8_t column = b->columns[c];
        if (!has(set, c) || !outside[column])
            continue;
        if (other[column] == 0) {
            if (b->width == MOST_COLUMNS)
                return false;
            other[column] = b->width++;
        }
        b->columns[c] = other[column];
    }
    for (uint32_t c = 0; c < ASCII && b->width != width; c++)
        b->sample[b->columns[c]] = (unsigned char)c;
    return true;
}

static bool set_columns(building *b)
{
    b->width = 1;
    for (uint32_t i = 0; i < b->code_count; i++) {
        bool seen = false;
        b->taken[i] = characters_of(&b->code[i]);
        for (uint32_t k = 0; k < i && !seen; k++)
            seen = is_same(&b->taken[k], &b->taken[i]);
        if (!seen && !divide(b, &b->taken[i]))
            return false;
    }
    return true;
}

/* ---- states -------------------------------------------------------------------------- */

/* Adds what the instructions of the set lead to. True if MATCH is among it. */
static bool follow(const building *b, bits *set, bool begin, bool end)
{
    uint32_t stack[2 * MOST_CODE], depth = 0;
    bits done = {{0, 0}};
    bool match = false;

    for (uint32_t i = 0; i < b->code_count; i++)
        if (has(set, i))
            stack[depth++] = i;
    while (depth != 0) {
        uint32_t i = stack[--depth];
        const gwapi__regex_insn *insn = &b->code[i];
        if (has(&done, i))
            continue;
        add(&done, i);
        match = match || insn->op == GWAPI__OP_MATCH;
        if (insn->op == GWAPI__OP_SPLIT)
            stack[depth++] = insn->u.y;
        if (insn->op == GWAPI__OP_SPLIT || (insn->op == GWAPI__OP_BEGIN_TEXT && begin) ||
            (insn->op == GWAPI__OP_END_TEXT && end))
            stack[depth++] = insn->x;
    }
    *set = done;
    return match;
}

/* The state of the set, made if it is new; that at the begin of the text is like no other.
 * MOST_STATES: there are too many. */
static uint8_t state_of(building *b, const bits *set, bool begin)
{
    bits reached = *set, last = *set;

    if (is_same(set, &(bits){{0, 0}}))
        return GWAPI__TABLE_MISS;
    if (follow(b, &reached, begin, false))
        return GWAPI__TABLE_MATCH;
    for (size_t i = GWAPI__TABLE_MATCH + 2; i < b->count; i++)
        if (is_same(&b->sets[i], &reached))
            return (uint8_t)i;
    if (b->count == MOST_STATES)
        return MOST_STATES;
    b->sets[b->count] = reached;
    b->ends[b->count] = follow(b, &last, begin, true);
    return (uint8_t)b->count++;
}

/* What waits in a state goes on with the character. */
static bits step(const building *b, const bits *waiting, unsigned char c)
{
    bits next = {{0, 0}};

    for (uint32_t i = 0; i < b->code_count; i++)
        if (has(waiting, i) && has(&b->taken[i], c))
            add(&next, b->code[i].x);
    if (!b->anchored)
        add(&next, 0);
    return next;
}

/* False: there are too many. */
static bool set_states(building *b, uint8_t *start)
{
    bits first = {{0, 0}};

    add(&first, 0);
    b->count = GWAPI__TABLE_MATCH + 1;
    b->ends[GWAPI__TABLE_MISS] = GWAPI__TABLE_MISS;
    b->ends[GWAPI__TABLE_MATCH] = GWAPI__TABLE_MATCH;
    *start = state_of(b, &first, true);
    for (size_t i = GWAPI__TABLE_MATCH + 1; i < b->count; i++)
        for (uint8_t column = 0; column < b->width; column++) {
            const bits set = step(b, &b->sets[i], b->sample[column]);
            uint8_t next = state_of(b, &set, false);
            if (next == MOST_STATES)
                return false;
            b->next[i * b->width + column] = next;
        }
    return true;
}

/* ---- the whole ----------------------------------------------------------------------- */

static bool is_fit(const gwapi__regex_program *program)
{
    for (uint32_t i = 0; i < program->count; i++)
        if (program->code[i].op > GWAPI__OP_END_TEXT)
            return false;
    return program->count <= MOST_CODE;
}

gwapi_result gwapi__table_init(gwapi__regex_table *table, gwapi__arena *arena,
                               const gwapi__regex_program *program)
{
    building b = {.code = program->code,
                  .code_count = program->count,
                  .anchored = program->anchored};
    uint8_t start;

    *table = (gwapi__regex_table){.next = NULL};
    if (!is_fit(program) || !set_columns(&b) || !set_states(&b, &start))
        return GWAPI_OK;
    size_t cells = b.count * b.width;
    uint8_t *bytes = gwapi__arena_alloc(arena, sizeof b.columns + cells + b.count);
    if (bytes == NULL)
        return GWAPI_ENOMEM;
    memcpy(bytes, b.columns, sizeof b.columns);
    memcpy(bytes + sizeof b.columns, b.next, cells);
    memcpy(bytes + sizeof b.columns + cells, b.ends, b.count);
    *table = (gwapi__regex_table){.columns = bytes,
                                  .next = bytes + sizeof b.columns,
                                  .ends = bytes + sizeof b.columns + cells,
                                  .width = b.width,
                                  .start = start};
    return GWAPI_OK;
}
