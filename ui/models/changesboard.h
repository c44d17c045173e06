// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/sync/syncservice.h"
#include "ui/models/appcontext.h"
#include "ui/models/heldmodel.h"

#include <QHash>
#include <QObject>

#include <optional>

namespace portreeve {

/// What the changes page knows about one connection.
struct ConnectionWork
{
    Connection connection {};
    SyncPlanPtr plan {}; ///< the last preview; null before one
    std::optional<Hold> hold {}; ///< as stored
    std::vector<QString> protectedUsers {}; ///< sorted; read when something is held
    bool outdated = false; ///< the state moved since `plan` was made
    std::optional<SyncService::Task> running {};
    std::optional<RunProgress> progress {};
    std::optional<Error> error {}; ///< of the last task
    std::optional<RunRecord> applied {}; ///< the run the last apply made

    bool hasHeld() const;
};

/// Which held rows a person lets through.
struct HeldChoice
{
    QString shownHash {}; ///< HeldRowsView::planHash of the rows that were looked at
    bool everything = false;
    std::vector<QString> keys {};
};

/// Previews, holds and what is done with them, per connection. Lives on the GUI thread; every
/// answer arrives as changed().
class ChangesBoard final : public QObject
{
    Q_OBJECT

public:
    explicit ChangesBoard(const AppContext& context, QObject* parent = nullptr);

    /// Reads connections and holds anew.
    void reload();

    const std::vector<QString>& order() const { return m_order; } ///< connection ids by name

    /// nullptr for an unknown connection.
    const ConnectionWork* work(const QString& connectionId) const;

    void preview(const QString& connectionId);
    void cancel(const QString& connectionId);

    /// Exactly the plan that was shown; the rows it holds keep waiting.
    void apply(const QString& connectionId);

    /// Lets held rows through. Bound to what was shown: with a stored hold and no fresh preview
    /// the source is read again first, and nothing happens when it says something else by then.
    void approve(const QString& connectionId, const HeldChoice& choice);

    /// Pins every held removal until its object is seen again.
    void reject(const QString& connectionId);

signals:
    /// The list of connections changed.
    void reloaded();
    void changed(const QString& connectionId);
    void failed(const portreeve::Error& error);
    /// An approval could not be used: what waits is not what was shown.
    void approvalOutdated(const QString& connectionId);
    void rejected(const QString& connectionId, std::int64_t rows);

private:
    struct Content
    {
        std::vector<Connection> connections;
        std::vector<Hold> holds;
        QHash<QString, std::vector<QString>> protectedUsers;
    };

    static Result<Content> read(Store& store);
    void take(const Content& content);
    void takePlan(const QString& connectionId, const Result<SyncPlan>& plan);
    void takeOutcome(const QString& connectionId, const Result<SyncOutcome>& outcome);
    void applyApproved(const SyncPlan& plan, const HeldChoice& choice);
    ConnectionWork& at(const QString& connectionId);

    AppContext m_context;
    std::vector<QString> m_order;
    QHash<QString, ConnectionWork> m_works;
    QHash<QString, HeldChoice> m_pending; // approvals that wait for a new preview
    int m_request = 0;
};

} // namespace portreeve
