/* The bytes that libyaml is fed, and the way back from its marks to lines and columns. */
#ifndef GWAPI_DOC_YAML_PLACE_H
#define GWAPI_DOC_YAML_PLACE_H

#include "doc/source.h"

/*
 * libyaml counts characters and takes some of them for line ends that no editor does, so only
 * its character index is used. The cursor walks along as the indexes grow.
 */
typedef struct gwapi__yaml_input {
    gwapi_str text;
    size_t fed;    /* bytes given to libyaml */
    bool ended;    /* the line end after the last line too */
    size_t at;     /* of the cursor: the byte, … */
    size_t index;  /* … the character as libyaml counts, … */
    uint32_t line; /* … and its place */
    uint32_t column;
} gwapi__yaml_input;

void gwapi__yaml_input_init(gwapi__yaml_input *input, const gwapi__chunk *chunk);
/* Fills the buffer as yaml_read_handler_t does: CR LF becomes LF, and the last line ends. */
size_t gwapi__yaml_feed(gwapi__yaml_input *input, unsigned char *buffer, size_t size);
gwapi__place gwapi__yaml_locate(gwapi__yaml_input *input, size_t index);

#endif
