/* Topology to image: the steps in order, then the handle over the result. */
#include <string.h>
#include "base/limits.h"
#include "base/report.h"
#include "base/struct.h"
#include "compile/candidates.h"
#include "compile/splice.h"
#include "image/snapshot.h"

void *gwapi__compile_array(gwapi__compiler *c, size_t count, size_t size)
{
    void *array = gwapi__arena_array(&c->arena, count, size);

    if (array == NULL)
        c->builder.failure = GWAPI_ENOMEM;
    return array;
}

static void compiler_init(gwapi__compiler *c, const gwapi_topology *topology,
                          const gwapi_allocator *allocator)
{
    memset(c, 0, sizeof *c);
    c->topology = topology;
    c->allocator = *allocator;
    gwapi__arena_init(&c->arena, allocator);
    gwapi__block_init(&c->builder, allocator);
    gwapi__map_init(&c->header_names, allocator);
    gwapi__map_init(&c->regexes, allocator);
    gwapi__targets_init(&c->targets, allocator);
    gwapi__map_init(&c->host_tables, allocator);
    gwapi__map_init(&c->door_tables, allocator);
    gwapi__vector_init(&c->listed, allocator, sizeof(gwapi__compile_match));
}

/* All but the builder, which needs nothing of it. */
static void tables_free(gwapi__compiler *c)
{
    for (size_t i = 0; c->listener_hosts != NULL && i < c->listener_count; i++)
        gwapi__map_free(&c->listener_hosts[i]);
    if (c->candidates != NULL)
        gwapi__candidates_free(c->candidates);
    gwapi__vector_free(&c->listed);
    gwapi__map_free(&c->door_tables);
    gwapi__targets_free(&c->targets);
    gwapi__map_free(&c->host_tables);
    gwapi__map_free(&c->regexes);
    gwapi__map_free(&c->header_names);
    gwapi__arena_free(&c->arena);
}

static void emit_info(gwapi__compiler *c)
{
    gwapi__block *b = &c->builder;
    const gwapi_topology *t = c->topology;
    gwapi_str release = t->frame->release.data != NULL ? t->frame->release : GWAPI__STR("");
    gwapi__image_info *record = gwapi__block_add(b, GWAPI__SECTION_INFO, NULL);

    if (record != NULL)
        *record = (gwapi__image_info){
            .library_version = GWAPI_VERSION_NUMBER,
            .channel = t->channel,
            .with_keys = c->with_keys,
            .release = gwapi__block_text(b, release),
            .controller = gwapi__block_text(b, t->frame->controller),
        };
}

static gwapi_result run(gwapi__compiler *c, const gwapi_compile_options *options)
{
    emit_info(c);
    GWAPI__TRY(gwapi__compile_number(c));
    GWAPI__TRY(gwapi__compile_select(c, options->gateways, options->gateway_count));
    GWAPI__TRY(gwapi__compile_order(c));
    GWAPI__TRY(gwapi__compile_collect(c));
    GWAPI__TRY(gwapi__compile_tls(c));
    GWAPI__TRY(gwapi__compile_traffic(c));
    GWAPI__TRY(gwapi__compile_rules(c));
    GWAPI__TRY(gwapi__compile_matches(c));
    GWAPI__TRY(gwapi__compile_listeners(c));
    GWAPI__TRY(gwapi__compile_listener_hosts(c));
    GWAPI__TRY(gwapi__compile_doors(c));
    if (options->gateways == NULL && c->topology->frame->mesh)
        GWAPI__TRY(gwapi__compile_mesh(c));
    return c->builder.failure;
}

/* What the compilation before left, if this one can go on from there. */
static const gwapi__kept *usable(const gwapi_compile_options *options, bool with_keys)
{
    const gwapi__kept *kept =
        options->previous != NULL && options->gateways == NULL ? options->previous->kept : NULL;

    return kept != NULL && kept->with_keys == with_keys ? kept : NULL;
}

/* *done: the builder has what it would have from `run`. */
static gwapi_result run_spliced(gwapi__compiler *c, const gwapi_compile_options *options,
                                bool *done)
{
    const gwapi__kept *kept = usable(options, c->with_keys);
    gwapi__vector changes;

    *done = false;
    if (kept == NULL)
        return GWAPI_OK;
    gwapi__vector_init(&changes, &c->allocator, sizeof(gwapi__route_change));
    gwapi_result r = gwapi__compare_topologies(kept, c->topology, &changes, done);
    if (r == GWAPI_OK && *done)
        r = gwapi__splice(c, options->previous, &changes, done);
    gwapi__vector_free(&changes);
    return r;
}

