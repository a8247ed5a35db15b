#include "cel/uri.h"

#include "base/slice.h"
#include "cel/address.h"
#include "cel/text.h"

static const gwapi_str ESCAPED_PERCENT = {"%25", 3};

// Characters, beside letters and digits, that need no escape.
static const gwapi_str IN_HOST = {"!\"$&'()*+,-.:;<=>[]_~", 21};
static const gwapi_str IN_USER = {"$&+,-.;=_~", 10};
static const gwapi_str IN_PATH = {"$&+,-./:;=@_~", 13};
static const gwapi_str IN_FRAGMENT = {"!$&()*+,-./:;=?@_~", 18};

// Those that may stand unescaped, though Go would not leave them so; and '%' itself.
static const gwapi_str LEFT_ALONE = {"!$&'()*+,;=:@[]%", 16};

static bool is_one_of(char c, gwapi_str set)
{
    return gwapi__is_alpha(c) || gwapi__is_digit(c) || gwapi__str_find_char(set, c) != SIZE_MAX;
}

static bool fail(gwapi__uri_fault *fault, gwapi__uri_wrong wrong, gwapi_str at)
{
    *fault = (gwapi__uri_fault){wrong, at};
    return false;
}

static bool fail_whole(gwapi__uri_fault *fault, gwapi__uri_wrong wrong)
{
    return fail(fault, wrong, gwapi__str_of(NULL));
}

static gwapi_str from(gwapi_str s, size_t start)
{
    return gwapi__str_sub(s, start, s.len);
}

// ---- escapes --------------------------------------------------------------------------------

// "%2F" at the index?
static bool is_escape(gwapi_str s, size_t i)
{
    return i + 2 < s.len && gwapi__hex(s.data[i + 1]) >= 0 && gwapi__hex(s.data[i + 2]) >= 0;
}

static char escaped_byte(gwapi_str s, size_t i)
{
    return (char)(gwapi__hex(s.data[i + 1]) << 4 | gwapi__hex(s.data[i + 2]));
}

static bool check_escapes(gwapi_str s, gwapi__uri_fault *fault)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.data[i] == '%' && !is_escape(s, i))
            return fail(fault, GWAPI__URI_ESCAPE, gwapi__str_sub(s, i, 3));
    return true;
}

// An escape in a host stands for a byte beyond ASCII or for '%'; in a zone for what a host may
// hold, or a blank.
static bool escape_allowed(gwapi_str host, size_t i, bool zone)
{
    char c = escaped_byte(host, i);

    if (gwapi__str_eq(gwapi__str_sub(host, i, 3), ESCAPED_PERCENT))
        return true;
    return zone ? c == ' ' || is_one_of(c, IN_HOST) : (unsigned char)c >= 0x80;
}

static bool check_host_text(gwapi_str s, bool zone, gwapi__uri_fault *fault)
{
    for (size_t i = 0; i < s.len; i++) {
        if (s.data[i] == '%') {
            if (!is_escape(s, i) || !escape_allowed(s, i, zone))
                return fail(fault, GWAPI__URI_ESCAPE, gwapi__str_sub(s, i, 3));
            i += 2;
        } else if ((unsigned char)s.data[i] < 0x80 && !is_one_of(s.data[i], IN_HOST)) {
            return fail(fault, GWAPI__URI_HOST_CHAR, gwapi__str_sub(s, i, 1));
        }
    }
    return true;
}

// ---- host -----------------------------------------------------------------------------------

// "" or ":80" or ":".
static bool is_port(gwapi_str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (i == 0 ? s.data[i] != ':' : !gwapi__is_digit(s.data[i]))
            return false;
    return true;
}

// What stands between brackets: an IPv6 address, maybe with a zone behind "%25".
static bool check_literal(gwapi_str name, gwapi__uri_fault *fault)
{
    size_t zone = gwapi__str_find(name, ESCAPED_PERCENT);
    gwapi_str address_text = gwapi__str_sub(name, 0, zone);
    gwapi__address address;
    gwapi__address_fault ignored;

    if (!check_host_text(address_text, false, fault) ||
        (zone != SIZE_MAX && !check_host_text(from(name, zone), true, fault)))
        return false;
    // An escape here is a byte that no address has; '%' alone would begin a zone.
    if (gwapi__str_find_char(address_text, '%') != SIZE_MAX ||
        !gwapi__address_parse(&address, address_text, &ignored) || zone == name.len - 3)
        return fail(fault, GWAPI__URI_ADDRESS, name);
    if (address.size == 4)
        return zone != SIZE_MAX ? fail(fault, GWAPI__URI_ADDRESS, name)
                                : fail_whole(fault, GWAPI__URI_LITERAL);
    return true;
}

