// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/base/error.h"

namespace portreeve {

/// What an error of HttpClient says about the connection, for callers whose remedies depend on it.
enum class NoAnswer {
    Other, ///< also where there was an answer
    Closed, ///< what a TLS listener does to plain HTTP
    NoTls, ///< the server's first bytes were none of TLS
    OtherName, ///< the certificate's
    Untrusted,
};

NoAnswer noAnswerOf(const Error& error);

// What tells them apart, in the details of errors.
QString tlsErrorDetail(int error); ///< QSslError::SslError
QString networkErrorDetail(int error); ///< QNetworkReply::NetworkError

} // namespace portreeve
