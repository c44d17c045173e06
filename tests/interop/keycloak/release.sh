# SPDX-FileCopyrightText: The Portreeve authors
# SPDX-License-Identifier: GPL-3.0-or-later
# Sourced by install.sh and serve.sh: which Keycloak, where it and its seeded
# database are kept, and the Java it runs on.
keycloak_version=26.7.3
keycloak_features=scim-api
peer_cache=${PORTREEVE_PEER_CACHE:-$HOME/.cache/portreeve/peers}
keycloak_home=$peer_cache/keycloak-$keycloak_version-$keycloak_features
keycloak_mark=$keycloak_home/installed

# The seeded database, made again when the realm or the way it is made changes.
keycloak_folder=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
keycloak_archive=$peer_cache/keycloak-data-$( (
  echo "$keycloak_version $keycloak_features"
  cat "$keycloak_folder/realm.py" "$keycloak_folder/serve.sh"
) | sha256sum | cut -c1-16).tar.gz

# Java 17 is what this release is tested with: Debian's own before any newer one on the PATH.
for candidate in /usr/lib/jvm/java-17-openjdk-*; do
  if [ -x "$candidate/bin/java" ]; then
    export JAVA_HOME=$candidate PATH=$candidate/bin:$PATH
    break
  fi
done
