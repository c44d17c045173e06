// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/pages/desk.h"
#include "tests/pages/madeupview.h"
#include "tests/support/testregistry.h"
#include "ui/pages/providers/connectionwrites.h"
#include "ui/pages/proxy/targetwrites.h"

#include <QFuture>
#include <QTest>

using namespace Qt::StringLiterals;

namespace portreeve {

namespace {

/// Somebody answers "deny" once so many secrets have been written: so many times, then no more.
class DenyingStore final : public MemorySecretStore
{
public:
    static constexpr int kForEver = 1 << 20;

    Result<void> write(const SecretName& name, const QString& value) override
    {
        if (allowed-- > 0 || denials-- <= 0) {
            return MemorySecretStore::write(name, value);
        }
        return denied();
    }

    Result<void> remove(const SecretName& name) override
    {
        return deniesRemovals ? Result<void>(denied()) : MemorySecretStore::remove(name);
    }

    QString value(const QString& ownerId, const QString& field)
    {
        return read({ .connectionId = ownerId, .field = field })->value_or(QString());
    }

    int allowed = 0;
    int denials = kForEver;
    bool deniesRemovals = false;

private:
    static Error denied()
    {
        return { .code = ErrorCode::SecretStore,
            .what = message("The keychain did not let Portreeve write."),
            .remedy = message("Unlock it and allow access.") };
    }
};

AppContext withSecrets(const AppContext& context, SecretStore& secrets)
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
    void aKeychainThatStaysLockedIsToldWithTheSecretItChanged();
    void aLockedKeychainIsToldForTargetsToo();
    void aConnectionThatCannotBeRemovedKeepsItsSecrets();
    void secretsThatOutliveTheirConnectionAreNamed();
    void removingNamesThePoliciesOfItsGroups();
    void removingAProtectedUserNeedsItsName();

private:
    static ConnectionEdit twoSecrets(Connection connection);
    static Connection addWithTwoSecrets(test::Desk& desk, SecretStore& secrets);
    static Result<Connection> editBoth(
        test::Desk& desk, SecretStore& secrets, const Connection& connection);
};

ConnectionEdit TstConnectionWrites::twoSecrets(Connection connection)
{
    return { .connection = std::move(connection),
        .typedSecrets
        = { { u"token"_s, u"planted-new-1"_s }, { u"other_token"_s, u"planted-new-2"_s } } };
}

/// "Staff"; empty when it could not be stored.
Connection TstConnectionWrites::addWithTwoSecrets(test::Desk& desk, SecretStore& secrets)
{
    auto added = storeConnection(withSecrets(desk.context(), secrets),
        twoSecrets(test::ScriptedDirectory::connection(u"Staff"_s)));
    added.waitForFinished();
    return added.result().valueOr({});
}

/// A new name and two new secrets.
Result<Connection> TstConnectionWrites::editBoth(
    test::Desk& desk, SecretStore& secrets, const Connection& connection)
{
    ConnectionEdit edit = twoSecrets(connection);
    edit.connection.name = u"Renamed"_s;
    edit.typedSecrets[u"token"_s] = u"planted-newer"_s;
    edit.typedSecrets[u"other_token"_s] = u"planted-newer"_s;
    auto changed = storeConnection(withSecrets(desk.context(), secrets), edit);
    changed.waitForFinished();
    return changed.result();
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
    const Connection connection = addWithTwoSecrets(desk, secrets);
    secrets.allowed = 1;
    secrets.denials = 1;

    const auto changed = editBoth(desk, secrets, connection);

    QVERIFY(!changed);
    QCOMPARE(changed.error().code, ErrorCode::SecretStore);
    QVERIFY(!changed.error().cause);
    QCOMPARE(secrets.value(connection.id, u"token"_s), u"planted-new-1"_s);
    QCOMPARE(secrets.value(connection.id, u"other_token"_s), u"planted-new-2"_s);
    const auto kept
        = desk.inStore([id = connection.id](Store& store) { return store.connections().byId(id); });
    QCOMPARE(kept->name, u"Staff"_s);
    QCOMPARE(kept->storedSecrets, connection.storedSecrets);
}

// Which of the two is written first is up to a hash table.
void TstConnectionWrites::aKeychainThatStaysLockedIsToldWithTheSecretItChanged()
{
    test::Desk desk;
    DenyingStore secrets;
    secrets.allowed = 2;
    const Connection connection = addWithTwoSecrets(desk, secrets);
    secrets.allowed = 1;

    const auto changed = editBoth(desk, secrets, connection);

    QVERIFY(!changed);
    const Error error = changed.error();
    QCOMPARE(error.code, ErrorCode::SecretStore);
    const bool isToken = secrets.value(connection.id, u"token"_s) == u"planted-newer";
    const QString said = error.what.english();
    QVERIFY2(said.contains(u"Staff"), qPrintable(said));
    QVERIFY2(said.endsWith(isToken ? u": token." : u": other_token."), qPrintable(said));
    QVERIFY(error.remedy.english().contains(u"Unlock"));
    QVERIFY(error.cause && error.cause->what.english().contains(u"did not let"));
    QVERIFY(!error.toText().contains(u"planted"));
}

void TstConnectionWrites::aLockedKeychainIsToldForTargetsToo()
{
    test::Desk desk;
    const QString id = desk.addTarget(u"Office"_s, {}, {});
    const auto target = desk.inStore([id](Store& store) { return store.targets().byId(id); });
    DenyingStore secrets;
    secrets.allowed = 1;
    TargetEdit edit { .target = *target };
    edit.secrets.typed
        = { { u"shared_secret"_s, u"planted-1"_s }, { u"bundle_token"_s, u"planted-2"_s } };
    edit.secrets.removed = { u"probe_token"_s };

    auto stored = storeTarget(withSecrets(desk.context(), secrets), edit);
    stored.waitForFinished();

    // Taking a secret out again is allowed here, so everything is as it was.
    QVERIFY(!stored.result());
    QVERIFY(!stored.result().error().cause);
    QVERIFY(secrets.value(id, u"shared_secret"_s).isEmpty());
    QVERIFY(secrets.value(id, u"bundle_token"_s).isEmpty());
}

void TstConnectionWrites::aConnectionThatCannotBeRemovedKeepsItsSecrets()
{
    test::Desk desk;
    DenyingStore secrets;
    secrets.allowed = 2;
    const Connection connection = addWithTwoSecrets(desk, secrets);
    const auto first = desk.inStore(
        [id = connection.id](Store& store) { return store.connections().remove(id); });
    QVERIFY(first);

    auto removed = removeConnection(withSecrets(desk.context(), secrets), connection);
    removed.waitForFinished();

    QVERIFY(!removed.result());
    QCOMPARE(removed.result().error().code, ErrorCode::NotFound);
    QCOMPARE(secrets.value(connection.id, u"token"_s), u"planted-new-1"_s);
}

void TstConnectionWrites::secretsThatOutliveTheirConnectionAreNamed()
{
    test::Desk desk;
    DenyingStore secrets;
    secrets.allowed = 2;
    const Connection connection = addWithTwoSecrets(desk, secrets);
    secrets.deniesRemovals = true;

    auto removed = removeConnection(withSecrets(desk.context(), secrets), connection);
    removed.waitForFinished();

    QVERIFY(!removed.result());
    const Error error = removed.result().error();
    QCOMPARE(error.code, ErrorCode::SecretStore);
    QVERIFY2(error.what.english().contains(u"“Staff” is removed"), qPrintable(error.toText()));
    for (const auto& field : { u"token"_s, u"other_token"_s }) {
        const QString entry = secretAccount({ .connectionId = connection.id, .field = field });
        QVERIFY2(error.remedy.english().contains(entry), qPrintable(error.toText()));
    }
    QVERIFY(desk.inStore([](Store& store) { return store.connections().list(); })->empty());
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

    const auto connection
        = desk.inStore([id](Store& store) { return store.connections().byId(id); });
    auto impact = connectionRemoval(desk.context(), *connection);
    impact.waitForFinished();

    QVERIFY(impact.result().hasValue());
    // The first connection's ids are exported as they are: the prefix names nobody.
    QCOMPARE(impact.result()->policies, std::vector { u"Own"_s });
    QCOMPARE(impact.result()->groups, 4);
}

void TstConnectionWrites::removingAProtectedUserNeedsItsName()
{
    test::Desk desk;
    const QString id = desk.addConnection(u"Staff"_s);
    desk.provider().answer(test::crowd(3));
    QVERIFY(desk.sync(id));
    const auto set = desk.inStore([id](Store& store) {
        return store.directory().setProtected(id, u"u001"_s, true, u"grace"_s);
    });
    QVERIFY(set);
    const auto connection
        = desk.inStore([id](Store& store) { return store.connections().byId(id); });
    auto impact = connectionRemoval(desk.context(), *connection);
    impact.waitForFinished();
    QCOMPARE(impact.result()->protectedUsers, std::vector({ u"u001"_s }));

    auto refused = removeConnection(desk.context(), *connection);
    refused.waitForFinished();

    QVERIFY(!refused.result());
    QCOMPARE(refused.result().error().code, ErrorCode::Held);
    QVERIFY(refused.result().error().what.english().contains(u"u001"));
    const auto token = desk.context().secrets.read({ .connectionId = id, .field = u"token"_s });
    QVERIFY(token->has_value());
    auto removed = removeConnection(desk.context(), *connection, impact.result()->protectedUsers);
    removed.waitForFinished();
    QVERIFY(removed.result());
    const auto audit = desk.inStore([](Store& store) { return store.audit().list(0, 1'000); });
    QCOMPARE(audit->back().event, u"protected_user_removed"_s);
    QCOMPARE(audit->back().subject, u"u001"_s);
}

static const bool kConnectionWritesRegistered
    = test::registerTestClass<TstConnectionWrites>("connectionwrites");

} // namespace portreeve

#include "tst_connectionwrites.moc"
