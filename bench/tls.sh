#!/bin/sh
# What the TLS policy in force costs: looked up beside a probe of a hash table (time), set up on an
# SSL beside OpenSSL by hand (instructions).
#
#   bench/tls.sh [-b BUILD] [-n COUNT] [-s SECONDS] [SERVICES…]
#
# BUILD (default: build/plain) is a configured build folder, COUNT (default: 200) set-ups are
# counted and averaged, SECONDS (default: 1) are spent on each look-up, SERVICES are numbers of
# Services with a policy each (default: 10 1000 10000). Counting needs valgrind and, when the build
# folder was configured, its header; without OpenSSL nothing is set up.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
build=$here/../build/plain
count=200
seconds=1
while getopts b:n:s: option; do
    case $option in
    b) build=$OPTARG ;;
    n) count=$OPTARG ;;
    s) seconds=$OPTARG ;;
    *) exit 2 ;;
    esac
done
shift $((OPTIND - 1))
[ $# -gt 0 ] || set -- 10 1000 10000

make -s -C "$build" bench/tls >&2
date -u
for services in "$@"; do
    "$build/bench/tls" --services "$services" --seconds "$seconds"
done
grep -q '^WITH_OPENSSL_WORD = yes' "$build/Makefile" || exit 0
make -s -C "$build" bench/handshake >&2
dumps=$(mktemp -d)
trap 'rm -rf "$dumps"' EXIT
"$build/libtool" --mode=execute valgrind --tool=callgrind --instr-atstart=no \
    --callgrind-out-file="$dumps/out" "$build/bench/handshake" \
    "$here/../examples/mtls/manifests.yaml" --count "$count" >/dev/null 2>"$dumps/log" ||
    { cat "$dumps/log" >&2; exit 1; }
# A dump tells why it was made, and what it counted.
awk -v count="$count" '
    /^desc: Trigger: Client Request: / { way = $5 }
    /^totals: / && way != "" { sum[way] = $2 / count; way = "" }
    END {
        split("connect serve", sides)
        for (i = 1; i in sides; i++) {
            hand = sum[sides[i] "-by-hand"]; helper = sum[sides[i] "-by-helper"]
            printf "%-8s by hand %9.0f  by the helper %9.0f instructions  %5.2f x\n",
                sides[i], hand, helper, helper / hand
        }
        printf "SSL_new and SSL_free alone, in each of them: %.0f\n", sum["SSL_new-and-free"]
    }' "$dumps/out".*
