#include "conditions.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/* Types that are not simply good when True and bad when False. */
static const struct {
    const char *type;
    cli_state when_true;
    cli_state otherwise;
} others[] = {
    {"Conflicted", CLI_STATE_BAD, CLI_STATE_NEUTRAL},
    {"PartiallyInvalid", CLI_STATE_BAD, CLI_STATE_NEUTRAL},
    {"OverlappingTLSConfig", CLI_STATE_OPEN, CLI_STATE_NEUTRAL},
    {"InsecureFrontendValidationMode", CLI_STATE_OPEN, CLI_STATE_NEUTRAL},
    {"AttachedListenerSets", CLI_STATE_NEUTRAL, CLI_STATE_NEUTRAL},
};

cli_state cli_condition_state(const char *type, const char *status, const char *reason)
{
    bool is_true = strcmp(status, "True") == 0;

    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (strcmp(others[i].type, type) == 0)
            return is_true ? others[i].when_true : others[i].otherwise;
    if (is_true) /* accepted, but perhaps not all of it */
        return strcmp(reason, "ListenersNotValid") == 0 ? CLI_STATE_OPEN : CLI_STATE_GOOD;
    return strcmp(status, "False") == 0 ? CLI_STATE_BAD : CLI_STATE_OPEN;
}

/* Messages say what is wrong; here is what they leave open. */
static const struct {
    const char *reason;
    const char *advice;
} table[] = {
    {"BackendNotFound", "give the Service too, correct its name, or say --assume Service"},
    {"TargetNotFound", "give the Service too, or correct the name in targetRefs"},
    {"RefNotPermitted", "a ReferenceGrant in the target's namespace must allow this reference"},
    {"InvalidKind", "only a Service, or a kind named by --extension, can stand here"},
    {"NoMatchingListenerHostname", "make the route's hostname or the listener's wider"},
    {"InvalidCertificateRef",
     "the Secret must exist, be of type kubernetes.io/tls and hold a certificate and its key"},
    {"InvalidClientCertificateRef",
     "the Secret must exist, be of type kubernetes.io/tls and hold a certificate and its key"},
    {"InvalidCACertificateRef", "the ConfigMap must exist and hold a CA bundle in ca.crt"},
    {"InvalidCACertificateKind", "a CA bundle comes from a ConfigMap"},
    {"InvalidBackendTLSPolicy", "the BackendTLSPolicy of the Service says what is wrong"},
    {"AddressNotUsable", "--usable-address names the addresses that can be asked for"},
};

const char *cli_condition_advice(const char *reason)
{
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (strcmp(table[i].reason, reason) == 0)
            return table[i].advice;
    return NULL;
}
