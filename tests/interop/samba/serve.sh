#!/usr/bin/env bash
# SPDX-FileCopyrightText: The Portreeve authors
# SPDX-License-Identifier: GPL-3.0-or-later
# Samba as a controller of the Active Directory domain example.test, seeded by seed.py. Provisioned
# once and kept as a tar in PORTREEVE_PEER_CACHE. The ports of Active Directory are fixed, so every
# instance has a loopback address of its own, and binding them takes root. Publishes PEER_ADDRESS,
# PEER_URL, PEER_TLS_URL, PEER_CA, PEER_BASE, PEER_BIND_DN and PEER_PASSWORD.
folder=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
PATH=$PATH:/usr/sbin:/sbin
. "$folder/../fixture.sh"
fixture_begin samba samba samba-tool ldapsearch openssl /usr/bin/python3 tar
if [ "$(id -u)" != 0 ]; then
  echo "MISSING samba: the ports of Active Directory can only be bound as root"
  exit 77
fi

cache=${PORTREEVE_PEER_CACHE:-$HOME/.cache/portreeve/peers}
home=$fixture_folder/ad
password='Passw0rd!Adm'

free_address() {
  local address
  for _ in $(seq 100); do
    address=127.$((RANDOM % 200 + 20)).$((RANDOM % 256)).$((RANDOM % 254 + 1))
    if ! (exec 3<>"/dev/tcp/$address/389") 2>/dev/null; then
      echo "$address"
      return 0
    fi
  done
  return 1
}

# The absolute paths in smb.conf are put in again for every folder the tar is unpacked to.
provision() {
  local archive=$1 log=$fixture_folder/provision.log
  samba-tool domain provision --realm=EXAMPLE.TEST --domain=EXAMPLE --server-role=dc \
    --dns-backend=NONE --adminpass="$password" --host-name=dc1 --host-ip=127.0.0.1 \
    --targetdir="$home" >"$log" 2>&1 || { tail -n 20 "$log" >&2; return 1; }
  # The system's own interpreter: Samba's modules are installed for no other.
  /usr/bin/python3 "$folder/seed.py" "$home" >"$log" 2>&1 || { tail -n 20 "$log" >&2; return 1; }
  sed -i "s|$home|@HOME@|g" "$home/etc/smb.conf"
  mkdir -p "$cache"
  tar -C "$home" -czf "$archive.$$" . && mv "$archive.$$" "$archive"
}

mark=$( (samba --version; cat "$folder/seed.py" "${BASH_SOURCE[0]}") | sha256sum | cut -c1-16)
archive=$cache/samba-$mark.tar.gz
mkdir "$home"
if [ -s "$archive" ]; then
  tar -C "$home" -xzf "$archive"
else
  provision "$archive"
fi
sed -i "s|@HOME@|$home|g" "$home/etc/smb.conf"

address=$(free_address)
fixture_certificate server "IP:$address"
export LDAPTLS_CACERT=$fixture_folder/server.pem
fixture_spawn samba -F --no-process-group -M single -s "$home/etc/smb.conf" \
  --option='server services=ldap cldap kdc' \
  --option="interfaces=$address/8" --option='bind interfaces only=yes' \
  --option='tls enabled=yes' --option="tls certfile=$fixture_folder/server.pem" \
  --option="tls keyfile=$fixture_folder/server.key" --option="tls cafile=$fixture_folder/server.pem" \
  --option="pid directory=$home" --option="log file=$home/log.%m"
fixture_await 60 timeout 5 ldapsearch -x -H "ldaps://$address" -o nettimeout=2 \
  -D administrator@example.test -w "$password" -s base -b '' defaultNamingContext

fixture_publish \
  PEER_PID "$fixture_pid" \
  PEER_ADDRESS "$address" \
  PEER_URL "ldap://$address" \
  PEER_TLS_URL "ldaps://$address" \
  PEER_CA "$fixture_folder/server.pem" \
  PEER_BASE DC=example,DC=test \
  PEER_BIND_DN administrator@example.test \
  PEER_PASSWORD "$password"
fixture_serve
