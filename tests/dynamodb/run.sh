#!/usr/bin/env bash
# Tests the store of cognito-triggers-dynamodb against moto's DynamoDB: 64 racing callers, processes that end between two steps,
# and the rules of the table beside those of the store in memory. Then it runs the client of examples/tenant-claims.
# Needs python3 with venv, and PyPI.
set -euo pipefail
cd "$(dirname "$0")/../.."
venv=${DYNAMODB_VENV:-target/ci-dynamodb}
if [ ! -x "$venv/bin/python" ]; then python3 -m venv "$venv"; fi
"$venv/bin/pip" install --quiet --disable-pip-version-check -r tests/dynamodb/requirements.txt
temporary=$(mktemp -d)
"$venv/bin/python" tests/dynamodb/serve.py "$temporary/address" 2>"$temporary/log" &
server=$!
trap 'kill $server 2>/dev/null || true; rm -rf "$temporary"' EXIT
for _ in $(seq 600); do
    [ -s "$temporary/address" ] && break
    kill -0 $server 2>/dev/null || { cat "$temporary/log" >&2; exit 1; }
    sleep 0.1
done
DYNAMODB_ENDPOINT=$(cat "$temporary/address")
export DYNAMODB_ENDPOINT
# SELECTION and BUILT are for `.ci/run`: packages and features that are compiled already, and that the binaries are there.
# The tests run alone, and `cargo test` says where their binary is. It builds the example that they start, too.
# shellcheck disable=SC2086 # several words
tests=$(cargo test ${SELECTION:---package cognito-triggers-dynamodb} --no-run --message-format json-render-diagnostics |
    python3 tests/dynamodb/test_binary.py)
(cd crates/cognito-triggers-dynamodb && "$tests" --include-ignored --test-threads 1)
debug=${CARGO_TARGET_DIR:-target}/debug
[ -n "${BUILT:-}" ] || cargo build --package cargo-cognito --package tenant-claims
AWS_REGION=us-east-1 AWS_ENDPOINT_URL_DYNAMODB=$DYNAMODB_ENDPOINT TENANTS_TABLE=tenants CACHE_SECONDS=0 \
    "$debug/cargo-cognito" pool examples/tenant-claims/template.yaml --bin "$debug/tenant-claims" --port 0 -- "$venv/bin/python" examples/tenant-claims/tests/real_client.py
