/* The picture as SVG 1.1: no script, no outside font, image or style. */
#include <stdlib.h>
#include <string.h>

#include "../terminal.h"
#include "../xml.h"
#include "graph.h"

/* ---- text ------------------------------------------------------------------------------ */

/* Bytes of the longest beginning that fits, with room for "…" if it is not all. */
static size_t fitting(const char *text, double room, double size, bool bold)
{
    size_t len = strlen(text), fits = 0;
    char *part;

    if (graph_text_width(text, size, bold) <= room)
        return len;
    part = cli_format("%s", text);
    for (size_t i = 0; i < len; i++)
        part[i] = '\0';
    for (size_t i = 0, next; i < len; i = next) {
        for (next = i + 1; ((unsigned char)text[next] & 0xc0u) == 0x80u; next++)
            ;
        memcpy(part + i, text + i, next - i);
        if (graph_text_width(part, size, bold) + size > room)
            break;
        fits = next;
    }
    free(part);
    return fits;
}

typedef struct face {
    const char *class;
    double size;
    bool bold;
} face;

static const face kind_face = {"k", 10, true}, name_face = {"n", 13, true},
                  note_face = {"o", 11, false}, row_face = {"r", 12, false},
                  small_face = {"s", 10.5, false}, label_face = {"l", 10.5, false};

static void put_text(FILE *out, const face *f, double x, double y, double room,
                     const char *text, const char *more)
{
    size_t fits = fitting(text, room, f->size, f->bold);

    fprintf(out, "<text class=\"%s%s\" x=\"%.0f\" y=\"%.0f\">", f->class, more, x, y);
    if (text[fits] != '\0') {
        fputs("<title>", out);
        cli_xml_put(out, text, strlen(text));
        fputs("</title>", out);
    }
    cli_xml_put(out, text, fits);
    fputs(text[fits] != '\0' ? "\xe2\x80\xa6</text>\n" : "</text>\n", out);
}

/* ---- colours --------------------------------------------------------------------------- */

static const char *colour_of(const graph_card *card)
{
    static const struct {
        const char *kind, *colour;
    } routes[] = {{"HTTPRoute", "#059669"},
                  {"GRPCRoute", "#0d9488"},
                  {"TLSRoute", "#65a30d"},
                  {"TCPRoute", "#4d7c0f"},
                  {"UDPRoute", "#4d7c0f"}};
    static const char *const colours[] = {
        [GRAPH_GATEWAY] = "#2563eb", [GRAPH_LISTENER_SET] = "#0284c7",
        [GRAPH_MESH] = "#7c3aed",    [GRAPH_SERVICE] = "#7c3aed",
        [GRAPH_ROUTE] = "#059669",   [GRAPH_BACKEND] = "#475569",
        [GRAPH_POLICY] = "#b45309"};

    for (size_t i = 0; i < sizeof routes / sizeof *routes; i++)
        if (card->role == GRAPH_ROUTE && strcmp(card->kind, routes[i].kind) == 0)
            return routes[i].colour;
    return colours[card->role];
}

static void put_style(FILE *out)
{
    fputs("<style>\n"
          "text{font-family:Helvetica,Arial,'Liberation Sans','DejaVu Sans',sans-serif;"
          "fill:#0f172a}\n"
          ".t{font-size:18px;font-weight:700}\n"
          ".u{font-size:12px;fill:#64748b}\n"
          ".h{font-size:10.5px;font-weight:700;letter-spacing:1px;fill:#94a3b8}\n"
          ".k{font-size:10px;font-weight:700;letter-spacing:.3px}\n"
          ".n{font-size:13px;font-weight:700}\n"
          ".o{font-size:11px;fill:#475569}\n"
          ".r{font-size:12px;fill:#1e293b}\n"
          ".s{font-size:10.5px;fill:#64748b}\n"
          ".l{font-size:10.5px;fill:#334155;text-anchor:end}\n"
          ".g{font-size:11px;fill:#475569}\n"
          "text.x{fill:#b91c1c}\n"
          "path{fill:none;stroke-width:1.5}\n"
          ".card{fill:#fff;stroke:#cbd5e1}\n"
          ".card.x{stroke:#ef4444}\n"
          ".card.a{fill:#f8fafc;stroke:#94a3b8;stroke-dasharray:5 4}\n"
          ".line{stroke:#e2e8f0;stroke-width:1}\n"
          "</style>\n",
          out);
}

