// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/settings/datadirectory.h"
#include "core/store/store.h"
#include "tests/cli/ctlprocess.h"
#include "tests/support/testregistry.h"

#include <QFile>
#include <QHash>
#include <QTest>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace portreeve::test {

/// From a made-up directory to an exported policy, as a script would do it.
class TstCtlSync : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void planShowsChangesAndWritesNothing();
    void planFileIsAppliedOnce();
    void effectiveMembersAreThoseOfTheExample();
    void whyPrintsThePath();
    void secondSyncHasNothingToDo();
    void stalePlanIsRefused();
    void aKilledRunIsEndedBeforeTheNextPlan();
    void revertIsShownBeforeItIsDone();
    void heldRevertSaysWhyAndHowToGoOn();
    void heldRemovalsAreRejected();
    void policyOnAGroupIsStoredAndExported();
    void accessTellsWhoGetsInAndWhy();
    void mistypedConnectionIsNamed();
    void aNameOfTwoGroupsIsRefused();
    void removingProtectedUsersNeedsTheirNames();
    void enabledConnectionIsVerifiedAgain();
    void connectionThatFailsItsTestIsNotEnabled();
    void policiesAreExportedForOtherTools();
    void nothingIsExportedThatTheProxyCannotRead();
    void theProxysAnswerToAFileIsTold();
    void routesOfTheOperatorsFileCount();
    void backupIsRestored();
    void selfcheckNamesTheSecretStore();
    void statusIsStaleAfterTheAllowedTime();

private:
    CtlProcess m_ctl;
};

void TstCtlSync::initTestCase()
{
    const auto added = m_ctl.run({ u"--json"_s, u"sample"_s, u"--users"_s, u"200"_s });

    QCOMPARE(added.exitCode, 0);
    QCOMPARE(added.json().value(u"provider"_s).toString(), u"sample"_s);
}

void TstCtlSync::planShowsChangesAndWritesNothing()
{
    const QByteArray before = m_ctl.databaseBytes();

    const auto plan = m_ctl.run(
        { u"--json"_s, u"plan"_s, u"Sample"_s, u"--out"_s, m_ctl.file(u"plan.json"_s) });

    QVERIFY2(plan.exitCode == 2, plan.err.constData());
    QCOMPARE(plan.json().value(u"verdict"_s).toString(), u"go"_s);
    QVERIFY(plan.json()
                .value(u"counts"_s)
                .toObject()
                .value(u"users"_s)
                .toObject()
                .value(u"added"_s)
                .toInt()
        >= 200);
    QVERIFY(m_ctl.databaseBytes() == before);
}

void TstCtlSync::planFileIsAppliedOnce()
{
    const auto applied = m_ctl.run({ u"--json"_s, u"apply"_s, m_ctl.file(u"plan.json"_s) });

    QVERIFY2(applied.exitCode == 0, applied.err.constData());
    QVERIFY(applied.json().value(u"generation"_s).toInt() > 0);
    QVERIFY(!applied.json().value(u"run_id"_s).toString().isEmpty());
}

void TstCtlSync::effectiveMembersAreThoseOfTheExample()
{
    const auto shown = m_ctl.run({ u"--json"_s, u"group"_s, u"show"_s, u"Everyone"_s });

    QVERIFY2(shown.exitCode == 0, shown.err.constData());
    QStringList logins;
    for (const auto& member : shown.json().value(u"effective_members"_s).toArray()) {
        logins.append(member.toObject().value(u"login"_s).toString());
    }
    logins.sort();
    QCOMPARE(logins, QStringList({ u"alice"_s, u"bob"_s, u"john"_s, u"patrick"_s, u"steve"_s }));
}

void TstCtlSync::whyPrintsThePath()
{
    const auto why = m_ctl.run({ u"--json"_s, u"why"_s, u"john"_s, u"Everyone"_s });

    QVERIFY(why.json().value(u"member"_s).toBool());
    const auto path = why.json().value(u"paths"_s).toArray().at(0).toArray();
    QCOMPARE(path.at(1).toString(), u"DevOps"_s);
    QCOMPARE(path.at(2).toString(), u"Engineering"_s);
    QCOMPARE(path.at(3).toString(), u"Everyone"_s);
}

