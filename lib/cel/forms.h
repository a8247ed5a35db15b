/* Forms of text that both schemas and expressions ask for. */
#ifndef GWAPI_CEL_FORMS_H
#define GWAPI_CEL_FORMS_H

#include <stdbool.h>
#include <gatewayapi/base.h>

/* Names in Kubernetes (k8s.io/apimachinery pkg/util/validation). Lengths are no part of the
 * form. The empty name has none. */

/* A label of RFC 1123: letters in lower case, digits, and '-' inside. */
bool gwapi__name_is_label(gwapi_str name);
/* Such labels with dots between. */
bool gwapi__name_is_subdomain(gwapi_str name);
/* A label that begins with a letter (RFC 1035). */
bool gwapi__name_is_1035_label(gwapi_str name);
/* Letters, digits, and '-', '_', '.' inside: the name of a label, and its value. */
bool gwapi__name_is_plain(gwapi_str name);

/* k8s.io/kube-openapi pkg/validation/strfmt. */

/* Padded, of the standard alphabet, not empty. */
bool gwapi__is_base64(gwapi_str text);
/* With or without each '-', in upper or lower case, of any version. */
bool gwapi__is_uuid(gwapi_str text);
/* RFC 3339, but no leap second, and any character before a fraction; what stands behind a
 * second letter T is not looked at. */
bool gwapi__is_date_time(gwapi_str text);

#endif
