#include "regex/build.h"
#include "regex/class.h"

/* Groups open at once. Their number is bounded by nothing else where they do not capture. */
#define DEEPEST 100000u
#define LARGEST_REPEAT 1000u

enum { FOLD = 1, MULTI_LINE = 2, DOT_ALL = 4, UNGREEDY = 8 };

/* A group under way; the pattern itself is the first. */
typedef struct frame {
    gwapi__regex_list alternatives;
    gwapi__regex_list items; /* of the alternative under way */
    size_t from;
    uint8_t flags; /* to return to */
    bool capture;
} frame;

typedef struct parser {
    gwapi__regex_scan *scan;
    gwapi__regex_tree tree;
    gwapi__class_parser class;
    gwapi__vector frames;
    size_t leaves;
    uint8_t flags;
    bool repeated; /* the token before was a repeat */
} parser;

static frame *top(const parser *p)
{
    return GWAPI__AT(&p->frames, frame, p->frames.count - 1);
}

static gwapi_result open_group(parser *p, bool capture, size_t from, uint8_t flags)
{
    if (p->frames.count > DEEPEST)
        return GWAPI_ELIMIT;
    frame *f = gwapi__vector_push(&p->frames);
    if (f == NULL)
        return GWAPI_ENOMEM;
    *f = (frame){GWAPI__LIST_EMPTY(GWAPI__REGEX_ALTERNATE), GWAPI__LIST_EMPTY(GWAPI__REGEX_CONCAT),
                 from, p->flags, capture};
    p->flags = flags;
    return GWAPI_OK;
}

static gwapi_result append(parser *p, gwapi__regex_node *node)
{
    if (node == NULL)
        return GWAPI_ENOMEM;
    // Far more leaves than states: only merging alternatives could save it, and memory is bounded.
    if (p->tree.states != 0 && ++p->leaves / 16 > p->tree.states)
        return GWAPI_ELIMIT;
    gwapi__list_append(&p->tree, &top(p)->items, node);
    return GWAPI_OK;
}

static gwapi_result append_leaf(parser *p, gwapi__regex_kind kind)
{
    return append(p, gwapi__tree_node(&p->tree, kind));
}

static gwapi_result append_set(parser *p)
{
    gwapi__regex_node *node;

    GWAPI__TRY(gwapi__tree_set(&node, &p->tree, &p->class.set));
    return append(p, node);
}

static gwapi_result append_rune(parser *p, uint32_t rune)
{
    if ((p->flags & FOLD) != 0 && gwapi__rune_fold(rune) != rune) {
        p->class.set.count = 0;
        if (!gwapi__runes_add_folded(&p->class.set, rune, rune) || !gwapi__runes_clean(&p->class.set))
            return GWAPI_ENOMEM;
        return append_set(p);
    }
    gwapi__regex_node *node = gwapi__tree_node(&p->tree, GWAPI__REGEX_RUNE);
    if (node != NULL)
        node->rune = rune;
    return append(p, node);
}

/* The items so far are an alternative. */
static gwapi_result end_alternative(parser *p)
{
    frame *f = top(p);
    gwapi__regex_node *node;

    GWAPI__TRY(gwapi__list_finish(&node, &p->tree, &f->items, f->from));
    gwapi__list_append(&p->tree, &f->alternatives, node);
    f->items = GWAPI__LIST_EMPTY(GWAPI__REGEX_CONCAT);
    return GWAPI_OK;
}

static gwapi_result end_group(parser *p, gwapi__regex_node **node)
{
    frame *f = top(p);

    GWAPI__TRY(end_alternative(p));
    GWAPI__TRY(gwapi__list_finish(node, &p->tree, &f->alternatives, f->from));
    if (f->capture)
        GWAPI__TRY(gwapi__tree_capture(node, &p->tree, f->from));
    p->flags = f->flags;
    p->frames.count--;
    return GWAPI_OK;
}

static gwapi_result close_group(parser *p)
{
    size_t from = p->scan->at++;
    gwapi__regex_node *node;

    if (p->frames.count == 1)
        return gwapi__scan_refuse(p->scan, "a ) closes no group", from);
    GWAPI__TRY(end_group(p, &node));
    return append(p, node);
}

/* (?P<name> or (?<name>, the place behind the '<'. */
static gwapi_result named_group(parser *p, size_t from)
{
    gwapi__regex_scan *s = p->scan;
    size_t start = s->at;

    while (!gwapi__scan_end(s) && (gwapi__is_alpha(s->pattern.data[s->at]) ||
                                   gwapi__is_digit(s->pattern.data[s->at]) ||
                                   s->pattern.data[s->at] == '_'))
        s->at++;
    if (s->at == start || !gwapi__scan_take(s, '>'))
        return gwapi__scan_refuse(s, "a group's name is letters, digits and _ up to >", from);
    return open_group(p, true, from, p->flags);
}