void TstCtlSync::secondSyncHasNothingToDo()
{
    QCOMPARE(m_ctl.run({ u"plan"_s, u"Sample"_s }).exitCode, 0);
    QCOMPARE(m_ctl.run({ u"sync"_s, u"Sample"_s }).exitCode, 0);
}

void TstCtlSync::stalePlanIsRefused()
{
    const auto again = m_ctl.run({ u"--json"_s, u"apply"_s, m_ctl.file(u"plan.json"_s) });

    QCOMPARE(again.exitCode, 1);
    QCOMPARE(again.error().value(u"code"_s).toString(), u"stale"_s);
}

void TstCtlSync::aKilledRunIsEndedBeforeTheNextPlan()
{
    {
        SystemClock clock;
        const auto store = Store::open({ .path = databasePath(m_ctl.file(u"data"_s)) }, clock);
        QVERIFY(store.hasValue());
        auto connection = (*store)->connections().byName(u"Sample"_s);
        QVERIFY(connection.hasValue());
        connection->state = ConnectionState::Syncing;
        QVERIFY((*store)->connections().updateState(*connection).hasValue());
    }

    QCOMPARE(m_ctl.run({ u"plan"_s, u"Sample"_s }).exitCode, 0);

    const auto shown = m_ctl.run({ u"--json"_s, u"connection"_s, u"show"_s, u"Sample"_s }).json();
    QCOMPARE(shown.value(u"state"_s).toString(), u"idle"_s);
    QVERIFY(shown.value(u"state_reason"_s).toString().contains(u"interrupted"));
}

void TstCtlSync::revertIsShownBeforeItIsDone()
{
    const auto runs = m_ctl.run({ u"--json"_s, u"run"_s, u"list"_s }).jsonLines();
    QVERIFY(!runs.empty());
    const QString first = runs.back().value(u"run_id"_s).toString();

    const auto shown = m_ctl.run({ u"--json"_s, u"run"_s, u"revert"_s, first });

    QVERIFY2(shown.exitCode == 3, shown.err.constData()); // it takes everybody away
    QCOMPARE(shown.json().value(u"verdict"_s).toString(), u"held"_s);
    QVERIFY(m_ctl.run({ u"--json"_s, u"group"_s, u"show"_s, u"Everyone"_s }).exitCode == 0);
}

void TstCtlSync::heldRevertSaysWhyAndHowToGoOn()
{
    const CtlProcess ctl;
    QCOMPARE(ctl.run({ u"sample"_s, u"--users"_s, u"50"_s }).exitCode, 0);
    const QString run = ctl.run({ u"--json"_s, u"sync"_s, u"Sample"_s })
                            .jsonLines()
                            .front()
                            .value(u"run_id"_s)
                            .toString();

    const auto held = ctl.run({ u"run"_s, u"revert"_s, run, u"--yes"_s });
    const auto shown = ctl.run({ u"--json"_s, u"run"_s, u"revert"_s, run });
    const auto allowed = ctl.run({ u"--json"_s, u"run"_s, u"revert"_s, run, u"--yes"_s,
        u"--allow-held"_s, shown.json().value(u"plan_hash"_s).toString() });

    QCOMPARE(held.exitCode, 3);
    QVERIFY2(!held.out.contains("Reverted as run"), held.out.constData());
    QVERIFY2(held.err.contains(" holds: "), held.err.constData());
    QVERIFY2(held.err.contains(QByteArray("run revert " + run.toUtf8())), held.err.constData());
    QCOMPARE(shown.exitCode, 3);
    QVERIFY2(shown.err.contains("--allow-held"), shown.err.constData());
    QVERIFY2(allowed.exitCode == 0, QByteArray(allowed.out + allowed.err).constData());
    QVERIFY(allowed.json().contains(u"run_id"_s));
}

