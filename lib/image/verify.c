#include "image/verify.h"

#include <string.h>
#include <gatewayapi/match.h>
#include "image/checksum.h"

/* ---- the fields that refer to something ------------------------------------------------ */

typedef enum field_kind {
    FIELD_TEXT,           /* present */
    FIELD_OPTIONAL_TEXT,  /* or NONE */
    FIELD_INDEX,          /* of a record of `target` */
    FIELD_OPTIONAL_INDEX, /* or NONE */
    FIELD_RANGE,          /* of records of `target` */
    FIELD_BELOW           /* a number below `target` */
} field_kind;

typedef struct field {
    uint16_t section;
    uint16_t word; /* its place in the record */
    uint16_t kind;
    uint16_t target;
} field;

#define WORD_OF(record, member) (offsetof(gwapi__image_##record, member) / sizeof(uint32_t))
#define TEXT(section, record, member)                                                         \
    {GWAPI__SECTION_##section, WORD_OF(record, member), FIELD_TEXT, 0}
#define OPTIONAL_TEXT(section, record, member)                                                \
    {GWAPI__SECTION_##section, WORD_OF(record, member), FIELD_OPTIONAL_TEXT, 0}
#define INDEX(section, record, member, of)                                                    \
    {GWAPI__SECTION_##section, WORD_OF(record, member), FIELD_INDEX, GWAPI__SECTION_##of}
#define OPTIONAL_INDEX(section, record, member, of)                                           \
    {GWAPI__SECTION_##section, WORD_OF(record, member), FIELD_OPTIONAL_INDEX, GWAPI__SECTION_##of}
#define RANGE(section, record, member, of)                                                    \
    {GWAPI__SECTION_##section, WORD_OF(record, member), FIELD_RANGE, GWAPI__SECTION_##of}
#define WORD(section, of) {GWAPI__SECTION_##section, 0, FIELD_INDEX, GWAPI__SECTION_##of}
#define BELOW(section, record, member, end)                                                   \
    {GWAPI__SECTION_##section, WORD_OF(record, member), FIELD_BELOW, end}

/* Grouped by section, in the order of ids. */
static const field FIELDS[] = {
    TEXT(INFO, info, release),
    OPTIONAL_TEXT(INFO, info, controller),
    BELOW(SCOPE, scope, kind, GWAPI__SCOPE_END),
    OPTIONAL_TEXT(SCOPE, scope, namespace_),
    OPTIONAL_TEXT(SCOPE, scope, name),
    RANGE(SCOPE, scope, doors, DOOR),
    BELOW(DOOR, door, transport, GWAPI_TRANSPORT_UDP + 1),
    RANGE(DOOR, door, listeners, LISTENER_INDEX),
    RANGE(DOOR, door, names, NAME),
    BELOW(DOOR, door, names_seed, GWAPI__HOST_SEED + 1),
    OPTIONAL_INDEX(DOOR, door, any_listener, LISTENER),
    OPTIONAL_INDEX(DOOR, door, any_host, HOST),
    WORD(LISTENER_INDEX, LISTENER),
    OPTIONAL_TEXT(NAME, name, text),
    OPTIONAL_INDEX(NAME, name, listener, LISTENER),
    OPTIONAL_INDEX(NAME, name, host, HOST),
    TEXT(GATEWAY, gateway, namespace_),
    TEXT(GATEWAY, gateway, name),
    RANGE(GATEWAY, gateway, listeners, LISTENER),
    RANGE(GATEWAY, gateway, addresses, STRING),
    OPTIONAL_INDEX(GATEWAY, gateway, client_certificate, CERTIFICATE),
    BELOW(GATEWAY, gateway, client_certificate_invalid, 2),
    INDEX(LISTENER, listener, gateway, GATEWAY),
    BELOW(LISTENER, listener, protocol, GWAPI_PROTOCOL_UDP + 1),
    BELOW(LISTENER, listener, tls_mode, GWAPI_TLS_PASSTHROUGH + 1),
    TEXT(LISTENER, listener, name),
    OPTIONAL_TEXT(LISTENER, listener, hostname),
    OPTIONAL_TEXT(LISTENER, listener, set_namespace),
    OPTIONAL_TEXT(LISTENER, listener, set_name),
    RANGE(LISTENER, listener, certificates, CERTIFICATE_INDEX),
    RANGE(LISTENER, listener, options, OPTION),
    BELOW(LISTENER, listener, validation_mode, GWAPI_VALIDATION_ALLOW_INSECURE_FALLBACK + 1),
    RANGE(LISTENER, listener, bundles, BUNDLE_INDEX),
    RANGE(LISTENER, listener, streams, STREAM),
    TEXT(STREAM, stream, name),
    INDEX(STREAM, stream, rule, RULE),
    TEXT(SERVICE, service, namespace_),
    TEXT(SERVICE, service, name),
    RANGE(SERVICE, service, ports, SERVICE_PORT),
    TEXT(SERVICE_ADDRESS, service_address, address),
    INDEX(SERVICE_ADDRESS, service_address, service, SERVICE),
    INDEX(SERVICE_PORT, service_port, service, SERVICE),
    BELOW(SERVICE_PORT, service_port, transport, GWAPI_TRANSPORT_UDP + 1),
    OPTIONAL_TEXT(SERVICE_PORT, service_port, name),
    RANGE(SERVICE_PORT, service_port, tables, MESH_TABLE),
    TEXT(MESH_TABLE, mesh_table, client),
    OPTIONAL_INDEX(MESH_TABLE, mesh_table, host, HOST),
    OPTIONAL_INDEX(MESH_TABLE, mesh_table, stream_rule, RULE),
    RANGE(HOST, host, slots, SLOT),
    OPTIONAL_INDEX(HOST, host, lists, HOST_LISTS),
    RANGE(HOST_LISTS, host_lists, patterns, MATCH_INDEX),
    RANGE(HOST_LISTS, host_lists, deep, MATCH_INDEX),
    RANGE(HOST_LISTS, host_lists, grpc, MATCH_INDEX),
    OPTIONAL_TEXT(SLOT, slot, text),
    WORD(MATCH_INDEX, MATCH),
    INDEX(MATCH, match, rule, RULE),
    INDEX(MATCH, match, route, ROUTE),
    RANGE(MATCH, match, conditions, CONDITION),
    OPTIONAL_TEXT(MATCH, match, method),
    OPTIONAL_TEXT(GRPC_METHOD, grpc_method, service),
    OPTIONAL_TEXT(GRPC_METHOD, grpc_method, method),
    OPTIONAL_INDEX(GRPC_METHOD, grpc_method, service_regex, REGEX),
    OPTIONAL_INDEX(GRPC_METHOD, grpc_method, method_regex, REGEX),
    OPTIONAL_INDEX(CONDITION, condition, header, HEADER_NAME),
    OPTIONAL_TEXT(CONDITION, condition, name),
    TEXT(CONDITION, condition, value),
    OPTIONAL_INDEX(CONDITION, condition, regex, REGEX),
    INDEX(RULE, rule, route, ROUTE),
    OPTIONAL_TEXT(RULE, rule, name),
    RANGE(RULE, rule, filters, FILTER),
    RANGE(RULE, rule, backends, BACKEND),
    OPTIONAL_INDEX(RULE, rule, options, RULE_OPTIONS),
    OPTIONAL_INDEX(RULE_OPTIONS, rule_options, retry, RETRY),
    OPTIONAL_INDEX(RULE_OPTIONS, rule_options, session, SESSION),
    BELOW(ROUTE, route, kind, GWAPI_ROUTE_UDP + 1),
    TEXT(ROUTE, route, namespace_),
    TEXT(ROUTE, route, name),
    RANGE(ROUTE, route, rules, RULE),
    INDEX(BACKEND, backend, rule, RULE),
    INDEX(BACKEND, backend, target, TARGET),
    OPTIONAL_INDEX(BACKEND, backend, filters, OWN_FILTERS),
    RANGE(OWN_FILTERS, own_filters, filters, FILTER),
    TEXT(TARGET, target, group),
    TEXT(TARGET, target, kind),
    TEXT(TARGET, target, namespace_),
    TEXT(TARGET, target, name),
    OPTIONAL_INDEX(TARGET, target, tls_policy, TLS_POLICY),
    OPTIONAL_INDEX(TARGET, target, traffic_policy, TRAFFIC_POLICY),
    BELOW(FILTER, filter, type, GWAPI__IMAGE_FILTER_END),
    BELOW(FILTER, filter, invalid, 2),
    RANGE(MODIFIER, modifier, ops, HEADER_OP),
    BELOW(HEADER_OP, header_op, action, GWAPI_HEADER_REMOVE + 1),
    TEXT(HEADER_OP, header_op, name),
    OPTIONAL_TEXT(HEADER_OP, header_op, value),
    BELOW(REDIRECT, redirect, scheme, GWAPI__SCHEME_END),
    OPTIONAL_TEXT(REDIRECT, redirect, hostname),
    BELOW(REDIRECT, redirect, path_type, GWAPI__IMAGE_PATH_END),
    OPTIONAL_TEXT(REDIRECT, redirect, path),
    OPTIONAL_TEXT(REWRITE, rewrite, hostname),
    BELOW(REWRITE, rewrite, path_type, GWAPI__IMAGE_PATH_END),
    OPTIONAL_TEXT(REWRITE, rewrite, path),
    INDEX(MIRROR, mirror, backend, BACKEND),
    RANGE(CORS, cors, origins, STRING),
    OPTIONAL_TEXT(CORS, cors, methods),
    OPTIONAL_TEXT(CORS, cors, headers),
    OPTIONAL_TEXT(CORS, cors, exposed),
    OPTIONAL_TEXT(CORS, cors, max_age),
    BELOW(AUTH, auth, protocol, GWAPI_AUTH_GRPC + 1),
    INDEX(AUTH, auth, backend, BACKEND),
    OPTIONAL_TEXT(AUTH, auth, path),
    RANGE(AUTH, auth, headers, STRING),
    RANGE(AUTH, auth, response_headers, STRING),
    TEXT(EXTENSION, extension, group),
    TEXT(EXTENSION, extension, kind),
    TEXT(EXTENSION, extension, namespace_),
    TEXT(EXTENSION, extension, name),
    RANGE(RETRY, retry, codes, NUMBER),
    BELOW(SESSION, session, type, GWAPI_SESSION_HEADER + 1),
    TEXT(SESSION, session, name),
    TEXT(TLS_POLICY, tls_policy, namespace_),
    TEXT(TLS_POLICY, tls_policy, name),
    TEXT(TLS_POLICY, tls_policy, hostname),
    RANGE(TLS_POLICY, tls_policy, names, SUBJECT_NAME),
    RANGE(TLS_POLICY, tls_policy, bundles, BUNDLE_INDEX),
    OPTIONAL_TEXT(TLS_POLICY, tls_policy, well_known),
    RANGE(TLS_POLICY, tls_policy, options, OPTION),
    BELOW(SUBJECT_NAME, subject_name, uri, 2),
    TEXT(SUBJECT_NAME, subject_name, value),
    TEXT(TRAFFIC_POLICY, traffic_policy, namespace_),
    TEXT(TRAFFIC_POLICY, traffic_policy, name),
    BELOW(TRAFFIC_POLICY, traffic_policy, has_retry_constraint, 2),
    OPTIONAL_INDEX(TRAFFIC_POLICY, traffic_policy, session, SESSION),
    TEXT(CERTIFICATE, certificate, namespace_),
    TEXT(CERTIFICATE, certificate, name),
    OPTIONAL_TEXT(CERTIFICATE, certificate, certificate),
    OPTIONAL_TEXT(CERTIFICATE, certificate, key),
    WORD(CERTIFICATE_INDEX, CERTIFICATE),
    TEXT(BUNDLE, bundle, kind),
    TEXT(BUNDLE, bundle, namespace_),
    TEXT(BUNDLE, bundle, name),
    OPTIONAL_TEXT(BUNDLE, bundle, certificates),
    WORD(BUNDLE_INDEX, BUNDLE),
    TEXT(OPTION, option, name),
    TEXT(OPTION, option, value),
    TEXT(STRING, string, text),
    TEXT(HEADER_NAME, string, text),
    TEXT(REGEX, string, text),
};

typedef struct section_spec {
    const char *name;
    uint32_t flags;
    uint32_t record;
} section_spec;

static const section_spec SECTIONS[GWAPI__SECTION_END] = {
#define SECTION_SPEC(name, id, flags, record) [id] = {#name, flags, sizeof(gwapi__image_##record)},
    GWAPI__IMAGE_SECTION_TABLE(SECTION_SPEC)
#undef SECTION_SPEC
};

const char *gwapi__image_section_name(uint32_t id)
{
    return id < GWAPI__SECTION_END && SECTIONS[id].name != NULL ? SECTIONS[id].name : "";
}

/* ---- header and table ------------------------------------------------------------------ */

static gwapi_result refuse(gwapi__image_fault *fault, gwapi_result why, const char *message,
                           uint32_t section, uint32_t record)
{
    *fault = (gwapi__image_fault){message, section, record};
    return why;
}

static uint32_t in_host_order(uint32_t word)
{
    if (GWAPI__BIG_ENDIAN)
        gwapi__image_swap(&word, sizeof word);
    return word;
}

gwapi_result gwapi__image_measure(const void *bytes, size_t len, size_t *size,
                                  gwapi__image_fault *fault)
{
    static const char magic[8] = GWAPI__IMAGE_MAGIC_BYTES;
    gwapi__image_header header;

    if (len < sizeof header)
        return refuse(fault, GWAPI_EIMAGE, "it is shorter than an image's header", 0, 0);
    memcpy(&header, bytes, sizeof header);
    if (memcmp(header.magic, magic, sizeof magic) != 0)
        return refuse(fault, GWAPI_EIMAGE, "it does not begin as an image does", 0, 0);
    if (in_host_order(header.format) != GWAPI__IMAGE_FORMAT)
        return refuse(fault, GWAPI_EIMAGEVERSION, "its format is not known", 0, 0);
    *size = in_host_order(header.size);
    if (*size < sizeof header || *size > len)
        return refuse(fault, GWAPI_EIMAGE, "it is cut short", 0, 0);
    if (GWAPI__BIG_ENDIAN)
        gwapi__image_swap(header.checksum, sizeof header.checksum);
    if (gwapi__image_u64(header.checksum) != gwapi__image_checksum(bytes, *size))
        return refuse(fault, GWAPI_EIMAGE, "its checksum is wrong", 0, 0);
    return GWAPI_OK;
}

static bool table_fits(uint32_t sections, size_t size)
{
    return sections <= (size - sizeof(gwapi__image_header)) / sizeof(gwapi__image_section);
}

gwapi_result gwapi__image_to_host(unsigned char *bytes, size_t size, gwapi__image_fault *fault)
{
    gwapi__image_header header;
    gwapi__image_section entry;

    if (!GWAPI__BIG_ENDIAN)
        return GWAPI_OK;
    gwapi__image_swap(bytes + sizeof header.magic, sizeof header - sizeof header.magic);
    memcpy(&header, bytes, sizeof header);
    if (!table_fits(header.section_count, size))
        return refuse(fault, GWAPI_EIMAGE, "its table of sections is cut short", 0, 0);
    gwapi__image_swap(bytes + sizeof header, header.section_count * sizeof entry);
    for (uint32_t i = 0; i < header.section_count; i++) {
        memcpy(&entry, bytes + sizeof header + i * sizeof entry, sizeof entry);
        uint64_t length = (uint64_t)entry.count * entry.record;
        if (entry.offset <= size && length <= size - entry.offset &&
            entry.record % sizeof(uint32_t) == 0)
            gwapi__image_swap(bytes + entry.offset, (size_t)length);
    }
    return GWAPI_OK;
}

/* Where the section before ended: sections follow each other. */
static gwapi_result check_entry(const gwapi__image_section *entry, size_t size, uint64_t *end,
                                uint32_t *last, gwapi__image_fault *fault)
{
    uint64_t length = (uint64_t)entry->count * entry->record;

    if (entry->id <= *last)
        return refuse(fault, GWAPI_EIMAGE, "the sections are not in order", entry->id, 0);
    *last = entry->id;
    if (entry->offset % 8 != 0 || entry->offset < *end || entry->offset > size ||
        length > size - entry->offset)
        return refuse(fault, GWAPI_EIMAGE, "the section lies outside the image", entry->id, 0);
    *end = entry->offset + length;
    if (entry->id >= GWAPI__SECTION_END || SECTIONS[entry->id].name == NULL) {
        if ((entry->flags & GWAPI__SECTION_REQUIRED) != 0)
            return refuse(fault, GWAPI_EIMAGEVERSION, "a required section is not known",
                          entry->id, 0);
        return GWAPI_OK;
    }
    if (entry->record != SECTIONS[entry->id].record)
        return refuse(fault, GWAPI_EIMAGEVERSION, "the section's records are of another size",
                      entry->id, 0);
    return GWAPI_OK;
}

static gwapi_result read_table(gwapi__image *image, const unsigned char *bytes, size_t size,
                               gwapi__image_fault *fault)
{
    const gwapi__image_header *header = (const void *)bytes;
    const gwapi__image_section *table = (const void *)(bytes + sizeof *header);
    uint64_t end = 0;
    uint32_t last = 0;

    memset(image, 0, sizeof *image);
    if (!table_fits(header->section_count, size))
        return refuse(fault, GWAPI_EIMAGE, "its table of sections is cut short", 0, 0);
    end = sizeof *header + (uint64_t)header->section_count * sizeof *table;
    for (uint32_t i = 0; i < header->section_count; i++) {
        gwapi_result r = check_entry(&table[i], size, &end, &last, fault);
        if (r != GWAPI_OK)
            return r;
        if (table[i].id < GWAPI__SECTION_END && SECTIONS[table[i].id].name != NULL) {
            image->records[table[i].id] = bytes + table[i].offset;
            image->counts[table[i].id] = table[i].count;
        }
    }
    for (uint32_t id = 0; id < GWAPI__SECTION_END; id++)
        if ((SECTIONS[id].flags & GWAPI__SECTION_REQUIRED) != 0 && image->records[id] == NULL)
            return refuse(fault, GWAPI_EIMAGE, "a section is missing", id, 0);
    if (image->counts[GWAPI__SECTION_INFO] != 1)
        return refuse(fault, GWAPI_EIMAGE, "it has not one INFO", GWAPI__SECTION_INFO, 0);
    return GWAPI_OK;
}

/* ---- references ------------------------------------------------------------------------ */

static bool within(uint32_t first, uint32_t count, uint32_t limit)
{
    return first <= limit && count <= limit - first;
}

/* Does a text begin there, its length in at most five bytes, and end within the section? */
static bool text_good(const gwapi__image *image, uint32_t offset)
{
    const unsigned char *bytes = image->records[GWAPI__SECTION_TEXT];
    uint64_t size = image->counts[GWAPI__SECTION_TEXT], at = offset, len = 0;

    for (unsigned shift = 0; shift < 35 && at < size; shift += 7) {
        unsigned char byte = bytes[at++];
        len |= (uint64_t)(byte & 0x7fu) << shift;
        if (byte < 0x80)
            return len <= size - at;
    }
    return false;
}

static bool field_good(const gwapi__image *image, const field *f, const uint32_t *word)
{
    switch ((field_kind)f->kind) {
    case FIELD_OPTIONAL_TEXT:
        return word[0] == GWAPI__IMAGE_NONE || text_good(image, word[0]);
    case FIELD_TEXT:
        return text_good(image, word[0]);
    case FIELD_OPTIONAL_INDEX:
        return word[0] == GWAPI__IMAGE_NONE || word[0] < image->counts[f->target];
    case FIELD_INDEX:
        return word[0] < image->counts[f->target];
    case FIELD_RANGE:
        return within(word[0], word[1], image->counts[f->target]);
    case FIELD_BELOW:
        return word[0] < f->target;
    }
    return false;
}

static gwapi_result check_field(const gwapi__image *image, const field *f,
                                gwapi__image_fault *fault)
{
    const uint32_t *record = image->records[f->section];
    size_t words = SECTIONS[f->section].record / sizeof(uint32_t);

    for (uint32_t i = 0; i < image->counts[f->section]; i++)
        if (!field_good(image, f, record + i * words + f->word))
            return refuse(fault, GWAPI_EIMAGE, "a record refers to what is not there",
                          f->section, i);
    return GWAPI_OK;
}

/* Where `item` of a filter points. */
static const uint32_t FILTER_ITEMS[GWAPI__IMAGE_FILTER_END] = {
    [GWAPI__IMAGE_FILTER_REQUEST_HEADERS] = GWAPI__SECTION_MODIFIER,
    [GWAPI__IMAGE_FILTER_RESPONSE_HEADERS] = GWAPI__SECTION_MODIFIER,
    [GWAPI__IMAGE_FILTER_MIRROR] = GWAPI__SECTION_MIRROR,
    [GWAPI__IMAGE_FILTER_REDIRECT] = GWAPI__SECTION_REDIRECT,
    [GWAPI__IMAGE_FILTER_REWRITE] = GWAPI__SECTION_REWRITE,
    [GWAPI__IMAGE_FILTER_CORS] = GWAPI__SECTION_CORS,
    [GWAPI__IMAGE_FILTER_AUTH] = GWAPI__SECTION_AUTH,
    [GWAPI__IMAGE_FILTER_EXTENSION] = GWAPI__SECTION_EXTENSION,
};

static bool filter_good(const gwapi__image *image, const void *record)
{
    const gwapi__image_filter *filter = record;
    uint32_t section = FILTER_ITEMS[filter->type];

    return section != 0 && filter->item < image->counts[section];
}

/* The next host is an earlier one, so that a chain of them ends. */
static bool host_good(const gwapi__image *image, const void *record)
{
    const gwapi__image_host *host = record, *first = image->records[GWAPI__SECTION_HOST];

    return host->next == GWAPI__IMAGE_NONE || host->next < (size_t)(host - first);
}

/* A list's words are places in MATCH already, its first one less than how many follow. */
static bool slot_good(const gwapi__image *image, const void *record)
{
    const gwapi__image_slot *slot = record;
    const uint32_t *words = image->records[GWAPI__SECTION_MATCH_INDEX];
    uint32_t count = image->counts[GWAPI__SECTION_MATCH_INDEX];

    if (slot->matches == GWAPI__SLOT_FREE)
        return true;
    if ((slot->matches & GWAPI__SLOT_LIST) == 0)
        return slot->matches < image->counts[GWAPI__SECTION_MATCH];
    uint32_t at = slot->matches & ~GWAPI__SLOT_LIST;
    return at < count && words[at] < count - at - 1;
}

static bool match_good(const gwapi__image *image, const void *record)
{
    const gwapi__image_match *match = record;

    switch (match->flags_index & GWAPI__MATCH_TYPE) {
    case GWAPI__IMAGE_MATCH_REGEX:
        return match->path < image->counts[GWAPI__SECTION_REGEX];
    case GWAPI__IMAGE_MATCH_GRPC:
        return match->path < image->counts[GWAPI__SECTION_GRPC_METHOD];
    default:
        return text_good(image, match->path);
    }
}

/* A header's name, or a query parameter's. */
static bool condition_good(const gwapi__image *image, const void *record)
{
    const gwapi__image_condition *condition = record;

    (void)image;
    return condition->header != GWAPI__IMAGE_NONE || condition->name.offset != GWAPI__IMAGE_NONE;
}

static bool backend_good(const gwapi__image *image, const void *record)
{
    const gwapi__image_backend *backend = record;

    (void)image;
    return gwapi__backend_role(backend) == GWAPI_BACKEND_REF ||
           (gwapi__backend_role(backend) <= GWAPI_BACKEND_AUTH &&
            backend->filters == GWAPI__IMAGE_NONE);
}

/* What a record must fulfil beyond its single fields. */
static const struct {
    uint32_t section;
    bool (*good)(const gwapi__image *image, const void *record);
} WHOLE_RECORDS[] = {
    {GWAPI__SECTION_HOST, host_good},           {GWAPI__SECTION_SLOT, slot_good},
    {GWAPI__SECTION_MATCH, match_good},         {GWAPI__SECTION_CONDITION, condition_good},
    {GWAPI__SECTION_BACKEND, backend_good},     {GWAPI__SECTION_FILTER, filter_good},
};

gwapi_result gwapi__image_verify(gwapi__image *image, const unsigned char *bytes, size_t size,
                                 gwapi__image_fault *fault)
{
    gwapi_result r = read_table(image, bytes, size, fault);

    for (size_t i = 0; r == GWAPI_OK && i < sizeof FIELDS / sizeof *FIELDS; i++)
        r = check_field(image, &FIELDS[i], fault);
    for (size_t i = 0; r == GWAPI_OK && i < sizeof WHOLE_RECORDS / sizeof *WHOLE_RECORDS; i++) {
        uint32_t id = WHOLE_RECORDS[i].section;
        const unsigned char *record = image->records[id];
        for (uint32_t k = 0; r == GWAPI_OK && k < image->counts[id]; k++)
            if (!WHOLE_RECORDS[i].good(image, record + (size_t)k * SECTIONS[id].record))
                r = refuse(fault, GWAPI_EIMAGE, "a record contradicts itself", id, k);
    }
    return r;
}
