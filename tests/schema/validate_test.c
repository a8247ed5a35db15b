#include "support.h"

Test(schema_validate, types_are_told_by_their_names)
{
    static const judging_row rows[] = {
        {"a string", "{type: string}", "a", "", NULL},
        {"a number for a string", "{type: string}", "1", "TypeInvalid spec", NULL},
        {"true for a string", "{type: string}", "true", "TypeInvalid spec", NULL},
        {"an integer", "{type: integer}", "1", "", NULL},
        {"a fraction for an integer", "{type: integer}", "1.5", "TypeInvalid spec", NULL},
        {"digits for an integer", "{type: integer}", "'1'", "TypeInvalid spec", NULL},
        {"a number", "{type: number}", "1.5", "", NULL},
        {"an integer for a number", "{type: number}", "1", "", NULL},
        {"a boolean", "{type: boolean}", "false", "", NULL},
        {"a list", "{type: array, items: {type: string}}", "[a]", "", NULL},
        {"an object for a list", "{type: array, items: {type: string}}", "{a: b}",
         "TypeInvalid spec", NULL},
        {"an object", "{type: object}", "{}", "", NULL},
        {"a list for an object", "{type: object}", "[]", "TypeInvalid spec", NULL},
        {"int-or-string takes an integer", "{x-kubernetes-int-or-string: true}", "1", "", NULL},
        {"int-or-string takes a string", "{x-kubernetes-int-or-string: true}", "a", "", NULL},
        {"int-or-string takes no boolean", "{x-kubernetes-int-or-string: true}", "true",
         "TypeInvalid spec", NULL},
        {"null in a list", "{type: array, items: {type: string}}", "[a, null]",
         "TypeInvalid spec[1]", NULL},
        {"null in a list that allows it", "{type: array, items: {type: string, nullable: true}}",
         "[null]", "", NULL},
        {"null as enum value", "{type: array, items: {type: string, enum: [a]}}", "[null]",
         "TypeInvalid spec[0]; NotSupported spec[0]", NULL},
        {"a list where a format is asked for", "{type: string, format: date-time}", "[]", "",
         NULL},
        {"a number where a format is asked for", "{type: string, format: date-time}", "1",
         "TypeInvalid spec", NULL},
    };
    JUDGING_CHECK(rows, 0);
}

Test(schema_validate, limits_hold_to_the_last_value)
{
    static const judging_row rows[] = {
        {"minLength", "{type: string, minLength: 2}", "ab", "", NULL},
        {"below minLength", "{type: string, minLength: 2}", "a", "Invalid spec", NULL},
        {"maxLength counts characters", "{type: string, maxLength: 2}", "äö", "", NULL},
        {"above maxLength", "{type: string, maxLength: 2}", "abc", "TooLong spec", NULL},
        {"length ends before the pattern", "{type: string, maxLength: 2, pattern: ^x$}", "abc",
         "TooLong spec", NULL},
        {"pattern", "{type: string, pattern: b}", "abc", "", NULL},
        {"no match", "{type: string, pattern: ^b}", "abc", "Invalid spec", NULL},
        {"minimum", "{type: integer, minimum: 3}", "3", "", NULL},
        {"below minimum", "{type: integer, minimum: 3}", "2", "Invalid spec", NULL},
        {"exclusiveMinimum", "{type: integer, minimum: 3, exclusiveMinimum: true}", "3",
         "Invalid spec", NULL},
        {"maximum", "{type: integer, maximum: 3}", "3", "", NULL},
        {"above maximum", "{type: integer, maximum: 3}", "4", "Invalid spec", NULL},
        {"exclusiveMaximum", "{type: number, maximum: 3, exclusiveMaximum: true}", "3.0",
         "Invalid spec", NULL},
        {"below exclusiveMaximum", "{type: number, maximum: 3, exclusiveMaximum: true}", "2.9",
         "", NULL},
        {"a maximum above all integers", "{type: integer, maximum: 1.0e19}",
         "9223372036854775807", "", NULL},
        {"a maximum below all integers", "{type: integer, maximum: -1.0e19}",
         "-9223372036854775808", "Invalid spec", NULL},
        {"a minimum above all integers", "{type: integer, minimum: 1.0e19}",
         "9223372036854775807", "Invalid spec", NULL},
        {"a minimum below all integers", "{type: integer, minimum: -1.0e19}",
         "-9223372036854775808", "", NULL},
        {"multipleOf", "{type: integer, multipleOf: 5}", "15", "", NULL},
        {"no multiple", "{type: integer, multipleOf: 5}", "16", "Invalid spec", NULL},
        {"multiple of a fraction", "{type: number, multipleOf: 0.5}", "2.5", "", NULL},
        {"no multiple of a fraction", "{type: number, multipleOf: 0.5}", "2.7", "Invalid spec",
         NULL},
        {"minItems", "{type: array, minItems: 1, items: {type: string}}", "[]", "Invalid spec",
         NULL},
        {"maxItems", "{type: array, maxItems: 1, items: {type: string}}", "[a, b]",
         "TooMany spec", NULL},
        {"uniqueItems", "{type: array, uniqueItems: true, items: {type: string}}", "[a, b, a]",
         "Invalid spec", NULL},
        {"minProperties",
         "{type: object, minProperties: 2, additionalProperties: {type: string}}", "{a: b}",
         "Invalid spec", NULL},
        {"maxProperties",
         "{type: object, maxProperties: 1, additionalProperties: {type: string}}",
         "{a: b, c: d}", "TooMany spec", NULL},
    };
    JUDGING_CHECK(rows, 0);
}

