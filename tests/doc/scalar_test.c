#include "support.h"

#include <string.h>

/* What the API server's own reader (sigs.k8s.io/yaml, then its JSON decoder) makes of `a:
 * TEXT`. Floats are given by their bits. */
typedef enum kind { NUL, BOOL, INT, FLOAT, STR, BAD } kind;

static const struct row {
    const char *text;
    kind kind;
    const char *string; /* of STR, and "true" or "false" */
    int64_t integer;
    uint64_t bits;
} rows[] = {
    {"y", BOOL, "true", 0, 0},
    {"Y", BOOL, "true", 0, 0},
    {"yes", BOOL, "true", 0, 0},
    {"Yes", BOOL, "true", 0, 0},
    {"YES", BOOL, "true", 0, 0},
    {"yEs", STR, "yEs", 0, 0},
    {"true", BOOL, "true", 0, 0},
    {"True", BOOL, "true", 0, 0},
    {"TRUE", BOOL, "true", 0, 0},
    {"tRue", STR, "tRue", 0, 0},
    {"on", BOOL, "true", 0, 0},
    {"On", BOOL, "true", 0, 0},
    {"ON", BOOL, "true", 0, 0},
    {"oN", STR, "oN", 0, 0},
    {"n", BOOL, "false", 0, 0},
    {"N", BOOL, "false", 0, 0},
    {"no", BOOL, "false", 0, 0},
    {"No", BOOL, "false", 0, 0},
    {"NO", BOOL, "false", 0, 0},
    {"nO", STR, "nO", 0, 0},
    {"false", BOOL, "false", 0, 0},
    {"False", BOOL, "false", 0, 0},
    {"FALSE", BOOL, "false", 0, 0},
    {"off", BOOL, "false", 0, 0},
    {"Off", BOOL, "false", 0, 0},
    {"OFF", BOOL, "false", 0, 0},
    {"~", NUL, "", 0, 0},
    {"null", NUL, "", 0, 0},
    {"Null", NUL, "", 0, 0},
    {"NULL", NUL, "", 0, 0},
    {"nULL", STR, "nULL", 0, 0},
    {".Nan", STR, ".Nan", 0, 0},
    {".iNf", STR, ".iNf", 0, 0},
    {"0", INT, "", INT64_C(0), 0},
    {"-0", INT, "", INT64_C(0), 0},
    {"+0", INT, "", INT64_C(0), 0},
    {"00", INT, "", INT64_C(0), 0},
    {"007", INT, "", INT64_C(7), 0},
    {"0777", INT, "", INT64_C(511), 0},
    {"0o17", INT, "", INT64_C(15), 0},
    {"0O17", INT, "", INT64_C(15), 0},
    {"0o8", STR, "0o8", 0, 0},
    {"0899", INT, "", INT64_C(899), 0},
    {"08", INT, "", INT64_C(8), 0},
    {"-017", INT, "", INT64_C(-15), 0},
    {"+12", INT, "", INT64_C(12), 0},
    {"1_000", INT, "", INT64_C(1000), 0},
    {"_1", STR, "_1", 0, 0},
    {"1__0", INT, "", INT64_C(10), 0},
    {"12_", INT, "", INT64_C(12), 0},
    {"0_7", INT, "", INT64_C(7), 0},
    {"0x", STR, "0x", 0, 0},
    {"0x1F", INT, "", INT64_C(31), 0},
    {"0X1f", INT, "", INT64_C(31), 0},
    {"0x_1F", INT, "", INT64_C(31), 0},
    {"0xG", STR, "0xG", 0, 0},
    {"-0x1F", INT, "", INT64_C(-31), 0},
    {"+0x10", INT, "", INT64_C(16), 0},
    {"0b101", INT, "", INT64_C(5), 0},
    {"0B101", INT, "", INT64_C(5), 0},
    {"0b", STR, "0b", 0, 0},
    {"0b2", STR, "0b2", 0, 0},
    {"0b+1", INT, "", INT64_C(1), 0},
    {"0b-1", INT, "", INT64_C(-1), 0},
    {"-0b101", INT, "", INT64_C(-5), 0},
    {"-0b-1", STR, "-0b-1", 0, 0},
    {"-0b+1", STR, "-0b+1", 0, 0},
    {"+0b1", INT, "", INT64_C(1), 0},
    {"0b_1", INT, "", INT64_C(1), 0},
    {"0x1_0", INT, "", INT64_C(16), 0},
    {"1_", INT, "", INT64_C(1), 0},
    {"-x", STR, "-x", 0, 0},
    {"+", STR, "+", 0, 0},
    {"--", STR, "--", 0, 0},
    {"+-1", STR, "+-1", 0, 0},
    {"1-1", STR, "1-1", 0, 0},
    {"9007199254740993", INT, "", INT64_C(9007199254740993), 0},
    {"9223372036854775807", INT, "", INT64_C(9223372036854775807), 0},
    {"9223372036854775808", FLOAT, "", 0, UINT64_C(0x43e0000000000000)},
    {"-9223372036854775808", INT, "", INT64_MIN, 0},
    {"-9223372036854775809", FLOAT, "", 0, UINT64_C(0xc3e0000000000000)},
    {"18446744073709551615", FLOAT, "", 0, UINT64_C(0x43f0000000000000)},
    {"18446744073709551616", FLOAT, "", 0, UINT64_C(0x43f0000000000000)},
    {"+18446744073709551615", FLOAT, "", 0, UINT64_C(0x43f0000000000000)},
    {"0xffffffffffffffff", FLOAT, "", 0, UINT64_C(0x43f0000000000000)},
    {"0x10000000000000000", STR, "0x10000000000000000", 0, 0},
    {"-0x8000000000000000", INT, "", INT64_MIN, 0},
    {"-0x8000000000000001", STR, "-0x8000000000000001", 0, 0},
    {"0b1111111111111111111111111111111111111111111111111111111111111111", FLOAT, "", 0,
     UINT64_C(0x43f0000000000000)},
    {"0777777777777777777777", INT, "", INT64_C(9223372036854775807), 0},
    {"01777777777777777777777", FLOAT, "", 0, UINT64_C(0x43f0000000000000)},
    {"123456789012345678901234567890", FLOAT, "", 0, UINT64_C(0x45f8ee90ff6c373e)},
    {"1.0", INT, "", INT64_C(1), 0},
    {"1.", INT, "", INT64_C(1), 0},
    {".5", FLOAT, "", 0, UINT64_C(0x3fe0000000000000)},
    {"-.5", FLOAT, "", 0, UINT64_C(0xbfe0000000000000)},
    {"+.5", FLOAT, "", 0, UINT64_C(0x3fe0000000000000)},
    {"1.5", FLOAT, "", 0, UINT64_C(0x3ff8000000000000)},
    {"-1.5", FLOAT, "", 0, UINT64_C(0xbff8000000000000)},
    {"1e3", INT, "", INT64_C(1000), 0},
    {"1E3", INT, "", INT64_C(1000), 0},
    {"1e+3", INT, "", INT64_C(1000), 0},
    {"1e-3", FLOAT, "", 0, UINT64_C(0x3f50624dd2f1a9fc)},
    {"1.e3", INT, "", INT64_C(1000), 0},
    {"1.0e3", INT, "", INT64_C(1000), 0},
    {".5e1", INT, "", INT64_C(5), 0},
    {"1e", STR, "1e", 0, 0},
    {"1e+", STR, "1e+", 0, 0},
    {".e5", STR, ".e5", 0, 0},
    {".", STR, ".", 0, 0},
    {"..", STR, "..", 0, 0},
    {"...", STR, "...", 0, 0},
    {"1.2.3", STR, "1.2.3", 0, 0},
    {"1e400", STR, "1e400", 0, 0},
    {"-1e400", STR, "-1e400", 0, 0},
    {"1e-400", INT, "", INT64_C(0), 0},
    {"4.9e-324", FLOAT, "", 0, UINT64_C(0x0000000000000001)},
    {"2.5e-324", FLOAT, "", 0, UINT64_C(0x0000000000000001)},
    {"2.4703282292062328e-324", FLOAT, "", 0, UINT64_C(0x0000000000000001)},
    {"1e308", FLOAT, "", 0, UINT64_C(0x7fe1ccf385ebc8a0)},
    {"1.7976931348623157e308", FLOAT, "", 0, UINT64_C(0x7fefffffffffffff)},
    {"1.7976931348623159e308", STR, "1.7976931348623159e308", 0, 0},
    {"1e20", FLOAT, "", 0, UINT64_C(0x4415af1d78b58c40)},
    {"1e21", FLOAT, "", 0, UINT64_C(0x444b1ae4d6e2ef50)},
    {"1e22", FLOAT, "", 0, UINT64_C(0x4480f0cf064dd592)},
    {"1e23", FLOAT, "", 0, UINT64_C(0x44b52d02c7e14af6)},
    {"9.2e18", INT, "", INT64_C(9200000000000000000), 0},
    {"9.3e18", FLOAT, "", 0, UINT64_C(0x43e02207973f6440)},
    {"4611686018427387904.0", INT, "", INT64_C(4611686018427388000), 0},
    {"9223372036854775807.0", FLOAT, "", 0, UINT64_C(0x43e0000000000000)},
    {"-9223372036854775808.0", FLOAT, "", 0, UINT64_C(0xc3e0000000000000)},
    {"-9.223372036854775808e18", FLOAT, "", 0, UINT64_C(0xc3e0000000000000)},
    {"9007199254740993.0", INT, "", INT64_C(9007199254740992), 0},
    {"9007199254740992.5", INT, "", INT64_C(9007199254740992), 0},
    {"9007199254740991.5", INT, "", INT64_C(9007199254740992), 0},
    {"1_0.5", FLOAT, "", 0, UINT64_C(0x4025000000000000)},
    {"1._5", FLOAT, "", 0, UINT64_C(0x3ff8000000000000)},
    {"1.5_0", FLOAT, "", 0, UINT64_C(0x3ff8000000000000)},
    {".1_0", FLOAT, "", 0, UINT64_C(0x3fb999999999999a)},
    {"._1", STR, "._1", 0, 0},
    {".1_", STR, ".1_", 0, 0},
    {"1e1_0", INT, "", INT64_C(10000000000), 0},
    {".1e1_0", INT, "", INT64_C(1000000000), 0},
    {".5_e1", STR, ".5_e1", 0, 0},
    {"0.1", FLOAT, "", 0, UINT64_C(0x3fb999999999999a)},
    {"0.2", FLOAT, "", 0, UINT64_C(0x3fc999999999999a)},
    {"0.3", FLOAT, "", 0, UINT64_C(0x3fd3333333333333)},
    {"0.30000000000000004", FLOAT, "", 0, UINT64_C(0x3fd3333333333334)},
    {"123456.789", FLOAT, "", 0, UINT64_C(0x40fe240c9fbe76c9)},
    {"-0.0", INT, "", INT64_C(0), 0},
    {"-0.5", FLOAT, "", 0, UINT64_C(0xbfe0000000000000)},
    {"0x1p-2", STR, "0x1p-2", 0, 0},
    {"0x1.8p1", STR, "0x1.8p1", 0, 0},
    {"1:30", STR, "1:30", 0, 0},
    {"190:20:30", STR, "190:20:30", 0, 0},
    {"190:20:30.15", STR, "190:20:30.15", 0, 0},
    {"12:30:45", STR, "12:30:45", 0, 0},
    {"2001-01-01", STR, "2001-01-01", 0, 0},
    {"2001-1-1", STR, "2001-1-1", 0, 0},
    {"2001-12-14T21:59:43Z", STR, "2001-12-14T21:59:43Z", 0, 0},
    {"2001-13-01", STR, "2001-13-01", 0, 0},
    {"1e1000000000000", STR, "1e1000000000000", 0, 0},
    {"0e1000000000000", INT, "", INT64_C(0), 0},
    {"0.00000000000000000000000001e30", INT, "", INT64_C(10000), 0},
    {"100000000000000000000e-20", INT, "", INT64_C(1), 0},
    {"2.2250738585072014e-308", FLOAT, "", 0, UINT64_C(0x0010000000000000)},
    {"2.2250738585072011e-308", FLOAT, "", 0, UINT64_C(0x000fffffffffffff)},
    {"17976931348623158079372897140530341507993413271003782693617377898044496829276475094664901"
     "79775872070963302864166928879109465555478519404026306574886715058206819089020007083836762"
     "73854845817711531764475730270069855571366959622842914819860834936475292719074168444365510"
     "704342711559699508093042880",
     FLOAT, "", 0, UINT64_C(0x7cd203af9ee75615)},
    {"8.98846567431158e307", FLOAT, "", 0, UINT64_C(0x7fe0000000000000)},
    {"<<", STR, "<<", 0, 0},
    {"=", STR, "=", 0, 0},
    {".a", STR, ".a", 0, 0},
    {"a-b", STR, "a-b", 0, 0},
    {"::a", STR, "::a", 0, 0},
    {"-a", STR, "-a", 0, 0},
    {"http://x", STR, "http://x", 0, 0},
    {"a#b", STR, "a#b", 0, 0},
    {"\\", STR, "\\", 0, 0},
    {"/", STR, "/", 0, 0},
    {"+a", STR, "+a", 0, 0},
    {"1a", STR, "1a", 0, 0},
    {"0xg", STR, "0xg", 0, 0},
    {"!!str 12", STR, "12", 0, 0},
    {"!!str yes", STR, "yes", 0, 0},
    {"!!str ~", STR, "~", 0, 0},
    {"!!int 12", INT, "", INT64_C(12), 0},
    {"!!int \"12\"", INT, "", INT64_C(12), 0},
    {"!!int 1.5", BAD, "", 0, 0},
    {"!!int yes", BAD, "", 0, 0},
    {"!!int 0x10", INT, "", INT64_C(16), 0},
    {"!!float 1", INT, "", INT64_C(1), 0},
    {"!!float 1.5", FLOAT, "", 0, UINT64_C(0x3ff8000000000000)},
    {"!!float x", BAD, "", 0, 0},
    {"!!float 18446744073709551615", BAD, "", 0, 0},
    {"!!float 99999999999999999999", FLOAT, "", 0, UINT64_C(0x4415af1d78b58c40)},
    {"!!bool yes", BOOL, "true", 0, 0},
    {"!!bool \"yes\"", BOOL, "true", 0, 0},
    {"!!bool 1", BAD, "", 0, 0},
    {"!!null \"\"", NUL, "", 0, 0},
    {"!!null x", BAD, "", 0, 0},
    {"!!null ~", NUL, "", 0, 0},
    {"!!binary aGVsbG8=", STR, "hello", 0, 0},
    {"!!binary /w==", STR, "�", 0, 0},
    {"!!binary a", BAD, "", 0, 0},
    {"!!binary a=b=", BAD, "", 0, 0},
    {"!!binary YQ==YQ==", BAD, "", 0, 0},
    {"!!binary aGk", BAD, "", 0, 0},
    {"!!timestamp 2001-01-01", STR, "2001-01-01", 0, 0},
    {"!!timestamp 12", BAD, "", 0, 0},
    {"!!timestamp x", BAD, "", 0, 0},
    {"!!timestamp 2001-02-30", BAD, "", 0, 0},
    {"!!timestamp \"2001-12-14 21:59:43.10\"", STR, "2001-12-14 21:59:43.10", 0, 0},
    {"!!timestamp 2001-12-14T21:59:43.1+01:00", STR, "2001-12-14T21:59:43.1+01:00", 0, 0},
    {"!!timestamp 2001-12-14 21:59:43.10 -5", BAD, "", 0, 0},
    {"!foo 12", STR, "12", 0, 0},
    {"! 12", STR, "12", 0, 0},
    {"! \"12\"", STR, "12", 0, 0},
    {"!<tag:yaml.org,2002:int> \"7\"", INT, "", INT64_C(7), 0},
    {"!!foo 12", STR, "12", 0, 0},
    {"\"12\"", STR, "12", 0, 0},
    {"'12'", STR, "12", 0, 0},
    {"\"yes\"", STR, "yes", 0, 0},
    {"\"\\x41\"", STR, "A", 0, 0},
    {"\"\\u00e9\"", STR, "é", 0, 0},
    {"\"\\U0001F600\"", STR, "😀", 0, 0},
    {".nan", BAD, "", 0, 0},
    {".NaN", BAD, "", 0, 0},
    {".NAN", BAD, "", 0, 0},
    {".inf", BAD, "", 0, 0},
    {".Inf", BAD, "", 0, 0},
    {".INF", BAD, "", 0, 0},
    {"+.inf", BAD, "", 0, 0},
    {"-.inf", BAD, "", 0, 0},
    {"+.Inf", BAD, "", 0, 0},
    {"-.INF", BAD, "", 0, 0},
};

