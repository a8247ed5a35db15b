# YAML and JSON bytes to trees with places, and back.
libgwapi_la_SOURCES += \
	lib/doc/alias_budget.c lib/doc/alias_budget.h \
	lib/doc/base64.c \
	lib/doc/builder.c lib/doc/builder.h \
	lib/doc/decimal.c lib/doc/decimal.h \
	lib/doc/float_key.c lib/doc/float_key.h \
	lib/doc/json.c lib/doc/json.h \
	lib/doc/node.c lib/doc/node.h \
	lib/doc/problem.c lib/doc/problem.h \
	lib/doc/scalar.c lib/doc/scalar.h \
	lib/doc/scan.c lib/doc/scan.h \
	lib/doc/source.c lib/doc/source.h \
	lib/doc/stream.c lib/doc/stream.h \
	lib/doc/timestamp.c lib/doc/timestamp.h \
	lib/doc/unfold.c lib/doc/unfold.h \
	lib/doc/write.c lib/doc/write.h \
	lib/doc/write_yaml.c \
	lib/doc/yaml.c lib/doc/yaml.h \
	lib/doc/yaml_input.c lib/doc/yaml_input.h \
	lib/doc/yaml_text.c lib/doc/yaml_text.h
