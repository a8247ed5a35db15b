#!/bin/sh
# A room includes only rooms to its left (ARCHITECTURE.md): the way of the data has one direction.
# image knows base and regex only; tls looks at the image, not at what it was made from; lint
# looks at the topology and stands beside what follows it.
set -eu
cd "${top_srcdir:-.}"
rooms='base regex doc cel schema model image resolve compile match tls lint'
status=0

allowed_for() {
    case $1 in
    regex | doc) echo "base $1" ;;
    cel) echo "base regex cel doc" ;;
    image) echo "base regex image" ;;
    match) echo "base regex image match" ;;
    tls) echo "base regex image match tls" ;;
    lint) echo "base doc schema model resolve $1" ;;
    *)
        left=
        for room in $rooms; do
            left="$left $room"
            [ "$room" != "$1" ] || break
        done
        echo "$left"
        ;;
    esac
}

for room in $rooms; do
    allowed=$(allowed_for "$room")
    for file in lib/"$room"/*.[ch]; do
        [ -e "$file" ] || continue
        for used in $(sed -n 's,^[[:space:]]*#[[:space:]]*include "\([a-z0-9]*\)/.*,\1,p' "$file" | sort -u); do
            case " $allowed " in
            *" $used "*) ;;
            *)
                echo "$file: room $room may not include room $used"
                status=1
                ;;
            esac
        done
    done
done
exit $status
