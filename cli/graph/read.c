/* From the topology to cards and lines. What objects say is read from the List that `status`
 * prints, who took whom from the topology, and which backends get nothing from the image. */
#include <gatewayapi/resources.h>
#include <stdlib.h>
#include <string.h>

#include "../io.h"
#include "../terminal.h"
#include "graph.h"

typedef struct reading {
    graph *g;
    const cli_load *load;
    const gwapi_topology *topology;
    const gwapi_snapshot *snapshot;
    json_t *ours; /* Gateways: "namespace/name" */
} reading;

/* ---- small things ---------------------------------------------------------------------- */

static const char *text(const json_t *object, const char *name)
{
    const char *value = json_string_value(json_object_get(object, name));

    return value != NULL ? value : "";
}

static const char *text_or(const json_t *object, const char *name, const char *otherwise)
{
    const char *value = text(object, name);

    return *value != '\0' ? value : otherwise;
}

static const json_t *member(const json_t *object, const char *outer, const char *inner)
{
    return json_object_get(json_object_get(object, outer), inner);
}

static long long integer(const json_t *object, const char *name)
{
    return (long long)json_integer_value(json_object_get(object, name));
}

/* Cleans; takes `raw`. */
static char *cleaned(char *raw)
{
    char *out = cli_clean(cli_str(raw));

    free(raw);
    return out;
}

static char *name_of(gwapi_str namespace_, gwapi_str name)
{
    return cleaned(cli_format("%.*s%s%.*s", (int)namespace_.len, namespace_.data,
                              namespace_.len != 0 ? "/" : "", (int)name.len, name.data));
}

static const char *namespace_of(const json_t *item)
{
    return text(json_object_get(item, "metadata"), "namespace");
}

static char *item_name(const json_t *item)
{
    return name_of(cli_str(namespace_of(item)),
                   cli_str(text(json_object_get(item, "metadata"), "name")));
}

/* The name that a reference means; `home` is the namespace of who refers. */
static char *ref_name(const json_t *ref, const char *home)
{
    return name_of(cli_str(text_or(ref, "namespace", home)), cli_str(text(ref, "name")));
}

static const json_t *condition(const json_t *holder, const char *type)
{
    const json_t *each;
    size_t i;

    json_array_foreach(json_object_get(holder, "conditions"), i,
                       each) if (strcmp(text(each, "type"), type) == 0) return each;
    return NULL;
}

static bool is_false(const json_t *holder, const char *type)
{
    return strcmp(text(condition(holder, type), "status"), "False") == 0;
}

/* The reason of the first of the types that is False, cleaned; NULL: all is well. */
static char *complaint(const json_t *holder, const char *const *types)
{
    for (; *types != NULL; types++)
        if (is_false(holder, *types))
            return cleaned(cli_format("%s", text(condition(holder, *types), "reason")));
    return NULL;
}

static const char *const front_types[] = {"Accepted", "Programmed", "ResolvedRefs", NULL};

/* "first · second"; takes both, each may be NULL. */
static char *noted(char *first, char *second)
{
    char *both;

    if (first == NULL || second == NULL)
        return first != NULL ? first : second;
    both = cli_format("%s \xc2\xb7 %s", first, second);
    free(first);
    free(second);
    return both;
}

/* ---- Gateways, ListenerSets, meshes -------------------------------------------------------
 */

static char *listener_text(gwapi_str name, gwapi_str protocol, long long port,
                           gwapi_str hostname)
{
    return cleaned(cli_format("%.*s  %.*s %lld%s%.*s", (int)name.len, name.data,
                              (int)protocol.len, protocol.data, port,
                              hostname.len != 0 ? "  " : "", (int)hostname.len, hostname.data));
}

static const json_t *listener_status(const json_t *item, const char *name)
{
    const json_t *each;
    size_t i;

    json_array_foreach(member(item, "status", "listeners"), i,
                       each) if (strcmp(text(each, "name"), name) == 0) return each;
    return NULL;
}

