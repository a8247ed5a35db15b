/*
 * URIs, read and written as Go's net/url does (Go 1.26 with the defaults of a program of 1.24:
 * a bracketed host is an IPv6 address, other hosts may hold more colons). RFC 3986.
 */
#ifndef GWAPI_CEL_URI_H
#define GWAPI_CEL_URI_H

#include "base/text.h"
#include <stdbool.h>

/* Parts as the text has them, escapes and all. Empty when there are none. */
typedef struct gwapi__uri {
    gwapi_str scheme;
    gwapi_str opaque; /* in place of host and path: mailto:a@b */
    gwapi_str user, password;
    gwapi_str host; /* with the port */
    gwapi_str path;
    gwapi_str query;
    gwapi_str fragment;
    bool has_user, has_password;
    bool bare_query; /* a '?' with nothing behind it */
    bool has_authority;
} gwapi__uri;

typedef enum gwapi__uri_wrong {
    GWAPI__URI_CONTROL, /* a control character */
    GWAPI__URI_EMPTY,
    GWAPI__URI_NO_SCHEME, /* a colon in front */
    GWAPI__URI_RELATIVE,
    GWAPI__URI_COLON, /* in the first segment of a relative path */
    GWAPI__URI_USER,
    GWAPI__URI_ESCAPE,
    GWAPI__URI_HOST_CHAR,
    GWAPI__URI_LITERAL,
    GWAPI__URI_BRACKET,
    GWAPI__URI_PORT,
    GWAPI__URI_ADDRESS
} gwapi__uri_wrong;

typedef struct gwapi__uri_fault {
    gwapi__uri_wrong wrong;
    gwapi_str at; /* what is wrong, from ESCAPE on */
} gwapi__uri_fault;

/* url.ParseRequestURI: an absolute URI or an absolute path. A '#' is nothing special to it. */
bool gwapi__uri_parse_request(gwapi__uri *out, gwapi_str text, gwapi__uri_fault *fault);
/* url.Parse: relative ones too; knows fragments and what stands behind "//host". */
bool gwapi__uri_parse(gwapi__uri *out, gwapi_str text, gwapi__uri_fault *fault);
/* Go's words for it: parse "…": …. */
void gwapi__uri_fault_write(gwapi__text *t, gwapi_str text, const gwapi__uri_fault *fault);

/* The whole in its usual form: two URIs are equal when this is. */
void gwapi__uri_write(gwapi__text *t, const gwapi__uri *uri);
/* The path with the escapes it must have; as written if that will do. */
void gwapi__uri_write_path(gwapi__text *t, const gwapi__uri *uri);
/* Text without its escapes, which are known to be valid; in a query '+' is a blank. */
void gwapi__uri_decode(gwapi__text *t, gwapi_str raw, bool query);
/* Splits a host without escapes; the port is empty without one, brackets are left out. */
void gwapi__uri_split_host(gwapi_str host, gwapi_str *name, gwapi_str *port);

/* The next parameter of a query, with escapes; false: no more. Invalid ones are left out. */
bool gwapi__uri_next_parameter(gwapi_str *query, gwapi_str *key, gwapi_str *value);
/* Go reads no query with more parameters than this. */
#define GWAPI__URI_MAX_PARAMETERS 10000u

#endif
