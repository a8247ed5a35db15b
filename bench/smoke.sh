#!/bin/sh
# The benchmarks still run, and the library answers as the plain walk does, no times.
set -eu
[ -n "${PYTHON3:-}" ] || exit 77
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
for profile in mixed path regex grpc; do
    "$PYTHON3" "${top_srcdir:-.}/bench/generate.py" --rules 30 --requests 1000 --profile $profile \
        --out "$out/$profile"
    "${top_builddir:-.}/bench/bench" --once "$out/$profile"
done
"${top_builddir:-.}/bench/change" --routes 100 --gateways 5 --seconds 0
"${top_builddir:-.}/bench/tls" --services 20 --once
if [ -x "${top_builddir:-.}/bench/handshake" ]; then
    "${top_builddir:-.}/bench/handshake" "${top_srcdir:-.}/examples/mtls/manifests.yaml" --once
fi
"$PYTHON3" "${top_srcdir:-.}/bench/manifests.py" --count 10 --files 10 --out "$out/manifests"
"$PYTHON3" "${top_srcdir:-.}/bench/validate.py" --command "${top_builddir:-.}/gatewayapi" \
    --floor "${top_builddir:-.}/bench/floor" --data "$out/manifests" --runs 1
