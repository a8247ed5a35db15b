/*
 * The cases of tests/data/match, served: manifests are read, resolved and compiled; a copy of
 * the image's bytes is opened, with nothing left of what it was made from, and asked.
 */
#ifndef GWAPI_TESTS_MATCH_SERVED_H
#define GWAPI_TESTS_MATCH_SERVED_H

#define CASES_FOLDER "tests/data/match"
#include "resolve/cases.h"

#include "cli/request.h"

typedef struct served {
    settings settings;
    char *yaml;
    unsigned char *image;
    size_t image_size;
    gwapi_snapshot *snapshot;
    gwapi_scratch *scratch;
} served;

/* The image of the documents, first to last or last to first; the caller's to free. */
static inline unsigned char *compile_case(const settings *s, gwapi_str yaml, bool reversed,
                                          const char *name, size_t *size)
{
    gwapi_snapshot *compiled;
    world w;

    world_init(&w, s->channel);
    w.options = s->options;
    w.mode = s->mode;
    read_documents(&w, yaml, reversed);
    world_resolve(&w);
    gwapi_result result = gwapi_snapshot_compile(&compiled, w.topology, NULL, w.report);
    cr_assert_eq(result, GWAPI_OK, "%s: %s\n%.*s", name, gwapi_result_name(result),
                 GWAPI__FMT(text_of(w.report)));
    const void *bytes = gwapi_snapshot_bytes(compiled, size);
    unsigned char *copy = malloc(*size);
    memcpy(copy, bytes, *size);
    gwapi_snapshot_release(compiled);
    world_free(&w);
    return copy;
}

static inline void served_open(served *s, uint32_t flags)
{
    gwapi_open_options options = GWAPI_OPEN_OPTIONS_INIT;

    options.flags = flags;
    cr_assert_eq(gwapi_snapshot_open(&s->snapshot, s->image, s->image_size, &options, NULL),
                 GWAPI_OK);
    cr_assert_eq(gwapi_scratch_new(&s->scratch, s->snapshot, NULL), GWAPI_OK);
}

static inline void served_close(served *s)
{
    gwapi_scratch_free(s->scratch);
    gwapi_snapshot_release(s->snapshot);
    s->scratch = NULL;
    s->snapshot = NULL;
}

static inline void served_init(served *s, const char *name)
{
    size_t len = 0;

    *s = (served){.yaml = slurp(root(), name, "manifests.yaml", &len)};
    cr_assert_not_null(s->yaml, "%s has no manifests.yaml", name);
    take_options(&s->settings, gwapi__str(s->yaml, len));
    s->image =
        compile_case(&s->settings, gwapi__str(s->yaml, len), false, name, &s->image_size);
}

static inline void served_free(served *s)
{
    served_close(s);
    free(s->image);
    free(s->yaml);
}

/* A file of lines, gone through. */
typedef struct lines {
    char *text;
    gwapi_str rest;
} lines;

static inline void lines_open(lines *l, const char *name, const char *file)
{
    size_t len = 0;

    l->text = slurp(root(), name, file, &len);
    cr_assert_not_null(l->text, "%s has no %s", name, file);
    l->rest = gwapi__str(l->text, len);
}

/* Blank lines are passed over. */
static inline bool lines_next(lines *l, gwapi_str *line)
{
    do {
        if (l->rest.len == 0)
            return false;
        if (!gwapi__str_cut(l->rest, '\n', line, &l->rest)) {
            *line = l->rest;
            l->rest = GWAPI__STR("");
        }
    } while (line->len == 0);
    return true;
}

static inline gwapi_result ask(const served *s, const cli_request *r,
                               gwapi_connection *connection, gwapi_decision *decision)
{
    *connection = (gwapi_connection)GWAPI_CONNECTION_INIT;
    *decision = (gwapi_decision)GWAPI_DECISION_INIT;
    gwapi_result result = gwapi_accept(s->snapshot, s->scratch, &r->arrival, connection);
    if (result == GWAPI_OK)
        result = gwapi_match(s->snapshot, s->scratch, connection, &r->request, decision);
    if (result == GWAPI_OK && r->random_given)
        result = gwapi_decision_pick_backend(decision, &r->request, r->random, NULL);
    return result;
}

#endif
