# SPDX-FileCopyrightText: The Portreeve authors
# SPDX-License-Identifier: GPL-3.0-or-later
# Sourced by run.sh: a proxy whose memory is gone.

held_records() {
  records list pomerium.io/DirectoryUser
  records list pomerium.io/DirectoryGroup
}
# contents: ids and data of all directory records, in an order that does not depend on the server
contents() {
  held_records | python3 -c 'import json, sys
for record in sorted(map(json.loads, sys.stdin), key=lambda record: (record["type"], record["id"])):
    print(record["type"], record["id"], json.dumps(record["data"], sort_keys=True))'
}

# watching: serve compared once and follows the proxy since
watching() { grep -qs '"push_finished"' "$work/serve.out"; }

everything_returns_after_a_restart() {
  local before began serving
  before=$(contents)
  [ -n "$before" ] || fail "nothing was pushed before the restart"
  # Not through the function: the process itself has to be the one that is ended.
  "${ctl[@]}" --json serve >"$work/serve.out" 2>"$work/serve.err" &
  serving=$!
  children+=("$serving")
  began=$SECONDS
  until watching; do
    [ $((SECONDS - began)) -lt 30 ] || fail "serve does not watch the proxy: $(cat "$work/serve.out" "$work/serve.err")"
    sleep 0.1
  done
  # Long enough for pauses between attempts to have grown.
  proxy_command kill
  sleep 10
  proxy_command restart
  began=$EPOCHREALTIME
  until [ "$(contents)" = "$before" ]; do
    awk -v a="$began" -v b="$EPOCHREALTIME" 'BEGIN { exit b - a > 5 }' ||
      fail "not everything was pushed again within 5 s: $(cat "$work/serve.out" "$work/serve.err")"
    sleep 0.1
  done
  echo "everything was back $(since "$began") s after the restart"
  # Accounts were in the same memory. The proxy no longer knows this one and says so to a program (0.32
  # sends whoever takes HTML to the sign-in instead); a new one finds what is back.
  same "$(ask "$wiki" "$bob" -H "Accept: application/json")" 401 "bob, with an account of before the restart"
  bob=$(account "$(user_id bob)")
  settle
  same "$(ask "$wiki" "$bob")" 200 "bob, with a new account"
  kill "$serving"
  wait "$serving" || true
  cat "$work/serve.out" "$work/serve.err" >>"$work/said"
}
