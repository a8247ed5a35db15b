#include "model/core.h"

#include "base/map.h"
#include "base/result.h"
#include "doc/scalar.h"
#include "model/shapes.h"

/* ---- Service ------------------------------------------------------------------------- */

static const gwapi__enum_name transport_names[] = {
    {GWAPI_STR_INIT("TCP"), GWAPI__TRANSPORT_TCP},
    {GWAPI_STR_INIT("UDP"), GWAPI__TRANSPORT_UDP},
};
static const gwapi__enum_names transports =
    GWAPI__ENUM_NAMES(transport_names, GWAPI__TRANSPORT_TCP, GWAPI__TRANSPORT_OTHER);

static gwapi_result decode_port(gwapi__decoder *d, const gwapi__row *row,
                                const gwapi__node *value, void *object)
{
    const gwapi__service_port *port = object;

    GWAPI__TRY(gwapi__decode_int32(d, row, value, object));
    if (!d->undecodable && !gwapi__is_port(port->port))
        return gwapi__decode_fail(d, value, (gwapi_str){NULL, 0},
                                  GWAPI__STR("it must be a number from 1 to 65535"));
    return GWAPI_OK;
}

static const gwapi__row port_rows[] = {
    GWAPI__TEXT("name", gwapi__service_port, name, GWAPI_STR_INIT("")),
    GWAPI__ROW("port", decode_port, gwapi__service_port, port, .number = 0),
    GWAPI__ENUM("protocol", gwapi__service_port, transport, transports),
    GWAPI__TEXT("appProtocol", gwapi__service_port, app_protocol, GWAPI__ABSENT),
};
static const gwapi__shape port_shape = GWAPI__SHAPE(port_rows, gwapi__service_port);

static const gwapi__enum_name type_names[] = {
    {GWAPI_STR_INIT("ExternalName"), GWAPI__SERVICE_EXTERNAL_NAME},
};
static const gwapi__enum_names types =
    GWAPI__ENUM_NAMES(type_names, GWAPI__SERVICE_CLUSTER_IP, GWAPI__SERVICE_CLUSTER_IP);

/* `clusterIP: None` is a type in all but name; the single address counts without the list. */
static gwapi_result decode_cluster_ip(gwapi__decoder *d, const gwapi__row *row,
                                      const gwapi__node *value, void *object)
{
    gwapi__service *service = object;
    gwapi_str *ip = gwapi__arena_array(d->arena, 1, sizeof *ip);

    if (ip == NULL)
        return GWAPI_ENOMEM;
    const gwapi__row text = {.name = row->name, .decode = gwapi__decode_text};
    GWAPI__TRY(gwapi__decode_text(d, &text, value, ip));
    if (service->cluster_ips.count == 0 && ip->len != 0)
        service->cluster_ips = (gwapi__strs){ip, 1};
    if (service->cluster_ips.count == 0 ||
        !gwapi__str_eq(service->cluster_ips.items[0], GWAPI__STR("None")))
        return GWAPI_OK;
    service->cluster_ips = (gwapi__strs){NULL, 0};
    if (service->type == GWAPI__SERVICE_CLUSTER_IP)
        service->type = GWAPI__SERVICE_HEADLESS;
    return GWAPI_OK;
}

static const gwapi__row service_spec_rows[] = {
    GWAPI__ENUM("type", gwapi__service, type, types),
    GWAPI__LIST("ports", gwapi__service, ports, port_count, port_shape),
    GWAPI__TEXTS("clusterIPs", gwapi__service, cluster_ips),
    GWAPI__ROW("clusterIP", decode_cluster_ip, gwapi__service, cluster_ips, .number = 0),
};
static const gwapi__shape service_spec = GWAPI__SHAPE(service_spec_rows, gwapi__service);
static const gwapi__row service_rows[] = {GWAPI__WITHIN("spec", service_spec)};
const gwapi__shape gwapi__shape_service = GWAPI__SHAPE(service_rows, gwapi__service);

/* ---- Secret and ConfigMap ------------------------------------------------------------ */

/* Where data of two members is gathered: the second wins. */
typedef struct gathering {
    gwapi__pair *items;
    size_t count;
    gwapi__map keys; /* to the items of the first member, if there is a second one */
    bool indexed;
} gathering;

static gwapi_result decode_bytes(gwapi__decoder *d, const gwapi__field *field, gwapi_str *out)
{
    bool no_memory;

    if (gwapi__base64_decode(d->arena, field->value->as.string, out, &no_memory))
        return GWAPI_OK;
    return no_memory ? GWAPI_ENOMEM
                     : gwapi__decode_fail(d, field->value, field->name,
                                          GWAPI__STR("it must be base64"));
}

