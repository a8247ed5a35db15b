#!/bin/sh
# Builds the benchmark, makes the tables that are missing, measures each size.
#
#   bench/run.sh [-b BUILD] [-o OUT] [-s SECONDS] [-p PROFILE] [SIZE…]
#
# BUILD (default: build/plain) is a configured build folder, OUT (default: bench/out) receives the
# tables, SECONDS (default: 1) are spent on each entry, PROFILE (default: mixed) is what the rules ask
# for, SIZE are numbers of rules (default: 10 100 1000 10000 100000).
set -eu
here=$(cd "$(dirname "$0")" && pwd)
build=$here/../build/plain
out=$here/out
seconds=1
profile=mixed
while getopts b:o:s:p: option; do
    case $option in
    b) build=$OPTARG ;;
    o) out=$OPTARG ;;
    s) seconds=$OPTARG ;;
    p) profile=$OPTARG ;;
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
    echo "== $rules rules, $profile"
    tables=$out/$profile-$rules
    [ -f "$tables/requests.jsonl" ] ||
        python3 "$here/generate.py" --rules "$rules" --profile "$profile" --out "$tables"
    "$build/bench/bench" --seconds "$seconds" "$tables" || status=$?
done
exit $status
