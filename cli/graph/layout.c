/* Where cards and lines go: columns, an order in each with few crossings, places near what they
 * are joined with. Everything is arithmetic on the picture, so that it comes out the same
 * everywhere. */
#include <stdlib.h>
#include <string.h>

#include "../terminal.h"
#include "graph.h"

/* ---- text ------------------------------------------------------------------------------ */

/* Hundredths of the size, from ' ' to '~', of a wide sans-serif face. */
static const unsigned char widths[] = {
    32, 40, 46, 84, 64, 95, 78, 28, 39, 39, 50, 84, 32, 36,  32, 34, 64, 64, 64,
    64, 64, 64, 64, 64, 64, 64, 34, 34, 84, 84, 84, 53, 100, 68, 69, 70, 77, 63,
    58, 78, 75, 30, 30, 66, 56, 86, 75, 79, 60, 79, 70, 64,  61, 73, 68, 99, 69,
    61, 69, 39, 34, 39, 84, 50, 50, 61, 64, 55, 64, 62, 35,  64, 63, 28, 28, 58,
    28, 97, 63, 61, 64, 64, 41, 52, 39, 63, 59, 82, 59, 59,  53, 64, 34, 64, 84};

double graph_text_width(const char *text, double size, bool bold)
{
    double sum = 0;

    for (const unsigned char *at = (const unsigned char *)text; *at != '\0'; at++)
        if (*at >= ' ' && *at <= '~')
            sum += widths[*at - ' '];
        else if ((*at & 0xc0u) != 0x80u)
            sum += 100;
    return sum * size * (bold ? 1.12 : 1.0) / 100;
}

static double greater(double a, double b)
{
    return a > b ? a : b;
}

static double text_width(const char *text, double size, bool bold)
{
    return text != NULL ? graph_text_width(text, size, bold) : 0;
}

/* ---- the size of cards ----------------------------------------------------------------- */

static double width_of(const graph_card *card)
{
    double width =
        greater(text_width(card->name, 13, true), text_width(card->kind, 10, true) + 90);

    width = greater(width, text_width(card->note, 11, false));
    for (size_t i = 0; i < card->row_count; i++) {
        width = greater(width, text_width(card->rows[i].text, 12, false));
        width = greater(width, text_width(card->rows[i].note, 10.5, false));
    }
    return width + 2 * GRAPH_PAD + 6;
}

static void size_columns(graph *g, double *widths_of)
{
    for (size_t i = 0; i < g->card_count; i++) {
        double *most = &widths_of[graph_column(&g->cards[i])];
        double width =
            width_of(&g->cards[i]) + (g->cards[i].owner != GRAPH_NONE ? GRAPH_INDENT : 0);
        *most = greater(*most, greater(width, GRAPH_LEAST));
        if (*most > GRAPH_MOST)
            *most = GRAPH_MOST;
    }
}

/* Lines that end there and say something need room beside each other. */
static double room_for(size_t labelled)
{
    return labelled > 1 ? (double)labelled * GRAPH_SLOT : 0;
}

/* The number of a place where lines end: the card's head, or a row. */
static size_t *number_slots(const graph *g, size_t *count)
{
    size_t *first = cli_alloc(g->card_count + 1, sizeof *first);

    *count = 0;
    for (size_t i = 0; i < g->card_count; i++) {
        first[i] = *count;
        *count += g->cards[i].row_count + 1;
    }
    first[g->card_count] = *count;
    return first;
}

static size_t slot_of(const size_t *first, graph_end end)
{
    return first[end.card] + (end.row != GRAPH_NONE ? end.row + 1 : 0);
}

static void size_cards(graph *g, const size_t *first, const size_t *labelled)
{
    for (size_t i = 0; i < g->card_count; i++) {
        graph_card *card = &g->cards[i];
        card->head = GRAPH_HEAD + (card->note != NULL ? GRAPH_NOTE : 0);
        card->head = greater(card->head, room_for(labelled[first[i]]) + 8);
        card->height = card->head;
        for (size_t k = 0; k < card->row_count; k++) {
            graph_row *row = &card->rows[k];
            row->y = card->height;
            row->height = GRAPH_ROW + (row->note != NULL ? GRAPH_NOTE : 0);
            row->height = greater(row->height, room_for(labelled[first[i] + k + 1]) + 6);
            card->height += row->height;
        }
        card->height += card->row_count != 0 ? 6 : 0;
    }
}

/* ---- the order in columns -------------------------------------------------------------- */

