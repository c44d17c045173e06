#!/usr/bin/env bash
# SPDX-FileCopyrightText: The Portreeve authors
# SPDX-License-Identifier: GPL-3.0-or-later
# Puts Keycloak into PORTREEVE_PEER_CACHE, built for the embedded database, and beside it the database
# with the test realm: once, 200 MB. Prints one line. Each is made whole beside its place and then
# moved there, so what is found in its place is complete.
set -euo pipefail
. "$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/release.sh"

for command in java mvn unzip flock; do
  if ! command -v "$command" >/dev/null; then
    echo "Keycloak $keycloak_version cannot be installed: the command $command is not installed"
    exit 1
  fi
done
mkdir -p "$peer_cache"
exec {lock}>"$peer_cache/keycloak.lock"
flock "$lock"
if [ -e "$keycloak_mark" ] && [ -s "$keycloak_archive" ]; then
  echo "Keycloak $keycloak_version is installed"
  exit 0
fi

work=$(mktemp -d "$peer_cache/keycloak-new.XXXXXX")
trap 'rm -rf "$work"' EXIT
# quietly WHAT COMMAND...: shows the end of its output only when it fails
quietly() {
  local what=$1
  shift
  if ! "$@" >"$work/log" 2>&1; then
    tail -n 20 "$work/log" >&2
    echo "Keycloak $keycloak_version cannot be installed: $what failed"
    exit 1
  fi
}
install() {
  local unpacked
  quietly "the download" mvn -q -B -ntp \
    org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy \
    -Dartifact="org.keycloak:keycloak-quarkus-dist:$keycloak_version:zip" -DoutputDirectory="$work"
  quietly "unpacking" unzip -q "$work/keycloak-quarkus-dist-$keycloak_version.zip" -d "$work"
  unpacked=$work/keycloak-$keycloak_version
  quietly "the build" "$unpacked/bin/kc.sh" build --db=dev-file --features="$keycloak_features"
  touch "$unpacked/$(basename "$keycloak_mark")"
  rm -rf "$keycloak_home" # without its mark: not ours, or of an older layout
  mv "$unpacked" "$keycloak_home"
}
[ -e "$keycloak_mark" ] || install
# Seeds, as there is no saved database, and ends when it would have begun to serve.
quietly "seeding" bash "$keycloak_folder/serve.sh" </dev/null
echo "Keycloak $keycloak_version was installed"
