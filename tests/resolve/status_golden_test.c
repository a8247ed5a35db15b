/*
 * tests/data/status/<case>/: input.yaml is resolved and gives status.json, one line an object.
 * Lines of the input that start with "#: " are options, as the command has them. Every
 * condition of tests/data/conditions has a case named <object>-<Type>-<Status>-<Reason>, unless
 * it says there why nothing of the kind is written.
 *
 * With GWAPI_UPDATE set the expected files are written anew.
 */
#include "cases.h"

#include <ctype.h>
#include <gatewayapi/attachment.h>
#include "doc/stream.h"
#include "resolve/record.h"
#include "resolve/status.h"
#include "resolve/topology.h"

static void statuses_of(gwapi__text *out, gwapi_str yaml, const settings *s, bool reversed)
{
    world w;

    world_init(&w, s->channel);
    w.options = s->options;
    w.mode = s->mode;
    read_documents(&w, yaml, reversed);
    world_resolve(&w);
    gwapi__text_init(out, &w.allocator);
    write_statuses(out, w.topology);
    world_free(&w);
}

static gwapi_str name_of(const gwapi__resource *resource)
{
    return resource->meta.name;
}

/* With someone who asks why each object is as it is, or why one is: nothing changes. */
static void listen(world *w, const char *name, const gwapi__identity *subject)
{
    gwapi__recorder recorder;
    gwapi_topology *topology;
    gwapi__text with, without;

    gwapi__recorder_init(&recorder, &w->allocator, subject);
    cr_assert_eq(gwapi__topology_resolve(&topology, w->set, &w->options, &recorder, NULL),
                 GWAPI_OK);
    gwapi__text_init(&with, &w->allocator);
    gwapi__text_init(&without, &w->allocator);
    write_statuses(&with, topology);
    write_statuses(&without, w->topology);
    cr_expect(gwapi__str_eq(gwapi__text_str(&with), gwapi__text_str(&without)), "%s", name);
    for (size_t i = 0; i < recorder.places.count; i++) {
        const gwapi__place_event *e = GWAPI__AT(&recorder.places, gwapi__place_event, i);
        cr_expect_eq(e->winner != NULL, e->step == GWAPI__STEP_CONFLICT, "%s: %.*s", name,
                     GWAPI__FMT(name_of(e->route)));
    }
    gwapi__text_free(&with);
    gwapi__text_free(&without);
    gwapi__recorder_free(&recorder);
    gwapi_topology_release(topology);
}

static void expect_json(const char *name, gwapi_str text, const gwapi_allocator *allocator)
{
    gwapi__stream *stream;
    gwapi__arena arena;
    gwapi_limits limits;
    gwapi__doc doc;
    bool more = false;

    gwapi__arena_init(&arena, allocator);
    cr_assert_eq(gwapi__limits_init(&limits, NULL), GWAPI_OK);
    cr_assert_eq(gwapi__stream_open(&stream, allocator, text, GWAPI_FORMAT_JSON, &limits),
                 GWAPI_OK);
    cr_assert_eq(gwapi__stream_next(stream, &arena, &doc, &more), GWAPI_OK);
    cr_expect(more && doc.root != NULL && doc.problem_count == 0, "%s: %.*s", name,
              GWAPI__FMT(text));
    gwapi__stream_close(stream);
    gwapi__arena_free(&arena);
}

/* A parent of ours has an entry and says what that says, and a route that is attached somewhere
 * is accepted there. */
