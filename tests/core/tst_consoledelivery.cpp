// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/deliveryfixture.h"
#include "tests/support/testregistry.h"

#include <QFile>
#include <QTest>

#include <algorithm>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace portreeve {

using test::ConsoleDouble;
using test::DeliveryFixture;
using Kind = configservice::EntityKind;

namespace {

/// A directory, a route for Engineering, an Enterprise and the target of it.
class EnterpriseFixture : public DeliveryFixture
{
public:
    explicit EnterpriseFixture(const QHash<QString, QString>& options = {})
    {
        commit(staff());
        addRoute(u"wiki"_s, u"engineering"_s);
        target = addConsoleTarget(console, options);
    }

    void pushOnce()
    {
        const auto pushed = push(target.id);
        if (!pushed) {
            QTest::qFail(qPrintable(pushed.error().toText()), __FILE__, __LINE__);
        }
        console.forgetCalls();
    }

    /// "options+ secret+ reach-"
    QString ticks(const QHash<QString, QString>& typed = {})
    {
        report = delivery()
                     .test({ .target = DeliveryFixture::target(target.id), .typedSecrets = typed },
                         control())
                     .value();
        QStringList out;
        for (const auto& step : report.steps) {
            out.append(step.name + (step.ok ? u'+' : u'-'));
        }
        return out.join(u' ');
    }

    std::size_t count(Kind kind) const { return console.objects(kind).size(); }

    ConsoleDouble console {};
    ProxyTarget target {};
    TargetReport report {};
};

} // namespace

/// Channel F as a target has it: policies and routes delivered to Enterprise's own console.
class TstConsoleDelivery : public QObject
{
    Q_OBJECT

private slots:
    void policiesTravelOnce();
    void previewSaysWhoGainsWhat();
    void aReadOnlyTargetIsOnlyLookedAt();
    void anIdOfOursKeptByAnotherWaitsForItsAdoption();
    void aRouteOfOthersForTheSameAddressIsAConflict();
    void aRouteOfTheProxysOwnFileWins();
    void deletionsAreGuarded();
    void aPolicyIsAttachedToARouteOfOthers();
    void aPersonIsBlockedAndLetInAgain();
    void theDirectoryIsTheConsolesOwn();
    void aCancelledPushSaysSo();
    void aRefusedTokenNeedsAPerson();

    void everyStepOfTheTestIsTicked();
    void theTestNamesWhatIsWrong_data();
    void theTestNamesWhatIsWrong();
    void theSharedSecretSignsInWhereNoTokenIs();
    void nothingListening();
};

void TstConsoleDelivery::policiesTravelOnce()
{
    EnterpriseFixture on;

    const auto first = on.push(on.target.id);
    on.console.forgetCalls();
    const auto second = on.push(on.target.id);

    QVERIFY2(first, qPrintable(first ? QString() : first.error().toText()));
    QCOMPARE(first->push->counts.policies.put, std::int64_t { 1 });
    QCOMPARE(first->push->counts.routes.put, std::int64_t { 1 });
    QVERIFY(second);
    QCOMPARE(second->plan.verdict, Verdict::Nothing);
    QCOMPARE(on.console.writes(), QStringList());
    QVERIFY(std::none_of(on.progress.begin(), on.progress.end(), [](const DeliveryProgress& step) {
        return step.phase == DeliveryProgress::Phase::Waiting; // all at the first try
    }));
    QCOMPARE(on.console.named(Kind::Route, u"wiki"_s)->from, u"https://wiki.example.com"_s);
    QVERIFY(on.broker.calls().empty());
    QVERIFY(on.proxy.methods().isEmpty());
}

