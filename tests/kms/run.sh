#!/usr/bin/env bash
# Compares the codes of custom senders with other programs: AWS's Encryption SDK encrypts new known answers and opens our
# messages, and moto receives what the example function sends. The packages of requirements.txt have to be on the PATH:
#
#     python3 -m venv target/kms && target/kms/bin/pip install -r tests/kms/requirements.txt
#     PATH="$PWD/target/kms/bin:$PATH" tests/kms/run.sh
#
# SELECTION and BUILT are for `.ci/run`: packages and features that are compiled already, and that the binaries are there.
set -euo pipefail
cd "$(dirname "$0")/../.."

step() {
    printf '\n-- %s\n' "$*"
}

temporary=$(mktemp -d)
trap 'rm -rf "$temporary"' EXIT

python3 -c 'import aws_encryption_sdk, boto3, moto' || {
    echo "the packages of tests/kms/requirements.txt aren't on the PATH: install them as the head of this script says" >&2
    exit 2
}

step "known answers, encrypted again by AWS's Encryption SDK"
python3 tests/kms/make_known_answers.py "$temporary/known_answers.json"
# shellcheck disable=SC2086 # several words
KNOWN_ANSWERS="$temporary/known_answers.json" cargo test --quiet --test messages \
    ${SELECTION:---all-features --package cognito-triggers-kms}

step "codes of our sealer, opened by AWS's Encryption SDK with our KMS"
python3 tests/kms/open_sealed.py

step "the function send-codes, with cargo cognito invoke"
python3 tests/kms/send_codes.py

step "the cases of send-codes, with cargo cognito replay"
MAIL_FROM=codes@example.com cargo cognito replay examples/send-codes --bin "${BUILT:+${CARGO_TARGET_DIR:-target}/debug/}send-codes"
