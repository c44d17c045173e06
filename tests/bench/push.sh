#!/usr/bin/env bash
# SPDX-FileCopyrightText: The Portreeve authors
# SPDX-License-Identifier: GPL-3.0-or-later
# The rows about pushing to a real databroker, which is started anew and empty for each size:
# tests/bench/push.sh PROGRAM SIZE...
set -euo pipefail
program=$1
shift
folder=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

# rows SIZE: asks the fixture for a server, prints three lines, lets it end
rows() {
  local line PEER_ADDRESS= PEER_SECRET_FILE=
  coproc PEER { exec bash "$folder/../interop/pomerium/serve.sh"; }
  local process=$PEER_PID out in status=0
  exec {out}<&"${PEER[0]}"- {in}>&"${PEER[1]}"- # moved: a copy would keep the input open
  while read -r line <&"$out"; do
    case $line in
    READY) break ;;
    MISSING*) echo "no push rows: $line" >&2 ;;
    PEER_*=*) eval "$line" ;;
    esac
  done
  if [ -n "$PEER_ADDRESS" ]; then
    for bench in "push --reps 1" "push-unchanged --reps 3" "push-one --reps 3"; do
      # shellcheck disable=SC2086 # options
      "$program" $bench --size "$1" --address "$PEER_ADDRESS" --secret-file "$PEER_SECRET_FILE" || status=$?
    done
  fi
  exec {in}>&-
  wait "$process" || true
  return "$status"
}
for size in "$@"; do
  rows "$size"
done
