// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/cli/ctlprocess.h"
#include "tests/support/configserviceserver.h"
#include "tests/support/consoledouble.h"
#include "tests/support/databrokerdouble.h"
#include "tests/support/madeupdevices.h"
#include "tests/support/testregistry.h"

#include <QFile>
#include <QTest>

using namespace Qt::StringLiterals;

namespace portreeve::test {

namespace {
constexpr qint64 kActivePeople
    = 150; ///< of the 200 made up, at least: suspended people are left out

QString secretText()
{
    return QString::fromLatin1(DatabrokerDouble::secret().toBase64());
}

qint64 count(const QJsonObject& object, const QString& kind, const QString& what)
{
    return object.value(kind).toObject().value(what).toInteger();
}
} // namespace

/// Targets and pushes as a script uses them, against a proxy in the test's process.
class TstCtlTargets : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void targetIsAddedWithItsSecretInTheStore();
    void wrongOptionsAreNamed();
    void targetIsTestedStepByStep();
    void dryRunHasChangesAndWritesNothing();
    void pushDeliversAndTheSecondHasNothingToDo();
    void manyDeletionsAreHeld();
    void wrongSecretExitsWithFive();
    void unreachableTargetExitsWithOne();
    void blockThatNoRouteCarriesFails();
    void policiesGoByTheConfigurationService();
    void personIsBlockedAndLetInAgain();
    void debugLinesHoldNoTokens();
    void policyIsAttachedToARouteOfOthers();
    void policiesGoAsRecords();
    void policiesGoToTheConsoleOfEnterprise();
    void theConsoleNeedsATokenThatIsOne();
    void joinCheckAnswers();
    void statusAndSelfcheckSpeakOfTargets();
    void editRenameDisableRemove();
    void refusedEditLeavesTheSecretAlone();
    void nothingSecretIsPrinted();

private:
    CtlAnswer run(const QStringList& arguments);

    CtlProcess m_ctl;
    DatabrokerDouble m_broker;
    SystemClock m_clock;
    ConfigServiceDouble m_proxy { DatabrokerDouble::secret(), m_clock };
    ConfigServiceServer m_service { m_proxy };
    ConsoleDouble m_console;
    QByteArray m_said; // by all runs
};

CtlAnswer TstCtlTargets::run(const QStringList& arguments)
{
    auto answer = m_ctl.run(QStringList { u"--json"_s } + arguments);
    m_said += answer.out + answer.err;
    return answer;
}

void TstCtlTargets::initTestCase()
{
    QCOMPARE(run({ u"sample"_s, u"--users"_s, u"200"_s }).exitCode, 0);
    QCOMPARE(run({ u"sync"_s, u"Sample"_s }).exitCode, 0);
    m_ctl.write(u"secret"_s, secretText().toUtf8() + '\n');
    m_ctl.write(u"wrong"_s, QByteArray(32, 'x').toBase64());
}

void TstCtlTargets::targetIsAddedWithItsSecretInTheStore()
{
    const auto added = run({ u"target"_s, u"add"_s, u"Office"_s, u"--set"_s,
        u"address="_s + m_broker.endpoint().address(), u"--set"_s, u"policy_channel=none"_s,
        u"--secret"_s, u"shared_secret=@"_s + m_ctl.file(u"secret"_s) });

    QVERIFY2(added.exitCode == 0, added.err.constData());
    QCOMPARE(added.json().value(u"state"_s).toString(), u"new"_s);
    const auto shown = run({ u"target"_s, u"show"_s, u"Office"_s });
    QCOMPARE(shown.json().value(u"secrets"_s).toObject().value(u"shared_secret"_s).toString(),
        u"stored"_s);
    QCOMPARE(run({ u"target"_s, u"list"_s }).json().value(u"targets"_s).toArray().size(), 1);
}

