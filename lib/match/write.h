/* Parts of the decision line that stand in it and inside its backends alike. */
#ifndef GWAPI_MATCH_WRITE_H
#define GWAPI_MATCH_WRITE_H

#include "base/slice.h"
#include "base/text.h"
#include "match/rule.h"

/* {"namespace":…,"name":…} */
void gwapi__write_object_name(gwapi__text *t, const gwapi_snapshot *s,
                              gwapi__image_text namespace_, gwapi__image_text name);
/* "caCertificateRefs", "options": absent when empty. */
void gwapi__write_bundles(gwapi__text *t, bool *first, const gwapi_snapshot *s,
                          gwapi__image_range bundles);
void gwapi__write_options(gwapi__text *t, bool *first, const gwapi_snapshot *s,
                          gwapi__image_range options);
/* A duration in the canonical form of GEP-2257. */
void gwapi__write_duration(gwapi__text *t, bool *first, const char *key, uint64_t milliseconds);
/* "sessionPersistence"; `decision` NULL: a policy's, whose cookie has no Path. */
void gwapi__write_session(gwapi__text *t, bool *first, const gwapi_session_info *session,
                          const gwapi_decision *decision);

/* "backends". `complete`: the request has all its headers in a list. */
gwapi_result gwapi__write_backends(gwapi__text *t, bool *first, const gwapi_decision *d,
                                   const gwapi_request *request, bool complete);
/* "request", "responseHeaders" and "redirect": of the decision (backend GWAPI_NONE), or those that
 * a backendRef's own filters make different. */
gwapi_result gwapi__write_effects(gwapi__text *t, bool *first, const gwapi_decision *d,
                                  const gwapi_request *request, bool complete, uint32_t backend);
/* "mirrors", "cors", "externalAuth": the rule's (backend GWAPI_NONE) or a backendRef's own. */
void gwapi__write_mirrors(gwapi__text *t, bool *first, const gwapi_decision *d, uint32_t backend);
void gwapi__write_cors(gwapi__text *t, bool *first, const gwapi_decision *d,
                       const gwapi_request *request, uint32_t backend);
void gwapi__write_auth(gwapi__text *t, bool *first, const gwapi_decision *d, uint32_t backend);

#endif
