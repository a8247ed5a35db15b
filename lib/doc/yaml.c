#include "doc/yaml.h"

#include <string.h>
#include <yaml.h>

#include "base/map.h"
#include "base/result.h"
#include "base/slice.h"
#include "base/utf8.h"
#include "doc/alias_budget.h"
#include "doc/builder.h"
#include "doc/scalar.h"
#include "doc/yaml_input.h"
#include "doc/yaml_text.h"

/* libyaml looks at every open bracket again for each value: this keeps it below a second. */
#define BRACKET_WORK 60000000

/* A value as the events give it, before it is known to be a value or a key. */
typedef struct value {
    gwapi__node *node; /* NULL for a scalar until it is needed */
    gwapi__scalar scalar;
    gwapi__place place;
    bool is_scalar;
    bool from_alias;
    bool merge; /* `<<`, as a key */
} value;

typedef struct anchor {
    value target;
    uint64_t cost; /* steps that decoding the target takes */
    bool open;     /* still being read: an alias to it would contain itself */
} anchor;

/* What the builder's frame has beside it. */
typedef struct level {
    anchor *anchor; /* that names it, or NULL */
    uint64_t start; /* steps when it began */
    bool at_value;  /* in a map: the key has been read */
    bool flow;      /* written with brackets, or within such */
} level;

typedef struct reader {
    gwapi_allocator allocator;
    gwapi__arena *arena;
    gwapi__arena scratch; /* anchors */
    const gwapi_limits *limits;
    gwapi__problems *problems;
    gwapi__builder builder;
    gwapi__vector levels; /* of level */
    gwapi__map anchors;   /* name to anchor */
    gwapi__yaml_input input;
    yaml_parser_t parser;
    gwapi__alias_budget budget;
    uint64_t brackets; /* open now */
    uint64_t work;     /* what libyaml spends on them: each value costs all open brackets */
} reader;

/* ---- problems ----------------------------------------------------------------------- */

static gwapi_result refuse(reader *y, const char *rule, gwapi__place place, const char *message,
                           const char *hint)
{
    return gwapi__problems_add(y->problems,
                               &(gwapi__doc_problem){.type = GWAPI_ERROR_SYNTAX,
                                                     .rule = gwapi__str_of(rule),
                                                     .place = place,
                                                     .message = gwapi__str_of(message),
                                                     .hint = gwapi__str_of(hint)});
}

/* With a quoted text in place of the %. */
static gwapi_result refuse_named(reader *y, gwapi__place place, const char *message,
                                 gwapi_str name, const char *hint)
{
    const char *percent = strchr(message, '%');
    gwapi__text text;

    gwapi__text_init(&text, &y->allocator);
    gwapi__text_add(&text, gwapi__str(message, (size_t)(percent - message)));
    gwapi__text_json(&text, gwapi__str_sub(name, 0, 80));
    gwapi__text_addz(&text, percent + 1);
    gwapi__text_char(&text, '\0');
    gwapi_result r =
        text.failed ? GWAPI_ENOMEM : refuse(y, "yaml/value", place, text.data, hint);
    gwapi__text_free(&text);
    return r;
}

static gwapi__place place_of(reader *y, const yaml_mark_t *mark)
{
    if (y->input.same && mark->index <= y->input.text.len) /* not behind the added line end */
        return (gwapi__place){y->input.first_line + (uint32_t)mark->line,
                              (uint32_t)mark->column + 1};
    return gwapi__yaml_locate(&y->input, mark->index);
}

/* Where libyaml stopped, in characters. */
static size_t problem_index(const yaml_parser_t *p, bool at_begin)
{
    if (p->error == YAML_READER_ERROR) /* there is no mark; it had read up to here */
        return p->mark.index + p->unread;
    if (at_begin || (p->problem_mark.index == 0 && p->context_mark.index != 0))
        return p->context_mark.index;
    return p->problem_mark.index;
}

