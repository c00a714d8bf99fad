#!/bin/sh
# Detection quality on simulated months: simulate, replay, score; a table, and build/quality.json with one object a run.
# The months of the split "test" have other generator parameters than those ("tune") that the detectors were tuned on.
set -eu
build=${1:-build}
seeds=${JIANDU_SEEDS:-1 2 3}
units=${JIANDU_UNITS:-2000}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
out=$build/quality.json
separator='['
: >"$out"
for split in tune test; do
    for seed in $seeds; do
        "$build/jianductl" simulate --seed "$seed" --units "$units" --days 30 --params $split --out "$work/world" >/dev/null
        for registries in with without; do
            option=
            [ $registries = without ] && option=--no-registry
            "$build/jianductl" replay --config config/jiandu.json $option "$work/world/events.ndjson" >"$work/alerts.ndjson"
            echo "== split $split, seed $seed, $registries registries"
            "$build/jianductl" score --truth "$work/world/truth.json" "$work/alerts.ndjson"
            printf '%s{"split":"%s","seed":%s,"registries":%s,"score":' "$separator" $split "$seed" \
                "$([ $registries = with ] && echo true || echo false)" >>"$out"
            "$build/jianductl" score --truth "$work/world/truth.json" "$work/alerts.ndjson" --json >>"$out"
            printf '}' >>"$out"
            separator=','
        done
    done
done
echo ']' >>"$out"
echo "written to $out"
