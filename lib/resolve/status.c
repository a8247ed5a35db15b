#include "resolve/status.h"

#include "base/slice.h"

#define MOST_CONDITIONS 8

static const gwapi__condition_row rows[] = {
#define ROW(id, type, status, reason, message)                                                 \
    {{type, sizeof(type) - 1},                                                                 \
     GWAPI__STATUS_##status,                                                                   \
     {reason, sizeof(reason) - 1},                                                             \
     {message, sizeof(message) - 1}},
    GWAPI__CONDITION_TABLE(ROW)
#undef ROW
};

const gwapi__condition_row *gwapi__condition_row_of(gwapi__condition_id id)
{
    return &rows[id];
}

const char *gwapi__condition_status_name(gwapi__condition_status status)
{
    static const char *const names[] = {"Unknown", "True", "False"};

    return names[status];
}

#define TYPES(name, ...)                                                                       \
    static const gwapi_str name##_items[] = {__VA_ARGS__};                                     \
    const gwapi__condition_types gwapi__##name##_types = {                                     \
        name##_items, sizeof name##_items / sizeof *name##_items}

TYPES(class, GWAPI_STR_INIT("Accepted"), GWAPI_STR_INIT("SupportedVersion"));
TYPES(mesh, GWAPI_STR_INIT("Accepted"));
TYPES(gateway, GWAPI_STR_INIT("Accepted"), GWAPI_STR_INIT("Programmed"),
      GWAPI_STR_INIT("ResolvedRefs"), GWAPI_STR_INIT("AttachedListenerSets"),
      GWAPI_STR_INIT("DefaultGateway"), GWAPI_STR_INIT("InsecureFrontendValidationMode"));
TYPES(listener, GWAPI_STR_INIT("Accepted"), GWAPI_STR_INIT("Conflicted"),
      GWAPI_STR_INIT("ResolvedRefs"), GWAPI_STR_INIT("Programmed"),
      GWAPI_STR_INIT("OverlappingTLSConfig"));
TYPES(listener_set, GWAPI_STR_INIT("Accepted"), GWAPI_STR_INIT("Programmed"));
TYPES(route, GWAPI_STR_INIT("Accepted"), GWAPI_STR_INIT("ResolvedRefs"),
      GWAPI_STR_INIT("PartiallyInvalid"));
TYPES(policy, GWAPI_STR_INIT("Accepted"), GWAPI_STR_INIT("ResolvedRefs"));

static const char now_text[] = "now";
const gwapi_str gwapi__now = {now_text, sizeof now_text - 1};

static bool ours(const gwapi__condition_types *types, gwapi_str type)
{
    for (size_t i = 0; i < types->count; i++)
        if (gwapi__str_eq(types->items[i], type))
            return true;
    return false;
}

static const gwapi__condition *find(const gwapi__conditions *conditions, gwapi_str type)
{
    for (size_t i = 0; conditions != NULL && i < conditions->count; i++)
        if (gwapi__str_eq(conditions->items[i].type, type))
            return &conditions->items[i];
    return NULL;
}

static bool is_newer(const gwapi__condition *old, int64_t generation)
{
    return old->has_observed_generation && old->observed_generation > generation;
}

static gwapi__condition make(const gwapi__finding *finding, const gwapi__condition_input *input)
{
    const gwapi__condition_row *row = gwapi__condition_row_of(finding->id);
    const gwapi__condition *old = find(input->old, row->type);

    if (old != NULL && is_newer(old, input->generation))
        return *old;
    return (gwapi__condition){
        .type = row->type,
        .status = row->status,
        .reason = row->reason,
        .message = gwapi__str_present(finding->message) ? finding->message : row->message,
        .last_transition =
            old != NULL && old->status == row->status && old->last_transition.len != 0
                ? old->last_transition
                : gwapi__now,
        .observed_generation = input->generation,
        .has_observed_generation = true,
    };
}

