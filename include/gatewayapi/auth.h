/*
 * External authorization (GEP-1494): what the host sends to the auth backend, and what the
 * answer means. The host makes the call; these are the pure steps before and after it.
 *
 *     gwapi_auth_request               whom to ask, and how
 *     gwapi_auth_path, _headers        the request to send over HTTP, or
 *     gwapi_auth_headers, _check       the message to send over gRPC (Envoy's ext_authz)
 *     (the host's own call)
 *     gwapi_auth_result                go on, or what to answer
 *     gwapi_auth_header_ops, _changes  what changes in the request, the response, a denial
 *
 * A rule and a backendRef may each have a filter. `backend` GWAPI_NONE asks for the rule's; the
 * place of a backendRef, usually the decision's `chosen`, for that one's own. Both are asked
 * where both are in force, the rule's first. Only a filter that the request reaches counts:
 * one behind a redirect, a preflight's answer or an invalid filter does not, nor one of a
 * backendRef that is invalid.
 *
 * Nothing is allocated or remembered. Slices are of the snapshot, the request or the answer.
 * The request is the one that was matched. Buffers as in match.h. Every result but GWAPI_OK of
 * these functions means: do not let the request pass.
 */
#ifndef GATEWAYAPI_AUTH_H
#define GATEWAYAPI_AUTH_H

#include <gatewayapi/match.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- before the call (lib/match/auth.c) ---------------------------------------------- */

typedef uint32_t gwapi_auth_protocol;
enum { GWAPI_AUTH_NONE = 0, GWAPI_AUTH_HTTP = 1, GWAPI_AUTH_GRPC = 2 };

/* What to send. `protocol` NONE: no filter is reached, or it is invalid and the decision says
 * so: there is nothing to ask. */
typedef struct gwapi_auth_call {
    size_t struct_size;
    gwapi_auth_protocol protocol;
    uint32_t backend;    /* index in the snapshot's backends; a BackendTLSPolicy counts for it */
    uint64_t body_bytes; /* forward the whole body if it is not longer, else answer 413; 0: forward
                            none, with a Content-Length of 0 */
    gwapi_str method;    /* HTTP: the request's own. GRPC: "POST" */
    gwapi_str host;      /* HTTP: the Host to send, as received; absent: none came. GRPC: absent */
} gwapi_auth_call;
GWAPI_API gwapi_result gwapi_auth_request(const gwapi_decision *decision,
                                          const gwapi_request *request, uint32_t backend,
                                          gwapi_auth_call *out);

/*
 * The path to ask for. HTTP: the filter's prefix, in canonical form and without its last '/',
 * then the client's path with its query, in canonical form under GWAPI_PATH_NORMALIZE;
 * rewrites change nothing of it. GRPC: that of the method Check. GWAPI_ESTATE without a
 * filter; GWAPI_EINVALID when the prefix holds what no path may (only a filter that was never
 * judged can): answer 403.
 */
GWAPI_API gwapi_result gwapi_auth_path(const gwapi_decision *decision,
                                       const gwapi_request *request, uint32_t backend,
                                       char *buffer, size_t capacity, size_t *length);

/* 1 if the request's header of that name goes to the auth backend. HTTP: Authorization and
 * those listed; Host and Content-Length of the call are the host's to write and not asked for.
 * GRPC: those listed, all without a list. Pseudo-headers never do. */
GWAPI_API uint32_t gwapi_auth_sends_header(const gwapi_decision *decision, uint32_t backend,
                                           gwapi_str name);
/*
 * The headers to send, after the request header modifiers that stand before the filter, in
 * order: received lines, then added ones. *count receives how many there are, also with
 * GWAPI_EBUFFER. A request with a getter is asked for each name in turn; where all headers are
 * to be sent, it cannot tell them: GWAPI_ESTATE, give a list. O(headers * modifiers).
 */
GWAPI_API gwapi_result gwapi_auth_headers(const gwapi_decision *decision,
                                          const gwapi_request *request, uint32_t backend,
                                          gwapi_header *headers, size_t capacity,
                                          size_t *count);

/* What the host alone knows of a request, for the Check message; what is absent, 0, or a size
 * of -1 is not told. */
typedef struct gwapi_auth_facts {
    size_t struct_size;
    const gwapi_header *headers; /* as gwapi_auth_headers told them */
    size_t header_count;
    gwapi_str body;     /* GWAPI_EINVALID if longer than body_bytes */
    int64_t size;       /* bytes of the request's body; -1: not known */
    gwapi_str protocol; /* "HTTP/1.1", "HTTP/2" */
    gwapi_str id;       /* X-Request-ID or the like */
    int64_t seconds;    /* when the request came, since 1970 */
    uint32_t nanoseconds;
    uint32_t source_port;
    gwapi_str source_address; /* of the client */
    gwapi_str source_principal; /* of its certificate */
    gwapi_str destination_address;
    gwapi_str sni;
    uint32_t destination_port;
    uint32_t reserved;
} gwapi_auth_facts;
#define GWAPI_AUTH_FACTS_INIT                                                                 \
    {sizeof(gwapi_auth_facts), NULL, 0, {NULL, 0}, -1, {NULL, 0}, {NULL, 0}, 0, 0, 0,         \
     {NULL, 0}, {NULL, 0}, {NULL, 0}, {NULL, 0}, 0, 0}

