# Connection, request and image give a decision. Knows no YAML, resource or topology.
libgwapi_la_SOURCES += \
	lib/match/decision.h \
	lib/match/request.h
