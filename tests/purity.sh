#!/bin/sh
# The library does no I/O, asks no clock, environment or locale, ends no process and keeps no
# writable data of its own: looks at what the objects refer to rather than at their text.
set -eu
lib=${top_builddir:-.}/.libs/libgwapi.a
status=0

# %e of snprintf and strtod are the only ones of their family in use; base/text.c says why the
# locale cannot matter there.
forbidden='^(f?printf|puts|putchar|fputs|fputc|putc|perror|f?open(64)?|fdopen|popen|read|write|recv|send|socket|connect|fread|fwrite|getenv|secure_getenv|setenv|setlocale|uselocale|newlocale|localeconv|tolower|toupper|isalpha|isalnum|isspace|isdigit|strcoll|time|clock|clock_gettime|gettimeofday|localtime(_r)?|gmtime(_r)?|mktime|rand|random|exit|_exit|abort|atexit|signal|sigaction|raise|pthread_create|fork|system|dlopen|json_set_alloc_funcs2?|json_object_seed|strerror|gethostbyname|getaddrinfo|sleep|usleep|nanosleep)$'
used=$(nm -u "$lib" | awk 'NF == 2 {print $2}' | sed 's/@.*//' | sort -u | grep -E "$forbidden" || true)
if [ -n "$used" ]; then
    echo "the library refers to functions it may not use:"
    echo "$used"
    nm -A -u "$lib" | grep -E "$(echo "$used" | tr '\n' '|' | sed 's/|$//;s/^/ (/;s/$/)$/')" || true
    status=1
fi

# Tables of pointers are in .data.rel.ro, which nobody can write once the library is loaded; the
# instrumentation of the sanitizers and of gcov is not ours.
data=$(objdump -t "$lib" | awk '$0 ~ /[ \t](\.data|\.bss|\.sdata|\.sbss|\.tdata|\.tbss|\*COM\*)/ && $0 !~ /\.data\.rel\.ro/ && $NF !~ /^\./' | grep -vE '__(asan|odr|ubsan|gcov|tsan|sancov)' || true)
if [ -n "$data" ] && [ "${SANITIZED:-no}" = no ]; then
    echo "the library has writable data:"
    echo "$data"
    status=1
fi

# Every name in the archive that others could collide with carries our prefix.
foreign=$(nm -g --defined-only "$lib" | awk 'NF == 3 {print $3}' | grep -vE '^(gwapi_|__odr_asan|__asan|_GLOBAL_)' || true)
if [ -n "$foreign" ]; then
    echo "names without our prefix:"
    echo "$foreign"
    status=1
fi
exit $status
