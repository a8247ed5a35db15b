// Formats of text that have names: k8s.io/apiserver pkg/cel/library/format.go. The messages are
// those that users know from the server (k8s.io/apimachinery pkg/util/validation).
#include "base/slice.h"
#include "base/time.h"
#include "cel/build.h"
#include "cel/forms.h"
#include "cel/library.h"
#include "cel/uri.h"

// Collects messages; false: no memory.
typedef bool check(gwapi__cel_context *context, gwapi_str text, gwapi__cel_items *messages);

typedef struct format {
    gwapi__cel_opaque opaque;
    const char *name; // in format.named
    check *check;
    bool prefix;      // more is to follow, so a '-' at the end is right
    uint16_t pattern; // length of the regular expression that the cost stands for
} format;

// What the estimate takes for the longest pattern.
#define ESTIMATED_PATTERN 128
#define LABEL_BYTES       63
#define SUBDOMAIN_BYTES   253

#define LABEL     "[a-z0-9]([-a-z0-9]*[a-z0-9])?"
#define SUBDOMAIN LABEL "(\\." LABEL ")*"
#define PLAIN     "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]"

#define LOWER_ALNUM "lower case alphanumeric characters"
#define BOTH_ENDS   "must start and end with an alphanumeric character"
#define USED(regex) "regex used for validation is '" regex "')"

static bool say(gwapi__cel_context *context, gwapi__cel_items *messages, gwapi_str message)
{
    return gwapi__cel_items_add(context, messages, gwapi__cel_of_string(message));
}

#define SAY(context, messages, literal) say(context, messages, GWAPI__STR(literal))

// ---- names ----------------------------------------------------------------------------------

static bool check_label(gwapi__cel_context *context, gwapi_str text, gwapi__cel_items *messages)
{
    if (text.len > LABEL_BYTES && !SAY(context, messages, "must be no more than 63 characters"))
        return false;
    if (gwapi__name_is_label(text))
        return true;
    if (gwapi__name_is_subdomain(text))
        return SAY(context, messages, "must not contain dots");
    return SAY(context, messages,
               "a lowercase RFC 1123 label must consist of " LOWER_ALNUM
               " or '-', and " BOTH_ENDS " (e.g. 'my-name',  or '123-abc', " USED(LABEL));
}

static bool check_1035_label(gwapi__cel_context *context, gwapi_str text,
                             gwapi__cel_items *messages)
{
    if (text.len > LABEL_BYTES && !SAY(context, messages, "must be no more than 63 characters"))
        return false;
    return gwapi__name_is_1035_label(text) ||
           SAY(context, messages,
               "a DNS-1035 label must consist of " LOWER_ALNUM
               " or '-', start with an alphabetic character, and end with an alphanumeric "
               "character (e.g. 'my-name',  or 'abc-123', " USED("[a-z]([-a-z0-9]*[a-z0-9])?"));
}

#define SUBDOMAIN_TOO_LONG "must be no more than 253 characters"
#define SUBDOMAIN_WRONG                                                                        \
    "a lowercase RFC 1123 subdomain must consist of " LOWER_ALNUM                              \
    ", '-' or '.', and " BOTH_ENDS " (e.g. 'example.com', " USED(SUBDOMAIN)

static bool check_subdomain(gwapi__cel_context *context, gwapi_str text,
                            gwapi__cel_items *messages)
{
    if (text.len > SUBDOMAIN_BYTES && !SAY(context, messages, SUBDOMAIN_TOO_LONG))
        return false;
    return gwapi__name_is_subdomain(text) || SAY(context, messages, SUBDOMAIN_WRONG);
}

static bool check_qualifier(gwapi__cel_context *context, gwapi_str text,
                            gwapi__cel_items *messages)
{
    if (text.len == 0)
        return SAY(context, messages, "prefix part must be non-empty");
    if (text.len > SUBDOMAIN_BYTES &&
        !SAY(context, messages, "prefix part " SUBDOMAIN_TOO_LONG))
        return false;
    return gwapi__name_is_subdomain(text) ||
           SAY(context, messages, "prefix part " SUBDOMAIN_WRONG);
}

#define PLAIN_WRONG                                                                            \
    "must consist of alphanumeric characters, '-', '_' or '.', and " BOTH_ENDS                 \
    " (e.g. 'MyName',  or 'my.name',  or '123-abc', " USED(PLAIN)