static void read_listeners(reading *r, const json_t *item, size_t card)
{
    const json_t *listener;
    size_t i;

    json_array_foreach(member(item, "spec", "listeners"), i, listener)
    {
        const char *name = text(listener, "name");
        char *wrong = complaint(listener_status(item, name), front_types);
        graph_row_add(r->g, card,
                      listener_text(cli_str(name), cli_str(text(listener, "protocol")),
                                    integer(listener, "port"),
                                    cli_str(text(listener, "hostname"))),
                      wrong, wrong != NULL);
    }
}

static void read_gateway(reading *r, const json_t *item)
{
    char *name = item_name(item);
    size_t card = graph_card_of(r->g, GRAPH_GATEWAY, "Gateway", name);
    bool ours = json_object_get(r->ours, name) != NULL;
    char *note = cleaned(
        cli_format("class %s", text(json_object_get(item, "spec"), "gatewayClassName")));
    char *wrong =
        ours ? complaint(json_object_get(item, "status"), front_types) : cli_format("not ours");

    r->g->cards[card].absent = false;
    r->g->cards[card].bad = wrong != NULL;
    r->g->cards[card].note = noted(note, wrong);
    read_listeners(r, item, card);
    free(name);
}

static void read_listener_set(reading *r, const json_t *item)
{
    const json_t *parent = member(item, "spec", "parentRef"),
                 *status = json_object_get(item, "status");
    char *name = item_name(item), *gateway = ref_name(parent, namespace_of(item));
    size_t card = graph_card_of(r->g, GRAPH_LISTENER_SET, text(item, "kind"), name);
    size_t owner = graph_card_of(r->g, GRAPH_GATEWAY, "Gateway", gateway);
    bool refused = is_false(status, "Accepted");

    r->g->cards[card].absent = false;
    r->g->cards[card].note = complaint(status, front_types);
    r->g->cards[card].bad = r->g->cards[card].note != NULL;
    r->g->cards[card].owner = owner;
    graph_join(r->g, refused ? GRAPH_REJECTED : GRAPH_OWNS, (graph_end){owner, GRAPH_NONE},
               (graph_end){card, GRAPH_NONE}, NULL);
    read_listeners(r, item, card);
    free(name);
    free(gateway);
}

static void read_mesh(reading *r, const json_t *item)
{
    char *name = item_name(item);
    size_t card = graph_card_of(r->g, GRAPH_MESH, text(item, "kind"), name);
    char *wrong = complaint(json_object_get(item, "status"), front_types);

    r->g->cards[card].absent = false;
    r->g->cards[card].bad = wrong != NULL;
    r->g->cards[card].note =
        noted(cleaned(cli_format("%s", text(json_object_get(item, "spec"), "controllerName"))),
              wrong);
    free(name);
}

/* ---- parents ------------------------------------------------------------------------------
 */

/* The card of a parent, and its row if the reference names one. */
static graph_end parent_end(reading *r, const json_t *ref, const char *home)
{
    const char *kind = text_or(ref, "kind", "Gateway"), *section = text(ref, "sectionName");
    graph_role role = strcmp(kind, "Service") == 0   ? GRAPH_SERVICE
                      : strcmp(kind, "Gateway") == 0 ? GRAPH_GATEWAY
                                                     : GRAPH_LISTENER_SET;
    char *name = ref_name(ref, home), *clean = cli_clean(cli_str(kind));
    graph_end end = {graph_card_of(r->g, role, clean, name), GRAPH_NONE};
    const graph_card *card = &r->g->cards[end.card];
    size_t len = strlen(section);

    for (size_t i = 0; len != 0 && i < card->row_count && end.row == GRAPH_NONE; i++)
        if (strncmp(card->rows[i].text, section, len) == 0 && card->rows[i].text[len] == ' ')
            end.row = i;
    free(name);
    free(clean);
    return end;
}

