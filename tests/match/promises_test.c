/*
 * Images that the verifier lets through although no compiler wrote them: order, uniqueness and
 * sums are the builder's promise. One that breaks it gets wrong answers, never a wild read; and
 * decisions are the caller's memory.
 */
#include "match/sampled.h"

static gwapi__image_slot *slot_of(const sampled *s, uint32_t matches, uint32_t *count)
{
    gwapi__image_slot *found = NULL;

    *count = SAMPLED(s, HOST, host, 0)->slots.count;
    for (uint32_t i = 0; i < *count; i++)
        if (SAMPLED(s, SLOT, slot, i)->matches == matches)
            found = SAMPLED(s, SLOT, slot, i);
    cr_assert_not_null(found);
    return found;
}

Test(match_promises, places_that_all_point_on_are_looked_at_once)
{
    gwapi_request request = sampled_get("/exact");
    uint32_t count;
    sampled s;

    sampled_make(&s);
    gwapi__image_slot *exact = slot_of(&s, 0, &count);
    for (uint32_t i = 0; i < count; i++)
        SAMPLED(&s, SLOT, slot, i)->tag = exact->tag | GWAPI__PLACE_MORE;
    exact->text = SAMPLED(&s, TARGET, target, 0)->name;
    sampled_serve(&s, NULL);
    gwapi_decision d = sampled_ask(&s, &request);
    cr_expect_eq(d.reason, GWAPI_REASON_NO_ROUTE);
    sampled_close(&s);
}

Test(match_promises, names_that_all_point_on_are_looked_at_once)
{
    gwapi_request request = sampled_get("/exact");
    sampled s;

    request.host = GWAPI__STR("secure.example");
    sampled_make(&s);
    gwapi__image_range names = SAMPLED(&s, DOOR, door, 1)->names;
    uint32_t tag = 0;
    for (uint32_t i = names.first; i < names.first + names.count; i++)
        if (SAMPLED(&s, NAME, name, i)->text.offset != GWAPI__IMAGE_NONE) {
            tag = SAMPLED(&s, NAME, name, i)->tag;
            SAMPLED(&s, NAME, name, i)->text = SAMPLED(&s, TARGET, target, 0)->name;
        }
    for (uint32_t i = names.first; i < names.first + names.count; i++)
        SAMPLED(&s, NAME, name, i)->tag = tag | GWAPI__PLACE_MORE;
    sampled_serve(&s, NULL);
    gwapi_connection c = sampled_accept(&s, 443, "secure.example");
    gwapi_decision d = sampled_match(&s, &c, &request);
    cr_expect_eq(d.reason, GWAPI_REASON_NO_LISTENER_FOR_HOST);
    sampled_close(&s);
}

Test(match_promises, weights_that_no_draw_can_share_draw_nothing)
{
    static const uint32_t weights[][2] = {{0, 0}, {UINT32_MAX, UINT32_MAX}, {UINT32_MAX, 1}};
    gwapi_request request = sampled_get("/exact");

    for (size_t i = 0; i < sizeof weights / sizeof *weights; i++) {
        uint32_t index = 99;
        sampled s;
        sampled_make(&s);
        SAMPLED(&s, BACKEND, backend, 0)->weight = weights[i][0];
        SAMPLED(&s, BACKEND, backend, 1)->weight = weights[i][1];
        SAMPLED(&s, MATCH, match, 0)->flags_index |= GWAPI__MATCH_FORWARDS;
        sampled_serve(&s, NULL);
        gwapi_decision d = sampled_ask(&s, &request);
        cr_assert_eq(d.outcome, GWAPI_OUTCOME_FORWARD);
        cr_expect_eq(gwapi_decision_pick_backend(&d, &request, 12345, &index), GWAPI_OK);
        cr_expect_eq(index, GWAPI_NONE, "%u and %u", (unsigned)weights[i][0],
                     (unsigned)weights[i][1]);
        sampled_close(&s);
    }
}

Test(match_promises, a_header_without_a_name_is_no_header)
{
    static const gwapi_header nameless = {GWAPI_STR_INIT(""), GWAPI_STR_INIT("v1")};
    gwapi_request request = sampled_get("/p/x?q=2");
    sampled s;

    sampled_make(&s);
    SAMPLED(&s, HEADER_NAME, string, 1)->text = SAMPLED(&s, TARGET, target, 0)->group;
    sampled_serve(&s, NULL);
    request.headers = &nameless;
    request.header_count = 1;
    gwapi_decision d = sampled_ask(&s, &request);
    cr_expect_eq(d.reason, GWAPI_REASON_NO_ROUTE);
    sampled_close(&s);
}

