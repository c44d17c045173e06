// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "app/ctl/removedlist.h"

#include "app/ctl/directorylookup.h"

using namespace Qt::StringLiterals;

namespace portreeve::ctl {

namespace {
Result<std::vector<Connection>> connectionsOf(Store& store, const Arguments& arguments)
{
    if (!arguments.has(u"connection"_s)) {
        return store.connections().list();
    }
    const auto chosen = chosenConnection(store, arguments);
    return chosen ? Result<std::vector<Connection>>(std::vector<Connection> { *chosen })
                  : chosen.error();
}

QJsonObject removedObject(const Connection& connection, const Tombstone& tombstone)
{
    const QString name = tombstone.kind == ObjectKind::User ? u"display_name"_s : u"name"_s;
    return {
        { u"id"_s, tombstone.id },
        { name, tombstone.name },
        { u"state"_s, u"removed"_s },
        { u"removed_at"_s, toRfc3339(tombstone.removedAt) },
        { u"removed_by_run"_s, QString::number(tombstone.removedByRun) },
        { u"connection"_s, connection.name },
    };
}
} // namespace

CommandResult listRemoved(Session& session, const Arguments& arguments, ObjectKind kind)
{
    const auto limit = arguments.integer(u"limit"_s, 1000, 1, 10'000'000);
    if (!limit) {
        return limit.error();
    }
    const auto store = session.store();
    if (!store) {
        return store.error();
    }
    const auto connections = connectionsOf(**store, arguments);
    if (!connections) {
        return connections.error();
    }
    const QString search = arguments.value(u"search"_s);
    std::vector<QStringList> rows;
    qint64 shown = 0;
    for (const auto& connection : *connections) {
        const auto tombstones = (*store)->directory().tombstones(connection.id);
        if (!tombstones) {
            return tombstones.error();
        }
        for (const auto& tombstone : *tombstones) {
            const bool isFound = tombstone.id.contains(search, Qt::CaseInsensitive)
                || tombstone.name.contains(search, Qt::CaseInsensitive);
            if (tombstone.kind != kind || !isFound || shown == *limit) {
                continue;
            }
            ++shown;
            if (session.out().isJson()) {
                session.out().line(removedObject(connection, tombstone));
                continue;
            }
            rows.push_back({ tombstone.id, tombstone.name, toRfc3339(tombstone.removedAt),
                QString::number(tombstone.removedByRun), connection.name });
        }
    }
    if (!session.out().isJson()) {
        session.out().table(
            { u"ID"_s, u"NAME"_s, u"REMOVED AT"_s, u"BY RUN"_s, u"CONNECTION"_s }, rows);
    }
    return ExitCode::Done;
}

} // namespace portreeve::ctl
