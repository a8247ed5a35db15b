#!/bin/bash
# Handshakes with others on the loopback, as tests/data/handshakes says: the command `gatewayapi tls
# --connect` as a client of openssl s_server and gnutls-serv, the server of examples/mtls with
# openssl s_client and gnutls-cli. Certificates are made on the spot, every policy comes from
# manifests, and no trust of the machine is used.
set -u
[ "${WITH_OPENSSL:-yes}" = yes ] || exit 77
command -v openssl >/dev/null || exit 77
gatewayapi=${top_builddir:-.}/gatewayapi
door=${top_builddir:-.}/examples/mtls/server
data=${top_srcdir:-.}/tests/data/handshakes
work=$(mktemp -d) || exit 99
pids=()
trap '[ ${#pids[@]} = 0 ] || kill "${pids[@]}" 2>/dev/null; rm -rf "$work"' EXIT
# Neither the machine's trust nor its opinions.
export OPENSSL_CONF=$work/openssl.conf SSL_CERT_FILE=$work/nobody SSL_CERT_DIR=$work/nowhere
export GNUTLS_SYSTEM_PRIORITY_FILE=/dev/null
with_gnutls=yes
command -v gnutls-serv >/dev/null && command -v gnutls-cli >/dev/null || with_gnutls=
[ -n "$with_gnutls" ] || echo "no gnutls-serv and gnutls-cli: handshakes with GnuTLS are left out"

# ---- certificates

cat >"$OPENSSL_CONF" <<END
[req]
distinguished_name = nothing
[nothing]
[ca]
default_ca = this
[this]
database = $work/index
new_certs_dir = $work
rand_serial = yes
unique_subject = no
default_md = sha256
policy = any
[any]
commonName = supplied
END
>"$work/index"

quietly() {
    "$@" >"$work/out" 2>&1 || { cat "$work/out"; echo "failed: $*"; exit 99; }
}

# NAME.crt, NAME.key, NAME.above: those between it and the root, and NAME.chain: itself and those.
make() {
    local name=$1 signer=$2 key=$3 dates=$4 extensions=$5 signing
    case $key in
    ec) key=(-algorithm EC -pkeyopt ec_paramgen_curve:P-256) ;;
    rsa*) key=(-algorithm RSA -pkeyopt rsa_keygen_bits:"${key#rsa}") ;;
    *) key=(-algorithm "$key") ;;
    esac
    case $dates in
    now) dates=(-days 2) ;;
    past) dates=(-startdate 20010101000000Z -enddate 20020101000000Z) ;;
    future) dates=(-startdate 20980101000000Z -enddate 20990101000000Z) ;;
    esac
    signing=(-cert "$work/$signer.crt" -keyfile "$work/$signer.key")
    [ "$signer" != - ] || signing=(-selfsign -keyfile "$work/$name.key")
    printf 'subjectKeyIdentifier = hash\n%s\n' "${extensions//; /$'\n'}" >"$work/extensions"
    quietly openssl genpkey "${key[@]}" -out "$work/$name.key"
    quietly openssl req -new -subj "/CN=$name" -key "$work/$name.key" -out "$work/request"
    quietly openssl ca -batch -notext "${signing[@]}" "${dates[@]}" -in "$work/request" \
        -extfile "$work/extensions" -out "$work/$name.crt"
    [ "$signer" = - ] || [ "${signers[$signer]}" = - ] || cp "$work/$signer.chain" "$work/$name.above"
    cat "$work/$name.crt" "$work/$name.above" >"$work/$name.chain" 2>/dev/null
    signers[$name]=$signer
}

declare -A signers
while IFS=$'\t' read -r name signer key dates extensions; do
    [[ $name = \#* ]] || make "$name" "$signer" "$key" "$dates" "$extensions"
done <"$data/certificates.tsv"

# ---- manifests

awk -v work="$work" '
function put(file,   line) {
    while ((getline line <file) > 0) print indent line
    close(file)
}
$1 == "@crt" || $1 == "@key" {
    indent = substr($0, 1, index($0, "@") - 1)
    for (i = 2; i <= NF; i++) put(work "/" $i "." substr($1, 2))
    next
}
{ print }' "$data/manifests.yaml" >"$work/manifests.yaml"

"$gatewayapi" tls --channel experimental backend ns/up "$work/manifests.yaml" >"$work/out" 2>&1 ||
    { cat "$work/out"; exit 99; }

# ---- servers of others

# await PID LOG PATTERN: until the log has it; false when the process ended before.
await() {
    local i
    for i in $(seq 600); do
        grep -qs "$3" "$2" && return 0
        kill -0 "$1" 2>/dev/null || return 1
        sleep 0.05
    done
    return 1
}

serve_openssl() {
    local log=$work/server.${#pids[@]} word above=$work/$1.above arguments=(-cipher DEFAULT@SECLEVEL=0)
    local certificate=(-cert "$work/$1.crt" -key "$work/$1.key")
    shift
    for word; do
        case $word in
        bare) above= ;;
        clients) arguments+=(-Verify 4 -verify_return_error -verifyCAfile "$work/root.crt") ;;
        sni=*) arguments+=(-servername "${word#*=}" -servername_fatal -cert2 "${certificate[1]}" -key2 "${certificate[3]}") ;;
        tls1.1) arguments+=(-tls1_1) ;;
        tls1.2) arguments+=(-tls1_2) ;;
        tls1.3) arguments+=(-tls1_3) ;;
        esac
    done
    [ ! -e "$above" ] || arguments+=(-cert_chain "$above")
    openssl s_server -accept 127.0.0.1:0 -www "${certificate[@]}" "${arguments[@]}" >"$log" 2>&1 &
    pids+=($!)
    # The line is written piece by piece.
    await $! "$log" '^ACCEPT.*:[0-9][0-9]*$' || { cat "$log"; return 1; }
    while [ -n "$(tail -c 1 "$log")" ]; do sleep 0.02; done
    served=$(sed -n 's/^ACCEPT.*:\([0-9]*\)$/\1/p' "$log" | head -n 1)
}