static bool written(const gwapi__condition *made, size_t count, gwapi_str type)
{
    return find(&(gwapi__conditions){made, count}, type) != NULL;
}

gwapi_result gwapi__conditions_make(gwapi__conditions *out, gwapi__arena *arena,
                                    const gwapi__condition_input *input)
{
    size_t old_count = input->old != NULL ? input->old->count : 0;
    gwapi__condition *made = gwapi__arena_array(arena, input->count + old_count, sizeof *made);
    size_t count = 0;

    if (made == NULL)
        return GWAPI_ENOMEM;
    for (size_t i = 0; i < input->count; i++)
        if (input->findings[i].id != GWAPI__NO_CONDITION)
            made[count++] = make(&input->findings[i], input);
    for (size_t i = 0; i < old_count && count < MOST_CONDITIONS; i++) {
        const gwapi__condition *old = &input->old->items[i];
        if (!written(made, count, old->type) &&
            (!ours(input->types, old->type) || is_newer(old, input->generation)))
            made[count++] = *old;
    }
    *out = (gwapi__conditions){made, count};
    return GWAPI_OK;
}

/* ---- equality ------------------------------------------------------------------------ */

static bool condition_equal(const gwapi__condition *a, const gwapi__condition *b)
{
    return a->status == b->status && a->observed_generation == b->observed_generation &&
           a->has_observed_generation == b->has_observed_generation &&
           gwapi__str_eq(a->type, b->type) && gwapi__str_eq(a->reason, b->reason) &&
           gwapi__str_eq(a->message, b->message);
}

/* A new condition's time is none that an object has. */
static bool times_equal(const gwapi__conditions *made, const gwapi__conditions *stored)
{
    for (size_t i = 0; i < made->count; i++)
        if (gwapi__is_now(made->items[i].last_transition) ||
            !gwapi__str_eq(made->items[i].last_transition, stored->items[i].last_transition))
            return false;
    return true;
}

static bool equals_stored(const gwapi__conditions *made, const gwapi__conditions *stored)
{
    return gwapi__conditions_equal(made, stored) && times_equal(made, stored);
}

bool gwapi__conditions_equal(const gwapi__conditions *a, const gwapi__conditions *b)
{
    if (a->count != b->count)
        return false;
    for (size_t i = 0; i < a->count; i++)
        if (!condition_equal(&a->items[i], &b->items[i]))
            return false;
    return true;
}

/* Absent and empty differ only where a namespace is written. */
bool gwapi__parent_ref_equal(const gwapi__parent_ref *a, const gwapi__parent_ref *b)
{
    return a->port == b->port && gwapi__str_eq(a->section_name, b->section_name) &&
           gwapi__str_eq(a->ref.name, b->ref.name) &&
           gwapi__str_eq(a->ref.namespace_, b->ref.namespace_) &&
           gwapi__str_eq(a->ref.kind, b->ref.kind) && gwapi__str_eq(a->ref.group, b->ref.group);
}

typedef bool (*conditions_equal)(const gwapi__conditions *a, const gwapi__conditions *b);

static bool parents_equal(const gwapi__parent_status *a, size_t a_count,
                          const gwapi__parent_status *b, size_t b_count, conditions_equal equal)
{
    if (a_count != b_count)
        return false;
    for (size_t i = 0; i < a_count; i++)
        if (!gwapi__str_eq(a[i].controller, b[i].controller) ||
            !gwapi__parent_ref_equal(&a[i].parent, &b[i].parent) ||
            !equal(&a[i].conditions, &b[i].conditions))
            return false;
    return true;
}

static bool addresses_equal(const gwapi__address *a, size_t a_count, const gwapi__address *b,
                            size_t b_count)
{
    if (a_count != b_count)
        return false;
    for (size_t i = 0; i < a_count; i++)
        if (!gwapi__str_eq(a[i].type, b[i].type) || !gwapi__str_eq(a[i].value, b[i].value))
            return false;
    return true;
}