static bool is_same_ref(const json_t *a, const json_t *b, const char *home)
{
    static const struct {
        const char *name, *otherwise;
    } members[] = {{"group", "gateway.networking.k8s.io"},
                   {"kind", "Gateway"},
                   {"name", ""},
                   {"sectionName", ""}};

    for (size_t i = 0; i < sizeof members / sizeof *members; i++)
        if (strcmp(text_or(a, members[i].name, members[i].otherwise),
                   text_or(b, members[i].name, members[i].otherwise)) != 0)
            return false;
    return strcmp(text_or(a, "namespace", home), text_or(b, "namespace", home)) == 0 &&
           integer(a, "port") == integer(b, "port");
}

/* The row of the port that the reference names, made if there is none. */
static size_t port_row(reading *r, const json_t *ref, size_t card)
{
    char *port = cli_format(":%lld", integer(ref, "port"));
    size_t row = graph_row_find(r->g, card, port);

    if (row != GRAPH_NONE) {
        free(port);
        return row;
    }
    return graph_row_add(r->g, card, port, NULL, false);
}

/* A Service as a parent: the line starts at its port, if the reference names one. */
static void join_service(reading *r, const json_t *ref, const char *home, size_t route)
{
    graph_end end = parent_end(r, ref, home);

    r->g->cards[end.card].absent = false;
    if (integer(ref, "port") != 0)
        end.row = port_row(r, ref, end.card);
    graph_join(r->g, GRAPH_ATTACHED, end, (graph_end){route, GRAPH_NONE}, NULL);
}

/* Parents that refuse the route or give it no status; Services that take it. What takes it at a
 * Gateway is told by the topology. */
static bool read_parent(reading *r, const json_t *item, size_t route, const json_t *ref)
{
    const json_t *entry, *found = NULL, *list = member(item, "status", "parents");
    const char *home = namespace_of(item);
    graph_end end = {0, GRAPH_NONE};
    size_t i;

    json_array_foreach(list, i, entry) if (is_same_ref(ref, json_object_get(entry, "parentRef"),
                                                       home)) found = entry;
    if (found != NULL && !is_false(found, "Accepted")) {
        if (strcmp(text(ref, "kind"), "Service") == 0)
            join_service(r, ref, home, route);
        return true;
    }
    end = parent_end(r, ref, home);
    graph_join(r->g, GRAPH_REJECTED, end, (graph_end){route, GRAPH_NONE},
               found != NULL
                   ? cleaned(cli_format("%s", text(condition(found, "Accepted"), "reason")))
                   : cli_format("%s", r->g->cards[end.card].absent ? "not found" : "not ours"));
    return false;
}

/* ---- routes -------------------------------------------------------------------------------
 */

/* Which rule of the image this is; false when none is executed. */
static bool find_rule(const reading *r, const json_t *item, size_t index, uint32_t *rule)
{
    gwapi_route_info route = {.struct_size = sizeof route};
    gwapi_rule_info key = {.struct_size = sizeof key};

    for (route.kind = GWAPI_ROUTE_HTTP; route.kind <= GWAPI_ROUTE_UDP; route.kind++)
        if (strcmp(gwapi_route_kind_text(route.kind), text(item, "kind")) == 0)
            break;
    route.namespace_ = cli_str(namespace_of(item));
    route.name = cli_str(text(json_object_get(item, "metadata"), "name"));
    if (gwapi_snapshot_route_find(r->snapshot, &route, &key.route) != GWAPI_OK)
        return false;
    key.index = (uint32_t)index;
    for (key.mesh = 0; key.mesh <= 1; key.mesh++)
        if (gwapi_snapshot_rule_find(r->snapshot, &key, rule) == GWAPI_OK)
            return true;
    return false;
}

/* Why a backend gets no traffic; NULL: it does, or nobody asked. */
static char *find_fault(const reading *r, uint32_t rule, gwapi_backend_role role, size_t place)
{
    gwapi_backend_info key = {
        .struct_size = sizeof key, .rule = rule, .role = role, .place = (uint32_t)place};
    gwapi_backend_info info = {.struct_size = sizeof info};
    uint32_t index;

    if (gwapi_snapshot_backend_find(r->snapshot, &key, &index) != GWAPI_OK ||
        gwapi_snapshot_backend_at(r->snapshot, index, &info) != GWAPI_OK ||
        info.fault == GWAPI_BACKEND_FAULT_NONE)
        return NULL;
    return cli_format("%s", gwapi_backend_fault_text(info.fault));
}

