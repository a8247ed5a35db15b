#include "regex/translate.h"

#include "base/slice.h"

/* The simulation is the better engine for a pattern that gets longer than this. */
#define LONGEST ((size_t)32 * 1024)
#define FIRST_SURROGATE 0xd800u
#define LAST_SURROGATE 0xdfffu

static void translate(gwapi__text *out, const gwapi__regex_node *node);

static void put_code(gwapi__text *out, uint32_t rune)
{
    static const char digits[] = "0123456789abcdef";
    int shift = 20;

    gwapi__text_addz(out, "\\x{");
    while (shift > 0 && rune >> shift == 0)
        shift -= 4;
    for (; shift >= 0; shift -= 4)
        gwapi__text_char(out, digits[rune >> shift & 0xf]);
    gwapi__text_char(out, '}');
}

static void put_range(gwapi__text *out, uint32_t lo, uint32_t hi)
{
    put_code(out, lo);
    if (lo == hi)
        return;
    gwapi__text_char(out, '-');
    put_code(out, hi);
}

/* What no text holds: PCRE2 wants no surrogates, and no text has any. */
static void put_never(gwapi__text *out)
{
    gwapi__text_addz(out, "[^\\x{0}-\\x{10ffff}]");
}

static void put_set(gwapi__text *out, const gwapi__rune_set *set)
{
    size_t before = out->len;

    gwapi__text_char(out, '[');
    for (uint32_t i = 0; i < set->count; i++) {
        uint32_t lo = set->ranges[i].lo, hi = set->ranges[i].hi;
        if (hi < FIRST_SURROGATE || lo > LAST_SURROGATE) {
            put_range(out, lo, hi);
            continue;
        }
        if (lo < FIRST_SURROGATE)
            put_range(out, lo, FIRST_SURROGATE - 1);
        if (hi > LAST_SURROGATE)
            put_range(out, LAST_SURROGATE + 1, hi);
    }
    gwapi__text_char(out, ']');
    if (out->len == before + 2) {
        gwapi__text_cut(out, before);
        put_never(out);
    }
}

static void put_rune(gwapi__text *out, uint32_t rune)
{
    if (rune >= FIRST_SURROGATE && rune <= LAST_SURROGATE)
        put_never(out);
    else if (rune < 0x80 && (gwapi__is_alpha((char)rune) || gwapi__is_digit((char)rune)))
        gwapi__text_char(out, (char)rune);
    else
        put_code(out, rune);
}

static void put_group(gwapi__text *out, const gwapi__regex_node *node)
{
    gwapi__text_addz(out, "(?:");
    translate(out, node);
    gwapi__text_char(out, ')');
}

static void put_quantifier(gwapi__text *out, const gwapi__regex_node *node)
{
    gwapi__text_char(out, '{');
    gwapi__text_u64(out, node->min);
    if (node->max != node->min)
        gwapi__text_char(out, ',');
    if (node->max != node->min && node->max != GWAPI__REGEX_UNBOUNDED)
        gwapi__text_u64(out, node->max);
    gwapi__text_char(out, '}');
    if (node->lazy)
        gwapi__text_char(out, '?');
}

static void put_list(gwapi__text *out, const gwapi__regex_node *node, bool bars)
{
    for (const gwapi__regex_node *item = node->first; item != NULL; item = item->next) {
        if (bars && item != node->first)
            gwapi__text_char(out, '|');
        if (!bars && item->kind == GWAPI__REGEX_ALTERNATE)
            put_group(out, item);
        else
            translate(out, item);
    }
}

static void translate(gwapi__text *out, const gwapi__regex_node *node)
{
    static const char *const assertions[] = {"\\A", "\\z", "(?m:^)", "(?m:$)", "\\b", "\\B"};

    if (node->states == 0 || out->len > LONGEST)
        return;
    switch (node->kind) {
    case GWAPI__REGEX_RUNE:
        put_rune(out, node->rune);
        break;
    case GWAPI__REGEX_SET:
        put_set(out, node->set);
        break;
    case GWAPI__REGEX_ANY:
        gwapi__text_char(out, '.');
        break;
    case GWAPI__REGEX_ANY_IN_LINE:
        gwapi__text_addz(out, "\\N");
        break;
    case GWAPI__REGEX_CAPTURE:
        put_group(out, node->first);
        break;
    case GWAPI__REGEX_REPEAT:
        if (gwapi__node_is_rune(node->first))
            translate(out, node->first);
        else
            put_group(out, node->first);
        put_quantifier(out, node);
        break;
    case GWAPI__REGEX_CONCAT:
    case GWAPI__REGEX_ALTERNATE:
        put_list(out, node, node->kind == GWAPI__REGEX_ALTERNATE);
        break;
    default:
        gwapi__text_addz(out, assertions[node->kind - GWAPI__REGEX_BEGIN_TEXT]);
    }
}

bool gwapi__translate(gwapi__text *out, const gwapi__regex_node *root, bool full, bool anchored)
{
    if (!full && !anchored)
        gwapi__text_addz(out, ".*?");
    put_group(out, root);
    if (full)
        gwapi__text_addz(out, "\\z");
    return out->len <= LONGEST;
}
