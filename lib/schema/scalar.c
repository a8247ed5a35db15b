#include "schema/scalar.h"

#include <stdlib.h>
#include "base/slice.h"
#include "base/utf8.h"

/* ---- types and sizes ------------------------------------------------------------------- */

/* "a string", "an integer" */
static const char *article(const char *noun)
{
    return strchr("aeio", noun[0]) != NULL ? "an" : "a";
}

static bool reads_as_number(gwapi_str text)
{
    int64_t n;

    return gwapi__str_to_i64(text, &n);
}

static void word_type_hint(gwapi__judgement *j, gwapi__finding *f, const gwapi__node *node,
                           const gwapi__schema_node *schema)
{
    const uint32_t numeric = GWAPI__TYPE_INTEGER | GWAPI__TYPE_NUMBER;

    if (node->type == GWAPI__NODE_STRING && (schema->types & numeric) != 0 &&
        reads_as_number(node->as.string)) {
        gwapi__say(&j->hint, "write %v without quotes", node->as.string);
        f->hint_value = node->as.string;
        f->fix = true;
    } else if (schema->types == GWAPI__TYPE_STRING &&
               (node->type == GWAPI__NODE_INT || node->type == GWAPI__NODE_FLOAT ||
                node->type == GWAPI__NODE_BOOL)) {
        gwapi__say(&j->hint, "put it in quotes: \"%n\"", node);
    } else if (schema->types == GWAPI__TYPE_ARRAY) {
        gwapi__say(&j->hint, "a list starts each item with \"- \"");
    } else if (node->type == GWAPI__NODE_NULL) {
        gwapi__say(&j->hint, "give it a value or remove it");
    }
}

void gwapi__word_type(gwapi__judgement *j, const gwapi__frame *at, const gwapi__node *node,
                      const gwapi__schema_node *schema)
{
    gwapi__finding f = {.type = GWAPI_ERROR_TYPE_INVALID,
                        .rule = "structure/type",
                        .at = at,
                        .place = node->place};
    const char *wanted = schema->types != 0 ? gwapi__types_text(schema->types) : "string";
    const char *given = gwapi__node_type_name(node->type);

    gwapi__say(&j->message, "must be %s %s, not ", article(wanted), wanted);
    if (node->type == GWAPI__NODE_NULL)
        gwapi__say(&j->message, "null");
    else if (node->type == GWAPI__NODE_LIST || node->type == GWAPI__NODE_MAP)
        gwapi__say(&j->message, "%s %s", article(given), given);
    else
        gwapi__say(&j->message, "the %s %n", given, node);
    word_type_hint(j, &f, node, schema);
    gwapi__judge_report(j, &f);
}

void gwapi__size_error(gwapi__judgement *j, const gwapi__frame *at, const gwapi__node *node,
                       gwapi_error_type type, const char *rule, int64_t limit)
{
    gwapi__finding f = {.type = type, .rule = rule, .at = at, .place = node->place};
    bool list = node->type == GWAPI__NODE_LIST;
    uint32_t count = list ? node->as.list.count : node->as.map.count;

    if (!gwapi__judge_error(j, type))
        return;
    if (list)
        f.place = at->place;
    gwapi__say(&j->message, "has %u %s%s; at %s %i %s", (uint64_t)count,
               list ? "item" : "member", count == 1 ? "" : "s",
               count > limit ? "most" : "least", limit, limit == 1 ? "is" : "are");
    gwapi__say(&j->message, count > limit ? " allowed" : " needed");
    gwapi__judge_report(j, &f);
}

/* ---- strings --------------------------------------------------------------------------- */

static void length_error(gwapi__judgement *j, const gwapi__frame *at, const gwapi__node *node,
                         size_t length, int64_t limit)
{
    bool too_long = (int64_t)length > limit;
    gwapi__finding f = {.type = too_long ? GWAPI_ERROR_TOO_LONG : GWAPI_ERROR_INVALID,
                        .rule = too_long ? "structure/max-length" : "structure/min-length",
                        .at = at,
                        .place = node->place};

    if (!gwapi__judge_error(j, f.type))
        return;
    if (length == 0)
        gwapi__say(&j->message, "must not be empty");
    else
        gwapi__say(&j->message, "must have at %s %i characters, %q has %u",
                   too_long ? "most" : "least", limit, node->as.string, (uint64_t)length);
    gwapi__judge_report(j, &f);
}

static void *scratch_for(gwapi__judgement *j, size_t size)
{
    if (size > j->scratch_size) {
        void *larger = gwapi__alloc(&j->allocator, size);
        if (larger == NULL)
            return NULL;
        gwapi__free(&j->allocator, j->scratch, j->scratch_size);
        j->scratch = larger;
        j->scratch_size = size;
    }
    return j->scratch;
}

