// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/proxy/databroker/joincheck.h"
#include "core/proxy/delivery/delivery.h"
#include "core/proxy/delivery/driftreport.h"

#include <QObject>

#include <memory>

namespace portreeve {

/// Delivers to targets on threads of their own: when asked, after each commit of this or another
/// process, after failures with growing pauses, and at once when a proxy has lost what it was
/// given. Lives on the thread of its owner (window or serve); all signals arrive there. At most two
/// deliveries at once, one per target.
class DeliveryService final : public QObject
{
    Q_OBJECT

public:
    enum class Task { Test, Plan, Push, Block, Join, Routes, Attach };
    Q_ENUM(Task)

    struct Services
    {
        StoreOptions store;
        SecretStore& secrets;
        Clock& clock;
        HttpClientFactory makeHttp;
        BundlePublisher publishBundle {}; ///< called on the owner's thread
        std::chrono::milliseconds lookEvery { 2000 }; ///< for commits of other processes
        /// Pauses after failures: doubled from the first to the second.
        std::chrono::milliseconds firstRetry { 1000 };
        std::chrono::milliseconds longestRetry { 60'000 };
        /// After what seems to need a person but may have been a short fault: TLS, clock, secret.
        std::chrono::milliseconds retryOfHopeless { 600'000 };
        /// At proxies that cannot be watched, as no records of theirs tell what changes.
        std::chrono::milliseconds compareEvery { 300'000 };
    };

    explicit DeliveryService(Services services, QObject* parent = nullptr);
    ~DeliveryService() override; ///< cancels and joins what runs

    /// From here on automatic targets are kept in step. Before, only what is asked for runs.
    void start();

    /// Nothing is delivered by itself while paused; what a person asks for still is.
    void setPaused(bool paused);
    bool isPaused() const;

    /// Looks at once whether there is something to deliver, for those who know of a commit.
    void look();

    /// Each answers by its signal; requests for a busy target wait.
    void test(const TargetDraft& draft);
    void plan(const QString& targetId, const DeliveryChoices& choices = {});
    void push(const PushRequest& request);
    void setBlocked(const BlockRequest& request);
    void checkJoin(const QString& targetId);
    void listRoutes(const QString& targetId); ///< of others, to attach policies to
    void setAttached(const AttachRequest& request);

    void cancel(const QString& targetId);
    void cancelAll();
    bool isRunning(const QString& targetId) const;
    int runningCount() const;

signals:
    void taskStarted(const QString& targetId, portreeve::DeliveryService::Task task);
    void pushStarted(const QString& targetId);
    void pushProgressed(const QString& targetId, const portreeve::DeliveryProgress& progress);
    void pushFinished(
        const QString& targetId, const portreeve::Result<portreeve::DeliveryOutcome>& outcome);
    void planFinished(
        const QString& targetId, const portreeve::Result<portreeve::DeliveryPlan>& plan);
    void testFinished(
        const QString& targetId, const portreeve::Result<portreeve::TargetReport>& report);
    void blockFinished(
        const QString& targetId, const portreeve::Result<portreeve::BlockReport>& report);
    void joinFinished(
        const QString& targetId, const portreeve::Result<portreeve::JoinReport>& report);
    void routesListed(const QString& targetId,
        const portreeve::Result<std::vector<portreeve::ForeignRoute>>& routes);
    void attachFinished(
        const QString& targetId, const portreeve::Result<portreeve::AttachedPolicy>& attachment);
    void driftSeen(const QString& targetId, const portreeve::DriftReport& drift);

    /// A target's settings or state changed, here or in another process; empty = look at all.
    void targetChanged(const QString& targetId);

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace portreeve
