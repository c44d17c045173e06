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
    QString path = QStringLiteral("/bundle.zip");

    /// Carries the access token; as "Bearer TOKEN" in Authorization, bare in any other header.
    QString tokenHeader = QStringLiteral("Authorization");
};

/// What a target's options say about its endpoint. An address beyond this computer is the
/// administrator's word for it; the listener then insists on TLS.
/// @return InvalidInput naming bundle_listen
Result<BundleEndpointSettings> bundleEndpointSettings(const TargetOptions& options);

/// Serves the directory bundle to a proxy that polls for it (proxy.md 8): GET and HEAD of one path,
/// with the access token, answered with an ETag or 304. It keeps serving the last bundle it was
/// given. Thread as HttpListener.
class BundleEndpoint final : public QObject
{
    Q_OBJECT

public:
    explicit BundleEndpoint(BundleEndpointSettings settings, QObject* parent = nullptr);

    /// @param token  at least 16 printable characters without spaces; never logged. Only its hash
    /// is kept
    /// @return InvalidInput naming the field, else as HttpListener::start
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
