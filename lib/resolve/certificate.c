#include "resolve/certificate.h"

#include "base/report.h"
#include "base/result.h"
#include "base/slice.h"
#include "base/struct.h"
#include "base/time.h"
#include "resolve/message.h"

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

/* ---- what the callbacks say ---------------------------------------------------------- */

typedef struct verdict {
    gwapi__certificates *c;
    const gwapi__resource *object;
    const char *entry; /* of its data */
    char reason[LONGEST_REASON];
    size_t len;
} verdict;

static gwapi_result warn(const verdict *v, const gwapi_certificate_facts *facts,
                         const char *rule, gwapi_str what)
{
    const gwapi__resource *o = v->object;
    gwapi_diagnostic d = {.struct_size = sizeof d,
                          .severity = GWAPI_SEVERITY_WARNING,
                          .type = GWAPI_ERROR_INVALID,
                          .rule = gwapi__str_of(rule),
                          .document = GWAPI__NO_DOCUMENT};

    GWAPI__TRY(gwapi__message(&d.message, v->c->arena,
                              "%s %s/%s: certificate %s in line %d of %s %s", o->kind_name,
                              o->meta.namespace_, o->meta.name, facts->subject,
                              (int64_t)facts->line, gwapi__str_of(v->entry), what));
    return gwapi__report_add(v->c->report, &d);
}

static gwapi_result warn_of_date(const verdict *v, const gwapi_certificate_facts *facts,
                                 const char *rule, const char *what, int64_t date)
{
    gwapi_str says = {NULL, 0};
    gwapi__text when;

    gwapi__text_init(&when, &v->c->arena->allocator);
    gwapi__rfc3339_write(&when, date);
    gwapi_result result = when.failed
                              ? GWAPI_ENOMEM
                              : gwapi__message(&says, v->c->arena, "%s %s",
                                               gwapi__str_of(what), gwapi__text_str(&when));
    gwapi__text_free(&when);
    return result == GWAPI_OK ? warn(v, facts, rule, says) : result;
}

static gwapi_result look_at_dates(const verdict *v, const gwapi_certificate_facts *facts)
{
    if (v->c->now == 0)
        return GWAPI_OK;
    if (v->c->now > facts->not_after)
        return warn_of_date(v, facts, "resolve/certificate-expired",
                            "has expired: it was valid until", facts->not_after);
    if (v->c->now < facts->not_before)
        return warn_of_date(v, facts, "resolve/certificate-not-yet-valid",
                            "is not valid yet: it will be from", facts->not_before);
    return GWAPI_OK;
}

/* Keys that sign in TLS, and the fewest bits that are thought of as safe: a strength of 112 bits
 * (NIST SP 800-57), which most peers ask for. 0: there is one size only. */
static const struct {
    const char *type;
    uint32_t least;
} keys[] = {{"RSA", 2048}, {"RSA-PSS", 2048}, {"EC", 224}, {"ED25519", 0}, {"ED448", 0}};

static gwapi_result look_at_key(const verdict *v, const gwapi_certificate_facts *facts)
{
    size_t i = 0, count = sizeof keys / sizeof *keys;
    gwapi_str says;

    if (facts->key_type.len == 0)
        return GWAPI_OK;
    while (i < count && !gwapi__str_eq(facts->key_type, gwapi__str_of(keys[i].type)))
        i++;
    if (i == count) {
        GWAPI__TRY(gwapi__message(&says, v->c->arena,
                                  "has a key of the type %s, which does not sign in TLS 1.3",
                                  facts->key_type));
        return warn(v, facts, "resolve/certificate-key-type", says);
    }
    if (facts->key_bits >= keys[i].least)
        return GWAPI_OK;
    GWAPI__TRY(gwapi__message(&says, v->c->arena,
                              "has an %s key of %d bits: peers may ask for %d", facts->key_type,
                              (int64_t)facts->key_bits, (int64_t)keys[i].least));
    return warn(v, facts, "resolve/certificate-weak-key", says);
}

/* Neither dates nor keys decide (tls.md §2): they are warned about. */
static gwapi_result take_facts(void *ctx, const gwapi_certificate_facts *given)
{
    const verdict *v = ctx;
    gwapi_certificate_facts facts;

    GWAPI__TRY(gwapi__struct_in(&facts, sizeof facts, given, sizeof facts));
    GWAPI__TRY(look_at_dates(v, &facts));
    return look_at_key(v, &facts);
}

static void take_reason(void *ctx, gwapi_str reason)
{
    verdict *v = ctx;

    v->len = reason.len < LONGEST_REASON ? reason.len : LONGEST_REASON;
    if (v->len != 0)
        memcpy(v->reason, reason.data, v->len);
}

