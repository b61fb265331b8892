#!/usr/bin/env bash
# Writes a project for each route and for all routes together with `cargo cognito new`, as members of one workspace, so that
# everything is compiled once. Each is tested, replayed, played, checked, and served to a client. Then one project alone is
# built with its own Cargo.lock. Nothing is downloaded.
#
# Names of projects as arguments choose others: `tests/new/run.sh pre_sign_up invite-only alone`. Examples run only if they are named,
# because they are tested as packages of the repository, and several AWS SDKs take long to compile.
set -euo pipefail
cd "$(dirname "$0")/../.."
repository=$PWD
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$PWD/target} CARGO_NET_OFFLINE=true
# The function of this example asks a PostgreSQL at every call.
if [[ " $* " == *" migrate-users "* && -z "${DATABASE_URL:-}" ]]; then
    CI=true exec examples/migrate-users/tests/with_postgres.sh tests/new/run.sh "$@"
fi
cargo build --bin cargo-cognito
cognito=$CARGO_TARGET_DIR/debug/cargo-cognito
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT

routes=(pre_sign_up custom_message post_confirmation pre_authentication post_authentication define_auth_challenge
    pre_token_generation_v1 pre_token_generation_v2 pre_token_generation_v3 user_migration custom_sms_sender
    custom_email_sender inbound_federation)
all=(pre_sign_up custom_message post_confirmation pre_authentication post_authentication define_auth_challenge
    create_auth_challenge verify_auth_challenge_response pre_token_generation_v3 user_migration custom_sms_sender
    custom_email_sender inbound_federation)
mapfile -t examples < <(find crates/cargo-cognito/projects -mindepth 1 -maxdepth 1 -type d -printf '%f\n' | grep --invert-match --line-regexp 'common\|starter' | sort)
chosen=("$@")
[[ $# -gt 0 ]] || chosen=("${routes[@]}" every-route alone)

projects=()
mkdir "$place/workspace"
cd "$place/workspace"
printf '[workspace]\nresolver = "3"\nmembers = ["*"]\n' >Cargo.toml
cp "$repository/Cargo.lock" .
for name in "${chosen[@]}"; do
    [[ "$name" != alone ]] || continue
    if [[ "$name" == every-route ]]; then
        what=(--route "${all[@]}")
    elif [[ " ${examples[*]} " == *" $name "* ]]; then
        what=(--example "$name")
    else
        what=(--route "$name")
    fi
    # Names that aren't those of the examples show what is left of the old name.
    project="new-${name//_/-}"
    "$cognito" new "$project" "${what[@]}" >/dev/null
    projects+=("$project")
done

if [[ ${#projects[@]} -gt 0 ]]; then
    cargo fmt --all --check
    # Builds the binaries too, because the tests of a project could run them.
    cargo test --workspace
fi
for project in "${projects[@]}"; do
    printf '== %s\n' "$project"
    (
        cd "$project"
        # Without integration tests `cargo test` builds no binary.
        [[ -d tests ]] || cargo build --package "$project"
        bin=(--bin "$CARGO_TARGET_DIR/debug/$project")
        # What the examples need to start, and what their pools allow.
        serves=yes
        case "$project" in
        new-localized-messages) export PRODUCT=Harbor NEW_USER_NAME=ana@example.com NEW_AUTH_FLOW=none ;;
        new-machine-tokens) MACHINES=$(<tests/machines.json) && export MACHINES NEW_USER_NAME=ana@example.com NEW_AUTH_FLOW=none ;;
        new-passwordless)
            export LINK_KEY='only for tests: 32 bytes or more' SIGN_IN_URL=https://app.example.com/sign-in ANSWER_AFTER_MS=0
            export NEW_USER_NAME=ana@example.com NEW_AUTH_FLOW=none
            ;;
        new-migrate-users) export NEW_USER_NAME=ana@example.com ;;
        new-invite-only) export INVITED='ana@example.com, @example.org' NEW_USER_NAME=ana@example.com NEW_AUTH_FLOW=none ;;
        # Without a server for Amazon SES nothing can be sent.
        new-send-codes) export MAIL_FROM=codes@example.com && serves=no ;;
        esac
        "$cognito" replay "${bin[@]}" --quiet
        "$cognito" check template.yaml "${bin[@]}"
        if [[ $serves == yes ]]; then
            "$cognito" flow flows/*.flow.json "${bin[@]}" >/dev/null || { "$cognito" flow flows/*.flow.json "${bin[@]}"; exit 1; }
            "$cognito" pool template.yaml "${bin[@]}" --port 0 --code 123456 -- python3 "$repository/tests/new/client.py"
        fi
    )
done

if [[ " ${chosen[*]} " == *" alone "* ]]; then
    echo "== alone"
    cd "$place"
    "$cognito" new on-its-own --route pre_sign_up >/dev/null
    cd on-its-own
    cargo test
    # The binary is found without --bin.
    "$cognito" replay
    "$cognito" pool template.yaml --port 0 --code 123456 -- python3 "$repository/tests/new/client.py"
fi
