#include "resolve/certificate.h"

#include "base/result.h"
#include "base/slice.h"
#include "base/struct.h"

#define LONGEST_REASON 512

/* ---- PEM framing (RFC 7468, lax) ----------------------------------------------------- */

static bool next_line(gwapi_str *text, gwapi_str *line)
{
    if (text->len == 0)
        return false;
    if (!gwapi__str_cut(*text, '\n', line, text))
        *text = GWAPI__STR("");
    if (line->len != 0 && line->data[line->len - 1] == '\r')
        line->len--;
    *line = gwapi__str_trim(*line);
    return true;
}

/* "-----BEGIN LABEL-----": the label. */
static bool boundary(gwapi_str line, gwapi_str opening, gwapi_str *label)
{
    const gwapi_str dashes = GWAPI__STR("-----");

    if (!gwapi__str_starts(line, opening) || line.len < opening.len + dashes.len ||
        !gwapi__str_ends(line, dashes))
        return false;
    *label = gwapi__str_sub(line, opening.len, line.len - opening.len - dashes.len);
    return true;
}

static bool is_base64(char c)
{
    return gwapi__is_alpha(c) || gwapi__is_digit(c) || c == '+' || c == '/';
}

/* Counts the characters of a line of base64; padding only at the very end of the body. */
static bool base64_line(gwapi_str line, size_t *characters, size_t *padding)
{
    for (size_t i = 0; i < line.len; i++) {
        if (line.data[i] == '=')
            (*padding)++;
        else if (*padding != 0 || !is_base64(line.data[i]))
            return false;
        (*characters)++;
    }
    return true;
}

/* The body after a BEGIN line up to its END line. */
static bool block_is_framed(gwapi_str *text, gwapi_str label)
{
    size_t characters = 0, padding = 0;
    gwapi_str line, closing;

    while (next_line(text, &line)) {
        if (boundary(line, GWAPI__STR("-----END "), &closing))
            return gwapi__str_eq(label, closing) && characters != 0 && characters % 4 == 0 &&
                   padding <= 2;
        if (characters == 0 && gwapi__str_find_char(line, ':') != SIZE_MAX)
            continue; /* a header of an encrypted key (RFC 1421) */
        if (!base64_line(line, &characters, &padding))
            return false;
    }
    return false;
}

static bool is_certificate(gwapi_str label)
{
    return gwapi__str_eq(label, GWAPI__STR("CERTIFICATE"));
}

static bool is_key(gwapi_str label)
{
    return gwapi__str_eq(label, GWAPI__STR("PRIVATE KEY")) ||
           gwapi__str_ends(label, GWAPI__STR(" PRIVATE KEY"));
}

static bool pem_has(gwapi_str text, bool (*wanted)(gwapi_str label))
{
    bool found = false;
    gwapi_str line, label;

    while (next_line(&text, &line)) {
        if (!boundary(line, GWAPI__STR("-----BEGIN "), &label))
            continue;
        if (!block_is_framed(&text, label))
            return false;
        found = found || wanted(label);
    }
    return found;
}

bool gwapi__pem_has_certificate(gwapi_str text)
{
    return pem_has(text, is_certificate);
}

bool gwapi__pem_has_key(gwapi_str text)
{
    return pem_has(text, is_key);
}

/* ---- objects ------------------------------------------------------------------------- */

gwapi_result gwapi__certificates_init(gwapi__certificates *c, gwapi__arena *arena,
                                      const gwapi_certificate_callbacks *callbacks)
{
    c->arena = arena;
    gwapi__index_init(&c->judged, &arena->allocator);
    gwapi__vector_init(&c->reasons, &arena->allocator, sizeof(gwapi_str));
    GWAPI__TRY(gwapi__struct_in(&c->callbacks, sizeof c->callbacks, callbacks,
                                sizeof(gwapi_certificate_callbacks)));
    if (callbacks != NULL &&
        (c->callbacks.check_pair == NULL || c->callbacks.check_bundle == NULL))
        return GWAPI_EARGUMENT;
    return GWAPI_OK;
}

