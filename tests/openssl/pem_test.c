#include "support.h"

#include "openssl/pemtext.h"
#include "resolve/certificate.h"

#define HEAD "-----BEGIN X-----\n"
#define TAIL "-----END X-----\n"

static const struct {
    const char *label, *text, *bytes; /* bytes NULL: damaged */
    uint32_t line, damage;
} rows[] = {
    {"plain", HEAD "QUJD\n" TAIL, "ABC", 1, 0},
    {"one padding", HEAD "QUI=\n" TAIL, "AB", 1, 0},
    {"two paddings", HEAD "QQ==\n" TAIL, "A", 1, 0},
    {"several lines", HEAD "QU\nJ\nDQU\n\nI=\n" TAIL, "ABCAB", 1, 0},
    {"every digit", HEAD "+/azAZ09\n" TAIL, "\xfb\xf6\xb3\x01\x9d\x3d", 1, 0},
    {"behind text", "x\n\n" HEAD "QUJD\n" TAIL, "ABC", 3, 0},
    {"CRLF and blanks", "-----BEGIN X-----\r\n \tQUJD\t \r\n-----END X-----\r\n", "ABC", 1, 0},
    {"no line end", HEAD "QUJD\n-----END X-----", "ABC", 1, 0},
    {"headers", HEAD "A: B\nC: D\n\nQUJD\n" TAIL, "ABC", 1, 0},
    {"empty", HEAD TAIL, NULL, 1, 2},
    {"header behind data", HEAD "QUJD\nA: B\n" TAIL, NULL, 1, 3},
    {"no base64", HEAD "QU-D\n" TAIL, NULL, 1, 2},
    {"behind the last letter", HEAD "QU{D\n" TAIL, NULL, 1, 2},
    {"blank inside", HEAD "QU JD\n" TAIL, NULL, 1, 2},
    {"three digits", HEAD "QUJ\n" TAIL, NULL, 1, 3},
    {"padding inside", HEAD "QQ==\nQUJD\n" TAIL, NULL, 1, 3},
    {"three paddings", HEAD "Q===\n" TAIL, NULL, 1, 3},
    {"other end", HEAD "QUJD\n-----END Y-----\n", NULL, 1, 3},
    {"longer end", HEAD "QUJD\n-----END XY-----\n", NULL, 1, 3},
    {"no end", HEAD "QUJD\n", NULL, 1, 2},
    {"nothing behind", HEAD, NULL, 1, 1},
    {"begins twice", HEAD HEAD "QUJD\n" TAIL, NULL, 1, 2},
};

Test(openssl_pem, blocks_are_found_and_decoded)
{
    gwapi_allocator allocator;

    cr_assert_eq(gwapi__openssl_allocator(&allocator, NULL), GWAPI_OK);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        gwapi__pem_block block;
        gwapi__secret out;
        gwapi__pem pem;
        gwapi__pem_init(&pem, gwapi__str_of(rows[i].text));
        cr_assert(gwapi__pem_next(&pem, &block), "%s", rows[i].label);
        cr_expect_eq(block.line, rows[i].line, "%s", rows[i].label);
        cr_expect_eq(block.damage, rows[i].damage, "%s: %u", rows[i].label, block.damage);
        cr_expect(gwapi__str_eq(block.label, GWAPI__STR("X")), "%s", rows[i].label);
        cr_expect_not(gwapi__pem_next(&pem, &(gwapi__pem_block){0}), "%s", rows[i].label);
        if (rows[i].bytes == NULL || block.damage != 0)
            continue;
        cr_assert_eq(gwapi__pem_decode(&out, &allocator, &block), GWAPI_OK);
        cr_expect_eq(out.len, block.size, "%s: %zu", rows[i].label, out.len);
        cr_expect(gwapi__str_eq(gwapi__str((char *)out.data, out.len),
                                gwapi__str_of(rows[i].bytes)),
                  "%s", rows[i].label);
        gwapi__secret_free(&out);
    }
}

static const struct {
    const char *label, *text;
} texts[] = {
    {"nothing", ""},
    {"text", "Hello -----BEGIN CERTIFICATE-----\n"},
    {"short boundary", "-----BEGIN ----\n-----BEGIN -----\nQUJD\n-----END -----\n"},
    {"blank before", " -----BEGIN CERTIFICATE-----\nQUJD\n\t-----END CERTIFICATE-----\n"},
    {"certificate", "-----BEGIN CERTIFICATE-----\nQUJD\n-----END CERTIFICATE-----\n"},
    {"request", "-----BEGIN CERTIFICATE REQUEST-----\nQUJD\n-----END CERTIFICATE REQUEST-----\n"},
    {"key", "-----BEGIN PRIVATE KEY-----\nQUJD\n-----END PRIVATE KEY-----\n"},
    {"key of a kind", "-----BEGIN A PRIVATE KEY-----\nQUJD\n-----END A PRIVATE KEY-----\n"},
    {"no key", "-----BEGIN APRIVATE KEY-----\nQUJD\n-----END APRIVATE KEY-----\n"},
    {"damaged", "-----BEGIN CERTIFICATE-----\nQUJ\n-----END CERTIFICATE-----\n"},
};

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

static void compare(const char *label, gwapi_str text)
{
    cr_expect_eq(has(text, gwapi__pem_is_certificate), gwapi__pem_has_certificate(text), "%s",
                 label);
    cr_expect_eq(has(text, gwapi__pem_is_key), gwapi__pem_has_key(text), "%s", label);
}

/* With and without this library the same texts are PEM. */
Test(openssl_pem, frames_are_those_of_libgatewayapi)
{
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        compare(texts[i].label, gwapi__str_of(texts[i].text));
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        compare(rows[i].label, gwapi__str_of(rows[i].text));
}

Test(openssl_pem, headers_tell_of_encryption)
{
    static const struct {
        const char *text;
        bool encrypted;
    } cases[] = {{HEAD "Proc-Type: 4,ENCRYPTED\nDEK-Info: X,00\n\nQUJD\n" TAIL, true},
                 {HEAD "Proc-Type: 4,MIC-CLEAR\n\nQUJD\n" TAIL, false},
                 {HEAD "Comment: ENCRYPTED\n\nQUJD\n" TAIL, false}};

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        gwapi__pem_block block;
        gwapi__pem pem;
        gwapi__pem_init(&pem, gwapi__str_of(cases[i].text));
        cr_assert(gwapi__pem_next(&pem, &block));
        cr_expect_eq(block.damage, 0);
        cr_expect_eq(block.encrypted, cases[i].encrypted, "%s", cases[i].text);
    }
}
