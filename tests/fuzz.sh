#!/usr/bin/env bash
# Runs the fuzz targets of the crates that are named, or of all crates, each for a bounded time.
#
#     cargo install --locked cargo-fuzz
#     tests/fuzz.sh [CRATE]...
#
# FUZZ_SECONDS sets the time for each target; the default is 20. A run leaves the clone as it was: new inputs go to a
# temporary folder. If a target fails, the script prints the end of its log, with the input, and stops.
set -euo pipefail
cd "$(dirname "$0")/../crates"
[ $# -gt 0 ] || set -- $(find . -path ./target -prune -o -path '*/fuzz/Cargo.toml' -print | cut -d/ -f2 | sort)

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

for crate; do
    # All targets at once, so that the time below is spent on fuzzing alone.
    (cd "$crate" && cargo fuzz build --sanitizer none)
    for target in $(cd "$crate" && cargo fuzz list); do
        printf '\n-- fuzzing %s: %s, for %s seconds\n' "$crate" "$target" "${FUZZ_SECONDS:=20}"
        mkdir -p "$temporary/$crate/$target"
        (
            cd "$crate"
            options=(-max_total_time="$FUZZ_SECONDS" -print_final_stats=1 -artifact_prefix="$temporary/")
            [ ! -f fuzz/json.dict ] || options+=(-dict=fuzz/json.dict)
            cargo fuzz run --sanitizer none "$target" "$temporary/$crate/$target" "$(seeds "$target")" \
                -- "${options[@]}" >"$temporary/log" 2>&1
        ) || {
            tail --lines=80 "$temporary/log" >&2
            exit 1
        }
        grep number_of_executed_units "$temporary/log"
    done
done
