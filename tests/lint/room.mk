check_PROGRAMS += tests/lint/lint_test
tests_lint_lint_test_SOURCES = tests/lint/lint_test.c tests/resolve/support.h
tests_lint_lint_test_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
TESTS += tests/lint/lint_test
