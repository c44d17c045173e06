// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/pages/desk.h"
#include "tests/pages/madeupview.h"
#include "tests/support/testregistry.h"
#include "ui/pages/providers/connectionwrites.h"

#include <QFuture>
#include <QTest>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

/// Somebody answers "deny" once so many secrets have been written.
class DenyingStore final : public MemorySecretStore
{
public:
    Result<void> write(const SecretName& name, const QString& value) override
    {
        if (allowed-- > 0) {
            return MemorySecretStore::write(name, value);
        }
        return Error { .code = ErrorCode::SecretStore,
            .what = message("The keychain did not let Portreeve write."),
            .remedy = message("Unlock it and allow access.") };
    }

    int allowed = 0;
};

AppContext withSecrets(AppContext context, SecretStore& secrets)
{
    return { .store = context.store,
        .sync = context.sync,
        .deliveries = context.deliveries,
        .proxyStore = context.proxyStore,
        .secrets = secrets,
        .workers = context.workers,
        .clock = context.clock,
        .connections = context.connections,
        .secretHealth = context.secretHealth,
        .settings = context.settings,
        .targets = context.targets };
}

} // namespace

class TstConnectionWrites : public QObject
{
    Q_OBJECT

private slots:
    void aKeychainThatDeniesHalfWayLeavesNoConnection();
    void aKeychainThatDeniesHalfWayLeavesTheOldSecrets();
    void removingNamesThePoliciesOfItsGroups();

private:
    static ConnectionEdit twoSecrets(Connection connection);
};

ConnectionEdit TstConnectionWrites::twoSecrets(Connection connection)
{
    return { .connection = std::move(connection),
        .typedSecrets
        = { { u"token"_s, u"planted-new-1"_s }, { u"other_token"_s, u"planted-new-2"_s } } };
}

void TstConnectionWrites::aKeychainThatDeniesHalfWayLeavesNoConnection()
{
    test::Desk desk;
    DenyingStore secrets;
    secrets.allowed = 1;

    auto stored = storeConnection(withSecrets(desk.context(), secrets),
        twoSecrets(test::ScriptedDirectory::connection(u"Staff"_s)));
    stored.waitForFinished();

    QVERIFY(!stored.result());
    QCOMPARE(stored.result().error().code, ErrorCode::SecretStore);
    QVERIFY(!stored.result().error().remedy.isEmpty());
    const auto left = desk.inStore([](Store& store) { return store.connections().list(); });
    QVERIFY(left.hasValue() && left->empty());
}

void TstConnectionWrites::aKeychainThatDeniesHalfWayLeavesTheOldSecrets()
{
    test::Desk desk;
    DenyingStore secrets;
    secrets.allowed = 2;
    auto added = storeConnection(withSecrets(desk.context(), secrets),
        twoSecrets(test::ScriptedDirectory::connection(u"Staff"_s)));
    added.waitForFinished();
    QVERIFY(added.result().hasValue());
    const Connection connection = *added.result();
    ConnectionEdit edit = twoSecrets(connection);
    edit.connection.name = u"Renamed"_s;
    edit.typedSecrets[u"token"_s] = u"planted-newer"_s;
    edit.typedSecrets[u"other_token"_s] = u"planted-newer"_s;
    secrets.allowed = 1;

    auto changed = storeConnection(withSecrets(desk.context(), secrets), edit);
    changed.waitForFinished();

    QVERIFY(!changed.result());
    const auto kept
        = desk.inStore([id = connection.id](Store& store) { return store.connections().byId(id); });
    QCOMPARE(kept->name, u"Staff"_s);
    QCOMPARE(kept->storedSecrets, connection.storedSecrets);
}

void TstConnectionWrites::removingNamesThePoliciesOfItsGroups()
{
    test::Desk desk;
    const QString id = desk.addConnection(u"Staff"_s);
    desk.provider().answer(test::smallCompany());
    QVERIFY(desk.sync(id));
    const auto add = [&desk](const QString& name, const QString& text) {
        return desk.inStore([name, text](Store& store) {
            return store.policies().save(StoredPolicy { .name = name, .text = text });
        });
    };
    QVERIFY(add(u"Own"_s, u"- allow:\n    or:\n      - groups:\n          has: devops\n"_s));
    QVERIFY(add(u"Prefixed"_s,
        u"- allow:\n    or:\n      - groups:\n          has: \"%1:devops\"\n"_s.arg(id)));
    QVERIFY(add(u"Foreign"_s, u"- allow:\n    or:\n      - domain:\n          is: devops.org\n"_s));

    auto impact = removalImpact(desk.context(), id);
    impact.waitForFinished();

    QVERIFY(impact.result().hasValue());
    QCOMPARE(impact.result()->policies, std::vector({ u"Own"_s, u"Prefixed"_s }));
    QCOMPARE(impact.result()->groups, 4);
}

static const bool kConnectionWritesRegistered
    = test::registerTestClass<TstConnectionWrites>("connectionwrites");

} // namespace portreeve

#include "tst_connectionwrites.moc"
