#!/usr/bin/env bash
# SPDX-FileCopyrightText: The Portreeve authors
# SPDX-License-Identifier: GPL-3.0-or-later
# clang-tidy over the sources: tests/tidy.sh changed|all|none|SECONDS. "changed" are those of the last
# commit; "all" looks at everything that changed since it was last clean, a number at as much of it as
# may be begun in that time.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
some=()
case ${1:-all} in
none) exit 0 ;;
all) ;;
changed)
  mapfile -t some < <(git diff --name-only --diff-filter=d HEAD~1 HEAD -- 'app/*.cpp' 'core/*.cpp' 'ui/*.cpp')
  [ ${#some[@]} -gt 0 ] || { echo "nothing to look at"; exit 0; }
  ;;
*[!0-9]*) echo "usage: $0 changed|all|none|SECONDS" >&2; exit 2 ;;
*) some=(--seconds "$1") ;;
esac

cmake --preset dev-tidy >/dev/null
# moc's and protoc's output is included by the batches; nothing else needs to be built.
cmake --build --preset dev-tidy --target portreeve_autogen portreeve_core_autogen portreeve_ui_parts_autogen \
  portreeve_ui_autogen portreevectl_autogen portreeve_proto_sources | tail -n 1
exec python3 tests/tidy.py build/dev-tidy "${some[@]}"
