// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/models/changesboard.h"

#include "core/store/storedsettings.h"

#include <QFuture>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portreeve {

bool ConnectionWork::hasHeld() const
{
    return hold.has_value() || (plan && plan->verdict == Verdict::Held);
}

ChangesBoard::ChangesBoard(const AppContext& context, QObject* parent)
    : QObject(parent)
    , m_context(context)
{
    SyncService& sync = m_context.sync;
    connect(
        &sync, &SyncService::runStarted, this, [this](const QString& id, SyncService::Task task) {
            ConnectionWork& work = at(id);
            work.running = task;
            work.progress.reset();
            work.error.reset();
            emit changed(id);
        });
    connect(&sync, &SyncService::runProgressed, this,
        [this](const QString& id, const RunProgress& progress) {
            at(id).progress = progress;
            emit changed(id);
        });
    connect(&sync, &SyncService::planFinished, this, &ChangesBoard::takePlan);
    connect(&sync, &SyncService::syncFinished, this, &ChangesBoard::takeOutcome);
    connect(&sync, &SyncService::testFinished, this, [this](const QString& id) {
        at(id).running.reset();
        emit changed(id);
    });
    connect(&sync, &SyncService::storeChanged, this, &ChangesBoard::reload);
}

ConnectionWork& ChangesBoard::at(const QString& connectionId)
{
    ConnectionWork& work = m_works[connectionId];
    work.connection.id = connectionId;
    return work;
}

const ConnectionWork* ChangesBoard::work(const QString& connectionId) const
{
    const auto found = m_works.constFind(connectionId);
    return found == m_works.constEnd() ? nullptr : &*found;
}

Result<ChangesBoard::Content> ChangesBoard::read(Store& store)
{
    auto connections = store.connections().list();
    if (!connections) {
        return connections.error();
    }
    auto holds = store.directory().holds();
    if (!holds) {
        return holds.error();
    }
    Content content;
    content.connections = std::move(*connections);
    content.holds = std::move(*holds);
    for (const Connection& connection : content.connections) {
        auto ids = store.directory().protectedUsers(connection.id);
        if (!ids) {
            return ids.error();
        }
        content.protectedUsers.emplace(connection.id, std::move(*ids));
    }
    return content;
}

void ChangesBoard::reload()
{
    m_context.store.run([](Store& store) { return read(store); })
        .then(this, [this, request = ++m_request](const Result<Content>& content) {
            if (request != m_request) {
                return;
            }
            if (!content) {
                emit failed(content.error());
                return;
            }
            take(*content);
        });
}

void ChangesBoard::take(const Content& content)
{
    m_order.clear();
    for (const Connection& connection : content.connections) {
        m_order.push_back(connection.id);
        ConnectionWork& work = at(connection.id);
        work.connection = connection;
        work.protectedUsers = content.protectedUsers.value(connection.id);
        const auto hold = std::find_if(content.holds.begin(), content.holds.end(),
            [&](const Hold& open) { return open.connectionId == connection.id; });
        work.hold = hold == content.holds.end() ? std::nullopt : std::optional(*hold);
        work.outdated = work.plan && work.plan->baseGeneration != connection.generation;
    }
    for (auto entry = m_works.begin(); entry != m_works.end();) {
        const bool known = std::find(m_order.begin(), m_order.end(), entry.key()) != m_order.end();
        entry = known ? std::next(entry) : m_works.erase(entry);
    }
    emit reloaded();
    for (const QString& id : m_order) {
        emit changed(id);
    }
}

void ChangesBoard::preview(const QString& connectionId)
{
    at(connectionId).applied.reset();
    m_context.sync.plan(connectionId);
}

void ChangesBoard::cancel(const QString& connectionId)
{
    m_pending.remove(connectionId);
    m_context.sync.cancel(connectionId);
}

void ChangesBoard::apply(const QString& connectionId)
{
    const ConnectionWork& work = at(connectionId);
    if (work.plan && !work.outdated && !work.running) {
        m_context.sync.applyPlan(*work.plan, std::nullopt);
    }
}

void ChangesBoard::approve(const QString& connectionId, const HeldChoice& choice)
{
    const ConnectionWork& work = at(connectionId);
    if (work.running) {
        return;
    }
    const bool fresh = work.plan && !work.outdated && work.plan->verdict == Verdict::Held;
    if (fresh && heldPart(*work.plan).planHash == choice.shownHash) {
        applyApproved(*work.plan, choice);
    } else if (!fresh && work.hold && work.hold->planHash == choice.shownHash) {
        m_pending.insert(connectionId, choice);
        m_context.sync.plan(connectionId);
    } else {
        emit approvalOutdated(connectionId);
    }
}

void ChangesBoard::applyApproved(const SyncPlan& plan, const HeldChoice& choice)
{
    m_context.sync.applyPlan(plan,
        Approval {
            .planHash = plan.planHash, .everything = choice.everything, .keys = choice.keys });
}

void ChangesBoard::reject(const QString& connectionId)
{
    const ConnectionWork& work = at(connectionId);
    const HeldRowsView rows = work.hold ? heldRowsOf(*work.hold, {})
        : work.plan                     ? heldRowsOf(*work.plan, {})
                                        : HeldRowsView {};
    std::vector<QString> keys;
    keys.reserve(rows.lines.size());
    for (const HeldLine& line : rows.lines) {
        keys.push_back(line.key);
    }
    const auto count = static_cast<std::int64_t>(keys.size());
    const bool stored = work.hold.has_value();
    m_context.store
        .run([this, connectionId, hash = rows.planHash, keys, stored](Store& store) {
            if (!stored) {
                return store.directory().pin(connectionId, keys, currentActor(store));
            }
            SyncRunner runner({ .store = store,
                .secrets = m_context.secrets,
                .clock = m_context.clock,
                .makeHttp = {} });
            return runner.rejectHold(connectionId, hash, currentActor(store));
        })
        .then(this, [this, connectionId, count](const Result<void>& done) {
            if (!done) {
                emit failed(done.error());
                return;
            }
            at(connectionId).plan.reset();
            emit rejected(connectionId, count);
            reload();
        });
}

void ChangesBoard::takePlan(const QString& connectionId, const Result<SyncPlan>& plan)
{
    ConnectionWork& work = at(connectionId);
    work.running.reset();
    work.progress.reset();
    const auto pending = m_pending.constFind(connectionId) == m_pending.constEnd()
        ? std::optional<HeldChoice>()
        : std::optional(m_pending.take(connectionId));
    if (!plan) {
        work.error = plan.error();
        emit changed(connectionId);
        return;
    }
    work.error.reset();
    work.plan = std::make_shared<const SyncPlan>(*plan);
    work.outdated = false;
    emit changed(connectionId);
    if (pending && heldPart(*plan).planHash == pending->shownHash) {
        applyApproved(*plan, *pending);
    } else if (pending) {
        emit approvalOutdated(connectionId);
    }
}

void ChangesBoard::takeOutcome(const QString& connectionId, const Result<SyncOutcome>& outcome)
{
    ConnectionWork& work = at(connectionId);
    work.running.reset();
    work.progress.reset();
    if (outcome) {
        work.error.reset();
        work.applied = outcome->run;
        work.plan.reset();
    } else {
        work.error = outcome.error();
        work.outdated = work.outdated || outcome.error().code == ErrorCode::Stale;
    }
    emit changed(connectionId);
    reload();
}

} // namespace portreeve
