/* What the loader says of schemas that are none: of the built-in ones, and of definitions that
 * were not judged before. */
#include "base/result.h"
#include "schema/load.h"
#include "schema/rules.h"
#include "support.h"
#include "support/oom.h"

#define STANDARD GWAPI_CHANNEL_STANDARD
#define EXPERIMENTAL GWAPI_CHANNEL_EXPERIMENTAL

typedef struct loading {
    gwapi_allocator allocator;
    gwapi_schema *schema;
    gwapi__arena trees;
    gwapi__arena scratch;
    gwapi__kind *kind;
    gwapi__text shown; /* "path: message; …" of the problems */
} loading;

static const gwapi__node *read_tree(loading *l, const char *text)
{
    gwapi__stream *stream;
    gwapi__doc doc = {0};
    bool more;

    cr_assert_eq(gwapi__stream_open(&stream, &l->allocator, gwapi__str_of(text),
                                    GWAPI_FORMAT_YAML, NULL),
                 GWAPI_OK);
    cr_assert_eq(gwapi__stream_next(stream, &l->trees, &doc, &more), GWAPI_OK);
    cr_assert_not_null(doc.root, "%s", text);
    gwapi__stream_close(stream);
    return doc.root;
}

static void loading_init(loading *l)
{
    const gwapi__kind_info info = {.group = GWAPI__STR("t.example"),
                                   .version = GWAPI__STR("v1"),
                                   .kind = GWAPI__STR("Thing"),
                                   .plural = GWAPI__STR("things")};

    cr_assert_eq(gwapi__allocator_init(&l->allocator, NULL), GWAPI_OK);
    cr_assert_eq(gwapi_schema_new(&l->schema, NULL), GWAPI_OK);
    gwapi__arena_init(&l->trees, &l->allocator);
    gwapi__arena_init(&l->scratch, &l->allocator);
    gwapi__text_init(&l->shown, &l->allocator);
    l->kind = gwapi__kind_new(l->schema, &info);
    cr_assert_not_null(l->kind);
}

static void loading_free(loading *l)
{
    gwapi__kind_free(&l->allocator, l->kind);
    gwapi__text_free(&l->shown);
    gwapi__arena_free(&l->scratch);
    gwapi__arena_free(&l->trees);
    gwapi_schema_free(l->schema);
}

static gwapi_result run(loading *l, gwapi_channel channel, const char *schema,
                        const char *definitions)
{
    const gwapi__load_problem *problems;
    gwapi__load_input in = {
        .schema = read_tree(l, schema),
        .definitions = definitions != NULL ? read_tree(l, definitions) : NULL,
        .channel = channel,
        .minor = 34,
        .scratch = &l->scratch};
    gwapi_result r = gwapi__load(l->kind, &in, &problems);

    gwapi__text_cut(&l->shown, 0);
    for (const gwapi__load_problem *p = problems; p != NULL; p = p->next) {
        if (l->shown.len != 0)
            gwapi__text_addz(&l->shown, "; ");
        gwapi__text_add(&l->shown, p->path);
        gwapi__text_addz(&l->shown, ": ");
        gwapi__text_add(&l->shown, p->message);
        cr_expect_neq(p->place.line, 0, "%s", schema);
    }
    gwapi__text_char(&l->shown, '\0');
    cr_assert(!l->shown.failed);
    cr_expect_eq(r == GWAPI_OK, problems == NULL, "%s", schema);
    return r;
}

/* ---- problems --------------------------------------------------------------------------- */

typedef struct load_row {
    gwapi_channel channel; /* 0: a definition */
    const char *schema;
    const char *problems;
} load_row;

static void check_rows(const load_row *rows, size_t count, const char *definitions)
{
    for (size_t i = 0; i < count; i++) {
        loading l;
        loading_init(&l);
        gwapi_result r = run(&l, rows[i].channel, rows[i].schema, definitions);
        cr_expect_eq(r, rows[i].problems[0] != '\0' ? GWAPI_EINVALID : GWAPI_OK, "%s",
                     rows[i].schema);
        cr_expect_str_eq(l.shown.data, rows[i].problems, "%s: %s", rows[i].schema,
                         l.shown.data);
        loading_free(&l);
    }
}
#define CHECK(rows, definitions) check_rows(rows, sizeof(rows) / sizeof *(rows), definitions)

