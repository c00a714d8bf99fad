# shellcheck shell=bash disable=SC2154,SC2034
# How the cost of an event depends on how much is tracked and on the stream's shape; snapshots.
# An entity is an account with its unit, device, order, waybill and so on: some sixty records.
scale() { # shape, entities, events, folder or -
    local folder=$4
    [ "$folder" = - ] || { rm -rf "$folder"; mkdir -p "$folder"; }
    "$build/bench/scale" config/jiandu.json "$1" "$2" "$3" "$folder" || exit 70
}
scale_snapshot() { scale "$@" | paste -sd ' '; }
events_of() { # entities: enough to measure, few enough that orders do not become most of what is tracked
    echo $(($1 * 60 < measured ? $1 * 60 : measured))
}

section "Tracked entities (records in all tables), and snapshots of them"
: >"$work/growth"
sizes="170 1700 17000"
[ -n "${JIANDU_BENCH_LONG:-}" ] && sizes="$sizes 300000"
for entities in $sizes; do
    line=$(thrice scale_snapshot spread "$entities" "$(events_of "$entities")" "$work/scale" | middle)
    read -r rate records bytes _ pause write size copied longest load <<<"$line"
    [ -n "$load" ] || exit 70
    echo "$records $rate" >>"$work/growth"
    figure "growth_$entities" "$rate" events/s "decoding and detection, $records records, $((bytes >> 20)) MiB" growth_1700 "the core; with many records, memory"
    figure "snapshot_pause_$entities" "$pause" us "  pause for the fork"
    figure "snapshot_worst_$entities" "$longest" us "  longest event while it is written"
    figure "snapshot_rate_$entities" $((size / 1000 / (write + 1))) MB/s "  written, $((size >> 20)) MiB in $write ms with an fsync"
    figure "snapshot_copied_$entities" "$copied" % "  of the state's pages copied meanwhile"
    figure "load_$entities" "$load" ms "  loading it"
done

if [ -n "${JIANDU_BENCH_LONG:-}" ]; then
    section "A year's replay"
    "$build/jianductl" simulate --seed 3 --units 2000 --days 360 --out "$work/year" >/dev/null || exit 1
    year=$work/year/events.ndjson
    total=$(wc -l <"$year")
    month=$((total / 12))
    spend() { "$build/bench/spend" "$work/spent" "$build/jianductl" replay --config "$work/all.json" "$work/part" >/dev/null && field 1 <"$work/spent"; }
    ns_of() { # events: ns for replaying so many
        head -n "$1" "$year" >"$work/part"
        echo $(($(thrice spend | middle) * 1000000))
    }
    first=$(ns_of $month) eleven=$(ns_of $((month * 11))) all=$(ns_of "$total")
    figure year_first $((first / month)) ns "an event of the first twelfth of $total"
    figure year_last $(((all - eleven) / (total - month * 11))) ns "an event of the last twelfth" year_first
fi

section "Adversarial streams"
for shape in new hub cycles; do
    read -r rate records bytes alerts <<<"$(thrice scale $shape 5000 "$adverse" - | middle)"
    figure "adverse_$shape" "$rate" events/s "$shape ($records records, $alerts alerts, $((bytes >> 20)) MiB)" growth_1700 "the core"
done
