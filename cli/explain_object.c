#include "explain_object.h"

#include <gatewayapi/attachment.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "conditions.h"
#include "io.h"
#include "load.h"
#include "render_human.h"
#include "resolve.h"

static size_t slashes(const char *text)
{
    size_t count = 0;

    for (; *text != '\0'; text++)
        count += *text == '/';
    return count;
}

bool cli_is_object(const char *topic)
{
    size_t count = slashes(topic);

    return *topic >= 'A' && *topic <= 'Z' && (count == 1 || count == 2) &&
           topic[strlen(topic) - 1] != '/';
}

static gwapi_object_ref parse_object(const char *topic)
{
    gwapi_object_ref ref = GWAPI_OBJECT_REF_INIT;
    const char *first = strchr(topic, '/'), *last = strrchr(topic, '/');

    ref.kind = (gwapi_str){topic, (size_t)(first - topic)};
    ref.namespace_ =
        last != first ? (gwapi_str){first + 1, (size_t)(last - first - 1)} : (gwapi_str){"", 0};
    ref.name = cli_str(last + 1);
    return ref;
}

/* ---- for people: from the JSON, which has everything ----------------------------------- */

static const char *text(const json_t *object, const char *name)
{
    const char *value = json_string_value(json_object_get(object, name));

    return value != NULL ? value : "";
}

/* "HTTPRoute shop/cart" */
static char *who(const json_t *ref)
{
    const char *namespace_ = text(ref, "namespace");

    return cli_format("%s %s%s%s", text(ref, "kind"), namespace_,
                      *namespace_ != '\0' ? "/" : "", text(ref, "name"));
}

static void print_clean(cli_terminal *t, cli_style style, char *owned)
{
    cli_print_str(t, style, cli_str(owned));
    free(owned);
}

static void print_title(cli_terminal *t, const char *title, const json_t *list)
{
    if (json_array_size(list) != 0)
        cli_print(t, CLI_DIM, "\n%s\n", title);
}

/* "! not Programmed Invalid", and why. */
static void print_condition(cli_terminal *t, int indent, const json_t *c)
{
    static const cli_style styles[] = {[CLI_STATE_GOOD] = CLI_GOOD,
                                       [CLI_STATE_BAD] = CLI_BAD,
                                       [CLI_STATE_OPEN] = CLI_WARN,
                                       [CLI_STATE_NEUTRAL] = CLI_DIM};
    const char *type = text(c, "type"), *status = text(c, "status");
    const char *reason = text(c, "reason");
    cli_state state = cli_condition_state(type, status, reason);
    const char *advice =
        state == CLI_STATE_BAD || state == CLI_STATE_OPEN ? cli_condition_advice(reason) : NULL;
    const char *word = strcmp(status, "False") == 0     ? "not "
                       : strcmp(status, "Unknown") == 0 ? "unknown whether "
                                                        : "";
    const char *mark = state == CLI_STATE_NEUTRAL ? "-" : "!";

    fprintf(t->file, "%*s", indent, "");
    print_clean(t, styles[state], cli_format("%s %s%s", mark, word, type));
    if (strcmp(reason, type) != 0)
        print_clean(t, CLI_BOLD, cli_format(" %s", reason));
    fputc('\n', t->file);
    cli_print_wrapped(t, CLI_PLAIN, (size_t)indent + 4, cli_str(text(c, "message")));
    if (advice != NULL) {
        char *hint = cli_format("hint: %s", advice);
        cli_print_wrapped(t, CLI_DIM, (size_t)indent + 4, cli_str(hint));
        free(hint);
    }
}

static bool is_good(const json_t *c)
{
    return cli_condition_state(text(c, "type"), text(c, "status"), text(c, "reason")) ==
           CLI_STATE_GOOD;
}