#define TYPES "must be object, array, string, integer, number or boolean"
#define STRINGS "must be a list of strings"
#define COUNT "must be an integer that is not negative"

Test(schema_load, what_keywords_must_say)
{
    static const load_row rows[] = {
        {STANDARD, "[]", ": must be a schema"},
        {STANDARD, "{type: thing}", "type: " TYPES},
        {STANDARD, "{type: [object]}", "type: " TYPES},
        {0, "{type: thing}", ""},
        {0, "{type: [object]}", ""},
        {STANDARD, "{type: object, properties: []}", "properties: must be a map of schemas"},
        {STANDARD, "{type: object, properties: {a: {type: object, properties: {b: 1}}}}",
         "properties.a.properties.b: must be a schema"},
        {STANDARD, "{type: object, required: a}", "required: " STRINGS},
        {STANDARD, "{type: object, required: [a, 1]}", "required: " STRINGS},
        {STANDARD, "{type: array, items: 1}",
         "items: must be a schema; : an array needs items"},
        {0, "{type: array, items: 1}", ""},
        {0, "{type: array, items: [{type: string}]}", ""},
        {STANDARD, "{type: array}", ": an array needs items"},
        {0, "{type: array}", ""},
        {STANDARD, "{type: string, pattern: 1}", "pattern: must be a string"},
        {STANDARD, "{type: string, pattern: ''}", ""},
        {0, "{type: string, pattern: ''}", ""},
        {0, "{type: string, pattern: 'a('}", "pattern: a group is not closed by )"},
        {STANDARD, "{type: string, format: 1}", "format: must be a string"},
        {STANDARD, "{type: string, minLength: -1}", "minLength: " COUNT},
        {STANDARD, "{type: string, maxLength: a}", "maxLength: " COUNT},
        {0, "{type: string, maxLength: -1}", ""},
        {STANDARD, "{type: integer, minimum: a}", "minimum: must be a number"},
        {STANDARD, "{type: integer, minimum: 1, maximum: 1.5}", ""},
        {STANDARD, "{type: integer, exclusiveMinimum: 1}",
         "exclusiveMinimum: must be true or false"},
        {STANDARD, "{type: string, nullable: 1, x-kubernetes-preserve-unknown-fields: false}",
         "nullable: must be true or false"},
        {STANDARD, "{x-kubernetes-int-or-string: 1}",
         "x-kubernetes-int-or-string: must be true or false"},
        {STANDARD, "{type: integer, x-kubernetes-int-or-string: false}", ""},
        {STANDARD, "{type: string, enum: a}", "enum: must be a list"},
        {STANDARD, "{type: array, items: {type: string}, x-kubernetes-list-type: heap}",
         "x-kubernetes-list-type: must be atomic, set or map"},
        {STANDARD, "{type: array, items: {type: string}, x-kubernetes-list-type: [set]}",
         "x-kubernetes-list-type: must be atomic, set or map"},
        {0, "{type: array, items: {type: string}, x-kubernetes-list-type: heap}", ""},
        {STANDARD, "{type: array, items: {type: object}, x-kubernetes-list-type: map}",
         ": a list of type map needs x-kubernetes-list-map-keys"},
        {STANDARD,
         "{type: array, items: {type: object}, x-kubernetes-list-type: map, "
         "x-kubernetes-list-map-keys: [a]}",
         ""},
        {STANDARD, "{type: object, properties: {a: {type: string}}, additionalProperties: {type: "
                   "string}}",
         ": properties and additionalProperties exclude each other"},
        {STANDARD, "{type: object, properties: {a: {type: string}}, additionalProperties: false}",
         ""},
        {STANDARD, "{anyOf: {}}", "anyOf: must be a list of schemas"},
        {STANDARD, "{oneOf: [{type: string}, 1]}", "oneOf[1]: must be a schema"},
        {STANDARD, "{not: 1}", "not: must be a schema"},
        {STANDARD, "{x-kubernetes-validations: 1}",
         "x-kubernetes-validations: must be a list of rules"},
        {STANDARD, "{type: string, x-kubernetes-validations: [{id: a}, {id: b, rule: 'true'}]}",
         "x-kubernetes-validations[0]: needs the text of a rule"},
        {0, "{type: string, x-kubernetes-validations: [{message: a}]}", ""},
        {STANDARD, "{unknown: keyword, type: string}", ""},
        {STANDARD, "{type: thing, minLength: -1, maxLength: -1}",
         "type: " TYPES "; minLength: " COUNT "; maxLength: " COUNT},
    };

    CHECK(rows, NULL);
}

