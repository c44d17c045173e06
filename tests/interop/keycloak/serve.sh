#!/usr/bin/env bash
# SPDX-FileCopyrightText: The Portreeve authors
# SPDX-License-Identifier: GPL-3.0-or-later
# Keycloak, put there by install.sh, with the realm of realm.py. Seeded once; the database is kept as
# a tar in PORTREEVE_PEER_CACHE. Publishes PEER_URL, PEER_REALM, PEER_CLIENT_ID, PEER_CLIENT_SECRET
# (the secret of every client in realm.py), PEER_WEAK_CLIENT_ID, PEER_WEAK_CLIENT_SECRET (the roles
# query-users and query-groups only) and, for changes by curl, PEER_ADMIN_URL (the realm's admin
# address), PEER_ADMIN_TOKEN_URL and PEER_ADMIN_FORM (what to POST there for a token of 60 s). A
# token is good only under the host name it was fetched from: keep to the spelling of these addresses.
folder=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$folder/../fixture.sh"
. "$folder/release.sh"
fixture_begin keycloak java curl python3 tar
if [ ! -e "$keycloak_mark" ]; then
  echo "MISSING keycloak: Keycloak $keycloak_version is not installed (tests/interop/keycloak/install.sh)"
  exit 77
fi

realm=company
secret='directory & s3cret+100%'
home=$fixture_folder/server
port=$(fixture_port)
management_port=$(fixture_port)
while [ "$management_port" = "$port" ]; do management_port=$(fixture_port); done
url=http://127.0.0.1:$port
token_url=$url/realms/master/protocol/openid-connect/token
admin_form='grant_type=password&client_id=admin-cli&username=admin&password=admin'

# What bin/kc.sh runs, without kc.sh: it would stay between us and the server's pid. The serial
# collector and the first compiler only: up sooner, in two thirds of the memory.
start_server() {
  KC_BOOTSTRAP_ADMIN_USERNAME=admin KC_BOOTSTRAP_ADMIN_PASSWORD=admin fixture_spawn java \
    -Xms64m -Xmx256m -XX:MaxMetaspaceSize=256m -XX:TieredStopAtLevel=1 -XX:+UseSerialGC \
    -XX:+ExitOnOutOfMemoryError -Dfile.encoding=UTF-8 -Duser.language=en -Duser.country=US \
    --add-opens=java.base/java.util=ALL-UNNAMED --add-opens=java.base/java.util.concurrent=ALL-UNNAMED \
    --add-opens=java.base/java.security=ALL-UNNAMED --add-opens=java.base/java.lang=ALL-UNNAMED \
    -Djava.util.concurrent.ForkJoinPool.common.threadFactory=io.quarkus.bootstrap.forkjoin.QuarkusForkJoinWorkerThreadFactory \
    -Djava.util.logging.manager=org.jboss.logmanager.LogManager -Dpicocli.disable.closures=true \
    -Dkc.home.dir="$home" -Djboss.server.config.dir="$home/conf" \
    -cp "$home/lib/quarkus-run.jar" io.quarkus.bootstrap.runner.QuarkusEntryPoint \
    start --optimized --cache=local --http-enabled=true --hostname-strict=false \
    --http-host=127.0.0.1 --http-port="$port" --http-management-port="$management_port"
  # A busy machine takes a minute and more for what takes six seconds else; the first time twice that.
  fixture_await 300 curl -sf --max-time 5 -o /dev/null "$url/realms/master/.well-known/openid-configuration"
}

# One POST of the whole realm: a partial import of as much runs for minutes.
seed() {
  local token
  token=$(curl -sSf --max-time 30 -d "$admin_form" "$token_url" |
    python3 -c 'import json, sys; print(json.load(sys.stdin)["access_token"])')
  python3 "$folder/realm.py" "$realm" "$secret" |
    curl -sS --fail-with-body --max-time 100 -o "$fixture_folder/seed.log" -H "Authorization: Bearer $token" \
      -H 'Content-Type: application/json' --data-binary @- "$url/admin/realms" ||
    { cat "$fixture_folder/seed.log" >&2; return 1; }
}

mkdir "$home"
cp -r "$keycloak_home/conf" "$home/conf"
for part in lib providers themes; do ln -s "$keycloak_home/$part" "$home/$part"; done
if [ ! -s "$keycloak_archive" ]; then
  start_server
  seed
  fixture_stop # the database file is whole only when closed
  tar -C "$home" -czf "$keycloak_archive.$$" data
  mv "$keycloak_archive.$$" "$keycloak_archive"
  rm -rf "$home/data"
fi
tar -C "$home" -xzf "$keycloak_archive"
start_server

fixture_publish \
  PEER_PID "$fixture_pid" \
  PEER_URL "$url" \
  PEER_REALM "$realm" \
  PEER_CLIENT_ID directory-sync \
  PEER_CLIENT_SECRET "$secret" \
  PEER_WEAK_CLIENT_ID weak-sync \
  PEER_WEAK_CLIENT_SECRET "$secret" \
  PEER_ADMIN_URL "$url/admin/realms/$realm" \
  PEER_ADMIN_TOKEN_URL "$token_url" \
  PEER_ADMIN_FORM "$admin_form"
fixture_serve
