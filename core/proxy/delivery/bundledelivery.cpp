// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/delivery/bundledelivery.h"

#include "core/proxy/bundle/directorybundle.h"
#include "core/proxy/databroker/directorydiff.h"
#include "core/proxy/delivery/recordplan.h"

#include <QFile>

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
            done.counts.users = { .put = m_counts.users.put, .deleted = m_counts.users.deleted };
            done.counts.groups = { .put = m_counts.groups.put, .deleted = m_counts.groups.deleted };
        } else if (m_job.publishBundle) {
            m_job.publishBundle(m_job.link.target().id, m_bundle);
        } else {
            done.notes.push_back(message(QT_TRANSLATE_NOOP("Message",
                "The bundle is served by portreevectl serve, which takes it up by itself.")));
        }
        done.confirmed = true;
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

    Result<void> planEndpoint(PlanDraft& draft) const
    {
        auto& counts = draft.plan().counts;
        counts.users.unchanged = static_cast<std::int64_t>(m_job.source.records->users.size());
        counts.groups.unchanged = static_cast<std::int64_t>(m_job.source.records->groups.size());
        return {};
    }

    const DeliveryJob& m_job;
    QString m_path;
    BundleFile m_bundle;
    PushCounts m_counts;
};

} // namespace

std::unique_ptr<ChannelDelivery> bundleDelivery(const DeliveryJob& job)
{
    return std::make_unique<BundleDelivery>(job);
}

} // namespace portreeve
