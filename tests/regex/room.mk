EXTRA_DIST += tests/data/regex/cases.tsv tests/regex/support.h
check_PROGRAMS += tests/regex/regex_test
tests_regex_regex_test_SOURCES = \
	tests/regex/beginning_test.c tests/regex/cases_test.c tests/regex/limits_test.c tests/regex/memory_test.c \
	tests/regex/regex_test.c tests/regex/shape_test.c tests/regex/table_test.c \
	tests/regex/translate_test.c tests/regex/unicode_test.c
tests_regex_regex_test_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
TESTS += tests/regex/regex_test
