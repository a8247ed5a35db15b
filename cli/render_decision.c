#include "render_decision.h"

#include <stdlib.h>
#include <string.h>

/* ---- pieces of the decision line ---- */

static const char *text(const json_t *object, const char *name)
{
    const char *value = json_string_value(json_object_get(object, name));

    return value != NULL ? value : "";
}

static long long number(const json_t *object, const char *name)
{
    return (long long)json_integer_value(json_object_get(object, name));
}

static char *compact(const json_t *value)
{
    char *dumped = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);

    return dumped != NULL ? dumped : cli_format("%s", "");
}

/* "Service shop/cart:8080" */
static char *target(const json_t *ref)
{
    const char *namespace_ = text(ref, "namespace"), *group = text(ref, "group");
    char *port = json_object_get(ref, "port") != NULL ? cli_format(":%lld", number(ref, "port"))
                                                      : cli_format("%s", "");
    char *out =
        cli_format("%s%s%s %s%s%s%s", text(ref, "kind"), *group != '\0' ? "." : "", group,
                   namespace_, *namespace_ != '\0' ? "/" : "", text(ref, "name"), port);

    free(port);
    return out;
}

enum { LABEL = 11 };

static void label(cli_terminal *t, const char *name)
{
    cli_print(t, CLI_DIM, "  %-*s ", LABEL, name);
}

static void row(cli_terminal *t, const char *name, cli_style style, char *value)
{
    label(t, name);
    cli_print_str(t, style, cli_str(value));
    fputc('\n', t->file);
    free(value);
}

/* Members with structure that few need: as they stand. */
static void row_json(cli_terminal *t, const char *name, const json_t *value)
{
    if (value != NULL)
        row(t, name, CLI_PLAIN, compact(value));
}

/* ---- the request ---- */

static bool is_sni_told(const cli_request *r)
{
    gwapi_str sni = r->arrival.sni, host = r->request.host;

    return sni.len != 0 && (sni.len != host.len || memcmp(sni.data, host.data, sni.len) != 0);
}

/* A string without its quotes. */
static void print_id(cli_terminal *t, const json_t *id)
{
    char *shown = json_is_string(id)
                      ? cli_copy((gwapi_str){json_string_value(id), json_string_length(id)})
                      : compact(id);

    cli_print_str(t, CLI_ACCENT, cli_str(shown));
    cli_print(t, CLI_PLAIN, "  ");
    free(shown);
}

static void print_request(cli_terminal *t, const cli_request *r)
{
    const gwapi_request *q = &r->request;
    bool bytes = strcmp(r->protocol, "TCP") == 0 || strcmp(r->protocol, "UDP") == 0 ||
                 strcmp(r->protocol, "TLS") == 0;

    if (r->id != NULL)
        print_id(t, json_object_get(r->line, "id"));
    if (!bytes) {
        cli_print_str(t, CLI_BOLD, q->method.data != NULL ? q->method : cli_str("GET"));
        cli_print(t, CLI_BOLD, " ");
    }
    cli_print_str(t, CLI_BOLD, q->host);
    if (!bytes)
        cli_print_str(t, CLI_BOLD, q->path.len != 0 ? q->path : cli_str("/"));
    cli_print(t, CLI_PLAIN, "%s(%s%sport %u", bytes && q->host.len == 0 ? "" : "  ",
              r->protocol, *r->protocol != '\0' ? ", " : "", (unsigned)r->arrival.port);
    if (is_sni_told(r)) {
        cli_print(t, CLI_PLAIN, ", SNI ");
        cli_print_str(t, CLI_PLAIN, r->arrival.sni);
    }
    cli_print(t, CLI_PLAIN, ")\n");
}

/* ---- what became of it ---- */

static const struct {
    const char *reason;
    const char *sentence;
} reasons[] = {
    {"NoListener", "no served listener has this port, transport or SNI"},
    {"NoListenerForHost", "no listener of this port takes the host"},
    {"NoRoute", "no rule of the listener's routes matches"},
    {"NoService", "the destination is no Service with this port"},
    {"InvalidBackend", "the backend cannot be used"},
    {"NoBackend", "there is no backend with a weight above 0"},
    {"InvalidFilter", "a filter of the rule cannot be carried out"},
    {"Misdirected", "the host belongs to another listener than the connection's SNI"},
    {"Preflight", "the answer to a CORS preflight"},
    {"PathRefused", "the path policy refuses the path"},
    {"MatchLimit", "the budget for regular expressions is spent"},
    {"NoHost", "the redirect needs a host and the request has none"},
};

static const char *sentence_of(const char *reason)
{
    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
        if (strcmp(reasons[i].reason, reason) == 0)
            return reasons[i].sentence;
    return "";
}

