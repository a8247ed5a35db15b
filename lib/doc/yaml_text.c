#include "doc/yaml_text.h"

#include <string.h>

#define QUOTE_HINT "quote the text if it holds one of : # { } [ ] , & * ! | > % @ `"
#define INDENT_HINT "check the indentation of this line and of those above it"

static const struct row {
    const char *problem;
    const char *context; /* NULL: any */
    gwapi__yaml_text text;
} rows[] = {
    {"found character that cannot start any token", NULL,
     {"a value can't begin with this character",
      "quote it; a tab can't indent, use blanks"}},
    {"mapping values are not allowed in this context", NULL,
     {"a `:` where no key can be",
      "quote the text if the colon belongs to it; else check the indentation"}},
    {"could not find expected ':'", NULL,
     {"a `:` is missing after the key", "write `key: value`, with a blank after the colon"}},
    {"did not find expected key", NULL,
     {"a key, or the end of the map, was expected here", INDENT_HINT}},
    {"did not find expected '-' indicator", NULL,
     {"a `-`, or the end of the list, was expected here", INDENT_HINT}},
    {"did not find expected ',' or '}'", NULL,
     {"a `,` or `}` is missing in the map that begins with `{`", QUOTE_HINT}},
    {"did not find expected ',' or ']'", NULL,
     {"a `,` or `]` is missing in the list that begins with `[`", QUOTE_HINT}},
    {"did not find expected node content", NULL,
     {"a value was expected here", QUOTE_HINT}},
    {"did not find expected <document start>", NULL,
     {"text that belongs to no document",
      "separate documents with a line `---`; the API server knows no directives (%)"}},
    {"found unexpected end of stream", "while scanning a quoted scalar",
     {"the closing quote is missing", "close the quote that begins here"}},
    {"found unexpected document indicator", NULL,
     {"the document ends within quotes", "close the quote that begins before this line"}},
    {"found unknown escape character", NULL,
     {"an unknown escape (\\) within double quotes",
      "write \\\\ for a backslash, or use single quotes"}},
    {"did not find expected hexdecimal number", NULL,
     {"an escape (\\x, \\u, \\U) needs hexadecimal digits", "write \\u00e9, for example"}},
    {"found invalid Unicode character escape code", NULL,
     {"an escape that is no character (a surrogate, or too large)",
      "YAML has no pairs of \\u escapes; write the character itself, or \\U with 8 digits"}},
    {"block sequence entries are not allowed in this context", NULL,
     {"a `-` where no list can begin", "begin the list on a line of its own"}},
    {"mapping keys are not allowed in this context", NULL,
     {"a `?` where no key can be", QUOTE_HINT}},
    {"found a tab character that violates indentation", NULL,
     {"a tab in the indentation", "indent with blanks"}},
    {"found a tab character where an indentation space is expected", NULL,
     {"a tab in the indentation", "indent with blanks"}},
    {"did not find expected comment or line break", NULL,
     {"text after a block scalar's `|` or `>`", "begin the text on the next line"}},
    {"found an indentation indicator equal to 0", NULL,
     {"a block scalar can't have the indentation 0", "leave the digit out"}},
    {"did not find expected alphabetic or numeric character", "while scanning an anchor",
     {"an anchor (&) needs a name", QUOTE_HINT}},
    {"did not find expected alphabetic or numeric character", "while scanning an alias",
     {"an alias (*) needs a name", "quote the text if it begins with *"}},
    {"found undefined tag handle", NULL,
     {"a tag (!) with a handle that is not defined", "quote the text if it begins with !"}},
    {"did not find the expected '>'", NULL,
     {"a tag of the form !<…> is not closed", "add the `>`"}},
    {"did not find expected whitespace or line break", NULL,
     {"a blank is missing after the tag", "write `!!str value`"}},
    {"did not find expected '!'", NULL,
     {"a tag's second `!` is missing", "quote the text if it begins with !"}},
    {"did not find expected tag URI", NULL,
     {"a tag without a name", "quote the text if it begins with !"}},
    {"found unknown directive name", NULL,
     {"a directive (%) the API server does not know", "remove the line that begins with %"}},
    {"control characters are not allowed", NULL,
     {"a control character; YAML allows tab and line ends only",
      "remove it, or write it as \\x.. within double quotes"}},
    {"invalid leading UTF-8 octet", NULL,
     {"a byte that is not UTF-8", "save the file as UTF-8"}},
    {"invalid trailing UTF-8 octet", NULL,
     {"a byte that is not UTF-8", "save the file as UTF-8"}},
    {"incomplete UTF-8 octet sequence", NULL,
     {"a character that is cut off (UTF-8)", "save the file as UTF-8"}},
    {"invalid length of a UTF-8 sequence", NULL,
     {"a character that is not properly written as UTF-8", "save the file as UTF-8"}},
    {"invalid Unicode character", NULL,
     {"a character that Unicode does not have", "save the file as UTF-8"}},
};

gwapi__yaml_text gwapi__yaml_text_of(const char *problem, const char *context)
{
    if (problem == NULL)
        problem = "not YAML";
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strcmp(rows[i].problem, problem) == 0 &&
            (rows[i].context == NULL ||
             (context != NULL && strcmp(rows[i].context, context) == 0)))
            return rows[i].text;
    return (gwapi__yaml_text){problem, NULL};
}
