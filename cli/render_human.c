#include "render_human.h"

#include <stdlib.h>
#include <string.h>

#include "excerpt.h"

/* ---- the line and its caret ---- */

enum { MARGIN = 8, ELLIPSIS = 3, BYTES_A_COLUMN = 8 };

/* The last or first bytes of a text that can be seen at all: a line may be a whole file. */
static gwapi_str last_of(gwapi_str s, size_t columns)
{
    size_t most = columns * BYTES_A_COLUMN, from = s.len > most ? s.len - most : 0;

    while (from != 0 && from < s.len && ((unsigned char)s.data[from] & 0xc0) == 0x80)
        from++;
    return (gwapi_str){s.data + from, s.len - from};
}

static gwapi_str first_of(gwapi_str s, size_t columns)
{
    size_t most = columns * BYTES_A_COLUMN;

    return (gwapi_str){s.data, s.len < most ? s.len : most};
}

/* Where the text that a caret points at ends: a quoted scalar, else up to a blank or a comma.
 */
static size_t token_len(gwapi_str s)
{
    size_t i = 1;

    if (s.len == 0)
        return 0;
    if (s.data[0] == '"' || s.data[0] == '\'') {
        while (i < s.len && s.data[i] != s.data[0])
            i += s.data[i] == '\\' && s.data[0] == '"' ? 2 : 1;
        return i < s.len ? i + 1 : s.len;
    }
    while (i < s.len && strchr(" \t,]}#", s.data[i]) == NULL &&
           !(s.data[i] == ':' && (i + 1 == s.len || s.data[i + 1] == ' ')))
        i++;
    return i;
}

/* Shortens text from the left or the right to `most` columns. */
static char *cut_left(char *text, size_t most)
{
    char *start = text, *cut;

    if (cli_width(text) <= most)
        return text;
    while (*start != '\0' && cli_width(start) + ELLIPSIS > most)
        start += cli_prefix(cli_str(start), 1);
    cut = cli_format("...%s", start);
    free(text);
    return cut;
}

static char *cut_right(char *text, size_t most)
{
    size_t width = cli_width(text), len = 0;
    char *cut;

    if (width <= most)
        return text;
    for (width = 0; width + ELLIPSIS < most && text[len] != '\0'; width++)
        len += cli_prefix(cli_str(text + len), 1);
    cut = cli_format("%.*s...", (int)len, text);
    free(text);
    return cut;
}

static void print_excerpt(cli_terminal *terminal, const gwapi_diagnostic *d)
{
    size_t room = terminal->width - MARGIN;
    size_t at = cli_prefix(d->excerpt, d->excerpt_column > 0 ? d->excerpt_column - 1 : 0);
    gwapi_str left = last_of((gwapi_str){d->excerpt.data, at}, room);
    gwapi_str rest = first_of((gwapi_str){d->excerpt.data + at, d->excerpt.len - at}, room);
    size_t token = token_len(rest);
    char *before = cut_left(cli_clean(left), room / 2);
    char *marked = cut_right(cli_clean((gwapi_str){rest.data, token}), room / 4);
    size_t width = cli_width(before), under = cli_width(marked);
    char *after = cut_right(cli_clean((gwapi_str){rest.data + token, rest.len - token}),
                            room - width - under);

    cli_print(terminal, CLI_DIM, "%5u | ", (unsigned)d->line);
    cli_print(terminal, CLI_PLAIN, "%s", before);
    cli_print(terminal, CLI_BOLD, "%s", marked);
    cli_print(terminal, CLI_PLAIN, "%s\n", after);
    if (d->excerpt_column != 0) {
        cli_print(terminal, CLI_DIM, "      | ");
        fprintf(terminal->file, "%*s", (int)width, "");
        cli_print(terminal, CLI_BAD, "^");
        for (size_t i = 1; i < under; i++)
            cli_print(terminal, CLI_BAD, "~");
        fputc('\n', terminal->file);
    }
    free(before);
    free(marked);
    free(after);
}

/* ---- one finding ---- */

static const struct {
    const char *name;
    cli_style style;
} severities[] = {
    {"", CLI_PLAIN}, {"error", CLI_BAD}, {"warning", CLI_WARN}, {"note", CLI_ACCENT}};

char *cli_identity(const gwapi_document *d)
{
    char *raw = cli_format("%.*s%s%.*s%s%.*s", (int)d->kind.len, d->kind.data,
                      d->kind.len != 0 && d->name.len != 0 ? " " : "", (int)d->namespace_.len,
                      d->namespace_.len != 0 ? d->namespace_.data : "",
                      d->namespace_.len != 0 && d->name.len != 0 ? "/" : "", (int)d->name.len,
                      d->name.len != 0 ? d->name.data : "");
    char *clean = cli_clean(cli_str(raw));

    free(raw);
    return clean;
}

