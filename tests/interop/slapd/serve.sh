#!/usr/bin/env bash
# SPDX-FileCopyrightText: The Portreeve authors
# SPDX-License-Identifier: GPL-3.0-or-later
# OpenLDAP with two trees: ou=example, small and full of corner cases, and ou=company with 2,000
# users and 100 groups. Publishes PEER_URL, PEER_TLS_URL, PEER_CA, PEER_OTHER_CA, PEER_CLIENT_CERT,
# PEER_CLIENT_KEY, PEER_BIND_DN, PEER_PASSWORD (may read everything), and three more accounts with
# the same password: PEER_LIMITED_DN is stopped after 500 entries even when it reads page by page,
# PEER_SMALL_PAGES_DN may not ask for more than 100 at once. PEER_NO_MEMBERS_DN is not shown who is
# in one of the groups named Support. PEER_LOG names a file with a line for each search.
folder=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
PATH=$PATH:/usr/sbin:/sbin
. "$folder/../fixture.sh"
fixture_begin slapd slapd slapadd ldapadd ldapsearch openssl awk

fixture_ports port tls_port
fixture_certificate server
fixture_certificate other
fixture_certificate client
cat "$fixture_folder/server.pem" "$fixture_folder/client.pem" >"$fixture_folder/trusted.pem"

mkdir "$fixture_folder/conf" "$fixture_folder/data"
sed "s|@FOLDER@|$fixture_folder|g" "$folder/config.ldif" >"$fixture_folder/config.ldif"
slapadd -n0 -F "$fixture_folder/conf" -l "$fixture_folder/config.ldif"

url=ldap://127.0.0.1:$port
admin=(-x -H "$url" -D cn=admin,dc=example,dc=org -w admin)
fixture_spawn slapd -d stats -F "$fixture_folder/conf" -h "$url ldaps://127.0.0.1:$tls_port"
fixture_await 20 ldapsearch -x -H "$url" -o nettimeout=2 -s base -b '' namingContexts

# -M: the tree holds a referral object, which is to be added rather than followed.
ldapadd "${admin[@]}" -M -f "$folder/example.ldif" >/dev/null
awk -v users=2000 -v groups=100 -f "$folder/company.awk" | ldapadd "${admin[@]}" >/dev/null

fixture_publish \
  PEER_PID "$fixture_pid" \
  PEER_LOG "$fixture_folder/server.log" \
  PEER_URL "$url" \
  PEER_TLS_URL "ldaps://127.0.0.1:$tls_port" \
  PEER_CA "$fixture_folder/server.pem" \
  PEER_OTHER_CA "$fixture_folder/other.pem" \
  PEER_CLIENT_CERT "$fixture_folder/client.pem" \
  PEER_CLIENT_KEY "$fixture_folder/client.key" \
  PEER_BIND_DN cn=reader,dc=example,dc=org \
  PEER_LIMITED_DN cn=limited,dc=example,dc=org \
  PEER_SMALL_PAGES_DN cn=smallpages,dc=example,dc=org \
  PEER_NO_MEMBERS_DN cn=nomembers,dc=example,dc=org \
  PEER_PASSWORD "r e*a(d)e\\r"
fixture_serve
