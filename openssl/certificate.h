/* One certificate: from the bytes of a PEM block to OpenSSL's object, and what it says. */
#ifndef GWAPI_OPENSSL_CERTIFICATE_H
#define GWAPI_OPENSSL_CERTIFICATE_H

#include <openssl/x509.h>
#include "openssl/handle.h"
#include "openssl/pemtext.h"

/* The certificate of a block without damage, to be released by X509_free. GWAPI_EINVALID: it is
 * none, or something follows it in the block; GWAPI_ENOMEM: of ours. */
gwapi_result gwapi__certificate_read(X509 **out, const gwapi_openssl *o,
                                     const gwapi__pem_block *block);

/* Hands each certificate of a text to `take`, whose it then is, with the line of its block. Refuses
 * damage, and a text without any. GWAPI_EINVALID, GWAPI_ENOMEM, or what `take` returns. */
typedef gwapi_result (*gwapi__certificate_taker)(void *ctx, X509 *certificate, uint32_t line);
gwapi_result gwapi__certificates_each(const gwapi_openssl *o, gwapi_str text,
                                      const gwapi_certificate_findings *findings,
                                      gwapi__certificate_taker take, void *ctx);

/* Hands over what it says. GWAPI_EINVALID: a part cannot be read, *what names it. GWAPI_ENOMEM,
 * or what the findings return. */
gwapi_result gwapi__certificate_tell(const gwapi_openssl *o, X509 *certificate, uint32_t line,
                                     const gwapi_certificate_findings *findings,
                                     const char **what);

#endif
