#!/bin/sh
# Runs the command over every folder of tests/cli/cases. A case is:
#   cmd      a shell script that says `gatewayapi ...`; it runs in a copy of the folder
#   status   the exit status of that script; absent: 0
#   stdout   what it prints; absent: nothing
#   stderr   what it says; absent: nothing
# A command without OpenSSL judges certificates by their PEM framing only; where that shows,
# `stdout.pem` and `stderr.pem` stand for it. Cases that need more end with status 77.
# and whatever files it needs. Adding a case is adding files.
#
#   run.sh [--update] [CASE...]     --update writes what is printed into the cases
set -u
here=${top_srcdir:-$(dirname "$0")/../..}/tests/cli
build=${top_builddir:-.}
program=$(cd "$build" && pwd)/gatewayapi
shop=$(cd "$here/../../examples/shop" && pwd)
[ -x "$program" ] || { echo "no $program; set top_builddir"; exit 99; }
work=$(mktemp -d) || exit 99
trap 'chmod -R u+rwx "$work"; rm -rf "$work"' EXIT
trap 'exit 99' HUP INT TERM

mkdir "$work/bin"
printf '#!/bin/sh\nexec "%s" "$@"\n' "$program" >"$work/bin/gatewayapi"
chmod +x "$work/bin/gatewayapi"
PATH=$work/bin:$PATH
LC_ALL=C
TZ=UTC
pem=
certificates=openssl
if "$program" --version | grep -q 'PEM framing only'; then
    pem=.pem
    certificates=pem
fi
data=$(cd "$here/../data" && pwd)
export PATH LC_ALL TZ shop certificates data
unset NO_COLOR COLUMNS TERM 2>/dev/null

update=no
if [ "${1:-}" = --update ]; then
    update=yes
    shift
fi
[ $# -gt 0 ] || set -- "$here"/cases/*/

passed=0
failed=0

# same NAME EXPECTED GOT: compares two files, an absent one being empty.
same() {
    [ -e "$2" ] || set -- "$1" /dev/null "$3"
    diff -u --label "expected $1" --label "got $1" "$2" "$3"
}

# variant FILE: the one for this command
variant() {
    if [ -n "$pem" ] && [ -e "$1$pem" ]; then echo "$1$pem"; else echo "$1"; fi
}

keep() {
    rm -f "$1"
    [ ! -s "$2" ] || cp "$2" "$1"
}

run_case() {
    case_dir=${1%/}
    name=$(basename "$case_dir")
    copy=$work/$name
    cp -R "$case_dir" "$copy"
    chmod -R u+rwX "$copy"
    rm -f "$copy/stdout" "$copy/stderr" "$copy/status" "$copy/stdout.pem" "$copy/stderr.pem"
    (cd "$copy" && sh ./cmd) >"$work/stdout" 2>"$work/stderr" </dev/null
    status=$?
    if [ $status = 77 ]; then
        return
    fi
    echo $status >"$work/status"
    if [ $update = yes ]; then
        keep "$(variant "$case_dir/stdout")" "$work/stdout"
        keep "$(variant "$case_dir/stderr")" "$work/stderr"
        [ $status = 0 ] && rm -f "$case_dir/status" || cp "$work/status" "$case_dir/status"
        return
    fi
    expected=$case_dir/status
    if [ ! -e "$expected" ]; then
        expected=$work/zero
        echo 0 >"$expected"
    fi
    if same status "$expected" "$work/status" && same stdout "$(variant "$case_dir/stdout")" "$work/stdout" &&
        same stderr "$(variant "$case_dir/stderr")" "$work/stderr"; then
        passed=$((passed + 1))
    else
        echo "FAIL: $name"
        failed=$((failed + 1))
    fi
}

for each; do
    run_case "$each"
done
echo "$passed cases passed, $failed failed"
[ $failed = 0 ]