/* A fault of a BackendTLSPolicy does not count where TLS passes through. */
Test(match_promises, a_tls_route_needs_no_tls_policy)
{
    gwapi_backend_info backend = {.struct_size = sizeof backend};
    sampled s;

    sampled_make(&s);
    uint32_t first = SAMPLED(&s, RULE, rule, 3)->backends.first;
    gwapi__image_target *target =
        SAMPLED(&s, TARGET, target, SAMPLED(&s, BACKEND, backend, first)->target);
    target->fault = GWAPI_BACKEND_FAULT_INVALID_TLS_POLICY;
    target->tls_policy = 0;
    sampled_serve(&s, NULL);
    gwapi_connection c = sampled_accept(&s, 443, "a.tls.example");
    gwapi_decision d = GWAPI_DECISION_INIT;
    cr_assert_eq(gwapi_connection_decide(&c, &d), GWAPI_OK);
    cr_expect_eq(d.outcome, GWAPI_OUTCOME_FORWARD);
    cr_expect_eq(gwapi_decision_backend_at(&d, 0, &backend), GWAPI_OK);
    cr_expect_eq(backend.fault, GWAPI_BACKEND_FAULT_NONE);
    cr_expect_eq(backend.protocol, GWAPI_BACKEND_PROTOCOL_TLS);
    cr_expect_eq(backend.tls, 0);
    sampled_close(&s);
}

Test(match_promises, what_a_policy_refuses_is_refused_wherever_it_is_asked_for)
{
    gwapi_request request = sampled_get("/r1");
    char text[128];
    size_t length;
    sampled s;

    sampled_make(&s);
    gwapi__image_redirect *redirect = SAMPLED(&s, REDIRECT, redirect, 0);
    redirect->path_type = GWAPI__IMAGE_PATH_REPLACE_FULL;
    redirect->path = SAMPLED(&s, CORS, cors, 0)->methods; /* with a blank */
    sampled_serve(&s, NULL);
    gwapi_decision d = sampled_ask(&s, &request);
    cr_expect_eq(d.outcome, GWAPI_OUTCOME_REDIRECT, "RAW takes it as it is");
    request.path_policy = GWAPI_PATH_REJECT;
    d = sampled_ask(&s, &request);
    cr_expect_eq(d.reason, GWAPI_REASON_PATH_REFUSED);
    cr_expect_eq(d.status, 400);
    cr_expect_eq(gwapi_decision_redirect(&d, &request, GWAPI_NONE, text, sizeof text, &length,
                                         NULL),
                 GWAPI_EINVALID);
    sampled_close(&s);
}

Test(match_promises, a_pattern_for_a_grpc_method_covers_every_path)
{
    gwapi_request request = sampled_get("/s/m");
    char text[16];
    size_t length = 0;

    for (uint32_t part = 0; part < 2; part++) {
        sampled s;
        sampled_make(&s);
        gwapi__image_grpc_method *method = SAMPLED(&s, GRPC_METHOD, grpc_method, 0);
        *(part == 0 ? &method->service_regex : &method->method_regex) = 1;
        sampled_serve(&s, NULL);
        request.method = GWAPI__STR("POST");
        gwapi_decision d = sampled_ask(&s, &request);
        cr_assert_eq(d.outcome, GWAPI_OUTCOME_FORWARD);
        cr_expect_eq(gwapi_decision_cookie_path(&d, text, sizeof text, &length), GWAPI_OK);
        cr_expect(length == 1 && text[0] == '/', "%.*s", (int)length, text);
        sampled_close(&s);
    }
}

/* ---- the mesh -------------------------------------------------------------------------------- */

Test(match_promises, clients_of_the_mesh_meet_the_table_of_their_namespace)
{
    static const struct {
        const char *client;
        gwapi_transport transport;
        gwapi_outcome outcome;
        gwapi_mesh_role role;
    } cases[] = {
        {"client", GWAPI_TRANSPORT_HTTP, GWAPI_OUTCOME_FORWARD, GWAPI_MESH_CONSUMER},
        {"client", GWAPI_TRANSPORT_AUTO, GWAPI_OUTCOME_FORWARD, GWAPI_MESH_CONSUMER},
        {"other", GWAPI_TRANSPORT_HTTP, GWAPI_OUTCOME_PENDING, GWAPI_MESH_PRODUCER},
        {"", GWAPI_TRANSPORT_HTTP, GWAPI_OUTCOME_PENDING, GWAPI_MESH_PRODUCER},
        {"other", GWAPI_TRANSPORT_TCP, GWAPI_OUTCOME_FORWARD, GWAPI_MESH_NO_ROLE},
    };
    sampled s;

    sampled_open(&s);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        gwapi_connection c = sampled_mesh(&s, cases[i].client, 80, cases[i].transport);
        cr_expect_eq(c.outcome, cases[i].outcome, "%zu: %u", i, (unsigned)c.outcome);
        cr_expect_eq(c.mesh_role, cases[i].role, "%zu: %u", i, (unsigned)c.mesh_role);
    }
    sampled_close(&s);
}

