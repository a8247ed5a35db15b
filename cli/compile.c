/* gatewayapi compile: an image for hosts to map. */
#include <string.h>
#include <unistd.h>

#include "io.h"
#include "snapshot.h"

static void print_note(const cli_options *options, const gwapi_snapshot *snapshot)
{
    gwapi_snapshot_information info = {.struct_size = sizeof info};
    cli_terminal terminal;

    if (options->quiet || gwapi_snapshot_info(snapshot, &info) != GWAPI_OK)
        return;
    cli_terminal_init(&terminal, stderr, (cli_colour)options->colour);
    cli_print(&terminal, CLI_BOLD, "%s", options->image);
    cli_print(&terminal, CLI_PLAIN,
              ": %llu bytes; %u gateways, %u listeners, %u routes, %u rules, %u backends; "
              "%u certificates %s private keys\n",
              (unsigned long long)info.bytes, (unsigned)info.gateways, (unsigned)info.listeners,
              (unsigned)info.routes, (unsigned)info.rules, (unsigned)info.backends,
              (unsigned)info.certificates, info.with_keys ? "with" : "without");
}

static int write_image(const cli_options *options, const gwapi_snapshot *snapshot)
{
    size_t len;
    const void *bytes = gwapi_snapshot_bytes(snapshot, &len);
    cli_output out;

    if (strcmp(options->image, "-") == 0 && isatty(STDOUT_FILENO) == 1) {
        cli_complain("compile: an image is not written to a terminal");
        return CLI_USAGE;
    }
    if (!cli_output_open(&out, options->image, options->with_keys))
        return CLI_USAGE;
    fwrite(bytes, 1, len, out.file);
    if (!cli_output_close(&out, true))
        return CLI_USAGE;
    print_note(options, snapshot);
    return CLI_FINE;
}

int cli_compile(const cli_options *options)
{
    gwapi_snapshot *snapshot;
    int status = cli_snapshot_compile(&snapshot, options);

    if (snapshot != NULL)
        status = cli_worse(status, write_image(options, snapshot));
    gwapi_snapshot_release(snapshot);
    return status;
}