static gwapi_result refuse_syntax(reader *y)
{
    const yaml_parser_t *p = &y->parser;
    gwapi__yaml_text text = gwapi__yaml_text_of(p->problem, p->context);
    gwapi__text message;

    if (p->error == YAML_MEMORY_ERROR)
        return GWAPI_ENOMEM;
    gwapi__text_init(&message, &y->allocator);
    gwapi__text_addz(&message, text.message);
    if (text.begun != NULL) {
        gwapi__text_addz(&message, "; ");
        gwapi__text_addz(&message, text.begun);
        gwapi__text_addz(&message, " begins at line ");
        gwapi__text_u64(&message, gwapi__yaml_locate(&y->input, p->context_mark.index).line);
    }
    gwapi__text_char(&message, '\0');
    gwapi__place place = gwapi__yaml_locate(&y->input, problem_index(p, text.at_begin));
    gwapi_result r = message.failed ? GWAPI_ENOMEM
                                    : refuse(y, "yaml/syntax", place, message.data, text.hint);
    gwapi__text_free(&message);
    return r;
}

/* ---- values ------------------------------------------------------------------------- */

static gwapi_result set_text(reader *y, value *v, gwapi_str text)
{
    v->node->type = GWAPI__NODE_STRING;
    return gwapi__arena_copy(y->arena, text, &v->node->as.string) ? GWAPI_OK : GWAPI_ENOMEM;
}

/* JSON, which the server makes of the YAML, has no bytes that are no UTF-8. */
static gwapi_result clean_text(reader *y, gwapi_str *text)
{
    gwapi__text clean;
    uint32_t rune;
    size_t step;

    if (gwapi__utf8_valid(*text))
        return GWAPI_OK;
    gwapi__text_init(&clean, &y->allocator);
    for (size_t i = 0; i < text->len; i += step) {
        gwapi__utf8_step(gwapi__str_sub(*text, i, text->len), &rune, &step);
        gwapi__text_rune(&clean, rune);
    }
    bool ok = !clean.failed && gwapi__arena_copy(y->arena, gwapi__text_str(&clean), text);
    gwapi__text_free(&clean);
    return ok ? GWAPI_OK : GWAPI_ENOMEM;
}

static gwapi_result set_binary(reader *y, value *v)
{
    bool no_memory;

    v->node->type = GWAPI__NODE_STRING;
    if (gwapi__base64_decode(y->arena, v->scalar.text, &v->node->as.string, &no_memory))
        return clean_text(y, &v->node->as.string);
    return no_memory ? GWAPI_ENOMEM
                     : refuse(y, "yaml/value", v->place, "a !!binary value that is not base64",
                              "remove the tag, or encode the value");
}

static gwapi_result set_number(reader *y, value *v)
{
    bool no_memory;

    if (gwapi__scalar_number(&y->allocator, &v->scalar, v->node, &no_memory))
        return GWAPI_OK;
    return no_memory ? GWAPI_ENOMEM
                     : refuse_named(y, v->place, "% is a number that JSON does not have",
                                    v->scalar.text, "quote it if it is meant as text");
}

/* The node of a scalar. */
static gwapi_result make_node(reader *y, value *v)
{
    v->node = gwapi__node_new(y->arena, GWAPI__NODE_NULL, v->place);
    if (v->node == NULL)
        return GWAPI_ENOMEM;
    switch (v->scalar.type) {
    case GWAPI__SCALAR_NULL:
        return GWAPI_OK;
    case GWAPI__SCALAR_BOOL:
        v->node->type = GWAPI__NODE_BOOL;
        v->node->as.boolean = v->scalar.as.boolean;
        return GWAPI_OK;
    case GWAPI__SCALAR_STRING:
        return set_text(y, v, v->scalar.text);
    case GWAPI__SCALAR_BINARY:
        return set_binary(y, v);
    default:
        return set_number(y, v);
    }
}

static gwapi_result refuse_complex_key(reader *y, gwapi__place place)
{
    return refuse(y, "yaml/value", place, "a map or a list can't be a key",
                  "quote the key if it begins with { or [");
}

