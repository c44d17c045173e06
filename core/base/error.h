// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/base/message.h"

#include <QString>

#include <chrono>
#include <memory>
#include <optional>

class QJsonObject;

namespace portreeve {

/// Names the kind of remedy, not the place of the failure.
enum class ErrorCode {
    Cancelled,
    Network, ///< name lookup, refused connection, proxy
    Tls, ///< certificate not trusted, handshake failed
    Timeout,
    Auth, ///< credential wrong or expired
    Permission, ///< signed in, but not allowed
    NotFound, ///< tenant, realm, base DN, object or file unknown
    RateLimited,
    ClockSkew,
    BadResponse, ///< the other side answered in a form we do not understand
    InvalidInput, ///< the administrator's own input; names the field or the line
    LimitExceeded, ///< a size, count or time limit of ours
    Held, ///< a guard holds the change
    Stale, ///< state moved since a plan was made
    Storage, ///< database or file
    SecretStore,
    Internal,
};

/// snake_case name as in the command line's JSON ("bad_response").
QString errorCodeName(ErrorCode code);
std::optional<ErrorCode> errorCodeFromName(QStringView name);

struct Error
{
    ErrorCode code = ErrorCode::Internal;
    Message what {}; ///< what failed, on which connection or object: one sentence
    Message remedy {}; ///< what the administrator can do next; may be empty
    QString detail {}; ///< redacted technical text: status, request id, URL without query
    std::shared_ptr<const Error> cause {};
    QString field {}; ///< key of the wrong field for InvalidInput, else empty

    /// RateLimited: how long the provider wants to be left alone; zero when it did not say.
    std::chrono::milliseconds retryAfter { 0 };

    /// This error as the cause of a new one with the same code.
    Error wrappedIn(Message outer) const;

    /// `what`, remedy, detail and causes on lines of their own, English.
    QString toText() const;

    /// {"code","what","remedy","detail"} as the command line prints it; `field` and `cause` where
    /// present.
    QJsonObject toJson() const;
};

/// Whether trying again later, with nothing changed by a person, can help.
bool isTransient(ErrorCode code);

} // namespace portreeve
