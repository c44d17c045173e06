// SPDX-FileCopyrightText: The Portreeve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/proxy/delivery/duetargets.h"
#include "tests/support/testregistry.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace portreeve {

namespace {

constexpr std::chrono::milliseconds kNow = 1h;

SeenTarget seen(const QByteArray& fingerprint, bool waitsForPerson = false)
{
    return { .id = u"a"_s,
        .isAutomatic = true,
        .waitsForPerson = waitsForPerson,
        .fingerprint = fingerprint };
}

DueTargets::End failure(bool isHopeless = false)
{
    return { .fingerprint = "1", .failed = true, .isHopeless = isHopeless, .now = kNow };
}

} // namespace

/// When targets are delivered to by themselves.
class TstDueTargets : public QObject
{
    Q_OBJECT

private slots:
    void newTargetIsDueAtOnce();
    void deliveredTargetIsDueAgainAfterAChange();
    void targetsThatAreNotAutomaticAreNeverDue();
    void pausesDoubleUpToAMinute();
    void changeEndsThePause();
    void hopelessFailureWaitsForAPerson();
    void withheldContentWaitsForAChange();
    void mendedSecretIsTriedAtOnce();
    void driftIsMendedAtOnceButNotForEver();
    void driftShortensNoPause();
    void restartEndsEveryPause();
    void unwatchedProxyIsComparedNowAndThen();
};

void TstDueTargets::newTargetIsDueAtOnce()
{
    DueTargets due({});

    due.take({ seen("1") });

    QCOMPARE(due.at(kNow).size(), std::size_t { 1 });
    QCOMPARE(due.at(kNow).front().second, PushTrigger::Commit);
}

void TstDueTargets::deliveredTargetIsDueAgainAfterAChange()
{
    DueTargets due({});
    due.take({ seen("1") });

    due.noteEnd(u"a"_s, { .fingerprint = "1", .now = kNow });
    QVERIFY(due.at(kNow + 24h).empty());
    due.take({ seen("2") });

    QCOMPARE(due.at(kNow).size(), std::size_t { 1 });
}

void TstDueTargets::targetsThatAreNotAutomaticAreNeverDue()
{
    DueTargets due({});
    SeenTarget manual = seen("1");
    manual.isAutomatic = false;

    due.take({ manual });
    due.noteRestart(u"a"_s);

    QVERIFY(due.at(kNow).empty());
    QVERIFY(!due.isKept(u"a"_s));
}

void TstDueTargets::pausesDoubleUpToAMinute()
{
    DueTargets due({});
    due.take({ seen("1") });

    due.noteEnd(u"a"_s, failure());
    QVERIFY(due.at(kNow + 999ms).empty());
    QCOMPARE(due.at(kNow + 1s).size(), std::size_t { 1 });
    due.noteEnd(u"a"_s, failure());
    QVERIFY(due.at(kNow + 1999ms).empty());
    for (int i = 0; i < 20; ++i) {
        due.noteEnd(u"a"_s, failure());
    }

    QVERIFY(due.at(kNow + 59s).empty());
    QCOMPARE(due.at(kNow + 60s).size(), std::size_t { 1 });
}

void TstDueTargets::changeEndsThePause()
{
    DueTargets due({});
    due.take({ seen("1") });
    due.noteEnd(u"a"_s, failure());

    due.take({ seen("2") });

    QCOMPARE(due.at(kNow).size(), std::size_t { 1 });
}

void TstDueTargets::hopelessFailureWaitsForAPerson()
{
    DueTargets due({});
    due.take({ seen("1") });

    due.noteEnd(u"a"_s, failure(true));

    QVERIFY(due.at(kNow + 9min).empty());
    QCOMPARE(due.at(kNow + 10min).size(), std::size_t { 1 });
}

void TstDueTargets::withheldContentWaitsForAChange()
{
    DueTargets due({});
    due.take({ seen("1") });
    auto end = failure(true);
    end.isWithheld = true;

    due.noteEnd(u"a"_s, end);
    due.take({ seen("1", true) });

    QVERIFY(due.at(kNow + 24h).empty());
    due.noteDrift(u"a"_s, kNow);
    QCOMPARE(due.at(kNow).front().second, PushTrigger::Drift);
    due.noteStart(u"a"_s);
    due.noteEnd(u"a"_s, end);
    QVERIFY(due.at(kNow + 24h).empty());
    due.take({ seen("2", true) });
    QCOMPARE(due.at(kNow).front().second, PushTrigger::Commit);
}

void TstDueTargets::mendedSecretIsTriedAtOnce()
{
    DueTargets due({});
    due.take({ seen("1") });
    due.noteEnd(u"a"_s, failure(true));
    due.take({ seen("1", true) });
    QVERIFY(due.at(kNow).empty());

    due.take({ seen("1", false) });

    QCOMPARE(due.at(kNow).size(), std::size_t { 1 });
}

void TstDueTargets::driftIsMendedAtOnceButNotForEver()
{
    DueTargets due({});
    due.take({ seen("1") });
    due.noteEnd(u"a"_s, { .fingerprint = "1", .now = kNow });

    for (int i = 0; i < 3; ++i) {
        due.noteDrift(u"a"_s, kNow);
        QCOMPARE(due.at(kNow).front().second, PushTrigger::Drift);
        due.noteStart(u"a"_s);
        due.noteEnd(u"a"_s, { .fingerprint = "1", .now = kNow });
    }
    due.noteDrift(u"a"_s, kNow);

    QVERIFY(due.at(kNow).empty());
    QCOMPARE(due.at(kNow + 10s).size(), std::size_t { 1 });
}

void TstDueTargets::driftShortensNoPause()
{
    DueTargets due({});
    due.take({ seen("1") });
    due.noteEnd(u"a"_s, failure(true));

    for (int i = 0; i < 5; ++i) {
        due.noteDrift(u"a"_s, kNow);
    }

    QVERIFY(due.at(kNow + 9min).empty());
    QCOMPARE(due.at(kNow + 10min).size(), std::size_t { 1 });
}

void TstDueTargets::restartEndsEveryPause()
{
    DueTargets due({});
    due.take({ seen("1") });
    due.noteEnd(u"a"_s, failure(true));

    due.noteRestart(u"a"_s);

    QCOMPARE(due.at(kNow).front().second, PushTrigger::Restart);
}

void TstDueTargets::unwatchedProxyIsComparedNowAndThen()
{
    DueTargets due({});
    SeenTarget proxy = seen("1");
    proxy.isOnline = true;
    due.take({ proxy });

    due.noteEnd(u"a"_s, { .fingerprint = "1", .now = kNow });
    QVERIFY(due.at(kNow + 5min - 1ms).empty());
    QCOMPARE(due.at(kNow + 5min).front().second, PushTrigger::Drift);
    due.noteStart(u"a"_s);
    QVERIFY(due.at(kNow + 5min).empty());

    due.noteEnd(u"a"_s, { .fingerprint = "1", .isWatched = true, .now = kNow });
    QVERIFY(due.at(kNow + 5min).empty());
    due.take({ seen("1") }); // a file
    due.noteEnd(u"a"_s, { .fingerprint = "1", .now = kNow });
    QVERIFY(due.at(kNow + 5min).empty());
}

static const bool kDueTargetsRegistered = test::registerTestClass<TstDueTargets>("duetargets");

} // namespace portreeve

#include "tst_duetargets.moc"
