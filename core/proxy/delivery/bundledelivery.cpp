// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/delivery/bundledelivery.h"

#include "core/proxy/bundle/directorybundle.h"
#include "core/proxy/databroker/directorydiff.h"
#include "core/proxy/delivery/recordplan.h"

#include <QFile>
#include <QHash>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

DatabrokerRecord recordOf(const BundleUser& user)
{
    return { .type = recordtype::kDirectoryUser,
        .id = user.id,
        .typeUrl = kStructTypeUrl,
        .data = encodeDirectoryRecord(DirectoryUserRecord { .id = user.id,
            .displayName = user.displayName,
            .email = user.email,
            .groupIds = user.groupIds }) };
}

DatabrokerRecord recordOf(const BundleGroup& group)
{
    return { .type = recordtype::kDirectoryGroup,
        .id = group.id,
        .typeUrl = kStructTypeUrl,
        .data = encodeDirectoryRecord(
            DirectoryGroupRecord { .id = group.id, .name = group.name, .email = group.email }) };
}

DatabrokerRecord recordOf(const DirectoryUserRecord& user)
{
    return recordOf(BundleUser { .id = user.id,
        .groupIds = user.groupIds,
        .displayName = user.displayName,
        .email = user.email });
}

DatabrokerRecord recordOf(const DirectoryGroupRecord& group)
{
    return recordOf(BundleGroup { .id = group.id, .name = group.name, .email = group.email });
}

/// Shows a comparison the records of @p ids: as they shall be, else with their id alone.
template <typename Record>
void visitEarlier(const std::vector<QString>& ids, const std::vector<Record>& desired,
    DirectoryRecordKind kind, DirectoryDiff& diff)
{
    QHash<QString, const Record*> known;
    for (const auto& record : desired) {
        known.insert(record.id, &record);
    }
    for (const auto& id : ids) {
        const auto* record = known.value(id);
        diff.visit(kind, recordOf(record == nullptr ? Record { .id = id } : *record));
    }
}

/// The process that serves the endpoint is not asked, and takes up only what it delivers by itself.
Error servedByNobody(const QString& target)
{
    return { .code = ErrorCode::InvalidInput,
        .what = message(QT_TRANSLATE_NOOP("Message",
                            "“%1” is not delivered to by itself, so portreevectl serve gives no "
                            "new bundle for it."),
            target),
        .remedy = message(QT_TRANSLATE_NOOP("Message",
            "Let the target be delivered to automatically, or give it a bundle file instead.")),
        .field = u"automatic"_s };
}

class BundleDelivery final : public ChannelDelivery
{
public:
    explicit BundleDelivery(const DeliveryJob& job)
        : m_job(job)
        , m_path(job.link.options().bundleFile)
    {
    }

    Result<void> plan(PlanDraft& draft) override
    {
        auto bundle = directoryBundle(*m_job.source.records);
        if (!bundle) {
            return bundle.error();
        }
        m_bundle = *std::move(bundle);
        return isFile() ? planFile(draft) : planEndpoint(draft);
    }

    Result<void> apply(bool, AppliedDelivery& done) override
    {
        if (isFile()) {
            const auto written = writeBundleFile(m_path, m_bundle);
            if (!written) {
                return written.error();
            }
            done.wrote = done.wrote || *written;
        } else if (m_job.publishBundle) {
            const QString& id = m_job.link.target().id;
            const auto modified = m_job.store.targets().noteBundle(id, m_bundle.etag);
            if (!modified) {
                return modified.error();
            }
            m_bundle.modifiedAt = *modified;
            m_job.publishBundle(id, m_bundle);
        } else if (!m_job.link.options().automatic) {
            return servedByNobody(m_job.link.target().name);
        } else {
            done.notes.push_back(message(QT_TRANSLATE_NOOP("Message",
                "The bundle is served by portreevectl serve, which takes it up by itself.")));
        }
        if (!isFile()) {
            if (const auto remembered = remember(); !remembered) {
                return remembered;
            }
            done.wrote = done.wrote || !m_plan.changes.empty();
        }
        done.counts.users = { .put = m_counts.users.put, .deleted = m_counts.users.deleted };
        done.counts.groups = { .put = m_counts.groups.put, .deleted = m_counts.groups.deleted };
        const auto& listener = m_job.link.target().listener;
        const bool isClosed = listener && listener->error;
        done.confirmed = isFile() || (m_job.publishBundle && !isClosed);
        return {};
    }

private:
    bool isFile() const
    {
        return m_job.link.options().directoryChannel == DirectoryChannel::BundleFile;
    }

