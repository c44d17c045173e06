# SPDX-FileCopyrightText: The Portreeve authors
# SPDX-License-Identifier: GPL-3.0-or-later
# Sourced by run.sh: policies through the configuration service of a proxy, 0.33 or newer, and a person
# kept out at once.

board=board.example.test

# service METHOD BODY [CURL OPTION...]: what it answers
service() {
  curl -s --max-time 10 "${@:3}" -H 'Content-Type: application/json' \
    -H "jwt: $(python3 "$folder/reference.py" access "$PEER_SECRET_FILE")" \
    -d "$2" "http://$PEER_ADDRESS/pomerium.config.ConfigService/$1"
}
has_configuration_service() { [ "$(service GetServerInfo '{}' -o "$work/info" -w '%{http_code}')" = 200 ]; }

# service_account USER: a token as the service itself gives it
service_account() {
  json 'it["jwt"]' <(service CreateServiceAccount "{\"serviceAccount\":{\"userId\":\"$1\"}}")
}
# ours: "ID NAME" of the entities that are ours, in order
ours() {
  local kind
  for kind in Policies Routes; do
    json '"\n".join(sorted(f"""{one["id"]} {one["name"]}""" for many in it.values() if isinstance(many, list)
      for one in many if one.get("originatorId", "").startswith("interop-service")))' <(service "List$kind" '{}')
  done
}
# soon STATUS HOST TOKEN: within the two seconds that the proxy has to take up a change
soon() {
  local began=$EPOCHREALTIME answer
  while answer=$(ask "$2" "$3") && [ "$answer" != "$1" ] && [ "$(since "$began" | cut -d. -f1)" -lt 2 ]; do sleep 0.05; done
  echo "$answer"
}

policies_go_through_the_service() {
  local dave token before began seconds
  dave=$(user_id dave)
  printf 'allow:\n  and:\n    - user:\n        is: "%s"\n' "$dave" >"$work/dave.yaml"
  expect 0 policy add Dave --file "$work/dave.yaml"
  expect 0 route add Board --from "https://$board" --to "$PEER_UPSTREAM" --policy Dave
  expect 0 --json target add Service --set kind=core --set core_version=0.33.0 \
    --set "address=$PEER_ADDRESS" --secret "shared_secret=@$PEER_SECRET_FILE" \
    --set policy_channel=config_service --set directory_channel=none \
    --set originator=interop-service --set "probe_url=$PEER_HTTP"
  token=$(service_account "$dave")
  same "$(ask "$board" "$token")" 404 "before the delivery"

  expect 0 --json push Service
  same "$(soon 200 "$board" "$token")" 200 "dave, whom the policy names"
  same "$(visit "$board")" 302 "a stranger, to the sign-in"

  began=$EPOCHREALTIME
  expect 0 --json target block Service "$dave"
  seconds=$(since "$began")
  same "$(json 'it["state"]')" "done" "the block"
  [ "${seconds%.*}" -lt 2 ] || fail "the block took $seconds s"
  echo "dave was kept out after $seconds s"
  same "$(ask "$board" "$token")" 403 "dave, blocked"
  expect 0 --json target unblock Service "$dave"
  same "$(soon 200 "$board" "$token")" 200 "dave, let in again"

  before=$(ours)
  same "$(wc -l <<<"$before")" 2 "policies and routes of ours"
  proxy_command restart
  same "$(ours | tr -d '\n')" "" "what a proxy of memory keeps"
  same "$(soon 404 "$board" "$token")" 404 "the route, gone with the memory"
  expect 0 --json push Service
  same "$(ours)" "$before" "policies and routes after the restart"
  same "$(soon 401 "$board" "$token")" 401 "dave, with an account of before the restart"
  token=$(service_account "$dave")
  same "$(soon 200 "$board" "$token")" 200 "dave, with a new account"

  # Nothing would be left of ours, so a person is asked.
  expect 0 route remove Board
  expect 0 policy remove Dave
  expect 3 --json push Service
  expect 0 --json push Service --allow-held "$(json 'it["plan_hash"]')"
  same "$(soon 404 "$board" "$token")" 404 "the route taken away"
  same "$(ours | tr -d '\n')" "" "what is left of ours"
  expect 0 target remove Service --yes
}
