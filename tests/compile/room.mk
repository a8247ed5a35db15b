check_PROGRAMS += tests/compile/compile_test tests/compile/memory_test
tests_compile_compile_test_SOURCES = \
	tests/compile/manifests.h tests/resolve/generate.h tests/resolve/support.h \
	tests/resolve/tell.h tests/compile/compile_test.c tests/compile/change_test.c
tests_compile_compile_test_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_compile_memory_test_SOURCES = \
	tests/compile/manifests.h tests/resolve/generate.h tests/resolve/support.h \
	tests/resolve/tell.h tests/compile/memory_test.c tests/support/exact_blocks.c
tests_compile_memory_test_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
TESTS += tests/compile/compile_test tests/compile/memory_test