static char *status_text(const json_t *d)
{
    char *grpc = json_object_get(d, "grpcStatus") != NULL
                     ? cli_format(" (gRPC status %lld)", number(d, "grpcStatus"))
                     : cli_format("%s", "");
    char *out = json_object_get(d, "status") != NULL
                    ? cli_format(" %lld%s", number(d, "status"), grpc)
                    : cli_format("%s", "");

    free(grpc);
    return out;
}

static const json_t *chosen_backend(const json_t *d)
{
    const json_t *chosen = json_object_get(d, "chosen");

    return chosen == NULL ? NULL
                          : json_array_get(json_object_get(d, "backends"),
                                           (size_t)json_integer_value(chosen));
}

/* A member of the chosen backend, which takes the place of the decision's own. */
static const json_t *in_force(const json_t *d, const char *name)
{
    const json_t *inner = json_object_get(chosen_backend(d), name);

    return inner != NULL ? inner : json_object_get(d, name);
}

static void print_forward(cli_terminal *t, const json_t *d)
{
    const json_t *list = json_object_get(d, "backends"), *chosen = chosen_backend(d);
    char *to;

    if (chosen == NULL && json_array_size(list) == 1)
        chosen = json_array_get(list, 0);
    to = chosen != NULL ? target(chosen)
                        : cli_format("one of %zu backends", json_array_size(list));
    cli_print(t, CLI_GOOD, "  -> forward to ");
    cli_print_str(t, CLI_GOOD, cli_str(to));
    fputc('\n', t->file);
    free(to);
}

static void print_outcome(cli_terminal *t, const json_t *d)
{
    const char *outcome = text(d, "outcome"), *reason = text(d, "reason");
    const char *why = sentence_of(reason);
    char *status = status_text(d);

    if (strcmp(outcome, "forward") == 0) {
        print_forward(t, d);
    } else if (strcmp(outcome, "redirect") == 0) {
        cli_print(t, CLI_ACCENT, "  -> redirect%s to ", status);
        cli_print_str(t, CLI_ACCENT, cli_str(text(in_force(d, "redirect"), "location")));
        fputc('\n', t->file);
    } else {
        bool calm = strcmp(outcome, "pass") == 0 || strcmp(reason, "Preflight") == 0;
        cli_print(t, calm ? CLI_ACCENT : CLI_BAD, "  -> %s%s", outcome, status);
        cli_print(t, CLI_PLAIN, "%s%s%s%s\n", *reason != '\0' ? "  " : "", reason,
                  *why != '\0' ? ": " : "", why);
    }
    free(status);
}

/* ---- who decided ---- */

static void print_listener(cli_terminal *t, const json_t *listener)
{
    const json_t *tls = json_object_get(listener, "tls"), *certificate;
    const char *set = text(listener, "listenerSet");
    size_t i;

    if (listener == NULL)
        return;
    label(t, "listener");
    cli_print(t, CLI_PLAIN, "%s \"%s\"  %s %lld", text(listener, "gateway"),
              text(listener, "name"), text(listener, "protocol"), number(listener, "port"));
    if (*set != '\0')
        cli_print(t, CLI_PLAIN, "  of ListenerSet %s", set);
    if (tls != NULL)
        cli_print(t, CLI_PLAIN, "  %s", text(tls, "mode"));
    json_array_foreach(json_object_get(tls, "certificates"), i, certificate)
        cli_print(t, CLI_PLAIN, "%s %s/%s", i == 0 ? " with" : ",",
                  text(certificate, "namespace"), text(certificate, "name"));
    fputc('\n', t->file);
    row_json(t, "client cert", json_object_get(tls, "frontendValidation"));
}

static void print_mesh(cli_terminal *t, const json_t *mesh)
{
    const char *role = text(mesh, "role");

    if (mesh != NULL)
        row(t, "mesh", CLI_PLAIN,
            cli_format("Service %s:%lld%s%s%s", text(mesh, "service"), number(mesh, "port"),
                       *role != '\0' ? ", " : "", role, *role != '\0' ? " routes" : ""));
}

static void print_route(cli_terminal *t, const json_t *route)
{
    const char *name = text(route, "ruleName");

    if (route == NULL)
        return;
    label(t, "route");
    cli_print(t, CLI_PLAIN, "%s %s/%s, rule %lld", text(route, "kind"),
              text(route, "namespace"), text(route, "name"), number(route, "rule"));
    if (*name != '\0')
        cli_print(t, CLI_PLAIN, " \"%s\"", name);
    if (json_object_get(route, "match") != NULL)
        cli_print(t, CLI_PLAIN, ", match %lld", number(route, "match"));
    fputc('\n', t->file);
}

/* ---- where it goes ---- */

