/* A picture of the topology: cards with rows, and lines between rows. */
#ifndef CLI_GRAPH_MODEL_H
#define CLI_GRAPH_MODEL_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include "../memory.h"

#define GRAPH_NONE ((size_t)-1)

/* From left to right; the order within FRONT is of the enum. */
typedef enum graph_role {
    GRAPH_GATEWAY,
    GRAPH_LISTENER_SET, /* stands below the Gateway it belongs to */
    GRAPH_MESH,
    GRAPH_SERVICE, /* as the parent of routes */
    GRAPH_ROUTE,
    GRAPH_BACKEND,
    GRAPH_POLICY
} graph_role;
enum { GRAPH_COLUMNS = 4 }; /* fronts, routes, backends, policies */

typedef struct graph_row {
    char *text;
    char *note; /* NULL: none */
    bool bad;
    double y, height; /* of the layout, within the card */
} graph_row;

typedef struct graph_card {
    graph_role role;
    char *kind;
    char *name; /* "namespace/name" */
    char *note; /* NULL: none */
    bool bad;
    bool absent;  /* referred to, but not in the input */
    size_t owner; /* of a ListenerSet its Gateway, or GRAPH_NONE */
    graph_row *rows;
    size_t row_count;
    double x, y, width, height, head; /* of the layout */
} graph_card;

typedef enum graph_line {
    GRAPH_ATTACHED,
    GRAPH_REJECTED, /* a parent or an owner that refuses */
    GRAPH_OWNS,     /* a Gateway its ListenerSet */
    GRAPH_FORWARDS,
    GRAPH_FAULTY, /* a backend that gets no traffic */
    GRAPH_MIRRORS,
    GRAPH_AUTHORIZES,
    GRAPH_APPLIES,
    GRAPH_LOSES, /* a policy that is not in force */
    GRAPH_LINES
} graph_line;

typedef struct graph_end {
    size_t card;
    size_t row; /* GRAPH_NONE: the card itself */
} graph_end;

typedef struct graph_edge {
    graph_line line;
    graph_end from, to;
    char *label;           /* NULL: none */
    double x1, y1, x2, y2; /* of the layout */
} graph_edge;

typedef struct graph {
    graph_card *cards;
    size_t card_count;
    graph_edge *edges;
    size_t edge_count;
    json_t *index; /* role, kind and name to the card's number */
    double width, height;
} graph;

/* Texts are taken over; all of it is cleaned text of one line. */
void graph_init(graph *g);
void graph_free(graph *g);
/* Finds the card, or adds one that is absent; takes nothing. */
size_t graph_card_of(graph *g, graph_role role, const char *kind, const char *name);
size_t graph_find(const graph *g, graph_role role, const char *kind, const char *name);
size_t graph_row_add(graph *g, size_t card, char *text, char *note, bool bad);
size_t graph_row_find(const graph *g, size_t card, const char *text);
void graph_join(graph *g, graph_line line, graph_end from, graph_end to, char *label);
/* Cards in the order of role, kind and name, each ListenerSet behind its Gateway; edges in the
 * order of their ends: the same objects in any order give the same picture. */
void graph_sort(graph *g);

static inline size_t graph_column(const graph_card *card)
{
    return card->role < GRAPH_ROUTE ? 0 : (size_t)card->role - GRAPH_ROUTE + 1;
}

static inline bool graph_is_bad(graph_line line)
{
    return line == GRAPH_REJECTED || line == GRAPH_FAULTY || line == GRAPH_LOSES;
}

#endif