/* ---- lines ----------------------------------------------------------------------------- */

static const struct {
    const char *colour, *dashes, *says;
    bool backward; /* the arrow is where the line starts */
} lines[GRAPH_LINES] = {
    [GRAPH_ATTACHED] = {"#2563eb", NULL, "attached", false},
    [GRAPH_REJECTED] = {"#dc2626", "6 4", "rejected", false},
    [GRAPH_OWNS] = {"#0284c7", NULL, NULL, false},
    [GRAPH_FORWARDS] = {"#64748b", NULL, "forwards to", false},
    [GRAPH_FAULTY] = {"#dc2626", "2 3", "gets no traffic", false},
    [GRAPH_MIRRORS] = {"#7c3aed", "2 4", "mirrors to", false},
    [GRAPH_AUTHORIZES] = {"#0d9488", "8 3 2 3", "asks for permission", false},
    [GRAPH_APPLIES] = {"#b45309", NULL, "policy applies", true},
    [GRAPH_LOSES] = {"#dc2626", "6 4", "policy is not in force", true},
};

static void put_markers(FILE *out)
{
    fputs("<defs>\n", out);
    for (size_t i = 0; i < GRAPH_LINES; i++)
        fprintf(out,
                "<marker id=\"m%zu\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" "
                "markerWidth=\"8\" markerHeight=\"8\" markerUnits=\"userSpaceOnUse\" "
                "orient=\"%s\"><path d=\"M0 0.5L7.5 4L0 7.5Z\" style=\"fill:%s;stroke:none\"/>"
                "</marker>\n",
                i, lines[i].backward ? "180" : "auto", lines[i].colour);
    fputs("</defs>\n", out);
}

static void put_stroke(FILE *out, graph_line line)
{
    fprintf(out, " stroke=\"%s\"", lines[line].colour);
    if (lines[line].dashes != NULL)
        fprintf(out, " stroke-dasharray=\"%s\"", lines[line].dashes);
    if (line != GRAPH_OWNS)
        fprintf(out, " marker-%s=\"url(#m%d)\"", lines[line].backward ? "start" : "end",
                (int)line);
    fputs("/>\n", out);
}

enum { LABEL_MOST = 116 };

static double label_width(const graph_edge *e)
{
    double width = graph_text_width(e->label, label_face.size, false) * 0.95;

    return width > LABEL_MOST ? LABEL_MOST : width;
}

/* From a Gateway down its left side to a ListenerSet. */
static void put_elbow(FILE *out, const graph *g, const graph_edge *e)
{
    const graph_card *owner = &g->cards[e->from.card];

    fprintf(out, "<path d=\"M%.0f %.0fV%.0fH%.0f\"",
            owner->x + (graph_is_bad(e->line) ? 8 : 15), owner->y + owner->height, e->y2,
            e->x2 - 1);
    put_stroke(out, e->line);
}

static void put_edge(FILE *out, const graph *g, const graph_edge *e)
{
    double straight = 2, left, bend;

    if (graph_column(&g->cards[e->from.card]) == graph_column(&g->cards[e->to.card])) {
        put_elbow(out, g, e);
        return;
    }
    if (e->label != NULL)
        straight = label_width(e) + 24;
    left = e->x2 - straight;
    bend = (left - e->x1) / 2;
    fprintf(out, "<path d=\"M%.0f %.0fC%.0f %.0f %.0f %.0f %.0f %.0fH%.0f\"", e->x1 + 1, e->y1,
            e->x1 + bend, e->y1, left - bend, e->y2, left, e->y2, e->x2 - 1);
    put_stroke(out, e->line);
}