static bool matches_anew(gwapi__judgement *j, gwapi__pattern *pattern, gwapi_str text)
{
    const gwapi__regex *regex = NULL;

    if (gwapi__pattern_regex(j->kind, pattern, &regex) != GWAPI_OK) {
        gwapi__judge_fail(j, GWAPI_ENOMEM);
        return true;
    }
    if (regex == NULL)
        return false;
    size_t size = gwapi__regex_scratch_size(regex);
    void *memory = scratch_for(j, size);
    gwapi__regex_scratch *scratch =
        memory != NULL ? gwapi__regex_scratch_init(memory, j->scratch_size) : NULL;
    if (scratch == NULL) {
        gwapi__judge_fail(j, GWAPI_ENOMEM);
        return true;
    }
    return gwapi__regex_search(regex, scratch, text, NULL) == GWAPI__REGEX_MATCH;
}

static bool matches_pattern(gwapi__judgement *j, gwapi__pattern *pattern, gwapi_str text)
{
    gwapi__matched *last = &j->matched[pattern->number % GWAPI__MATCHED];

    if (last->pattern == pattern && gwapi__str_eq(last->text, text))
        return true;
    if (!matches_anew(j, pattern, text))
        return false;
    *last = (gwapi__matched){pattern, text};
    return true;
}

static void pattern_error(gwapi__judgement *j, const gwapi__frame *at, const gwapi__node *node,
                          const gwapi__pattern *pattern)
{
    gwapi__finding f = {.type = GWAPI_ERROR_INVALID,
                        .rule = "structure/pattern",
                        .at = at,
                        .place = node->place};

    if (!gwapi__judge_error(j, f.type))
        return;
    gwapi__say(&j->message, "%q does not match %v", node->as.string, pattern->text);
    gwapi__judge_report(j, &f);
}

/* Do the bytes tell that the length is right? A character has one to four of them. */
static bool has_fine_length(gwapi_str text, const gwapi__schema_node *schema)
{
    return (int64_t)text.len <= schema->max_length &&
           (int64_t)(text.len / 4 + (text.len % 4 != 0)) >= schema->min_length;
}

static void check_text(gwapi__judgement *j, const gwapi__frame *at, const gwapi__node *node,
                       const gwapi__schema_node *schema)
{
    if (!has_fine_length(node->as.string, schema)) {
        size_t length = gwapi__utf8_count(node->as.string);
        if ((int64_t)length > schema->max_length) {
            length_error(j, at, node, length, schema->max_length);
            return;
        }
        if ((int64_t)length < schema->min_length) {
            length_error(j, at, node, length, schema->min_length);
            return;
        }
    }
    if (schema->pattern != NULL && !matches_pattern(j, schema->pattern, node->as.string))
        pattern_error(j, at, node, schema->pattern);
}

void gwapi__check_string(gwapi__judgement *j, const gwapi__frame *at, const gwapi__node *node,
                         const gwapi__schema_node *schema)
{
    gwapi__finding f = {.type = GWAPI_ERROR_TYPE_INVALID,
                        .rule = "structure/format",
                        .at = at,
                        .place = node->place};

    check_text(j, at, node, schema);
    if (schema->format == GWAPI__FORMAT_NONE ||
        (gwapi__format_matches(schema->format, node->as.string) &&
         (schema->format_pattern == NULL ||
          matches_pattern(j, schema->format_pattern, node->as.string))) ||
        !gwapi__judge_error(j, f.type))
        return;
    gwapi__say(&j->message, "%q is not of the format %s", node->as.string,
               gwapi__format_name(schema->format));
    if (schema->format == GWAPI__FORMAT_DATE_TIME)
        gwapi__say(&j->hint, "write a time such as 2025-01-31T12:00:00Z");
    gwapi__judge_report(j, &f);
}

/* ---- numbers --------------------------------------------------------------------------- */

bool gwapi__is_integral(double number)
{
    const double largest = 9007199254740991.0; /* 2^53 - 1 */

    if (!(number >= -largest && number <= largest))
        return false;
    double whole = (double)(int64_t)number;
    return number == whole || (number > 1 && (number - whole) / (number + whole) < 1e-9);
}

/* As the server compares: an integer with the limit cut to one. */
static int compare(const gwapi__node *node, double limit)
{
    if (node->type == GWAPI__NODE_FLOAT)
        return (node->as.number > limit) - (node->as.number < limit);
    if (limit >= 9223372036854775808.0)
        return -1;
    if (limit < -9223372036854775808.0)
        return 1;
    int64_t cut = (int64_t)limit;
    return (node->as.integer > cut) - (node->as.integer < cut);
}

