#!/bin/sh
# Runs tests and counts them. Each prints TAP lines ("ok", "not ok"); one that ends badly, hangs, or prints a
# sanitizer's report counts as failed. Ends with "N passed, N failed".
#   tests/run.sh [--build DIR] all|quick|unit|simulation|golden|fuzz|determinism|integration|faults...
set -u
build=build
if [ "${1:-}" = --build ]; then
    build=$2
    shift 2
fi
passed=0
failed=0
log=$build/test.log
: >"$log"

run() { # name, limit in seconds, command...
    name=$1
    limit=$2
    shift 2
    timeout -k 10 "$limit" "$@" >"$log.one" 2>"$log.err"
    code=$?
    good=$(grep -c '^ok ' "$log.one")
    bad=$(grep -c '^not ok ' "$log.one")
    if grep -qE 'Sanitizer|runtime error:' "$log.err"; then
        bad=$((bad + 1))
    elif [ $code -ne 0 ] && [ "$bad" -eq 0 ]; then
        bad=1
    elif [ $code -eq 0 ] && [ $((good + bad)) -eq 0 ]; then
        bad=1
    fi
    passed=$((passed + good))
    failed=$((failed + bad))
    printf '  %-28s %4d passed' "$name" "$good"
    [ "$bad" -eq 0 ] && echo || echo ", $bad failed"
    { echo "== $name: exit code $code"; cat "$log.one" "$log.err"; } >>"$log"
    if [ "$bad" -ne 0 ]; then
        [ $code -eq 124 ] && echo "    did not end within $limit s"
        grep -v '^ok ' "$log.one" | tail -n 40 | cut -c1-300 | sed 's/^/    /'
        tail -n 40 "$log.err" | cut -c1-300 | sed 's/^/    /'
    fi
}

programs() { # folder, limit
    for program in tests/"$1"/*.c; do
        name=$(basename "$program" .c)
        run "$1/$name" "$2" "$build/$1/$name"
    done
}

suite() {
    case $1 in
    unit) programs unit 300 ;;
    integration) programs integration 300 ;;
    golden) run golden 300 sh tests/golden.sh --build "$build" ;;
    determinism) run determinism 600 sh tests/determinism.sh "$build" ;;
    faults) run faults 900 sh tests/faults/short.sh "$build" ;;
    simulation) run simulation 300 "$build/simulation/simulation" ;;
    fuzz)
        for target in tests/fuzz/corpus/*/; do
            name=$(basename "$target")
            run "fuzz/$name" 300 "$build/fuzz/$name" "tests/fuzz/corpus/$name"
        done
        ;;
    quick) suite unit; suite simulation; suite golden; suite fuzz ;;
    all) suite quick; suite determinism; suite integration; suite faults ;;
    *) echo "tests/run.sh: no suite is called $1" >&2; exit 64 ;;
    esac
}

for name in "$@"; do
    suite "$name"
done
rm -f "$log.one" "$log.err"
echo "$passed passed, $failed failed"
[ -n "${JIANDU_TALLY:-}" ] && echo "$passed $failed" >>"$JIANDU_TALLY"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