/* The good news on one line, the others with what they say. */
static void print_conditions(cli_terminal *t, int indent, const json_t *holder)
{
    const json_t *condition, *list = json_object_get(holder, "conditions");
    size_t i, good = 0;

    json_array_foreach(list, i, condition)
    {
        if (!is_good(condition))
            continue;
        fprintf(t->file, "%*s", good == 0 ? indent : 0, "");
        print_clean(t, CLI_GOOD,
                    cli_format("%s%s", good++ == 0 ? "+ " : ", ", text(condition, "type")));
    }
    if (good != 0)
        fputc('\n', t->file);
    json_array_foreach(list, i, condition) if (!is_good(condition))
        print_condition(t, indent, condition);
}

/* ---- routes ---------------------------------------------------------------------------- */

/* Why an attached route is there: for which hosts. */
static char *hostnames_text(const json_t *candidate)
{
    const json_t *name, *names = json_object_get(candidate, "hostnames");
    char *out = cli_format("%s", json_array_size(names) == 0 ? "for any host" : "for ");
    size_t i;

    json_array_foreach(names, i, name)
    {
        char *longer = cli_format("%s%s%s", out, i != 0 ? ", " : "", json_string_value(name));
        free(out);
        out = longer;
    }
    return out;
}

static void add_candidate(cli_table *table, const json_t *c)
{
    const json_t *listener = json_object_get(c, "listener");
    const json_t *place = listener != NULL ? listener : json_object_get(c, "servicePort");
    const char *set = text(place, "listenerSet"), *hostname = text(place, "hostname");
    bool attached = strcmp(text(c, "verdict"), "attached") == 0;
    bool served = json_is_true(json_object_get(c, "served"));

    cli_table_add(table,
                  !attached ? CLI_BAD
                  : served  ? CLI_GOOD
                            : CLI_WARN,
                  cli_format("%s", !attached ? "rejected"
                                   : served  ? "attached"
                                             : "not served"));
    cli_table_add(table, CLI_BOLD,
                  cli_format("%s%s%s", text(place, "name"), *set != '\0' ? " of " : "", set));
    cli_table_add(table, CLI_PLAIN,
                  cli_format("%s%s%lld", text(place, "protocol"),
                             listener != NULL ? " " : "port ",
                             (long long)json_integer_value(json_object_get(place, "port"))));
    cli_table_add(table, CLI_PLAIN, cli_format("%s", *hostname != '\0' ? hostname : "*"));
    cli_table_add(table, CLI_WARN, cli_format("%s", text(c, "by")));
    cli_table_add(table, CLI_PLAIN,
                  attached && served
                      ? listener != NULL ? hostnames_text(c) : cli_format("%s", "")
                      : cli_format("%s", text(c, "message")));
}

static void print_candidates(cli_terminal *t, const json_t *explanation, size_t parent)
{
    static const char *const titles[] = {"", "LISTENER", "PORT", "HOSTNAME", "BY", "WHY"};
    const json_t *candidate;
    cli_table table;
    size_t i, count = 0;

    json_array_foreach(
        json_object_get(explanation, "candidates"), i,
        candidate) if (json_integer_value(json_object_get(candidate, "parent")) ==
                       (json_int_t)parent)
    {
        if (count++ == 0)
            cli_table_init(&table, 4, 6, titles);
        add_candidate(&table, candidate);
    }
    if (count != 0)
        cli_table_print(&table, t);
}

static void print_parent(cli_terminal *t, const json_t *explanation, size_t i,
                         const json_t *parent)
{
    const json_t *ref = json_object_get(parent, "parentRef"),
                 *port = json_object_get(ref, "port");

    fputs(i != 0 ? "\n  " : "  ", t->file);
    print_clean(t, CLI_BOLD, who(ref));
    if (*text(ref, "sectionName") != '\0')
        print_clean(t, CLI_PLAIN, cli_format(", section %s", text(ref, "sectionName")));
    if (port != NULL)
        cli_print(t, CLI_PLAIN, ", port %lld", (long long)json_integer_value(port));
    if (json_is_true(json_object_get(parent, "default")))
        cli_print(t, CLI_ACCENT, "  (a default Gateway: spec.useDefaultGateways asks for it)");
    fputc('\n', t->file);
    if (strcmp(text(parent, "verdict"), "notOurs") == 0) {
        cli_print(t, CLI_BAD, "    ! no status is written for it\n");
        cli_print_wrapped(t, CLI_PLAIN, 8, cli_str(text(parent, "message")));
    }
    print_conditions(t, 4, parent);
    print_candidates(t, explanation, i);
}

