check_PROGRAMS += tests/resolve/resolve_test tests/resolve/memory_test
tests_resolve_resolve_test_SOURCES = \
	tests/resolve/cases.h tests/resolve/generate.h \
	tests/resolve/support.h tests/resolve/tell.h \
	tests/resolve/certificate_test.c tests/resolve/change_test.c \
	tests/resolve/equal_test.c \
	tests/resolve/explain_test.c \
	tests/resolve/grant_test.c tests/resolve/hostname_test.c \
	tests/resolve/index_test.c \
	tests/resolve/selector_test.c tests/resolve/sequence_test.c \
	tests/resolve/shuffle_test.c tests/resolve/status_golden_test.c \
	tests/resolve/status_test.c tests/resolve/tls_test.c tests/resolve/topology_test.c
tests_resolve_resolve_test_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_resolve_memory_test_SOURCES = \
	tests/resolve/cases.h tests/resolve/generate.h \
	tests/resolve/support.h tests/resolve/tell.h \
	tests/resolve/change_memory_test.c tests/resolve/memory_test.c \
	tests/support/exact_blocks.c
tests_resolve_memory_test_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
EXTRA_DIST += tests/data/conditions tests/data/status
TESTS += tests/resolve/resolve_test tests/resolve/memory_test
