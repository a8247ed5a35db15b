/*
 * OpenSSL's own allocations fail one by one: nothing leaks, no error is left in the queue, and what
 * is bad never turns good. Its decoders do not always say that memory was missing, so that what is
 * good may be refused.
 *
 * Without Criterion: whoever asks OpenSSL to allocate by other functions has to come first.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <gatewayapi/openssl.h>

static struct {
    size_t calls, fail_at;
    long live;
} memory;

static bool fails(void)
{
    return memory.fail_at != 0 && ++memory.calls == memory.fail_at;
}

static void *their_malloc(size_t size, const char *file, int line)
{
    (void)file;
    (void)line;
    void *block = fails() ? NULL : malloc(size);
    memory.live += block != NULL;
    return block;
}

static void *their_realloc(void *ptr, size_t size, const char *file, int line)
{
    (void)file;
    (void)line;
    void *block = fails() ? NULL : realloc(ptr, size);
    memory.live += block != NULL && ptr == NULL;
    return block;
}

static void their_free(void *ptr, const char *file, int line)
{
    (void)file;
    (void)line;
    memory.live -= ptr != NULL;
    free(ptr);
}

static gwapi_result take_certificate(void *ctx, const gwapi_certificate_facts *facts)
{
    (void)ctx;
    (void)facts;
    return GWAPI_OK;
}

static void take_reason(void *ctx, gwapi_str reason)
{
    snprintf(ctx, 600, "%.*s", (int)reason.len, reason.data);
}

static gwapi_str read_file(const char *name)
{
    const char *top = getenv("top_srcdir");
    static char texts[2][1 << 14];
    static int next;
    char path[1024];
    char *text = texts[next++ % 2];

    snprintf(path, sizeof path, "%.800s/tests/data/openssl/%.100s", top != NULL ? top : ".",
             name);
    FILE *f = fopen(path, "rb");
    if (f == NULL) {
        perror(path);
        exit(99);
    }
    size_t len = fread(text, 1, 1 << 14, f);
    fclose(f);
    return (gwapi_str){text, len};
}

static gwapi_result judge(const gwapi_certificate_callbacks *c, gwapi_str certificate,
                          gwapi_str key, char reason[600])
{
    gwapi_certificate_findings findings = {sizeof findings, reason, take_certificate,
                                           take_reason};

    reason[0] = '\0';
    return key.len != 0 ? c->check_pair(c->ctx, certificate, key, &findings)
                        : c->check_bundle(c->ctx, certificate, &findings);
}

/* How many runs went wrong. */
static int fail_each(const gwapi_certificate_callbacks *c, const char *certificate_name,
                     const char *key_name, gwapi_result expected)
{
    gwapi_str certificate = read_file(certificate_name), key = {NULL, 0};
    int wrong = 0, missing = 0, told = 0;
    char reason[600];

    if (key_name != NULL)
        key = read_file(key_name);
    judge(c, certificate, key, reason); /* what is loaded once is loaded */
    for (size_t n = 1;; n++) {
        memory.calls = 0;
        memory.fail_at = n;
        gwapi_result result = judge(c, certificate, key, reason);
        bool failed = memory.calls >= n;
        memory.fail_at = 0;
        told += result == GWAPI_ENOMEM;
        missing += result != expected;
        if (result != expected && result != GWAPI_ENOMEM && result != GWAPI_EINVALID) {
            printf("%s: allocation %zu: %s: %s\n", certificate_name, n,
                   gwapi_result_name(result), reason);
            wrong++;
        }
        if (ERR_peek_error() != 0) {
            printf("%s: allocation %zu leaves errors behind\n", certificate_name, n);
            wrong++;
        }
        if (!failed)
            break;
    }
    printf("%s: %d of OpenSSL's allocations failed the check, %d were told\n", certificate_name,
           missing, told);
    return wrong + (told < 10);
}

int main(void)
{
    gwapi_certificate_callbacks c = {.struct_size = sizeof c};
    gwapi_openssl *openssl;
    int wrong = 0;

    if (CRYPTO_set_mem_functions(their_malloc, their_realloc, their_free) != 1) {
        puts("skipped: somebody came first");
        return 77;
    }
    if (gwapi_openssl_new(&openssl, NULL) != GWAPI_OK ||
        gwapi_openssl_certificates(openssl, &c) != GWAPI_OK)
        return 99;
    wrong += fail_each(&c, "names.crt", NULL, GWAPI_OK);
    wrong += fail_each(&c, "names.crt", "names.key", GWAPI_OK);
    wrong += fail_each(&c, "rsa.crt", "rsa.key", GWAPI_OK);
    wrong += fail_each(&c, "ec.crt", "stranger.key", GWAPI_EINVALID);
    gwapi_openssl_free(openssl);
    OPENSSL_cleanup();
    if (memory.live != 0) {
        printf("%ld blocks are lost\n", memory.live);
        wrong++;
    }
    return wrong != 0;
}
