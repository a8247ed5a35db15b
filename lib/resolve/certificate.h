/*
 * Judging certificates (tls.md §2, §5 to §7): PEM framing here, the rest by the caller's
 * callbacks. This library never parses a certificate itself. Each object is judged once.
 */
#ifndef GWAPI_RESOLVE_CERTIFICATE_H
#define GWAPI_RESOLVE_CERTIFICATE_H

#include "base/vector.h"
#include "model/resource.h"
#include "resolve/index.h"

/* Does the text hold a well-framed block with such a label, and no broken block? */
bool gwapi__pem_has_certificate(gwapi_str text);
bool gwapi__pem_has_key(gwapi_str text);

typedef struct gwapi__certificates {
    gwapi__arena *arena; /* holds the reasons */
    gwapi_certificate_callbacks callbacks;
    int64_t now; /* 0: dates are not looked at */
    gwapi_report *report;
    gwapi__index judged;    /* object → index into reasons */
    gwapi__vector reasons;  /* of gwapi_str; absent: the object is good */
} gwapi__certificates;

/* The options' `certificates` and `now`; warnings go to `report`, which may be NULL.
 * GWAPI_ESTRUCTSIZE, GWAPI_EARGUMENT. */
gwapi_result gwapi__certificates_init(gwapi__certificates *c, gwapi__arena *arena,
                                      const gwapi_resolve_options *options,
                                      gwapi_report *report);
void gwapi__certificates_free(gwapi__certificates *c);

/* A Secret with tls.crt and tls.key: *reason is absent when the pair is good, else it says what
 * is wrong ("tls.crt is missing"). GWAPI_ENOMEM, GWAPI_ECALLBACK. */
gwapi_result gwapi__certificates_pair(gwapi__certificates *c, const gwapi__resource *secret,
                                      gwapi_str *reason);
/* A ConfigMap with ca.crt. */
gwapi_result gwapi__certificates_bundle(gwapi__certificates *c, const gwapi__resource *map,
                                        gwapi_str *reason);

#endif
