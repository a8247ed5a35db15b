/* schemas/v1.4/rules.yaml: what it shows as wrong breaks the rule, what it shows as right is
 * valid. */
#include <gatewayapi/explain.h>
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

static bool is_told(const gwapi_report *report, gwapi_str rule)
{
    for (size_t i = 0; i < gwapi_report_count(report); i++)
        if (gwapi__str_eq(test_diagnostic(report, i).rule, rule))
            return true;
    return false;
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
            check_rule(rule.channel == GWAPI_CHANNEL_STANDARD ? &standard : &experimental, &rule);
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
