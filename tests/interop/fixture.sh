#!/usr/bin/env bash
# SPDX-FileCopyrightText: The Portreeve authors
# SPDX-License-Identifier: GPL-3.0-or-later
# Sourced by the fixtures in the folders beside it: each runs one real server for as long as its own
# standard input stays open, on loopback, in a folder of its own, and leaves nothing behind.
#
# A fixture prints shell assignments (PEER_URL=...), then the line READY, and then obeys these lines
# on standard input: "kill" ends the server at once, "pause" and "resume" stop and continue it, and
# "restart", where the fixture has a function fixture_start, ends it and starts it anew. Each is
# answered with the line "done". When the input closes, or on any signal, the server is ended.
#
#   coproc PEER { bash tests/interop/slapd/serve.sh; }        # from another script
#   while read -r line <&"${PEER[0]}" && [ "$line" != READY ]; do eval "$line"; done
#   ...; exec {PEER[1]}>&-; wait "$PEER_PID"
set -euo pipefail

fixture_name=
fixture_folder=
fixture_pid=

# fixture_begin NAME COMMAND...: folder and clean-up; ends with 77 when a COMMAND is not installed
fixture_begin() {
  fixture_name=$1
  shift
  local command
  for command in "$@"; do
    if ! command -v "$command" >/dev/null; then
      echo "MISSING $fixture_name: the command $command is not installed"
      exit 77
    fi
  done
  fixture_folder=$(mktemp -d "${TMPDIR:-/tmp}/portreeve-$fixture_name.XXXXXX")
  trap fixture_end EXIT
  trap 'exit 129' HUP
  trap 'exit 130' INT
  trap 'exit 143' TERM
}

fixture_end() {
  local status=$?
  trap '' HUP INT TERM
  fixture_stop
  rm -rf "$fixture_folder"
  exit "$status"
}

# Ends the server by its pid: TERM, up to ten seconds, KILL.
fixture_stop() {
  [ -n "$fixture_pid" ] || return 0
  local pid=$fixture_pid
  fixture_pid=
  kill -CONT "$pid" 2>/dev/null || true
  kill -TERM "$pid" 2>/dev/null || true
  for _ in $(seq 200); do
    kill -0 "$pid" 2>/dev/null || break
    sleep 0.05
  done
  kill -KILL "$pid" 2>/dev/null || true
  wait "$pid" 2>/dev/null || true
}

# fixture_port: a TCP port nothing on 127.0.0.1 listens on
fixture_port() {
  local port
  for _ in $(seq 100); do
    port=$((20000 + (RANDOM * 32768 + RANDOM) % 12000))
    if ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
      echo "$port"
      return 0
    fi
  done
  echo "no free port on 127.0.0.1" >&2
  return 1
}

# fixture_ports VARIABLE...: a free port for each, all different
fixture_ports() {
  local fixture_variable fixture_free fixture_taken=' '
  for fixture_variable in "$@"; do
    fixture_free=$(fixture_port)
    while [[ $fixture_taken = *" $fixture_free "* ]]; do fixture_free=$(fixture_port); done
    fixture_taken+="$fixture_free "
    printf -v "$fixture_variable" %s "$fixture_free"
  done
}

# fixture_certificate NAME [SUBJECT_ALTERNATIVE_NAME...]: a self-signed NAME.pem and NAME.key
fixture_certificate() {
  local name=$1 names
  shift
  names=$(printf ',%s' "$@")
  openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj "/CN=$name" \
    -addext "subjectAltName=DNS:localhost,DNS:$(hostname),IP:127.0.0.1${*:+$names}" \
    -keyout "$fixture_folder/$name.key" -out "$fixture_folder/$name.pem" 2>/dev/null
  chmod 600 "$fixture_folder/$name.key"
}

# fixture_spawn COMMAND...: the server, in the background; its output goes to a log
fixture_spawn() {
  "$@" >>"$fixture_folder/server.log" 2>&1 </dev/null &
  fixture_pid=$!
}

# fixture_await SECONDS COMMAND...: until COMMAND succeeds; shows the log when the server ends early
fixture_await() {
  local limit=$((SECONDS + $1))
  shift
  until "$@" >/dev/null 2>&1; do
    if ! kill -0 "$fixture_pid" 2>/dev/null || [ "$SECONDS" -ge "$limit" ]; then
      echo "$fixture_name did not become ready; the end of its log:" >&2
      tail -n 20 "$fixture_folder/server.log" >&2
      return 1
    fi
    sleep 0.05
  done
}

# fixture_publish NAME VALUE [NAME VALUE...]: as shell assignments
fixture_publish() {
  while [ $# -ge 2 ]; do
    printf '%s=%s\n' "$1" "${2@Q}"
    shift 2
  done
}

# fixture_serve: says READY and obeys standard input until it closes
fixture_serve() {
  local line part status
  echo READY
  line=
  while :; do
    status=0
    read -r -t 1 part || status=$?
    line+=$part
    if [ "$status" -gt 128 ]; then # the second is over, perhaps in the middle of a line
      continue
    elif [ "$status" -ne 0 ]; then
      return 0
    fi
    case $line in
    kill) kill -KILL "$fixture_pid" && wait "$fixture_pid" 2>/dev/null || true ;;
    pause) kill -STOP "$fixture_pid" ;;
    resume) kill -CONT "$fixture_pid" ;;
    restart)
      fixture_stop
      fixture_start
      ;;
    *) echo "unknown command: $line" >&2 ;;
    esac
    line=
    echo "done"
  done
}
