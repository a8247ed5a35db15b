# Sources of this room.
libgwapi_la_SOURCES += \
	lib/lint/gateways.c \
	lib/lint/grants.c \
	lib/lint/linter.c lib/lint/linter.h \
	lib/lint/parents.c \
	lib/lint/policies.c \
	lib/lint/rules.c \
	lib/lint/ties.c
