#include "openssl/name.h"

#include <stdint.h>
#include <string.h>

gwapi_str gwapi__asn1_text(const ASN1_STRING *s)
{
    int len = ASN1_STRING_length(s);

    return (gwapi_str){(const char *)ASN1_STRING_get0_data(s), len > 0 ? (size_t)len : 0};
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool same_text(gwapi_str a, gwapi_str b)
{
    if (a.len != b.len)
        return false;
    for (size_t i = 0; i < a.len; i++)
        if (lower(a.data[i]) != lower(b.data[i]))
            return false;
    return true;
}

static gwapi_str without_dot(gwapi_str name)
{
    if (name.len != 0 && name.data[name.len - 1] == '.')
        name.len--;
    return name;
}

/* From the first dot on; empty without one. */
static gwapi_str behind_label(gwapi_str name)
{
    const char *dot = name.len != 0 ? memchr(name.data, '.', name.len) : NULL;
    size_t label = dot != NULL ? (size_t)(dot - name.data) : name.len;

    return (gwapi_str){name.data + label, name.len - label};
}

static bool is_ipv4(gwapi_str name)
{
    for (size_t i = 0; i < name.len; i++)
        if (name.data[i] != '.' && (name.data[i] < '0' || name.data[i] > '9'))
            return false;
    return name.len != 0;
}

/* "*.a.b": ".a.b"; else empty. "*.b" would be all of a top-level domain. */
static gwapi_str wildcard_of(gwapi_str name)
{
    gwapi_str rest = {name.data, 0};

    if (name.len > 2 && name.data[0] == '*' && name.data[1] == '.') {
        rest = (gwapi_str){name.data + 1, name.len - 1};
        gwapi_str tail = {rest.data + 1, rest.len - 1};
        if (memchr(tail.data, '.', tail.len) == NULL)
            rest.len = 0;
    }
    return rest;
}

bool gwapi__dns_matches(gwapi_str accepted, gwapi_str presented)
{
    accepted = without_dot(accepted);
    presented = without_dot(presented);
    gwapi_str wildcard = wildcard_of(presented), rest = behind_label(accepted);

    if (accepted.len == 0)
        return false;
    if (same_text(accepted, presented))
        return true;
    return wildcard.len != 0 && accepted.data[0] != '*' && accepted.data[0] != '.' &&
           same_text(rest, wildcard) && !is_ipv4(accepted);
}

static bool same_bytes(gwapi_str a, gwapi_str b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

static bool accepts(const gwapi__accepted *accepted, const GENERAL_NAME *name)
{
    if (name->type == GEN_DNS)
        return !accepted->uri &&
               gwapi__dns_matches(accepted->value, gwapi__asn1_text(name->d.dNSName));
    return name->type == GEN_URI && accepted->uri &&
           same_bytes(accepted->value, gwapi__asn1_text(name->d.uniformResourceIdentifier));
}

bool gwapi__names_match(const gwapi__accepted *names, size_t count, const GENERAL_NAMES *all)
{
    for (int i = 0; all != NULL && i < sk_GENERAL_NAME_num(all); i++)
        for (size_t k = 0; k < count; k++)
            if (accepts(&names[k], sk_GENERAL_NAME_value(all, i)))
                return true;
    return false;
}

size_t gwapi__dns_rank(gwapi_str presented, gwapi_str sni)
{
    if (sni.len == 0 || !gwapi__dns_matches(sni, presented))
        return 0;
    return same_text(without_dot(sni), without_dot(presented)) ? SIZE_MAX : presented.len;
}