typedef struct seat {
    size_t card;
    double wish, before, top, offset; /* of those with one wish who was above stays above */
} seat;

static int compare_seats(const void *left, const void *right)
{
    const seat *a = left, *b = right;

    if (a->wish < b->wish || a->wish > b->wish)
        return a->wish < b->wish ? -1 : 1;
    if (a->before < b->before || a->before > b->before)
        return a->before < b->before ? -1 : 1;
    return a->card < b->card ? -1 : a->card > b->card;
}

static double end_y(const graph *g, graph_end end)
{
    const graph_card *card = &g->cards[end.card];
    const graph_row *row;

    if (end.row == GRAPH_NONE)
        return card->y + card->head / 2;
    row = &card->rows[end.row];
    return card->y + row->y + row->height / 2;
}

/* What the lines to one column ask of a card, summed over them. */
typedef struct pull {
    double ends, tops, count;
} pull;

static void add_pull(const graph *g, pull *pulls, graph_end of, graph_end to)
{
    pull *p = &pulls[of.card];

    p->ends += end_y(g, to);
    p->tops += end_y(g, to) - (end_y(g, of) - g->cards[of.card].y);
    p->count++;
}

static void sum_pulls(const graph *g, size_t from, pull *pulls)
{
    for (size_t i = 0; i < g->edge_count; i++) {
        const graph_edge *e = &g->edges[i];
        size_t left = graph_column(&g->cards[e->from.card]),
               right = graph_column(&g->cards[e->to.card]);
        if (left == right)
            continue;
        if (left == from)
            add_pull(g, pulls, e->to, e->from);
        else if (right == from)
            add_pull(g, pulls, e->from, e->to);
    }
}

static double gap_before(const graph *g, const seat *seats, size_t i)
{
    if (i == 0)
        return 0;
    return g->cards[seats[i].card].owner != GRAPH_NONE ? GRAPH_NEAR : GRAPH_GAP;
}

/* The places nearest to what is wished that keep the order and the gaps: pools of neighbours
 * that want the same share the mean of their wishes. */
static void settle(graph *g, seat *seats, size_t count)
{
    size_t *starts = cli_alloc(count + 1, sizeof *starts), pools = 0;
    double *means = cli_alloc(count + 1, sizeof *means), offset = 0;

    for (size_t i = 0; i < count; i++) {
        offset += gap_before(g, seats, i);
        seats[i].offset = offset;
        offset += g->cards[seats[i].card].height;
        starts[pools] = i;
        means[pools++] = seats[i].top - seats[i].offset;
        for (; pools > 1 && means[pools - 2] > means[pools - 1]; pools--) {
            double left = (double)(starts[pools - 1] - starts[pools - 2]),
                   right = (double)(i + 1 - starts[pools - 1]);
            means[pools - 2] =
                (means[pools - 2] * left + means[pools - 1] * right) / (left + right);
        }
    }
    for (size_t p = 0; p < pools; p++)
        for (size_t i = starts[p]; i < (p + 1 < pools ? starts[p + 1] : count); i++)
            g->cards[seats[i].card].y = means[p] + seats[i].offset;
    free(starts);
    free(means);
}

/* Moves the cards of a column to where those of `from` are; with `reorder` also past each
 * other. */
static void arrange(graph *g, size_t column, size_t from, bool reorder)
{
    seat *seats = cli_alloc(g->card_count, sizeof *seats);
    pull *pulls = cli_alloc(g->card_count, sizeof *pulls);
    size_t count = 0;

    sum_pulls(g, from, pulls);
    for (size_t i = 0; i < g->card_count; i++) {
        const graph_card *card = &g->cards[i];
        const pull *p = &pulls[i];
        bool pulled = p->count > 0;
        if (graph_column(card) == column)
            seats[count++] = (seat){i, pulled ? p->ends / p->count : card->y + card->height / 2,
                                    card->y, pulled ? p->tops / p->count : card->y, 0};
    }
    if (reorder && count != 0)
        qsort(seats, count, sizeof *seats, compare_seats);
    settle(g, seats, count);
    free(seats);
    free(pulls);
}

/* One below the other, as they come. */
static void stack(graph *g)
{
    double y[GRAPH_COLUMNS] = {0};

    for (size_t i = 0; i < g->card_count; i++) {
        graph_card *card = &g->cards[i];
        double *at = &y[graph_column(card)];
        card->y = *at + (*at > 0 ? (card->owner != GRAPH_NONE ? GRAPH_NEAR : GRAPH_GAP) : 0);
        *at = card->y + card->height;
    }
}

