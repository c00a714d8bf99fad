#!/bin/bash
# Speed and memory in one run on one machine: replay, bare drain and the live daemon, flat fields and JSON, over a private Redis on a
# unix socket. Medians of three; prints a table and writes BUILD/bench.json.
set -u
build=${1:-build}
units=${JIANDU_BENCH_UNITS:-6000}
work=$(mktemp -d /tmp/jiandu-bench.XXXXXX) || exit 74
server=
daemon=
end() {
    for pid in $daemon $server; do kill -9 "$pid" 2>/dev/null; done
    wait 2>/dev/null
    rm -rf "$work"
}
trap end EXIT
median() { sort -n | sed -n 2p; }

redis-server --port 0 --unixsocket "$work/redis.sock" --save "" --appendonly no --dir "$work" --loglevel warning >/dev/null 2>&1 &
server=$!
until redis-cli -s "$work/redis.sock" ping 2>/dev/null | grep -q PONG; do sleep 0.1; done

"$build/jianductl" simulate --seed 1 --units "$units" --days 30 --out "$work/world" >/dev/null || exit 1
events=$(wc -l <"$work/world/events.ndjson")
sed -n 's/^{"id":"\([0-9]*-[0-9]*\)",\(.*\)$/XADD jiandu:{json}:events \1 data '"'"'{\2'"'"'/p' "$work/world/events.ndjson" |
    redis-cli -s "$work/redis.sock" >/dev/null
sed -e 's/^{"id":"\([0-9]*-[0-9]*\)","/XADD jiandu:{flat}:events \1 /' -e 's/}$//' -e 's/":/ /g' -e 's/,"/ /g' "$work/world/events.ndjson" |
    redis-cli -s "$work/redis.sock" >/dev/null
last=$(tail -n 1 "$work/world/events.ndjson" | sed 's/^{"id":"\([0-9-]*\)".*/\1/')

drain() { # form
    for _ in 1 2 3; do "$build/bench/drain" "unix://$work/redis.sock" "jiandu:{$1}:events"; done | median
}
live_once() { # form
    redis-cli -s "$work/redis.sock" del "jiandu:{$1}:progress" "jiandu:{$1}:owner" "jiandu:{$1}:alerts" "jiandu:{$1}:reports" "jiandu:{$1}:dead" >/dev/null
    redis-cli -s "$work/redis.sock" --raw keys "jiandu:{$1}:*s:*" | while read -r key; do redis-cli -s "$work/redis.sock" del "$key"; done >/dev/null
    redis-cli -s "$work/redis.sock" xgroup destroy "jiandu:{$1}:events" jiandu >/dev/null
    rm -rf "$work/state"
    mkdir -p "$work/state"
    started=$(date +%s%N)
    "$build/jiandud" --config config/jiandu.json --set "redis.url=unix://$work/redis.sock" --set "state_dir=$work/state" --set name="$1" \
        --set http.listen= --set commit_interval=50ms 2>"$work/log" &
    daemon=$!
    until [ "$(redis-cli -s "$work/redis.sock" hget "jiandu:{$1}:progress" pos)" = "$last" ]; do
        kill -0 $daemon 2>/dev/null || { tail -n 3 "$work/log" >&2; exit 1; }
        sleep 0.02
    done
    echo $((($(date +%s%N) - started) / 1000000))
    grep VmHWM "/proc/$daemon/status" | tr -dc '0-9' >"$work/rss"
    kill $daemon
    wait $daemon 2>/dev/null
    daemon=
}
live() { for _ in 1 2 3; do live_once "$1"; done | median; }
rate() { echo $((events * 1000 / ($1 > 0 ? $1 : 1))); }

replay=$(for _ in 1 2 3; do
    "$build/jianductl" replay --config config/jiandu.json --stats "$work/stats" "$work/world/events.ndjson" >/dev/null
    sed 's/.*"events_per_second":\([0-9]*\).*/\1/' "$work/stats"
done | median)
state=$(sed 's/.*"state_bytes":\([0-9]*\).*/\1/' "$work/stats")
flat_drain=$(rate "$(drain flat)")
json_drain=$(rate "$(drain json)")
flat_live=$(rate "$(live flat)")
rss=$(cat "$work/rss")
json_live=$(rate "$(live json)")
printf '%-44s %12s\n' "events of a month, $units units" "$events"
printf '%-44s %12s events/s\n' "replay of JSON lines, all detectors" "$replay"
printf '%-44s %12s events/s\n' "bare drain, flat fields" "$flat_drain" "live, flat fields, all detectors, commits" "$flat_live"
printf '%-44s %12s %%\n' "  live over bare drain" $((flat_live * 100 / flat_drain))
printf '%-44s %12s events/s\n' "bare drain, JSON in one field" "$json_drain" "live, JSON in one field" "$json_live"
printf '%-44s %12s %%\n' "  live over bare drain" $((json_live * 100 / json_drain))
printf '%-44s %12s bytes\n' "state after the month" "$state"
printf '%-44s %12s KiB\n' "peak resident memory of jiandud" "$rss"
"$build/bench/decode" "$work/world/events.ndjson"
printf '{"events":%s,"replay":%s,"flat_drain":%s,"flat_live":%s,"json_drain":%s,"json_live":%s,"state_bytes":%s,"peak_rss_kib":%s}\n' \
    "$events" "$replay" "$flat_drain" "$flat_live" "$json_drain" "$json_live" "$state" "$rss" >"$build/bench.json"
echo "written to $build/bench.json; live includes start, recovery and the last commit"
