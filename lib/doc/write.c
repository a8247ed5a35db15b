#include "doc/write.h"

#include "base/slice.h"

static void write_list(gwapi__text *t, const gwapi__node *node)
{
    gwapi__text_char(t, '[');
    for (uint32_t i = 0; i < node->as.list.count; i++) {
        if (i != 0)
            gwapi__text_char(t, ',');
        gwapi__node_write_json(t, node->as.list.items[i]);
    }
    gwapi__text_char(t, ']');
}

static void write_map(gwapi__text *t, const gwapi__node *node)
{
    gwapi__text_char(t, '{');
    for (uint32_t i = 0; i < node->as.map.count; i++) {
        if (i != 0)
            gwapi__text_char(t, ',');
        gwapi__text_json(t, node->as.map.fields[i].name);
        gwapi__text_char(t, ':');
        gwapi__node_write_json(t, node->as.map.fields[i].value);
    }
    gwapi__text_char(t, '}');
}

void gwapi__node_write_json(gwapi__text *t, const gwapi__node *node)
{
    switch (node->type) {
    case GWAPI__NODE_NULL:
        gwapi__text_addz(t, "null");
        break;
    case GWAPI__NODE_BOOL:
        gwapi__text_addz(t, node->as.boolean ? "true" : "false");
        break;
    case GWAPI__NODE_INT:
        gwapi__text_i64(t, node->as.integer);
        break;
    case GWAPI__NODE_FLOAT:
        gwapi__text_double(t, node->as.number);
        break;
    case GWAPI__NODE_STRING:
        gwapi__text_json(t, node->as.string);
        break;
    case GWAPI__NODE_LIST:
        write_list(t, node);
        break;
    case GWAPI__NODE_MAP:
        write_map(t, node);
        break;
    }
}
