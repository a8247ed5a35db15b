#!/bin/sh
# The conformance suite of cel-spec, if GWAPI_CEL_SPEC names its folder.
if [ -z "${GWAPI_CEL_SPEC-}" ]; then
    echo "GWAPI_CEL_SPEC does not name the folder of the suite"
    exit 77
fi
command -v python3 > /dev/null || exit 77
exec python3 "${top_srcdir:-.}/tests/cel/spec/run.py" \
    "${top_builddir:-.}/tests/cel/celrun" "$GWAPI_CEL_SPEC"
