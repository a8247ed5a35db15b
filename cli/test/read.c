/* Test files: YAML as far as tests need it, into JSON values with the line of each test. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "../io.h"
#include "test.h"

enum { MOST_DEPTH = 32, MOST_NODES = 1000000 };

typedef struct reading {
    test_suite *suite;
    const char *file;
    yaml_document_t document;
    size_t nodes; /* aliases count each time */
    bool failed;
} reading;

static void refuse(reading *r, const yaml_node_t *node, const char *what)
{
    if (!r->failed)
        cli_complain("%s:%zu: %s", r->file, node != NULL ? node->start_mark.line + 1 : 1, what);
    r->failed = true;
}

/* ---- values ---------------------------------------------------------------------------- */

static bool is_integer(const char *text, size_t len)
{
    size_t digits = len != 0 && *text == '-' ? 1 : 0;

    return len > digits && len < 19 && strspn(text + digits, "0123456789") == len - digits &&
           (text[digits] != '0' || len == digits + 1);
}

/* null, true, false and integers where they are plain; all else is text. */
static json_t *scalar(reading *r, const yaml_node_t *node)
{
    const char *text = (const char *)node->data.scalar.value;
    size_t len = node->data.scalar.length;
    json_t *value;

    if (node->data.scalar.style == YAML_PLAIN_SCALAR_STYLE) {
        if (len == 0 || strcmp(text, "~") == 0 || strcmp(text, "null") == 0)
            return json_null();
        if (strcmp(text, "true") == 0 || strcmp(text, "false") == 0)
            return json_boolean(*text == 't');
        if (is_integer(text, len))
            return json_integer(strtoll(text, NULL, 10));
    }
    value = json_stringn(text, len);
    if (value == NULL)
        refuse(r, node, "text that is no UTF-8");
    return value;
}

static json_t *convert(reading *r, int id, size_t depth);

static void add_pair(reading *r, json_t *object, const yaml_node_pair_t *pair, size_t depth)
{
    const yaml_node_t *key = yaml_document_get_node(&r->document, pair->key);
    const char *name;
    json_t *value;

    if (key->type != YAML_SCALAR_NODE ||
        strlen((const char *)key->data.scalar.value) != key->data.scalar.length) {
        refuse(r, key, "a key must be text");
        return;
    }
    name = (const char *)key->data.scalar.value;
    if (json_object_get(object, name) != NULL) {
        refuse(r, key, "this key stands twice");
        return;
    }
    value = convert(r, pair->value, depth);
    if (value != NULL && json_object_set_new(object, name, value) != 0)
        refuse(r, key, "a key that is no UTF-8");
}

/* NULL after a message. */
static json_t *convert(reading *r, int id, size_t depth)
{
    const yaml_node_t *node = yaml_document_get_node(&r->document, id);
    json_t *out;

    if (depth > MOST_DEPTH || ++r->nodes > MOST_NODES) {
        refuse(r, node, depth > MOST_DEPTH ? "too deep" : "too many values");
        return NULL;
    }
    if (node->type == YAML_SCALAR_NODE)
        return scalar(r, node);
    if (node->type == YAML_SEQUENCE_NODE) {
        out = json_array();
        for (yaml_node_item_t *at = node->data.sequence.items.start;
             at < node->data.sequence.items.top && !r->failed; at++)
            json_array_append_new(out, convert(r, *at, depth + 1));
    } else {
        out = json_object();
        for (yaml_node_pair_t *at = node->data.mapping.pairs.start;
             at < node->data.mapping.pairs.top && !r->failed; at++)
            add_pair(r, out, at, depth + 1);
    }
    return out;
}

/* ---- tests ----------------------------------------------------------------------------- */

/* {"x-user": "a", "x-many": ["b", "c"]} as the list of a request line. */
static void spell_headers(json_t *request)
{
    json_t *headers = json_object_get(request, "headers"), *list, *value, *each;
    const char *name;
    size_t i;

    if (!json_is_object(headers))
        return;
    list = json_array();
    json_object_foreach(headers, name, value)
    {
        if (!json_is_array(value))
            json_array_append_new(list, json_pack("[sO]", name, value));
        else
            json_array_foreach(value, i, each)
                json_array_append_new(list, json_pack("[sO]", name, each));
    }
    json_object_set_new(request, "headers", list);
}

static const char *unknown_member(const json_t *object, const char *const *known)
{
    const char *name;
    json_t *value;

    json_object_foreach((json_t *)(uintptr_t)object, name, value)
    {
        size_t i = 0;
        while (known[i] != NULL && strcmp(known[i], name) != 0)
            i++;
        if (known[i] == NULL)
            return name;
    }
    return NULL;
}

static const char *unknown_expectation(const json_t *expected)
{
    const char *name;
    json_t *value;

    json_object_foreach((json_t *)(uintptr_t)expected, name,
                        value) if (!test_is_expectation(name)) return name;
    return NULL;
}