static bool check_host(gwapi_str host, gwapi__uri_fault *fault)
{
    size_t open = gwapi__str_rfind_char(host, '['), close, colon;
    gwapi_str port = gwapi__str("", 0);

    if (open == SIZE_MAX) {
        colon = gwapi__str_rfind_char(host, ':');
        if (colon != SIZE_MAX)
            port = from(host, colon);
        if (!is_port(port))
            return fail(fault, GWAPI__URI_PORT, port);
        return check_host_text(host, false, fault);
    }
    if (open > 0)
        return fail_whole(fault, GWAPI__URI_LITERAL);
    close = gwapi__str_rfind_char(host, ']');
    if (close == SIZE_MAX)
        return fail_whole(fault, GWAPI__URI_BRACKET);
    port = from(host, close + 1);
    if (!is_port(port))
        return fail(fault, GWAPI__URI_PORT, port);
    return check_literal(gwapi__str_sub(host, 1, close - 1), fault);
}

static bool user_valid(gwapi_str user)
{
    static const gwapi_str allowed = {"-._:~!$&'()*+,;=%@", 18};

    for (size_t i = 0; i < user.len; i++)
        if (!is_one_of(user.data[i], allowed))
            return false;
    return true;
}

static bool split_authority(gwapi__uri *out, gwapi_str authority, gwapi__uri_fault *fault)
{
    size_t at = gwapi__str_rfind_char(authority, '@');
    gwapi_str user;

    out->has_authority = true;
    out->host = from(authority, at == SIZE_MAX ? 0 : at + 1);
    if (!check_host(out->host, fault))
        return false;
    if (at == SIZE_MAX)
        return true;
    user = gwapi__str_sub(authority, 0, at);
    if (!user_valid(user))
        return fail_whole(fault, GWAPI__URI_USER);
    out->has_user = true;
    out->has_password = gwapi__str_cut(user, ':', &out->user, &out->password);
    if (!out->has_password)
        out->password = gwapi__str("", 0);
    return check_escapes(out->user, fault) && check_escapes(out->password, fault);
}

// ---- the whole ------------------------------------------------------------------------------

// Leaves what stands behind "scheme:", or everything.
static bool take_scheme(gwapi__uri *out, gwapi_str *rest, gwapi__uri_fault *fault)
{
    static const gwapi_str inner = {"+-.", 3};
    size_t n = 0;

    while (n < rest->len && is_one_of(rest->data[n], inner))
        n++;
    if (n == rest->len || rest->data[n] != ':')
        return true;
    if (n == 0)
        return fail_whole(fault, GWAPI__URI_NO_SCHEME);
    if (!gwapi__is_alpha(rest->data[0]))
        return true;
    out->scheme = gwapi__str_sub(*rest, 0, n);
    *rest = from(*rest, n + 1);
    return true;
}

static bool has_control(gwapi_str s)
{
    for (size_t i = 0; i < s.len; i++)
        if ((unsigned char)s.data[i] < ' ' || s.data[i] == 0x7f)
            return true;
    return false;
}

