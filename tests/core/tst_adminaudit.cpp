// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/store/storedsettings.h"
#include "tests/support/syncfixture.h"
#include "tests/support/testregistry.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QRegularExpression>
#include <QTest>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portreeve {

using test::Listing;
using test::SyncFixture;

/// What administrators change is in the audit log, whoever calls the store (sync-lifecycle.md 2.9).
class TstAdminAudit : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void aConnectionsLifeIsTold();
    void whatChangedIsNamedBeforeAndAfter();
    void secretsAreNamedAndNeverTold();
    void aTargetsLifeIsTold();
    void policiesAndRoutesAreTold();
    void settingsAreToldByTheNameInForce();
    void whatChangesNothingIsNotTold();
    void whatIsRefusedIsNotTold();
    void aResultThatCameLateEnablesNothing();
    void theServicesOwnStopIsTheSystems();
    void anApprovedHoldNamesPlanAndRows();
    void aRejectedHoldNamesItsPlan();

private:
    QStringList events(); ///< since the last init() or call
    AuditEntry last(const QString& event);
    QJsonObject change(const QString& event, const QString& field);
    Listing heldListing(); ///< synced, with its removals held

    std::unique_ptr<SyncFixture> m_fixture;
    std::int64_t m_seen = 0;
};

void TstAdminAudit::init()
{
    QTest::failOnWarning(QRegularExpression(u".*"_s));
    m_fixture = std::make_unique<SyncFixture>();
    QVERIFY(storedSettings(*m_fixture->store).setText(Setting::AdministratorName, u"grace"_s));
    m_seen = m_fixture->store->audit().lastId().value();
}

