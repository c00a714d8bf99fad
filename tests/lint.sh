#!/bin/sh
# Format, house rules and static analysis over all C sources. Says what is wrong and where; ends with 1 if anything is.
set -u
build=${1:-build}
status=0
complain() {
    echo "lint: $1"
    status=1
}

headers=$(find daemon detectors tests -name '*.h')
programs=$(find daemon detectors -name '*.c')
tests=$(find tests -name '*.c')

# shellcheck disable=SC2086
clang-format --dry-run --Werror $programs $tests $headers 2>&1 | grep 'error:' && complain "run make format"

# House rules look at the code without its comments, copied with the same names and line numbers.
code=$build/lint
rm -rf "$code"
for file in $programs $headers; do
    mkdir -p "$code/${file%/*}"
    sed -E 's@/\*.*@@; s@^ *\*.*@@' "$file" >"$code/$file"
done
forbid() { # rule, Perl pattern, files or folders...
    rule=$1
    pattern=$2
    shift 2
    (cd "$code" && grep -rnP -e "$pattern" "$@")
    [ $? -eq 1 ] || complain "$rule"
}
may_include() { # folder, the folders of daemon/ that it may include from
    forbid "daemon/$1 includes from $2 only" "#include \"(daemon/(?!($2)/)|tests/|detectors/(?!(detector|event)\.h))" "daemon/$1"
}

may_include base 'base'
may_include event 'base|event'
may_include state 'base|state'
may_include engine 'base|event|state|engine'
may_include ops 'base|event|state|engine|ops'
may_include stream 'base|event|state|engine|ops|stream'
may_include picture 'base|engine|picture'
may_include sim 'base|sim'
for folder in detectors/*/; do
    forbid "a detector includes detector.h, places.h, superiors.h and its own headers only" \
        "#include \"(?!detectors/(detector|places|superiors)\.h|$folder)" "$folder"
done
forbid "the template includes detector.h only" '#include "(?!detectors/detector\.h)' detectors/template.c
forbid "detector.h includes event.h only" '#include "(?!detectors/event\.h)' detectors/detector.h detectors/event.h

core="daemon/base daemon/event daemon/state daemon/engine detectors"
libc='(errno|inttypes|stdarg|stdbool|stddef|stdint|stdio|stdlib|string|sys/mman|emmintrin)\.h'
# shellcheck disable=SC2086
forbid "the core needs libc and Jansson only" "#include <(?!$libc>|jansson\.h>)" $core
# shellcheck disable=SC2086
forbid "the core does no I/O, reads no clock, draws no random number" \
    '(?<![\w.>])(f?open|fclose|f?read|f?write|v?printf|puts|fprintf(?!\(stderr)|getenv|s?rand|random|getrandom|time|clock)\(' $core
# shellcheck disable=SC2086
forbid "the core uses no floating point" '\b(float|double)\b' $core
forbid "clocks are read in ops/clock.c only" \
    '(?<![\w.>])(clock_gettime|gettimeofday|timespec_get|time|clock|event_base_gettimeofday_cached)\(' \
    --exclude=clock.c daemon detectors
forbid "banned calls" \
    '\b(strn?cpy|strn?cat|v?sprintf|gets|ato[fil]|atoll|strtok|alloca|system|popen|setjmp|longjmp)\(' daemon detectors
grep -rnE '\b(TODO|FIXME|XXX)\b' --include='*.[ch]' daemon detectors tests && complain "mend it, or leave it out"

generated=$(cd "$build/generated" && pwd)
set -- "-I$PWD" "-I$generated" -D_GNU_SOURCE '-DJIANDU_VERSION="0"' '-DJIANDU_DETECTOR_DIR="/"'
# shellcheck disable=SC2086
cppcheck --quiet --std=c11 --language=c --enable=warning,performance,portability --error-exitcode=1 -j "$(nproc)" \
    --suppressions-list=tests/cppcheck.suppress "$@" $programs $tests || complain "cppcheck"

# shellcheck disable=SC2046
printf '%s\n' -std=c11 "$@" $(pkg-config --cflags libevent libssl hiredis jansson) >"$code/compile_flags.txt"
# shellcheck disable=SC2086
printf '%s\n' $programs $tests |
    xargs -P "$(nproc)" -n 4 clang-tidy --quiet '--warnings-as-errors=*' -p "$code" >"$build/tidy.out" 2>"$build/tidy.log" || {
    grep -hE 'error:|warning:' "$build/tidy.out" "$build/tidy.log" | sort -u
    complain "clang-tidy"
}

[ $status -eq 0 ] && echo "lint: clean"
exit $status
