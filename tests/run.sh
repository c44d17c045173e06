#!/usr/bin/env bash
# SPDX-FileCopyrightText: The Portreeve authors
# SPDX-License-Identifier: GPL-3.0-or-later
# Installs what the tests need, builds, and runs everything: format, lint, the whole suite under the
# address and undefined behaviour sanitizers with real servers beside it, and the benchmarks of a
# release build, in which memory is judged. Works on a bare Debian 12, as root or with sudo; installs and rebuilds nothing twice.
#
#   PORTREEVE_PEER_CACHE     where servers that are no Debian packages are kept (~/.cache/portreeve/peers)
#   PORTREEVE_REQUIRE_PEERS  1: a server that cannot run fails its tests instead of skipping them
#   PORTREEVE_TEST_POMERIUM  an official Pomerium binary: the tests that want the whole proxy run, one in Chromium
#   PORTREEVE_TIDY           changed (default): files of the last commit; so many seconds of all; all; none
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. packaging/packages.sh

started=$SECONDS
step() { printf '\n== [%3d s] %s\n' $((SECONDS - started)) "$*"; }
# build PRESET [OPTION...]: only its last line is worth reading, unless it fails
build() {
  local said
  said=$(cmake --build --preset "$@" 2>&1) || { printf '%s\n' "$said" | tail -n 60; exit 1; }
  printf '%s\n' "$said" | tail -n 1
}

step "Packages"
install_packages "${build_packages[@]}" "${window_packages[@]}" "${test_packages[@]}" "${lint_packages[@]}"
[ -z "${PORTREEVE_TEST_POMERIUM:-}" ] || install_packages "${browser_packages[@]}"

step "Servers that are no Debian packages"
export PORTREEVE_PEER_CACHE=${PORTREEVE_PEER_CACHE:-$HOME/.cache/portreeve/peers}
mkdir -p "$PORTREEVE_PEER_CACHE"
missing_peers=()
declare -A installing=() # at once: one waits for the network while another builds
for install in tests/interop/*/install.sh; do
  [ -e "$install" ] || continue
  bash "$install" &
  installing[$(basename "$(dirname "$install")")]=$!
done
for peer in "${!installing[@]}"; do
  wait "${installing[$peer]}" || missing_peers+=("$peer: could not be installed, its tests cannot run")
done

step "Format"
git ls-files -z '*.cpp' '*.h' | xargs -0 -P 2 -n 200 clang-format-19 --dry-run -Werror

export CCACHE_BASEDIR=$PWD CCACHE_NOHASHDIR=1 CCACHE_SLOPPINESS=pch_defines,time_macros
export CCACHE_DIR=${CCACHE_DIR:-$HOME/.cache/ccache}
# What a desktop session sets must not reach the tests.
unset DISPLAY WAYLAND_DISPLAY QT_QPA_PLATFORMTHEME QT_SCALE_FACTOR QT_FONT_DPI DBUS_SESSION_BUS_ADDRESS
runtime=$(mktemp -d)
trap 'rm -rf "$runtime"' EXIT
chmod 700 "$runtime"
export XDG_RUNTIME_DIR=$runtime LC_ALL=C.UTF-8 TZ=UTC

step "Release build and benchmarks"
cmake --preset release -DPORTREEVE_TESTS=ON -DPORTREEVE_WERROR=ON >/dev/null
build release --target portreeve-bench portreeve-bench-ui portreeve_tests_contract
bash tests/bench/run.sh build/release/tests/portreeve-bench
build/release/tests/portreeve-bench sync --size 100K --reps 1
build/release/tests/portreeve-bench-ui keystroke --size M

# Sanitizers would count their own memory, so what a connector may take is judged here. This and a
# finding of the linter end the run as a failed test does, yet hide no test's answer.
step "Memory of connectors"
is_lean=1
build/release/tests/portreeve_tests_contract connectormemory || is_lean=0

step "Lint"
is_linted=1
bash tests/tidy.sh "${PORTREEVE_TIDY:-changed}" || is_linted=0

step "Build with sanitizers"
cmake --preset dev-asan >/dev/null
build dev-asan

step "Tests"
log=$runtime/ctest.log
status=0
ctest --preset dev-asan 2>&1 | tee "$log" || status=$?
skips=$(grep -h '^SKIP   :' build/dev-asan/Testing/Temporary/LastTest.log | sort -u || true)

step "Summary"
if [ ${#missing_peers[@]} -gt 0 ]; then
  printf 'No server: %s\n' "${missing_peers[@]}"
fi
[ $is_linted = 1 ] || printf 'Lint: it has findings, see above\n'
[ $is_lean = 1 ] || printf 'Memory of connectors: a test failed, see above\n'
[ -z "$skips" ] || printf 'Skipped inside the tests:\n%s\n' "$skips"
sed -n '/tests passed/,$p' "$log"
[ $is_linted = 1 ] && [ $is_lean = 1 ] || status=1
[ ${#missing_peers[@]} -eq 0 ] || [ "${PORTREEVE_REQUIRE_PEERS:-0}" != 1 ] || status=1
exit "$status"
