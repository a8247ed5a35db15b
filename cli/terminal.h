/*
 * Text for people: colour, display width, tables. Whatever is printed here is cleaned first, so
 * that no manifest or message can send a terminal control sequences.
 */
#ifndef CLI_TERMINAL_H
#define CLI_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <gatewayapi/base.h>
#include "memory.h"

typedef enum cli_style {
    CLI_PLAIN,
    CLI_BOLD,
    CLI_DIM,
    CLI_GOOD,
    CLI_BAD,
    CLI_WARN,
    CLI_ACCENT,
    CLI_STYLES
} cli_style;

typedef enum cli_colour { CLI_COLOUR_AUTO, CLI_COLOUR_ALWAYS, CLI_COLOUR_NEVER } cli_colour;

typedef struct cli_terminal {
    FILE *file;
    bool colour;
    size_t width; /* columns that a line may take */
} cli_terminal;

/* AUTO: colour if `file` is a terminal that can, and NO_COLOR is not set. */
void cli_terminal_init(cli_terminal *terminal, FILE *file, cli_colour colour);

/* Prints in a style; of control characters only line ends pass. */
void cli_print(cli_terminal *terminal, cli_style style, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* Prints text of others: one line, whatever is in it. */
void cli_print_str(cli_terminal *terminal, cli_style style, gwapi_str s);

/* The same on lines of its own, indented and broken between words. Nothing for no text. */
void cli_print_wrapped(cli_terminal *terminal, cli_style style, size_t indent, gwapi_str s);

/* A copy without what a terminal would obey: control and direction-changing characters as
 * escapes, tabs as blanks, bytes that are no UTF-8 as U+FFFD. To be freed. */
char *cli_clean(gwapi_str s);
/* Columns of cleaned text. */
size_t cli_width(const char *text);
/* Bytes of the first `count` characters of cleaned or raw text. */
size_t cli_prefix(gwapi_str s, size_t count);
/* "1 document", "2 documents", "1 match", "2 matches". To be freed. */
char *cli_count(size_t count, const char *one, const char *many);

/* A table with aligned columns, the last one free. */
enum { CLI_COLUMNS = 8 };
typedef struct cli_cell {
    char *text; /* owned */
    cli_style style;
} cli_cell;
typedef struct cli_table {
    size_t columns;
    size_t indent;
    cli_cell *cells;
    size_t count;
    size_t capacity;
} cli_table;

void cli_table_init(cli_table *table, size_t indent, size_t columns, const char *const *titles);
/* Adds the next cell; takes `text`, which is cleaned. */
void cli_table_add(cli_table *table, cli_style style, char *text);
/* Prints and empties it; rows that were not finished are filled up. */
void cli_table_print(cli_table *table, cli_terminal *terminal);

#endif
