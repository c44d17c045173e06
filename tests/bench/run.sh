#!/usr/bin/env bash
# SPDX-FileCopyrightText: The Portreeve authors
# SPDX-License-Identifier: GPL-3.0-or-later
# Prints one JSON line per benchmark: tests/bench/run.sh PROGRAM [SIZE...]. Nothing is asserted.
set -euo pipefail
program=$1
shift
[ $# -gt 0 ] || set -- S M
for size in "$@"; do
  for bench in build resolve expand query search devices diff sync save save-delta open; do
    "$program" "$bench" --size "$size"
  done
done
# At a million people saving and opening take minutes; they are run by hand: PROGRAM save --size L.
"$program" resolve expand diff --size L --reps 1
bash "$(dirname "${BASH_SOURCE[0]}")/push.sh" "$program" L
