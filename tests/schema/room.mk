check_PROGRAMS += tests/schema/schema_test tests/schema/memory_test
tests_schema_schema_test_SOURCES = \
	tests/schema/support.h \
	tests/schema/celtype_test.c \
	tests/schema/crd_test.c \
	tests/schema/defaults_test.c \
	tests/schema/explain_test.c \
	tests/schema/formats_test.c \
	tests/schema/judge_test.c \
	tests/schema/kind_test.c \
	tests/schema/lists_test.c \
	tests/schema/load_test.c \
	tests/schema/meta_test.c \
	tests/schema/oom_test.c \
	tests/schema/prune_test.c \
	tests/schema/registry_test.c \
	tests/schema/rule_path_test.c \
	tests/schema/rules_test.c \
	tests/schema/things_test.c \
	tests/schema/update_test.c \
	tests/schema/validate_test.c
tests_schema_schema_test_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_schema_memory_test_SOURCES = \
	tests/schema/support.h tests/schema/memory_test.c tests/support/exact_blocks.c
tests_schema_memory_test_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
TESTS += tests/schema/schema_test tests/schema/memory_test
