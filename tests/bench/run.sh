#!/bin/bash
# `make bench`: speed and memory in one run on one machine, each figure beside its ceiling from the same run; medians of three. Prints a
# table, writes BUILD/bench.json and, where gnuplot is, BUILD/bench-*.svg.
#   JIANDU_BENCH_UNITS=6000    units of the simulated month
#   JIANDU_BENCH_LONG=1        ten million tracked entities (3 GiB) and a year's replay too
#   JIANDU_BENCH_QUICK=1       small sizes: whether all of it runs, not how fast
#   JIANDU_BENCH_PARTS="wire delay growth"
# shellcheck disable=SC2034
set -u
build=${1:-build}
units=${JIANDU_BENCH_UNITS:-6000} rules=300000 seconds=4 measured=400000 adverse=100000
[ -n "${JIANDU_BENCH_QUICK:-}" ] && units=300 rules=30000 seconds=2 measured=40000 adverse=10000
# shellcheck source=tests/bench/lib.sh
. tests/bench/lib.sh
: >"$work/figures"
for part in ${JIANDU_BENCH_PARTS:-wire delay growth}; do
    # shellcheck source=/dev/null
    . "tests/bench/$part.sh"
done
awk -v json="$build/bench.json" -f tests/bench/table.awk "$work/figures" "$work/figures"
echo "Ratios are to the figure named, of this run. Written to $build/bench.json."
if ! command -v gnuplot >/dev/null; then
    echo "No plots: gnuplot is not installed (apt-get install gnuplot-nox)."
    exit 0
fi
# form, socket, bare drain, live
awk -F '\t' '{value[$1] = $2} $1 ~ /_live_(unix|tcp|tls)$/ {split($1, k, "_"); print k[1], k[3], value[k[1] "_drain_" k[3]], $2}' "$work/figures" >"$work/rates"
for plot in growth rates; do
    [ -s "$work/$plot" ] || continue
    gnuplot -e "data='$work/$plot'; out='$build/bench-$plot.svg'" "tests/bench/$plot.gnuplot" && echo "Plot: $build/bench-$plot.svg"
done
