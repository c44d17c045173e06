#!/usr/bin/env bash
# SPDX-FileCopyrightText: The Portreeve authors
# SPDX-License-Identifier: GPL-3.0-or-later
# The whole way on a real server: run.sh PORTREEVECTL slapd|samba|keycloak
# Add a connection, test, plan, apply, look at members and paths, remove a person upstream, see it in
# the plan, sync, build a policy on a synced group, export it and read the export back.
set -euo pipefail
ctl_program=$1
peer=$2
folder=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
work=$(mktemp -d)

coproc PEER { exec bash "$folder/../$peer/serve.sh"; }
peer_process=$PEER_PID
exec {peer_out}<&"${PEER[0]}"- {peer_in}>&"${PEER[1]}"- # moved: a copy would keep the input open
finish() {
  local status=$?
  exec {peer_in}>&-
  wait "$peer_process" 2>/dev/null || true
  rm -rf "$work"
  exit "$status"
}
trap finish EXIT

ready=no
while read -r line <&"$peer_out"; do
  case $line in
  READY) ready=yes; break ;;
  MISSING*)
    echo "SKIP   : $line"
    [ "${PORTREEVE_REQUIRE_PEERS:-0}" != 1 ] || exit 1
    exit 77
    ;;
  PEER_*=*) eval "$line" ;;
  esac
done
[ "$ready" = yes ] || { echo "the server $peer did not start"; exit 1; }

secrets=$work/secrets.json
printf '%s' "${PEER_PASSWORD:-${PEER_CLIENT_SECRET:-}}" >"$work/secret"
printf 'planted-wrong-31c7' >"$work/wrong"

ctl() { "$ctl_program" --data-dir "$work/data" --secrets "file:$secrets" "$@"; }

# expect CODE COMMAND...: runs it, shows its output, and insists on the exit code
expect() {
  local wanted=$1 code=0
  shift
  echo "\$ portreevectl $*" >&2
  ctl "$@" >"$work/out" 2>"$work/err" || code=$?
  cat "$work/out" "$work/err" >>"$work/said"
  if [ "$code" != "$wanted" ]; then
    echo "exit code $code instead of $wanted"
    cat "$work/out" "$work/err"
    exit 1
  fi
}
# field PATH: a value of the JSON that the last command printed
field() {
  python3 -c 'import json, sys
value = json.load(open(sys.argv[1]))
for key in sys.argv[2].split("."):
    value = value[int(key)] if key.isdigit() else value[key]
print(value if not isinstance(value, list) else " ".join(sorted(str(one) for one in value)))' "$work/out" "$1"
}
logins() {
  python3 -c 'import json, sys
print(" ".join(sorted(one["login"].split("@")[0] for one in json.load(open(sys.argv[1]))[sys.argv[2]])))' "$work/out" "$1"
}
same() {
  if [ "$1" != "$2" ]; then
    echo "found    $1"
    echo "expected $2"
    exit 1
  fi
}

. "$folder/$peer.sh" # connect=, everyone=, john=, remove_john

expect 0 --json connection add Staff "${connect[@]}"
expect 0 --json connection test Staff
test -n "$(field sample_users.0.id)"
expect 2 --json plan Staff --out "$work/plan.json"
same "$(field verdict)" go
expect 0 --json apply "$work/plan.json"
test "$(field generation)" -gt 0

# The example of nested groups: everybody once, through whatever group.
expect 0 --json group show "$everyone"
same "$(logins effective_members)" "alice bob john patrick steve"
# By its id: a directory may have another group of that name.
support=$(python3 -c 'import json, sys
print(*(one["id"] for one in json.load(open(sys.argv[1]))["member_groups"] if one["name"] == "Support"))' "$work/out")
expect 0 --json group show Engineering
same "$(logins effective_members)" "alice bob john"
engineering=$(field id)
expect 0 --json group show DevOps
same "$(logins effective_members)" "john"
expect 0 --json group show "$support"
same "$(logins effective_members)" "patrick"
expect 0 --json why "$john" "$everyone"
same "$(python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))["paths"][0][1:])' "$work/out")" "['DevOps', 'Engineering', '$everyone']"

# Nothing new upstream: nothing to do.
expect 0 --json plan Staff

# With a wrong password nothing is read, and what was committed stays.
for word in "${connect[@]}"; do
  case $word in *"=@$work/secret") secret_field=${word%%=*} ;; esac
done
expect 0 --json connection show Staff
generation=$(field generation)
expect 0 connection edit Staff --secret "$secret_field=@$work/wrong"
expect 5 --json connection test Staff
expect 5 --json plan Staff
expect 0 --json connection show Staff
same "$(field generation)" "$generation"
expect 0 --json group show Engineering
same "$(logins effective_members)" "alice bob john"
expect 0 connection edit Staff --secret "$secret_field=@$work/secret"
expect 0 --json connection test Staff

remove_john
expect 2 --json plan Staff
same "$(field counts.users.removed)" 1
expect 0 --json sync Staff
expect 0 --json group show "$everyone"
same "$(logins effective_members)" "alice bob patrick steve"

printf 'allow:\n  and:\n    - groups:\n        has: "%s"\n' "$engineering" >"$work/policy.yaml"
expect 0 policy check "$work/policy.yaml"
expect 0 policy add Engineering --file "$work/policy.yaml"
expect 0 route add Wiki --from https://wiki.example.org --to http://127.0.0.1:8080 --policy Engineering
expect 0 export fragment --out "$work/fragment.yaml"
grep -q "$engineering" "$work/fragment.yaml"
# What was exported parses back to the same policy.
expect 0 policy show Engineering
cp "$work/out" "$work/stored.yaml"
python3 - "$work/fragment.yaml" >"$work/exported.yaml" <<'PYTHON'
import re, sys
text = open(sys.argv[1], encoding="utf-8").read()
block = re.search(r"\n( *)policy:\n(.*?)(?=\n\1\S|\Z)", text, re.S).group(2)
indent = len(block) - len(block.lstrip(" "))
print("\n".join(line[indent:] for line in block.split("\n")))
PYTHON
expect 0 policy format "$work/exported.yaml"
same "$(cat "$work/out")" "$(cat "$work/stored.yaml")"

expect 0 --json selfcheck
# The secret is nowhere but in the secret store.
secret=$(cat "$work/secret")
if grep -rqF -e "$secret" -e "$(cat "$work/wrong")" "$work/data" "$work/said" "$work/plan.json" "$work/fragment.yaml"; then
  echo "the secret was written somewhere"
  exit 1
fi
echo "the whole way works on $peer"
