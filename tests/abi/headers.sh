#!/bin/sh
# Each public header compiles alone, as a stranger's compiler sees it: C11 and C++17, pedantic.
set -eu
src=${top_srcdir:-.} build=${top_builddir:-.}
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
status=0
for header in "$src"/include/gatewayapi.h "$src"/include/gatewayapi/*.h "$build"/include/gatewayapi/*.h; do
    [ -e "$header" ] || continue
    name=${header##*/include/}
    [ "$name" != gatewayapi/openssl.h ] || [ "${WITH_OPENSSL:-no}" = yes ] || continue
    echo "#include <$name>" >"$tmp/header.c"
    echo "int used_by_nobody(void); int used_by_nobody(void) { return 0; }" >>"$tmp/header.c"
    cp "$tmp/header.c" "$tmp/header.cc"
    flags="-fsyntax-only -pedantic -Wall -Wextra -Werror -I$src/include -I$build/include"
    ${CC:-cc} -std=c11 $flags "$tmp/header.c" || { echo "C11: $name"; status=1; }
    ${CXX:-c++} -std=c++17 $flags "$tmp/header.cc" || { echo "C++17: $name"; status=1; }
done
# Who takes the first library alone gets no type of OpenSSL.
echo '#include <gatewayapi.h>' | ${CC:-cc} -std=c11 -E "-I$src/include" "-I$build/include" - >"$tmp/all"
! grep -q '/openssl/' "$tmp/all" || { echo "gatewayapi.h takes in OpenSSL"; status=1; }
exit $status
