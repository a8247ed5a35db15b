#include <gatewayapi/base.h>

uint32_t gwapi_version_number(void)
{
    return GWAPI_VERSION_NUMBER;
}

const char *gwapi_version_string(void)
{
    return GWAPI_VERSION_STRING;
}
