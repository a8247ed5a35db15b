/* Small parts of the decision line. */
#include "match/write.h"

void gwapi__write_object_name(gwapi__text *t, const gwapi_snapshot *s,
                              gwapi__image_text namespace_, gwapi__image_text name)
{
    bool first = true;

    gwapi__text_char(t, '{');
    gwapi__json_str(t, &first, "namespace", gwapi__image_str(s, namespace_));
    gwapi__json_str(t, &first, "name", gwapi__image_str(s, name));
    gwapi__text_char(t, '}');
}

void gwapi__write_bundles(gwapi__text *t, bool *first, const gwapi_snapshot *s,
                          gwapi__image_range bundles)
{
    bool none = true;

    for (uint32_t i = 0; i < bundles.count; i++) {
        const gwapi__image_bundle *b =
            gwapi__image_BUNDLE(s, *gwapi__image_BUNDLE_INDEX(s, bundles.first + i));
        bool inner = true;
        gwapi__json_item(t, first, &none, "caCertificateRefs");
        gwapi__text_char(t, '{');
        gwapi__json_str(t, &inner, "kind", gwapi__image_str(s, b->kind));
        gwapi__json_str(t, &inner, "namespace", gwapi__image_str(s, b->namespace_));
        gwapi__json_str(t, &inner, "name", gwapi__image_str(s, b->name));
        gwapi__text_char(t, '}');
    }
    gwapi__json_end(t, none);
}

void gwapi__write_options(gwapi__text *t, bool *first, const gwapi_snapshot *s,
                          gwapi__image_range options)
{
    bool inner = true;

    if (options.count == 0)
        return;
    gwapi__json_key(t, first, "options");
    gwapi__text_char(t, '{');
    for (uint32_t i = 0; i < options.count; i++) {
        const gwapi__image_option *o = gwapi__image_OPTION(s, options.first + i);
        gwapi__json_comma(t, &inner);
        gwapi__text_json(t, gwapi__image_str(s, o->name));
        gwapi__text_char(t, ':');
        gwapi__text_json(t, gwapi__image_str(s, o->value));
    }
    gwapi__text_char(t, '}');
}

void gwapi__write_duration(gwapi__text *t, bool *first, const char *key, uint64_t milliseconds)
{
    static const struct {
        uint64_t length;
        const char *unit;
    } units[] = {{3600000, "h"}, {60000, "m"}, {1000, "s"}, {1, "ms"}};

    gwapi__json_key(t, first, key);
    gwapi__text_char(t, '"');
    if (milliseconds == 0)
        gwapi__text_addz(t, "0s");
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if (milliseconds < units[i].length)
            continue;
        gwapi__text_u64(t, milliseconds / units[i].length);
        gwapi__text_addz(t, units[i].unit);
        milliseconds %= units[i].length;
    }
    gwapi__text_char(t, '"');
}

static void write_cookie_path(gwapi__text *t, bool *first, const gwapi_decision *decision)
{
    gwapi__text path;
    size_t length = 0;

    if (gwapi_decision_cookie_path(decision, NULL, 0, &length) != GWAPI_EBUFFER)
        return;
    gwapi__text_init(&path, &t->allocator);
    gwapi__text_fill(&path, '/', length);
    if (path.failed)
        t->failed = true;
    else if (gwapi_decision_cookie_path(decision, path.data, path.len, &length) == GWAPI_OK)
        gwapi__json_str(t, first, "cookiePath", gwapi__text_str(&path));
    gwapi__text_free(&path);
}

void gwapi__write_session(gwapi__text *t, bool *first, const gwapi_session_info *session,
                          const gwapi_decision *decision)
{
    bool inner = true;

    if (session->type == GWAPI_SESSION_NONE)
        return;
    bool cookie = session->type == GWAPI_SESSION_COOKIE;
    gwapi__json_key(t, first, "sessionPersistence");
    gwapi__text_char(t, '{');
    gwapi__json_str(t, &inner, "sessionName", session->name);
    gwapi__json_str(t, &inner, "type", cookie ? GWAPI__STR("Cookie") : GWAPI__STR("Header"));
    if (session->has_absolute_timeout != 0)
        gwapi__write_duration(t, &inner, "absoluteTimeout", session->absolute_timeout);
    if (session->has_idle_timeout != 0)
        gwapi__write_duration(t, &inner, "idleTimeout", session->idle_timeout);
    if (cookie) {
        bool config = true;
        gwapi__json_key(t, &inner, "cookieConfig");
        gwapi__text_char(t, '{');
        gwapi__json_str(t, &config, "lifetimeType",
                        session->permanent != 0 ? GWAPI__STR("Permanent") : GWAPI__STR("Session"));
        gwapi__text_char(t, '}');
        if (decision != NULL)
            write_cookie_path(t, &inner, decision);
    }
    gwapi__text_char(t, '}');
}
