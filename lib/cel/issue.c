#include "base/slice.h"
#include "base/utf8.h"
#include "cel/ast.h"
#include "cel/message.h"

/* An expression of errors alone would else take more memory for them than for itself. */
enum { MOST_ISSUES = 100 };

static void link_issue(gwapi__cel_issues *issues, gwapi__cel_issue *issue)
{
    if (issues->last == NULL)
        issues->first = issue;
    else
        issues->last->next = issue;
    issues->last = issue;
    issues->count++;
}

bool gwapi__cel_issue_add(gwapi__arena *arena, gwapi__cel_issues *issues, uint32_t offset,
                          uint32_t length, const char *format, ...)
{
    gwapi__text text;
    va_list args;

    if (issues->count >= MOST_ISSUES)
        return true;
    gwapi__text_init(&text, &arena->allocator);
    va_start(args, format);
    gwapi__cel_message(&text, format, args);
    va_end(args);
    gwapi__cel_issue *issue = GWAPI__ARENA_NEW(arena, gwapi__cel_issue);
    bool made = issue != NULL && !text.failed &&
                gwapi__arena_copy(arena, gwapi__text_str(&text), &issue->message);
    gwapi__text_free(&text);
    if (!made)
        return false;
    issue->offset = offset;
    issue->length = length;
    link_issue(issues, issue);
    return true;
}

bool gwapi__cel_issue_wanted(const gwapi__cel_issues *issues, uint32_t offset, uint32_t length)
{
    for (const gwapi__cel_issue *i = issues->first; i != NULL; i = i->next)
        if (i->offset == offset && i->length == length)
            return false;
    return issues->count < MOST_ISSUES;
}

/* ---- for people ------------------------------------------------------------------------- */

/* What is shown of a long line on either side of where the caret begins, in bytes. */
enum { BEFORE = 56, BEHIND = 72 };

typedef struct excerpt {
    gwapi_str before, marked, behind; /* of one line */
    bool cut_before, cut_behind;
} excerpt;

static bool is_continuation(gwapi_str s, size_t at)
{
    return at < s.len && ((unsigned char)s.data[at] & 0xc0) == 0x80;
}

static excerpt cut_out(gwapi_str text, size_t offset, size_t length)
{
    size_t at = offset < text.len ? offset : text.len;
    size_t start = at, end = at;
    excerpt e = {.cut_before = false};

    while (start > 0 && text.data[start - 1] != '\n' && at - start < BEFORE)
        start--;
    while (start < at && is_continuation(text, start))
        start++;
    while (end < text.len && text.data[end] != '\n' && end - at < BEHIND)
        end++;
    while (end > at && is_continuation(text, end))
        end--;
    size_t stop = length < end - at ? at + length : end;
    e.before = gwapi__str(text.data + start, at - start);
    e.marked = gwapi__str(text.data + at, stop - at);
    e.behind = gwapi__str(text.data + stop, end - stop);
    e.cut_before = start > 0 && text.data[start - 1] != '\n';
    e.cut_behind = end < text.len && text.data[end] != '\n';
    return e;
}

/* A tab counts as one column for the caret: print it as one. */
static void add_line(gwapi__text *out, gwapi_str s)
{
    for (size_t i = 0; i < s.len; i++)
        gwapi__text_char(out, s.data[i] == '\t' || s.data[i] == '\r' ? ' ' : s.data[i]);
}

static size_t columns(gwapi_str s)
{
    size_t controls = 0;

    for (size_t i = 0; i < s.len; i++)
        controls += s.data[i] == '\t' || s.data[i] == '\r';
    return gwapi__utf8_width(s) + controls;
}

void gwapi__cel_issue_write(gwapi__text *out, gwapi_str text, const gwapi__cel_issue *issue)
{
    excerpt e = cut_out(text, issue->offset, issue->length);
    size_t marks = columns(e.marked);

    gwapi__text_add(out, issue->message);
    gwapi__text_addz(out, e.cut_before ? "\n  …" : "\n  ");
    add_line(out, e.before);
    add_line(out, e.marked);
    add_line(out, e.behind);
    gwapi__text_addz(out, e.cut_behind ? "…\n  " : "\n  ");
    gwapi__text_fill(out, ' ', columns(e.before) + e.cut_before);
    gwapi__text_char(out, '^');
    gwapi__text_fill(out, '~', marks > 1 ? marks - 1 : 0);
    gwapi__text_char(out, '\n');
}
