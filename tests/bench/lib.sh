# shellcheck shell=bash disable=SC2154,SC2034
# What the parts of the benchmarks share: a folder that goes at the end, private Redis servers, streams, medians, figures.
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
say() { echo "bench: $*" >&2; }

# ---- Redis ----

start_redis() { # name, options...: a server in $work/NAME on the socket redis.sock; the last --port counts
    local name=$1
    shift
    mkdir -p "$work/$name"
    redis-server --port 0 --unixsocket "$work/$name/redis.sock" --save "" --dir "$work/$name" --loglevel warning "$@" >"$work/$name/log" 2>&1 &
    pids+=($!)
    for _ in $(seq 100); do
        redis "$name" ping 2>/dev/null | grep -q PONG && return
        sleep 0.1
    done
    cat "$work/$name/log" >&2
    exit 69
}
stop_redis() { # name
    redis "$1" shutdown nosave >/dev/null 2>&1
    rm -rf "${work:?}/$1"
}
redis() { # name, command...
    local name=$1
    shift
    redis-cli -s "$work/$name/redis.sock" "$@"
}
# Lines of a file as entries of the stream jiandu:{STREAM}:events, in one field `data` or as flat fields.
feed() { # server, stream, json|flat, file
    if [ "$3" = json ]; then
        sed -n 's/^{"id":"\([0-9]*-[0-9]*\)",\(.*\)$/XADD jiandu:{'"$2"'}:events \1 data '"'"'{\2'"'"'/p' "$4"
    else
        sed -e 's/^{"id":"\([0-9]*-[0-9]*\)","/XADD jiandu:{'"$2"'}:events \1 /' -e 's/}$//' -e 's/":/ /g' -e 's/,"/ /g' "$4"
    fi | redis "$1" --pipe >"$work/fed" 2>&1
    grep -q 'errors: 0' "$work/fed" || { cat "$work/fed" >&2; exit 70; }
}
last_id() { tail -n 1 "$1" | sed 's/^{"id":"\([0-9-]*\)".*/\1/'; } # file
forget() { # server, stream: all that a daemon has left there
    redis "$1" --raw keys "jiandu:{$2}:*" | grep -v ':events$' | while read -r key; do redis "$1" del "$key"; done >/dev/null
    redis "$1" xgroup destroy "jiandu:{$2}:events" jiandu >/dev/null
}

# ---- numbers ----

middle() { sort -n -k "${1:-1},${1:-1}" | awk '{line[NR] = $0} END {print line[int((NR + 1) / 2)]}'; } # field: the median's line
thrice() { for _ in 1 2 3; do "$@"; done; }
field() { awk -v n="$1" '{print $n}'; }
table_bytes() { # statistics of a replay: a line a table of name, records, bytes
    grep -o '"[a-z0-9_]*\.[a-z0-9_]*":{"records":[0-9]*,"bytes":[0-9]*' "$1" | sed 's/^"\([^"]*\)":{"records":\([0-9]*\),"bytes":\([0-9]*\)/\1 \2 \3/'
}
statistic() { sed 's/.*"'"$1"'":\([0-9]*\).*/\1/' "$2"; } # name, statistics of a replay

# A figure: key, value, unit, words; the key of the figure that it is measured against, and what limits it, if known.
figure() { printf '%s\t%s\t%s\t%s\t%s\t%s\n' "$1" "$2" "$3" "$4" "${5:--}" "${6:--}" >>"$work/figures"; }
section() {
    figure - - - "$1"
    say "$1"
}

# ---- the daemon ----

detectors() { # more as NAME:FILE...: the list of the configuration, all of ours and these
    local separator='' f
    for f in "$build"/detectors/*.so; do
        f=$(basename "$f" .so)
        [ "$f" = template ] && continue
        printf '%s{"name":"%s","path":"%s/detectors/%s.so"}' "$separator" "$f" "$top" "$f"
        separator=,
    done
    for f in "$@"; do
        printf '%s{"name":"%s","path":"%s/bench/%s.so"}' "$separator" "$f" "$top" "$f"
        separator=,
    done
}
top=$(cd "$build" && pwd)
printf '{"detectors":[{"name":"three_rules","path":"%s/bench/three_rules.so"}]}' "$top" >"$work/rules.json"
printf '{"detectors":[%s]}' "$(detectors)" >"$work/all.json"
printf '{"detectors":[%s]}' "$(detectors pulse)" >"$work/pulse.json"

daemon() { # configuration, URL, stream, more arguments...: what to run
    local config=$1 url=$2 name=$3
    shift 3
    command=("$build/jiandud" --config "$config" --set "redis.url=$url" --set "state_dir=$work/state" --set "name=$name"
        --set http.listen= --set commit_interval=20ms --set log.level=error --set dead.maxlen=1000 "$@")
    [[ $url != rediss:* ]] || command+=(--set "redis.tls.ca_file=$work/cert")
}
live_once() { # configuration, server, URL, stream, file: see live.c
    forget "$2" "$4"
    rm -rf "$work/state"
    mkdir -p "$work/state"
    daemon "$1" "$3" "$4"
    "$build/bench/live" "unix://$work/$2/redis.sock" "$4" "$(last_id "$5")" "$(wc -l <"$5")" "${command[@]}" 2>"$work/live.log" || { tail -n 3 "$work/live.log" >&2; exit 70; }
}
