check_PROGRAMS += tests/base/base_test
tests_base_base_test_SOURCES = \
	tests/base/arena_test.c tests/base/hash_test.c tests/base/map_test.c tests/base/report_test.c \
	tests/base/slice_test.c tests/base/slots_test.c tests/base/struct_test.c \
	tests/base/text_test.c tests/base/time_test.c tests/base/utf8_test.c \
	tests/base/vector_test.c
TESTS += tests/base/base_test