static gwapi_result add_key(reader *y, value *v)
{
    gwapi_str name = GWAPI__STR("<<");
    bool no_memory = false;

    if (!v->is_scalar)
        return refuse_complex_key(y, v->place);
    if (!v->merge && !gwapi__scalar_key(y->arena, &v->scalar, &name, &no_memory))
        return no_memory
                   ? GWAPI_ENOMEM
                   : refuse_named(y, v->place, "% can't be a key", v->scalar.text, "quote it");
    if (v->scalar.type == GWAPI__SCALAR_BINARY)
        GWAPI__TRY(clean_text(y, &name));
    return gwapi__builder_key(&y->builder, name, v->place, v->merge);
}

/* A map, an alias of one, or a list of such. */
static gwapi_result check_merged(reader *y, const value *v)
{
    bool good = v->node->type == GWAPI__NODE_MAP;

    if (v->node->type == GWAPI__NODE_LIST && !v->from_alias) {
        y->budget.steps--; /* the server's reader does not count the list itself */
        good = true;
        for (uint32_t i = 0; i < v->node->as.list.count; i++)
            good &= v->node->as.list.items[i]->type == GWAPI__NODE_MAP;
    }
    return good ? GWAPI_OK
                : refuse(y, "yaml/value", v->place,
                         "the merge key << takes a map, or a list of maps",
                         "give it an alias (*name) of a map");
}

/* Where a value goes that is complete. */
static gwapi_result place_value(reader *y, value *v)
{
    gwapi__frame *frame = gwapi__builder_top(&y->builder);
    level *l = y->levels.count != 0 ? GWAPI__AT(&y->levels, level, y->levels.count - 1) : NULL;

    if (frame != NULL && frame->type == GWAPI__NODE_MAP && !l->at_value) {
        l->at_value = true;
        return add_key(y, v);
    }
    if (v->node == NULL)
        GWAPI__TRY(make_node(y, v));
    if (frame != NULL && frame->type == GWAPI__NODE_MAP) {
        l->at_value = false;
        const gwapi__slot *slot =
            GWAPI__AT(&y->builder.slots, gwapi__slot, y->builder.slots.count - 1);
        if (slot->merge)
            GWAPI__TRY(check_merged(y, v));
    }
    return gwapi__builder_value(&y->builder, v->node);
}

/* ---- anchors ------------------------------------------------------------------------ */

static gwapi_str text_of(const yaml_char_t *text)
{
    return gwapi__str_of((const char *)text);
}

/* A name may be given again; from there on it means the new value. */
static gwapi_result define(reader *y, const yaml_char_t *name, anchor **out)
{
    gwapi_str key;

    *out = NULL;
    if (name == NULL)
        return GWAPI_OK;
    gwapi__map_entry *entry = gwapi__map_find(&y->anchors, text_of(name));
    if (entry == NULL) {
        if (!gwapi__arena_copy(&y->scratch, text_of(name), &key))
            return GWAPI_ENOMEM;
        entry = gwapi__map_add(&y->anchors, key);
        if (entry == NULL)
            return GWAPI_ENOMEM;
    }
    *out = GWAPI__ARENA_NEW(&y->scratch, anchor);
    if (*out == NULL)
        return GWAPI_ENOMEM;
    entry->value = *out;
    return GWAPI_OK;
}

static gwapi_result on_alias(reader *y, const yaml_event_t *event, gwapi__place place)
{
    gwapi_str name = text_of(event->data.alias.anchor);
    anchor *a = gwapi__map_get(&y->anchors, name);

    if (a == NULL)
        return refuse_named(y, place, "no anchor (&) named % before this alias", name,
                            "quote the text if it begins with *");
    if (a->open)
        return refuse_named(y, place, "the value of the anchor % contains itself", name,
                            "write the value out");
    GWAPI__TRY(gwapi__alias_budget_spend(&y->budget, 1 + a->cost, a->cost, place));
    value v = a->target;
    v.place = place;
    v.from_alias = true;
    v.merge = false;
    GWAPI__TRY(gwapi__builder_count(&y->builder, a->cost, place));
    if (!v.is_scalar) {
        v.node = gwapi__node_copy(y->arena, v.node, false);
        if (v.node == NULL)
            return GWAPI_ENOMEM;
    }
    return place_value(y, &v);
}

