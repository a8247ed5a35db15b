if HAVE_CRITERION
check_PROGRAMS += tests/openssl/openssl_test
tests_openssl_openssl_test_SOURCES = tests/openssl/support.h tests/openssl/world.h \
	tests/openssl/connect_test.c tests/openssl/handle_test.c \
	tests/openssl/judge_test.c tests/openssl/material_test.c tests/openssl/name_test.c \
	tests/openssl/odd_test.c tests/openssl/pem_test.c tests/openssl/policy_test.c tests/openssl/serve_test.c
tests_openssl_openssl_test_CPPFLAGS = $(AM_CPPFLAGS) $(OPENSSL_CPPFLAGS) -I$(top_srcdir)/tests
tests_openssl_openssl_test_CFLAGS = $(AM_CFLAGS) $(OPENSSL_CFLAGS)
tests_openssl_openssl_test_LDADD = libgwapi-openssl.la $(LDADD) $(OPENSSL_LIBS)
TESTS += tests/openssl/openssl_test
endif

check_PROGRAMS += tests/openssl/no_memory
tests_openssl_no_memory_SOURCES = tests/openssl/no_memory.c
tests_openssl_no_memory_CPPFLAGS = $(OPENSSL_CPPFLAGS)
tests_openssl_no_memory_CFLAGS = $(AM_CFLAGS) $(OPENSSL_CFLAGS)
tests_openssl_no_memory_LDADD = libgwapi-openssl.la libgwapi.la $(OPENSSL_LIBS)
TESTS += tests/openssl/no_memory

dist_check_SCRIPTS += tests/openssl/peers.sh
TESTS += tests/openssl/peers.sh

# The example's server is our end of handshakes with clients of others.
check_PROGRAMS += examples/mtls/server
examples_mtls_server_SOURCES = examples/mtls/server.c examples/mtls/common.h
examples_mtls_server_CPPFLAGS = $(AM_CPPFLAGS) -D_POSIX_C_SOURCE=200809L
examples_mtls_server_CFLAGS = $(AM_CFLAGS) $(OPENSSL_CFLAGS)
examples_mtls_server_LDADD = libgatewayapi-openssl.la libgatewayapi.la $(OPENSSL_LIBS)
