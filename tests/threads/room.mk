# Plain programs, which ThreadSanitizer can run.
check_PROGRAMS += tests/threads/schema_find
tests_threads_schema_find_SOURCES = tests/threads/schema_find.c
tests_threads_schema_find_CFLAGS = $(AM_CFLAGS) -D_POSIX_C_SOURCE=200809L -pthread
tests_threads_schema_find_LDADD = libgwapi.la
tests_threads_schema_find_LDFLAGS = $(AM_LDFLAGS) -pthread
TESTS += tests/threads/schema_find
check_PROGRAMS += tests/threads/cell_swap
tests_threads_cell_swap_SOURCES = tests/threads/cell_swap.c
tests_threads_cell_swap_CFLAGS = $(AM_CFLAGS) -D_POSIX_C_SOURCE=200809L -pthread
tests_threads_cell_swap_LDADD = libgwapi.la
tests_threads_cell_swap_LDFLAGS = $(AM_LDFLAGS) -pthread
TESTS += tests/threads/cell_swap
check_PROGRAMS += tests/threads/topology_share
tests_threads_topology_share_SOURCES = tests/threads/topology_share.c
tests_threads_topology_share_CFLAGS = $(AM_CFLAGS) -D_POSIX_C_SOURCE=200809L -pthread
tests_threads_topology_share_LDADD = libgwapi.la
tests_threads_topology_share_LDFLAGS = $(AM_LDFLAGS) -pthread
TESTS += tests/threads/topology_share
