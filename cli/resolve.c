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

int cli_resolve(gwapi_topology **out, cli_load *load)
{
    const cli_options *options = load->options;
    gwapi_resolve_options how = GWAPI_RESOLVE_OPTIONS_INIT;
    gwapi_str *features = slices(&options->features);
    gwapi_str *addresses = slices(&options->usable_addresses);
    gwapi_result result;

    how.channel = options->channel;
    how.controller = cli_str(options->controller);
    how.default_mesh = cli_str(options->default_mesh);
    how.now = options->now_given ? options->now : (int64_t)time(NULL);
    how.assume = options->assume;
    how.features = features;
    how.feature_count = options->features.count;
    how.usable_addresses = addresses;
    how.usable_address_count = options->usable_addresses.count;
    how.extensions = options->extensions;
    how.extension_count = options->extension_count;
    how.flags = (options->features_given ? GWAPI_RESOLVE_FEATURES : 0) |
                (options->usable_addresses.count != 0 ? GWAPI_RESOLVE_USABLE_ADDRESSES : 0);
    result = gwapi_topology_resolve(out, load->resources, &how, load->report);
    free(features);
    free(addresses);
    return cli_failed("resolve", result);
}
