check_PROGRAMS += tests/image/image_test
tests_image_image_test_SOURCES = \
	tests/support/sample_image.h \
	tests/image/builder_test.c tests/image/damage_test.c \
	tests/image/format_test.c tests/image/list_test.c \
	tests/image/segments_test.c
tests_image_image_test_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
TESTS += tests/image/image_test
dist_check_SCRIPTS += tests/image/corpus.sh tests/image/manual.sh
EXTRA_DIST += tests/image/manual.py tests/image/stranger.py
TESTS += tests/image/corpus.sh tests/image/manual.sh
