check_PROGRAMS += tests/doc/doc_test tests/doc/foreign_memory_test
tests_doc_doc_test_SOURCES = \
	tests/doc/json_test.c tests/doc/limit_test.c tests/doc/memory_test.c \
	tests/doc/node_test.c tests/doc/scalar_test.c tests/doc/stream_test.c \
	tests/doc/write_test.c tests/doc/yaml_test.c tests/doc/support.h
# Exports its own yaml_malloc, so that libyaml's finds it.
tests_doc_foreign_memory_test_SOURCES = tests/doc/foreign_memory_test.c tests/doc/support.h
tests_doc_foreign_memory_test_LDFLAGS = $(AM_LDFLAGS) -export-dynamic
TESTS += tests/doc/doc_test tests/doc/foreign_memory_test