void TstCtlTargets::wrongOptionsAreNamed()
{
    const auto unknown = run({ u"target"_s, u"add"_s, u"X"_s, u"--set"_s, u"adress=1"_s });
    const auto open
        = run({ u"target"_s, u"add"_s, u"X"_s, u"--set"_s, u"address=proxy.example.org:5443"_s });
    const auto shortSecret = run({ u"target"_s, u"edit"_s, u"Office"_s, u"--secret"_s,
        u"shared_secret=@"_s + m_ctl.write(u"short"_s, "planted-77ab") });

    QCOMPARE(unknown.exitCode, 4);
    QCOMPARE(unknown.error().value(u"field"_s).toString(), u"adress"_s);
    QCOMPARE(open.exitCode, 4);
    QCOMPARE(open.error().value(u"field"_s).toString(), u"tls"_s);
    QCOMPARE(shortSecret.exitCode, 4);
    QCOMPARE(shortSecret.error().value(u"field"_s).toString(), u"shared_secret"_s);
    QVERIFY(!shortSecret.err.contains("planted-77ab"));
}

void TstCtlTargets::targetIsTestedStepByStep()
{
    const auto tested = run({ u"target"_s, u"test"_s, u"Office"_s });

    QVERIFY2(tested.exitCode == 0, QByteArray(tested.out + tested.err).constData());
    const auto steps = tested.json().value(u"steps"_s).toArray();
    QVERIFY(steps.size() >= 5);
    for (const auto& step : steps) {
        QVERIFY(step.toObject().value(u"ok"_s).toBool());
    }
}

void TstCtlTargets::dryRunHasChangesAndWritesNothing()
{
    const QByteArray before = m_ctl.databaseBytes();

    const auto plan = run({ u"push"_s, u"Office"_s, u"--dry-run"_s });

    QVERIFY2(plan.exitCode == 2, plan.err.constData());
    QCOMPARE(plan.json().value(u"target"_s).toString(), u"Office"_s);
    QVERIFY(count(plan.json(), u"users"_s, u"put"_s) > kActivePeople);
    QCOMPARE(plan.json().value(u"verdict"_s).toString(), u"go"_s);
    QVERIFY(!plan.json().value(u"server_version"_s).toString().isEmpty());
    QCOMPARE(m_broker.count(u"Put"_s), 0);
    QVERIFY(m_ctl.databaseBytes() == before);
}

void TstCtlTargets::pushDeliversAndTheSecondHasNothingToDo()
{
    const auto planned = run({ u"push"_s, u"Office"_s, u"--dry-run"_s });
    const auto stale = run({ u"push"_s, u"Office"_s, u"--plan"_s, u"0000"_s });
    const auto pushed = run(
        { u"push"_s, u"Office"_s, u"--plan"_s, planned.json().value(u"plan_hash"_s).toString() });
    const auto again = run({ u"push"_s, u"Office"_s });
    const auto dry = run({ u"push"_s, u"Office"_s, u"--dry-run"_s });

    QCOMPARE(stale.exitCode, 1);
    QCOMPARE(stale.error().value(u"code"_s).toString(), u"stale"_s);
    QVERIFY2(pushed.exitCode == 0, pushed.err.constData());
    QVERIFY(count(pushed.json(), u"users"_s, u"put"_s) > kActivePeople);
    QCOMPARE(again.exitCode, 0);
    QCOMPARE(count(again.json(), u"users"_s, u"put"_s), 0);
    QCOMPARE(dry.exitCode, 0);
    QCOMPARE(m_broker.records(recordtype::kDirectoryUser).size(),
        static_cast<std::size_t>(count(pushed.json(), u"users"_s, u"put"_s)));
    const auto history = run({ u"target"_s, u"pushes"_s, u"Office"_s }).jsonLines();
    QVERIFY(history.size() >= 2);
    QCOMPARE(history.front().value(u"trigger"_s).toString(), u"command_line"_s);
}

