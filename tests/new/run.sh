#!/usr/bin/env bash
# Writes projects with `cargo cognito new`, and runs them. Nothing is downloaded but the AWS CLI.
#
# Those of routes are members of one workspace, so that everything is compiled once: a project for each route, and one for all
# routes together. Each is tested, replayed, played, checked, and served to a client.
#
# `alone` and the examples are projects of their own. Each does what its README, its workflow and the command itself say,
# word for word.
#
# Names of projects as arguments choose others: `tests/new/run.sh pre_sign_up invite-only alone`. Examples run only if they are named,
# because they are tested as packages of the repository, and several AWS SDKs take long to compile; `examples` stands for all.
# With CLIPPY=yes the step of the workflows with `cargo clippy` runs too.
set -euo pipefail
cd "$(dirname "$0")/../.."
repository=$PWD
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$PWD/target} CARGO_NET_OFFLINE=true
# With --package, as the alias in a project builds it.
cargo build --package cargo-cognito --bin cargo-cognito
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
chosen=()
for name in "$@"; do
    if [[ "$name" == examples ]]; then chosen+=("${examples[@]}"); else chosen+=("$name"); fi
done
[[ $# -gt 0 ]] || chosen=("${routes[@]}" every-route alone)

# What the alias of a project replaces: an installed command. `alone` has the alias.
mkdir "$place/bin" "$place/workspace" "$place/projects"
ln -s "$cognito" "$place/bin/cargo-cognito"
if ! command -v aws >/dev/null; then
    venv=${POOL_VENV:-$repository/target/ci-pool}
    [[ -x "$venv/bin/python" ]] || python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check --requirement tests/pool/requirements.txt
    PATH=$venv/bin:$PATH
fi

# rustfmt sorts and breaks lines by the name of the package. The last one is as long as names can be.
for what in "${examples[@]/#/--example }" "--route ${all[*]}"; do
    for project in a name-with-thirty-letters-12345 name-with-sixty-four-letters-that-is-as-long-as-the-longest-name; do
        mkdir "$place/names"
        # shellcheck disable=SC2086 # several words
        "$cognito" new "$place/names/$project" $what 2>"$place/said" >"$place/files" || { cat "$place/said" >&2; exit 1; }
        grep '\.rs$' "$place/files" | xargs rustfmt --check --edition 2024 --config-path "$place/names/$project"
        rm -r "$place/names"
    done
done

members=()
own=()
cd "$place/workspace"
printf '[workspace]\nresolver = "3"\nmembers = ["new-*"]\n' >Cargo.toml
cp "$repository/Cargo.lock" .
for name in "${chosen[@]}"; do
    # Names that aren't those of the examples show what is left of the old name.
    project="new-${name//_/-}"
    if [[ "$name" == every-route ]]; then
        "$cognito" new "$project" --route "${all[@]}" >/dev/null
    elif [[ "$name" == alone || " ${examples[*]} " == *" $name "* ]]; then
        own+=("$name")
        continue
    else
        "$cognito" new "$project" --route "$name" >/dev/null
    fi
    members+=("$project")
done

if [[ ${#members[@]} -gt 0 ]]; then
    cargo fmt --all --check
    # Builds the binaries too, because the tests of a project could run them.
    cargo test --workspace
fi
for project in "${members[@]}"; do
    printf '== %s\n' "$project"
    (
        cd "$project"
        # shellcheck source=/dev/null # only projects whose function needs variables have it
        [[ ! -f test.env ]] || . ./test.env
        bin=(--bin "$CARGO_TARGET_DIR/debug/$project")
        "$cognito" replay "${bin[@]}" --quiet
        "$cognito" check template.yaml "${bin[@]}"
        "$cognito" flow flows/*.flow.json "${bin[@]}" >/dev/null || { "$cognito" flow flows/*.flow.json "${bin[@]}"; exit 1; }
        "$cognito" pool template.yaml "${bin[@]}" --port 0 --code 123456 -- python3 "$repository/tests/new/client.py"
    )
done

cd "$place/projects"
for name in "${own[@]}"; do
    (
        what=(--example "$name")
        if [[ "$name" == alone ]]; then what=(--route pre_sign_up); else PATH=$place/bin:$PATH; fi
        "$cognito" new "new-$name" "${what[@]}" 2>../printed
        cat ../printed
        python3 "$repository/tests/new/says.py" "new-$name" ../printed
    )
done
