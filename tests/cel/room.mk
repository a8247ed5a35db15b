check_PROGRAMS += tests/cel/cel_test
TESTS += tests/cel/cel_test
tests_cel_cel_test_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_cel_cel_test_SOURCES =
tests_cel_cel_test_SOURCES += tests/cel/type_test.c
tests_cel_cel_test_SOURCES += tests/cel/text_test.c
tests_cel_cel_test_SOURCES += tests/cel/issue_test.c tests/cel/macro_test.c \
	tests/cel/parse_limits_test.c tests/cel/parse_test.c
EXTRA_DIST += tests/cel/dump.h tests/cel/parse.h
tests_cel_cel_test_SOURCES += tests/cel/library_test.c
tests_cel_cel_test_SOURCES += tests/cel/sort_test.c
EXTRA_DIST += tests/cel/render.h
tests_cel_cel_test_SOURCES += tests/cel/render.c tests/cel/table_test.c
check_PROGRAMS += tests/cel/celrun
tests_cel_celrun_SOURCES = tests/cel/celrun.c tests/cel/render.c
tests_cel_celrun_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_cel_celrun_LDADD = libgwapi.la
EXTRA_DIST += tests/data/cel/access.tsv tests/data/cel/basics.tsv tests/data/cel/comparison.tsv \
	tests/data/cel/conversions.tsv tests/data/cel/macros.tsv tests/data/cel/operators.tsv \
	tests/data/cel/time.tsv
tests_cel_cel_test_SOURCES += tests/cel/check_test.c
EXTRA_DIST += tests/data/cel/estimate.golden
tests_cel_cel_test_SOURCES += tests/cel/address_test.c
tests_cel_cel_test_SOURCES += tests/cel/natural_test.c
tests_cel_cel_test_SOURCES += tests/cel/quantity_test.c
tests_cel_cel_test_SOURCES += tests/cel/uri_test.c
tests_cel_cel_test_SOURCES += tests/cel/kubernetes_test.c
tests_cel_cel_test_SOURCES += tests/cel/eval_test.c
EXTRA_DIST += tests/data/cel/format.tsv tests/data/cel/lists.tsv tests/data/cel/optionals.tsv \
	tests/data/cel/regex.tsv tests/data/cel/sets.tsv tests/data/cel/strings.tsv \
	tests/data/cel/versions.tsv
tests_cel_cel_test_SOURCES += tests/cel/functions_test.c
