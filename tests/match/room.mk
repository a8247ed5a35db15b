check_PROGRAMS += tests/match/match_test
tests_match_match_test_SOURCES = \
	tests/match/served.h \
	tests/match/sampled.h tests/support/sample_image.h \
	tests/support/use_decision.h tests/support/use_image.h \
	tests/match/alloc_test.c tests/match/arguments_test.c tests/match/auth_test.c \
	tests/match/canonical_test.c tests/match/cell_test.c tests/match/cve_test.c \
	tests/match/damage_test.c tests/match/effect_test.c tests/match/explain_test.c tests/match/table.h \
	tests/match/golden_test.c tests/match/helpers_test.c tests/match/limits_test.c \
	tests/match/memory_test.c tests/match/promises_test.c tests/match/sni_test.c \
	tests/match/splice_test.c tests/resolve/generate.h tests/resolve/tell.h \
	cli/memory.c cli/request.c
tests_match_match_test_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests -I$(top_srcdir) \
	-D_XOPEN_SOURCE=700 -D_DEFAULT_SOURCE
tests_match_match_test_LDADD = $(LDADD) $(JANSSON_LIBS)
EXTRA_DIST += tests/data/auth tests/data/match tests/match/faults.py
TESTS += tests/match/match_test

check_PROGRAMS += tests/match/agree
tests_match_agree_SOURCES = \
	tests/match/agree.c tests/match/agree.h tests/match/agree_compare.c \
	tests/match/drawn.c tests/match/drawn.h \
	tests/match/drawn_effects.c tests/match/drawn_parts.h \
	tests/match/plain.c tests/match/plain.h tests/match/plain_conditions.c \
	tests/match/plain_cors.c tests/match/plain_effects.c tests/match/plain_options.c \
	tests/match/plain_parts.h tests/match/plain_path.c tests/match/plain_rule.c
tests_match_agree_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
TESTS += tests/match/agree

check_PROGRAMS += tests/match/mutate
tests_match_mutate_SOURCES = \
	tests/match/mutate.c tests/match/mutation.c tests/match/mutation.h \
	tests/match/drawn.c tests/match/drawn.h \
	tests/match/drawn_effects.c tests/match/drawn_parts.h \
	tests/support/use_decision.h tests/support/use_image.h \
	cli/memory.c cli/request.c
tests_match_mutate_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests -I$(top_srcdir) \
	-D_XOPEN_SOURCE=700 -D_DEFAULT_SOURCE
tests_match_mutate_LDADD = $(LDADD) $(JANSSON_LIBS)
TESTS += tests/match/mutate