/* Why it is no test; NULL: it is one. To be freed. */
static char *fault_of(const json_t *test)
{
    static const char *const members[] = {"name", "request", "expect", NULL};
    static const char *const asked[] = {"url",     "gateway",  "address", "port",   "sni",
                                        "mesh",    "protocol", "host",    "method", "path",
                                        "headers", "random",   NULL};
    const json_t *request = json_object_get(test, "request"),
                 *expected = json_object_get(test, "expect");
    const char *unknown;

    if (!json_is_object(test))
        return cli_format("a test is a mapping with name, request and expect");
    if ((unknown = unknown_member(test, members)) != NULL)
        return cli_format("%s is not a member of a test", unknown);
    if (!json_is_object(request) || !json_is_object(expected))
        return cli_format("a test has the mappings request and expect");
    if ((unknown = unknown_member(request, asked)) != NULL)
        return cli_format("request.%s is not a member of a request", unknown);
    if (json_object_size(expected) == 0)
        return cli_format("expect says nothing");
    if ((unknown = unknown_expectation(expected)) != NULL)
        return cli_format("expect.%s is not a member of a decision", unknown);
    if (json_object_get(test, "name") != NULL && !json_is_string(json_object_get(test, "name")))
        return cli_format("name must be text");
    if (json_object_get(request, "url") != NULL &&
        !json_is_string(json_object_get(request, "url")))
        return cli_format("request.url must be text");
    return NULL;
}

static void add_case(reading *r, const json_t *defaults, json_t *test, const yaml_node_t *node)
{
    test_suite *s = r->suite;
    json_t *request = json_copy((json_t *)(uintptr_t)defaults);
    const char *name = json_string_value(json_object_get(test, "name"));
    char *fault;

    if (json_is_object(test) && json_is_object(json_object_get(test, "request"))) {
        json_object_update(request, json_object_get(test, "request"));
        json_object_set(test, "request", request);
    }
    fault = fault_of(test);
    if (fault != NULL) {
        char *clean = cli_clean(cli_str(fault));
        refuse(r, node, clean);
        free(clean);
    } else {
        spell_headers(request);
        s->cases = cli_grow(s->cases, s->count + 1, sizeof *s->cases);
        s->cases[s->count++] = (test_case){
            .file = r->file,
            .line = node->start_mark.line + 1,
            .name = name != NULL ? cli_clean(cli_str(name))
                                 : cli_format("test at line %zu", node->start_mark.line + 1),
            .request = json_incref(request),
            .expected = json_incref(json_object_get(test, "expect"))};
    }
    free(fault);
    json_decref(request);
}

/* The node of a member of the root. */
static const yaml_node_t *member_node(reading *r, const yaml_node_t *root, const char *name)
{
    for (yaml_node_pair_t *at = root->data.mapping.pairs.start;
         at < root->data.mapping.pairs.top; at++) {
        const yaml_node_t *key = yaml_document_get_node(&r->document, at->key);
        if (key->type == YAML_SCALAR_NODE &&
            strcmp((const char *)key->data.scalar.value, name) == 0)
            return yaml_document_get_node(&r->document, at->value);
    }
    return NULL;
}

static void add_cases(reading *r, const yaml_node_t *root)
{
    static const char *const known[] = {"defaults", "tests", NULL};
    json_t *top = convert(r, 1, 0), *none = json_object();
    const json_t *tests = json_object_get(top, "tests");
    const json_t *defaults = json_object_get(top, "defaults");
    const yaml_node_t *list;

    if (r->failed) {
        /* It has been told. */
    } else if (!json_is_object(top) || !json_is_array(tests)) {
        refuse(r, root, "a test file is a mapping with the list tests");
    } else if (unknown_member(top, known) != NULL) {
        refuse(r, root, "a test file has the members defaults and tests");
    } else if (defaults != NULL && !json_is_object(defaults)) {
        refuse(r, root, "defaults must be a mapping");
    } else {
        list = member_node(r, root, "tests");
        for (size_t i = 0; i < json_array_size(tests) && !r->failed; i++)
            add_case(r, defaults != NULL ? defaults : none, json_array_get(tests, i),
                     yaml_document_get_node(&r->document, list->data.sequence.items.start[i]));
    }
    json_decref(none);
    json_decref(top);
}

static bool read_documents(reading *r, yaml_parser_t *parser)
{
    for (;;) {
        const yaml_node_t *root;
        if (!yaml_parser_load(parser, &r->document)) {
            if (parser->error == YAML_MEMORY_ERROR)
                cli_complain("out of memory");
            else
                cli_complain("%s:%zu: %s", r->file, parser->problem_mark.line + 1,
                             parser->problem != NULL ? parser->problem : "no YAML");
            return false;
        }
        root = yaml_document_get_root_node(&r->document);
        if (root != NULL)
            add_cases(r, root);
        yaml_document_delete(&r->document);
        if (root == NULL || r->failed)
            return !r->failed;
    }
}

bool test_read(test_suite *suite, const char *file)
{
    reading r = {.suite = suite, .file = file};
    cli_bytes bytes = {NULL, 0};
    yaml_parser_t parser;
    bool good;

    if (!cli_read(file, &bytes)) {
        cli_complain("%s: %s", file, strerror(errno));
        return false;
    }
    if (!yaml_parser_initialize(&parser)) {
        cli_complain("out of memory");
        free(bytes.data);
        return false;
    }
    yaml_parser_set_input_string(&parser, (const unsigned char *)bytes.data, bytes.len);
    good = read_documents(&r, &parser);
    yaml_parser_delete(&parser);
    free(bytes.data);
    return good;
}

void test_suite_free(test_suite *suite)
{
    for (size_t i = 0; i < suite->count; i++) {
        free(suite->cases[i].name);
        json_decref(suite->cases[i].request);
        json_decref(suite->cases[i].expected);
        cli_request_free(&suite->cases[i].asked);
        json_decref(suite->cases[i].decision);
        json_decref(suite->cases[i].differences);
        json_decref(suite->cases[i].explanation);
    }
    free(suite->cases);
}