static void place(graph *g, const double *widths_of)
{
    double x = GRAPH_MARGIN, lefts[GRAPH_COLUMNS], least = 0, most = 0;

    for (size_t c = 0; c < GRAPH_COLUMNS; c++) {
        lefts[c] = x;
        x += widths_of[c] > 0 ? widths_of[c] + GRAPH_CHANNEL : 0;
    }
    for (size_t i = 0; i < g->card_count; i++)
        least = i == 0 || g->cards[i].y < least ? g->cards[i].y : least;
    for (size_t i = 0; i < g->card_count; i++) {
        graph_card *card = &g->cards[i];
        size_t column = graph_column(card);
        double indent = card->owner != GRAPH_NONE ? GRAPH_INDENT : 0;
        card->y += GRAPH_TOP - least;
        card->x = lefts[column] + indent;
        card->width = widths_of[column] - indent;
        most = greater(most, card->y + card->height);
    }
    g->width = greater(x - (x > GRAPH_MARGIN ? GRAPH_CHANNEL : 0) + GRAPH_MARGIN, 600);
    g->height = greater(most, GRAPH_TOP) + GRAPH_BOTTOM;
}

/* ---- lines ----------------------------------------------------------------------------- */

typedef struct arrival {
    size_t edge;
    double from;
} arrival;

static int compare_arrivals(const void *left, const void *right)
{
    const arrival *a = left, *b = right;

    if (a->from < b->from || a->from > b->from)
        return a->from < b->from ? -1 : 1;
    return a->edge < b->edge ? -1 : a->edge > b->edge;
}

/* Those that end at one place stand below each other in the order they come from. */
static void spread(graph *g, arrival *arrivals, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        graph_edge *e = &g->edges[arrivals[i].edge];
        const graph_card *card = &g->cards[e->to.card];
        double height = e->to.row != GRAPH_NONE ? card->rows[e->to.row].height : card->head;
        double step = (height - 6) / (double)count;
        step = step > GRAPH_SLOT ? GRAPH_SLOT : step;
        e->y2 = end_y(g, e->to) + ((double)i - (double)(count - 1) / 2) * step;
    }
}

static void draw_lines(graph *g, const size_t *first, size_t slots)
{
    size_t *starts = cli_alloc(slots + 1, sizeof *starts),
           *used = cli_alloc(slots + 1, sizeof *used);
    arrival *arrivals = cli_alloc(g->edge_count, sizeof *arrivals);

    for (size_t i = 0; i < g->edge_count; i++)
        starts[slot_of(first, g->edges[i].to) + 1]++;
    for (size_t s = 0; s < slots; s++)
        starts[s + 1] += starts[s];
    for (size_t i = 0; i < g->edge_count; i++) {
        graph_edge *e = &g->edges[i];
        size_t slot = slot_of(first, e->to);
        e->x1 = g->cards[e->from.card].x + g->cards[e->from.card].width;
        e->y1 = end_y(g, e->from);
        e->x2 = g->cards[e->to.card].x;
        arrivals[starts[slot] + used[slot]++] = (arrival){i, e->y1};
    }
    for (size_t s = 0; s < slots; s++) {
        if (used[s] != 0)
            qsort(arrivals + starts[s], used[s], sizeof *arrivals, compare_arrivals);
        spread(g, arrivals + starts[s], used[s]);
    }
    free(starts);
    free(used);
    free(arrivals);
}

void graph_layout(graph *g)
{
    double widths_of[GRAPH_COLUMNS] = {0};
    size_t slots, *first = number_slots(g, &slots);
    size_t *labelled = cli_alloc(slots + 1, sizeof *labelled);

    for (size_t i = 0; i < g->edge_count; i++)
        labelled[slot_of(first, g->edges[i].to)] += g->edges[i].label != NULL;
    size_columns(g, widths_of);
    size_cards(g, first, labelled);
    stack(g);
    for (size_t pass = 0; pass < 3; pass++) {
        for (size_t c = 1; c < GRAPH_COLUMNS; c++)
            arrange(g, c, c - 1, true);
        for (size_t c = GRAPH_COLUMNS - 1; c-- > 0;)
            arrange(g, c, c + 1, c != 0);
    }
    arrange(g, 1, 0, true);
    arrange(g, 0, 1, false);
    arrange(g, 2, 1, true);
    arrange(g, 3, 2, true);
    place(g, widths_of);
    draw_lines(g, first, slots);
    free(first);
    free(labelled);
}
