/* What the backend and the client get: request, responseHeaders, redirect and cors. */
#include "match/write.h"

#include "base/result.h"
#include "match/headers.h"
#include "match/redirect.h"

static bool of_http(const gwapi_decision *d)
{
    const gwapi__image_rule *rule = gwapi__decision_rule(d);

    if (rule == NULL)
        return gwapi__decision_unrouted(d) && d->transport == GWAPI_TRANSPORT_HTTP;
    return gwapi__image_ROUTE(d->snapshot, rule->route)->kind <= GWAPI_ROUTE_GRPC;
}

static void write_pair(gwapi__text *t, gwapi_str name, gwapi_str value)
{
    gwapi__text_char(t, '[');
    gwapi__text_json(t, name);
    gwapi__text_char(t, ',');
    gwapi__text_json(t, value);
    gwapi__text_char(t, ']');
}

static bool is_host(gwapi_str name)
{
    return gwapi__str_eq_nocase(name, GWAPI__STR("host"));
}

/* The complete list: received lines that stay, then what is written, in that order. */
static void write_headers(gwapi__text *t, bool *first, const gwapi__header_source *source,
                          const gwapi_request *request)
{
    gwapi__header_cursor cursor = gwapi__headers_begin(source);
    gwapi_header_op op;
    bool none = true;

    for (size_t i = 0; i < request->header_count; i++) {
        const gwapi_header *h = &request->headers[i];
        if (is_host(h->name) || !gwapi__header_kept(source, h->name))
            continue;
        gwapi__json_item(t, first, &none, "headers");
        write_pair(t, h->name, h->value);
    }
    for (size_t i = 0; gwapi__headers_next(&cursor, &op); i++) {
        if (is_host(op.name) || !gwapi__header_survives(source, i, &op))
            continue;
        gwapi__json_item(t, first, &none, "headers");
        write_pair(t, op.name, op.value);
    }
    gwapi__json_end(t, none);
}

/* A text that a helper writes into a buffer. */
typedef gwapi_result (*text_helper)(const gwapi_decision *d, const gwapi_request *request,
                                    uint32_t backend, char *buffer, size_t capacity,
                                    size_t *length);

static gwapi_result write_helped(gwapi__text *t, bool *first, const char *key, text_helper helper,
                                 const gwapi_decision *d, const gwapi_request *request,
                                 uint32_t backend)
{
    gwapi__text text;
    size_t length = 0;
    gwapi_result result = helper(d, request, backend, NULL, 0, &length);

    if (result != GWAPI_OK && result != GWAPI_EBUFFER)
        return result;
    gwapi__text_init(&text, &t->allocator);
    gwapi__text_fill(&text, ' ', length);
    result = text.failed ? GWAPI_ENOMEM : helper(d, request, backend, text.data, text.len, &length);
    if (result == GWAPI_OK)
        gwapi__json_str(t, first, key, gwapi__text_str(&text));
    gwapi__text_free(&text);
    return result;
}

static gwapi_result location(const gwapi_decision *d, const gwapi_request *request,
                             uint32_t backend, char *buffer, size_t capacity, size_t *length)
{
    return gwapi_decision_redirect(d, request, backend, buffer, capacity, length, NULL);
}

static gwapi_result write_request(gwapi__text *t, bool *first, const gwapi_decision *d,
                                  const gwapi_request *request, bool complete, uint32_t backend)
{
    gwapi__header_source source;
    gwapi_str host;
    bool inner = true;

    gwapi__json_key(t, first, "request");
    gwapi__text_char(t, '{');
    gwapi__json_str(t, &inner, "method", gwapi__request_method(request));
    GWAPI__TRY(gwapi_decision_host(d, request, backend, &host));
    gwapi__json_str_opt(t, &inner, "host", host);
    GWAPI__TRY(write_helped(t, &inner, "path", gwapi_decision_path, d, request, backend));
    if (complete) {
        gwapi__headers_prepare(&source, d, request, backend, GWAPI_HEADERS_REQUEST);
        write_headers(t, &inner, &source, request);
    }
    gwapi__text_char(t, '}');
    return GWAPI_OK;
}

static void write_operations(gwapi__text *t, bool *first, const gwapi_header_op *ops, size_t count)
{
    static const struct {
        gwapi_header_action action;
        const char *key;
    } lists[] = {{GWAPI_HEADER_SET, "set"}, {GWAPI_HEADER_ADD, "add"}, {GWAPI_HEADER_REMOVE, "remove"}};
    bool inner = true;

    gwapi__json_key(t, first, "responseHeaders");
    gwapi__text_char(t, '{');
    for (size_t l = 0; l < sizeof lists / sizeof *lists; l++) {
        bool none = true;
        for (size_t i = 0; i < count; i++) {
            if (ops[i].action != lists[l].action)
                continue;
            gwapi__json_item(t, &inner, &none, lists[l].key);
            if (ops[i].action == GWAPI_HEADER_REMOVE)
                gwapi__text_json(t, ops[i].name);
            else
                write_pair(t, ops[i].name, ops[i].value);
        }
        gwapi__json_end(t, none);
    }
    gwapi__text_char(t, '}');
}

