# Knows nothing of Kubernetes.
libgwapi_la_SOURCES += \
	lib/base/alloc.c lib/base/alloc.h \
	lib/base/arena.c lib/base/arena.h lib/base/arena_block.c \
	lib/base/bits.h \
	lib/base/hash.c lib/base/hash.h \
	lib/base/limits.c lib/base/limits.h \
	lib/base/map.c lib/base/map.h \
	lib/base/report.c lib/base/report.h \
	lib/base/report_write.c \
	lib/base/result.c lib/base/result.h \
	lib/base/slice.c lib/base/slice.h \
	lib/base/slots.c lib/base/slots.h \
	lib/base/struct.c lib/base/struct.h \
	lib/base/suggest.c lib/base/suggest.h \
	lib/base/text.c lib/base/text.h \
	lib/base/time.c lib/base/time.h \
	lib/base/utf8.c lib/base/utf8.h \
	lib/base/vector.c lib/base/vector.h \
	lib/base/version.c
