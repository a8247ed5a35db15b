/* What a chosen rule means: its filters in order, then its backends by weight. */
#include "match/plain_parts.h"

/* ---- what a rule means ------------------------------------------------------------------- */

void plain_respond(plain_answer *a, gwapi_outcome outcome, gwapi_reason reason, uint32_t status,
                   bool grpc)
{
    a->outcome = outcome;
    a->reason = reason;
    a->status = status;
    a->grpc_status = !grpc ? 0 : status == 404 ? 12 : status == 500 ? 14 : 0;
}

/* True: the list has answered. */
static bool run_filters(plain_answer *a, const gwapi__resolved_filter *filters, size_t count,
                        const gwapi_request *request, bool grpc)
{
    for (size_t i = 0; i < count; i++) {
        const gwapi__filter *f = filters[i].spec;
        if (filters[i].invalid) {
            plain_respond(a, GWAPI_OUTCOME_RESPOND, GWAPI_REASON_INVALID_FILTER, 500, grpc);
            return true;
        }
        const gwapi__path_modifier *modifier =
            f->type == GWAPI__FILTER_REDIRECT  ? &f->as.redirect.path
            : f->type == GWAPI__FILTER_REWRITE ? &f->as.rewrite.path
                                               : NULL;
        char path[2048];
        size_t length;
        if (modifier != NULL && modifier->type != GWAPI__PATH_KEEP &&
            !plain_modified_path(a->taken, request, modifier, path, &length)) {
            plain_respond(a, GWAPI_OUTCOME_RESPOND, GWAPI_REASON_PATH_REFUSED, 400, grpc);
            return true;
        }
        if (f->type == GWAPI__FILTER_CORS && plain_read_cors(&f->as.cors, request).preflight) {
            plain_respond(a, GWAPI_OUTCOME_RESPOND, GWAPI_REASON_PREFLIGHT, 204, grpc);
            return true;
        }
        if (f->type == GWAPI__FILTER_REDIRECT) {
            if (f->as.redirect.hostname.len == 0 &&
                plain_without_port(plain_received_host(request)).len == 0)
                plain_respond(a, GWAPI_OUTCOME_RESPOND, GWAPI_REASON_NO_HOST, 400, grpc);
            else
                plain_respond(a, GWAPI_OUTCOME_REDIRECT, GWAPI_REASON_NONE,
                              (uint32_t)f->as.redirect.status, grpc);
            return true;
        }
    }
    return false;
}

/* floor(x * y / 2^53), digit by digit. */
static uint64_t scaled(uint64_t x, uint64_t y)
{
    uint64_t high = 0, low = 0;

    for (int bit = 63; bit >= 0; bit--) {
        high = high << 1 | low >> 63;
        low <<= 1;
        if ((y >> bit & 1) != 0) {
            high += low + x < low;
            low += x;
        }
    }
    return high << 11 | low >> 53;
}

static uint64_t mix(uint64_t z)
{
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

static void draw_mirror(plain_answer *a, const gwapi__resolved_filter *f, uint64_t random,
                        uint64_t *k)
{
    if (f->spec->type != GWAPI__FILTER_MIRROR)
        return;
    ++*k;
    if (f->backend->fault != GWAPI__FAULT_NONE)
        return;
    if (random != PLAIN_NO_RANDOM) {
        uint64_t m = mix(random + *k * UINT64_C(0x9e3779b97f4a7c15)) >> 11;
        if (scaled(m, (uint64_t)f->spec->as.mirror.denominator) >=
            (uint64_t)f->spec->as.mirror.numerator)
            return;
    }
    a->mirrors |= UINT64_C(1) << (*k - 1);
}

static void draw_mirrors(plain_answer *a, const gwapi__resolved_rule *rule, uint64_t random)
{
    uint64_t k = 0;

    for (size_t i = 0; i < rule->filter_count; i++)
        draw_mirror(a, &rule->filters[i], random, &k);
    for (size_t b = 0; b < rule->backend_count; b++)
        for (size_t i = 0; i < rule->backends[b].filter_count; i++)
            draw_mirror(a, &rule->backends[b].filters[i], random, &k);
}

static uint32_t draw_backend(const gwapi__resolved_rule *rule, uint64_t random)
{
    uint64_t total = 0, sum = 0;

    for (size_t i = 0; i < rule->backend_count; i++)
        total += (uint64_t)rule->backends[i].weight;
    uint64_t x = scaled(random, total);
    for (uint32_t i = 0; i < rule->backend_count; i++) {
        sum += (uint64_t)rule->backends[i].weight;
        if (sum > x)
            return i;
    }
    return GWAPI_NONE;
}

/* No backend can be had. */
static void fail(plain_answer *a, gwapi_reason reason, bool stream, bool grpc)
{
    if (stream)
        a->outcome = GWAPI_OUTCOME_REJECT;
    else
        plain_respond(a, GWAPI_OUTCOME_RESPOND, reason, 500, grpc);
}

void plain_execute(plain_answer *a, const gwapi__resolved_rule *rule, uint64_t random,
                   const gwapi_request *request, bool stream, bool grpc)
{
    size_t weighted = 0, good = 0;

    a->resolved = rule;
    draw_mirrors(a, rule, random);
    if (run_filters(a, rule->filters, rule->filter_count, request, grpc))
        return;
    for (size_t i = 0; i < rule->backend_count; i++) {
        weighted += rule->backends[i].weight > 0;
        good += rule->backends[i].weight > 0 && rule->backends[i].fault == GWAPI__FAULT_NONE;
    }
    if (weighted == 0) {
        fail(a, GWAPI_REASON_NO_BACKEND, stream, grpc);
        return;
    }
    if (random == PLAIN_NO_RANDOM) {
        a->outcome = GWAPI_OUTCOME_FORWARD;
        if (good == 0)
            fail(a, GWAPI_REASON_INVALID_BACKEND, stream, grpc);
        return;
    }
    a->chosen = draw_backend(rule, random);
    const gwapi__resolved_backend *b = &rule->backends[a->chosen];
    a->outcome = GWAPI_OUTCOME_FORWARD;
    if (b->fault != GWAPI__FAULT_NONE)
        fail(a, GWAPI_REASON_INVALID_BACKEND, stream, grpc);
    else
        (void)run_filters(a, b->filters, b->filter_count, request, grpc);
}
