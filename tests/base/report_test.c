#include <criterion/criterion.h>

#include "base/report.h"
#include "base/slice.h"
#include "base/text.h"
#include "../support/oom.h"

static int collect(void *ctx, const char *data, size_t len)
{
    gwapi__text_add(ctx, gwapi__str(data, len));
    return 0;
}

static gwapi_result fill(gwapi_report *report)
{
    gwapi_document document = {.file = GWAPI__STR("a.yaml"), .line = 1};
    gwapi_diagnostic d = {.severity = GWAPI_SEVERITY_ERROR,
                          .type = GWAPI_ERROR_REQUIRED,
                          .rule = GWAPI__STR("structure/required"),
                          .path = GWAPI__STR("spec"),
                          .pointer = GWAPI__STR("/spec"),
                          .message = GWAPI__STR("spec is missing"),
                          .line = 2,
                          .column = 3};
    gwapi_result r = gwapi__report_open(report, &document, &d.document);

    if (r == GWAPI_OK)
        r = gwapi__report_identify(report, d.document, GWAPI__STR("v1"), GWAPI__STR("Gateway"),
                                   (gwapi_str){NULL, 0}, GWAPI__STR("web"));
    if (r == GWAPI_OK)
        r = gwapi__report_add(report, &d);
    gwapi__report_close(report, d.document, GWAPI_VERDICT_INVALID);
    d.document = GWAPI__NO_DOCUMENT;
    d.severity = GWAPI_SEVERITY_NOTE;
    d.file = GWAPI__STR("b.yaml");
    return r == GWAPI_OK ? gwapi__report_add(report, &d) : r;
}

Test(base_report, a_report_is_written_as_the_contract_says)
{
    gwapi_report *report;
    gwapi_allocator a;
    gwapi__text t;

    gwapi__allocator_init(&a, NULL);
    gwapi__text_init(&t, &a);
    gwapi_sink sink = {sizeof sink, &t, collect};
    cr_assert_eq(gwapi_report_new(&report, NULL, NULL), GWAPI_OK);
    cr_assert_eq(fill(report), GWAPI_OK);
    cr_assert_eq(gwapi_report_write(report, &sink), GWAPI_OK);
    gwapi__text_char(&t, '\0');
    cr_assert_str_eq(
        t.data,
        "{\"documents\":[{\"file\":\"a.yaml\",\"index\":0,\"line\":1,\"apiVersion\":\"v1\","
        "\"kind\":\"Gateway\",\"name\":\"web\",\"verdict\":\"invalid\",\"diagnostics\":["
        "{\"severity\":\"error\",\"type\":\"Required\",\"rule\":\"structure/required\","
        "\"path\":\"spec\",\"pointer\":\"/spec\",\"message\":\"spec is missing\",\"line\":2,"
        "\"column\":3}]}],\"diagnostics\":[{\"severity\":\"note\",\"type\":\"Required\","
        "\"rule\":\"structure/required\",\"path\":\"spec\",\"pointer\":\"/spec\",\"message\":"
        "\"spec is missing\",\"line\":2,\"column\":3,\"file\":\"b.yaml\"}],\"summary\":"
        "{\"valid\":0,\"invalid\":1,\"skipped\":0,\"unreadable\":0}}\n");
    gwapi__text_free(&t);
    gwapi_report_free(report);
}

Test(base_report, the_limit_of_a_document_drops_its_diagnostics_but_counts_them)
{
    gwapi_limits limits = {.struct_size = sizeof limits, .diagnostics = 1};
    gwapi_report *report;
    gwapi_diagnostic d = {.struct_size = sizeof d};

    cr_assert_eq(gwapi_report_new(&report, NULL, &limits), GWAPI_OK);
    cr_assert_eq(fill(report), GWAPI_OK);
    cr_assert_eq(gwapi_report_count(report), 2, "one of the document, one of none");
    d.document = 0;
    d.severity = GWAPI_SEVERITY_NOTE;
    cr_assert_eq(gwapi__report_add(report, &d), GWAPI_OK);
    cr_assert_eq(gwapi_report_count(report), 2);
    cr_assert_eq(gwapi_report_dropped(report), 1);
    cr_assert_eq(gwapi_report_count_severity(report, GWAPI_SEVERITY_NOTE), 2);
    cr_assert_eq(gwapi_report_at(report, 0, &d), GWAPI_OK);
    cr_assert(gwapi__str_eq(d.message, GWAPI__STR("spec is missing")));
    cr_assert_eq(gwapi_report_at(report, 2, &d), GWAPI_EARGUMENT);
    gwapi_report_clear(report);
    cr_assert_eq(gwapi_report_count(report) + gwapi_report_document_count(report), 0);
    cr_assert_eq(fill(report), GWAPI_OK);
    gwapi_report_free(report);
}

Test(base_report, no_report_takes_everything_and_keeps_nothing)
{
    cr_assert_eq(fill(NULL), GWAPI_OK);
    gwapi_report_free(NULL);
    gwapi_report_clear(NULL);
    cr_assert_eq(gwapi_report_count(NULL), 0);
}

static gwapi_result make(const gwapi_allocator *a, void *arg)
{
    gwapi_report *report;
    gwapi_result r = gwapi_report_new(&report, a, NULL);

    (void)arg;
    if (r == GWAPI_OK)
        r = fill(report);
    gwapi_report_free(report);
    return r;
}

Test(base_report, every_failing_allocation_is_told)
{
    size_t runs, bad;

    cr_assert_eq(test_fail_every_allocation(make, NULL, &runs, &bad), GWAPI_OK);
    cr_assert_eq(bad, 0);
    cr_assert_gt(runs, 3);
}

Test(base_result, every_code_has_a_name_and_a_sentence)
{
#define ROW(name, value, text)                                                                \
    cr_expect_str_eq(gwapi_result_name(name), #name);                                         \
    cr_expect_str_eq(gwapi_result_text(name), text);
    GWAPI_RESULT_TABLE(ROW)
#undef ROW
    cr_expect_str_eq(gwapi_result_name(12345), "GWAPI_UNKNOWN");
    cr_expect_str_eq(gwapi_error_type_text(GWAPI_ERROR_TOO_MANY), "TooMany");
    cr_expect_str_eq(gwapi_error_type_text(9999), "");
    cr_expect_eq(gwapi_version_number(), GWAPI_VERSION_NUMBER);
    cr_expect_str_eq(gwapi_version_string(), GWAPI_VERSION_STRING);
}
