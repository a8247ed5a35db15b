/* Path policies, segment by segment from the first to the last. */
#include "match/plain_parts.h"

#include <stdlib.h>

static int digit(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

static bool is_escape(gwapi_str s, size_t i)
{
    return s.data[i] == '%' && i + 2 < s.len && digit(s.data[i + 1]) >= 0 &&
           digit(s.data[i + 2]) >= 0;
}

static bool is_unreserved(int c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           c == '-' || c == '.' || c == '_' || c == '~';
}

/* Would the character make an escape of a '%' that is none? */
static bool mends(const char *out, size_t n, int c)
{
    return digit((char)c) >= 0 && ((n > 0 && out[n - 1] == '%') ||
                                   (n > 1 && out[n - 2] == '%' && digit(out[n - 1]) >= 0));
}

/* Escapes of what needs none decoded, others in upper case. */
static size_t decode(gwapi_str path, char *out)
{
    size_t n = 0;

    for (size_t i = 0; i < path.len; i++) {
        if (!is_escape(path, i)) {
            out[n++] = path.data[i];
            continue;
        }
        int c = digit(path.data[i + 1]) * 16 + digit(path.data[i + 2]);
        if (is_unreserved(c) && !mends(out, n, c)) {
            out[n++] = (char)c;
        } else {
            out[n++] = '%';
            out[n++] = "0123456789ABCDEF"[c >> 4];
            out[n++] = "0123456789ABCDEF"[c & 15];
        }
        i += 2;
    }
    return n;
}

gwapi_str plain_canonical(gwapi_str path, char *out)
{
    char decoded[2048];
    size_t starts[1024], depth = 0, n = 0;
    bool directory = true;

    if (path.len == 0 || path.data[0] != '/') {
        memcpy(out, path.data != NULL ? path.data : "", path.len);
        return (gwapi_str){out, path.len};
    }
    gwapi_str rest = {decoded, decode(path, decoded)};
    while (rest.len != 0) {
        rest = from(rest, 1);
        gwapi_str segment = until(rest, place_of(rest, '/'));
        rest = from(rest, segment.len);
        directory = segment.len == 0 || is(segment, ".") || is(segment, "..");
        if (is(segment, "..") && depth != 0)
            n = starts[--depth];
        if (directory)
            continue;
        starts[depth++] = n;
        out[n++] = '/';
        memcpy(out + n, segment.data, segment.len);
        n += segment.len;
    }
    if (directory)
        out[n++] = '/';
    return (gwapi_str){out, n};
}

bool plain_refuses(gwapi_path_policy policy, gwapi_str path)
{
    char out[2048];

    if (policy != GWAPI_PATH_RAW && path.data[0] != '/' && !is(path, "*"))
        return true;
    if (policy != GWAPI_PATH_REJECT)
        return false;
    if (!same(plain_canonical(path, out), path))
        return true;
    for (size_t i = 0; i < path.len; i++) {
        unsigned char c = (unsigned char)path.data[i];
        if (c < 0x21 || c > 0x7e || c == '#' || (c == '%' && !is_escape(path, i)))
            return true;
    }
    return false;
}

/* Cut at its first '?'. */
gwapi_str plain_path_of(const gwapi_request *request, gwapi_str *query)
{
    gwapi_str path = request->path;

    if (path.data == NULL)
        path = (gwapi_str){"", 0};
    size_t end = place_of(path, '?');
    *query = from(path, end);
    return end != 0 ? until(path, end) : (gwapi_str){"/", 1};
}