void gwapi__certificates_free(gwapi__certificates *c)
{
    gwapi__index_free(&c->judged);
    gwapi__vector_free(&c->reasons);
}

static gwapi_str entry_of(const gwapi__resource *object, gwapi_str key)
{
    gwapi__pairs data = object->as.data->data;

    for (size_t i = 0; i < data.count; i++)
        if (gwapi__str_eq(data.items[i].key, key))
            return data.items[i].value;
    return (gwapi_str){NULL, 0};
}

static gwapi_str wrong_with_pair(gwapi__certificates *c, const gwapi__resource *secret,
                                 char *buffer)
{
    gwapi_str certificate = entry_of(secret, GWAPI__STR("tls.crt"));
    gwapi_str key = entry_of(secret, GWAPI__STR("tls.key"));

    if (certificate.len == 0)
        return GWAPI__STR("it has no tls.crt");
    if (key.len == 0)
        return GWAPI__STR("it has no tls.key");
    if (!gwapi__pem_has_certificate(certificate))
        return GWAPI__STR("tls.crt is not a certificate in PEM");
    if (!gwapi__pem_has_key(key))
        return GWAPI__STR("tls.key is not a private key in PEM");
    if (c->callbacks.check_pair == NULL)
        return (gwapi_str){NULL, 0};
    size_t len =
        c->callbacks.check_pair(c->callbacks.ctx, certificate, key, buffer, LONGEST_REASON);
    return gwapi__str(len != 0 ? buffer : NULL, len < LONGEST_REASON ? len : LONGEST_REASON);
}

static gwapi_str wrong_with_bundle(gwapi__certificates *c, const gwapi__resource *map,
                                   char *buffer)
{
    gwapi_str bundle = entry_of(map, GWAPI__STR("ca.crt"));

    if (bundle.len == 0)
        return GWAPI__STR("it has no ca.crt");
    if (!gwapi__pem_has_certificate(bundle))
        return GWAPI__STR("ca.crt holds no certificate in PEM");
    if (c->callbacks.check_bundle == NULL)
        return (gwapi_str){NULL, 0};
    size_t len = c->callbacks.check_bundle(c->callbacks.ctx, bundle, buffer, LONGEST_REASON);
    return gwapi__str(len != 0 ? buffer : NULL, len < LONGEST_REASON ? len : LONGEST_REASON);
}

static gwapi_result judge(gwapi__certificates *c, const gwapi__resource *object,
                          gwapi_str (*wrong)(gwapi__certificates *, const gwapi__resource *,
                                             char *),
                          gwapi_str *reason)
{
    gwapi__identity key = {object->group, object->kind_name, object->meta.namespace_,
                           object->meta.name};
    uint32_t *at = gwapi__index_at(&c->judged, &key);
    char buffer[LONGEST_REASON];

    if (at == NULL)
        return GWAPI_ENOMEM;
    if (*at == GWAPI_NONE) {
        gwapi_str found = wrong(c, object, buffer);
        gwapi_str *kept = gwapi__vector_push(&c->reasons);
        if (kept == NULL)
            return GWAPI_ENOMEM;
        *at = (uint32_t)(c->reasons.count - 1);
        if (gwapi__str_present(found) && !gwapi__arena_copy(c->arena, found, kept))
            return GWAPI_ENOMEM;
    }
    *reason = *GWAPI__AT(&c->reasons, gwapi_str, *at);
    return GWAPI_OK;
}

gwapi_result gwapi__certificates_pair(gwapi__certificates *c, const gwapi__resource *secret,
                                      gwapi_str *reason)
{
    return judge(c, secret, wrong_with_pair, reason);
}

gwapi_result gwapi__certificates_bundle(gwapi__certificates *c, const gwapi__resource *map,
                                        gwapi_str *reason)
{
    return judge(c, map, wrong_with_bundle, reason);
}
