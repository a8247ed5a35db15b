/* Loads manifests, matches one request, prints the decision:
 *   cc embed.c $(pkg-config --cflags --libs libgatewayapi) -o embed
 *   ./embed HOST PATH FILE... */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <gatewayapi.h>

static gwapi_report *report;

static int print(void *ctx, const char *data, size_t len) { return fwrite(data, 1, len, ctx) != len; }

static void check(gwapi_result result, const char *what) /* each step needs the one before it */
{
    gwapi_sink errors = {sizeof errors, stderr, print};
    if (result == GWAPI_OK)
        return;
    fprintf(stderr, "%s: %s\n", what, gwapi_result_text(result));
    gwapi_report_write(report, &errors);
    exit(1);
}

int main(int argc, char **argv)
{
    static char bytes[1 << 20];
    gwapi_schema *schema;
    gwapi_resources *resources;
    gwapi_topology *topology;
    gwapi_snapshot *snapshot;
    gwapi_scratch *scratch;
    gwapi_str none = {NULL, 0};

    /* Once: the kinds known, the objects, what attaches to what, the compiled image. */
    check(argc < 4 ? GWAPI_EARGUMENT : GWAPI_OK, "usage: embed HOST PATH FILE...");
    check(gwapi_report_new(&report, NULL, NULL), "report");
    check(gwapi_schema_new(&schema, NULL), "schema");
    check(gwapi_schema_add_builtin(schema, none, GWAPI_CHANNEL_STANDARD), "schema");
    check(gwapi_schema_seal(schema, NULL, 0), "schema");
    check(gwapi_resources_new(&resources, schema, NULL), "resources");
    for (int i = 3; i < argc; i++) {
        gwapi_source source = GWAPI_SOURCE_INIT;
        FILE *file = fopen(argv[i], "rb");
        source.bytes = bytes;
        source.len = file != NULL ? fread(bytes, 1, sizeof bytes, file) : 0;
        check(file == NULL || fclose(file) != 0 ? GWAPI_ENOTFOUND : GWAPI_OK, argv[i]);
        check(gwapi_resources_read(resources, &source, report), argv[i]);
    }
    check(gwapi_topology_resolve(&topology, resources, NULL, report), "resolve");
    check(gwapi_snapshot_compile(&snapshot, topology, NULL, report), "compile");
    check(gwapi_scratch_new(&scratch, snapshot, NULL), "scratch"); /* one a thread */

    /* Per connection, then per request: no allocation until the decision is printed. */
    gwapi_arrival arrival = GWAPI_ARRIVAL_INIT;
    gwapi_connection connection = GWAPI_CONNECTION_INIT;
    gwapi_request request = GWAPI_REQUEST_INIT;
    gwapi_decision decision = GWAPI_DECISION_INIT;
    gwapi_sink out = {sizeof out, stdout, print};
    arrival.port = 443;
    arrival.transport = GWAPI_TRANSPORT_TLS;
    arrival.sni = request.host = (gwapi_str){argv[1], strlen(argv[1])};
    request.path = (gwapi_str){argv[2], strlen(argv[2])};
    check(gwapi_accept(snapshot, scratch, &arrival, &connection), "accept");
    check(gwapi_match(snapshot, scratch, &connection, &request, &decision), "match");
    check(gwapi_decision_pick_backend(&decision, &request, 1, NULL), "pick");
    check(gwapi_decision_write(&decision, &request, none, &out), "write");
    putchar('\n');

    gwapi_scratch_free(scratch);
    gwapi_snapshot_release(snapshot);
    gwapi_topology_release(topology);
    gwapi_resources_free(resources);
    gwapi_schema_free(schema);
    gwapi_report_free(report);
    return 0;
}