/* ---- events ------------------------------------------------------------------------- */

static bool at_key(const reader *y)
{
    const gwapi__frame *frame = gwapi__builder_top(&y->builder);

    return frame != NULL && frame->type == GWAPI__NODE_MAP &&
           !GWAPI__AT(&y->levels, level, y->levels.count - 1)->at_value;
}

/* Is the key that waits for a value a merge key? */
static bool after_merge(const reader *y)
{
    const gwapi__vector *slots = &y->builder.slots;

    return slots->count != 0 && GWAPI__AT(slots, gwapi__slot, slots->count - 1)->merge;
}

static bool in_flow(const reader *y)
{
    return y->levels.count != 0 && GWAPI__AT(&y->levels, level, y->levels.count - 1)->flow;
}

/* What libyaml accepts and the server's reader does not, or reads otherwise. */
static gwapi_result check_dialect(reader *y, const yaml_event_t *event, gwapi_str text,
                                  gwapi__place place)
{
    if (event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE && in_flow(y) &&
        gwapi__str_find_char(text, '?') != SIZE_MAX)
        return refuse(y, "yaml/syntax", place, "a `?` in text without quotes between brackets",
                      "quote the text");
    if (event->data.scalar.style == YAML_DOUBLE_QUOTED_SCALAR_STYLE &&
        gwapi__str_find_char(text, '/') != SIZE_MAX &&
        gwapi__yaml_escapes_slash(&y->input, event->start_mark.index))
        return refuse(y, "yaml/syntax", place,
                      "the escape \\/ within double quotes, which YAML 1.1 does not have",
                      "write / alone");
    if (event->data.scalar.tag != NULL && in_flow(y) &&
        gwapi__yaml_tag_touches(&y->input, event->start_mark.index))
        return refuse(y, "yaml/syntax", place, "a blank is missing after the tag",
                      "write `!!str value`");
    return GWAPI_OK;
}

static gwapi_result wrong_tag(reader *y, gwapi_str tag, gwapi_str text, gwapi__place place)
{
    gwapi__text message;

    gwapi__text_init(&message, &y->allocator);
    gwapi__text_addz(&message, "% is no ");
    gwapi__text_addz(&message, gwapi__scalar_tag_name(tag));
    gwapi__text_char(&message, '\0');
    gwapi_result r = message.failed
                         ? GWAPI_ENOMEM
                         : refuse_named(y, place, message.data, text, "remove the tag");
    gwapi__text_free(&message);
    return r;
}

/* No tag, no anchor, nothing that only looks like text: as nearly all scalars are. */
static bool is_simple_text(const reader *y, const yaml_event_t *event, gwapi_str text)
{
    return event->data.scalar.tag == NULL && event->data.scalar.anchor == NULL &&
           !y->input.replaced &&
           (event->data.scalar.plain_implicit == 0 ||
            (gwapi__scalar_is_text(text) && text.data[0] != '<'));
}

/* The short way of place_value for such a text. */
static gwapi_result place_text(reader *y, gwapi_str text, gwapi__place place)
{
    gwapi__frame *frame = gwapi__builder_top(&y->builder);

    if (frame != NULL && frame->type == GWAPI__NODE_MAP) {
        level *l = GWAPI__AT(&y->levels, level, y->levels.count - 1);
        bool key = !l->at_value;
        l->at_value = key;
        if (key)
            return gwapi__arena_copy(y->arena, text, &text)
                       ? gwapi__builder_key(&y->builder, text, place, false)
                       : GWAPI_ENOMEM;
    }
    gwapi__node *node = gwapi__node_string(y->arena, text, place);
    return node != NULL ? gwapi__builder_value(&y->builder, node) : GWAPI_ENOMEM;
}

