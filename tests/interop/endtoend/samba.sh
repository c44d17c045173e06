# SPDX-FileCopyrightText: The Portreeve authors
# SPDX-License-Identifier: GPL-3.0-or-later
# Sourced by run.sh with the variables of samba/serve.sh in place. Every domain has a group Everyone
# of its own, hence the other name.
everyone=Everybody
john=john@example.test
connect=(--provider ldap --set preset=active_directory
  --set "urls=$PEER_TLS_URL" --set security=ldaps --set "ca_file=$PEER_CA"
  --set "bind_dn=$PEER_BIND_DN" --secret "bind_password=@$work/secret"
  --set "user_base=OU=Example,$PEER_BASE" --set "group_base=OU=Example,$PEER_BASE")
remove_john() {
  LDAPTLS_CACERT=$PEER_CA ldapdelete -x -H "$PEER_TLS_URL" -D "$PEER_BIND_DN" -w "$PEER_PASSWORD" "CN=john,OU=Example,$PEER_BASE"
}
