#!/usr/bin/env bash
# SPDX-FileCopyrightText: The Portreeve authors
# SPDX-License-Identifier: GPL-3.0-or-later
# Debian 12 packages by purpose, and how they are installed. Sourced by run.sh and tests/run.sh.

build_packages=(
  ca-certificates git g++ cmake ninja-build ccache mold pkg-config
  qt6-base-dev qt6-base-dev-tools qt6-tools-dev qt6-tools-dev-tools qt6-l10n-tools
  qt6-svg-dev libqt6sql6-sqlite libsqlite3-dev
  qtkeychain-qt6-dev libsecret-1-0 libssl-dev libldap-dev libsasl2-dev
  libyaml-dev libzip-dev libre2-dev libqrencode-dev
  libgrpc++-dev protobuf-compiler-grpc libprotobuf-dev protobuf-compiler
)

# What the window needs besides to show itself.
window_packages=(libqt6svg6 fonts-dejavu-core fontconfig)

test_packages=(
  qt6-httpserver-dev qt6-websockets-dev
  xvfb xauth fonts-dejavu-core fontconfig python3 openssl curl unzip procps iproute2
  dbus dbus-x11 gnome-keyring libsecret-tools
  slapd ldap-utils
  samba-ad-dc samba-ad-provision samba-dsdb-modules samba-vfs-modules winbind
  openjdk-17-jre-headless maven
  desktop-file-utils appstream
)

# Only where there is no Go at all: too old to build a peer, new enough to fetch the one that does.
go_packages=(golang-go)

# Only where an official Pomerium is named: its pages are used in a browser.
browser_packages=(chromium chromium-driver libnss3-tools)

# What packaging/deb.sh needs besides.
package_packages=(dpkg-dev file lintian)

lint_packages=(clang-19 clang-tidy-19 clang-tools-19 clang-format-19)

# missing_packages NAME...: those of them that are not installed
missing_packages() {
  local name
  for name in "$@"; do
    dpkg-query -W -f='${Status}' "$name" 2>/dev/null | grep -q '^install ok installed' || echo "$name"
  done
}

# as_root COMMAND...: directly for root, else through sudo
as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

# install_packages NAME...: nothing when all are there. Services of server packages are not started.
install_packages() {
  local wanted policy=/usr/sbin/policy-rc.d placed=no
  mapfile -t wanted < <(missing_packages "$@")
  [ "${#wanted[@]}" -gt 0 ] || return 0
  echo "Installing ${#wanted[@]} Debian packages: ${wanted[*]}"
  as_root apt-get update -qq
  if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null
    as_root chmod +x "$policy"
    placed=yes
  fi
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${wanted[@]}" >/dev/null
  [ "$placed" = no ] || as_root rm -f "$policy"
}
