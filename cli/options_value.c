#include "options_value.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "io.h"

/* Hands each word between commas to `take`. */
static bool each_word(cli_options *options, const char *value,
                      bool (*take)(cli_options *options, gwapi_str word))
{
    while (*value != '\0') {
        size_t len = strcspn(value, ",");
        if (len != 0 && !take(options, (gwapi_str){value, len}))
            return false;
        value += len + (value[len] == ',');
    }
    return true;
}

/* ---- --assume ---- */

static bool take_assumed(cli_options *options, gwapi_str word)
{
    static const struct {
        const char *kind;
        uint32_t flag;
    } kinds[] = {{"Service", GWAPI_ASSUME_SERVICE},
                 {"Secret", GWAPI_ASSUME_SECRET},
                 {"ConfigMap", GWAPI_ASSUME_CONFIG_MAP},
                 {"Namespace", GWAPI_ASSUME_NAMESPACE},
                 {"GatewayClass", GWAPI_ASSUME_GATEWAY_CLASS},
                 {"ReferenceGrant", GWAPI_ASSUME_REFERENCE_GRANT}};
    enum { KINDS = sizeof kinds / sizeof *kinds };

    for (size_t i = 0; i < KINDS; i++) {
        size_t len = strlen(kinds[i].kind);
        size_t rest = word.len > len ? word.len - len : 0; /* plural as kubectl has it */
        if (word.len >= len && strncasecmp(word.data, kinds[i].kind, len) == 0 &&
            (rest == 0 || (rest == 1 && word.data[len] == 's') ||
             (rest == 2 && memcmp(word.data + len, "es", 2) == 0))) {
            options->assume |= kinds[i].flag;
            return true;
        }
    }
    cli_complain("--assume takes Service, Secret, ConfigMap, Namespace, GatewayClass and "
                 "ReferenceGrant, not '%.*s'",
                 (int)word.len, word.data);
    return false;
}

bool cli_parse_assume(cli_options *options, const char *value)
{
    return each_word(options, value, take_assumed);
}

/* ---- --skip, --features, --extension ---- */

static bool take_skipped(cli_options *options, gwapi_str word)
{
    cli_list_add(&options->skip, cli_copy(word));
    return true;
}

bool cli_parse_skip(cli_options *options, const char *value)
{
    return each_word(options, value, take_skipped);
}

static bool take_feature(cli_options *options, gwapi_str word)
{
    if (!cli_is(word, "none"))
        cli_list_add(&options->features, cli_copy(word));
    return true;
}

bool cli_parse_features(cli_options *options, const char *value)
{
    options->features_given = true;
    return each_word(options, value, take_feature);
}

bool cli_parse_extension(cli_options *options, const char *value)
{
    static const struct {
        const char *name;
        gwapi_extension_role role;
    } roles[] = {{"backend", GWAPI_EXTENSION_BACKEND},
                 {"filter", GWAPI_EXTENSION_FILTER},
                 {"parameters", GWAPI_EXTENSION_PARAMETERS},
                 {"target", GWAPI_EXTENSION_TARGET}};
    const char *equals = strchr(value, '='), *dot = equals != NULL ? strchr(equals, '.') : NULL;
    gwapi_extension *e;

    for (size_t i = 0; dot != NULL && dot > equals + 1 && i < sizeof roles / sizeof *roles; i++)
        if (cli_is((gwapi_str){value, (size_t)(equals - value)}, roles[i].name)) {
            options->extensions = cli_grow(options->extensions, options->extension_count + 1,
                                           sizeof *options->extensions);
            e = &options->extensions[options->extension_count++];
            *e = (gwapi_extension){sizeof *e,
                                   roles[i].role,
                                   cli_str(dot + 1),
                                   {equals + 1, (size_t)(dot - equals - 1)}};
            return true;
        }
    cli_complain("--extension takes ROLE=KIND.GROUP with the role backend, filter, parameters "
                 "or target, not '%s'",
                 value);
    return false;
}

/* ---- --now ---- */

/* Days since 1970-01-01 in the Gregorian calendar. */
static int64_t days_of(int64_t year, int64_t month, int64_t day)
{
    int64_t y = month <= 2 ? year - 1 : year;
    int64_t era = (y >= 0 ? y : y - 399) / 400, of_era = y - era * 400;
    int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static bool is_date(int year, int month, int day)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

    return month >= 1 && month <= 12 && day >= 1 &&
           day <= days[month - 1] + (month == 2 && leap);
}

/* Reads digits as `picture` shows: 'd' a digit of the next number, else the character itself.
 * Returns what follows, NULL when it does not fit. */
static const char *read_picture(const char *text, const char *picture, int *numbers)
{
    bool inside = false;

    for (; *picture != '\0'; picture++, text++) {
        if (*picture == 'd' && *text >= '0' && *text <= '9') {
            if (!inside)
                *++numbers = 0;
            *numbers = *numbers * 10 + (*text - '0');
            inside = true;
        } else if (*picture == 'd' ||
                   (*text != *picture && !(*picture == 'T' && *text == 't'))) {
            return NULL;
        } else {
            inside = false;
        }
    }
    return text;
}

