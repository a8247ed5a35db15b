# The Common Expression Language.
libgwapi_la_SOURCES += \
	lib/cel/ast.h \
	lib/cel/cel.h \
	lib/cel/digits.c lib/cel/digits.h \
	lib/cel/environment.c \
	lib/cel/escape.c \
	lib/cel/library.h \
	lib/cel/text.c lib/cel/text.h \
	lib/cel/type.c \
	lib/cel/type.h \
	lib/cel/value.h
