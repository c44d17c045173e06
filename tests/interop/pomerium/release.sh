# SPDX-FileCopyrightText: The Portreeve authors
# SPDX-License-Identifier: GPL-3.0-or-later
# Sourced by install.sh and serve.sh: which release of the proxy, the Go it is built with, and where
# the program built from the folder "peer" is kept: a new one whenever its sources change.
pomerium_version=0.32.9
go_version=1.26.3
peer_cache=${PORTREEVE_PEER_CACHE:-$HOME/.cache/portreeve/peers}
pomerium_folder=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
pomerium_program=$peer_cache/pomerium-$pomerium_version-$(
  cd "$pomerium_folder/peer"
  find . -type f -print0 | sort -z | xargs -0 sha256sum | sha256sum | cut -c1-16
)
