#!/bin/sh
# Runs a test program under valgrind; used as LOG_COMPILER by `./dev valgrind`. Where only sizes
# count, cases are smaller or skipped.
here=$(dirname "$0")
GWAPI_TEST_SMALL=1
export GWAPI_TEST_SMALL
exec valgrind -q --trace-children=yes --error-exitcode=99 --leak-check=full \
    --show-leak-kinds=definite,indirect,possible --errors-for-leak-kinds=definite,indirect \
    --child-silent-after-fork=no --suppressions="$here/valgrind.supp" "$@"
