#!/bin/sh
# The benchmark still runs, and the library answers as the plain walk does: 10 rules, no times.
set -eu
[ -n "${PYTHON3:-}" ] || exit 77
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
"$PYTHON3" "${top_srcdir:-.}/bench/generate.py" --rules 10 --requests 1000 --out "$out"
"${top_builddir:-.}/bench/bench" --once "$out"
