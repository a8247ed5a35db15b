/* Label selectors over Namespaces, and who is admitted by `namespaces.from`. */
#ifndef GWAPI_RESOLVE_SELECTOR_H
#define GWAPI_RESOLVE_SELECTOR_H

#include "model/gateway.h"
#include "model/store.h"

/* Do the labels of the namespace match? Each one carries kubernetes.io/metadata.name with its
 * name, also one without an object (`labels` empty). An absent selector matches nothing. */
bool gwapi__selector_matches(const gwapi__selector *selector, gwapi_str name,
                             gwapi__pairs labels);

/* Does `rule`, which stands in an object of namespace `home`, admit objects of `candidate`? */
bool gwapi__namespaces_admit(const gwapi__namespaces *rule, gwapi_str home, gwapi_str candidate,
                             const gwapi_resources *set);

#endif
