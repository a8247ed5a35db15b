#include "lines.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "io.h"
#include "memory.h"

static const size_t longest = (size_t)16 << 20;

bool cli_lines_open(cli_lines *lines, const char *path)
{
    *lines = (cli_lines){.file = stdin, .name = "standard input"};
    if (strcmp(path, "-") == 0)
        return true;
    lines->name = path;
    lines->file = fopen(path, "rb");
    if (lines->file == NULL)
        cli_complain("%s: %s", path, strerror(errno));
    return lines->file != NULL;
}

static void keep(cli_lines *lines, size_t len, int c)
{
    if (len == lines->capacity) {
        lines->capacity = lines->capacity != 0 ? lines->capacity * 2 : 4096;
        lines->text = cli_grow(lines->text, lines->capacity, 1);
    }
    lines->text[len] = (char)c;
}

bool cli_lines_next(cli_lines *lines, gwapi_str *line)
{
    size_t len = 0;
    int c;

    lines->too_long = false;
    while ((c = getc_unlocked(lines->file)) != EOF && c != '\n') {
        if (len == longest)
            lines->too_long = true;
        else
            keep(lines, len++, c);
    }
    if (len != 0 && lines->text[len - 1] == '\r')
        len--;
    *line = (gwapi_str){len != 0 ? lines->text : "", len};
    return c != EOF || len != 0;
}

bool cli_lines_close(cli_lines *lines)
{
    bool fine = ferror(lines->file) == 0;

    if (!fine)
        cli_complain("%s: %s", lines->name, strerror(errno));
    if (lines->file != stdin)
        fclose(lines->file);
    free(lines->text);
    return fine;
}
