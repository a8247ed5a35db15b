/* RequestRedirect: where it leads (matching.md §14, §15). */
#ifndef GWAPI_MATCH_REDIRECT_H
#define GWAPI_MATCH_REDIRECT_H

#include "match/request.h"
#include "match/rule.h"

/* The redirect in force: the rule's when it is the outcome, or the backendRef's own. NULL: none. */
const gwapi__image_redirect *gwapi__redirect_of(const gwapi_decision *decision, uint32_t backend);

/* Does the path policy refuse what a path modifier makes of a path that it let pass? */
bool gwapi__path_refused(gwapi_path_policy policy, uint32_t path_type, gwapi_str replacement);

/* Writes a path of the request, changed by a path modifier, with its query. False: the path
 * policy refuses what came out. `joined`: it follows a host or a prefix, so what begins with no '/'
 * gets one; "http://a" and ".b" would be another host. */
bool gwapi__target_write(const gwapi_decision *decision, const gwapi_request *request,
                         uint32_t path_type, gwapi_str replacement, bool joined,
                         gwapi__buffer *out);

#endif
