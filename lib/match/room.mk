# Connection, request and image give a decision. Knows no YAML, resource or topology.
libgwapi_la_SOURCES += \
	lib/match/accept.c \
	lib/match/auth.c lib/match/auth.h \
	lib/match/auth_answer.c lib/match/auth_change.c lib/match/auth_check.c \
	lib/match/auth_wire.c \
	lib/match/backend.c \
	lib/match/candidate.c \
	lib/match/canonical.c lib/match/canonical.h \
	lib/match/cell.c \
	lib/match/cors.c lib/match/cors.h \
	lib/match/decision.c lib/match/decision.h \
	lib/match/decision_write.c \
	lib/match/explain.c lib/match/explain_write.c \
	lib/match/find.c lib/match/find.h \
	lib/match/headers.c lib/match/headers.h \
	lib/match/host.c lib/match/host.h \
	lib/match/lookup.h \
	lib/match/match.c \
	lib/match/path.c \
	lib/match/persistence.c \
	lib/match/predicate.c \
	lib/match/redirect.c lib/match/redirect.h \
	lib/match/request.c lib/match/request.h \
	lib/match/rewrite.c \
	lib/match/rule.c lib/match/rule.h \
	lib/match/scratch.c lib/match/scratch.h \
	lib/match/write.h lib/match/write_backend.c lib/match/write_effects.c \
	lib/match/write_parts.c
