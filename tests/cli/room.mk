# The command, case by case.
EXTRA_DIST += tests/cli/cases
dist_check_SCRIPTS += tests/cli/run.sh tests/cli/manual.sh
TESTS += tests/cli/run.sh tests/cli/manual.sh
