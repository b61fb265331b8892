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
# `cargo test` alone would build the example as a test.
cargo build --package cognito-triggers-dynamodb --example one_call
cargo test --package cognito-triggers-dynamodb --test it -- --include-ignored --test-threads 1
# COGNITO and TENANT_CLAIMS may name the built command and function.
debug=${CARGO_TARGET_DIR:-target}/debug
if [ -z "${COGNITO:-}" ] || [ -z "${TENANT_CLAIMS:-}" ]; then
    cargo build --package cargo-cognito --package tenant-claims
fi
AWS_REGION=us-east-1 AWS_ENDPOINT_URL_DYNAMODB=$DYNAMODB_ENDPOINT TENANTS_TABLE=tenants CACHE_SECONDS=0 \
    "${COGNITO:-$debug/cargo-cognito}" pool examples/tenant-claims/template.yaml \
    --bin "${TENANT_CLAIMS:-$debug/tenant-claims}" --port 0 -- "$venv/bin/python" examples/tenant-claims/tests/real_client.py