    Result<void> planFile(PlanDraft& draft)
    {
        // Everything in the file is ours: nobody else writes into it.
        auto desired
            = desiredDirectory(m_job.source, m_job.link.options(), DeliveryChoices::Foreign::Adopt);
        DirectoryDiff diff(desired);
        QFile file(m_path);
        const bool exists = file.open(QIODevice::ReadOnly);
        bool differs = true;
        if (exists) {
            differs = file.readAll() != m_bundle.bytes;
            file.seek(0);
            const auto read = readBundle({ .fileDescriptor = file.handle(), .name = m_path },
                { .group =
                        [&](const BundleGroup& group) {
                            diff.visit(DirectoryRecordKind::Group, recordOf(group));
                        },
                    .user =
                        [&](const BundleUser& user) {
                            diff.visit(DirectoryRecordKind::User, recordOf(user));
                        } },
                m_job.control.stop);
            if (!read && read.error().code == ErrorCode::Cancelled) {
                return read.error();
            }
            if (!read) {
                return unreadable(read.error());
            }
        }
        auto plan = diff.take({}, WriteOrder::AdditionsFirst);
        for (auto& change : plan.changes) {
            change.isTakeover = false;
        }
        addRecordPlan(plan, desired, draft);
        draft.addFile({ .path = m_path,
                          .exists = exists,
                          .differs = differs,
                          .bytes = m_bundle.bytes.size() },
            m_bundle.etag);
        m_counts = draft.plan().counts;
        return {};
    }

    /// Not ours to overwrite: it may be anything.
    Error unreadable(const Error& cause) const
    {
        auto error = cause.wrappedIn(
            message(QT_TRANSLATE_NOOP("Message", "%1 exists and is no bundle; it was left alone."),
                m_path));
        error.remedy = message(QT_TRANSLATE_NOOP(
            "Message", "Give the target another bundle file, or move that file away."));
        return error;
    }

    /// Nobody can be asked what the endpoint gave last, but whose records it held is remembered.
    /// Enough for the guard: an empty directory must not empty it unseen.
    Result<void> planEndpoint(PlanDraft& draft)
    {
        auto desired
            = desiredDirectory(m_job.source, m_job.link.options(), DeliveryChoices::Foreign::Adopt);
        DirectoryDiff diff(desired);
        visitEarlier(
            m_job.source.groups.ours, desired.records->groups, DirectoryRecordKind::Group, diff);
        visitEarlier(
            m_job.source.users.ours, desired.records->users, DirectoryRecordKind::User, diff);
        m_plan = diff.take({}, WriteOrder::AdditionsFirst);
        m_plan.refused.clear(); // only a databroker minds large records
        addRecordPlan(m_plan, desired, draft);
        m_counts = draft.plan().counts;
        return {};
    }

    /// From now on these are the records of the endpoint, whichever process serves it.
    Result<void> remember()
    {
        auto& targets = m_job.store.targets();
        const QString& id = m_job.link.target().id;
        for (const auto kind : { DirectoryRecordKind::Group, DirectoryRecordKind::User }) {
            std::vector<QString> put;
            std::vector<QString> gone;
            for (const auto& change : m_plan.changes) {
                if (change.kind == kind) {
                    (change.action == RecordAction::Delete ? gone : put).push_back(change.id);
                }
            }
            auto set = targets.setOurs(id, deliveredKind(kind), put);
            if (!set) {
                return set;
            }
            if (const auto forgotten = targets.forget(id, deliveredKind(kind), gone); !forgotten) {
                return forgotten;
            }
        }
        return {};
    }

    const DeliveryJob& m_job;
    QString m_path;
    BundleFile m_bundle;
    PushCounts m_counts;
    DirectoryPlan m_plan; // of an endpoint
};

} // namespace

std::unique_ptr<ChannelDelivery> bundleDelivery(const DeliveryJob& job)
{
    return std::make_unique<BundleDelivery>(job);
}

} // namespace portreeve