// A name, maybe with a subdomain and '/' before it.
static bool check_qualified(gwapi__cel_context *context, gwapi_str text,
                            gwapi__cel_items *messages)
{
    gwapi_str qualifier, name = text;
    bool ok = true;

    if (gwapi__str_cut(text, '/', &qualifier, &name)) {
        if (gwapi__str_find_char(name, '/') != SIZE_MAX)
            return SAY(context, messages,
                       "a qualified name " PLAIN_WRONG
                       " with an optional DNS subdomain prefix and '/' "
                       "(e.g. 'example.com/MyName')");
        ok = check_qualifier(context, qualifier, messages);
    } else {
        name = text;
    }
    if (ok && name.len == 0)
        ok = SAY(context, messages, "name part must be non-empty");
    if (ok && name.len > LABEL_BYTES)
        ok = SAY(context, messages, "name part must be no more than 63 characters");
    return ok &&
           (gwapi__name_is_plain(name) || SAY(context, messages, "name part " PLAIN_WRONG));
}

static bool check_label_value(gwapi__cel_context *context, gwapi_str text,
                              gwapi__cel_items *messages)
{
    if (text.len > LABEL_BYTES && !SAY(context, messages, "must be no more than 63 characters"))
        return false;
    return text.len == 0 || gwapi__name_is_plain(text) ||
           SAY(context, messages,
               "a valid label must be an empty string or consist of alphanumeric characters, "
               "'-', '_' or '.', and " BOTH_ENDS
               " (e.g. 'MyValue',  or 'my_value',  or '12345', " USED("(" PLAIN ")?"));
}

// ---- other forms ----------------------------------------------------------------------------

static bool check_uri(gwapi__cel_context *context, gwapi_str text, gwapi__cel_items *messages)
{
    gwapi__uri_fault fault;
    gwapi__uri uri;
    gwapi__text t;
    gwapi_str message;

    if (gwapi__uri_parse_request(&uri, text, &fault))
        return true;
    gwapi__text_init(&t, context->allocator);
    gwapi__uri_fault_write(&t, text, &fault);
    bool ok = !t.failed && gwapi__arena_copy(context->arena, gwapi__text_str(&t), &message);
    gwapi__text_free(&t);
    return ok && say(context, messages, message);
}

static bool check_uuid(gwapi__cel_context *context, gwapi_str text, gwapi__cel_items *messages)
{
    return gwapi__is_uuid(text) || SAY(context, messages, "does not match the UUID format");
}

static bool check_byte(gwapi__cel_context *context, gwapi_str text, gwapi__cel_items *messages)
{
    return gwapi__is_base64(text) || SAY(context, messages, "invalid base64");
}

static bool check_date(gwapi__cel_context *context, gwapi_str text, gwapi__cel_items *messages)
{
    return gwapi__date_valid(text) || SAY(context, messages, "invalid date");
}

static bool check_datetime(gwapi__cel_context *context, gwapi_str text,
                           gwapi__cel_items *messages)
{
    return gwapi__is_date_time(text) || SAY(context, messages, "invalid datetime");
}

// ---- the formats ----------------------------------------------------------------------------

// Each stands once in the table, so they are equal if they are the same.
static bool equal(const gwapi__cel_opaque *a, const gwapi__cel_opaque *b)
{
    return a == b;
}

static const gwapi__cel_opaque_class class_ = {.type = &gwapi__cel_format, .equal = equal};

// Name, check, prefix, length of the pattern; in order of the names, "named" between them.
#define BEFORE_NAMED(X)                                                                        \
    X(byte, check_byte, false, 84)                                                             \
    X(date, check_date, false, 71)                                                             \
    X(datetime, check_datetime, false, 71)                                                     \
    X(dns1035Label, check_1035_label, false, 30)                                               \
    X(dns1035LabelPrefix, check_1035_label, true, 30)                                          \
    X(dns1123Label, check_label, false, 30)                                                    \
    X(dns1123LabelPrefix, check_label, true, 30)                                               \
    X(dns1123Subdomain, check_subdomain, false, 60)                                            \
    X(dns1123SubdomainPrefix, check_subdomain, true, 60)                                       \
    X(labelValue, check_label_value, false, 40)
#define AFTER_NAMED(X)                                                                         \
    X(qualifiedName, check_qualified, false, 60)                                               \
    X(uri, check_uri, false, 1103)                                                             \
    X(uuid, check_uuid, false, 70)
#define FORMATS(X) BEFORE_NAMED(X) AFTER_NAMED(X)

enum {
#define CONSTANT(name, check, prefix, pattern) FORMAT_##name,
    FORMATS(CONSTANT) FORMAT_COUNT
#undef CONSTANT
};

static const format formats[] = {
#define ENTRY(name, check, prefix, pattern) {{&class_}, #name, check, prefix, pattern},
    FORMATS(ENTRY)
#undef ENTRY
};

