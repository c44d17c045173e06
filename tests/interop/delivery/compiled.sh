# SPDX-FileCopyrightText: The Portreeve authors
# SPDX-License-Identifier: GPL-3.0-or-later
# Sourced by run.sh: policies that travel compiled, in one record, to a proxy older than 0.33.

config=type.googleapis.com/pomerium.config.Config

pushed() { json '[it["policies"]["put"], it["policies"]["deleted"], it["routes"]["put"], it["routes"]["deleted"]]'; }

compiled_policies_open_and_close() {
  local john dave theirs
  expect 0 --json group show Engineering
  printf 'allow:\n  and:\n    - groups:\n        has: "%s"\n' "$(json 'it["id"]')" >"$work/engineering.yaml"
  printf 'allow:\n  and:\n    - user:\n        is: nobody\n' >"$work/nobody.yaml"
  expect 0 policy add Engineering --file "$work/engineering.yaml"
  expect 0 policy add Nobody --file "$work/nobody.yaml"
  expect 0 route add Wiki --from "https://$wiki" --to "$PEER_UPSTREAM" --policy Engineering
  expect 0 --json target add Proxy --set kind=core --set core_version=0.32.9 \
    --set "address=$PEER_ADDRESS" --secret "shared_secret=@$PEER_SECRET_FILE" \
    --set policy_channel=whole_config --set originator=interop --set "health_url=$PEER_HEALTH"
  expect 0 --json target test Proxy
  john=$(account "$(user_id john)")
  dave=$(account "$(user_id dave)")

  # Somebody else's record, which stays as it is from beginning to end.
  printf '{"type":"%s","id":"dashboard-settings","data":{"@type":"%s","name":"theirs","routes":[{"id":"theirs","from":"https://%s","to":["%s"],"allowPublicUnauthenticatedAccess":true}]}}\n' \
    "$config" "$config" "$vault" "$PEER_UPSTREAM" | records put
  theirs=$(records get "$config" dashboard-settings)
  # Not asked by john: that he has no record yet would be remembered for a minute.
  same "$(until_leaves 404 "$vault" "$dave" | cut -d' ' -f1)" 200 "their route"

  expect 2 --json push Proxy --dry-run
  same "$(records list "$config")" "$theirs" "records after a dry run"
  same "$(ask "$wiki" "$john")" 404 "before the delivery"
  expect 0 --json push Proxy
  same "$(pushed)" "[1, 0, 1, 0]" "put and deleted"
  same "$(json 'it["confirmed"]')" True "confirmed by the health page"
  settle
  same "$(until_leaves 404 "$wiki" "$john" | cut -d' ' -f1)" 200 "john, through DevOps in Engineering"
  same "$(ask "$wiki" "$dave")" 403 "dave, in no group"
  same "$(visit "$wiki")" 302 "a stranger, to the sign-in"
  expect 0 --json push Proxy
  same "$(pushed)" "[0, 0, 0, 0]" "put again"

  # Another policy in its place closes the route at once: rules are not cached.
  expect 0 route edit Wiki --policy Nobody
  expect 0 --json push Proxy
  same "$(pushed)" "[1, 1, 1, 0]" "put and deleted"
  same "$(json 'it["confirmed"]')" True "confirmed by the health page"
  settle
  same "$(until_leaves 200 "$wiki" "$john" | cut -d' ' -f1)" 403 "john, without the policy"

  expect 0 route edit Wiki --policy Engineering
  expect 0 --json push Proxy
  settle
  same "$(until_leaves 403 "$wiki" "$john" | cut -d' ' -f1)" 200 "john, with the policy again"

  expect 0 route remove Wiki
  expect 0 --json push Proxy
  same "$(pushed)" "[0, 1, 0, 1]" "put and deleted"
  same "$(until_leaves 200 "$wiki" "$john" | cut -d' ' -f1)" 404 "the route taken away"
  same "$(records list "$config")" "$theirs" "the record of somebody else"
}