void TstCtlSync::heldRemovalsAreRejected()
{
    const CtlProcess ctl;
    const QStringList count { u"--json"_s, u"user"_s, u"list"_s, u"--limit"_s, u"1000"_s };
    QCOMPARE(ctl.run({ u"sample"_s, u"--users"_s, u"200"_s }).exitCode, 0);
    QCOMPARE(ctl.run({ u"sync"_s, u"Sample"_s }).exitCode, 0);
    const auto before = ctl.run(count).jsonLines().size();
    QCOMPARE(
        ctl.run({ u"connection"_s, u"edit"_s, u"Sample"_s, u"--set"_s, u"users=50"_s }).exitCode,
        0);

    const auto nothing = ctl.run({ u"run"_s, u"reject"_s, u"Sample"_s, u"0"_s });
    const auto held = ctl.run({ u"--json"_s, u"sync"_s, u"Sample"_s });
    const QString hash = held.jsonLines().front().value(u"held_hash"_s).toString();
    const auto other = ctl.run({ u"--json"_s, u"run"_s, u"reject"_s, u"Sample"_s, u"0"_s });
    const auto rejected = ctl.run({ u"--json"_s, u"run"_s, u"reject"_s, u"Sample"_s, hash });

    QCOMPARE(nothing.exitCode, 4);
    QVERIFY2(held.exitCode == 3, held.err.constData());
    QVERIFY2(
        held.err.contains(QByteArray("run reject Sample " + hash.toUtf8())), held.err.constData());
    QCOMPARE(other.exitCode, 1);
    QCOMPARE(other.error().value(u"code"_s).toString(), u"stale"_s);
    QVERIFY2(rejected.exitCode == 0, rejected.err.constData());
    QVERIFY(rejected.json().value(u"rejected"_s).toInt() > 0);
    QCOMPARE(ctl.run({ u"sync"_s, u"Sample"_s }).exitCode, 0);
    QVERIFY(ctl.run(count).jsonLines().size() >= before);
}

void TstCtlSync::policyOnAGroupIsStoredAndExported()
{
    const QString group = m_ctl.run({ u"--json"_s, u"group"_s, u"show"_s, u"Engineering"_s })
                              .json()
                              .value(u"id"_s)
                              .toString();
    const QString file = m_ctl.write(
        u"engineering.yaml"_s, "allow:\n  and:\n    - groups: {has: \"" + group.toUtf8() + "\"}\n");

    QCOMPARE(m_ctl.run({ u"policy"_s, u"add"_s, u"Engineering"_s, u"--file"_s, file }).exitCode, 0);
    QCOMPARE(m_ctl
                 .run({ u"route"_s, u"add"_s, u"Wiki"_s, u"--from"_s, u"https://wiki.example.org"_s,
                     u"--to"_s, u"http://127.0.0.1:8080"_s, u"--policy"_s, u"Engineering"_s })
                 .exitCode,
        0);
    const auto fragment = m_ctl.run({ u"export"_s, u"fragment"_s });

    QVERIFY2(fragment.exitCode == 0, fragment.err.constData());
    QVERIFY(fragment.out.contains("https://wiki.example.org"));
    QVERIFY(fragment.out.contains(group.toUtf8()));
}

void TstCtlSync::accessTellsWhoGetsInAndWhy()
{
    const auto asked = m_ctl.run({ u"--json"_s, u"access"_s, u"who"_s, u"Wiki"_s });
    const auto none = m_ctl.run({ u"access"_s, u"who"_s, u"Wikki"_s });

    QVERIFY2(asked.exitCode == 0, asked.err.constData());
    const auto lines = asked.jsonLines();
    QVERIFY(lines.size() >= 200);
    QHash<QString, QString> verdicts;
    for (const auto& line : lines) {
        QVERIFY(!line.value(u"because"_s).toArray().isEmpty());
        verdicts.insert(line.value(u"user"_s).toString(), line.value(u"verdict"_s).toString());
    }
    const auto members = m_ctl.run({ u"--json"_s, u"group"_s, u"show"_s, u"Engineering"_s }).json();
    const auto inside = members.value(u"effective_members"_s).toArray();
    QVERIFY(!inside.isEmpty());
    for (const auto& member : inside) {
        QCOMPARE(verdicts.value(member.toObject().value(u"id"_s).toString()), u"yes"_s);
    }
    QCOMPARE(std::ranges::count(verdicts, u"yes"_s), inside.size());
    QCOMPARE(lines.front().value(u"verdict"_s).toString(), u"yes"_s);
    QCOMPARE(none.exitCode, 1);
}

