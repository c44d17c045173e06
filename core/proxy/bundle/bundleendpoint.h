// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/export/bundle.h"
#include "core/net/httplistener.h"
#include "core/proxy/targetoptions.h"

namespace portreeve {

struct BundleEndpointSettings
{
    ListenerSettings listener {};

    /// Carries the access token; as "Bearer TOKEN" in Authorization, bare in any other header.
    QString tokenHeader = QStringLiteral("Authorization");
};

/// What a target's options say about its endpoint. An address beyond this computer is the
/// administrator's word for it; the listener then insists on TLS.
/// @return InvalidInput naming bundle_listen
Result<BundleEndpointSettings> bundleEndpointSettings(const TargetOptions& options);

/// What start() would refuse, each by itself; errors name fields of a target. The port is opened
/// for a moment.
Result<void> checkBundleToken(const QByteArray& token);
Result<void> checkBundleCertificate(const BundleEndpointSettings& settings);
Result<void> checkBundlePort(const BundleEndpointSettings& settings);

/// Serves the directory bundle to a proxy that polls for it (proxy.md 8, connectors.md 1.2): GET
/// and HEAD of /bundle.zip and /, with the access token, answered with ETag and Last-Modified or
/// 304. It keeps serving the last bundle it was given. Thread as HttpListener.
class BundleEndpoint final : public QObject
{
    Q_OBJECT

public:
    explicit BundleEndpoint(BundleEndpointSettings settings, QObject* parent = nullptr);

    /// @param token  at least 16 printable characters without spaces; never logged. Only its hash
    /// is kept
    /// @return InvalidInput naming the target's field, else as HttpListener::start
    Result<void> start(const QByteArray& token);
    void stop();

    quint16 port() const;

    /// Served from now on; requests before the first one are answered with 503.
    void setBundle(BundleFile bundle);

private:
    ServerResponse answer(const ServerRequest& request) const;
    bool hasToken(const ServerRequest& request) const;

    BundleEndpointSettings m_settings;
    QByteArray m_tokenHash;
    BundleFile m_bundle;
    HttpListener m_listener;
};

} // namespace portreeve
