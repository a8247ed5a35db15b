#!/bin/sh
# Whatever rule id the library puts into a diagnostic of manifests, `gatewayapi explain` knows it.
set -u
src=${top_srcdir:-.}
program=${top_builddir:-.}/gatewayapi
status=0

known=$("$program" explain) || exit 99
ids=$(grep -rhoE '"(structure|meta|doc|yaml|json|crd|rule|cel|object|lint)/[a-z0-9-]+"' "$src/lib/doc" \
    "$src/lib/schema" "$src/lib/model" "$src/lib/lint" --include='*.c' | tr -d '"' | sort -u)
[ "$(echo "$ids" | wc -l)" -gt 50 ] || { echo "too few ids were found"; exit 99; }
for id in $ids; do
    echo "$known" | grep -qx "$id" || { echo "schemas/v1.4/rules.yaml lacks $id"; status=1; }
done
exit $status
