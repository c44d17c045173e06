#!/usr/bin/env bash
# SPDX-FileCopyrightText: The Portreeve authors
# SPDX-License-Identifier: GPL-3.0-or-later
# The databroker and the authorize service of a real proxy, built by install.sh, in one process that
# keeps everything in memory. Publishes PEER_ADDRESS and PEER_TLS_ADDRESS (host:port of the databroker,
# plain and over TLS), PEER_CA, PEER_OTHER_CA, PEER_SECRET_FILE, PEER_OTHER_SECRET_FILE, PEER_HTTP (an
# address that answers as the proxy would: 200 where it lets in), PEER_CONFIG (the proxy's file, read
# again when it is replaced), PEER_BASE_CONFIG (the same without any change), PEER_UPSTREAM (where
# routes may lead), PEER_PROGRAM ("$PEER_PROGRAM records": the proxy's own client).
# "restart" ends the process, if it still runs, and starts it on the same ports with empty memory.
# "serve.sh whole" runs the whole proxy of the same program, with nothing in Envoy's place: only it
# takes over configuration records. It has no TLS address; it alone has PEER_HEALTH, its health page.
# "serve.sh official" runs the official binary that PORTREEVE_TEST_POMERIUM names instead, Envoy and
# all, without a TLS address (unverified here).
# "serve.sh double PROGRAM" runs the double of a proxy of 0.33, built with the tests: a configuration
# service at PEER_ADDRESS and routes at PEER_HTTP, no databroker and no TLS.
run=${1:-parts} double=${2:-}
folder=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$folder/../fixture.sh"
. "$folder/release.sh"
fixture_begin pomerium curl openssl
if [ "$run" != double ] && [ ! -x "$pomerium_program" ]; then
  echo "MISSING pomerium: Pomerium $pomerium_version is not built (tests/interop/pomerium/install.sh)"
  exit 77
fi

fixture_ports grpc_port tls_port http_port health_port upstream_port
fixture_certificate server
fixture_certificate other
for name in secret other-secret cookie-secret; do
  (umask 077 && openssl rand -base64 32 | tr -d '\n' >"$fixture_folder/$name") # a newline is refused
done
config=$fixture_folder/config.yaml
base_config=$fixture_folder/base.yaml
# What nothing here uses is there because the file is not valid without it.
cat >"$base_config" <<YAML
address: 127.0.0.1:$http_port
insecure_server: true
grpc_address: 127.0.0.1:$grpc_port
health_check_addr: 127.0.0.1:$health_port
authenticate_service_url: https://authenticate.portreeve.test
shared_secret_file: $fixture_folder/secret
cookie_secret_file: $fixture_folder/cookie-secret
idp_provider: oidc
idp_provider_url: http://127.0.0.1:9
idp_client_id: portreeve
idp_client_secret: portreeve
databroker_storage_type: memory
log_level: warn
routes:
  - from: https://ready.portreeve.test
    to: http://127.0.0.1:$upstream_port
    policy:
      - allow:
          and:
            - user:
                is: nobody
YAML
chmod 600 "$base_config"
cp "$base_config" "$config"

fixture_start() {
  export TMPDIR=$fixture_folder
  if [ "$run" = double ]; then
    fixture_spawn "$double" "$fixture_folder/secret" "$grpc_port" "$http_port" ready.portreeve.test
  elif [ "$run" = official ]; then
    fixture_spawn "$PORTREEVE_TEST_POMERIUM" --config "$config"
  elif [ "$run" = whole ]; then
    fixture_spawn "$pomerium_program" whole -config "$config" -grpc "127.0.0.1:$grpc_port" \
      -http "127.0.0.1:$http_port"
  else
    fixture_spawn "$pomerium_program" serve -config "$config" \
      -grpc "127.0.0.1:$grpc_port" -grpc-tls "127.0.0.1:$tls_port" -http "127.0.0.1:$http_port" \
      -cert "$fixture_folder/server.pem" -key "$fixture_folder/server.key"
  fi
  # 302 to the sign-in is the authorize service's own answer to a stranger.
  fixture_await 30 bash -c '[ "$(curl -s --max-time 5 -o /dev/null -w "%{http_code}" \
    -H "Host: ready.portreeve.test" "$1")" = 302 ]' ready "http://127.0.0.1:$http_port/"
}
fixture_start

fixture_publish \
  PEER_PID "$fixture_pid" \
  PEER_ADDRESS "127.0.0.1:$grpc_port" \
  PEER_TLS_ADDRESS "127.0.0.1:$tls_port" \
  PEER_CA "$fixture_folder/server.pem" \
  PEER_OTHER_CA "$fixture_folder/other.pem" \
  PEER_SECRET_FILE "$fixture_folder/secret" \
  PEER_OTHER_SECRET_FILE "$fixture_folder/other-secret" \
  PEER_HTTP "http://127.0.0.1:$http_port" \
  PEER_HEALTH "http://127.0.0.1:$health_port/healthz" \
  PEER_CONFIG "$config" \
  PEER_BASE_CONFIG "$base_config" \
  PEER_UPSTREAM "http://127.0.0.1:$upstream_port" \
  PEER_PROGRAM "$pomerium_program"
fixture_serve
