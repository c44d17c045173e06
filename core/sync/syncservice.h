// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/sync/syncrunner.h"

#include <QObject>

#include <memory>

namespace portreeve {

/// Runs connections on threads of their own and by schedule. Lives on the thread of its owner (GUI
/// or serve); all signals arrive there. At most two runs at once, one per connection.
class SyncService final : public QObject
{
    Q_OBJECT

public:
    enum class Task { Test, Plan, Sync, Apply };
    Q_ENUM(Task)

    struct Services
    {
        StoreOptions store;
        SecretStore& secrets;
        Clock& clock;
        HttpClientFactory makeHttp;
        ConnectorLookup findConnector = [](QStringView id) { return portreeve::findConnector(id); };
        AccessEvaluation evaluateAccess {}; ///< called on run threads
        std::chrono::milliseconds lookEvery {
            2000
        }; ///< for due connections and for commits of other processes
    };

    explicit SyncService(Services services, QObject* parent = nullptr);
    ~SyncService() override; ///< cancels and joins what runs

    /// Starts polling; recovers runs a dead process left behind. A machine that slept runs what is
    /// due once, not once per missed attempt.
    void start();

    /// No scheduled run starts while paused; what a person asks for still does.
    void setPaused(bool paused);
    bool isPaused() const;

    /// Each answers by its signal. A second request for a busy connection is queued once ("run
    /// again"); its answer stands for all that came in meanwhile.
    void test(const ConnectionDraft& draft);
    void plan(const QString& connectionId);
    void sync(const QString& connectionId);
    void applyPlan(const SyncPlan& plan, const std::optional<Approval>& approval);
    void planRevert(std::int64_t runId);

    void cancel(const QString& connectionId);
    void cancelAll();
    bool isRunning(const QString& connectionId) const;
    int runningCount() const;

signals:
    void runStarted(const QString& connectionId, portreeve::SyncService::Task task);
    void runProgressed(const QString& connectionId, const portreeve::RunProgress& progress);
    void testFinished(
        const QString& connectionId, const portreeve::Result<portreeve::TestReport>& report);
    void planFinished(
        const QString& connectionId, const portreeve::Result<portreeve::SyncPlan>& plan);
    void syncFinished(
        const QString& connectionId, const portreeve::Result<portreeve::SyncOutcome>& outcome);

    /// Something was committed or a connection changed, here or in another process.
    void storeChanged();

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace portreeve