/* ---- the other kinds ------------------------------------------------------------------- */

static void print_listener(cli_terminal *t, size_t i, const json_t *listener)
{
    const char *set = text(listener, "listenerSet"), *hostname = text(listener, "hostname");
    const json_t *route, *routes = json_object_get(listener, "routes");
    size_t k;

    fputs(i != 0 ? "\n  " : "  ", t->file);
    print_clean(t, CLI_BOLD, cli_format("%s", text(listener, "name")));
    print_clean(t, CLI_PLAIN,
                cli_format("  %s %lld  %s", text(listener, "protocol"),
                           (long long)json_integer_value(json_object_get(listener, "port")),
                           *hostname != '\0' ? hostname : "*"));
    if (*set != '\0')
        print_clean(t, CLI_DIM, cli_format("  of ListenerSet %s", set));
    fputc('\n', t->file);
    print_conditions(t, 4, listener);
    if (json_is_true(json_object_get(listener, "programmed")) &&
        !json_is_true(json_object_get(listener, "served")))
        cli_print(t, CLI_WARN, "    ! its Gateway or ListenerSet keeps it from serving\n");
    json_array_foreach(routes, k, route)
    {
        cli_print(t, CLI_DIM, "    takes ");
        print_clean(t, CLI_PLAIN, who(route));
        fputc('\n', t->file);
    }
    if (json_array_size(routes) == 0)
        cli_print(t, CLI_DIM, "    takes no route\n");
}

static void print_target(cli_terminal *t, const json_t *target)
{
    static const struct {
        const char *state, *says;
        cli_style style;
    } states[] = {
        {"applies", "the policy applies", CLI_GOOD},
        {"missing", "it does not exist, or has no such section", CLI_BAD},
        {"unfit", "TLS cannot be used on a UDP port", CLI_BAD},
        {"lost", "an older policy has it: ", CLI_BAD},
    };
    const json_t *ref = json_object_get(target, "targetRef");

    fputs("  ", t->file);
    print_clean(t, CLI_BOLD, who(ref));
    if (*text(ref, "sectionName") != '\0')
        print_clean(t, CLI_PLAIN, cli_format(", section %s", text(ref, "sectionName")));
    for (size_t i = 0; i < sizeof states / sizeof *states; i++)
        if (strcmp(text(target, "state"), states[i].state) == 0)
            print_clean(t, states[i].style,
                        cli_format("  %s%s", states[i].says, text(target, "winner")));
    fputc('\n', t->file);
}

static void print_ancestor(cli_terminal *t, const json_t *ancestor)
{
    fputs("  ", t->file);
    print_clean(t, CLI_BOLD, who(json_object_get(ancestor, "ancestorRef")));
    print_clean(t, CLI_DIM, cli_format("  by %s", text(ancestor, "controllerName")));
    fputc('\n', t->file);
    print_conditions(t, 4, ancestor);
}

/* Lines as they are, indented. */
static void print_manifest(cli_terminal *t, const char *manifest)
{
    while (*manifest != '\0') {
        size_t len = strcspn(manifest, "\n");
        fputs("  ", t->file);
        cli_print_str(t, CLI_PLAIN, (gwapi_str){manifest, len});
        fputc('\n', t->file);
        manifest += len + (manifest[len] == '\n');
    }
}

static void print_grants(cli_terminal *t, const json_t *grants)
{
    const json_t *grant;
    size_t i;

    json_array_foreach(grants, i, grant)
    {
        char *to = who(json_object_get(grant, "to"));
        cli_print(t, CLI_DIM, "\nA ReferenceGrant for ");
        cli_print_str(t, CLI_BOLD, cli_str(to));
        cli_print(t, CLI_DIM, " is missing; this one would do\n");
        print_manifest(t, text(grant, "manifest"));
        free(to);
    }
}

