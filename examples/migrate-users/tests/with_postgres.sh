#!/usr/bin/env bash
# Runs a command with a PostgreSQL on loopback that has the users of users.sql, and serves TLS with a certificate of its own.
#
#     bash tests/with_postgres.sh cargo test
#
# The command gets DATABASE_URL, DATABASE_CA, and the costs of the hashes. The tests read names that nobody else sets, so that they never
# sign in to another database. Needs PostgreSQL's server with pgcrypto, openssl and python3: on
# Debian, `apt-get install postgresql python3`. Without them it fails in CI (with the variable CI); elsewhere it says so and runs nothing.
set -euo pipefail
here=$PWD
folder=$(cd "$(dirname "$0")" && pwd)
initdb=$(command -v initdb || ls -d /usr/lib/postgresql/*/bin/initdb 2>/dev/null | sort --version-sort | tail -n 1 || true)
if [ -z "$initdb" ] || ! { command -v openssl && command -v psql && command -v python3; } >/dev/null; then
    echo "SKIPPED: there is no PostgreSQL, openssl or python3 here, so this wasn't run: $*" >&2
    [ -z "${CI:-}" ] && exit 0 || exit 1
fi
programs=$(dirname "$(readlink -f "$initdb")")
temporary=$(mktemp -d)
# PostgreSQL refuses to run as root, so it runs as Debian's user for it.
as_user=()
if [ "$(id -u)" = 0 ]; then
    as_user=(runuser -u postgres --)
    chown postgres "$temporary"
fi
stop() {
    cd /
    "${as_user[@]}" "$programs/pg_ctl" --pgdata "$temporary/data" --mode immediate stop >/dev/null 2>&1 || true
    rm -rf "$temporary"
}
trap stop EXIT
# As the other user may not be allowed to see this directory.
cd "$temporary"
"${as_user[@]}" bash -c 'echo "only for tests" >password'
"${as_user[@]}" "$programs/initdb" --pgdata "$temporary/data" --username admin --auth scram-sha-256 --pwfile password \
    --encoding UTF8 --locale C.UTF-8 --no-sync >/dev/null
"${as_user[@]}" openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj "/CN=localhost" \
    -addext "subjectAltName=DNS:localhost" -addext "basicConstraints=critical,CA:FALSE" \
    -keyout "$temporary/data/server.key" -out "$temporary/data/server.crt" 2>/dev/null
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
"${as_user[@]}" "$programs/pg_ctl" --pgdata "$temporary/data" --log "$temporary/log" --wait \
    --options "-c listen_addresses=127.0.0.1 -c port=$port -c unix_socket_directories='' -c ssl=on -c fsync=off" start >/dev/null ||
    { cat "$temporary/log" >&2; exit 1; }
PGPASSWORD="only for tests" psql --quiet --no-psqlrc --set ON_ERROR_STOP=1 --host 127.0.0.1 --port "$port" \
    --username admin --dbname postgres --file "$folder/users.sql" >/dev/null
cp "$temporary/data/server.crt" "$temporary/ca.pem"
export DATABASE_URL="postgres://migrate_users:only%20for%20tests@localhost:$port/postgres" DATABASE_CA="$temporary/ca.pem"
export MIGRATE_USERS_TEST_DATABASE=$DATABASE_URL MIGRATE_USERS_TEST_CA=$DATABASE_CA
export ARGON2_COST="m=256,t=2,p=1" BCRYPT_COST=4
cd "$here"
"$@"