/* The item of the key, new or of the first member; NULL: no memory. */
static gwapi__pair *item_of(gathering *g, gwapi_str key)
{
    if (!g->indexed)
        return &g->items[g->count++];
    gwapi__map_entry *entry = gwapi__map_add(&g->keys, key);
    if (entry != NULL && entry->value == NULL)
        entry->value = &g->items[g->count++];
    return entry != NULL ? entry->value : NULL;
}

static gwapi_result gather(gwapi__decoder *d, gathering *g, const gwapi__node *map, bool base64)
{
    if (map == NULL)
        return GWAPI_OK;
    if (map->type != GWAPI__NODE_MAP)
        return gwapi__decode_fail_type(d, map, (gwapi_str){NULL, 0}, "an object");
    for (uint32_t i = 0; i < map->as.map.count; i++) {
        const gwapi__field *field = &map->as.map.fields[i];
        gwapi__pair *pair = item_of(g, field->name);
        if (pair == NULL)
            return GWAPI_ENOMEM;
        GWAPI__TRY(gwapi__decode_take(d, field->name, &pair->key));
        if (field->value->type == GWAPI__NODE_NULL)
            pair->value = GWAPI__STR("");
        else if (field->value->type != GWAPI__NODE_STRING)
            GWAPI__TRY(gwapi__decode_fail_type(d, field->value, field->name, "a string"));
        else if (base64)
            GWAPI__TRY(decode_bytes(d, field, &pair->value));
        else
            GWAPI__TRY(gwapi__decode_take(d, field->value->as.string, &pair->value));
    }
    return GWAPI_OK;
}

static gwapi_result gather_member(gwapi__decoder *d, gathering *g, const gwapi__node *root,
                                  gwapi_str name, bool base64)
{
    const gwapi__decode_step step = {d->step, name, 0};
    const gwapi__decode_step *before = d->step;

    d->step = &step;
    gwapi_result r = gather(d, g, gwapi__decode_member(root, name), base64);
    d->step = before;
    return r;
}

static size_t count_of(const gwapi__node *root, gwapi_str name)
{
    const gwapi__node *map = gwapi__decode_member(root, name);

    return map != NULL && map->type == GWAPI__NODE_MAP ? map->as.map.count : 0;
}

/* A member of data and whether its values are base64. */
typedef struct data_member {
    gwapi_str name;
    bool base64;
} data_member;

/* Two members, the second over the first. */
static gwapi_result decode_data(gwapi__decoder *d, const gwapi__node *root, gwapi__pairs *out,
                                data_member first, data_member second)
{
    size_t seconds = count_of(root, second.name);
    size_t count = count_of(root, first.name) + seconds;
    gathering g = {.items = gwapi__arena_array(d->arena, count, sizeof(gwapi__pair)),
                   .indexed = seconds != 0};

    if (g.items == NULL)
        return GWAPI_ENOMEM;
    gwapi__map_init(&g.keys, &d->arena->allocator);
    gwapi_result r = gather_member(d, &g, root, first.name, first.base64);
    if (r == GWAPI_OK)
        r = gather_member(d, &g, root, second.name, second.base64);
    gwapi__map_free(&g.keys);
    *out = (gwapi__pairs){g.items, g.count};
    return r;
}

static gwapi_result decode_secret(gwapi__decoder *d, const gwapi__row *row,
                                  const gwapi__node *value, void *object)
{
    gwapi__data *secret = object;

    (void)row;
    return decode_data(d, value, &secret->data, (data_member){GWAPI__STR("data"), true},
                       (data_member){GWAPI__STR("stringData"), false});
}

static gwapi_result decode_config_map(gwapi__decoder *d, const gwapi__row *row,
                                      const gwapi__node *value, void *object)
{
    gwapi__data *map = object;

    (void)row;
    return decode_data(d, value, &map->data, (data_member){GWAPI__STR("data"), false},
                       (data_member){GWAPI__STR("binaryData"), true});
}

static const gwapi__row secret_rows[] = {
    GWAPI__TEXT("type", gwapi__data, type, GWAPI_STR_INIT("Opaque")),
    GWAPI__BY(decode_secret),
};
const gwapi__shape gwapi__shape_secret = GWAPI__SHAPE(secret_rows, gwapi__data);
static const gwapi__row config_map_rows[] = {GWAPI__BY(decode_config_map)};
const gwapi__shape gwapi__shape_config_map = GWAPI__SHAPE(config_map_rows, gwapi__data);
