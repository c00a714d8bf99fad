#!/bin/bash
# Kills the real daemon and the real Redis at random moments while events flow, and compares what was published with an
# undisturbed run and with `jianductl replay`: byte for byte.
#   tests/faults/kills.sh BUILD SEED DAEMON_KILLS REDIS_KILLS
set -u
build=$1
seed=$2
daemon_kills=$3
redis_kills=$4
RANDOM=$seed
work=$(mktemp -d /tmp/jiandu-faults.XXXXXX) || exit 74
server=
daemon=
producer=
failed=0
ok() { echo "ok - $1"; }
not_ok() {
    echo "not ok - $1"
    failed=1
}
end() {
    for pid in $producer $daemon $server; do kill -9 "$pid" 2>/dev/null; done
    wait 2>/dev/null
    rm -rf "$work"
}
trap end EXIT
trap 'exit 130' INT TERM

start_redis() { # folder
    redis-server --port 0 --unixsocket "$1/redis.sock" --save "" --appendonly yes --appendfsync always --dir "$1" --loglevel warning >>"$1/redis.log" 2>&1 &
    server=$!
    for _ in $(seq 200); do
        redis-cli -s "$1/redis.sock" ping 2>/dev/null | grep -q PONG && return 0
        sleep 0.05
    done
    not_ok "redis-server does not answer"
    exit 1
}
start_daemon() { # folder
    "$build/jiandud" --config config/jiandu.json --set "redis.url=unix://$1/redis.sock" --set "state_dir=$1/state" --set lease=1s \
        --set snapshot.interval=1s --set input.count=50 --set commit_interval=50ms --set http.listen= --set redis.command_timeout=1s \
        --set "log.key_file=$work/key" >>"$1/jiandud.log" 2>&1 &
    daemon=$!
}
stop_daemon() { # leaves its exit code in $code
    kill "$daemon"
    wait "$daemon"
    code=$?
    daemon=
}
position() { # folder
    redis-cli -s "$1/redis.sock" hget 'jiandu:{main}:progress' pos 2>/dev/null
}
wait_for_end() { # folder
    for _ in $(seq 1200); do
        [ "$(position "$1")" = "$last" ] && return 0
        kill -0 "$daemon" 2>/dev/null || { echo "# jiandud has ended by itself:"; tail -n 3 "$1/jiandud.log"; return 1; }
        sleep 0.1
    done
    echo "# the position stays at $(position "$1"), expected $last"
    return 1
}
dump() { # folder: all streams of alerts and reports with their ids
    for key in alerts alerts:national reports reports:national dead; do
        redis-cli -s "$1/redis.sock" --no-raw xrange "jiandu:{main}:$key" - +
    done
}
# Feeds the events slice by slice, each in one command: Redis takes all of it or nothing, so that none is skipped while it is down or
# loading. A slice can be sent again: entries that are there already are refused by their ids.
produce() {
    for slice in "$work"/slices/*; do
        sed 's/^XADD [^ ]* \([^ ]*\) data \(.*\)$/\1 \2/' "$slice" | tr '\n' ' ' |
            sed "s/^/EVAL \"for i=1,#ARGV,2 do redis.pcall('XADD',KEYS[1],ARGV[i],'data',ARGV[i+1]) end return 'sent'\" 1 jiandu:{main}:events /" >"$work/slice"
        echo >>"$work/slice"
        until [ "$(redis-cli -s "$work/chaos/redis.sock" <"$work/slice" 2>/dev/null)" = sent ]; do
            sleep 0.05
        done
        sleep 0.08
    done
}

mkdir -p "$work/calm/state" "$work/chaos/state" "$work/slices"
(umask 077; openssl rand -hex 32 >"$work/key")
"$build/jianductl" simulate --seed "$seed" --units 400 --days 30 --out "$work/world" >/dev/null || exit 1
sed -n 's/^{"id":"\([0-9]*-[0-9]*\)",\(.*\)$/XADD jiandu:{main}:events \1 data '"'"'{\2'"'"'/p' "$work/world/events.ndjson" >"$work/commands"
last=$(tail -n 1 "$work/commands" | cut -d' ' -f3)
total=$(wc -l <"$work/commands")

start_redis "$work/calm"
redis-cli -s "$work/calm/redis.sock" <"$work/commands" >/dev/null
start_daemon "$work/calm"
wait_for_end "$work/calm" || exit 1
stop_daemon
if [ "$code" = 0 ]; then ok "undisturbed: stopped by SIGTERM with 0"; else not_ok "undisturbed: stopped with $code"; fi
dump "$work/calm" >"$work/calm.alerts"
"$build/jianductl" alerts --config config/jiandu.json --set "redis.url=unix://$work/calm/redis.sock" --json >"$work/live.ndjson"
"$build/jianductl" progress --config config/jiandu.json --set "redis.url=unix://$work/calm/redis.sock" --json >"$work/live.progress"
kill -9 "$server"
wait "$server" 2>/dev/null
server=
"$build/jianductl" replay --config config/jiandu.json --reports "$work/reports.ndjson" "$work/world/events.ndjson" >"$work/replay.ndjson"
alerts=$(wc -l <"$work/replay.ndjson")
if [ "$alerts" -gt 10 ] && cmp -s "$work/live.ndjson" "$work/replay.ndjson"; then
    ok "seed $seed: live gives what replay gives: $alerts alerts of $total events"
else
    not_ok "seed $seed: live differs from replay ($alerts alerts)"
fi
if [ -s "$work/live.progress" ] && grep '"office":""' "$work/reports.ndjson" | tail -n 1 | cmp - "$work/live.progress"; then
    ok "seed $seed: the newest report is that of replay"
else
    not_ok "seed $seed: the newest report differs from replay's"
fi

pause=$((daemon_kills + redis_kills))
split -l $(((total + pause * 12) / (pause * 12 + 1) + 1)) -a 5 "$work/commands" "$work/slices/"
start_redis "$work/chaos"
produce &
producer=$!
# Redis 7.0.15 leaves an open MULTI in an append-only file that was cut inside a transaction, and loses at the next restart what
# was written behind it. A rewrite after each start heals the file; production should do the same.
heal() {
    redis-cli -s "$work/chaos/redis.sock" bgrewriteaof >/dev/null
    until redis-cli -s "$work/chaos/redis.sock" info persistence | grep -q 'aof_rewrite_in_progress:0' &&
        redis-cli -s "$work/chaos/redis.sock" info persistence | grep -q 'aof_rewrite_scheduled:0'; do sleep 0.02; done
}
redis_left=$redis_kills
daemon_left=$daemon_kills
while [ $((redis_left + daemon_left)) -gt 0 ]; do
    if [ $((RANDOM % (redis_left + daemon_left))) -lt $redis_left ]; then
        redis_left=$((redis_left - 1))
        [ -z "$daemon" ] && start_daemon "$work/chaos"
        sleep 0.$((RANDOM % 900 + 100))
        kill -9 "$server"
        wait "$server" 2>/dev/null
        start_redis "$work/chaos"
        heal
    else
        daemon_left=$((daemon_left - 1))
        [ -z "$daemon" ] && start_daemon "$work/chaos"
        sleep 1.$((RANDOM % 900 + 100))
        kill -9 "$daemon" 2>/dev/null || { not_ok "jiandud had ended by itself"; tail -n 5 "$work/chaos/jiandud.log"; exit 1; }
        wait "$daemon" 2>/dev/null
        daemon=
    fi
done
[ -z "$daemon" ] && start_daemon "$work/chaos"
wait "$producer"
producer=
wait_for_end "$work/chaos" || { not_ok "seed $seed: the end is not reached"; exit 1; }
stop_daemon
[ "$code" = 0 ] || not_ok "after the kills: stopped by SIGTERM with $code"
dump "$work/chaos" >"$work/chaos.alerts"
if cmp -s "$work/calm.alerts" "$work/chaos.alerts"; then
    ok "seed $seed: $daemon_kills kills of jiandud and $redis_kills of Redis: the same alerts and reports, byte for byte"
else
    not_ok "seed $seed: the alerts differ"
    at=$(cmp "$work/calm.alerts" "$work/chaos.alerts" | sed 's/.*byte \([0-9]*\),.*/\1/')
    for which in calm chaos; do
        echo "# $which, around byte $at:"
        tail -c +$((at > 300 ? at - 300 : 1)) "$work/$which.alerts" | head -c 700 | tr '\n' ' ' | sed 's/^/# /'
        echo
    done
    grep -E '"level":"(warn|error)"' "$work/chaos/jiandud.log" | sort | uniq -c | tail -n 30 | sed 's/^/# /'
fi

# The sealed log: whole up to what the last commit knew of it, and no alert is in Redis that has no line.
chaos() { # jianductl's command ...
    "$build/jianductl" "$@" --config config/jiandu.json --set "redis.url=unix://$work/chaos/redis.sock" --set "state_dir=$work/chaos/state" \
        --set "log.key_file=$work/key"
}
if chaos log verify >"$work/verified"; then
    ok "seed $seed: the log is whole: $(grep -c . "$work/chaos/state/jiandu.log") lines"
else
    not_ok "seed $seed: the log is not whole"
    sed 's/^/# /' "$work/verified" | head -n 20
fi
chaos alerts --json | sed -n 's/^{"id":"\([0-9a-f]*\)","revision":\([0-9]*\),"kind":"detection".*/\1 \2/p' | sort -u >"$work/published"
chaos log grep --event alert --json | sed -n 's/.*"alert":"\([0-9a-f]*\)","revision":\([0-9]*\),.*/\1 \2/p' | sort -u >"$work/logged"
if [ -s "$work/published" ] && [ -z "$(comm -23 "$work/published" "$work/logged")" ]; then
    ok "seed $seed: each of $(grep -c . "$work/published") alerts and revisions has its line"
else
    not_ok "seed $seed: alerts without a line: $(comm -23 "$work/published" "$work/logged" | grep -c .) of $(grep -c . "$work/published")"
fi
exit $failed