void TstConsoleDelivery::previewSaysWhoGainsWhat()
{
    EnterpriseFixture on;
    on.pushOnce();
    on.addRoute(u"blog"_s, u"devops"_s);

    const auto plan = on.plan(on.target.id);

    QVERIFY(plan && plan->accessKnown);
    QCOMPARE(plan->access.size(), std::size_t { 1 });
    QCOMPARE(plan->access.front().userId, u"john"_s);
    QCOMPARE(plan->access.front().route, u"blog"_s);
    QCOMPARE(on.console.writes(), QStringList());
}

void TstConsoleDelivery::aReadOnlyTargetIsOnlyLookedAt()
{
    EnterpriseFixture on({ { u"read_only"_s, u"true"_s } });

    const auto plan = on.plan(on.target.id);
    const auto pushed = on.push(on.target.id);
    const auto blocked
        = on.delivery().setBlocked({ .targetId = on.target.id, .userId = u"john"_s }, on.control());

    QVERIFY(plan && !plan->changes.empty());
    QVERIFY(!pushed);
    QCOMPARE(blocked.error().code, ErrorCode::InvalidInput);
    QCOMPARE(on.console.writes(), QStringList());
}

void TstConsoleDelivery::anIdOfOursKeptByAnotherWaitsForItsAdoption()
{
    EnterpriseFixture on;
    on.pushOnce();
    auto theirs = *on.console.named(Kind::Route, u"wiki"_s);
    const QString id = theirs.originator.section(u'/', 1);
    theirs.originator = u"terraform/"_s + id;
    theirs.to = { u"http://theirs"_s };
    on.console.put(Kind::Route, theirs);

    const auto withheld = on.push(on.target.id);
    const auto kept = on.console.named(Kind::Route, u"wiki"_s);
    PushRequest adopting;
    adopting.choices.adopt = { id };
    const auto adopted = on.push(on.target.id, adopting);

    QCOMPARE(withheld.error().code, ErrorCode::InvalidInput);
    QCOMPARE(kept->to, theirs.to);
    QVERIFY2(adopted, qPrintable(adopted ? QString() : adopted.error().toText()));
    QVERIFY(on.console.named(Kind::Route, u"wiki"_s)->originator.startsWith(u"portreeve-"));
}

void TstConsoleDelivery::aRouteOfOthersForTheSameAddressIsAConflict()
{
    EnterpriseFixture on;
    on.console.put(Kind::Route,
        { .name = u"their wiki"_s,
            .from = u"https://wiki.example.com"_s,
            .to = { u"http://x"_s } });

    const auto pushed = on.push(on.target.id);

    QVERIFY(!pushed);
    QVERIFY2(pushed.error().toText().contains(u"their wiki"), qPrintable(pushed.error().toText()));
    QCOMPARE(on.count(Kind::Route), std::size_t { 1 });
}

void TstConsoleDelivery::aRouteOfTheProxysOwnFileWins() // proxy.md 6.4 case 20
{
    EnterpriseFixture on;
    const QString path = on.sync.folder.filePath(u"proxy.yaml"_s);
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("routes:\n- name: old wiki\n  from: https://wiki.example.com\n  to: http://a\n");
    file.close();
    on.setOption(on.target.id, u"base_file"_s, path);

    const auto pushed = on.push(on.target.id);

    QVERIFY(!pushed);
    QVERIFY2(pushed.error().toText().contains(u"old wiki"), qPrintable(pushed.error().toText()));
    QCOMPARE(on.count(Kind::Route), std::size_t { 0 });
}

void TstConsoleDelivery::deletionsAreGuarded()
{
    EnterpriseFixture on;
    on.pushOnce();
    auto& policies = on.sync.store->policies();
    QVERIFY(policies.removeRoute(policies.routes()->front().id));
    QVERIFY(policies.removePolicy(policies.policies()->front().id));

    const auto held = on.plan(on.target.id);
    const auto allowed = on.push(on.target.id, { .allowHeld = held->planHash });

    QCOMPARE(held->verdict, Verdict::Held);
    QVERIFY2(allowed, qPrintable(allowed ? QString() : allowed.error().toText()));
    QCOMPARE(on.console.writes(), QStringList({ u"DeleteRoute"_s, u"DeletePolicy"_s }));
}

