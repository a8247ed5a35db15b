/*
 * Loads manifests, matches one request, prints the decision.
 *
 *   cc embed.c $(pkg-config --cflags --libs libgatewayapi) -o embed
 *   ./embed HOST PATH FILE...
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <gatewayapi.h>

static int print(void *ctx, const char *data, size_t len)
{
    return fwrite(data, 1, len, ctx) != len;
}

/* Every step needs the one before it: stop at the first that fails and say why. */
static void check(gwapi_result result, const char *what, const gwapi_report *report)
{
    gwapi_sink errors = {sizeof errors, stderr, print};

    if (result == GWAPI_OK)
        return;
    fprintf(stderr, "%s: %s\n", what, gwapi_result_text(result));
    gwapi_report_write(report, &errors);
    exit(1);
}

static void read_file(gwapi_resources *resources, const char *name, gwapi_report *report)
{
    static char bytes[1 << 20];
    gwapi_source source = GWAPI_SOURCE_INIT;
    FILE *file = fopen(name, "rb");

    if (file == NULL) {
        perror(name);
        exit(2);
    }
    source.name = (gwapi_str){name, strlen(name)};
    source.bytes = bytes;
    source.len = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    check(gwapi_resources_read(resources, &source, report), name, report);
}

int main(int argc, char **argv)
{
    gwapi_report *report = NULL;
    gwapi_schema *schema = NULL;
    gwapi_resources *resources = NULL;
    gwapi_topology *topology = NULL;
    gwapi_snapshot *snapshot = NULL;
    gwapi_scratch *scratch = NULL;
    gwapi_str newest = {NULL, 0};

    if (argc < 4)
        return fprintf(stderr, "usage: embed HOST PATH FILE...\n"), 2;

    /* Once: the kinds known, a set of objects, what attaches to what, the compiled image. */
    check(gwapi_report_new(&report, NULL, NULL), "report", NULL);
    check(gwapi_schema_new(&schema, NULL), "schema", report);
    check(gwapi_schema_add_builtin(schema, newest, GWAPI_CHANNEL_STANDARD), "schema", report);
    check(gwapi_schema_seal(schema, NULL, 0), "schema", report);
    check(gwapi_resources_new(&resources, schema, NULL), "resources", report);
    for (int i = 3; i < argc; i++)
        read_file(resources, argv[i], report);
    check(gwapi_topology_resolve(&topology, resources, NULL, report), "resolve", report);
    check(gwapi_snapshot_compile(&snapshot, topology, NULL, report), "compile", report);
    check(gwapi_scratch_new(&scratch, snapshot, NULL), "scratch", report); /* one a thread */

    /* Per connection, then per request: no allocation from here on. */
    gwapi_arrival arrival = GWAPI_ARRIVAL_INIT;
    gwapi_connection connection = GWAPI_CONNECTION_INIT;
    gwapi_request request = GWAPI_REQUEST_INIT;
    gwapi_decision decision = GWAPI_DECISION_INIT;
    arrival.port = 443;
    arrival.transport = GWAPI_TRANSPORT_TLS;
    arrival.sni = request.host = (gwapi_str){argv[1], strlen(argv[1])};
    request.path = (gwapi_str){argv[2], strlen(argv[2])};
    check(gwapi_accept(snapshot, scratch, &arrival, &connection), "accept", report);
    check(gwapi_match(snapshot, scratch, &connection, &request, &decision), "match", report);
    check(gwapi_decision_pick_backend(&decision, &request, 1, NULL), "pick", report);

    gwapi_sink out = {sizeof out, stdout, print};
    check(gwapi_decision_write(&decision, &request, newest, &out), "write", report);
    putchar('\n');

    gwapi_scratch_free(scratch);
    gwapi_snapshot_release(snapshot);
    gwapi_topology_release(topology);
    gwapi_resources_free(resources);
    gwapi_schema_free(schema);
    gwapi_report_free(report);
    return 0;
}
