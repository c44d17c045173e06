#!/usr/bin/env bash
# SPDX-FileCopyrightText: The Portreeve authors
# SPDX-License-Identifier: GPL-3.0-or-later
# From a directory to the proxy's own decision, on real servers: run.sh PORTREEVECTL [whole|official|double PROGRAM]
# A membership made in LDAP opens a route and its removal closes it; devices are enrolled, approved
# and revoked; a proxy that lost its memory has everything again at once. With "whole" policies travel
# compiled, to the whole proxy of the fixture instead of its parts. With "official" the proxy is
# the binary that PORTREEVE_TEST_POMERIUM names instead of the parts built by the fixture; where that
# has a configuration service, policies go through it too. "double" does only that, at the double of a
# proxy that has one. What takes the proxy a minute to notice is waited for at the same time.
set -euo pipefail
ctl_program=$1
folder=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
work=$(mktemp -d)
children=()

finish() {
  local status=$?
  trap '' HUP INT TERM
  [ -z "${peer_inputs:-}" ] || for input in $peer_inputs; do eval "exec $input>&-"; done
  [ "${#children[@]}" -eq 0 ] || kill "${children[@]}" 2>/dev/null || true
  wait
  rm -rf "$work"
  exit "$status"
}
trap finish EXIT
trap 'exit 130' HUP INT TERM

skip() {
  echo "SKIP   : $1"
  [ "${PORTREEVE_REQUIRE_PEERS:-0}" != 1 ] || [ "${2:-}" = optional ] || exit 1
  exit 77
}
fail() {
  echo "$*"
  exit 1
}
# What judges the product is itself judged first.
python3 "$folder/reference.py" selftest || fail "the reference is not the proxy's"

proxy=${2:-parts}
if [ "$proxy" = official ] && [ -z "${PORTREEVE_TEST_POMERIUM:-}" ]; then
  skip "delivery: PORTREEVE_TEST_POMERIUM names no official Pomerium" optional
fi

# peer NAME [ARGUMENT]: starts its fixture; PEER_* as it publishes them, told through tell_NAME, heard through
# hear_NAME
peer() {
  local name=$1 line in out ready=no
  mkfifo "$work/$name.in" "$work/$name.out"
  bash "$folder/../$name/serve.sh" "${@:2}" <"$work/$name.in" >"$work/$name.out" &
  exec {in}>"$work/$name.in" {out}<"$work/$name.out"
  peer_inputs="${peer_inputs:-} $in"
  printf -v "tell_$name" %s "$in"
  printf -v "hear_$name" %s "$out"
  while read -r line <&"$out"; do
    case $line in
    READY) ready=yes; break ;;
    MISSING*) skip "$line" ;;
    PEER_*=*) eval "$line" ;;
    esac
  done
  [ "$ready" = yes ] || fail "the server $name did not start"
}
peer slapd
. "$folder/../endtoend/slapd.sh" # connect=
ldap_url=$PEER_URL
printf '%s' "$PEER_PASSWORD" >"$work/secret"
peer pomerium "$proxy" "${@:3}"
if [ "$proxy" = official ]; then # its routes lead somewhere
  mkdir "$work/upstream"
  python3 -m http.server -d "$work/upstream" -b 127.0.0.1 "${PEER_UPSTREAM##*:}" >/dev/null 2>&1 &
  children+=($!)
fi
proxy_command() { # tells the proxy's fixture, until it is done
  local line
  echo "$1" >&"$tell_pomerium"
  read -r line <&"$hear_pomerium"
  [ "$line" = done ] || fail "the proxy did not $1"
}

# With every line it can log, to see that no secret is among them.
ctl=("$ctl_program" --data-dir "$work/data" --secrets "file:$work/secrets.json" --log-level debug)
ctl() { "${ctl[@]}" "$@"; }
# expect CODE COMMAND...: runs it and insists on the exit code; the result is in $work/out
expect() {
  local wanted=$1 code=0
  shift
  echo "\$ portreevectl $*" >&2
  ctl "$@" >"$work/out" 2>"$work/err" || code=$?
  cat "$work/err" >>"$work/said"
  if [ "$code" != "$wanted" ]; then
    cat "$work/out" "$work/err"
    fail "exit code $code instead of $wanted"
  fi
}
# json EXPRESSION [FILE]: of the document that the last command printed, as "it"
json() {
  python3 -c 'import json, sys
it = json.load(open(sys.argv[2]))
print(eval(sys.argv[1]))' "$1" "${2:-$work/out}"
}
same() { [ "$1" = "$2" ] || fail "$(printf '%s: found %s, expected %s' "${3:-difference}" "$1" "$2")"; }