void TstCtlTargets::manyDeletionsAreHeld()
{
    QCOMPARE(run({ u"connection"_s, u"edit"_s, u"Sample"_s, u"--set"_s, u"users=150"_s,
                     u"--limit"_s, u"user_percent=0"_s, u"--limit"_s, u"membership_percent=0"_s,
                     u"--limit"_s, u"single_group_percent=0"_s, u"--limit"_s, u"group_percent=0"_s,
                     u"--limit"_s, u"access_percent=0"_s })
                 .exitCode,
        0);
    const auto synced = run({ u"sync"_s, u"Sample"_s });
    QVERIFY2(synced.exitCode == 0, synced.err.constData());

    const auto held = run({ u"push"_s, u"Office"_s });
    const auto allowed = run({ u"push"_s, u"Office"_s, u"--allow-held"_s,
        held.json().value(u"plan_hash"_s).toString() });

    QCOMPARE(held.exitCode, 3);
    QVERIFY(!held.json().value(u"held_reasons"_s).toArray().isEmpty());
    QVERIFY2(allowed.exitCode == 0, allowed.err.constData());
    QVERIFY(count(allowed.json(), u"users"_s, u"deleted"_s) > 5);
}

void TstCtlTargets::wrongSecretExitsWithFive()
{
    const auto edited = run({ u"target"_s, u"edit"_s, u"Office"_s, u"--secret"_s,
        u"shared_secret=@"_s + m_ctl.file(u"wrong"_s) });
    QCOMPARE(edited.exitCode, 0);

    const auto pushed = run({ u"push"_s, u"Office"_s });
    const auto tested = run({ u"target"_s, u"test"_s, u"Office"_s });

    QCOMPARE(pushed.exitCode, 5);
    QCOMPARE(pushed.error().value(u"code"_s).toString(), u"auth"_s);
    QCOMPARE(tested.exitCode, 5);
    QCOMPARE(run({ u"target"_s, u"show"_s, u"Office"_s }).json().value(u"state"_s).toString(),
        u"needs_attention"_s);
    const auto mended = run({ u"target"_s, u"edit"_s, u"Office"_s, u"--secret"_s,
        u"shared_secret=@"_s + m_ctl.file(u"secret"_s) });
    QCOMPARE(mended.json().value(u"state"_s).toString(), u"behind"_s);
    QCOMPARE(run({ u"push"_s, u"Office"_s }).exitCode, 0);
}

void TstCtlTargets::unreachableTargetExitsWithOne()
{
    m_broker.goAway();

    const auto pushed = run({ u"push"_s, u"Office"_s });

    m_broker.comeBack(false);
    QCOMPARE(pushed.exitCode, 1);
    QCOMPARE(pushed.error().value(u"code"_s).toString(), u"network"_s);
    QVERIFY(!pushed.error().value(u"remedy"_s).toString().isEmpty());
    QCOMPARE(run({ u"push"_s, u"Office"_s }).exitCode, 0);
}

void TstCtlTargets::blockThatNoRouteCarriesFails()
{
    const auto added = run({ u"target"_s, u"add"_s, u"Empty"_s, u"--set"_s,
        u"address="_s + m_service.url().authority(), u"--set"_s, u"directory_channel=none"_s,
        u"--secret"_s, u"shared_secret=@"_s + m_ctl.file(u"secret"_s) });
    QVERIFY2(added.exitCode == 0, added.err.constData());

    const auto blocked = run({ u"target"_s, u"block"_s, u"Empty"_s, u"john"_s });

    QCOMPARE(blocked.exitCode, 1);
    QVERIFY2(blocked.err.contains("carries the block"), blocked.err.constData());
    QVERIFY(blocked.json().value(u"routes"_s).toArray().isEmpty());
    QCOMPARE(run({ u"target"_s, u"unblock"_s, u"Empty"_s, u"john"_s }).exitCode, 0);
    QCOMPARE(run({ u"target"_s, u"remove"_s, u"Empty"_s, u"--yes"_s }).exitCode, 0);
}

