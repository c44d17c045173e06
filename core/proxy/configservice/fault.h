// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/proxy/configservice/configserviceclient.h"

namespace portreeve::configservice {

/// What is known of a call when its answer is judged.
struct AnsweredCall
{
    const HttpRequest& request;
    const HttpResponse& response;
    QString targetName {};
    QByteArray token {}; ///< taken out of whatever is said about the call; empty = sent without one
    std::optional<std::chrono::milliseconds> clockAhead {};
};

/// Judges any answer but a good one by its text first: the service answers a wrong secret with
/// status 500 and code "unknown" (proxy.md 3.2).
Fault faultOf(const AnsweredCall& call);

/// A call without an answer. What the listener's address or TLS is to blame for reads as it does of
/// the databroker, which is served there too.
Fault unanswered(const Error& error, const QUrl& service);

/// An answer with status 200 that cannot be read.
Fault unreadable(const AnsweredCall& call);

} // namespace portreeve::configservice