ldap() { ldapmodify -x -H "$ldap_url" -D cn=admin,dc=example,dc=org -w admin >/dev/null; }
records() { "$PEER_PROGRAM" records -address "$PEER_ADDRESS" -secret-file "$PEER_SECRET_FILE" "$@"; }
device=type.googleapis.com/pomerium.device

# The authorize service answers from a copy that follows the databroker. A question that overtakes a
# record gets the old answer, and gets it for a minute.
settle() { sleep 0.3; }
# visit HOST [CURL OPTION...]: the status the proxy answers with, by itself to somebody who has not signed in
visit() { curl -s -o /dev/null -w '%{http_code}' --max-time 10 -H "Host: $1" "${@:2}" "$PEER_HTTP/"; }
# ask HOST TOKEN [CURL OPTION...]: the same, to the one with the token
ask() { visit "$1" -H "Authorization: Pomerium $2" "${@:3}"; }
# until_leaves STATUS HOST TOKEN / until_is STATUS HOST TOKEN: asks for at most 65 seconds; prints the
# first answer that is another one / the one wanted, and after how long
until_leaves() {
  local began=$EPOCHREALTIME answer=$1
  while answer=$(ask "$2" "$3") && [ "$answer" = "$1" ]; do patience "$began" || break; done
  echo "$answer $(since "$began")"
}
until_is() {
  local began=$EPOCHREALTIME answer
  while answer=$(ask "$2" "$3") && [ "$answer" != "$1" ]; do patience "$began" || break; done
  echo "$answer $(since "$began")"
}
since() { awk -v a="$1" -v b="$EPOCHREALTIME" 'BEGIN { printf "%.2f", b - a }'; }
patience() {
  sleep 0.5
  awk -v a="$1" -v b="$EPOCHREALTIME" 'BEGIN { exit b - a > 65 }'
}
# later NAME FUNCTION...: in the background; its output is collected by of NAME
later() {
  "${@:2}" >"$work/$1" &
  children+=($!)
  printf -v "later_$1" %s $!
}
of() {
  local name=later_$1
  wait "${!name}"
  read -r answer seconds <"$work/$1"
}

# account USER: a service account's token for somebody
account() {
  local id
  id=$(cat /proc/sys/kernel/random/uuid)
  printf '{"type":"type.googleapis.com/user.ServiceAccount","id":"%s","data":{"@type":"type.googleapis.com/user.ServiceAccount","id":"%s","userId":"%s"}}\n' \
    "$id" "$id" "$1" | records put
  python3 "$folder/reference.py" token "$PEER_SECRET_FILE" "$id" "$1"
}
user_id() {
  ctl --json user list --search "$1@example.org" --limit 1 | python3 -c 'import json, sys; print(json.load(sys.stdin)["id"])'
}
sync_and_push() {
  expect 0 --json sync Staff
  expect 0 --json push Proxy
}

. "$folder/memberships.sh"
. "$folder/devices.sh"
. "$folder/restart.sh"
. "$folder/compiled.sh"
. "$folder/service.sh"

prepare_directory
if [ "$proxy" = whole ]; then
  compiled_policies_open_and_close
elif [ "$proxy" = double ]; then
  policies_go_through_the_service
else
  if [ "$proxy" = official ] && has_configuration_service; then
    policies_go_through_the_service # takes away again what it brought
  fi
  prepare_proxy
  membership_opens_and_closes # leaves its waits behind
  devices_are_approved_and_revoked
  membership_waits_end
  device_waits_end
  everything_returns_after_a_restart
fi

# The secret is nowhere but in the secret store, a token nowhere but on the wire, a link nowhere but on
# standard output.
grep -q ' debug portreeve' "$work/said" || fail "nothing was logged"
{
  cat "$PEER_SECRET_FILE"
  printf '\n%s\n' pomerium_enrollment_token= eyJhbGciOi # how every signed token begins
  [ ! -f "$work/links" ] || grep -oP 'pomerium_(enrollment_token|signature)=\K[^&%]*' "$work/links"
} | grep . >"$work/needles"
if grep -rqF -f "$work/needles" "$work/data" "$work/said"; then
  fail "a secret, a token or a link was written somewhere"
fi
echo "delivery works"
