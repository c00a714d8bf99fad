#!/bin/sh
# Adds to a target's corpus, of what long.sh has found, the fewest and smallest inputs that reach what the named ones under
# tests/fuzz/corpus/TARGET do not: tests/fuzz/keep.sh BUILD TARGET... What was added so before, under hashes, is chosen anew.
set -eu
build=$1/fuzz-long
shift
kept=$(mktemp -d)
trap 'rm -rf "$kept"' EXIT
for name in "$@"; do
    corpus=tests/fuzz/corpus/$name
    rm -rf "$kept/old" "$kept/new"
    mkdir -p "$kept/old" "$kept/new" "$build/corpus/$name"
    for file in "$corpus"/*; do
        basename "$file" | grep -qE '^[0-9a-f]{40}$' && mv "$file" "$kept/old/"
    done
    cp "$corpus"/* "$kept/new/" 2>/dev/null || :
    "$build/fuzz/$name" -merge=1 -use_counters=0 -max_len=70000 "$kept/new" "$kept/old" "$build/corpus/$name" 2>/dev/null
    cp "$kept/new"/* "$corpus/"
    echo "$name: $(find "$corpus" -type f | wc -l) inputs, $(cat "$corpus"/* | wc -c) bytes"
done
