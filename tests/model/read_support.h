/* Reading texts into a set over the built-in schema. */
#ifndef GWAPI_TESTS_MODEL_READING_H
#define GWAPI_TESTS_MODEL_READING_H

#include <criterion/criterion.h>
#include <stdio.h>
#include <gatewayapi/resources.h>
#include "base/slice.h"

static inline gwapi_schema *test_schema(gwapi_channel channel)
{
    gwapi_schema *schema;

    cr_assert_eq(gwapi_schema_new(&schema, NULL), GWAPI_OK);
    cr_assert_eq(gwapi_schema_add_builtin(schema, (gwapi_str){NULL, 0}, channel), GWAPI_OK);
    cr_assert_eq(gwapi_schema_seal(schema, NULL, 0), GWAPI_OK);
    return schema;
}

static inline gwapi_resources *test_resources(const gwapi_schema *schema, uint32_t flags)
{
    gwapi_resources_options o = GWAPI_RESOURCES_OPTIONS_INIT;
    gwapi_resources *resources;

    o.flags = flags;
    cr_assert_eq(gwapi_resources_new(&resources, schema, &o), GWAPI_OK);
    return resources;
}

static inline gwapi_report *test_report(void)
{
    gwapi_report *report;

    cr_assert_eq(gwapi_report_new(&report, NULL, NULL), GWAPI_OK);
    return report;
}

static inline gwapi_source test_source(const char *text)
{
    gwapi_source s = GWAPI_SOURCE_INIT;

    s.name = GWAPI__STR("in.yaml");
    s.bytes = text;
    s.len = strlen(text);
    return s;
}

static inline gwapi_result test_read(gwapi_resources *resources, const char *text,
                                     gwapi_read_mode mode, uint32_t flags, gwapi_report *report)
{
    gwapi_source s = test_source(text);

    s.mode = mode;
    s.flags = flags;
    return gwapi_resources_read(resources, &s, report);
}

/* The verdicts as letters: v, i, s, u. */
static inline void test_verdicts(const gwapi_report *report, char out[32])
{
    size_t i = 0;

    for (; i < gwapi_report_document_count(report); i++) {
        gwapi_document d = {.struct_size = sizeof d};
        cr_assert_eq(gwapi_report_document_at(report, i, &d), GWAPI_OK);
        out[i] = "?visu"[d.verdict];
    }
    out[i] = '\0';
}

static inline gwapi_diagnostic test_diagnostic(const gwapi_report *report, size_t i)
{
    gwapi_diagnostic d = {.struct_size = sizeof d};

    cr_assert_eq(gwapi_report_at(report, i, &d), GWAPI_OK, "no diagnostic %zu", i);
    return d;
}

#endif
