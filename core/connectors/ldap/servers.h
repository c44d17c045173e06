// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/connectors/ldap/settings.h"

#include <optional>

namespace portreeve::ldap {

struct Server
{
    QString host {};
    quint16 port = 0;
    bool tlsFromStart = false;

    QString url() const;

    /// Global catalogue: partial attributes, not all memberships.
    bool isGlobalCatalogue() const { return port == 3268 || port == 3269; }
};

/// "ldaps://host[:port]" or "ldap://host[:port]"; nothing for any other text.
std::optional<Server> parseServer(const QString& text);

/// Whether @p text can be the name of a domain, to be looked up.
bool isDomainName(const QString& text);

/// The servers to try, in order; domains are replaced by their controllers. Blocks for the look-up.
/// @return InvalidInput, Network or NotFound when a domain cannot be looked up and nothing is left
Result<std::vector<Server>> resolveServers(const Settings& settings, const RunContext& run);

} // namespace portreeve::ldap
