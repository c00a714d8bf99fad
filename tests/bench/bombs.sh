#!/bin/bash
# What an event costs, decoded, looked at and told, in streams made to cost (tests/bench/bomb.h), against what it costs in the
# simulated world: no more than three times as much. Instructions, counted by callgrind, so that it is the same on any machine.
#
#   bombs.sh [BUILD [EVENTS]]
set -u
build=${1:-build} events=${2:-8000}
limit=3
command -v valgrind >/dev/null || { echo "bombs: valgrind is missing (make deps-dev)" >&2; exit 77; }
# shellcheck source=tests/bench/lib.sh
. tests/bench/lib.sh
# shellcheck source=tests/bench/count.sh
. tests/bench/count.sh
replay() { # name, file
    count "$1" "$(wc -l <"$2")" -- "$build/jianductl" replay --config config/jiandu.json "$2"
}

"$build/jianductl" simulate --seed 1 --units 600 --days 30 --out "$work/world" >/dev/null || exit 1
replay normal "$work/world/events.ndjson" || exit 1
world=$(awk '{print $2}' "$work/counted")
echo "world: $world instructions an event"
failed=0
for bomb in ${JIANDU_BOMBS:-hub device waybill account star clique cycles web ladder}; do
    "$build/bench/lines" $bomb 100000 "$events" >"$work/lines" && replay $bomb "$work/lines" || exit 1
    cost=$(tail -n 1 "$work/counted" | cut -d ' ' -f 2)
    word=good
    if [ "$cost" -gt $((world * limit)) ]; then
        word="more than $limit times the world's"
        [ $bomb = web ] && word="$word; known, see README.md, Limits" || failed=$((failed + 1))
    fi
    printf '%-8s %7d instructions an event, %d.%02d of the world: %s\n' $bomb "$cost" $((cost / world)) $((cost * 100 / world % 100)) "$word"
done
[ $failed -eq 0 ]
