#include "match/canonical.h"

#include "base/slice.h"

static bool unreserved(unsigned char c)
{
    return gwapi__is_alpha((char)c) || gwapi__is_digit((char)c) || c == '-' || c == '.' ||
           c == '_' || c == '~';
}

/* The value of the escape at s[i], -1 if there is none. */
static int escape_at(gwapi_str s, size_t i)
{
    if (s.data[i] != '%' || s.len - i < 3)
        return -1;
    int high = gwapi__hex(s.data[i + 1]), low = gwapi__hex(s.data[i + 2]);
    return high < 0 || low < 0 ? -1 : high * 16 + low;
}

/* A '%' that begins no escape stays as it is. What follows it must not make it one, or another
 * path would come out when the canonical form is decoded: "%2%65" is no "%2e". */
static bool mends_escape(gwapi_str s, size_t i, int value)
{
    if (gwapi__hex((char)value) < 0 || i == 0)
        return false;
    return s.data[i - 1] == '%' ||
           (i > 1 && s.data[i - 2] == '%' && gwapi__hex(s.data[i - 1]) >= 0);
}

/* Is the escape at s[i], of this value, written as the character it stands for? */
static bool is_decoded(gwapi_str s, size_t i, int value)
{
    return unreserved((unsigned char)value) && !mends_escape(s, i, value);
}

/* Reads one character of a segment in canonical form into out; returns how many bytes it took
 * and sets *written. */
static size_t canonical_char(gwapi_str s, size_t i, char out[3], size_t *written)
{
    static const char digits[] = "0123456789ABCDEF";
    int value = escape_at(s, i);

    *written = 1;
    if (value < 0) {
        out[0] = s.data[i];
        return 1;
    }
    if (is_decoded(s, i, value)) {
        out[0] = (char)value;
        return 3;
    }
    out[0] = '%';
    out[1] = digits[value >> 4];
    out[2] = digits[value & 15];
    *written = 3;
    return 3;
}

/* The canonical form of one segment: its length, and its bytes where `out` is not NULL. */
static size_t segment(gwapi_str s, char *out)
{
    size_t length = 0, written;
    char piece[3];

    for (size_t i = 0; i < s.len; length += written) {
        i += canonical_char(s, i, piece, &written);
        if (out != NULL)
            memcpy(out + length, piece, written);
    }
    return length;
}

/* 1 for ".", 2 for "..", 0 for any other segment; escaped dots are dots. */
static int dots(gwapi_str s)
{
    char bytes[2];

    if (s.len > 6 || segment(s, NULL) > 2)
        return 0;
    size_t n = segment(s, bytes);
    if (n == 0 || bytes[0] != '.' || (n == 2 && bytes[1] != '.'))
        return 0;
    return (int)n;
}

/* What remains of a path, from its last segment to its first. */
typedef struct backward {
    gwapi_str path;
    size_t end;     /* segments before this one are still to be read */
    size_t pending; /* ".." that have not cancelled one yet */
} backward;

/* The next segment to the left that stays; false at the root. */
static bool previous(backward *b, gwapi_str *out)
{
    while (b->end > 0) {
        size_t slash = gwapi__str_rfind_char(gwapi__str_sub(b->path, 0, b->end), '/');
        gwapi_str s = gwapi__str_sub(b->path, slash + 1, b->end - slash - 1);
        int kind = dots(s);
        b->end = slash;
        if (kind == 2)
            b->pending++;
        else if (kind == 0 && s.len != 0 && b->pending > 0)
            b->pending--;
        else if (kind == 0 && s.len != 0) {
            *out = s;
            return true;
        }
    }
    return false;
}

/* "/a/", "/a/." and "/a/b/.." end with a slash. */
static bool ends_with_slash(gwapi_str path)
{
    size_t slash = gwapi__str_rfind_char(path, '/');
    gwapi_str last = gwapi__str_sub(path, slash + 1, path.len);

    return last.len == 0 || dots(last) != 0;
}

/* Only a path that starts with '/' has segments; "*" and the like stay as they are. */
static bool rooted(gwapi_str path)
{
    return path.len != 0 && path.data[0] == '/';
}

size_t gwapi__canonical_length(gwapi_str path)
{
    backward b = {path, path.len, 0};
    gwapi_str s;
    size_t length = 0;

    if (!rooted(path))
        return path.len;
    while (previous(&b, &s))
        length += 1 + segment(s, NULL);
    return length == 0 || ends_with_slash(path) ? length + 1 : length;
}

/* The bytes from..to of the canonical form, as they are found. */
typedef struct window {
    char *out;
    size_t from, to;
} window;

static void show(const window *w, size_t at, char c)
{
    if (at >= w->from && at < w->to)
        w->out[at - w->from] = c;
}

static void show_segment(const window *w, size_t at, gwapi_str s)
{
    size_t written;
    char piece[3];

    for (size_t i = 0; i < s.len; at += written) {
        i += canonical_char(s, i, piece, &written);
        for (size_t k = 0; k < written; k++)
            show(w, at + k, piece[k]);
    }
}

void gwapi__canonical_copy(gwapi_str path, size_t from, size_t to, char *out)
{
    const window w = {out, from, to};
    backward b = {path, path.len, 0};
    gwapi_str s;

    if (from >= to)
        return;
    if (!rooted(path)) {
        memcpy(out, path.data + from, to - from);
        return;
    }
    size_t at = gwapi__canonical_length(path);
    if (at == 1 || ends_with_slash(path))
        show(&w, --at, '/');
    while (at > from && previous(&b, &s)) {
        at -= segment(s, NULL);
        show_segment(&w, at, s);
        show(&w, --at, '/');
    }
}

bool gwapi__canonical_is(gwapi_str path)
{
    if (!rooted(path))
        return true;
    for (size_t i = 0; i < path.len; i++) {
        int value = escape_at(path, i);
        if (value >= 0 && (is_decoded(path, i, value) ||
                           (path.data[i + 1] >= 'a' && path.data[i + 1] <= 'f') ||
                           (path.data[i + 2] >= 'a' && path.data[i + 2] <= 'f')))
            return false;
    }
    return gwapi__canonical_length(path) == path.len;
}

bool gwapi__path_has_bad_bytes(gwapi_str path)
{
    for (size_t i = 0; i < path.len; i++) {
        unsigned char c = (unsigned char)path.data[i];
        if (c < 0x21 || c > 0x7e || c == '#' || (c == '%' && escape_at(path, i) < 0))
            return true;
    }
    return false;
}
