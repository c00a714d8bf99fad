# shellcheck shell=bash disable=SC2154
# Counting instructions with callgrind: for budget.sh and bombs.sh, which have sourced lib.sh.

# Own instructions by object, of the objects that were built here.
own_instructions() { # callgrind's file
    awk -v own="$(cd "$build" && pwd)/" '
        /^ob=/ { if (match($0, /\([0-9]+\)/)) id = substr($0, RSTART, RLENGTH)
                 if (NF > 1) { path = $0; sub(/^ob=\([0-9]+\) /, "", path); paths[id] = path }
                 ours = index(paths[id], own) == 1; next }
        /^cob=\([0-9]+\) / { id2 = $0; sub(/^cob=/, "", id2); path = id2; sub(/ .*/, "", id2); sub(/^[^ ]* /, "", path); paths[id2] = path; next }
        /^calls=/ { skip = 1; next }
        /^[0-9+*-]/ { if (skip) skip = 0; else if (ours) sum += $2 }
        END { printf "%.0f\n", sum }' "$1"
}
count() { # name, events, callgrind's options..., -- command...
    name=$1 events=$2
    shift 2
    options=()
    while [ "$1" != -- ]; do options+=("$1"); shift; done
    shift
    valgrind -q --tool=callgrind --callgrind-out-file="$work/$name" "${options[@]}" "$@" >"$work/$name.out" 2>"$work/$name.err" ||
        { cat "$work/$name.err" >&2; return 1; }
    echo "$name $(($(own_instructions "$work/$name") / events))" >>"$work/counted"
}