serve_gnutls() {
    local log=$work/server.${#pids[@]} try word versions=NORMAL clients=(--disable-client-cert)
    local file=$work/$1.chain key=$work/$1.key arguments=()
    shift
    for word; do
        case $word in
        bare) file=${file%.chain}.crt ;;
        clients) clients=(--require-client-cert --verify-client-cert --x509cafile "$work/root.crt") ;;
        sni=*) arguments+=(--sni-hostname "${word#*=}" --sni-hostname-fatal) ;;
        tls1.1) versions=NORMAL:-VERS-ALL:+VERS-TLS1.1:%VERIFY_ALLOW_SIGN_WITH_SHA1 ;;
        tls*) versions=NORMAL:-VERS-ALL:+VERS-TLS${word#tls} ;;
        esac
    done
    for try in 1 2 3 4 5; do
        served=$((20000 + RANDOM % 10000))
        gnutls-serv --port $served --echo --x509certfile "$file" --x509keyfile "$key" --priority "$versions" \
            "${clients[@]}" "${arguments[@]}" >"$log" 2>&1 &
        pids+=($!)
        await $! "$log" 'listening on IPv4.*done' && return 0
    done
    cat "$log"
    return 1
}

# ---- the cases

declare -A ports
passed=0
failed=0

# What the command says: "done", or why not, after the reason of a policy that cannot be met.
as_client() {
    local peer=$1 theirs=$2 ours=$3 trust=$SSL_CERT_FILE gateway=edge backend out word served
    local failure='"failure":"([^"]*)"' unmet='"valid":false,"reason":"([A-Za-z]*)"'
    if [ -z "${ports[$peer $theirs]:-}" ]; then
        # shellcheck disable=SC2086
        "serve_$peer" $theirs || { verdict="no server: $peer $theirs"; return; }
        ports[$peer $theirs]=$served
    fi
    for word in $ours; do
        case $word in
        trust=*) trust=$work/${word#*=}.crt ;;
        gateway=*) gateway=${word#*=} ;;
        *) backend=$word ;;
        esac
    done
    [[ $backend = *:* ]] || backend=$backend:443
    out=$(SSL_CERT_FILE=$trust "$gatewayapi" tls --channel experimental --gateway "ns/$gateway" backend "ns/$backend" \
        "$work/manifests.yaml" --connect "127.0.0.1:${ports[$peer $theirs]}" --output json 2>"$work/err")
    case $?:$out in
    0:*'"done":true'*) verdict='done' ;;
    1:*'"done":false'*)
        [[ $out =~ $failure ]]
        verdict=${BASH_REMATCH[1]}
        [[ ! $out =~ $unmet ]] || verdict="${BASH_REMATCH[1]}: $verdict"
        ;;
    *) verdict=$(sed -n 's/^gatewayapi: //p' "$work/err") ;;
    esac
    # Versions of OpenSSL call these by different names.
    [[ ! $verdict =~ ^(sslv3|tlsv1|tlsv13|ssl/tls)\ alert ]] || verdict=${verdict#* }
}

knock_openssl() {
    local word name=-noservername certificate=$2 above=$work/$2.above arguments=(-cipher DEFAULT@SECLEVEL=0)
    shift 2
    for word; do
        case $word in
        bare) above= ;;
        sni=*) name="-servername=${word#*=}" ;;
        tls1.1) arguments+=(-tls1_1) ;;
        tls1.2) arguments+=(-tls1_2) ;;
        split) arguments+=(-max_send_frag 512 -alpn "$(printf 'x%.0s' {1..200}),$(printf 'y%.0s' {1..200})") ;;
        rsa) arguments+=(-sigalgs rsa_pss_rsae_sha256:RSA+SHA256) ;;
        esac
    done
    [ "$certificate" = nobody ] || arguments+=(-cert "$work/$certificate.crt" -key "$work/$certificate.key")
    [ ! -e "$above" ] || arguments+=(-cert_chain "$above")
    timeout 60 openssl s_client -connect "127.0.0.1:$port" -verifyCAfile "$work/root.crt" -verify_return_error "$name" \
        "${arguments[@]}" </dev/null >"$work/client" 2>&1
    presented=$(sed -n 's/^subject=CN = //p' "$work/client")
}

