# The format of the compiled block: layout, builder, reader, verifier. Knows base and regex.
libgwapi_la_SOURCES += \
	lib/image/layout.h \
	lib/image/reader.h