static void check_parents(const char *name, const gwapi_attachment *a,
                          const gwapi__object_status *status)
{
    gwapi_attachment_parent p = {.struct_size = sizeof p};
    gwapi_attachment_candidate c = {.struct_size = sizeof c};
    size_t ours = 0, entries = status != NULL ? status->parent_count : 0;

    for (size_t i = 0; gwapi_attachment_parent_at(a, i, &p) == GWAPI_OK; i++) {
        ours += p.ours;
        cr_expect(p.message.len != 0, "%s, parent %zu", name, i);
        cr_expect(p.ours || !gwapi__str_present(p.reason), "%s, parent %zu", name, i);
        cr_expect(!p.ours || gwapi__str_present(p.reason) || entries == 32, "%s, parent %zu",
                  name, i);
    }
    cr_expect(ours <= entries || entries == 32, "%s: %zu of %zu", name, ours, entries);
    for (size_t i = 0; gwapi_attachment_candidate_at(a, i, &c) == GWAPI_OK; i++) {
        cr_assert_eq(gwapi_attachment_parent_at(a, c.parent, &p), GWAPI_OK);
        cr_expect(p.ours && c.message.len != 0, "%s, candidate %zu", name, i);
        cr_expect(!c.attached || p.accepted || !gwapi__str_present(p.reason),
                  "%s, candidate %zu", name, i);
        cr_expect_eq(c.attached, gwapi__str_eq(c.reason, GWAPI__STR("Accepted")),
                     "%s, candidate %zu", name, i);
    }
}

static void check_explained(const char *name, const world *w, const gwapi__resource *r)
{
    gwapi_object_ref ref = {sizeof ref, r->group, r->kind_name, r->meta.namespace_,
                            r->meta.name};
    gwapi_attachment *a;
    gwapi__text text;

    cr_assert_eq(gwapi_attachment_explain(&a, w->set, &w->options, &ref, NULL), GWAPI_OK);
    gwapi__text_init(&text, &w->allocator);
    gwapi_sink sink = {sizeof sink, &text, text_sink};
    cr_assert_eq(gwapi_attachment_write(a, &sink), GWAPI_OK);
    expect_json(name, gwapi__text_str(&text), &w->allocator);
    uint32_t status = gwapi_attachment_status(a);
    if (gwapi__is_route(r->kind))
        check_parents(name, a,
                      status != GWAPI_NONE
                          ? gwapi__status_at(gwapi_attachment_topology(a), status)
                          : NULL);
    gwapi__text_free(&text);
    gwapi_attachment_free(a);
}

static void expect_lines(const char *name, gwapi_str rest, const gwapi_allocator *allocator)
{
    gwapi_str line;

    while (gwapi__str_cut(rest, '\n', &line, &rest)) {
        expect_json(name, line, allocator);
        cr_expect_neq(gwapi__str_find(line, GWAPI__STR("\"reason\":\"")), SIZE_MAX, "%s: %.*s",
                      name, GWAPI__FMT(line));
    }
}

/* What is told of TLS has a reason for each port and each listener. */
static void check_tls(const char *name, const world *w, const gwapi__resource *r)
{
    gwapi_object_ref ref = {sizeof ref, r->group, r->kind_name, r->meta.namespace_,
                            r->meta.name};
    gwapi_result result = GWAPI_OK;
    gwapi__text text;

    gwapi__text_init(&text, &w->allocator);
    gwapi_sink sink = {sizeof sink, &text, text_sink};
    if (r->kind == GWAPI__KIND_SERVICE)
        result = gwapi_topology_backend_tls_write(w->topology, &ref, 0, NULL, &sink);
    else if (r->kind == GWAPI__KIND_GATEWAY)
        result = gwapi_topology_listener_tls_write(w->topology, &ref, 0, &sink);
    cr_expect(result == GWAPI_OK || result == GWAPI_ENOTFOUND, "%s: %s", name,
              gwapi_result_name(result));
    expect_lines(name, gwapi__text_str(&text), &w->allocator);
    gwapi__text_free(&text);
}

