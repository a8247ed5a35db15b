#!/bin/bash
# gatewayapi tls --connect against servers of others: openssl s_server and, if it is there,
# gnutls-serv. Certificates are made on the spot, everything stays on the loopback.
set -u
gatewayapi=${top_builddir:-.}/gatewayapi
[ "${WITH_OPENSSL:-yes}" = yes ] || exit 77
command -v openssl >/dev/null || exit 77
work=$(mktemp -d) || exit 99
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null; rm -rf "$work"' EXIT
passed=0
failed=0

# ---- certificates

printf '[req]\ndistinguished_name = dn\n[dn]\n' >"$work/conf"
# make NAME SIGNER EXTENSION…: NAME.crt and NAME.key; SIGNER "" signs itself
make() {
    local name=$1 signer=$2 extension arguments=()
    shift 2
    for extension; do arguments+=(-addext "$extension"); done
    [ -z "$signer" ] || arguments+=(-CA "$work/$signer.crt" -CAkey "$work/$signer.key")
    openssl req -x509 -new -config "$work/conf" -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 \
        -subj "/CN=$name" -keyout "$work/$name.key" -out "$work/$name.crt" "${arguments[@]}" 2>"$work/err" ||
        { cat "$work/err"; exit 99; }
}
ca='basicConstraints=critical,CA:TRUE'
make root '' "$ca"
make other '' "$ca"
make inter root "$ca"
make good root 'subjectAltName=DNS:up.example.com'
make wild root 'subjectAltName=DNS:*.example.com'
make uri root 'subjectAltName=DNS:x.example.com,URI:spiffe://shop/cart'
make deep inter 'subjectAltName=DNS:up.example.com'
make selfmade '' 'subjectAltName=DNS:up.example.com'
make stranger other 'subjectAltName=DNS:up.example.com'
make client root 'extendedKeyUsage=clientAuth'
cat "$work/deep.crt" "$work/inter.crt" >"$work/chain.crt"
cp "$work/deep.key" "$work/chain.key"

# ---- manifests

# policy VALIDATION CA…: manifests.yaml
policy() {
    local validation=$1 refs= name
    shift
    {
        cat <<END
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: g, namespace: ns}
spec:
  gatewayClassName: c
  tls: {backend: {clientCertificateRef: {name: client}}}
  listeners: [{name: h, port: 80, protocol: HTTP}]
---
apiVersion: v1
kind: Service
metadata: {name: s, namespace: ns}
spec: {ports: [{port: 443}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: r, namespace: ns}
spec: {parentRefs: [{name: g}], rules: [{backendRefs: [{name: s, port: 443}]}]}
---
apiVersion: v1
kind: Secret
type: kubernetes.io/tls
metadata: {name: client, namespace: ns}
data:
  tls.crt: $(base64 -w0 "$work/client.crt")
  tls.key: $(base64 -w0 "$work/client.key")
END
        for name; do
            printf -- '---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: %s, namespace: ns}\ndata:\n  ca.crt: |\n' "$name"
            sed 's/^/    /' "$work/$name.crt"
            refs="$refs{group: '', kind: ConfigMap, name: $name}, "
        done
        cat <<END
---
apiVersion: gateway.networking.k8s.io/v1
kind: BackendTLSPolicy
metadata: {name: p, namespace: ns}
spec:
  targetRefs: [{group: '', kind: Service, name: s}]
  validation: {hostname: up.example.com$validation, ${refs:+caCertificateRefs: [${refs%, }]}}
END
    } | sed 's/, }$/, wellKnownCACertificates: System}/' >"$work/manifests.yaml"
}

# ---- servers

# Nobody may take the log of the last server for that of the next one.
stop() {
    [ -z "$server" ] || { kill "$server" && wait "$server"; } 2>/dev/null
    server=
    rm -f "$work/log"
}

