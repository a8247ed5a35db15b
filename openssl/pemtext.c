#include "openssl/pemtext.h"

#include <string.h>
#include <openssl/crypto.h>

static bool equals(gwapi_str s, const char *text)
{
    size_t len = strlen(text);

    return s.len == len && memcmp(s.data, text, len) == 0;
}

static bool starts(gwapi_str s, const char *text)
{
    size_t len = strlen(text);

    return s.len >= len && memcmp(s.data, text, len) == 0;
}

static bool ends(gwapi_str s, const char *text)
{
    size_t len = strlen(text);

    return s.len >= len && memcmp(s.data + (s.len - len), text, len) == 0;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* ---- lines --------------------------------------------------------------------------- */

/* The line before the next '\n', without '\r' and blanks. */
static bool next_line(gwapi_str *text, gwapi_str *line)
{
    if (text->len == 0)
        return false;
    const char *end = memchr(text->data, '\n', text->len);
    *line = (gwapi_str){text->data, end != NULL ? (size_t)(end - text->data) : text->len};
    size_t taken = line->len + (end != NULL);
    text->data += taken;
    text->len -= taken;
    if (line->len != 0 && line->data[line->len - 1] == '\r')
        line->len--;
    while (line->len != 0 && is_blank(line->data[line->len - 1]))
        line->len--;
    while (line->len != 0 && is_blank(*line->data)) {
        line->data++;
        line->len--;
    }
    return true;
}

/* "-----BEGIN LABEL-----": the label. */
static bool boundary(gwapi_str line, const char *opening, gwapi_str *label)
{
    const char *dashes = "-----";
    size_t around = strlen(opening) + strlen(dashes);

    if (line.len < around || !starts(line, opening) || !ends(line, dashes))
        return false;
    *label = (gwapi_str){line.data + strlen(opening), line.len - around};
    return true;
}

/* A header stands before the first line of base64. */
static bool is_header(gwapi_str line, size_t characters)
{
    return characters == 0 && line.len != 0 && memchr(line.data, ':', line.len) != NULL;
}

/* ---- base64 -------------------------------------------------------------------------- */

/* -1 for what is no base64. */
static int value_of(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/* Counts a line of base64; padding only at the very end of the body. */
static bool count_line(gwapi_str line, size_t *characters, size_t *padding)
{
    for (size_t i = 0; i < line.len; i++) {
        if (line.data[i] == '=')
            (*padding)++;
        else if (*padding != 0 || value_of(line.data[i]) < 0)
            return false;
        (*characters)++;
    }
    return true;
}

/* ---- blocks -------------------------------------------------------------------------- */

void gwapi__pem_init(gwapi__pem *pem, gwapi_str text)
{
    *pem = (gwapi__pem){text, 0};
}

static bool read_line(gwapi__pem *pem, gwapi_str *line)
{
    if (!next_line(&pem->rest, line))
        return false;
    pem->line++;
    return true;
}

/* The lines up to the end boundary. False where it is damaged: at pem->line. */
static bool read_body(gwapi__pem *pem, gwapi__pem_block *block)
{
    const char *start = pem->rest.data;
    size_t characters = 0, padding = 0;
    gwapi_str line, closing;

    for (;;) {
        const char *before = pem->rest.data;
        if (!read_line(pem, &line))
            return false;
        if (boundary(line, "-----END ", &closing)) {
            block->body = (gwapi_str){start, (size_t)(before - start)};
            block->size = characters / 4 * 3 - (padding <= 2 ? padding : 0);
            return closing.len == block->label.len &&
                   memcmp(closing.data, block->label.data, closing.len) == 0 &&
                   characters != 0 && characters % 4 == 0 && padding <= 2;
        }
        if (is_header(line, characters))
            block->encrypted =
                block->encrypted || (starts(line, "Proc-Type:") && ends(line, "ENCRYPTED"));
        else if (!count_line(line, &characters, &padding))
            return false;
    }
}

bool gwapi__pem_next(gwapi__pem *pem, gwapi__pem_block *block)
{
    gwapi_str line, label;

    while (read_line(pem, &line)) {
        if (!boundary(line, "-----BEGIN ", &label))
            continue;
        *block = (gwapi__pem_block){.label = label, .line = pem->line};
        if (!read_body(pem, block)) {
            block->damage = pem->line;
            pem->rest.len = 0;
        }
        return true;
    }
    return false;
}

gwapi_result gwapi__pem_decode(gwapi__secret *out, const gwapi_allocator *allocator,
                               const gwapi__pem_block *block)
{
    gwapi_result result = gwapi__secret_init(out, allocator, block->size);
    gwapi_str rest = block->body, line;
    uint32_t bits = 0;
    size_t count = 0;

    if (result != GWAPI_OK)
        return result;
    while (next_line(&rest, &line)) {
        if (is_header(line, count))
            continue;
        for (size_t i = 0; i < line.len && line.data[i] != '='; i++) {
            bits = bits << 6 | (uint32_t)value_of(line.data[i]);
            if (count++ % 4 != 0)
                out->data[out->len++] = (unsigned char)(bits >> (6 - 2 * ((count - 1) % 4)));
        }
    }
    OPENSSL_cleanse(&bits, sizeof bits);
    return GWAPI_OK;
}

bool gwapi__pem_is_certificate(const gwapi__pem_block *block)
{
    return equals(block->label, "CERTIFICATE");
}

bool gwapi__pem_is_encrypted(const gwapi__pem_block *block)
{
    return block->encrypted || equals(block->label, "ENCRYPTED PRIVATE KEY");
}

bool gwapi__pem_is_key(const gwapi__pem_block *block)
{
    return equals(block->label, "PRIVATE KEY") || ends(block->label, " PRIVATE KEY");
}
