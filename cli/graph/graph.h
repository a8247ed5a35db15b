/* From a topology to a picture, and from the picture to text. */
#ifndef CLI_GRAPH_GRAPH_H
#define CLI_GRAPH_GRAPH_H

#include <gatewayapi/snapshot.h>
#include <stdio.h>
#include "../load.h"
#include "model.h"

/* Fills the picture. The set must have been read with KEEP_SOURCE; `snapshot` is compiled from
 * the topology and tells which backends get no traffic. An exit status. */
int graph_read(graph *g, const cli_load *load, const gwapi_topology *topology,
               const gwapi_snapshot *snapshot);

/* What rules do, in few words (rules.c). To be freed; the second may be NULL. */
char *graph_rule_text(const char *kind, const json_t *rule);
char *graph_rule_note(const json_t *rule);

/* Places cards and lines. */
void graph_layout(graph *g);
/* The width of text in pixels, on the safe side for the fonts of the drawing. */
double graph_text_width(const char *text, double size, bool bold);

void graph_write_svg(FILE *out, const graph *g);
void graph_write_dot(FILE *out, const graph *g);
void graph_write_mermaid(FILE *out, const graph *g);

/* ---- measures of the drawing, in pixels ---- */
enum {
    GRAPH_MARGIN = 32,
    GRAPH_TOP = 94,    /* above the first card: title and headings */
    GRAPH_BOTTOM = 56, /* below the last one: the legend */
    GRAPH_PAD = 14,
    GRAPH_INDENT = 26, /* of a ListenerSet */
    GRAPH_GAP = 22,
    GRAPH_NEAR = 10, /* between a Gateway and its ListenerSets */
    GRAPH_CHANNEL = 184,
    GRAPH_LEAST = 190,
    GRAPH_MOST = 360,
    GRAPH_HEAD = 46,
    GRAPH_ROW = 26,
    GRAPH_NOTE = 15,
    GRAPH_SLOT = 17 /* between lines that end on one row and have labels */
};

#endif
