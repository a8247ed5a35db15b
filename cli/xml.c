#include "xml.h"

#include <string.h>

void cli_xml_put(FILE *out, const char *text, size_t len)
{
    for (const char *at = text; at < text + len; at++)
        if (strncmp(at, "\xef\xbf\xbe", 3) == 0 || strncmp(at, "\xef\xbf\xbf", 3) == 0)
            at += 2;
        else if (strchr("&<>\"'", *at) != NULL)
            fprintf(out, "&#%d;", *at);
        else
            fputc(*at, out);
}

void cli_xml_put_attribute(FILE *out, const char *name, const char *text)
{
    fprintf(out, " %s=\"", name);
    cli_xml_put(out, text, strlen(text));
    fputc('"', out);
}