void TstCtlSync::mistypedConnectionIsNamed()
{
    for (const QStringList& words : { QStringList { u"user"_s, u"list"_s },
             { u"group"_s, u"list"_s }, { u"user"_s, u"show"_s, u"john"_s },
             { u"access"_s, u"who"_s, u"Wiki"_s }, { u"run"_s, u"list"_s } }) {
        const auto answer = m_ctl.run(words + QStringList { u"--connection"_s, u"Sampel"_s });

        QCOMPARE(answer.exitCode, 4);
        QVERIFY2(answer.err.contains("Sampel"), answer.err.constData());
        QVERIFY2(answer.err.contains("Sample?"), answer.err.constData());
        QVERIFY(answer.out.isEmpty());
    }
}

void TstCtlSync::aNameOfTwoGroupsIsRefused()
{
    const auto added = m_ctl.run({ u"--json"_s, u"connection"_s, u"add"_s, u"Second"_s,
        u"--provider"_s, u"sample"_s, u"--set"_s, u"users=20"_s });
    QVERIFY2(added.exitCode == 0, added.err.constData());
    const auto synced = m_ctl.run({ u"--json"_s, u"sync"_s, u"Second"_s });
    QVERIFY2(synced.exitCode == 0, synced.err.constData());
    const QByteArray before = m_ctl.databaseBytes();

    const auto shown = m_ctl.run({ u"--json"_s, u"group"_s, u"show"_s, u"Everyone"_s });

    QCOMPARE(shown.exitCode, 4);
    const QString what = shown.error().value(u"what"_s).toString();
    QVERIFY2(what.contains(u"“Everyone” names more than one"), shown.err.constData());
    QVERIFY(what.contains(u"Sample/") && what.contains(u"Second/"));
    QVERIFY(shown.error().value(u"remedy"_s).toString().contains(u"--connection"));
    QVERIFY(shown.out.isEmpty());
    QVERIFY(m_ctl.databaseBytes() == before);
    const auto one = m_ctl.run(
        { u"--json"_s, u"group"_s, u"show"_s, u"Everyone"_s, u"--connection"_s, u"Second"_s });
    QVERIFY2(one.exitCode == 0, one.err.constData());
}

// The second connection of the test before.
void TstCtlSync::removingProtectedUsersNeedsTheirNames()
{
    const auto users = m_ctl.run({ u"--json"_s, u"user"_s, u"list"_s, u"--connection"_s,
        u"Second"_s, u"--limit"_s, u"1"_s });
    const QString id = users.jsonLines().front().value(u"id"_s).toString();
    QVERIFY2(!id.isEmpty(), users.out.constData());
    QCOMPARE(
        m_ctl.run({ u"user"_s, u"protect"_s, id, u"--connection"_s, u"Second"_s }).exitCode, 0);
    const QStringList remove { u"--json"_s, u"connection"_s, u"remove"_s, u"Second"_s };

    const auto asked = m_ctl.run(remove);
    const auto refused = m_ctl.run(remove + QStringList { u"--yes"_s });

    QCOMPARE(asked.exitCode, 4);
    QCOMPARE(refused.exitCode, 3);
    for (const auto& answer : { asked, refused }) {
        QVERIFY2(answer.error().value(u"what"_s).toString().contains(id), answer.err.constData());
        QVERIFY(answer.error().value(u"remedy"_s).toString().contains(u"--protected "_s + id));
    }
    QCOMPARE(m_ctl.run({ u"connection"_s, u"show"_s, u"Second"_s }).exitCode, 0);
    QCOMPARE(m_ctl.run(remove + QStringList { u"--yes"_s, u"--protected"_s, id }).exitCode, 0);
    QCOMPARE(m_ctl.run({ u"connection"_s, u"show"_s, u"Second"_s }).exitCode, 1);
}