static char *share(const json_t *backend, double total)
{
    double weight = (double)number(backend, "weight");

    return total <= 0 ? cli_format("weight %.0f", weight)
                      : cli_format("weight %.0f (%.3g %%)", weight, 100 * weight / total);
}

static void add_backend(cli_table *table, const json_t *backend, bool chosen, double total)
{
    const json_t *tls = json_object_get(backend, "tls");
    bool valid = json_is_true(json_object_get(backend, "valid"));
    cli_style style = !valid ? CLI_BAD : chosen ? CLI_GOOD : CLI_PLAIN;

    cli_table_add(table, style, cli_format("%s", chosen ? ">" : ""));
    cli_table_add(table, style, target(backend));
    cli_table_add(table, CLI_PLAIN, share(backend, total));
    cli_table_add(table, valid ? CLI_PLAIN : CLI_BAD,
                  cli_format("%s", text(backend, valid ? "protocol" : "reason")));
    cli_table_add(table, CLI_PLAIN,
                  tls == NULL ? cli_format("%s", "")
                              : cli_format("TLS to %s by policy %s", text(tls, "sni"),
                                           text(tls, "policy")));
}

static void print_backends(cli_terminal *t, const json_t *d)
{
    const json_t *list = json_object_get(d, "backends"), *backend;
    const json_t *chosen = json_object_get(d, "chosen");
    cli_table table;
    double total = 0;
    size_t i;

    if (json_array_size(list) == 0)
        return;
    json_array_foreach(list, i, backend) total += (double)number(backend, "weight");
    cli_print(t, CLI_DIM, "  backends\n");
    cli_table_init(&table, 4, 5, NULL);
    json_array_foreach(list, i, backend) add_backend(
        &table, backend, chosen != NULL && (size_t)json_integer_value(chosen) == i, total);
    cli_table_print(&table, t);
}

static void print_mirrors(cli_terminal *t, const json_t *list)
{
    const json_t *mirror;
    size_t i;

    json_array_foreach(list, i, mirror)
    {
        const json_t *fraction = json_object_get(mirror, "fraction");
        char *to = target(mirror);
        row(t, "mirror", CLI_PLAIN,
            fraction == NULL
                ? cli_format("%s", to)
                : cli_format("%s, %lld of %lld requests", to, number(fraction, "numerator"),
                             number(fraction, "denominator")));
        free(to);
    }
}

/* ---- what the backend and the client get ---- */

static void print_pairs(cli_terminal *t, const char *name, const char *mark, const json_t *list)
{
    const json_t *pair;
    size_t i;

    json_array_foreach(list, i, pair)
    {
        const char *first = json_string_value(json_array_get(pair, 0));
        const char *second = json_string_value(json_array_get(pair, 1));
        row(t, name, CLI_PLAIN,
            json_is_array(pair)
                ? cli_format("%s%s: %s", mark, first != NULL ? first : "",
                             second != NULL ? second : "")
                : cli_format("%s%s", mark,
                             json_is_string(pair) ? json_string_value(pair) : ""));
        name = "";
    }
}

static void print_sent(cli_terminal *t, const json_t *request)
{
    const char *host = text(request, "host");

    if (request == NULL)
        return;
    row(t, "forwards", CLI_PLAIN,
        cli_format("%s %s%s%s", text(request, "method"), text(request, "path"),
                   *host != '\0' ? "  Host: " : "", host));
    print_pairs(t, "", "", json_object_get(request, "headers"));
}

static void print_response(cli_terminal *t, const json_t *headers)
{
    print_pairs(t, "response", "set ", json_object_get(headers, "set"));
    print_pairs(t, "response", "add ", json_object_get(headers, "add"));
    print_pairs(t, "response", "remove ", json_object_get(headers, "remove"));
}

static void print_timeouts(cli_terminal *t, const json_t *timeouts)
{
    const char *request = text(timeouts, "request"),
               *backend = text(timeouts, "backendRequest");

    if (timeouts != NULL)
        row(t, "timeouts", CLI_PLAIN,
            cli_format("%s%s%s%s%s", *request != '\0' ? "request " : "", request,
                       *request != '\0' && *backend != '\0' ? ", " : "",
                       *backend != '\0' ? "each try " : "", backend));
}

/* ---- why --------------------------------------------------------------------------------- */

static const struct {
    const char *why;
    const char *sentence;
} whys[] = {
    {"path", "the path is not"},
    {"method", "the method is not"},
    {"header", "the header is not"},
    {"queryParam", "the query parameter is not"},
    {"grpc", "the request is not gRPC"},
    {"grpcService", "the gRPC service is not"},
    {"grpcMethod", "the gRPC method is not"},
    {"limit", "the budget for regular expressions was spent on"},
    {"hostname", "another hostname is more specific"},
    {"pathType", "another type of path comes first"},
    {"pathLength", "another path is longer"},
    {"hasMethod", "another match asks for the method"},
    {"headerCount", "another match asks for more headers"},
    {"queryParamCount", "another match asks for more query parameters"},
    {"serviceLength", "another gRPC service is longer"},
    {"methodLength", "another gRPC method is longer"},
    {"ageOrName", "another route is older, or first by name"},
    {"order", "another match stands first in the route"},
};

