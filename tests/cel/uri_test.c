#include <criterion/criterion.h>
#include "base/slice.h"
#include "cel/uri.h"
#include "support/oom.h"

// What the text is in its usual form, or what is wrong with it.
static void describe(gwapi__text *t, const char *text)
{
    gwapi_str s = gwapi__str_of(text);
    gwapi__uri_fault fault;
    gwapi__uri uri;

    if (gwapi__uri_parse_request(&uri, s, &fault) && gwapi__uri_parse(&uri, s, &fault))
        gwapi__uri_write(t, &uri);
    else
        gwapi__uri_fault_write(t, s, &fault);
}

static const char *const cases[][2] = {
    {"http://a", "http://a"},
    {"HTTP://A/b?", "http://A/b?"},
    {"http://", "http:"},
    {"http:", "http:"},
    {"file:///a", "file:///a"},
    {"a:/b", "a:/b"},
    {"a:b c?d", "a:b c?d"},
    {"*", "*"},
    {"/", "/"},
    {"///a", "///a"},
    {"//a/b", "//a/b"},
    {"//", ""},
    {"1a:b", "parse \"1a:b\": invalid URI for request"},
    {"/a#b c", "/a#b%20c"},
    {"/a?b#'(", "/a?b#'("},
    {"/%41 b/%2f", "/A%20b//"},
    {"/%41!b", "/%41!b"},
    {"http://u%41:p%20@h", "http://uA:p%20@h"},
    {"http://u@h", "http://u@h"},
    {"http://@", "http://@"},
    {"http://a:1:2", "http://a:1:2"},
    {"http://[::1%25a%20b]:80/", "http://[::1%25a%20b]:80/"},
    {"http://\xc3\xa9", "http://%C3%A9"},
    {"http://a%25b", "http://a%25b"},
    {"", "parse \"\": empty url"},
    {"a\x7f", "parse \"a\\x7f\": net/url: invalid control character in URL"},
    {"a", "parse \"a\": invalid URI for request"},
    {":a", "parse \":a\": missing protocol scheme"},
    {"/%", "parse \"/%\": invalid URL escape \"%\""},
    {"/%4", "parse \"/%4\": invalid URL escape \"%4\""},
    {"/%4g1", "parse \"/%4g1\": invalid URL escape \"%4g\""},
    {"/a#%", "parse \"/a#%\": invalid URL escape \"%\""},
    {"http://%41", "parse \"http://%41\": invalid URL escape \"%41\""},
    {"http://a b", "parse \"http://a b\": invalid character \" \" in host name"},
    {"http://a:b", "parse \"http://a:b\": invalid port \":b\" after host"},
    {"http://[::1]x", "parse \"http://[::1]x\": invalid port \"x\" after host"},
    {"http://a[::1]", "parse \"http://a[::1]\": invalid IP-literal"},
    {"http://[1.2.3.4]", "parse \"http://[1.2.3.4]\": invalid IP-literal"},
    {"http://[::1", "parse \"http://[::1\": missing ']' in host"},
    {"http://[::1 ]", "parse \"http://[::1 ]\": invalid character \" \" in host name"},
    {"http://[::1%25%2f]", "parse \"http://[::1%25%2f]\": invalid URL escape \"%2f\""},
    {"http://[::1%41]", "parse \"http://[::1%41]\": invalid URL escape \"%41\""},
    {"http://[a]", "parse \"http://[a]\": invalid host: ParseAddr(\"a\"): unable to parse IP"},
    {"http://[::1%25]", "parse \"http://[::1%25]\": invalid host: ParseAddr(\"::1%\"): zone "
                        "must be a non-empty string"},
    {"http://[1.2.3.4%25a]", "parse \"http://[1.2.3.4%25a]\": invalid host: "
                             "ParseAddr(\"1.2.3.4%a\"): unexpected character (at \"%a\")"},
    {"http://[::%C3%A9]",
     "parse \"http://[::%C3%A9]\": invalid host: ParseAddr(\"::\xc3\xa9\"): "
     "each colon-separated field must have at least one digit "
     "(at \"\xc3\xa9\")"},
    {"http://a/b@c", "http://a/b@c"},
    {"http://u\\@h", "parse \"http://u\\\\@h\": net/url: invalid userinfo"},
    {"http://u%4@h", "parse \"http://u%4@h\": invalid URL escape \"%4\""},
    {"http://u:%4@h", "parse \"http://u:%4@h\": invalid URL escape \"%4\""},
};

