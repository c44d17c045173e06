// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/export/bundle.h"
#include "core/proxy/targetoptions.h"
#include "core/settings/secretstore.h"
#include "core/store/storeworker.h"

#include <QObject>

#include <map>
#include <memory>

namespace portreeve {

class BundleEndpoint;

/// One HTTPS listener for each target whose directory travels by bundle endpoint, as long as it is
/// there and enabled. Lives on its owner's thread.
class BundleServers final : public QObject
{
    Q_OBJECT

public:
    BundleServers(StoreWorker& store, SecretStore& secrets, QObject* parent = nullptr);
    ~BundleServers() override;

    /// Opens, closes and reopens listeners by what the store says now.
    void refresh();

    /// What the target's listener serves from now on.
    void publish(const QString& targetId, const BundleFile& bundle);

signals:
    void started(const QString& targetId, quint16 port);
    void failed(const QString& targetId, const portreeve::Error& error);

private:
    struct Wanted
    {
        QString targetId {};
        TargetOptions options {};
        QByteArray token {};

        /// As far as the listener goes.
        bool isSame(const Wanted& other) const
        {
            return targetId == other.targetId && token == other.token
                && options.bundleListen == other.options.bundleListen
                && options.bundleCertificate == other.options.bundleCertificate
                && options.bundleKey == other.options.bundleKey
                && options.bundleClientCa == other.options.bundleClientCa;
        }
    };

    struct Server
    {
        Wanted wanted {};
        std::unique_ptr<BundleEndpoint> endpoint {};
    };

    static Result<std::vector<Wanted>> wantedNow(Store& store, SecretStore& secrets);
    void take(const std::vector<Wanted>& wanted);
    void open(const Wanted& wanted);
    void fail(const Wanted& wanted, const Error& error);

    StoreWorker& m_store;
    SecretStore& m_secrets;
    std::map<QString, Server> m_servers; // by target
    std::map<QString, BundleFile> m_bundles; // last one of each target, for listeners that reopen
};

} // namespace portreeve