static bool exists(const reading *r, const json_t *ref, const char *home)
{
    gwapi_object_ref key = GWAPI_OBJECT_REF_INIT;
    gwapi_object_info info = {.struct_size = sizeof info};

    key.group = cli_str(text(ref, "group"));
    key.kind = cli_str(text_or(ref, "kind", "Service"));
    key.namespace_ = cli_str(text_or(ref, "namespace", home));
    key.name = cli_str(text(ref, "name"));
    return gwapi_resources_find(r->load->resources, &key, &info) == GWAPI_OK;
}

/* The card of a backend, with a row for the port. */
static graph_end backend_end(reading *r, const json_t *ref, const char *home)
{
    char *kind = cli_clean(cli_str(text_or(ref, "kind", "Service"))),
         *name = ref_name(ref, home);
    graph_end end = {graph_card_of(r->g, GRAPH_BACKEND, kind, name), GRAPH_NONE};

    if (exists(r, ref, home))
        r->g->cards[end.card].absent = false;
    if (integer(ref, "port") != 0)
        end.row = port_row(r, ref, end.card);
    free(kind);
    free(name);
    return end;
}

typedef struct rule_reading {
    const char *home;
    graph_end from;
    bool executed;
    uint32_t rule;
    size_t places[3]; /* by role: how many so far */
} rule_reading;

static void read_backend(reading *r, rule_reading *at, const json_t *ref,
                         gwapi_backend_role role, char *label)
{
    static const graph_line lines[] = {GRAPH_FORWARDS, GRAPH_MIRRORS, GRAPH_AUTHORIZES};
    char *fault = at->executed ? find_fault(r, at->rule, role, at->places[role]) : NULL;

    at->places[role]++;
    graph_join(r->g, fault != NULL ? GRAPH_FAULTY : lines[role], at->from,
               backend_end(r, ref, at->home), noted(label, fault));
}

static void read_filters(reading *r, rule_reading *at, const json_t *filters)
{
    const json_t *filter, *ref;
    size_t i;

    json_array_foreach(filters, i, filter)
    {
        ref = member(filter, "requestMirror", "backendRef");
        if (ref != NULL)
            read_backend(r, at, ref, GWAPI_BACKEND_MIRROR, cli_format("mirror"));
        ref = member(filter, "externalAuth", "backendRef");
        if (ref != NULL)
            read_backend(r, at, ref, GWAPI_BACKEND_AUTH, cli_format("auth"));
    }
}

static long long weight_of(const json_t *ref)
{
    return json_object_get(ref, "weight") != NULL ? integer(ref, "weight") : 1;
}

static void read_rule(reading *r, const json_t *item, size_t card, size_t index,
                      const json_t *rule)
{
    rule_reading at = {.home = namespace_of(item)};
    const json_t *ref, *refs = json_object_get(rule, "backendRefs");
    long long total = 0;
    size_t i;

    at.executed = find_rule(r, item, index, &at.rule);
    at.from =
        (graph_end){card, graph_row_add(r->g, card, graph_rule_text(text(item, "kind"), rule),
                                        graph_rule_note(rule), false)};
    json_array_foreach(refs, i, ref) total += weight_of(ref);
    read_filters(r, &at, json_object_get(rule, "filters"));
    json_array_foreach(refs, i, ref)
    {
        long long share = total != 0 ? (weight_of(ref) * 200 + total) / (2 * total) : 0;
        read_backend(r, &at, ref, GWAPI_BACKEND_REF,
                     json_array_size(refs) > 1 || share != 100 ? cli_format("%lld%%", share)
                                                               : NULL);
    }
    json_array_foreach(refs, i, ref) read_filters(r, &at, json_object_get(ref, "filters"));
}