void TstCtlTargets::policiesGoByTheConfigurationService()
{
    const QString text = m_ctl.write(
        u"policy.yaml"_s, "- allow:\n    or:\n      - domain:\n          is: example.com\n");
    QCOMPARE(run({ u"policy"_s, u"add"_s, u"Everyone"_s, u"--file"_s, text }).exitCode, 0);
    const auto route
        = run({ u"route"_s, u"add"_s, u"wiki"_s, u"--from"_s, u"https://wiki.example.com"_s,
            u"--to"_s, u"http://127.0.0.1:8080"_s, u"--policy"_s, u"Everyone"_s });
    QVERIFY2(route.exitCode == 0, route.err.constData());
    const auto added = run({ u"target"_s, u"add"_s, u"Policies"_s, u"--set"_s,
        u"address="_s + m_service.url().authority(), u"--set"_s, u"directory_channel=none"_s,
        u"--secret"_s, u"shared_secret=@"_s + m_ctl.file(u"secret"_s) });
    QVERIFY2(added.exitCode == 0, added.err.constData());

    const auto pushed = run({ u"push"_s, u"Policies"_s });
    const auto able
        = run({ u"target"_s, u"show"_s, u"Policies"_s }).json().value(u"capabilities"_s).toArray();
    const auto ability = [&able](QStringView feature) {
        const auto found = std::find_if(able.begin(), able.end(), [feature](const auto& row) {
            return row.toObject().value(u"feature"_s).toString() == feature;
        });
        return found == able.end() ? QJsonObject() : found->toObject();
    };

    QVERIFY2(pushed.exitCode == 0, pushed.err.constData());
    QCOMPARE(count(pushed.json(), u"routes"_s, u"put"_s), 1);
    QCOMPARE(count(pushed.json(), u"policies"_s, u"put"_s), 1);
    QVERIFY(ability(u"block_now").value(u"allowed"_s).toBool());
    QVERIFY(!ability(u"bundle_file").value(u"allowed"_s).toBool(true));
    QVERIFY(!ability(u"bundle_file").value(u"reason"_s).toString().isEmpty());
    QCOMPARE(m_proxy.routes().size(), 1);
}

void TstCtlTargets::personIsBlockedAndLetInAgain()
{
    const auto blocked = run({ u"target"_s, u"block"_s, u"Policies"_s, u"john"_s });

    QVERIFY2(blocked.exitCode == 0, blocked.err.constData());
    QCOMPARE(blocked.json().value(u"state"_s).toString(), u"written_not_confirmed"_s);
    QCOMPARE(m_proxy.policies().size(), 2);
    QCOMPARE(
        run({ u"target"_s, u"show"_s, u"Policies"_s }).json().value(u"blocked_users"_s).toArray(),
        QJsonArray { u"john"_s });
    const auto block = run({ u"target"_s, u"show"_s, u"Policies"_s })
                           .json()
                           .value(u"blocks"_s)
                           .toArray()
                           .at(0)
                           .toObject();
    QVERIFY(block.value(u"lifts_at"_s).isNull()); // only a person lets him in again
    QCOMPARE(run({ u"target"_s, u"unblock"_s, u"Policies"_s, u"john"_s }).exitCode, 0);
    QCOMPARE(run({ u"target"_s, u"block"_s, u"Office"_s, u"john"_s }).exitCode, 4);
}

