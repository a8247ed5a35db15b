/* Tree to text. Stable: the same tree gives the same bytes. */
#ifndef GWAPI_DOC_WRITE_H
#define GWAPI_DOC_WRITE_H

#include "base/text.h"
#include "doc/node.h"

/* Compact JSON on one line, members in the tree's order, no line end. */
void gwapi__node_write_json(gwapi__text *t, const gwapi__node *node);
/* Block-style YAML that every YAML 1.1 and 1.2 reader reads back as the same tree, as kubectl
 * prints it (two spaces, list items not indented below their key), with a line end. */
void gwapi__node_write_yaml(gwapi__text *t, const gwapi__node *node);

#endif
