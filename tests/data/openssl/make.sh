#!/bin/sh
# Makes the files of this folder anew (see README.md), with openssl(1) 3.0 and python3.
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

touch "$work/index"
echo 01 >"$work/serial"
cat >"$work/conf" <<CONF
[ca]
default_ca = this
[this]
database = $work/index
serial = $work/serial
new_certs_dir = $work
default_md = sha256
policy = any
unique_subject = no
copy_extensions = none
[any]
organizationName = optional
commonName = optional
[req]
distinguished_name = any
[root]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
[leaf]
basicConstraints = CA:FALSE
subjectAltName = DNS:shop.example.com,DNS:*.shop.example.com
[names]
subjectAltName = DNS:a.example.com,DNS:*.b.example.com,URI:spiffe://cluster.local/ns/shop,IP:192.0.2.7,IP:2001:db8::7,email:nobody@example.com
[none]
basicConstraints = CA:FALSE
[broken]
subjectAltName = DER:04:03:61:62:63
[constraints]
basicConstraints = critical,DER:04:03:61:62:63
CONF

# key NAME ALGORITHM [OPTION...]
key() {
    name=$1 algorithm=$2
    shift 2
    openssl genpkey -quiet -algorithm "$algorithm" "$@" -out "$name.key" 2>/dev/null ||
        openssl genpkey -algorithm "$algorithm" "$@" -out "$name.key" 2>/dev/null
}

# issue NAME SUBJECT EXTENSIONS START END [KEY]: signed by ca
issue() {
    openssl req -new -config "$work/conf" -key "${6:-$1}.key" -subj "$2" -multivalue-rdn -out "$work/csr"
    openssl ca -batch -notext -config "$work/conf" -cert ca.crt -keyfile "$work/ca.key" -in "$work/csr" \
        -subj "$2" -extensions "$3" -startdate "$4" -enddate "$5" -preserveDN -out "$1.crt" 2>/dev/null
}

# root NAME SUBJECT
root() {
    openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$work/$1.key" 2>/dev/null
    openssl req -new -config "$work/conf" -key "$work/$1.key" -subj "$2" -out "$work/csr"
    openssl ca -batch -notext -config "$work/conf" -selfsign -keyfile "$work/$1.key" -in "$work/csr" \
        -subj "$2" -extensions root -startdate 20200101000000Z -enddate 21200101000000Z -out "$1.crt" 2>/dev/null
}

root ca '/O=libgatewayapi tests/CN=CA'
root ca2 '/O=libgatewayapi tests/CN=Other CA'
long='20200101000000Z 21200101000000Z'
key rsa RSA -pkeyopt rsa_keygen_bits:2048
key rsa-pss RSA-PSS -pkeyopt rsa_keygen_bits:2048
key ec EC -pkeyopt ec_paramgen_curve:P-256
key ec-p384 EC -pkeyopt ec_paramgen_curve:P-384
key ed25519 ED25519
key ed448 ED448
key stranger EC -pkeyopt ec_paramgen_curve:P-256
for name in rsa rsa-pss ec ec-p384 ed25519 ed448; do
    issue $name /CN=shop.example.com leaf $long
done
key names EC -pkeyopt ec_paramgen_curve:P-256
issue names '/O=Shop \"North\", Ltd/CN=first.example.com/CN=last.example.com' names $long
issue no-names /CN=only.example.com none $long ec
issue expired /CN=expired.example.com leaf 20200101000000Z 20210101000000Z ec
issue future /CN=future.example.com leaf 21100101000000Z 21200101000000Z ec
issue bad-san /CN=bad.example.com broken $long ec
issue bad-constraints /CN=bad.example.com constraints $long ec
key x25519 X25519
openssl pkey -in x25519.key -pubout -out "$work/x25519.pub"
openssl x509 -new -force_pubkey "$work/x25519.pub" -subj /CN=agree.example.com -days 36500 \
    -CA ca.crt -CAkey "$work/ca.key" -out x25519.crt 2>/dev/null
openssl rsa -in rsa.key -traditional -out rsa-pkcs1.key 2>/dev/null
{
    openssl ecparam -name prime256v1
    openssl ec -in ec.key -out "$work/sec1" 2>/dev/null
    cat "$work/sec1"
} >ec-sec1.key
openssl pkey -in ec.key -aes-256-cbc -passout pass:secret -out encrypted-pkcs8.key
openssl ec -in ec.key -aes-128-cbc -passout pass:secret -out encrypted-sec1.key 2>/dev/null
openssl ec -in ec.key -outform DER -out "$work/ec.der" 2>/dev/null
openssl ec -in stranger.key -outform DER -out "$work/stranger.der" 2>/dev/null
python3 - "$work/ec.der" "$work/stranger.der" >half.key <<'PYTHON'
import base64, sys
ec, stranger = (open(p, "rb").read() for p in sys.argv[1:])
assert ec[5:7] == b"\x04\x20" and len(ec) == len(stranger)  # SEQUENCE, version 1, the scalar
half = ec[:7] + stranger[7:39] + ec[39:]
print("-----BEGIN EC PRIVATE KEY-----")
text = base64.b64encode(half).decode()
print("\n".join(text[i:i + 64] for i in range(0, len(text), 64)))
print("-----END EC PRIVATE KEY-----")
PYTHON