void TstCtlTargets::debugLinesHoldNoTokens()
{
    const QStringList debug { u"--log-level"_s, u"debug"_s };
    const auto edited = run({ u"target"_s, u"edit"_s, u"Policies"_s, u"--set"_s,
        u"probe_url="_s + m_service.url().toString() });
    QVERIFY2(edited.exitCode == 0, edited.err.constData());
    const QString text
        = m_ctl.write(u"policy.yaml"_s, "- allow:\n    or:\n      - authenticated_user: true\n");
    QCOMPARE(run({ u"policy"_s, u"edit"_s, u"Everyone"_s, u"--file"_s, text }).exitCode, 0);
    m_proxy.restart(); // so that everything is written again
    m_proxy.forgetCalls();

    const auto pushed = run(debug + QStringList { u"push"_s, u"Policies"_s });
    const auto blocked
        = run(debug + QStringList { u"target"_s, u"block"_s, u"Policies"_s, u"john"_s });
    const auto lifted
        = run(debug + QStringList { u"target"_s, u"unblock"_s, u"Policies"_s, u"john"_s });

    QCOMPARE(count(pushed.json(), u"routes"_s, u"put"_s), 1);
    QCOMPARE(blocked.json().value(u"state"_s).toString(), u"done"_s);
    QCOMPARE(lifted.exitCode, 0);
    QVERIFY(m_proxy.methods().contains(u"CreateServiceAccount"_s)); // answered with a token
    for (const auto& answer : { pushed, blocked, lifted }) {
        QVERIFY2(answer.err.contains(" debug portreeve.net "), answer.err.constData());
        QVERIFY2(!answer.err.contains("eyJ"), answer.err.constData());
        QVERIFY(!answer.err.contains(secretText().toUtf8()));
    }
    QVERIFY(!m_ctl.databaseBytes().contains("eyJhbGciOi"));
}

void TstCtlTargets::policyIsAttachedToARouteOfOthers()
{
    m_proxy.putRoute({ { u"id"_s, u"shop"_s }, { u"name"_s, u"Shop"_s },
        { u"from"_s, u"https://shop.example.com"_s }, { u"to"_s, QJsonArray { u"http://shop"_s } },
        { u"originatorId"_s, u"terraform"_s } });
    const QStringList where { u"Policies"_s, u"--route"_s, u"shop"_s, u"--policy"_s,
        u"Everyone"_s };
    const auto attachments = [this] {
        return run({ u"target"_s, u"show"_s, u"Policies"_s })
            .json()
            .value(u"attachments"_s)
            .toArray();
    };
    const auto policiesOfShop
        = [this] { return m_proxy.routes().value(u"shop"_s).value(u"policyIds"_s).toArray(); };

    const auto routes = run({ u"target"_s, u"routes"_s, u"Policies"_s });
    QVERIFY2(routes.exitCode == 0, routes.err.constData());
    QCOMPARE(routes.json().value(u"id"_s).toString(), u"shop"_s);
    QCOMPARE(routes.json().value(u"keeper"_s).toString(), u"terraform"_s);

    const auto attached = run(QStringList { u"target"_s, u"attach"_s } + where);
    QVERIFY2(attached.exitCode == 0, attached.err.constData());
    QCOMPARE(attached.json().value(u"route_name"_s).toString(), u"Shop"_s);
    QCOMPARE(attachments().size(), 1);
    QVERIFY(policiesOfShop().isEmpty());
    QCOMPARE(run({ u"push"_s, u"Policies"_s, u"--dry-run"_s }).exitCode, 2);
    QCOMPARE(run({ u"push"_s, u"Policies"_s }).exitCode, 0);
    QCOMPARE(policiesOfShop().size(), 1);

    const auto detached = run(QStringList { u"target"_s, u"detach"_s } + where);
    QVERIFY2(detached.exitCode == 0, detached.err.constData());
    QVERIFY(!attachments().at(0).toObject().value(u"wanted"_s).toBool(true));
    QCOMPARE(run({ u"push"_s, u"Policies"_s }).exitCode, 0);
    QVERIFY(policiesOfShop().isEmpty());
    QVERIFY(attachments().isEmpty());
    QCOMPARE(run(QStringList { u"target"_s, u"detach"_s } + where).exitCode, 1);
    QCOMPARE(run({ u"target"_s, u"attach"_s, u"Policies"_s }).exitCode, 4);
    QCOMPARE(run({ u"target"_s, u"attach"_s, u"Office"_s, u"--route"_s, u"shop"_s, u"--policy"_s,
                     u"Everyone"_s })
                 .exitCode,
        4);
}

