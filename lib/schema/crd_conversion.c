/* How objects are converted between versions: spec.conversion. */
#include "cel/uri.h"
#include "schema/crd_judge.h"
#include "schema/names.h"

static void check_service_path(gwapi__judgement *j, const gwapi__frame *at,
                               const gwapi__node *path)
{
    gwapi_str text = path->as.string, segment, rest;
    const char *complaint = NULL;

    if (text.len == 0 || gwapi__str_eq(text, GWAPI__STR("/")))
        return;
    if (text.data[0] != '/')
        complaint = "begin with '/'";
    rest = gwapi__str_sub(text, 1, text.len);
    if (rest.len > 1 && rest.data[rest.len - 1] == '/')
        rest.len--;
    for (bool more = true; more && complaint == NULL;) {
        more = gwapi__str_cut(rest, '/', &segment, &rest);
        complaint =
            segment.len == 0 ? "have no empty segment" : gwapi__name_dns_subdomain(segment);
    }
    gwapi__crd_must(j, at, path, "crd/conversion", complaint);
}

static void check_service(gwapi__judgement *j, const gwapi__frame *at,
                          const gwapi__node *service)
{
    static const char *const needed[] = {"name", "namespace"};
    const gwapi__node *port = GWAPI__GET(service, "port"), *path = GWAPI__GET(service, "path");

    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
        if (gwapi__node_get(service, gwapi__str_of(needed[i])) == NULL) {
            gwapi__frame frame = gwapi__crd_at(at, service, needed[i]);
            gwapi__crd_fault(j, &frame, NULL, GWAPI_ERROR_REQUIRED, "crd/conversion",
                             "%s is required", needed[i]);
        }
    gwapi__frame port_at = gwapi__crd_at(at, service, "port");
    if (port != NULL && (port->as.integer < 1 || port->as.integer > 65535))
        gwapi__crd_fault(j, &port_at, port, GWAPI_ERROR_INVALID, "crd/conversion",
                         "must be a port from 1 to 65535, not %n", port);
    gwapi__frame path_at = gwapi__crd_at(at, service, "path");
    if (path != NULL)
        check_service_path(j, &path_at, path);
}

static void check_url(gwapi__judgement *j, const gwapi__frame *at, const gwapi__node *node)
{
    const char *complaint = NULL;
    gwapi__uri_fault ignored;
    gwapi__uri url;

    if (!gwapi__uri_parse(&url, node->as.string, &ignored)) {
        gwapi__crd_fault(j, at, node, GWAPI_ERROR_REQUIRED, "crd/conversion",
                         "must be a URL of the form https://host/path");
        return;
    }
    if (!gwapi__str_eq_nocase(url.scheme, GWAPI__STR("https")))
        complaint = "begin with https://";
    else if (url.host.len == 0)
        complaint = "name a host";
    else if (url.has_user || url.query.len != 0 || url.fragment.len != 0)
        complaint = "have no user, query or fragment";
    gwapi__crd_must(j, at, node, "crd/conversion", complaint);
}

static void check_client(gwapi__judgement *j, const gwapi__frame *at, const gwapi__node *client)
{
    const gwapi__node *url = GWAPI__GET(client, "url"),
                      *service = GWAPI__GET(client, "service");
    gwapi__frame url_at = gwapi__crd_at(at, client, "url");
    gwapi__frame service_at = gwapi__crd_at(at, client, "service");

    if ((url == NULL) == (service == NULL))
        gwapi__crd_fault(j, at, client, GWAPI_ERROR_REQUIRED, "crd/conversion",
                         "either url or service is required, not %s",
                         url != NULL ? "both" : "neither");
    else if (url != NULL)
        check_url(j, &url_at, url);
    else
        check_service(j, &service_at, service);
}

