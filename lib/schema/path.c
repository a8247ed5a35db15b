#include "schema/path.h"

void gwapi__path_write(gwapi__text *t, const gwapi__frame *frame, bool brackets)
{
    if (frame->parent == NULL)
        return;
    if (frame->step == GWAPI__STEP_ALIAS) {
        gwapi__text_add(t, frame->name);
        return;
    }
    gwapi__path_write(t, frame->parent, brackets);
    if (frame->step == GWAPI__STEP_ITEM && frame->parent->step == GWAPI__STEP_ALIAS && !brackets)
        gwapi__text_char(t, '.'); /* so its schema validator joins "[0]" to what it was given */
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
    if (frame->step == GWAPI__STEP_ALIAS)
        return;
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
