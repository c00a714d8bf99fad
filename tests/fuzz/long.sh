#!/bin/sh
# Fuzzes each target with clang's libFuzzer, ASan and UBSan: tests/fuzz/long.sh BUILD SECONDS. New inputs stay in BUILD/fuzz-long.
set -eu
build=$1/fuzz-long
seconds=$2
flags="-fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined"
make --no-print-directory CC=clang BUILD="$build" OPT=-O1 SANITIZE="$flags" "$build/libcore.a" "$build/libshell.a" \
    "$build/libtool.a" "$build/libsupport.a" "$build/libdetectors.a"
for source in tests/fuzz/*.c; do
    name=$(basename "$source" .c)
    [ "$name" = driver ] && continue
    mkdir -p "$build/$name.corpus"
    # shellcheck disable=SC2046
    clang -I. -D_GNU_SOURCE -std=c11 -g -O1 -fsanitize=fuzzer,address,undefined -o "$build/$name" "$source" "$build/libsupport.a" \
        "$build/libdetectors.a" "$build/libtool.a" "$build/libshell.a" "$build/libcore.a" $(pkg-config --libs libevent hiredis jansson) -ldl -lm
    dictionary=
    [ -f "tests/fuzz/$name.dict" ] && dictionary=-dict=tests/fuzz/$name.dict
    # shellcheck disable=SC2086
    "$build/$name" -max_total_time="$seconds" -max_len=70000 -artifact_prefix="$build/$name-" $dictionary "$build/$name.corpus" "tests/fuzz/corpus/$name"
done
