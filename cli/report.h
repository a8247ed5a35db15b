/* A report in every format that `validate` and `lint` have. */
#ifndef CLI_REPORT_H
#define CLI_REPORT_H

#include <stdio.h>
#include "load.h"

/* "human" and the others, for the table of commands. */
#define CLI_REPORT_FORMATS "human|json|sarif|junit|tap|github"

/* The diagnostics by document: those of document d are items[start[d]] … items[start[d + 1] -
 * 1], those of none stand under d == documents. */
typedef struct cli_findings {
    const gwapi_report *report;
    const gwapi_schema *schema;
    gwapi_severity fail_on;
    size_t documents;
    size_t *start;
    size_t *items;
} cli_findings;

void cli_findings_init(cli_findings *findings, const cli_load *load);
void cli_findings_free(cli_findings *findings);

/* Does this diagnostic change the exit status? */
bool cli_is_finding(const cli_findings *findings, const gwapi_diagnostic *d);
/* "spec.rules[0]: message", cleaned. To be freed. */
char *cli_finding_text(const gwapi_diagnostic *d);
/* Findings beyond the limit, told in a sentence; NULL without such. To be freed. */
char *cli_dropped_text(const gwapi_report *report);
const char *cli_severity_name(gwapi_severity severity);

void cli_render_sarif(FILE *out, const cli_findings *findings);
void cli_render_junit(FILE *out, const cli_findings *findings);
void cli_render_tap(FILE *out, const cli_findings *findings);
void cli_render_github(FILE *out, const cli_findings *findings);

/* Writes the report to every destination; `verb` is what was done with the objects ("judged").
 * An exit status. */
int cli_write_report(const cli_load *load, const char *verb);

#endif