/* "a.example, b.example, 2 more"; NULL: any. */
static char *hostnames_text(const json_t *names)
{
    enum { SHOWN = 2 };
    char *out = NULL;
    const json_t *name;
    size_t i, count = json_array_size(names);

    json_array_foreach(names, i, name)
    {
        char *longer = i < SHOWN ? cli_format("%s%s%s", out != NULL ? out : "",
                                              i != 0 ? ", " : "", json_string_value(name))
                                 : cli_format("%s, %zu more", out, count - SHOWN);
        free(out);
        out = longer;
        if (i == SHOWN)
            break;
    }
    return out != NULL ? cleaned(out) : NULL;
}

/* What the parents find wrong with a route that they take. */
static char *route_complaint(const json_t *item)
{
    static const char *const types[] = {"ResolvedRefs", NULL};
    const json_t *entry;
    char *wrong = NULL;
    size_t i;

    json_array_foreach(member(item, "status", "parents"), i, entry)
    {
        const json_t *partial = condition(entry, "PartiallyInvalid");
        if (wrong == NULL)
            wrong = complaint(entry, types);
        if (wrong == NULL && strcmp(text(partial, "status"), "True") == 0)
            wrong = cleaned(cli_format("%s", text(partial, "reason")));
    }
    return wrong;
}

static void read_route(reading *r, const json_t *item)
{
    const json_t *each, *spec = json_object_get(item, "spec");
    char *name = item_name(item), *wrong = route_complaint(item);
    size_t i, card = graph_card_of(r->g, GRAPH_ROUTE, text(item, "kind"), name);
    bool good = true, failing = wrong != NULL;

    r->g->cards[card].absent = false;
    r->g->cards[card].note = noted(wrong, hostnames_text(json_object_get(spec, "hostnames")));
    json_array_foreach(json_object_get(spec, "parentRefs"), i, each) good =
        read_parent(r, item, card, each) && good;
    r->g->cards[card].bad = !good || failing;
    json_array_foreach(json_object_get(spec, "rules"), i, each)
        read_rule(r, item, card, i, each);
    free(name);
}

/* ---- policies -----------------------------------------------------------------------------
 */

static void read_policy(reading *r, const json_t *item)
{
    static const char *const types[] = {"Accepted", "ResolvedRefs", NULL};
    const json_t *each;
    char *name = item_name(item), *wrong = NULL;
    size_t i, card = graph_card_of(r->g, GRAPH_POLICY, text(item, "kind"), name);

    json_array_foreach(member(item, "status", "ancestors"), i, each) if (wrong == NULL) wrong =
        complaint(each, types);
    r->g->cards[card].absent = false;
    r->g->cards[card].bad = wrong != NULL;
    r->g->cards[card].note =
        *text(member(item, "spec", "validation"), "hostname") != '\0'
            ? cleaned(cli_format("%s", text(member(item, "spec", "validation"), "hostname")))
            : NULL;
    json_array_foreach(member(item, "spec", "targetRefs"), i, each)
    {
        graph_end target = backend_end(r, each, namespace_of(item));
        graph_join(r->g, wrong != NULL ? GRAPH_LOSES : GRAPH_APPLIES, target,
                   (graph_end){card, GRAPH_NONE},
                   wrong != NULL ? cli_format("%s", wrong) : NULL);
    }
    free(wrong);
    free(name);
}

/* ---- attachments --------------------------------------------------------------------------
 */

static graph_end listener_end(const reading *r, const gwapi_topology_listener_info *listener)
{
    gwapi_gateway_info gateway = {.struct_size = sizeof gateway};
    bool own = listener->listener_set.len == 0;
    char *name, *row;
    graph_end end;

    gwapi_topology_gateway_at(r->topology, listener->gateway, &gateway);
    name = own ? name_of(gateway.namespace_, gateway.name)
               : name_of(listener->listener_set_namespace, listener->listener_set);
    row = listener_text(listener->name, listener->protocol, listener->port, listener->hostname);
    end.card = own ? graph_card_of(r->g, GRAPH_GATEWAY, "Gateway", name)
                   : graph_card_of(r->g, GRAPH_LISTENER_SET, "XListenerSet", name);
    end.row = graph_row_find(r->g, end.card, row);
    free(name);
    free(row);
    return end;
}

