/*
 * celrun [MINOR] < EXPRESSIONS: an expression a line; for each a JSON line with its type, the
 * estimated and the actual cost, and its value or error; or its issues. To compare with another
 * implementation at random. A line {"e":"…","container":"…","variables":[{"name":"…","value":"…"}]}
 * gives the expression as a JSON string, the container of its names, and variables by
 * expressions for their values, of which each has the type.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/slice.h"
#include "cel/render.h"
#include "cel/type.h"
#include "doc/stream.h"

#define MAX_VARIABLES 16

typedef struct celrun {
    gwapi_allocator allocator;
    gwapi__cel_variable variables[MAX_VARIABLES];
    gwapi__cel_value variable_values[MAX_VARIABLES];
    const gwapi__cel_program *variable_programs[MAX_VARIABLES];
    gwapi__arena program, values;
    gwapi__cel_context context;
    gwapi__cel_environment environment;
    gwapi__text out;
} celrun;

static void print_issues(celrun *r, const gwapi__cel_issue *issue, bool *first)
{
    gwapi__json_key(&r->out, first, "issues");
    gwapi__text_char(&r->out, '[');
    for (bool begin = true; issue != NULL; issue = issue->next) {
        gwapi__json_comma(&r->out, &begin);
        gwapi__text_json(&r->out, issue->message);
    }
    gwapi__text_char(&r->out, ']');
}

static void print_type(celrun *r, const gwapi__cel_program *program, bool *first)
{
    gwapi__text type;
    gwapi__cel_range range;

    gwapi__text_init(&type, &r->allocator);
    gwapi__cel_type_write(&type, gwapi__cel_program_type(program));
    gwapi__json_str(&r->out, first, "type", gwapi__text_str(&type));
    gwapi__text_free(&type);
    if (gwapi__cel_estimate_cost(&range, program, &r->values) != GWAPI_OK)
        exit(1);
    gwapi__json_key(&r->out, first, "estimate");
    gwapi__text_char(&r->out, '[');
    gwapi__text_u64(&r->out, range.min);
    gwapi__text_char(&r->out, ',');
    gwapi__text_u64(&r->out, range.max);
    gwapi__text_char(&r->out, ']');
}

static void print_value(celrun *r, const gwapi__cel_program *program, bool *first)
{
    gwapi__cel_value value;
    gwapi__text text;

    if (gwapi__cel_eval(&value, program, r->variable_values, &r->context) != GWAPI_OK)
        exit(1);
    gwapi__json_u64(&r->out, first, "cost", r->context.cost);
    gwapi__text_init(&text, &r->allocator);
    render(&text, &r->context, &value);
    gwapi__json_str(&r->out, first, value.kind == GWAPI__CEL_ERROR ? "error" : "value",
                    gwapi__text_str(&text));
    gwapi__text_free(&text);
}

static void run(celrun *r, gwapi_str expression)
{
    const gwapi__cel_program *program = NULL;
    const gwapi__cel_issue *issues;
    bool first = true;

    gwapi__text_char(&r->out, '{');
    gwapi__json_str(&r->out, &first, "expr", expression);
    gwapi_result result =
        gwapi__cel_compile(&program, &r->program, &r->environment, expression, &issues);
    if (result == GWAPI_ENOMEM)
        exit(1);
    if (result != GWAPI_OK) {
        print_issues(r, issues, &first);
    } else {
        print_type(r, program, &first);
        print_value(r, program, &first);
    }
    gwapi__text_addz(&r->out, "}\n");
    fwrite(r->out.data, 1, r->out.len, stdout);
    gwapi__text_cut(&r->out, 0);
    gwapi__cel_program_release(program);
    for (uint32_t i = 0; i < r->environment.variable_count; i++)
        gwapi__cel_program_release(r->variable_programs[i]);
    r->environment.variable_count = 0;
    gwapi__arena_reset(&r->program);
    gwapi__arena_reset(&r->values);
}

static void define(celrun *r, gwapi_str name, gwapi_str expression)
{
    const gwapi__cel_environment plain = {.minor = r->environment.minor};
    const gwapi__cel_issue *issues;
    uint32_t i = r->environment.variable_count;

    if (i == MAX_VARIABLES ||
        gwapi__cel_compile(&r->variable_programs[i], &r->program, &plain, expression, &issues) !=
            GWAPI_OK ||
        gwapi__cel_eval(&r->variable_values[i], r->variable_programs[i], NULL, &r->context) !=
            GWAPI_OK) {
        fprintf(stderr, "celrun: can not define %.*s\n", GWAPI__FMT(name));
        exit(1);
    }
    r->variables[i] = (gwapi__cel_variable){
        .name = name, .type = gwapi__cel_program_type(r->variable_programs[i])};
    r->environment.variable_count++;
}

/* The expression of a line that is a JSON object. */
static gwapi_str unwrap(celrun *r, gwapi_str line)
{
    gwapi__stream *stream;
    gwapi__doc doc = {0};
    bool more;

    if (!gwapi__str_starts(line, GWAPI__STR("{\"e\":")))
        return line;
    if (gwapi__stream_open(&stream, &r->allocator, line, GWAPI_FORMAT_JSON, NULL) != GWAPI_OK ||
        gwapi__stream_next(stream, &r->values, &doc, &more) != GWAPI_OK)
        exit(1);
    gwapi_str expression = gwapi__node_get_str(doc.root, GWAPI__STR("e"));
    const gwapi__node *variables = gwapi__node_get(doc.root, GWAPI__STR("variables"));
    r->environment.container = gwapi__node_get_str(doc.root, GWAPI__STR("container"));
    for (uint32_t i = 0; variables != NULL && i < variables->as.list.count; i++) {
        const gwapi__node *variable = variables->as.list.items[i];
        define(r, gwapi__node_get_str(variable, GWAPI__STR("name")),
               gwapi__node_get_str(variable, GWAPI__STR("value")));
    }
    gwapi__stream_close(stream);
    return gwapi__str_present(expression) ? expression : line;
}

int main(int argc, char **argv)
{
    static char line[1 << 20];
    celrun r = {.environment = {.minor = argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 10) : 34}};

    if (gwapi__allocator_init(&r.allocator, NULL) != GWAPI_OK)
        return 1;
    gwapi__arena_init(&r.program, &r.allocator);
    gwapi__arena_init(&r.values, &r.allocator);
    gwapi__cel_context_init(&r.context, &r.values, &r.allocator);
    gwapi__text_init(&r.out, &r.allocator);
    r.environment.variables = r.variables;
    while (fgets(line, sizeof line, stdin) != NULL)
        run(&r, unwrap(&r, gwapi__str(line, strcspn(line, "\n"))));
    gwapi__text_free(&r.out);
    gwapi__cel_context_free(&r.context);
    gwapi__arena_free(&r.program);
    gwapi__arena_free(&r.values);
    return 0;
}
