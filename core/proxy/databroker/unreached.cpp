// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/databroker/unreached.h"

#include <algorithm>
#include <initializer_list>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

bool hasAny(const QString& text, std::initializer_list<QLatin1StringView> parts)
{
    return std::any_of(parts.begin(), parts.end(),
        [&text](auto part) { return text.contains(part, Qt::CaseInsensitive); });
}

Unreached brokenTls(const QString& text)
{
    if (hasAny(
            text, { "wrong version number"_L1, "WRONG_VERSION_NUMBER"_L1, "packet length"_L1 })) {
        return Unreached::NoTls;
    }
    return hasAny(text, { "Hostname Verification"_L1, "peer name"_L1, "hostname"_L1 })
        ? Unreached::OtherName
        : Unreached::Untrusted;
}

} // namespace

constinit const ReachRemedies kListenerRemedies {
    .noTls = QT_TRANSLATE_NOOP("Message",
        "Switch TLS off for this target, or set grpc_insecure: false in the proxy's "
        "configuration. Without TLS, records are readable on the way."),
    .otherName = QT_TRANSLATE_NOOP("Message",
        "Enter the name that stands in the certificate, or give the proxy one for this name."),
    .closed = QT_TRANSLATE_NOOP("Message",
        "If the proxy has grpc_insecure: false, switch TLS on for this target; otherwise check "
        "that the proxy is running and that this is its gRPC address."),
    .refused = QT_TRANSLATE_NOOP("Message",
        "Check that the proxy is running and that its gRPC address can be reached from here."),
};

Unreached whyUnreached(const QString& text, bool tls)
{
    if (tls && hasAny(text, { "ssl"_L1, "handshak"_L1, "certificate"_L1, "peer name"_L1 })) {
        return brokenTls(text);
    }
    if (hasAny(text, { "DNS resolution"_L1, "Domain name not found"_L1 })) {
        return Unreached::UnknownName;
    }
    if (!tls
        && hasAny(text,
            { "Endpoint closing"_L1, "closed"_L1, "connection reset"_L1, "Broken pipe"_L1,
                "parse"_L1, "Trying to connect an http1.x server"_L1, "settings frame"_L1 })) {
        return Unreached::Closed;
    }
    return Unreached::Refused;
}

Explanation explain(Unreached why, const ReachRemedies& remedies)
{
    switch (why) {
    case Unreached::NoTls:
        return { .code = ErrorCode::Tls,
            .what = QT_TRANSLATE_NOOP("Message", "%1 does not speak TLS."),
            .remedy = remedies.noTls,
            .field = "tls" };
    case Unreached::OtherName:
        return { .code = ErrorCode::Tls,
            .what = QT_TRANSLATE_NOOP("Message", "The certificate of %1 is for another name."),
            .remedy = remedies.otherName,
            .field = "address" };
    case Unreached::Untrusted:
        return { .code = ErrorCode::Tls,
            .what = QT_TRANSLATE_NOOP("Message", "The certificate of %1 is not trusted here."),
            .remedy = QT_TRANSLATE_NOOP("Message",
                "Choose the file with the certificate authority that signed it, or have it signed "
                "by one this computer trusts."),
            .field = "ca_file" };
    case Unreached::UnknownName:
        return { .code = ErrorCode::Network,
            .what = QT_TRANSLATE_NOOP("Message", "The name of %1 is not known to the network."),
            .remedy = QT_TRANSLATE_NOOP("Message", "Check the address and its spelling.") };
    case Unreached::Closed:
        return { .code = ErrorCode::Network,
            .what = QT_TRANSLATE_NOOP("Message", "%1 closed the connection."),
            .remedy = remedies.closed };
    case Unreached::Refused:
        break;
    }
    return { .code = ErrorCode::Network,
        .what = QT_TRANSLATE_NOOP("Message", "%1 cannot be reached."),
        .remedy = remedies.refused };
}

int httpStatusIn(const QString& text)
{
    const auto marker = "http2 header with status: "_L1;
    const auto at = text.indexOf(marker);
    return at < 0 ? 0 : QStringView(text).mid(at + marker.size()).left(3).toInt();
}

} // namespace portreeve
