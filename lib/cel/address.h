/* IP addresses and networks, read and written as Go's net/netip does. */
#ifndef GWAPI_CEL_ADDRESS_H
#define GWAPI_CEL_ADDRESS_H

#include <stdbool.h>
#include <gatewayapi/base.h>

typedef struct gwapi__address {
    uint8_t bytes[16];
    uint8_t size;   /* of bytes that count: 4 or 16 */
    gwapi_str zone; /* of the text, empty without one */
} gwapi__address;

/* What is wrong with a text. */
typedef struct gwapi__address_fault {
    const char *message;
    gwapi_str at; /* from where on; absent: the whole */
} gwapi__address_fault;

/* *fault is set if it gives false. */
bool gwapi__address_parse(gwapi__address *out, gwapi_str text, gwapi__address_fault *fault);
/* IPv4 within IPv6: ::ffff:1.2.3.4. */
bool gwapi__address_is_mapped(const gwapi__address *a);
bool gwapi__address_equal(const gwapi__address *a, const gwapi__address *b);

/* Room for the text of an address without zone. */
#define GWAPI__ADDRESS_TEXT 40

/* The canonical text (RFC 5952), without the zone; its length. No mapped address. */
size_t gwapi__address_write(const gwapi__address *a, char out[GWAPI__ADDRESS_TEXT]);

bool gwapi__address_is_unspecified(const gwapi__address *a);
bool gwapi__address_is_loopback(const gwapi__address *a);
bool gwapi__address_is_link_local_multicast(const gwapi__address *a);
bool gwapi__address_is_link_local_unicast(const gwapi__address *a);
/* Private addresses are global, too, as for Go. */
bool gwapi__address_is_global_unicast(const gwapi__address *a);

/* Are the first bits the same? False for different sizes. */
bool gwapi__address_same_prefix(const gwapi__address *a, const gwapi__address *b,
                                uint32_t bits);
/* Zeroes all but the first bits. */
void gwapi__address_mask(gwapi__address *a, uint32_t bits);

#endif
