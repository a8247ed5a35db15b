/* The bytes that libyaml is fed, and the way back from what it makes of them. */
#ifndef GWAPI_DOC_YAML_INPUT_H
#define GWAPI_DOC_YAML_INPUT_H

#include "doc/source.h"

/*
 * The API server's reader is an older relative of libyaml, and what it accepts differs in two
 * characters. Between brackets it takes a colon before a bracket or comma into the text
 * ({namespace:, name: a} has the key "namespace:"), where libyaml sees an error; and U+FEFF
 * within a document is text to it, where libyaml passes over it at the start of a line. libyaml
 * is given a stand-in for both, and never sees what would be one in the text itself.
 *
 * libyaml counts characters and takes some of them for line ends that no editor does. Where a
 * text has such, only its character index is used, and the cursor walks along as they grow.
 */
typedef struct gwapi__yaml_input {
    gwapi_str text;
    uint32_t first_line;
    size_t fed;     /* bytes given to libyaml */
    bool ended;     /* the line end after the last line too */
    bool same;      /* libyaml sees the lines and characters that we see: its marks are right */
    bool stand_ins; /* are needed, and the text has none of its own */
    bool replaced;  /* at least one was given */
    size_t at;      /* of the cursor: the byte, … */
    size_t index;   /* … the character as libyaml counts, … */
    uint32_t line;  /* … and its place */
    uint32_t column;
} gwapi__yaml_input;

void gwapi__yaml_input_init(gwapi__yaml_input *input, const gwapi__chunk *chunk);
/* Fills the buffer as yaml_read_handler_t does: CR LF becomes LF, and the last line ends. */
size_t gwapi__yaml_feed(gwapi__yaml_input *input, unsigned char *buffer, size_t size);
/* Puts the characters back for which libyaml was given others; the text gets no longer. */
void gwapi__yaml_restore(char *data, size_t *len);
gwapi__place gwapi__yaml_locate(gwapi__yaml_input *input, size_t index);
/* Whether the text in double quotes at or behind the index has the escape \/. */
bool gwapi__yaml_escapes_slash(gwapi__yaml_input *input, size_t index);
/* Whether the tag at or behind the index is followed by a bracket or comma, without a blank. */
bool gwapi__yaml_tag_touches(gwapi__yaml_input *input, size_t index);

#endif
