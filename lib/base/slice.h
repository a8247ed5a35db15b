/* Text as pointer and length: compare, split, ASCII case. No locale, no terminator. */
#ifndef GWAPI_BASE_SLICE_H
#define GWAPI_BASE_SLICE_H

#include <stdbool.h>
#include <string.h>
#include <gatewayapi/base.h>

/* A slice of a string literal, as an expression. */
#define GWAPI__STR(literal) ((gwapi_str){"" literal, sizeof(literal) - 1})
/* For printf-like helpers of the tests: "%.*s". */
#define GWAPI__FMT(s) (int)(s).len, (s).data

static inline gwapi_str gwapi__str(const char *data, size_t len)
{
    return (gwapi_str){data, len};
}

/* Of a terminated string; NULL gives the absent slice. */
static inline gwapi_str gwapi__str_of(const char *terminated)
{
    return (gwapi_str){terminated, terminated != NULL ? strlen(terminated) : 0};
}

/* memcmp without the detour through libc, which names are too short for; len > 0. */
bool gwapi__bytes_eq(const char *a, const char *b, size_t len);

/* The same for 8 to 16 bytes, written out: the first eight and the last. */
static inline bool gwapi__words_eq(const char *a, const char *b, size_t len)
{
    uint64_t first[2], last[2];

    memcpy(&first[0], a, sizeof *first);
    memcpy(&first[1], b, sizeof *first);
    memcpy(&last[0], a + len - sizeof *last, sizeof *last);
    memcpy(&last[1], b + len - sizeof *last, sizeof *last);
    return ((first[0] ^ first[1]) | (last[0] ^ last[1])) == 0;
}

/* For 8 bytes or more. Up to 32 the number of words decides no branch but one. */
static inline bool gwapi__long_eq(const char *a, const char *b, size_t len)
{
    if (len <= 16)
        return gwapi__words_eq(a, b, len);
    for (size_t i = 16; i + 16 < len; i += 16)
        if (!gwapi__words_eq(a + i, b + i, 16))
            return false;
    return gwapi__words_eq(a, b, 16) & gwapi__words_eq(a + len - 16, b + len - 16, 16);
}

static inline bool gwapi__str_eq(gwapi_str a, gwapi_str b)
{
    return a.len == b.len &&
           (a.len == 0 || (a.data[0] == b.data[0] && gwapi__bytes_eq(a.data, b.data, a.len)));
}

/* Of 4 to 8 bytes. */
static inline bool gwapi__halves_eq(const char *a, const char *b, size_t len)
{
    uint32_t first[2], last[2];

    memcpy(&first[0], a, sizeof *first);
    memcpy(&first[1], b, sizeof *first);
    memcpy(&last[0], a + len - sizeof *last, sizeof *last);
    memcpy(&last[1], b + len - sizeof *last, sizeof *last);
    return first[0] == first[1] && last[0] == last[1];
}

/* gwapi__str_eq, written out: for where names are looked up, which mostly are that long. */
static inline bool gwapi__name_eq(gwapi_str a, gwapi_str b)
{
    if (a.len != b.len)
        return false;
    if (a.len >= 4 && a.len <= 8)
        return gwapi__halves_eq(a.data, b.data, a.len);
    return a.len >= 8 && a.len <= 16 ? gwapi__words_eq(a.data, b.data, a.len)
                                     : gwapi__str_eq(a, b);
}

static inline bool gwapi__str_present(gwapi_str s)
{
    return s.data != NULL;
}

/* Order of bytes; a prefix comes first. */
int gwapi__str_cmp(gwapi_str a, gwapi_str b);
bool gwapi__str_eq_nocase(gwapi_str a, gwapi_str b); /* ASCII case only */

static inline bool gwapi__str_starts(gwapi_str s, gwapi_str prefix)
{
    return s.len >= prefix.len && gwapi__str_eq((gwapi_str){s.data, prefix.len}, prefix);
}

bool gwapi__str_ends(gwapi_str s, gwapi_str suffix);
/* Index of the first occurrence, SIZE_MAX without one. */
size_t gwapi__str_find(gwapi_str s, gwapi_str needle);
size_t gwapi__str_rfind_char(gwapi_str s, char c);

static inline size_t gwapi__str_find_char(gwapi_str s, char c)
{
    const char *hit = s.len != 0 ? (const char *)memchr(s.data, c, s.len) : NULL;

    return hit != NULL ? (size_t)(hit - s.data) : SIZE_MAX;
}

/* From `start`, at most `len` bytes; clamped to s. */
static inline gwapi_str gwapi__str_sub(gwapi_str s, size_t start, size_t len)
{
    if (start > s.len)
        start = s.len;
    if (len > s.len - start)
        len = s.len - start;
    return (gwapi_str){s.data != NULL ? s.data + start : NULL, len};
}

/* Cuts at the first `c`: true and *head, *tail; false (head = s, tail absent) without one. */
bool gwapi__str_cut(gwapi_str s, char c, gwapi_str *head, gwapi_str *tail);
/* Without blanks and tabs on both sides. */
gwapi_str gwapi__str_trim(gwapi_str s);

static inline char gwapi__lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

/* The same for the eight bytes of a word. */
static inline uint64_t gwapi__lower_word(uint64_t word)
{
    const uint64_t ones = UINT64_C(0x0101010101010101);
    uint64_t low = word & ones * 0x7f;
    uint64_t from_a = low + ones * (0x80 - 'A'), above_z = low + ones * (0x7f - 'Z');

    return word | ((from_a ^ above_z) & ~word & ones << 7) >> 2;
}

static inline bool gwapi__is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static inline bool gwapi__is_alpha(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Value of a hexadecimal digit, -1 for any other byte. */
int gwapi__hex(char c);

/* The whole of `s` as a decimal number without sign; false if it is none or does not fit. */
bool gwapi__str_to_u64(gwapi_str s, uint64_t *out);
/* With an optional '-'. */
bool gwapi__str_to_i64(gwapi_str s, int64_t *out);

#endif