/* The offset from UTC in seconds; false when it is none. */
static bool read_offset(const char *text, int64_t *offset)
{
    int numbers[3] = {0};
    const char *end;

    *offset = 0;
    if (strcasecmp(text, "Z") == 0)
        return true;
    if (*text != '+' && *text != '-')
        return false;
    end = read_picture(text + 1, "dd:dd", numbers);
    if (end == NULL || *end != '\0' || numbers[1] > 23 || numbers[2] > 59)
        return false;
    *offset = (numbers[1] * 60 + numbers[2]) * 60 * (*text == '-' ? -1 : 1);
    return true;
}

bool cli_parse_now(cli_options *options, const char *value)
{
    int n[7] = {0}; /* from 1: year, month, day, hour, minute, second */
    int64_t offset;
    const char *rest = read_picture(value, "dddd-dd-ddTdd:dd:dd", n);

    if (rest != NULL && *rest == '.')
        rest += 1 + strspn(rest + 1, "0123456789");
    if (rest == NULL || !is_date(n[1], n[2], n[3]) || n[4] > 23 || n[5] > 59 || n[6] > 60 ||
        !read_offset(rest, &offset)) {
        cli_complain("--now takes a time such as 2026-01-31T12:00:00Z, not '%s'", value);
        return false;
    }
    options->now_given = true;
    options->now = ((days_of(n[1], n[2], n[3]) * 24 + n[4]) * 60 + n[5]) * 60 + n[6] - offset;
    return true;
}

/* ---- --port, --random ---- */

static bool read_number(const char *text, unsigned long long most, unsigned long long *out)
{
    char *end = NULL;

    errno = 0;
    *out = *text >= '0' && *text <= '9' ? strtoull(text, &end, 10) : 0;
    return end != NULL && *end == '\0' && errno == 0 && *out <= most;
}

bool cli_parse_random(cli_options *options, const char *value)
{
    unsigned long long random;

    if (!read_number(value, (1ull << 53) - 1, &random)) {
        cli_complain("--random takes a number from 0 to 2^53 - 1, not '%s'", value);
        return false;
    }
    options->random_given = true;
    options->random = random;
    return true;
}

bool cli_parse_port(cli_options *options, const char *value)
{
    unsigned long long port;

    if (!read_number(value, 65535, &port) || port == 0) {
        cli_complain("--port takes a number from 1 to 65535, not '%s'", value);
        return false;
    }
    options->port_given = true;
    options->port = (uint32_t)port;
    return true;
}

/* ---- --gateway ---- */

bool cli_parse_gateway(const char *text, gwapi_object_ref *ref)
{
    const char *slash = strchr(text, '/');

    if (slash == NULL || slash == text || slash[1] == '\0') {
        cli_complain("--gateway takes NAMESPACE/NAME, not '%s'", text);
        return false;
    }
    *ref = (gwapi_object_ref)GWAPI_OBJECT_REF_INIT;
    ref->group = cli_str("gateway.networking.k8s.io");
    ref->kind = cli_str("Gateway");
    ref->namespace_ = (gwapi_str){text, (size_t)(slash - text)};
    ref->name = cli_str(slash + 1);
    return true;
}

/* ---- --output ---- */

static const struct {
    const char *name;
    cli_form form;
} forms[] = {{"human", CLI_FORM_HUMAN},
             {"json", CLI_FORM_JSON},
             {"yaml", CLI_FORM_YAML},
             {"man", CLI_FORM_MAN},
             {"sarif", CLI_FORM_SARIF},
             {"junit", CLI_FORM_JUNIT},
             {"tap", CLI_FORM_TAP},
             {"github", CLI_FORM_GITHUB},
             {"dot", CLI_FORM_DOT},
             {"mermaid", CLI_FORM_MERMAID},
             {"svg", CLI_FORM_SVG}};

const char *cli_form_name(cli_form form)
{
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        if (forms[i].form == form)
            return forms[i].name;
    return "";
}

/* Is `name` one of the words of "a|b|c"? */
static bool is_among(const char *words, gwapi_str name)
{
    while (*words != '\0') {
        size_t len = strcspn(words, "|");
        if (len == name.len && memcmp(words, name.data, len) == 0)
            return true;
        words += len + (words[len] == '|');
    }
    return false;
}

static bool find_form(const cli_options *options, gwapi_str name, cli_form *form)
{
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        if (!cli_is(name, forms[i].name))
            continue;
        *form = forms[i].form;
        if (is_among(options->command->formats, name))
            return true;
    }
    cli_complain("%s: --output takes %s, not '%.*s'", options->command->name,
                 options->command->formats, (int)name.len, name.data);
    return false;
}

bool cli_parse_output(cli_options *options, const char *value)
{
    const char *equals = strchr(value, '=');
    gwapi_str name = {value, equals != NULL ? (size_t)(equals - value) : strlen(value)};
    cli_destination to = {0, NULL};

    if (!find_form(options, name, &to.form))
        return false;
    if (equals != NULL && equals[1] == '\0') {
        cli_complain("--output %s: no file after the '='", value);
        return false;
    }
    if (equals != NULL && strcmp(equals + 1, "-") != 0)
        to.file = equals + 1;
    for (size_t i = 0; i < options->destination_count; i++)
        if (to.file == NULL && options->destinations[i].file == NULL) {
            cli_complain("only one --output can go to standard output");
            return false;
        }
    if (options->destination_count == CLI_DESTINATIONS) {
        cli_complain("at most %d --output", CLI_DESTINATIONS);
        return false;
    }
    options->destinations[options->destination_count++] = to;
    return true;
}