static void put_label(FILE *out, const graph_edge *e)
{
    double right = e->x2 - 16, width;

    if (e->label == NULL)
        return;
    width = label_width(e);
    fprintf(
        out,
        "<rect x=\"%.0f\" y=\"%.0f\" width=\"%.0f\" height=\"15\" rx=\"7.5\" fill=\"#fff\"/>\n",
        right - width - 5, e->y2 - 7.5, width + 10);
    put_text(out, &label_face, right, e->y2 + 4, LABEL_MOST, e->label,
             graph_is_bad(e->line) ? " x" : "");
}

/* ---- cards ----------------------------------------------------------------------------- */

/* A mark that stands for the state, so that it does not take colours to see it. */
static const char *state_text(const graph_card *card)
{
    return card->absent ? "NOT IN THE INPUT" : card->bad ? "PROBLEM" : "";
}

static void put_head(FILE *out, const graph_card *card)
{
    double x = card->x + GRAPH_PAD + 4, room = card->width - 2 * GRAPH_PAD - 4;
    double state = graph_text_width(state_text(card), 9, true);

    fprintf(out, "<text class=\"k\" style=\"fill:%s\" x=\"%.0f\" y=\"%.0f\">", colour_of(card),
            x, card->y + 18);
    cli_xml_put(out, card->kind, fitting(card->kind, room - state - 8, kind_face.size, true));
    fputs("</text>\n", out);
    if (*state_text(card) != '\0')
        fprintf(out,
                "<text class=\"h%s\" style=\"font-size:9px;letter-spacing:0;text-anchor:end\" "
                "x=\"%.0f\" y=\"%.0f\">%s</text>\n",
                card->bad ? " x" : "", card->x + card->width - GRAPH_PAD, card->y + 18,
                state_text(card));
    put_text(out, &name_face, x, card->y + 35, room, card->name, "");
    if (card->note != NULL)
        put_text(out, &note_face, x, card->y + 51, room, card->note, card->bad ? " x" : "");
}

static void put_row(FILE *out, const graph_card *card, const graph_row *row)
{
    double x = card->x + GRAPH_PAD + 4, room = card->width - 2 * GRAPH_PAD - 4;
    double y = card->y + row->y, middle = y + row->height / 2;

    fprintf(out, "<path class=\"line\" d=\"M%.0f %.0fH%.0f\"/>\n", card->x + 5, y,
            card->x + card->width);
    put_text(out, &row_face, x, middle + (row->note != NULL ? -3 : 4), room, row->text,
             row->bad ? " x" : "");
    if (row->note != NULL)
        put_text(out, &small_face, x, middle + 12, room, row->note, row->bad ? " x" : "");
}

static void put_card(FILE *out, const graph_card *card)
{
    fprintf(out,
            "<rect x=\"%.0f\" y=\"%.0f\" width=\"%.0f\" height=\"%.0f\" rx=\"8\" "
            "fill=\"#0f172a\" fill-opacity=\"0.06\"/>\n",
            card->x + 1, card->y + 2, card->width, card->height);
    fprintf(out,
            "<rect class=\"card%s\" x=\"%.0f\" y=\"%.0f\" width=\"%.0f\" height=\"%.0f\" "
            "rx=\"8\"/>\n",
            card->absent ? " a"
            : card->bad  ? " x"
                         : "",
            card->x, card->y, card->width, card->height);
    fprintf(out,
            "<rect x=\"%.0f\" y=\"%.0f\" width=\"4\" height=\"%.0f\" rx=\"2\" fill=\"%s\"/>\n",
            card->x + 6, card->y + 9, card->head - 18, colour_of(card));
    put_head(out, card);
    for (size_t i = 0; i < card->row_count; i++)
        put_row(out, card, &card->rows[i]);
}

/* ---- around them ----------------------------------------------------------------------- */

static char *counted(char *owned, size_t count, const char *one, const char *many)
{
    char *number = cli_count(count, one, many),
         *longer = count != 0
                       ? cli_format("%s%s%s", owned, *owned != '\0' ? " \xc2\xb7 " : "", number)
                       : cli_format("%s", owned);

    free(owned);
    free(number);
    return longer;
}

