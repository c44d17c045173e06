# SPDX-FileCopyrightText: The Portreeve authors
# SPDX-License-Identifier: GPL-3.0-or-later
# Sourced by run.sh: links, the records behind them, and what an approval does.

# link USER [OPTION...]: enrollment= of a new link that the proxy would take
link() {
  local user=$1 expires
  shift
  expect 0 --json device link "$user" --target Proxy --route "$vault" "$@"
  enrollment=$(json 'it["enrollment_id"]')
  read -r id type expires < <(python3 "$folder/reference.py" link "$PEER_SECRET_FILE" "$(json 'it["url"]')")
  same "$id" "$enrollment" "enrollment of the link"
  same "$type" any "device type of the link"
  same "$(date -u -d "@$expires" +%s)" "$(date -u -d "$(json 'it["expires_at"]')" +%s)" "end of the link"
  records get "$device.Enrollment" "$enrollment" >"$work/enrollment.json"
  same "$(json '"enrolledAt" in it["data"]' "$work/enrollment.json")" False "$user has enrolled already"
}

# register USER_ID: what the proxy's own page writes when the link is used; session_id=, and session=,
# a token of it
register() {
  session_id=$(cat /proc/sys/kernel/random/uuid)
  python3 "$folder/registration.py" "$session_id" <"$work/enrollment.json" >"$work/registered.jsonl"
  records put <"$work/registered.jsonl"
  session=$(python3 "$folder/reference.py" token "$PEER_SECRET_FILE" "$session_id" "$1")
}

# changes VERSION: one "TYPE ID [deleted]" a line, oldest first, of what was written after it, without
# the records in which the proxy itself notes when they were last used
changes() {
  records since "$1" | python3 -c 'import json, sys
for record in sorted(map(json.loads, sys.stdin), key=lambda record: int(record["version"])):
    name = record["type"].rpartition(".")[2]
    if name not in ("Session", "ServiceAccount"):
        print(name, record["id"], "deleted" if "deletedAt" in record else "")' | sed 's/ *$//'
}
session_devices() { json 'it["data"].get("deviceCredentials", [])' <(records get type.googleapis.com/session.Session "$1"); }

devices_are_approved_and_revoked() {
  local dora dave emil erna version credential before
  dora=$(user_id dora)
  dave=$(user_id dave)
  emil=$(user_id emil)
  erna=$(user_id erna)

  link dora
  same "$(json 'it["data"].get("approvedBy", "")' "$work/enrollment.json")" "" "approval of a plain link"
  dora_enrollment=$enrollment
  register "$dora"
  dora_session=$session
  settle
  same "$(ask "$vault" "$dora_session")" 450 "dora's device, not approved"

  version=$(records version)
  before=$(records get "$device.Enrollment" "$dora_enrollment")
  expect 0 --json device approve "$dora_enrollment" --target Proxy --by ann
  same "$(changes "$version")" "Enrollment $dora_enrollment" "what an approval writes"
  same "$(approval "$before" "$(records get "$device.Enrollment" "$dora_enrollment")")" \
    "approvedBy: None -> ann" "what an approval changes"
  later dora_opens until_is 200 "$vault" "$dora_session"

  link dave --approve
  register "$dave"
  settle
  same "$(ask "$vault" "$session")" 200 "dave's device, approved beforehand"
  credential=$(json 'it["data"]["credentialId"]' <(records get "$device.Enrollment" "$enrollment"))
  version=$(records version)
  expect 0 --json device revoke "$enrollment" --target Proxy --by ann
  same "$(changes "$version" | paste -sd,)" \
    "User $dave,Credential $credential deleted,Enrollment $enrollment deleted,OwnerCredentialRecord $credential deleted" \
    "what a revocation writes"
  same "$(session_devices "$session_id")" "[]" "devices of dave's session"
  later dave_closes until_leaves 200 "$vault" "$session"

  link erna --approve
  register "$erna"
  settle
  same "$(ask "$vault" "$session")" 200 "erna's device, approved beforehand"
  expect 0 --json device approve "$enrollment" --target Proxy --undo --by ann
  later erna_closes until_leaves 200 "$vault" "$session"

  link emil --approve
  register "$emil"
  emil_session=$session
  settle
  same "$(ask "$vault" "$emil_session")" 200 "emil's device, approved beforehand"
  same "$(ask "$cellar" "$emil_session")" 200 "emil's device, of any kind"
  delete_record "$device.Enrollment" "$enrollment"
  later emil_closes until_leaves 200 "$vault" "$emil_session"
}

# delete_record TYPE ID: what somebody does who thinks that this revokes
delete_record() {
  records get "$1" "$2" | python3 -c 'import datetime, json, sys
record = json.load(sys.stdin)
record["deletedAt"] = datetime.datetime.now(datetime.timezone.utc).isoformat()
print(json.dumps(record))' | records put
}

# approval BEFORE AFTER: the fields of the data that differ
approval() {
  python3 -c 'import json, sys
before, after = (json.loads(text)["data"] for text in sys.argv[1:])
for key in sorted(before.keys() | after.keys()):
    if before.get(key) != after.get(key):
        print(f"{key}: {before.get(key)} -> {after.get(key)}")' "$1" "$2"
}

device_waits_end() {
  of dora_opens
  same "$answer" 200 "dora's device, approved"
  echo "dora's approval counted after $seconds s"
  of dave_closes
  same "$answer" 302 "dave's device, revoked"
  echo "dave's device was kept out after $seconds s"
  of erna_closes
  same "$answer" 450 "erna's device, whose approval was taken back"
  echo "erna's device was kept out after $seconds s"
  of emil_closes
  same "$answer" 302 "emil's device, whose enrollment record alone is gone, where approval is asked for"
  echo "emil's device was kept out after $seconds s"
  same "$(ask "$cellar" "$emil_session")" 200 "the same device, where any will do"
}
