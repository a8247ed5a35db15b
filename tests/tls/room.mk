check_PROGRAMS += tests/tls/tls_test
tests_tls_tls_test_SOURCES = tests/tls/policy_test.c tests/tls/secret_test.c
tests_tls_tls_test_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
TESTS += tests/tls/tls_test
EXTRA_DIST += tests/tls/rows.tsv
dist_check_SCRIPTS += tests/tls/rows.sh
TESTS += tests/tls/rows.sh
