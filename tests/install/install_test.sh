#!/bin/sh
# What `make install` puts where is the list, and a stranger who has only pkg-config builds and runs
# the examples against it: C with the shared and the static library, Python, LuaJIT. All of them
# print the same decision. The second library is used the same way, if it was built.
set -eu
src=$(cd "${top_srcdir:-.}" && pwd) build=$(cd "${top_builddir:-.}" && pwd)
if [ "${SANITIZED:-no}" = yes ]; then
    echo "skipped: an instrumented library is not for strangers"
    exit 77
fi
stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
status=0

fail() {
    echo "$*"
    status=1
}

MAKEFLAGS='' MAKELEVEL='' make -s -C "$build" install DESTDIR="$stage" >"$stage/install.log" 2>&1 || {
    cat "$stage/install.log"
    exit 1
}
prefix=$(sed -n 's/^prefix=//p' "$build/pkgconfig/libgatewayapi.pc")
libdir=$(pkg-config --variable=libdir "$build/pkgconfig/libgatewayapi.pc")
(cd "$stage$prefix" && find . ! -type d | LC_ALL=C sort) >"$stage/manifest"
cat "$src/tests/install/manifest.expected" >"$stage/expected"
[ "${WITH_OPENSSL:-no}" = no ] || cat "$src/tests/install/manifest-openssl.expected" >>"$stage/expected"
LC_ALL=C sort -o "$stage/expected" "$stage/expected"
diff -u "$stage/expected" "$stage/manifest" || fail "the installed files are not those of the list"

pc="pkg-config --define-variable=prefix=$stage$prefix --define-variable=libdir=$stage$libdir"
PKG_CONFIG_PATH=$stage$libdir/pkgconfig
export PKG_CONFIG_PATH
set -- shop.example.com /search/shoes?size=42 "$src"/examples/shop/*.yaml

# Debian's linkers look for our library only where pkg-config says.
${CC:-cc} -std=c11 "$src/examples/embed.c" $($pc --cflags --libs libgatewayapi) -o "$stage/shared"
LD_LIBRARY_PATH="$stage$libdir" "$stage/shared" "$@" >"$stage/shared.out" || fail "embed.c, shared"
diff -u "$src/tests/install/decision.expected" "$stage/shared.out" || fail "embed.c decides something else"

archive=$stage$libdir/libgatewayapi.a
if [ -e "$archive" ]; then
    ${CC:-cc} -std=c11 "$src/examples/embed.c" $($pc --cflags libgatewayapi) "$archive" \
        $(pkg-config --libs yaml-0.1 jansson libpcre2-8) -lm -o "$stage/static"
    "$stage/static" "$@" >"$stage/static.out" || fail "embed.c, static"
    cmp "$stage/shared.out" "$stage/static.out" || fail "the static library decides something else"
fi

# The second library, the same way.
if [ "${WITH_OPENSSL:-no}" = yes ]; then
    data=$src/tests/data/openssl
    ${CC:-cc} -std=c11 "$src/examples/certificates.c" $($pc --cflags --libs libgatewayapi-openssl) -o "$stage/judge"
    LD_LIBRARY_PATH="$stage$libdir" "$stage/judge" "$data/names.crt" "$data/names.key" >"$stage/judge.out" &&
        LD_LIBRARY_PATH="$stage$libdir" "$stage/judge" "$data/ca.crt" >>"$stage/judge.out" || fail "certificates.c"
    ! LD_LIBRARY_PATH="$stage$libdir" "$stage/judge" "$data/ec.crt" "$data/stranger.key" >>"$stage/judge.out" ||
        fail "certificates.c takes a key of nobody's"
    diff -u "$src/tests/install/certificates.expected" "$stage/judge.out" || fail "certificates.c says something else"
    # Two Gateways that believe each other, a backend that is another one, a client that is nobody.
    for end in server client; do
        ${CC:-cc} -std=gnu11 "$src/examples/mtls/$end.c" $($pc --cflags --libs libgatewayapi-openssl libssl libcrypto) -o "$stage/$end"
    done
    manifests=$src/examples/mtls/manifests.yaml
    LD_LIBRARY_PATH="$stage$libdir" "$stage/server" "$manifests" 8443 3 >"$stage/server.out" 2>&1 &
    server=$!
    for i in 1 2 3 4 5 6 7 8 9 10; do [ -s "$stage/server.out" ] || sleep 0.3; done
    port=$(head -n 1 "$stage/server.out")
    for host in orders impostor; do
        LD_LIBRARY_PATH="$stage$libdir" "$stage/client" "$manifests" $host.example.com "$port" || :
    done >"$stage/client.out"
    grep -v clientCertificateRef "$manifests" >"$stage/nobody.yaml"
    LD_LIBRARY_PATH="$stage$libdir" "$stage/client" "$stage/nobody.yaml" orders.example.com "$port" >"$stage/nobody.out" || :
    wait $server || fail "mtls/server.c"
    # OpenSSL's own words differ between its versions.
    sed '1d; s/^failed: .*/failed/' "$stage/server.out" >>"$stage/client.out"
    diff -u "$src/tests/install/mtls.expected" "$stage/client.out" || fail "the mtls example says something else"
    grep -q '^failed: ' "$stage/nobody.out" || fail "the mtls example lets in who is nobody"

    second=$stage$libdir/libgatewayapi-openssl.a
    if [ -e "$second" ] && [ -e "$archive" ]; then
        ${CC:-cc} -std=c11 "$src/examples/certificates.c" $($pc --cflags libgatewayapi-openssl) "$second" "$archive" \
            $(pkg-config --libs yaml-0.1 jansson libpcre2-8 libssl libcrypto) -lm -o "$stage/judge-static"
        "$stage/judge-static" "$data/ca.crt" >"$stage/judge-static.out" || fail "certificates.c, static"
    fi
fi

library=$stage$libdir/libgatewayapi.so.0
if [ -n "${PYTHON3:-}" ]; then
    "$PYTHON3" "$src/examples/embed.py" "$library" "$@" >"$stage/python.out" || fail "embed.py"
    cmp "$stage/shared.out" "$stage/python.out" || fail "embed.py decides something else"
fi
if [ -n "${LUAJIT:-}" ]; then
    "$LUAJIT" "$src/examples/embed.lua" "$library" "$@" >"$stage/lua.out" || fail "embed.lua"
    cmp "$stage/shared.out" "$stage/lua.out" || fail "embed.lua decides something else"
fi

# The library takes in what it says in its .pc file and nothing else.
needed=$(readelf -d "$library" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' | LC_ALL=C sort | tr '\n' ' ')
[ "$needed" = "libc.so.6 libjansson.so.4 libpcre2-8.so.0 libyaml-0.so.2 " ] ||
    [ "$needed" = "libc.so.6 libjansson.so.4 libm.so.6 libpcre2-8.so.0 libyaml-0.so.2 " ] ||
    fail "the library needs: $needed"
exit $status
