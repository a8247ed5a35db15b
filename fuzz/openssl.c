/*
 * PEM pairs and bundles. The input is a certificate text and, behind a line "%%", the text of a
 * key; without that line it is a bundle. Whatever it is: the frames are those that libgatewayapi
 * sees, a refusal has one reason, a good text has certificates, the error queue is left empty.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <openssl/err.h>

#include "base/slice.h"
#include "openssl/handle.h"
#include "openssl/pemtext.h"
#include "resolve/certificate.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds, const char *what)
{
    if (holds)
        return;
    fprintf(stderr, "not so: %s\n", what);
    abort();
}

typedef struct heard {
    size_t certificates, reasons;
} heard;

static void read_all(gwapi_str s)
{
    volatile unsigned char sum = 0;

    require(s.data != NULL || s.len == 0, "text has bytes");
    for (size_t i = 0; i < s.len; i++)
        sum = (unsigned char)(sum + (unsigned char)s.data[i]);
}

static void read_list(const gwapi_str *items, size_t count)
{
    for (size_t i = 0; i < count; i++)
        read_all(items[i]);
}

static gwapi_result take_certificate(void *ctx, const gwapi_certificate_facts *facts)
{
    ((heard *)ctx)->certificates++;
    read_all(facts->subject);
    read_all(facts->issuer);
    read_all(facts->key_type);
    read_all(facts->common_name);
    read_list(facts->dns_names, facts->dns_name_count);
    read_list(facts->uris, facts->uri_count);
    read_list(facts->addresses, facts->address_count);
    require(facts->line != 0, "a certificate has a line");
    return GWAPI_OK;
}

static void take_reason(void *ctx, gwapi_str reason)
{
    ((heard *)ctx)->reasons++;
    require(reason.len != 0 && reason.len < 512, "a reason is short");
}

static bool has(gwapi_str text, bool (*wanted)(const gwapi__pem_block *))
{
    gwapi__pem_block block;
    bool found = false;
    gwapi__pem pem;

    gwapi__pem_init(&pem, text);
    while (gwapi__pem_next(&pem, &block)) {
        if (block.damage != 0)
            return false;
        found = found || wanted(&block);
    }
    return found;
}

static void check_frames(gwapi_str text, gwapi_result result)
{
    bool framed = has(text, gwapi__pem_is_certificate);

    require(framed == gwapi__pem_has_certificate(text), "both libraries see the same frames");
    require(has(text, gwapi__pem_is_key) == gwapi__pem_has_key(text), "of keys too");
    require(framed || result == GWAPI_EINVALID, "what has no frame is refused");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    gwapi_str text = {size != 0 ? (const char *)data : "", size}, key = {NULL, 0};
    gwapi_certificate_callbacks c = {.struct_size = sizeof c};
    heard h = {0, 0};
    gwapi_certificate_findings findings = {sizeof findings, &h, take_certificate, take_reason};
    size_t cut = gwapi__str_find(text, GWAPI__STR("%%\n"));
    gwapi_openssl *openssl;
    gwapi_result result;

    require(gwapi_openssl_new(&openssl, NULL) == GWAPI_OK, "there is memory");
    require(gwapi_openssl_certificates(openssl, &c) == GWAPI_OK, "it has callbacks");
    if (cut != SIZE_MAX) {
        key = gwapi__str_sub(text, cut + 3, text.len);
        text.len = cut;
        result = c.check_pair(c.ctx, text, key, &findings);
        require(result != GWAPI_OK || gwapi__pem_has_key(key), "a good pair has a key");
    } else {
        result = c.check_bundle(c.ctx, text, &findings);
    }
    check_frames(text, result);
    require(result == GWAPI_OK ? h.certificates != 0 && h.reasons == 0
                               : result == GWAPI_EINVALID && h.reasons == 1,
            "it is good, or refused with one reason");
    require(ERR_peek_error() == 0, "no errors are left behind");
    gwapi_openssl_free(openssl);
    return 0;
}