void TstCtlSync::enabledConnectionIsVerifiedAgain()
{
    const auto disabled = m_ctl.run({ u"--json"_s, u"connection"_s, u"disable"_s, u"Sample"_s });
    const auto enabled = m_ctl.run({ u"--json"_s, u"connection"_s, u"enable"_s, u"Sample"_s });

    QCOMPARE(disabled.json().value(u"state"_s).toString(), u"disabled"_s);
    QVERIFY2(enabled.exitCode == 0, enabled.err.constData());
    QVERIFY(!enabled.json().value(u"steps"_s).toArray().isEmpty()); // one document
    const auto shown = m_ctl.run({ u"--json"_s, u"connection"_s, u"show"_s, u"Sample"_s }).json();
    QCOMPARE(shown.value(u"state"_s).toString(), u"idle"_s);
}

void TstCtlSync::connectionThatFailsItsTestIsNotEnabled()
{
    const CtlProcess ctl;
    QCOMPARE(ctl.run({ u"sample"_s, u"--users"_s, u"20"_s }).exitCode, 0);
    QCOMPARE(ctl.run({ u"sync"_s, u"Sample"_s }).exitCode, 0);
    QCOMPARE(ctl.run({ u"connection"_s, u"disable"_s, u"Sample"_s }).exitCode, 0);
    // Another seed is another tenant, which a test refuses.
    QCOMPARE(
        ctl.run({ u"connection"_s, u"edit"_s, u"Sample"_s, u"--set"_s, u"seed=7"_s }).exitCode, 0);

    const auto enabled = ctl.run({ u"--json"_s, u"connection"_s, u"enable"_s, u"Sample"_s });

    QCOMPARE(enabled.exitCode, 4);
    QVERIFY(!enabled.json().value(u"steps"_s).toArray().isEmpty());
    const auto shown = ctl.run({ u"--json"_s, u"connection"_s, u"show"_s, u"Sample"_s }).json();
    QCOMPARE(shown.value(u"state"_s).toString(), u"needs_attention"_s);
    QVERIFY(!shown.value(u"state_reason"_s).toString().contains(u"interrupted"));
}

void TstCtlSync::policiesAreExportedForOtherTools()
{
    const auto kubernetes = m_ctl.run({ u"export"_s, u"kubernetes"_s });
    const auto gateway = m_ctl.run({ u"export"_s, u"gateway"_s, u"--namespace"_s, u"proxy"_s });
    const auto terraform = m_ctl.run(
        { u"export"_s, u"terraform"_s, u"--api-url"_s, u"https://proxy.example.org:5443"_s });

    QVERIFY2(kubernetes.exitCode == 0, kubernetes.err.constData());
    QVERIFY(kubernetes.out.contains("  name: \"wiki\"\n"));
    QVERIFY(kubernetes.out.contains("    ingress.pomerium.io/policy: |\n      - allow:\n"));
    QVERIFY2(gateway.exitCode == 0, gateway.err.constData());
    QVERIFY(gateway.out.contains("kind: PolicyFilter\n"));
    QVERIFY(gateway.out.contains("  namespace: \"proxy\"\n"));
    QVERIFY2(terraform.exitCode == 0, terraform.err.constData());
    QVERIFY(terraform.out.contains("policies = [pomerium_policy.engineering.id]\n"));
    QVERIFY(terraform.out.contains("\"https://proxy.example.org:5443\""));
}

