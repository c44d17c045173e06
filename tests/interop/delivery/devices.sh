# SPDX-FileCopyrightText: The Portreeve authors
# SPDX-License-Identifier: GPL-3.0-or-later
# Sourced by run.sh: links, the records behind them, and what an approval does.

# link USER [OPTION...]: enrollment= of a new link that the proxy would take
link() {
  local user=$1 expires
  shift
  expect 0 --json device link "$user" --target Proxy --route "$vault" "$@"
  enrollment=$(json 'it["enrollment_id"]')
  json 'it["url"]' >>"$work/links"
  read -r id type expires < <(python3 "$folder/reference.py" link "$PEER_SECRET_FILE" "$(json 'it["url"]')")
  same "$id" "$enrollment" "enrollment of the link"
  same "$type" any "device type of the link"
  same "$(date -u -d "@$expires" +%s)" "$(date -u -d "$(json 'it["expires_at"]')" +%s)" "end of the link"
  records get "$device.Enrollment" "$enrollment" >"$work/enrollment.json"
  same "$(json '"enrolledAt" in it["data"]' "$work/enrollment.json")" False "$user has enrolled already"
}

# register USER_ID [EARLIER]: what the proxy's own page writes when the link is used, beside a device of
# before; session_id=, and session=, a token of it
register() {
  session_id=$(cat /proc/sys/kernel/random/uuid)
  python3 -B "$folder/registration.py" "$session_id" "${@:2}" <"$work/enrollment.json" >"$work/registered.jsonl"
  records put <"$work/registered.jsonl"
  session=$(python3 "$folder/reference.py" token "$PEER_SECRET_FILE" "$session_id" "$1")
}

# held: every record that has to do with devices or that the proxy writes by itself
held() {
  local type
  for type in "$device".{Enrollment,Credential,OwnerCredentialRecord} \
    type.googleapis.com/{user.User,user.ServiceAccount,session.Session}; do
    records list "$type"
  done
}
# mark: from here on changes and differences count; version=
mark() {
  version=$(records version)
  held >"$work/before.jsonl"
}
# changes: what was written, in its order / differences: what is another than before; one a line
changes() { records since "$version" | python3 "$folder/changes.py" order "$work/before.jsonl"; }
differences() { held | python3 "$folder/changes.py" content "$work/before.jsonl"; }
lines() { printf '%s\n' "$@"; }
# session_devices EARLIER [CREDENTIAL]: as a session lists them
session_devices() {
  printf '[{"id": "%s", "typeId": "enclave_only"}' "$1"
  [ -z "${2:-}" ] || printf ', {"id": "%s", "typeId": "any"}' "$2"
  printf ']'
}

devices_are_approved_and_revoked() {
  local dora dave dina dirk version credential earlier=StaysWithDave
  dora=$(user_id dora)
  dave=$(user_id dave)
  dina=$(user_id dina)
  dirk=$(user_id dirk)

  link dora
  same "$(json 'it["data"].get("approvedBy", "")' "$work/enrollment.json")" "" "approval of a plain link"
  register "$dora"
  dora_session=$session
  settle
  same "$(ask "$vault" "$dora_session")" 450 "dora's device, not approved"

  mark
  expect 0 --json device approve "$enrollment" --target Proxy --by ann
  same "$(changes)" "Enrollment $enrollment" "what an approval writes"
  same "$(differences)" "Enrollment $enrollment approvedBy: null -> \"ann\"" "what an approval changes"
  later dora_opens until_is 200 "$vault" "$dora_session"

  # Of two devices only the one that is named goes.
  link dave --approve
  register "$dave" "$earlier"
  settle
  same "$(ask "$vault" "$session")" 200 "dave's device, approved beforehand"
  credential=$(json 'it["data"]["credentialId"]' <(records get "$device.Enrollment" "$enrollment"))
  mark
  expect 0 --json device revoke "$enrollment" --target Proxy --by ann
  same "$(changes)" "$(lines "Session $session_id" "User $dave" "Credential $credential deleted" \
    "Enrollment $enrollment deleted" "OwnerCredentialRecord $credential deleted")" "what a revocation writes"
  same "$(differences)" "$(lines "Credential $credential: gone" "Enrollment $enrollment: gone" \
    "OwnerCredentialRecord $credential: gone" \
    "Session $session_id deviceCredentials: $(session_devices "$earlier" "$credential") -> $(session_devices "$earlier")" \
    "User $dave deviceCredentialIds: [\"$earlier\", \"$credential\"] -> [\"$earlier\"]")" "what a revocation changes"
  later dave_closes until_leaves 200 "$vault" "$session"

  link dina --approve
  register "$dina"
  dina_session=$session
  settle
  same "$(ask "$vault" "$dina_session")" 200 "dina's device, approved"
  same "$(ask "$locker" "$dina_session")" 200 "dina's device, of any type"
  credential=$(json 'it["data"]["credentialId"]' <(records get "$device.Enrollment" "$enrollment"))
  forget "$device.Enrollment" "$enrollment"
  # The command line takes the device for what it still is: something that opens doors.
  expect 0 --json device list --target Proxy --status orphan
  same "$(python3 -c 'import json, sys; print(*[json.loads(row)["credential_id"] for row in sys.stdin])' <"$work/out")" \
    "$credential" "devices without an enrollment"
  later dina_closes until_leaves 200 "$vault" "$dina_session"

  link dirk --approve --by ann
  register "$dirk"
  settle
  same "$(ask "$vault" "$session")" 200 "dirk's device, approved"
  mark
  expect 0 --json device approve "$enrollment" --undo --target Proxy --by ann
  same "$(changes)" "Enrollment $enrollment" "what taking an approval back writes"
  same "$(differences)" "Enrollment $enrollment approvedBy: \"ann\" -> null" "what taking an approval back changes"
  later dirk_closes until_leaves 200 "$vault" "$session"
}

# forget TYPE ID: deletes one record and leaves what belongs to it
forget() {
  printf '{"type":"%s","id":"%s","deletedAt":"%s"}\n' "$1" "$2" "$(date -u +%Y-%m-%dT%H:%M:%SZ)" | records put
}

device_waits_end() {
  of dora_opens
  same "$answer" 200 "dora's device, approved"
  echo "dora's approval counted after $seconds s"
  of dave_closes
  same "$answer" 302 "dave's device, revoked"
  echo "dave's device was kept out after $seconds s"
  of dina_closes
  same "$answer" 302 "dina's device, its enrollment deleted"
  echo "dina's device was kept out of what wants approval after $seconds s"
  same "$(ask "$locker" "$dina_session")" 200 "dina's device, where its type is enough"
  of dirk_closes
  same "$answer" 450 "dirk's device, its approval taken back"
  echo "dirk's device was kept out after $seconds s"
}
