#!/usr/bin/env bash
# Runs real clients against the local user pool: boto3, the AWS CLI, pycognito, amazon-cognito-identity-js, Amplify, Authlib,
# openid-client and soft-webauthn, and plays the pages in Chromium, which is installed from Debian if there is no browser.
# boto3 is also run against functions in Python and JavaScript, and what it does is recorded and played again.
# It kills the pool, fills its disk and loads it while it stores what clients write.
# Then it runs the commands of README.md and docs, among them the tests with the AWS SDK for Rust.
# Needs Python 3.10 with venv, Node 20 with npm, and the package registries of both.
set -euo pipefail
cd "$(dirname "$0")/../.."
venv=${POOL_VENV:-target/ci-pool}
if [ ! -x "$venv/bin/python" ]; then python3 -m venv "$venv"; fi
"$venv/bin/pip" install --quiet --disable-pip-version-check -r tests/pool/requirements.txt
# It asks for older versions of what the scripts use, and works with theirs.
"$venv/bin/pip" install --quiet --disable-pip-version-check --no-deps soft-webauthn==0.1.4
npm ci --prefix tests/pool --silent --no-audit --no-fund
cargo build --quiet -p cognito-triggers-pool --example pool_for_clients
export LOCAL_POOL="${CARGO_TARGET_DIR:-target}/debug/examples/pool_for_clients"
"$venv/bin/python" tests/pool/boto3_client.py
cargo build --quiet -p cargo-cognito
COGNITO="${CARGO_TARGET_DIR:-target}/debug/cargo-cognito" "$venv/bin/python" tests/pool/other_languages.py
COGNITO="${CARGO_TARGET_DIR:-target}/debug/cargo-cognito" "$venv/bin/python" tests/pool/recording.py
# Functions of examples, at pools of their own templates.
cargo build --quiet -p cargo-cognito -p localized-messages -p machine-tokens -p passwordless
for example in localized_messages machine_tokens; do
    COGNITO="${CARGO_TARGET_DIR:-target}/debug/cargo-cognito" "$venv/bin/python" "tests/pool/$example.py"
done
# With the features of its tests, and so of those with the AWS SDK for Rust: the SDK is compiled once.
cargo test --quiet --package federated --no-run
COGNITO="${CARGO_TARGET_DIR:-target}/debug/cargo-cognito" "$venv/bin/python" tests/pool/federated.py
# The examples with a client of their own, each with its function and its template.
LINK_KEY="only for tests: 32 bytes or more" SIGN_IN_URL=https://app.example.com/sign-in ANSWER_AFTER_MS=300 \
    "${CARGO_TARGET_DIR:-target}/debug/cargo-cognito" pool examples/passwordless/template.yaml --bin "${CARGO_TARGET_DIR:-target}/debug/passwordless" --port 0 \
    -- "$venv/bin/python" examples/passwordless/tests/real_client.py
# MIGRATE_USERS may name the function, if it is built already: nothing else here has its dependencies.
if [ -z "${MIGRATE_USERS:-}" ]; then
    cargo build --quiet -p migrate-users
    MIGRATE_USERS="${CARGO_TARGET_DIR:-target}/debug/migrate-users"
fi
old_users=("${CARGO_TARGET_DIR:-target}/debug/cargo-cognito" pool examples/migrate-users/template.yaml --bin "$MIGRATE_USERS" --port 0
    -- "$venv/bin/python" examples/migrate-users/tests/real_client.py)
examples/migrate-users/tests/with_postgres.sh "${old_users[@]}"
DATABASE_URL=postgres://nobody@127.0.0.1:9/old "${old_users[@]}" outage
"$venv/bin/python" tests/pool/aws_cli.py
"$venv/bin/python" tests/pool/pycognito_client.py
"$venv/bin/python" tests/pool/factors.py
"$venv/bin/python" tests/pool/passkeys.py
"$venv/bin/python" tests/pool/oauth_client.py
if [ -z "${CHROMIUM:-}" ] && ! { command -v chromium || command -v google-chrome; } >/dev/null; then
    apt-get update --quiet --quiet && apt-get install --yes --no-install-recommends chromium
fi
"$venv/bin/python" tests/pool/browser.py
"$venv/bin/python" tests/pool/browser_passkeys.py
# Debian's Firefox, if it can be installed: where it can't, the console is played in Chromium only, and a line says so.
if [ -z "${FIREFOX:-}" ] && ! { command -v firefox-esr || command -v firefox; } >/dev/null; then
    { apt-get update --quiet --quiet && apt-get install --yes --no-install-recommends firefox-esr; } || true
fi
timeout 300 "$venv/bin/python" tests/pool/console.py
# The pictures of the README can still be made. They aren't compared: they have times.
"$venv/bin/pip" install --quiet --disable-pip-version-check -r docs/pictures/requirements.txt
cargo build --quiet -p every-trigger
pictures=$(mktemp -d)
"$venv/bin/python" docs/pictures/make.py "$pictures"
rm -r "$pictures"
node tests/pool/amazon_cognito_identity.mjs
node tests/pool/aws_amplify.mjs
node tests/pool/drills.mjs
"$venv/bin/python" tests/pool/drills.py
node tests/pool/factors_identity.mjs
node tests/pool/factors_amplify.mjs
node tests/pool/oidc_provider.mjs
"${CARGO_TARGET_DIR:-target}/debug/cargo-cognito" pool --no-function --tls --port 0 -- node tests/pool/openid_client.mjs
COGNITO="${CARGO_TARGET_DIR:-target}/debug/cargo-cognito" "$venv/bin/python" tests/pool/amplify_redirect.py
# What is stored, under kills, on a full disk and under load.
export COGNITO="${CARGO_TARGET_DIR:-target}/debug/cargo-cognito"
python3 tests/pool/data/kill.py 20
python3 tests/pool/data/full_disk.py
python3 tests/pool/data/load.py 20000
"$venv/bin/python" tests/pool/pages.py