# Waits until the log has the pattern; false when the server ended before.
await() {
    local i
    for i in $(seq 100); do
        grep -qs "$1" "$work/log" && return 0
        kill -0 "$server" 2>/dev/null || return 1
        sleep 0.05
    done
    return 1
}

start_openssl() {
    local arguments=()
    [ "$2" = plain ] || arguments=(-Verify 1 -verify_return_error -CAfile "$work/root.crt")
    openssl s_server -accept 127.0.0.1:0 -www -cert "$work/$1.crt" -cert_chain "$work/$1.crt" -key "$work/$1.key" \
        "${arguments[@]}" >"$work/log" 2>&1 &
    server=$!
    await '^ACCEPT.*:[0-9]' || return 1
    # The line is written piece by piece.
    while [ -n "$(tail -c 1 "$work/log")" ]; do sleep 0.02; done
    port=$(sed -n 's/^ACCEPT.*:\([0-9]*\)$/\1/p' "$work/log" | head -n 1)
}

start_gnutls() {
    local arguments=(--disable-client-cert) try
    [ "$2" = plain ] || arguments=(--require-client-cert --verify-client-cert --x509cafile "$work/root.crt")
    for try in 1 2 3 4 5; do
        port=$((20000 + RANDOM))
        gnutls-serv --port "$port" --echo --x509certfile "$work/$1.crt" --x509keyfile "$work/$1.key" \
            "${arguments[@]}" >"$work/log" 2>&1 &
        server=$!
        await 'listening on IPv4.*done' && return 0
        stop
    done
    return 1
}

# ---- cases

# check SERVER CERTIFICATE CLIENTS EXPECTED: EXPECTED is "done" or a part of the reason
check() {
    local out status wanted=1 word='"done":false'
    "start_$1" "$2" "$3" || { echo "no server: $1 $2"; cat "$work/log" 2>/dev/null; failed=$((failed + 1)); stop; return; }
    out=$("$gatewayapi" tls --channel experimental backend ns/s:443 "$work/manifests.yaml" --connect "127.0.0.1:$port" --output json 2>&1)
    status=$?
    stop
    [ "$4" != done ] || { wanted=0; word='"done":true'; }
    if [ $status = $wanted ] && [[ $out == *"$word"* ]] && { [ "$4" = done ] || [[ $out == *"$4"* ]]; }; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        printf 'FAIL %s %s %s, expected %s: %d\n%s\n' "$1" "$2" "$3" "$4" $status "$out"
    fi
}

check_all() {
    policy '' root
    check "$1" good plain done
    check "$1" wild plain done
    check "$1" chain plain done
    check "$1" good clients done
    check "$1" deep plain 'the issuer of CN=deep, which is CN=inter, was not sent and is not trusted'
    check "$1" uri plain 'CN=uri has DNS x.example.com, URI spiffe://shop/cart; accepted: DNS up.example.com'
    check "$1" selfmade plain 'CN=selfmade is signed by itself and not trusted'
    check "$1" stranger plain 'which is CN=other, was not sent and is not trusted'
    policy ", subjectAltNames: [{type: URI, uri: 'spiffe://shop/cart'}]" root
    check "$1" uri plain done
    check "$1" uri clients done
    check "$1" good plain 'accepted: URI spiffe://shop/cart'
    policy '' root other
    check "$1" stranger plain done
    policy '' inter
    check "$1" deep plain done
    policy ''
    check "$1" good plain 'is not trusted'
    SSL_CERT_FILE=$work/root.crt check "$1" good plain done
}

check_all openssl
! command -v gnutls-serv >/dev/null || check_all gnutls

# Nobody is there; nothing answers.
policy '' root
out=$("$gatewayapi" tls --channel experimental backend ns/s:443 "$work/manifests.yaml" --connect 127.0.0.1:1 2>&1)
[ $? = 2 ] && [[ $out == *"--connect 127.0.0.1:1: "* ]] || { failed=$((failed + 1)); echo "$out"; }

echo "$passed passed, $failed failed"
[ $failed = 0 ] && [ $passed -ge 15 ]