static bool split(gwapi__uri *out, gwapi_str text, bool request, gwapi__uri_fault *fault)
{
    static const gwapi_str empty = {"", 0};
    gwapi_str rest = text;

    if (has_control(text))
        return fail_whole(fault, GWAPI__URI_CONTROL);
    *out = (gwapi__uri){.scheme = empty,
                        .opaque = empty,
                        .user = empty,
                        .password = empty,
                        .host = empty,
                        .path = empty,
                        .query = empty,
                        .fragment = empty};
    if (gwapi__str_eq(text, GWAPI__STR("*"))) {
        out->path = text;
        return true;
    }
    if (!take_scheme(out, &rest, fault))
        return false;
    if (gwapi__str_cut(rest, '?', &rest, &out->query))
        out->bare_query = out->query.len == 0;
    else
        out->query = empty;
    if (!gwapi__str_starts(rest, GWAPI__STR("/")) && out->scheme.len != 0) {
        out->opaque = rest;
        return true;
    }
    if (!gwapi__str_starts(rest, GWAPI__STR("/"))) {
        if (request)
            return fail_whole(fault, GWAPI__URI_RELATIVE);
        if (gwapi__str_find_char(rest, ':') < gwapi__str_find_char(rest, '/'))
            return fail_whole(fault, GWAPI__URI_COLON);
    }
    bool authority =
        out->scheme.len != 0 || (!request && !gwapi__str_starts(rest, GWAPI__STR("///")));
    if (authority && gwapi__str_starts(rest, GWAPI__STR("//"))) {
        rest = from(rest, 2);
        size_t slash = gwapi__str_find_char(rest, '/');
        if (!split_authority(out, gwapi__str_sub(rest, 0, slash), fault))
            return false;
        rest = slash != SIZE_MAX ? from(rest, slash) : empty;
    }
    out->path = rest;
    return check_escapes(rest, fault);
}

bool gwapi__uri_parse_request(gwapi__uri *out, gwapi_str text, gwapi__uri_fault *fault)
{
    if (text.len == 0)
        return fail_whole(fault, GWAPI__URI_EMPTY);
    return split(out, text, true, fault);
}

bool gwapi__uri_parse(gwapi__uri *out, gwapi_str text, gwapi__uri_fault *fault)
{
    gwapi_str fragment;
    bool cut = gwapi__str_cut(text, '#', &text, &fragment);

    if (!split(out, text, false, fault))
        return false;
    if (!cut)
        return true;
    out->fragment = fragment;
    return check_escapes(fragment, fault);
}

void gwapi__uri_split_host(gwapi_str host, gwapi_str *name, gwapi_str *port)
{
    size_t colon = gwapi__str_rfind_char(host, ':');

    *name = host;
    *port = gwapi__str("", 0);
    if (colon != SIZE_MAX && is_port(from(host, colon))) {
        *name = gwapi__str_sub(host, 0, colon);
        *port = from(host, colon + 1);
    }
    if (gwapi__str_starts(*name, GWAPI__STR("[")) && gwapi__str_ends(*name, GWAPI__STR("]")))
        *name = gwapi__str_sub(*name, 1, name->len - 2);
}

bool gwapi__uri_next_parameter(gwapi_str *query, gwapi_str *key, gwapi_str *value)
{
    gwapi__uri_fault ignored;
    gwapi_str pair;

    while (query->len != 0) {
        if (!gwapi__str_cut(*query, '&', &pair, query))
            *query = gwapi__str("", 0);
        if (!gwapi__str_cut(pair, '=', key, value))
            *value = gwapi__str("", 0);
        if (pair.len != 0 && gwapi__str_find_char(pair, ';') == SIZE_MAX &&
            check_escapes(pair, &ignored))
            return true;
    }
    return false;
}

// ---- writing --------------------------------------------------------------------------------

void gwapi__uri_decode(gwapi__text *t, gwapi_str raw, bool query)
{
    for (size_t i = 0; i < raw.len; i++) {
        bool escape = raw.data[i] == '%';
        char c = escape ? escaped_byte(raw, i) : raw.data[i];
        gwapi__text_char(t, query && !escape && c == '+' ? ' ' : c);
        i += escape ? 2 : 0;
    }
}

// The same with an escape for whatever needs one.
static void recode(gwapi__text *t, gwapi_str raw, gwapi_str plain)
{
    static const char hex[] = "0123456789ABCDEF";

    for (size_t i = 0; i < raw.len; i++) {
        bool escape = raw.data[i] == '%';
        char c = escape ? escaped_byte(raw, i) : raw.data[i];
        if (is_one_of(c, plain)) {
            gwapi__text_char(t, c);
        } else {
            gwapi__text_char(t, '%');
            gwapi__text_char(t, hex[(unsigned char)c >> 4]);
            gwapi__text_char(t, hex[(unsigned char)c & 15]);
        }
        i += escape ? 2 : 0;
    }
}

static void recode_if_needed(gwapi__text *t, gwapi_str raw, gwapi_str plain)
{
    for (size_t i = 0; i < raw.len; i++) {
        if (!is_one_of(raw.data[i], plain) && !is_one_of(raw.data[i], LEFT_ALONE)) {
            recode(t, raw, plain);
            return;
        }
    }
    gwapi__text_add(t, raw);
}

