// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/delivery/recordsdelivery.h"

#include "core/proxy/databroker/databrokerclient.h"
#include "core/proxy/databroker/directorypush.h"
#include "core/proxy/databroker/pushbatches.h"
#include "core/proxy/delivery/blocklift.h"
#include "core/proxy/delivery/deletedlately.h"
#include "core/proxy/delivery/recordplan.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

std::vector<QString> idsOf(const PushBatch& batch)
{
    std::vector<QString> ids;
    std::transform(batch.changes.begin(), batch.changes.end(), std::back_inserter(ids),
        [](const RecordChange& change) { return change.id; });
    return ids;
}

DeliveryProgress progressOf(const PushProgress& progress)
{
    DeliveryProgress out { .done = progress.done,
        .total = progress.total == 0 ? -1 : progress.total,
        .wait = progress.wait };
    switch (progress.phase) {
    case PushPhase::Reading:
        out.phase = DeliveryProgress::Phase::Reading;
        break;
    case PushPhase::Writing:
        out.phase = DeliveryProgress::Phase::Writing;
        break;
    case PushPhase::Verifying:
        out.phase = DeliveryProgress::Phase::Verifying;
        break;
    case PushPhase::Waiting:
        out.phase = DeliveryProgress::Phase::Waiting;
        break;
    }
    return out;
}

/// Ids of @p records that are not remembered as ours; @p ours is sorted.
template <typename Record>
std::vector<QString> newlyOurs(const std::vector<Record>& records, const std::vector<QString>& ours)
{
    std::vector<QString> ids;
    for (const auto& record : records) {
        if (!std::binary_search(ours.begin(), ours.end(), record.id)) {
            ids.push_back(record.id);
        }
    }
    return ids;
}

DeliveryCounts countsOf(const RecordCounts& counts)
{
    return { .put = counts.put(), .deleted = counts.deleted };
}

Error heldMeanwhile(const DirectoryPlan& plan)
{
    return { .code = ErrorCode::Held,
        .what = plan.holds.empty() ? Message() : holdReason(plan, plan.holds.front()),
        .remedy = message(QT_TRANSLATE_NOOP("Message",
            "The proxy's records changed since they were compared. Look at the new plan.")) };
}

class RecordsDelivery final : public ChannelDelivery
{
public:
    explicit RecordsDelivery(const DeliveryJob& job)
        : m_job(job)
        , m_desired(desiredDirectory(job.source, job.link.options(), job.choices.foreign))
    {
    }

    Result<void> plan(PlanDraft& draft) override
    {
        auto client = m_job.link.openDatabroker();
        if (!client) {
            return client.error();
        }
        m_client = *std::move(client);
        auto deleted = deletedLately(m_job.store, m_job.link.target().id, m_job.clock.nowUtc());
        if (!deleted) {
            return deleted.error();
        }
        m_deletedLately = *std::move(deleted);
        auto plan = pusher({}).plan(m_desired, m_job.control.stop);
        if (!plan) {
            return plan.error();
        }
        addRecordPlan(*plan, m_desired, draft);
        m_plan = *std::move(plan);
        return {};
    }

    Result<void> apply(bool approved, AppliedDelivery& done) override
    {
        done.positions = m_plan.position.byType();
        auto refused = m_plan.refused;
        if (!m_plan.changes.empty()) {
            auto pushed = write(approved, done);
            if (!pushed) {
                return pushed.error();
            }
            refused = *std::move(pushed);
        }
        // Before the refusal is told: it takes nothing from what was delivered beside it.
        if (const auto remembered = remember(); !remembered) {
            return remembered;
        }
        const auto noted
            = noteBlockedPeople(m_job.store, m_job.link.target().id, m_job.source, foreignUsers());
        if (!noted) {
            return noted.error();
        }
        done.confirmed = refused.empty();
        done.withheld = !refused.empty();
        return refused.empty() ? Result<void>() : recordTooLarge(refused.front());
    }

private:
    DirectoryPush pusher(const std::optional<std::int64_t>& allowedDeletions)
    {
        DirectoryPush push(*m_client, m_job.clock,
            { .originator = m_job.link.options().originator,
                .order = m_job.link.options().revocationFirst ? WriteOrder::RevocationsFirst
                                                              : WriteOrder::AdditionsFirst,
                .allowedDeletions = allowedDeletions,
                .deletedLately = m_deletedLately,
                .attempts = 1 });
        push.setProgress(
            [this](const PushProgress& progress) { m_job.control.progress(progressOf(progress)); });
        return push;
    }

