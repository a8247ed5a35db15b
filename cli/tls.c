/* gatewayapi tls: the TLS policy in force for a backend or a listener port. */
#include <gatewayapi/topology.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "io.h"
#include "load.h"
#include "options_value.h"
#include "render_human.h"
#include "resolve.h"
#include "snapshot.h"
#include "terminal.h"
#include "tls_connect.h"

/* ---- for people: from the JSON, which has everything ---- */

static const char *text(const json_t *object, const char *name)
{
    const char *value = json_string_value(json_object_get(object, name));

    return value != NULL ? value : "";
}

static void print_owned(cli_terminal *t, cli_style style, char *owned)
{
    cli_print_str(t, style, cli_str(owned));
    free(owned);
}

static void print_row(cli_terminal *t, const char *title, char *owned)
{
    cli_print(t, CLI_DIM, "  %-13s", title);
    print_owned(t, CLI_PLAIN, owned);
    fputc('\n', t->file);
}

/* What is joined grows at the end. Takes `item`. */
static char *joined(char *list, char *item)
{
    char *longer = list != NULL ? cli_format("%s, %s", list, item) : item;

    if (list != NULL)
        free(item);
    free(list);
    return longer;
}

static char *object_name(const json_t *ref)
{
    return cli_format("%s/%s", text(ref, "namespace"), text(ref, "name"));
}

static char *bundle_name(const json_t *ref)
{
    return cli_format("%s %s/%s", text(ref, "kind"), text(ref, "namespace"), text(ref, "name"));
}

static char *subject_name(const json_t *name)
{
    const char *uri = text(name, "uri");

    return *uri != '\0' ? cli_format("URI %s", uri)
                        : cli_format("DNS %s", text(name, "hostname"));
}

static char *gateway_name(const json_t *gateway)
{
    const json_t *certificate = json_object_get(gateway, "clientCertificate");
    const char *reason = text(gateway, "reason");

    if (*reason != '\0')
        return cli_format("%s (%s)", text(gateway, "gateway"), reason);
    if (certificate == NULL)
        return cli_format("%s", text(gateway, "gateway"));
    return cli_format("%s (presents %s/%s)", text(gateway, "gateway"),
                      text(certificate, "namespace"), text(certificate, "name"));
}

static void print_list(cli_terminal *t, const char *title, const json_t *list,
                       char *(*name)(const json_t *item))
{
    const json_t *item;
    char *all = NULL;
    size_t i;

    json_array_foreach(list, i, item) all = joined(all, name(item));
    if (all != NULL)
        print_row(t, title, all);
}

static void print_options(cli_terminal *t, const json_t *options)
{
    const char *key;
    const json_t *value;
    char *all = NULL;

    json_object_foreach((json_t *)(uintptr_t)options, key, value) all =
        joined(all, cli_format("%s=%s", key, json_string_value(value)));
    if (all != NULL)
        print_row(t, "options", all);
}

/* "+ TLS by policy shop/p", and if it is not simply so, why. */
static void print_verdict(cli_terminal *t, bool good, bool plain, char *what,
                          const json_t *line)
{
    cli_style style = plain ? CLI_DIM : good ? CLI_GOOD : CLI_BAD;

    fputs("  ", t->file);
    cli_print(t, style, "%s ", plain ? "-" : good ? "+" : "!");
    print_owned(t, style, what);
    fputc('\n', t->file);
    if (!good || plain)
        cli_print_wrapped(t, CLI_PLAIN, 4, cli_str(text(line, "message")));
}

static void print_losers(cli_terminal *t, const json_t *list)
{
    const json_t *loser;
    size_t i;

    json_array_foreach(list, i, loser)
    {
        const char *policy = text(loser, "policy");
        print_row(t, i == 0 ? "lost" : "",
                  cli_format("%s: %s", *policy != '\0' ? policy : text(loser, "frontendSource"),
                             text(loser, "reason")));
        cli_print_wrapped(t, CLI_DIM, 15, cli_str(text(loser, "message")));
    }
}

static void print_names(cli_terminal *t, const json_t *line)
{
    const json_t *names = json_object_get(line, "subjectAltNames");

    print_row(t, "SNI", cli_format("%s", text(line, "sni")));
    if (json_array_size(names) != 0)
        print_list(t, "accepts", names, subject_name);
    else
        print_row(t, "accepts", cli_format("DNS %s", text(line, "sni")));
}

