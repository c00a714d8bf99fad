#!/bin/sh
# Fuzzes targets in turn with clang's libFuzzer, ASan and UBSan: tests/fuzz/long.sh BUILD SECONDS TARGET... What is found
# on the way stays in BUILD/fuzz-long/corpus/TARGET, a finding in BUILD/fuzz-long/TARGET-crash-...; JIANDU_FUZZ has more options.
set -eu
build=$1/fuzz-long
seconds=$2
shift 2
programs=
for name in "$@"; do
    [ -f "tests/fuzz/$name.c" ] || { echo "tests/fuzz/long.sh: there is no target $name" >&2; exit 64; }
    programs="$programs $build/fuzz/$name"
done
# shellcheck disable=SC2086
make --no-print-directory CC=clang BUILD="$build" OPT=-O1 LIBFUZZER=1 \
    SANITIZE="-fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined" $programs
for name in "$@"; do
    mkdir -p "$build/corpus/$name"
    dictionary= longest=70000
    [ -f "tests/fuzz/$name.dict" ] && dictionary=-dict=tests/fuzz/$name.dict
    [ -d "detectors/$name" ] && longest=6000 dictionary=-dict=tests/fuzz/script.dict # some 300 events
    # shellcheck disable=SC2086
    "$build/fuzz/$name" -max_total_time="$seconds" -max_len=$longest -timeout=20 -rss_limit_mb=4096 -print_final_stats=1 \
        -artifact_prefix="$build/$name-" $dictionary ${JIANDU_FUZZ:-} "$build/corpus/$name" "tests/fuzz/corpus/$name"
done