static uint8_t flag_of(char c)
{
    return c == 'i' ? FOLD : c == 'm' ? MULTI_LINE : c == 's' ? DOT_ALL : c == 'U' ? UNGREEDY : 0;
}

/* Behind (?: flags, perhaps a '-' and more, up to ')' or ':'. */
static gwapi_result flag_group(parser *p, size_t from)
{
    gwapi__regex_scan *s = p->scan;
    uint8_t flags = p->flags;
    bool negative = false, empty = false;

    while (!gwapi__scan_end(s)) {
        char c = s->pattern.data[s->at++];
        uint8_t flag = flag_of(c);
        if (flag != 0) {
            flags = (uint8_t)(negative ? flags & ~flag : flags | flag);
            empty = false;
        } else if (c == '-' && !negative) {
            negative = empty = true;
        } else if (c == ':' && !empty) {
            return open_group(p, false, from, flags);
        } else if (c == ')' && !empty) {
            p->flags = flags;
            return GWAPI_OK;
        } else {
            break;
        }
    }
    return gwapi__scan_refuse(s, "this kind of group is not supported", from);
}

static gwapi_result group(parser *p)
{
    gwapi__regex_scan *s = p->scan;
    size_t from = s->at++;

    if (!gwapi__scan_take(s, '?'))
        return open_group(p, true, from, p->flags);
    if (gwapi__scan_is(s, 0, 'P') && gwapi__scan_is(s, 1, '<'))
        s->at++;
    return gwapi__scan_take(s, '<') ? named_group(p, from) : flag_group(p, from);
}

static gwapi_result repeat(parser *p, uint32_t min, uint32_t max, bool repeated, size_t from)
{
    frame *f = top(p);
    bool lazy = ((p->flags & UNGREEDY) != 0) != gwapi__scan_take(p->scan, '?');
    gwapi__regex_node *node = f->items.last;

    if (repeated)
        return gwapi__scan_refuse(p->scan, "a repeat of a repeat needs a group", from);
    if (node == NULL)
        return gwapi__scan_refuse(p->scan, "there is nothing to repeat", from);
    GWAPI__TRY(gwapi__tree_repeat(&node, &p->tree, min, max, lazy, from));
    gwapi__list_replace(&f->items, node);
    p->repeated = true;
    return GWAPI_OK;
}

/* A decimal number without leading zeros; one that is too large is some number above the limit. */
static bool number(gwapi__regex_scan *s, uint32_t *value)
{
    size_t from = s->at;

    for (*value = 0; !gwapi__scan_end(s) && gwapi__is_digit(s->pattern.data[s->at]); s->at++)
        if (*value <= LARGEST_REPEAT)
            *value = *value * 10 + (uint32_t)(s->pattern.data[s->at] - '0');
    return s->at > from && (s->pattern.data[from] != '0' || s->at == from + 1);
}

/* {n}, {n,} or {n,m}; false, the place unchanged, if it is none of them. */
static bool braces(gwapi__regex_scan *s, uint32_t *min, uint32_t *max)
{
    size_t from = s->at++;
    bool ok = number(s, min);

    *max = *min;
    if (ok && gwapi__scan_take(s, ',')) {
        *max = GWAPI__REGEX_UNBOUNDED;
        ok = gwapi__scan_is(s, 0, '}') || number(s, max);
    }
    if (ok && gwapi__scan_take(s, '}'))
        return true;
    s->at = from;
    return false;
}

static gwapi_result counted_repeat(parser *p, bool repeated)
{
    size_t from = p->scan->at;
    uint32_t min, max;

    if (!braces(p->scan, &min, &max)) {
        p->scan->at++;
        return append_rune(p, '{');
    }
    if (min > LARGEST_REPEAT || (max != GWAPI__REGEX_UNBOUNDED && (max > LARGEST_REPEAT || min > max)))
        return gwapi__scan_refuse(p->scan, "a repeat count is above 1000 or out of order", from);
    return repeat(p, min, max, repeated, from);
}

/* \Q…\E: the text between them, or to the end, as it stands. */
static gwapi_result quoted(parser *p)
{
    gwapi__regex_scan *s = p->scan;
    uint32_t rune;

    for (s->at += 2; !gwapi__scan_end(s);) {
        if (gwapi__scan_is(s, 0, '\\') && gwapi__scan_is(s, 1, 'E')) {
            s->at += 2;
            break;
        }
        GWAPI__TRY(gwapi__scan_rune(s, &rune));
        GWAPI__TRY(append_rune(p, rune));
    }
    return GWAPI_OK;
}

