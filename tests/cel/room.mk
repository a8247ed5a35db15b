check_PROGRAMS += tests/cel/cel_test tests/cel/celrun
TESTS += tests/cel/cel_test tests/cel/spec/spec_test.sh

tests_cel_cel_test_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_cel_cel_test_SOURCES = \
	tests/cel/address_test.c \
	tests/cel/check_test.c \
	tests/cel/eval_test.c \
	tests/cel/functions_test.c \
	tests/cel/issue_test.c \
	tests/cel/kubernetes_test.c \
	tests/cel/library_test.c \
	tests/cel/macro_test.c \
	tests/cel/natural_test.c \
	tests/cel/parse_limits_test.c \
	tests/cel/parse_test.c \
	tests/cel/quantity_test.c \
	tests/cel/render.c \
	tests/cel/sort_test.c \
	tests/cel/table_test.c \
	tests/cel/text_test.c \
	tests/cel/type_test.c \
	tests/cel/uri_test.c

tests_cel_celrun_SOURCES = tests/cel/celrun.c tests/cel/render.c
tests_cel_celrun_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_cel_celrun_LDADD = libgwapi.la

EXTRA_DIST += \
	tests/cel/dump.h \
	tests/cel/parse.h \
	tests/cel/render.h \
	tests/cel/scarce.h \
	tests/cel/spec/README.md \
	tests/cel/spec/run.py \
	tests/cel/spec/spec_test.sh \
	tests/data/cel/estimate.golden \
	tests/data/cel/access.tsv \
	tests/data/cel/basics.tsv \
	tests/data/cel/cidr.tsv \
	tests/data/cel/comparison.tsv \
	tests/data/cel/conversions.tsv \
	tests/data/cel/edges.tsv \
	tests/data/cel/format.tsv \
	tests/data/cel/ip.tsv \
	tests/data/cel/lists.tsv \
	tests/data/cel/macros.tsv \
	tests/data/cel/named_format.tsv \
	tests/data/cel/opaque.tsv \
	tests/data/cel/operators.tsv \
	tests/data/cel/optionals.tsv \
	tests/data/cel/quantity.tsv \
	tests/data/cel/regex.tsv \
	tests/data/cel/semver.tsv \
	tests/data/cel/sets.tsv \
	tests/data/cel/strings.tsv \
	tests/data/cel/time.tsv \
	tests/data/cel/twovar.tsv \
	tests/data/cel/url.tsv \
	tests/data/cel/versions.tsv
