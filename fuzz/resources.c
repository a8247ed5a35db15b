/* Reading into a set: whatever the bytes are, judging and taking them as stored ends with a
 * verdict for each document, and what was judged valid can be written, without its defaults
 * too, and read back as the same. */
#include <stdio.h>
#include <stdlib.h>

#include <gatewayapi/resources.h>
#include "base/slice.h"
#include "base/text.h"
#include "model/set.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds, const char *what)
{
    if (!holds) {
        fprintf(stderr, "does not hold: %s\n", what);
        abort();
    }
}

/* Made once: compiling the kinds takes longer than most inputs. */
static const gwapi_schema *schema(void)
{
    static gwapi_schema *made;

    if (made != NULL)
        return made;
    require(gwapi_schema_new(&made, NULL) == GWAPI_OK, "make a schema");
    require(gwapi_schema_add_builtin(made, (gwapi_str){NULL, 0}, GWAPI_CHANNEL_EXPERIMENTAL) ==
                GWAPI_OK,
            "add the built-in kinds");
    require(gwapi_schema_seal(made, NULL, 0) == GWAPI_OK, "seal it");
    return made;
}

static gwapi_resources *make(uint32_t flags)
{
    gwapi_resources_options options = GWAPI_RESOURCES_OPTIONS_INIT;
    gwapi_resources *resources;

    options.flags = flags;
    require(gwapi_resources_new(&resources, schema(), &options) == GWAPI_OK, "make a set");
    return resources;
}

static gwapi_result read_bytes(gwapi_resources *resources, gwapi_str bytes,
                               gwapi_read_mode mode, gwapi_report *report)
{
    gwapi_source source = GWAPI_SOURCE_INIT;

    source.bytes = bytes.data;
    source.len = bytes.len;
    source.mode = mode;
    return gwapi_resources_read(resources, &source, report);
}

static int append(void *ctx, const char *data, size_t len)
{
    gwapi__text_add(ctx, gwapi__str(data, len));
    return 0;
}

static void write_all(const gwapi_resources *resources, gwapi_format format, uint32_t minimal,
                      gwapi__text *text)
{
    const gwapi_sink sink = {sizeof sink, text, append};

    gwapi__text_init(text, &resources->allocator);
    require(gwapi_resources_write(resources, format, minimal, &sink) == GWAPI_OK,
            "write the set");
}

static void read_back(const gwapi_resources *resources)
{
    gwapi__text minimal, before, after;
    gwapi_resources *again = make(GWAPI_RESOURCES_KEEP_SOURCE);

    write_all(resources, GWAPI_FORMAT_YAML, 1, &minimal);
    require(read_bytes(again, gwapi__text_str(&minimal), GWAPI_READ_JUDGE, NULL) == GWAPI_OK,
            "what was valid is valid without its defaults");
    write_all(resources, GWAPI_FORMAT_JSON, 1, &before);
    write_all(again, GWAPI_FORMAT_JSON, 1, &after);
    require(gwapi__str_eq(gwapi__text_str(&before), gwapi__text_str(&after)), "it is the same");
    gwapi__text_free(&minimal);
    gwapi__text_free(&before);
    gwapi__text_free(&after);
    gwapi_resources_free(again);
}

static void check_report(const gwapi_report *report, gwapi_result result)
{
    size_t errors = gwapi_report_count_severity(report, GWAPI_SEVERITY_ERROR);

    require((result == GWAPI_OK) == (errors == 0),
            "a refusal has an error, a success has none");
    for (size_t i = 0; i < gwapi_report_document_count(report); i++) {
        gwapi_document d = {.struct_size = sizeof d};
        require(gwapi_report_document_at(report, i, &d) == GWAPI_OK, "list the documents");
        require(d.verdict >= GWAPI_VERDICT_VALID && d.verdict <= GWAPI_VERDICT_UNREADABLE,
                "each has a verdict");
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const gwapi_str bytes = {size != 0 ? (const char *)data : "", size};

    for (gwapi_read_mode mode = GWAPI_READ_JUDGE; mode <= GWAPI_READ_STORED; mode++)
        for (uint32_t flags = 0; flags <= GWAPI_RESOURCES_KEEP_SOURCE; flags++) {
            gwapi_resources *resources = make(flags);
            gwapi_report *report;
            require(gwapi_report_new(&report, NULL, NULL) == GWAPI_OK, "make a report");
            gwapi_result result = read_bytes(resources, bytes, mode, report);
            check_report(report, result);
            if (mode == GWAPI_READ_JUDGE && flags == GWAPI_RESOURCES_KEEP_SOURCE &&
                result == GWAPI_OK)
                read_back(resources);
            gwapi_report_free(report);
            gwapi_resources_free(resources);
        }
    return 0;
}