static void print_connection(cli_terminal *t, const json_t *c)
{
    const json_t *x;
    size_t i;

    if (c == NULL)
        return;
    bool done = json_is_true(json_object_get(c, "done"));
    fputs("  ", t->file);
    print_owned(t, done ? CLI_GOOD : CLI_BAD,
                cli_format("%s handshake with %s", done ? "+" : "!", text(c, "address")));
    if (done)
        print_owned(t, CLI_PLAIN,
                    cli_format(": %s, %s", text(c, "version"), text(c, "cipher")));
    fputc('\n', t->file);
    cli_print_wrapped(t, CLI_PLAIN, 4, cli_str(text(c, "failure")));
    json_array_foreach(json_object_get(c, "chain"), i, x)
    {
        print_row(t, i == 0 ? "chain" : "", cli_format("%s", text(x, "subject")));
        print_row(t, "", cli_format("of %s, until %s", text(x, "issuer"), text(x, "notAfter")));
    }
}

static void print_backend(cli_terminal *t, const json_t *line)
{
    const char *port = text(line, "portName"), *policy = text(line, "policy");
    const json_t *certificate = json_object_get(line, "clientCertificate");

    print_owned(t, CLI_BOLD,
                cli_format("Service %s port %" JSON_INTEGER_FORMAT "%s%s%s",
                           text(line, "service"),
                           json_integer_value(json_object_get(line, "port")),
                           *port != '\0' ? " (" : "", port, *port != '\0' ? ")" : ""));
    fputc('\n', t->file);
    if (*policy == '\0') {
        print_verdict(t, true, true, cli_format("%s", text(line, "reason")), line);
        print_connection(t, json_object_get(line, "connection"));
        return;
    }
    bool valid = json_is_true(json_object_get(line, "valid"));
    print_verdict(t, valid, false,
                  valid ? cli_format("TLS by policy %s", policy)
                        : cli_format("no traffic: policy %s, %s", policy, text(line, "reason")),
                  line);
    if (valid && strcmp(text(line, "reason"), "Accepted") != 0)
        print_row(t, "but", cli_format("%s: %s", text(line, "reason"), text(line, "message")));
    print_names(t, line);
    print_list(t, "trusts", json_object_get(line, "caCertificateRefs"), bundle_name);
    if (*text(line, "wellKnownCACertificates") != '\0')
        print_row(t, "trusts", cli_format("%s", text(line, "wellKnownCACertificates")));
    if (certificate != NULL)
        print_row(t, "presents", object_name(certificate));
    print_options(t, json_object_get(line, "options"));
    print_list(t, "gateways", json_object_get(line, "gateways"), gateway_name);
    print_losers(t, json_object_get(line, "losers"));
    print_connection(t, json_object_get(line, "connection"));
}

static void print_clients(cli_terminal *t, const json_t *line)
{
    const json_t *validation = json_object_get(line, "frontendValidation");
    const char *source = text(line, "frontendSource");

    if (validation == NULL && *source == '\0')
        return;
    print_row(t, "clients",
              cli_format("%s, by spec.tls.frontend.%s",
                         validation != NULL ? text(validation, "mode") : "not validated",
                         source));
    print_list(t, "trusts", json_object_get(validation, "caCertificateRefs"), bundle_name);
}

static void print_listener(cli_terminal *t, const json_t *line)
{
    const char *hostname = text(line, "hostname"), *set = text(line, "listenerSet");
    const char *mode = text(line, "mode");
    bool served = json_is_true(json_object_get(line, "served"));

    print_owned(t, CLI_BOLD,
                cli_format("Gateway %s listener %s%s%s: %s port %" JSON_INTEGER_FORMAT ", %s",
                           text(line, "gateway"), *set != '\0' ? set : "",
                           *set != '\0' ? "/" : "", text(line, "name"), text(line, "protocol"),
                           json_integer_value(json_object_get(line, "port")),
                           *hostname != '\0' ? hostname : "any host"));
    fputc('\n', t->file);
    print_verdict(t, served, false,
                  served ? cli_format("%s", mode)
                         : cli_format("not served: %s", text(line, "reason")),
                  line);
    print_list(t, "certificates", json_object_get(line, "certificates"), object_name);
    print_options(t, json_object_get(line, "options"));
    print_clients(t, line);
    print_losers(t, json_object_get(line, "losers"));
    if (json_is_true(json_object_get(line, "overlapping")))
        print_row(t, "note",
                  cli_format("%s", "its hostname overlaps with another listener's: "
                                   "reused connections get 421"));
}