/* ---- decisions that were changed ------------------------------------------------------------- */

static gwapi_result write_line(const gwapi_decision *d, const gwapi_request *r)
{
    static char line[8192];
    size_t length;

    return gwapi_decision_write_buffer(d, r, (gwapi_str){NULL, 0}, line, sizeof line, &length);
}

Test(match_promises, a_changed_decision_has_wrong_answers_at_worst)
{
    static const uint32_t numbers[] = {0, 1, 4, 5, 1000, UINT32_MAX - 1, UINT32_MAX};
    gwapi_request request = sampled_get("/exact");
    sampled s;

    sampled_open(&s);
    gwapi_connection c = sampled_accept(&s, 80, NULL);
    gwapi_decision good = sampled_ask(&s, &request);
    uint32_t *const members[] = {
        &good.outcome, &good.reason, &good.flags,       &good.status, &good.listener,
        &good.route,   &good.rule,   &good.match,       &good.chosen, &good.match_entry,
        &good.port,    &good.mesh,   &good.service_port, &good.mesh_role};
    for (size_t m = 0; m < sizeof members / sizeof *members; m++)
        for (size_t n = 0; n < sizeof numbers / sizeof *numbers; n++) {
            uint32_t kept = *members[m];
            *members[m] = numbers[n];
            gwapi_decision changed = good;
            write_line(&changed, &request);
            use_decision(&c, &changed, &request);
            *members[m] = kept;
        }
    sampled_close(&s);
}

Test(match_promises, a_forward_without_a_rule_has_no_backend)
{
    gwapi_request request = sampled_get("/exact");
    gwapi_backend_info backend = {.struct_size = sizeof backend};
    uint32_t index = 99;
    sampled s;

    sampled_open(&s);
    gwapi_decision d = sampled_ask(&s, &request);
    d.rule = d.match_entry = GWAPI_NONE;
    cr_expect_eq(gwapi_decision_pick_backend(&d, &request, 0, &index), GWAPI_OK);
    cr_expect_eq(index, GWAPI_NONE);
    d.mesh = 1; /* to a Service port that is not there */
    cr_expect_eq(gwapi_decision_backend_at(&d, 0, &backend), GWAPI_ESTATE);
    cr_expect_eq(write_line(&d, &request), GWAPI_ESTATE);
    sampled_close(&s);
}

/* The policy of a decision is its request's; with another one its path may be refused. */
Test(match_promises, a_forward_with_another_policy_cannot_be_written)
{
    gwapi_request request = sampled_get("/exact");
    sampled s;

    sampled_make(&s);
    SAMPLED(&s, REWRITE, rewrite, 0)->path = SAMPLED(&s, CORS, cors, 0)->methods;
    sampled_serve(&s, NULL);
    gwapi_decision d = sampled_ask(&s, &request);
    cr_assert_eq(d.outcome, GWAPI_OUTCOME_FORWARD);
    cr_expect_eq(write_line(&d, &request), GWAPI_OK);
    d.path_policy = GWAPI_PATH_REJECT;
    cr_expect_eq(write_line(&d, &request), GWAPI_EINVALID);
    sampled_close(&s);
}

Test(match_promises, a_cookie_without_a_match_has_no_path)
{
    gwapi_request request = sampled_get("/exact");
    static char line[8192];
    size_t length;
    sampled s;

    sampled_open(&s);
    gwapi_decision d = sampled_ask(&s, &request);
    for (int k = 0; k < 2; k++) {
        cr_assert_eq(gwapi_decision_write_buffer(&d, &request, (gwapi_str){NULL, 0}, line,
                                                 sizeof line, &length),
                     GWAPI_OK);
        bool told = gwapi__str_find(gwapi__str(line, length), GWAPI__STR("cookiePath")) != SIZE_MAX;
        cr_expect_eq(told, k == 0);
        d.match_entry = GWAPI_NONE;
    }
    sampled_close(&s);
}
