# SPDX-FileCopyrightText: The Portreeve authors
# SPDX-License-Identifier: GPL-3.0-or-later
# Sourced by run.sh with the variables of slapd/serve.sh in place.
everyone=Everyone
john=john
connect=(--provider ldap
  --set "urls=$PEER_TLS_URL" --set security=ldaps --set "ca_file=$PEER_CA"
  --set "bind_dn=$PEER_BIND_DN" --secret "bind_password=@$work/secret"
  --set user_base=ou=people,ou=example,dc=example,dc=org
  --set group_base=ou=groups,ou=example,dc=example,dc=org)
remove_john() {
  ldapdelete -x -H "$PEER_URL" -D cn=admin,dc=example,dc=org -w admin uid=john,ou=people,ou=example,dc=example,dc=org
}
