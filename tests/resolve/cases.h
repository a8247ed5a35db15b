/* The cases of a folder, tests/data/status unless told otherwise: their input, their options,
 * their names. */
#ifndef GWAPI_TESTS_RESOLVE_CASES_H
#define GWAPI_TESTS_RESOLVE_CASES_H

#include "support.h"

#include <dirent.h>
#include <stdlib.h>

#ifndef CASES_FOLDER
#define CASES_FOLDER "tests/data/status"
#endif
#define MOST_OPTIONS 16

typedef struct settings {
    gwapi_channel channel;
    gwapi_str features[64];
    gwapi_str addresses[MOST_OPTIONS];
    gwapi_extension extensions[MOST_OPTIONS];
    gwapi_resolve_options options;
    gwapi_read_mode mode;
    uint32_t path_policy; /* of requests */
} settings;

static inline const char *root(void)
{
    const char *top = getenv("top_srcdir");

    return top != NULL ? top : "..";
}

static inline char *slurp(const char *folder, const char *name, const char *file, size_t *len)
{
    char path[1024];

    snprintf(path, sizeof path, "%.400s/" CASES_FOLDER "/%.200s/%.100s", folder, name, file);
    FILE *f = fopen(path, "rb");
    if (f == NULL)
        return NULL;
    char *data = malloc(1 << 20);
    *len = fread(data, 1, (1 << 20) - 1, f);
    data[*len] = '\0';
    fclose(f);
    return data;
}

static inline void take_list(gwapi_str value, gwapi_str *out, size_t *count)
{
    gwapi_str item;

    while (value.len != 0) {
        if (!gwapi__str_cut(value, ',', &item, &value))
            value = GWAPI__STR("");
        out[(*count)++] = item;
    }
}

static inline void take_extension(settings *s, gwapi_str value)
{
    static const char *const roles[] = {"", "backend", "filter", "parameters", "target"};
    gwapi_extension *e = &s->extensions[s->options.extension_count++];
    gwapi_str role, kind;

    *e = (gwapi_extension){.struct_size = sizeof *e};
    cr_assert(gwapi__str_cut(value, '=', &role, &kind));
    gwapi__str_cut(kind, '.', &e->kind, &e->group);
    for (uint32_t i = 1; i < 5; i++)
        if (gwapi__str_eq(role, gwapi__str_of(roles[i])))
            e->role = i;
}

static inline void take_assumption(settings *s, gwapi_str value)
{
    static const char *const kinds[] = {"Service",   "Secret",       "ConfigMap",
                                        "Namespace", "GatewayClass", "ReferenceGrant"};
    gwapi_str names[MOST_OPTIONS];
    size_t count = 0;

    take_list(value, names, &count);
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < 6; k++)
            if (gwapi__str_eq(names[i], gwapi__str_of(kinds[k])))
                s->options.assume |= 1u << k;
}

static inline void take_option(settings *s, gwapi_str name, gwapi_str value)
{
    int64_t now;

    if (gwapi__str_eq(name, GWAPI__STR("channel"))) {
        s->channel = GWAPI_CHANNEL_STANDARD;
    } else if (gwapi__str_eq(name, GWAPI__STR("controller"))) {
        s->options.controller = value;
    } else if (gwapi__str_eq(name, GWAPI__STR("default-mesh"))) {
        s->options.default_mesh = value;
    } else if (gwapi__str_eq(name, GWAPI__STR("features"))) {
        s->options.flags |= GWAPI_RESOLVE_FEATURES;
        take_list(value, s->features, &s->options.feature_count);
    } else if (gwapi__str_eq(name, GWAPI__STR("usable-address"))) {
        s->options.flags |= GWAPI_RESOLVE_USABLE_ADDRESSES;
        take_list(value, s->addresses, &s->options.usable_address_count);
    } else if (gwapi__str_eq(name, GWAPI__STR("extension"))) {
        take_extension(s, value);
    } else if (gwapi__str_eq(name, GWAPI__STR("assume"))) {
        take_assumption(s, value);
    } else if (gwapi__str_eq(name, GWAPI__STR("stored"))) {
        s->mode = GWAPI_READ_STORED;
    } else if (gwapi__str_eq(name, GWAPI__STR("path-policy"))) {
        s->path_policy = gwapi__str_eq(value, GWAPI__STR("reject")) ? 1 : 2;
    } else {
        cr_assert(gwapi__str_eq(name, GWAPI__STR("now")) && gwapi__str_to_i64(value, &now),
                  "unknown option %.*s", GWAPI__FMT(name));
        s->options.now = now;
    }
}

static inline void take_options(settings *s, gwapi_str yaml)
{
    gwapi_str line, name, value;

    *s = (settings){.channel = GWAPI_CHANNEL_EXPERIMENTAL,
                    .options = GWAPI_RESOLVE_OPTIONS_INIT};
    s->options.now = 1000000000;
    while (gwapi__str_cut(yaml, '\n', &line, &yaml)) {
        if (!gwapi__str_starts(line, GWAPI__STR("#: ")))
            continue;
        line = gwapi__str_sub(line, 3, line.len);
        if (!gwapi__str_cut(line, ' ', &name, &value))
            value = GWAPI__STR("");
        take_option(s, name, value);
    }
    s->options.features = s->features;
    s->options.usable_addresses = s->addresses;
    s->options.extensions = s->extensions;
}

/* The documents of the input, first to last or last to first. */
static inline void read_documents(world *w, gwapi_str yaml, bool reversed)
{
    const gwapi_str mark = GWAPI__STR("\n---\n");
    gwapi_str documents[256];
    size_t count = 0;

    for (size_t at; (at = gwapi__str_find(yaml, mark)) != SIZE_MAX;) {
        documents[count++] = gwapi__str_sub(yaml, 0, at + 1);
        yaml = gwapi__str_sub(yaml, at + mark.len, yaml.len);
    }
    documents[count++] = yaml;
    for (size_t i = 0; i < count; i++)
        world_read(w, documents[reversed ? count - 1 - i : i]);
}

static inline int by_bytes(const void *a, const void *b)
{
    return strcmp(a, b);
}

static inline size_t list_cases(char names[][128], size_t most)
{
    char path[512];
    size_t count = 0;
    struct dirent *entry;

    snprintf(path, sizeof path, "%s/" CASES_FOLDER, root());
    DIR *dir = opendir(path);
    cr_assert_not_null(dir, "no %s", path);
    while ((entry = readdir(dir)) != NULL && count < most)
        if (entry->d_name[0] != '.')
            snprintf(names[count++], 128, "%.127s", entry->d_name);
    closedir(dir);
    qsort(names, count, 128, by_bytes);
    return count;
}

#endif
