/* Where a walk stands in a tree: a chain of steps on the stack, written out only when needed. */
#ifndef GWAPI_SCHEMA_PATH_H
#define GWAPI_SCHEMA_PATH_H

#include "base/text.h"
#include "doc/node.h"

typedef enum gwapi__step {
    GWAPI__STEP_ROOT = 0,
    GWAPI__STEP_FIELD, /* a declared member */
    GWAPI__STEP_KEY,   /* a member that only additionalProperties covers */
    GWAPI__STEP_ITEM,
    /* The server names this place by another path than the text has: `name` is all of it. */
    GWAPI__STEP_ALIAS
} gwapi__step;

typedef struct gwapi__frame {
    const struct gwapi__frame *parent; /* NULL at the root */
    gwapi__step step;
    uint32_t index;     /* of an item */
    gwapi_str name;     /* of a member */
    gwapi__place place; /* of the member's name, of the item, of the root */
} gwapi__frame;

static inline gwapi__frame gwapi__frame_root(const gwapi__node *root)
{
    return (gwapi__frame){.step = GWAPI__STEP_ROOT, .place = root->place};
}

static inline gwapi__frame gwapi__frame_field(const gwapi__frame *parent,
                                              const gwapi__field *field)
{
    return (gwapi__frame){.parent = parent,
                          .step = GWAPI__STEP_FIELD,
                          .name = field->name,
                          .place = field->place};
}

static inline gwapi__frame gwapi__frame_key(const gwapi__frame *parent,
                                            const gwapi__field *field)
{
    gwapi__frame frame = gwapi__frame_field(parent, field);

    frame.step = GWAPI__STEP_KEY;
    return frame;
}

static inline gwapi__frame gwapi__frame_item(const gwapi__frame *parent,
                                             const gwapi__node *list, uint32_t i)
{
    return (gwapi__frame){.parent = parent,
                          .step = GWAPI__STEP_ITEM,
                          .index = i,
                          .place = list->as.list.items[i]->place};
}

/* A member that is missing: it stands where its parent does. */
static inline gwapi__frame gwapi__frame_missing(const gwapi__frame *parent, gwapi_str name)
{
    return (gwapi__frame){.parent = parent, .step = GWAPI__STEP_FIELD, .name = name};
}

/* The same place under the path that the server gives it. */
static inline gwapi__frame gwapi__frame_alias(const gwapi__frame *frame, gwapi_str path)
{
    return (gwapi__frame){.parent = frame, .step = GWAPI__STEP_ALIAS, .name = path};
}

/* As the API server writes it: "spec.rules[0].name", "" at the root. With `brackets`, members of
 * additionalProperties as "labels[a]", else as "labels.a": its validators differ in that. */
void gwapi__path_write(gwapi__text *t, const gwapi__frame *frame, bool brackets);
/* As a JSON Pointer. */
void gwapi__path_pointer(gwapi__text *t, const gwapi__frame *frame);
/* The nearest place in the text: the frame's own or that of what holds it. */
gwapi__place gwapi__frame_place(const gwapi__frame *frame);

#endif
