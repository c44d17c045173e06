#!/usr/bin/env bash
# SPDX-FileCopyrightText: The Portreeve authors
# SPDX-License-Identifier: GPL-3.0-or-later
# Installs what is missing, builds the release and opens the console on the sample directory.
# Without a display it does the same job through portreevectl and prints it.
# Works on a bare Debian 12, as root or with sudo; quick the second time.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. packaging/packages.sh

echo "== Packages"
install_packages "${build_packages[@]}" "${window_packages[@]}"

echo "== Build (release)"
cmake --preset release -DPORTREEVE_TESTS=OFF >/dev/null
cmake --build --preset release --target portreeve portreevectl

data=${PORTREEVE_DATA_DIR:-$PWD/build/sample-data}
if [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
  echo "== Window on the sample directory (data in $data)"
  exec build/release/app/portreeve --data-dir "$data" --sample 5000
fi

echo "== No display: the same through portreevectl (data in $data)"
ctl() {
  echo "\$ portreevectl $*"
  build/release/app/portreevectl --data-dir "$data" "$@"
}
ctl sample --users 5000 --groups 500 --seed 1 --name Sample
ctl plan Sample || [ $? = 2 ] # 2: the plan has changes
ctl sync Sample
ctl status
ctl group show Engineering
ctl why john Everyone
ctl policy list
