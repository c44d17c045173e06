// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/export/bundle.h"
#include "core/proxy/targetoptions.h"
#include "core/settings/secretstore.h"
#include "core/store/storeworker.h"

#include <QObject>
#include <QTimer>

#include <chrono>
#include <map>
#include <memory>
#include <optional>

namespace portreeve {

class BundleEndpoint;

/// One HTTPS listener for each target whose directory travels by bundle endpoint, as long as it is
/// there and enabled. One that cannot open is tried again and again, and the target's state says
/// why. Lives on its owner's thread.
class BundleServers final : public QObject
{
    Q_OBJECT

public:
    struct Services
    {
        StoreWorker& store;
        SecretStore& secrets;
        std::chrono::milliseconds retryEvery { 5'000 }; ///< of those that could not open
    };

    explicit BundleServers(Services services, QObject* parent = nullptr);
    ~BundleServers() override;

    /// Opens, closes and reopens listeners by what the store says now.
    void refresh();

    /// What the target's listener serves from now on.
    void publish(const QString& targetId, const BundleFile& bundle);

signals:
    void started(const QString& targetId, quint16 port);
    void failed(const QString& targetId, const portreeve::Error& error); ///< once per reason
    void stateStored(const QString& targetId); ///< the target says by now what became of it

private:
    struct Wanted
    {
        QString targetId {};
        TargetOptions options {};
        QByteArray token {};
        std::optional<Error> fault {}; ///< its token cannot be read

        /// As far as the listener goes. One that is open outlives a locked secret store.
        bool isSame(const Wanted& other) const
        {
            return targetId == other.targetId && (fault || (!other.fault && token == other.token))
                && options.bundleListen == other.options.bundleListen
                && options.bundleCertificate == other.options.bundleCertificate
                && options.bundleKey == other.options.bundleKey
                && options.bundleClientCa == other.options.bundleClientCa
                && options.bundleTokenHeader == other.options.bundleTokenHeader;
        }
    };

    struct Server
    {
        Wanted wanted {};
        std::unique_ptr<BundleEndpoint> endpoint {}; ///< null = it could not open
        QString reason {}; ///< why not, as last told
    };

    static Result<std::vector<Wanted>> wantedNow(Store& store, SecretStore& secrets);
    void take(const std::vector<Wanted>& wanted);
    void open(const Wanted& wanted);
    void fail(const Wanted& wanted, const Error& error);
    void openAgain();
    void store(const QString& targetId, const std::optional<BundleListener>& listener);

    Services m_services;
    QTimer m_retry;
    bool m_isLooking = false; ///< a secret store may take minutes, so reads must not pile up
    bool m_looksAgain = false;
    std::map<QString, Server> m_servers; // by target
    std::map<QString, BundleFile> m_bundles; // last one of each target, for listeners that reopen
};

} // namespace portreeve
