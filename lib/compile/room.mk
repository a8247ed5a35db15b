# Topology to image. Knows no YAML and no status.
libgwapi_la_SOURCES += \
	lib/compile/candidates.c lib/compile/candidates.h \
	lib/compile/collect.c \
	lib/compile/compare.c \
	lib/compile/compile.c lib/compile/compiler.h \
	lib/compile/doors.c \
	lib/compile/filters.c \
	lib/compile/found.c \
	lib/compile/hosts.c \
	lib/compile/kept.c lib/compile/kept.h \
	lib/compile/listeners.c \
	lib/compile/matches.c \
	lib/compile/mesh.c \
	lib/compile/names.c \
	lib/compile/number.c \
	lib/compile/order.c \
	lib/compile/places.c lib/compile/places.h \
	lib/compile/policy.c \
	lib/compile/predicates.c \
	lib/compile/rules.c \
	lib/compile/select.c \
	lib/compile/splice.c lib/compile/splice.h lib/compile/splicing.h \
	lib/compile/splice_hosts.c lib/compile/splice_matches.c \
	lib/compile/splice_records.c \
	lib/compile/targets.c lib/compile/targets.h \
	lib/compile/tlsmap.c
