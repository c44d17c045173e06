// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/base/result.h"
#include "core/base/time.h"
#include "core/store/records.h"

#include <QString>

#include <chrono>
#include <vector>

namespace portreeve::devices {

inline constexpr std::chrono::milliseconds kDefaultValidity = std::chrono::hours(24 * 7);
inline constexpr std::chrono::milliseconds kLongestValidity = std::chrono::hours(24 * 90);

/// Below this a person may well come too late.
inline constexpr std::chrono::milliseconds kHurriedValidity = std::chrono::minutes(15);

/// Taken off the issued time, because the proxy's clock may be behind ours.
inline constexpr std::chrono::milliseconds kIssuedInPast = std::chrono::seconds(30);

/// Beyond this difference to the proxy's clock a warning is due.
inline constexpr std::chrono::milliseconds kToleratedSkew = std::chrono::seconds(30);

/// What the form offers besides a length of one's own: an hour, a day, a week, 30 days.
const std::vector<std::chrono::milliseconds>& validityChoices();

/// @return InvalidInput (field "valid") below a second or above kLongestValidity
Result<void> checkValidity(std::chrono::milliseconds validity);

/// A host of HOST[:PORT] form that links may point to.
struct CheckedHost
{
    QString host {}; ///< as a browser sends it: lower case, ASCII, without ":443"
    std::vector<Message> warnings {}; ///< a host of a single label
};

/// @param routeHosts  those of the target's routes; one may begin with "*."
/// @return InvalidInput (field "host") for an IP address, a host without a route, anything that is
/// no host
Result<CheckedHost> checkHost(const QString& host, const std::vector<QString>& routeHosts);

/// Hosts people reach with a browser, sorted, each once. Routes for tunnels are left out.
std::vector<QString> routeHosts(const std::vector<StoredRoute>& routes);

enum class RedirectVerdict {
    Accepted,
    NoScheme, ///< `url` is the same with "https://" in front, to be offered
    NeedsConfirmation, ///< http: only when the administrator says so
    Refused,
};

struct CheckedRedirect
{
    RedirectVerdict verdict = RedirectVerdict::Accepted;
    QString url {}; ///< to put into the link; empty when refused
    Message reason {}; ///< why it is not simply accepted
};

/// Live check of a redirect as typed; an empty one is the proxy's own page on @p host.
CheckedRedirect checkRedirect(const QString& text, const QString& host);

/// The URL to use. @param plainHttpConfirmed  the administrator accepts an http address
/// @return InvalidInput (field "redirect") naming the fix
Result<QString> acceptedRedirect(const QString& text, const QString& host, bool plainHttpConfirmed);

} // namespace portreeve::devices
