/* Internal results, in a range that never crosses the interface. */
#ifndef GWAPI_BASE_RESULT_H
#define GWAPI_BASE_RESULT_H

#include <gatewayapi/base.h>

/* Ends a function that returns gwapi_result when the call did not succeed. */
#define GWAPI__TRY(call)                                                                      \
    do {                                                                                      \
        gwapi_result gwapi__r = (call);                                                       \
        if (gwapi__r != GWAPI_OK)                                                             \
            return gwapi__r;                                                                  \
    } while (0)

#endif
