#include "schema/judgement.h"

#include "base/slice.h"
#include "base/utf8.h"
#include "doc/write.h"

#define LONGEST_VALUE 80 /* code points of a value shown in a message */

static bool blocks(gwapi_error_type type)
{
    return type == GWAPI_ERROR_NOT_SUPPORTED || type == GWAPI_ERROR_REQUIRED ||
           type == GWAPI_ERROR_TOO_LONG || type == GWAPI_ERROR_TOO_MANY ||
           type == GWAPI_ERROR_TYPE_INVALID;
}

void gwapi__judge_fail(gwapi__judgement *j, gwapi_result result)
{
    if (j->failed == GWAPI_OK)
        j->failed = result;
}

/* Beyond its limit a report only counts: no text is made for that. */
static bool worded(gwapi__judgement *j, gwapi_severity severity)
{
    gwapi_report *report = j->input->report;

    if (report == NULL || j->quiet || j->failed != GWAPI_OK)
        return false;
    if (gwapi__report_full(report, j->input->document)) {
        gwapi__report_drop(report, severity, j->input->document);
        return false;
    }
    gwapi__text_cut(&j->message, 0);
    gwapi__text_cut(&j->hint, 0);
    return true;
}

bool gwapi__judge_error(gwapi__judgement *j, gwapi_error_type type)
{
    j->errors++;
    j->blocked = j->blocked || blocks(type);
    return worded(j, GWAPI_SEVERITY_ERROR);
}

bool gwapi__judge_warning(gwapi__judgement *j)
{
    return worded(j, GWAPI_SEVERITY_WARNING);
}

static gwapi_str text_or_absent(const gwapi__text *t)
{
    return t->len != 0 ? gwapi__text_str(t) : (gwapi_str){NULL, 0};
}

/* What is judged as a whole: an object, or a value with a path of its own. */
static const gwapi__frame *start_of(const gwapi__frame *frame)
{
    while (frame->parent != NULL && frame->step != GWAPI__STEP_ALIAS)
        frame = frame->parent;
    return frame;
}

void gwapi__judge_report(gwapi__judgement *j, const gwapi__finding *f)
{
    gwapi__place place = f->place.line != 0 ? f->place : gwapi__frame_place(f->at);
    gwapi_diagnostic d = {.type = f->type,
                          .rule = gwapi__str_of(f->rule),
                          .hint_value = f->hint_value,
                          .fix = f->fix,
                          .file = j->input->file,
                          .line = place.line,
                          .column = place.column,
                          .document = j->input->document};

    d.severity = f->warning ? GWAPI_SEVERITY_WARNING : GWAPI_SEVERITY_ERROR;
    gwapi__text_cut(&j->path, 0);
    gwapi__text_cut(&j->pointer, 0);
    gwapi__path_write(&j->path, f->no_path ? start_of(f->at) : f->at, f->brackets);
    gwapi__path_pointer(&j->pointer, f->at);
    d.path = gwapi__text_str(&j->path);
    d.pointer = gwapi__text_str(&j->pointer);
    d.message = gwapi__text_str(&j->message);
    d.hint = text_or_absent(&j->hint);
    d.excerpt = f->excerpt;
    d.excerpt_column = f->excerpt_column;
    if (j->input->stream != NULL && f->excerpt.data == NULL)
        d.excerpt = gwapi__stream_excerpt(j->input->stream, place, &d.excerpt_column);
    if (j->message.failed || j->hint.failed || j->path.failed || j->pointer.failed ||
        gwapi__report_add(j->input->report, &d) != GWAPI_OK)
        gwapi__judge_fail(j, GWAPI_ENOMEM);
}

/* ---- text ------------------------------------------------------------------------------ */

/* The first code points of a text and how many bytes they are. */
static gwapi_str shortened(gwapi_str text)
{
    size_t at = 0;

    for (unsigned n = 0; n < LONGEST_VALUE && at < text.len; n++) {
        uint32_t rune;
        size_t step;
        gwapi__utf8_step(gwapi__str_sub(text, at, text.len), &rune, &step);
        at += step;
    }
    return gwapi__str(text.data, at);
}

static void say_quoted(gwapi__text *t, gwapi_str text)
{
    gwapi_str cut = shortened(text);

    gwapi__text_json(t, cut);
    if (cut.len < text.len)
        gwapi__text_addz(t, "…");
}

static void say_node(gwapi__text *t, const gwapi__node *node)
{
    if (node->type == GWAPI__NODE_STRING)
        say_quoted(t, node->as.string);
    else if (node->type == GWAPI__NODE_LIST)
        gwapi__text_addz(t, node->as.list.count != 0 ? "a list" : "an empty list");
    else if (node->type == GWAPI__NODE_MAP)
        gwapi__text_addz(t, node->as.map.count != 0 ? "an object" : "an empty object");
    else
        gwapi__node_write_json(t, node);
}

const char *gwapi__say_line(gwapi__text *t, const char *format, va_list *args)
{
    for (const char *p = format; *p != '\0'; p++) {
        if (*p == '\n')
            return p + 1;
        if (*p != '%') {
            gwapi__text_char(t, *p);
            continue;
        }
        switch (*++p) {
        case 's':
            gwapi__text_addz(t, va_arg(*args, const char *));
            break;
        case 'v':
            gwapi__text_add(t, va_arg(*args, gwapi_str));
            break;
        case 'q':
            say_quoted(t, va_arg(*args, gwapi_str));
            break;
        case 'u':
            gwapi__text_u64(t, va_arg(*args, uint64_t));
            break;
        case 'i':
            gwapi__text_i64(t, va_arg(*args, int64_t));
            break;
        case 'd':
            gwapi__text_double(t, va_arg(*args, double));
            break;
        case 'n':
            say_node(t, va_arg(*args, const gwapi__node *));
            break;
        default: /* 't' */
            gwapi__text_addz(t, gwapi__node_type_name(va_arg(*args, const gwapi__node *)->type));
            break;
        }
    }
    return NULL;
}

void gwapi__say(gwapi__text *t, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    gwapi__say_line(t, format, &args);
    va_end(args);
}