void TstCtlSync::nothingIsExportedThatTheProxyCannotRead()
{
    const QString file
        = m_ctl.write(u"office.yaml"_s, "allow:\n  and:\n    - day_of_week: mon-fri\n");
    QCOMPARE(m_ctl.run({ u"policy"_s, u"add"_s, u"Office"_s, u"--file"_s, file }).exitCode, 0);
    const QString out = m_ctl.file(u"proxy.tf"_s);
    const QStringList terraform { u"export"_s, u"terraform"_s, u"--out"_s, out };

    const auto core = m_ctl.run(terraform);
    const auto enterprise = m_ctl.run(terraform + QStringList { u"--edition"_s, u"enterprise"_s });
    const auto wrong = m_ctl.run(terraform + QStringList { u"--edition"_s, u"premium"_s });

    QCOMPARE(core.exitCode, 4);
    QVERIFY2(core.err.contains("Office: "), core.err.constData());
    QVERIFY2(enterprise.exitCode == 0, enterprise.err.constData());
    QVERIFY(QFile::exists(out));
    QCOMPARE(wrong.exitCode, 4);
    QCOMPARE(m_ctl.run({ u"policy"_s, u"remove"_s, u"Office"_s }).exitCode, 0);
}

void TstCtlSync::theProxysAnswerToAFileIsTold()
{
    const QString base = m_ctl.write(u"base.yaml"_s, "routes: []\n");
    const QStringList config { u"export"_s, u"config"_s, u"--base"_s, base, u"--out"_s,
        m_ctl.file(u"config.yaml"_s), u"--health"_s };

    const auto silent = m_ctl.run(config + QStringList { u"http://127.0.0.1:1/healthz"_s });
    const auto wrong = m_ctl.run(config + QStringList { u"healthz"_s });

    QVERIFY2(silent.exitCode == 0, silent.err.constData());
    QVERIFY2(silent.err.contains("not confirmed"), silent.err.constData());
    QCOMPARE(wrong.exitCode, 4);
}

void TstCtlSync::routesOfTheOperatorsFileCount()
{
    const QString base = m_ctl.write(u"hiding.yaml"_s,
        "routes:\n  - from: https://wiki.example.org\n    to: http://127.0.0.1:1\n");
    const QString out = m_ctl.file(u"hidden.yaml"_s);

    const auto hidden = m_ctl.run({ u"export"_s, u"config"_s, u"--base"_s, base, u"--out"_s, out });

    QCOMPARE(hidden.exitCode, 4);
    QVERIFY2(hidden.err.contains("Wiki: "), hidden.err.constData());
    QVERIFY(!QFile::exists(out));
}

void TstCtlSync::backupIsRestored()
{
    const QString file = m_ctl.file(u"backup.sqlite"_s);

    QCOMPARE(m_ctl.run({ u"backup"_s, file }).exitCode, 0);
    QCOMPARE(m_ctl.run({ u"policy"_s, u"list"_s }).exitCode, 0);
    QCOMPARE(m_ctl.run({ u"connection"_s, u"remove"_s, u"Sample"_s, u"--yes"_s }).exitCode, 0);
    QCOMPARE(m_ctl.run({ u"restore"_s, file }).exitCode, 0);

    QCOMPARE(m_ctl.run({ u"group"_s, u"show"_s, u"Everyone"_s }).exitCode, 0);
}

void TstCtlSync::selfcheckNamesTheSecretStore()
{
    const auto answer = m_ctl.run({ u"--json"_s, u"selfcheck"_s });

    QVERIFY2(answer.exitCode == 0, answer.out.constData());
    QVERIFY(answer.out.contains("secrets.json"));
}

void TstCtlSync::statusIsStaleAfterTheAllowedTime()
{
    QCOMPARE(m_ctl.run({ u"status"_s }).exitCode, 0);
    QCOMPARE(m_ctl.run({ u"status"_s, u"--max-age"_s, u"0"_s }).exitCode, 6);
}

static const bool kCtlSyncRegistered = registerTestClass<TstCtlSync>("ctlsync");

} // namespace portreeve::test

#include "tst_ctlsync.moc"
