#!/bin/bash
# Which lines of the core and of the stream module the tests run: tests/coverage.sh BUILD, built with --coverage and after the tests.
# Prints a table by folder and the functions that nothing calls; fails below 90 % in one of the folders.
set -u
build=$1 least=90
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0
printf '%-16s %7s %7s %6s\n' folder lines run %
for folder in event state engine stream base ops; do
    for notes in "$build/obj/daemon/$folder"/*.gcno; do
        gcov -n -f -o "$(dirname "$notes")" "$notes" 2>/dev/null
    done >"$work/out"
    # functions come first, then files; headers of other folders are theirs
    read -r lines run <<<"$(awk -F "'" -v folder="daemon/$folder/" '
        /^File/ { file = $2; next }
        /^Function/ { file = ""; next }
        /^Lines executed:/ && file ~ "^" folder ".*\\.c$" { split($0, part, /[:% ]+/); lines += part[5]; run += part[3] * part[5] / 100; file = "" }
        END { printf "%d %.0f\n", lines, run }' "$work/out")"
    awk -F "'" -v folder="$folder" '/^Function/ {name = $2} /^Lines executed:0.00%/ && name {print "  " folder ": " name} {if (!/^Function/) name = ""}' "$work/out" >>"$work/never"
    percent=$((lines ? run * 1000 / lines : 0))
    printf '%-16s %7d %7d %4d.%d\n' "daemon/$folder" "$lines" "$run" $((percent / 10)) $((percent % 10))
    case $folder in event | state | engine | stream) [ $percent -ge $((least * 10)) ] || { echo "  below $least %"; failed=1; } ;; esac
done
echo "Functions that no test calls:"
sort -u "$work/never"
exit $failed
