/*
 * What an auth backend's answer means (matching.md §19; CheckResponse of Envoy's ext_authz:
 * envoy/service/auth/v3/external_auth.proto, envoy/config/core/v3/base.proto). An answer is
 * checked as a whole before anything of it counts, and whatever is wrong with it denies.
 */
#include "match/auth.h"

#include "base/result.h"
#include "base/struct.h"
#include "match/cors.h"
#include "match/request.h"

enum { RESPONSE_STATUS = 1, RESPONSE_DENIED = 2, RESPONSE_OK = 3, RESPONSE_ERROR = 5 };
enum { DENIED_STATUS = 1, DENIED_HEADERS = 2, DENIED_BODY = 3 };

/* An answer that was checked. */
typedef struct answer {
    const gwapi__image_auth *auth;
    const gwapi_snapshot *snapshot;
    const gwapi_auth_response *given;
    bool allowed;
    bool refused;
    uint32_t status;   /* of a denial */
    gwapi_str body;    /* of a denial */
    gwapi_str message; /* GRPC: the OkHttpResponse or DeniedHttpResponse; absent: none */
} answer;

/* Of one hop's message, not of what is said in it (RFC 9110 §7.6.1; RFC 9112 §6). */
static bool is_of_one_hop(gwapi_str name)
{
    static const gwapi_str names[] = {GWAPI_STR_INIT("connection"),
                                      GWAPI_STR_INIT("content-length"),
                                      GWAPI_STR_INIT("keep-alive"),
                                      GWAPI_STR_INIT("proxy-connection"),
                                      GWAPI_STR_INIT("te"),
                                      GWAPI_STR_INIT("trailer"),
                                      GWAPI_STR_INIT("transfer-encoding"),
                                      GWAPI_STR_INIT("upgrade")};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (gwapi__str_eq_nocase(name, names[i]))
            return true;
    return false;
}

static bool is_host(gwapi_str name)
{
    return gwapi__str_eq_nocase(name, GWAPI__STR("host"));
}

/* ---- changes of a gRPC answer ---- */

/* The kind of change that a field of the message is; false: of none. */
static bool side_of(const answer *a, uint32_t number, gwapi_auth_side *side)
{
    switch (number) {
    case GWAPI__OK_HEADERS: /* DENIED_HEADERS too */
        *side = a->allowed ? GWAPI_AUTH_REQUEST_HEADERS : GWAPI_AUTH_RESPONSE_HEADERS;
        return true;
    case GWAPI__OK_HEADERS_TO_REMOVE:
        *side = GWAPI_AUTH_REQUEST_HEADERS;
        return a->allowed;
    case GWAPI__OK_RESPONSE_HEADERS:
        *side = GWAPI_AUTH_RESPONSE_HEADERS;
        return a->allowed;
    case GWAPI__OK_QUERY_TO_SET:
    case GWAPI__OK_QUERY_TO_REMOVE:
        *side = GWAPI_AUTH_REQUEST_QUERY;
        return a->allowed;
    default:
        return false;
    }
}

/* Pseudo-headers and Host cannot be removed, what frames the message is the host's. */
static bool is_left_out(gwapi_auth_side side, const gwapi_header_op *op)
{
    if (side == GWAPI_AUTH_REQUEST_QUERY)
        return false;
    if (op->action == GWAPI_HEADER_REMOVE && (op->name.data[0] == ':' || is_host(op->name)))
        return true;
    return is_of_one_hop(op->name);
}

/* The n-th change and those after it. */
typedef struct changes {
    const answer *answer;
    gwapi_auth_side side;
    gwapi_str rest; /* GRPC: of the message */
    size_t next;    /* HTTP: of the headers */
    bool removals;  /* GRPC: they come after what is set */
} changes;

static changes changes_begin(const answer *a, gwapi_auth_side side)
{
    return (changes){.answer = a, .side = side, .rest = a->message};
}

static bool next_of_message(changes *c, gwapi_header_op *op)
{
    gwapi__wire_field f;
    gwapi_auth_side side;

    for (;;) {
        if (c->rest.len == 0) {
            if (c->removals)
                return false;
            c->removals = true;
            c->rest = c->answer->message;
            continue;
        }
        (void)gwapi__wire_next(&c->rest, &f);
        if (!side_of(c->answer, f.number, &side) || side != c->side ||
            !gwapi__auth_change(&f, op))
            continue;
        if ((op->action == GWAPI_HEADER_REMOVE) == c->removals && !is_left_out(side, op))
            return true;
    }
}

