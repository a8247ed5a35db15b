#!/bin/sh
# The manual page and --help tell of the same commands and options.
set -u
page=${top_srcdir:-.}/man/gatewayapi.1
program=${top_builddir:-.}/gatewayapi
status=0

commands=$("$program" --help | sed -n 's/^  \([a-z]*\)  .*/\1/p')
[ -n "$commands" ] || exit 99
for command in $commands; do
    grep -q "^\.It Cm $command\$" "$page" || { echo "the manual lacks the command $command"; status=1; }
    "$program" "$command" --help | sed -n 's/^  \(-., \|    \)--\([a-z-]*\).*/\2/p'
done | sort -u >manual.options

# What the subshell above found is told by its lines.
grep '^the manual' manual.options && status=1
for option in $(grep -v '^the manual' manual.options); do
    grep -Eq "^\.It Fl (. , Fl )?-$option( |\$)" "$page" || { echo "the manual lacks --$option"; status=1; }
done
for option in $(sed -n 's/^\.It Fl \(. , Fl \)\{0,1\}-\([a-z-]*\).*/\2/p' "$page"); do
    grep -qx -- "$option" manual.options || { echo "no command takes --$option of the manual"; status=1; }
done
[ "$(wc -l <manual.options)" -gt 30 ] || { echo "--help shows too few options"; status=1; }
rm -f manual.options

# gatewayapi-rules(7) is what the schemas say today.
rules=${top_srcdir:-.}/man/gatewayapi-rules.7
"$program" explain --output man | diff -u "$rules" - >manual.diff || {
    sed 20q manual.diff
    echo "make it anew: gatewayapi explain --output man >man/gatewayapi-rules.7"
    status=1
}
rm -f manual.diff
exit $status
