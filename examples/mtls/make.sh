#!/bin/sh
# Makes manifests.yaml anew: two Gateways that believe each other. `edge` goes to the Service
# `orders`, whose endpoint is the Gateway `inner`, which lets in who has a certificate of the CA.
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
printf '[req]\ndistinguished_name = dn\n[dn]\n' >"$work/conf"
# make NAME SIGNER EXTENSION
make() {
    [ -z "$2" ] || set -- "$1" "$2" "$3" -CA "$work/$2.crt" -CAkey "$work/$2.key"
    name=$1 extension=$3
    shift 3
    openssl req -x509 -new -config "$work/conf" -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 36500 \
        -subj "/CN=$name" -addext "$extension" -keyout "$work/$name.key" -out "$work/$name.crt" "$@" 2>/dev/null
}
make ca '' basicConstraints=critical,CA:TRUE
make inner ca subjectAltName=DNS:orders.example.internal,URI:spiffe://example.internal/orders
make edge ca subjectAltName=URI:spiffe://example.internal/edge

secret() {
    printf -- '---\napiVersion: v1\nkind: Secret\ntype: kubernetes.io/tls\nmetadata: {name: %s, namespace: shop}\n' "$1"
    printf 'data:\n  tls.crt: %s\n  tls.key: %s\n' "$(base64 -w0 "$work/$1.crt")" "$(base64 -w0 "$work/$1.key")"
}
{
    sed '/^# certificates/q' manifests.yaml
    printf -- '---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: ca, namespace: shop}\ndata:\n  ca.crt: |\n'
    sed 's/^/    /' "$work/ca.crt"
    secret inner
    secret edge
} >"$work/manifests.yaml"
mv "$work/manifests.yaml" manifests.yaml
