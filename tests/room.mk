# The tests mirror lib/: a folder a room, a program a folder.
EXTRA_DIST += \
	tests/data/crd/README.md \
	tests/data/crd/conversion.yaml \
	tests/data/crd/defaults.yaml \
	tests/data/crd/expressions.yaml \
	tests/data/crd/keywords.yaml \
	tests/data/crd/lists.yaml \
	tests/data/crd/names.yaml \
	tests/data/crd/rules.yaml \
	tests/data/crd/selectable.yaml \
	tests/data/crd/structural.yaml \
	tests/data/crd/types.yaml \
	tests/data/crd/versions.yaml \
	tests/data/schema/formats.jsonl \
	tests/data/schema/things.jsonl \
	tests/data/validate/README.md \
	tests/data/validate/structural-standard.jsonl \
	tests/data/validate/structural-experimental.jsonl \
	tests/data/validate/rules-standard.jsonl \
	tests/data/validate/rules-experimental.jsonl
EXTRA_DIST += tests/data/openssl tests/data/handshakes tests/data/tls/edge.yaml
EXTRA_DIST += tests/abi/symbols.expected tests/abi/symbols-openssl.expected \
	tests/install/manifest.expected tests/install/manifest-openssl.expected \
	tests/install/decision.expected tests/install/certificates.expected tests/install/mtls.expected \
	tests/conformance/adapter.py tests/conformance/README.md tests/support/oom.h tests/support/coverage.py tests/support/valgrind.sh tests/support/valgrind.supp \
	tests/support/one_process/criterion/criterion.h
AM_TESTS_ENVIRONMENT = \
	top_srcdir='$(top_srcdir)'; top_builddir='$(top_builddir)'; \
	export top_srcdir top_builddir; \
	CC='$(CC)'; CXX='$(CXX)'; PYTHON3='$(PYTHON3)'; LUAJIT='$(LUAJIT)'; SANITIZED='$(SANITIZED_WORD)'; \
	export CC CXX PYTHON3 LUAJIT SANITIZED; \
	WITH_OPENSSL='$(WITH_OPENSSL_WORD)'; export WITH_OPENSSL;
if SANITIZED
SANITIZED_WORD = yes
else
SANITIZED_WORD = no
endif
if WITH_OPENSSL
WITH_OPENSSL_WORD = yes
else
WITH_OPENSSL_WORD = no
endif
TEST_EXTENSIONS = .sh

dist_check_SCRIPTS += tests/layering.sh tests/purity.sh tests/abi/headers.sh tests/abi/needed.sh tests/abi/symbols.sh \
	tests/install/install_test.sh tests/schema/rule_ids.sh
TESTS += tests/layering.sh tests/purity.sh tests/abi/headers.sh tests/abi/needed.sh tests/abi/symbols.sh \
	tests/install/install_test.sh tests/schema/rule_ids.sh

include $(top_srcdir)/tests/cli/room.mk
include $(top_srcdir)/tests/threads/room.mk

if HAVE_CRITERION
include $(top_srcdir)/tests/base/room.mk
include $(top_srcdir)/tests/regex/room.mk
include $(top_srcdir)/tests/doc/room.mk
include $(top_srcdir)/tests/cel/room.mk
include $(top_srcdir)/tests/schema/room.mk
include $(top_srcdir)/tests/model/room.mk
include $(top_srcdir)/tests/image/room.mk
include $(top_srcdir)/tests/compile/room.mk
include $(top_srcdir)/tests/match/room.mk
include $(top_srcdir)/tests/resolve/room.mk
include $(top_srcdir)/tests/tls/room.mk
include $(top_srcdir)/tests/lint/room.mk
endif
if WITH_OPENSSL
include $(top_srcdir)/tests/openssl/room.mk
endif

# Installing links libgatewayapi-openssl anew where it lies: no other test may need it then.
tests/install/install_test.log: $(filter-out tests/install/install_test.log,$(TEST_LOGS))