static void check_recorded(const char *name)
{
    size_t len = 0;
    char *yaml = slurp(root(), name, "input.yaml", &len);
    settings s;
    world w;

    take_options(&s, gwapi__str(yaml, len));
    world_init(&w, s.channel);
    w.options = s.options;
    w.mode = s.mode;
    read_documents(&w, gwapi__str(yaml, len), false);
    world_resolve(&w);
    listen(&w, name, NULL);
    for (size_t i = 0; i < gwapi__resources_count(w.set); i++) {
        const gwapi__resource *r = gwapi__resources_get(w.set, i);
        gwapi__identity subject = {r->group, r->kind_name, r->meta.namespace_, r->meta.name};
        listen(&w, name, &subject);
        check_explained(name, &w, r);
        check_tls(name, &w, r);
    }
    world_free(&w);
    free(yaml);
}

Test(resolve_status, who_asks_why_changes_nothing_and_hears_what_statuses_say)
{
    static char names[512][128];
    size_t count = list_cases(names, 512);

    for (size_t i = 0; i < count; i++)
        check_recorded(names[i]);
}

static void update(const char *name, gwapi_str text)
{
    char path[512];

    snprintf(path, sizeof path, "%s/tests/data/status/%s/status.json", root(), name);
    FILE *f = fopen(path, "wb");
    cr_assert_not_null(f);
    fwrite(text.data, 1, text.len, f);
    fclose(f);
}

static void check_case(const char *name)
{
    size_t len = 0, expected_len = 0;
    char *yaml = slurp(root(), name, "input.yaml", &len);
    gwapi__text forward, backward;
    settings s;

    cr_assert_not_null(yaml, "%s has no input.yaml", name);
    take_options(&s, gwapi__str(yaml, len));
    statuses_of(&forward, gwapi__str(yaml, len), &s, false);
    statuses_of(&backward, gwapi__str(yaml, len), &s, true);
    cr_expect(gwapi__str_eq(gwapi__text_str(&forward), gwapi__text_str(&backward)),
              "%s depends on the order of its objects:\n%.*s\n%.*s", name,
              GWAPI__FMT(gwapi__text_str(&forward)), GWAPI__FMT(gwapi__text_str(&backward)));
    if (getenv("GWAPI_UPDATE") != NULL)
        update(name, gwapi__text_str(&forward));
    char *expected = slurp(root(), name, "status.json", &expected_len);
    cr_assert_not_null(expected, "%s has no status.json", name);
    gwapi_str have = gwapi__text_str(&forward), want = gwapi__str(expected, expected_len);
    while (have.len != 0 || want.len != 0) {
        gwapi_str a, b;
        if (!gwapi__str_cut(have, '\n', &a, &have))
            have = GWAPI__STR("");
        if (!gwapi__str_cut(want, '\n', &b, &want))
            want = GWAPI__STR("");
        cr_expect(gwapi__str_eq(a, b), "%s:\n  is        %.*s\n  should be %.*s", name,
                  GWAPI__FMT(a), GWAPI__FMT(b));
    }
    gwapi__text_free(&forward);
    gwapi__text_free(&backward);
    free(expected);
    free(yaml);
}

Test(resolve_status, cases_give_their_statuses_in_any_order)
{
    static char names[512][128];
    size_t count = list_cases(names, 512);

    cr_assert_gt(count, 0);
    for (size_t i = 0; i < count; i++)
        check_case(names[i]);
}

/* ---- conditions ---------------------------------------------------------------------- */

#define MOST_CONDITIONS 256

/* A line of tests/data/conditions/v1.4.tsv. */
typedef struct listed {
    gwapi_str object, type, status, reason;
    gwapi_str never; /* why it is not written; present only if it is not */
} listed;

static size_t list_conditions(char *text, listed out[MOST_CONDITIONS])
{
    gwapi_str rest = gwapi__str_of(text), line;
    size_t count = 0;

    while (gwapi__str_cut(rest, '\n', &line, &rest)) {
        listed *l = &out[count];
        if (gwapi__str_starts(line, GWAPI__STR("#")))
            continue;
        *l = (listed){.never = {NULL, 0}};
        cr_assert_lt(++count, MOST_CONDITIONS);
        cr_assert(gwapi__str_cut(line, '\t', &l->object, &line) &&
                  gwapi__str_cut(line, '\t', &l->type, &line) &&
                  gwapi__str_cut(line, '\t', &l->status, &line));
        if (!gwapi__str_cut(line, '\t', &l->reason, &l->never))
            l->reason = line;
    }
    return count;
}

