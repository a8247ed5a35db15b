#include "cel/library.h"
#include "cel/type.h"
#include "cel/value.h"
#include "base/slice.h"

#define NAMED(literal) {"" literal, sizeof(literal) - 1}
#define PARAMS(...) ((const gwapi__cel_type *const[]){__VA_ARGS__})

// ---- types known beforehand -----------------------------------------------------------------

#define PLAIN(kind_) {.kind = (kind_)}
#define LIST(element) \
    {.kind = GWAPI__CEL_LIST, .param_count = 1, .params = PARAMS(element), \
     .max_elements = GWAPI__CEL_UNBOUNDED}
#define MAP(key, value) \
    {.kind = GWAPI__CEL_MAP, .param_count = 2, .params = PARAMS(key, value), \
     .max_elements = GWAPI__CEL_UNBOUNDED}
#define OF(kind_, param) {.kind = (kind_), .param_count = 1, .params = PARAMS(param)}
#define OPAQUE(name_) {.kind = GWAPI__CEL_OPAQUE, .name = NAMED(name_)}

const gwapi__cel_type gwapi__cel_error = PLAIN(GWAPI__CEL_ERROR);
const gwapi__cel_type gwapi__cel_null = PLAIN(GWAPI__CEL_NULL);
const gwapi__cel_type gwapi__cel_bool = PLAIN(GWAPI__CEL_BOOL);
const gwapi__cel_type gwapi__cel_int = PLAIN(GWAPI__CEL_INT);
const gwapi__cel_type gwapi__cel_uint = PLAIN(GWAPI__CEL_UINT);
const gwapi__cel_type gwapi__cel_double = PLAIN(GWAPI__CEL_DOUBLE);
const gwapi__cel_type gwapi__cel_string = PLAIN(GWAPI__CEL_STRING);
const gwapi__cel_type gwapi__cel_bytes = PLAIN(GWAPI__CEL_BYTES);
const gwapi__cel_type gwapi__cel_duration = PLAIN(GWAPI__CEL_DURATION);
const gwapi__cel_type gwapi__cel_timestamp = PLAIN(GWAPI__CEL_TIMESTAMP);
const gwapi__cel_type gwapi__cel_dyn = PLAIN(GWAPI__CEL_DYN);
const gwapi__cel_type gwapi__cel_type_dyn = PLAIN(GWAPI__CEL_TYPE);

const gwapi__cel_type gwapi__cel_a = {.kind = GWAPI__CEL_PARAM, .name = NAMED("A")};
const gwapi__cel_type gwapi__cel_b = {.kind = GWAPI__CEL_PARAM, .name = NAMED("B")};

const gwapi__cel_type gwapi__cel_list_dyn = LIST(&gwapi__cel_dyn);
const gwapi__cel_type gwapi__cel_list_a = LIST(&gwapi__cel_a);
const gwapi__cel_type gwapi__cel_list_int = LIST(&gwapi__cel_int);
const gwapi__cel_type gwapi__cel_list_string = LIST(&gwapi__cel_string);
const gwapi__cel_type gwapi__cel_list_list_a = LIST(&gwapi__cel_list_a);
const gwapi__cel_type gwapi__cel_map_dyn = MAP(&gwapi__cel_dyn, &gwapi__cel_dyn);
const gwapi__cel_type gwapi__cel_map_a_b = MAP(&gwapi__cel_a, &gwapi__cel_b);
const gwapi__cel_type gwapi__cel_type_a = OF(GWAPI__CEL_TYPE, &gwapi__cel_a);
const gwapi__cel_type gwapi__cel_optional_a = OF(GWAPI__CEL_OPTIONAL, &gwapi__cel_a);
const gwapi__cel_type gwapi__cel_optional_b = OF(GWAPI__CEL_OPTIONAL, &gwapi__cel_b);
const gwapi__cel_type gwapi__cel_optional_plain = PLAIN(GWAPI__CEL_OPTIONAL);
const gwapi__cel_type gwapi__cel_list_optional_a = LIST(&gwapi__cel_optional_a);

const gwapi__cel_type gwapi__cel_url = OPAQUE("kubernetes.URL");
const gwapi__cel_type gwapi__cel_ip = OPAQUE("net.IP");
const gwapi__cel_type gwapi__cel_cidr = OPAQUE("net.CIDR");
const gwapi__cel_type gwapi__cel_quantity = OPAQUE("kubernetes.Quantity");
const gwapi__cel_type gwapi__cel_semver = OPAQUE("kubernetes.Semver");
const gwapi__cel_type gwapi__cel_format = OPAQUE("kubernetes.NamedFormat");

