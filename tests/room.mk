# The tests mirror lib/: a folder a room, a program a folder.
EXTRA_DIST += tests/support/oom.h
AM_TESTS_ENVIRONMENT = \
	top_srcdir='$(top_srcdir)'; top_builddir='$(top_builddir)'; \
	export top_srcdir top_builddir; \
	CC='$(CC)'; CXX='$(CXX)'; PYTHON3='$(PYTHON3)'; LUAJIT='$(LUAJIT)'; \
	export CC CXX PYTHON3 LUAJIT;

if HAVE_CRITERION
include $(top_srcdir)/tests/base/room.mk
endif
