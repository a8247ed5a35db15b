/*
 * The frame of a topology: options, classes and meshes, and their statuses. Whatever depends on
 * them is everything, so a topology either shares the previous one's frame or is made anew.
 */
#include "resolve/resolver.h"

#include "base/text.h"

#define DEFAULT_CONTROLLER "gatewayapi.invalid/command"

/* ---- options ------------------------------------------------------------------------- */

static void add_str(gwapi__text *t, gwapi_str s)
{
    gwapi__text_char(t, gwapi__str_present(s) ? '+' : '-');
    gwapi__text_u64(t, s.len);
    gwapi__text_char(t, ':');
    gwapi__text_add(t, s);
}

static void add_strs(gwapi__text *t, const gwapi_str *items, size_t count)
{
    gwapi__text_u64(t, count);
    for (size_t i = 0; i < count; i++)
        add_str(t, items[i]);
}

static void add_bytes(gwapi__text *t, const void *bytes, size_t size)
{
    add_str(t, gwapi__str(bytes, size));
}

static void add_extensions(gwapi__text *t, const gwapi__resolver *r)
{
    gwapi__text_u64(t, r->extension_count);
    for (size_t i = 0; i < r->extension_count; i++) {
        gwapi__text_u64(t, r->extensions[i].role);
        add_str(t, r->extensions[i].group);
        add_str(t, r->extensions[i].kind);
    }
}

/* Everything but the set and the time, so that equal texts mean equal decisions, and memory
 * that may be shared. */
static void write_options(gwapi__text *t, const gwapi__resolver *r)
{
    const gwapi_resolve_options *o = r->options;
    const gwapi_schema *schema = gwapi__resources_schema(r->set);
    const gwapi_str none = {NULL, 0};
    uint64_t set = gwapi__resources_hash(r->set, none, none, none, none);

    add_bytes(t, &r->t->allocator.ctx, sizeof r->t->allocator.ctx);
    add_bytes(t, &r->t->allocator.resize, sizeof r->t->allocator.resize);
    add_bytes(t, &r->t->limits, sizeof r->t->limits);
    add_bytes(t, &schema, sizeof schema);
    add_bytes(t, &set, sizeof set);
    add_str(t, gwapi_schema_release(schema));
    add_str(t, gwapi__resources_default_namespace(r->set));
    gwapi__text_u64(t, r->t->channel);
    add_str(t, o->controller);
    add_str(t, o->default_mesh);
    gwapi__text_u64(t, o->flags);
    gwapi__text_char(t, ',');
    gwapi__text_u64(t, o->assume);
    gwapi__text_char(t, ',');
    add_strs(t, o->features, o->feature_count);
    add_strs(t, o->usable_addresses, o->usable_address_count);
    add_extensions(t, r);
    add_bytes(t, &r->certificates.callbacks, sizeof r->certificates.callbacks);
}

/* ---- sharing ------------------------------------------------------------------------- */

static void use_frame(gwapi__resolver *r)
{
    const gwapi__frame_state *state = r->t->frame->state;

    r->features = state->features;
    r->classes = state->classes;
    r->class_count = state->class_count;
    r->meshes = state->meshes;
    r->mesh_count = state->mesh_count;
    r->mesh_controller = state->mesh_controller;
    r->default_mesh_note = state->default_mesh_note;
}

/* Notes of what is assumed are given once for a call: all of them, so all is asked again. */
static bool tells_all(const gwapi__resolver *r)
{
    return r->report != NULL && r->options->assume != 0;
}

gwapi_result gwapi__take_frame(gwapi__resolver *r)
{
    gwapi__text t;

    gwapi__text_init(&t, &r->scratch.allocator);
    write_options(&t, r);
    bool good = !t.failed && gwapi__arena_copy(&r->scratch, gwapi__text_str(&t), &r->written);
    gwapi__text_free(&t);
    if (!good)
        return GWAPI_ENOMEM;
    if (r->previous != NULL &&
        (tells_all(r) || !gwapi__str_eq(r->previous->frame->options, r->written)))
        r->previous = NULL;
    return GWAPI_OK;
}

/* ---- making -------------------------------------------------------------------------- */

static gwapi_result name_scopes(gwapi__resolver *r, const char *list, size_t count,
                                const gwapi_str **out)
{
    gwapi_str *made = gwapi__arena_array(r->arena, count, sizeof *made);

    if (made == NULL)
        return GWAPI_ENOMEM;
    for (size_t i = 0; i < count; i++)
        GWAPI__TRY(
            gwapi__message(&made[i], r->arena, "%s[%d]", gwapi__str_of(list), (int64_t)i));
    *out = made;
    return GWAPI_OK;
}

static gwapi_result fill_texts(gwapi__resolver *r, gwapi__frame *f)
{
    gwapi_str controller = gwapi__str_present(r->options->controller)
                               ? r->options->controller
                               : GWAPI__STR(DEFAULT_CONTROLLER);

    if (!gwapi__arena_copy(r->arena, controller, &f->controller) ||
        !gwapi__arena_copy(r->arena, r->written, &f->options) ||
        !gwapi__arena_copy(r->arena, gwapi_schema_release(gwapi__resources_schema(r->set)),
                           &f->release))
        return GWAPI_ENOMEM;
    GWAPI__TRY(name_scopes(r, "parents", GWAPI__MOST_PARENTS, &f->scopes.parents));
    return name_scopes(r, "ancestors", GWAPI__MOST_ANCESTORS, &f->scopes.ancestors);
}

static gwapi_result fill(gwapi__resolver *r, gwapi__frame *f)
{
    gwapi__frame_state *state = GWAPI__ARENA_NEW(r->arena, gwapi__frame_state);

    if (state == NULL)
        return GWAPI_ENOMEM;
    f->state = state;
    GWAPI__TRY(fill_texts(r, f));
    GWAPI__TRY(gwapi__features_init(&r->features, r->arena, r->options, r->experimental));
    GWAPI__TRY(gwapi__resolve_classes(r));
    GWAPI__TRY(gwapi__collect_mesh(r));
    *state = (gwapi__frame_state){.classes = r->classes,
                                  .class_count = r->class_count,
                                  .meshes = r->meshes,
                                  .mesh_count = r->mesh_count,
                                  .mesh_controller = r->mesh_controller,
                                  .features = r->features,
                                  .default_mesh_note = r->default_mesh_note};
    GWAPI__TRY(gwapi__frame_statuses(r, f));
    return gwapi__part_end(r, f);
}

gwapi_result gwapi__make_frame(gwapi__resolver *r)
{
    if (r->previous != NULL) {
        r->t->frame = gwapi__part_retain(r->previous->frame);
        use_frame(r);
    } else {
        r->t->frame = gwapi__part_begin(r, sizeof *r->t->frame);
        if (r->t->frame == NULL)
            return GWAPI_ENOMEM;
        GWAPI__TRY(fill(r, r->t->frame));
    }
    return gwapi__index_classes(r);
}
