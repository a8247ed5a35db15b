check_PROGRAMS += tests/doc/doc_test
tests_doc_doc_test_SOURCES = tests/doc/stream_test.c tests/doc/support.h
TESTS += tests/doc/doc_test
