#!/bin/sh
# The same events give the same alerts and reports, byte for byte: over batch sizes, seeds of the keys, optimisation and compilers.
# The same options give the same simulated world.
set -u
build=${1:-build}
work=$(mktemp -d) || exit 74
trap 'rm -rf "$work"' EXIT
count=0
failed=0

simulate() { # build, folder
    "$1/jianductl" simulate --seed 11 --units 300 --days 40 --out "$work/$2" >/dev/null
}
simulate "$build" world || exit 1

replay() { # build, options...
    from=$1
    shift
    "$from/jianductl" replay --config config/jiandu.json --reports "$work/reports" "$@" "$work/world/events.ndjson" 2>"$work/stderr" &&
        cat "$work/reports"
}
check() { # name, build, options...
    count=$((count + 1))
    name=$1
    shift
    if replay "$@" >"$work/alerts" && cmp -s "$work/alerts" "$work/reference"; then
        echo "ok $count - $name"
    else
        failed=$((failed + 1))
        echo "not ok $count - $name"
        sed 's/^/# /' "$work/stderr"
        diff "$work/reference" "$work/alerts" | head -n 4 | cut -c1-300 | sed 's/^/# /'
    fi
}
check_world() { # name, build
    count=$((count + 1))
    if simulate "$2" again && cmp "$work/world/events.ndjson" "$work/again/events.ndjson" >"$work/stderr" 2>&1 &&
        cmp "$work/world/truth.json" "$work/again/truth.json" >"$work/stderr" 2>&1; then
        echo "ok $count - the world of $1"
    else
        failed=$((failed + 1))
        echo "not ok $count - the world of $1"
        sed 's/^/# /' "$work/stderr"
    fi
}
variant() { # folder, compiler, optimisation
    make --no-print-directory -j"$(nproc)" BUILD="$build/$1" CC="$2" OPT="$3" SANITIZE= WERROR= >"$work/make.log" 2>&1 || {
        failed=$((failed + 1))
        echo "not ok - $2 $3 does not build"
        tail -n 20 "$work/make.log" | sed 's/^/# /'
        return 1
    }
}

replay "$build" >"$work/reference"
count=$((count + 1))
alerts=$(grep -c '"kind":"detection"' "$work/reference")
reports=$(grep -c '"kind":"report"' "$work/reference")
if [ "$alerts" -ge 10 ] && [ "$reports" -ge 10 ]; then echo "ok $count - $alerts alerts and $reports reports to compare"; else
    failed=$((failed + 1))
    echo "not ok $count - only $alerts alerts and $reports reports to compare"
fi
for batch in 1 7 500; do
    check "batches of $batch" "$build" --batch $batch
done
check "another seed of the keys" "$build" --hash-seed 9e3779b97f4a7c15
check "and another" "$build" --hash-seed 1
variant O0 "${CC:-gcc}" -O0 && check "gcc -O0" "$build/O0" && check_world "gcc -O0" "$build/O0"
if command -v clang >/dev/null; then
    variant clang clang -O2 && check "clang -O2" "$build/clang" && check_world "clang -O2" "$build/clang"
else
    echo "# no clang here: its build is not compared"
fi
echo "1..$count"
[ $failed -eq 0 ]