static void print_place(cli_terminal *terminal, const gwapi_diagnostic *d)
{
    if (d->file.len == 0)
        return;
    cli_print_str(terminal, CLI_BOLD, d->file);
    if (d->line != 0)
        cli_print(terminal, CLI_BOLD, ":%u", (unsigned)d->line);
    if (d->line != 0 && d->column != 0)
        cli_print(terminal, CLI_BOLD, ":%u", (unsigned)d->column);
    cli_print(terminal, CLI_BOLD, ": ");
}

static void print_origin(cli_terminal *terminal, const gwapi_report *report,
                         const gwapi_diagnostic *d)
{
    gwapi_document document = {.struct_size = sizeof document};
    char *who;

    if (d->document == UINT32_MAX ||
        gwapi_report_document_at(report, d->document, &document) != GWAPI_OK)
        document = (gwapi_document){.struct_size = sizeof document};
    who = cli_identity(&document);
    if (*who == '\0' && d->rule.len == 0) {
        free(who);
        return;
    }
    cli_print(terminal, CLI_DIM, "      = ");
    cli_print_str(terminal, CLI_PLAIN, cli_str(who));
    if (d->rule.len != 0) {
        cli_print(terminal, CLI_DIM, *who != '\0' ? "  [" : "[");
        cli_print_str(terminal, CLI_DIM, d->rule);
        cli_print(terminal, CLI_DIM, "]");
    }
    fputc('\n', terminal->file);
    free(who);
}

static void print_diagnostic(cli_terminal *terminal, const gwapi_report *report,
                             const gwapi_diagnostic *d)
{
    gwapi_severity severity = d->severity <= GWAPI_SEVERITY_NOTE ? d->severity : 0;

    print_place(terminal, d);
    cli_print(terminal, severities[severity].style, "%s: ", severities[severity].name);
    if (d->path.len != 0) {
        cli_print_str(terminal, CLI_BOLD, d->path);
        cli_print(terminal, CLI_BOLD, ": ");
    }
    cli_print_str(terminal, CLI_PLAIN, d->message);
    fputc('\n', terminal->file);
    if (d->excerpt.data != NULL && d->line != 0)
        print_excerpt(terminal, d);
    print_origin(terminal, report, d);
    if (d->hint.len != 0) {
        cli_print(terminal, CLI_DIM, "      = ");
        cli_print(terminal, CLI_GOOD, "hint: ");
        cli_print_str(terminal, CLI_PLAIN, d->hint);
        fputc('\n', terminal->file);
    }
}

enum { RULES_SHOWN = 3 };

/* Behind the findings of a document: what they hid. */
static void print_not_reached(cli_terminal *terminal, const gwapi_report *report,
                              uint32_t document)
{
    gwapi_document d = {.struct_size = sizeof d};

    if (document == UINT32_MAX || gwapi_report_document_at(report, document, &d) != GWAPI_OK ||
        d.not_reached_count == 0)
        return;
    char *who = cli_identity(&d), *rules = cli_count(d.not_reached_count, "rule", "rules");
    cli_print(terminal, CLI_ACCENT, "note: ");
    cli_print_str(terminal, CLI_PLAIN, cli_str(who));
    cli_print(terminal, CLI_PLAIN, ": %s not checked because of these errors: ", rules);
    for (size_t i = 0; i < d.not_reached_count && i < RULES_SHOWN; i++) {
        cli_print(terminal, CLI_DIM, i != 0 ? ", " : "");
        cli_print_str(terminal, CLI_DIM, d.not_reached[i]);
    }
    if (d.not_reached_count > RULES_SHOWN)
        cli_print(terminal, CLI_DIM, " and %zu more", d.not_reached_count - RULES_SHOWN);
    fputs("\n\n", terminal->file);
    free(who);
    free(rules);
}

void cli_render_diagnostics(cli_terminal *terminal, const gwapi_report *report, size_t first,
                            gwapi_severity least)
{
    size_t count = gwapi_report_count(report);
    gwapi_diagnostic d = {.struct_size = sizeof d};
    uint32_t document = UINT32_MAX;
    cli_excerpts excerpts = {0};

    for (size_t i = first; i < count; i++) {
        if (gwapi_report_at(report, i, &d) != GWAPI_OK || d.severity > least)
            continue;
        if (d.document != document)
            print_not_reached(terminal, report, document);
        document = d.document;
        cli_excerpt(&excerpts, &d);
        print_diagnostic(terminal, report, &d);
        fputc('\n', terminal->file);
    }
    cli_excerpts_free(&excerpts);
    print_not_reached(terminal, report, document);
    if (gwapi_report_dropped(report) != 0) {
        char *dropped = cli_count(gwapi_report_dropped(report), "finding", "findings");
        cli_print(terminal, CLI_WARN, "%s more than are kept are not shown\n\n", dropped);
        free(dropped);
    }
}