static void print_all(cli_terminal *t, const cli_bytes *json, bool backend)
{
    size_t at = 0;

    while (at < json->len) {
        const char *end = memchr(json->data + at, '\n', json->len - at);
        size_t len = end != NULL ? (size_t)(end - json->data) - at : json->len - at;
        json_t *line = json_loadb(json->data + at, len, JSON_ALLOW_NUL, NULL);
        if (at != 0)
            fputc('\n', t->file);
        if (line != NULL)
            (backend ? print_backend : print_listener)(t, line);
        json_decref(line);
        at += len + 1;
    }
}

/* ---- the command ---- */

/* "NAMESPACE/NAME:PORT". */
typedef struct asked {
    bool backend;
    gwapi_object_ref ref;
    uint32_t port; /* 0: all */
    bool chosen;   /* --gateway */
    gwapi_object_ref gateway;
} asked;

static bool parse_number(const char *digits, uint32_t *out)
{
    size_t len = strspn(digits, "0123456789");
    unsigned long value = len != 0 && len <= 5 ? strtoul(digits, NULL, 10) : 0;

    *out = (uint32_t)value;
    return digits[len] == '\0' && value >= 1 && value <= 65535;
}

static bool parse_gateway(const cli_options *options, asked *out)
{
    out->chosen = options->gateways.count != 0;
    return !out->chosen || cli_parse_gateway(options->gateways.items[0], &out->gateway);
}

static bool has_one_port(const cli_options *options, const asked *a)
{
    if (options->connect == NULL || a->port != 0)
        return true;
    cli_complain("tls: --connect needs the port: NAMESPACE/SERVICE:PORT");
    return false;
}

static bool parse_asked(const cli_options *options, asked *out)
{
    const char *name = options->object, *slash = strchr(name, '/');
    const char *home = options->namespace_ != NULL ? options->namespace_ : "default";

    *out =
        (asked){.backend = strcmp(options->role, "backend") == 0, .ref = GWAPI_OBJECT_REF_INIT};
    out->ref.namespace_ =
        slash != NULL ? (gwapi_str){name, (size_t)(slash - name)} : cli_str(home);
    name = slash != NULL ? slash + 1 : name;
    const char *colon = strchr(name, ':');
    out->ref.name = (gwapi_str){name, colon != NULL ? (size_t)(colon - name) : strlen(name)};
    if (out->ref.namespace_.len != 0 && out->ref.name.len != 0 && strchr(name, '/') == NULL &&
        (colon == NULL || parse_number(colon + 1, &out->port)))
        return parse_gateway(options, out) && has_one_port(options, out);
    cli_complain("tls: '%s' is not NAMESPACE/NAME or NAMESPACE/NAME:PORT", options->object);
    return false;
}

static int tell(const cli_options *options, const asked *a, const gwapi_topology *topology,
                cli_bytes *json)
{
    gwapi_sink sink = cli_bytes_sink(json);
    gwapi_result result =
        a->backend ? gwapi_topology_backend_tls_write(topology, &a->ref, a->port,
                                                      a->chosen ? &a->gateway : NULL, &sink)
                   : gwapi_topology_listener_tls_write(topology, &a->ref, a->port, &sink);

    if (result != GWAPI_ENOTFOUND)
        return cli_failed("tls", result);
    cli_complain(a->backend
                     ? "tls: no TCP port of such a Service is in the input: %s"
                     : "tls: no TLS listener of such a Gateway of ours is in the input: %s",
                 options->object);
    return CLI_USAGE;
}

static int write_one(const cli_options *options, const cli_bytes *json, bool backend,
                     const cli_destination *to)
{
    cli_output out;
    cli_terminal terminal;

    if (!cli_output_open(&out, to->file, false))
        return CLI_USAGE;
    if (to->form == CLI_FORM_JSON) {
        fwrite(json->data, 1, json->len, out.file);
        if (json->len != 0 && json->data[json->len - 1] != '\n')
            fputc('\n', out.file);
    } else {
        cli_terminal_init(&terminal, out.file, (cli_colour)options->colour);
        print_all(&terminal, json, backend);
    }
    return cli_output_close(&out, true) ? CLI_FINE : CLI_USAGE;
}

