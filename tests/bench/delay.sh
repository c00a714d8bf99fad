# shellcheck shell=bash disable=SC2154,SC2034
# From an event to its alert, beside a bare echo through the same connection code; and what a commit costs.
start_redis delay
unix=unix://$work/delay/redis.sock
lag() { # stream, rate: p50, p99, worst, alerts; whoever answers must be there already
    "$build/bench/latency" "$unix" "jiandu:{$1}:events" "jiandu:{$1}:alerts" "$2" "$seconds" $(($2 / 100)) # a hundred alerts a second
}
run_beside() { # rate, stream, command...
    local rate=$1 stream=$2
    shift 2
    redis delay del "jiandu:{$stream}:events" "jiandu:{$stream}:alerts" >/dev/null
    redis delay xadd "jiandu:{$stream}:events" 1-0 type tick time 1 >/dev/null
    "$@" 2>>"$work/beside.log" &
    local pid=$!
    pids+=("$pid")
    [ "$1" = "$build/bench/echo" ] || until [ "$(redis delay hget "jiandu:{$stream}:progress" pos)" = 1-0 ]; do
        kill -0 $pid 2>/dev/null || { tail -n 3 "$work/beside.log" >&2; exit 70; }
        sleep 0.05
    done
    lag "$stream" "$rate"
    kill $pid
    wait $pid 2>/dev/null
}
floor_once() { run_beside "$1" floor "$build/bench/echo" "$unix" "jiandu:{floor}:events" "jiandu:{floor}:alerts"; }
alert_once() { # rate, more settings...
    local rate=$1
    shift
    forget delay pulse
    rm -rf "$work/state"
    mkdir -p "$work/state"
    daemon "$work/pulse.json" "$unix" pulse "$@"
    run_beside "$rate" pulse "${command[@]}"
}
beside() { if [ "$1" = - ]; then echo -; else echo "$1_$2"; fi; }
delay() { # key, words, ceiling or -, command...
    local key=$1 words=$2 ceiling=$3 line
    shift 3
    line=$(thrice "$@" | middle 2)
    read -r p50 p99 worst n <<<"$line"
    [ -n "$n" ] || exit 70
    figure "${key}_p50" "$p50" us "$words, p50" "$(beside "$ceiling" p50)"
    figure "${key}_p99" "$p99" us "$words, p99" "$(beside "$ceiling" p99)"
    figure "${key}_worst" "$worst" us "$words, worst of $n"
}
section "From an event to its alert"
for rate in 1000 10000; do
    delay floor_$rate "bare echo, $rate/s" - floor_once $rate
    delay alert_$rate "all detectors, $rate/s" floor_$rate alert_once $rate
done
delay alert_snapshot "all detectors, 10000/s, a snapshot each second" floor_10000 alert_once 10000 --set snapshot.interval=1s
stop_redis delay

section "Commits of one alert of 2,000 bytes"
commits() { "$build/bench/commit" "$work/$1/redis.sock" bench "$2" "$3" "$4"; } # server, what, count, under way
dsync=$(dd if=/dev/zero of="$work/dsync" bs=512 count=300 oflag=dsync 2>&1 | tail -n 1 | sed 's/.*, \([0-9.e-]*\) s,.*/\1/')
figure dsync "$(awk -v s="$dsync" 'BEGIN {printf "%.0f", 300 / s}')" writes/s "synchronous writes of 512 bytes to this disk"
for policy in no everysec always; do
    count=20000
    [ $policy = always ] && count=3000
    aof=yes
    [ $policy = no ] && aof=no
    start_redis aof --appendonly $aof --appendfsync $policy
    words="AOF $policy"
    [ $policy = no ] && words="no AOF"
    for depth in 1 16; do
        for what in ping xadd commit; do
            [ $what = ping ] && [ $policy != no ] && continue
            ceiling=-
            [ $what = commit ] && ceiling=xadd_${policy}_$depth
            limit=-
            [ $what$policy$depth = commitalways1 ] && limit="the disk's flush, or the round trip"
            figure ${what}_${policy}_$depth "$(thrice commits aof $what $count $depth | middle)" "1/s" "$what, $depth under way, $words" $ceiling "$limit"
        done
    done
    stop_redis aof
done
