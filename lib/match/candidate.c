/*
 * The candidates of one hostname, best first (matching.md §7, §8): gRPC matches, then whole
 * paths, path patterns, and prefixes from the longest to the shortest. MATCH is sorted by
 * precedence, so the smaller index is the better match.
 */
#include "match/lookup.h"

/* "/service/method" */
static void set_grpc(gwapi__lookup *lookup)
{
    gwapi_str path = lookup->path;
    size_t end = lookup->segments.end[1];

    if (path.data[0] != '/' || lookup->segments.depth < 2)
        return;
    lookup->service = gwapi__str(path.data + 1, end - 1);
    lookup->grpc_method = gwapi__str(path.data + end + 1, path.len - end - 1);
    lookup->grpc = lookup->service.len != 0 && lookup->grpc_method.len != 0;
}

void gwapi__lookup_set_path(gwapi__lookup *lookup, gwapi_str target)
{
    size_t end = gwapi__segments_set(&lookup->segments, target.data, target.len);

    lookup->path = gwapi__str(target.data, end);
    if (end == 0) {
        (void)gwapi__segments_set(&lookup->segments, "/", 1);
        lookup->path = GWAPI__STR("/");
    }
    if (end < target.len)
        lookup->query = gwapi__str(target.data + end + 1, target.len - end - 1);
    if (gwapi__str_eq(lookup->method, GWAPI__STR("POST")))
        set_grpc(lookup);
}

/* ---- what is found by text -------------------------------------------------------------------- */

/* The matches under a text, ascending. */
typedef struct found {
    const uint32_t *list;
    uint32_t count;
} found;

static const gwapi__image_slot *find_slot(const gwapi_snapshot *s,
                                          const gwapi__image_host *host, uint32_t type,
                                          uint64_t hash, gwapi_str text)
{
    hash = gwapi__index_seeded(hash, host->flags & GWAPI__HOST_SEED);
    uint32_t count = host->slots.count, tag = gwapi__slot_tag(hash, type);
    uint32_t at = gwapi__index_place(hash, count);
    const gwapi__image_slot *slots = gwapi__image_SLOT(s, host->slots.first);

    for (uint32_t steps = 0; steps < count; steps++) {
        const gwapi__image_slot *slot = &slots[at];
        if ((slot->tag & ~GWAPI__PLACE_MORE) == tag && slot->matches != GWAPI__SLOT_FREE &&
            gwapi__image_is(s, slot->text, text))
            return slot;
        if ((slot->tag & GWAPI__PLACE_MORE) == 0)
            break;
        at = at + 1 < count ? at + 1 : 0;
    }
    return NULL;
}

static found list_in(const gwapi_snapshot *s, const gwapi__image_slot *slot)
{
    if ((slot->matches & GWAPI__SLOT_LIST) == 0)
        return (found){&slot->matches, 1};
    const uint32_t *list = gwapi__image_MATCH_INDEX(s, slot->matches & ~GWAPI__SLOT_LIST);
    return (found){list + 1, *list + 1};
}

static found list_of(const gwapi_snapshot *s, gwapi__image_range range)
{
    return (found){gwapi__image_MATCH_INDEX(s, range.first), range.count};
}

/* ---- what is not ------------------------------------------------------------------------------- */

/* Does the part of a match hold that is not in the index: a pattern, a gRPC part? */
typedef gwapi__regex_answer (*part_fn)(gwapi__lookup *lookup, const gwapi__image_match *match);

/* Opening checks that `path` is what the type says, but not that a list keeps to one type. */
static bool is_of(const gwapi__image_match *match, uint32_t type)
{
    return (match->flags_index & GWAPI__MATCH_TYPE) == type;
}

static gwapi__regex_answer path_pattern(gwapi__lookup *lookup, const gwapi__image_match *match)
{
    if (!is_of(match, GWAPI__IMAGE_MATCH_REGEX))
        return GWAPI__REGEX_MISS;
    return gwapi__lookup_regex(lookup, match->path, lookup->path);
}