static bool is_multiple(const gwapi__node *node, double factor)
{
    if (node->type == GWAPI__NODE_FLOAT)
        return factor > 0 && gwapi__is_integral(factor < 1 ? 1 / factor * node->as.number
                                                           : node->as.number / factor);
    return factor >= 1 && factor < 9223372036854775808.0 &&
           node->as.integer % (int64_t)factor == 0;
}

static void number_error(gwapi__judgement *j, const gwapi__frame *at, const gwapi__node *node,
                         const char *rule, const char *relation, double limit)
{
    gwapi__finding f = {
        .type = GWAPI_ERROR_INVALID, .rule = rule, .at = at, .place = node->place};

    if (!gwapi__judge_error(j, f.type))
        return;
    gwapi__say(&j->message, "must be %s %d, not %n", relation, limit, node);
    gwapi__judge_report(j, &f);
}

void gwapi__check_number(gwapi__judgement *j, const gwapi__frame *at, const gwapi__node *node,
                         const gwapi__schema_node *schema)
{
    if (schema->has_multiple_of && !is_multiple(node, schema->multiple_of))
        number_error(j, at, node, "structure/multiple-of", "a multiple of",
                     schema->multiple_of);
    if (schema->has_minimum &&
        compare(node, schema->minimum) < (schema->exclusive_minimum ? 1 : 0))
        number_error(j, at, node, "structure/minimum",
                     schema->exclusive_minimum ? "more than" : "at least", schema->minimum);
    if (schema->has_maximum &&
        compare(node, schema->maximum) > (schema->exclusive_maximum ? -1 : 0))
        number_error(j, at, node, "structure/maximum",
                     schema->exclusive_maximum ? "less than" : "at most", schema->maximum);
}

/* ---- enums ----------------------------------------------------------------------------- */

/* The server converts the value to the type of the enum's, as Go does: a number with a fraction
 * is cut, an integer becomes the character of that number. */
static bool equals_enum(const gwapi__node *node, const gwapi__node *value)
{
    char rune[4];

    if (node->type == GWAPI__NODE_NULL)
        return false;
    if (node->type == GWAPI__NODE_FLOAT && value->type == GWAPI__NODE_INT)
        return node->as.number > -9223372036854775808.0 &&
               node->as.number < 9223372036854775808.0 &&
               (int64_t)node->as.number == value->as.integer;
    if (node->type == GWAPI__NODE_INT && value->type == GWAPI__NODE_STRING) {
        bool fits = node->as.integer >= 0 && node->as.integer <= 0x10ffff;
        uint32_t code = fits ? (uint32_t)node->as.integer : GWAPI__RUNE_ERROR;
        return gwapi__str_eq(value->as.string,
                             gwapi__str(rune, gwapi__utf8_encode(code, rune)));
    }
    return gwapi__node_equal(node, value);
}

static gwapi_str enum_text(const void *ctx, size_t i)
{
    const gwapi__node *value = ((const gwapi__schema_node *)ctx)->values[i];

    return value->type == GWAPI__NODE_STRING ? value->as.string : (gwapi_str){"", 0};
}

static void word_enum(gwapi__judgement *j, const gwapi__frame *at, const gwapi__node *node,
                      const gwapi__schema_node *schema)
{
    gwapi__finding f = {.type = GWAPI_ERROR_NOT_SUPPORTED,
                        .rule = "structure/enum",
                        .at = at,
                        .place = node->place};

    gwapi__say(&j->message, schema->value_count == 1 ? "must be " : "must be one of ");
    for (uint32_t i = 0; i < schema->value_count; i++)
        gwapi__say(&j->message, "%s%n", i != 0 ? ", " : "", schema->values[i]);
    gwapi__say(&j->message, ", not %n", node);
    if (node->type == GWAPI__NODE_STRING) {
        gwapi__names known = {enum_text, schema, schema->value_count};
        f.hint_value = gwapi__suggest(node->as.string, &known);
        f.fix = f.hint_value.data != NULL;
        if (f.fix)
            gwapi__say(&j->hint, "did you mean %q?", f.hint_value);
    }
    gwapi__judge_report(j, &f);
}

void gwapi__check_enum(gwapi__judgement *j, const gwapi__frame *at, const gwapi__node *node,
                       const gwapi__schema_node *schema)
{
    if (schema->value_count == 0)
        return;
    for (uint32_t i = 0; i < schema->value_count; i++)
        if (equals_enum(node, schema->values[i]))
            return;
    if (gwapi__judge_error(j, GWAPI_ERROR_NOT_SUPPORTED))
        word_enum(j, at, node, schema);
}
