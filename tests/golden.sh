#!/bin/sh
# Golden cases: each detectors/NAME/cases/CASE/events.ndjson is replayed with that one detector and must give
# expected.ndjson, its alerts and then its reports, byte for byte but for the hash of all options, whatever the batch size
# and the seed of the keys.
# `--update` writes what it gives now where that differs: read the difference before you commit it. `--build DIR` names
# another build.
set -u
build=build
update=
while [ $# -gt 0 ]; do
    case $1 in
    --update) update=yes ;;
    --build) build=$2; shift ;;
    *) echo "usage: $0 [--update] [--build DIR]" >&2; exit 64 ;;
    esac
    shift
done
work=$(mktemp -d) || exit 74
trap 'rm -rf "$work"' EXIT
count=0
failed=0

bare() { # file
    sed -e 's/"config_generation":"[0-9a-f]*",//' -e 's/,"not_evaluable":\[[^]]*]//' "$1"
}
same() {
    bare "$work/actual" >"$work/actual.bare"
    bare "$folder/expected.ndjson" >"$work/expected.bare"
    cmp -s "$work/actual.bare" "$work/expected.bare"
}
replay() { # detector, case folder, further options
    folder=$2
    config=$folder/config.json
    if [ ! -f "$config" ]; then
        config=$work/$1.json
        printf '{"name":"golden","detectors":[{"name":"%s"}],"routes":[{"prefix":"","office":"national"},{"prefix":"33","office":"zhejiang"},{"prefix":"44","office":"guangdong"},{"prefix":"4403","office":"shenzhen"}]}' "$1" >"$config"
    fi
    detector=$1
    shift 2
    "$build/jianductl" replay --config "$config" --reports "$work/reports" "$@" "$folder/events.ndjson" 2>"$work/stderr" ||
        { echo "# $folder: replay of $detector failed:"; sed 's/^/# /' "$work/stderr"; }
    cat "$work/reports"
}

for folder in detectors/*/cases/*/; do
    folder=${folder%/}
    [ -f "$folder/events.ndjson" ] || continue
    detector=${folder#detectors/}
    detector=${detector%%/*}
    count=$((count + 1))
    [ -f "$folder/expected.ndjson" ] || : >"$folder/expected.ndjson"
    if [ -n "$update" ]; then
        replay "$detector" "$folder" >"$work/actual"
        same || cp "$work/actual" "$folder/expected.ndjson"
    fi
    ok=yes
    for options in "--batch 256" "--batch 1" "--batch 7 --hash-seed abad1dea"; do
        # shellcheck disable=SC2086
        replay "$detector" "$folder" $options >"$work/actual"
        same && continue
        ok=
        echo "# $folder with $options:"
        diff "$work/expected.bare" "$work/actual.bare" | cut -c1-400 | sed 's/^/# /' | head -n 20
        break
    done
    if [ -n "$ok" ]; then
        echo "ok $count - $folder"
    else
        echo "not ok $count - $folder"
        failed=$((failed + 1))
    fi
done
echo "1..$count"
[ "$count" -gt 0 ] && [ "$failed" -eq 0 ]
