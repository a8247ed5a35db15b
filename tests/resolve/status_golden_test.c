/*
 * tests/data/status/<case>/: input.yaml is resolved and gives status.json, one line an object.
 * Lines of the input that start with "#: " are options, as the command has them. Every
 * condition we can write has a case named <object>-<Type>-<Status>-<Reason>.
 *
 * With GWAPI_UPDATE set the expected files are written anew.
 */
#include "support.h"

#include <ctype.h>
#include <dirent.h>
#include <stdlib.h>
#include "base/vector.h"
#include "resolve/status.h"

#define MOST_OPTIONS 16

typedef struct settings {
    gwapi_channel channel;
    gwapi_str features[64];
    gwapi_str addresses[MOST_OPTIONS];
    gwapi_extension extensions[MOST_OPTIONS];
    gwapi_resolve_options options;
    gwapi_read_mode mode;
} settings;

static const char *root(void)
{
    const char *top = getenv("top_srcdir");

    return top != NULL ? top : "..";
}

static char *slurp(const char *folder, const char *name, const char *file, size_t *len)
{
    char path[512];

    snprintf(path, sizeof path, "%s/tests/data/status/%s/%s", folder, name, file);
    FILE *f = fopen(path, "rb");
    if (f == NULL)
        return NULL;
    char *data = malloc(1 << 20);
    *len = fread(data, 1, (1 << 20) - 1, f);
    data[*len] = '\0';
    fclose(f);
    return data;
}

static void take_list(gwapi_str value, gwapi_str *out, size_t *count)
{
    gwapi_str item;

    while (value.len != 0) {
        if (!gwapi__str_cut(value, ',', &item, &value))
            value = GWAPI__STR("");
        out[(*count)++] = item;
    }
}

static void take_extension(settings *s, gwapi_str value)
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

static void take_assumption(settings *s, gwapi_str value)
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

static void take_option(settings *s, gwapi_str name, gwapi_str value)
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
    } else {
        cr_assert(gwapi__str_eq(name, GWAPI__STR("now")) && gwapi__str_to_i64(value, &now),
                  "unknown option %.*s", GWAPI__FMT(name));
        s->options.now = now;
    }
}

static void take_options(settings *s, gwapi_str yaml)
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
static void read_documents(world *w, gwapi_str yaml, bool reversed)
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

static void statuses_of(gwapi__text *out, gwapi_str yaml, const settings *s, bool reversed)
{
    world w;

    world_init(&w, s->channel);
    w.options = s->options;
    w.mode = s->mode;
    read_documents(&w, yaml, reversed);
    world_resolve(&w);
    gwapi__text_init(out, &w.allocator);
    write_statuses(out, w.topology);
    world_free(&w);
}

static void update(const char *name, gwapi_str text)
{
    char path[512];

    snprintf(path, sizeof path, "%s/tests/data/status/%s/status.json", root(), name);
    FILE *f = fopen(path, "wb");
    cr_assert_not_null(f);
    fwrite(text.data, 1, text.len, f);
    fclose(f);
}

static void check_case(const char *name)
{
    size_t len = 0, expected_len = 0;
    char *yaml = slurp(root(), name, "input.yaml", &len);
    gwapi__text forward, backward;
    settings s;

    cr_assert_not_null(yaml, "%s has no input.yaml", name);
    take_options(&s, gwapi__str(yaml, len));
    statuses_of(&forward, gwapi__str(yaml, len), &s, false);
    statuses_of(&backward, gwapi__str(yaml, len), &s, true);
    cr_expect(gwapi__str_eq(gwapi__text_str(&forward), gwapi__text_str(&backward)),
              "%s depends on the order of its objects:\n%.*s\n%.*s", name,
              GWAPI__FMT(gwapi__text_str(&forward)), GWAPI__FMT(gwapi__text_str(&backward)));
    if (getenv("GWAPI_UPDATE") != NULL)
        update(name, gwapi__text_str(&forward));
    char *expected = slurp(root(), name, "status.json", &expected_len);
    cr_assert_not_null(expected, "%s has no status.json", name);
    gwapi_str have = gwapi__text_str(&forward), want = gwapi__str(expected, expected_len);
    while (have.len != 0 || want.len != 0) {
        gwapi_str a, b;
        if (!gwapi__str_cut(have, '\n', &a, &have))
            have = GWAPI__STR("");
        if (!gwapi__str_cut(want, '\n', &b, &want))
            want = GWAPI__STR("");
        cr_expect(gwapi__str_eq(a, b), "%s:\n  is        %.*s\n  should be %.*s", name,
                  GWAPI__FMT(a), GWAPI__FMT(b));
    }
    gwapi__text_free(&forward);
    gwapi__text_free(&backward);
    free(expected);
    free(yaml);
}

static int by_bytes(const void *a, const void *b)
{
    return strcmp(a, b);
}

static size_t list_cases(char names[][128], size_t most)
{
    char path[512];
    size_t count = 0;
    struct dirent *entry;

    snprintf(path, sizeof path, "%s/tests/data/status", root());
    DIR *dir = opendir(path);
    cr_assert_not_null(dir, "no %s", path);
    while ((entry = readdir(dir)) != NULL && count < most)
        if (entry->d_name[0] != '.')
            snprintf(names[count++], 128, "%.127s", entry->d_name);
    closedir(dir);
    qsort(names, count, 128, by_bytes);
    return count;
}

Test(resolve_status, cases_give_their_statuses_in_any_order)
{
    static char names[512][128];
    size_t count = list_cases(names, 512);

    cr_assert_gt(count, 0);
    for (size_t i = 0; i < count; i++)
        check_case(names[i]);
}

/* "ROUTE_NO_PARENT" is of a "route". */
static void case_name(char *out, size_t size, const char *id, gwapi__condition_id condition)
{
    const gwapi__condition_row *row = gwapi__condition_row_of(condition);
    size_t len = 0;

    for (; id[len] != '_'; len++)
        out[len] = (char)tolower((unsigned char)id[len]);
    snprintf(out + len, size - len, "-%.*s-%s-%.*s", GWAPI__FMT(row->type),
             gwapi__condition_status_name(row->status), GWAPI__FMT(row->reason));
}

Test(resolve_status, every_condition_has_a_case_named_after_it)
{
    static const char *const ids[] = {
#define ID(id, type, status, reason, message) #id,
        GWAPI__CONDITION_TABLE(ID)
#undef ID
    };

    for (int i = 1; i < GWAPI__CONDITION_COUNT; i++) {
        const gwapi__condition_row *row = gwapi__condition_row_of((gwapi__condition_id)i);
        char name[128], needle[160];
        size_t len = 0;
        case_name(name, sizeof name, ids[i], (gwapi__condition_id)i);
        char *text = slurp(root(), name, "status.json", &len);
        cr_expect_not_null(text, "no case %s", name);
        if (text == NULL)
            continue;
        snprintf(needle, sizeof needle,
                 "\"reason\":\"%.*s\",\"status\":\"%s\",\"type\":\"%.*s\"",
                 GWAPI__FMT(row->reason), gwapi__condition_status_name(row->status),
                 GWAPI__FMT(row->type));
        cr_expect_not_null(strstr(text, needle), "%s does not have its condition", name);
        free(text);
    }
}
