/* What libyaml found wrong, in words for people. */
#ifndef GWAPI_DOC_YAML_TEXT_H
#define GWAPI_DOC_YAML_TEXT_H

#include <stdbool.h>
#include <gatewayapi/base.h>

typedef struct gwapi__yaml_text {
    const char *message;
    const char *hint; /* NULL: none */
    const char
        *begun;    /* what the context is, if its line helps: "the list"; NULL: it does not */
    bool at_begin; /* the place is where that begins */
} gwapi__yaml_text;

/* `problem` and `context` as yaml_parser_t has them; either may be NULL. */
gwapi__yaml_text gwapi__yaml_text_of(const char *problem, const char *context);

#endif