static gwapi__cel_value format_at(size_t i)
{
    return gwapi__cel_of_opaque(&formats[i].opaque);
}

#define GETTER(name, check, prefix, pattern)                                                   \
    static gwapi__cel_value get_##name(gwapi__cel_context *context,                            \
                                       const gwapi__cel_value *args, uint32_t count)           \
    {                                                                                          \
        (void)context;                                                                         \
        (void)args;                                                                            \
        (void)count;                                                                           \
        return format_at(FORMAT_##name);                                                       \
    }
FORMATS(GETTER)
#undef GETTER

static gwapi__cel_value named(gwapi__cel_context *context, const gwapi__cel_value *args,
                              uint32_t count)
{
    (void)count;
    for (size_t i = 0; i < FORMAT_COUNT; i++)
        if (gwapi__str_eq(args[0].as.text, gwapi__str_of(formats[i].name)))
            return gwapi__cel_some(context, format_at(i));
    return gwapi__cel_none();
}

// The server cuts a '-' at the end together with what is before it, for a letter to follow.
static bool masked(gwapi__cel_context *context, gwapi_str text, gwapi_str *out)
{
    char *copy;

    *out = text;
    if (text.len < 2 || text.data[text.len - 1] != '-')
        return true;
    copy = gwapi__arena_alloc(context->arena, text.len);
    if (copy == NULL)
        return false;
    memcpy(copy, text.data, text.len - 2);
    copy[text.len - 2] = 'a';
    *out = gwapi__str(copy, text.len - 1);
    return true;
}

static gwapi__cel_value validate(gwapi__cel_context *context, const gwapi__cel_value *args,
                                 uint32_t count)
{
    const format *f = (const format *)args[0].as.opaque;
    gwapi__cel_items messages = {.count = 0};
    gwapi_str text = args[1].as.text;

    (void)count;
    if ((f->prefix && !masked(context, text, &text)) || !f->check(context, text, &messages))
        return gwapi__cel_no_memory(context);
    return messages.count == 0
               ? gwapi__cel_none()
               : gwapi__cel_some(context, gwapi__cel_items_list(context, &messages));
}

// ---- costs ----------------------------------------------------------------------------------

// As matching the text with the pattern. Also asked when no overload fits: the receiver may be
// anything then, and the call costs a unit.
static uint64_t validate_cost(const gwapi__cel_value *args, uint32_t count,
                              const gwapi__cel_value *result)
{
    const format *f = (const format *)args[0].as.opaque;

    (void)count;
    (void)result;
    if (args[0].kind != GWAPI__CEL_OPAQUE || args[0].as.opaque->class_ != &class_)
        return 1;
    return gwapi__cel_cost_scale(gwapi__cel_cost_size(&args[1]) + 1, 0.1) *
           gwapi__cel_cost_scale(f->pattern, 0.25);
}

static bool validate_estimate(const gwapi__cel_sized *args, uint32_t count,
                              gwapi__cel_guess *out)
{
    (void)count;
    out->cost = gwapi__cel_range_scale(gwapi__cel_range_scale(args[1].size, 0.1),
                                       ESTIMATED_PATTERN * 0.25);
    out->sized = false;
    return true;
}

// ---- the table ------------------------------------------------------------------------------

#define SINCE 31
#define PARAM(type) ((const gwapi__cel_type *const[]){type})

static const gwapi__cel_type optional_format = {
    .kind = GWAPI__CEL_OPTIONAL, .param_count = 1, .params = PARAM(&gwapi__cel_format)};
static const gwapi__cel_type optional_messages = {
    .kind = GWAPI__CEL_OPTIONAL, .param_count = 1, .params = PARAM(&gwapi__cel_list_string)};

static const gwapi__cel_overload overloads[] = {
#define ROW(name, check, prefix, pattern)                                                      \
    {"format." #name, "format." #name, &gwapi__cel_format, {NULL}, 0, false, SINCE, 0,         \
     get_##name, NULL, NULL},
    BEFORE_NAMED(ROW)
    {"format.named", "format-named", &optional_format, {&gwapi__cel_string}, 1, false, SINCE, 0,
     named, NULL, NULL},
    AFTER_NAMED(ROW)
#undef ROW
    {"validate", "format-validate", &optional_messages,
     {&gwapi__cel_format, &gwapi__cel_string}, 2, true, SINCE, 0, validate, validate_cost,
     validate_estimate},
};

const gwapi__cel_library gwapi__cel_formats = {overloads, sizeof overloads / sizeof *overloads};
