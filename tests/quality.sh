#!/bin/sh
# Detection quality on simulated months of the split "test", whose generator has other parameters than the split that the
# detectors were tuned on: simulate, replay, score, for several seeds added up. Prints a table, writes build/quality.json.
#   dense  every kind of campaign in every grade, and as many lawful look-alikes of each kind
#   high   one order in 1,000 is part of a campaign; low: one in 2,000
# With and without registries; as if each signal alone were an alert; with each signal switched off; and two baselines on
# the same events.
set -eu
build=${1:-build}
seeds=${JIANDU_SEEDS:-1 2 3 4 5}
units=${JIANDU_UNITS:-4000}
rare_units=${JIANDU_RARE_UNITS:-10000}
ablation=${JIANDU_ABLATION:-yes} # no: the half of the time
config=config/jiandu.json
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
started=$(date +%s)
say() { printf '%4d s  %s\n' $(($(date +%s) - started)) "$*" >&2; }

ctl=$build/jianductl
simulate() { # rate, seed, units: a later month than the one that is simulated by default
    "$ctl" simulate --seed "$2" --units "$3" --start 2025-12-01 --days 30 --params test --illicit "$1" --out "$work/$1-$2" >/dev/null
}
replay() { # run, rate, seed, option...
    run=$1-$2-$3 events=$work/$2-$3/events.ndjson
    shift 3
    "$ctl" replay --config $config "$@" "$events" >"$work/$run.ndjson"
}
score() { # run, rate, option...: the worlds of all seeds
    truths='' alerts='' run=$1 rate=$2
    shift 2
    for seed in $seeds; do
        truths="$truths --truth $work/$rate-$seed/truth.json"
        alerts="$alerts $work/$run-$rate-$seed.ndjson"
    done
    # shellcheck disable=SC2086
    "$ctl" score $truths "$@" $alerts
}

dense() {
    simulate dense "$1" "$units"
    replay with dense "$1"
    replay without dense "$1" --no-registry
    replay any dense "$1" --set alerts.score=4 --set alerts.drop=2
    "$build/quality/rules" "$work/dense-$1/events.ndjson" >"$work/rules-dense-$1.ndjson"
    # MIDAS gets as many alerts as Jiandu raised
    "$build/quality/midas" "$(cut -d'"' -f4 "$work/with-dense-$1.ndjson" | sort -u | wc -l)" \
        "$work/dense-$1/events.ndjson" >"$work/midas-dense-$1.ndjson"
}
rare() { # rate, seed
    simulate "$1" "$2" "$rare_units"
    replay with "$1" "$2"
    replay without "$1" "$2" --no-registry
    rm "$work/$1-$2/events.ndjson"
}
for seed in $seeds; do
    say "seed $seed: a dense world of $units units, two rare ones of $rare_units"
    rare high "$seed" &
    other=$!
    dense "$seed"
    rare low "$seed"
    wait $other
done

out=$build/quality.json
{
    printf '{"seeds":"%s","units":%s,"rare_units":%s,"runs":{' "$seeds" "$units" "$rare_units"
    separator=''
    for rate in dense high low; do
        printf '%s"%s":{"with":' "$separator" $rate
        score with "$rate" --json
        printf ',"without":'
        score without "$rate" --json
        [ "$rate" != dense ] || { printf ',"any":' && score any "$rate" --json; }
        printf '}'
        separator=','
    done
    printf '},"baselines":{"rules":'
    score rules dense --any-detector --json
    printf ',"midas":'
    score midas dense --any-detector --json
    printf '},"ablation":['
} >"$out"
separator=''
: >"$work/signals"
[ "$ablation" = no ] || "$ctl" check --config $config --signals | sed 's/\..*//' | cut -d' ' -f1,2 | sort -u >"$work/signals"
while read -r detector signal; do
    say "without $detector $signal"
    others=''
    for seed in $seeds; do
        replay off dense "$seed" --set "detectors.$detector.off=[\"$signal\"]" &
        others="$others $!"
    done
    for other in $others; do wait "$other"; done
    {
        printf '%s{"detector":"%s","signal":"%s","score":' "$separator" "$detector" "$signal"
        score off dense --json
        printf '}'
    } >>"$out"
    separator=','
done <"$work/signals"
echo ']}' >>"$out"

score with dense
"$build/quality/report" "$out"
say "written to $out"
