/* The picture for tools that lay out by themselves: Graphviz and Mermaid. Cards are groups,
 * rows are nodes. */
#include <stdlib.h>
#include <string.h>

#include "graph.h"

/* ---- what both have in common ---------------------------------------------------------- */

typedef struct language {
    void (*put)(FILE *out, const char *text); /* within quotes */
    const char *line_end;                     /* within quotes */
} language;

static void put_parts(FILE *out, const language *l, const char *first, const char *second,
                      const char *third)
{
    const char *const parts[] = {first, second, third};

    for (size_t i = 0; i < 3; i++) {
        if (parts[i] == NULL)
            continue;
        if (i != 0)
            fputs(l->line_end, out);
        l->put(out, parts[i]);
    }
}

static const char *card_note(const graph_card *card)
{
    return card->note == NULL && card->absent ? "not in the input" : card->note;
}

static void put_card(FILE *out, const language *l, const graph_card *card)
{
    put_parts(out, l, card->kind, card->name, card_note(card));
}

/* "c3" of a card without rows, "c3r0" of a row. */
static void put_node(FILE *out, const graph *g, graph_end end)
{
    fprintf(out, "c%zu", end.card);
    if (end.row != GRAPH_NONE)
        fprintf(out, "r%zu", end.row);
    else if (g->cards[end.card].row_count != 0)
        fputs("r0", out);
}

/* ---- Graphviz -------------------------------------------------------------------------- */

static void put_dot(FILE *out, const char *text)
{
    for (; *text != '\0'; text++) {
        if (*text == '"' || *text == '\\')
            fputc('\\', out);
        fputc(*text, out);
    }
}

static const language dot = {put_dot, "\\n"};

static void put_dot_rows(FILE *out, size_t i, const graph_card *card)
{
    fprintf(out, "  subgraph cluster%zu {\n    label=\"", i);
    put_card(out, &dot, card);
    fprintf(out, "\";\n    style=\"rounded%s\";\n    color=\"%s\";\n",
            card->absent ? ",dashed" : "", card->bad ? "#dc2626" : "#94a3b8");
    for (size_t k = 0; k < card->row_count; k++) {
        fprintf(out, "    c%zur%zu [label=\"", i, k);
        put_parts(out, &dot, card->rows[k].text, card->rows[k].note, NULL);
        fprintf(out, "\"%s];\n", card->rows[k].bad ? ",color=\"#dc2626\"" : "");
    }
    fputs("  }\n", out);
}

static void put_dot_card(FILE *out, size_t i, const graph_card *card)
{
    if (card->row_count != 0) {
        put_dot_rows(out, i, card);
        return;
    }
    fprintf(out, "  c%zu [label=\"", i);
    put_card(out, &dot, card);
    fprintf(out, "\"%s%s];\n", card->absent ? ",style=\"rounded,dashed\"" : "",
            card->bad ? ",color=\"#dc2626\"" : "");
}

static void put_dot_edge(FILE *out, const graph *g, const graph_edge *e)
{
    static const char *const styles[GRAPH_LINES] = {
        [GRAPH_ATTACHED] = "color=\"#2563eb\"",
        [GRAPH_REJECTED] = "style=dashed,color=\"#dc2626\",fontcolor=\"#dc2626\"",
        [GRAPH_OWNS] = "color=\"#0284c7\",arrowhead=none",
        [GRAPH_FORWARDS] = "color=\"#64748b\"",
        [GRAPH_FAULTY] = "style=dotted,color=\"#dc2626\",fontcolor=\"#dc2626\"",
        [GRAPH_MIRRORS] = "style=dotted,color=\"#7c3aed\"",
        [GRAPH_AUTHORIZES] = "style=dashed,color=\"#0d9488\"",
        [GRAPH_APPLIES] = "color=\"#b45309\",dir=back",
        [GRAPH_LOSES] = "style=dashed,color=\"#dc2626\",fontcolor=\"#dc2626\",dir=back"};
    bool tail = e->from.row == GRAPH_NONE && g->cards[e->from.card].row_count != 0;
    bool head = e->to.row == GRAPH_NONE && g->cards[e->to.card].row_count != 0;

    fputs("  ", out);
    put_node(out, g, e->from);
    fputs(" -> ", out);
    put_node(out, g, e->to);
    fprintf(out, " [%s", styles[e->line]);
    if (tail)
        fprintf(out, ",ltail=cluster%zu", e->from.card);
    if (head)
        fprintf(out, ",lhead=cluster%zu", e->to.card);
    if (e->label != NULL) {
        fputs(",label=\"", out);
        put_dot(out, e->label);
        fputc('"', out);
    }
    fputs("];\n", out);
}