static const char definitions[] = "{Text: {type: string, maxLength: 3}, Loop: {$ref: Loop}, Ping: {$ref: "
                                  "Pong, maxLength: 1}, Pong: {$ref: Ping}, Word: 7, Lost: {$ref: Nothing, "
                                  "maxLength: 3}, Needs: {required: [a]}}";

Test(schema_load, references_must_lead_somewhere)
{
#define LOOP ": refers to a definition that comes back to itself"
#define NOWHERE ": refers to a definition that does not exist"
    static const load_row rows[] = {
        {STANDARD, "{$ref: Text}", ""},
        {STANDARD, "{type: object, properties: {a: {$ref: Other}}}", "properties.a" NOWHERE},
        {STANDARD, "{$ref: Word}", LOOP},
        {STANDARD, "{$ref: Loop}", LOOP},
        {STANDARD, "{$ref: Ping, minLength: 1}", LOOP},
        {STANDARD, "{$ref: Lost, minLength: 1}", NOWHERE},
        {STANDARD, "{$ref: Needs, required: b}", "required: " STRINGS},
        {0, "{$ref: Other}", ""},
    };

    CHECK(rows, definitions);
}

/* Nested one in the other, by a keyword. */
static const char *nest(loading *l, const char *open, const char *close, size_t levels)
{
    gwapi__text t;
    gwapi_str copy;

    gwapi__text_init(&t, &l->allocator);
    for (size_t i = 0; i < levels; i++)
        gwapi__text_addz(&t, open);
    gwapi__text_addz(&t, "{}");
    for (size_t i = 0; i < levels; i++)
        gwapi__text_addz(&t, close);
    cr_assert(gwapi__arena_copy(&l->trees, gwapi__text_str(&t), &copy));
    gwapi__text_free(&t);
    return copy.data;
}

Test(schema_load, schemas_nest_as_deep_as_the_loader_goes)
{
    static const struct {
        size_t levels;
        gwapi_result result;
    } rows[] = {{199, GWAPI_OK}, {200, GWAPI_EINVALID}};

    for (size_t i = 0; i < 2; i++) {
        loading l;
        loading_init(&l);
        cr_expect_eq(run(&l, 0, nest(&l, "{not: ", "}", rows[i].levels), NULL), rows[i].result);
        cr_expect_eq(strstr(l.shown.data, "the schema nests too deeply") != NULL,
                     rows[i].result != GWAPI_OK, "%s", l.shown.data);
        loading_free(&l);
    }
}

Test(schema_load, groups_of_a_pattern_nest_as_deep_as_the_parser_goes)
{
    static const struct {
        size_t levels;
        const char *problems;
    } rows[] = {{900, ""},
                {1100, "pattern: the pattern is nested too deeply"},
                {100001, "pattern: the pattern is too large"}};

    for (size_t i = 0; i < 3; i++) {
        gwapi__text t;
        loading l;
        loading_init(&l);
        gwapi__text_init(&t, &l.allocator);
        gwapi__text_addz(&t, "type: string\npattern: ");
        gwapi__text_addz(&t, nest(&l, "(", ")", rows[i].levels));
        gwapi__text_char(&t, '\0');
        run(&l, 0, t.data, NULL);
        cr_expect_str_eq(l.shown.data, rows[i].problems, "%zu: %s", rows[i].levels,
                         l.shown.data);
        gwapi__text_free(&t);
        loading_free(&l);
    }
}

Test(schema_load, an_object_has_no_more_properties_than_the_index_takes)
{
    for (unsigned count = 32767; count < 32769; count++) {
        gwapi__text t;
        loading l;
        loading_init(&l);
        gwapi__text_init(&t, &l.allocator);
        gwapi__text_addz(&t, "{type: object, properties: {");
        for (unsigned i = 0; i < count; i++) {
            gwapi__text_addz(&t, "p");
            gwapi__text_u64(&t, i);
            gwapi__text_addz(&t, ": {},");
        }
        gwapi__text_addz(&t, "}}");
        gwapi__text_char(&t, '\0');
        gwapi_result r = run(&l, 0, t.data, NULL);
        cr_expect_str_eq(l.shown.data, count < 32768 ? "" : "properties: has too many properties",
                         "%u: %s", count, l.shown.data);
        if (r == GWAPI_OK) {
            cr_expect_not_null(gwapi__schema_property(l.kind->root, GWAPI__STR("p32766")));
            cr_expect_null(gwapi__schema_property(l.kind->root, GWAPI__STR("p32767")));
        }
        gwapi__text_free(&t);
        loading_free(&l);
    }
}

