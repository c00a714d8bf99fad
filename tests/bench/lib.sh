# shellcheck shell=bash
# What the parts of the benchmark share: a folder that goes at the end, private Redis servers, medians.
# Sourced; needs `build`.
work=$(mktemp -d /tmp/jiandu-bench.XXXXXX) || exit 74
pids=()
end() {
    for pid in "${pids[@]}"; do kill -9 "$pid" 2>/dev/null; done
    wait 2>/dev/null
    rm -rf "$work"
}
trap end EXIT
trap 'exit 130' INT TERM

start_redis() { # name, options...: a server in $work/NAME on the socket redis.sock
    name=$1
    shift
    mkdir -p "$work/$name"
    redis-server --port 0 --unixsocket "$work/$name/redis.sock" --save "" --dir "$work/$name" --loglevel warning "$@" >"$work/$name/log" 2>&1 &
    pids+=($!)
    for _ in $(seq 100); do
        redis-cli -s "$work/$name/redis.sock" ping 2>/dev/null | grep -q PONG && return
        sleep 0.1
    done
    cat "$work/$name/log" >&2
    exit 69
}
stop_redis() { # name
    redis-cli -s "$work/$1/redis.sock" shutdown nosave >/dev/null 2>&1
    rm -rf "${work:?}/$1"
}
median() { sort -n | awk '{v[NR] = $1} END {print v[int((NR + 1) / 2)]}'; }
