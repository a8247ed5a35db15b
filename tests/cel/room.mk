check_PROGRAMS += tests/cel/cel_test
TESTS += tests/cel/cel_test
tests_cel_cel_test_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_cel_cel_test_SOURCES =
tests_cel_cel_test_SOURCES += tests/cel/type_test.c
tests_cel_cel_test_SOURCES += tests/cel/text_test.c
tests_cel_cel_test_SOURCES += tests/cel/parse_test.c
EXTRA_DIST += tests/cel/dump.h
