#!/usr/bin/env bash
# Runs the fuzz targets of the crates that are named, or of all crates, each for a bounded time.
#
#     cargo install --locked cargo-fuzz
#     tests/fuzz.sh [CRATE]...
#
# Two targets run at a time, each on one core. FUZZ_SECONDS sets the time for each; the default is 20. New inputs go to a
# temporary folder. If a target fails, or takes more than 15 seconds for one input, the script prints the end of its log and
# the inputs that libFuzzer kept, in Base64, and stops. Those inputs stay in crates/CRATE/fuzz/artifacts/TARGET/, which git
# ignores.
set -euo pipefail
cd "$(dirname "$0")/../crates"
# One folder for all crates, so that what they share is compiled once.
built=$(realpath -m "${CARGO_TARGET_DIR:-../target}")/fuzz
if [ $# -eq 0 ]; then
    crates=$(find . -path ./target -prune -o -path '*/fuzz/Cargo.toml' -print | cut -d/ -f2 | sort)
    set -- $crates
fi

export FUZZ_SECONDS=${FUZZ_SECONDS:-20}
temporary=$(mktemp -d)
trap 'rm -rf "$temporary"' EXIT
export temporary

# The seeds of a target are in a folder of its name, or else with the events that all others share.
seeds() {
    if [ -d "fuzz/seeds/$1" ]; then
        echo "fuzz/seeds/$1"
    else
        echo fuzz/seeds/events
    fi
}

# `build`, or `run` with a target and its arguments. More units of code compile faster, and the targets run a little slower.
cargo_fuzz() {
    cargo fuzz "$1" --sanitizer none --codegen-units 16 --target-dir "$built" "${@:2}"
}

# Prints the inputs that the last run kept. Where CI runs, nothing else is left of them.
print_artifacts() {
    find "$1" -type f -newer "$2" | sort | while read -r input; do
        printf '\n%s, in Base64:\n' "$input"
        base64 "$input"
    done
}

# Runs one target of one crate. It prints everything at the end, because another one runs beside it.
fuzz() {
    local crate=$1 target=$2
    local own=$temporary/$crate/$target artifacts=$PWD/$crate/fuzz/artifacts/$target
    mkdir -p "$own/corpus" "$artifacts"
    touch "$own/start"
    (
        cd "$crate"
        options=(-max_total_time="$FUZZ_SECONDS" -timeout=15 -print_final_stats=1 -artifact_prefix="$artifacts/")
        [ ! -f fuzz/json.dict ] || options+=(-dict=fuzz/json.dict)
        cargo_fuzz run "$target" "$own/corpus" "$(seeds "$target")" -- "${options[@]}" >"$own/log" 2>&1
    ) || {
        {
            printf '\n-- fuzzing %s: %s failed\n' "$crate" "$target"
            tail --lines=80 "$own/log"
            print_artifacts "$artifacts" "$own/start"
        } >&2
        # xargs starts no other target then.
        exit 255
    }
    local units
    units=$(grep number_of_executed_units "$own/log") || { tail --lines=80 "$own/log" >&2; exit 255; }
    printf -- '-- fuzzed %s: %s, for %s seconds, %s\n' "$crate" "$target" "$FUZZ_SECONDS" "$units"
}
export built
export -f cargo_fuzz fuzz print_artifacts seeds

for crate; do
    # All targets before any of them runs, so that the time is spent on fuzzing alone.
    (cd "$crate" && cargo_fuzz build)
    targets=$(cd "$crate" && cargo fuzz list)
    [ -n "$targets" ] || {
        echo "crates/$crate/fuzz has no target: look at its Cargo.toml" >&2
        exit 1
    }
    printf "$crate %s\n" $targets >>"$temporary/targets"
done
xargs --max-args 2 --max-procs 2 bash -euo pipefail -c 'fuzz "$@"' fuzz <"$temporary/targets"
