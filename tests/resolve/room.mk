EXTRA_DIST += tests/data/status
check_PROGRAMS += tests/resolve/resolve_test
tests_resolve_resolve_test_SOURCES = \
	tests/resolve/support.h \
	tests/resolve/status_golden_test.c
tests_resolve_resolve_test_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
TESTS += tests/resolve/resolve_test
