#!/usr/bin/env bash
# SPDX-FileCopyrightText: The Portreeve authors
# SPDX-License-Identifier: GPL-3.0-or-later
# Builds the program of the folder "peer" into PORTREEVE_PEER_CACHE: once, in some minutes. Prints one
# line. Where the Go found is older than wanted, as Debian 12's is, the one wanted is fetched as what
# it also is: a Go module.
set -euo pipefail
. "$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/release.sh"
. "$pomerium_folder/../../../packaging/packages.sh"

refuse() {
  echo "Pomerium $pomerium_version cannot be built: $1"
  exit 1
}
mkdir -p "$peer_cache"
exec {lock}>"$peer_cache/pomerium.lock"
flock "$lock"
if [ -x "$pomerium_program" ]; then
  echo "Pomerium $pomerium_version is built"
  exit 0
fi

work=$(mktemp -d "$peer_cache/pomerium-new.XXXXXX")
trap 'rm -rf "$work"' EXIT
# quietly WHAT COMMAND...: shows the end of its output only when it fails
quietly() {
  local what=$1
  shift
  if ! "$@" >"$work/log" 2>&1; then
    tail -n 20 "$work/log" >&2
    refuse "$what failed"
  fi
}

# suffices GO: whether that command is at least the version wanted
suffices() {
  local found
  found=$("$1" env GOVERSION 2>/dev/null) || return 1
  [ "$(printf '%s\n' "$go_version" "${found#go}" | sort -V | head -n 1)" = "$go_version" ]
}

# The toolchain as a module. Older releases of Go unpack it without the right to execute it.
fetch_go() {
  local module archive=golang.org/toolchain@v0.0.1-go$go_version.linux-$(go env GOARCH)
  quietly "fetching Go $go_version" go mod download "$archive"
  module=$(go env GOMODCACHE)/$archive
  cp -r "$module" "$work/go"
  chmod -R u+w "$work/go"
  chmod +x "$work"/go/bin/* "$work"/go/pkg/tool/*/*
  mv "$work/go" "$fetched_go"
}

export GOTOOLCHAIN=local
fetched_go=$peer_cache/go-$go_version
go=go
if ! suffices "$go"; then
  if [ ! -x "$fetched_go/bin/go" ]; then
    command -v go >/dev/null || quietly "installing Debian's Go" install_packages "${go_packages[@]}"
    command -v go >/dev/null || refuse "the command go is not installed"
    fetch_go
  fi
  go=$fetched_go/bin/go
  unset GOROOT
fi
cd "$pomerium_folder/peer"
# The tag leaves out Envoy's program, which no module holds and nothing here starts.
quietly "the build" "$go" build -mod=readonly -buildvcs=false -trimpath \
  -gcflags=all=-dwarf=false -ldflags='-s -w' -tags debug_local_envoy -o "$work/program" .
mv "$work/program" "$pomerium_program"
echo "Pomerium $pomerium_version was built with $("$go" env GOVERSION)"
