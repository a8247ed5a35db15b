check_PROGRAMS += tests/match/match_test
tests_match_match_test_SOURCES = tests/match/canonical_test.c
TESTS += tests/match/match_test
