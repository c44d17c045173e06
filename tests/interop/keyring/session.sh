#!/usr/bin/env bash
# SPDX-FileCopyrightText: The Portreeve authors
# SPDX-License-Identifier: GPL-3.0-or-later
# Runs a command in a session of its own, with a fresh home and, by state, a real GNOME Keyring:
# session.sh STATE COMMAND...
#
#   ready        a session bus and an unlocked keyring
#   no-bus       no session bus
#   no-service   a bus on which nobody offers the Secret Service
#   no-keyring   the service is started by the bus, but there is no keyring in it
#   locked       an unlocked keyring with a password, which the command is to lock; nothing can
#                ask for the password
#   no-library   libsecret cannot be loaded
#
# The command sees PORTREEVE_KEYRING_STATE; when the keyring is not installed it runs all the same,
# with PORTREEVE_KEYRING_MISSING saying so. Bus and keyring end with it.
set -euo pipefail
state=$1
shift
export PORTREEVE_KEYRING_STATE=$state PORTREEVE_KEYRING_MISSING=

for program in dbus-run-session dbus-send gnome-keyring-daemon; do
  if ! command -v "$program" >/dev/null; then
    export PORTREEVE_KEYRING_MISSING="keyring: the command $program is not installed"
    exec "$@"
  fi
done

place=$(mktemp -d "${TMPDIR:-/tmp}/portreeve-keyring.XXXXXX")
trap 'rm -rf "$place"' EXIT
trap 'exit 143' HUP INT TERM
mkdir -m 700 "$place/home" "$place/runtime"
unset DISPLAY WAYLAND_DISPLAY DBUS_SESSION_BUS_ADDRESS GNOME_KEYRING_CONTROL
unset XDG_CONFIG_HOME XDG_DATA_HOME XDG_CACHE_HOME XDG_STATE_HOME
export HOME=$place/home XDG_RUNTIME_DIR=$place/runtime

# Everything below ends after a minute, whatever happens to this script.
session=(timeout --kill-after=5 60 dbus-run-session)
log=$place/log
# "Failed to set fd limit" and the like: noise of the bus and of the prompt that finds no display.
status=0
case $state in
ready | no-library)
  if [ "$state" = no-library ]; then
    mkdir "$place/lib"
    : >"$place/lib/libsecret-1.so.0"
    export KEYRING_LIBRARIES=$place/lib
  fi
  "${session[@]}" -- bash -c '
    printf "\n" | gnome-keyring-daemon --unlock --components=secrets >/dev/null
    export LD_LIBRARY_PATH=${KEYRING_LIBRARIES:-}${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
    "$@"' keyring "$@" 2>"$log" || status=$?
  ;;
locked)
  "${session[@]}" -- bash -c '
    printf "a password\n" | gnome-keyring-daemon --unlock --components=secrets >/dev/null
    "$@"' keyring "$@" 2>"$log" || status=$?
  ;;
no-keyring)
  "${session[@]}" -- "$@" 2>"$log" || status=$?
  ;;
no-service)
  cat >"$place/bus.conf" <<'CONFIG'
<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
  "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:tmpdir=/tmp</listen>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
CONFIG
  "${session[@]}" --config-file="$place/bus.conf" -- "$@" 2>"$log" || status=$?
  ;;
no-bus)
  timeout --kill-after=5 60 "$@" 2>"$log" || status=$?
  ;;
*)
  echo "unknown state: $state" >&2
  exit 2
  ;;
esac
[ "$status" = 0 ] || tail -n 40 "$log" >&2
exit "$status"
