/* SARIF 2.1.0 (OASIS), as GitHub and GitLab read it: no region without a line, no empty text.
 */
#include <gatewayapi/explain.h>
#include <gatewayapi/version.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "render_human.h"
#include "report.h"

#define SCHEMA                                                                                 \
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/"                      \
    "sarif-schema-2.1.0.json"

typedef struct run {
    const cli_findings *findings;
    json_t *rules;   /* reportingDescriptors */
    json_t *indices; /* rule id → its index among them */
    json_t *results;
} run;

/* A string of what can be in none: bytes that are no UTF-8, control characters. */
static json_t *clean_string(gwapi_str s)
{
    char *text = cli_clean(s);
    json_t *string = json_string(text);

    free(text);
    return string;
}

/* {"text": …} */
static json_t *message(json_t *text)
{
    return json_pack("{so}", "text", text);
}

/* The file as a URI reference: relative paths stay relative. */
static json_t *uri_of(gwapi_str file)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "-._~/!$&'()*+,;=@";
    char *uri = cli_alloc(3 * file.len + 8, 1), *at = uri;
    json_t *string;

    if (file.len != 0 && file.data[0] == '/')
        at += sprintf(at, "file://");
    for (size_t i = 0; i < file.len; i++)
        if (file.data[i] != '\0' && strchr(plain, file.data[i]) != NULL)
            *at++ = file.data[i];
        else
            at += sprintf(at, "%%%02X", (unsigned char)file.data[i]);
    string = json_stringn(uri, (size_t)(at - uri));
    free(uri);
    return string;
}

/* ---- rules ----------------------------------------------------------------------------- */

/* Every rule has all three texts: GitHub asks for them. */
static json_t *describe(const gwapi_schema *schema, gwapi_str id)
{
    gwapi_explanation *e = NULL;
    gwapi_schema_rule_info info = {.struct_size = sizeof info};
    char *more = cli_format("gatewayapi explain %.*s", (int)id.len, id.data);
    json_t *rule;

    if (gwapi_schema_explain(&e, schema, id, NULL) != GWAPI_OK ||
        gwapi_explanation_rule(e, &info) != GWAPI_OK)
        info = (gwapi_schema_rule_info){.struct_size = sizeof info};
    gwapi_str shorter = info.message.len != 0 ? info.message : info.why;
    gwapi_str longer = info.why.len != 0 ? info.why : info.message;
    rule = json_pack("{sosososo}", "id", clean_string(id), "shortDescription",
                     message(clean_string(shorter.len != 0 ? shorter : id)), "fullDescription",
                     message(clean_string(longer.len != 0 ? longer : id)), "help",
                     message(clean_string(info.hint.len != 0 ? info.hint : cli_str(more))));
    gwapi_explanation_free(e);
    free(more);
    return rule;
}

/* The rule's index among the descriptors, which it joins at first sight. */
static size_t rule_index(run *r, gwapi_str id)
{
    char *key = cli_clean(id);
    const json_t *known = json_object_get(r->indices, key);
    size_t index = json_array_size(r->rules);

    if (known != NULL) {
        index = (size_t)json_integer_value(known);
    } else {
        json_object_set_new(r->indices, key, json_integer((json_int_t)index));
        json_array_append_new(r->rules, describe(r->findings->schema, id));
    }
    free(key);
    return index;
}

/* ---- results --------------------------------------------------------------------------- */

static json_t *region(const gwapi_diagnostic *d)
{
    json_t *region = json_pack("{sI}", "startLine", (json_int_t)d->line);

    if (d->column != 0)
        json_object_set_new(region, "startColumn", json_integer((json_int_t)d->column));
    /* Of a long line the excerpt is a part, which is no snippet of the region. */
    if (d->excerpt.len != 0 && d->excerpt_column == d->column)
        json_object_set_new(region, "snippet", message(clean_string(d->excerpt)));
    return region;
}

/* "HTTPRoute shop/cart spec.rules[0]" */
static json_t *logical_location(const gwapi_document *document, const gwapi_diagnostic *d)
{
    char *who = cli_identity(document), *path = cli_clean(d->path);
    char *name = cli_format("%s%s%s", who, *who != '\0' && *path != '\0' ? " " : "", path);
    json_t *location = *name != '\0'
                           ? json_pack("{ssss}", "fullyQualifiedName", name, "kind", "object")
                           : NULL;

    free(who);
    free(path);
    free(name);
    return location;
}

static json_t *locations(const gwapi_document *document, const gwapi_diagnostic *d)
{
    json_t *location = json_object(), *physical, *logical = logical_location(document, d);

    if (d->file.len != 0) {
        physical = json_pack("{s{so}}", "artifactLocation", "uri", uri_of(d->file));
        if (d->line != 0)
            json_object_set_new(physical, "region", region(d));
        json_object_set_new(location, "physicalLocation", physical);
    }
    if (logical != NULL)
        json_object_set_new(location, "logicalLocations", json_pack("[o]", logical));
    return json_pack("[o]", location);
}

static void add_result(run *r, size_t document, size_t i)
{
    gwapi_document about = {.struct_size = sizeof about};
    gwapi_diagnostic d = {.struct_size = sizeof d};
    json_t *result = json_object();
    char *text, *hint;

    gwapi_report_at(r->findings->report, i, &d);
    if (document == r->findings->documents ||
        gwapi_report_document_at(r->findings->report, document, &about) != GWAPI_OK)
        about = (gwapi_document){.struct_size = sizeof about};
    if (d.rule.len != 0) {
        json_object_set_new(result, "ruleId", clean_string(d.rule));
        json_object_set_new(result, "ruleIndex",
                            json_integer((json_int_t)rule_index(r, d.rule)));
    }
    json_object_set_new(result, "level", json_string(cli_severity_name(d.severity)));
    text = cli_finding_text(&d);
    hint = cli_clean(d.hint);
    json_object_set_new(
        result, "message",
        json_pack("{ss++}", "text", text, *hint != '\0' ? "\nhint: " : "", hint));
    json_object_set_new(result, "locations", locations(&about, &d));
    json_array_append_new(r->results, result);
    free(text);
    free(hint);
}

static json_t *invocation(const gwapi_report *report)
{
    json_t *invocation = json_pack("{sb}", "executionSuccessful", 1);
    char *dropped = cli_dropped_text(report);

    if (dropped != NULL)
        json_object_set_new(
            invocation, "toolExecutionNotifications",
            json_pack("[{sss{ss}}]", "level", "warning", "message", "text", dropped));
    free(dropped);
    return invocation;
}

void cli_render_sarif(FILE *out, const cli_findings *f)
{
    run r = {f, json_array(), json_object(), json_array()};
    json_t *driver, *log;

    for (size_t d = 0; d <= f->documents; d++)
        for (size_t i = f->start[d]; i < f->start[d + 1]; i++)
            add_result(&r, d, f->items[i]);
    driver = json_pack("{ssssssso}", "name", "gatewayapi", "version", gwapi_version_string(),
                       "semanticVersion", gwapi_version_string(), "rules", r.rules);
    log = json_pack("{sssss[{s{so}sss[o]so}]}", "$schema", SCHEMA, "version", "2.1.0", "runs",
                    "tool", "driver", driver, "columnKind", "unicodeCodePoints", "invocations",
                    invocation(f->report), "results", r.results);
    json_dumpf(log, out, JSON_INDENT(2));
    fputc('\n', out);
    json_decref(log);
    json_decref(r.indices);
}
