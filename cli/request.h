/* A request line (JSON) as the library takes it. */
#ifndef CLI_REQUEST_H
#define CLI_REQUEST_H

#include <jansson.h>
#include <gatewayapi/match.h>
#include "options.h"

typedef struct cli_request {
    json_t *line; /* owns every text */
    gwapi_arrival arrival;
    gwapi_request request;
    gwapi_header *headers;
    bool random_given;
    uint64_t random;
    const char *protocol; /* as written, or "" */
    char *id;             /* JSON text, NULL: none */
    char *error;          /* why it is no valid request; then only `id` counts */
} cli_request;

/* Reads one line; an absent one was too long to keep. */
void cli_request_read(cli_request *request, gwapi_str line, gwapi_path_policy policy);
/* The request of the command line: --host, --method, -H, ..., and the URL (may be NULL). */
void cli_request_of(cli_request *request, const cli_options *options, const char *url);
/* A request in JSON whose members may be beside a URL (NULL: none), and win over it. */
void cli_request_from(cli_request *request, const json_t *members, const char *url,
                      gwapi_path_policy policy);
void cli_request_free(cli_request *request);

/* Is it a URL rather than a path of a file? */
bool cli_is_url(const char *argument);

#endif
