# `make bench/bench` builds the benchmark, bench/run.sh runs it; `make check` sees that it works.
check_PROGRAMS += bench/bench
bench_bench_SOURCES = \
	bench/bench.c \
	bench/complete.c bench/complete.h \
	bench/data.c bench/data.h bench/rows.c bench/rows.h \
	bench/exact.c bench/exact.h bench/floors.c bench/floors.h bench/hash.h \
	bench/linear.c bench/linear.h \
	bench/matching.c bench/matching.h \
	bench/measure.c bench/measure.h \
	bench/phases.c bench/phases.h \
	bench/segments.c bench/segments.h
bench_bench_CPPFLAGS = -I$(top_srcdir)/include -I$(top_builddir)/include
bench_bench_LDADD = libgatewayapi.la $(YAML_LIBS) $(JANSSON_LIBS) $(PCRE2_LIBS)

# bench/change.sh measures what a change costs; with callgrind's header also by instructions.
check_PROGRAMS += bench/change
bench_change_SOURCES = bench/change.c bench/measure.c bench/measure.h bench/text.c bench/text.h
bench_change_CPPFLAGS = -I$(top_srcdir)/include -I$(top_builddir)/include
if HAVE_CALLGRIND
bench_change_CPPFLAGS += -DBENCH_CALLGRIND
endif
bench_change_LDADD = libgatewayapi.la

# bench/tls.sh measures what the TLS policy in force costs, and setting up a handshake under it.
check_PROGRAMS += bench/tls
bench_tls_SOURCES = bench/tls.c bench/hash.h bench/measure.c bench/measure.h bench/text.c \
	bench/text.h
bench_tls_CPPFLAGS = -I$(top_srcdir)/include -I$(top_builddir)/include
bench_tls_LDADD = libgatewayapi.la

if WITH_OPENSSL
check_PROGRAMS += bench/handshake
bench_handshake_SOURCES = bench/handshake.c bench/measure.c bench/measure.h bench/text.c \
	bench/text.h
bench_handshake_CPPFLAGS = $(bench_change_CPPFLAGS) $(OPENSSL_CPPFLAGS)
bench_handshake_CFLAGS = $(AM_CFLAGS) $(OPENSSL_CFLAGS)
bench_handshake_LDADD = libgatewayapi-openssl.la libgatewayapi.la $(OPENSSL_LIBS)
endif

# bench/validate.sh measures the command; the floor is a process of its own.
check_PROGRAMS += bench/floor
bench_floor_SOURCES = bench/floor.c
bench_floor_LDADD = $(YAML_LIBS) $(JANSSON_LIBS)

dist_check_SCRIPTS += bench/smoke.sh
TESTS += bench/smoke.sh
EXTRA_DIST += bench/README.md bench/change.sh bench/generate.py bench/run.sh \
	bench/manifests.py bench/tls.sh bench/validate.py bench/validate.sh
