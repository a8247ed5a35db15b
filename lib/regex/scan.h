/* A place in a pattern, and how a refusal is told. */
#ifndef GWAPI_REGEX_SCAN_H
#define GWAPI_REGEX_SCAN_H

#include "base/result.h"
#include "base/slice.h"
#include "base/utf8.h"
#include "regex/regex.h"

typedef struct gwapi__regex_scan {
    gwapi_str pattern;
    size_t at;
    gwapi__regex_error error;
} gwapi__regex_scan;

static inline bool gwapi__scan_end(const gwapi__regex_scan *s)
{
    return s->at == s->pattern.len;
}

/* The byte `ahead` of the place; '\0' beyond the end, where gwapi__scan_is is not fooled. */
static inline bool gwapi__scan_is(const gwapi__regex_scan *s, size_t ahead, char c)
{
    return ahead < s->pattern.len - s->at && s->pattern.data[s->at + ahead] == c;
}

/* Passes the byte if it is the next one. */
static inline bool gwapi__scan_take(gwapi__regex_scan *s, char c)
{
    if (!gwapi__scan_is(s, 0, c))
        return false;
    s->at++;
    return true;
}

/* Tells what is wrong with the bytes from `from` to the place. Always GWAPI_EREGEX. */
static inline gwapi_result gwapi__scan_refuse(gwapi__regex_scan *s, const char *message,
                                              size_t from)
{
    s->error = (gwapi__regex_error){message, from, s->at - from};
    return GWAPI_EREGEX;
}

/* Passes one rune; the pattern is not at its end. */
static inline gwapi_result gwapi__scan_rune(gwapi__regex_scan *s, uint32_t *rune)
{
    size_t step;

    if (!gwapi__utf8_step(gwapi__str_sub(s->pattern, s->at, SIZE_MAX), rune, &step)) {
        size_t from = s->at++;
        return gwapi__scan_refuse(s, "the pattern is not valid UTF-8", from);
    }
    s->at += step;
    return GWAPI_OK;
}

#endif