/* Is it a prefix that ends where a segment of the path does? */
static gwapi__regex_answer path_prefix(gwapi__lookup *lookup, const gwapi__image_match *match)
{
    if (!is_of(match, GWAPI__IMAGE_MATCH_PREFIX))
        return GWAPI__REGEX_MISS;
    gwapi_str prefix =
        gwapi__image_str(lookup->snapshot, (gwapi__image_text){match->path});

    if (gwapi__str_ends(prefix, GWAPI__STR("/")))
        prefix.len--;
    return gwapi__str_starts(lookup->path, prefix) &&
                   (lookup->path.len == prefix.len || lookup->path.data[prefix.len] == '/')
               ? GWAPI__REGEX_MATCH
               : GWAPI__REGEX_MISS;
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
    if (!is_of(match, GWAPI__IMAGE_MATCH_GRPC))
        return GWAPI__REGEX_MISS;
    const gwapi__image_grpc_method *grpc =
        gwapi__image_GRPC_METHOD(lookup->snapshot, match->path);
    gwapi__regex_answer answer =
        grpc_part(lookup, grpc->service, grpc->service_regex, lookup->service);

    return answer != GWAPI__REGEX_MATCH
               ? answer
               : grpc_part(lookup, grpc->method, grpc->method_regex, lookup->grpc_method);
}

/* ---- the best ------------------------------------------------------------------------------------ */

/* The first of a list that holds and is better than *match (GWAPI_NONE: none yet). `part` NULL:
 * nothing is left to ask but the conditions. */
static gwapi__regex_answer first_of(gwapi__lookup *lookup, found list, part_fn part,
                                    uint32_t *match)
{
    for (uint32_t i = 0; i < list.count; i++) {
        uint32_t index = list.list[i];
        if (index >= *match)
            break;
        const gwapi__image_match *candidate = gwapi__image_MATCH(lookup->snapshot, index);
        gwapi__regex_answer answer =
            part != NULL ? part(lookup, candidate) : GWAPI__REGEX_MATCH;
        if (answer == GWAPI__REGEX_MATCH)
            answer = gwapi__predicates_hold(lookup, candidate);
        if (answer == GWAPI__REGEX_MATCH)
            *match = index;
        if (answer != GWAPI__REGEX_MISS)
            return answer;
    }
    return GWAPI__REGEX_MISS;
}

/* The matches under a text, `part` as in first_of. */
static gwapi__regex_answer of_text(gwapi__lookup *lookup, const gwapi__image_host *host,
                                   uint32_t type, uint64_t hash, gwapi_str text, part_fn part,
                                   uint32_t *match)
{
    const gwapi_snapshot *s = lookup->snapshot;
    const gwapi__image_slot *slot = find_slot(s, host, type, hash, text);

    if (slot == NULL)
        return GWAPI__REGEX_MISS;
    /* Most are alone and ask for nothing else. */
    if (part == NULL && (slot->matches & GWAPI__SLOT_LIST) == 0 && slot->matches < *match) {
        const gwapi__image_match *only = gwapi__image_MATCH(s, slot->matches);
        if (only->conditions.count == 0 && only->method.offset == GWAPI__IMAGE_NONE) {
            *match = slot->matches;
            return GWAPI__REGEX_MATCH;
        }
    }
    return first_of(lookup, list_in(s, slot), part, match);
}

/* Three lists that rank among each other: the best of all is looked for. */
static gwapi__regex_answer find_grpc(gwapi__lookup *lookup, const gwapi__image_host *host,
                                     const gwapi__image_host_lists *lists, uint32_t *match)
{
    gwapi__regex_answer answer = GWAPI__REGEX_MISS;

    if ((host->flags & GWAPI__HOST_GRPC_METHOD) != 0)
        answer = of_text(lookup, host, GWAPI__IMAGE_MATCH_GRPC, lookup->segments.whole,
                         lookup->path, NULL, match);
    if (answer != GWAPI__REGEX_SPENT && (host->flags & GWAPI__HOST_GRPC_SERVICE) != 0)
        answer = of_text(lookup, host, GWAPI__IMAGE_MATCH_GRPC,
                         gwapi__segments_hash(&lookup->segments, 1),
                         gwapi__str_sub(lookup->path, 0, lookup->segments.end[1]), NULL, match);
    if (answer != GWAPI__REGEX_SPENT && lists != NULL)
        answer = first_of(lookup, list_of(lookup->snapshot, lists->grpc), grpc_parts, match);
    if (answer == GWAPI__REGEX_SPENT)
        return answer;
    return *match != GWAPI_NONE ? GWAPI__REGEX_MATCH : GWAPI__REGEX_MISS;
}

