#!/bin/sh
# Builds the benchmark, makes the tables that are missing, measures each size.
#
#   bench/run.sh [-b BUILD] [-o OUT] [-s SECONDS] [SIZE…]
#
# BUILD (default: build/plain) is a configured build folder, OUT (default: bench/out) receives the
# tables, SECONDS (default: 1) are spent on each entry, SIZE are numbers of rules (default: 10 100
# 1000 10000 100000).
set -eu
here=$(cd "$(dirname "$0")" && pwd)
build=$here/../build/plain
out=$here/out
seconds=1
while getopts b:o:s: option; do
    case $option in
    b) build=$OPTARG ;;
    o) out=$OPTARG ;;
    s) seconds=$OPTARG ;;
    *) exit 2 ;;
    esac
done
shift $((OPTIND - 1))
[ $# -gt 0 ] || set -- 10 100 1000 10000 100000

make -s -C "$build" bench/bench >&2
mkdir -p "$out"
date -u
status=0
for rules in "$@"; do
    echo "== $rules rules"
    [ -f "$out/$rules/requests.jsonl" ] || python3 "$here/generate.py" --rules "$rules" --out "$out/$rules"
    "$build/bench/bench" --seconds "$seconds" "$out/$rules" || status=$?
done
exit $status
