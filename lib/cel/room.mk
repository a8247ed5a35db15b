# The Common Expression Language.
libgwapi_la_SOURCES += \
	lib/cel/ast.h \
	lib/cel/bound.c \
	lib/cel/build.c lib/cel/build.h \
	lib/cel/cel.h \
	lib/cel/context.c \
	lib/cel/cost.c \
	lib/cel/digits.c lib/cel/digits.h \
	lib/cel/duration.c \
	lib/cel/environment.c \
	lib/cel/equal.c \
	lib/cel/escape.c \
	lib/cel/library.h \
	lib/cel/list.c \
	lib/cel/text.c lib/cel/text.h \
	lib/cel/time.h \
	lib/cel/type.c \
	lib/cel/type.h \
	lib/cel/value.c lib/cel/value.h \
	lib/cel/value_tree.c