void TstCtlTargets::policiesGoAsRecords()
{
    const auto add = [this](const QString& version) {
        return run({ u"target"_s, u"add"_s, u"Records"_s, u"--set"_s,
            u"address="_s + m_broker.endpoint().address(), u"--set"_s,
            u"policy_channel=config_records"_s, u"--set"_s, u"directory_channel=none"_s, u"--set"_s,
            u"core_version="_s + version, u"--secret"_s,
            u"shared_secret=@"_s + m_ctl.file(u"secret"_s) });
    };
    const auto old = add(u"0.32"_s);
    QCOMPARE(old.exitCode, 4);
    QCOMPARE(old.error().value(u"field"_s).toString(), u"policy_channel"_s);
    const auto added = add(u"0.33"_s);
    QVERIFY2(added.exitCode == 0, added.err.constData());

    const auto dry = run({ u"push"_s, u"Records"_s, u"--dry-run"_s });
    const auto pushed = run({ u"push"_s, u"Records"_s });
    const auto again = run({ u"push"_s, u"Records"_s });
    const auto blocked = run({ u"target"_s, u"block"_s, u"Records"_s, u"john"_s });

    QCOMPARE(dry.exitCode, 2);
    QVERIFY2(pushed.exitCode == 0, pushed.err.constData());
    QCOMPARE(count(pushed.json(), u"routes"_s, u"put"_s), 1);
    QCOMPARE(count(again.json(), u"routes"_s, u"put"_s), 0);
    QVERIFY2(blocked.exitCode == 0, blocked.err.constData());
    QCOMPARE(blocked.json().value(u"state"_s).toString(), u"written_not_confirmed"_s);
    QCOMPARE(m_broker.records(recordtype::kConfigRoute).size(), std::size_t { 1 });
    QCOMPARE(m_broker.records(recordtype::kConfigPolicy).size(), std::size_t { 2 });
    QCOMPARE(run({ u"target"_s, u"remove"_s, u"Records"_s, u"--yes"_s }).exitCode, 0);
}

void TstCtlTargets::policiesGoToTheConsoleOfEnterprise()
{
    using Kind = ConsoleDouble::Kind;
    const QString token = u"console_token=@"_s + m_ctl.write(u"sa"_s, ConsoleDouble::token());
    const QByteArray theirs = QByteArray::fromHex("6a02081e"); // a timeout
    const auto add = [&](const QString& kind) {
        return run({ u"target"_s, u"add"_s, u"Enterprise"_s, u"--set"_s, u"kind="_s + kind,
            u"--set"_s, u"policy_channel=console_api"_s, u"--set"_s, u"directory_channel=none"_s,
            u"--set"_s, u"address="_s + m_console.endpoint().address(), u"--secret"_s, token });
    };
    const auto ofCore = add(u"core"_s);
    QCOMPARE(ofCore.exitCode, 4);
    QCOMPARE(ofCore.error().value(u"field"_s).toString(), u"policy_channel"_s);
    const auto added = add(u"enterprise"_s);
    QVERIFY2(added.exitCode == 0, added.err.constData());
    const auto shop = m_console.put(Kind::Route,
        { .name = u"Shop"_s,
            .originator = u"terraform"_s,
            .from = u"https://shop.example.com"_s,
            .to = { u"http://shop"_s },
            .unknown = theirs });

    const auto tested = run({ u"target"_s, u"test"_s, u"Enterprise"_s });
    const auto dry = run({ u"push"_s, u"Enterprise"_s, u"--dry-run"_s });
    QCOMPARE(m_console.writes(), QStringList());
    const auto pushed = run({ u"push"_s, u"Enterprise"_s });
    m_console.forgetCalls();
    const auto again = run({ u"push"_s, u"Enterprise"_s });

    QVERIFY2(tested.exitCode == 0, QByteArray(tested.out + tested.err).constData());
    QCOMPARE(dry.exitCode, 2);
    QVERIFY2(pushed.exitCode == 0, pushed.err.constData());
    QCOMPARE(count(pushed.json(), u"routes"_s, u"put"_s), 1);
    QCOMPARE(count(pushed.json(), u"policies"_s, u"put"_s), 1);
    QCOMPARE(again.exitCode, 0);
    QCOMPARE(m_console.writes(), QStringList());

    const auto attached = run({ u"target"_s, u"attach"_s, u"Enterprise"_s, u"--route"_s, shop,
        u"--policy"_s, u"Everyone"_s });
    QVERIFY2(attached.exitCode == 0, attached.err.constData());
    QCOMPARE(run({ u"push"_s, u"Enterprise"_s }).exitCode, 0);
    QCOMPARE(m_console.named(Kind::Route, u"Shop"_s)->policyIds.size(), 1);
    QCOMPARE(m_console.named(Kind::Route, u"Shop"_s)->unknown, theirs);
    const auto shown = run({ u"target"_s, u"show"_s, u"Enterprise"_s }).json();
    QCOMPARE(
        shown.value(u"secrets"_s).toObject().value(u"console_token"_s).toString(), u"stored"_s);
    QVERIFY(!m_ctl.databaseBytes().contains(ConsoleDouble::token()));
    QCOMPARE(run({ u"selfcheck"_s }).exitCode, 0);
    QCOMPARE(run({ u"target"_s, u"remove"_s, u"Enterprise"_s, u"--yes"_s }).exitCode, 0);
}

