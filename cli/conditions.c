#include "conditions.h"

#include <stddef.h>
#include <string.h>

/* Types whose True is bad news; types that only tell. All others are good when True. */
static const char *const bad_when_true[] = {
    "Conflicted", "OverlappingTLSConfig", "PartiallyInvalid", "InsecureFrontendValidationMode"};
static const char *const telling[] = {"AttachedListenerSets"};

static bool is_in(const char *const *list, size_t count, const char *word)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(list[i], word) == 0)
            return true;
    return false;
}

cli_state cli_condition_state(const char *type, const char *status)
{
    bool reversed = is_in(bad_when_true, sizeof bad_when_true / sizeof *bad_when_true, type);

    if (is_in(telling, sizeof telling / sizeof *telling, type))
        return CLI_STATE_NEUTRAL;
    if (strcmp(status, "True") == 0)
        return reversed ? CLI_STATE_BAD : CLI_STATE_GOOD;
    if (strcmp(status, "False") == 0)
        return reversed ? CLI_STATE_NEUTRAL : CLI_STATE_BAD;
    return CLI_STATE_OPEN;
}

static const struct {
    const char *type; /* NULL: any */
    const char *reason;
    const char *advice;
} table[] = {
    {NULL, "NoMatchingParent",
     "the parent has no listener with that sectionName and port; compare the parentRef with "
     "the "
     "listeners"},
    {NULL, "NotAllowedByListeners",
     "set allowedRoutes on the listener to admit the route's namespace and kind"},
    {NULL, "NoMatchingListenerHostname",
     "no hostname of the route fits the listener's; make one of them wider or equal"},
    {NULL, "BackendNotFound",
     "give the Service too, correct its name, or say --assume Service"},
    {NULL, "RefNotPermitted",
     "a ReferenceGrant in the target's namespace must allow this reference"},
    {NULL, "InvalidKind", "only a Service, or a kind named by --extension, can stand here"},
    {NULL, "UnsupportedProtocol",
     "the protocol is not one we serve, or the Service port says another appProtocol"},
    {NULL, "UnsupportedValue", "a value here is not one we can serve"},
    {NULL, "IncompatibleFilters", "two filters of one rule exclude each other"},
    {NULL, "InvalidRouteKinds", "allowedRoutes.kinds names a kind the protocol cannot carry"},
    {NULL, "InvalidCertificateRef",
     "the Secret must exist, be of type kubernetes.io/tls and hold a certificate and its key"},
    {NULL, "InvalidTLSConfig", "the listener needs tls with a certificate it can serve"},
    {NULL, "HostnameConflict", "another listener has the same port, protocol and hostname"},
    {NULL, "ProtocolConflict", "another listener has this port with a protocol that differs"},
    {NULL, "ListenerConflict",
     "an older listener has this port, protocol and hostname already"},
    {NULL, "ListenersNotValid", "at least one listener is not valid; see the table"},
    {NULL, "UnsupportedAddress", "only addresses of type IPAddress and Hostname can be served"},
    {NULL, "AddressNotUsable",
     "the address that the Gateway asks for is not among --usable-address"},
    {NULL, "AddressNotAssigned", "no address is assigned yet"},
    {NULL, "InvalidParameters", "parametersRef names something that is missing or not valid"},
    {NULL, "NoListenersAttached", "no listener of the set is in force"},
    {NULL, "NotAllowed", "the Gateway's allowedListeners does not admit this ListenerSet"},
    {NULL, "ParentNotAccepted", "the parent Gateway is not accepted; see there first"},
    {NULL, "TargetNotFound", "the target of the policy does not exist"},
    {NULL, "InvalidCACertificateRef",
     "the ConfigMap must exist and hold a CA bundle in ca.crt"},
    {NULL, "NoValidCACertificate", "no reference of the policy gives a usable CA bundle"},
    {"Conflicted", "Conflicted", "an older policy for the same target wins"},
    {"Accepted", "Conflicted", "an older object of equal standing wins; see the message"},
    {NULL, "OverlappingHostnames",
     "clients may reuse one connection for both hostnames; such requests get 421"},
    {NULL, "OverlappingCertificates",
     "one certificate covers hostnames of several listeners; connections may be reused"},
};

const char *cli_condition_advice(const char *type, const char *reason)
{
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (strcmp(table[i].reason, reason) == 0 &&
            (table[i].type == NULL || strcmp(table[i].type, type) == 0))
            return table[i].advice;
    return NULL;
}
