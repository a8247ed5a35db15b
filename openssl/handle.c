#include "openssl/handle.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include "openssl/handshake.h"

gwapi_result gwapi_openssl_new(gwapi_openssl **out, const gwapi_openssl_options *options)
{
    gwapi_openssl_options given;
    gwapi_allocator allocator;
    gwapi__errors errors;

    if (out == NULL)
        return GWAPI_EARGUMENT;
    *out = NULL;
    gwapi_result result = gwapi__openssl_struct(&given, sizeof given, options);
    if (result == GWAPI_OK)
        result = gwapi__openssl_allocator(&allocator, given.allocator);
    if (result != GWAPI_OK)
        return result;
    gwapi_openssl *o = gwapi__openssl_alloc(&allocator, sizeof *o);
    if (o == NULL)
        return GWAPI_ENOMEM;
    gwapi__errors_open(&errors);
    *o = (gwapi_openssl){.allocator = allocator,
                         .library = given.library_context,
                         .index = gwapi__handshake_index()};
    gwapi__errors_close(&errors);
    if (o->index < 0) {
        gwapi_openssl_free(o);
        return GWAPI_ENOMEM;
    }
    if (given.property_query != NULL) {
        o->properties_size = strlen(given.property_query) + 1;
        o->properties = gwapi__openssl_alloc(&allocator, o->properties_size);
        if (o->properties == NULL) {
            gwapi_openssl_free(o);
            return GWAPI_ENOMEM;
        }
        memcpy(o->properties, given.property_query, o->properties_size);
    }
    *out = o;
    return GWAPI_OK;
}

void gwapi_openssl_free(gwapi_openssl *o)
{
    if (o == NULL)
        return;
    gwapi_allocator allocator = o->allocator;
    if (o->index >= 0)
        CRYPTO_free_ex_index(CRYPTO_EX_INDEX_SSL, o->index);
    gwapi__openssl_free(&allocator, o->properties, o->properties_size);
    gwapi__openssl_free(&allocator, o, sizeof *o);
}

gwapi_result gwapi_openssl_certificates(gwapi_openssl *o, gwapi_certificate_callbacks *out)
{
    if (o == NULL || out == NULL)
        return GWAPI_EARGUMENT;
    if (out->struct_size < sizeof *out)
        return GWAPI_ESTRUCTSIZE;
    out->ctx = o;
    out->check_pair = gwapi__check_pair;
    out->check_bundle = gwapi__check_bundle;
    return GWAPI_OK;
}

const char *gwapi_openssl_version(void)
{
    return OpenSSL_version(OPENSSL_VERSION_STRING);
}

/* ---- the error queue ----------------------------------------------------------------- */

void gwapi__errors_open(gwapi__errors *errors)
{
    errors->marked = ERR_peek_error() != 0 && ERR_set_mark() == 1;
}

bool gwapi__errors_memory(const gwapi__errors *errors)
{
    bool found = false;
    unsigned long code;

    /* Behind the errors of others only the last one can be told apart from them. */
    if (errors->marked)
        return ERR_GET_REASON(ERR_peek_last_error()) == ERR_R_MALLOC_FAILURE;
    while ((code = ERR_get_error()) != 0)
        found = found || ERR_GET_REASON(code) == ERR_R_MALLOC_FAILURE;
    return found;
}

void gwapi__errors_close(const gwapi__errors *errors)
{
    if (errors->marked)
        ERR_pop_to_mark();
    else
        ERR_clear_error();
}

gwapi_result gwapi__errors_end(const gwapi__errors *errors, gwapi_result result)
{
    if (result == GWAPI_EINVALID && gwapi__errors_memory(errors))
        result = GWAPI_ENOMEM;
    gwapi__errors_close(errors);
    return result;
}

/* ---- refusing ------------------------------------------------------------------------ */

gwapi_result gwapi__refuse(const gwapi_certificate_findings *findings, const char *format, ...)
{
    char text[512];
    va_list args;

    va_start(args, format);
    int written = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    size_t len = written > 0 ? (size_t)written : 0;
    findings->refuse(findings->ctx,
                     (gwapi_str){text, len < sizeof text ? len : sizeof text - 1});
    return GWAPI_EINVALID;
}
