#include "base/result.h"

typedef struct result_row {
    gwapi_result value;
    const char *name;
    const char *text;
} result_row;

static const result_row *find(gwapi_result result)
{
#define ROW(name, value, text) {value, #name, text},
    static const result_row rows[] = {GWAPI_RESULT_TABLE(ROW)};
#undef ROW
    static const result_row unknown = {0, "GWAPI_UNKNOWN", "an unknown result code"};

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rows[i].value == result)
            return &rows[i];
    return &unknown;
}

const char *gwapi_result_name(gwapi_result result)
{
    return find(result)->name;
}

const char *gwapi_result_text(gwapi_result result)
{
    return find(result)->text;
}

const char *gwapi_error_type_text(gwapi_error_type type)
{
#define ROW(name, value, text)                                                                \
    case value:                                                                               \
        return text;
    switch (type) {
        GWAPI_ERROR_TYPE_TABLE(ROW)
    default:
        return "";
    }
#undef ROW
}
