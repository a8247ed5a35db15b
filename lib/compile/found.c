/* What leads requests to a match: a text of its host's table, or only a list. */
#include <string.h>
#include "compile/compiler.h"
#include "image/segments.h"

/* "/service/method", or "/service" for every method. */
static bool grpc_text(gwapi__compiler *c, const gwapi__grpc_method *spec, gwapi_str *out)
{
    size_t service = spec->service.len, method = spec->method.len;
    size_t len = 1 + service + (method != 0) + method;
    char *text = gwapi__arena_alloc(&c->arena, len);

    if (text == NULL)
        return false;
    text[0] = '/';
    memcpy(text + 1, spec->service.data, service);
    if (method != 0) {
        text[1 + service] = '/';
        memcpy(text + 2 + service, spec->method.data, method);
    }
    *out = gwapi__str(text, len);
    return true;
}

/* Found by text are literal services (a '/' in one would be read as the method's). */
static bool has_grpc_text(const gwapi__grpc_method *spec)
{
    return spec != NULL && spec->type != GWAPI__MATCH_REGEX && spec->service.len != 0 &&
           gwapi__str_find_char(spec->service, '/') == SIZE_MAX;
}

static void found_by_grpc(gwapi__compiler *c, gwapi__compile_match *m)
{
    const gwapi__grpc_method *spec = m->spec != NULL ? m->spec->grpc : NULL;
    gwapi__segments segments;
    gwapi_str text;

    m->found_by = GWAPI__FOUND_BY_GRPC;
    if (!has_grpc_text(spec))
        return;
    if (!grpc_text(c, spec, &text)) {
        c->builder.failure = GWAPI_ENOMEM;
        return;
    }
    gwapi__segments_set(&segments, text.data, text.len);
    m->found_by = GWAPI__FOUND_BY_TEXT;
    m->type = GWAPI__IMAGE_MATCH_GRPC;
    m->any_method = spec->method.len == 0;
    m->hash = segments.whole;
    m->text = gwapi__block_text(&c->builder, text);
}

static void found_by_path(gwapi__compiler *c, gwapi__compile_match *m,
                          const gwapi__image_match *record)
{
    gwapi_str path = gwapi__match_path(m->spec);
    bool exact = m->spec->path_type == GWAPI__MATCH_EXACT;
    bool slash = !exact && gwapi__str_ends(path, GWAPI__STR("/"));
    gwapi__segments segments;

    if (slash)
        path.len--;
    gwapi__segments_set(&segments, path.data, path.len);
    m->found_by = GWAPI__FOUND_BY_TEXT;
    m->type = exact ? GWAPI__IMAGE_MATCH_EXACT : GWAPI__IMAGE_MATCH_PREFIX;
    m->hash = segments.whole;
    m->depths = gwapi__index_depth(segments.depth);
    if (!exact && segments.depth >= GWAPI__INDEX_DEEPEST)
        m->found_by = GWAPI__FOUND_BY_DEPTH;
    else
        m->text = slash ? gwapi__block_text(&c->builder, path) : (gwapi__image_text){record->path};
}

void gwapi__compile_found_by(gwapi__compiler *c, gwapi__compile_match *m,
                             const gwapi__image_match *record)
{
    if (m->key[0] == GWAPI__PRECEDENCE_GRPC)
        found_by_grpc(c, m);
    else if (m->spec->path_type == GWAPI__MATCH_REGEX)
        m->found_by = GWAPI__FOUND_BY_PATTERN;
    else /* a prefix; a rule with what nobody knows was dropped */
        found_by_path(c, m, record);
}