void TstConsoleDelivery::aPolicyIsAttachedToARouteOfOthers()
{
    EnterpriseFixture on;
    const auto shop = on.console.put(Kind::Route,
        { .name = u"shop"_s, .from = u"https://shop.example.com"_s, .to = { u"http://x"_s } });
    on.pushOnce();

    const auto others = on.delivery().routesOfOthers(on.target.id, on.control());
    const auto attached = on.delivery().setAttached(
        { .targetId = on.target.id, .routeId = shop, .policy = u"wiki policy"_s }, on.control());
    const auto pushed = on.push(on.target.id);

    QCOMPARE(others->size(), std::size_t { 1 });
    QVERIFY2(attached, qPrintable(attached ? QString() : attached.error().toText()));
    QVERIFY2(pushed, qPrintable(pushed ? QString() : pushed.error().toText()));
    QCOMPARE(on.console.named(Kind::Route, u"shop"_s)->policyIds,
        QStringList { on.console.named(Kind::Policy, u"wiki policy"_s)->id });
}

void TstConsoleDelivery::aPersonIsBlockedAndLetInAgain()
{
    EnterpriseFixture on;
    on.pushOnce();
    const auto set = [&on](bool blocked) {
        return on.delivery().setBlocked(
            { .targetId = on.target.id, .userId = u"john"_s, .blocked = blocked }, on.control());
    };

    const auto blocked = set(true);

    QVERIFY2(blocked, qPrintable(blocked ? QString() : blocked.error().toText()));
    QCOMPARE(blocked->state, BlockReport::State::NotConfirmed);
    QCOMPARE(blocked->routes, std::vector<QString> { u"wiki"_s });
    QCOMPARE(on.console.named(Kind::Route, u"wiki"_s)->policyIds.size(), 2);
    QCOMPARE(on.plan(on.target.id)->verdict, Verdict::Nothing);
    QVERIFY(set(false));
    QCOMPARE(on.count(Kind::Policy), std::size_t { 1 });
    QCOMPARE(on.console.named(Kind::Route, u"wiki"_s)->policyIds.size(), 1);
}

void TstConsoleDelivery::theDirectoryIsTheConsolesOwn()
{
    EnterpriseFixture on;
    on.setOption(on.target.id, u"directory_channel"_s, u"databroker"_s);

    const auto plan = on.plan(on.target.id);

    QCOMPARE(plan.error().field, u"directory_channel"_s);
    QVERIFY(plan.error().what.english().contains(u"Enterprise owns the directory records"));
}

void TstConsoleDelivery::aCancelledPushSaysSo()
{
    EnterpriseFixture on;
    on.console.setFaults({ .beforeSet = [&on] { on.stop.request_stop(); } });

    const auto pushed = on.push(on.target.id);

    QCOMPARE(pushed.error().code, ErrorCode::Cancelled);
    QVERIFY(on.count(Kind::Route) == 0);
}

void TstConsoleDelivery::aRefusedTokenNeedsAPerson()
{
    EnterpriseFixture on;
    on.console.setFaults({ .unauthenticated = u"token revoked"_s });

    const auto pushed = on.push(on.target.id);

    QCOMPARE(pushed.error().code, ErrorCode::Auth);
    QCOMPARE(on.DeliveryFixture::target(on.target.id).state, TargetState::NeedsAttention);
    QVERIFY(!on.pushes(on.target.id).empty());
}

void TstConsoleDelivery::everyStepOfTheTestIsTicked()
{
    EnterpriseFixture on;
    on.pushOnce();

    QCOMPARE(on.ticks(), u"options+ secret+ reach+ sign_in+ namespace+ records+"_s);

    QVERIFY(on.report.passed());
    QCOMPARE(on.report.policies, std::int64_t { 1 });
    QCOMPARE(on.report.routes, std::int64_t { 1 });
    QCOMPARE(on.console.writes(), QStringList());
}

