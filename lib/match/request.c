#include "match/request.h"

#include "image/index.h"

bool gwapi__header_walk_get(gwapi__header_walk *walk, gwapi_str *value)
{
    const gwapi_header_getter *getter = walk->request->getter;

    return getter->get(getter->ctx, walk->index, walk->name, walk->nth++, value) != 0;
}

bool gwapi__request_header_named(const gwapi_snapshot *s, const gwapi_request *request,
                                 gwapi_str name, gwapi_str *value)
{
    uint32_t index =
        request->getter != NULL ? gwapi__image_header_index(s, name) : GWAPI_NONE;
    gwapi__header_walk walk = gwapi__header_walk_start(request, index, name);

    return gwapi__header_walk_next(&walk, value);
}

gwapi_str gwapi__request_host_header(const gwapi_snapshot *s, const gwapi_request *request)
{
    gwapi_str value = {NULL, 0};

    if (!gwapi__request_header_named(s, request, GWAPI__STR("host"), &value))
        return (gwapi_str){NULL, 0};
    return value;
}

void gwapi__request_target(const gwapi_request *request, gwapi_str *path, gwapi_str *query)
{
    gwapi__str_cut(request->path, '?', path, query);
    if (path->len == 0)
        *path = GWAPI__STR("/");
}

gwapi_str gwapi__host_without_port(gwapi_str received)
{
    if (received.len != 0 && received.data[0] == '[') {
        size_t end = gwapi__str_find_char(received, ']');
        return end == SIZE_MAX ? received : gwapi__str_sub(received, 0, end + 1);
    }
    size_t colon = gwapi__str_find_char(received, ':');
    return colon == SIZE_MAX ? received : gwapi__str_sub(received, 0, colon);
}

/* Text and hash, a word at a time; none when it is longer than any name. */
static inline void take_host(gwapi__host *out, gwapi_str name)
{
    uint64_t hash = GWAPI__INDEX_SEED, word;
    const char *p = name.data;
    char *to = out->text;
    size_t left = name.len;

    out->len = 0;
    if (name.len > GWAPI__HOST_LONGEST + 1)
        return;
    for (; left >= 8; left -= 8, p += 8, to += 8) {
        word = gwapi__lower_word(gwapi__word_at(p));
        gwapi__index_store(to, word);
        hash = gwapi__index_word(hash, word);
    }
    word = gwapi__lower_word(gwapi__index_tail(p + left, left, name.len));
    gwapi__index_store(to, word);
    out->hash = gwapi__index_end(hash, word, left);
    out->len = (uint32_t)name.len;
}

/* A literal in brackets is no name; a name that is too long equals none of the image. */
void gwapi__host_set(gwapi__host *out, gwapi_str received)
{
    const char *colon = received.len != 0 ? memchr(received.data, ':', received.len) : NULL;

    if (colon != NULL)
        received.len = (size_t)(colon - received.data);
    if (received.len == 0 || received.data[0] == '[')
        received = GWAPI__STR(""); /* what is absent has no bytes to point at */
    take_host(out, received);
    if (out->len != 0 && out->text[out->len - 1] == '.')
        out->hash = gwapi__index_text(out->text, --out->len);
    if (out->len > GWAPI__HOST_LONGEST)
        out->len = 0;
}
