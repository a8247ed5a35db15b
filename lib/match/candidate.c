/*
 * The candidates of one hostname, best first (matching.md §7, §8): gRPC matches, then whole
 * paths, path patterns, and prefixes from the longest to the shortest. MATCH is sorted by
 * precedence, so the smaller index is the better match.
 */
#include "match/lookup.h"

void gwapi__lookup_set_grpc(gwapi__lookup *lookup)
{
    gwapi_str rest = lookup->path;

    lookup->grpc = false;
    if (!gwapi__str_eq(lookup->method, GWAPI__STR("POST")) || rest.data[0] != '/')
        return;
    rest = gwapi__str_sub(rest, 1, rest.len);
    lookup->grpc = gwapi__str_cut(rest, '/', &lookup->service, &lookup->grpc_method) &&
                   lookup->service.len != 0 && lookup->grpc_method.len != 0;
}

static const gwapi__image_path *find_path(const gwapi_snapshot *s, gwapi__image_range paths,
                                          gwapi_str text)
{
    uint32_t low = paths.first, high = paths.first + paths.count;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        const gwapi__image_path *path = gwapi__image_PATH(s, middle);
        int order = gwapi__str_cmp(gwapi__image_str(s, path->text), text);
        if (order == 0)
            return path;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

/* Does the part of a match hold that is not in the index: a pattern, a gRPC part? */
typedef gwapi__regex_answer (*part_fn)(gwapi__lookup *lookup, const gwapi__image_match *match);

static gwapi__regex_answer path_known(gwapi__lookup *lookup, const gwapi__image_match *match)
{
    (void)lookup;
    (void)match;
    return GWAPI__REGEX_MATCH;
}

static gwapi__regex_answer path_pattern(gwapi__lookup *lookup, const gwapi__image_match *match)
{
    if (match->path_regex == GWAPI__IMAGE_NONE)
        return GWAPI__REGEX_MISS;
    return gwapi__lookup_regex(lookup, match->path_regex, lookup->path);
}

/* Service or method: any, whole, or a pattern. */
static gwapi__regex_answer grpc_part(gwapi__lookup *lookup, gwapi__image_text expected,
                                     uint32_t regex, gwapi_str given)
{
    if (regex != GWAPI__IMAGE_NONE)
        return gwapi__lookup_regex(lookup, regex, given);
    if (expected.offset == GWAPI__IMAGE_NONE)
        return GWAPI__REGEX_MATCH;
    return gwapi__str_eq(gwapi__image_str(lookup->snapshot, expected), given)
               ? GWAPI__REGEX_MATCH
               : GWAPI__REGEX_MISS;
}

static gwapi__regex_answer grpc_parts(gwapi__lookup *lookup, const gwapi__image_match *match)
{
    gwapi__regex_answer answer =
        grpc_part(lookup, match->path, match->path_regex, lookup->service);

    return answer != GWAPI__REGEX_MATCH ? answer
                                        : grpc_part(lookup, match->method, match->method_regex,
                                                    lookup->grpc_method);
}

/* The first of a list that holds and is better than *match (GWAPI_NONE: none yet). */
static gwapi__regex_answer first_of(gwapi__lookup *lookup, gwapi__image_range list, part_fn part,
                                    uint32_t *match)
{
    const gwapi_snapshot *s = lookup->snapshot;

    for (uint32_t i = 0; i < list.count; i++) {
        uint32_t index = *gwapi__image_MATCH_INDEX(s, list.first + i);
        if (index >= *match)
            break;
        const gwapi__image_match *candidate = gwapi__image_MATCH(s, index);
        gwapi__regex_answer answer = part(lookup, candidate);
        if (answer == GWAPI__REGEX_MATCH)
            answer = gwapi__predicates_hold(lookup, candidate);
        if (answer == GWAPI__REGEX_MATCH)
            *match = index;
        if (answer != GWAPI__REGEX_MISS)
            return answer;
    }
    return GWAPI__REGEX_MISS;
}

static gwapi__regex_answer of_path(gwapi__lookup *lookup, gwapi__image_range paths,
                                   gwapi_str text, uint32_t *match)
{
    const gwapi__image_path *path = find_path(lookup->snapshot, paths, text);

    return path == NULL ? GWAPI__REGEX_MISS
                        : first_of(lookup, path->matches, path_known, match);
}

/* Three lists that rank among each other: the best of all is looked for. */
static gwapi__regex_answer find_grpc(gwapi__lookup *lookup, const gwapi__image_host *host,
                                     uint32_t *match)
{
    gwapi_str service = gwapi__str_sub(lookup->path, 0, lookup->service.len + 2);
    gwapi__regex_answer answer = of_path(lookup, host->grpc, lookup->path, match);

    if (answer != GWAPI__REGEX_SPENT)
        answer = of_path(lookup, host->grpc, service, match);
    if (answer != GWAPI__REGEX_SPENT)
        answer = first_of(lookup, host->grpc_others, grpc_parts, match);
    if (answer == GWAPI__REGEX_SPENT)
        return answer;
    return *match != GWAPI_NONE ? GWAPI__REGEX_MATCH : GWAPI__REGEX_MISS;
}

/* Prefixes end where a segment of the path does: before a '/', or with the path. */
static gwapi__regex_answer find_prefix(gwapi__lookup *lookup, const gwapi__image_host *host,
                                       uint32_t *match)
{
    gwapi_str path = lookup->path;
    size_t end = path.len;
    gwapi__regex_answer answer = GWAPI__REGEX_MISS;

    if (host->prefix.count == 0)
        return answer;
    if (end > host->prefix_longest) {
        end = (size_t)host->prefix_longest + 1;
        while (end > 0 && path.data[end - 1] != '/')
            end--;
        end -= end > 0;
    }
    for (;;) {
        answer = of_path(lookup, host->prefix, gwapi__str_sub(path, 0, end), match);
        if (answer != GWAPI__REGEX_MISS || end == 0)
            return answer;
        while (end > 0 && path.data[end - 1] != '/')
            end--;
        end -= end > 0;
    }
}

gwapi__regex_answer gwapi__candidate_find(gwapi__lookup *lookup, const gwapi__image_host *host,
                                          uint32_t *match)
{
    gwapi__regex_answer answer = GWAPI__REGEX_MISS;

    *match = GWAPI_NONE;
    if (lookup->grpc)
        answer = find_grpc(lookup, host, match);
    if (answer == GWAPI__REGEX_MISS)
        answer = of_path(lookup, host->exact, lookup->path, match);
    if (answer == GWAPI__REGEX_MISS)
        answer = first_of(lookup, host->regex, path_pattern, match);
    if (answer == GWAPI__REGEX_MISS)
        answer = find_prefix(lookup, host, match);
    return answer;
}
