/* gatewayapi explain: what is a rule, a field about? Objects: explain_object.c. */
#include <gatewayapi/explain.h>

#include "explain_object.h"
#include "io.h"
#include "load.h"
#include "manual.h"
#include "memory.h"
#include "render_human.h"

/* ---- for people ------------------------------------------------------------------------ */

static void print_title(cli_terminal *t, const char *title)
{
    cli_print(t, CLI_DIM, "\n%s\n", title);
}

/* Lines as they are, indented. */
static void print_block(cli_terminal *t, const char *title, gwapi_str text)
{
    if (text.len == 0)
        return;
    print_title(t, title);
    while (text.len != 0) {
        size_t len = 0;
        while (len < text.len && text.data[len] != '\n')
            len++;
        fputs("  ", t->file);
        cli_print_str(t, CLI_PLAIN, (gwapi_str){text.data, len});
        fputc('\n', t->file);
        len += len < text.len;
        text = (gwapi_str){text.data + len, text.len - len};
    }
}

static void print_list(cli_terminal *t, const char *title, size_t count,
                       gwapi_str (*at)(const gwapi_explanation *, size_t),
                       const gwapi_explanation *e)
{
    if (count != 0)
        print_title(t, title);
    for (size_t i = 0; i < count; i++) {
        fputs("  ", t->file);
        cli_print_str(t, CLI_PLAIN, at(e, i));
        fputc('\n', t->file);
    }
}

static const char *channel_name(gwapi_channel channel)
{
    return channel == GWAPI_CHANNEL_EXPERIMENTAL ? "experimental" : "standard";
}

static void print_rule(cli_terminal *t, const gwapi_explanation *e)
{
    gwapi_schema_rule_info r = {.struct_size = sizeof r};

    gwapi_explanation_rule(e, &r);
    cli_print(t, CLI_BOLD, "%.*s", (int)r.id.len, r.id.data);
    if (r.channel != 0)
        cli_print(t, CLI_WARN, "  only in the %s channel", channel_name(r.channel));
    fputc('\n', t->file);
    cli_print_wrapped(t, CLI_PLAIN, 2, r.message);
    if (r.why.len != 0)
        print_title(t, "Why");
    cli_print_wrapped(t, CLI_PLAIN, 2, r.why);
    print_list(t, "Where", gwapi_explanation_place_count(e), gwapi_explanation_place_at, e);
    print_block(t, "Rule", r.expression);
    print_block(t, "What to do", r.hint);
    print_block(t, r.update ? "Wrong, as an update of the right one" : "Wrong", r.wrong);
    print_block(t, "Right", r.right);
}

static void print_members(cli_terminal *t, const gwapi_explanation *e)
{
    size_t count = gwapi_explanation_member_count(e);
    cli_table table;

    if (count == 0)
        return;
    print_title(t, "Fields");
    cli_table_init(&table, 2, 4, NULL);
    for (size_t i = 0; i < count; i++) {
        gwapi_schema_field_info f = {.struct_size = sizeof f};
        gwapi_explanation_member_at(e, i, &f);
        bool experimental = f.channel == GWAPI_CHANNEL_EXPERIMENTAL;
        cli_table_add(&table, CLI_ACCENT, cli_format("%.*s", (int)f.path.len, f.path.data));
        cli_table_add(&table, CLI_PLAIN, cli_format("%.*s", (int)f.type.len, f.type.data));
        cli_table_add(&table, experimental ? CLI_WARN : CLI_DIM,
                      cli_format("%s%s%s", f.required ? "required" : "",
                                 f.required && experimental ? ", " : "",
                                 experimental ? "experimental" : ""));
        cli_table_add(&table, CLI_DIM,
                      cli_format("%.*s", (int)f.description.len,
                                 f.description.len != 0 ? f.description.data : ""));
    }
    cli_table_print(&table, t);
}

static void print_fact(cli_terminal *t, const char *name, gwapi_str value)
{
    if (value.len == 0)
        return;
    cli_print(t, CLI_DIM, "  %-9s", name);
    cli_print_str(t, CLI_PLAIN, value);
    fputc('\n', t->file);
}

