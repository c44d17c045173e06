# SPDX-FileCopyrightText: The Portreeve authors
# SPDX-License-Identifier: GPL-3.0-or-later
# Sourced by run.sh: people, groups, routes, and what a membership does.

# Beside the directory of the fixture: jane is in DevOps, carol in Engineering, those with a d in none.
prepare_directory() {
  local name
  for name in jane carol dora dave dina dirk; do
    cat <<LDIF

dn: uid=$name,ou=people,ou=example,dc=example,dc=org
changetype: add
objectClass: inetOrgPerson
uid: $name
cn: $name
sn: $name
mail: $name@example.org
LDIF
  done | ldap
  member add DevOps uid=jane,ou=people,ou=example,dc=example,dc=org
  member add Engineering uid=carol,ou=people,ou=example,dc=example,dc=org
  expect 0 --json connection add Staff "${connect[@]}"
  expect 0 --json sync Staff
}

# member add|delete GROUP DN
member() {
  ldap <<LDIF
dn: cn=$2,ou=groups,ou=example,dc=example,dc=org
changetype: modify
$1: member
member: $3
LDIF
}

wiki=wiki.example.test
vault=vault.example.test
locker=locker.example.test

# Routes and policies go into the proxy's file, at first without the directory.
prepare_proxy() {
  expect 0 --json group show Engineering
  printf 'allow:\n  and:\n    - groups:\n        has: "%s"\n' "$(json 'it["id"]')" >"$work/engineering.yaml"
  printf 'allow:\n  and:\n    - device:\n        approved: true\n' >"$work/device.yaml"
  printf 'allow:\n  and:\n    - device:\n        type: any\n' >"$work/registered.yaml"
  expect 0 policy add Engineering --file "$work/engineering.yaml"
  expect 0 policy add Approved --file "$work/device.yaml"
  expect 0 policy add Registered --file "$work/registered.yaml"
  expect 0 route add Wiki --from "https://$wiki" --to "$PEER_UPSTREAM" --policy Engineering
  expect 0 route add Vault --from "https://$vault" --to "$PEER_UPSTREAM" --policy Approved
  expect 0 route add Locker --from "https://$locker" --to "$PEER_UPSTREAM" --policy Registered
  expect 0 --json target add Proxy --set kind=core --set core_version=0.32.9 \
    --set "address=$PEER_ADDRESS" --secret "shared_secret=@$PEER_SECRET_FILE" \
    --set policy_channel=config_file --set "base_file=$PEER_BASE_CONFIG" --set "output_file=$PEER_CONFIG"
  expect 0 --json target test Proxy
  # The routes first: until there are records, nobody of the group gets in.
  expect 0 export config --base "$PEER_BASE_CONFIG" --out "$PEER_CONFIG"
}

membership_opens_and_closes() {
  local name
  for name in bob john jane carol; do
    printf -v "$name" %s "$(account "$(user_id "$name")")"
  done
  settle
  # The file is read within a second; until then nobody knows the route.
  same "$(until_leaves 404 "$wiki" "$bob" | cut -d' ' -f1)" 403 "bob, before any record"

  expect 2 --json push Proxy --dry-run
  same "$(records list pomerium.io/DirectoryUser)" "" "records after a dry run"
  expect 0 --json push Proxy
  same "$(json 'it["users"]["put"]')" "$(records list pomerium.io/DirectoryUser | wc -l)" "users put"
  expect 0 --json push Proxy
  same "$(json 'it["users"]["put"] + it["groups"]["put"]')" 0 "records put again"
  settle
  same "$(ask "$wiki" "$john")" 200 "john, through DevOps in Engineering"
  same "$(ask "$wiki" "$carol")" 200 "carol, in Engineering"
  # Whose token it is counts only in these forms (proxy.md 13.2 step 3).
  same "$(visit "$wiki" -H "Authorization: Bearer Pomerium-$carol")" 200 "carol, as a bearer of Pomerium's"
  same "$(visit "$wiki" -H "X-Pomerium-Authorization: $carol")" 200 "carol, in the header of its own"
  same "$(visit "$wiki" -H "Authorization: Bearer $carol")" 302 "carol, as any bearer: to the sign-in"
  same "$(visit "$wiki")" 302 "nobody"
  later bob_opens until_is 200 "$wiki" "$bob"

  member delete Engineering cn=DevOps,ou=groups,ou=example,dc=example,dc=org
  member delete Engineering uid=carol,ou=people,ou=example,dc=example,dc=org
  sync_and_push
  settle
  same "$(ask "$wiki" "$jane")" 403 "jane, not asked about before"
  later john_closes until_leaves 200 "$wiki" "$john"
  later carol_closes until_leaves 200 "$wiki" "$carol"
}

membership_waits_end() {
  of bob_opens
  same "$answer" 200 "bob, a minute after the push"
  echo "bob was let in after $seconds s"
  of john_closes
  same "$answer" 403 "john, whose DevOps left Engineering"
  echo "john was kept out after $seconds s"
  of carol_closes
  same "$answer" 403 "carol, who left Engineering"
  echo "carol was kept out after $seconds s"
}