void cli_show_diagnostics(const gwapi_report *report, const cli_options *options)
{
    cli_terminal terminal;

    cli_terminal_init(&terminal, stderr, (cli_colour)options->colour);
    cli_render_diagnostics(&terminal, report, 0,
                           options->quiet ? GWAPI_SEVERITY_WARNING : GWAPI_SEVERITY_NOTE);
}

/* ---- the summary ---- */

static const struct {
    gwapi_verdict verdict;
    const char *name;
    cli_style style;
} verdicts[] = {{GWAPI_VERDICT_VALID, "valid", CLI_GOOD},
                {GWAPI_VERDICT_INVALID, "invalid", CLI_BAD},
                {GWAPI_VERDICT_SKIPPED, "skipped", CLI_WARN},
                {GWAPI_VERDICT_UNREADABLE, "unreadable", CLI_BAD}};

enum { VERDICTS = sizeof verdicts / sizeof *verdicts, SKIPPED_KINDS = 8 };

/* The kinds that were skipped, in order of appearance, each with its number. */
typedef struct skipped {
    gwapi_str kinds[SKIPPED_KINDS];
    size_t counts[SKIPPED_KINDS];
    size_t count;
    size_t others;
} skipped;

static void count_skipped(skipped *s, gwapi_str kind)
{
    for (size_t i = 0; i < s->count; i++)
        if (s->kinds[i].len == kind.len && memcmp(s->kinds[i].data, kind.data, kind.len) == 0) {
            s->counts[i]++;
            return;
        }
    if (kind.len == 0 || s->count == SKIPPED_KINDS) {
        s->others++;
        return;
    }
    s->kinds[s->count] = kind;
    s->counts[s->count++] = 1;
}

static void print_skipped(cli_terminal *terminal, const skipped *s)
{
    cli_print(terminal, CLI_PLAIN, " (");
    for (size_t i = 0; i < s->count; i++) {
        cli_print(terminal, CLI_PLAIN, i != 0 ? ", " : "");
        cli_print_str(terminal, CLI_PLAIN, s->kinds[i]);
        if (s->counts[i] > 1)
            cli_print(terminal, CLI_PLAIN, " x%zu", s->counts[i]);
    }
    if (s->others != 0)
        cli_print(terminal, CLI_PLAIN, "%s%zu more", s->count != 0 ? ", " : "", s->others);
    cli_print(terminal, CLI_PLAIN, ")");
}

static void print_severities(cli_terminal *terminal, const gwapi_report *report)
{
    size_t errors = gwapi_report_count_severity(report, GWAPI_SEVERITY_ERROR);
    size_t warnings = gwapi_report_count_severity(report, GWAPI_SEVERITY_WARNING);
    char *e = cli_count(errors, "error", "errors");
    char *w = cli_count(warnings, "warning", "warnings");

    if (errors != 0)
        cli_print(terminal, CLI_BAD, "; %s", e);
    if (warnings != 0)
        cli_print(terminal, CLI_WARN, "%s %s", errors != 0 ? "," : ";", w);
    free(e);
    free(w);
}

void cli_render_summary(cli_terminal *terminal, const gwapi_report *report, size_t files,
                        size_t excluded)
{
    size_t count = gwapi_report_document_count(report), found[VERDICTS] = {0};
    gwapi_document d = {.struct_size = sizeof d};
    skipped left_out = {0};
    char *documents = cli_count(count, "document", "documents");
    char *in = cli_count(files, "file", "files");
    bool first = true;

    for (size_t i = 0; i < count; i++) {
        if (gwapi_report_document_at(report, i, &d) != GWAPI_OK)
            continue;
        for (size_t v = 0; v < VERDICTS; v++)
            found[v] += d.verdict == verdicts[v].verdict;
        if (d.verdict == GWAPI_VERDICT_SKIPPED)
            count_skipped(&left_out, d.kind);
    }
    cli_print(terminal, CLI_BOLD, "%s in %s", documents, in);
    for (size_t v = 0; v < VERDICTS; v++) {
        if (found[v] == 0)
            continue;
        cli_print(terminal, CLI_PLAIN, first ? ": " : ", ");
        cli_print(terminal, verdicts[v].style, "%zu %s", found[v], verdicts[v].name);
        if (verdicts[v].verdict == GWAPI_VERDICT_SKIPPED)
            print_skipped(terminal, &left_out);
        first = false;
    }
    print_severities(terminal, report);
    if (excluded != 0)
        cli_print(terminal, CLI_DIM, "; %zu excluded", excluded);
    fputc('\n', terminal->file);
    free(documents);
    free(in);
}
