// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/connectors/ldap/servers.h"

namespace portreeve::ldap {

/// A connected, blocking TCP socket whose reads and writes give up after a second without data, so
/// that no call of libldap can hang in the middle of a message. The caller closes it.
Result<int> openSocket(const Server& server, const RunContext& run);

} // namespace portreeve::ldap
