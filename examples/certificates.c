/* Judges a certificate chain and its key, or a CA bundle, and prints what the certificates say:
 *   cc certificates.c $(pkg-config --cflags --libs libgatewayapi-openssl) -o certificates
 *   ./certificates CERTIFICATE KEY | BUNDLE
 * A host hands the same callbacks to gwapi_topology_resolve: gwapi_resolve_options.certificates. */
#include <stdio.h>
#include <gatewayapi/openssl.h>

static gwapi_str read_file(char *buffer, size_t size, const char *path)
{
    FILE *file = fopen(path, "rb");
    gwapi_str text = {buffer, file != NULL ? fread(buffer, 1, size, file) : 0};
    if (file != NULL)
        fclose(file);
    return text;
}

static gwapi_result tell(void *ctx, const gwapi_certificate_facts *facts)
{
    (void)ctx;
    printf("line %u: %.*s, %.*s of %u bits, valid from %lld to %lld\n", facts->line,
           (int)facts->subject.len, facts->subject.data, (int)facts->key_type.len,
           facts->key_type.data, facts->key_bits, (long long)facts->not_before,
           (long long)facts->not_after);
    for (uint32_t i = 0; i < facts->dns_name_count; i++)
        printf("  %.*s\n", (int)facts->dns_names[i].len, facts->dns_names[i].data);
    return GWAPI_OK;
}

static void refuse(void *ctx, gwapi_str reason)
{
    (void)ctx;
    printf("refused: %.*s\n", (int)reason.len, reason.data);
}

int main(int argc, char **argv)
{
    static char certificate[1 << 20], key[1 << 16];
    gwapi_certificate_callbacks judge = {sizeof judge, NULL, NULL, NULL};
    gwapi_certificate_findings findings = {sizeof findings, NULL, tell, refuse};
    gwapi_openssl *openssl;
    gwapi_result result;

    if (argc < 2 || gwapi_openssl_new(&openssl, NULL) != GWAPI_OK ||
        gwapi_openssl_certificates(openssl, &judge) != GWAPI_OK)
        return 2;
    gwapi_str first = read_file(certificate, sizeof certificate, argv[1]);
    if (argc > 2)
        result = judge.check_pair(judge.ctx, first, read_file(key, sizeof key, argv[2]), &findings);
    else
        result = judge.check_bundle(judge.ctx, first, &findings);
    gwapi_openssl_free(openssl);
    return result == GWAPI_OK ? 0 : 1;
}
