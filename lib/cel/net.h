/* Values of addresses and networks, which two libraries make. */
#ifndef GWAPI_CEL_NET_H
#define GWAPI_CEL_NET_H

#include "cel/address.h"
#include "cel/library.h"

/* An address without zone, not IPv4 in IPv6. */
typedef struct gwapi__cel_ip_value {
    gwapi__cel_opaque opaque;
    gwapi__address address;
} gwapi__cel_ip_value;

gwapi__cel_value gwapi__cel_of_address(gwapi__cel_context *context,
                                       const gwapi__address *address);
const gwapi__address *gwapi__cel_address(const gwapi__cel_value *ip);
/* NULL: it is one; else why not. */
const char *gwapi__cel_read_address(gwapi__address *out, gwapi_str text);

#endif