static const char *why_of(const json_t *candidate)
{
    const char *why = text(candidate, "condition");

    if (*why == '\0')
        why = text(candidate, "by");
    for (size_t i = 0; i < sizeof whys / sizeof *whys; i++)
        if (strcmp(whys[i].why, why) == 0)
            return whys[i].sentence;
    return "takes it";
}

static void add_candidate(cli_table *table, const char *mark, const json_t *candidate)
{
    const json_t *route = json_object_get(candidate, "route");
    const char *verdict = text(candidate, "verdict"), *name = text(candidate, "name");
    const char *expected = text(candidate, "expected");
    bool pattern = json_is_true(json_object_get(candidate, "regularExpression"));
    cli_style style = strcmp(verdict, "taken") == 0    ? CLI_GOOD
                      : strcmp(verdict, "failed") == 0 ? CLI_BAD
                                                       : CLI_PLAIN;

    cli_table_add(table, style, cli_format("%s", mark));
    cli_table_add(table, style,
                  cli_format("%s %s/%s, rule %lld, match %lld", text(route, "kind"),
                             text(route, "namespace"), text(route, "name"),
                             number(route, "rule"), number(route, "match")));
    cli_table_add(table, style, cli_format("%s", verdict));
    cli_table_add(table, CLI_PLAIN,
                  cli_format("%s%s%s%s%s", why_of(candidate),
                             *name != '\0' || *expected != '\0' ? " " : "", name,
                             *name == '\0'       ? ""
                             : *expected == '\0' ? ""
                             : pattern           ? " ~ "
                                                 : ": ",
                             expected));
}

static void print_explanation(cli_terminal *t, const json_t *explanation)
{
    const json_t *list = json_object_get(explanation, "candidates"), *candidate;
    const json_t *nearest = json_object_get(explanation, "nearest");
    cli_table table;
    size_t i;

    if (explanation == NULL)
        return;
    cli_print(t, CLI_DIM, "  candidates%s\n",
              list != NULL ? "" : " none: no route takes requests of this host here");
    cli_table_init(&table, 4, 4, NULL);
    json_array_foreach(list, i, candidate)
    {
        bool near = nearest != NULL && json_equal(candidate, nearest);
        bool taken = strcmp(text(candidate, "verdict"), "taken") == 0;
        add_candidate(&table, taken ? ">" : near ? "~" : "", candidate);
    }
    cli_table_print(&table, t);
    if (json_object_get(explanation, "more") != NULL)
        cli_print(t, CLI_DIM, "    and %lld more\n", number(explanation, "more"));
    if (nearest == NULL)
        return;
    cli_print(t, CLI_DIM, "  nearest miss\n");
    cli_table_init(&table, 4, 4, NULL);
    add_candidate(&table, "~", nearest);
    cli_table_print(&table, t);
}

void cli_render_decision(cli_terminal *terminal, const cli_request *request,
                         const json_t *decision)
{
    if (decision == NULL) {
        if (request->id != NULL)
            print_id(terminal, json_object_get(request->line, "id"));
        cli_print(terminal, CLI_BAD, "no valid request: ");
        cli_print_str(terminal, CLI_PLAIN, cli_str(request->error));
        fputs("\n\n", terminal->file);
        return;
    }
    print_request(terminal, request);
    print_outcome(terminal, decision);
    print_listener(terminal, json_object_get(decision, "listener"));
    print_mesh(terminal, json_object_get(decision, "mesh"));
    print_route(terminal, json_object_get(decision, "route"));
    print_backends(terminal, decision);
    print_sent(terminal, in_force(decision, "request"));
    print_response(terminal, in_force(decision, "responseHeaders"));
    print_mirrors(terminal, json_object_get(decision, "mirrors"));
    print_mirrors(terminal, json_object_get(chosen_backend(decision), "mirrors"));
    print_timeouts(terminal, json_object_get(decision, "timeouts"));
    row_json(terminal, "retry", json_object_get(decision, "retry"));
    row_json(terminal, "session", json_object_get(decision, "sessionPersistence"));
    row_json(terminal, "cors", in_force(decision, "cors"));
    row_json(terminal, "auth", in_force(decision, "externalAuth"));
    print_explanation(terminal, json_object_get(decision, "explanation"));
    fputc('\n', terminal->file);
}
