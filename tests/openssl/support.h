/* Files of tests/data/openssl, put together, and what a check says of them. */
#ifndef GWAPI_TESTS_OPENSSL_SUPPORT_H
#define GWAPI_TESTS_OPENSSL_SUPPORT_H

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/slice.h"
#include "openssl/handle.h"

static inline gwapi_str data_file(const char *name)
{
    const char *top = getenv("top_srcdir");
    char path[1024];
    char *data = malloc(1 << 16);

    snprintf(path, sizeof path, "%.800s/tests/data/openssl/%.100s", top != NULL ? top : "..",
             name);
    FILE *f = fopen(path, "rb");
    cr_assert_not_null(f, "no %s", path);
    size_t len = fread(data, 1, 1 << 16, f);
    fclose(f);
    return gwapi__str(data, len);
}

/* The parts one after the other: "@name" is a file, anything else itself. To be freed. */
static inline gwapi_str compose(const char *const *parts, size_t most)
{
    char *all = NULL;
    size_t len = 0;

    for (size_t i = 0; i < most && parts[i] != NULL; i++) {
        bool file = parts[i][0] == '@';
        gwapi_str part = file ? data_file(parts[i] + 1) : gwapi__str_of(parts[i]);
        all = realloc(all, len + part.len + 1);
        memcpy(all + len, part.data, part.len);
        len += part.len;
        if (file)
            free((char *)(uintptr_t)part.data);
    }
    return gwapi__str(all, len);
}

static inline void drop(gwapi_str s)
{
    free((char *)(uintptr_t)s.data);
}

/* What a check said. */
typedef struct heard {
    char reason[600];
    size_t certificates;
    gwapi_result answer; /* of the certificate function */
    void (*look)(const gwapi_certificate_facts *facts, size_t i);
} heard;

static inline gwapi_result hear_certificate(void *ctx, const gwapi_certificate_facts *facts)
{
    heard *h = ctx;

    cr_assert_eq(facts->struct_size, sizeof *facts);
    if (h->look != NULL)
        h->look(facts, h->certificates);
    h->certificates++;
    return h->answer;
}

static inline void hear_reason(void *ctx, gwapi_str reason)
{
    heard *h = ctx;

    cr_assert_lt(reason.len, sizeof h->reason);
    cr_assert_eq(h->reason[0], '\0', "two reasons: %s", h->reason);
    memcpy(h->reason, reason.data, reason.len);
    h->reason[reason.len] = '\0';
}

static inline gwapi_certificate_findings findings_into(heard *h)
{
    return (gwapi_certificate_findings){sizeof(gwapi_certificate_findings), h,
                                        hear_certificate, hear_reason};
}

static inline gwapi_openssl *new_judge(const gwapi_allocator *allocator,
                                       gwapi_certificate_callbacks *callbacks)
{
    gwapi_openssl_options options = GWAPI_OPENSSL_OPTIONS_INIT;
    gwapi_openssl *judge;

    options.allocator = allocator;
    callbacks->struct_size = sizeof *callbacks;
    if (gwapi_openssl_new(&judge, &options) != GWAPI_OK)
        return NULL;
    cr_assert_eq(gwapi_openssl_certificates(judge, callbacks), GWAPI_OK);
    return judge;
}

#endif
