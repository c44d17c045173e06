// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/devices/linkrules.h"
#include "core/store/pushrecords.h"

#include <QString>

#include <chrono>
#include <optional>
#include <vector>

namespace portreeve::devices {

/// Somebody to make a link for.
struct LinkUser
{
    QString id {}; ///< as the proxy's sign-in gives it
    QString name {};
    QString email {};
};

/// Links to be made, all alike but for whom they are.
struct LinkOrder
{
    QString targetId {};
    std::vector<LinkUser> users {}; ///< the answer keeps their order
    QString host {}; ///< as typed
    std::vector<QString> routeHosts {}; ///< see routeHosts()
    QString deviceType = QStringLiteral("any");
    QString redirect {}; ///< as typed; empty = the proxy's own page
    bool plainHttpConfirmed = false; ///< the administrator accepts an http redirect
    std::chrono::milliseconds validity = kDefaultValidity;
    QString approvedBy {}; ///< id of the administrator; empty = to be approved after the enrollment
    QString creator {};
};

/// An order that can be carried out.
struct CheckedOrder
{
    std::vector<LinkUser> users {}; ///< each once
    QString host {};
    QString redirect {};
    std::vector<Message> warnings {}; ///< single-label host, short validity, people named twice
};

/// Everything about an order that needs no proxy; for live checks in a form as well.
/// @return InvalidInput naming the field: "user", "host", "redirect" or "valid"
Result<CheckedOrder> checkOrder(const LinkOrder& order);

/// Times of a link made at @p now: whole seconds, the issued time in the past.
struct LinkTimes
{
    UtcTime issuedAt {};
    UtcTime expiresAt {};
};

LinkTimes linkTimes(UtcTime now, std::chrono::milliseconds validity);

/// A link with its text. The URL is confidential and is kept nowhere.
struct IssuedLink
{
    DeviceLink link {}; ///< stored, but for links that Enterprise's console made
    QString email {};
    QString url {};
    std::optional<UtcTime> expiresAt {}; ///< of the link; nothing where the console does not say
    bool knownToProxy = false; ///< false: has not signed in yet, which does not hinder the link
};

struct IssuedLinks
{
    std::vector<IssuedLink> links {}; ///< in the order of the users
    std::vector<Message> warnings {}; ///< those of the order, and a difference of the clocks
    bool areStored = true; ///< and can be shown again; false for those a console made
};

/// Whether an answer is missing, so that nobody knows whether what was asked for was carried out.
bool isUncertain(const Error& error);

} // namespace portreeve::devices
