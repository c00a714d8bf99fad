#!/bin/sh
# The long run: 200 kills of the daemon and 40 of Redis over four seeds, 50 take-overs and 20 hand-overs, 100,000 simulated
# histories, each allocation of the daemon, the append-only file cut at each byte, ten million attackers (4 GiB), and an hour of all
# faults at random. JIANDU_SEED repeats one run; without it the seed is new each time.
set -u
build=$1
seed=${JIANDU_SEED:-$(($(date +%s) % 1000000))}
failed=0
for kills in 101 202 303 404; do
    bash tests/faults/kills.sh "$build" $kills 50 10 || failed=1
done
bash tests/faults/takeover.sh "$build" "$seed" 50 20 || failed=1
JIANDU_HISTORIES=${JIANDU_HISTORIES:-100000} "$build/simulation/simulation" -s "$seed" || failed=1
JIANDU_FAULTS=long "$build/integration/memory_faults" -s "$seed" 2>/dev/null || failed=1
JIANDU_FAULTS=long "$build/integration/lost_tail" -s "$seed" 2>/dev/null || failed=1
JIANDU_FLOOD=${JIANDU_FLOOD:-10000000} "$build/unit/flood" || failed=1
JIANDU_STORM=${JIANDU_STORM:-3600} "$build/integration/storm" -s "$seed" 2>/dev/null || failed=1
exit $failed