/*
 * The message envoy.service.auth.v3.CheckRequest in protobuf's wire format, without the five
 * bytes that gRPC puts before it (lib/match/auth_check.c). Lines of one header are joined,
 * with "; " for Cookie and "," for others, under its name in lower case. Texts of protobuf are
 * UTF-8: bytes that are none become '!'. A body that is none stands in raw_body. GWAPI_ESTATE
 * without a filter of protocol GRPC.
 */
GWAPI_API gwapi_result gwapi_auth_check(const gwapi_decision *decision,
                                        const gwapi_request *request, uint32_t backend,
                                        const gwapi_auth_facts *facts, char *buffer,
                                        size_t capacity, size_t *length);

/* ---- after the call (lib/match/auth_answer.c) ---------------------------------------- */

/* The answer as it came. */
typedef struct gwapi_auth_response {
    size_t struct_size;
    uint32_t status;      /* of HTTP, of a gRPC call too; 0: none came (no connection, timeout) */
    uint32_t grpc_status; /* GRPC: of the call; 0: OK */
    const gwapi_header *headers; /* HTTP: in order */
    size_t header_count;
    gwapi_str body; /* HTTP: what a denial relays. GRPC: the message envoy.service.auth.v3.
                       CheckResponse, without the five bytes before it */
} gwapi_auth_response;
#define GWAPI_AUTH_RESPONSE_INIT {sizeof(gwapi_auth_response), 0, 0, NULL, 0, {NULL, 0}}

enum {
    GWAPI_AUTH_MESSAGE_MAX = 4194304, /* bytes of a CheckResponse */
    GWAPI_AUTH_FIELD_MAX = 16384,     /* bytes of a header's name, and of its value */
    GWAPI_AUTH_CHANGES_MAX = 128      /* headers of an answer over HTTP; changes of each kind */
};

/* What it means. */
typedef struct gwapi_auth_answer {
    size_t struct_size;
    uint32_t allowed;     /* 1: go on, with the changes of the request and of the response */
    uint32_t status;      /* 0: go on; else answer this, with the changes of the response */
    uint32_t grpc_status; /* beside a status, to a client that speaks gRPC; else 0 */
    uint32_t refused;     /* 1: no usable answer came; `status` is 403, and nothing changes */
    gwapi_str body;       /* of the answer to the client */
} gwapi_auth_answer;

/*
 * HTTP: 200 allows; another status from 200 to 599 is relayed with its headers and body.
 * GRPC: a call that succeeded with the status OK and no denied response allows; else its denied
 * response is the answer, with 403 where it says no status.
 * Anything else is refused: no answer, a status that none may have, a message that is cut off,
 * damaged or says a thing twice, a header whose name is no token or whose value holds a control
 * character, and what is beyond the limits above.
 * GWAPI_ESTATE without a filter.
 */
GWAPI_API gwapi_result gwapi_auth_result(const gwapi_decision *decision, uint32_t backend,
                                         const gwapi_auth_response *response,
                                         gwapi_auth_answer *out);

typedef uint32_t gwapi_auth_side;
enum {
    GWAPI_AUTH_REQUEST_HEADERS = 0,  /* of the request to the backend */
    GWAPI_AUTH_RESPONSE_HEADERS = 1, /* of the response to the client, or of a denial */
    GWAPI_AUTH_REQUEST_QUERY = 2     /* parameters of the request's query: SET and REMOVE */
};
/* Actions that only an auth backend asks for, beside those of gwapi_header_action. */
enum {
    GWAPI_HEADER_ADD_IF_ABSENT = 4,
    GWAPI_HEADER_SET_IF_PRESENT = 5
};

/*
 * The changes an answer asks for, to be carried out in order. None when it was refused. *count
 * receives how many there are, also with GWAPI_EBUFFER. HTTP: the answer's headers that
 * gwapi_auth_takes_header takes; of a denial all. GRPC: headers, headers_to_remove,
 * response_headers_to_add and the query parameters; a header is set where the answer does not
 * say how. What frames or ends a message at one hop (Connection, Content-Length,
 * Transfer-Encoding and such) is left out, and so is a removal of Host.
 */
GWAPI_API gwapi_result gwapi_auth_changes(const gwapi_decision *decision, uint32_t backend,
                                          const gwapi_auth_response *response,
                                          gwapi_auth_side side, gwapi_header_op *ops,
                                          size_t capacity, size_t *count);
/*
 * gwapi_decision_header_ops for a request that was allowed: every operation of the modifiers,
 * of CORS and of the answers, each at the place of its filter, to be carried out one after the
 * other (a later one may undo an earlier one). `rule` and `own` are the answers that the
 * rule's filter and the backendRef's own got, NULL where there is no such filter. GWAPI_ESTATE
 * when one that is reached has no answer, or one that does not allow. *count also with
 * GWAPI_EBUFFER.
 */
GWAPI_API gwapi_result gwapi_auth_header_ops(const gwapi_decision *decision,
                                             const gwapi_request *request, uint32_t backend,
                                             gwapi_header_side side,
                                             const gwapi_auth_response *rule,
                                             const gwapi_auth_response *own,
                                             gwapi_header_op *ops, size_t capacity,
                                             size_t *count);
/* 1 if a header of an allowing answer over HTTP replaces those of its name in the request to
 * the backend: those listed, or without a list all but Host. */
GWAPI_API uint32_t gwapi_auth_takes_header(const gwapi_decision *decision, uint32_t backend,
                                           gwapi_str name);

#ifdef __cplusplus
}
#endif
#endif
