// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/connectors/ldap/session.h"

namespace portreeve::ldap {

/// What a server says about itself.
struct RootDse
{
    std::vector<QByteArray> namingContexts {};
    QByteArray defaultNamingContext {}; ///< Active Directory's domain
    bool paging = true;
};

/// One step of opening a connection, told as it ends.
using StepSink = std::function<void(const char* step, const Server& server)>;

struct Opened
{
    std::unique_ptr<Session> session {};
    RootDse root {};
};

/// Goes through the servers in order until one can be used: reached, encrypted, signed in to. A
/// refused sign-in ends the search, because every further try may lock the account.
/// @param onStep  hears "reach", "tls", "sign_in" of the server in use
Result<Opened> open(const Settings& settings, const RunContext& run, const StepSink& onStep);

/// The bases to read: the settings' own, else the domain's. @return NotFound when there is neither
Result<void> completeBases(Settings& settings, const RootDse& root, const Server& server);

} // namespace portreeve::ldap
