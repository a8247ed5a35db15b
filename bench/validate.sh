#!/bin/sh
# Builds the command and the floor, makes the manifests if they are missing, and measures what
# validating them costs.
#
#   bench/validate.sh [-b BUILD] [-o OUT] [-n COUNT] [OPTION OF validate.py…]
#
# BUILD (default: build/plain) is a configured build folder, OUT (default: bench/out/validate)
# receives COUNT (default: 10000) manifests.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
build=$here/../build/plain
out=$here/out/validate
count=10000
while [ $# -gt 1 ]; do
    case $1 in
    -b) build=$2 ;;
    -o) out=$2 ;;
    -n) count=$2 ;;
    *) break ;;
    esac
    shift 2
done

build=$(cd "$build" && pwd)
make -s -C "$build" gatewayapi bench/floor >&2
[ -f "$out/$count/one.yaml" ] || python3 "$here/manifests.py" --count "$count" --out "$out/$count"

# The programs themselves: libtool's scripts around them would be measured too.
real() {
    if [ -f "$build/$1.libs/$2" ]; then echo "$build/$1.libs/$2"; else echo "$build/$1$2"; fi
}
LD_LIBRARY_PATH=$build/.libs${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
export LD_LIBRARY_PATH
exec python3 "$here/validate.py" --command "$(real "" gatewayapi)" --floor "$(real bench/ floor)" \
    --data "$out/$count" "$@"
