#include "schema/path.h"

gwapi__frame gwapi__frame_root(const gwapi__node *root)
{
    return (gwapi__frame){.step = GWAPI__STEP_ROOT, .place = root->place};
}

gwapi__frame gwapi__frame_field(const gwapi__frame *parent, const gwapi__field *field)
{
    return (gwapi__frame){.parent = parent,
                          .step = GWAPI__STEP_FIELD,
                          .name = field->name,
                          .place = field->place};
}

gwapi__frame gwapi__frame_key(const gwapi__frame *parent, const gwapi__field *field)
{
    gwapi__frame frame = gwapi__frame_field(parent, field);

    frame.step = GWAPI__STEP_KEY;
    return frame;
}

gwapi__frame gwapi__frame_item(const gwapi__frame *parent, const gwapi__node *list, uint32_t i)
{
    return (gwapi__frame){.parent = parent,
                          .step = GWAPI__STEP_ITEM,
                          .index = i,
                          .place = list->as.list.items[i]->place};
}

gwapi__frame gwapi__frame_missing(const gwapi__frame *parent, gwapi_str name)
{
    return (gwapi__frame){.parent = parent, .step = GWAPI__STEP_FIELD, .name = name};
}

void gwapi__path_write(gwapi__text *t, const gwapi__frame *frame, bool brackets)
{
    if (frame->parent == NULL)
        return;
    gwapi__path_write(t, frame->parent, brackets);
    if (frame->step == GWAPI__STEP_ITEM || (frame->step == GWAPI__STEP_KEY && brackets)) {
        gwapi__text_char(t, '[');
        if (frame->step == GWAPI__STEP_ITEM)
            gwapi__text_u64(t, frame->index);
        else
            gwapi__text_add(t, frame->name);
        gwapi__text_char(t, ']');
        return;
    }
    if (frame->parent->parent != NULL)
        gwapi__text_char(t, '.');
    gwapi__text_add(t, frame->name);
}

void gwapi__path_pointer(gwapi__text *t, const gwapi__frame *frame)
{
    if (frame->parent == NULL)
        return;
    gwapi__path_pointer(t, frame->parent);
    gwapi__text_char(t, '/');
    if (frame->step == GWAPI__STEP_ITEM)
        gwapi__text_u64(t, frame->index);
    else
        gwapi__text_pointer(t, frame->name);
}

gwapi__place gwapi__frame_place(const gwapi__frame *frame)
{
    while (frame->place.line == 0 && frame->parent != NULL)
        frame = frame->parent;
    return frame->place;
}