Test(schema_validate, enums_compare_as_go_converts)
{
    static const judging_row rows[] = {
        {"a value of it", "{type: string, enum: [a, b]}", "b", "", NULL},
        {"another value", "{type: string, enum: [a, b]}", "c", "NotSupported spec", NULL},
        {"case matters", "{type: string, enum: [a, b]}", "A", "NotSupported spec", NULL},
        {"numbers", "{type: integer, enum: [301, 302]}", "302", "", NULL},
        {"another number", "{type: integer, enum: [301, 302]}", "303", "NotSupported spec",
         NULL},
        {"a fraction is cut", "{type: integer, enum: [301, 302]}", "301.5", "TypeInvalid spec",
         NULL},
        {"an integer becomes a character", "{type: string, enum: ['*']}", "42",
         "TypeInvalid spec", NULL},
        {"any other does not fit", "{type: string, enum: ['*']}", "43",
         "TypeInvalid spec; NotSupported spec", NULL},
        {"objects", "{type: object, x-kubernetes-preserve-unknown-fields: true, enum: [{a: 1}]}",
         "{a: 1}", "", NULL},
    };
    JUDGING_CHECK(rows, 0);
}

Test(schema_validate, members_are_named_by_their_paths)
{
    static const judging_row rows[] = {
        {"required", "{type: object, required: [a], properties: {a: {type: string}}}", "{}",
         "Required spec.a", NULL},
        {"required and null", "{type: object, required: [a], properties: {a: {type: string}}}",
         "{a: null}", "Required spec.a", NULL},
        {"required and nullable",
         "{type: object, required: [a], properties: {a: {type: string, nullable: true}}}",
         "{a: null}", "", NULL},
        {"required deeper",
         "{type: array, items: {type: object, required: [a], properties: {a: {type: string}}}}",
         "[{a: b}, {}]", "Required spec[1].a", NULL},
        {"a member that is not allowed",
         "{type: object, x-kubernetes-preserve-unknown-fields: true, additionalProperties: false, "
         "properties: {a: {type: string}}}",
         "{a: b, c: d}", "Invalid spec", NULL},
        {"unknown members where all are allowed",
         "{type: object, additionalProperties: true, properties: {a: {type: string}}}",
         "{a: b, c: d}", "", NULL},
        {"a member of additionalProperties",
         "{type: object, additionalProperties: {type: string}}", "{x/y: 1}",
         "TypeInvalid spec.x/y", NULL},
    };
    JUDGING_CHECK(rows, 0);
}

Test(schema_validate, unions_report_the_best_alternative)
{
    static const judging_row rows[] = {
        {"anyOf, the second", "{type: integer, anyOf: [{minimum: 10}, {maximum: 3}]}", "2", "",
         NULL},
        {"anyOf, none", "{type: integer, anyOf: [{minimum: 10}, {maximum: 3}]}", "5",
         "Invalid; Invalid spec", NULL},
        {"oneOf, one", "{type: integer, oneOf: [{minimum: 10}, {maximum: 3}]}", "12", "", NULL},
        {"oneOf, none", "{type: integer, oneOf: [{minimum: 10}, {maximum: 3}]}", "5",
         "Invalid; Invalid spec", NULL},
        {"oneOf, both", "{type: integer, oneOf: [{minimum: 1}, {maximum: 9}]}", "5", "Invalid",
         NULL},
        {"allOf", "{type: integer, allOf: [{minimum: 1}, {maximum: 9}]}", "5", "", NULL},
        {"allOf, not all", "{type: integer, allOf: [{minimum: 1}, {maximum: 9}]}", "10",
         "Invalid; Invalid spec", NULL},
        {"not", "{type: string, not: {enum: [a]}}", "b", "", NULL},
        {"not, but it is", "{type: string, not: {enum: [a]}}", "a", "Invalid", NULL},
        {"a format in anyOf", "{type: string, anyOf: [{format: ipv4}, {format: ipv6}]}",
         "nowhere", "Invalid; TypeInvalid spec", NULL},
        {"the alternative with most checks done",
         "{type: object, properties: {a: {type: string}, b: {type: string}}, anyOf: ["
         "{required: [c]}, {properties: {a: {enum: [x]}, b: {enum: [y]}}}]}",
         "{a: x, b: z}", "Invalid; NotSupported spec.b", NULL},
    };
    JUDGING_CHECK(rows, 0);
}
