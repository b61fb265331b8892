#!/usr/bin/env bash
# Kills `replay --accept` of 200 cases 300 times: with room on the disk, with a limit of file lengths, and on a small disk that
# is full or nearly so. Every answer file has to be the old or the new one. Needs Linux and, for the small disk, root.
# usage: tests/accept/run.sh [ROUNDS]
set -euo pipefail
cd "$(dirname "$0")/../.."
export ROUNDS=${1:-300} CASES=200
cargo test --test it killed_accept -- --nocapture --test-threads 1
if ((EUID != 0)); then
    echo "skipped: only root can mount a small disk"
    exit
fi
disk=$(mktemp -d)
mount -t tmpfs -o size=16m none "$disk"
trap 'umount "$disk"; rmdir "$disk"' EXIT
ACCEPT_DIRECTORY=$disk cargo test --test it killed_accept -- --nocapture --ignored
