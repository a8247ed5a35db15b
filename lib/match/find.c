#include "match/find.h"

/* Where a record stands to what is looked for: below 0 before it, above 0 behind it. */
typedef int (*probe)(const gwapi_snapshot *s, uint32_t index, const void *wanted);

static uint32_t search(const gwapi_snapshot *s, gwapi__image_range range, probe order,
                       const void *wanted)
{
    uint32_t low = range.first, high = range.first + range.count;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        int o = order(s, middle, wanted);
        if (o == 0)
            return middle;
        if (o < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return GWAPI_NONE;
}

static gwapi__image_range all_of(const gwapi_snapshot *s, uint32_t section)
{
    return (gwapi__image_range){0, gwapi__image_count(s, section)};
}

static int order_texts(const gwapi_snapshot *s, gwapi__image_text text, gwapi_str wanted)
{
    return gwapi__str_cmp(gwapi__image_str(s, text), wanted);
}

/* ---- scopes ------------------------------------------------------------------------------ */

typedef struct scope_key {
    uint32_t kind;
    gwapi_str namespace_;
    gwapi_str name;
} scope_key;

static int order_scope(const gwapi_snapshot *s, uint32_t index, const void *wanted)
{
    const gwapi__image_scope *scope = gwapi__image_SCOPE(s, index);
    const scope_key *key = wanted;

    if (scope->kind != key->kind)
        return scope->kind < key->kind ? -1 : 1;
    int order = order_texts(s, scope->namespace_, key->namespace_);
    return order != 0 ? order : order_texts(s, scope->name, key->name);
}

uint32_t gwapi__scope_find(const gwapi_snapshot *s, const gwapi_arrival *arrival)
{
    scope_key key = {GWAPI__SCOPE_ALL, {NULL, 0}, {NULL, 0}};

    if (arrival->gateway_name.data != NULL)
        key = (scope_key){GWAPI__SCOPE_GATEWAY, arrival->gateway_namespace, arrival->gateway_name};
    else if (arrival->address.data != NULL)
        key = (scope_key){GWAPI__SCOPE_ADDRESS, {NULL, 0}, arrival->address};
    return search(s, all_of(s, GWAPI__SECTION_SCOPE), order_scope, &key);
}

/* ---- doors ------------------------------------------------------------------------------- */

static int order_door(const gwapi_snapshot *s, uint32_t index, const void *wanted)
{
    const gwapi__image_door *door = gwapi__image_DOOR(s, index), *key = wanted;

    if (door->port != key->port)
        return door->port < key->port ? -1 : 1;
    return (door->transport > key->transport) - (door->transport < key->transport);
}

uint32_t gwapi__door_find(const gwapi_snapshot *s, uint32_t scope, uint32_t port,
                          gwapi_transport transport)
{
    gwapi__image_door key = {.port = port, .transport = transport};

    return search(s, gwapi__image_SCOPE(s, scope)->doors, order_door, &key);
}

/* ---- the mesh ---------------------------------------------------------------------------- */

static int order_service(const gwapi_snapshot *s, uint32_t index, const void *wanted)
{
    const gwapi__image_service *service = gwapi__image_SERVICE(s, index);
    const gwapi_arrival *arrival = wanted;
    int order = order_texts(s, service->namespace_, arrival->service_namespace);

    return order != 0 ? order : order_texts(s, service->name, arrival->service_name);
}

static int order_address(const gwapi_snapshot *s, uint32_t index, const void *wanted)
{
    const gwapi_arrival *arrival = wanted;

    return order_texts(s, gwapi__image_SERVICE_ADDRESS(s, index)->address, arrival->address);
}

uint32_t gwapi__service_find(const gwapi_snapshot *s, const gwapi_arrival *arrival)
{
    if (arrival->service_name.data != NULL)
        return search(s, all_of(s, GWAPI__SECTION_SERVICE), order_service, arrival);
    uint32_t found =
        search(s, all_of(s, GWAPI__SECTION_SERVICE_ADDRESS), order_address, arrival);
    return found != GWAPI_NONE ? gwapi__image_SERVICE_ADDRESS(s, found)->service : GWAPI_NONE;
}

static int order_table(const gwapi_snapshot *s, uint32_t index, const void *wanted)
{
    return order_texts(s, gwapi__image_MESH_TABLE(s, index)->client, *(const gwapi_str *)wanted);
}

uint32_t gwapi__mesh_table_find(const gwapi_snapshot *s, uint32_t service_port, gwapi_str client,
                                gwapi_mesh_role *role)
{
    gwapi__image_range tables = gwapi__image_SERVICE_PORT(s, service_port)->tables;
    gwapi_str producer = GWAPI__STR("");

    *role = GWAPI_MESH_CONSUMER;
    uint32_t found =
        client.len != 0 ? search(s, tables, order_table, &client) : (uint32_t)GWAPI_NONE;
    if (found == GWAPI_NONE) {
        *role = GWAPI_MESH_PRODUCER;
        found = search(s, tables, order_table, &producer);
    }
    if (found == GWAPI_NONE)
        *role = GWAPI_MESH_NO_ROLE;
    return found;
}
