#include "snapshot.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io.h"
#include "options_value.h"
#include "render_human.h"
#include "resolve.h"

/* ---- from manifests ---- */

static int compile(gwapi_snapshot **out, const cli_load *load, const gwapi_topology *topology)
{
    const cli_options *options = load->options;
    gwapi_compile_options how = GWAPI_COMPILE_OPTIONS_INIT;
    size_t count = options->command->bit == CLI_COMPILE ? options->gateways.count : 0;
    gwapi_object_ref *gateways = cli_alloc(count, sizeof *gateways);
    gwapi_result result = GWAPI_OK;
    bool good = true;

    for (size_t i = 0; i < count && good; i++)
        good = cli_parse_gateway(options->gateways.items[i], &gateways[i]);
    how.flags = options->with_keys ? GWAPI_COMPILE_WITH_KEYS : 0;
    how.gateways = count != 0 ? gateways : NULL;
    how.gateway_count = count;
    if (good)
        result = gwapi_snapshot_compile(out, topology, &how, load->report);
    free(gateways);
    if (!good)
        return CLI_USAGE;
    if (result == GWAPI_ENOTFOUND) {
        cli_complain("--gateway: no such Gateway of ours");
        return CLI_USAGE;
    }
    return cli_failed("compile", result);
}

int cli_snapshot_compile(gwapi_snapshot **out, const cli_options *options)
{
    gwapi_topology *topology = NULL;
    cli_load load;
    int status = cli_load_open(&load, options, 0);

    *out = NULL;
    if (status == CLI_FINE) {
        status = cli_read_and_resolve(&topology, &load);
        if (topology != NULL)
            status = compile(out, &load, topology);
        cli_show_diagnostics(load.report, options);
        status = cli_worse(status, cli_load_status(&load));
    }
    gwapi_topology_release(topology);
    cli_load_close(&load);
    return status;
}

/* ---- from a file ---- */

static void unmap(void *ctx, const void *bytes, size_t len)
{
    (void)ctx;
    munmap((void *)(uintptr_t)bytes, len);
}

static void unread(void *ctx, const void *bytes, size_t len)
{
    (void)bytes;
    (void)len;
    free(ctx);
}

/* The bytes of a regular file as they lie there, of anything else as they come. */
static bool take_bytes(const char *path, const void **bytes, size_t *len,
                       gwapi_open_options *how)
{
    int fd = strcmp(path, "-") == 0 ? -1 : open(path, O_RDONLY | O_CLOEXEC);
    struct stat about;
    void *mapped = MAP_FAILED;
    cli_bytes read = {NULL, 0};

    if (fd >= 0 && fstat(fd, &about) == 0 && S_ISREG(about.st_mode) && about.st_size > 0) {
        *len = (size_t)about.st_size;
        mapped = mmap(NULL, *len, PROT_READ, MAP_PRIVATE, fd, 0);
    }
    if (fd >= 0)
        close(fd);
    if (mapped != MAP_FAILED) {
        how->release = unmap;
        *bytes = mapped;
        return true;
    }
    if (!cli_read(path, &read))
        return false;
    how->release = unread;
    how->release_ctx = read.data;
    *bytes = read.data != NULL ? read.data : "";
    *len = read.len;
    return true;
}

int cli_snapshot_open(gwapi_snapshot **out, const cli_options *options)
{
    gwapi_open_options how = GWAPI_OPEN_OPTIONS_INIT;
    gwapi_report *report = NULL;
    const void *bytes;
    gwapi_result result;
    size_t len;
    int status;

    *out = NULL;
    if (!take_bytes(options->snapshot, &bytes, &len, &how)) {
        cli_complain("%s: %s", options->snapshot, strerror(errno));
        return CLI_USAGE;
    }
    status = cli_failed("report", gwapi_report_new(&report, NULL, NULL));
    result = gwapi_snapshot_open(out, bytes, len, &how, report);
    if (result != GWAPI_OK) {
        how.release(how.release_ctx, bytes, len);
        cli_show_diagnostics(report, options);
        cli_complain("%s: %s", options->snapshot, gwapi_result_text(result));
        status =
            result == GWAPI_EIMAGE || result == GWAPI_EIMAGEVERSION ? CLI_USAGE : CLI_INTERNAL;
    }
    gwapi_report_free(report);
    return status;
}