knock_gnutls() {
    local word arguments=() certificate=$2 file=$work/$2.chain name=--disable-sni
    shift 2
    for word; do
        case $word in
        bare) file=$work/$certificate.crt ;;
        sni=*) name=--sni-hostname=${word#*=} ;;
        tls1.1) arguments+=(--priority NORMAL:-VERS-ALL:+VERS-TLS1.1:%VERIFY_ALLOW_SIGN_WITH_SHA1) ;;
        tls1.2) arguments+=(--priority NORMAL:-VERS-ALL:+VERS-TLS1.2) ;;
        rsa) arguments+=(--priority NORMAL:-SIGN-ALL:+SIGN-RSA-PSS-RSAE-SHA256:+SIGN-RSA-SHA256) ;;
        esac
    done
    [ "$certificate" = nobody ] || arguments+=(--x509certfile "$file" --x509keyfile "$work/$certificate.key")
    timeout 60 gnutls-cli --insecure --port "$port" "$name" "${arguments[@]}" 127.0.0.1 </dev/null >"$work/client" 2>&1
    presented=$(sed -n "s/^ *- subject .CN=\([^',]*\).*/\1/p" "$work/client" | head -n 1)
}

# What our server says of its client, and after "CERTIFICATE; " which one the client was shown.
as_server() {
    local peer=$1 theirs=$2 listener=$3 log presented= port next i
    if [ -z "${ports[$listener]:-}" ]; then
        log=$work/door.$listener
        "$door" "$work/manifests.yaml" "$listener" "${visits[$listener]}" >"$log" 2>&1 &
        doors[$listener]=$!
        pids+=($!)
        await $! "$log" '^[0-9]' || { verdict="no server: $(cat "$log")"; return; }
        ports[$listener]=$(head -n 1 "$log")
    fi
    port=${ports[$listener]}
    log=$work/door.$listener
    next=$(($(wc -l <"$log") + 1))
    # shellcheck disable=SC2086
    "knock_$peer" "$port" $theirs
    for i in $(seq 3000); do
        verdict=$(sed -n "${next}p" "$log")
        [ -z "$verdict" ] || break
        sleep 0.02
    done
    [[ $verdict != "let in"* ]] || verdict="$presented; $verdict"
}

declare -A visits doors
rows() {
    local side peers rest
    while IFS=$'\t' read -r side peers rest; do
        [[ $side != \#* ]] && [ -n "$side" ] || continue
        [ "$peers" != both ] || peers="openssl gnutls"
        for peer in $peers; do
            [ "$peer" = openssl ] || [ -n "$with_gnutls" ] || continue
            printf '%s\t%s\t%s\n' "$side" "$peer" "$rest"
        done
    done <"$data/handshakes.tsv"
}
rows >"$work/rows"
while IFS=$'\t' read -r side peer theirs ours expected; do
    [ "$side" != server ] || visits[$ours]=$((${visits[$ours]:-0} + 1))
done <"$work/rows"

while IFS=$'\t' read -r side peer theirs ours expected what; do
    for try in 1 2 3; do
        "as_$side" "$peer" "$theirs" "$ours" </dev/null
        # A busy machine may let the peer wait for longer than the command does.
        [ "$verdict" = 'Resource temporarily unavailable' ] || break
    done
    if [ "$verdict" = "$expected" ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        printf 'FAIL %s of %s: %s\n  %s to %s\n  expected: %s\n  heard:    %s\n' \
            "$side" "$peer" "$what" "$theirs" "$ours" "$expected" "$verdict"
    fi
done <"$work/rows"

# Each of our servers ends by itself when its last client is gone.
for listener in "${!doors[@]}"; do
    for i in $(seq 600); do kill -0 "${doors[$listener]}" 2>/dev/null && sleep 0.05 || break; done
    ! kill "${doors[$listener]}" 2>/dev/null || echo "the server at $listener still waits"
    wait "${doors[$listener]}" || { echo "the server at $listener ended with $?"; failed=$((failed + 1)); }
done

# Nobody is there.
out=$("$gatewayapi" tls --channel experimental --gateway ns/edge backend ns/up:443 "$work/manifests.yaml" --connect 127.0.0.1:1 2>&1)
[ $? = 2 ] && [[ $out == *"--connect 127.0.0.1:1: "* ]] || { failed=$((failed + 1)); echo "$out"; }

echo "$passed passed, $failed failed"
[ $failed = 0 ] && [ $passed -ge 120 ]
