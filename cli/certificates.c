#include "certificates.h"

#include "io.h"
#include "load.h"

#ifdef CLI_WITH_OPENSSL
#include <gatewayapi/openssl.h>

int cli_certificates_open(cli_certificates *c, const gwapi_certificate_callbacks **out)
{
    gwapi_openssl *judge;
    gwapi_result result = gwapi_openssl_new(&judge, NULL);

    *c = (cli_certificates){.callbacks = {.struct_size = sizeof c->callbacks}, .judge = judge};
    *out = NULL;
    if (result == GWAPI_OK)
        result = gwapi_openssl_certificates(judge, &c->callbacks);
    if (result == GWAPI_OK)
        *out = &c->callbacks;
    return cli_failed("certificates", result);
}

void cli_certificates_close(cli_certificates *c)
{
    gwapi_openssl_free(c->judge);
}

const char *cli_certificates_version(void)
{
    return gwapi_openssl_version();
}

#else

int cli_certificates_open(cli_certificates *c, const gwapi_certificate_callbacks **out)
{
    *c = (cli_certificates){.judge = NULL};
    *out = NULL;
    return 0;
}

void cli_certificates_close(cli_certificates *c)
{
    (void)c;
}

const char *cli_certificates_version(void)
{
    return NULL;
}

#endif
