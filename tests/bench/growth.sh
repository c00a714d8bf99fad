# shellcheck shell=bash disable=SC2154,SC2034
# How the cost of an event depends on how much is tracked and on the stream's shape; snapshots and starts.
# An entity is an account with its unit, device, order, waybill and so on: some sixty records.
scale() { # shape, entities, events, folder or -
    local folder=$4
    [ "$folder" = - ] || { rm -rf "$folder"; mkdir -p "$folder"; }
    "$build/bench/scale" config/jiandu.json "$1" "$2" "$3" "$folder" || exit 70
}
scale_snapshot() { scale "$@" | paste -sd ' '; }

section "Tracked entities (records in all tables), and snapshots of them"
: >"$work/growth"
sizes="170 1700 17000"
[ -n "${JIANDU_BENCH_LONG:-}" ] && sizes="$sizes 170000"
for entities in $sizes; do
    line=$(thrice scale_snapshot spread "$entities" "$measured" "$work/scale" | middle)
    read -r rate records bytes _ pause write size copied longest load <<<"$line"
    [ -n "$load" ] || exit 70
    echo "$records $rate" >>"$work/growth"
    figure "growth_$entities" "$rate" events/s "decoding and detection, $records records, $((bytes >> 20)) MiB" growth_170 "the core; with many records, memory"
    figure "snapshot_pause_$entities" "$pause" us "  pause for the fork"
    figure "snapshot_worst_$entities" "$longest" us "  longest event while it is written"
    figure "snapshot_rate_$entities" $((size / 1000 / (write + 1))) MB/s "  written, $((size >> 20)) MiB in $write ms with an fsync"
    figure "snapshot_copied_$entities" "$copied" % "  of the state's pages copied meanwhile"
    figure "load_$entities" "$load" ms "  loading it"
done

section "Adversarial streams"
for shape in new hub cycles; do
    read -r rate records bytes alerts <<<"$(thrice scale $shape 5000 "$adverse" - | middle)"
    figure "adverse_$shape" "$rate" events/s "$shape ($records records, $alerts alerts, $((bytes >> 20)) MiB)" growth_1700 "the core"
done

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