QStringList TstAdminAudit::events()
{
    QStringList names;
    const auto entries = m_fixture->store->audit().list(m_seen, 1'000).value();
    for (const auto& entry : entries) {
        names.append(entry.event);
        m_seen = entry.id;
    }
    return names;
}

AuditEntry TstAdminAudit::last(const QString& event)
{
    const auto entries = m_fixture->store->audit().list(0, 1'000).value();
    const auto found = std::find_if(entries.rbegin(), entries.rend(),
        [&](const AuditEntry& entry) { return entry.event == event; });
    return found == entries.rend() ? AuditEntry() : *found;
}

QJsonObject TstAdminAudit::change(const QString& event, const QString& field)
{
    const auto details = QJsonDocument::fromJson(last(event).details.toUtf8()).object();
    for (const auto& value : details.value(u"changes"_s).toArray()) {
        if (value.toObject().value(u"field"_s).toString() == field) {
            return value.toObject();
        }
    }
    return {};
}

void TstAdminAudit::aConnectionsLifeIsTold()
{
    auto& connections = m_fixture->store->connections();
    Connection connection = connections.add({ .name = u"Second"_s, .provider = u"x"_s }).value();
    connection.name = u"Renamed"_s;
    QVERIFY(connections.updateSettings(connection));
    QVERIFY(connections.disable(connection.id));
    connection.state = ConnectionState::Verified;
    QVERIFY(connections.enable(connection));
    QVERIFY(connections.remove(connection.id));

    QCOMPARE(events(),
        QStringList({ u"connection_added"_s, u"connection_edited"_s, u"connection_disabled"_s,
            u"connection_enabled"_s, u"connection_removed"_s }));
    const AuditEntry removed = last(u"connection_removed"_s);
    QCOMPARE(removed.subject, connection.id);
    QCOMPARE(removed.actor, u"grace"_s);
    QVERIFY(removed.details.contains(u"\"name\":\"Renamed\"")); // the id tells nobody anything
}

void TstAdminAudit::whatChangedIsNamedBeforeAndAfter()
{
    m_fixture->update([](Connection& connection) {
        connection.limits.userPercent = 25;
        connection.rules.groupFilter = { u"Eng*"_s };
        connection.options.insert(
            u"url"_s, u"https://reader:planted@sso.example.org/a?key=planted"_s);
    });

    const auto limit = change(u"connection_edited"_s, u"limits.user_percent"_s);
    QCOMPARE(limit.value(u"before"_s).toString(), u"10"_s);
    QCOMPARE(limit.value(u"after"_s).toString(), u"25"_s);
    QCOMPARE(change(u"connection_edited"_s, u"rules.group_filter"_s).value(u"after"_s).toString(),
        u"[\"Eng*\"]"_s);
    const auto url = change(u"connection_edited"_s, u"options.url"_s).value(u"after"_s).toString();
    QCOMPARE(url, u"https://sso.example.org/a[redacted]"_s);
}

void TstAdminAudit::secretsAreNamedAndNeverTold()
{
    Connection connection = m_fixture->connection();
    connection.storedSecrets = { u"password"_s, u"token"_s };

    QVERIFY(m_fixture->store->connections().updateSettings(connection, { u"token"_s }));

    QCOMPARE(change(u"connection_edited"_s, u"secrets"_s).value(u"after"_s).toString(),
        u"password, token"_s);
    QCOMPARE(change(u"connection_edited"_s, u"replaced_secrets"_s).value(u"after"_s).toString(),
        u"token"_s);
    const auto entries = m_fixture->store->audit().list(0, 1'000).value();
    for (const auto& entry : entries) {
        QVERIFY(!entry.details.contains(SyncFixture::kToken));
    }
}

void TstAdminAudit::aTargetsLifeIsTold()
{
    auto& targets = m_fixture->store->targets();
    ProxyTarget target = targets.add({ .name = u"Office"_s }).value();
    target.name = u"Branch"_s;
    QVERIFY(targets.updateSettings(target));
    QVERIFY(targets.updateSettings(target, { u"shared_secret"_s }));
    QVERIFY(targets.setEnabled(target.id, false));
    QVERIFY(targets.setEnabled(target.id, true));
    target.state = TargetState::InStep; // no decision of anybody's
    QVERIFY(targets.updateState(target));
    QVERIFY(targets.remove(target.id));

    QCOMPARE(events(),
        QStringList({ u"target_added"_s, u"target_edited"_s, u"target_edited"_s,
            u"target_disabled"_s, u"target_enabled"_s, u"target_removed"_s }));
    QCOMPARE(last(u"target_removed"_s).subject, target.id);
    QCOMPARE(last(u"target_removed"_s).actor, u"grace"_s);
}

void TstAdminAudit::policiesAndRoutesAreTold()
{
    auto& store = m_fixture->store->policies();
    StoredPolicy policy = store.save(StoredPolicy { .name = u"Staff"_s, .text = u"[]"_s }).value();
    policy.text = u"- allow: {}"_s;
    QVERIFY(store.save(policy));
    StoredRoute route = store
                            .save(StoredRoute { .name = u"Wiki"_s,
                                .from = u"https://wiki.example.org"_s,
                                .policyIds = { policy.id } })
                            .value();
    route.policyIds.clear();
    QVERIFY(store.save(route));
    QVERIFY(store.removeRoute(route.id));
    QVERIFY(store.removePolicy(policy.id));

    QCOMPARE(events(),
        QStringList({ u"policy_added"_s, u"policy_edited"_s, u"route_added"_s, u"route_edited"_s,
            u"route_removed"_s, u"policy_removed"_s }));
    const auto text = change(u"policy_edited"_s, u"text"_s);
    QCOMPARE(text.value(u"before"_s).toString(), u"[]"_s);
    QCOMPARE(text.value(u"after"_s).toString(), u"- allow: {}"_s);
    QCOMPARE(change(u"route_edited"_s, u"policies"_s).value(u"before"_s).toString(), policy.id);
}

void TstAdminAudit::settingsAreToldByTheNameInForce()
{
    QVERIFY(storedSettings(*m_fixture->store).setText(Setting::AdministratorName, u"ann"_s));
    QVERIFY(storedSettings(*m_fixture->store).setFlag(Setting::KeepInTray, true));

    QCOMPARE(events(), QStringList({ u"setting_changed"_s, u"setting_changed"_s }));
    const auto entries = m_fixture->store->audit().list(m_seen - 2, 2).value();
    QCOMPARE(entries.front().subject, u"administrator_name"_s);
    QCOMPARE(entries.front().actor, u"grace"_s);
    QCOMPARE(entries.back().subject, u"keep_in_tray"_s);
    QCOMPARE(entries.back().actor, u"ann"_s);
}

void TstAdminAudit::whatChangesNothingIsNotTold()
{
    QVERIFY(m_fixture->store->connections().updateSettings(m_fixture->connection()));
    const auto policy
        = m_fixture->store->policies().save(StoredPolicy { .name = u"P"_s, .text = u"[]"_s });
    QVERIFY(policy);
    QCOMPARE(events(), QStringList(u"policy_added"_s));

    QVERIFY(m_fixture->store->policies().save(*policy));
    QVERIFY(storedSettings(*m_fixture->store).setText(Setting::AdministratorName, u"grace"_s));

    QCOMPARE(events(), QStringList());
}

void TstAdminAudit::whatIsRefusedIsNotTold()
{
    auto& store = *m_fixture->store;
    const auto policy
        = store.policies().save(StoredPolicy { .name = u"P"_s, .text = u"[]"_s }).value();
    QVERIFY(store.policies().save(
        StoredRoute { .name = u"R"_s, .from = u"https://r.test"_s, .policyIds = { policy.id } }));
    events();

    QVERIFY(!store.policies().removePolicy(policy.id)); // in use
    QVERIFY(!store.policies().save(StoredRoute { .name = u"r"_s })); // taken
    QVERIFY(!store.policies().save(StoredRoute { .name = u"S"_s, .policyIds = { u"none"_s } }));
    QVERIFY(!store.connections().add({ .name = u" "_s }));
    QVERIFY(!store.targets().remove(u"none"_s));

    QCOMPARE(events(), QStringList());
}

void TstAdminAudit::aResultThatCameLateEnablesNothing()
{
    auto& connections = m_fixture->store->connections();
    Connection seen = m_fixture->connection();
    seen.state = ConnectionState::BackingOff;
    seen.nextAttemptAt = m_fixture->clock.nowUtc();
    seen.failureCount = 3;
    QVERIFY(connections.disable(seen.id));
    auto& targets = m_fixture->store->targets();
    ProxyTarget target = targets.add({ .name = u"Office"_s }).value();
    QVERIFY(targets.setEnabled(target.id, false));
    target.state = TargetState::InStep;
    target.generation = 7;
    events();

    QVERIFY(connections.updateState(seen));
    QVERIFY(targets.updateState(target));

    const Connection after = m_fixture->connection();
    QCOMPARE(after.state, ConnectionState::Disabled);
    QVERIFY(!after.nextAttemptAt);
    QVERIFY(!after.stateReason.isEmpty());
    QCOMPARE(after.failureCount, 3);
    const auto stored = targets.byId(target.id).value();
    QCOMPARE(stored.state, TargetState::Disabled);
    QCOMPARE(stored.generation, 7);
    QCOMPARE(events(), QStringList());
}

void TstAdminAudit::theServicesOwnStopIsTheSystems()
{
    m_fixture->updateState([this](Connection& connection) {
        connection.state = ConnectionState::NeedsAttention;
        connection.firstFailedAt = m_fixture->clock.nowUtc() - std::chrono::days(29);
    });
    m_fixture->directory.answer({ .error = Error { .code = ErrorCode::Auth } });

    QVERIFY(!m_fixture->sync(RunTrigger::Schedule));

    QCOMPARE(m_fixture->connection().state, ConnectionState::Disabled);
    QCOMPARE(last(u"connection_disabled"_s).actor, u"system"_s);
}

Listing TstAdminAudit::heldListing()
{
    m_fixture->directory.answer(test::crowd(30));
    Listing fewer = test::crowd(30);
    for (const auto* id : { "u001", "u002", "u003", "u004" }) {
        fewer.removeUser(QString::fromLatin1(id));
    }
    const bool isSynced = m_fixture->sync().hasValue();
    m_fixture->directory.answer(fewer);
    return isSynced && m_fixture->sync().hasValue() && m_fixture->hold() ? fewer : Listing();
}

void TstAdminAudit::anApprovedHoldNamesPlanAndRows()
{
    QVERIFY(!heldListing().users.empty());
    const QString hash = m_fixture->hold()->planHash;
    const Approval two { .planHash = hash, .keys = { u"user:u001"_s, u"user:u003"_s } };

    const auto applied = m_fixture->runner().apply(
        m_fixture->id, hash, two, { .trigger = RunTrigger::Approval, .actor = u"ann"_s });

    QVERIFY2(applied, applied ? "" : qPrintable(applied.error().toText()));
    const AuditEntry approved = last(u"hold_approved"_s);
    QCOMPARE(approved.actor, u"ann"_s);
    QCOMPARE(approved.subject, m_fixture->id);
    const auto details = QJsonDocument::fromJson(approved.details.toUtf8()).object();
    QCOMPARE(details.value(u"plan_hash"_s).toString(), hash);
    QCOMPARE(details.value(u"rows"_s).toInt(), 4); // two people, with their memberships
    QCOMPARE(details.value(u"run"_s).toInteger(), qint64 { applied->run->id });
    QCOMPARE(m_fixture->live()->userCount(), 28U);
}

void TstAdminAudit::aRejectedHoldNamesItsPlan()
{
    QVERIFY(!heldListing().users.empty());
    const QString hash = m_fixture->hold()->planHash;

    QVERIFY(m_fixture->runner().rejectHold(m_fixture->id, hash, u"ann"_s));

    const AuditEntry rejected = last(u"hold_rejected"_s);
    QCOMPARE(rejected.actor, u"ann"_s);
    QVERIFY(rejected.details.contains(hash));
}

static const bool kAdminAuditRegistered = test::registerTestClass<TstAdminAudit>("adminaudit");

} // namespace portreeve

#include "tst_adminaudit.moc"
