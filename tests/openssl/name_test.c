#include <criterion/criterion.h>

#include <stdint.h>
#include "base/slice.h"
#include "openssl/name.h"

static const struct {
    const char *accepted, *presented;
    bool matches;
} cases[] = {
    {"a.example.com", "a.example.com", true},
    {"A.example.com", "a.EXAMPLE.com", true},
    {"a.example.com.", "a.example.com", true},
    {"a.example.com", "a.example.com.", true},
    {"a.example.com", "b.example.com", false},
    {"a.example.com", "*.example.com", true},
    {"a.example.com.", "*.example.com.", true},
    {"a.b.example.com", "*.example.com", false},
    {"example.com", "*.example.com", false},
    {".example.com", "*.example.com", false},
    {"example.com", "*.com", false},
    {"a.com", "*.com.", false},
    {"localhost", "*", false},
    {"localhost", "localhost", true},
    {"a.example.com", "*", false},
    {"a.example.com", "*.", false},
    {"a.example.com", "*example.com", false},
    {"a.example.com", "**.example.com", false},
    {"a.example.com", "a*.example.com", false},
    {"a.example.com", "*.*.com", false},
    {"*.example.com", "*.example.com", true},
    {"*.example.com", "*.EXAMPLE.com", true},
    {"*.example.com", "a.example.com", false},
    {"*.b.example.com", "*.example.com", false},
    {"xn--bcher-kva.example.com", "*.example.com", true},
    {"192.0.2.1", "*.0.2.1", false},
    {"1-9.0.2.1", "*.0.2.1", true},
    {"192.0.2.1", "192.0.2.1", true},
    {"", "", false},
    {".", ".", false},
    {"", "*.example.com", false},
    {"a.example.com", "", false},
};

Test(openssl_name, dns_names_match_as_rfc_9525_says)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        cr_expect_eq(gwapi__dns_matches(gwapi__str_of(cases[i].accepted),
                                        gwapi__str_of(cases[i].presented)),
                     cases[i].matches, "%s: %s", cases[i].accepted, cases[i].presented);
}

/* What one parser takes for the end another one reads on. */
Test(openssl_name, a_nul_is_a_byte_like_others)
{
    gwapi_str cut = {"a.example.com\0.evil.org", 23};

    cr_expect_not(gwapi__dns_matches(GWAPI__STR("a.example.com"), cut));
    cr_expect(gwapi__dns_matches(cut, cut));
}

Test(openssl_name, uris_are_compared_byte_by_byte)
{
    static const struct {
        const char *accepted, *presented;
        bool matches;
    } uris[] = {
        {"spiffe://a/b", "spiffe://a/b", true},
        {"spiffe://a/b", "spiffe://a/B", false},
        {"spiffe://a/b", "spiffe://a/b/", false},
        {"spiffe://a/b", "", false},
        {"", "", true},
    };

    for (size_t i = 0; i < sizeof uris / sizeof *uris; i++) {
        gwapi__accepted accepted = {true, gwapi__str_of(uris[i].accepted)};
        GENERAL_NAMES *names = GENERAL_NAMES_new();
        GENERAL_NAME *name = GENERAL_NAME_new();
        ASN1_IA5STRING *text = ASN1_IA5STRING_new();
        ASN1_STRING_set(text, uris[i].presented, -1);
        GENERAL_NAME_set0_value(name, GEN_URI, text);
        sk_GENERAL_NAME_push(names, name);
        cr_expect_eq(gwapi__names_match(&accepted, 1, names), uris[i].matches, "%s: %s",
                     uris[i].accepted, uris[i].presented);
        GENERAL_NAMES_free(names);
    }
}

Test(openssl_name, an_exact_name_fits_best_and_then_the_longest_wildcard)
{
    gwapi_str sni = GWAPI__STR("a.b.example.com");

    cr_expect_eq(gwapi__dns_rank(GWAPI__STR("A.b.example.com"), sni), SIZE_MAX);
    cr_expect_eq(gwapi__dns_rank(GWAPI__STR("*.b.example.com"), sni), 15);
    cr_expect_eq(gwapi__dns_rank(GWAPI__STR("*.example.com"), sni), 0);
    cr_expect_eq(gwapi__dns_rank(GWAPI__STR("c.b.example.com"), sni), 0);
    cr_expect_eq(gwapi__dns_rank(GWAPI__STR("a.b.example.com"), GWAPI__STR("")), 0);
}