static char *read_conditions(listed out[MOST_CONDITIONS], size_t *count)
{
    size_t len = 0;
    char *text = slurp(root(), "../conditions", "v1.4.tsv", &len);

    cr_assert_not_null(text);
    *count = list_conditions(text, out);
    cr_assert_gt(*count, 0);
    return text;
}

/* As it stands in a status, whose members are in order of their names. */
static void as_written(char *out, size_t size, const listed *l)
{
    snprintf(out, size, "\"reason\":\"%.*s\",\"status\":\"%.*s\",\"type\":\"%.*s\"",
             GWAPI__FMT(l->reason), GWAPI__FMT(l->status), GWAPI__FMT(l->type));
}

static bool stands_in(const char *name, const listed *l)
{
    char needle[160];
    size_t len = 0;
    char *text = slurp(root(), name, "status.json", &len);
    bool stands = false;

    as_written(needle, sizeof needle, l);
    if (text != NULL)
        stands = strstr(text, needle) != NULL;
    free(text);
    return stands;
}

Test(resolve_status, every_reason_upstream_has_is_shown_by_the_case_named_after_it)
{
    static listed all[MOST_CONDITIONS];
    size_t count;
    char *text = read_conditions(all, &count);

    for (size_t i = 0; i < count; i++) {
        const listed *l = &all[i];
        char name[128];
        snprintf(name, sizeof name, "%.*s-%.*s-%.*s-%.*s", GWAPI__FMT(l->object),
                 GWAPI__FMT(l->type), GWAPI__FMT(l->status), GWAPI__FMT(l->reason));
        if (!gwapi__str_present(l->never))
            cr_expect(stands_in(name, l), "no case %s shows its condition", name);
    }
    free(text);
}

/* "ROUTE_NO_PARENT" is of a "route". */
static bool of_object(const char *id, gwapi_str object)
{
    for (size_t i = 0; i < object.len; i++)
        if (tolower((unsigned char)id[i]) != object.data[i])
            return false;
    return id[object.len] == '_';
}

static const listed *find_listed(const listed *all, size_t count, const char *id,
                                 gwapi__condition_id condition)
{
    const gwapi__condition_row *row = gwapi__condition_row_of(condition);
    gwapi_str status = gwapi__str_of(gwapi__condition_status_name(row->status));

    for (size_t i = 0; i < count; i++)
        if (of_object(id, all[i].object) && gwapi__str_eq(all[i].type, row->type) &&
            gwapi__str_eq(all[i].status, status) && gwapi__str_eq(all[i].reason, row->reason))
            return &all[i];
    return NULL;
}

/* So what is listed as never written has no row, and all rows have cases. */
Test(resolve_status, conditions_that_can_be_written_are_those_listed)
{
    static const char *const ids[] = {
#define ID(id, type, status, reason, message) #id,
        GWAPI__CONDITION_TABLE(ID)
#undef ID
    };
    static listed all[MOST_CONDITIONS];
    size_t count, written = 0;
    char *text = read_conditions(all, &count);

    for (int i = 1; i < GWAPI__CONDITION_COUNT; i++) {
        const listed *l = find_listed(all, count, ids[i], (gwapi__condition_id)i);
        cr_expect(l != NULL && !gwapi__str_present(l->never), "%s is not listed", ids[i]);
    }
    for (size_t i = 0; i < count; i++)
        written += !gwapi__str_present(all[i].never);
    cr_expect_eq(written, GWAPI__CONDITION_COUNT - 1);
    free(text);
}
