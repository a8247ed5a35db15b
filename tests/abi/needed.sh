#!/bin/sh
# What each library takes in: libgatewayapi never OpenSSL, the second library never what only the
# first one needs. Both have a soname of their own and keep no writable data.
set -eu
libs=${top_builddir:-.}/.libs
status=0
if [ "${SANITIZED:-no}" = yes ] || [ ! -e "$libs/libgatewayapi.so" ]; then
    echo "skipped: an instrumented library takes in more"
    exit 77
fi

# takes LIBRARY PATTERN: nothing but what is allowed
takes() {
    needed=$(readelf -d "$libs/$1" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p')
    [ -n "$needed" ] || { echo "readelf tells nothing of $1"; exit 99; }
    wrong=$(echo "$needed" | grep -vE "^($2)\.so" || true)
    [ -z "$wrong" ] || { echo "$1 needs $wrong"; status=1; }
}

named() {
    readelf -d "$libs/$1" | grep -q "(SONAME).*\[$2\]" || { echo "$1 is not called $2"; status=1; }
}

common='libc|libm|libgcov|ld-[a-z0-9-]*'
takes libgatewayapi.so "$common|libyaml-0|libjansson|libpcre2-8"
named libgatewayapi.so libgatewayapi.so.0
if [ "${WITH_OPENSSL:-no}" = yes ]; then
    takes libgatewayapi-openssl.so "$common|libcrypto|libssl|libgatewayapi"
    named libgatewayapi-openssl.so libgatewayapi-openssl.so.0
    data=$(objdump -t "$libs/libgwapi-openssl.a" | awk '$0 ~ /[ \t](\.data|\.bss|\.tdata|\.tbss|\*COM\*)/ && $0 !~ /\.data\.rel\.ro/ && $NF !~ /^\./' | grep -v __gcov || true)
    [ -z "$data" ] || { echo "libgatewayapi-openssl has writable data: $data"; status=1; }
fi
exit $status
