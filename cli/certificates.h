/* Who judges certificates: libgatewayapi-openssl, if the command was built with it. */
#ifndef CLI_CERTIFICATES_H
#define CLI_CERTIFICATES_H

#include <gatewayapi/topology.h>

typedef struct cli_certificates {
    gwapi_certificate_callbacks callbacks;
    void *judge;
} cli_certificates;

/* The callbacks in *out, NULL without the library; `c` must stay where it is. CLI_FINE, or the exit
 * status after a message. To be closed in any case. */
int cli_certificates_open(cli_certificates *c, const gwapi_certificate_callbacks **out);
void cli_certificates_close(cli_certificates *c);

/* The version of OpenSSL, NULL without it. */
const char *cli_certificates_version(void);

#endif
