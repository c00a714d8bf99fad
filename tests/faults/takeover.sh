#!/bin/bash
# Two real daemons of one name under load: the leader is killed again and again, then asked to hand over. Prints how long it took,
# and compares what was published with `jianductl replay`: byte for byte. No time is asserted: it depends on the machine.
#   tests/faults/takeover.sh BUILD SEED KILLS HANDOVERS
set -u
build=$1
seed=$2
kills=$3
handovers=$4
RANDOM=$seed
work=$(mktemp -d /tmp/jiandu-takeover.XXXXXX) || exit 74
server=
sender=
declare -A daemon=([a]= [b]=)
failed=0
ok() { echo "ok - $1"; }
not_ok() {
    echo "not ok - $1"
    failed=1
}
end() {
    for pid in $sender ${daemon[a]} ${daemon[b]} $server; do kill -9 "$pid" 2>/dev/null; done
    wait 2>/dev/null
    rm -rf "$work"
}
trap end EXIT
trap 'exit 130' INT TERM

redis() { redis-cli -s "$work/redis.sock" "$@" 2>/dev/null; }
options=(--config config/jiandu.json --set "redis.url=unix://$work/redis.sock")
now() { date +%s%3N; }
wait_until() { # what, command...
    local what=$1
    shift
    for _ in $(seq 2000); do
        "$@" && return 0
        sleep 0.01
    done
    not_ok "seed $seed: $what"
    tail -n 3 "$work"/[ab].log | sed 's/^/# /'
    exit 1
}
start_daemon() { # name
    "$build/jiandud" "${options[@]}" --set "state_dir=$work/$1" --set "instance=$1" --set lease=1s --set snapshot.interval=5s \
        --set commit_interval=50ms --set http.listen= >>"$work/$1.log" 2>&1 &
    daemon[$1]=$!
}
leader() { redis hget 'jiandu:{main}:progress' holder; }
leads() { [ "$(leader)" = "$1" ] && [ "$(redis pttl 'jiandu:{main}:owner')" -gt 0 ]; }
is_warm() { redis hget 'jiandu:{main}:standby' "$1" | grep -q '"state":"warm"'; }
led_since() { # name: ms, from the newest line that says so
    date -d "$(grep '"event":"lead"' "$work/$1.log" | tail -n 1 | sed 's/.*"ts":"\([^"]*\)".*/\1/')" +%s%3N
}
led_times() { grep -c '"event":"lead"' "$work/$1.log"; }
led_more() { [ "$(led_times "$1")" -gt "$2" ]; }
other() { [ "$1" = a ] && echo b || echo a; }
at_end() { [ "$(redis hget 'jiandu:{main}:progress' pos)" = "$last" ]; }
send() { # the next slice, beside what follows
    [ -n "$sender" ] && wait "$sender"
    redis <"$work/slices/$(printf %05d "$1")" >/dev/null &
    sender=$!
}
middle() { sort -n "$1" | awk '{v[NR] = $1} END {print v[int((NR + 1) / 2)]}'; }
worst() { sort -n "$1" | tail -n 1; }

"$build/jianductl" simulate --seed "$seed" --units 300 --days 20 --out "$work/world" >/dev/null || exit 1
sed -n 's/^{"id":"\([0-9]*-[0-9]*\)",\(.*\)$/XADD jiandu:{main}:events \1 data '"'"'{\2'"'"'/p' "$work/world/events.ndjson" >"$work/commands"
last=$(tail -n 1 "$work/commands" | cut -d' ' -f3)
total=$(wc -l <"$work/commands")
mkdir "$work/slices"
split -l $((total / (kills + handovers) + 1)) -a 5 -d "$work/commands" "$work/slices/"
"$build/jianductl" replay --config config/jiandu.json "$work/world/events.ndjson" >"$work/expected" 2>/dev/null

redis-server --port 0 --unixsocket "$work/redis.sock" --save "" --dir "$work" --loglevel warning >"$work/redis.log" 2>&1 &
server=$!
wait_until "redis-server does not answer" eval 'redis ping | grep -q PONG'
start_daemon a
wait_until "a does not lead" leads a
start_daemon b
: >"$work/kills"
: >"$work/handovers"
for i in $(seq 0 $((kills - 1))); do
    from=$(leader)
    to=$(other "$from")
    wait_until "$to does not get warm" is_warm "$to"
    times=$(led_times "$to")
    send "$i"
    sleep 0.0$((RANDOM % 90 + 10))
    kill -9 "${daemon[$from]}"
    wait "${daemon[$from]}" 2>/dev/null
    free=$(($(redis pttl 'jiandu:{main}:owner') + $(now)))
    wait_until "$to does not take over" led_more "$to" "$times"
    echo $(($(led_since "$to") - free)) >>"$work/kills"
    start_daemon "$from"
done
for i in $(seq "$kills" $((kills + handovers - 1))); do
    from=$(leader)
    to=$(other "$from")
    wait_until "$to does not get warm" is_warm "$to"
    send "$i"
    "$build/jianductl" handover "${options[@]}" >"$work/said" 2>&1 || not_ok "$(cat "$work/said")"
    sed -n 's/.* in \([0-9]*\) ms$/\1/p' "$work/said" >>"$work/handovers"
done
wait "$sender"
wait_until "the end is not reached" at_end
[ "$kills" -gt 0 ] && echo "# $kills kills of the leader: the standby leads $(middle "$work/kills") ms after the lease ran out (median; worst $(worst "$work/kills"))"
[ "$handovers" -gt 0 ] && echo "# $handovers hand-overs: $(middle "$work/handovers") ms (median; worst $(worst "$work/handovers"))"
"$build/jianductl" alerts "${options[@]}" --json >"$work/published"
for name in a b; do
    kill "${daemon[$name]}"
    wait "${daemon[$name]}" || not_ok "$name: stopped by SIGTERM with $?"
done
alerts=$(wc -l <"$work/expected")
if [ "$alerts" -gt 10 ] && cmp -s "$work/expected" "$work/published"; then
    ok "seed $seed: $alerts alerts of $total events, none lost, none doubled"
else
    not_ok "seed $seed: the alerts differ: $(wc -l <"$work/published") instead of $alerts"
fi
[ "$handovers" -eq 0 ] || [ "$(cat "$work"/[ab].log | grep -c '"event":"handover"')" -eq "$handovers" ] || not_ok "a hand-over is not in the log"
exit $failed
