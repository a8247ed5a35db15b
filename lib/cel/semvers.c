// Semantic versions: k8s.io/apiserver pkg/cel/library/semverlib.go, github.com/blang/semver v4.
#include "base/slice.h"
#include "cel/library.h"

typedef struct version {
    gwapi__cel_opaque opaque;
    uint64_t numbers[3];   // major, minor, patch
    gwapi_str pre_release; // identifiers with dots between; absent without any
} version;

static const version *version_of(const gwapi__cel_value *v)
{
    return (const version *)v->as.opaque;
}

// ---- order ----------------------------------------------------------------------------------

// Cuts the first identifier off; *rest is absent behind the last one.
static gwapi_str next_identifier(gwapi_str *rest)
{
    gwapi_str head;

    if (!gwapi__str_cut(*rest, '.', &head, rest))
        *rest = gwapi__str_of(NULL);
    return head;
}

// Numbers come before words.
static int compare_identifiers(gwapi_str a, gwapi_str b)
{
    uint64_t x, y;
    bool a_number = gwapi__str_to_u64(a, &x), b_number = gwapi__str_to_u64(b, &y);

    if (a_number != b_number)
        return a_number ? -1 : 1;
    return a_number ? (x > y) - (x < y) : gwapi__str_cmp(a, b);
}

static int compare_pre_releases(gwapi_str a, gwapi_str b)
{
    while (a.data != NULL && b.data != NULL) {
        gwapi_str x = next_identifier(&a), y = next_identifier(&b);
        int order = compare_identifiers(x, y);
        if (order != 0)
            return order < 0 ? -1 : 1;
    }
    return (a.data != NULL) - (b.data != NULL);
}

// Build data does not count.
static int compare(const version *a, const version *b)
{
    for (int i = 0; i < 3; i++)
        if (a->numbers[i] != b->numbers[i])
            return a->numbers[i] < b->numbers[i] ? -1 : 1;
    if (a->pre_release.data == NULL || b->pre_release.data == NULL)
        return (a->pre_release.data == NULL) - (b->pre_release.data == NULL);
    return compare_pre_releases(a->pre_release, b->pre_release);
}

static bool equal(const gwapi__cel_opaque *a, const gwapi__cel_opaque *b)
{
    return compare((const version *)a, (const version *)b) == 0;
}

static const gwapi__cel_opaque_class class_ = {.type = &gwapi__cel_semver, .equal = equal};

// ---- text -----------------------------------------------------------------------------------

static bool is_number(gwapi_str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (!gwapi__is_digit(s.data[i]))
            return false;
    return s.len != 0;
}

static bool is_identifier(gwapi_str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (!gwapi__is_digit(s.data[i]) && !gwapi__is_alpha(s.data[i]) && s.data[i] != '-')
            return false;
    return s.len != 0;
}

static const char *read_number(uint64_t *out, gwapi_str s)
{
    if (!is_number(s))
        return "a version is three numbers with dots between";
    if (s.len > 1 && s.data[0] == '0')
        return "a number must not begin with a zero";
    return gwapi__str_to_u64(s, out) ? NULL : "a number is too large";
}

static const char *check_pre_release(gwapi_str rest)
{
    const char *why;
    uint64_t ignored;

    do {
        gwapi_str s = next_identifier(&rest);
        if (!is_identifier(s))
            return "a pre-release has letters, digits and '-', with dots between";
        if (is_number(s) && (why = read_number(&ignored, s)) != NULL)
            return why;
    } while (rest.data != NULL);
    return NULL;
}

static const char *check_build(gwapi_str rest)
{
    do {
        if (!is_identifier(next_identifier(&rest)))
            return "build data has letters, digits and '-', with dots between";
    } while (rest.data != NULL);
    return NULL;
}

// Drops zeros in front, but for the last before something else than a digit.
static gwapi_str without_zeros(gwapi_str s)
{
    while (s.len > 1 && s.data[0] == '0' && gwapi__is_digit(s.data[1]))
        s = gwapi__str_sub(s, 1, s.len);
    return s;
}

// The text cut into what should be major, minor and the rest; missing ones are 0 if that is
// to be normalized.
static const char *cut(gwapi_str parts[3], gwapi_str text, bool normalize)
{
    int n = 1;

    if (normalize && text.len != 0 && text.data[0] == 'v')
        text = gwapi__str_sub(text, 1, text.len);
    parts[0] = text;
    while (n < 3 && gwapi__str_cut(parts[n - 1], '.', &parts[n - 1], &parts[n]))
        n++;
    if (n < 3 && (!normalize || gwapi__str_find_char(parts[n - 1], '-') != SIZE_MAX ||
                  gwapi__str_find_char(parts[n - 1], '+') != SIZE_MAX))
        return "a version is three numbers with dots between";
    while (n < 3)
        parts[n++] = GWAPI__STR("0");
    for (int i = 0; i < 3 && normalize; i++)
        parts[i] = without_zeros(parts[i]);
    return NULL;
}

// Reads the patch number, which may be left out before '-' or '+' if that is normalized.
static const char *read_patch(uint64_t *out, gwapi_str patch, bool optional)
{
    if (patch.len == 0 && optional) {
        *out = 0;
        return NULL;
    }
    return read_number(out, patch);
}

