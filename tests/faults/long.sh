#!/bin/sh
# The long kill test: 200 kills of the daemon and 40 of Redis, over four seeds.
set -u
build=$1
failed=0
for seed in 101 202 303 404; do
    bash tests/faults/kills.sh "$build" $seed 50 10 || failed=1
done
exit $failed