Test(cel_uri, texts_get_their_usual_form_or_it_is_told_what_is_wrong)
{
    test_memory memory = {0};
    gwapi_allocator a = test_memory_allocator(&memory);
    gwapi__text t;

    gwapi__text_init(&t, &a);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        describe(&t, cases[i][0]);
        cr_expect(gwapi__str_eq(gwapi__text_str(&t), gwapi__str_of(cases[i][1])),
                  "%s:\ngot  %.*s\nwant %s", cases[i][0], GWAPI__FMT(gwapi__text_str(&t)),
                  cases[i][1]);
        gwapi__text_cut(&t, 0);
    }
    gwapi__text_free(&t);
}

static gwapi_result describe_all(const gwapi_allocator *a, void *arg)
{
    gwapi__text t;

    (void)arg;
    gwapi__text_init(&t, a);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        describe(&t, cases[i][0]);
    gwapi_result r = t.failed ? GWAPI_ENOMEM : GWAPI_OK;
    gwapi__text_free(&t);
    return r;
}

Test(cel_uri, lack_of_memory_is_remembered)
{
    size_t runs, bad;

    cr_expect_eq(test_fail_every_allocation(describe_all, NULL, &runs, &bad), GWAPI_OK);
    cr_expect_eq(bad, 0, "failing allocation %zu", bad);
    cr_expect_gt(runs, 3);
}

Test(cel_uri, parameters_of_a_query_are_read_and_bad_ones_left_out)
{
    gwapi_str rest = GWAPI__STR("a=b&&c&d;e&%zz=1&f=%4&=&g==h=&"), key, value;
    static const char *const expected[][2] = {{"a", "b"}, {"c", ""}, {"", ""}, {"g", "=h="}};

    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        cr_assert(gwapi__uri_next_parameter(&rest, &key, &value));
        cr_expect(gwapi__str_eq(key, gwapi__str_of(expected[i][0])), "%zu", i);
        cr_expect(gwapi__str_eq(value, gwapi__str_of(expected[i][1])), "%zu", i);
    }
    cr_expect_not(gwapi__uri_next_parameter(&rest, &key, &value));
}

Test(cel_uri, hosts_are_split_at_the_port)
{
    static const char *const hosts[][3] = {
        {"a:80", "a", "80"},   {"a:", "a", ""},      {"a", "a", ""},
        {"a:b", "a:b", ""},    {"[::1]", "::1", ""}, {"[::1]:8", "::1", "8"},
        {"a:1:2", "a:1", "2"}, {"[a", "[a", ""},     {"", "", ""},
    };

    for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++) {
        gwapi_str name, port;
        gwapi__uri_split_host(gwapi__str_of(hosts[i][0]), &name, &port);
        cr_expect(gwapi__str_eq(name, gwapi__str_of(hosts[i][1])), "%s", hosts[i][0]);
        cr_expect(gwapi__str_eq(port, gwapi__str_of(hosts[i][2])), "%s", hosts[i][0]);
    }
}

Test(cel_uri, what_is_no_request_may_be_relative)
{
    static const char *const texts[][2] = {
        {"a/b?c#d", "a/b?c#d"},
        {"", ""},
        {"?a:b", "?a:b"},
        {"a/b:c", "a/b:c"},
        {"//h/a", "//h/a"},
        {"1a:b", "parse \"1a:b\": first path segment in URL cannot contain colon"},
        {"a%", "parse \"a%\": invalid URL escape \"%\""},
        {"a\001", "parse \"a\\x01\": net/url: invalid control character in URL"},
    };
    gwapi_allocator a;
    gwapi__text t;

    cr_assert_eq(gwapi__allocator_init(&a, NULL), GWAPI_OK);
    gwapi__text_init(&t, &a);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        gwapi_str s = gwapi__str_of(texts[i][0]);
        gwapi__uri_fault fault;
        gwapi__uri uri;
        if (gwapi__uri_parse(&uri, s, &fault))
            gwapi__uri_write(&t, &uri);
        else
            gwapi__uri_fault_write(&t, s, &fault);
        cr_expect(gwapi__str_eq(gwapi__text_str(&t), gwapi__str_of(texts[i][1])), "%s: %.*s",
                  texts[i][0], GWAPI__FMT(gwapi__text_str(&t)));
        gwapi__text_cut(&t, 0);
    }
    gwapi__text_free(&t);
}
