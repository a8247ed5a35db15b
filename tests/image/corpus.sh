#!/bin/sh
# The images that fuzzing begins with can be opened: of another format they would be refused at
# once, and nothing behind would be tried. `corpus.sh --renew` makes them of the cases of
# tests/data/match that have their names.
set -u
top=${top_srcdir:-.}
program=${top_builddir:-.}/gatewayapi
status=0
count=0

for image in "$top"/fuzz/corpus/image/*.image; do
    name=$(basename "$image" .image)
    if [ "${1-}" = --renew ]; then
        "$program" compile -q --exit-zero --channel experimental --assume Secret \
            -o "$image" "$top/tests/data/match/$name/manifests.yaml" || status=1
        continue
    fi
    said=$("$program" match --snapshot "$image" http://x.example/ 2>&1) || {
        echo "$image: $said"
        status=1
    }
    count=$((count + 1))
done
[ "${1-}" = --renew ] && exit $status
[ $count -ge 8 ] || { echo "only $count images"; status=1; }
[ $status = 0 ] || echo "make them anew: top_srcdir=$top top_builddir=${top_builddir:-.} $0 --renew"
exit $status