static gwapi_certificate_findings findings_of(verdict *v)
{
    return (gwapi_certificate_findings){sizeof(gwapi_certificate_findings), v, take_facts,
                                        take_reason};
}

/* The reason of a refusal; absent: it is good. */
static gwapi_result conclude(const verdict *v, gwapi_result result, gwapi_str *reason)
{
    *reason = (gwapi_str){NULL, 0};
    if (result == GWAPI_EINVALID) {
        gwapi_str text = gwapi__str(v->reason, v->len);
        if (v->len == 0)
            text = GWAPI__STR("it was refused");
        return gwapi__arena_copy(v->c->arena, text, reason) ? GWAPI_OK : GWAPI_ENOMEM;
    }
    return result == GWAPI_OK || result == GWAPI_ENOMEM ? result : GWAPI_ECALLBACK;
}

/* ---- objects ------------------------------------------------------------------------- */

gwapi_result gwapi__certificates_init(gwapi__certificates *c, gwapi__arena *arena,
                                      const gwapi_resolve_options *options,
                                      gwapi_report *report)
{
    c->arena = arena;
    c->now = options->now;
    c->report = report;
    gwapi__index_init(&c->judged, &arena->allocator);
    gwapi__vector_init(&c->reasons, &arena->allocator, sizeof(gwapi_str));
    GWAPI__TRY(gwapi__struct_in(&c->callbacks, sizeof c->callbacks, options->certificates,
                                sizeof(gwapi_certificate_callbacks)));
    if (options->certificates != NULL &&
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

static gwapi_result check_pair(gwapi__certificates *c, const gwapi__resource *secret,
                               gwapi_str *reason)
{
    gwapi_str certificate = entry_of(secret, GWAPI__STR("tls.crt"));
    gwapi_str key = entry_of(secret, GWAPI__STR("tls.key"));
    verdict v = {.c = c, .object = secret, .entry = "tls.crt"};
    gwapi_certificate_findings findings = findings_of(&v);

    *reason = (gwapi_str){NULL, 0};
    if (certificate.len == 0)
        *reason = GWAPI__STR("it has no tls.crt");
    else if (key.len == 0)
        *reason = GWAPI__STR("it has no tls.key");
    else if (!gwapi__pem_has_certificate(certificate))
        *reason = GWAPI__STR("tls.crt is not a certificate in PEM");
    else if (!gwapi__pem_has_key(key))
        *reason = GWAPI__STR("tls.key is not a private key in PEM");
    if (gwapi__str_present(*reason) || c->callbacks.check_pair == NULL)
        return GWAPI_OK;
    return conclude(
        &v, c->callbacks.check_pair(c->callbacks.ctx, certificate, key, &findings), reason);
}

static gwapi_result check_bundle(gwapi__certificates *c, const gwapi__resource *map,
                                 gwapi_str *reason)
{
    gwapi_str bundle = entry_of(map, GWAPI__STR("ca.crt"));
    verdict v = {.c = c, .object = map, .entry = "ca.crt"};
    gwapi_certificate_findings findings = findings_of(&v);

    *reason = (gwapi_str){NULL, 0};
    if (bundle.len == 0)
        *reason = GWAPI__STR("it has no ca.crt");
    else if (!gwapi__pem_has_certificate(bundle))
        *reason = GWAPI__STR("ca.crt holds no certificate in PEM");
    if (gwapi__str_present(*reason) || c->callbacks.check_bundle == NULL)
        return GWAPI_OK;
    return conclude(&v, c->callbacks.check_bundle(c->callbacks.ctx, bundle, &findings), reason);
}

static gwapi_result judge(gwapi__certificates *c, const gwapi__resource *object,
                          gwapi_result (*check)(gwapi__certificates *, const gwapi__resource *,
                                                gwapi_str *),
                          gwapi_str *reason)
{
    gwapi__identity key = {object->group, object->kind_name, object->meta.namespace_,
                           object->meta.name};
    uint32_t *at = gwapi__index_at(&c->judged, &key);

    if (at == NULL)
        return GWAPI_ENOMEM;
    if (*at == GWAPI_NONE) {
        gwapi_str *kept = gwapi__vector_push(&c->reasons);
        if (kept == NULL)
            return GWAPI_ENOMEM;
        *at = (uint32_t)(c->reasons.count - 1);
        GWAPI__TRY(check(c, object, kept));
    }
    *reason = *GWAPI__AT(&c->reasons, gwapi_str, *at);
    return GWAPI_OK;
}

gwapi_result gwapi__certificates_pair(gwapi__certificates *c, const gwapi__resource *secret,
                                      gwapi_str *reason)
{
    return judge(c, secret, check_pair, reason);
}

gwapi_result gwapi__certificates_bundle(gwapi__certificates *c, const gwapi__resource *map,
                                        gwapi_str *reason)
{
    return judge(c, map, check_bundle, reason);
}
