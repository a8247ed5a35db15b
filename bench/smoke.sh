#!/bin/sh
# The benchmarks still run, and the library answers as the plain walk does: 10 rules, no times.
set -eu
[ -n "${PYTHON3:-}" ] || exit 77
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
"$PYTHON3" "${top_srcdir:-.}/bench/generate.py" --rules 10 --requests 1000 --out "$out"
"${top_builddir:-.}/bench/bench" --once "$out"
"${top_builddir:-.}/bench/change" --routes 100 --gateways 5 --seconds 0
"${top_builddir:-.}/bench/tls" --services 20 --once
if [ -x "${top_builddir:-.}/bench/handshake" ]; then
    "${top_builddir:-.}/bench/handshake" "${top_srcdir:-.}/examples/mtls/manifests.yaml" --once
fi
"$PYTHON3" "${top_srcdir:-.}/bench/manifests.py" --count 10 --files 10 --out "$out/manifests"
"$PYTHON3" "${top_srcdir:-.}/bench/validate.py" --command "${top_builddir:-.}/gatewayapi" \
    --floor "${top_builddir:-.}/bench/floor" --data "$out/manifests" --runs 1