static void print_explanation(cli_terminal *t, const json_t *e)
{
    const json_t *item;
    size_t i;

    print_clean(t, CLI_BOLD, who(e));
    fputc('\n', t->file);
    if (json_object_get(e, "noStatus") != NULL) {
        cli_print(t, CLI_WARN, "  ! it gets no status from this controller\n");
        cli_print_wrapped(t, CLI_PLAIN, 6, cli_str(text(e, "noStatus")));
    }
    print_conditions(t, 2, e);
    print_title(t, "Parents", json_object_get(e, "parents"));
    json_array_foreach(json_object_get(e, "parents"), i, item) print_parent(t, e, i, item);
    print_title(t, "Listeners", json_object_get(e, "listeners"));
    json_array_foreach(json_object_get(e, "listeners"), i, item) print_listener(t, i, item);
    print_title(t, "Targets", json_object_get(e, "targets"));
    json_array_foreach(json_object_get(e, "targets"), i, item) print_target(t, item);
    print_title(t, "Ancestors", json_object_get(e, "ancestors"));
    json_array_foreach(json_object_get(e, "ancestors"), i, item) print_ancestor(t, item);
    print_grants(t, json_object_get(e, "missingGrants"));
}

/* ---- the command ----------------------------------------------------------------------- */

static int write_one(const cli_load *load, const cli_bytes *json, const cli_destination *to)
{
    cli_output out;
    cli_terminal terminal;

    if (!cli_output_open(&out, to->file, false))
        return CLI_USAGE;
    if (to->form == CLI_FORM_JSON) {
        fwrite(json->data, 1, json->len, out.file);
    } else {
        json_t *explanation = json_loadb(json->data, json->len, JSON_ALLOW_NUL, NULL);
        cli_terminal_init(&terminal, out.file, (cli_colour)load->options->colour);
        print_explanation(&terminal, explanation);
        json_decref(explanation);
    }
    return cli_output_close(&out, true) ? CLI_FINE : CLI_USAGE;
}

static int explain(cli_load *load, gwapi_attachment **out)
{
    const cli_options *options = load->options;
    gwapi_object_ref ref = parse_object(options->object);
    gwapi_result result = GWAPI_OK;
    cli_resolving how;
    int status = cli_resolving_init(&how, options);

    if (status == CLI_FINE)
        result =
            gwapi_attachment_explain(out, load->resources, &how.options, &ref, load->report);
    cli_resolving_free(&how);
    if (status != CLI_FINE)
        return status;
    if (result == GWAPI_ENOTFOUND) {
        cli_complain("explain: %s is not in the input", options->object);
        return CLI_USAGE;
    }
    return cli_failed("explain", result);
}

static int write_all(const cli_load *load, const gwapi_attachment *attachment)
{
    const cli_options *options = load->options;
    cli_bytes json = {NULL, 0};
    gwapi_sink sink = cli_bytes_sink(&json);
    int status = cli_failed("explain", gwapi_attachment_write(attachment, &sink));

    for (size_t i = 0; status < CLI_USAGE && i < options->destination_count; i++)
        status = cli_worse(status, write_one(load, &json, &options->destinations[i]));
    free(json.data);
    return status;
}

int cli_explain_object(const cli_options *options)
{
    gwapi_attachment *attachment = NULL;
    cli_load load;
    int status = cli_load_open(&load, options, 0);

    if (status == CLI_FINE) {
        cli_load_read(&load, GWAPI_READ_WARN_REPLACED, NULL, NULL);
        status = load.status;
        if (status == CLI_FINE)
            status = explain(&load, &attachment);
        cli_show_diagnostics(load.report, options);
        status = cli_worse(status, cli_load_status(&load));
        if (attachment != NULL)
            status = cli_worse(status, write_all(&load, attachment));
    }
    gwapi_attachment_free(attachment);
    cli_load_close(&load);
    return status;
}
