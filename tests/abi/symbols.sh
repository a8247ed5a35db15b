#!/bin/sh
# The exported names of each library, with their version node, are those of its list: an addition
# is an entry here, in the library's map and in CHANGELOG.md.
set -eu
here=${top_srcdir:-.}/tests/abi
libs=${top_builddir:-.}/.libs
[ -e "$libs/libgatewayapi.so" ] || exit 77
actual=$(mktemp)
trap 'rm -f "$actual"' EXIT
status=0

exports() {
    nm -D --defined-only --with-symbol-versions "$libs/$1.so" | awk '$2 != "A" {print $3}' | sed 's/@@/@/' |
        LC_ALL=C sort >"$actual"
    diff -u "$here/$2" "$actual" || status=1
}

exports libgatewayapi symbols.expected
if [ "${WITH_OPENSSL:-no}" = yes ]; then
    exports libgatewayapi-openssl symbols-openssl.expected
    # A program may link both archives: every name carries our prefix and stands in one of them.
    nm -g --defined-only "$libs/libgwapi-openssl.a" | awk 'NF == 3 {print $3}' | sort >"$actual"
    foreign=$(grep -vE '^(gwapi_|__odr_asan|__asan|_GLOBAL_)' "$actual" || true)
    [ -z "$foreign" ] || { echo "names without our prefix: $foreign"; status=1; }
    both=$(nm -g --defined-only "$libs/libgwapi.a" | awk 'NF == 3 {print $3}' | sort | comm -12 - "$actual" | grep '^gwapi_' || true)
    [ -z "$both" ] || { echo "names of both libraries: $both"; status=1; }
fi
exit $status