/* Any other. */
static gwapi_result on_any_scalar(reader *y, yaml_event_t *event, gwapi__place place)
{
    char *data = (char *)event->data.scalar.value;
    gwapi_str tag = text_of(event->data.scalar.tag);
    value v = {.place = place, .is_scalar = true};
    bool plain = event->data.scalar.plain_implicit != 0;
    anchor *a;

    if (y->input.replaced)
        gwapi__yaml_restore(data, &event->data.scalar.length);
    gwapi_str text = gwapi__str(data, event->data.scalar.length);
    GWAPI__TRY(define(y, event->data.scalar.anchor, &a));
    v.scalar = (gwapi__scalar){.type = GWAPI__SCALAR_STRING, .text = text};
    if ((tag.len != 0 || plain) && !gwapi__scalar_resolve(&v.scalar, tag, text))
        return wrong_tag(y, tag, text, place);
    v.merge = at_key(y) && gwapi__str_eq(text, GWAPI__STR("<<")) &&
              (plain || gwapi__str_eq(tag, GWAPI__STR("tag:yaml.org,2002:merge")));
    GWAPI__TRY(gwapi__builder_count(&y->builder, 1, place));
    if (!v.merge)
        GWAPI__TRY(gwapi__alias_budget_spend(&y->budget, 1, 0, place));
    if (a != NULL) {
        if (!gwapi__arena_copy(&y->scratch, text, &v.scalar.text))
            return GWAPI_ENOMEM;
        a->target = v;
        a->cost = 1;
    }
    return place_value(y, &v);
}

static gwapi_result on_scalar(reader *y, yaml_event_t *event, gwapi__place place)
{
    gwapi_str text =
        gwapi__str((const char *)event->data.scalar.value, event->data.scalar.length);

    GWAPI__TRY(check_dialect(y, event, text, place));
    if (!is_simple_text(y, event, text) || after_merge(y))
        return on_any_scalar(y, event, place);
    GWAPI__TRY(gwapi__builder_count(&y->builder, 1, place));
    GWAPI__TRY(gwapi__alias_budget_spend(&y->budget, 1, 0, place));
    return place_text(y, text, place);
}

static gwapi_result on_open(reader *y, gwapi__node_type type, const yaml_char_t *name,
                            bool flow, gwapi__place place)
{
    bool within = in_flow(y);
    anchor *a;

    if (at_key(y))
        return refuse_complex_key(y, place);
    GWAPI__TRY(define(y, name, &a));
    GWAPI__TRY(gwapi__builder_open(&y->builder, type, place));
    level *l = gwapi__vector_add(&y->levels);
    if (l == NULL)
        return GWAPI_ENOMEM;
    *l = (level){.anchor = a, .start = y->budget.steps, .flow = flow || within};
    if (a != NULL)
        a->open = true;
    y->brackets += l->flow;
    return gwapi__alias_budget_spend(&y->budget, 1, 0, place);
}

static gwapi_result on_close(reader *y)
{
    level l = *GWAPI__AT(&y->levels, level, y->levels.count - 1);
    value v = {.is_scalar = false};

    GWAPI__TRY(gwapi__builder_close(&y->builder, &v.node));
    y->levels.count--;
    y->brackets -= l.flow;
    v.place = v.node->place;
    if (l.anchor != NULL) {
        l.anchor->open = false;
        l.anchor->target = v;
        l.anchor->cost = y->budget.steps - l.start;
    }
    return place_value(y, &v);
}

static gwapi_result count_brackets(reader *y, gwapi__place place)
{
    y->work += y->brackets;
    return y->work <= BRACKET_WORK
               ? GWAPI_OK
               : gwapi__problems_limit(y->problems, "doc/depth", place,
                                       "too many values within too many brackets", "depth",
                                       y->limits->depth);
}

