# The command: only the public headers and the shared library, as any other user of them.
bin_PROGRAMS += gatewayapi
gatewayapi_SOURCES = \
	cli/main.c cli/command.h \
	cli/graph/graph.h cli/graph/layout.c cli/graph/model.c cli/graph/model.h \
	cli/test/compare.c cli/test/coverage.c cli/test/read.c cli/test/render.c cli/test/test.h \
	cli/xml.c cli/xml.h cli/test.c \
	cli/graph/read.c cli/graph/rules.c cli/graph/svg.c cli/graph/text.c \
	cli/excerpt.c cli/excerpt.h \
	cli/explain_object.c cli/explain_object.h \
	cli/io.c cli/io.h \
	cli/certificates.c cli/certificates.h \
	cli/compare.c cli/compare.h \
	cli/decide.c cli/decide.h \
	cli/conditions.c cli/conditions.h \
	cli/lines.c cli/lines.h \
	cli/load.c cli/load.h \
	cli/memory.c cli/memory.h \
	cli/options.c cli/options.h \
	cli/options_value.c cli/options_value.h \
	cli/manual.c cli/manual.h \
	cli/paths.c cli/paths.h \
	cli/render_decision.c cli/render_decision.h \
	cli/render_github.c cli/render_human.c cli/render_human.h \
	cli/render_junit.c cli/render_sarif.c cli/render_tap.c \
	cli/render_status.c cli/render_status.h \
	cli/report.c cli/report.h \
	cli/request.c cli/request.h \
	cli/resolve.c cli/resolve.h \
	cli/snapshot.c cli/snapshot.h \
	cli/terminal.c cli/terminal.h \
	cli/tls.c \
	cli/tls_connect.c cli/tls_connect.h \
	cli/compile.c cli/explain.c cli/graph.c cli/lint.c cli/match.c cli/normalize.c cli/status.c cli/validate.c
gatewayapi_CPPFLAGS = -I$(top_srcdir)/include -I$(top_builddir)/include \
	-D_XOPEN_SOURCE=700 -D_DEFAULT_SOURCE
gatewayapi_LDADD = libgatewayapi.la $(JANSSON_LIBS) $(YAML_LIBS)
if WITH_OPENSSL
gatewayapi_CPPFLAGS += -DCLI_WITH_OPENSSL $(OPENSSL_CFLAGS)
gatewayapi_LDADD += libgatewayapi-openssl.la $(OPENSSL_LIBS)
endif
