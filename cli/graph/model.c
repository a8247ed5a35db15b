#include "model.h"

#include <stdlib.h>
#include <string.h>

void graph_init(graph *g)
{
    *g = (graph){0};
    g->index = json_object();
}

void graph_free(graph *g)
{
    for (size_t i = 0; i < g->card_count; i++) {
        graph_card *card = &g->cards[i];
        for (size_t k = 0; k < card->row_count; k++) {
            free(card->rows[k].text);
            free(card->rows[k].note);
        }
        free(card->rows);
        free(card->kind);
        free(card->name);
        free(card->note);
    }
    for (size_t i = 0; i < g->edge_count; i++)
        free(g->edges[i].label);
    free(g->cards);
    free(g->edges);
    json_decref(g->index);
}

/* Cleaned text has no control character, so that the key cannot be read in two ways. */
static char *key_of(graph_role role, const char *kind, const char *name)
{
    return cli_format("%d\x1f%s\x1f%s", (int)role, kind, name);
}

size_t graph_find(const graph *g, graph_role role, const char *kind, const char *name)
{
    char *key = key_of(role, kind, name);
    const json_t *found = json_object_get(g->index, key);

    free(key);
    return found != NULL ? (size_t)json_integer_value(found) : GRAPH_NONE;
}

/* Room for one more in an array that doubles. */
static void *room(void *array, size_t count, size_t size)
{
    if (count != 0 && (count & (count - 1)) != 0)
        return array;
    return cli_grow(array, count != 0 ? 2 * count : 1, size);
}

size_t graph_card_of(graph *g, graph_role role, const char *kind, const char *name)
{
    size_t found = graph_find(g, role, kind, name);
    char *key;

    if (found != GRAPH_NONE)
        return found;
    g->cards = room(g->cards, g->card_count, sizeof *g->cards);
    g->cards[g->card_count] = (graph_card){.role = role,
                                           .kind = cli_format("%s", kind),
                                           .name = cli_format("%s", name),
                                           .absent = true,
                                           .owner = GRAPH_NONE};
    key = key_of(role, kind, name);
    json_object_set_new(g->index, key, json_integer((json_int_t)g->card_count));
    free(key);
    return g->card_count++;
}

size_t graph_row_add(graph *g, size_t card, char *text, char *note, bool bad)
{
    graph_card *c = &g->cards[card];

    c->rows = room(c->rows, c->row_count, sizeof *c->rows);
    c->rows[c->row_count] = (graph_row){.text = text, .note = note, .bad = bad};
    return c->row_count++;
}

size_t graph_row_find(const graph *g, size_t card, const char *text)
{
    for (size_t i = 0; i < g->cards[card].row_count; i++)
        if (strcmp(g->cards[card].rows[i].text, text) == 0)
            return i;
    return GRAPH_NONE;
}

void graph_join(graph *g, graph_line line, graph_end from, graph_end to, char *label)
{
    g->edges = room(g->edges, g->edge_count, sizeof *g->edges);
    g->edges[g->edge_count++] =
        (graph_edge){.line = line, .from = from, .to = to, .label = label};
}

/* ---- order ----------------------------------------------------------------------------- */

/* What a card is sorted by: a ListenerSet by its Gateway first. */
typedef struct place {
    const graph_card *card, *leader;
    size_t number;
} place;

static int compare_cards(const graph_card *a, const graph_card *b)
{
    int by_kind, role_a = (int)a->role, role_b = (int)b->role;

    if (role_a != role_b)
        return role_a < role_b ? -1 : 1;
    by_kind = strcmp(a->kind, b->kind);
    return by_kind != 0 ? by_kind : strcmp(a->name, b->name);
}

static int compare_places(const void *left, const void *right)
{
    const place *a = left, *b = right;
    int by_leader = compare_cards(a->leader, b->leader);

    return by_leader != 0 ? by_leader : compare_cards(a->card, b->card);
}

static int compare_sizes(size_t a, size_t b)
{
    return a < b ? -1 : a > b;
}

static int compare_edges(const void *left, const void *right)
{
    const graph_edge *a = left, *b = right;
    const int by[] = {
        compare_sizes(a->from.card, b->from.card),
        compare_sizes(a->from.row + 1, b->from.row + 1),
        compare_sizes(a->to.card, b->to.card),
        compare_sizes(a->to.row + 1, b->to.row + 1),
        compare_sizes(a->line, b->line),
        strcmp(a->label != NULL ? a->label : "", b->label != NULL ? b->label : "")};

    for (size_t i = 0; i < sizeof by / sizeof *by; i++)
        if (by[i] != 0)
            return by[i];
    return 0;
}

void graph_sort(graph *g)
{
    place *places = cli_alloc(g->card_count, sizeof *places);
    size_t *number = cli_alloc(g->card_count, sizeof *number);
    graph_card *sorted = cli_alloc(g->card_count, sizeof *sorted);

    for (size_t i = 0; i < g->card_count; i++) {
        const graph_card *card = &g->cards[i];
        places[i] = (place){card, card->owner != GRAPH_NONE ? &g->cards[card->owner] : card, i};
    }
    if (g->card_count != 0)
        qsort(places, g->card_count, sizeof *places, compare_places);
    for (size_t i = 0; i < g->card_count; i++) {
        sorted[i] = *places[i].card;
        number[places[i].number] = i;
    }
    for (size_t i = 0; i < g->card_count; i++)
        if (sorted[i].owner != GRAPH_NONE)
            sorted[i].owner = number[sorted[i].owner];
    for (size_t i = 0; i < g->edge_count; i++) {
        g->edges[i].from.card = number[g->edges[i].from.card];
        g->edges[i].to.card = number[g->edges[i].to.card];
    }
    if (g->edge_count != 0)
        qsort(g->edges, g->edge_count, sizeof *g->edges, compare_edges);
    free(g->cards);
    g->cards = sorted;
    json_object_clear(g->index);
    free(places);
    free(number);
}
