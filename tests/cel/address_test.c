#include <criterion/criterion.h>
#include "base/slice.h"
#include "cel/address.h"

Test(cel_address, texts_are_addresses_or_it_is_told_why_not)
{
    static const struct {
        const char *text;
        const char *message; // NULL: an address
        const char *at;      // "": the whole
    } cases[] = {
        {"0.0.0.0", NULL, ""},
        {"255.249.1.30", NULL, ""},
        {"", "unable to parse IP", ""},
        {"localhost", "unable to parse IP", ""},
        {"a%b:", "missing IPv6 address", ""},
        {"1.2.3", "IPv4 address too short", ""},
        {"1.2.3.4.5", "IPv4 address too long", ""},
        {"1.2.3.256", "IPv4 field has value >255", ""},
        {"1.2.03.4", "IPv4 field has octet with leading zero", ""},
        {"1.2..4", "IPv4 field must have at least one digit", ".4"},
        {".1.2.3", "IPv4 field must have at least one digit", ".1.2.3"},
        {"1.2.3.", "IPv4 field must have at least one digit", "."},
        {"1.2.x.4", "unexpected character", "x.4"},
        {"1.2.3.4%a", "unexpected character", "%a"},
        {"::", NULL, ""},
        {"1::", NULL, ""},
        {"::1:2:3:4:5:6:7", NULL, ""},
        {"1:2:3:4:5:6:7:8", NULL, ""},
        {"1:2:3:4:5:6:1.2.3.4", NULL, ""},
        {"::1.2.3.4", NULL, ""},
        {"fe80::1%eth0", NULL, ""},
        {"::1%", "zone must be a non-empty string", ""},
        {":", "each colon-separated field must have at least one digit", ":"},
        {":::1", "each colon-separated field must have at least one digit", ":1"},
        {"1:x", "each colon-separated field must have at least one digit", "x"},
        {"12345::", "each group must have 4 or less digits", "12345::"},
        {"1:", "colon must be followed by more characters", ":"},
        {"1g:", "unexpected character, want colon", "g:"},
        {"1::2::3", "multiple :: in address", ":3"},
        {"1:2", "address string too short", ""},
        {"1:2:3:4:5:6:7:8:9", "trailing garbage after address", "9"},
        {"1:2:3:4:5:6:7:8::", "the :: must expand to at least one field of zeros", ""},
        {"::1:2:3:4:5:6:7:8", "the :: must expand to at least one field of zeros", ""},
        {"1:1.2.3.4", "embedded IPv4 address must replace the final 2 fields of the address",
         "1.2.3.4"},
        {"::1:2:3:4:5:6:7:1.2.3.4",
         "too many hex fields to fit an embedded IPv4 at the end of the address", "1.2.3.4"},
        {"::1.2.3", "IPv4 address too short", ""},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        gwapi__address a;
        gwapi__address_fault fault = {NULL, {NULL, 0}};
        bool ok = gwapi__address_parse(&a, gwapi__str_of(cases[i].text), &fault);
        cr_expect_eq(ok, cases[i].message == NULL, "%s: %s", cases[i].text, fault.message);
        if (ok || cases[i].message == NULL)
            continue;
        cr_expect_str_eq(fault.message, cases[i].message, "%s", cases[i].text);
        cr_expect(gwapi__str_eq(fault.at, gwapi__str_of(cases[i].at)), "%s: at %.*s",
                  cases[i].text, GWAPI__FMT(fault.at));
    }
}

Test(cel_address, texts_become_canonical)
{
    static const char *const cases[][2] = {
        {"1.20.255.0", "1.20.255.0"},
        {"::", "::"},
        {"::1", "::1"},
        {"1::", "1::"},
        {"0:0:1::", "0:0:1::"},
        {"1:0:0:2:0:0:0:3", "1:0:0:2::3"},
        {"1:0:0:2:3:0:0:4", "1::2:3:0:0:4"},
        {"1:0:2:3:4:5:6:7", "1:0:2:3:4:5:6:7"},
        {"2001:0DB8::00A0", "2001:db8::a0"},
        {"::1.2.3.4", "::102:304"},
        {"FE80::1%eth0", "fe80::1"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        gwapi__address a;
        gwapi__address_fault fault;
        char text[GWAPI__ADDRESS_TEXT];
        cr_assert(gwapi__address_parse(&a, gwapi__str_of(cases[i][0]), &fault));
        gwapi_str written = gwapi__str(text, gwapi__address_write(&a, text));
        cr_expect(gwapi__str_eq(written, gwapi__str_of(cases[i][1])), "%s: %.*s", cases[i][0],
                  GWAPI__FMT(written));
    }
}
