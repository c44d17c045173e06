#!/usr/bin/env bash
# SPDX-FileCopyrightText: The Portreeve authors
# SPDX-License-Identifier: GPL-3.0-or-later
# Builds the release and its Debian package, has lintian look at it and prints where it is.
# Works on a bare Debian 12, as root or with sudo; quick the second time.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. packaging/packages.sh

echo "== Packages"
install_packages "${build_packages[@]}" "${package_packages[@]}"

echo "== Build (release)"
cmake --preset release -DPORTREEVE_TESTS=OFF >/dev/null
cmake --build --preset release

echo "== Debian package"
folder=$PWD/build/package
rm -rf "$folder"
cpack --config build/release/CPackConfig.cmake -B "$folder" >/dev/null
# No bug of Debian's asks for this package.
lintian --suppress-tags initial-upload-closes-no-bugs "$folder"/*.deb
echo "Install it with: apt install $(echo "$folder"/*.deb)"
