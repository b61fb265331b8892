#!/usr/bin/env bash
# Runs real clients against the local user pool: boto3, the AWS CLI, pycognito, amazon-cognito-identity-js, Amplify, Authlib,
# openid-client and soft-webauthn, and plays the pages in Chromium, which is installed from Debian if there is no browser.
# boto3 is also run against functions in Python and JavaScript, and what it does is recorded and played again.
# It kills the pool, fills its disk and loads it while it stores what clients write.
# It runs the commands of README.md, of docs and of the READMEs of examples.
# Needs Python 3.10 with venv, Node 20 with npm, and the package registries of both. With BUILT it compiles nothing: `.ci/run` sets
# it when everything is in the target folder.
set -euo pipefail
cd "$(dirname "$0")/../.."
venv=${POOL_VENV:-target/ci-pool}
if [ ! -x "$venv/bin/python" ]; then python3 -m venv "$venv"; fi
"$venv/bin/pip" install --quiet --disable-pip-version-check -r tests/pool/requirements.txt -r docs/pictures/requirements.txt
# It asks for older versions of what the scripts use, and works with theirs.
"$venv/bin/pip" install --quiet --disable-pip-version-check --no-deps soft-webauthn==0.1.4
npm ci --prefix tests/pool --silent --no-audit --no-fund
if [ -z "${CHROMIUM:-}" ] && ! { command -v chromium || command -v google-chrome; } >/dev/null; then
    apt-get update --quiet --quiet && apt-get install --yes --no-install-recommends chromium
fi
# Debian's Firefox, if it can be installed: where it can't, the console is played in Chromium only, and a line says so.
if [ -z "${FIREFOX:-}" ] && ! { command -v firefox-esr || command -v firefox; } >/dev/null; then
    { apt-get update --quiet --quiet && apt-get install --yes --no-install-recommends firefox-esr; } || true
fi
if [ -z "${BUILT:-}" ]; then
    cargo build --quiet -p cognito-triggers-pool --example pool_for_clients
    cargo build --quiet -p cargo-cognito -p every-trigger -p localized-messages -p machine-tokens -p passwordless
    # With the features of its tests, and so of those with the AWS SDK for Rust: the SDK is compiled once.
    cargo test --quiet --package federated --no-run
    cargo build --quiet -p migrate-users
fi
debug=$PWD/target/debug
[ -z "${CARGO_TARGET_DIR:-}" ] || debug=$(realpath "$CARGO_TARGET_DIR")/debug
export COGNITO=$debug/cargo-cognito LOCAL_POOL=$debug/examples/pool_for_clients

temporary=$(mktemp -d)
trap 'rm -rf "$temporary"' EXIT
export temporary

# Runs a command that is a line of its input, and prints what that printed when it ends, because others run beside it.
one() {
    local log started=$SECONDS
    log=$(mktemp --tmpdir="$temporary")
    if bash -euo pipefail -c "$1" >"$log" 2>&1; then
        printf -- '-- %s (%d s)\n%s\n' "$1" "$((SECONDS - started))" "$(cat "$log")"
    else
        printf -- '-- %s failed after %d s\n%s\n' "$1" "$((SECONDS - started))" "$(cat "$log")" >&2
        # xargs starts no other command then.
        exit 255
    fi
}
export -f one

# Two at a time: most of them wait for a server, a browser or a function. The longest come first. Pools of the two in the first line are
# at the usual port.
xargs --delimiter '\n' --max-procs 2 --replace bash -euo pipefail -c 'one "$1"' one {} <<END
$venv/bin/python tests/pool/pages.py && $venv/bin/python tests/pool/readmes.py
$venv/bin/python tests/pool/data/load.py 20000
$venv/bin/python tests/pool/data/kill.py 20
$venv/bin/python tests/pool/data/full_disk.py
timeout 300 $venv/bin/python tests/pool/console.py
node tests/pool/drills.mjs
$venv/bin/python tests/pool/drills.py
$venv/bin/python tests/pool/boto3_client.py
$venv/bin/python tests/pool/other_languages.py
$venv/bin/python tests/pool/recording.py
$venv/bin/python tests/pool/localized_messages.py
$venv/bin/python tests/pool/machine_tokens.py
$venv/bin/python tests/pool/federated.py
LINK_KEY='only for tests: 32 bytes or more' SIGN_IN_URL=https://app.example.com/sign-in ANSWER_AFTER_MS=300 $COGNITO pool examples/passwordless/template.yaml --bin $debug/passwordless --port 0 -- $venv/bin/python examples/passwordless/tests/real_client.py
examples/migrate-users/tests/with_postgres.sh $COGNITO pool examples/migrate-users/template.yaml --bin $debug/migrate-users --port 0 -- $venv/bin/python examples/migrate-users/tests/real_client.py
DATABASE_URL=postgres://nobody@127.0.0.1:9/old $COGNITO pool examples/migrate-users/template.yaml --bin $debug/migrate-users --port 0 -- $venv/bin/python examples/migrate-users/tests/real_client.py outage
$venv/bin/python tests/pool/aws_cli.py
$venv/bin/python tests/pool/pycognito_client.py
$venv/bin/python tests/pool/factors.py
$venv/bin/python tests/pool/passkeys.py
$venv/bin/python tests/pool/oauth_client.py
$venv/bin/python tests/pool/browser.py
$venv/bin/python tests/pool/browser_passkeys.py
mkdir $temporary/pictures && $venv/bin/python docs/pictures/make.py $temporary/pictures
node tests/pool/amazon_cognito_identity.mjs
node tests/pool/aws_amplify.mjs
node tests/pool/factors_identity.mjs
node tests/pool/factors_amplify.mjs
node tests/pool/oidc_provider.mjs
$COGNITO pool --no-function --tls --port 0 -- node tests/pool/openid_client.mjs
$venv/bin/python tests/pool/amplify_redirect.py
END