void TstCtlTargets::theConsoleNeedsATokenThatIsOne()
{
    const auto add = [&](const QString& secret) {
        return run({ u"target"_s, u"add"_s, u"Enterprise"_s, u"--set"_s, u"kind=enterprise"_s,
            u"--set"_s, u"policy_channel=console_api"_s, u"--set"_s, u"directory_channel=none"_s,
            u"--set"_s, u"address="_s + m_console.endpoint().address(), u"--secret"_s, secret });
    };

    const auto odd = add(u"console_token=@"_s + m_ctl.write(u"odd"_s, "planted-5b1e"));
    const auto other = add(u"console_token=@"_s + m_ctl.write(u"other"_s, "eyJh.eyJq.c2ln"));
    const auto pushed = run({ u"push"_s, u"Enterprise"_s });
    m_console.allowBootstrap(true);
    QCOMPARE(run({ u"target"_s, u"remove"_s, u"Enterprise"_s, u"--yes"_s }).exitCode, 0);
    const auto shared = add(u"shared_secret=@"_s + m_ctl.file(u"secret"_s));
    const auto bootstrapped = run({ u"target"_s, u"test"_s, u"Enterprise"_s });

    QCOMPARE(odd.exitCode, 4);
    QCOMPARE(odd.error().value(u"field"_s).toString(), u"console_token"_s);
    QVERIFY(!odd.err.contains("planted-5b1e"));
    QVERIFY2(other.exitCode == 0, other.err.constData());
    QCOMPARE(pushed.exitCode, 5);
    QVERIFY2(shared.exitCode == 0, shared.err.constData());
    QVERIFY2(
        bootstrapped.exitCode == 0, QByteArray(bootstrapped.out + bootstrapped.err).constData());
    QCOMPARE(run({ u"target"_s, u"remove"_s, u"Enterprise"_s, u"--yes"_s }).exitCode, 0);
}

void TstCtlTargets::joinCheckAnswers()
{
    const auto delivered = m_broker.records(recordtype::kDirectoryUser);
    QVERIFY(!delivered.empty());
    m_broker.write({ userRecord(delivered.front().id, u"One"_s, {}, {}),
        userRecord(u"oidc|stranger"_s, u"Two"_s, {}, {}) });

    const auto joined = run({ u"target"_s, u"join"_s, u"Office"_s });

    QVERIFY2(joined.exitCode == 0, joined.err.constData());
    QCOMPARE(joined.json().value(u"known"_s).toInt(-1), 2);
    QCOMPARE(joined.json().value(u"matched"_s).toInt(-1), 1);
    const auto missing = joined.json().value(u"missing"_s).toArray();
    QCOMPARE(missing.size(), 1);
    QCOMPARE(missing.at(0).toObject().value(u"user"_s).toString(), u"oidc|stranger"_s);
    QCOMPARE(run({ u"target"_s, u"join"_s, u"Policies"_s }).exitCode, 4);
}