/* ---- what is loaded --------------------------------------------------------------------- */

static void show_values(gwapi__text *t, const gwapi__schema_node *node)
{
    for (uint32_t i = 0; i < node->value_count; i++) {
        gwapi__text_char(t, ' ');
        gwapi__text_add(t, node->values[i]->as.string);
    }
}

static void show_node(gwapi__text *t, const gwapi__schema_node *node)
{
    gwapi__text_addz(t, gwapi__types_text(node->types));
    for (uint32_t i = 0; i < node->property_count; i++) {
        gwapi__text_addz(t, i == 0 ? " {" : ", ");
        gwapi__text_add(t, node->properties[i].name);
        gwapi__text_addz(t, ": ");
        show_node(t, node->properties[i].node);
    }
    if (node->property_count != 0)
        gwapi__text_char(t, '}');
    show_values(t, node);
    if (node->max_length != GWAPI__NO_LIMIT) {
        gwapi__text_addz(t, " <= ");
        gwapi__text_i64(t, node->max_length);
    }
    for (uint32_t i = 0; i < node->required_count; i++) {
        gwapi__text_addz(t, i == 0 ? " needs " : ", ");
        gwapi__text_add(t, node->required[i]);
    }
    for (uint32_t i = 0; i < node->rule_count; i++) {
        gwapi__text_addz(t, i == 0 ? " rules " : ", ");
        gwapi__text_add(t, node->rules[i].id);
    }
    if (node->default_value != NULL) {
        gwapi__text_addz(t, " = ");
        gwapi__node_write_json(t, node->default_value);
    }
}

