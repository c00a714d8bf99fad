#!/bin/bash
# `make bench-peers`: the same three rules (plugins/three_rules.c, whose counts replay tells) by Jiandu and by what one could take instead, over the same events,
# in one run. Where a peer can say it, its counts must be ours. Prints a table and writes BUILD/bench-peers.json; npm's packages go to BUILD/peers.
#   JIANDU_BENCH_QUICK=1   a tenth of the events
# shellcheck disable=SC2154,SC2317
set -u
build=${1:-build}
million=1000000
[ -n "${JIANDU_BENCH_QUICK:-}" ] && million=100000
# shellcheck source=tests/bench/lib.sh
. tests/bench/lib.sh
sh tests/support/deps.sh --peers || exit 1
modules=$top/peers
mkdir -p "$modules"
cp tests/bench/peers/*.js "$modules"
(cd "$modules" && for package in ioredis json-rules-engine; do
    [ -d node_modules/$package ] || npm install --silent --no-audit --no-fund --prefix . $package || exit 1
done) || { echo "bench-peers: npm cannot install ioredis and json-rules-engine" >&2; exit 77; }

# ---- input: N events as NDJSON, as entries of a stream, as words, as text log ----
reference() { # events: makes them and says how often each rule holds, as our detector counts in replay
    local dir=$work/$1
    mkdir -p "$dir"
    "$build/bench/lines" rules 60000 "$1" >"$dir/events.ndjson"
    sed -E 's/^\{"id":"[^"]*","type":"([^"]*)","time":([0-9]*),"account":"([^"]*)","unit":"([^"]*)".*"device":"([^"]*)".*"order":"([^"]*)","supplier":"([^"]*)".*"amount":([0-9]*).*/\1 \2 \3 \4 \5 \6 \7 \8/' \
        "$dir/events.ndjson" >"$dir/words"
    "$build/jianductl" replay --config "$work/rules.json" --stats "$dir/stats" "$dir/events.ndjson" >/dev/null || exit 1
    table_bytes "$dir/stats" | awk '$1 ~ /three_rules.(a|b|c1|c2)$/ {sub(/.*\./, "", $1); n[$1] = $2} END {print n["a"] + 0, n["b"] + 0, n["c1"] + 0, n["c2"] + 0}' >"$dir/counts"
}
log_lines() { awk '{print "type=" $1 " time=" $2 " account=" $3 " unit=" $4 " device=" $5 " order=" $6 " supplier=" $7 " amount=" $8 " "}' "$1"; }

failed=0 ours=0 flat=0
row() { # key, words, events, events a second, KiB, "a b c1 c2" or "", what it cannot say
    local counts verdict=-
    counts=$(cat "$work/$3/counts")
    case $1 in jiandu*) verdict=$counts ;; esac
    if [ -n "$6" ] && [ "$verdict" = - ]; then
        if [ "$6" = "$counts" ]; then verdict="same counts"; else verdict="counts $6, not $counts"; failed=1; fi
    fi
    [ "$1" = jiandu ] && ours=$4
    [ "$1" = jiandu_flat ] && flat=$4
    local form=$ours
    case $1 in *_flat | redis_lua) form=$flat ;; esac
    printf '%-44s %9s %10s %8s %9s  %s%s\n' "$2" "$3" "$4" "$(awk -v a="$form" -v b="$4" 'BEGIN {printf "%.1f", a / (b + 1)}')" $(($5 / 1024)) "$verdict" "${7:+; cannot: $7}"
    printf '%s{"key":"%s","events":%s,"events_per_second":%s,"peak_rss_kib":%s,"counts":"%s","expected":"%s","cannot":"%s"}' \
        "$([ "$1" = jiandu ] || echo ,)" "$1" "$3" "$4" "$5" "$6" "$counts" "$7" >>"$work/json"
}

fifth=$((million / 5)) tenth=$((million / 10)) small=$((million / 20))
for n in $million $fifth $tenth $small; do reference "$n"; done
start_redis peers
socket=$work/peers/redis.sock
for n in $million $tenth; do feed peers "$n" json "$work/$n/events.ndjson"; done
feed peers "flat$fifth" flat "$work/$fifth/events.ndjson"
printf '%-44s %9s %10s %8s %9s  %s\n' "the same three rules" events "events/s" "ours is" "RSS MiB" "counts a b c1 c2"

# ---- ours ----
jiandu() { # key, stream, events
    local line
    line=$(thrice live_once "$work/rules.json" peers "unix://$socket" "$2" "$work/$3/events.ndjson" | middle 2)
    read -r _ whole _ _ _ rss <<<"$line"
    row "$1" "$4" "$3" "$whole" "$rss" "" ""
}
jiandu jiandu "$million" "$million" "jiandud, live, JSON, from start to last commit"
jiandu jiandu_flat "flat$fifth" "$fifth" "jiandud, live, flat fields"
replayed() { "$build/jianductl" replay --config "$work/rules.json" --stats "$work/stats" "$work/$million/events.ndjson" >/dev/null && echo "$(statistic events_per_second "$work/stats") $(statistic peak_rss_bytes "$work/stats")"; }
read -r rate rss <<<"$(thrice replayed | middle)"
row jiandu_replay "jianductl replay, JSON lines" "$million" "$rate" $((rss / 1024)) "" ""

