// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/httprun.h"

#include <QDateTime>
#include <QLocale>

#include <utility>

namespace portreeve::test {

HttpRun::HttpRun(const QString& connectorId, OptionValues values, QHash<QString, QString> secrets)
    : m_descriptor(findConnector(connectorId))
{
    Q_ASSERT(m_descriptor != nullptr);
    for (const auto& secret : std::as_const(secrets)) {
        m_redactor.addSecret(secret);
    }
    m_options
        = makeOptions(*m_descriptor, values, std::move(secrets), QStringLiteral("Test connection"));
}

RunContext HttpRun::context(const QByteArray& state)
{
    return { .http = m_http,
        .clock = m_clock,
        .stop = stop.get_token(),
        .progress =
            [this](const RunProgress& progress) {
                m_progress.push_back(progress);
                onProgress(progress);
            },
        .redactor = m_redactor,
        .state = state };
}

std::unique_ptr<Connector> HttpRun::connector() const
{
    return m_descriptor->create(m_options);
}

TestReport HttpRun::test()
{
    auto run = context({});
    return connector()->test(run);
}

Result<SnapshotPtr> HttpRun::fetch(const QByteArray& state)
{
    auto run = context(state);
    SnapshotBuilder builder;
    auto outcome = connector()->fetch(run, builder);
    if (!outcome) {
        return outcome.error();
    }
    m_outcome = std::move(*outcome);
    return builder.build();
}

QByteArray httpDateOf(UtcTime time)
{
    const auto date = QDateTime::fromMSecsSinceEpoch(time.time_since_epoch().count(), Qt::UTC);
    return QLocale::c().toString(date, QStringLiteral("ddd, dd MMM yyyy HH:mm:ss")).toLatin1()
        + " GMT";
}

QStringList memberIds(const Snapshot& snapshot, const QString& groupId)
{
    QStringList ids;
    const Row group = snapshot.findGroup(groupId);
    if (group == kNoRow) {
        return ids;
    }
    for (const Row user : snapshot.memberUsers(group)) {
        ids.append(snapshot.userId(user));
    }
    for (const Row child : snapshot.memberGroups(group)) {
        ids.append(snapshot.groupId(child));
    }
    ids.sort();
    return ids;
}

QStringList userIds(const Snapshot& snapshot)
{
    QStringList ids;
    for (Row user = 0; user < snapshot.userCount(); ++user) {
        ids.append(snapshot.userId(user));
    }
    return ids;
}

QStringList groupIds(const Snapshot& snapshot)
{
    QStringList ids;
    for (Row group = 0; group < snapshot.groupCount(); ++group) {
        ids.append(snapshot.groupId(group));
    }
    return ids;
}

} // namespace portreeve::test
