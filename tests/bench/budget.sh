#!/bin/bash
# Instructions an event (decoding, detection, replay) and a commit, counted by callgrind on fixed inputs, against tests/bench/budget.txt.
# Only our own objects count, so that another libc changes nothing; another compiler may, and another simulator gives other events.
#
#   budget.sh --check [BUILD]     fails if one has grown by more than 3 %
#   budget.sh --update [BUILD]    writes down what there is; the commit says why it is more
set -u
mode=${1:-}
build=${2:-build}
file=tests/bench/budget.txt
units=1500 days=30
case $mode in --check | --update) ;; *) sed -n '2,7s/^# \{0,1\}//p' "$0" >&2; exit 64 ;; esac
command -v valgrind >/dev/null || { echo "budget: valgrind is missing (make deps-dev)" >&2; exit 77; }
# shellcheck source=tests/bench/lib.sh
. tests/bench/lib.sh

# shellcheck source=tests/bench/count.sh
. tests/bench/count.sh

"$build/jianductl" simulate --seed 1 --units $units --days $days --out "$work/world" >/dev/null || exit 1
world=$work/world/events.ndjson
events=$(wc -l <"$world")
replay=("$build/jianductl" replay --config config/jiandu.json "$world")
start_redis plain --appendonly no

count decode_flat 20480 --toggle-collect="decode_all*" -- "$build/bench/decode" --count flat &
count decode_json 20480 --toggle-collect="decode_all*" -- "$build/bench/decode" --count json &
count commit 2000 -- "$build/bench/commit" "$work/plain/redis.sock" budget commit 2000 1 &
wait %2 %3 %4 || exit 1
count detection "$events" --toggle-collect=engine_process -- "${replay[@]}" &
first=$!
count replay "$events" -- "${replay[@]}" || exit 1
wait $first || exit 1
input=$(cksum <"$world" | cut -d ' ' -f 1)

if [ "$mode" = --update ]; then
    {
        echo "# Instructions an event, and a commit. Written by tests/bench/budget.sh --update; $(${CC:-cc} -dumpfullversion -dumpversion) compiled it."
        sort "$work/counted"
        echo "input $input"
    } >$file
    cat $file
    exit 0
fi
grep -q "^input $input\$" $file || echo "budget: the simulator gives other events than when the budget was written"
failed=0 held=0
while read -r name now; do
    was=$(awk -v name="$name" '$1 == name {print $2}' $file)
    word=good
    [ "$now" -le $((${was:-0} * 103 / 100)) ] || { word="over its budget"; failed=$((failed + 1)); }
    [ "$word" = good ] && held=$((held + 1))
    printf '%-14s %8s instructions, budget %8s: %s\n' "$name" "$now" "${was:-none}" "$word"
done < <(sort "$work/counted")
[ $failed -eq 0 ] || echo "budget: if it is worth it, run tests/bench/budget.sh --update and say why in the commit"
[ $failed -eq 0 ] && [ $held -eq 5 ]
