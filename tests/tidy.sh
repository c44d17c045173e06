#!/usr/bin/env bash
# SPDX-FileCopyrightText: The Portreeve authors
# SPDX-License-Identifier: GPL-3.0-or-later
# clang-tidy over the sources: tests/tidy.sh changed|all|none. A file whose text, headers of the
# project and checks are those of an earlier clean run is not looked at again.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
scope=${1:-changed}
[ "$scope" != none ] || exit 0

case $scope in
all) mapfile -t files < <(git ls-files 'app/*.cpp' 'core/*.cpp' 'ui/*.cpp') ;;
changed)
  mapfile -t files < <(git diff --name-only --diff-filter=d HEAD~1 HEAD -- 'app/*.cpp' 'core/*.cpp' 'ui/*.cpp')
  ;;
*) echo "usage: $0 changed|all|none" >&2; exit 2 ;;
esac
[ ${#files[@]} -gt 0 ] || { echo "nothing to look at"; exit 0; }

clean=${XDG_CACHE_HOME:-$HOME/.cache}/portreeve/tidy
mkdir -p "$clean"
headers=$(git ls-files -s '*.h' .clang-tidy | sha256sum | cut -c1-16)
wanted=()
for file in "${files[@]}"; do
  [ -e "$clean/$headers-$(sha256sum "$file" | cut -c1-32)" ] || wanted+=("$file")
done
echo "clang-tidy: ${#wanted[@]} of ${#files[@]} files"
[ ${#wanted[@]} -gt 0 ] || exit 0

cmake --preset dev-tidy >/dev/null
# moc's output is included by some sources; nothing else needs to be built.
cmake --build --preset dev-tidy --target portreeve_autogen portreeve_core_autogen portreeve_ui_autogen | tail -n 1

printf '%s\n' "${wanted[@]}" | xargs -P "$(nproc)" -n 4 clang-tidy-19 -quiet -p build/dev-tidy 2>/dev/null
for file in "${wanted[@]}"; do
  touch "$clean/$headers-$(sha256sum "$file" | cut -c1-32)"
done