    /// The records are compared anew under the lease. What somebody else has put since the plan was
    /// made was seen by nobody, so a decision about records of others does not reach it.
    DesiredDirectory asPlanned() const
    {
        DesiredDirectory desired = m_desired;
        QSet<QString>& users = desired.ownership.decidedUsers.emplace();
        QSet<QString>& groups = desired.ownership.decidedGroups.emplace();
        for (const auto& record : m_plan.foreign) {
            (record.kind == DirectoryRecordKind::User ? users : groups).insert(record.id);
        }
        for (const auto& change : m_plan.changes) {
            if (change.action == RecordAction::Delete) {
                (change.kind == DirectoryRecordKind::User ? users : groups).insert(change.id);
            }
        }
        return desired;
    }

    /// People of whom somebody else keeps a record there, and will after this delivery.
    QSet<QString> foreignUsers() const
    {
        const auto& kept = m_job.source.users.kept;
        QSet<QString> out(kept.begin(), kept.end());
        for (const auto& record : m_plan.foreign) {
            if (record.kind == DirectoryRecordKind::User) {
                out.insert(record.id);
            }
        }
        return out;
    }

    /// @return records that are too large; all others were written
    Result<std::vector<ForeignRecord>> write(bool approved, AppliedDelivery& done)
    {
        auto push = pusher(approved ? std::optional(m_plan.deletions()) : std::nullopt);
        push.setJournal({ .begin = [this](const PushBatch& batch) { return begin(batch); },
            .finish = [this](const PushBatch& batch) { return finish(batch); } });
        auto outcome = push.push(asPlanned(), m_job.control.stop);
        done.wrote = done.wrote || outcome.puts > 0;
        done.counts.users = countsOf(outcome.users);
        done.counts.groups = countsOf(outcome.groups);
        done.positions = outcome.position.byType();
        if (outcome.state == PushState::Held) {
            return heldMeanwhile(outcome.plan);
        }
        const bool isAllButLarge
            = outcome.state == PushState::Incomplete && outcome.unverified.empty();
        if (outcome.error && !isAllButLarge) {
            return *outcome.error;
        }
        return std::move(outcome.plan.refused);
    }

    /// Before the records are sent: one we put must never look like somebody else's.
    Result<void> begin(const PushBatch& batch)
    {
        if (batch.isDeletion) {
            return {};
        }
        return m_job.store.targets().setOurs(
            m_job.link.target().id, deliveredKind(batch.kind), idsOf(batch));
    }

    Result<void> finish(const PushBatch& batch)
    {
        if (!batch.isDeletion) {
            return {};
        }
        return m_job.store.targets().forget(
            m_job.link.target().id, deliveredKind(batch.kind), idsOf(batch));
    }

    /// From now on the target holds what the directory says: all of it is ours, also what was
    /// there before us with the same content. Otherwise nobody would take it away later.
    Result<void> remember()
    {
        auto& targets = m_job.store.targets();
        const QString& id = m_job.link.target().id;
        const auto users = newlyOurs(m_desired.records->users, m_job.source.users.ours);
        const auto groups = newlyOurs(m_desired.records->groups, m_job.source.groups.ours);
        if (!users.empty()) {
            if (const auto set = targets.setOurs(id, DeliveredKind::User, users); !set) {
                return set;
            }
        }
        if (!groups.empty()) {
            if (const auto set = targets.setOurs(id, DeliveredKind::Group, groups); !set) {
                return set;
            }
        }
        return m_job.choices.foreign == DeliveryChoices::Foreign::Keep ? keepForeign()
                                                                       : Result<void>();
    }

    Result<void> keepForeign()
    {
        std::vector<QString> users;
        std::vector<QString> groups;
        for (const auto& record : m_plan.foreign) {
            (record.kind == DirectoryRecordKind::User ? users : groups).push_back(record.id);
        }
        auto& targets = m_job.store.targets();
        const QString& id = m_job.link.target().id;
        const auto kept = targets.setKept(id, DeliveredKind::User, users);
        return kept ? targets.setKept(id, DeliveredKind::Group, groups) : kept;
    }

    const DeliveryJob& m_job;
    DesiredDirectory m_desired;
    std::unique_ptr<DatabrokerClient> m_client;
    QSet<QString> m_deletedLately;
    DirectoryPlan m_plan;
};

} // namespace

std::unique_ptr<ChannelDelivery> recordsDelivery(const DeliveryJob& job)
{
    return std::make_unique<RecordsDelivery>(job);
}

} // namespace portreeve