void gwapi__uri_write_path(gwapi__text *t, const gwapi__uri *uri)
{
    recode_if_needed(t, uri->path, IN_PATH);
}

static void write_authority(gwapi__text *t, const gwapi__uri *uri)
{
    if (uri->host.len == 0 && uri->path.len == 0 && !uri->has_user)
        return;
    gwapi__text_addz(t, "//");
    if (uri->has_user) {
        recode(t, uri->user, IN_USER);
        if (uri->has_password)
            gwapi__text_char(t, ':');
        recode(t, uri->password, IN_USER);
        gwapi__text_char(t, '@');
    }
    recode(t, uri->host, IN_HOST);
}

void gwapi__uri_write(gwapi__text *t, const gwapi__uri *uri)
{
    for (size_t i = 0; i < uri->scheme.len; i++)
        gwapi__text_char(t, gwapi__lower(uri->scheme.data[i]));
    if (uri->scheme.len != 0)
        gwapi__text_char(t, ':');
    gwapi__text_add(t, uri->opaque);
    if (uri->has_authority && (uri->scheme.len != 0 || uri->host.len != 0 || uri->has_user))
        write_authority(t, uri);
    gwapi__uri_write_path(t, uri);
    if (uri->bare_query || uri->query.len != 0)
        gwapi__text_char(t, '?');
    gwapi__text_add(t, uri->query);
    if (uri->fragment.len != 0)
        gwapi__text_char(t, '#');
    recode_if_needed(t, uri->fragment, IN_FRAGMENT);
}

// ---- faults ---------------------------------------------------------------------------------

static void write_address_fault(gwapi__text *t, gwapi_str name)
{
    gwapi__address ignored;
    gwapi__address_fault fault = {"", {NULL, 0}};
    gwapi__text decoded;

    gwapi__text_init(&decoded, &t->allocator);
    gwapi__uri_decode(&decoded, name, false);
    gwapi__address_parse(&ignored, gwapi__text_str(&decoded), &fault);
    gwapi__text_addz(t, "invalid host: ParseAddr(");
    gwapi__cel_text_quoted(t, gwapi__text_str(&decoded));
    gwapi__text_addz(t, "): ");
    gwapi__text_addz(t, fault.message);
    if (fault.at.len != 0) {
        gwapi__text_addz(t, " (at ");
        gwapi__cel_text_quoted(t, fault.at);
        gwapi__text_char(t, ')');
    }
    t->failed = t->failed || decoded.failed;
    gwapi__text_free(&decoded);
}

void gwapi__uri_fault_write(gwapi__text *t, gwapi_str text, const gwapi__uri_fault *fault)
{
    static const struct {
        const char *before, *after;
    } words[] = {
        [GWAPI__URI_CONTROL] = {"net/url: invalid control character in URL", NULL},
        [GWAPI__URI_EMPTY] = {"empty url", NULL},
        [GWAPI__URI_NO_SCHEME] = {"missing protocol scheme", NULL},
        [GWAPI__URI_RELATIVE] = {"invalid URI for request", NULL},
        [GWAPI__URI_COLON] = {"first path segment in URL cannot contain colon", NULL},
        [GWAPI__URI_USER] = {"net/url: invalid userinfo", NULL},
        [GWAPI__URI_ESCAPE] = {"invalid URL escape ", ""},
        [GWAPI__URI_HOST_CHAR] = {"invalid character ", " in host name"},
        [GWAPI__URI_LITERAL] = {"invalid IP-literal", NULL},
        [GWAPI__URI_BRACKET] = {"missing ']' in host", NULL},
        [GWAPI__URI_PORT] = {"invalid port ", " after host"},
    };

    gwapi__text_addz(t, "parse ");
    gwapi__cel_text_quoted(t, text);
    gwapi__text_addz(t, ": ");
    if (fault->wrong == GWAPI__URI_ADDRESS) {
        write_address_fault(t, fault->at);
        return;
    }
    gwapi__text_addz(t, words[fault->wrong].before);
    if (words[fault->wrong].after == NULL)
        return;
    gwapi__cel_text_quoted(t, fault->at);
    gwapi__text_addz(t, words[fault->wrong].after);
}