void TstCtlTargets::statusAndSelfcheckSpeakOfTargets()
{
    const auto status = run({ u"status"_s });
    const auto checked = run({ u"selfcheck"_s });

    QCOMPARE(status.exitCode, 0);
    const auto targets = status.json().value(u"targets"_s).toArray();
    QCOMPARE(targets.size(), 2);
    QCOMPARE(targets.at(0).toObject().value(u"state"_s).toString(), u"in_step"_s);
    QCOMPARE(checked.exitCode, 0);
    QVERIFY(checked.out.contains("Office: shared_secret stored"));
}

void TstCtlTargets::editRenameDisableRemove()
{
    QCOMPARE(run({ u"target"_s, u"edit"_s, u"Policies"_s, u"--name"_s, u"Rules"_s }).exitCode, 0);
    QCOMPARE(run({ u"target"_s, u"disable"_s, u"Rules"_s }).exitCode, 0);
    QCOMPARE(run({ u"push"_s, u"Rules"_s }).exitCode, 4);
    QCOMPARE(run({ u"target"_s, u"enable"_s, u"Rules"_s }).exitCode, 0);
    QCOMPARE(run({ u"push"_s, u"Rules"_s }).exitCode, 0);

    QCOMPARE(run({ u"target"_s, u"remove"_s, u"Rules"_s }).exitCode, 4);
    QCOMPARE(run({ u"target"_s, u"remove"_s, u"Rules"_s, u"--yes"_s }).exitCode, 0);
    QCOMPARE(run({ u"target"_s, u"show"_s, u"Rules"_s }).exitCode, 1);
    QCOMPARE(m_proxy.routes().size(), 2); // ours, and that of somebody else
}

void TstCtlTargets::refusedEditLeavesTheSecretAlone()
{
    const auto secrets = [this] {
        QFile file(m_ctl.file(u"secrets.json"_s));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    };
    QCOMPARE(run({ u"target"_s, u"add"_s, u"Taken"_s, u"--secret"_s,
                     u"shared_secret=@"_s + m_ctl.file(u"secret"_s), u"--set"_s,
                     u"address="_s + m_broker.endpoint().address() })
                 .exitCode,
        0);
    const QString token = u"client_secret=@"_s + m_ctl.write(u"token"_s, "planted-31c7");
    QCOMPARE(run({ u"connection"_s, u"add"_s, u"Staff"_s, u"--provider"_s, u"keycloak"_s,
                     u"--set"_s, u"url=https://sso.example.org"_s, u"--set"_s, u"realm=staff"_s,
                     u"--set"_s, u"client_id=portreeve"_s, u"--secret"_s, token })
                 .exitCode,
        0);
    const QByteArray before = secrets();
    m_ctl.write(u"token"_s, "planted-99d0");

    const auto target = run({ u"target"_s, u"edit"_s, u"Office"_s, u"--name"_s, u"Taken"_s,
        u"--secret"_s, u"shared_secret=@"_s + m_ctl.file(u"wrong"_s) });
    const auto connection = run(
        { u"connection"_s, u"edit"_s, u"Staff"_s, u"--name"_s, u"Sample"_s, u"--secret"_s, token });

    QCOMPARE(target.exitCode, 4);
    QCOMPARE(connection.exitCode, 4);
    QVERIFY(!before.isEmpty());
    QVERIFY(secrets() == before);
}

void TstCtlTargets::nothingSecretIsPrinted()
{
    QVERIFY(!m_said.isEmpty());
    QVERIFY(!m_said.contains(secretText().toUtf8()));
    QVERIFY(!m_said.contains(QByteArray(32, 'x').toBase64()));
    QVERIFY(!m_said.contains("eyJ"));
    QVERIFY(!m_ctl.databaseBytes().contains(secretText().toUtf8()));
}

static const bool kCtlTargetsRegistered = registerTestClass<TstCtlTargets>("ctltargets");

} // namespace portreeve::test

#include "tst_ctltargets.moc"
