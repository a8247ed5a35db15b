/* Kubernetes' forms of names (k8s.io/apimachinery pkg/util/validation). Lengths are in bytes. */
#ifndef GWAPI_SCHEMA_NAMES_H
#define GWAPI_SCHEMA_NAMES_H

#include <stdbool.h>
#include <gatewayapi/base.h>

/* Each gives NULL for a name that is right, else what is asked for, as a sentence's rest behind
 * "must": static storage. */
const char *gwapi__name_dns_label(gwapi_str name);
const char *gwapi__name_dns_subdomain(gwapi_str name);
const char *gwapi__name_dns_1035_label(gwapi_str name);
/* An optional DNS subdomain and '/', then a name: keys of labels, finalizers. */
const char *gwapi__name_qualified(gwapi_str name);
const char *gwapi__name_label_value(gwapi_str name);
/* Fit to stand in a URL's path; `prefix`: more follows. */
const char *gwapi__name_path_segment(gwapi_str name, bool prefix);

/* Is every character one that Go's unicode.IsPrint takes? */
bool gwapi__all_printable(gwapi_str text);

#endif