/* Those of a mask of depths that the path has, as far as its hashes go. */
static uint32_t depths_of(const gwapi__lookup *lookup, uint32_t mask)
{
    size_t depth = lookup->segments.depth;

    return depth < GWAPI__INDEX_DEEPEST ? mask & ((UINT32_C(2) << depth) - 1)
                                        : mask & ~gwapi__index_depth(GWAPI__INDEX_DEEPEST);
}

static gwapi_str prefix_of(const gwapi__lookup *lookup, uint32_t depth)
{
    return gwapi__str_sub(lookup->path, 0, lookup->segments.end[depth]);
}

/* Patterns by what they begin with, then the others: the best of all. */
static gwapi__regex_answer find_pattern(gwapi__lookup *lookup, const gwapi__image_host *host,
                                        const gwapi__image_host_lists *lists, uint32_t *match)
{
    gwapi__regex_answer answer = GWAPI__REGEX_MISS;

    for (uint32_t depths = depths_of(lookup, lists->pattern_depths);
         depths != 0 && answer != GWAPI__REGEX_SPENT;) {
        uint32_t depth = gwapi__highest_bit(depths);
        depths &= ~(UINT32_C(1) << depth);
        answer = of_text(lookup, host, GWAPI__IMAGE_MATCH_REGEX,
                         gwapi__segments_hash(&lookup->segments, depth), prefix_of(lookup, depth),
                         path_pattern, match);
    }
    if (answer != GWAPI__REGEX_SPENT)
        answer = first_of(lookup, list_of(lookup->snapshot, lists->patterns), path_pattern, match);
    if (answer == GWAPI__REGEX_SPENT)
        return answer;
    return *match != GWAPI_NONE ? GWAPI__REGEX_MATCH : GWAPI__REGEX_MISS;
}

/* Prefixes end where a segment of the path does: before a '/', or with the path. */
static gwapi__regex_answer find_prefix(gwapi__lookup *lookup, const gwapi__image_host *host,
                                       uint32_t *match)
{
    for (uint32_t depths = depths_of(lookup, host->prefix_depths); depths != 0;) {
        uint32_t depth = gwapi__highest_bit(depths);
        depths &= ~(UINT32_C(1) << depth);
        gwapi__regex_answer answer =
            of_text(lookup, host, GWAPI__IMAGE_MATCH_PREFIX,
                    gwapi__segments_hash(&lookup->segments, depth), prefix_of(lookup, depth), NULL,
                    match);
        if (answer != GWAPI__REGEX_MISS)
            return answer;
    }
    return GWAPI__REGEX_MISS;
}

gwapi__regex_answer gwapi__candidate_find(gwapi__lookup *lookup, const gwapi__image_host *host,
                                          uint32_t *match)
{
    const gwapi_snapshot *s = lookup->snapshot;
    gwapi__regex_answer answer = GWAPI__REGEX_MISS;
    const gwapi__image_host_lists *lists =
        host->lists != GWAPI__IMAGE_NONE ? gwapi__image_HOST_LISTS(s, host->lists) : NULL;

    *match = GWAPI_NONE;
    if (lookup->grpc)
        answer = find_grpc(lookup, host, lists, match);
    if (answer == GWAPI__REGEX_MISS &&
        (host->exact_depths & gwapi__index_depth(lookup->segments.depth)) != 0)
        answer = of_text(lookup, host, GWAPI__IMAGE_MATCH_EXACT, lookup->segments.whole,
                         lookup->path, NULL, match);
    if (answer == GWAPI__REGEX_MISS && lists != NULL) {
        answer = find_pattern(lookup, host, lists, match);
        if (answer == GWAPI__REGEX_MISS)
            answer = first_of(lookup, list_of(s, lists->deep), path_prefix, match);
    }
    if (answer == GWAPI__REGEX_MISS)
        answer = find_prefix(lookup, host, match);
    return answer;
}