/* ---- --connect ---- */

/* The Gateway that is asked for, else the first that uses the policy. */
static bool find_gateway(const gwapi_snapshot *snapshot, const asked *a, const json_t *line,
                         uint32_t *out)
{
    gwapi_snapshot_gateway key = {.struct_size = sizeof key};
    const char *first = text(json_array_get(json_object_get(line, "gateways"), 0), "gateway");
    const char *slash = strchr(first, '/');

    if (a->chosen) {
        key.namespace_ = a->gateway.namespace_;
        key.name = a->gateway.name;
    } else if (slash != NULL) {
        key.namespace_ = (gwapi_str){first, (size_t)(slash - first)};
        key.name = cli_str(slash + 1);
    }
    return gwapi_snapshot_gateway_find(snapshot, &key, out) == GWAPI_OK;
}

static bool same(gwapi_str x, gwapi_str y)
{
    return x.len == y.len && memcmp(x.data, y.data, x.len) == 0;
}

/* Any backend of the image that is this Service's port. */
static bool find_backend(const gwapi_snapshot *snapshot, const asked *a, uint32_t *out)
{
    gwapi_backend_info b = {.struct_size = sizeof b};

    for (size_t i = 0; gwapi_snapshot_backend_at(snapshot, i, &b) == GWAPI_OK; i++)
        if (b.tls != 0 && b.port == a->port && cli_is(b.kind, "Service") &&
            same(b.namespace_, a->ref.namespace_) && same(b.name, a->ref.name)) {
            *out = (uint32_t)i;
            return true;
        }
    return false;
}

/* Adds "connection" to the only line there is. */
static int connect_to(const cli_options *options, const asked *a,
                      const gwapi_topology *topology, cli_bytes *json)
{
    gwapi_compile_options how = GWAPI_COMPILE_OPTIONS_INIT;
    json_t *line = json_loadb(json->data, json->len, JSON_ALLOW_NUL, NULL), *told = NULL;
    gwapi_snapshot *snapshot = NULL;
    uint32_t gateway, backend;

    how.flags = GWAPI_COMPILE_WITH_KEYS;
    int status = cli_failed("tls", gwapi_snapshot_compile(&snapshot, topology, &how, NULL));
    if (status == CLI_FINE && (line == NULL || !find_gateway(snapshot, a, line, &gateway) ||
                               !find_backend(snapshot, a, &backend))) {
        cli_complain("--connect: no route of the Gateway leads to this port with a policy: "
                     "no TLS is spoken to it");
        status = CLI_FINDINGS;
    } else if (status == CLI_FINE) {
        status = cli_tls_connect(&told, options, snapshot, gateway, backend);
    }
    if (told != NULL && status < CLI_USAGE) {
        json_object_set(line, "connection", told);
        free(json->data);
        json->data = json_dumps(line, JSON_COMPACT);
        json->len = json->data != NULL ? strlen(json->data) : 0;
    }
    json_decref(told);
    json_decref(line);
    gwapi_snapshot_release(snapshot);
    return status;
}

static int show(const cli_options *options, const asked *a, const gwapi_topology *topology)
{
    cli_bytes json = {NULL, 0};
    int status = tell(options, a, topology, &json);

    if (options->connect != NULL && status < CLI_USAGE)
        status = cli_worse(status, connect_to(options, a, topology, &json));

    for (size_t i = 0; status < CLI_USAGE && i < options->destination_count; i++)
        status =
            cli_worse(status, write_one(options, &json, a->backend, &options->destinations[i]));
    free(json.data);
    return status;
}

int cli_tls(const cli_options *options)
{
    gwapi_topology *topology = NULL;
    cli_load load;
    asked a;

    if (!parse_asked(options, &a))
        return CLI_USAGE;
    int status = cli_load_open(&load, options, 0);
    if (status == CLI_FINE) {
        status = cli_read_and_resolve(&topology, &load);
        cli_show_diagnostics(load.report, options);
        status = cli_worse(status, cli_load_status(&load));
        if (topology != NULL)
            status = cli_worse(status, show(options, &a, topology));
    }
    gwapi_topology_release(topology);
    cli_load_close(&load);
    return status;
}
