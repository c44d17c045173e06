// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/access/recordids.h"

#include <algorithm>
#include <iterator>
#include <tuple>

namespace portreeve::access {

RecordIds::RecordIds(const Snapshot& snapshot, RecordIdSource source)
    : m_snapshot(snapshot)
    , m_source(source)
{
    if (m_source == RecordIdSource::ProviderId) {
        return;
    }
    const auto& texts = column();
    std::vector<Row> named;
    for (Row user = 0; user < snapshot.userCount(); ++user) {
        if (!texts.at(user).isEmpty()) {
            named.push_back(user);
        }
    }
    const auto isSuspended
        = [&snapshot](Row user) { return snapshot.userState(user) == UserState::Suspended; };
    std::sort(named.begin(), named.end(), [&](Row a, Row b) {
        return std::tuple(texts.at(a), isSuspended(a), a)
            < std::tuple(texts.at(b), isSuspended(b), b);
    });
    m_own = UserSet(snapshot.userCount());
    for (auto first = named.begin(); first != named.end();) {
        const auto end = std::find_if(
            first, named.end(), [&](Row user) { return texts.at(user) != texts.at(*first); });
        const auto next = std::next(first);
        const bool isAlone = next == end || (!isSuspended(*first) && isSuspended(*next));
        if (isAlone) {
            m_own.insert(*first);
            m_rows.push_back(*first);
        }
        first = end;
    }
}

QString RecordIds::id(Row user) const
{
    return has(user) ? column().text(user) : QString();
}

Row RecordIds::find(QStringView id) const
{
    if (m_source == RecordIdSource::ProviderId) {
        return m_snapshot.findUser(id);
    }
    const auto wanted = id.toUtf8();
    const auto found = std::lower_bound(m_rows.begin(), m_rows.end(), QByteArrayView(wanted),
        [this](Row user, QByteArrayView text) { return column().at(user) < text; });
    return found != m_rows.end() && column().at(*found) == wanted ? *found : kNoRow;
}

std::vector<std::pair<QByteArrayView, Row>> RecordIds::sorted() const
{
    std::vector<std::pair<QByteArrayView, Row>> out;
    const auto add = [&](Row user) { out.emplace_back(column().at(user), user); };
    if (m_source != RecordIdSource::ProviderId) {
        out.reserve(m_rows.size());
        std::for_each(m_rows.begin(), m_rows.end(), add);
        return out;
    }
    out.reserve(m_snapshot.userCount());
    for (Row user = 0; user < m_snapshot.userCount(); ++user) { // by id already
        add(user);
    }
    return out;
}

std::int64_t RecordIds::withoutId() const
{
    return m_source == RecordIdSource::ProviderId
        ? 0
        : std::int64_t { m_snapshot.userCount() } - static_cast<std::int64_t>(m_rows.size());
}

const TextColumn& RecordIds::column() const
{
    switch (m_source) {
    case RecordIdSource::ProviderId:
        break;
    case RecordIdSource::Email:
        return m_snapshot.userEmails();
    case RecordIdSource::Login:
        return m_snapshot.userLogins();
    }
    return m_snapshot.userIds();
}

QSet<QString> sharedRecordIds(const DirectoryView& view)
{
    QSet<QString> seen;
    QSet<QString> shared;
    if (view.connections.size() < 2) {
        return shared;
    }
    for (const auto& connection : view.connections) {
        const RecordIds ids(*connection.snapshot, connection.rules.recordId);
        for (Row user = 0; user < connection.snapshot->userCount(); ++user) {
            const auto id = ids.id(user);
            const bool isLeftOut = connection.snapshot->userState(user) == UserState::Suspended
                && !connection.rules.exportSuspended;
            if (id.isEmpty() || isLeftOut) {
                continue;
            }
            if (seen.contains(id)) {
                shared.insert(id);
            }
            seen.insert(id);
        }
    }
    return shared;
}

} // namespace portreeve::access