static bool listeners_equal(const gwapi__object_status *a, const gwapi__object_status *b)
{
    if (a->listener_count != b->listener_count)
        return false;
    for (size_t i = 0; i < a->listener_count; i++) {
        const gwapi__written_listener *x = &a->listeners[i], *y = &b->listeners[i];
        if (x->port != y->port || x->kinds != y->kinds ||
            x->attached_routes != y->attached_routes || !gwapi__str_eq(x->name, y->name) ||
            !gwapi__conditions_equal(&x->conditions, &y->conditions))
            return false;
    }
    return true;
}

static bool features_equal(const gwapi__strs *a, const gwapi__strs *b)
{
    if (a->count != b->count)
        return false;
    for (size_t i = 0; i < a->count; i++)
        if (!gwapi__str_eq(a->items[i], b->items[i]))
            return false;
    return true;
}

bool gwapi__status_equal(const gwapi__object_status *a, const gwapi__object_status *b)
{
    return gwapi__conditions_equal(&a->conditions, &b->conditions) && listeners_equal(a, b) &&
           addresses_equal(a->addresses, a->address_count, b->addresses, b->address_count) &&
           parents_equal(a->parents, a->parent_count, b->parents, b->parent_count,
                         gwapi__conditions_equal) &&
           features_equal(&a->features, &b->features);
}

static bool listeners_equal_stored(const gwapi__object_status *a, const gwapi__stored_status *b)
{
    if (a->listener_count != b->listener_count)
        return false;
    for (size_t i = 0; i < a->listener_count; i++) {
        const gwapi__written_listener *x = &a->listeners[i];
        const gwapi__listener_status *y = &b->listeners[i];
        if (x->port != y->port || x->kinds != y->kinds ||
            (int64_t)x->attached_routes != y->attached_routes ||
            !gwapi__str_eq(x->name, y->name) || !equals_stored(&x->conditions, &y->conditions))
            return false;
    }
    return true;
}

bool gwapi__status_equals_stored(const gwapi__object_status *status)
{
    if (status->resource == NULL)
        return false;
    const gwapi__stored_status *stored = &status->resource->status;
    return equals_stored(&status->conditions, &stored->conditions) &&
           listeners_equal_stored(status, stored) &&
           addresses_equal(status->addresses, status->address_count, stored->addresses,
                           stored->address_count) &&
           parents_equal(status->parents, status->parent_count, stored->parents,
                         stored->parent_count, equals_stored) &&
           features_equal(&status->features, &stored->features);
}

/* ---- time ---------------------------------------------------------------------------- */

static void digits(char *out, int64_t value, int count)
{
    while (count-- > 0) {
        out[count] = (char)('0' + value % 10);
        value /= 10;
    }
}

void gwapi__time_write(char out[GWAPI__TIME_LENGTH], int64_t seconds)
{
    const int64_t first = INT64_C(-62167219200), last = INT64_C(253402300799);

    seconds = seconds < first ? first : seconds > last ? last : seconds;
    /* Days since 0000-03-01 of the proleptic Gregorian calendar: leap days end the years. */
    int64_t since = seconds - first;
    int64_t day = since / 86400 - 60;
    if (day < 0)
        day += 146097; /* January and February of year 0: as of year 400 */
    int64_t era = day / 146097, of_era = day % 146097;
    int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
    int64_t month = (5 * of_year + 2) / 153;
    int64_t date = of_year - (153 * month + 2) / 5 + 1;
    year += era * 400 + (month >= 10);
    if (since / 86400 < 60)
        year -= 400;
    digits(out, year, 4);
    out[4] = '-';
    digits(out + 5, month < 10 ? month + 3 : month - 9, 2);
    out[7] = '-';
    digits(out + 8, date, 2);
    out[10] = 'T';
    digits(out + 11, since / 3600 % 24, 2);
    out[13] = ':';
    digits(out + 14, since / 60 % 60, 2);
    out[16] = ':';
    digits(out + 17, since % 60, 2);
    out[19] = 'Z';
}