static void print_field(cli_terminal *t, const gwapi_explanation *e)
{
    gwapi_schema_field_info f = {.struct_size = sizeof f};

    gwapi_explanation_field(e, &f);
    cli_print(t, CLI_BOLD, "%.*s", (int)f.path.len, f.path.data);
    cli_print(t, CLI_DIM, "  %.*s\n", (int)f.api_version.len, f.api_version.data);
    cli_print_wrapped(t, CLI_PLAIN, 2, f.description);
    fputc('\n', t->file);
    print_fact(t, "type", f.type);
    print_fact(t, "default", f.default_value);
    print_fact(t, "required", cli_str(f.required ? "yes" : "no"));
    print_fact(t, "channel", cli_str(channel_name(f.channel)));
    print_fact(t, "feature", f.feature);
    if (f.gep != 0)
        cli_print(t, CLI_PLAIN, "  GEP      https://gateway-api.sigs.k8s.io/geps/gep-%u/\n",
                  (unsigned)f.gep);
    print_list(t, "Values", gwapi_explanation_limit_count(e), gwapi_explanation_limit_at, e);
    print_list(t, "Rules", gwapi_explanation_rule_count(e), gwapi_explanation_rule_at, e);
    print_members(t, e);
}

static void print_human(const gwapi_explanation *e, const cli_options *options, FILE *file)
{
    cli_terminal terminal;

    cli_terminal_init(&terminal, file, (cli_colour)options->colour);
    if (gwapi_explanation_topic(e) == GWAPI_TOPIC_RULE)
        print_rule(&terminal, e);
    else
        print_field(&terminal, e);
}

/* ---- the command ----------------------------------------------------------------------- */

/* `written`: has anything been printed that this is to stand apart from? */
static int explain_one(const cli_load *load, const char *topic, cli_form form, cli_output *out,
                       bool *written)
{
    gwapi_explanation *e;
    gwapi_result result;

    result = gwapi_schema_explain(&e, load->schema, cli_str(topic), load->report);
    if (result == GWAPI_ENOTFOUND)
        return CLI_FINDINGS;
    if (result != GWAPI_OK)
        return cli_failed("explain", result);
    if (form == CLI_FORM_JSON) {
        gwapi_sink sink = cli_output_sink(out);
        result = gwapi_explanation_write(e, &sink);
    } else {
        fputs(*written ? "\n" : "", out->file);
        print_human(e, load->options, out->file);
    }
    *written = true;
    gwapi_explanation_free(e);
    return result == GWAPI_ECALLBACK ? CLI_USAGE : cli_failed("explain", result);
}

static void list_rules(const gwapi_schema *schema, FILE *out)
{
    for (size_t i = 0; i < gwapi_schema_rule_count(schema); i++) {
        gwapi_str id = gwapi_schema_rule_at(schema, i);
        fprintf(out, "%.*s\n", (int)id.len, id.data);
    }
}

static int write_topics(const cli_load *load, cli_form form, cli_output *out)
{
    const cli_list *topics = &load->options->paths;
    int status = CLI_FINE;
    bool written = false;

    if (form == CLI_FORM_MAN)
        return cli_manual_write(load->schema, out->file);
    if (topics->count == 0)
        list_rules(load->schema, out->file);
    for (size_t i = 0; i < topics->count; i++)
        status = cli_worse(status, explain_one(load, topics->items[i], form, out, &written));
    return status;
}

static int write_one(const cli_load *load, const cli_destination *to)
{
    cli_output out;

    if (!cli_output_open(&out, to->file, false))
        return CLI_USAGE;
    int status = write_topics(load, to->form, &out);
    return cli_output_close(&out, status < CLI_USAGE) ? status : cli_worse(status, CLI_USAGE);
}

int cli_explain(const cli_options *options)
{
    cli_load load;

    if (options->object != NULL)
        return cli_explain_object(options);
    int status = cli_load_open(&load, options, 0);

    for (size_t i = 0; status < CLI_USAGE && i < options->destination_count; i++)
        status = cli_worse(status, write_one(&load, &options->destinations[i]));
    if (status == CLI_FINDINGS)
        cli_show_diagnostics(load.report, options);
    cli_load_close(&load);
    return status == CLI_FINDINGS ? CLI_USAGE : status;
}