static void check_review_versions(gwapi__judgement *j, const gwapi__frame *at,
                                  const gwapi__node *list)
{
    const gwapi_str *texts = gwapi__crd_texts(j, list, NULL);
    const bool *repeats = gwapi__crd_repeats(j, texts, gwapi__crd_count(list));
    bool known = false;

    if (gwapi__crd_count(list) == 0) {
        gwapi__crd_fault(j, at, NULL, GWAPI_ERROR_REQUIRED, "crd/conversion",
                         "conversionReviewVersions is required\nusually [v1]");
        return;
    }
    for (uint32_t i = 0; i < list->as.list.count; i++) {
        const gwapi__node *item = list->as.list.items[i];
        gwapi__frame frame = gwapi__frame_item(at, list, i);
        if (repeats != NULL && repeats[i])
            gwapi__crd_fault(j, &frame, item, GWAPI_ERROR_INVALID, "crd/conversion",
                             "%q is listed twice", item->as.string);
        else
            gwapi__crd_must(j, &frame, item, "crd/conversion",
                            gwapi__name_dns_1035_label(item->as.string));
        known = known || gwapi__str_eq(item->as.string, GWAPI__STR("v1")) ||
                gwapi__str_eq(item->as.string, GWAPI__STR("v1beta1"));
    }
    if (!known)
        gwapi__crd_fault(j, at, list, GWAPI_ERROR_INVALID, "crd/conversion",
                         "must have v1 or v1beta1 among them");
}

static void check_webhook(gwapi__judgement *j, const gwapi__frame *at,
                          const gwapi__node *conversion, bool wanted)
{
    const gwapi__node *webhook = GWAPI__GET(conversion, "webhook");
    const gwapi__node *client = GWAPI__GET(webhook, "clientConfig");
    const gwapi__node *reviews = GWAPI__GET(webhook, "conversionReviewVersions");
    gwapi__frame webhook_at = gwapi__crd_at(at, conversion, "webhook");
    gwapi__frame real_client = gwapi__crd_at(&webhook_at, webhook, "clientConfig");
    gwapi__frame client_at = gwapi__crd_renamed(j, &real_client, at, "webhookClientConfig");
    gwapi__frame real_reviews = gwapi__crd_at(&webhook_at, webhook, "conversionReviewVersions");
    gwapi__frame reviews_at =
        gwapi__crd_renamed(j, &real_reviews, at, "conversionReviewVersions");

    if (wanted) {
        if (client == NULL)
            gwapi__crd_fault(j, &client_at, NULL, GWAPI_ERROR_REQUIRED, "crd/conversion",
                             "strategy Webhook needs webhook.clientConfig");
        else
            check_client(j, &client_at, client);
        check_review_versions(j, &reviews_at, reviews);
        return;
    }
    if (client != NULL)
        gwapi__crd_fault(j, &client_at, NULL, GWAPI_ERROR_FORBIDDEN, "crd/conversion",
                         "only strategy Webhook has a webhook");
    if (gwapi__crd_count(reviews) != 0)
        gwapi__crd_fault(j, &reviews_at, NULL, GWAPI_ERROR_FORBIDDEN, "crd/conversion",
                         "only strategy Webhook has conversionReviewVersions");
}

void gwapi__crd_check_conversion(gwapi__judgement *j, const gwapi__frame *at,
                                 const gwapi__node *spec)
{
    const gwapi__node *conversion = GWAPI__GET(spec, "conversion");
    const gwapi__node *strategy = GWAPI__GET(conversion, "strategy");
    gwapi__frame frame = gwapi__crd_at(at, spec, "conversion");
    gwapi__frame strategy_at = gwapi__crd_at(&frame, conversion, "strategy");
    gwapi_str text = gwapi__node_get_str(conversion, GWAPI__STR("strategy"));
    bool none = gwapi__str_eq(text, GWAPI__STR("None"));
    bool webhook = gwapi__str_eq(text, GWAPI__STR("Webhook"));

    if (conversion == NULL)
        return;
    if (!none && gwapi__crd_flag(spec, "preserveUnknownFields"))
        gwapi__crd_fault(j, &strategy_at, strategy, GWAPI_ERROR_INVALID, "crd/conversion",
                         "must be None where preserveUnknownFields is true");
    if (strategy == NULL)
        gwapi__crd_fault(j, &strategy_at, NULL, GWAPI_ERROR_REQUIRED, "crd/conversion",
                         "strategy is required: None or Webhook");
    else if (!none && !webhook)
        gwapi__crd_fault(j, &strategy_at, strategy, GWAPI_ERROR_NOT_SUPPORTED, "crd/conversion",
                         "must be None or Webhook, not %n", strategy);
    check_webhook(j, &frame, conversion, webhook);
}