# ---- Node.js ----
node_peer() { # key, words, stream, events, job, what it cannot
    local line
    line=$(thrice node --max-old-space-size=4096 "$modules/stream.js" "$socket" "jiandu:{$3}:events" "$5" | middle)
    read -r rate rss a b c1 c2 <<<"$line"
    row "$1" "$2" "$4" "$rate" "$rss" "$([ "$5" = drain ] || echo "$a $b $c1 $c2")" "$6"
}
node_peer node_drain "Node.js, ioredis, JSON, reading only" "$million" "$million" drain "any rule"
node_peer node_maps "Node.js, ioredis, JSON, Maps by hand" "$million" "$million" maps "survive its end"
node_peer node_maps_flat "Node.js, ioredis, flat, Maps by hand" "flat$fifth" "$fifth" maps "survive its end"
node_peer node_engine "json-rules-engine over the same Maps" "$tenth" "$tenth" engine "windows, distinct counts, joins"

# ---- Redis alone ----
start_redis lua
sha=$(redis lua -x script load <tests/bench/peers/rules.lua)
sed "s/^/EVALSHA $sha 0 /" "$work/$fifth/words" >"$work/lua.commands"
"$build/bench/spend" "$work/spent" redis-cli -s "$work/lua/redis.sock" --pipe <"$work/lua.commands" >/dev/null || exit 1
read -r ms _ <"$work/spent"
used=$(redis lua info memory | tr -d '\r' | awk -F: '$1 == "used_memory" {print int($2 / 1024)}')
row redis_lua "Redis, Lua and sorted sets, pipelined" "$fifth" $((fifth * 1000 / ms)) "$used" \
    "$(redis lua --raw mget hits:a hits:b hits:c1 hits:c2 | sed 's/^$/0/' | paste -sd ' ')" "expiry by event time, a cluster"
stop_redis lua

# ---- PostgreSQL ----
pg=$(echo /usr/lib/postgresql/*/bin | awk '{print $NF}')
chmod 755 "$work" "$work/$million"
chmod 644 "$work/$million/words"
install -d -o postgres "$work/pg"
as_postgres() { (cd / && runuser -u postgres -- "$@"); }
as_postgres "$pg/initdb" -D "$work/pg/data" -A trust >/dev/null || exit 1
as_postgres "$pg/postgres" -D "$work/pg/data" -k "$work/pg" -c listen_addresses= -c fsync=off -c shared_buffers=512MB -c work_mem=256MB >"$work/pg.log" 2>&1 &
pids+=($!)
until as_postgres "$pg/pg_isready" -q -h "$work/pg"; do sleep 0.1; done
cp tests/bench/peers/rules.sql "$work/pg/rules.sql"
chmod 644 "$work/pg/rules.sql"
"$build/bench/spend" "$work/spent" runuser -u postgres -- psql -q -t -A -F ' ' -h "$work/pg" -v file="$work/$million/words" -f "$work/pg/rules.sql" postgres >"$work/pg.counts" || exit 1
read -r ms _ <"$work/spent"
row postgresql "PostgreSQL, window queries, a batch" "$million" $((million * 1000 / ms)) "$(awk '$1 == "rss" {print $2}' "$work/pg.counts")" "$(awk '$1 != "rss" {print $2}' "$work/pg.counts" | paste -sd ' ')" "alert as events come"
as_postgres "$pg/pg_ctl" -D "$work/pg/data" -m immediate stop >/dev/null

# ---- sec and syslog-ng: correlators of logs ----
log_lines "$work/$small/words" >"$work/log"
"$build/bench/spend" "$work/spent" sec --conf=tests/bench/peers/rules.sec --input="$work/log" --fromstart --notail --nointevents >"$work/sec.hits" 2>"$work/sec.log" || true
read -r ms rss <"$work/spent"
row sec "sec" "$small" $((small * 1000 / ms)) "$rss" "" "event time, distinct counts that slide, a hit an event ($(wc -l <"$work/sec.hits") alerts)"

log_lines "$work/$fifth/words" >"$work/log"
mkdir -p "$work/syslog"
sed "s|@FILE@|$work/log|; s|@HITS@|$work/syslog/hits|" tests/bench/peers/rules.conf >"$work/syslog/conf"
syslog-ng -F --no-caps -f "$work/syslog/conf" -R "$work/syslog/persist" -c "$work/syslog/ctl" -p "$work/syslog/pid" >"$work/syslog/log" 2>&1 &
pid=$!
pids+=("$pid")
started=$(date +%s%N)
until [ "$(syslog-ng-ctl stats -c "$work/syslog/ctl" 2>/dev/null | awk -F ';' '/^source;s_events;.*;processed;/ {print $NF}')" = "$fifth" ]; do
    kill -0 $pid 2>/dev/null || { tail -n 3 "$work/syslog/log" >&2; exit 70; }
    sleep 0.05
done
ms=$((($(date +%s%N) - started) / 1000000))
row syslog_ng "syslog-ng, four grouping-by()" "$fifth" $((fifth * 1000 / ms)) "$(awk '$1 == "VmHWM:" {print $2}' /proc/$pid/status)" "" "distinct counts, windows that slide, an alert before the group closes"
kill $pid

printf '[%s]\n' "$(cat "$work/json")" >"$build/bench-peers.json"
echo "ours is: so many times as fast as the peer is jiandud from start to last commit, with JSON, or with flat fields where the peer has them. Written to $build/bench-peers.json."
exit $failed
