#!/usr/bin/env bash
# Whatever holds the codes of custom senders against programs that aren't ours: known answers made afresh by AWS's
# Encryption SDK, our own messages opened by it, the example function with moto's outbox, and the fuzz targets for a
# bounded time. The packages of requirements.txt have to be on the PATH:
#
#     python3 -m venv target/kms && target/kms/bin/pip install -r tests/kms/requirements.txt
#     PATH="$PWD/target/kms/bin:$PATH" tests/kms/run.sh
#
# The fuzz targets need cargo-fuzz: cargo install --locked cargo-fuzz. Without it they are left out, with a word about
# it; with FUZZ=required that is an error. FUZZ_SECONDS says how long each of them runs, 20 unless set.
set -euo pipefail
cd "$(dirname "$0")/../.."

step() {
    printf '\n-- %s\n' "$*"
}

# Every line of this script waits for what it started, and each script ends its own; a failure leaves files only.
temporary=$(mktemp -d)
trap 'rm -rf "$temporary"' EXIT

python3 -c 'import aws_encryption_sdk, boto3, moto' || {
    echo "the packages of tests/kms/requirements.txt aren't on the PATH" >&2
    exit 2
}

step "known answers, made afresh by AWS's Encryption SDK"
python3 tests/kms/make_known_answers.py "$temporary/known_answers.json"
# With the packages that `.ci/run` has tested just before, or their dependencies would be built with other features.
KNOWN_ANSWERS="$temporary/known_answers.json" cargo test --quiet --all-features --test messages \
    --package cognito-triggers-kms --package send-codes --package cognito-triggers-loopback --package cognito-triggers-targets --package cognito-triggers-replay

step "what our sealer makes, opened by AWS's Encryption SDK with our KMS"
python3 tests/kms/open_sealed.py

step "the function send-codes, through cargo cognito invoke"
python3 tests/kms/send_codes.py

step "the cases of send-codes, through cargo cognito replay"
MAIL_FROM=codes@example.com cargo cognito replay examples/send-codes --bin send-codes

if ! command -v cargo-fuzz >/dev/null; then
    step "no cargo-fuzz here: the fuzz targets aren't run"
    [ "${FUZZ-}" != required ]
    exit
fi
cd crates/cognito-triggers-kms
for target in header body code; do
    step "fuzzing: $target, for ${FUZZ_SECONDS:=20} seconds"
    # What is new goes into the first directory, so that a run leaves the clone as it was.
    mkdir "$temporary/$target"
    cargo fuzz run --sanitizer none "$target" "$temporary/$target" "fuzz/seeds/$target" -- \
        -max_total_time="$FUZZ_SECONDS" -print_final_stats=1 >"$temporary/log" 2>&1 || {
        tail --lines=60 "$temporary/log" >&2
        exit 1
    }
    grep number_of_executed_units "$temporary/log"
done
