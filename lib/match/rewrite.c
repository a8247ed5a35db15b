#include "base/result.h"
#include "match/canonical.h"
#include "match/redirect.h"

/* Bytes of a path as the policy has it: NORMALIZE in canonical form. */
static size_t path_length(gwapi_path_policy policy, gwapi_str path)
{
    return policy == GWAPI_PATH_NORMALIZE ? gwapi__canonical_length(path) : path.len;
}

/* Adds the bytes `from` to `to` of `path` as the policy has it. */
static void add_part(gwapi__buffer *out, gwapi_path_policy policy, gwapi_str path, size_t from,
                     size_t to)
{
    if (policy != GWAPI_PATH_NORMALIZE) {
        gwapi__buffer_add(out, gwapi__str_sub(path, from, to - from));
        return;
    }
    if (out->length <= out->capacity && to - from <= out->capacity - out->length)
        gwapi__canonical_copy(path, from, to, out->data + out->length);
    out->length += to - from;
}

/* What follows `from`: nothing of a path that is shorter, as only another request's is, or the
 * path of an image that finds a match under a text of its own. */
static void add_path(gwapi__buffer *out, gwapi_path_policy policy, gwapi_str path, size_t from)
{
    size_t to = path_length(policy, path);

    if (from < to)
        add_part(out, policy, path, from, to);
}

bool gwapi__path_refused(gwapi_path_policy policy, uint32_t path_type, gwapi_str replacement)
{
    return policy == GWAPI_PATH_REJECT && path_type != GWAPI__IMAGE_PATH_KEEP &&
           (!gwapi__canonical_is(replacement) || gwapi__path_has_bad_bytes(replacement));
}

/* The matched prefix without its trailing '/'; false when the match is of another type. */
static bool matched_prefix(const gwapi_decision *decision, gwapi_str *prefix)
{
    const gwapi_snapshot *s = decision->snapshot;

    if (decision->match_entry >= gwapi__image_count(s, GWAPI__SECTION_MATCH))
        return false;
    const gwapi__image_match *match = gwapi__image_MATCH(s, decision->match_entry);
    if ((match->flags_index & GWAPI__MATCH_TYPE) != GWAPI__IMAGE_MATCH_PREFIX)
        return false;
    *prefix = gwapi__image_str(s, (gwapi__image_text){match->path});
    if (gwapi__str_ends(*prefix, GWAPI__STR("/")))
        prefix->len--;
    return true;
}

/* The bytes of a canonical path without a '/' at its end. */
static size_t length_without_slash(gwapi_str path)
{
    size_t length = gwapi__canonical_length(path);
    char last = '\0';

    if (length == 0)
        return 0;
    gwapi__canonical_copy(path, length - 1, length, &last);
    return last == '/' ? length - 1 : length;
}

/* Only a path that begins with no '/' ("*") has none where the prefix ends; it gets one.
 * A replacement begins with a '/' or is empty: so it was compiled. What it keeps without its last
 * '/' and what follows the prefix are brought into the form that the policy asks for one by one;
 * so has it their join, as long as no '/' stands at both sides of the seam. */
static void add_replaced_prefix(gwapi__buffer *out, gwapi_path_policy policy,
                                gwapi_str replacement, gwapi_str path, size_t prefix)
{
    size_t start = out->length, rest = path_length(policy, path) - prefix;

    if (gwapi__str_ends(replacement, GWAPI__STR("/")))
        replacement.len--;
    size_t length = path_length(policy, replacement);
    if (policy == GWAPI_PATH_NORMALIZE && rest != 0)
        length = length_without_slash(replacement);
    add_part(out, policy, replacement, 0, length);
    if (path.data[0] != '/')
        gwapi__buffer_add(out, GWAPI__STR("/"));
    add_path(out, policy, path, prefix);
    if (out->length == start)
        gwapi__buffer_add(out, GWAPI__STR("/"));
}