static gwapi_result on_event(reader *y, yaml_event_t *event, gwapi__place place)
{
    GWAPI__TRY(count_brackets(y, place));
    switch (event->type) {
    case YAML_SCALAR_EVENT:
        return on_scalar(y, event, place);
    case YAML_ALIAS_EVENT:
        return on_alias(y, event, place);
    case YAML_SEQUENCE_START_EVENT:
        return on_open(y, GWAPI__NODE_LIST, event->data.sequence_start.anchor,
                       event->data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE, place);
    case YAML_MAPPING_START_EVENT:
        return on_open(y, GWAPI__NODE_MAP, event->data.mapping_start.anchor,
                       event->data.mapping_start.style == YAML_FLOW_MAPPING_STYLE, place);
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        return on_close(y);
    default:
        return GWAPI_OK;
    }
}

/* The server's reader looks at no more than one document between two separators. */
static gwapi_result check_rest(reader *y, gwapi__place end)
{
    yaml_event_t event;

    if (yaml_parser_parse(&y->parser, &event) != 0) {
        yaml_event_type_t type = event.type;
        yaml_event_delete(&event);
        if (type == YAML_STREAM_END_EVENT)
            return GWAPI_OK;
    } else if (y->parser.error == YAML_MEMORY_ERROR)
        return GWAPI_ENOMEM;
    return gwapi__problems_add(
        y->problems,
        &(gwapi__doc_problem){
            .type = GWAPI_ERROR_NONE,
            .rule = GWAPI__STR("yaml/ignored-text"),
            .place = end,
            .message = GWAPI__STR("what follows the end of the document is not read by the "
                                  "API server"),
            .hint = GWAPI__STR("separate documents with a line `---`")});
}

static gwapi_result read_events(reader *y)
{
    for (;;) {
        yaml_event_t event;
        if (yaml_parser_parse(&y->parser, &event) == 0)
            return refuse_syntax(y);
        gwapi__place place = place_of(y, &event.start_mark);
        yaml_event_type_t type = event.type;
        gwapi_result r = on_event(y, &event, place);
        yaml_event_delete(&event);
        if (r != GWAPI_OK || type == YAML_STREAM_END_EVENT)
            return r;
        if (type == YAML_DOCUMENT_END_EVENT)
            return check_rest(y, place);
    }
}

static int feed(void *data, unsigned char *buffer, size_t size, size_t *size_read)
{
    *size_read = gwapi__yaml_feed(data, buffer, size);
    return 1;
}

static gwapi_result read_document(reader *y, const gwapi__chunk *chunk)
{
    if (yaml_parser_initialize(&y->parser) == 0)
        return GWAPI_ENOMEM;
    gwapi__yaml_input_init(&y->input, chunk);
    yaml_parser_set_input(&y->parser, feed, &y->input);
    yaml_parser_set_encoding(&y->parser, YAML_UTF8_ENCODING);
    gwapi_result r = read_events(y);
    yaml_parser_delete(&y->parser);
    return r;
}

gwapi_result gwapi__yaml_read(gwapi__node **root, gwapi__arena *arena,
                              const gwapi_allocator *allocator, const gwapi__chunk *chunk,
                              const gwapi_limits *limits, gwapi__problems *problems)
{
    reader y = {.allocator = *allocator,
                .arena = arena,
                .limits = limits,
                .problems = problems,
                .budget = {limits, problems, 1 /* the document itself */, 0}};

    gwapi__arena_init(&y.scratch, allocator);
    y.scratch.secret = true; /* an anchored text may be one */
    gwapi__vector_init(&y.levels, allocator, sizeof(level));
    /* The order of results does not depend on the seed; the address makes it hard to guess. */
    gwapi__map_init(&y.anchors, allocator);
    gwapi__builder_init(&y.builder, arena, allocator, limits, problems);
    gwapi_result r = read_document(&y, chunk);
    *root = y.builder.root;
    gwapi__builder_free(&y.builder);
    gwapi__map_free(&y.anchors);
    gwapi__vector_free(&y.levels);
    gwapi__arena_free(&y.scratch);
    return r;
}
