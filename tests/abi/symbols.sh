#!/bin/sh
# The exported names, with their version node, are those of the list: an addition is an entry
# here, in libgatewayapi.map and in CHANGELOG.md.
set -eu
here=${top_srcdir:-.}/tests/abi
lib=${top_builddir:-.}/.libs/libgatewayapi.so
[ -e "$lib" ] || exit 77
actual=$(mktemp)
trap 'rm -f "$actual"' EXIT
nm -D --defined-only --with-symbol-versions "$lib" | awk '$2 != "A" {print $3}' | sed 's/@@/@/' |
    LC_ALL=C sort >"$actual"
diff -u "$here/symbols.expected" "$actual"