bool gwapi__target_write(const gwapi_decision *decision, const gwapi_request *request,
                         uint32_t path_type, gwapi_str replacement, bool joined,
                         gwapi__buffer *out)
{
    gwapi_path_policy policy = decision->path_policy;
    gwapi_str path, query, prefix;

    gwapi__request_target(request, &path, &query);
    if (gwapi__path_refused(policy, path_type, replacement))
        return false;
    if (path_type == GWAPI__IMAGE_PATH_REPLACE_FULL) {
        add_path(out, policy, replacement, 0);
    } else if (path_type == GWAPI__IMAGE_PATH_REPLACE_PREFIX &&
               matched_prefix(decision, &prefix)) {
        add_replaced_prefix(out, policy, replacement, path, prefix.len);
    } else {
        if (joined && path.data[0] != '/')
            gwapi__buffer_add(out, GWAPI__STR("/"));
        add_path(out, policy, path, 0);
    }
    if (query.data != NULL) {
        gwapi__buffer_add(out, GWAPI__STR("?"));
        gwapi__buffer_add(out, query);
    }
    return true;
}

/* The last rewrite in force that changes the path; NULL without one. The backendRef's counts after
 * the rule's; both start from the path as it was matched. */
static const gwapi__image_rewrite *rewrite_of(const gwapi_decision *decision, uint32_t backend)
{
    const gwapi_snapshot *s = decision->snapshot;
    const gwapi__image_rewrite *found = NULL;
    const gwapi__image_filter *filter;
    gwapi__filter_walk walk;
    bool own;

    gwapi__filters_begin(&walk, decision, backend);
    while ((filter = gwapi__filters_next(&walk, &own)) != NULL) {
        if (filter->type != GWAPI__IMAGE_FILTER_REWRITE)
            continue;
        const gwapi__image_rewrite *r = gwapi__image_REWRITE(s, filter->item);
        if (r->path_type != GWAPI__IMAGE_PATH_KEEP)
            found = r;
    }
    return found;
}

gwapi_result gwapi_decision_path(const gwapi_decision *decision, const gwapi_request *request,
                                 uint32_t backend, char *buffer, size_t capacity,
                                 size_t *length)
{
    gwapi__buffer out = {buffer, capacity, 0};
    gwapi_request r;

    if (!gwapi__decision_usable(decision) || !gwapi__buffer_usable(buffer, capacity, length))
        return GWAPI_EARGUMENT;
    GWAPI__TRY(gwapi__request_in(&r, request));
    const gwapi__image_rewrite *rewrite = rewrite_of(decision, backend);
    uint32_t type = rewrite != NULL ? rewrite->path_type : (uint32_t)GWAPI__IMAGE_PATH_KEEP;
    gwapi_str replacement =
        rewrite != NULL ? gwapi__image_str(decision->snapshot, rewrite->path) : GWAPI__STR("");
    if (!gwapi__target_write(decision, &r, type, replacement, false, &out))
        return GWAPI_EINVALID;
    return gwapi__buffer_end(&out, length);
}

gwapi_result gwapi_decision_host(const gwapi_decision *decision, const gwapi_request *request,
                                 uint32_t backend, gwapi_str *out)
{
    const gwapi__image_filter *filter;
    gwapi__filter_walk walk;
    gwapi_request r;
    bool own;

    if (!gwapi__decision_usable(decision) || out == NULL)
        return GWAPI_EARGUMENT;
    GWAPI__TRY(gwapi__request_in(&r, request));
    const gwapi_snapshot *s = decision->snapshot;
    gwapi_str host = gwapi__request_host(s, &r);
    gwapi__filters_begin(&walk, decision, backend);
    while ((filter = gwapi__filters_next(&walk, &own)) != NULL) {
        if (filter->type == GWAPI__IMAGE_FILTER_REWRITE) {
            gwapi_str name =
                gwapi__image_str(s, gwapi__image_REWRITE(s, filter->item)->hostname);
            host = name.len != 0 ? name : host;
        } else if (filter->type == GWAPI__IMAGE_FILTER_REQUEST_HEADERS) {
            gwapi__image_range ops = gwapi__image_MODIFIER(s, filter->item)->ops;
            for (uint32_t i = 0; i < ops.count; i++) {
                const gwapi__image_header_op *op = gwapi__image_HEADER_OP(s, ops.first + i);
                if (op->action == GWAPI_HEADER_SET &&
                    gwapi__str_eq_nocase(gwapi__image_str(s, op->name), GWAPI__STR("host")))
                    host = gwapi__image_str(s, op->value);
            }
        }
    }
    *out = host;
    return GWAPI_OK;
}
