#!/bin/sh
# gatewayapi-image(5) says what the library does, and is enough to read an image.
set -u
top=${top_srcdir:-.}
status=0

[ -n "${PYTHON3:-}" ] || { echo "no python3"; exit 77; }
"$PYTHON3" "$top/tests/image/manual.py" "$top" || status=1
"$PYTHON3" "$top/tests/image/stranger.py" "$top"/fuzz/corpus/image/*.image || status=1
exit $status
