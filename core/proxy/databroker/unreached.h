// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/base/error.h"

#include <QString>

namespace portreeve {

/// Why a gRPC service was not reached.
enum class Unreached {
    Refused, ///< or anything else without an answer
    UnknownName,
    Closed, ///< what a TLS listener does to a plain HTTP/2 greeting
    NoTls,
    OtherName, ///< the certificate's
    Untrusted,
};

/// Told from the words of the gRPC library, the only place where it says so.
/// @param tls  whether the connection was to be encrypted
Unreached whyUnreached(const QString& text, bool tls);

/// What a failed call means: texts to be marked with the address as %1.
struct Explanation
{
    ErrorCode code = ErrorCode::BadResponse;
    const char* what = "";
    const char* remedy = "";
    const char* field = ""; ///< of the target's options, where one of them is at fault
};

/// What to do where that depends on the service. QT_TRANSLATE_NOOP("Message", ...)
struct ReachRemedies
{
    const char* noTls;
    const char* otherName;
    const char* closed;
    const char* refused;
};

/// Of the proxy's own gRPC listener, which the databroker and the configuration service share.
extern const ReachRemedies kListenerRemedies;

Explanation explain(Unreached why, const ReachRemedies& remedies);

/// Status of an HTTP answer that was no gRPC answer, as the library words it; 0 for others.
int httpStatusIn(const QString& text);

} // namespace portreeve
