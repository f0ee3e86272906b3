#!/usr/bin/env bash
# Finds or makes a PostgreSQL for the tests and prints its URL; prints nothing
# where there is none to be had. What it starts lives in a temporary folder,
# which it names on the second line so that the caller can stop it.
#
#   1. STOREHOUSE_TEST_DATABASE_URL, when it is set
#   2. an installed server, started in a temporary folder on a private port
#   3. Debian's package, installed first, where that is allowed
set -eu
if [ -n "${STOREHOUSE_TEST_DATABASE_URL:-}" ]; then
	echo "$STOREHOUSE_TEST_DATABASE_URL"
	exit 0
fi
find_bin() { ls -d /usr/lib/postgresql/*/bin /usr/local/pgsql/bin /opt/homebrew/opt/postgresql*/bin 2>/dev/null | sort -V | tail -n 1; }
bin=$(find_bin || true)
if [ -z "$bin" ] && command -v initdb >/dev/null; then bin=$(dirname "$(command -v initdb)"); fi
if [ -z "$bin" ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
	echo "installing Debian's postgresql for the tests" >&2
	(apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends postgresql) >&2 || true
	bin=$(find_bin || true)
fi
[ -n "$bin" ] || exit 0
dir=$(mktemp -d /tmp/storehouse-pg.XXXXXX)
run() { "$@"; }
if [ "$(id -u)" = 0 ]; then # the server refuses to run as root
	user=$(id -un postgres 2>/dev/null || echo nobody)
	chown "$user" "$dir"
	run() { (cd "$dir" && setpriv --reuid="$user" --regid="$(id -gn "$user")" --clear-groups "$@"); }
fi
run "$bin/initdb" -D "$dir/data" -U storehouse --auth=trust -E UTF8 --no-locale >"$dir/initdb.log" 2>&1 || { cat "$dir/initdb.log" >&2; exit 0; }
port=$(( 20000 + RANDOM % 20000 ))
run "$bin/pg_ctl" -D "$dir/data" -l "$dir/log" -w -o "-p $port -k $dir -c listen_addresses=127.0.0.1 -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=300 -c shared_buffers=256MB" start >&2 || { cat "$dir/log" >&2; exit 0; }
echo "postgres://storehouse@127.0.0.1:$port/postgres?sslmode=disable"
echo "$bin/pg_ctl $dir"