void TstConsoleDelivery::theTestNamesWhatIsWrong_data()
{
    QTest::addColumn<test::ConsoleFaults>("faults");
    QTest::addColumn<QHash<QString, QString>>("typed");
    QTest::addColumn<QString>("nameSpace");
    QTest::addColumn<QString>("ticks");
    QTest::addColumn<QString>("remedy"); // a word of it
    using Typed = QHash<QString, QString>;
    const test::ConsoleFaults none;
    const QString ended = u"eyJh."_s
        + QString::fromLatin1(QByteArray(R"({"exp":1000})")
                .toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals))
        + u".c2ln"_s;
    QTest::addRow("no token at all") << none << Typed { { u"console_token"_s, {} } } << QString()
                                     << u"options+ secret-"_s << u"service account"_s;
    QTest::addRow("something else typed") << none << Typed { { u"console_token"_s, u"planted"_s } }
                                          << QString() << u"options+ secret-"_s << u"three parts"_s;
    QTest::addRow("an ended token") << none << Typed { { u"console_token"_s, ended } } << QString()
                                    << u"options+ secret-"_s << u"new token"_s;
    QTest::addRow("another token")
        << none << Typed { { u"console_token"_s, u"eyJh.eyJq.c2ln"_s } } << QString()
        << u"options+ secret+ reach+ sign_in-"_s << u"still exists"_s;
    QTest::addRow("audience") << test::ConsoleFaults { .unauthenticated = u"audience mismatch"_s }
                              << Typed {} << QString() << u"options+ secret+ reach+ sign_in-"_s
                              << u"\"audience\""_s;
    QTest::addRow("another service")
        << test::ConsoleFaults { .isUnimplemented = true } << Typed {} << QString()
        << u"options+ secret+ reach+ sign_in-"_s << u"configuration service"_s;
    QTest::addRow("namespace") << none << Typed {} << u"Nowhere"_s
                               << u"options+ secret+ reach+ sign_in+ namespace-"_s << u"Global"_s;
}

void TstConsoleDelivery::theTestNamesWhatIsWrong()
{
    using Typed = QHash<QString, QString>;
    QFETCH(test::ConsoleFaults, faults);
    QFETCH(Typed, typed);
    QFETCH(QString, nameSpace);
    QFETCH(QString, ticks);
    QFETCH(QString, remedy);
    EnterpriseFixture on;
    on.setOption(on.target.id, u"console_namespace"_s, nameSpace);
    on.console.setFaults(faults);

    QCOMPARE(on.ticks(typed), ticks);

    QVERIFY(!on.report.passed());
    QVERIFY2(on.report.steps.back().remedy.english().contains(remedy),
        qPrintable(on.report.failure->toText()));
    QVERIFY(!on.report.failure->toText().contains(u"planted"));
}

void TstConsoleDelivery::theSharedSecretSignsInWhereNoTokenIs()
{
    EnterpriseFixture on;
    on.console.allowBootstrap(true);

    QCOMPARE(on.ticks({ { u"console_token"_s, {} },
                 { u"shared_secret"_s, DeliveryFixture::secretText() } }),
        u"options+ secret+ reach+ sign_in+ namespace+ records+"_s);
}

void TstConsoleDelivery::nothingListening()
{
    EnterpriseFixture on;
    on.setOption(on.target.id, u"address"_s, u"127.0.0.1:1"_s);

    QCOMPARE(on.ticks(), u"options+ secret+ reach-"_s);

    QCOMPARE(on.report.failure->code, ErrorCode::Network);
}

static const bool kConsoleDeliveryRegistered
    = test::registerTestClass<TstConsoleDelivery>("consoledelivery");

} // namespace portreeve

#include "tst_consoledelivery.moc"
