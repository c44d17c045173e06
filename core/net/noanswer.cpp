// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/net/noanswer.h"

#include <QNetworkReply>
#include <QSslError>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

/// A date that is wrong has a remedy of its own, which no setting is part of.
NoAnswer byCheck(const QString& detail)
{
    for (const auto date : { QSslError::CertificateExpired, QSslError::CertificateNotYetValid }) {
        if (detail == tlsErrorDetail(date)) {
            return NoAnswer::Other;
        }
    }
    return detail == tlsErrorDetail(QSslError::HostNameMismatch) ? NoAnswer::OtherName
                                                                 : NoAnswer::Untrusted;
}

} // namespace

NoAnswer noAnswerOf(const Error& error)
{
    const QString& detail = error.detail;
    if (error.code == ErrorCode::Network) {
        return detail.endsWith(networkErrorDetail(QNetworkReply::RemoteHostClosedError))
            ? NoAnswer::Closed
            : NoAnswer::Other;
    }
    if (error.code != ErrorCode::Tls) {
        return NoAnswer::Other;
    }
    if (detail.startsWith(u"TLS error ")) {
        return byCheck(detail);
    }
    // the words of OpenSSL, the only place where it says so
    return detail.contains("wrong version number"_L1) || detail.contains("packet length"_L1)
        ? NoAnswer::NoTls
        : NoAnswer::Other;
}

QString tlsErrorDetail(int error)
{
    return u"TLS error "_s + QString::number(error);
}

QString networkErrorDetail(int error)
{
    return u": network error "_s + QString::number(error);
}

} // namespace portreeve