void graph_write_dot(FILE *out, const graph *g)
{
    fputs("digraph topology {\n"
          "  graph [rankdir=LR,compound=true,fontname=\"Helvetica\",fontsize=11,nodesep=0.15,"
          "ranksep=1.4];\n"
          "  node "
          "[shape=box,style=rounded,fontname=\"Helvetica\",fontsize=10,color=\"#94a3b8\"];\n"
          "  edge [fontname=\"Helvetica\",fontsize=9,arrowsize=0.7];\n",
          out);
    for (size_t i = 0; i < g->card_count; i++)
        put_dot_card(out, i, &g->cards[i]);
    for (size_t i = 0; i < g->edge_count; i++)
        put_dot_edge(out, g, &g->edges[i]);
    fputs("}\n", out);
}

/* ---- Mermaid --------------------------------------------------------------------------- */

/* Letters, digits and what has no meaning to Mermaid, Markdown or HTML as they are; the rest by
 * number. */
static void put_mermaid(FILE *out, const char *text)
{
    for (const unsigned char *at = (const unsigned char *)text; *at != '\0'; at++)
        if (*at >= 0x80u || (*at >= '0' && *at <= '9') ||
            ((*at | 0x20u) >= 'a' && (*at | 0x20u) <= 'z') || strchr(" ./:-=,", *at) != NULL)
            fputc(*at, out);
        else
            fprintf(out, "#%u;", (unsigned)*at);
}

static const language mermaid = {put_mermaid, "<br/>"};

static void put_mermaid_card(FILE *out, size_t i, const graph_card *card)
{
    if (card->row_count == 0) {
        fprintf(out, "  c%zu[\"", i);
        put_card(out, &mermaid, card);
        fputs("\"]\n", out);
        return;
    }
    fprintf(out, "  subgraph c%zu[\"", i);
    put_card(out, &mermaid, card);
    fputs("\"]\n", out);
    for (size_t k = 0; k < card->row_count; k++) {
        fprintf(out, "    c%zur%zu[\"", i, k);
        put_parts(out, &mermaid, card->rows[k].text, card->rows[k].note, NULL);
        fputs("\"]\n", out);
    }
    fputs("  end\n", out);
}

static void put_mermaid_end(FILE *out, graph_end end)
{
    fprintf(out, "c%zu", end.card);
    if (end.row != GRAPH_NONE)
        fprintf(out, "r%zu", end.row);
}

static void put_mermaid_edge(FILE *out, const graph_edge *e)
{
    static const char *const arrows[GRAPH_LINES] = {
        [GRAPH_ATTACHED] = "-->",    [GRAPH_REJECTED] = "-.-x", [GRAPH_OWNS] = "---",
        [GRAPH_FORWARDS] = "-->",    [GRAPH_FAULTY] = "-.-x",   [GRAPH_MIRRORS] = "-.->",
        [GRAPH_AUTHORIZES] = "-.->", [GRAPH_APPLIES] = "-->",   [GRAPH_LOSES] = "-.-x"};
    bool backward = e->line == GRAPH_APPLIES || e->line == GRAPH_LOSES;

    fputs("  ", out);
    put_mermaid_end(out, backward ? e->to : e->from);
    fprintf(out, " %s", arrows[e->line]);
    if (e->label != NULL) {
        fputs("|\"", out);
        put_mermaid(out, e->label);
        fputs("\"|", out);
    }
    fputc(' ', out);
    put_mermaid_end(out, backward ? e->from : e->to);
    fputc('\n', out);
}

static void put_class(FILE *out, const graph *g, const char *name, const char *style,
                      bool (*belongs)(const graph_card *card))
{
    bool any = false;

    for (size_t i = 0; i < g->card_count; i++) {
        if (!belongs(&g->cards[i]))
            continue;
        if (!any)
            fprintf(out, "  classDef %s %s\n  class ", name, style);
        fprintf(out, "%sc%zu", any ? "," : "", i);
        any = true;
    }
    if (any)
        fprintf(out, " %s\n", name);
}

static bool is_bad(const graph_card *card)
{
    return card->bad && !card->absent;
}

static bool is_absent(const graph_card *card)
{
    return card->absent;
}

void graph_write_mermaid(FILE *out, const graph *g)
{
    bool any = false;

    fputs("flowchart LR\n", out);
    for (size_t i = 0; i < g->card_count; i++)
        put_mermaid_card(out, i, &g->cards[i]);
    for (size_t i = 0; i < g->edge_count; i++)
        put_mermaid_edge(out, &g->edges[i]);
    put_class(out, g, "problem", "stroke:#dc2626,stroke-width:2px", is_bad);
    put_class(out, g, "absent", "stroke-dasharray:5 4", is_absent);
    for (size_t i = 0; i < g->edge_count; i++)
        if (graph_is_bad(g->edges[i].line)) {
            fprintf(out, "%s%zu", any ? "," : "  linkStyle ", i);
            any = true;
        }
    if (any)
        fputs(" stroke:#dc2626\n", out);
}