static bool listed(const answer *a, gwapi_str name)
{
    const gwapi__image_range names = a->auth->response_headers;

    if (names.count == 0)
        return !is_host(name);
    for (uint32_t i = 0; i < names.count; i++)
        if (gwapi__str_eq_nocase(gwapi__image_string_at(a->snapshot, names.first + i), name))
            return true;
    return false;
}

static bool takes(const answer *a, gwapi_str name)
{
    return name.len != 0 && name.data[0] != ':' && !is_of_one_hop(name) &&
           (!a->allowed || listed(a, name));
}

static bool next_of_headers(changes *c, gwapi_header_op *op)
{
    const gwapi_auth_response *given = c->answer->given;
    gwapi_auth_side side =
        c->answer->allowed ? GWAPI_AUTH_REQUEST_HEADERS : GWAPI_AUTH_RESPONSE_HEADERS;

    while (side == c->side && c->next < given->header_count) {
        const gwapi_header *h = &given->headers[c->next++];
        if (!takes(c->answer, h->name))
            continue;
        *op = (gwapi_header_op){GWAPI_HEADER_SET, 0, h->name, h->value};
        return true;
    }
    return false;
}

static bool next_raw(changes *c, gwapi_header_op *op)
{
    if (c->answer->refused)
        return false;
    return c->answer->auth->protocol == GWAPI_AUTH_HTTP ? next_of_headers(c, op)
                                                        : next_of_message(c, op);
}

/* Lines of an answer that is relayed or copied stay beside each other (Set-Cookie): the first
 * of a name takes the place of what is there, the others are added. */
static bool has_line_before(const changes *c, const gwapi_header_op *op, size_t place)
{
    changes earlier = changes_begin(c->answer, c->side);
    gwapi_header_op other;

    for (size_t i = 0; i < place && next_raw(&earlier, &other); i++)
        if (other.action != GWAPI_HEADER_REMOVE && gwapi__str_eq_nocase(other.name, op->name))
            return true;
    return false;
}

static bool changes_next(changes *c, size_t place, gwapi_header_op *op)
{
    if (!next_raw(c, op))
        return false;
    bool lines = !c->answer->allowed || c->answer->auth->protocol == GWAPI_AUTH_HTTP;
    if (lines && op->action == GWAPI_HEADER_SET && has_line_before(c, op, place))
        op->action = GWAPI_HEADER_ADD;
    return true;
}

/* ---- checking an answer ---- */

static void refuse(answer *a)
{
    a->allowed = false;
    a->refused = true;
    a->status = 403;
    a->body = a->message = (gwapi_str){NULL, 0};
}

static bool is_status(uint64_t status)
{
    return status >= 200 && status <= 599;
}

static bool check_headers(const gwapi_auth_response *given)
{
    if (given->header_count > GWAPI_AUTH_CHANGES_MAX)
        return false;
    for (size_t i = 0; i < given->header_count; i++) {
        gwapi_str name = given->headers[i].name;
        if (name.len != 0 && name.data[0] == ':')
            name = gwapi__str_sub(name, 1, name.len);
        if (!gwapi__auth_token(name) || !gwapi__auth_value(given->headers[i].value))
            return false;
    }
    return true;
}

static void read_http(answer *a)
{
    const gwapi_auth_response *given = a->given;

    if (!is_status(given->status) || !check_headers(given)) {
        refuse(a);
        return;
    }
    a->allowed = given->status == 200;
    a->status = a->allowed ? 0 : given->status;
    a->body = a->allowed ? (gwapi_str){NULL, 0} : given->body;
}

/* Every field of the message, and how many changes there are of each kind. */
static bool check_message(answer *a)
{
    uint32_t counts[3] = {0}, seen = 0;
    gwapi_str rest = a->message;
    gwapi_auth_side side;
    gwapi_header_op op;
    gwapi__wire_field f;

    while (rest.len != 0) {
        if (!gwapi__wire_next(&rest, &f))
            return false;
        if (side_of(a, f.number, &side)) {
            if (!gwapi__auth_change(&f, &op) || ++counts[side] > GWAPI_AUTH_CHANGES_MAX)
                return false;
        } else if (!a->allowed && (f.number == DENIED_STATUS || f.number == DENIED_BODY)) {
            uint64_t status = 0;
            if (!gwapi__wire_is_bytes(&f) || !gwapi__auth_once(&seen, f.number) ||
                (f.number == DENIED_STATUS && !gwapi__auth_number(f.bytes, &status)))
                return false;
            if (f.number == DENIED_BODY)
                a->body = f.bytes;
            else if (status != 0)
                a->status = status > 599 ? 0 : (uint32_t)status;
        }
    }
    return a->allowed || is_status(a->status);
}