// NULL: read; else why not.
static const char *read_version(version *out, gwapi_str text, bool normalize)
{
    gwapi_str parts[3] = {{NULL, 0}, {NULL, 0}, {NULL, 0}}, build;
    const char *why = cut(parts, text, normalize);
    bool optional = normalize && parts[2].len > 1;

    *out = (version){.opaque = {&class_}};
    if (why == NULL)
        why = read_number(&out->numbers[0], parts[0]);
    if (why == NULL)
        why = read_number(&out->numbers[1], parts[1]);
    if (why != NULL)
        return why;
    bool has_build = gwapi__str_cut(parts[2], '+', &parts[2], &build);
    bool has_pre_release = gwapi__str_cut(parts[2], '-', &parts[2], &out->pre_release);
    why = read_patch(&out->numbers[2], parts[2], optional);
    if (why == NULL && has_pre_release)
        why = check_pre_release(out->pre_release);
    if (why == NULL && has_build)
        why = check_build(build);
    return why;
}

// ---- functions ------------------------------------------------------------------------------

static bool normalizes(const gwapi__cel_value *args, uint32_t count)
{
    return count == 2 && args[1].as.boolean;
}

static gwapi__cel_value parse(gwapi__cel_context *context, const gwapi__cel_value *args,
                              uint32_t count)
{
    version v;
    const char *why = read_version(&v, args[0].as.text, normalizes(args, count));
    version *made;

    if (why != NULL)
        return gwapi__cel_fail(context, "%q is not a semantic version: %s", args[0].as.text,
                               why);
    made = gwapi__arena_alloc(context->arena, sizeof *made);
    if (made == NULL)
        return gwapi__cel_no_memory(context);
    *made = v;
    return gwapi__cel_of_opaque(&made->opaque);
}

static gwapi__cel_value is_semver(gwapi__cel_context *context, const gwapi__cel_value *args,
                                  uint32_t count)
{
    version v;

    (void)context;
    return gwapi__cel_of_bool(read_version(&v, args[0].as.text, normalizes(args, count)) ==
                              NULL);
}

// Numbers beyond an int64 turn negative, as on the server.
static gwapi__cel_value number(const gwapi__cel_value *arg, int i)
{
    return gwapi__cel_of_int((int64_t)version_of(arg)->numbers[i]);
}

static gwapi__cel_value major(gwapi__cel_context *context, const gwapi__cel_value *args,
                              uint32_t count)
{
    (void)context;
    (void)count;
    return number(&args[0], 0);
}

static gwapi__cel_value minor(gwapi__cel_context *context, const gwapi__cel_value *args,
                              uint32_t count)
{
    (void)context;
    (void)count;
    return number(&args[0], 1);
}

static gwapi__cel_value patch(gwapi__cel_context *context, const gwapi__cel_value *args,
                              uint32_t count)
{
    (void)context;
    (void)count;
    return number(&args[0], 2);
}

static gwapi__cel_value compare_to(gwapi__cel_context *context, const gwapi__cel_value *args,
                                   uint32_t count)
{
    (void)context;
    (void)count;
    return gwapi__cel_of_int(compare(version_of(&args[0]), version_of(&args[1])));
}

static gwapi__cel_value is_greater(gwapi__cel_context *context, const gwapi__cel_value *args,
                                   uint32_t count)
{
    (void)context;
    (void)count;
    return gwapi__cel_of_bool(compare(version_of(&args[0]), version_of(&args[1])) > 0);
}

static gwapi__cel_value is_less(gwapi__cel_context *context, const gwapi__cel_value *args,
                                uint32_t count)
{
    (void)context;
    (void)count;
    return gwapi__cel_of_bool(compare(version_of(&args[0]), version_of(&args[1])) < 0);
}

// ---- the table ------------------------------------------------------------------------------

#define SINCE 33
#define ONE(function, id, call)                                                                \
    {function, id, &gwapi__cel_int, {&gwapi__cel_semver}, 1, true, SINCE, 0, call, NULL, NULL}
#define TWO(function, id, result, call)                                                        \
    {function, id, result, {&gwapi__cel_semver, &gwapi__cel_semver}, 2, true, SINCE, 0, call,  \
     NULL, NULL}
#define PARSER(function, id, result, call)                                                     \
    {function, id, result, {&gwapi__cel_string}, 1, false, SINCE, 0, call,                     \
     gwapi__cel_cost_walk, gwapi__cel_estimate_parse}
#define NORMALIZER(function, id, result, call)                                                 \
    {function, id, result, {&gwapi__cel_string, &gwapi__cel_bool}, 2, false, SINCE, 0, call,   \
     gwapi__cel_cost_walk, gwapi__cel_estimate_parse}

static const gwapi__cel_overload overloads[] = {
    TWO("compareTo", "semver_compare_to", &gwapi__cel_int, compare_to),
    TWO("isGreaterThan", "semver_is_greater_than", &gwapi__cel_bool, is_greater),
    TWO("isLessThan", "semver_is_less_than", &gwapi__cel_bool, is_less),
    PARSER("isSemver", "is_semver_string", &gwapi__cel_bool, is_semver),
    NORMALIZER("isSemver", "is_semver_string_bool", &gwapi__cel_bool, is_semver),
    ONE("major", "semver_major", major),
    ONE("minor", "semver_minor", minor),
    ONE("patch", "semver_patch", patch),
    PARSER("semver", "string_to_semver", &gwapi__cel_semver, parse),
    NORMALIZER("semver", "string_bool_to_semver", &gwapi__cel_semver, parse),
};

const gwapi__cel_library gwapi__cel_semvers = {overloads, sizeof overloads / sizeof *overloads};
