#!/bin/sh
# Every row of rows.tsv names tests that are there.
set -u
top=${top_srcdir:-.}
tab=$(printf '\t')
missing=$(mktemp) || exit 99
trap 'rm -f "$missing"' EXIT

# Is there such a test? KIND NAME
has() {
    case $1 in
    status | match) [ -d "$top/tests/data/$1/$2" ] ;;
    handshake) grep -q "$tab$2\$" "$top/tests/data/handshakes/handshakes.tsv" ;;
    test) grep -q "^Test(${2%%/*}, ${2#*/}[,)]" "$top"/tests/*/*_test.c ;;
    rule) grep -q "^- id: $2\$" "$top/schemas/v1.4/rules.yaml" ;;
    *) false ;;
    esac
}

# A test a line: those after a tab or a comma that a kind follows.
grep -v '^#' "$top/tests/tls/rows.tsv" | cut -f 2 |
    sed -E 's/, (status|match|handshake|test|rule) /\
\1 /g' | tr -d '"' | while read -r kind name; do
    has "$kind" "$name" || echo "no such test: $kind $name"
done >"$missing"
grep -v '^#' "$top/tests/tls/rows.tsv" | grep -v "$tab." | sed 's/^/no test: /' >>"$missing"
cat "$missing"
[ ! -s "$missing" ]
