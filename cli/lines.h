/* Lines of a stream, one at a time, bounded. */
#ifndef CLI_LINES_H
#define CLI_LINES_H

#include <stdbool.h>
#include <stdio.h>
#include <gatewayapi/base.h>

typedef struct cli_lines {
    FILE *file;
    const char *name;
    char *text;
    size_t capacity;
    bool too_long; /* the last line was; what was kept of it means nothing */
} cli_lines;

/* "-" is standard input. False after a message. */
bool cli_lines_open(cli_lines *lines, const char *path);
/* The next line without its end. False at the end of input, or when reading failed. */
bool cli_lines_next(cli_lines *lines, gwapi_str *line);
/* False after a message when not everything could be read. */
bool cli_lines_close(cli_lines *lines);

#endif
