#!/bin/sh
# The demonstration: a private redis-server in a temporary folder, a simulated month of the platform played into it, jiandud
# at work on it, and the alerts it publishes. Ends all it has started and leaves nothing behind.
set -u
build=${1:-build}
units=${JIANDU_DEMO_UNITS:-2000}
work=$(mktemp -d /tmp/jiandu-demo.XXXXXX) || exit 74
server=
daemon=
stop() {
    [ -z "$daemon" ] || { kill "$daemon" 2>/dev/null && wait "$daemon" 2>/dev/null; }
    [ -z "$server" ] || { kill "$server" 2>/dev/null && wait "$server" 2>/dev/null; }
    rm -rf "$work"
}
trap stop EXIT
trap 'exit 130' INT TERM
fail() {
    echo "demo: $1" >&2
    [ -f "$work/jiandud.log" ] && tail -n 20 "$work/jiandud.log" >&2
    exit 1
}

echo "== A private redis-server on $work/redis.sock"
redis-server --port 0 --unixsocket "$work/redis.sock" --save "" --appendonly no --dir "$work" --loglevel warning >"$work/redis.log" 2>&1 &
server=$!
tries=0
until redis-cli -s "$work/redis.sock" ping 2>/dev/null | grep -q PONG; do
    tries=$((tries + 1))
    [ $tries -lt 100 ] || fail "redis-server does not answer: $(cat "$work/redis.log")"
    sleep 0.1
done

set -- --config config/jiandu.json --set "redis.url=unix://$work/redis.sock" --set "state_dir=$work/state" --set "http.listen=unix:$work/http.sock"
mkdir -p "$work/state"
echo "== jiandud starts: one process, four detectors"
"$build/jiandud" "$@" >"$work/jiandud.log" 2>&1 &
daemon=$!

echo "== A month of $units units, played into the stream"
"$build/jianductl" simulate --seed 832 --units "$units" --days 30 --out "$work/world" || fail "the simulation failed"
"$build/jianductl" simulate --seed 832 --units "$units" --days 30 --config config/jiandu.json --set "redis.url=unix://$work/redis.sock" ||
    fail "the events could not be sent"

tries=0
while :; do
    status=$("$build/jianductl" status "$@" --json) || fail "no status"
    case $status in *'"lag":0,'*) break ;; esac
    tries=$((tries + 1))
    [ $tries -lt 600 ] || fail "jiandud does not come to the end: $status"
    kill -0 "$daemon" 2>/dev/null || fail "jiandud has ended"
    sleep 0.2
done

"$build/jianductl" alerts "$@" --json >"$work/alerts.ndjson" || fail "no alerts"
echo "== What jiandud found: the first 10 of $(wc -l <"$work/alerts.ndjson") alerts and revisions, in brief"
"$build/jianductl" alerts --file "$work/alerts.ndjson" --brief | head -n 30
for detector in account_sharing proxy_purchasing fake_trade; do
    count=$("$build/jianductl" alerts --file "$work/alerts.ndjson" --detector $detector --json | wc -l)
    [ "$count" -gt 0 ] || fail "no alert of $detector"
    echo
    echo "== $detector: $count alerts and revisions; the first one in full"
    id=$("$build/jianductl" alerts --file "$work/alerts.ndjson" --detector $detector --json | head -n 1 | sed 's/^{"id":"\([0-9a-f]*\)".*/\1/')
    "$build/jianductl" alerts --file "$work/alerts.ndjson" --id "$id" | awk '/ rev / {if (n++) exit} {print}'
done

echo "== What one office's units bought against what they reserved: context, never proof"
"$build/jianductl" progress "$@" --office shenzhen || fail "no report"

echo "== Against what the simulation had staged: every kind of fraud, careless, careful and adaptive, and lawful look-alikes (traps)"
"$build/jianductl" score --truth "$work/world/truth.json" "$work/alerts.ndjson" >"$work/score" || fail "no score"
sed '/^delay to/,$d' "$work/score"
grep -E '^(traps fired|false alerts of)' "$work/score"

echo "== State of the daemon"
"$build/jianductl" status "$@"
kill "$daemon" && wait "$daemon" 2>/dev/null
daemon=
echo "== jiandud has finished, saved its state and given its lease back; the private Redis goes with its folder"
