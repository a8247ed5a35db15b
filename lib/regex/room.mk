# RE2 patterns with bounded work.
libgwapi_la_SOURCES += \
	lib/regex/beginning.c lib/regex/beginning.h \
	lib/regex/build.h \
	lib/regex/class.c lib/regex/class.h \
	lib/regex/engine.c lib/regex/engine.h \
	lib/regex/parse.c \
	lib/regex/program.c lib/regex/program.h \
	lib/regex/regex.c lib/regex/regex.h \
	lib/regex/scan.h \
	lib/regex/runes.c lib/regex/runes.h \
	lib/regex/shape.c lib/regex/shape.h \
	lib/regex/simulate.c lib/regex/simulate.h \
	lib/regex/table.c lib/regex/table.h \
	lib/regex/translate.c lib/regex/translate.h \
	lib/regex/tree.c lib/regex/tree.h \
	lib/regex/unicode.c lib/regex/unicode.h \
	lib/regex/unicode_table.c
