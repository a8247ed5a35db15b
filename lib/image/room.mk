# The format of the compiled block: layout, builder, reader, verifier. Knows base and regex.
libgwapi_la_SOURCES += \
	lib/image/builder.c lib/image/builder.h \
	lib/image/checksum.c lib/image/checksum.h \
	lib/image/fields.c lib/image/fields.h \
	lib/image/index.c lib/image/index.h \
	lib/image/layout.h \
	lib/image/list.c \
	lib/image/pattern.c lib/image/pattern.h \
	lib/image/reader.h \
	lib/image/segments.c lib/image/segments.h \
	lib/image/snapshot.c lib/image/snapshot.h \
	lib/image/texts.c lib/image/texts.h \
	lib/image/verify.c lib/image/verify.h
