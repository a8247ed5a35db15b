#include "render_status.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "conditions.h"
#include "io.h"
#include "load.h"

/* One status being shown: its place in the topology and its JSON. */
typedef struct shown {
    cli_terminal *terminal;
    const gwapi_topology *topology;
    gwapi_object_ref ref;
    json_t *status;
    gwapi_gateway_info gateway; /* struct_size 0: it is none */
} shown;

typedef struct totals {
    size_t objects;
    size_t troubled; /* with a condition that is bad news */
} totals;

static const cli_style styles[] = {[CLI_STATE_GOOD] = CLI_GOOD,
                                   [CLI_STATE_BAD] = CLI_BAD,
                                   [CLI_STATE_OPEN] = CLI_WARN,
                                   [CLI_STATE_NEUTRAL] = CLI_DIM};

static const char *text(const json_t *object, const char *name)
{
    const char *value = json_string_value(json_object_get(object, name));

    return value != NULL ? value : "";
}

static bool same(gwapi_str a, gwapi_str b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

static char *joined(gwapi_str namespace_, gwapi_str name)
{
    return cli_format(
        "%.*s%s%.*s", (int)namespace_.len, namespace_.len != 0 ? namespace_.data : "",
        namespace_.len != 0 ? "/" : "", (int)name.len, name.len != 0 ? name.data : "");
}

/* ---- conditions ---- */

static cli_state state_of(const json_t *condition)
{
    return cli_condition_state(text(condition, "type"), text(condition, "status"),
                               text(condition, "reason"));
}

/* "Accepted", "not Programmed", "Conflicted" */
static char *short_condition(const json_t *condition)
{
    const char *status = text(condition, "status");

    return cli_format("%s%s",
                      strcmp(status, "False") == 0     ? "not "
                      : strcmp(status, "Unknown") == 0 ? "unknown whether "
                                                       : "",
                      text(condition, "type"));
}

/* Types that are False without bad news say nothing. */
static bool is_told(const json_t *condition)
{
    return state_of(condition) != CLI_STATE_NEUTRAL ||
           strcmp(text(condition, "status"), "True") == 0;
}

/* The worst of what the list says. */
static cli_state worst_state(const json_t *list)
{
    const json_t *condition;
    cli_state worst = CLI_STATE_GOOD;
    size_t i;

    json_array_foreach(list, i, condition)
    {
        cli_state state = state_of(condition);
        if (state == CLI_STATE_BAD || (state == CLI_STATE_OPEN && worst == CLI_STATE_GOOD))
            worst = state;
    }
    return worst;
}

/* On one line, in the table's last column: what is bad, or else everything. */
static char *short_conditions(const json_t *list, cli_style *style)
{
    const json_t *condition;
    cli_state worst = worst_state(list);
    char *out = cli_format("%s", "");
    size_t i;

    *style = styles[worst];
    json_array_foreach(list, i, condition)
    {
        cli_state state = state_of(condition);
        bool trouble = state == CLI_STATE_BAD || state == CLI_STATE_OPEN;
        char *one, *longer;
        if (!is_told(condition) || (worst == CLI_STATE_BAD && !trouble))
            continue;
        one = short_condition(condition);
        longer = cli_format("%s%s%s", out, *out != '\0' ? ", " : "", one);
        free(one);
        free(out);
        out = longer;
    }
    return out;
}

static void print_advice(cli_terminal *t, const char *advice)
{
    char *hint = advice != NULL ? cli_format("hint: %s", advice) : cli_format("%s", "");

    cli_print_wrapped(t, CLI_DIM, 6, cli_str(hint));
    free(hint);
}

/* What is wrong, why, and what to do. `where` is before it, may be "". Returns whether there
 * was something. */
static bool print_troubles(cli_terminal *t, const char *where, const json_t *list)
{
    const json_t *condition;
    bool any = false;
    size_t i;

    json_array_foreach(list, i, condition)
    {
        cli_state state = state_of(condition);
        const char *reason = text(condition, "reason"), *message = text(condition, "message");
        const char *advice = cli_condition_advice(reason);
        char *what = short_condition(condition);
        if (state == CLI_STATE_BAD || state == CLI_STATE_OPEN) {
            any = any || state == CLI_STATE_BAD;
            cli_print(t, styles[state], "  ! ");
            cli_print_str(t, CLI_PLAIN, cli_str(where));
            cli_print(t, CLI_PLAIN, "%s", *where != '\0' ? ": " : "");
            cli_print_str(t, styles[state], cli_str(what));
            cli_print(t, CLI_BOLD, " %s", reason);
            fputc('\n', t->file);
            cli_print_wrapped(t, CLI_PLAIN, 6, cli_str(message));
            print_advice(t, advice);
        }
        free(what);
    }
    return any;
}

/* ---- listeners ---- */

/* What the topology knows of the listener called `name` of this Gateway or ListenerSet. Those
 * of a Gateway stand together. */
static bool find_listener(const shown *s, const char *name, gwapi_topology_listener_info *out)
{
    bool own = s->gateway.struct_size != 0;
    size_t i = own ? s->gateway.first_listener : 0;
    size_t end =
        own ? i + s->gateway.listener_count : gwapi_topology_listener_count(s->topology);

    for (; i < end; i++) {
        *out = (gwapi_topology_listener_info){.struct_size = sizeof *out};
        if (gwapi_topology_listener_at(s->topology, i, out) == GWAPI_OK &&
            cli_is(out->name, name) &&
            (own ? out->listener_set.len == 0
                 : same(out->listener_set, s->ref.name) &&
                       same(out->listener_set_namespace, s->ref.namespace_)))
            return true;
    }
    return false;
}

static void add_listener(cli_table *table, const shown *s, const json_t *listener)
{
    gwapi_topology_listener_info info;
    bool known = find_listener(s, text(listener, "name"), &info);
    cli_style style;
    char *state = short_conditions(json_object_get(listener, "conditions"), &style);

    cli_table_add(table, CLI_BOLD, cli_format("%s", text(listener, "name")));
    cli_table_add(table, CLI_PLAIN,
                  known ? cli_format("%.*s", (int)info.protocol.len, info.protocol.data)
                        : cli_format("%s", ""));
    cli_table_add(table, CLI_PLAIN,
                  known ? cli_format("%u", (unsigned)info.port) : cli_format("%s", ""));
    cli_table_add(table, CLI_PLAIN,
                  known && info.hostname.len != 0
                      ? cli_format("%.*s", (int)info.hostname.len, info.hostname.data)
                      : cli_format("*"));
    cli_table_add(table, CLI_PLAIN,
                  cli_format("%lld", (long long)json_integer_value(
                                         json_object_get(listener, "attachedRoutes"))));
    cli_table_add(table, style, state);
}

static bool print_listeners(const shown *s)
{
    static const char *const titles[] = {"LISTENER", "PROTOCOL", "PORT",
                                         "HOSTNAME", "ROUTES",   "STATE"};
    const json_t *list = json_object_get(s->status, "listeners"), *listener;
    cli_table table;
    bool troubled = false;
    size_t i;

    if (json_array_size(list) == 0)
        return false;
    cli_table_init(&table, 2, 6, titles);
    json_array_foreach(list, i, listener) add_listener(&table, s, listener);
    cli_table_print(&table, s->terminal);
    json_array_foreach(list, i, listener) troubled |= print_troubles(
        s->terminal, text(listener, "name"), json_object_get(listener, "conditions"));
    return troubled;
}

/* ---- parents and ancestors ---- */

/* "Gateway infra/public, section https, port 443" */
static char *parent_name(const json_t *entry, const char *member, gwapi_str namespace_)
{
    const json_t *ref = json_object_get(entry, member);
    const char *kind = text(ref, "kind"), *section = text(ref, "sectionName");
    char *where = *text(ref, "namespace") != '\0'
                      ? cli_format("%s", text(ref, "namespace"))
                      : cli_format("%.*s", (int)namespace_.len, namespace_.data);
    char *port = json_object_get(ref, "port") != NULL
                     ? cli_format(", port %lld",
                                  (long long)json_integer_value(json_object_get(ref, "port")))
                     : cli_format("%s", "");
    char *out =
        cli_format("%s %s/%s%s%s%s", *kind != '\0' ? kind : "Gateway", where, text(ref, "name"),
                   *section != '\0' ? ", section " : "", section, port);

    free(where);
    free(port);
    return out;
}

static bool print_parents(const shown *s, const char *list_name, const char *member,
                          const char *title)
{
    const json_t *list = json_object_get(s->status, list_name), *entry;
    const char *const titles[] = {title, "STATE"};
    cli_table table;
    bool troubled = false;
    size_t i;

    if (json_array_size(list) == 0)
        return false;
    cli_table_init(&table, 2, 2, titles);
    json_array_foreach(list, i, entry)
    {
        cli_style style;
        char *state = short_conditions(json_object_get(entry, "conditions"), &style);
        cli_table_add(&table, CLI_PLAIN, parent_name(entry, member, s->ref.namespace_));
        cli_table_add(&table, style, state);
    }
    cli_table_print(&table, s->terminal);
    json_array_foreach(list, i, entry)
    {
        char *where = json_array_size(list) > 1 ? parent_name(entry, member, s->ref.namespace_)
                                                : cli_format("%s", "");
        troubled |= print_troubles(s->terminal, where, json_object_get(entry, "conditions"));
        free(where);
    }
    return troubled;
}

/* ---- one object ---- */

static void print_addresses(const shown *s)
{
    const json_t *address;
    size_t i;

    json_array_foreach(json_object_get(s->status, "addresses"), i, address)
    {
        cli_print(s->terminal, CLI_PLAIN, i == 0 ? "  at " : ", ");
        cli_print_str(s->terminal, CLI_PLAIN, cli_str(text(address, "value")));
    }
}

static void find_gateway(shown *s)
{
    size_t count = gwapi_topology_gateway_count(s->topology);

    for (size_t i = 0; cli_is(s->ref.kind, "Gateway") && i < count; i++) {
        gwapi_gateway_info info = {.struct_size = sizeof info};
        if (gwapi_topology_gateway_at(s->topology, i, &info) == GWAPI_OK &&
            same(info.name, s->ref.name) && same(info.namespace_, s->ref.namespace_)) {
            s->gateway = info;
            return;
        }
    }
}

static void print_head(const shown *s)
{
    const json_t *conditions = json_object_get(s->status, "conditions");
    char *name = joined(s->ref.namespace_, s->ref.name), *state;
    cli_style style;

    cli_print_str(s->terminal, CLI_ACCENT, s->ref.kind);
    cli_print(s->terminal, CLI_PLAIN, " ");
    cli_print_str(s->terminal, CLI_BOLD, cli_str(name));
    if (s->gateway.gateway_class.len != 0) {
        cli_print(s->terminal, CLI_DIM, "  class ");
        cli_print_str(s->terminal, CLI_DIM, s->gateway.gateway_class);
    }
    print_addresses(s);
    state = short_conditions(conditions, &style);
    if (*state != '\0') {
        cli_print(s->terminal, CLI_PLAIN, "  ");
        cli_print_str(s->terminal, style, cli_str(state));
    }
    fputc('\n', s->terminal->file);
    free(name);
    free(state);
}

/* A policy that no attached route leads to has no ancestor, and so nothing in its status. */
static void print_unused(const shown *s)
{
    static const char *const members[] = {"conditions", "listeners", "parents", "ancestors"};
    size_t count = 0;

    for (size_t i = 0; i < sizeof members / sizeof *members; i++)
        count += json_array_size(json_object_get(s->status, members[i]));
    if (count == 0)
        cli_print(s->terminal, CLI_DIM, "  no Gateway or route of ours makes use of it\n");
}

static bool print_object(const shown *s)
{
    bool troubled;

    print_head(s);
    print_unused(s);
    troubled = print_troubles(s->terminal, "", json_object_get(s->status, "conditions"));
    troubled |= print_listeners(s);
    troubled |= print_parents(s, "parents", "parentRef", "PARENT");
    troubled |= print_parents(s, "ancestors", "ancestorRef", "ANCESTOR");
    fputc('\n', s->terminal->file);
    return troubled;
}

/* ---- all of them ---- */

static int print_status(shown *s, size_t i, totals *sum)
{
    cli_bytes bytes = {NULL, 0};
    gwapi_sink sink = cli_bytes_sink(&bytes);
    gwapi_result result = gwapi_topology_status_write(s->topology, i, &sink);

    s->status =
        result == GWAPI_OK ? json_loadb(bytes.data, bytes.len, JSON_ALLOW_NUL, NULL) : NULL;
    free(bytes.data);
    if (s->status == NULL)
        return cli_failed("status", result != GWAPI_OK ? result : GWAPI_ESTATE);
    find_gateway(s);
    sum->objects++;
    sum->troubled += print_object(s);
    json_decref(s->status);
    return CLI_FINE;
}

/* Causes before effects. */
static const char *const order[] = {"GatewayClass", "Gateway",   "XListenerSet",
                                    "XMesh",        "HTTPRoute", "GRPCRoute",
                                    "TLSRoute",     "TCPRoute",  "UDPRoute"};

enum { ORDERED = sizeof order / sizeof *order };

static size_t rank(gwapi_str kind)
{
    size_t i = 0;

    while (i < ORDERED && !cli_is(kind, order[i]))
        i++;
    return i;
}

static void print_totals(cli_terminal *terminal, const totals *sum)
{
    char *objects = cli_count(sum->objects, "object", "objects");

    if (sum->objects == 0) {
        cli_print(terminal, CLI_WARN, "no object here gets a status from this controller\n");
    } else {
        cli_print(terminal, CLI_BOLD, "%s with a status", objects);
        if (sum->troubled != 0)
            cli_print(terminal, CLI_BAD, "; %zu with a problem\n", sum->troubled);
        else
            cli_print(terminal, CLI_GOOD, "; all is well\n");
    }
    free(objects);
}

int cli_render_status(cli_terminal *terminal, const gwapi_topology *topology, bool quiet)
{
    size_t count = gwapi_topology_status_count(topology);
    totals sum = {0, 0};
    int status = CLI_FINE;

    for (size_t wanted = 0; wanted <= ORDERED; wanted++)
        for (size_t i = 0; i < count; i++) {
            shown s = {.terminal = terminal, .topology = topology};
            s.ref = (gwapi_object_ref)GWAPI_OBJECT_REF_INIT;
            if (gwapi_topology_status_at(topology, i, &s.ref) == GWAPI_OK &&
                rank(s.ref.kind) == wanted)
                status = cli_worse(status, print_status(&s, i, &sum));
        }
    if (!quiet)
        print_totals(terminal, &sum);
    return status;
}