static bool same(const struct row *row, const gwapi__node *node)
{
    uint64_t bits;

    switch (row->kind) {
    case NUL:
        return node->type == GWAPI__NODE_NULL;
    case BOOL:
        return node->type == GWAPI__NODE_BOOL &&
               node->as.boolean == (strcmp(row->string, "true") == 0);
    case INT:
        return node->type == GWAPI__NODE_INT && node->as.integer == row->integer;
    case FLOAT:
        memcpy(&bits, &node->as.number, sizeof bits);
        return node->type == GWAPI__NODE_FLOAT && bits == row->bits;
    case STR:
        return node->type == GWAPI__NODE_STRING &&
               gwapi__str_eq(node->as.string, gwapi__str_of(row->string));
    default:
        return false;
    }
}

static void check_row(const struct row *row, const char *before, const char *after)
{
    char text[512];
    reading r;

    snprintf(text, sizeof text, "%s%s%s", before, row->text, after);
    read_text(&r, text);
    cr_assert_eq(r.count, 1, "%s", text);
    if (row->kind == BAD)
        cr_expect_null(r.doc.root, "%s: got %s", text, r.shown.data);
    else
        cr_expect(r.doc.root != NULL && same(row, gwapi__node_get(r.doc.root, GWAPI__STR("a"))),
                  "%s: got %s", text, r.shown.data);
    read_done(&r);
}

