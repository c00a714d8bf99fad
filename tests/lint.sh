#!/bin/sh
# Format, static analysis and house rules. Says what is wrong and where; ends with 1 if anything is.
set -u
build=${1:-build}
status=0
complain() {
    echo "lint: $1"
    status=1
}

sources=$(git ls-files '*.c' '*.h')
programs=$(git ls-files 'daemon/*.c' 'detectors/*.c')

# shellcheck disable=SC2086
clang-format --dry-run --Werror $sources 2>&1 | grep 'error:' | head -n 20 && complain "run make format"

# only ops/clock.c reads a clock; nobody draws random numbers in the core; nobody calls what cannot be called safely
core=$(git ls-files 'daemon/base/*.c' 'daemon/event/*.c' 'daemon/state/*.c' 'daemon/engine/*.c' 'detectors/*.c')
# shellcheck disable=SC2086
grep -nE '\b(time|clock_gettime|gettimeofday|rand|random|getrandom|fopen|open|read|write|double|float)\b *\(' $core |
    grep -v '^[^:]*:[0-9]*: *\(/\*\| \*\)' && complain "the core does no I/O and reads no clock"
# shellcheck disable=SC2086
grep -nE '\b(clock_gettime|gettimeofday)\b *\(' $programs | grep -v '^daemon/ops/clock.c' && complain "clocks are read in ops/clock.c only"
# shellcheck disable=SC2086
grep -nE '\b(strcpy|strcat|sprintf|gets|atoi|atol|strtok|alloca|system|popen)\b *\(' $programs && complain "banned calls"
# shellcheck disable=SC2086
grep -nE '^#include "(daemon|tests)' $(git ls-files 'detectors/*.c' 'detectors/*.h') && complain "a detector includes detector.h only"
git grep -nE '\b(TODO|FIXME|XXX)\b' -- 'daemon/*' 'detectors/*' && complain "mend it, or leave it out"

# shellcheck disable=SC2086
cppcheck --quiet --std=c11 --language=c --enable=warning,performance,portability --inline-suppr --error-exitcode=1 -j "$(nproc)" \
    -I. -I"$build/generated" -D_GNU_SOURCE -DJIANDU_VERSION='"0"' -DJIANDU_DETECTOR_DIR='"/"' --suppressions-list=tests/cppcheck.suppress $programs || complain "cppcheck"

flags="-std=c11 -I. -I$build/generated -D_GNU_SOURCE -DJIANDU_VERSION=\"0\" -DJIANDU_DETECTOR_DIR=\"/\" $(pkg-config --cflags libevent hiredis jansson)"
export flags
# shellcheck disable=SC2016
echo "$programs" | xargs -P "$(nproc)" -n 8 sh -c 'clang-tidy --quiet "--warnings-as-errors=*" "$@" -- $flags' tidy >"$build/tidy.out" 2>"$build/tidy.log" ||
    { grep -E 'error:|warning:' "$build/tidy.out" | sort -u | head -n 40; complain "clang-tidy"; }
[ $status -eq 0 ] && echo "lint: clean"
exit $status
