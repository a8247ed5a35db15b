# A target is fuzz/NAME.c with LLVMFuzzerTestOneInput and a folder fuzz/corpus/NAME. With
# --enable-fuzz (clang) it links libFuzzer; else a driver of our own that `make check` runs over
# the corpus. To add one, copy the lines of another below.
check_LTLIBRARIES =
if ENABLE_FUZZ
FUZZ_LINK = $(AM_LDFLAGS) -fsanitize=fuzzer
FUZZ_DRIVER = libgwapi.la
else
FUZZ_LINK = $(AM_LDFLAGS)
FUZZ_DRIVER = libgwapi.la fuzz/libstandalone.la
check_LTLIBRARIES += fuzz/libstandalone.la
endif
fuzz_libstandalone_la_SOURCES = fuzz/standalone.c
FUZZ_TARGETS =
EXTRA_DIST += fuzz/corpus

FUZZ_TARGETS += fuzz/doc
fuzz_doc_SOURCES = fuzz/doc.c
fuzz_doc_LDFLAGS = $(FUZZ_LINK)
fuzz_doc_LDADD = $(FUZZ_DRIVER)

FUZZ_TARGETS += fuzz/resources
fuzz_resources_SOURCES = fuzz/resources.c
fuzz_resources_LDFLAGS = $(FUZZ_LINK)
fuzz_resources_LDADD = $(FUZZ_DRIVER)

FUZZ_TARGETS += fuzz/regex
fuzz_regex_SOURCES = fuzz/regex.c
fuzz_regex_LDFLAGS = $(FUZZ_LINK)
fuzz_regex_LDADD = $(FUZZ_DRIVER)

FUZZ_TARGETS += fuzz/cel
fuzz_cel_SOURCES = fuzz/cel.c
fuzz_cel_LDFLAGS = $(FUZZ_LINK)
fuzz_cel_LDADD = $(FUZZ_DRIVER)

FUZZ_TARGETS += fuzz/schema
fuzz_schema_SOURCES = fuzz/schema.c
fuzz_schema_LDFLAGS = $(FUZZ_LINK)
fuzz_schema_LDADD = $(FUZZ_DRIVER)

FUZZ_TARGETS += fuzz/image
fuzz_image_SOURCES = fuzz/image.c
fuzz_image_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
fuzz_image_LDFLAGS = $(FUZZ_LINK)
fuzz_image_LDADD = $(FUZZ_DRIVER)

FUZZ_TARGETS += fuzz/request
fuzz_request_SOURCES = fuzz/request.c fuzz/table.h
fuzz_request_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
fuzz_request_LDFLAGS = $(FUZZ_LINK)
fuzz_request_LDADD = $(FUZZ_DRIVER)

FUZZ_TARGETS += fuzz/auth
fuzz_auth_SOURCES = fuzz/auth.c fuzz/table.h
fuzz_auth_LDFLAGS = $(FUZZ_LINK)
fuzz_auth_LDADD = $(FUZZ_DRIVER)

if WITH_OPENSSL
FUZZ_TARGETS += fuzz/openssl
fuzz_openssl_SOURCES = fuzz/openssl.c
fuzz_openssl_CPPFLAGS = $(AM_CPPFLAGS) $(OPENSSL_CPPFLAGS)
fuzz_openssl_CFLAGS = $(AM_CFLAGS) $(OPENSSL_CFLAGS)
fuzz_openssl_LDFLAGS = $(FUZZ_LINK)
fuzz_openssl_LDADD = libgwapi-openssl.la $(FUZZ_DRIVER) $(OPENSSL_LIBS)

FUZZ_TARGETS += fuzz/material
fuzz_material_SOURCES = fuzz/material.c
fuzz_material_CPPFLAGS = $(AM_CPPFLAGS) $(OPENSSL_CPPFLAGS)
fuzz_material_CFLAGS = $(AM_CFLAGS) $(OPENSSL_CFLAGS)
fuzz_material_LDFLAGS = $(FUZZ_LINK)
fuzz_material_LDADD = libgwapi-openssl.la $(FUZZ_DRIVER) $(OPENSSL_LIBS)
endif

check_PROGRAMS += $(FUZZ_TARGETS)
if !ENABLE_FUZZ
TESTS += $(FUZZ_TARGETS)
endif