static void read_attachments(reading *r)
{
    size_t count = gwapi_topology_listener_count(r->topology);

    for (size_t i = 0; i < count; i++) {
        gwapi_topology_listener_info listener = {.struct_size = sizeof listener};
        gwapi_topology_listener_at(r->topology, i, &listener);
        for (size_t j = 0; j < listener.attachment_count; j++) {
            gwapi_topology_route_info route = {.struct_size = sizeof route};
            char *kind, *name;
            uint32_t at;
            gwapi_topology_attachment_at(r->topology, i, j, &at);
            gwapi_topology_route_at(r->topology, at, &route);
            kind = cli_clean(route.kind);
            name = name_of(route.namespace_, route.name);
            graph_join(r->g, GRAPH_ATTACHED, listener_end(r, &listener),
                       (graph_end){graph_card_of(r->g, GRAPH_ROUTE, kind, name), GRAPH_NONE},
                       NULL);
            free(kind);
            free(name);
        }
    }
}

/* ---- all of it ----------------------------------------------------------------------------
 */

/* In this order, since later ones look for the cards of earlier ones. */
static const struct {
    const char *kind;
    void (*read)(reading *r, const json_t *item);
} readers[] = {{"Gateway", read_gateway},
               {"XListenerSet", read_listener_set},
               {"ListenerSet", read_listener_set},
               {"XMesh", read_mesh},
               {"HTTPRoute", read_route},
               {"GRPCRoute", read_route},
               {"TLSRoute", read_route},
               {"TCPRoute", read_route},
               {"UDPRoute", read_route},
               {"BackendTLSPolicy", read_policy},
               {"XBackendTrafficPolicy", read_policy}};

static int compare_items(const void *left, const void *right)
{
    const json_t *a = *(const json_t *const *)left, *b = *(const json_t *const *)right;
    int by_namespace = strcmp(namespace_of(a), namespace_of(b));

    return by_namespace != 0 ? by_namespace
                             : strcmp(text(json_object_get(a, "metadata"), "name"),
                                      text(json_object_get(b, "metadata"), "name"));
}

static void read_items(reading *r, const json_t *list)
{
    size_t count = json_array_size(list);
    json_t **items = cli_alloc(count, sizeof(json_t *));

    for (size_t i = 0; i < count; i++)
        items[i] = json_array_get(list, i);
    if (count != 0)
        qsort(items, count, sizeof *items, compare_items);
    for (size_t k = 0; k < sizeof readers / sizeof *readers; k++)
        for (size_t i = 0; i < count; i++)
            if (strcmp(text(items[i], "kind"), readers[k].kind) == 0)
                readers[k].read(r, items[i]);
    free(items);
}

static json_t *list_ours(const gwapi_topology *topology)
{
    size_t count = gwapi_topology_gateway_count(topology);
    json_t *ours = json_object();

    for (size_t i = 0; i < count; i++) {
        gwapi_gateway_info gateway = {.struct_size = sizeof gateway};
        char *name;
        gwapi_topology_gateway_at(topology, i, &gateway);
        name = name_of(gateway.namespace_, gateway.name);
        json_object_set_new(ours, name, json_true());
        free(name);
    }
    return ours;
}

int graph_read(graph *g, const cli_load *load, const gwapi_topology *topology,
               const gwapi_snapshot *snapshot)
{
    reading r = {g, load, topology, snapshot, NULL};
    cli_bytes bytes = {NULL, 0};
    gwapi_sink sink = cli_bytes_sink(&bytes);
    gwapi_result result = gwapi_topology_write(topology, GWAPI_FORMAT_JSON, &sink);
    json_t *list =
        result == GWAPI_OK ? json_loadb(bytes.data, bytes.len, JSON_ALLOW_NUL, NULL) : NULL;

    free(bytes.data);
    if (list == NULL)
        return cli_failed("graph", result != GWAPI_OK ? result : GWAPI_ESTATE);
    r.ours = list_ours(topology);
    read_items(&r, json_object_get(list, "items"));
    read_attachments(&r);
    graph_sort(g);
    json_decref(r.ours);
    json_decref(list);
    return CLI_FINE;
}
