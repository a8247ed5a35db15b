#include <gatewayapi/match.h>

#include "base/slice.h"
#include "match/canonical.h"

gwapi_result gwapi_path_check(gwapi_path_policy policy, gwapi_str path, char *buffer,
                              size_t capacity, size_t *length, uint32_t *flags)
{
    if (policy > GWAPI_PATH_NORMALIZE || length == NULL || (buffer == NULL && capacity != 0))
        return GWAPI_EARGUMENT;
    size_t question = gwapi__str_find_char(path, '?');
    gwapi_str query = question == SIZE_MAX ? GWAPI__STR("") : gwapi__str_sub(path, question, path.len);
    gwapi_str plain = gwapi__str_sub(path, 0, question);
    if (plain.len == 0)
        plain = GWAPI__STR("/");

    /* What has no root has no canonical form: dots in it lead anywhere. */
    bool rooted = plain.data[0] == '/' || gwapi__str_eq(plain, GWAPI__STR("*"));
    bool differs = !gwapi__canonical_is(plain);
    bool refused = differs || !rooted || gwapi__path_has_bad_bytes(plain);
    if (flags != NULL)
        *flags = (refused ? GWAPI_PATH_CHECK_REFUSED : 0) | (differs ? GWAPI_PATH_CHECK_DIFFERS : 0);
    bool change = differs && policy == GWAPI_PATH_NORMALIZE;
    *length = (change ? gwapi__canonical_length(plain) : plain.len) + query.len;
    if (policy != GWAPI_PATH_RAW && (!rooted || (refused && policy == GWAPI_PATH_REJECT)))
        return GWAPI_EINVALID;
    if (*length > capacity)
        return GWAPI_EBUFFER;
    if (change)
        gwapi__canonical_copy(plain, 0, *length - query.len, buffer);
    else
        memmove(buffer, plain.data, plain.len);
    if (query.len != 0)
        memcpy(buffer + (*length - query.len), query.data, query.len);
    return GWAPI_OK;
}