static gwapi_result write_response_headers(gwapi__text *t, bool *first, const gwapi_decision *d,
                                           const gwapi_request *request, uint32_t backend)
{
    size_t count = 0;
    gwapi_result result = gwapi_decision_header_ops(d, request, backend, GWAPI_HEADERS_RESPONSE,
                                                    NULL, 0, &count);

    if (count == 0)
        return result;
    gwapi_header_op *ops = gwapi__alloc_array(&t->allocator, count, sizeof *ops);
    if (ops == NULL)
        return GWAPI_ENOMEM;
    result = gwapi_decision_header_ops(d, request, backend, GWAPI_HEADERS_RESPONSE, ops, count,
                                       &count);
    write_operations(t, first, ops, count);
    gwapi__free(&t->allocator, ops, count * sizeof *ops);
    return result;
}

static gwapi_result write_redirect(gwapi__text *t, bool *first, const gwapi_decision *d,
                                   const gwapi_request *request, uint32_t backend)
{
    bool inner = true;

    gwapi__json_key(t, first, "redirect");
    gwapi__text_char(t, '{');
    GWAPI__TRY(write_helped(t, &inner, "location", location, d, request, backend));
    gwapi__json_u64(t, &inner, "status", gwapi__redirect_of(d, backend)->status);
    gwapi__text_char(t, '}');
    return GWAPI_OK;
}

/* Answers of the gateway's own that the rule's response modifiers do not touch. */
static bool untouched(const gwapi_decision *d)
{
    return gwapi__decision_rule(d) == NULL ||
           ((d->flags & GWAPI_DECISION_STATUS) != 0 && d->status == 400);
}

/* Of the decision itself. */
static gwapi_result write_outer(gwapi__text *t, bool *first, const gwapi_decision *d,
                                const gwapi_request *request, bool complete)
{
    if (d->outcome == GWAPI_OUTCOME_FORWARD)
        GWAPI__TRY(write_request(t, first, d, request, complete, GWAPI_NONE));
    if (!untouched(d))
        GWAPI__TRY(write_response_headers(t, first, d, request, GWAPI_NONE));
    if (d->outcome == GWAPI_OUTCOME_REDIRECT && d->chosen == GWAPI_NONE)
        GWAPI__TRY(write_redirect(t, first, d, request, GWAPI_NONE));
    return GWAPI_OK;
}

/* A redirect needs a host to lead to, and the path policy may refuse a path: the backend is there
 * all the same, and 400 if it is drawn. */
static bool can_help(text_helper helper, const gwapi_decision *d, const gwapi_request *request,
                     uint32_t backend)
{
    size_t length;
    gwapi_result result = helper(d, request, backend, NULL, 0, &length);

    return result == GWAPI_OK || result == GWAPI_EBUFFER;
}

gwapi_result gwapi__write_effects(gwapi__text *t, bool *first, const gwapi_decision *d,
                                  const gwapi_request *request, bool complete, uint32_t backend)
{
    if (!of_http(d))
        return GWAPI_OK;
    if (backend == GWAPI_NONE)
        return write_outer(t, first, d, request, complete);
    if (gwapi__backend_has_filter(d, backend, GWAPI__IMAGE_FILTER_REDIRECT)) {
        if (can_help(location, d, request, backend))
            GWAPI__TRY(write_redirect(t, first, d, request, backend));
    } else if (gwapi__backend_has_filter(d, backend, GWAPI__IMAGE_FILTER_REQUEST_HEADERS) ||
               gwapi__backend_has_filter(d, backend, GWAPI__IMAGE_FILTER_REWRITE)) {
        if (can_help(gwapi_decision_path, d, request, backend))
            GWAPI__TRY(write_request(t, first, d, request, complete, backend));
    }
    if (gwapi__backend_has_filter(d, backend, GWAPI__IMAGE_FILTER_RESPONSE_HEADERS) ||
        gwapi__backend_has_filter(d, backend, GWAPI__IMAGE_FILTER_CORS))
        GWAPI__TRY(write_response_headers(t, first, d, request, backend));
    return GWAPI_OK;
}

/* The CORS filter of the rule's list, or of the backendRef's own. */
void gwapi__write_cors(gwapi__text *t, bool *first, const gwapi_decision *d,
                       const gwapi_request *request, uint32_t backend)
{
    gwapi_cors_answer answer = {.struct_size = sizeof answer};
    bool inner = true;

    if (backend != GWAPI_NONE &&
        !gwapi__backend_has_filter(d, backend, GWAPI__IMAGE_FILTER_CORS))
        return;
    if (gwapi_decision_cors(d, request, backend, &answer) != GWAPI_OK || answer.present == 0)
        return;
    gwapi__json_key(t, first, "cors");
    gwapi__text_char(t, '{');
    gwapi__json_bool(t, &inner, "allowed", answer.allowed != 0);
    gwapi__json_bool(t, &inner, "preflight", answer.preflight != 0);
    gwapi__text_char(t, '}');
}
