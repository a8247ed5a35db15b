#include "base/limits.h"

#include "base/struct.h"

gwapi_result gwapi__limits_init(gwapi_limits *out, const gwapi_limits *given)
{
    gwapi_result r = gwapi__struct_in(out, sizeof *out, given, sizeof *out);

    if (r != GWAPI_OK)
        return r;
#define GWAPI_LIMIT_DEFAULT(member, value) out->member = out->member != 0 ? out->member : (value)
    GWAPI_LIMIT_DEFAULT(document_bytes, (uint64_t)64 << 20);
    GWAPI_LIMIT_DEFAULT(depth, 512);
    GWAPI_LIMIT_DEFAULT(nodes, 4000000);
    GWAPI_LIMIT_DEFAULT(alias_nodes, 100000);
    GWAPI_LIMIT_DEFAULT(diagnostics, 10000);
    GWAPI_LIMIT_DEFAULT(objects, 10000000);
    GWAPI_LIMIT_DEFAULT(regex_states, 4096);
    GWAPI_LIMIT_DEFAULT(regex_steps, 100000);
    GWAPI_LIMIT_DEFAULT(match_steps, 4000000);
    GWAPI_LIMIT_DEFAULT(scratch_text, 65536);
#undef GWAPI_LIMIT_DEFAULT
    return GWAPI_OK;
}
