# Kinds as data, and the judgement of objects by them.
libgwapi_la_SOURCES += \
	lib/schema/builtin.h \
	lib/schema/celtype.c lib/schema/celtype.h \
	lib/schema/crd.c \
	lib/schema/crd_check.c \
	lib/schema/crd_conversion.c \
	lib/schema/crd_decode.c \
	lib/schema/crd_defaults.c \
	lib/schema/crd_expressions.c \
	lib/schema/crd_follow.c \
	lib/schema/crd_judge.h \
	lib/schema/crd_rules.c \
	lib/schema/crd_schema.c \
	lib/schema/crd_structural.c \
	lib/schema/crd_tools.c \
	lib/schema/crd_version.c \
	lib/schema/defaults.c \
	lib/schema/documents.h \
	lib/schema/explain.c lib/schema/explain.h \
	lib/schema/explain_field.c lib/schema/explain_rule.c lib/schema/explain_write.c \
	lib/schema/formats.c \
	lib/schema/judge.c lib/schema/judge.h \
	lib/schema/judgement.c lib/schema/judgement.h \
	lib/schema/kind.c lib/schema/kind.h \
	lib/schema/lists.c \
	lib/schema/load.c lib/schema/load.h \
	lib/schema/load_rules.c lib/schema/load_rules.h \
	lib/schema/meta.c \
	lib/schema/meta_check.c \
	lib/schema/minimize.c \
	lib/schema/names.c lib/schema/names.h \
	lib/schema/path.c lib/schema/path.h \
	lib/schema/prune.c \
	lib/schema/registry.c lib/schema/registry.h \
	lib/schema/resolve_ref.c lib/schema/resolve_ref.h \
	lib/schema/rule_compile.c \
	lib/schema/rule_path.c \
	lib/schema/rule_report.c lib/schema/rule_report.h \
	lib/schema/rules.c lib/schema/rules.h \
	lib/schema/rules_missed.c \
	lib/schema/scalar.c lib/schema/scalar.h \
	lib/schema/type.c lib/schema/type.h \
	lib/schema/update.c \
	lib/schema/validate.c

# The schema files (schemas/room.mk), as bytes.
EXTRA_DIST += lib/schema/bytes.awk lib/schema/embed.awk
nodist_libgwapi_la_SOURCES += lib/schema/builtin.c
BUILT_SOURCES += lib/schema/builtin.c
CLEANFILES += lib/schema/builtin.c
lib/schema/builtin.c: $(gateway_schemas) lib/schema/bytes.awk lib/schema/embed.awk
	$(AM_V_GEN)$(MKDIR_P) lib/schema && files= && \
	for f in $(gateway_schemas); do files="$$files $(srcdir)/$$f"; done && \
	LC_ALL=C $(AWK) -v release=v1.4 -f $(srcdir)/lib/schema/bytes.awk \
		-f $(srcdir)/lib/schema/embed.awk $$files >$@.tmp && \
	mv $@.tmp $@

# The same files and rules.yaml, whole: what explanations are read from.
EXTRA_DIST += lib/schema/documents.awk
nodist_libgwapi_la_SOURCES += lib/schema/documents.c
BUILT_SOURCES += lib/schema/documents.c
CLEANFILES += lib/schema/documents.c
lib/schema/documents.c: schemas/v1.4/rules.yaml $(gateway_schemas) lib/schema/bytes.awk \
		lib/schema/documents.awk
	$(AM_V_GEN)$(MKDIR_P) lib/schema && files= && \
	for f in schemas/v1.4/rules.yaml $(gateway_schemas); do files="$$files $(srcdir)/$$f"; done && \
	LC_ALL=C $(AWK) -v release=v1.4 -f $(srcdir)/lib/schema/bytes.awk \
		-f $(srcdir)/lib/schema/documents.awk $$files >$@.tmp && \
	mv $@.tmp $@