/* The status and which response there is. Both an OK and a denial are said once. */
static bool read_message(answer *a)
{
    gwapi_str rest = a->given->body;
    uint32_t seen = 0, kind = 0;
    gwapi__wire_field f;
    uint64_t code = 0;

    if (rest.len > GWAPI_AUTH_MESSAGE_MAX)
        return false;
    while (rest.len != 0) {
        if (!gwapi__wire_next(&rest, &f))
            return false;
        bool response = f.number == RESPONSE_DENIED || f.number == RESPONSE_OK ||
                        f.number == RESPONSE_ERROR;
        if (!response && f.number != RESPONSE_STATUS)
            continue;
        if (!gwapi__wire_is_bytes(&f) ||
            !gwapi__auth_once(&seen, response ? RESPONSE_OK : RESPONSE_STATUS) ||
            (!response && !gwapi__auth_number(f.bytes, &code)))
            return false;
        if (response) {
            kind = f.number;
            a->message = f.bytes;
        }
    }
    a->allowed = code == 0 && kind != RESPONSE_DENIED && kind != RESPONSE_ERROR;
    a->status = a->allowed ? 0 : 403;
    if (a->allowed == (kind == RESPONSE_OK) || kind == 0)
        return check_message(a);
    a->message = (gwapi_str){NULL, 0}; /* an OK beside another status says nothing */
    return true;
}

/* False without a filter to be answered. */
static bool read_answer(answer *a, const gwapi_decision *decision, uint32_t backend,
                        const gwapi_auth_response *given)
{
    gwapi__auth_place place;

    if (!gwapi__auth_asked(decision, backend, &place))
        return false;
    *a = (answer){.auth = place.auth, .snapshot = decision->snapshot, .given = given};
    if (place.auth->protocol == GWAPI_AUTH_HTTP)
        read_http(a);
    else if (given->status != 200 || given->grpc_status != 0 || !read_message(a))
        refuse(a);
    return true;
}

static gwapi_result response_in(gwapi_auth_response *out, const gwapi_auth_response *given)
{
    if (given == NULL)
        return GWAPI_EARGUMENT;
    return gwapi__struct_in(out, sizeof *out, given, sizeof *out);
}

/* ---- the verdict ---- */

/* As gRPC maps HTTP statuses where no other came. */
static uint32_t grpc_status_of(uint32_t status)
{
    switch (status) {
    case 400:
        return 13; /* INTERNAL */
    case 401:
        return 16; /* UNAUTHENTICATED */
    case 403:
        return 7; /* PERMISSION_DENIED */
    case 404:
        return 12; /* UNIMPLEMENTED */
    case 429:
    case 502:
    case 503:
    case 504:
        return 14; /* UNAVAILABLE */
    default:
        return 2; /* UNKNOWN */
    }
}

gwapi_result gwapi_auth_result(const gwapi_decision *decision, uint32_t backend,
                               const gwapi_auth_response *response, gwapi_auth_answer *out)
{
    gwapi_auth_response given;
    answer a;

    if (!gwapi__decision_usable(decision))
        return GWAPI_EARGUMENT;
    GWAPI__TRY(response_in(&given, response));
    if (!read_answer(&a, decision, backend, &given))
        return GWAPI_ESTATE;
    gwapi_auth_answer result = {.struct_size = sizeof result,
                                .allowed = a.allowed,
                                .status = a.status,
                                .refused = a.refused,
                                .body = a.body};
    if (!a.allowed && (decision->flags & GWAPI_DECISION_GRPC) != 0)
        result.grpc_status = grpc_status_of(a.status);
    return gwapi__struct_out(out, &result, sizeof result, sizeof result);
}

/* ---- the changes ---- */

typedef struct ops {
    gwapi_header_op *out;
    size_t capacity, count;
} ops;

static void add_op(ops *list, const gwapi_header_op *op)
{
    if (list->count < list->capacity)
        list->out[list->count] = *op;
    list->count++;
}

static void add_changes(ops *list, const answer *a, gwapi_auth_side side)
{
    changes c = changes_begin(a, side);
    gwapi_header_op op;

    for (size_t i = 0; changes_next(&c, i, &op); i++)
        add_op(list, &op);
}

gwapi_result gwapi_auth_changes(const gwapi_decision *decision, uint32_t backend,
                                const gwapi_auth_response *response, gwapi_auth_side side,
                                gwapi_header_op *out, size_t capacity, size_t *count)
{
    ops list = {out, capacity, 0};
    gwapi_auth_response given;
    answer a;

    if (!gwapi__decision_usable(decision) || side > GWAPI_AUTH_REQUEST_QUERY || count == NULL ||
        (out == NULL && capacity != 0))
        return GWAPI_EARGUMENT;
    GWAPI__TRY(response_in(&given, response));
    if (!read_answer(&a, decision, backend, &given))
        return GWAPI_ESTATE;
    add_changes(&list, &a, side);
    *count = list.count;
    return list.count <= capacity ? GWAPI_OK : GWAPI_EBUFFER;
}

