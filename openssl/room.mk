# The second library, libgatewayapi-openssl: links OpenSSL so that libgatewayapi does not. It uses
# the public headers only, as any host does. Left out by --without-openssl.
EXTRA_DIST += libgatewayapi-openssl.map
if WITH_OPENSSL
pkgconfig_DATA += pkgconfig/libgatewayapi-openssl.pc
gatewayapiinclude_HEADERS += include/gatewayapi/openssl.h

noinst_LTLIBRARIES += libgwapi-openssl.la
libgwapi_openssl_la_SOURCES = \
	openssl/certificate.c openssl/certificate.h \
	openssl/connect.c \
	openssl/handle.c openssl/handle.h \
	openssl/handshake.c openssl/handshake.h \
	openssl/judge.c \
	openssl/key.c openssl/key.h \
	openssl/material.c openssl/material.h \
	openssl/memory.c openssl/memory.h \
	openssl/name.c openssl/name.h \
	openssl/pemtext.c openssl/pemtext.h \
	openssl/serve.c \
	openssl/words.c openssl/words.h
# Nothing that OpenSSL 3.0 calls deprecated is even declared.
OPENSSL_CPPFLAGS = -I$(top_srcdir) -I$(top_srcdir)/include -I$(top_builddir)/include \
	-DOPENSSL_API_COMPAT=30000 -DOPENSSL_NO_DEPRECATED
libgwapi_openssl_la_CPPFLAGS = $(OPENSSL_CPPFLAGS) -DGWAPI_BUILDING
libgwapi_openssl_la_CFLAGS = $(GWAPI_CFLAGS) $(GWAPI_SAN) $(OPENSSL_CFLAGS) -fvisibility=hidden
libgwapi_openssl_la_LIBADD = $(OPENSSL_LIBS)

lib_LTLIBRARIES += libgatewayapi-openssl.la
libgatewayapi_openssl_la_SOURCES =
libgatewayapi_openssl_la_LIBADD = libgwapi-openssl.la libgatewayapi.la
libgatewayapi_openssl_la_LDFLAGS = $(AM_LDFLAGS) -version-info $(GWAPI_OPENSSL_VERSION_INFO) \
	-no-undefined -Wl,--version-script=$(top_srcdir)/libgatewayapi-openssl.map
EXTRA_libgatewayapi_openssl_la_DEPENDENCIES = libgatewayapi-openssl.map
endif
EXTRA_DIST += include/gatewayapi/openssl.h
