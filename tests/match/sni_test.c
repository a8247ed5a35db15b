/* Server names and Hosts go through one function: what one of them reaches, so does the other.
 */
#include "match/table.h"

#include <ctype.h>

#define LISTENERS(of, port, more)                                                              \
    "  - {name: " of "-exact, port: " port ", hostname: m.a.test, " more "}\n"                 \
    "  - {name: " of "-wild, port: " port ", hostname: \"*.a.test\", " more "}\n"              \
    "  - {name: " of "-deep, port: " port ", hostname: \"*.b.a.test\", " more "}\n"
#define HTTPS "protocol: HTTPS, tls: {certificateRefs: [{name: d}]}"
#define HTTP  "protocol: HTTP"

/* Beside those of all names, at 443 and 80; at 8443 and 8080 there are none of all names. */
static void make_listeners(table *t)
{
    table_begin(t);
    put(t, "%s%s", LISTENERS("tls", "443", HTTPS), LISTENERS("clear", "80", HTTP));
    put(t, "%s%s", LISTENERS("tls-only", "8443", HTTPS), LISTENERS("clear-only", "8080", HTTP));
    table_end(t);
}

static gwapi_str listener_of(const gwapi_decision *d)
{
    gwapi_listener_info info = {.struct_size = sizeof info};

    if (d->listener == GWAPI_NONE)
        return GWAPI__STR("none");
    cr_assert_eq(gwapi_snapshot_listener_at(d->snapshot, d->listener, &info), GWAPI_OK);
    return info.name;
}

static void expect_listener(const table *t, uint32_t port, const char *sni, const char *host,
                            const char *before, const char *name)
{
    gwapi_request request = get(host, "/");
    gwapi_decision d = ask_at(t, port, sni, &request);
    char want[64];

    snprintf(want, sizeof want, "%s%s", name[0] == '-' ? before : "", name);
    cr_expect(gwapi__str_eq(listener_of(&d), gwapi__str_of(want)), "%u, %s%s: %.*s, not %s",
              (unsigned)port, sni, host, GWAPI__FMT(listener_of(&d)), want);
}

static const struct {
    const char *name;
    const char
        *listener; /* what it reaches, after "tls", "clear", …; NULL: that of all names */
} names[] = {
    {"m.a.test", "-exact"},     {"M.A.TEST", "-exact"},  {"m.a.test.", "-exact"},
    {"x.a.test", "-wild"},      {"X.a.Test.", "-wild"},  {"x.m.a.test", "-wild"},
    {"b.a.test", "-wild"},      {"x.b.a.test", "-deep"}, {"X.B.A.TEST", "-deep"},
    {"x.y.b.a.test.", "-deep"}, {"a.test", NULL},        {"A.TEST.", NULL},
    {".a.test", NULL},          {"m.a.test..", NULL},    {"m.a.test.evil", NULL},
    {"xm.a.testx", NULL},       {"m_a.test", NULL},      {"m\xc3\xa4.a.test", "-wild"},
    {"*.a.test", "-wild"},      {"192.0.2.1", NULL},
};

Test(match_sni, a_server_name_and_a_host_choose_the_same_listener)
{
    table t;

    make_listeners(&t);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *name = names[i].name, *listener = names[i].listener;
        expect_listener(&t, 443, name, name, "tls", listener != NULL ? listener : "https");
        expect_listener(&t, 80, "", name, "clear", listener != NULL ? listener : "http");
        expect_listener(&t, 8443, name, name, "tls-only", listener != NULL ? listener : "none");
        expect_listener(&t, 8080, "", name, "clear-only", listener != NULL ? listener : "none");
    }
    table_free(&t);
}

/* "m.a.test" in each of its spellings; the one of all names is never meant. */
Test(match_sni, no_spelling_of_a_name_reaches_the_listener_of_all_names)
{
    static const char letters[] = "m.a.test";
    enum { LENGTH = sizeof letters - 1 };
    table t;

    make_listeners(&t);
    for (unsigned bits = 0; bits < 1U << (LENGTH + 1); bits++) {
        char name[LENGTH + 2] = "";
        for (unsigned i = 0; i < LENGTH; i++)
            name[i] = (char)((bits >> i & 1) != 0 ? toupper(letters[i]) : letters[i]);
        if ((bits >> LENGTH & 1) != 0)
            name[LENGTH] = '.';
        expect_listener(&t, 443, name, letters, "tls", "-exact");
        expect_listener(&t, 80, "", name, "clear", "-exact");
    }
    table_free(&t);
}

/* Each name asks, on a connection of each other one: served where both are of one listener, 404
 * where the Host is of none, else 421. */
Test(match_sni, a_request_is_of_its_connections_listener_or_misdirected)
{
    enum { COUNT = sizeof names / sizeof *names };
    table t;

    make_listeners(&t);
    for (size_t i = 0; i < COUNT; i++)
        for (size_t k = 0; k < COUNT; k++) {
            const char *by = names[i].listener, *to = names[k].listener;
            bool same = by == to || (by != NULL && to != NULL && strcmp(by, to) == 0);
            gwapi_request request = get(names[k].name, "/");
            gwapi_decision d = ask_at(&t, 443, names[i].name, &request);
            cr_expect_eq(d.status, same ? 404U : 421U, "%s on %s: %u", names[k].name,
                         names[i].name, (unsigned)d.status);
            d = ask_at(&t, 8443, names[i].name, &request);
            cr_expect_eq(d.status,
                         by == NULL   ? 0U
                         : same       ? 404U
                         : to == NULL ? 404U
                                      : 421U,
                         "%s on %s, no others: %u", names[k].name, names[i].name,
                         (unsigned)d.status);
        }
    table_free(&t);
}
