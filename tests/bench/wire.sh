# shellcheck shell=bash disable=SC2154,SC2034
# Reading and detecting: what the wire brings with nothing behind it, what is left with all detectors, with the three rules, and in replay; and how soon the daemon is back.
redis_tcp=$((20000 + RANDOM % 10000))
unix=unix://$work/wire/redis.sock
tcp=redis://127.0.0.1:$redis_tcp
tls=rediss://127.0.0.1:$((redis_tcp + 1))
options=(--port "$redis_tcp" --bind 127.0.0.1)
sockets="unix tcp"
# with openssl's program, over TLS too, under a certificate of a day
if openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1 -subj /CN=bench -addext subjectAltName=IP:127.0.0.1 \
    -keyout "$work/key" -out "$work/cert" 2>/dev/null; then
    sockets="unix tcp tls"
    options+=(--tls-port $((redis_tcp + 1)) --tls-cert-file "$work/cert" --tls-key-file "$work/key" --tls-ca-cert-file "$work/cert" --tls-auth-clients no)
fi
start_redis wire "${options[@]}"
world=$work/world/events.ndjson
"$build/jianductl" simulate --seed 1 --units "$units" --days 30 --out "$work/world" >/dev/null || exit 1
"$build/bench/lines" rules 60000 "$rules" >"$work/rules.ndjson"
events=$(wc -l <"$world")
say "$events events of a month, $units units"
for form in json flat; do
    feed wire $form $form "$world"
    feed wire rules_$form $form "$work/rules.ndjson"
done

busy() { # percent of the daemon, of Redis: in words, what limits
    if [ "$1" -ge 85 ] && [ "$1" -ge "$2" ]; then echo "jiandud's core ($1 %, Redis $2 %)"
    elif [ "$2" -ge 85 ]; then echo "Redis' core ($2 %, jiandud $1 %)"
    else echo "waiting for each other or for a core (jiandud $1 %, Redis $2 %)"; fi
}
drain() { # key, URL, stream, words
    local line
    local secured=()
    [ "$2" = "$tls" ] && secured=("$unix" "$work/cert")
    line=$(thrice "$build/bench/drain" "$2" "jiandu:{$3}:events" "${secured[@]}" | middle)
    [ -n "$line" ] || exit 70
    read -r rate own server <<<"$line"
    figure "$1" "$rate" events/s "$4" - "$(busy "$own" "$server" | sed 's/jiandud/the reader/g')"
}
live() { # key, configuration, URL, stream, file, words, ceiling
    local line
    line=$(thrice live_once "$2" wire "$3" "$4" "$5" | middle 3)
    [ -n "$line" ] || exit 70
    read -r _ whole steady own server rss <<<"$line"
    figure "$1" "$steady" events/s "$6" "$7" "$(busy "$own" "$server")"
    figure "$1_whole" "$whole" events/s "  with start and last commit" "$7"
    figure "$1_rss" "$rss" KiB "  peak resident memory"
}

section "Reading, all detectors ($events events of a month, $units units)"
for form in flat json; do
    for socket in $sockets; do
        drain "${form}_drain_$socket" "${!socket}" $form "bare drain, $form, $socket"
        live "${form}_live_$socket" "$work/all.json" "${!socket}" $form "$world" "live, all detectors, $form, $socket" "${form}_drain_$socket"
    done
done
section "Three rules ($rules events of 60,000 accounts)"
for form in flat json; do
    drain rules_${form}_drain "$unix" rules_$form "bare drain, $form, unix"
    live rules_${form}_live "$work/rules.json" "$unix" rules_$form "$work/rules.ndjson" "live, three rules, $form, unix" rules_${form}_drain
done

section "Decoding and replay"
while read -r what ns bytes; do
    case $what in
    flat) figure decode_flat $((1000000000 / ns)) events/s "decoding 16 flat fields" ;;
    json) figure decode_json $((1000000000 / ns)) events/s "decoding the same as JSON of $bytes bytes" ;;
    lines) figure decode_lines $((1000000000 / ns)) events/s "decoding the month's lines" ;;
    lines_jansson) figure decode_lines_jansson $((1000000000 / ns)) events/s "  the same through Jansson alone" decode_lines ;;
    esac
done < <("$build/bench/decode" "$world")
replay_once() { "$build/jianductl" replay --config "$work/all.json" --stats "$work/stats" "$world" >/dev/null && statistic events_per_second "$work/stats"; }
figure replay "$(thrice replay_once | middle)" events/s "replay of JSON lines, all detectors" decode_lines "one core: decoding, then detection"
figure state_bytes "$(statistic state_bytes "$work/stats")" bytes "state after the month"
section "Bytes a record, by table (index included), after the month"
while read -r table records bytes; do
    [ "$records" -ge 1000 ] && figure "bytes_$table" $((bytes / records)) bytes "$table ($records records)"
done < <(table_bytes "$work/stats")

section "Start of jiandud with the state of the month"
start_once() {
    local id
    id=$(redis wire xadd "jiandu:{json}:events" "*" data '{"type":"tick"}')
    daemon "$work/all.json" "unix://$work/wire/redis.sock" json
    "$build/bench/live" "unix://$work/wire/redis.sock" json "$id" 1 "${command[@]}" 2>"$work/live.log" | field 1
}
live_once "$work/all.json" wire "unix://$work/wire/redis.sock" json "$work/world/events.ndjson" >/dev/null
figure start_size $(($(stat -c %s "$work"/state/snapshots/*.jd | sort -n | tail -n 1) >> 20)) MiB "snapshot"
figure start "$(thrice start_once | middle)" ms "from the start until a new entry is committed" - "loading, then the lease"