static gwapi_result backslash(parser *p)
{
    static const char letters[] = "AzbB";
    static const gwapi__regex_kind kinds[] = {GWAPI__REGEX_BEGIN_TEXT, GWAPI__REGEX_END_TEXT,
                                              GWAPI__REGEX_WORD, GWAPI__REGEX_NO_WORD};
    gwapi__regex_scan *s = p->scan;
    uint32_t rune;
    bool found;

    if (gwapi__scan_is(s, 1, 'Q'))
        return quoted(p);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (gwapi__scan_is(s, 1, letters[i])) {
            s->at += 2;
            return append_leaf(p, kinds[i]);
        }
    }
    p->class.set.count = 0;
    GWAPI__TRY(gwapi__class_named(&p->class, (p->flags & FOLD) != 0, &found));
    if (found) {
        if (!gwapi__runes_clean(&p->class.set))
            return GWAPI_ENOMEM;
        return append_set(p);
    }
    GWAPI__TRY(gwapi__class_escape(s, &rune));
    return append_rune(p, rune);
}

static gwapi_result bracket(parser *p)
{
    GWAPI__TRY(gwapi__class_bracket(&p->class, (p->flags & FOLD) != 0));
    return append_set(p);
}

static gwapi_result plain_rune(parser *p)
{
    uint32_t rune;

    GWAPI__TRY(gwapi__scan_rune(p->scan, &rune));
    return append_rune(p, rune);
}

static gwapi_result short_repeat(parser *p, char c, bool repeated)
{
    size_t from = p->scan->at++;

    return repeat(p, c == '+', c == '?' ? 1 : GWAPI__REGEX_UNBOUNDED, repeated, from);
}

static gwapi_result single(parser *p, gwapi__regex_kind kind)
{
    p->scan->at++;
    return append_leaf(p, kind);
}

static gwapi_result token(parser *p, bool repeated)
{
    char c = p->scan->pattern.data[p->scan->at];

    switch (c) {
    case '(':
        return group(p);
    case ')':
        return close_group(p);
    case '|':
        p->scan->at++;
        return end_alternative(p);
    case '^':
        return single(p, (p->flags & MULTI_LINE) != 0 ? GWAPI__REGEX_BEGIN_LINE
                                                      : GWAPI__REGEX_BEGIN_TEXT);
    case '$':
        return single(p, (p->flags & MULTI_LINE) != 0 ? GWAPI__REGEX_END_LINE
                                                      : GWAPI__REGEX_END_TEXT);
    case '.':
        return single(p, (p->flags & DOT_ALL) != 0 ? GWAPI__REGEX_ANY : GWAPI__REGEX_ANY_IN_LINE);
    case '[':
        return bracket(p);
    case '*':
    case '+':
    case '?':
        return short_repeat(p, c, repeated);
    case '{':
        return counted_repeat(p, repeated);
    case '\\':
        return backslash(p);
    default:
        return plain_rune(p);
    }
}

static gwapi_result parse(parser *p, const gwapi__regex_node **root)
{
    gwapi__regex_scan *s = p->scan;
    gwapi__regex_node *node;

    GWAPI__TRY(open_group(p, false, 0, 0));
    while (!gwapi__scan_end(s)) {
        bool repeated = p->repeated;
        p->repeated = false;
        GWAPI__TRY(token(p, repeated));
    }
    if (p->frames.count > 1)
        return gwapi__scan_refuse(s, "a group is not closed by )", top(p)->from);
    GWAPI__TRY(end_group(p, &node));
    *root = node;
    return GWAPI_OK;
}

gwapi_result gwapi__regex_parse(const gwapi__regex_node **root, gwapi__arena *arena,
                                gwapi__regex_scan *scan, uint32_t states)
{
    parser p = {.scan = scan};

    gwapi__tree_init(&p.tree, arena, scan, states);
    gwapi__class_init(&p.class, scan, &arena->allocator);
    gwapi__vector_init(&p.frames, &arena->allocator, sizeof(frame));
    gwapi_result result = parse(&p, root);
    gwapi__vector_free(&p.frames);
    gwapi__class_free(&p.class);
    gwapi__tree_free(&p.tree);
    if (result == GWAPI_OK && states != 0 && (*root)->states + 1 > states)
        return GWAPI_ELIMIT;
    return result;
}