Test(schema_load, schemas_are_put_together_from_definitions)
{
    static const char parts[] =
        "{Base: {type: object, required: [a], properties: {a: {type: string}, b: {type: integer}},"
        " x-kubernetes-validations: [{id: one, rule: 'true'}]}, Name: {type: string, maxLength: "
        "3}, Short: {$ref: Name, maxLength: 2}}";
    static const struct {
        gwapi_channel channel;
        const char *schema, *loaded;
    } rows[] = {
        {STANDARD, "{$ref: Base}", "object {a: string, b: integer} needs a rules one"},
        {STANDARD, "{$ref: Base, description: words, x-gep: 1}",
         "object {a: string, b: integer} needs a rules one"},
        {STANDARD, "{$ref: Base, required: [b, a]}",
         "object {a: string, b: integer} needs a, b rules one"},
        {STANDARD, "{$ref: Base, properties: {b: {type: number}, c: {type: boolean}}}",
         "object {a: string, b: number, c: boolean} needs a rules one"},
        {STANDARD, "{$ref: Base, x-kubernetes-validations: [{id: two, rule: 'true'}]}",
         "object {a: string, b: integer} needs a rules one, two"},
        {STANDARD, "{$ref: Name, maxLength: 1, required: [a]}", "string <= 1 needs a"},
        {STANDARD, "{$ref: Short}", "string <= 2"},
        {STANDARD, "{$ref: Short, maxLength: 1}", "string <= 1"},
        {STANDARD, "{$ref: Name, properties: {a: {$ref: Name}, b: {$ref: Short}}}",
         "string {a: string <= 3, b: string <= 2} <= 3"},
        {0, "{$ref: Base}", "any"},
        {STANDARD, "{type: string, enum: [a], x-enum-experimental: [b]}", "string a"},
        {EXPERIMENTAL, "{type: string, enum: [a], x-enum-experimental: [b]}", "string a b"},
        {EXPERIMENTAL, "{type: string, enum: [a], x-enum-experimental: b}", "string a"},
        {EXPERIMENTAL, "{type: string, enum: [a]}", "string a"},
        {STANDARD,
         "{type: object, properties: {a: {type: string, x-channel: experimental}, b: {type: "
         "string, x-channel: standard}}}",
         "object {b: string}"},
        {EXPERIMENTAL,
         "{type: object, properties: {a: {type: string, x-channel: experimental}, b: {type: "
         "string, x-channel: standard}}}",
         "object {a: string}"},
        {STANDARD, "{type: string, default: a}", "string = \"a\""},
        {STANDARD, "{type: string, default: null}", "string"},
        {STANDARD,
         "{type: object, default: {a: 1, z: 1}, properties: {a: {type: integer}, b: {type: "
         "integer, default: 2}}}",
         "object {a: integer, b: integer = 2} = {\"a\":1,\"b\":2}"},
        {0, "{x-kubernetes-int-or-string: true}", "integer or string"},
        {0, "{x-kubernetes-int-or-string: true, type: object}", "any"},
        {0, "{type: array, items: {type: boolean}}", "array"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        loading l;
        loading_init(&l);
        cr_assert_eq(run(&l, rows[i].channel, rows[i].schema, parts), GWAPI_OK, "%s: %s",
                     rows[i].schema, l.shown.data);
        gwapi__text_cut(&l.shown, 0);
        show_node(&l.shown, l.kind->root);
        gwapi__text_char(&l.shown, '\0');
        cr_expect_str_eq(l.shown.data, rows[i].loaded, "%s: %s", rows[i].schema, l.shown.data);
        loading_free(&l);
    }
}

Test(schema_load, equal_parts_are_one)
{
    loading l;

    loading_init(&l);
    cr_assert_eq(run(&l, STANDARD,
                     "{type: object, properties: {a: {$ref: Text}, b: {$ref: Text}, c: {$ref: "
                     "Text, maxLength: 1}}}",
                     definitions),
                 GWAPI_OK);
    const gwapi__property *p = l.kind->root->properties;
    cr_expect_eq(p[0].node, p[1].node);
    cr_expect_neq(p[0].node, p[2].node);
    loading_free(&l);
}

/* ---- memory ----------------------------------------------------------------------------- */

/* Everything that takes memory, of either sort of schema. */
static const struct {
    gwapi_channel channel;
    const char *schema;
} starving[] = {
    {STANDARD,
     "{type: object, required: [a], properties: {a: {$ref: Name, minLength: 1}, b: {type: array, "
     "items: {$ref: Object, maxProperties: 9, minProperties: 1, nullable: true, required: [c, d], properties: {d: {type: integer, default: 3}}, "
     "x-kubernetes-validations: [{id: b, rule: 'true'}]}, x-kubernetes-list-type: map, "
     "x-kubernetes-list-map-keys: [c]}, e: {type: string, enum: [x, z], pattern: ^x$, format: "
     "uuid3, default: x}, f: {anyOf: [{type: string}], oneOf: [{type: string}], allOf: [{type: "
     "string}], not: {type: string}}, g: {type: object, additionalProperties: {type: array, "
     "items: {type: string}}}, h: {type: object, default: {i: {j: [1]}}, properties: {i: {type: "
     "object, x-kubernetes-preserve-unknown-fields: true}}}}}"},
    {0, "{type: object, x-kubernetes-embedded-resource: true, properties: {a-b: {type: string}, "
        "c: {x-kubernetes-int-or-string: true}}}"},
    {STANDARD, "{type: thing, minLength: a, properties: {a: 1, b: {type: thing}}}"},
};
static const char starving_definitions[] =
    "{Name: {$ref: Text, maxLength: 9}, Text: {type: string, maxLength: 10}, Object: {type: "
    "object, required: [c], properties: {c: {type: string}}, x-kubernetes-validations: [{id: a, "
    "rule: 'true', message: m, messageExpression: '1', fieldPath: .c, hint: h}]}}";

/* Blocks of arenas are refused, what is smaller is not. */
static void *no_block(void *ctx, void *ptr, size_t old_size, size_t new_size)
{
    (void)ctx;
    (void)old_size;
    if (new_size == 0)
        free(ptr);
    return new_size != 0 && new_size < 1024 ? realloc(ptr, new_size) : NULL;
}

/* Bytes that the arenas have. */
typedef struct rooms {
    size_t kind, scratch;
} rooms;

/* Loads into arenas that get no further block. */
static gwapi_result load_within(size_t i, const rooms *room)
{
    static _Alignas(max_align_t) char bytes[2][1 << 16];
    const gwapi_allocator none = {sizeof none, NULL, no_block};
    const gwapi__load_problem *problems;
    gwapi__kind kind = {
        .arena = {.allocator = none, .cursor = bytes[0], .end = bytes[0] + room->kind}};
    gwapi__arena scratch = {
        .allocator = none, .cursor = bytes[1], .end = bytes[1] + room->scratch};
    loading l;

    loading_init(&l);
    kind.limits = l.kind->limits;
    gwapi__load_input in = {.schema = read_tree(&l, starving[i].schema),
                            .definitions = read_tree(&l, starving_definitions),
                            .channel = starving[i].channel,
                            .minor = 34,
                            .scratch = &scratch};
    gwapi_result r = gwapi__load(&kind, &in, &problems);
    loading_free(&l);
    return r;
}

Test(schema_load, memory_may_end_anywhere, .timeout = 120)
{
    enum { ALL = 1 << 16 };

    for (size_t i = 0; i < sizeof starving / sizeof *starving; i++) {
        gwapi_result whole = load_within(i, &(rooms){ALL, ALL});
        size_t steps = 0;
        cr_expect_neq(whole, GWAPI_ENOMEM, "%s", starving[i].schema);
        for (rooms r = {0, ALL}; r.kind < ALL; r.kind += 16) {
            gwapi_result found = load_within(i, &r);
            steps++;
            if (found != GWAPI_ENOMEM) {
                cr_expect_eq(found, whole, "%zu bytes: %s", r.kind, starving[i].schema);
                break;
            }
        }
        for (rooms r = {ALL, 0}; r.scratch < ALL; r.scratch += 16) {
            gwapi_result found = load_within(i, &r);
            steps++;
            if (found != GWAPI_ENOMEM) {
                cr_expect_eq(found, whole, "%zu bytes: %s", r.scratch, starving[i].schema);
                break;
            }
        }
        cr_expect_gt(steps, 100, "%s", starving[i].schema);
    }
}

/* The same with everything: nothing may be left behind. */
static gwapi_result load_all(const gwapi_allocator *allocator, void *arg)
{
    const gwapi__load_problem *problems;
    const gwapi__kind_info info = {.kind = GWAPI__STR("Thing")};
    const gwapi__load_input *input = arg;
    gwapi_schema_options options = GWAPI_SCHEMA_OPTIONS_INIT;
    gwapi__load_input in = *input;
    gwapi_schema *schema = NULL;
    gwapi__arena scratch;

    options.allocator = allocator;
    GWAPI__TRY(gwapi_schema_new(&schema, &options));
    gwapi__arena_init(&scratch, allocator);
    in.scratch = &scratch;
    gwapi__kind *kind = gwapi__kind_new(schema, &info);
    gwapi_result r = kind != NULL ? gwapi__load(kind, &in, &problems) : GWAPI_ENOMEM;
    gwapi__kind_free(allocator, kind);
    gwapi__arena_free(&scratch);
    gwapi_schema_free(schema);
    return r;
}

Test(schema_load, memory_that_ends_leaves_nothing, .timeout = 120)
{
    for (size_t i = 0; i < sizeof starving / sizeof *starving; i++) {
        size_t runs, bad;
        loading l;
        loading_init(&l);
        gwapi__load_input in = {.schema = read_tree(&l, starving[i].schema),
                                .definitions = read_tree(&l, starving_definitions),
                                .channel = starving[i].channel,
                                .minor = 34};
        gwapi_result r = test_fail_every_allocation(load_all, &in, &runs, &bad);
        cr_expect_eq(r, load_within(i, &(rooms){1 << 16, 1 << 16}), "%s", starving[i].schema);
        cr_expect_eq(bad, 0, "allocation %zu: %s", bad, starving[i].schema);
        cr_expect_gt(runs, 3);
        loading_free(&l);
    }
}

/* ---- rules that do not compile ---------------------------------------------------------- */

static void hear(void *ctx, const gwapi__rule_problem *problem)
{
    gwapi__text *heard = ctx;

    if (heard->len != 0)
        gwapi__text_addz(heard, "; ");
    gwapi__text_addz(heard, problem->member);
    gwapi__text_addz(heard, " of ");
    gwapi__text_u64(heard, problem->rule);
    gwapi__text_addz(heard, ": ");
    gwapi__text_add(heard, problem->message);
}

Test(schema_load, what_is_wrong_with_rules_is_told_when_they_are_compiled)
{
    static const struct {
        const char *schema, *heard;
        const char *compiled; /* a letter for each rule that has a program */
    } rows[] = {
        {"{type: integer, x-kubernetes-validations: [{rule: self > 1}, {rule: \" \\t\"}]}", "",
         "r-"},
        {"{type: integer, x-kubernetes-validations: [{rule: '1'}, {rule: 'true', "
         "messageExpression: '2'}]}",
         "rule of 0: a rule must give a bool; messageExpression of 1: a messageExpression must "
         "give a string",
         "-r"},
        {"{type: integer, x-kubernetes-validations: [{rule: 'true', fieldPath: .a, "
         "messageExpression: \"'x'\"}]}",
         "fieldPath of 0: the path leads to no field of the schema", "m"},
        {"{x-kubernetes-preserve-unknown-fields: true, x-kubernetes-validations: [{rule: 'true'}, "
         "{rule: 'true'}]}",
         "rule of 0: rules cannot see values of this schema: it has no type", "--"},
        {"{type: integer, x-kubernetes-validations: [{rule: self > oldSelf}, {rule: "
         "'oldSelf.hasValue()', optionalOldSelf: true}]}",
         "", "oo"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const gwapi__rule_programs *programs;
        char compiled[8] = "";
        loading l;
        loading_init(&l);
        cr_assert_eq(run(&l, 0, rows[i].schema, NULL), GWAPI_OK, "%s", rows[i].schema);
        gwapi__text_cut(&l.shown, 0);
        gwapi__rule_set *set = l.kind->rule_sets;
        const gwapi__rule_listener listener = {&l.shown, hear};
        cr_assert_eq(gwapi__rule_set_compile(&programs, l.kind, set, &listener), GWAPI_OK);
        gwapi__text_char(&l.shown, '\0');
        cr_expect_str_eq(l.shown.data, rows[i].heard, "%s: %s", rows[i].schema, l.shown.data);
        for (uint32_t k = 0; k < programs->count; k++)
            compiled[k] = programs->at[k].rule == NULL      ? '-'
                          : programs->at[k].message != NULL ? 'm'
                          : programs->at[k].uses_old        ? 'o'
                                                            : 'r';
        cr_expect_str_eq(compiled, rows[i].compiled, "%s: %s", rows[i].schema, compiled);
        loading_free(&l);
    }
}

/* With each number of rules, the blocks of the arena end elsewhere. */
static gwapi_result compile_rules(const gwapi_allocator *allocator, void *arg)
{
    loading *l = arg;
    const gwapi__rule_programs *programs;
    gwapi__kind kind = {.arena = {.allocator = *allocator}, .minor = 34};
    gwapi__rule_set *set = l->kind->rule_sets;

    atomic_store(&set->programs, NULL);
    gwapi_result r = gwapi__rule_set_compile(&programs, &kind, set, NULL);
    gwapi__rule_set_free(allocator, set);
    atomic_store(&set->programs, NULL);
    return r;
}

Test(schema_load, memory_may_end_while_rules_are_compiled, .timeout = 120)
{
    for (size_t count = 1; count < 32; count++) {
        size_t runs, bad;
        loading l;
        gwapi__text t;
        loading_init(&l);
        gwapi__text_init(&t, &l.allocator);
        gwapi__text_addz(&t, "{type: object, properties: {a: {type: string}}, "
                             "x-kubernetes-validations: [");
        for (size_t i = 0; i < count; i++)
            gwapi__text_addz(&t, i == 0 ? "{rule: 'self.a == \"b\"', messageExpression: self.a, "
                                          "fieldPath: .a}"
                                        : ", {rule: ''}");
        gwapi__text_addz(&t, "]}");
        gwapi__text_char(&t, '\0');
        cr_assert_eq(run(&l, 0, t.data, NULL), GWAPI_OK);
        cr_expect_eq(test_fail_every_allocation(compile_rules, &l, &runs, &bad), GWAPI_OK);
        cr_expect_eq(bad, 0, "%zu rules: allocation %zu", count, bad);
        cr_expect_gt(runs, 3);
        gwapi__text_free(&t);
        loading_free(&l);
    }
}