/* What is made is told by the topology alone, whichever way it is made. */
typedef struct making {
    const gwapi_topology *topology;
    const gwapi_compile_options *options;
    const gwapi_allocator *allocator;
    bool anew;
} making;

static gwapi_result make(const making *m, gwapi__compiler *c, bool *done)
{
    c->with_keys = (m->options->flags & GWAPI_COMPILE_WITH_KEYS) != 0;
    c->builder.texts.arena.secret = c->with_keys;
    *done = true;
    if ((m->options->flags & GWAPI_COMPILE_KEEP) != 0 && m->options->gateways == NULL) {
        c->kept = gwapi__kept_new(m->allocator, m->topology, c->with_keys);
        if (c->kept == NULL)
            return GWAPI_ENOMEM;
    }
    return m->anew ? run(c, m->options) : run_spliced(c, m->options, done);
}

static gwapi_result build(const making *m, unsigned char **bytes, size_t *size,
                          gwapi__kept **kept, bool *done)
{
    gwapi__compiler c;

    compiler_init(&c, m->topology, m->allocator);
    gwapi_result r = make(m, &c, done);
    tables_free(&c); /* whose memory the image can have */
    if (r == GWAPI_OK && *done)
        r = gwapi__block_finish(&c.builder, m->options->label, bytes, size);
    if (r == GWAPI_OK && *done)
        *kept = c.kept;
    else
        gwapi__kept_free(c.kept);
    gwapi__block_free(&c.builder);
    return r;
}

/* By the previous snapshot if that can be, else anew. */
static gwapi_result build_somehow(const making *given, unsigned char **bytes, size_t *size,
                                  gwapi__kept **kept)
{
    making m = *given;
    bool done;

    GWAPI__TRY(build(&m, bytes, size, kept, &done));
    m.anew = true;
    return done ? GWAPI_OK : build(&m, bytes, size, kept, &done);
}

static gwapi_result read_options(gwapi_compile_options *out, const gwapi_compile_options *given,
                                 gwapi_allocator *allocator, gwapi_limits *limits)
{
    GWAPI__TRY(gwapi__struct_in(out, sizeof *out, given, sizeof *out));
    GWAPI__TRY(gwapi__allocator_init(allocator, out->allocator));
    GWAPI__TRY(gwapi__limits_init(limits, out->limits));
    if ((out->flags & ~(uint32_t)(GWAPI_COMPILE_WITH_KEYS | GWAPI_COMPILE_NO_JIT | GWAPI_COMPILE_KEEP)) != 0 ||
        out->reserved != 0 || (out->gateways == NULL && out->gateway_count != 0))
        return GWAPI_EARGUMENT;
    return GWAPI_OK;
}

static gwapi_result tell_too_large(gwapi_report *report)
{
    gwapi_diagnostic diagnostic = {
        .severity = GWAPI_SEVERITY_ERROR,
        .type = GWAPI_ERROR_LIMIT,
        .rule = GWAPI__STR("image/size"),
        .message = GWAPI__STR("the image would be larger than 4 GiB"),
        .document = GWAPI__NO_DOCUMENT,
    };

    GWAPI__TRY(gwapi__report_add(report, &diagnostic));
    return GWAPI_ELIMIT;
}

gwapi_result gwapi_snapshot_compile(gwapi_snapshot **out, const gwapi_topology *topology,
                                    const gwapi_compile_options *options, gwapi_report *report)
{
    gwapi_compile_options o;
    gwapi_allocator allocator;
    gwapi_limits limits;
    unsigned char *bytes = NULL;
    size_t size = 0;
    gwapi__kept *kept = NULL;

    if (out == NULL)
        return GWAPI_EARGUMENT;
    *out = NULL;
    if (topology == NULL)
        return GWAPI_EARGUMENT;
    GWAPI__TRY(read_options(&o, options, &allocator, &limits));
    gwapi_result r = build_somehow(&(making){topology, &o, &allocator, false}, &bytes, &size,
                                   &kept);
    if (r == GWAPI_ELIMIT)
        return tell_too_large(report);
    GWAPI__TRY(r);
    gwapi__handle_options handle = {
        .allocator = &allocator,
        .limits = &limits,
        .previous = o.previous,
        .regex_flags = (o.flags & GWAPI_COMPILE_NO_JIT) != 0 ? GWAPI__REGEX_NO_JIT : 0,
    };
    r = gwapi__snapshot_adopt(out, bytes, size, &handle, report);
    if (r != GWAPI_OK) {
        gwapi__kept_free(kept);
        gwapi__free(&allocator, bytes, size);
        return r;
    }
    (*out)->kept = kept;
    (*out)->free_kept = gwapi__kept_free;
    return GWAPI_OK;
}
