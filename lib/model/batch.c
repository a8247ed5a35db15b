/* What a call of gwapi_resources_read has decoded, before it goes into the set. */
#include "base/slice.h"
#include "base/text.h"
#include "model/reading.h"

static void write_identity(gwapi__text *t, const gwapi__resource *resource)
{
    gwapi__text_add(t, resource->kind_name);
    gwapi__text_char(t, ' ');
    if (resource->meta.namespace_.len != 0) {
        gwapi__text_add(t, resource->meta.namespace_);
        gwapi__text_char(t, '/');
    }
    gwapi__text_add(t, resource->meta.name);
}

static gwapi_result tell_replaced(gwapi__reading *r, const gwapi__document *d,
                                  const gwapi__resource *earlier)
{
    gwapi__text message;

    gwapi__text_init(&message, &r->resources->allocator);
    gwapi__text_addz(&message, "it replaces ");
    write_identity(&message, earlier);
    gwapi__text_addz(&message, ", read before from ");
    gwapi__text_add(&message, earlier->file);
    gwapi__text_addz(&message, earlier->file.len != 0 ? ", line " : "line ");
    gwapi__text_u64(&message, earlier->line);
    const gwapi__field *name =
        gwapi__node_field(gwapi__document_metadata(d), GWAPI__STR("name"));
    gwapi__place place = name != NULL ? name->value->place : (gwapi__place){d->doc.line, 1};
    gwapi_result result =
        message.failed
            ? GWAPI_ENOMEM
            : gwapi__reading_tell(r, d,
                                  &(gwapi_diagnostic){.severity = GWAPI_SEVERITY_WARNING,
                                                      .type = GWAPI_ERROR_DUPLICATE,
                                                      .rule = GWAPI__STR("object/replaced"),
                                                      .path = GWAPI__STR("metadata.name"),
                                                      .pointer = GWAPI__STR("/metadata/name"),
                                                      .message = gwapi__text_str(&message),
                                                      .line = place.line,
                                                      .column = place.column});
    gwapi__text_free(&message);
    return result;
}

static gwapi_result tell_limit(gwapi__reading *r, const gwapi__document *d)
{
    r->limited = true;
    return gwapi__reading_tell(
        r, d,
        &(gwapi_diagnostic){.severity = GWAPI_SEVERITY_ERROR,
                            .type = GWAPI_ERROR_LIMIT,
                            .rule = GWAPI__STR("limit/objects"),
                            .message = GWAPI__STR("the set holds as many objects as the limit "
                                                  "`objects` allows"),
                            .line = d->doc.line,
                            .column = 1});
}

/* An object of unknown scope stands in the default namespace until someone knows better. */
static bool complete_namespace(gwapi__reading *r, const gwapi__document *d,
                               gwapi__resource *resource)
{
    if (d->class != GWAPI__CLASS_OTHER || resource->meta.namespace_.len != 0)
        return true;
    resource->scope_unknown = true;
    return gwapi__arena_copy(&resource->arena, r->resources->default_namespace,
                             &resource->meta.namespace_);
}

gwapi_result gwapi__reading_add(gwapi__reading *r, gwapi__document *d,
                                gwapi__resource *resource)
{
    const gwapi_resources *resources = r->resources;
    gwapi_result result = complete_namespace(r, d, resource) ? GWAPI_OK : GWAPI_ENOMEM;

    if (d->errors != 0 || result != GWAPI_OK) {
        gwapi__resource_release(resource);
        return result;
    }
    const gwapi__key key = gwapi__key_of(resource);
    const gwapi__resource *earlier = gwapi__set_find(&r->batch, &key);
    const gwapi__resource *present = gwapi__set_find(resources->set, &key);
    bool fresh = earlier == NULL && present == NULL;
    if (earlier == NULL && (r->source.flags & GWAPI_READ_WARN_REPLACED) != 0)
        earlier = present;
    if (earlier != NULL)
        result = tell_replaced(r, d, earlier);
    else if (fresh && gwapi__set_count(resources->set) + r->fresh >= resources->limits.objects)
        result = tell_limit(r, d);
    if (result != GWAPI_OK || r->limited) {
        gwapi__resource_release(resource);
        return result;
    }
    r->fresh += fresh;
    gwapi__resource_release(gwapi__set_put(&r->batch, resource));
    return GWAPI_OK;
}