Test(doc_scalar, plain_and_tagged_scalars_are_what_the_server_reads)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        check_row(&rows[i], "a: ", "\n");
}

Test(doc_scalar, an_anchor_does_not_change_a_scalar)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        check_row(&rows[i], "b: &x ", "\na: *x\n");
}

Test(doc_scalar, quotes_make_a_string_of_everything)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct row row = {rows[i].text, STR, rows[i].text, 0, 0};
        if (strpbrk(row.text, "'\"") == NULL)
            check_row(&row, "a: '", "'\n");
    }
}

Test(doc_scalar, keys_become_text_as_the_server_writes_it)
{
    static const struct {
        const char *text;
        const char *key; /* NULL: it can't be one */
    } keys[] = {
        {"1", "1"},
        {"1.5", "1.5"},
        {"1.0", "1"},
        {"100000.0", "100000"},
        {"1e5", "100000"},
        {"1000000.0", "1e+06"},
        {"1e6", "1e+06"},
        {"1234567.0", "1.234567e+06"},
        {"123456.0", "123456"},
        {"1.5e10", "1.5e+10"},
        {"0.0001", "0.0001"},
        {"0.00001", "1e-05"},
        {"1e-5", "1e-05"},
        {"0.1", "0.1"},
        {"3.4e38", "3.4e+38"},
        {"3.5e38", ".inf"},
        {"-3.5e38", "-.inf"},
        {"1e-46", "0"},
        {"1e-45", "1e-45"},
        {"16777217.0", "1.6777216e+07"},
        {".inf", ".inf"},
        {"-.inf", "-.inf"},
        {".nan", ".nan"},
        {"-0.0", "-0"},
        {"-1.5", "-1.5"},
        {"0.3", "0.3"},
        {"123456.789", "123456.79"},
        {"-0x10", "-16"},
        {"0777", "511"},
        {"yes", "true"},
        {"NO", "false"},
        {"~", NULL},
        {"null", NULL},
        {"18446744073709551615", NULL},
        {"9223372036854775807", "9223372036854775807"},
        {"\"1\"", "1"},
        {"!!str 1", "1"},
        {"!!binary aGk=", "hi"},
        {"2001-01-01", "2001-01-01"},
        {"1:30", "1:30"},
        {"1_0", "10"},
        {"3.4028235677973366e+38", ".inf"},
        {"2.5e-7", "2.5e-07"},
    };

    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        char text[64];
        reading r;
        snprintf(text, sizeof text, "%s: v\n", keys[i].text);
        read_text(&r, text);
        if (keys[i].key == NULL)
            cr_expect_null(r.doc.root, "%s: got %s", text, r.shown.data);
        else
            cr_expect(r.doc.root != NULL && r.doc.root->as.map.count == 1 &&
                          gwapi__str_eq(r.doc.root->as.map.fields[0].name,
                                        gwapi__str_of(keys[i].key)),
                      "%s: got %s", text, r.shown.data);
        read_done(&r);
    }
}