// ---- constructors ---------------------------------------------------------------------------

const gwapi__cel_type *gwapi__cel_type_like(gwapi__arena *arena, gwapi__cel_kind kind,
                                            const gwapi__cel_type *first,
                                            const gwapi__cel_type *second)
{
    struct {
        gwapi__cel_type type;
        const gwapi__cel_type *params[2];
    } *made = gwapi__arena_array(arena, 1, sizeof(*made));
    bool sized = kind == GWAPI__CEL_LIST || kind == GWAPI__CEL_MAP;

    if (made == NULL)
        return NULL;
    made->params[0] = first;
    made->params[1] = second;
    made->type.kind = kind;
    made->type.param_count = second != NULL ? 2 : 1;
    made->type.params = made->params;
    made->type.max_elements = sized ? GWAPI__CEL_UNBOUNDED : 0;
    return &made->type;
}

const gwapi__cel_type *gwapi__cel_list_of(gwapi__arena *arena, const gwapi__cel_type *element)
{
    return gwapi__cel_type_like(arena, GWAPI__CEL_LIST, element, NULL);
}

const gwapi__cel_type *gwapi__cel_map_of(gwapi__arena *arena, const gwapi__cel_type *key,
                                         const gwapi__cel_type *value)
{
    return gwapi__cel_type_like(arena, GWAPI__CEL_MAP, key, value);
}

const gwapi__cel_type *gwapi__cel_optional_of(gwapi__arena *arena, const gwapi__cel_type *type)
{
    return gwapi__cel_type_like(arena, GWAPI__CEL_OPTIONAL, type, NULL);
}

const gwapi__cel_type *gwapi__cel_type_of(gwapi__arena *arena, const gwapi__cel_type *type)
{
    return gwapi__cel_type_like(arena, GWAPI__CEL_TYPE, type, NULL);
}

// ---- comparing and looking up ---------------------------------------------------------------

bool gwapi__cel_type_equal(const gwapi__cel_type *a, const gwapi__cel_type *b)
{
    if (a == b)
        return true;
    if (a->kind != b->kind || a->param_count != b->param_count || !gwapi__str_eq(a->name, b->name))
        return false;
    for (uint32_t i = 0; i < a->param_count; i++)
        if (!gwapi__cel_type_equal(a->params[i], b->params[i]))
            return false;
    return true;
}

const gwapi__cel_field *gwapi__cel_type_field(const gwapi__cel_type *type, gwapi_str name)
{
    uint32_t low = 0, high = type->field_count;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        int order = gwapi__str_cmp(type->fields[middle].name, name);
        if (order == 0)
            return &type->fields[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

// ---- names ----------------------------------------------------------------------------------

// By kind; those of objects, opaque types and parameters are in the type.
static const gwapi_str kind_names[] = {
    [GWAPI__CEL_ERROR] = NAMED("error"),
    [GWAPI__CEL_NULL] = NAMED("null_type"),
    [GWAPI__CEL_BOOL] = NAMED("bool"),
    [GWAPI__CEL_INT] = NAMED("int"),
    [GWAPI__CEL_UINT] = NAMED("uint"),
    [GWAPI__CEL_DOUBLE] = NAMED("double"),
    [GWAPI__CEL_STRING] = NAMED("string"),
    [GWAPI__CEL_BYTES] = NAMED("bytes"),
    [GWAPI__CEL_DURATION] = NAMED("google.protobuf.Duration"),
    [GWAPI__CEL_TIMESTAMP] = NAMED("google.protobuf.Timestamp"),
    [GWAPI__CEL_LIST] = NAMED("list"),
    [GWAPI__CEL_MAP] = NAMED("map"),
    [GWAPI__CEL_TYPE] = NAMED("type"),
    [GWAPI__CEL_OPTIONAL] = NAMED("optional_type"),
    [GWAPI__CEL_DYN] = NAMED("dyn"),
    [GWAPI__CEL_WRAPPER] = NAMED("wrapper"),
};

gwapi_str gwapi__cel_type_name(const gwapi__cel_type *type)
{
    return gwapi__str_present(type->name) ? type->name : kind_names[type->kind];
}

void gwapi__cel_type_write(gwapi__text *out, const gwapi__cel_type *type)
{
    gwapi__text_add(out, gwapi__cel_type_name(type));
    for (uint32_t i = 0; i < type->param_count; i++) {
        gwapi__text_addz(out, i == 0 ? "(" : ", ");
        gwapi__cel_type_write(out, type->params[i]);
    }
    if (type->param_count != 0)
        gwapi__text_char(out, ')');
}
