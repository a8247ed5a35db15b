#include "excerpt.h"

#include <stdlib.h>
#include <string.h>

#include "memory.h"

void cli_excerpts_free(cli_excerpts *e)
{
    free(e->name);
    free(e->bytes.data);
    *e = (cli_excerpts){0};
}

static void take(cli_excerpts *e, gwapi_str file)
{
    if (e->name != NULL && cli_is(file, e->name))
        return;
    cli_excerpts_free(e);
    e->name = cli_format("%.*s", (int)file.len, file.data);
    if (!cli_read(e->name, &e->bytes))
        e->bytes = (cli_bytes){NULL, 0};
}

/* The n-th line, without its end; absent beyond the last one. */
static gwapi_str line_of(const cli_bytes *bytes, uint32_t n)
{
    const char *at = bytes->data, *end = at != NULL ? at + bytes->len : NULL;

    while (at != NULL && --n != 0) {
        at = memchr(at, '\n', (size_t)(end - at));
        at = at != NULL ? at + 1 : NULL;
    }
    if (at == NULL || at == end)
        return (gwapi_str){NULL, 0};
    const char *stop = memchr(at, '\n', (size_t)(end - at));
    size_t len = (size_t)((stop != NULL ? stop : end) - at);
    return (gwapi_str){at, len - (len != 0 && at[len - 1] == '\r')};
}

void cli_excerpt(cli_excerpts *e, gwapi_diagnostic *d)
{
    if (d->excerpt.data != NULL || d->line == 0 || d->file.len == 0 ||
        cli_is(d->file, "<stdin>"))
        return;
    take(e, d->file);
    d->excerpt = line_of(&e->bytes, d->line);
    d->excerpt_column = d->excerpt.data != NULL ? d->column : 0;
}
