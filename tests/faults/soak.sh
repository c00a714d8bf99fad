#!/bin/bash
# Events at a steady rate for a long time, while the daemon and Redis are killed in turn, each once a minute. Prints a table, a row a
# minute: events committed, events waiting, the daemon's memory. At the end every alert must be there once, as in a replay, and memory
# must not have grown since the first third.
#   tests/faults/soak.sh BUILD
#   JIANDU_SOAK=1200        seconds
#   JIANDU_SOAK_RATE=20000  events a second
set -u
build=$1
seconds=${JIANDU_SOAK:-1200} rate=${JIANDU_SOAK_RATE:-20000}
entities=2000 keep=$((rate * 90))
work=$(mktemp -d /tmp/jiandu-soak.XXXXXX) || exit 74
server='' daemon='' feed=''
failed=0
end() {
    for pid in $feed $daemon $server; do kill -9 "$pid" 2>/dev/null; done
    wait 2>/dev/null
    rm -rf "$work"
}
trap end EXIT
trap 'exit 130' INT TERM
verdict() { # word, what
    echo "$1 - $2"
    [ "$1" = ok ] || failed=1
}
redis() { redis-cli -s "$work/redis.sock" "$@" 2>/dev/null; }
start_redis() {
    redis-server --port 0 --unixsocket "$work/redis.sock" --save "" --appendonly yes --appendfsync everysec --dir "$work" --loglevel warning >>"$work/redis.log" 2>&1 &
    server=$!
    until redis ping | grep -q PONG; do
        kill -0 "$server" 2>/dev/null || { verdict "not ok" "redis-server has ended"; exit 1; }
        sleep 0.1
    done
    # Redis 7.0.15 may leave an open MULTI in a file that was cut, and lose what is written behind it
    redis bgrewriteaof >/dev/null
}
start_daemon() {
    "$build/jiandud" --config config/jiandu.json --set "redis.url=unix://$work/redis.sock" --set "state_dir=$work/state" --set lease=2s \
        --set snapshot.interval=10s --set http.listen= --set redis.command_timeout=5s >>"$work/jiandud.log" 2>&1 &
    daemon=$!
}
position() { redis hget 'jiandu:{main}:progress' pos; }
resident() { awk '/^VmRSS/ {print int($2 / 1024)}' "/proc/$daemon/status" 2>/dev/null; }
lines() { "$build/bench/lines" spread $entities "$total"; }

total=$((seconds * rate))
last=$(lines | tail -n 1 | cut -d '"' -f 4)
mkdir -p "$work/state"
start_redis
start_daemon
lines | "$build/faults/feed" "$work/redis.sock" 'jiandu:{main}:events' "$rate" "$keep" >"$work/fed" 2>"$work/feed.log" &
feed=$!
printf '%6s %12s %10s %9s %8s\n' minute committed waiting "RSS, MiB" killed
third=$((seconds / 3 / 10)) warm=0 most=0
kills=0
for ((ten = 1; ten * 10 <= seconds; ten++)); do
    sleep 10
    kill -0 "$daemon" 2>/dev/null || { verdict "not ok" "jiandud has ended by itself"; tail -n 3 "$work/jiandud.log"; exit 1; }
    now=$(resident)
    if [ $ten -le $third ]; then warm=$((now > warm ? now : warm)); else most=$((now > most ? now : most)); fi
    case $((ten % 6)) in
    3) kill -9 $server; wait $server 2>/dev/null; start_redis; kills=$((kills + 1)) ;;
    0)
        read=$(redis hget 'jiandu:{main}:progress' read) added=$(redis xinfo stream 'jiandu:{main}:events' | grep -A 1 entries-added | tail -n 1)
        kill -9 "$daemon"; wait "$daemon" 2>/dev/null; start_daemon; kills=$((kills + 1))
        printf '%6d %12d %10d %9d %8d\n' $((ten / 6)) "${read:-0}" $((${added:-0} - ${read:-0})) "$now" $kills
        ;;
    esac
done
wait $feed || { verdict "not ok" "the producer: $(tail -n 1 "$work/feed.log")"; exit 1; }
feed=
for _ in $(seq 1200); do
    [ "$(position)" = "$last" ] && break
    sleep 0.25
done
[ "$(position)" = "$last" ] && verdict ok "all $total events are committed, after $kills kills" || verdict "not ok" "the position stays at $(position), expected $last"
kill "$daemon"
wait "$daemon" || verdict "not ok" "stopped by SIGTERM with $?"
daemon=
lost=$(grep -c 'lost unread' "$work/jiandud.log")
"$build/jianductl" alerts --config config/jiandu.json --set "redis.url=unix://$work/redis.sock" --json >"$work/live.ndjson"
lines | "$build/jianductl" replay --config config/jiandu.json - >"$work/replay.ndjson" 2>/dev/null
alerts=$(wc -l <"$work/replay.ndjson")
if [ "$alerts" -gt 10 ] && cmp -s "$work/live.ndjson" "$work/replay.ndjson"; then
    verdict ok "$alerts alerts, each once, byte for byte those of a replay"
else
    verdict "not ok" "live gives $(wc -l <"$work/live.ndjson") alerts, replay $alerts; $lost times entries were lost"
fi
if [ $most -le $((warm + warm / 10)) ]; then
    verdict ok "memory: $warm MiB at most in the first third, $most later"
else
    verdict "not ok" "memory has grown from $warm MiB in the first third to $most"
fi
exit $failed
