/* Reading an explanation through the public interface. */
#include "resolve/explain.h"

#include "base/slice.h"
#include "base/struct.h"

gwapi_object_ref gwapi__object_ref_of(const gwapi__identity *identity)
{
    return (gwapi_object_ref){sizeof(gwapi_object_ref), identity->group, identity->kind,
                              identity->namespace_, identity->name};
}

static gwapi_object_ref ref_of(const gwapi__resource *resource)
{
    return (gwapi_object_ref){sizeof(gwapi_object_ref), resource->group, resource->kind_name,
                              resource->meta.namespace_, resource->meta.name};
}

const gwapi_topology *gwapi_attachment_topology(const gwapi_attachment *attachment)
{
    return attachment->topology;
}

uint32_t gwapi_attachment_status(const gwapi_attachment *attachment)
{
    return attachment->status;
}

size_t gwapi_attachment_parent_count(const gwapi_attachment *attachment)
{
    return attachment->parent_count;
}

gwapi_result gwapi_attachment_parent_at(const gwapi_attachment *attachment, size_t i,
                                        gwapi_attachment_parent *out)
{
    if (i >= attachment->parent_count)
        return GWAPI_EARGUMENT;
    const gwapi__explained_parent *p = &attachment->parents[i];
    const gwapi__parent_ref *ref = &p->event->ref;
    const gwapi__condition *accepted = gwapi__condition_of(p->conditions, "Accepted");
    gwapi_attachment_parent info = {
        .struct_size = sizeof info,
        .ref = {sizeof info.ref, ref->ref.group, ref->ref.kind, p->namespace_, ref->ref.name},
        .section_name = ref->section_name,
        .port = (uint32_t)ref->port,
        .is_default = p->event->index == GWAPI_NONE,
        .ours = p->event->found,
        .accepted = accepted != NULL && accepted->status == GWAPI__STATUS_TRUE,
        .message = p->message,
    };
    if (accepted != NULL)
        info.reason = accepted->reason;
    return gwapi__struct_out(out, &info, sizeof info, sizeof info);
}

size_t gwapi_attachment_candidate_count(const gwapi_attachment *attachment)
{
    return attachment->candidate_count;
}

static void say_listener(gwapi_attachment_candidate *info, const gwapi__explained_candidate *c)
{
    const gwapi__place_event *e = c->event;

    if (e->listener == NULL) {
        info->listener = e->port->name;
        info->port = (uint32_t)e->port->port;
        info->served = 1;
        return;
    }
    info->listener = e->listener->name;
    info->protocol = e->listener->protocol_text;
    info->hostname = e->listener->hostname;
    info->port = (uint32_t)e->listener->port;
    info->served = c->listener != NULL && c->listener->served;
    if (e->set != NULL) {
        info->listener_set_namespace = e->set->meta.namespace_;
        info->listener_set = e->set->meta.name;
    }
}

gwapi_result gwapi_attachment_candidate_at(const gwapi_attachment *attachment, size_t i,
                                           gwapi_attachment_candidate *out)
{
    if (i >= attachment->candidate_count)
        return GWAPI_EARGUMENT;
    const gwapi__explained_candidate *c = &attachment->candidates[i];
    gwapi_attachment_candidate info = {
        .struct_size = sizeof info,
        .parent = c->parent,
        .owner = ref_of(c->event->owner),
        .attached = c->attached,
        .reason = c->reason,
        .message = c->message,
        .hostname_count = (uint32_t)c->hostname_count,
    };
    say_listener(&info, c);
    if (!c->attached)
        info.by = gwapi__str_of(gwapi__step_text(
            c->event->step != GWAPI__STEP_NONE ? c->event->step : GWAPI__STEP_FEATURE));
    return gwapi__struct_out(out, &info, sizeof info, sizeof info);
}

gwapi_str gwapi_attachment_hostname_at(const gwapi_attachment *attachment, size_t i, size_t j)
{
    if (i >= attachment->candidate_count || j >= attachment->candidates[i].hostname_count)
        return (gwapi_str){NULL, 0};
    return attachment->candidates[i].hostnames[j];
}

size_t gwapi_attachment_grant_count(const gwapi_attachment *attachment)
{
    return attachment->grant_count;
}

gwapi_result gwapi_attachment_grant_at(const gwapi_attachment *attachment, size_t i,
                                       gwapi_attachment_grant *out)
{
    if (i >= attachment->grant_count)
        return GWAPI_EARGUMENT;
    gwapi_attachment_grant info = {
        .struct_size = sizeof info,
        .from = gwapi__object_ref_of(&attachment->grants[i]->from),
        .to = gwapi__object_ref_of(&attachment->grants[i]->to),
    };
    return gwapi__struct_out(out, &info, sizeof info, sizeof info);
}

size_t gwapi_attachment_target_count(const gwapi_attachment *attachment)
{
    return attachment->recorder.targets.count;
}

gwapi_result gwapi_attachment_target_at(const gwapi_attachment *attachment, size_t i,
                                        gwapi_attachment_target *out)
{
    static const gwapi_target_state states[] = {
        [GWAPI__FATE_APPLIES] = GWAPI_TARGET_APPLIES,
        [GWAPI__FATE_MISSING] = GWAPI_TARGET_MISSING,
        [GWAPI__FATE_UNFIT] = GWAPI_TARGET_UNFIT,
        [GWAPI__FATE_LOST] = GWAPI_TARGET_LOST,
    };

    if (i >= attachment->recorder.targets.count)
        return GWAPI_EARGUMENT;
    const gwapi__target_event *e =
        GWAPI__AT(&attachment->recorder.targets, gwapi__target_event, i);
    gwapi_attachment_target info = {
        .struct_size = sizeof info,
        .ref = gwapi__object_ref_of(&e->target),
        .section_name = e->section_name,
        .state = states[e->fate],
    };
    if (e->winner != NULL) {
        info.winner_namespace = e->winner->meta.namespace_;
        info.winner = e->winner->meta.name;
    }
    return gwapi__struct_out(out, &info, sizeof info, sizeof info);
}
