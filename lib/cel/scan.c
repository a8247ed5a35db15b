/* The lexical part of cel-spec's grammar, as cel-go v0.26 (parser/gen/CEL.g4) has it. */
#include "cel/scan.h"

/* The byte `ahead` of the place; '\0' beyond the end (it begins no token). */
static char look(const gwapi__cel_scanner *s, size_t ahead)
{
    return ahead < s->text.len - s->at ? s->text.data[s->at + ahead] : '\0';
}

static bool is_name_start(char c)
{
    return gwapi__is_alpha(c) || c == '_';
}

static bool is_name_part(char c)
{
    return is_name_start(c) || gwapi__is_digit(c);
}

static bool is_quote(char c)
{
    return c == '"' || c == '\'';
}

static void skip_blanks(gwapi__cel_scanner *s)
{
    for (;;) {
        char c = look(s, 0);
        if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f') {
            s->at++;
        } else if (c == '/' && look(s, 1) == '/') {
            while (s->at < s->text.len && s->text.data[s->at] != '\n')
                s->at++;
        } else {
            return;
        }
    }
}

/* The scanner stands behind the token, which began at `from`. */
static gwapi__cel_token token(const gwapi__cel_scanner *s, size_t from,
                              gwapi__cel_token_kind kind)
{
    return (gwapi__cel_token){kind, (uint32_t)from, (uint32_t)(s->at - from), NULL};
}

static gwapi__cel_token invalid(const gwapi__cel_scanner *s, size_t from, const char *reason)
{
    return (gwapi__cel_token){GWAPI__CEL_INVALID, (uint32_t)from, (uint32_t)(s->at - from),
                              reason};
}

/* ---- strings ---------------------------------------------------------------------------- */

/* Letters before a quote that make a literal of it: b, r, br in any case. */
static size_t prefix_length(const gwapi__cel_scanner *s)
{
    size_t n = 0;

    n += gwapi__lower(look(s, n)) == 'b';
    n += gwapi__lower(look(s, n)) == 'r';
    return is_quote(look(s, n)) ? n : SIZE_MAX;
}

/* Passes what is between three quotes and the closing ones. */
static bool pass_long(gwapi__cel_scanner *s, char quote, bool raw)
{
    while (s->at < s->text.len) {
        char c = look(s, 0);
        if (c == quote && look(s, 1) == quote && look(s, 2) == quote) {
            s->at += 3;
            return true;
        }
        s->at += c == '\\' && !raw && s->text.len - s->at > 1 ? 2 : 1;
    }
    return false;
}

/* … between single quotes, on one line. */
static bool pass_short(gwapi__cel_scanner *s, char quote, bool raw)
{
    while (s->at < s->text.len) {
        char c = s->text.data[s->at];
        if (c == '\n' || c == '\r')
            return false;
        s->at++;
        if (c == quote)
            return true;
        if (c == '\\' && !raw && is_quote(look(s, 0)))
            s->at++;
        else if (c == '\\' && !raw && look(s, 0) == '\\')
            s->at++;
    }
    return false;
}

/* Escapes are not looked into: only whether one is a quote or a backslash counts here. */
static gwapi__cel_token scan_string(gwapi__cel_scanner *s, size_t prefix)
{
    size_t from = s->at;
    bool bytes = gwapi__lower(look(s, 0)) == 'b';
    bool raw = prefix > bytes;
    char quote = look(s, prefix);
    bool closed, three = look(s, prefix + 1) == quote && look(s, prefix + 2) == quote;

    s->at += prefix + (three ? 3 : 1);
    closed = three ? pass_long(s, quote, raw) : pass_short(s, quote, raw);
    if (closed)
        return token(s, from, bytes ? GWAPI__CEL_BYTES_TEXT : GWAPI__CEL_STRING_TEXT);
    return invalid(s, from,
                   three ? "the closing three quotes are missing"
                         : "the closing quote is missing on this line");
}

/* ---- names and numbers ------------------------------------------------------------------ */

static gwapi__cel_token scan_name(gwapi__cel_scanner *s)
{
    static const struct {
        gwapi_str word;
        gwapi__cel_token_kind kind;
    } words[] = {{{"true", 4}, GWAPI__CEL_TRUE},
                 {{"false", 5}, GWAPI__CEL_FALSE},
                 {{"null", 4}, GWAPI__CEL_NIL},
                 {{"in", 2}, GWAPI__CEL_IN}};
    size_t from = s->at;

    while (is_name_part(look(s, 0)))
        s->at++;
    gwapi_str name = gwapi__str_sub(s->text, from, s->at - from);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (gwapi__str_eq(name, words[i].word))
            return token(s, from, words[i].kind);
    return token(s, from, GWAPI__CEL_NAME);
}

static bool is_quoted_part(char c)
{
    return is_name_part(c) || c == '.' || c == '-' || c == '/' || c == ' ';
}

