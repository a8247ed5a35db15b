check_PROGRAMS += tests/model/model_test tests/model/memory_test
tests_model_model_test_SOURCES = \
	tests/model/read_support.h tests/model/support.h \
	tests/model/core_test.c tests/model/decode_test.c tests/model/duration_test.c \
	tests/model/explained_test.c \
	tests/model/read_test.c tests/model/route_test.c tests/model/sample_test.c \
	tests/model/set_test.c tests/model/store_test.c tests/model/write_test.c
tests_model_model_test_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_model_memory_test_SOURCES = \
	tests/model/read_support.h tests/model/memory_test.c tests/support/exact_blocks.c
tests_model_memory_test_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
TESTS += tests/model/model_test tests/model/memory_test
