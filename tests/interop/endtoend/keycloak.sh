# SPDX-FileCopyrightText: The Portreeve authors
# SPDX-License-Identifier: GPL-3.0-or-later
# Sourced by run.sh with the variables of keycloak/serve.sh in place.
everyone=Everyone
john=john
connect=(--provider keycloak
  --set "url=$PEER_URL" --set "realm=$PEER_REALM" --set group_name_source=name
  --set "client_id=$PEER_CLIENT_ID" --secret "client_secret=@$work/secret")
remove_john() {
  local token id
  token=$(curl -sSf -d "$PEER_ADMIN_FORM" "$PEER_ADMIN_TOKEN_URL" |
    python3 -c 'import json, sys; print(json.load(sys.stdin)["access_token"])')
  id=$(curl -sSf -H "Authorization: Bearer $token" "$PEER_ADMIN_URL/users?username=john&exact=true" |
    python3 -c 'import json, sys; print(json.load(sys.stdin)[0]["id"])')
  curl -sSf -X DELETE -H "Authorization: Bearer $token" "$PEER_ADMIN_URL/users/$id"
}
