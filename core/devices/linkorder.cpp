// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/devices/linkorder.h"

#include <QSet>

#include <utility>

using namespace Qt::StringLiterals;

namespace portreeve::devices {

Result<CheckedOrder> checkOrder(const LinkOrder& order)
{
    CheckedOrder checked;
    QSet<QString> seen;
    for (const auto& user : order.users) {
        if (user.id.isEmpty() || seen.contains(user.id)) {
            continue;
        }
        seen.insert(user.id);
        checked.users.push_back(user);
    }
    if (checked.users.empty()) {
        return Error { .code = ErrorCode::InvalidInput,
            .what = message(QT_TRANSLATE_NOOP("Message", "Nobody is named to make a link for.")),
            .remedy = message(QT_TRANSLATE_NOOP("Message", "Choose at least one person.")),
            .detail = {},
            .cause = {},
            .field = u"user"_s };
    }
    auto host = checkHost(order.host, order.routeHosts);
    if (!host) {
        return host.error();
    }
    const auto redirect = acceptedRedirect(order.redirect, host->host, order.plainHttpConfirmed);
    if (!redirect) {
        return redirect.error();
    }
    if (const auto valid = checkValidity(order.validity); !valid) {
        return valid.error();
    }
    checked.host = host->host;
    checked.redirect = *redirect;
    checked.warnings = std::move(host->warnings);
    if (order.validity < kHurriedValidity) {
        checked.warnings.push_back(message(QT_TRANSLATE_NOOP("Message",
                                               "The link is valid for %1 only; people who have to "
                                               "sign in first may come too late."),
            formatDuration(order.validity)));
    }
    if (checked.users.size() < order.users.size()) {
        checked.warnings.push_back(message(QT_TRANSLATE_NOOP(
            "Message", "People who were named more than once get one link each.")));
    }
    return checked;
}

bool isUncertain(const Error& error)
{
    return error.code == ErrorCode::Network || error.code == ErrorCode::Timeout
        || error.code == ErrorCode::Cancelled || error.code == ErrorCode::Tls;
}

LinkTimes linkTimes(UtcTime now, std::chrono::milliseconds validity)
{
    const auto second = std::chrono::floor<std::chrono::seconds>(now);
    return { .issuedAt = second - kIssuedInPast,
        .expiresAt = second + std::chrono::floor<std::chrono::seconds>(validity) };
}

} // namespace portreeve::devices
