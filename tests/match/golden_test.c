/*
 * tests/data/match/<case>/: manifests.yaml serves requests.jsonl; decisions.jsonl has a line
 * for each. Both are the lines of `gatewayapi match`. A line of decisions.jsonl tells what a
 * decision must have: members that it does not name may be there, null means that one is not.
 * Lines of the manifests that start with "#: " are options, as the command has them.
 */
#include "match/served.h"

/* ---- what a decision has to have --------------------------------------------------------- */

/* Every member of `want` is in `have`: null means that it is absent. Lists are of one length.
 */
static bool has(const json_t *have, const json_t *want)
{
    const char *key;
    json_t *value;
    size_t i;

    if (json_is_null(want))
        return have == NULL;
    if (json_is_object(want) && json_is_object(have)) {
        json_object_foreach((json_t *)(uintptr_t)want, key,
                            value) if (!has(json_object_get(have, key), value)) return false;
        return true;
    }
    if (json_is_array(want) && json_is_array(have)) {
        json_array_foreach(want, i,
                           value) if (!has(json_array_get(have, i), value)) return false;
        return json_array_size(want) == json_array_size(have);
    }
    return have != NULL && json_equal(have, want);
}

/* Absent members mean none: no nulls, no empty lists, anywhere. */
static bool is_tidy(const json_t *value)
{
    const char *key;
    json_t *member;
    size_t i;

    if (json_is_object(value)) {
        json_object_foreach((json_t *)(uintptr_t)value, key,
                            member) if (!is_tidy(member)) return false;
    } else if (json_is_array(value)) {
        json_array_foreach(value, i, member) if (!is_tidy(member)) return false;
        return json_array_size(value) != 0;
    }
    return !json_is_null(value);
}

static void check_line(const char *name, gwapi_str request, gwapi_str have, gwapi_str want)
{
    json_error_t error;
    json_t *is = json_loadb(have.data, have.len, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, NULL);
    json_t *should = json_loadb(want.data, want.len, JSON_REJECT_DUPLICATES, &error);

    cr_assert_not_null(should, "%s: %s: %.*s", name, error.text, GWAPI__FMT(want));
    cr_expect(is != NULL && is_tidy(is) && has(is, should),
              "%s:\n  request   %.*s\n  is        %.*s\n  should be %.*s", name,
              GWAPI__FMT(request), GWAPI__FMT(have), GWAPI__FMT(want));
    json_decref(is);
    json_decref(should);
}

/* ---- the cases --------------------------------------------------------------------------- */

static void answer(gwapi__text *out, const served *s, gwapi_str line)
{
    gwapi_connection connection;
    gwapi_decision decision;
    gwapi_sink sink = {sizeof sink, out, text_sink};
    cli_request r;

    cli_request_read(&r, line, s->settings.path_policy);
    cr_assert_null(r.error, "%s: %.*s", r.error, GWAPI__FMT(line));
    cr_assert_eq(ask(s, &r, &connection, &decision), GWAPI_OK, "%.*s", GWAPI__FMT(line));
    gwapi__text_cut(out, 0);
    gwapi_str id = r.id != NULL ? gwapi__str_of(r.id) : (gwapi_str){NULL, 0};
    cr_assert_eq(gwapi_decision_write(&decision, &r.request, id, &sink), GWAPI_OK, "%.*s",
                 GWAPI__FMT(line));
    cr_assert(!out->failed);
    cli_request_free(&r);
}

static void check_case(const served *s, const char *name)
{
    gwapi_allocator allocator;
    gwapi__text have;
    gwapi_str request, want;
    lines requests, decisions;

    cr_assert_eq(gwapi__allocator_init(&allocator, NULL), GWAPI_OK);
    gwapi__text_init(&have, &allocator);
    lines_open(&requests, name, "requests.jsonl");
    lines_open(&decisions, name, "decisions.jsonl");
    while (lines_next(&requests, &request)) {
        answer(&have, s, request);
        if (lines_next(&decisions, &want))
            check_line(name, request, gwapi__text_str(&have), want);
        else
            cr_expect_fail("%s: nothing is expected of %.*s", name, GWAPI__FMT(request));
    }
    cr_expect(!lines_next(&decisions, &want), "%s: no request for %.*s", name,
              GWAPI__FMT(want));
    free(requests.text);
    free(decisions.text);
    gwapi__text_free(&have);
}

static void check_with(uint32_t flags)
{
    static char names[512][128];
    size_t count = list_cases(names, 512);

    cr_assert_gt(count, 0);
    for (size_t i = 0; i < count; i++) {
        served s;
        served_init(&s, names[i]);
        served_open(&s, flags);
        check_case(&s, names[i]);
        served_free(&s);
    }
}

Test(match_golden, cases_give_their_decisions)
{
    check_with(0);
}

Test(match_golden, cases_give_the_same_decisions_without_executable_memory)
{
    check_with(GWAPI_OPEN_NO_JIT);
}