static void put_title(FILE *out, const graph *g)
{
    size_t counts[GRAPH_POLICY + 1] = {0};
    char *summary = cli_format("%s", "");

    for (size_t i = 0; i < g->card_count; i++)
        counts[g->cards[i].role]++;
    summary = counted(summary, counts[GRAPH_GATEWAY], "Gateway", "Gateways");
    summary = counted(summary, counts[GRAPH_LISTENER_SET], "ListenerSet", "ListenerSets");
    summary = counted(summary, counts[GRAPH_MESH], "mesh", "meshes");
    summary =
        counted(summary, counts[GRAPH_SERVICE], "Service as parent", "Services as parents");
    summary = counted(summary, counts[GRAPH_ROUTE], "route", "routes");
    summary = counted(summary, counts[GRAPH_BACKEND], "backend", "backends");
    summary = counted(summary, counts[GRAPH_POLICY], "policy", "policies");
    fprintf(out,
            "<text class=\"t\" x=\"%d\" y=\"32\">Gateway API topology</text>\n"
            "<text class=\"u\" x=\"%d\" y=\"51\">%s</text>\n",
            GRAPH_MARGIN, GRAPH_MARGIN, *summary != '\0' ? summary : "nothing to draw");
    free(summary);
}

static void put_headings(FILE *out, const graph *g)
{
    static const char *const says[] = {"PARENTS", "ROUTES AND RULES", "BACKENDS", "POLICIES"};
    bool shown[GRAPH_COLUMNS] = {false};

    for (size_t i = 0; i < g->card_count; i++) {
        const graph_card *card = &g->cards[i];
        size_t column = graph_column(card);
        if (!shown[column] && card->owner == GRAPH_NONE)
            fprintf(out, "<text class=\"h\" x=\"%.0f\" y=\"%d\">%s</text>\n", card->x,
                    GRAPH_TOP - 9, says[column]);
        shown[column] = shown[column] || card->owner == GRAPH_NONE;
    }
}

/* Only what is in the picture; what does not fit beside it goes on a line of its own. */
static void put_legend(FILE *out, const graph *g)
{
    bool used[GRAPH_LINES] = {false};
    double x = GRAPH_MARGIN, y = g->height - 22;

    for (size_t i = 0; i < g->edge_count; i++)
        used[g->edges[i].line] = true;
    for (size_t i = 0; i < GRAPH_LINES; i++) {
        double width;
        if (!used[i] || lines[i].says == NULL)
            continue;
        width = graph_text_width(lines[i].says, 11, false) + 64;
        if (x > GRAPH_MARGIN && x + width > g->width) {
            x = GRAPH_MARGIN;
            y += 16;
        }
        fprintf(out, "<path d=\"M%.0f %.0fH%.0f\"", x, y - 4, x + 32);
        put_stroke(out, (graph_line)i);
        fprintf(out, "<text class=\"g\" x=\"%.0f\" y=\"%.0f\">%s</text>\n", x + 40, y,
                lines[i].says);
        x += width;
    }
}

void graph_write_svg(FILE *out, const graph *g)
{
    fprintf(out,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%.0f\" height=\"%.0f\" "
            "viewBox=\"0 0 %.0f %.0f\" xml:space=\"preserve\" role=\"img\">\n<title>Gateway "
            "API topology</title>\n",
            g->width, g->height, g->width, g->height);
    put_style(out);
    put_markers(out);
    fprintf(out, "<rect width=\"%.0f\" height=\"%.0f\" fill=\"#fff\"/>\n", g->width, g->height);
    put_title(out, g);
    put_headings(out, g);
    for (size_t i = 0; i < g->edge_count; i++)
        put_edge(out, g, &g->edges[i]);
    for (size_t i = 0; i < g->edge_count; i++)
        put_label(out, &g->edges[i]);
    for (size_t i = 0; i < g->card_count; i++)
        put_card(out, &g->cards[i]);
    put_legend(out, g);
    fputs("</svg>\n", out);
}
