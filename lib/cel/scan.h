/* Text to tokens, one at a time. */
#ifndef GWAPI_CEL_SCAN_H
#define GWAPI_CEL_SCAN_H

#include "base/slice.h"

typedef enum gwapi__cel_token_kind {
    GWAPI__CEL_END = 0,
    GWAPI__CEL_INVALID, /* no token; `reason` says why */
    GWAPI__CEL_NAME,    /* reserved words, too, but for the next four */
    GWAPI__CEL_TRUE,
    GWAPI__CEL_FALSE,
    GWAPI__CEL_NIL,
    GWAPI__CEL_IN,
    GWAPI__CEL_QUOTED_NAME, /* in backticks */
    GWAPI__CEL_INT_TEXT,
    GWAPI__CEL_UINT_TEXT,
    GWAPI__CEL_DOUBLE_TEXT,
    GWAPI__CEL_STRING_TEXT,
    GWAPI__CEL_BYTES_TEXT,
    GWAPI__CEL_EQ,
    GWAPI__CEL_NE,
    GWAPI__CEL_LT,
    GWAPI__CEL_LE,
    GWAPI__CEL_GT,
    GWAPI__CEL_GE,
    GWAPI__CEL_AND,
    GWAPI__CEL_OR,
    GWAPI__CEL_PLUS,
    GWAPI__CEL_MINUS,
    GWAPI__CEL_STAR,
    GWAPI__CEL_SLASH,
    GWAPI__CEL_PERCENT,
    GWAPI__CEL_BANG,
    GWAPI__CEL_QUESTION,
    GWAPI__CEL_COLON,
    GWAPI__CEL_DOT,
    GWAPI__CEL_COMMA,
    GWAPI__CEL_LPAREN,
    GWAPI__CEL_RPAREN,
    GWAPI__CEL_LBRACKET,
    GWAPI__CEL_RBRACKET,
    GWAPI__CEL_LBRACE,
    GWAPI__CEL_RBRACE
} gwapi__cel_token_kind;

typedef struct gwapi__cel_token {
    gwapi__cel_token_kind kind;
    uint32_t offset, length;
    const char *reason;
} gwapi__cel_token;

/* A plain value: a copy of it looks ahead. */
typedef struct gwapi__cel_scanner {
    gwapi_str text; /* less than 4 GiB */
    size_t at;
} gwapi__cel_scanner;

/* The next token behind blanks and comments; END again and again at the end. */
gwapi__cel_token gwapi__cel_scan(gwapi__cel_scanner *scanner);

#endif
