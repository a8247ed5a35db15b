# Trees to typed resources, and the set of them.
libgwapi_la_SOURCES += \
	lib/model/batch.c \
	lib/model/core.c lib/model/core.h \
	lib/model/decode.c lib/model/decode.h \
	lib/model/document.c \
	lib/model/duration.c \
	lib/model/filter.c lib/model/filter.h \
	lib/model/gateway.c lib/model/gateway.h \
	lib/model/meta.c lib/model/meta.h \
	lib/model/policy.c lib/model/policy.h \
	lib/model/read.c lib/model/reading.h \
	lib/model/resource.c lib/model/resource.h \
	lib/model/route.c lib/model/route.h \
	lib/model/set.c lib/model/set.h \
	lib/model/shapes.h \
	lib/model/store.c lib/model/store.h \
	lib/model/unknown.c \
	lib/model/write.c
