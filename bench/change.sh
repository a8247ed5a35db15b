#!/bin/sh
# What one changed route costs, in instructions (callgrind) and time, and how resolving grows.
#
#   bench/change.sh [-b BUILD] [-k CHANGES] [ROUTES/GATEWAYS…]
#
# BUILD (default: build/plain) is a configured build folder, CHANGES (default: 10) are counted and
# averaged; the sizes are 10000/100 and 100000/1000 unless others are given. Needs valgrind and,
# when the build folder was configured, its header.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
build=$here/../build/plain
changes=10
while getopts b:k: option; do
    case $option in
    b) build=$OPTARG ;;
    k) changes=$OPTARG ;;
    *) exit 2 ;;
    esac
done
shift $((OPTIND - 1))
[ $# -gt 0 ] || set -- 10000/100 100000/1000

make -s -C "$build" bench/change >&2
dumps=$(mktemp -d)
trap 'rm -rf "$dumps"' EXIT
date -u
for size in "$@"; do
    routes=${size%/*}
    gateways=${size#*/}
    "$build/bench/change" --routes "$routes" --gateways "$gateways"
    "$build/libtool" --mode=execute valgrind --tool=callgrind --instr-atstart=no \
        --callgrind-out-file="$dumps/$routes" "$build/bench/change" \
        --routes "$routes" --gateways "$gateways" --changes "$changes" >/dev/null 2>"$dumps/log" ||
        { cat "$dumps/log" >&2; exit 1; }
    # A dump tells why it was made, and what it counted.
    awk -v size="$size" '
        /^desc: Trigger: Client Request: / { step = $5 }
        /^totals: / && step != "" { sum[step] += $2; count[step]++; step = "" }
        END {
            for (s in sum)
                printf "%s %s %.0f\n", size, s, sum[s] / count[s]
        }' "$dumps/$routes".* >>"$dumps/sums"
done
# Each size, beside the one before.
awk '
    { if (!($1 in seen)) { order[n++] = $1; seen[$1] = 1 } sum[$1, $2] = $3 }
    END {
        split("resolve compile change-read change-resolve change-release change-compile", steps)
        for (i = 0; i < n; i++) {
            size = order[i]
            printf "== %s, instructions\n", size
            for (s = 1; s in steps; s++) {
                printf "%-16s %15.0f", steps[s], sum[size, steps[s]]
                if (i > 0)
                    printf "  %7.2f x %s", sum[size, steps[s]] / sum[order[i - 1], steps[s]], order[i - 1]
                printf "\n"
            }
            change = sum[size, "change-read"] + sum[size, "change-resolve"] + sum[size, "change-release"]
            printf "a changed route  %15.0f  1/%.0f of resolve\n", change, sum[size, "resolve"] / change
            printf "… and compiled   %15.0f  1/%.1f of resolve and compile\n",
                change + sum[size, "change-compile"],
                (sum[size, "resolve"] + sum[size, "compile"]) / (change + sum[size, "change-compile"])
        }
    }' "$dumps/sums"