uint32_t gwapi_auth_takes_header(const gwapi_decision *decision, uint32_t backend,
                                 gwapi_str name)
{
    gwapi__auth_place place;

    if (!gwapi__auth_asked(decision, backend, &place) ||
        place.auth->protocol != GWAPI_AUTH_HTTP)
        return 0;
    answer a = {.auth = place.auth, .snapshot = decision->snapshot, .allowed = true};
    return takes(&a, name);
}

/* ---- among the modifiers ---- */

static void add_modifier(ops *list, const gwapi_snapshot *s, const gwapi__image_filter *f)
{
    gwapi__image_range range = gwapi__image_MODIFIER(s, f->item)->ops;

    for (uint32_t i = 0; i < range.count; i++) {
        const gwapi__image_header_op *o = gwapi__image_HEADER_OP(s, range.first + i);
        gwapi_header_op op = {o->action, 0, gwapi__image_str(s, o->name),
                              gwapi__image_str(s, o->value)};
        add_op(list, &op);
    }
}

static void add_cors(ops *list, const gwapi_snapshot *s, const gwapi__image_filter *f,
                     const gwapi_request *request)
{
    gwapi_header_op of_cors[GWAPI__CORS_OPS];
    gwapi__cors cors;

    gwapi__cors_evaluate(&cors, s, gwapi__image_CORS(s, f->item), request);
    size_t count = gwapi__cors_ops(&cors, s, of_cors);
    for (size_t i = 0; i < count; i++)
        add_op(list, &of_cors[i]);
}

/* GWAPI_ESTATE when the filter that a list has was not answered, or not allowed. */
static gwapi_result allowed_by(answer *a, const gwapi_decision *decision, uint32_t backend,
                               const gwapi_auth_response *given, gwapi_auth_response *copy)
{
    gwapi__auth_place place;

    if (!gwapi__auth_reached(decision, backend, &place))
        return GWAPI_OK;
    if (given == NULL)
        return GWAPI_ESTATE;
    GWAPI__TRY(response_in(copy, given));
    return read_answer(a, decision, backend, copy) && a->allowed ? GWAPI_OK : GWAPI_ESTATE;
}

gwapi_result gwapi_auth_header_ops(const gwapi_decision *decision, const gwapi_request *request,
                                   uint32_t backend, gwapi_header_side side,
                                   const gwapi_auth_response *rule,
                                   const gwapi_auth_response *own, gwapi_header_op *out,
                                   size_t capacity, size_t *count)
{
    bool is_own, of_request = side == GWAPI_HEADERS_REQUEST;
    gwapi_auth_response given[2];
    answer answers[2] = {{0}, {0}};
    ops list = {out, capacity, 0};
    const gwapi__image_filter *f;
    gwapi__filter_walk walk;
    gwapi_request r;

    if (!gwapi__decision_usable(decision) || count == NULL || side > GWAPI_HEADERS_RESPONSE ||
        (out == NULL && capacity != 0))
        return GWAPI_EARGUMENT;
    GWAPI__TRY(gwapi__request_in(&r, request));
    GWAPI__TRY(allowed_by(&answers[0], decision, GWAPI_NONE, rule, &given[0]));
    if (backend != GWAPI_NONE)
        GWAPI__TRY(allowed_by(&answers[1], decision, backend, own, &given[1]));
    const gwapi_snapshot *s = decision->snapshot;
    gwapi__filters_begin(&walk, decision, backend);
    while ((f = gwapi__filters_next(&walk, &is_own)) != NULL) {
        if (f->type == (of_request ? GWAPI__IMAGE_FILTER_REQUEST_HEADERS
                                   : GWAPI__IMAGE_FILTER_RESPONSE_HEADERS))
            add_modifier(&list, s, f);
        else if (f->type == GWAPI__IMAGE_FILTER_CORS && !of_request)
            add_cors(&list, s, f, &r);
        else if (f->type == GWAPI__IMAGE_FILTER_AUTH && answers[is_own].auth != NULL)
            add_changes(&list, &answers[is_own],
                        of_request ? GWAPI_AUTH_REQUEST_HEADERS : GWAPI_AUTH_RESPONSE_HEADERS);
    }
    *count = list.count;
    return list.count <= capacity ? GWAPI_OK : GWAPI_EBUFFER;
}
