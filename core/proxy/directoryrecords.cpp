// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/directoryrecords.h"

#include "core/access/exportedids.h"
#include "core/access/recordids.h"

#include <QJsonArray>
#include <QSet>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

bool lessBytes(const QString& a, const QString& b)
{
    return a.toUtf8() < b.toUtf8();
}

void sortUnique(std::vector<QString>& ids)
{
    std::sort(ids.begin(), ids.end(), lessBytes);
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
}

template <typename Record> void sortById(std::vector<Record>& records)
{
    std::sort(records.begin(), records.end(),
        [](const Record& a, const Record& b) { return lessBytes(a.id, b.id); });
}

class RecordBuilder
{
public:
    explicit RecordBuilder(const DirectoryView& view)
        : m_groups(view, {})
        , m_shared(access::sharedRecordIds(view))
    {
    }

    void add(const ConnectionDirectory& directory)
    {
        const auto& snapshot = *directory.snapshot;
        const auto prefix = m_groups.prefix(directory.connectionId);
        std::vector<QString> groupIds;
        groupIds.reserve(snapshot.groupCount());
        for (Row group = 0; group < snapshot.groupCount(); ++group) {
            groupIds.push_back(prefix + snapshot.groupId(group));
            m_out.groups.push_back({ .id = groupIds.back(),
                .name = snapshot.groupNames().text(group),
                .email = snapshot.groupEmails().text(group) });
        }
        const auto& rules = directory.rules;
        const access::RecordIds ids(*directory.snapshot, directory.rules.recordId);
        noteMissingIds(directory, ids.withoutId());
        std::vector<Row> rows;
        for (Row user = 0; user < snapshot.userCount(); ++user) {
            const bool isSuspended = snapshot.userState(user) == UserState::Suspended;
            if (!ids.has(user) || (isSuspended && !rules.exportSuspended)) {
                continue;
            }
            auto record = userRecord(directory, user, ids.id(user));
            rows.clear();
            if (!isSuspended) {
                groupRows(directory, user, rules.directOnly, rows);
            }
            std::transform(rows.begin(), rows.end(), std::back_inserter(record.groupIds),
                [&groupIds](Row row) { return groupIds[row]; });
            sortUnique(record.groupIds);
            m_out.users.push_back(std::move(record));
        }
    }

    DirectoryRecords take()
    {
        sortById(m_out.groups);
        sortById(m_out.users);
        if (!m_shared.isEmpty()) {
            m_out.notes.push_back(message(
                QT_TRANSLATE_NOOP("Message",
                    "%1 user ids occur in more than one connection; they are exported with their "
                    "connection in front and will not match a sign-in."),
                QString::number(m_shared.size())));
        }
        return std::move(m_out);
    }

private:
    void noteMissingIds(const ConnectionDirectory& directory, std::int64_t count)
    {
        if (count > 0) {
            m_out.notes.push_back(message(
                QT_TRANSLATE_NOOP("Message",
                    "People of %1 without a record: %2. The record id chosen for the connection "
                    "is empty or that of several people."),
                directory.connectionName, QString::number(count)));
        }
    }

    DirectoryUserRecord userRecord(
        const ConnectionDirectory& directory, Row user, const QString& id) const
    {
        const auto& snapshot = *directory.snapshot;
        return { .id = m_shared.contains(id) ? QString(directory.connectionId % u':' % id) : id,
            .displayName = snapshot.userNames().text(user),
            .email = snapshot.userEmails().text(user) };
    }

    static void groupRows(
        const ConnectionDirectory& directory, Row user, bool directOnly, std::vector<Row>& out)
    {
        if (directOnly) {
            directory.closure->directGroups(user, out);
        } else {
            directory.closure->effectiveGroups(user, out);
        }
    }

    access::ExportedGroups m_groups;
    QSet<QString> m_shared;
    DirectoryRecords m_out;
};

} // namespace

QJsonObject DirectoryUserRecord::toJson() const
{
    QJsonArray ids;
    for (const auto& groupId : groupIds) {
        ids.append(groupId);
    }
    return { { u"id"_s, id }, { u"group_ids"_s, ids }, { u"display_name"_s, displayName },
        { u"email"_s, email } };
}

QJsonObject DirectoryGroupRecord::toJson() const
{
    return { { u"id"_s, id }, { u"name"_s, name }, { u"email"_s, email } };
}

DirectoryRecords directoryRecords(const DirectoryView& view)
{
    RecordBuilder builder(view);
    for (const auto& connection : view.connections) {
        builder.add(connection);
    }
    return builder.take();
}

} // namespace portreeve
