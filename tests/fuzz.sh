#!/usr/bin/env bash
# Runs the fuzz targets of the crates that are named, or of all crates, each for a bounded time.
#
#     cargo install --locked cargo-fuzz
#     tests/fuzz.sh [CRATE]...
#
# FUZZ_SECONDS sets the time for each target; the default is 20. New inputs go to a temporary folder. If a target fails, or
# takes more than 15 seconds for one input, the script prints the end of its log and the inputs that libFuzzer kept, in
# Base64, and stops. Those inputs stay in crates/CRATE/fuzz/artifacts/TARGET/, which git ignores.
set -euo pipefail
cd "$(dirname "$0")/../crates"
if [ $# -eq 0 ]; then
    crates=$(find . -path ./target -prune -o -path '*/fuzz/Cargo.toml' -print | cut -d/ -f2 | sort)
    set -- $crates
fi

temporary=$(mktemp -d)
trap 'rm -rf "$temporary"' EXIT

# The seeds of a target are in a folder of its name, or else with the events that all others share.
seeds() {
    if [ -d "fuzz/seeds/$1" ]; then
        echo "fuzz/seeds/$1"
    else
        echo fuzz/seeds/events
    fi
}

# Prints the inputs that the last run kept. Where CI runs, nothing else is left of them.
print_artifacts() {
    find "$1" -type f -newer "$temporary/start" | sort | while read -r input; do
        printf '\n%s, in Base64:\n' "$input"
        base64 "$input"
    done
}

for crate; do
    # All targets at once, so that the time below is spent on fuzzing alone.
    (cd "$crate" && cargo fuzz build --sanitizer none)
    targets=$(cd "$crate" && cargo fuzz list)
    [ -n "$targets" ] || {
        echo "crates/$crate/fuzz has no target: look at its Cargo.toml" >&2
        exit 1
    }
    for target in $targets; do
        printf '\n-- fuzzing %s: %s, for %s seconds\n' "$crate" "$target" "${FUZZ_SECONDS:=20}"
        artifacts="$PWD/$crate/fuzz/artifacts/$target"
        mkdir -p "$temporary/$crate/$target" "$artifacts"
        touch "$temporary/start"
        (
            cd "$crate"
            options=(-max_total_time="$FUZZ_SECONDS" -timeout=15 -print_final_stats=1 -artifact_prefix="$artifacts/")
            [ ! -f fuzz/json.dict ] || options+=(-dict=fuzz/json.dict)
            cargo fuzz run --sanitizer none "$target" "$temporary/$crate/$target" "$(seeds "$target")" \
                -- "${options[@]}" >"$temporary/log" 2>&1
        ) || {
            tail --lines=80 "$temporary/log" >&2
            print_artifacts "$artifacts" >&2
            exit 1
        }
        grep number_of_executed_units "$temporary/log"
    done
done