static gwapi__cel_token scan_quoted_name(gwapi__cel_scanner *s)
{
    size_t from = s->at++;

    while (is_quoted_part(look(s, 0)))
        s->at++;
    if (look(s, 0) != '`' || s->at == from + 1)
        return invalid(s, from, "no name in backticks");
    s->at++;
    return token(s, from, GWAPI__CEL_QUOTED_NAME);
}

static void pass_digits(gwapi__cel_scanner *s)
{
    while (gwapi__is_digit(look(s, 0)))
        s->at++;
}

static bool pass_fraction(gwapi__cel_scanner *s)
{
    if (look(s, 0) != '.' || !gwapi__is_digit(look(s, 1)))
        return false;
    s->at++;
    pass_digits(s);
    return true;
}

static bool pass_exponent(gwapi__cel_scanner *s)
{
    char sign = look(s, 1);
    size_t digits = sign == '+' || sign == '-' ? 2 : 1;

    if (gwapi__lower(look(s, 0)) != 'e' || !gwapi__is_digit(look(s, digits)))
        return false;
    s->at += digits;
    pass_digits(s);
    return true;
}

static gwapi__cel_token scan_number(gwapi__cel_scanner *s)
{
    size_t from = s->at;

    if (look(s, 0) == '0' && look(s, 1) == 'x' && gwapi__hex(look(s, 2)) >= 0) {
        s->at += 2;
        while (gwapi__hex(look(s, 0)) >= 0)
            s->at++;
    } else {
        pass_digits(s);
        bool fraction = pass_fraction(s);
        bool exponent = pass_exponent(s);
        if (fraction || exponent)
            return token(s, from, GWAPI__CEL_DOUBLE_TEXT);
    }
    if (gwapi__lower(look(s, 0)) != 'u')
        return token(s, from, GWAPI__CEL_INT_TEXT);
    s->at++;
    return token(s, from, GWAPI__CEL_UINT_TEXT);
}

/* ---- signs ------------------------------------------------------------------------------ */

/* The longer ones first. */
static const struct {
    char text[3];
    uint8_t length;
    gwapi__cel_token_kind kind;
} signs[] = {
    {"==", 2, GWAPI__CEL_EQ},      {"!=", 2, GWAPI__CEL_NE},    {"<=", 2, GWAPI__CEL_LE},
    {">=", 2, GWAPI__CEL_GE},      {"&&", 2, GWAPI__CEL_AND},   {"||", 2, GWAPI__CEL_OR},
    {"<", 1, GWAPI__CEL_LT},       {">", 1, GWAPI__CEL_GT},     {"+", 1, GWAPI__CEL_PLUS},
    {"-", 1, GWAPI__CEL_MINUS},    {"*", 1, GWAPI__CEL_STAR},   {"/", 1, GWAPI__CEL_SLASH},
    {"%", 1, GWAPI__CEL_PERCENT},  {"!", 1, GWAPI__CEL_BANG},   {"?", 1, GWAPI__CEL_QUESTION},
    {":", 1, GWAPI__CEL_COLON},    {".", 1, GWAPI__CEL_DOT},    {",", 1, GWAPI__CEL_COMMA},
    {"(", 1, GWAPI__CEL_LPAREN},   {")", 1, GWAPI__CEL_RPAREN}, {"[", 1, GWAPI__CEL_LBRACKET},
    {"]", 1, GWAPI__CEL_RBRACKET}, {"{", 1, GWAPI__CEL_LBRACE}, {"}", 1, GWAPI__CEL_RBRACE},
};

static const char *why_no_sign(char c)
{
    switch (c) {
    case '&':
        return "there is no operator '&'; 'and' is written '&&'";
    case '|':
        return "there is no operator '|'; 'or' is written '||'";
    case '=':
        return "there is no assignment; 'equals' is written '=='";
    case ';':
        return "an expression has no ';'";
    default:
        return "no token begins with this character";
    }
}

static gwapi__cel_token scan_sign(gwapi__cel_scanner *s)
{
    size_t from = s->at;

    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        if (look(s, 0) != signs[i].text[0] ||
            (signs[i].length == 2 && look(s, 1) != signs[i].text[1]))
            continue;
        s->at += signs[i].length;
        return token(s, from, signs[i].kind);
    }
    do
        s->at++;
    while (((unsigned char)look(s, 0) & 0xc0) == 0x80);
    return invalid(s, from, why_no_sign(s->text.data[from]));
}

gwapi__cel_token gwapi__cel_scan(gwapi__cel_scanner *s)
{
    skip_blanks(s);
    if (s->at == s->text.len)
        return token(s, s->at, GWAPI__CEL_END);
    char c = look(s, 0);
    size_t prefix = prefix_length(s);

    if (prefix != SIZE_MAX)
        return scan_string(s, prefix);
    if (is_name_start(c))
        return scan_name(s);
    if (gwapi__is_digit(c) || (c == '.' && gwapi__is_digit(look(s, 1))))
        return scan_number(s);
    return c == '`' ? scan_quoted_name(s) : scan_sign(s);
}
