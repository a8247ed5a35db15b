# The Common Expression Language.
libgwapi_la_SOURCES += \
	lib/cel/ast.h \
	lib/cel/cel.h \
	lib/cel/library.h \
	lib/cel/type.h \
	lib/cel/value.h
