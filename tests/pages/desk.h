// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/proxy/delivery/deliveryservice.h"
#include "core/settings/memorysecretstore.h"
#include "tests/support/configservicedouble.h"
#include "tests/support/databrokerdouble.h"
#include "tests/support/fakeclock.h"
#include "tests/support/scripteddirectory.h"
#include "ui/models/appcontext.h"
#include "ui/models/connectionwatch.h"
#include "ui/models/secretwatch.h"
#include "ui/models/settingswatch.h"
#include "ui/models/targetboard.h"

#include <QTemporaryDir>
#include <QThreadPool>

namespace portreeve::test {

/// Everything a page needs, real but for the provider, the clock and the keychain: a fresh
/// database in a temporary folder and one provider under the test's control.
class Desk
{
public:
    Desk();

    AppContext context();

    ScriptedDirectory& provider() { return m_provider; }

    /// Answers whatever a delivery asks over HTTP, with the shared secret of DatabrokerDouble.
    ConfigServiceDouble& configService() { return m_configService; }

    SyncService& sync() { return *m_sync; }

    /// Runs @p work on the store's thread and waits for its answer.
    template <typename Work> auto inStore(Work work)
    {
        auto future = m_store->run(std::move(work));
        future.waitForFinished();
        return future.result();
    }

    /// A stored connection to the provider. @return its id
    QString addConnection(const QString& name);

    /// A stored target with its secret. @return its id
    QString addTarget(const QString& name, const QHash<QString, QString>& options,
        const QString& secret, const QString& field = QStringLiteral("shared_secret"));

    /// Delivers to it now. @return whether it worked
    bool push(const QString& targetId);

    QString databasePath() const { return m_folder.filePath(QStringLiteral("portreeve.db")); }

    UtcTime now() const { return m_clock.nowUtc(); }

    /// How far the desk's clock is ahead of the system's, for doubles that live by the latter.
    std::chrono::milliseconds clockAhead() const;

    /// Plan and apply in one go, guards in force. @return whether it worked
    bool sync(const QString& connectionId);

private:
    QTemporaryDir m_folder;
    FakeClock m_clock;
    MemorySecretStore m_secrets;
    ConfigServiceDouble m_configService { DatabrokerDouble::secret(), m_clock };
    ScriptedDirectory m_provider;
    QThreadPool m_workers;
    std::unique_ptr<StoreWorker> m_store;
    std::unique_ptr<StoreWorker> m_proxyStore;
    std::unique_ptr<SyncService> m_sync;
    std::unique_ptr<DeliveryService> m_deliveries;
    std::unique_ptr<ConnectionWatch> m_connections;
    std::unique_ptr<SecretWatch> m_secretWatch;
    std::unique_ptr<SettingsWatch> m_settings;
    std::unique_ptr<TargetBoard> m_targets;
};

} // namespace portreeve::test
