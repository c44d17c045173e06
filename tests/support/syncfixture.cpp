// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/syncfixture.h"

using namespace Qt::StringLiterals;

namespace portreeve::test {

SyncFixture::SyncFixture()
    : store(Store::open(storeOptions(), clock).value())
    , id(addConnection(u"Staff"_s))
{
}

QString SyncFixture::databasePath() const
{
    return folder.filePath(u"portreeve.db"_s);
}

QString SyncFixture::addConnection(const QString& name)
{
    const Connection added = store->connections().add(ScriptedDirectory::connection(name)).value();
    const auto written = secrets.write(
        { .connectionId = added.id, .connectionName = name, .field = u"token"_s }, kToken);
    Q_ASSERT(written.hasValue());
    return added.id;
}

SyncRunner SyncFixture::runner()
{
    return SyncRunner({ .store = *store,
        .secrets = secrets,
        .clock = clock,
        .makeHttp = noNetwork(),
        .findConnector = directory.lookup(),
        .evaluateAccess = access });
}

Result<SyncOutcome> SyncFixture::sync(RunTrigger trigger)
{
    return runner().sync(id, { .trigger = trigger });
}

Result<SyncPlan> SyncFixture::plan()
{
    return runner().plan(id, {});
}

Connection SyncFixture::connection()
{
    return store->connections().byId(id).value();
}

void SyncFixture::update(const std::function<void(Connection&)>& edit)
{
    Connection now = connection();
    edit(now);
    const auto updated = store->connections().updateSettings(now);
    Q_ASSERT(updated.hasValue());
}

void SyncFixture::updateState(const std::function<void(Connection&)>& edit)
{
    Connection now = connection();
    edit(now);
    const auto updated = store->connections().updateState(now);
    Q_ASSERT(updated.hasValue());
}

StoredDirectory SyncFixture::stored()
{
    return store->directory().load(id).value();
}

std::optional<Hold> SyncFixture::hold()
{
    return store->directory().hold(id).value();
}

std::vector<RunRecord> SyncFixture::runs()
{
    return store->runs().list({ .connectionId = id }).value();
}

QStringList SyncFixture::visible()
{
    const SnapshotPtr snapshot = live();
    QStringList lines;
    for (Row row = 0; row < snapshot->userCount(); ++row) {
        const UserRecord user = snapshot->user(row);
        lines.append(u"user %1 %2 %3 %4 %5"_s.arg(
            user.id, user.displayName, user.email, user.login, userStateName(user.state)));
    }
    for (Row row = 0; row < snapshot->groupCount(); ++row) {
        const GroupRecord group = snapshot->group(row);
        QString line = u"group %1 %2 %3:"_s.arg(group.id, group.name, groupKindName(group.kind));
        for (const Row user : snapshot->memberUsers(row)) {
            line += u' ' + snapshot->userId(user);
        }
        for (const Row child : snapshot->memberGroups(row)) {
            line += u" @"_s + snapshot->groupId(child);
        }
        lines.append(line);
    }
    return lines;
}

} // namespace portreeve::test
