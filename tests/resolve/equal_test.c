/* When a status is another than before: any difference in what is written counts. */
#include "support.h"

#include "resolve/status.h"

static const gwapi__condition condition = {.type = GWAPI_STR_INIT("Accepted"),
                                           .status = GWAPI__STATUS_TRUE,
                                           .reason = GWAPI_STR_INIT("Accepted"),
                                           .message = GWAPI_STR_INIT("m"),
                                           .last_transition = GWAPI_STR_INIT("t"),
                                           .observed_generation = 1,
                                           .has_observed_generation = true};

/* One of each part, with room to be changed. */
typedef struct whole {
    gwapi__condition own, of_listener, of_parent;
    gwapi__written_listener listener;
    gwapi__address address;
    gwapi__parent_status parent;
    gwapi_str feature;
    gwapi__object_status status;
    gwapi__listener_status stored_listener;
    gwapi__resource resource;
} whole;

static void fill(whole *w)
{
    *w = (whole){.own = condition, .of_listener = condition, .of_parent = condition};
    w->listener = (gwapi__written_listener){.scope = GWAPI__STR("listeners[0]"),
                                            .name = GWAPI__STR("http"),
                                            .port = 80,
                                            .kinds = 4,
                                            .attached_routes = 2,
                                            .conditions = {&w->of_listener, 1}};
    w->address = (gwapi__address){.type = GWAPI__STR("IPAddress"), .value = GWAPI__STR("::1")};
    w->parent = (gwapi__parent_status){
        .parent = {.ref = {GWAPI__STR("g"), GWAPI__STR("K"), GWAPI__STR("ns"), GWAPI__STR("n"),
                           GWAPI__KIND_OTHER},
                   .section_name = GWAPI__STR("s"),
                   .port = 8},
        .controller = GWAPI__STR("x.y/z"),
        .conditions = {&w->of_parent, 1}};
    w->feature = GWAPI__STR("Gateway");
    w->status = (gwapi__object_status){.resource = &w->resource,
                                       .conditions = {&w->own, 1},
                                       .listeners = &w->listener,
                                       .listener_count = 1,
                                       .addresses = &w->address,
                                       .address_count = 1,
                                       .parents = &w->parent,
                                       .parent_count = 1,
                                       .features = {&w->feature, 1}};
    w->stored_listener = (gwapi__listener_status){.name = GWAPI__STR("http"),
                                                  .port = 80,
                                                  .kinds = 4,
                                                  .attached_routes = 2,
                                                  .conditions = {&w->of_listener, 1}};
    w->resource.status = (gwapi__stored_status){.conditions = {&w->own, 1},
                                                .listeners = &w->stored_listener,
                                                .listener_count = 1,
                                                .addresses = &w->address,
                                                .address_count = 1,
                                                .parents = &w->parent,
                                                .parent_count = 1,
                                                .features = {&w->feature, 1}};
}

/* Everything that is written of a status. */
#define CHANGES(X)                                                                             \
    X(own.type = GWAPI__STR("Other"))                                                          \
    X(own.status = GWAPI__STATUS_FALSE)                                                        \
    X(own.reason = GWAPI__STR("Other"))                                                        \
    X(own.message = GWAPI__STR("other"))                                                       \
    X(own.observed_generation = 2)                                                             \
    X(own.has_observed_generation = false)                                                     \
    X(status.conditions.count = 0)                                                             \
    X(status.listener_count = 0)                                                               \
    X(listener.name = GWAPI__STR("other"))                                                     \
    X(listener.port = 81)                                                                      \
    X(listener.kinds = 8)                                                                      \
    X(listener.attached_routes = 3)                                                            \
    X(of_listener.status = GWAPI__STATUS_FALSE)                                                \
    X(status.address_count = 0)                                                                \
    X(address.type = GWAPI__STR("Hostname"))                                                   \
    X(address.value = GWAPI__STR("::2"))                                                       \
    X(status.parent_count = 0)                                                                 \
    X(parent.controller = GWAPI__STR("other"))                                                 \
    X(parent.parent.port = 9)                                                                  \
    X(parent.parent.section_name = GWAPI__STR("other"))                                        \
    X(parent.parent.ref.group = GWAPI__STR("other"))                                           \
    X(parent.parent.ref.kind = GWAPI__STR("other"))                                            \
    X(parent.parent.ref.namespace_ = GWAPI__STR("other"))                                      \
    X(parent.parent.ref.name = GWAPI__STR("other"))                                            \
    X(of_parent.status = GWAPI__STATUS_FALSE)                                                  \
    X(status.features.count = 0)                                                               \
    X(feature = GWAPI__STR("Other"))

Test(resolve_equal, a_status_equals_itself_and_no_other)
{
    static whole a, b;

    fill(&a);
    fill(&b);
    cr_expect(gwapi__status_equal(&a.status, &b.status));
#define CHANGE(change)                                                                         \
    fill(&b);                                                                                  \
    b.change;                                                                                  \
    cr_expect_not(gwapi__status_equal(&a.status, &b.status), "%s", #change);
    CHANGES(CHANGE)
#undef CHANGE
    fill(&b);
    b.own.last_transition = GWAPI__STR("other"); /* both kept the one of their object */
    cr_expect(gwapi__status_equal(&a.status, &b.status));
}

Test(resolve_equal, a_status_equals_the_one_that_stands_in_its_object)
{
    static whole a, b;

    fill(&a);
    fill(&b);
    b.status.resource = &a.resource;
    cr_expect(gwapi__status_equals_stored(&b.status));
#define CHANGE(change)                                                                         \
    fill(&b);                                                                                  \
    b.change;                                                                                  \
    b.status.resource = &a.resource;                                                           \
    cr_expect_not(gwapi__status_equals_stored(&b.status), "%s", #change);
    CHANGES(CHANGE)
    CHANGE(own.last_transition = GWAPI__STR("other"))
#undef CHANGE
    b.status.resource = NULL;
    cr_expect_not(gwapi__status_equals_stored(&b.status));
}
