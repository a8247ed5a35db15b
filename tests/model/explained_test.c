/* schemas/v1.4/rules.yaml: what it shows as wrong breaks the rule, what it shows as right is
 * valid. */
#include <gatewayapi/explain.h>
#include <gatewayapi/lint.h>
#include "model/read_support.h"

typedef struct manifests {
    gwapi_schema *schema;
    gwapi_report *report;
} manifests;

/* Reads a manifest, as an update of `old` if that is given. */
static void judge(const manifests *m, gwapi_str text, gwapi_str old)
{
    gwapi_resources *earlier = test_resources(m->schema, GWAPI_RESOURCES_KEEP_SOURCE);
    gwapi_resources *set = test_resources(m->schema, 0);
    gwapi_source source = GWAPI_SOURCE_INIT;

    if (old.data != NULL) {
        source.bytes = old.data;
        source.len = old.len;
        cr_assert_eq(gwapi_resources_read(earlier, &source, NULL), GWAPI_OK);
        source.old = earlier;
        source.flags = GWAPI_READ_PAIR;
    }
    source.bytes = text.data;
    source.len = text.len;
    gwapi_report_clear(m->report);
    gwapi_resources_read(set, &source, m->report);
    gwapi_resources_free(set);
    gwapi_resources_free(earlier);
}

/* What `lint` finds in the manifests. Classes that are not there count as present, but for the
 * rule about them. */
static void lint(const manifests *m, gwapi_str text, bool class)
{
    gwapi_resources *set = test_resources(m->schema, GWAPI_RESOURCES_KEEP_SOURCE);
    gwapi_resolve_options options = GWAPI_RESOLVE_OPTIONS_INIT;
    gwapi_source source = GWAPI_SOURCE_INIT;

    source.bytes = text.data;
    source.len = text.len;
    options.assume = class ? 0 : GWAPI_ASSUME_GATEWAY_CLASS;
    gwapi_report_clear(m->report);
    cr_expect_eq(gwapi_resources_read(set, &source, m->report), GWAPI_OK, "%.*s",
                 GWAPI__FMT(text));
    cr_expect_eq(gwapi_lint(set, &options, m->report), GWAPI_OK);
    gwapi_resources_free(set);
}

static bool is_told(const gwapi_report *report, gwapi_str rule)
{
    for (size_t i = 0; i < gwapi_report_count(report); i++)
        if (gwapi__str_eq(test_diagnostic(report, i).rule, rule))
            return true;
    return false;
}

/* The right one may still lack the rest of a cluster. */
static void check_lint(const manifests *m, const gwapi_schema_rule_info *rule)
{
    bool class = gwapi__str_eq(rule->id, GWAPI__STR("lint/class-missing"));

    lint(m, rule->wrong, class);
    cr_expect(is_told(m->report, rule->id), "%.*s: the wrong one does not break it",
              GWAPI__FMT(rule->id));
    if (rule->right.data == NULL)
        return;
    lint(m, rule->right, class);
    cr_expect(!is_told(m->report, rule->id), "%.*s: the right one breaks it",
              GWAPI__FMT(rule->id));
}

static void check_rule(const manifests *m, const gwapi_schema_rule_info *rule)
{
    const gwapi_str none = {NULL, 0};
    /* The list of values refuses before the rule is asked. */
    gwapi_str told = gwapi__str_eq(rule->id, GWAPI__STR("httppath-type-known"))
                         ? GWAPI__STR("structure/enum")
                         : rule->id;

    judge(m, rule->right, none);
    cr_expect_eq(gwapi_report_count(m->report), 0, "%.*s: the right one is not valid",
                 GWAPI__FMT(rule->id));
    judge(m, rule->wrong, rule->update ? rule->right : none);
    cr_expect(is_told(m->report, told), "%.*s: the wrong one does not break it",
              GWAPI__FMT(rule->id));
}

Test(model_explained, manifests_of_rules_show_what_they_say)
{
    manifests standard = {test_schema(GWAPI_CHANNEL_STANDARD), test_report()};
    manifests experimental = {test_schema(GWAPI_CHANNEL_EXPERIMENTAL), test_report()};
    size_t shown = 0;

    for (size_t i = 0; i < gwapi_schema_rule_count(standard.schema); i++) {
        gwapi_schema_rule_info rule = {.struct_size = sizeof rule};
        gwapi_explanation *e;
        cr_assert_eq(gwapi_schema_explain(&e, standard.schema,
                                          gwapi_schema_rule_at(standard.schema, i), NULL),
                     GWAPI_OK);
        cr_assert_eq(gwapi_explanation_rule(e, &rule), GWAPI_OK);
        if (rule.wrong.data != NULL) {
            (gwapi__str_starts(rule.id, GWAPI__STR("lint/")) ? check_lint : check_rule)(
                rule.channel == GWAPI_CHANNEL_STANDARD ? &standard : &experimental, &rule);
            shown++;
        }
        gwapi_explanation_free(e);
    }
    cr_expect_gt(shown, 110);
    gwapi_report_free(standard.report);
    gwapi_report_free(experimental.report);
    gwapi_schema_free(standard.schema);
    gwapi_schema_free(experimental.schema);
}
