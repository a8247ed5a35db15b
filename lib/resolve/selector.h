/* Label selectors over Namespaces, and who is admitted by `namespaces.from`. */
#ifndef GWAPI_RESOLVE_SELECTOR_H
#define GWAPI_RESOLVE_SELECTOR_H

#include "model/gateway.h"
#include "resolve/resolver.h"

/* Do the labels of the namespace match? Each one carries kubernetes.io/metadata.name with its
 * name, also one without an object (`labels` empty). An absent selector matches nothing. */
bool gwapi__selector_matches(const gwapi__selector *selector, gwapi_str name,
                             gwapi__pairs labels);
/* Can it match a namespace whose labels nobody knows, but for that one? */
bool gwapi__selector_may_match(const gwapi__selector *selector, gwapi_str name);

/* Does `rule`, which stands in an object of namespace `home`, admit objects of `candidate`? A
 * Namespace that is assumed has the labels that are asked for. */
gwapi_result gwapi__namespaces_admit(gwapi__resolver *r, const gwapi__namespaces *rule,
                                     gwapi_str home, gwapi_str candidate, bool *admitted);

#endif
