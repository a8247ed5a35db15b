#include "resolve.h"

#include <stdlib.h>
#include <time.h>

static gwapi_str *slices(const cli_list *list)
{
    gwapi_str *out = cli_alloc(list->count, sizeof *out);

    for (size_t i = 0; i < list->count; i++)
        out[i] = cli_str(list->items[i]);
    return out;
}

int cli_resolving_init(cli_resolving *r, const cli_options *options)
{
    gwapi_resolve_options *how = &r->options;

    r->features = slices(&options->features);
    r->addresses = slices(&options->usable_addresses);
    *how = (gwapi_resolve_options)GWAPI_RESOLVE_OPTIONS_INIT;
    how->channel = options->channel;
    how->controller = cli_str(options->controller);
    how->default_mesh = cli_str(options->default_mesh);
    how->now = options->now_given ? options->now : (int64_t)time(NULL);
    how->assume = options->assume;
    how->features = r->features;
    how->feature_count = options->features.count;
    how->usable_addresses = r->addresses;
    how->usable_address_count = options->usable_addresses.count;
    how->extensions = options->extensions;
    how->extension_count = options->extension_count;
    how->flags = (options->features_given ? GWAPI_RESOLVE_FEATURES : 0) |
                 (options->usable_addresses.count != 0 ? GWAPI_RESOLVE_USABLE_ADDRESSES : 0);
    return cli_certificates_open(&r->certificates, &how->certificates);
}

void cli_resolving_free(cli_resolving *r)
{
    cli_certificates_close(&r->certificates);
    free(r->features);
    free(r->addresses);
}

int cli_read_and_resolve(gwapi_topology **out, cli_load *load)
{
    cli_resolving how;

    *out = NULL;
    cli_load_read(load, GWAPI_READ_WARN_REPLACED, NULL, NULL);
    if (load->status != CLI_FINE)
        return load->status;
    int status = cli_resolving_init(&how, load->options);
    if (status == CLI_FINE)
        status = cli_failed("resolve", gwapi_topology_resolve(out, load->resources,
                                                              &how.options, load->report));
    cli_resolving_free(&how);
    return status;
}
